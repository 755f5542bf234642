"""Two versions of a log made into one: every entry of both, by time, each in the lines it had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from aswiki.domain.entry import Entry, content
from aswiki.domain.log import Log, parse


@dataclass(frozen=True)
class Reader:
    """How a log is read: the zone of times without offset, every spelling of a kind → its key."""

    zone: tzinfo
    kinds: Mapping[str, str]

    def read(self, text: str) -> Log:
        """The entries of a log's text."""
        return parse(text, self.zone, self.kinds)


@dataclass(slots=True)
class _Run:
    """Lines that stay together: an entry with its time and words, or what stands between."""

    lines: list[str]
    at: datetime | None = None
    words: Hashable = None


def merged_log(ours: str, theirs: str, base: str, reader: Reader) -> str | None:
    """The text of our log with every entry and loose line that only theirs has.

    An entry that stands in both is one; one that a side removed or altered stays as the other side
    has it. What is new stands before the first later entry, so after equals; our lines all stay.

    Args:
        ours: the content of our log's section.
        theirs: the same of the other side.
        base: the same of the version both come from, empty where there is none.
        reader: how the three are read.

    Returns:
        None where no merge is sure: a fence or comment is left open, or theirs has a new comment.
    """
    own, other, old = (reader.read(text) for text in (ours, theirs, base))
    if own.unclosed or other.unclosed:
        return None
    runs = list(_runs(ours, own))
    known = {line.strip() for text in (ours, base) for line in text.split("\n")}
    spare = _counted(own.entries)
    loose = {piece.text.strip() for log in (own, old) for piece in log.loose}
    last: int | None = None
    for run in _runs(theirs, other):
        if run.at is None:
            pieces = [each for each in _loose_in(run, theirs, other) if each.strip() not in loose]
            if any(line.strip() not in known for line in _left_over(run, pieces)):
                return None
            place = _first_entry(runs) if last is None else last + 1
            runs[place:place] = [_Run(piece.split("\n")) for piece in pieces]
        elif spare[run.words] > 0:
            spare[run.words] -= 1
            last = next(n for n, one in enumerate(runs) if one.words == run.words)
        else:
            last = _put(runs, run)
    text = "\n".join(line for run in runs for line in run.lines)
    return text if _holds_all(reader.read(text), own, other) else None


def removed_on_one_side(ours: str, theirs: str, base: str, reader: Reader) -> Iterator[Entry]:
    """The entries of the base that one side has no longer, and that stay in the merge."""
    sides = [_counted(reader.read(text).entries) for text in (ours, theirs)]
    for entry in reader.read(base).entries:
        if (sides[0][content(entry)] > 0) != (sides[1][content(entry)] > 0):
            yield entry


def _counted(entries: Sequence[Entry]) -> Counter[Hashable]:
    return Counter(content(entry) for entry in entries)


def _runs(text: str, log: Log) -> Iterator[_Run]:
    """All lines of a log's text, cut before and after each entry."""
    lines = text.split("\n")
    done = 0
    for entry in log.entries:
        if entry.line - 1 > done:
            yield _Run(lines[done : entry.line - 1])
        done = entry.end_line
        yield _Run(lines[entry.line - 1 : done], entry.at, content(entry))
    if done < len(lines):
        yield _Run(lines[done:])


def _first_entry(runs: list[_Run]) -> int:
    return next((n for n, run in enumerate(runs) if run.at is not None), len(runs))


def _put(runs: list[_Run], new: _Run) -> int:
    """The place where an entry was put: before the first later one, else at the log's end."""
    for place, run in enumerate(runs):
        if run.at is not None and new.at is not None and run.at > new.at:
            runs.insert(place, new)
            return place
    tail: list[str] = []
    if runs and runs[-1].at is None:
        lines = runs[-1].lines
        while lines and not lines[-1].strip():
            tail.insert(0, lines.pop())
    if not any(run.at is not None for run in runs) and len(tail) > 2:
        runs.append(_Run([tail.pop(0)]))
    runs += [new, _Run(tail or [""])]
    return len(runs) - 2


def _loose_in(run: _Run, text: str, log: Log) -> list[str]:
    """The loose pieces among the lines of a run that is no entry."""
    lines = text.split("\n")
    pieces = ["\n".join(lines[piece.line - 1 : piece.end_line]) for piece in log.loose]
    return [piece for piece in pieces if _within(piece.split("\n"), run.lines)]


def _within(some: list[str], lines: list[str]) -> bool:
    ends = range(len(lines) - len(some) + 1)
    return any(lines[at : at + len(some)] == some for at in ends)


def _left_over(run: _Run, pieces: list[str]) -> list[str]:
    """The lines of a run that hold something and are no new loose text."""
    taken = {line for piece in pieces for line in piece.split("\n")}
    return [line for line in run.lines if line.strip() and line not in taken]


def _holds_all(merged: Log, own: Log, other: Log) -> bool:
    """Whether a log holds every entry of both and is read no worse."""
    union = _counted(own.entries) | _counted(other.entries)
    wrong = Counter(mistake.message for mistake in merged.mistakes if mistake.level == "error")
    known = Counter(m.message for log in (own, other) for m in log.mistakes)
    return _counted(merged.entries) == union and not wrong - known and not merged.unclosed

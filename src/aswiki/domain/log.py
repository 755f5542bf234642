"""The log's grammar: the list under ``## Log`` read into entries, and an entry put into it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, NamedTuple

from aswiki.domain.blocks import INDENT, Blocks, left_open
from aswiki.domain.entry import LEVEL, NAME_END, Entry, at_fixed_offset, render, safe, same, tidy
from aswiki.lang import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from aswiki.domain.problem import Level

__all__ = ["Entry", "Log", "Loose", "Mistake", "insert", "parse", "render", "safe", "same"]

_ITEM = re.compile(r"([-*+])(?:[ \t]+|$)")
_SPACES = re.compile(r"\s*")
_SEPARATOR = re.compile(r"\s+[·・|]\s+")
_ARROW = re.compile(r"→|->")
_COLON = re.compile(r"[:：]")
_LEVEL = re.compile(LEVEL)
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:\s+|T)"
    r"([0-9]{1,2})[:：]([0-9]{2})(?:[:：]([0-9]{2}))?"
    r"(?:\s*([Zz]|[+-][0-9]{2}(?:[:：]?[0-9]{2})?))?"
)
_WORD = re.compile(r'(?:[^\s:：→"(（-]|-(?!>))+')
_QUOTED = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"')
_ESCAPE = re.compile(r'\\(["\\])')
_WRITER_END = re.compile(r"\s[·・|]\s|[:：]")
_QUOTE_MARK = re.compile(r"[ \t]*> ?")
_ESCAPED = re.compile(r"^([ \t]*)\\(\\*>)")


class Mistake(NamedTuple):
    """Something wrong at a line and column (both from 1) of the log's text."""

    code: str
    line: int
    column: int
    message: str
    hint: str = ""
    level: Level = "error"


class Loose(NamedTuple):
    """Lines of the log (both ends from 1, both in) that are no entry, as they stand."""

    line: int
    end_line: int
    text: str


class Log(NamedTuple):
    """What a log's text says, everything in the order of its lines.

    ``unclosed`` is the line that opens a fence or an HTML comment which never ends, else empty.
    """

    entries: list[Entry]
    mistakes: list[Mistake]
    loose: list[Loose]
    unclosed: str = ""


def parse(text: str, zone: tzinfo, kinds: Mapping[str, str]) -> Log:
    """The entries of a log and what is wrong with it; every line is an entry's, loose or a comment.

    Args:
        text: the content of the log's section.
        zone: the zone of times written without offset.
        kinds: every accepted key and label of a kind, casefolded, to the kind's key.
    """
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    pieces, unclosed = _pieces(lines)
    longest = max((label.count(" ") + 1 for label in kinds), default=1)
    entries: list[Entry] = []
    loose: list[Loose] = []
    mistakes: list[Mistake] = []
    for start, end in pieces:
        head = _Head(lines[start - 1])
        try:
            read = _entry(head, lines[start:end], zone, kinds, longest)
        except _HeadError as wrong:
            message, hint = wrong.args
            mistakes.append(Mistake("ASW131", start, head.column, message, hint))
            loose.append(Loose(start, end, "\n".join(lines[start - 1 : end])))
            continue
        entry = replace(read, line=start, end_line=end)
        mistakes += _doubts(entry, entries[-1:], head.kind_column)
        entries.append(entry)
    return Log(entries, mistakes, loose, unclosed)


def insert(log_text: str, entry: Entry, zone: tzinfo, kinds: Mapping[str, str]) -> str:
    """The log's text with the entry's lines before the first later entry, else at its end.

    Only the entry's own lines come in; every other line stays. A time without offset is in
    ``zone``. In an empty log the entry stands under the hint, before the blank line that parts the
    section from the next; of several blank lines the first stays above it.

    Raises:
        BadInput: as ``safe`` does; ``left-open`` when the log ends inside a fence or comment.
    """
    if entry.at.tzinfo is None:
        entry = replace(entry, at=entry.at.replace(tzinfo=zone))
    entry = safe(entry)
    log = parse(log_text, zone, kinds)
    lines = log_text.split("\n")
    index = next((known.line - 1 for known in log.entries if known.at > entry.at), None)
    if index is None:
        if log.unclosed:
            raise left_open(log.unclosed)
        index = next((n for n in range(len(lines), 0, -1) if lines[n - 1].strip()), 0)
        if index == len(lines):
            lines.append("")
        elif not log.entries and len(lines) - index > 2:
            index += 1
    lines[index:index] = render(entry).split("\n")
    return "\n".join(lines)


def written_out(text: str, zone: tzinfo, kinds: Mapping[str, str]) -> str:
    """The log's text with the offset of every time and the key of every kind; all else stays.

    What is no entry stays as it is, and so does a text that would then say something else.
    """
    log = parse(text, zone, kinds)
    lines = text.split("\n")
    for entry in log.entries:
        lines[entry.line - 1] = _written_out(lines[entry.line - 1], entry, kinds)
    new = "\n".join(lines)
    return new if parse(new, zone, kinds)[:3:2] == log[:3:2] else text


def _written_out(line: str, entry: Entry, kinds: Mapping[str, str]) -> str:
    head = _Head(line)
    head.bullet()
    time = _TIME.match(line, head.at)
    head.time(UTC)
    head.writer()
    start = head.at
    head.kind(kinds, max(label.count(" ") + 1 for label in kinds))
    line = f"{line[:start]}{entry.kind}{line[head.at :]}"
    if time is None or time[7]:
        return line
    return f"{line[: time.end()]} {entry.at.isoformat()[-6:]}{line[time.end() :]}"


class _HeadError(Exception):
    """An entry's first line stops making sense; the arguments are message and hint."""


class _Head:
    """A cursor over an entry's first line; each method takes one part of the grammar."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.at = len(line) - len(line.lstrip())
        self.kind_column = 0

    @property
    def column(self) -> int:
        return self.at + 1

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.line, self.at)
        if found:
            self.at = found.end()
        return found

    def wrong(self, message: str, hint: str = "") -> _HeadError:
        self.take(_SPACES)
        return _HeadError(message, hint)

    def bullet(self) -> None:
        if self.line.lstrip().startswith("<!--"):
            raise _HeadError(_("This comment is never closed."), _("Close it with -->."))
        found = None if self.at else _ITEM.match(self.line)
        if found is None:
            raise _HeadError(
                _("This text belongs to no entry of the log."),
                _("Indent it by two spaces to make it part of the entry above."),
            )
        if found[1] != "-":
            raise _HeadError(_("An entry of the log begins with “- ”."), _shape())
        self.at = found.end()

    def time(self, zone: tzinfo) -> tuple[datetime, bool]:
        found = _TIME.match(self.line, self.at)
        hint = _("Write the time as 2026-10-03 14:05 or 2026-10-03 14:05 +08:00.")
        if found is None:
            raise self.wrong(_("An entry of the log begins with its time."), hint)
        try:
            at = _moment(found, zone)
        except ValueError:
            raise self.wrong(
                _("There is no such time: {time}").format(time=found[0]), hint
            ) from None
        self.at = found.end()
        if not self.take(_SEPARATOR):
            raise self.wrong(_("After the time comes “ · ” and who writes."), _shape())
        return at, found[6] is not None

    def writer(self) -> str:
        name = self.name(_WRITER_END)
        if name is None:
            raise self.wrong(_("The writer is missing."), _shape())
        if not self.take(_SEPARATOR):
            raise self.wrong(_("After the writer comes “ · ” and the kind of entry."), _shape())
        return name

    def kind(self, kinds: Mapping[str, str], longest: int) -> str:
        self.kind_column = self.column
        start, words, ends = self.at, list[str](), list[int]()
        while len(words) < longest and (found := self.take(_WORD)):
            words.append(found[0])
            ends.append(self.at)
            self.take(_SPACES)
        for count in range(len(words), 0, -1):
            label = unicodedata.normalize("NFC", " ".join(words[:count])).casefold()
            if label in kinds:
                self.at = ends[count - 1]
                return kinds[label]
        self.at = start
        word = words[0][:40] if words else ""
        raise self.wrong(
            _("“{word}” is no kind of entry.").format(word=word),
            _("The kinds are: {kinds}").format(kinds=", ".join(dict.fromkeys(kinds.values()))),
        )

    def name(self, end: re.Pattern[str]) -> str | None:
        """A quoted name, or what stands before ``end``; None when that is nothing."""
        self.take(_SPACES)
        if not self.line.startswith('"', self.at):
            found = end.search(self.line, self.at)
            start, self.at = self.at, found.start() if found else len(self.line)
            return self.line[start : self.at].strip() or None
        quoted = self.take(_QUOTED)
        if quoted is None:
            raise self.wrong(_("The double quote is never closed."))
        return _ESCAPE.sub(r"\1", quoted[1]).strip() or None

    def receiver(self) -> str | None:
        self.take(_SPACES)
        if not self.take(_ARROW):
            return None
        name = self.name(NAME_END)
        if name is None:
            raise self.wrong(_("Nobody is named after the arrow."), _shape())
        return name

    def level(self) -> str | None:
        self.take(_SPACES)
        found = _LEVEL.match(self.line, self.at)
        if found is None:
            return None
        if found[1] not in {"1", "2", "3", "4", "5"}:
            raise self.wrong(_("There is no level {level}.").format(level=found[0]), "L1 … L5")
        self.at = found.end()
        return f"L{found[1]}"

    def text(self) -> str:
        self.take(_SPACES)
        if not self.take(_COLON):
            raise self.wrong(
                _("Here a colon and the text of the entry should stand."),
                _("A name that holds “ · ”, a colon or an arrow stands in double quotes."),
            )
        return self.line[self.at :]


def _entry(
    head: _Head, further: list[str], zone: tzinfo, kinds: Mapping[str, str], longest: int
) -> Entry:
    head.bullet()
    at, seconds = head.time(zone)
    by = head.writer()
    kind = head.kind(kinds, longest)
    from_ = head.name(NAME_END)
    to = head.receiver()
    level = head.level()
    text, quote = _prose(head.text(), further)
    return Entry(
        at=at,
        seconds=seconds,
        by=by,
        kind=kind,
        from_=from_,
        to=to,
        level=level,
        text=text,
        quote=quote,
    )


def _prose(first: str, further: list[str]) -> tuple[str, str | None]:
    quoted = (n for n, line in enumerate(further) if line.lstrip(" \t").startswith(">"))
    cut = next(quoted, len(further))
    lines = [_ESCAPED.sub(r"\1\2", _without(INDENT, line)) for line in further[:cut]]
    quote = [_unquoted(line) for line in further[cut:]]
    return tidy("\n".join([first, *lines])), "\n".join(quote) if quote else None


def _unquoted(line: str) -> str:
    if not line.strip():
        return ""
    return _without(_QUOTE_MARK if _QUOTE_MARK.match(line) else INDENT, line)


def _without(start: re.Pattern[str], line: str) -> str:
    found = start.match(line)
    return line[found.end() :] if found else line


def _pieces(lines: list[str]) -> tuple[list[tuple[int, int]], str]:
    """First and last line of every item and every run of loose text; what is left open."""
    blocks = Blocks()
    pieces: list[tuple[int, int]] = []
    holder = ""  # what an indented line would belong to
    comment_at = 0
    for number, line in enumerate(lines, start=1):
        if not blocks.opening and not line.strip():
            continue
        what = (
            "more" if holder and not blocks.opening and INDENT.match(line) else _what(line, blocks)
        )
        ran_on = what == holder == "text" and pieces[-1][1] == number - 1
        if what == "comment":
            holder, comment_at = "", number
        elif what != "more" and not ran_on:
            holder = "item" if what == "item" else "text"
            pieces.append((number, number))
        if holder and line.strip():
            pieces[-1] = (pieces[-1][0], number)
    if blocks.left_open and not holder:
        pieces.append((comment_at, len(lines)))
    return pieces, blocks.left_open


def _what(line: str, blocks: Blocks) -> str:
    """``item``, ``text``, ``fence`` or ``comment`` by its first line, ``more`` for the others."""
    before = blocks.opening
    if not blocks.cover(line):
        return "item" if _ITEM.match(line) else "text"
    if before and blocks.opening in {before, ""}:
        return "more"
    return "comment" if line.lstrip().startswith("<!--") else "fence"


def _doubts(entry: Entry, before: list[Entry], column: int) -> list[Mistake]:
    doubts = []
    if before and entry.at < before[0].at:
        sentence = _("This entry is older than the one above it.")
        hint = _("The oldest entry comes first.")
        doubts.append(Mistake("ASW132", entry.line, 3, sentence, hint, "warning"))
    if entry.kind == "deflection" and not (entry.from_ and entry.to):
        sentence = _("A deflection says who passed it on and to whom.")
        hint = _("Write: deflection FROM → TO: TEXT")
        doubts.append(Mistake("ASW133", entry.line, column, sentence, hint))
    return doubts


def _shape() -> str:
    return _("Write: - TIME · BY · KIND[ FROM][ → TO][ (LEVEL)]: TEXT")


def _moment(found: re.Match[str], zone: tzinfo) -> datetime:
    year, month, day, hour, minute, second = (int(found[n] or 0) for n in range(1, 7))
    offset = _offset(found[7]) if found[7] else zone
    return at_fixed_offset(datetime(year, month, day, hour, minute, second, tzinfo=offset))


def _offset(text: str) -> tzinfo:
    if text in {"Z", "z"}:
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:]) if len(text) > 3 else 0
    if minutes > 59:
        raise ValueError(text)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)

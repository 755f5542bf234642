"""One entry of a log: the value, and its canonical lines."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone

from aswiki.errors import BadInput, Defect
from aswiki.lang import _

LEVEL = r"[(（]\s*[Ll]([0-9]+)\s*[)）]"
NAME_END = re.compile(rf"→|->|[:：]|{LEVEL}(?=\s*[:：])|\s[·・|]\s")
_TO_ESCAPE = re.compile(r"^([ \t]*)(\\*>)")
_BLOCK = re.compile(r"`{3}|~{3}|[-*+][ \t]|#{1,6}[ \t]|[0-9]{1,9}[.)][ \t]|\|")
# Surrogates stand for bytes that were no UTF-8; they cannot be written either.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]|[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a log.

    ``at`` is aware and keeps its offset, ``seconds`` says that they are written. ``text`` and
    ``quote`` may have several lines. ``line`` and ``end_line`` are the entry's first and last line
    in the log's text, from 1, and 0 for a new one; they do not count for equality.
    """

    at: datetime
    seconds: bool = False
    by: str
    kind: str
    from_: str | None = None
    to: str | None = None
    level: str | None = None
    text: str = ""
    quote: str | None = None
    line: int = field(default=0, compare=False)
    end_line: int = field(default=0, compare=False)

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last line of the entry in the log's text, both from 1."""
        return (self.line, self.end_line)


def safe(entry: Entry) -> Entry:
    """The entry as the grammar can carry it, which is what ``parse`` gives back.

    Everything becomes NFC with LF; names lose outer spaces, the time what is finer than written;
    text loses outer white space and white space on blank lines. A quote is kept to the letter.

    Raises:
        BadInput: ``control-character``, ``line-break``, ``no-writer`` or ``bad-level``.
    """
    by = _plain_name(entry.by)
    if by is None:
        raise BadInput("no-writer", _("A log entry needs a writer."), _("Name one with --by."))
    level = entry.level.upper() if entry.level else None
    if level and not re.fullmatch("L[1-5]", level):
        sentence = _("{level} is no level of escalation.").format(level=level)
        raise BadInput("bad-level", sentence, _("Levels are L1 to L5."))
    at = at_fixed_offset(entry.at)
    return replace(
        entry,
        at=at.replace(microsecond=0) if entry.seconds else at.replace(second=0, microsecond=0),
        by=by,
        from_=_plain_name(entry.from_),
        to=_plain_name(entry.to),
        level=level,
        text=tidy(_clean(entry.text)),
        quote=None if entry.quote is None else _clean(entry.quote),
    )


def render(entry: Entry) -> str:
    """The entry's canonical lines, without a line break after the last.

    Raises:
        BadInput: as ``safe`` does.
    """
    entry = safe(entry)
    head = f"- {_written_time(entry)} · {_written_name(entry.by)} · {entry.kind}"
    head += f" {_written_name(entry.from_)}" if entry.from_ else ""
    head += f" → {_written_name(entry.to)}" if entry.to else ""
    head += f" ({entry.level}):" if entry.level else ":"
    first, *further = entry.text.split("\n")
    if further and _BLOCK.match(first):  # a list or fence begins on a line of its own
        further.insert(0, first)
    elif first:
        head += f" {first}"
    lines = [_TO_ESCAPE.sub(r"\1\\\2", line) for line in further]
    if entry.quote is not None:
        lines += [f"> {line}" if line else ">" for line in entry.quote.split("\n")]
    return "\n".join([head, *(f"  {line}" if line else "" for line in lines)])


def same(a: Entry, b: Entry) -> bool:
    """Whether two entries say the same, however they are spelled: as NFC, times as instants."""
    return content(a) == content(b)


def content(entry: Entry) -> tuple[datetime, *tuple[str | None, ...]]:
    """What an entry says, to compare it by: times as instants, words as NFC."""
    words = (entry.by, entry.kind, entry.from_, entry.to, entry.level, entry.text, entry.quote)
    composed = (word and unicodedata.normalize("NFC", word) for word in words)
    return (entry.at, *composed)


def at_fixed_offset(at: datetime) -> datetime:
    """The same wall clock with its offset in whole minutes, as the log can write it.

    Raises:
        Defect: the time has no zone.
    """
    offset = at.utcoffset()
    if offset is None:
        raise Defect("naive-time", _("The time of a log entry has no zone."))
    minutes = offset // timedelta(minutes=1)
    return at.replace(tzinfo=timezone(timedelta(minutes=minutes)), fold=0)


def _written_time(entry: Entry) -> str:
    written = entry.at.isoformat(" ", "seconds" if entry.seconds else "minutes")
    return f"{written[:-6]} {written[-6:]}"


def _written_name(name: str) -> str:
    ends = NAME_END.search(f" {name} :")
    if ends and ends.end() == len(name) + 3 and ends[0] == ":" and not name.startswith('"'):
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _plain_name(name: str | None) -> str | None:
    plain = _clean(name or "").strip()
    if "\n" in plain:
        raise BadInput(
            "line-break", _("A name in a log entry has a line break."), _("Write it on one line.")
        )
    return plain or None


def _clean(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = _CONTROL.search(text)
    if found:
        sentence = _("The text holds the control character U+{code}, on its line {line}.")
        line = text.count("\n", 0, found.start()) + 1
        raise BadInput(
            "control-character",
            sentence.format(code=f"{ord(found[0]):04X}", line=line),
            _("Take it out; only line breaks and tabs may stand in a text."),
        )
    return unicodedata.normalize("NFC", text)


def tidy(text: str) -> str:
    """The text without outer white space, its blank lines empty."""
    return "\n".join(line if line.strip() else "" for line in text.strip().split("\n"))

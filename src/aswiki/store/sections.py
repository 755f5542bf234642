"""The sections of a record's body: its prose under ``## `` headings, read and put in place."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from aswiki.domain.blocks import Blocks, left_open
from aswiki.errors import BadInput
from aswiki.lang import _

if TYPE_CHECKING:
    from collections.abc import Sequence

_HINT = re.compile(r" {0,3}<!--")
_BLANK_LINES = re.compile(r"(?:[^\S\n]*\n)*")
_HEADING_TAIL = " \t\r\u3000\xa0:：#"


class Section(NamedTuple):
    """One section of a body.

    ``heading`` is as written, None for the text before the first; ``line`` is the heading's line in
    the body, from 1. ``text`` is without outer blank lines and with LF; ``start`` and ``end``
    bound the content in the body: behind the heading's line, up to the next heading.
    """

    heading: str | None
    line: int
    text: str
    start: int
    end: int


def split(body: str) -> list[Section]:
    """The body's sections in order, first always the (maybe empty) text before any heading."""
    marks = _scan(body).marks
    tops = [_Mark(None, 1, 0, 0), *marks]
    ends = [*(mark.start for mark in marks), len(body)]
    return [
        Section(top.heading, top.line, _core_text(body, top.end, end), top.end, end)
        for top, end in zip(tops, ends, strict=True)
    ]


def normal(heading: str) -> str:
    """The heading as it is compared: NFC, without case, outer spaces, a trailing colon or ``#``."""
    return unicodedata.normalize("NFC", heading.strip().rstrip(_HEADING_TAIL).casefold())


def value(section: Section) -> str | None:
    """The section's text without the hints (comments that stand alone) at its start, or None."""
    text = section.text
    at = 0
    while found := _HINT.match(text, at):
        shut = text.find("-->", found.end() - 2)
        stop = text.find("\n", shut)
        stop = len(text) if stop < 0 else stop + 1
        if shut < 0 or text[shut + 3 : stop].strip():
            break
        blank = _BLANK_LINES.match(text, stop)
        at = blank.end() if blank else stop
    return text[at:] or None


def put(body: str, names: Sequence[str], heading: str, text: str | None) -> str:
    """The body with the text as the whole content of a section; every other byte stays.

    The section is the first whose heading is one of ``names``; a missing one comes to the body's
    end as ``heading``, behind exactly one blank line. Blank text and None empty it and leave the
    heading. Blank lines around the content stay, a hint above it goes.

    Raises:
        BadInput: ``heading-in-text`` when the text would begin a section of its own or leaves a
            fence or comment open; ``left-open`` when the body does.
    """
    text = _checked(text or "")
    section = _found(body, names)
    if section is None:
        return _appended(body, heading, text) if text else body
    if not text and value(section) is None:
        return body
    core = _core(body, section.start, section.end)
    tail = "\n" if section.end < len(body) else ""
    if not text:
        content = tail
    elif core:
        content = body[section.start : core[0]] + text + (body[core[1] : section.end] or "\n")
    else:
        content = f"\n{text}\n{tail}"
    return _closed_line(body[: section.start]) + content + body[section.end :]


def add(body: str, names: Sequence[str], heading: str, paragraph: str) -> str:
    """The body with one more paragraph at the end of a section, which is made when missing.

    Raises:
        BadInput: as ``put`` does.
    """
    section = _found(body, names)
    if section is None or value(section) is None:
        return put(body, names, heading, paragraph)
    text = _checked(paragraph)
    core = _core(body, section.start, section.end)
    if not text or core is None:
        return body
    return f"{body[: core[1]]}\n\n{text}" + (body[core[1] :] or "\n")


class _Mark(NamedTuple):
    """A heading: its words, its line from 1, the offsets of its line's start and end."""

    heading: str | None
    line: int
    start: int
    end: int


class _Scan(NamedTuple):
    """The headings of a text; the line (and its number) that opens what is never closed."""

    marks: list[_Mark]
    opening: str
    opening_line: int


def _scan(text: str) -> _Scan:
    blocks = Blocks()
    marks = []
    start = opening_line = 0
    for number, line in enumerate(text.split("\n"), start=1):
        before = blocks.opening
        end = min(start + len(line) + 1, len(text))
        if not blocks.cover(line) and line.startswith("## "):
            marks.append(_Mark(line[3:].strip(), number, start, end))
        if blocks.opening != before:
            opening_line = number
        start = end
    return _Scan(marks, blocks.left_open, opening_line)


def _found(body: str, names: Sequence[str]) -> Section | None:
    """The first section of one of the names, in a body that leaves nothing open."""
    opening = _scan(body).opening
    if opening:
        raise left_open(opening)
    wanted = {normal(name) for name in names}
    sections = (section for section in split(body) if section.heading is not None)
    return next((section for section in sections if normal(section.heading or "") in wanted), None)


def _checked(text: str) -> str:
    """The text with LF and without outer blank lines, fit to stand in a section."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _core_text(text, 0, len(text))
    marks, opening, opening_line = _scan(text)
    if marks:
        sentence = _("Line {line} of the text would begin a section of its own: ## {words}")
        raise BadInput(
            "heading-in-text",
            sentence.format(line=marks[0].line, words=(marks[0].heading or "")[:60]),
            _("Use ### or deeper for headings inside a section."),
        )
    if opening:
        sentence = _(
            "Line {line} of the text opens a fence or comment that is never closed: {words}"
        )
        raise BadInput(
            "heading-in-text",
            sentence.format(line=opening_line, words=opening.strip()[:60]),
            _("Close it, or what follows the section would be lost in it."),
        )
    return text


def _appended(body: str, heading: str, text: str) -> str:
    core = _core(body, 0, len(body))
    before = f"{body[: core[1]]}\n\n" if core else _closed_line(body)
    return f"{before}## {heading}\n\n{text}\n"


def _closed_line(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _core(body: str, start: int, end: int) -> tuple[int, int] | None:
    """From the first line that is not blank to the end of the last, without its line break."""
    content = body[start:end]
    last = len(content.rstrip())
    if not last:
        return None
    first = content.rfind("\n", 0, len(content) - len(content.lstrip())) + 1
    stop = content.find("\n", last)
    return start + first, end if stop < 0 else start + stop


def _core_text(body: str, start: int, end: int) -> str:
    core = _core(body, start, end)
    return body[core[0] : core[1]].replace("\r\n", "\n").removesuffix("\r") if core else ""

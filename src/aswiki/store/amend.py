"""A file's text with one part of it changed: front matter, a section, a log entry."""

from __future__ import annotations

from collections.abc import Callable

from aswiki.domain import log
from aswiki.domain.records.common import About
from aswiki.domain.records.types import Reading
from aswiki.store import frontmatter, sections
from aswiki.store.contents import log_kinds


def with_front(text: str, front: str) -> str:
    """The file's text with another front matter."""
    split = frontmatter.split(text)
    if split is None:
        return text
    return text[: split.front_start] + front + text[split.front_end :]


def with_body(text: str, body: str) -> str:
    """The file's text with another body."""
    split = frontmatter.split(text)
    if split is None:
        return body
    return text[: len(text) - len(split.body)] + body


def with_section(text: str, about: About, words: str | None, language: str) -> str:
    """The file's text with another content of one section; a missing heading is added.

    Raises:
        BadInput: the words would begin a section of their own.
    """
    body = sections.put(_body_of(text), _headings(about), _heading_in(about, language), words)
    return with_body(text, body)


def with_paragraph(text: str, about: About, words: str, language: str) -> str:
    """The file's text with one more paragraph in one section."""
    body = sections.add(_body_of(text), _headings(about), _heading_in(about, language), words)
    return with_body(text, body)


def with_entry(text: str, about: About, entry: log.Entry, reading: Reading, language: str) -> str:
    """The file's text with one more entry in its log, in time order; the log is added if missing.

    Raises:
        BadInput: the entry holds what a log cannot.
    """
    body = _body_of(text)
    section = _section(body, about)
    if section is None:
        gap = "" if not body.strip() else "\n" if body.endswith("\n") else "\n\n"
        heading = f"{body}{gap}## {_heading_in(about, language)}\n"
        return with_body(text, heading + log.render(entry) + "\n")
    head, content = body[: section.start], body[section.start : section.end]
    if not head.endswith("\n"):
        head += "\n"
    content = log.insert(content, entry, reading.zone, log_kinds(reading))
    return with_body(text, head + content + body[section.end :])


def log_lines(text: str, about: About) -> str:
    """The log's section as it stands, heading included; empty where there is none."""
    body = _body_of(text)
    section = _section(body, about)
    if section is None:
        return ""
    return f"## {section.heading}\n{body[section.start : section.end]}"


def with_log_of(text: str, other: str, about: About) -> str:
    """The file's text with the log section of another version of it."""
    body, theirs = _body_of(text), _body_of(other)
    own, section = _section(body, about), _section(theirs, about)
    if own is None or section is None:
        return with_body(text, f"{body.rstrip()}\n\n{log_lines(other, about)}") if section else text
    present = body[own.start : own.end]
    gap = present[len(present.rstrip("\n")) :] or "\n"
    content = theirs[section.start : section.end].rstrip("\n") + gap
    return with_body(text, body[: own.start] + content + body[own.end :])


def with_log(text: str, about: About, change: Callable[[str], str]) -> str:
    """The file's text with its log's content put through a function; none where it has no log."""
    body = _body_of(text)
    section = _section(body, about)
    if section is None:
        return text
    content = change(body[section.start : section.end])
    return with_body(text, body[: section.start] + content + body[section.end :])


def has_section(text: str, about: About) -> bool:
    """Whether the file's body has the section's heading."""
    return _section(_body_of(text), about) is not None


def _section(body: str, about: About) -> sections.Section | None:
    names = {sections.normal(name) for name in _headings(about)}
    found = (section for section in sections.split(body) if section.heading is not None)
    return next((s for s in found if sections.normal(s.heading or "") in names), None)


def _body_of(text: str) -> str:
    split = frontmatter.split(text)
    return split.body if split else text


def _headings(about: About) -> tuple[str, ...]:
    return (*about.headings(), about.key.replace("_", " "))


def _heading_in(about: About, language: str) -> str:
    return about.zh if language == "zh" else about.en

"""One record's file: bytes to front matter, sections and log, and back with the smallest edit."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from aswiki.domain import log
from aswiki.domain.problem import Finding, Level, Loc, Problem
from aswiki.domain.records import model
from aswiki.domain.records.common import About, abouts
from aswiki.domain.records.types import Reading
from aswiki.lang import _
from aswiki.store import frontmatter, sections, yaml12, yaml12_tree

LARGEST = 16 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Document:
    """A file as read.

    Args:
        path: from the wiki's root.
        raw: the bytes of the file.
        text: the characters, with LF and without BOM.
        encoding: utf-8 or gb18030.
        bom: whether the file began with a byte order mark.
        newline: LF or CRLF, whichever the file used.
        split: where front matter and body are; None without front matter.
        data: the front matter's data; empty where it cannot be read.
        problems: what is wrong with the file as a file.
    """

    path: str
    raw: bytes
    text: str
    encoding: str
    bom: bool
    newline: str
    split: frontmatter.Split | None
    data: Mapping[str, Any]
    problems: list[Problem]

    @property
    def body(self) -> str:
        """All that follows the front matter."""
        return self.split.body if self.split else self.text

    @property
    def body_line(self) -> int:
        """The body's first line in the file, from 1."""
        return self.text.count("\n", 0, len(self.text) - len(self.body)) + 1

    def problem(
        self,
        code: str,
        line: int,
        column: int,
        message: str,
        hint: str = "",
        level: Level = "error",
    ) -> Problem:
        """A problem of this file."""
        return Problem(self.path, line, column, code, level, message, hint)

    def place(self, finding: Finding) -> Problem:
        """A finding of the record, at its line and column."""
        line, column = self._where(finding.loc, at_key=finding.at_key)
        return self.problem(
            finding.code, line, column, finding.message, finding.hint, finding.level
        )

    def _where(self, loc: Loc, *, at_key: bool) -> tuple[int, int]:
        if self.split is None:
            return 1, 1
        if loc and loc[0] not in self.data:
            heading = self._heading(str(loc[0]))
            return (heading, 1) if heading else (1, 1)
        if not loc:
            return 1, 1
        line, column = yaml12_tree.locate(self.split.front, loc, at_key)
        return line + self.split.front_line - 1, column

    def _heading(self, key: str) -> int | None:
        names = {sections.normal(key.replace("_", " "))}
        record_type = self.data.get("type")
        about = _section_abouts(record_type).get(key) if isinstance(record_type, str) else None
        if about is not None:
            names |= {sections.normal(name) for name in about.headings()}
        for section in sections.split(self.body):
            if section.heading is not None and sections.normal(section.heading) in names:
                return section.line + self.body_line - 1
        return None

    def encode(self, text: str) -> bytes:
        """A new text in this file's own encoding, so that only what was meant to change does."""
        prefix = _BOM if self.bom else b""
        return prefix + text.replace("\n", self.newline).encode(self.encoding)


@dataclass(frozen=True)
class Fields:
    """A record's fields, sections and log included, and what is wrong with the latter."""

    data: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)


def read(path: str, raw: bytes) -> Document:
    """The file at ``path`` (from the wiki's root), whatever is in it."""
    text, encoding, problems = _decoded(path, raw)
    bom = raw.startswith(_BOM)
    newline = "\r\n" if "\r\n" in text and text.count("\r\n") == text.count("\n") else "\n"
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    document = Document(path, raw, text, encoding, bom, newline, None, {}, problems)
    if any(problem.level == "error" for problem in problems):
        return document
    split = frontmatter.split(text)
    if split is None:
        unclosed = text.startswith("---\n")
        problems.append(
            document.problem(
                "ASW110",
                1,
                1,
                _("The front matter is not closed.")
                if unclosed
                else _("The file has no front matter."),
                _("A record begins with a line ---, its facts, and another line ---."),
            )
        )
        return document
    loaded = yaml12.load(split.front)
    for mistake in loaded.mistakes:
        line = mistake.line + split.front_line - 1
        problems.append(
            document.problem(mistake.code, line, mistake.column, mistake.message, mistake.hint)
        )
    return replace(document, split=split, data=loaded.data)


def _decoded(path: str, raw: bytes) -> tuple[str, str, list[Problem]]:
    def problem(code: str, message: str, level: Level, hint: str) -> Problem:
        return Problem(path, 1, 1, code, level, message, hint)

    fix = _("Run aswiki validate --fix, then aswiki commit.")
    if len(raw) > LARGEST:
        message = _("The file is larger than {size} MiB.").format(size=LARGEST // 1024**2)
        return "", "utf-8", [problem("ASW112", message, "error", _("Attach it as a file."))]
    encoding = "utf-8"
    try:
        text = raw.removeprefix(_BOM).decode()
    except UnicodeDecodeError:
        encoding = "gb18030"
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            message = _("The file is neither UTF-8 nor GB18030 text.")
            return "", "utf-8", [problem("ASW101", message, "error", _("Save it as UTF-8."))]
    odd = [
        (encoding != "utf-8", "ASW102", _("The file is GB18030, not UTF-8.")),
        (raw.startswith(_BOM), "ASW103", _("The file begins with a byte order mark.")),
        ("\r" in text, "ASW104", _("The file's lines end with CR, not LF alone.")),
        (
            not unicodedata.is_normalized("NFC", text),
            "ASW105",
            _("The text is not in Unicode's composed form (NFC)."),
        ),
    ]
    found = [problem(code, message, "warning", fix) for wrong, code, message in odd if wrong]
    return text, encoding, found


def repaired(document: Document) -> bytes:
    """The file as UTF-8, NFC, LF, without BOM."""
    return unicodedata.normalize("NFC", document.text).encode()


def _section_abouts(record_type: str) -> dict[str, About]:
    try:
        shape = model(record_type)
    except ImportError:
        return {}
    return {key: about for key, about in abouts(shape).items() if about.section}


def fields(document: Document, record_type: str, reading: Reading) -> Fields:
    """The record's fields: the front matter's, its known sections, and the entries of its log."""
    data = dict(document.data)
    problems: list[Problem] = []
    known = _section_abouts(record_type)
    keys = {sections.normal(name): key for key, a in known.items() for name in a.headings()}
    keys |= {sections.normal(key.replace("_", " ")): key for key in known}
    for key in known.keys() & data.keys():
        finding = Finding(
            "ASW120",
            (key,),
            _("{key} is no key of the front matter.").format(key=key),
            _("Write it as a section: ## {heading}").format(heading=known[key].en),
            at_key=True,
        )
        problems.append(document.place(finding))
        del data[key]
    offset = document.body_line - 1
    seen: set[str] = set()
    for section in sections.split(document.body):
        key = keys.get(sections.normal(section.heading or ""), "")
        if not key:
            continue
        if key in seen:
            message = _("The section {heading} stands twice.").format(heading=section.heading)
            hint = _("Put its text under the first one.")
            problems.append(document.problem("ASW130", section.line + offset, 1, message, hint))
            continue
        seen.add(key)
        if key == "log":
            text = document.body[section.start : section.end]
            data[key] = _entries(document, text, section.line + offset, reading, problems)
        elif (value := sections.value(section)) is not None:
            data[key] = value
    return Fields(data, problems)


def log_kinds(reading: Reading) -> Mapping[str, str]:
    """Every accepted spelling of a log entry's kind → its key."""
    return reading.vocabulary.spellings("log_kind")


def _entries(
    document: Document, text: str, heading_line: int, reading: Reading, problems: list[Problem]
) -> list[dict[str, Any]]:
    parsed = log.parse(text, reading.zone, log_kinds(reading))
    problems += [
        document.problem(m.code, m.line + heading_line, m.column, m.message, m.hint, m.level)
        for m in parsed.mistakes
    ]
    return [entry_data(entry) for entry in parsed.entries]


def entry_data(entry: log.Entry) -> dict[str, Any]:
    """A log entry as the plain data of a record's ``log`` field."""
    said = {
        "at": entry.at,
        "by": entry.by,
        "kind": entry.kind,
        "from": entry.from_,
        "to": entry.to,
        "level": entry.level,
        "text": entry.text,
        "quote": entry.quote,
    }
    return {key: value for key, value in said.items() if value is not None}


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
    names = {sections.normal(name) for name in _headings(about)}
    found = (s for s in sections.split(body) if s.heading and sections.normal(s.heading) in names)
    section = next(found, None)
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
    names = {sections.normal(name) for name in _headings(about)}
    for section in sections.split(body):
        if section.heading and sections.normal(section.heading) in names:
            return f"## {section.heading}\n{body[section.start : section.end]}"
    return ""


def with_log_of(text: str, other: str, about: About) -> str:
    """The file's text with the log section of another version of it."""
    names = {sections.normal(name) for name in _headings(about)}

    def log_of(body: str) -> sections.Section | None:
        found = (s for s in sections.split(body) if s.heading is not None)
        return next((s for s in found if sections.normal(s.heading or "") in names), None)

    body, theirs = _body_of(text), _body_of(other)
    section = log_of(theirs)
    content = theirs[section.start : section.end] if section else ""
    own = log_of(body)
    if own is None:
        gap = "" if body.endswith("\n\n") or not body else "\n"
        heading = section.heading if section else about.en
        return with_body(text, f"{body}{gap}## {heading}\n{content}")
    present = body[own.start : own.end]
    gap = present[len(present.rstrip("\n")) :]
    content = content.rstrip("\n") + (gap or "\n")
    return with_body(text, body[: own.start] + content + body[own.end :])


def has_section(text: str, about: About) -> bool:
    """Whether the file's body has the section's heading."""
    names = {sections.normal(name) for name in _headings(about)}
    found = sections.split(_body_of(text))
    return any(s.heading is not None and sections.normal(s.heading) in names for s in found)


def _body_of(text: str) -> str:
    split = frontmatter.split(text)
    return split.body if split else text


def _headings(about: About) -> tuple[str, ...]:
    return (*about.headings(), about.key.replace("_", " "))


def _heading_in(about: About, language: str) -> str:
    return about.zh if language == "zh" else about.en

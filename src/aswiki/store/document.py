"""One record's file as read: its encoding, front matter and body, and where each thing stands."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from aswiki.domain.problem import Finding, Level, Loc, Problem
from aswiki.lang import _
from aswiki.store import conflicts, frontmatter, sections, yaml12, yaml12_tree

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
        line, column = self._where(finding.loc, at_key=finding.at_key, inside=finding.inside)
        return self.problem(
            finding.code, line, column, finding.message, finding.hint, finding.level
        )

    def _where(self, loc: Loc, *, at_key: bool, inside: int | None = None) -> tuple[int, int]:
        if self.split is None:
            return 1, 1
        if loc and loc[0] not in self.data:
            return self._in_section(str(loc[0]), inside)
        if not loc:
            return 1, 1
        line, column = yaml12_tree.locate(self.split.front, loc, at_key)
        return line + self.split.front_line - 1, column

    def _in_section(self, key: str, inside: int | None) -> tuple[int, int]:
        """The line and column of a character of a section's text; of None the heading's."""
        names = {sections.normal(key.replace("_", " "))}
        record_type = self.data.get("type")
        if isinstance(record_type, str):
            names |= {sections.normal(name) for name in _headings_of(record_type, key)}
        for section in sections.split(self.body):
            if section.heading is None or sections.normal(section.heading) not in names:
                continue
            line = section.line + self.body_line - 1
            if inside is None:
                return line, 1
            text = sections.value(section) or ""
            start = self.body.index(text, section.start) + inside
            line += self.body.count("\n", section.start, start) + 1
            return line, start - self.body.rfind("\n", 0, start)
        return 1, 1

    def encode(self, text: str) -> bytes:
        """A new text in this file's own encoding, so that only what was meant to change does."""
        prefix = _BOM if self.bom else b""
        return prefix + text.replace("\n", self.newline).encode(self.encoding)


def read(path: str, raw: bytes) -> Document:
    """The file at ``path`` (from the wiki's root), whatever is in it."""
    text, encoding, problems = _decoded(path, raw)
    bom = raw.startswith(_BOM)
    newline = "\r\n" if "\r\n" in text and text.count("\r\n") == text.count("\n") else "\n"
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    document = Document(path, raw, text, encoding, bom, newline, None, {}, problems)
    if any(problem.level == "error" for problem in problems):
        return document
    problems += _two_versions(document)
    if any(problem.code == "ASW114" for problem in problems):
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


def _two_versions(document: Document) -> list[Problem]:
    """A problem at each conflict that a merge has left between markers."""
    message = _("Two versions stand here: ours, and below ======= theirs.")
    hint = _("Keep what is right and take the marker lines out, then: aswiki commit.")
    return [
        document.problem("ASW114", line, 1, message, hint)
        for line in conflicts.standing(document.text)
    ]


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
        ("\r" in text, "ASW104", _("The file has CR in its line ends; LF alone is wanted.")),
        (
            not unicodedata.is_normalized("NFC", text),
            "ASW105",
            _("The text is not in Unicode's composed form (NFC)."),
        ),
    ]
    found = [problem(code, message, "warning", fix) for wrong, code, message in odd if wrong]
    return text, encoding, found


def _headings_of(record_type: str, key: str) -> tuple[str, ...]:
    """The headings of a section; the models are imported only where something is wrong."""
    from aswiki.domain.records.prose import section_abouts

    about = section_abouts(record_type).get(key)
    return about.headings() if about is not None else ()

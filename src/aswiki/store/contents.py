"""What a file says as a record: the front matter's facts, the known sections, the log's entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aswiki.domain import log
from aswiki.domain.problem import Finding, Problem
from aswiki.domain.records.prose import section_abouts
from aswiki.domain.records.types import Reading
from aswiki.lang import _
from aswiki.store import sections
from aswiki.store.document import Document


@dataclass(frozen=True)
class Fields:
    """A record's fields, sections and log included, and what is wrong with the latter."""

    data: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)


def fields(document: Document, record_type: str, reading: Reading) -> Fields:
    """The record's fields: the front matter's, its known sections, and the entries of its log."""
    data = dict(document.data)
    problems: list[Problem] = []
    known = section_abouts(record_type)
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

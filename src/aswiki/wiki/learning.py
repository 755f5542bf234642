"""Lessons: what the team learned, prefilled from a record with the customer taken out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from aswiki.domain import records
from aswiki.domain.anonymous import Identity, identity_of, without_identity
from aswiki.domain.records.common import Record
from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.wiki import lookup
from aswiki.wiki.checks import checking
from aswiki.wiki.creating import Draft, create
from aswiki.wiki.drafting import Asked, moment_of
from aswiki.wiki.people import writer
from aswiki.wiki.revising import require_readable
from aswiki.wiki.saving import Saved, writing
from aswiki.wiki.wiki import Wiki

SOURCES = frozenset({"event", "complaint", "visit", "communication", "note", "churn"})
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "symptom": ("background", "customer_impact", "summary", "what"),
    "environment": ("product", "environment"),
    "cause": ("root_cause",),
    "fix": ("workaround", "containment", "corrective_action", "preventive_action"),
}
"""A section of the lesson → the fields of a record that tell of it."""


def new_lesson(wiki: Wiki, title: str, asked: Asked, *, source: str | None = None) -> Saved:
    """A new lesson, prefilled from a record where one is named.

    What was taken over names no customer; whether it really does not is for a person to say, so
    ``sanitized`` stays unset.

    Args:
        wiki: the open wiki.
        title: one line.
        asked: the shared options; ``--at`` is the day it was learned.
        source: the record it comes from.

    Raises:
        NotFound: no such record.
        BadInput: a record of that type teaches nothing.
    """
    with writing(wiki, dry_run=asked.dry_run or asked.editor is not None):
        profiles = {
            slug: lookup.front_of(wiki, f"customers/{slug}/profile.md") for slug in wiki.customers()
        }
        identity = identity_of(profiles)
        learned_on = moment_of(wiki, asked).astimezone(wiki.zone).date()
        fields: dict[str, Any] = {"learned_on": learned_on.isoformat()}
        echo = []
        if source is not None:
            ref = lookup.record(wiki, source)
            fields |= _taken_over(wiki, ref, identity)
            said = _("Prefilled from {ref}. Read it over, then: aswiki set LESSON sanitized=true")
            echo.append(said.format(ref=ref))
        saved = create(wiki, Draft("lesson", None, title, fields, echo=echo), asked, writer(wiki))
    if without_identity(title, identity, wiki.language) == title:
        return saved
    warning = _("The title gives a customer away; a lesson is shared without.")
    return replace(saved, warnings=[*saved.warnings, warning])


def _taken_over(wiki: Wiki, ref: str, identity: Identity) -> dict[str, Any]:
    path = records.path_of(ref)
    checker = checking.Checker(wiki)
    checked = checker.check(path, wiki.bytes_of(path) or b"")
    if checked.record_type not in SOURCES:
        raise BadInput(
            "no-source",
            _("A lesson cannot be taken from {ref}.").format(ref=ref),
            _("Name an event, complaint, visit, communication, note or churn."),
        )
    require_readable(checked)
    record = checked.record
    if record is None:
        raise checking.refuse(checked.problems)

    def neutral(text: str) -> str:
        return without_identity(text, identity, wiki.language)

    found: dict[str, Any] = {key: neutral(text) for key, text in _prose(record) if text}
    helpers = [
        {**person, **({"topic": neutral(person["topic"])} if person.get("topic") else {})}
        for person in _helpers(record)
        if person["person"] in checker.colleagues
    ]
    return {**found, "hours_spent": _hours(record), "helped_by": helpers, "from_records": [ref]}


def _prose(record: Record) -> Iterator[tuple[str, str]]:
    """Each section of the lesson with what the record says for it."""
    for section, keys in SECTIONS.items():
        told = [str(text) for key in keys if (text := getattr(record, key, None))]
        if section == "symptom":
            impact = getattr(record, "impact", None)
            told = [record.title, *([impact.business] if impact and impact.business else []), *told]
        if section == "fix" and not told:
            acts = [entry.text for entry in record.log if entry.kind in {"action", "decision"}]
            told = ["\n".join("- " + " ".join(text.split()) for text in acts)] if acts else []
        yield section, "\n\n".join(told)


def _helpers(record: Record) -> list[dict[str, Any]]:
    people = getattr(record, "helped_by", [])
    return [person.model_dump(exclude_none=True) for person in people]


def _hours(record: Record) -> Decimal | None:
    """The hours that the record says were spent; onsite hours are among the others."""
    hours = getattr(record, "hours", None)
    if hours is None or isinstance(hours, Decimal):
        return hours
    spent = [value for value in (hours.work, hours.night, hours.holiday) if value is not None]
    return sum(spent, Decimal(0)) if spent else None

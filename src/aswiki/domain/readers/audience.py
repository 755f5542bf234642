"""Who may read what: a record as one reader may see it, from the allow-lists of its fields."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from aswiki.domain.readers.narrowing import (
    NOT_LISTED,
    TEAM,
    Eyes,
    barred,
    fitting,
    lapsed,
    released,
    why_closed,
)
from aswiki.domain.records.common import Part, Record, abouts
from aswiki.domain.records.profile import Profile
from aswiki.lang import _

__all__ = ["is_open", "lapsed", "owes", "readable", "released", "withheld"]


@dataclass
class _View:
    """What is seen, and what is kept back: key → why."""

    seen: dict[str, Any] = field(default_factory=dict)
    withheld: list[tuple[str, str]] = field(default_factory=list)


def readable(
    record: Record,
    reader: str,
    *,
    own: Collection[str] = (),
    sides: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What a reader may see of a record, by key, parts as mappings; empty where that is nothing.

    Only fields on the reader's allow-list come in; a record of which there would be no more than
    its type is left out, so that not even its being there is said. A customer is shown their own
    records alone: that is the caller's to see to.

    Args:
        record: any record but a tombstone.
        reader: a key of the vocabulary ``reader``; ``team`` reads everything.
        own: the ids and departments that the reader is, for rows that are shown to their own only.
        sides: a contact's id or name → the side they are on, to know who filed a complaint.
    """
    return _view(record, Eyes(reader, own, sides or {})).seen


def withheld(
    record: Record,
    reader: str,
    *,
    own: Collection[str] = (),
    sides: Mapping[str, str] | None = None,
) -> list[tuple[str, str]]:
    """What a reader may not see of what the record holds: dotted key → a sentence that says why.

    The key is empty where the whole record is kept back.
    """
    eyes = Eyes(reader, own, sides or {})
    found = _view(record, eyes).withheld
    return [(key, _(why).format(reader=reader)) for key, why in found]


def is_open(record: Record, reader: str) -> bool:
    """Whether a reader may know that a record is there: its audience and sensitivity let them."""
    return reader == TEAM or why_closed(record, reader) is None


def owes(record: Record) -> bool:
    """Whether the customer owes money: said to every reader of ours, whatever the audience."""
    credit = record.credit if isinstance(record, Profile) else None
    return credit is not None and credit.owed_amount is not None and credit.owed_amount > 0


def _view(record: Record, eyes: Eyes) -> _View:
    view = _View()
    why = barred(record, eyes)
    if why is not None:
        view.withheld.append(("", why))
        return view
    seen = _part(record, eyes, view)
    if len(seen) > 1 or eyes.reader == TEAM:
        view.seen = seen
    return view


def _part(part: Part, eyes: Eyes, view: _View, path: str = "") -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key, about in abouts(type(part)).items():
        value = getattr(part, about.attribute)
        place = f"{path}{key}"
        if value is None or value == []:
            continue
        if eyes.reader != TEAM:
            if eyes.reader not in about.readers:
                view.withheld.append((place, NOT_LISTED))
                continue
            if isinstance(part, Record):
                value, why = fitting(part, key, value, eyes)
                if why is not None:
                    view.withheld.append((place, why))
                if value is None or value == []:
                    continue
        shown = _value(value, eyes, view, place)
        if shown not in ({}, []):
            seen[key] = shown
    return seen


def _value(value: object, eyes: Eyes, view: _View, place: str) -> object:
    if isinstance(value, Part):
        return _part(value, eyes, view, f"{place}.")
    if isinstance(value, list):
        items = (_value(item, eyes, view, f"{place}.{n}") for n, item in enumerate(value, 1))
        return [item for item in items if item != {}]
    return value

"""How the rows of a report's sections begin, and the ground of ledgers under several customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from aswiki.domain.ledgers.ground import Ground
from aswiki.domain.records.common import Record
from aswiki.domain.reports.sight import Sight

Row = dict[str, Any]


def head(sight: Sight, ref: str = "") -> Row:
    """The customer and their name; the reference where the reader may read the record's title.

    A file's name repeats the title, so it goes no further; to a customer it never goes.
    """
    whose = {"customer": sight.customer, "name": sight.name}
    if not ref or sight.is_customer or "title" not in sight.seen(ref):
        return whose
    return {**whose, "ref": ref}


def open_records(sight: Sight) -> dict[str, Record]:
    """The records that the reader may know of, by reference."""
    return {ref: record for ref, record in sight.whole.items() if sight.may_count(ref)}


def ledger_ground(sight: Sight, records: Mapping[str, Record]) -> Ground:
    """What a ledger of these records starts from, as it stood at the period's end."""
    period, ground = sight.period, sight.ground
    now = min(period.end - timedelta(seconds=1), period.as_of)
    return Ground(records, now, period.zone, ground.colleagues, ground.names)


def department_of(sight: Sight, person: str | None, department: str | None = None) -> str | None:
    """The department that is named, else the person's where people.toml knows it."""
    names = sight.ground.names
    if department is not None:
        return names.get(department.strip().casefold(), department)
    own = names.get(person.strip().casefold(), person) if person is not None else None
    return sight.ground.colleagues.get(own) if own is not None else None


def counted(values: Sequence[str | None], key: str) -> list[Row]:
    """Each value once under the key, with its count, the most frequent first."""
    found = {value: values.count(value) for value in dict.fromkeys(values)}
    ordered = sorted(found, key=lambda value: (-found[value], value is None, value or ""))
    return [{key: value, "count": found[value]} for value in ordered]

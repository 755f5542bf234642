"""When a customer was met, helped or heard, and by which record we know it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from aswiki.domain.records.common import Record
from aswiki.domain.records.communication import Communication
from aswiki.domain.records.note import Note
from aswiki.domain.records.visit import Visit
from aswiki.domain.reports.activity import visit_status
from aswiki.domain.reports.period import Period


@dataclass(frozen=True)
class Contact:
    """A moment at which the customer was met, helped or heard, and the record that tells of it."""

    ref: str
    at: datetime | date


def heard(records: Mapping[str, Record], month: Period) -> list[str]:
    """The records by which the customer was heard in the month, each once, by time."""
    met = [one for one in contacts(records, month) if month.holds(one.at)]
    return list(dict.fromkeys(one.ref for one in met))


def contacts(records: Mapping[str, Record], month: Period) -> list[Contact]:
    """Every contact up to the month's as-of, by time.

    That is a visit held, a communication, a note of a feeling, and a customer's entry in a log.
    """
    found = [one for ref, record in records.items() for one in _contacts(ref, record, month)]
    known = [one for one in found if month.moment(one.at) <= month.as_of]
    return sorted(known, key=lambda one: (month.moment(one.at), one.ref))


def _contacts(ref: str, record: Record, month: Period) -> Iterator[Contact]:
    is_feeling = isinstance(record, Note) and record.feeling is not None
    if isinstance(record, Visit | Communication) or is_feeling:
        at = getattr(record, "occurred_at", None)
        if at is not None and (not isinstance(record, Visit) or is_held(record, month)):
            yield Contact(ref, at)
    yield from (Contact(ref, entry.at) for entry in record.log if entry.kind == "customer")


def is_held(visit: Visit, month: Period) -> bool:
    """Whether a visit took place, as known at the month's as-of."""
    return visit_status(visit, month) == "held"

"""What every ledger starts from: the records with their references, the people and the moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from math import inf
from typing import Any

from aswiki.domain.checks.surroundings import start_of
from aswiki.domain.records import customer_of
from aswiki.domain.records.common import Record
from aswiki.domain.records.complaint import Complaint
from aswiki.domain.records.event import Event
from aswiki.domain.vocabulary import OPEN_COMPLAINT_EXCLUDES, OPEN_EVENT_EXCLUDES

Row = dict[str, Any]


@dataclass(frozen=True)
class Ground:
    """The records that a ledger is made of.

    Args:
        records: reference → record, tombstones left out.
        now: the moment to which open things are counted, aware.
        zone: the wiki's zone.
        departments: a colleague's id → their department's slug, where known.
        names: every casefolded name of a colleague or a department → their id or slug.
    """

    records: Mapping[str, Record]
    now: datetime
    zone: tzinfo
    departments: Mapping[str, str | None] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day of ``now`` in the wiki's zone."""
        return self.now.astimezone(self.zone).date()

    def day(self, moment: datetime | date | None) -> date | None:
        """The day of a moment in the wiki's zone."""
        if isinstance(moment, datetime):
            return moment.astimezone(self.zone).date()
        return moment

    def days(self, since: datetime | date | None, until: datetime | date | None) -> int | None:
        """Whole days from one moment's day to another's (None: today); None without a start."""
        first = self.day(since)
        last = self.day(until) or self.today
        return None if first is None else (last - first).days

    def hours(self, since: datetime | date | None, until: datetime | date | None) -> Decimal | None:
        """Hours from one moment to another, to a tenth; None where either is unknown."""
        if since is None or until is None:
            return None
        gone = start_of(until, self.zone) - start_of(since, self.zone)
        return (Decimal(gone // timedelta(seconds=1)) / 3600).quantize(Decimal("0.1"))

    def own_name(self, who: str | None) -> str | None:
        """The id or slug of a colleague or department named in any way, else the words."""
        return None if who is None else self.names.get(who.strip().casefold(), who)

    def department(self, who: str | None) -> str | None:
        """The department that a person belongs to or that is named, else the words."""
        own = self.own_name(who)
        return None if own is None else self.departments.get(own) or own

    def head(self, ref: str, title: str) -> Row:
        """The keys that every row begins with."""
        return {"ref": ref, "customer": customer_of(ref), "title": title}


def is_open(record: Record) -> bool:
    """Whether an event or complaint is open; no other record ever is."""
    if isinstance(record, Event):
        return record.status not in OPEN_EVENT_EXCLUDES
    return isinstance(record, Complaint) and record.status not in OPEN_COMPLAINT_EXCLUDES


def by_time(rows: Sequence[Row], key: str, ground: Ground) -> list[Row]:
    """Rows in the order of a time, those without one at the end."""

    def when(row: Row) -> tuple[float, str]:
        value = row.get(key)
        at = start_of(value, ground.zone).timestamp() if isinstance(value, date) else inf
        return at, str(row["ref"])

    return sorted(rows, key=when)

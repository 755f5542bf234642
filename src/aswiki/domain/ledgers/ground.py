"""What every ledger starts from: the records with their references, the people and the moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

from aswiki.domain.checks.surroundings import start_of
from aswiki.domain.records import customer_of
from aswiki.domain.records.common import Record

Row = dict[str, Any]


@dataclass(frozen=True)
class Ground:
    """The records that a ledger is made of.

    Args:
        records: reference → record, tombstones left out.
        now: the moment to which open things are counted, aware.
        zone: the wiki's zone.
        departments: a colleague's id → their department's slug, where known.
    """

    records: Mapping[str, Record]
    now: datetime
    zone: tzinfo
    departments: Mapping[str, str | None] = field(default_factory=dict)

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

    def hours(self, since: datetime | date, until: datetime | date) -> float:
        """Hours from one moment to another, to a tenth."""
        gone = start_of(until, self.zone) - start_of(since, self.zone)
        return round(gone.total_seconds() / 3600, 1)

    def head(self, ref: str, title: str) -> Row:
        """The keys that every row begins with."""
        return {"ref": ref, "customer": customer_of(ref), "title": title}


def department_of(ground: Ground, who: str | None) -> str | None:
    """The department a person belongs to, else the words themselves."""
    return None if who is None else ground.departments.get(who) or who


def by_time(rows: Sequence[Row], key: str, ground: Ground) -> list[Row]:
    """Rows in the order of a time, those without one at the end."""
    far = datetime.max.replace(tzinfo=ground.zone)

    def when(row: Row) -> tuple[float, str]:
        value = row.get(key)
        moment = start_of(value, ground.zone) if isinstance(value, date) else None
        return (moment.timestamp() if moment else far.year * 1e10, str(row["ref"]))

    return sorted(rows, key=when)

"""The time a report is about: a month, a quarter, a year or any days, as its zone counts them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property

from aswiki.domain.checks.surroundings import start_of
from aswiki.domain.times.clock import first_of_month
from aswiki.domain.times.when import FIRST_YEAR, LAST_YEAR

_QUARTER = re.compile(r"(\d{4})-?Q([1-4])", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}")
MONTHS = {"month": 1, "quarter": 3, "year": 12}
"""Kinds of period → how many months they are long; ``days`` is any other."""


@dataclass(frozen=True)
class Period:
    """The days a report is about, and the moment of what is known.

    Args:
        kind: month, quarter, year or days.
        first_day: its first day.
        day_after: the first day that is no longer in it.
        zone: the wiki's zone; a bare date counts from the start of its day there.
        as_of: the aware moment up to which things are known; what has no end is counted to it.
    """

    kind: str
    first_day: date
    day_after: date
    zone: tzinfo
    as_of: datetime

    @classmethod
    def of_month(cls, key: str, zone: tzinfo, as_of: datetime) -> Period:
        """The month of a key as ``2026-10``."""
        first = date.fromisoformat(f"{key}-01")
        return cls("month", first, first_of_month(first, 1), zone, as_of)

    @classmethod
    def of_quarter(cls, text: str, zone: tzinfo, as_of: datetime) -> Period | None:
        """The quarter of ``2026-Q4``, also without the dash; None for other words."""
        said = _QUARTER.fullmatch(text.strip())
        if said is None or not FIRST_YEAR <= int(said[1]) <= LAST_YEAR:
            return None
        first = date(int(said[1]), int(said[2]) * 3 - 2, 1)
        return cls("quarter", first, first_of_month(first, 3), zone, as_of)

    @classmethod
    def of_year(cls, text: str, zone: tzinfo, as_of: datetime) -> Period | None:
        """The year of ``2026``; None for other words."""
        if not _YEAR.fullmatch(text.strip()) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
            return None
        first = date(int(text), 1, 1)
        return cls("year", first, first_of_month(first, 12), zone, as_of)

    @classmethod
    def of_days(cls, first: date, last: date, zone: tzinfo, as_of: datetime) -> Period:
        """All days from the first to the last, both in it."""
        return cls("days", first, last + timedelta(days=1), zone, as_of)

    @cached_property
    def key(self) -> str:
        """As in ``2026-10``, ``2026-Q4``, ``2026`` or ``2026-10-03..2026-10-09``."""
        first = self.first_day
        if self.kind == "month":
            return f"{first:%Y-%m}"
        if self.kind == "quarter":
            return f"{first.year}-Q{first.month // 3 + 1}"
        if self.kind == "year":
            return f"{first.year}"
        return f"{first.isoformat()}..{(self.day_after - timedelta(days=1)).isoformat()}"

    @cached_property
    def start(self) -> datetime:
        """The moment it begins."""
        return datetime.combine(self.first_day, time.min, self.zone)

    @cached_property
    def end(self) -> datetime:
        """The moment after it."""
        return datetime.combine(self.day_after, time.min, self.zone)

    @cached_property
    def last_day(self) -> date:
        """Its last day, or the day of the as-of where that comes first."""
        last = self.day_after - timedelta(days=1)
        return min(last, self.as_of.astimezone(self.zone).date())

    @cached_property
    def months(self) -> tuple[str, ...]:
        """The months that have a day in it, as in ``2026-10``, oldest first."""
        found, month = [], self.first_day.replace(day=1)
        while month < self.day_after:
            found.append(f"{month:%Y-%m}")
            month = first_of_month(month, 1)
        return tuple(found)

    @cached_property
    def last_month(self) -> Period:
        """The month of its last day, known as of the same moment: what has a state stands there."""
        return Period.of_month(self.months[-1], self.zone, self.as_of)

    def shifted(self, steps: int) -> Period:
        """The period of the same kind so many steps away, known as of the same moment."""
        if self.kind in MONTHS:
            months = MONTHS[self.kind] * steps
            ends = (first_of_month(self.first_day, months), first_of_month(self.day_after, months))
        else:
            days = (self.day_after - self.first_day) * steps
            ends = (self.first_day + days, self.day_after + days)
        return Period(self.kind, *ends, self.zone, self.as_of)

    def moment(self, when: datetime | date) -> datetime:
        """The moment of a time, of a bare date the start of its day."""
        return start_of(when, self.zone)

    def day(self, when: datetime | date) -> date:
        """The day of a time in the wiki's zone."""
        return self.moment(when).astimezone(self.zone).date()

    def holds(self, when: datetime | date | None) -> bool:
        """Whether a time lies in it."""
        return when is not None and self.start <= self.moment(when) < self.end

    def is_over_by_end(self, when: datetime | date | None) -> bool:
        """Whether a time is known and lies before its end."""
        return when is not None and self.moment(when) < self.end

"""A month as a report sees it: its ends in the wiki's zone, and the moment of what is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property

from aswiki.domain.checks.surroundings import start_of
from aswiki.domain.clock import first_of_month


@dataclass(frozen=True)
class Month:
    """One month.

    Args:
        key: as in ``2026-10``.
        zone: the wiki's zone; a bare date counts from the start of its day there.
        as_of: the aware moment up to which things are known; what has no end is counted to it.
    """

    key: str
    zone: tzinfo
    as_of: datetime

    @cached_property
    def first_day(self) -> date:
        """Its first day."""
        return date.fromisoformat(f"{self.key}-01")

    @cached_property
    def start(self) -> datetime:
        """The moment it begins."""
        return datetime.combine(self.first_day, time.min, self.zone)

    @cached_property
    def end(self) -> datetime:
        """The moment the next one begins."""
        return datetime.combine(first_of_month(self.first_day, 1), time.min, self.zone)

    @cached_property
    def last_day(self) -> date:
        """Its last day, or the day of the as-of where that comes first."""
        last = first_of_month(self.first_day, 1) - timedelta(days=1)
        return min(last, self.as_of.astimezone(self.zone).date())

    def shifted(self, months: int) -> Month:
        """The month so many months away, known as of the same moment."""
        return Month(f"{first_of_month(self.first_day, months):%Y-%m}", self.zone, self.as_of)

    def moment(self, when: datetime | date) -> datetime:
        """The moment of a time, of a bare date the start of its day."""
        return start_of(when, self.zone)

    def day(self, when: datetime | date) -> date:
        """The day of a time in the wiki's zone."""
        return self.moment(when).astimezone(self.zone).date()

    def holds(self, when: datetime | date | None) -> bool:
        """Whether a time lies in the month."""
        return when is not None and self.start <= self.moment(when) < self.end

    def is_over_by_end(self, when: datetime | date | None) -> bool:
        """Whether a time is known and lies before the month's end."""
        return when is not None and self.moment(when) < self.end

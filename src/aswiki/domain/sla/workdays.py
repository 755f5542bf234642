"""Which days are worked: Monday to Friday less the days off, plus the weekends that are worked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Workdays:
    """The list of ``[holidays]``; without one every Monday to Friday is worked.

    Args:
        off: days off besides weekends.
        worked: weekend days that are worked; one that is also off is off.
    """

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def knows(self, year: int) -> bool:
        """Whether there is a list for the year; without one only weekends are known."""
        return any(day.year == year for day in self.off | self.worked)

    def holds(self, day: date) -> bool:
        """Whether a day is worked."""
        return day not in self.off and (day.weekday() < 5 or day in self.worked)

    def nth(self, first: date, number: int) -> date:
        """The ``number``-th working day from ``first`` on, which may be the first itself."""
        day, found = first, int(self.holds(first))
        while found < number:
            day += timedelta(days=1)
            found += self.holds(day)
        return day

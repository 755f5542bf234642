"""The months of a period: those that have begun, the twelve up to its last, and how it reads."""

from __future__ import annotations

from datetime import date

from aswiki.domain.reports.period import Period
from aswiki.domain.times.clock import first_of_month

YEAR = 12


def begun(period: Period) -> list[Period]:
    """The months of a period that have begun by its as-of, oldest first; the first in any case."""
    every = [Period.of_month(key, period.zone, period.as_of) for key in period.months]
    return [one for one in every if one.first_day <= period.last_day] or every[:1]


def standing(period: Period) -> Period:
    """The last month of a period that has begun: what has a state stands there."""
    return begun(period)[-1]


def trailing(last: Period, count: int = YEAR) -> list[str]:
    """The keys of so many months up to one, oldest first; none before the calendar's first."""
    least = (last.first_day.year - 1) * YEAR + last.first_day.month
    steps = range(min(count, least) - 1, -1, -1)
    return [first_of_month(last.first_day, -step).isoformat()[:7] for step in steps]


def months_between(since: date, until: date) -> int:
    """The whole months from one day to another, 0 where the other comes first."""
    whole = (until.year - since.year) * YEAR + until.month - since.month
    return max(0, whole - (until.day < since.day))

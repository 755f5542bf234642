"""The last five weeks of a month's spend, day by day, out of the pages that hold them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from aswiki.domain.spending.month import ZERO, Days, SpendMonth
from aswiki.domain.spending.week import BEFORE, WEEK


def last_weeks(
    last: date,
    months: Sequence[SpendMonth | None],
    currency: str,
    product: str | None,
    of_all: Days | None = None,
) -> Days:
    """The 35 days up to a day, oldest first; None stands for a day without a row.

    A product that was there before costs nothing on a day on which only others have rows.

    Args:
        last: the day.
        months: its month and those before it, as many as five weeks can reach.
        currency: which costs.
        product: casefolded; None for all products together.
        of_all: the same days of all products together, where the caller has them.
    """
    own = _window(last, months, currency, product)
    if product is None:
        return own
    found: Days = []
    was_there = False
    if of_all is None:
        of_all = _window(last, months, currency, None)
    for cost, together in zip(own, of_all, strict=True):
        was_there = was_there or cost is not None
        is_gone = cost is None and was_there and together is not None
        found.append(ZERO if is_gone else cost)
    return found


def _window(
    last: date, months: Sequence[SpendMonth | None], currency: str, product: str | None
) -> Days:
    known = {month.key: _days(month, currency, product) for month in months if month is not None}
    found: Days = []
    for key, index in _places(last):
        days = known.get(key, ())
        found.append(days[index] if index < len(days) else None)
    return found


@lru_cache(maxsize=64)
def _places(last: date) -> tuple[tuple[str, int], ...]:
    """The 35 days up to a day as months and places in them from 0."""
    days = (last - timedelta(days=back) for back in range(BEFORE + WEEK - 1, -1, -1))
    return tuple((f"{day:%Y-%m}", day.day - 1) for day in days)


def last_day(month: SpendMonth, currency: str) -> date | None:
    """The last day of the month on which any product has a row; None where there are no days."""
    days = _days(month, currency, None)
    rows = [index for index, cost in enumerate(days) if cost is not None]
    first = date.fromisoformat(f"{month.key}-01")
    return first + timedelta(days=rows[-1]) if rows else None


def _days(month: SpendMonth, currency: str, product: str | None) -> Days:
    """The cost of each day; of all products together what those with a row cost."""
    costs = month.costs.get(currency)
    if costs is None or not costs.daily:
        return []
    if product is not None:
        return costs.daily.get(product, [])
    summed: Days = [None] * month.days
    for own in costs.daily.values():
        for index, cost in enumerate(own[: month.days]):
            if cost is not None:
                summed[index] = (summed[index] or ZERO) + cost
    return summed

"""Ways to hold a week of spend against the four weeks before it, all of 35 days, in floats.

Each gives what the week was expected to cost and how many spreads its difference is worth; where
nothing can be expected, None. The wiki's own is here twice: the code that ships, and a copy in
floats that leaves the number of spreads open, for choosing it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from math import inf, sqrt
from typing import NamedTuple

from aswiki.domain.spending import week
from spend_of import Series


class Look(NamedTuple):
    """One comparison."""

    expected: float
    spreads: float
    """How far off the week is, in spreads of the method; infinite where it has none."""


Method = Callable[[Series], Look | None]


def present(days: Series) -> list[float]:
    """The days that the bill has."""
    return [cost for cost in days if cost is not None]


def average(costs: Sequence[float]) -> float:
    """The mean; statistics.fmean takes thrice the time, and is asked a million times here."""
    return sum(costs) / len(costs)


def _median(costs: Sequence[float]) -> float:
    ranked = sorted(costs)
    middle = len(ranked) // 2
    return ranked[middle] if len(ranked) % 2 else (ranked[middle - 1] + ranked[middle]) / 2


def _worth(off: float, spread: float) -> float:
    if spread:
        return off / spread
    return inf if off > 0 else 0


def _around(centre: float, spread: float, now: list[float]) -> Look:
    off = abs(sum(now) - centre * len(now))
    return Look(centre * len(now), _worth(off, spread * sqrt(len(now))))


def _split(days: Series) -> tuple[list[float], list[float]] | None:
    before, now = present(days[:28]), present(days[28:])
    return (before, now) if len(before) >= 14 and now else None


def mean(days: Series) -> Look | None:
    """The mean of all days before, and every difference counts."""
    both = _split(days)
    return both and Look(average(both[0]) * len(both[1]), inf)


def mean_and_deviation(days: Series) -> Look | None:
    """The mean and the standard deviation of all days before."""
    both = _split(days)
    if both is None:
        return None
    centre = average(both[0])
    return _around(centre, sqrt(average([(cost - centre) ** 2 for cost in both[0]])), both[1])


def median_and_mad(days: Series) -> Look | None:
    """The median and the median absolute deviation of all days before."""
    both = _split(days)
    if both is None:
        return None
    centre = _median(both[0])
    spread = 1.4826 * _median([abs(cost - centre) for cost in both[0]])
    return _around(centre, max(spread, 0.01 * abs(centre)), both[1])


class _Weekdays(NamedTuple):
    """What the seven weekdays usually cost, what the week is off by, and a day's spread."""

    expected: float
    off: list[float]
    spread: float
    week: float


def _weekdays(days: Series) -> _Weekdays | None:
    both = _split(days)
    if both is None:
        return None
    same = [present(days[weekday:28:7]) for weekday in range(7)]
    usual = [_median(own if len(own) > 1 else both[0]) for own in same]
    off = [cost - other for cost, other in zip(days[28:], usual, strict=True) if cost is not None]
    away = [abs(cost - usual[day % 7]) for day, cost in enumerate(days[:28]) if cost is not None]
    spread = 1.4826 * _median(away) or 1.2533 * average(away)
    return _Weekdays(
        sum(both[1]) - sum(off),
        [-distance for distance in off] if sum(off) < 0 else off,
        max(spread, 0.01 * _median([abs(cost) for cost in usual])),
        7 * max(abs(average(both[0])), abs(average(usual))),
    )


def weekday_median(days: Series) -> Look | None:
    """The median of the same weekday, and the median absolute deviation from it."""
    seen = _weekdays(days)
    return seen and Look(seen.expected, _worth(sum(seen.off), seen.spread * sqrt(len(seen.off))))


def weekday_median_without_oddest(days: Series) -> Look | None:
    """The same, measured without the day that is farthest off, unless that is worth a week."""
    seen = _weekdays(days)
    if seen is None:
        return None
    oddest = max(seen.off)
    if 0 < seen.week <= oddest:
        return Look(seen.expected, inf)
    rest = sum(seen.off) - oddest
    return Look(seen.expected, _worth(rest, seen.spread * sqrt(len(seen.off) - 1)))


def as_shipped(days: Series) -> Look | None:
    """What ``aswiki swings`` does."""
    money = [None if cost is None else Decimal(f"{cost:.2f}") for cost in days]
    found = week.week_against_before(money)
    if found.expected is None:
        return None
    return Look(float(found.expected), inf if found.is_unusual else 0)

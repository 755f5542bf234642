"""The last seven days of spend against the four weeks before them, weekday by weekday."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WEEK = 7
BEFORE = 28
LEAST_BEFORE = 14  # in less than two weeks a rhythm cannot be told from a swing
LEAST_OF_A_WEEKDAY = 2
SPREADS = Decimal(4)  # chosen by bench/alarms.py, as docs/spend.md tells
TO_SIGMA = Decimal("1.4826")  # makes a standard deviation of a median absolute deviation
MEAN_TO_SIGMA = Decimal("1.2533")  # and of a mean absolute deviation
FLAT_SHARE = Decimal("0.01")


@dataclass(frozen=True)
class WeekComparison:
    """The covered days of a week beside what they usually cost.

    ``expected`` is None where there is nothing to expect from. ``is_unusual`` says that the
    difference is more than the days before differ among themselves; whether it is big enough to
    speak of is for the thresholds.
    """

    actual: Decimal
    expected: Decimal | None
    is_unusual: bool
    now_covered: int
    before_covered: int


def week_against_before(days: Sequence[Decimal | None]) -> WeekComparison:
    """The last 7 of 35 days against the 28 before.

    Each covered day is expected to cost the median of the same weekday before, or of all days
    before where that weekday is covered fewer than twice. With fewer than 14 days covered before,
    or none now, nothing is expected.

    Args:
        days: The cost of each day, oldest first; None where the bill has no row for the day.

    Raises:
        ValueError: there are not 35 days.
    """
    if len(days) != BEFORE + WEEK:
        raise ValueError(len(days))
    before, now = days[:BEFORE], days[BEFORE:]
    covered = [cost for cost in before if cost is not None]
    spent = [cost for cost in now if cost is not None]
    actual = _total(spent)
    if len(covered) < LEAST_BEFORE or not spent:
        return WeekComparison(actual, None, False, len(spent), len(covered))
    usual = _usual_week(before, covered)
    pairs = [(cost, other) for cost, other in zip(now, usual, strict=True) if cost is not None]
    expected = _total([other for _cost, other in pairs])
    off = [cost - other for cost, other in pairs]
    if actual < expected:
        off = [-distance for distance in off]
    week = max(abs(_total(usual)), abs(_total(covered) * WEEK / len(covered)))
    unusual = actual != expected and _is_unusual(off, week, _spread_of_a_day(before, usual))
    return WeekComparison(actual, expected, unusual, len(spent), len(covered))


def _usual_week(before: Sequence[Decimal | None], covered: Sequence[Decimal]) -> list[Decimal]:
    """What each of the seven weekdays usually costs."""
    usual = []
    for weekday in range(WEEK):
        same = [cost for cost in before[weekday::WEEK] if cost is not None]
        usual.append(_median(same if len(same) >= LEAST_OF_A_WEEKDAY else covered))
    return usual


def _is_unusual(off: Sequence[Decimal], week: Decimal, spread: Decimal) -> bool:
    """Whether days so far off, those of the week's own direction above zero, are a swing.

    One odd day is none, so the others must be off without it; unless it is worth a whole week.
    """
    oddest = max(off)
    rest = _total(off) - oddest
    return oddest >= week or rest > SPREADS * spread * Decimal(len(off) - 1).sqrt()


def _spread_of_a_day(before: Sequence[Decimal | None], usual: Sequence[Decimal]) -> Decimal:
    """How far a day usually is from its weekday's usual cost, as a standard deviation.

    Where more than half of the days are just as usual, the mean distance stands in for the median
    one. Never less than a hundredth of what a day costs, so that a cent is no swing of a flat rate.
    """
    distances = [
        abs(cost - usual[day % WEEK]) for day, cost in enumerate(before) if cost is not None
    ]
    spread = TO_SIGMA * _median(distances)
    if not spread:
        spread = MEAN_TO_SIGMA * _mean(distances)
    return max(spread, FLAT_SHARE * _median([abs(cost) for cost in usual]))


def _median(costs: Sequence[Decimal]) -> Decimal:
    ranked = sorted(costs)
    middle = len(ranked) // 2
    if len(ranked) % 2:
        return ranked[middle]
    return (ranked[middle - 1] + ranked[middle]) / 2


def _mean(costs: Sequence[Decimal]) -> Decimal:
    return _total(costs) / len(costs)


def _total(costs: Sequence[Decimal]) -> Decimal:
    return sum(costs, Decimal(0))

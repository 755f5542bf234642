"""How often a way of comparing weeks alarms for nothing, and how often it hits what was planted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random

from spend_of import DAYS, TUNED_ON, Family, Series, Swing
from week_methods import (
    Look,
    Method,
    average,
    mean,
    present,
)

PERCENT, SHARE_OF_MONTH, AMOUNT = 0.20, 0.01, 100
"""The wiki's default thresholds."""
GRID = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20)
"""The numbers of spreads to choose from."""
MOST_ALARMS = 1.0
"""Of the grid the smallest is chosen that raises no more false alarms a year in any family."""
TUNING, EVALUATION = "tuning", "evaluation"
CUSTOMERS = 40
FIRST_LOOK = 34
BURST = Swing(3, days=5)


@dataclass(frozen=True, eq=False)
class Customer:
    """A year of one invented customer, and the day on which swings are planted into it."""

    days: Series
    start: int


@cache
def customers(family: Family, purpose: str) -> list[Customer]:
    """The customers of a family; those for tuning and for evaluation have nothing in common."""
    made = []
    for number in range(CUSTOMERS):
        random = Random(f"{purpose} {family.__name__} {number}")
        made.append(Customer(family(random), random.randrange(70, 340)))
    return made


@dataclass(frozen=True)
class Alarm:
    """A look that the thresholds let through: its direction, and the spreads it is worth."""

    direction: int
    spreads: float


def alarm(method: Method, days: Series, last: int) -> Alarm | None:
    """What the week that ends on that day would fire, given few enough spreads."""
    seen = days[last - FIRST_LOOK : last + 1]
    look = method(seen)
    return look and _over_thresholds(look, seen)


def _over_thresholds(look: Look, seen: Series) -> Alarm | None:
    impact = sum(present(seen[28:])) - look.expected
    enough = max(PERCENT * abs(look.expected), least(seen))
    if not look.expected or abs(impact) < enough:
        return None
    return Alarm(1 if impact > 0 else -1, look.spreads)


def least(seen: Series) -> float:
    """The smallest impact of a week that fires: a week's part of what a month's must be."""
    month = 30 * abs(average(present(seen[:28]) or [0]))
    return max(AMOUNT, SHARE_OF_MONTH * month) * 7 / 30


@cache
def year(method: Method, customer: Customer) -> list[Alarm | None]:
    """The alarm of every day of the customer as it is, nothing planted."""
    early: list[Alarm | None] = [None] * FIRST_LOOK
    return early + [alarm(method, customer.days, last) for last in range(FIRST_LOOK, DAYS)]


def fires(alarm: Alarm | None, spreads: float, direction: int) -> bool:
    """Whether it is an alarm in that direction."""
    return alarm is not None and alarm.spreads > spreads and alarm.direction == direction


def false_alarms(method: Method, spreads: float, family: Family, purpose: str) -> float:
    """Alarms a customer and year where nothing was planted.

    Somebody looks every day; what goes on, or comes back within a week, is one alarm.
    """
    raised = 0
    for customer in customers(family, purpose):
        for direction in (1, -1):
            last = -DAYS
            for day, found in enumerate(year(method, customer)):
                if fires(found, spreads, direction):
                    raised += day - last > 7
                    last = day
    return raised / CUSTOMERS * 365 / (DAYS - FIRST_LOOK)


@dataclass
class Hits:
    """What became of planted swings."""

    planted: int = 0
    delays: list[int] = field(default_factory=list)

    def rate(self) -> str:
        """Per hundred planted."""
        return f"{100 * len(self.delays) / self.planted:.0f}" if self.planted else "–"

    def delay(self) -> str:
        """Days from the first day of the swing to its alarm, in the mean."""
        return f"{average(self.delays):.1f}" if self.delays else "–"


def hits(
    method: Method,
    spreads: float,
    families: Iterable[Family],
    purpose: str,
    swings: Sequence[Swing],
) -> Hits:
    """How many of the swings fire within a week of being there in full.

    Only what would not have fired anyway is a hit, and only a swing that is worth the least amount
    of the thresholds counts as planted.
    """
    found = Hits()
    for family in families:
        for customer in customers(family, purpose):
            for swing in swings:
                days = swing.planted(customer.days, customer.start)
                last = customer.start + swing.ramp + 5
                if _worth(days, customer.days, last) < least(customer.days[last - 34 : last + 1]):
                    continue
                found.planted += 1
                for day in range(customer.start, last + 1):
                    if _new(method, spreads, customer, days, day, 1 if swing.share > 0 else -1):
                        found.delays.append(day - customer.start)
                        break
    return found


def _worth(days: Series, other: Series, last: int) -> float:
    week = slice(last - 6, last + 1)
    return abs(sum(present(days[week])) - sum(present(other[week])))


def _new(
    method: Method, spreads: float, customer: Customer, days: Series, day: int, direction: int
) -> bool:
    if not fires(alarm(method, days, day), spreads, direction):
        return False
    return not fires(year(method, customer)[day], spreads, direction)


def seen_after(
    method: Method, spreads: float, families: Iterable[Family], swing: Swing, days: int
) -> str:
    """Per hundred swings, those that fire for who looks once, so many days after the first."""
    counted: Counter[bool] = Counter()
    for family in families:
        for customer in customers(family, EVALUATION):
            changed, day = swing.planted(customer.days, customer.start), customer.start + days
            direction = 1 if swing.share > 0 else -1
            counted[_new(method, spreads, customer, changed, day, direction)] += 1
    return f"{100 * counted[True] / counted.total():.0f}"


def echoes(method: Method, spreads: float, families: Iterable[Family]) -> str:
    """Per hundred bursts, the opposite alarms after all is as before."""
    counted: Counter[bool] = Counter()
    for family in families:
        for customer in customers(family, EVALUATION):
            days = BURST.planted(customer.days, customer.start)
            over = range(customer.start + BURST.days + 6, customer.start + BURST.days + 34)
            counted[any(_new(method, spreads, customer, days, day, -1) for day in over)] += 1
    return f"{100 * counted[True] / counted.total():.0f}"


def chosen(method: Method) -> float:
    """The number of spreads that the rule takes on the tuning customers."""
    if method is mean:
        return 0
    for spreads in GRID:
        if max(false_alarms(method, spreads, family, TUNING) for family in TUNED_ON) <= MOST_ALARMS:
            return spreads
    return GRID[-1]

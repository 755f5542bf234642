"""Invented customers' daily spend, the same for the same seed, and swings planted into it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

FIRST = date(2023, 11, 27)
"""A Monday; the 400 days from here hold one spring festival and one national day."""
DAYS = 400
CALENDAR = [FIRST + timedelta(days=day) for day in range(DAYS)]

Series = list[float | None]
"""The spend of each day; None where the bill has no row."""


def _base(random: Random, noise: float, low: float = 3_000, high: float = 1_000_000) -> list[float]:
    """Days that differ by noise only, around a month's spend between low and high."""
    day = math.exp(random.uniform(math.log(low), math.log(high))) / 30
    return [day * math.exp(random.gauss(0, noise)) for _ in range(DAYS)]


def _rhythm(random: Random, days: list[float], weakest: float = 0.3) -> list[float]:
    """The days with a weekday's own share: quieter weekends, and no two weekdays alike."""
    weekend = random.uniform(weakest, 0.9)
    share = [random.uniform(0.92, 1.08) * (weekend if day > 4 else 1) for day in range(7)]
    return [cost * share[day % 7] for day, cost in enumerate(days)]


def steady(random: Random) -> Series:
    return [*_base(random, random.uniform(0.01, 0.08))]


def weekly_rhythm(random: Random) -> Series:
    return [*_rhythm(random, _base(random, random.uniform(0.02, 0.1)))]


def growth(random: Random) -> Series:
    monthly = random.choice([-0.06, 0.04, 0.08, 0.12])
    days = _rhythm(random, _base(random, random.uniform(0.03, 0.08)))
    return [cost * (1 + monthly) ** (day / 30) for day, cost in enumerate(days)]


def heavy_tails(random: Random) -> Series:
    """One day in forty costs half as much again to four times as much, or next to nothing."""
    days = _rhythm(random, _base(random, random.uniform(0.03, 0.12)))
    odd = (random.uniform(1.5, 4), random.uniform(1.5, 4), random.uniform(0.1, 0.6))
    return [cost * (random.choice(odd) if random.random() < 0.025 else 1) for cost in days]


def gaps(random: Random) -> Series:
    """A weekly rhythm of which one day in twelve is missing, and three times a year some days."""
    days: Series = [*_rhythm(random, _base(random, random.uniform(0.02, 0.1)))]
    lost = {day for day in range(DAYS) if random.random() < 1 / 12}
    for _ in range(3):
        start = random.randrange(DAYS)
        lost |= set(range(start, start + random.randint(2, 9)))
    return [None if day in lost else cost for day, cost in enumerate(days)]


def month_start_charge(random: Random) -> Series:
    """A charge of half a day to three days of spend on the first of each month."""
    days = _rhythm(random, _base(random, random.uniform(0.02, 0.08)))
    charge = random.uniform(0.5, 3) * sum(days) / DAYS
    return [cost + charge * (CALENDAR[day].day == 1) for day, cost in enumerate(days)]


def drift(random: Random) -> Series:
    """A level that wanders: what a day is off, most of it stays for the next."""
    days, off = _rhythm(random, _base(random, 0.03)), 0.0
    stays, step = random.uniform(0.85, 0.97), random.uniform(0.015, 0.04)
    drifted: Series = []
    for cost in days:
        off = stays * off + random.gauss(0, step)
        drifted.append(cost * math.exp(off))
    return drifted


def month_end_runs(random: Random) -> Series:
    """Closing the books: the last three days of each month cost up to two and a half times."""
    factor = random.uniform(1.2, 2.5)
    days = _rhythm(random, _base(random, random.uniform(0.03, 0.08)))
    closing = [(day + timedelta(days=3)).month != day.month for day in CALENDAR]
    return [cost * (factor if end else 1) for cost, end in zip(days, closing, strict=True)]


def holidays(random: Random) -> Series:
    """Spring festival and national day, when business is away or, at some, doubles."""
    factor = random.choice([0.35, 0.5, 0.7, 0.8, 1.6, 2.0])
    days = _rhythm(random, _base(random, random.uniform(0.03, 0.08)))
    spans = (date(2024, 2, 9), date(2024, 2, 17)), (date(2024, 10, 1), date(2024, 10, 7))
    away = [any(first <= day <= last for first, last in spans) for day in CALENDAR]
    return [cost * (factor if off else 1) for cost, off in zip(days, away, strict=True)]


def batch_jobs(random: Random) -> Series:
    """Jobs at no fixed day, each for one to six days of the usual spend."""
    days = _base(random, random.uniform(0.03, 0.1))
    often, size = random.uniform(0.05, 0.35), random.uniform(1, 6)
    return [
        cost * (1 + size * random.uniform(0.7, 1.3) * (random.random() < often)) for cost in days
    ]


def tiny(random: Random) -> Series:
    """A few cents to some tens a day, half of the days noise."""
    return [
        round(cost, 2) for cost in _rhythm(random, _base(random, random.uniform(0.1, 0.5), 5, 1500))
    ]


def weekdays_only(random: Random) -> Series:
    """Test systems that are switched off at night and on weekends."""
    days = _base(random, random.uniform(0.03, 0.12))
    return [cost * (day % 7 < 5) for day, cost in enumerate(days)]


def seasons(random: Random) -> Series:
    """A year's wave of a fifth to a half around the mean."""
    days = _rhythm(random, _base(random, random.uniform(0.03, 0.08)))
    height, peak = random.uniform(0.2, 0.5), random.uniform(0, DAYS)
    return [
        cost * (1 + height * math.cos(2 * math.pi * (day - peak) / 365))
        for day, cost in enumerate(days)
    ]


def credit_notes(random: Random) -> Series:
    """Now and then a day is below zero, as something is given back."""
    days = _rhythm(random, _base(random, random.uniform(0.03, 0.08)))
    back = random.uniform(0.5, 2) * sum(days) / DAYS
    return [cost - back * (random.random() < 0.02) for cost in days]


Family = Callable[[Random], Series]
TUNED_ON: tuple[Family, ...] = (
    steady,
    weekly_rhythm,
    growth,
    heavy_tails,
    gaps,
    month_start_charge,
)
NOT_TUNED_ON: tuple[Family, ...] = (
    drift,
    month_end_runs,
    holidays,
    batch_jobs,
    tiny,
    weekdays_only,
    seasons,
    credit_notes,
)


@dataclass(frozen=True)
class Swing:
    """What is planted: a share of the spend more or less, from a day on."""

    share: float
    days: int = DAYS
    """How long it lasts; to the end unless said."""
    ramp: int = 1
    """Days until it is there in full."""

    def planted(self, series: Series, start: int) -> Series:
        """The series with this swing from that day on."""
        changed = list(series)
        for day in range(start, min(start + self.days, DAYS)):
            cost = changed[day]
            if cost is not None:
                changed[day] = cost * (1 + self.share * min(1, (day - start + 1) / self.ramp))
        return changed

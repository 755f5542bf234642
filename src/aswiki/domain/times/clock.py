"""Days, clocks and spans as both languages mean them; what cannot be is a ValueError."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import tzinfo


class Clock(NamedTuple):
    """What was said of the time of day; periods from the narrow (pm) to the wide (evening)."""

    hour: int | None = None
    minute: int = 0
    second: int = 0
    periods: tuple[str, ...] = ()


class _Period(NamedTuple):
    """A part of the day: its usual hour, and the hours that may be said of it.

    Each said hour stands for so many hours since the midnight that began the day: the 12 of an
    evening is 24.
    """

    usual: int
    hours: dict[int, int]


def _same(first: int, last: int) -> dict[int, int]:
    return {hour: hour for hour in range(first, last + 1)}


def _later(first: int, last: int) -> dict[int, int]:
    return {hour: hour + 12 for hour in range(first, last + 1)}


_ANY = _Period(0, _same(0, 24))
_DAWN = _Period(3, {12: 0, **_same(0, 6)})
_MORNING = _Period(9, _same(1, 11))
_FORENOON = _Period(9, _same(1, 12))
_NOON = _Period(12, {**_later(1, 2), **_same(11, 14)})
_AFTERNOON = _Period(15, {**_later(1, 11), **_same(12, 23)})
_DUSK = _Period(18, {**_later(4, 8), **_same(16, 20)})
_AFTER_MIDNIGHT = {0: 24, 12: 24, 24: 24, 1: 25, 2: 26, 3: 27, 4: 28}
_EVENING = _Period(20, {**_AFTER_MIDNIGHT, **_later(5, 11), **_same(17, 23)})
_DEEP_NIGHT = _Period(24, {**_AFTER_MIDNIGHT, **_later(8, 11), **_same(20, 23)})

PERIODS = {
    "凌晨": _DAWN,
    **dict.fromkeys(("清晨", "早晨", "早上", "早", "晨", "morning"), _MORNING),
    "上午": _FORENOON,
    **dict.fromkeys(("中午", "正午", "noon"), _NOON),
    **dict.fromkeys(("下午", "午后", "afternoon"), _AFTERNOON),
    "傍晚": _DUSK,
    **dict.fromkeys(("晚上", "晚间", "夜晚", "晚", "夜", "evening", "night"), _EVENING),
    **dict.fromkeys(("半夜", "午夜", "深夜", "夜里", "夜间"), _DEEP_NIGHT),
    "am": _Period(9, {12: 0, **_same(1, 11)}),
    "pm": _Period(15, {12: 12, **_later(1, 11)}),
}


def at(day: date | None, clock: Clock, here: datetime) -> datetime:
    """That clock on that day, in the zone of ``here``; without a day the most recent such time."""
    if day is None and clock.hour is None:
        raise ValueError(clock)
    minutes = _hours(clock, day) * 60 + clock.minute
    if max(clock.minute, clock.second) > 59 or (not clock.periods and minutes > 24 * 60):
        raise ValueError(clock)
    wall = datetime.combine(day or here.date(), time.min)
    wall += timedelta(minutes=minutes, seconds=clock.second)
    while day is None and wall > here.replace(tzinfo=None):
        wall -= timedelta(days=1)
    return in_zone(wall, here.tzinfo or UTC, said=clock != Clock())


def _hours(clock: Clock, day: date | None) -> int:
    """Hours since the midnight that began the day."""
    periods = [PERIODS[name] for name in clock.periods] or [_ANY]
    if clock.hour is None:
        return periods[-1].usual
    hours = clock.hour
    for period in periods:
        hours = period.hours[hours]
    # 周五半夜2点: the night before that day, or the one after it?
    unsure = _DEEP_NIGHT in periods and hours > 24 and day is not None
    wrong_half = 12 <= hours < 24 if "am" in clock.periods else hours >= 24
    if unsure or (wrong_half and not {"am", "pm"}.isdisjoint(clock.periods)):
        raise ValueError(clock)
    return hours


def in_zone(wall: datetime, zone: tzinfo, *, said: bool = True) -> datetime:
    """The naive ``wall`` time in ``zone``, the first of two where the clocks went back.

    An hour that the clocks skipped is moved on past the gap, or refused when it was ``said``.

    Raises:
        ValueError: that time never was.
    """
    there = wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    if said and there.replace(tzinfo=None, fold=0) != wall:
        raise ValueError(wall)
    return there


def weekday(index: int, today: date, weeks: int | None = None) -> date:
    """That weekday (0 is Monday) so many weeks away; None is the most recent, today included."""
    if weeks is None:
        return today - timedelta((today.weekday() - index) % 7)
    return today + timedelta(weeks * 7 + index - today.weekday())


def first_of_month(today: date, months: int) -> date:
    """The first day of the month so many months away."""
    years, index = divmod(today.month - 1 + months, 12)
    return date(today.year + years, index + 1, 1)


def shifted(here: datetime, months: int, days: int, minutes: float) -> datetime:
    """``here`` moved: months and days by the calendar, minutes by the clock that never jumps."""
    first = first_of_month(here.date(), months)
    last = first_of_month(first, 1) - timedelta(days=1)
    wall = datetime.combine(min(first + timedelta(days=here.day - 1), last), here.time())
    zone = here.tzinfo or UTC
    start = in_zone(wall + timedelta(days=days), zone, said=False) if months or days else here
    return (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(zone)

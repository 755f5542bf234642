"""Months and days as bills write them, taken as they stand: no zone is converted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from aswiki.importers.bills.amounts import NOTHING, unreadable
from aswiki.importers.foreign import BadRow
from aswiki.lang import _

Order = Literal["month first", "day first"]
ORDERS: tuple[Order, ...] = ("month first", "day first")

_CLOCK = (
    r"(?:[T ]\s*(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?"
)
_DAY = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})日?" + _CLOCK
)
_MONTH = re.compile(r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*月?份?")
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)?")
_SLASHES = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)" + _CLOCK)
_YEARS = range(1900, 2100)


class Moment(NamedTuple):
    """A place on the file's own calendar.

    Args:
        year: of four digits.
        month: 1 to 12.
        day: None where only the month is said.
        is_midnight: whether no time of the day is said, or the very start of the day.
    """

    year: int
    month: int
    day: int | None
    is_midnight: bool

    @property
    def calendar_month(self) -> str:
        """Such as ``2026-10``."""
        return f"{self.year}-{self.month:02}"

    @property
    def date(self) -> date | None:
        """The day, where it is said."""
        return date(self.year, self.month, self.day) if self.day else None


@lru_cache(maxsize=65536)
def moment(text: str | None, order: Order | None) -> Moment | None:
    """The time that a cell says; None where it says nothing.

    Args:
        text: the cell.
        order: how ``4/1/25`` is read in this file; None where nothing in it says so.

    Raises:
        BadRow: it is no time, or can be two.
    """
    tidy = unicodedata.normalize("NFKC", text or "").strip(" \t\r\n\ufeff`'")
    if tidy.casefold() in NOTHING:
        return None
    for form in (_DAY, _MONTH, _COMPACT):
        if found := form.fullmatch(tidy):
            return _moment(text, found.groupdict(), int(found["year"]), int(found["month"]))
    if found := _SLASHES.fullmatch(tidy):
        if order is None:
            said = _("{value} can be month/day/year or day/month/year, and nothing else tells")
            raise unreadable(said, text)
        first, second = int(found[1]), int(found[3])
        month, day = (first, second) if order == "month first" else (second, first)
        return _moment(text, found.groupdict() | {"day": str(day)}, _year(found[4]), month)
    raise _no_time(text)


def within_a_day(start: Moment | None, end: Moment | None) -> date | None:
    """The calendar day that holds a period whole, its end not included; None where none does."""
    if start is None or end is None or start.date is None or end.date is None:
        return None
    if start.date == end.date:
        return start.date
    return start.date if end.is_midnight and end.date == start.date + timedelta(days=1) else None


def order_of(
    periods: Iterable[tuple[str | None, str | None]], others: Iterable[str | None]
) -> Order | None:
    """How a file writes ``4/1/25``: months first or days; None where nothing in it tells.

    It is the one order in which all its dates are dates, or else the one in which a billing period
    is a month long.

    Args:
        periods: starts and ends of billing periods.
        others: all other dates.
    """
    pairs = [pair for pair in periods if any(map(is_slashed, pair))]
    written = filter(is_slashed, (*(text for pair in pairs for text in pair), *others))
    readable = [tuple(order for order in ORDERS if _reads(text, order)) for text in set(written)]
    possible = [order for order in ORDERS if all(order in orders for orders in readable if orders)]
    if len(possible) > 1:
        possible = [order for order in possible if any(_is_month(pair, order) for pair in pairs)]
    return possible[0] if len(possible) == 1 else None


def is_slashed(text: str | None) -> bool:
    """Whether a cell is a date that begins with its month or its day."""
    return bool(
        _SLASHES.fullmatch(unicodedata.normalize("NFKC", text or "").strip(" \t\r\n\ufeff`'"))
    )


def _reads(text: str | None, order: Order) -> bool:
    try:
        return moment(text, order) is not None
    except BadRow:
        return False


def _is_month(pair: tuple[str | None, str | None], order: Order) -> bool:
    try:
        start, end = (moment(text, order) for text in pair)
    except BadRow:
        return False
    if start is None or end is None or start.date is None or end.date is None:
        return False
    return 27 <= (end.date - start.date).days <= 31


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _moment(text: str | None, said: dict[str, str | None], year: int, month: int) -> Moment:
    day = int(said["day"] or 0) if said.get("day") else None
    hour, minute, second = (int(said.get(unit) or 0) for unit in ("hour", "minute", "second"))
    if half := (said.get("half") or "").lower():
        if not 1 <= hour <= 12:
            raise _no_time(text)
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    try:
        date(year, month, 1 if day is None else day)
    except ValueError:
        raise _no_time(text) from None
    if year not in _YEARS or hour > 23 or minute > 59 or second > 60:
        raise _no_time(text)
    return Moment(year, month, day, is_midnight=not (hour or minute or second))


def _no_time(text: str | None) -> BadRow:
    return unreadable(_("{value} is not a time"), text)

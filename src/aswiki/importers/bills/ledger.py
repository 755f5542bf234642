"""Sums by key while rows and groups of rows come in, exact and in any order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from aswiki.importers.bills.bill import EXACT, BillDay, BillLine, plain
from aswiki.importers.bills.rows import Entry, Key, Numbers

_DayKey = tuple[str | None, str | None, str | None, str, str | None, str | None, date]


class Ledger:
    """What a bill comes to so far."""

    def __init__(self) -> None:
        self.rows = 0
        self._lines: dict[Key, tuple[int, Numbers]] = {}
        self._days: dict[_DayKey, Decimal] = {}

    def take(self, entry: Entry | None) -> None:
        """Add one row; None for an empty one, which counts for nothing."""
        if entry is None:
            return
        self.add(entry.key, 1, entry.numbers)
        effective = entry.numbers[2]
        if entry.day is not None and entry.key.charge == "usage" and effective is not None:
            self.add_day(entry.key, entry.day, effective)

    def add(self, key: Key, rows: int, numbers: Numbers) -> None:
        """Add what some rows of one key come to."""
        self.rows += rows
        before = self._lines.get(key)
        if before is not None:
            rows += before[0]
            first, second, third, fourth = map(_plus, before[1], numbers)
            numbers = first, second, third, fourth
        self._lines[key] = rows, numbers

    def add_day(self, key: Key, day: date, cost: Decimal) -> None:
        """Add what some usage of a day cost."""
        own = (*key[:5], key.currency, day)
        self._days[own] = EXACT.add(self._days.get(own, Decimal(0)), cost)

    def lines(self) -> Sequence[BillLine]:
        """The sums by key, sorted."""
        found = []
        for key, (rows, numbers) in self._lines.items():
            quantity, billed, effective, at_list = map(_plain, numbers)
            found.append(BillLine(*key, quantity, billed, effective, at_list, rows))
        return sorted(found, key=lambda line: _sortable(line[:10]))

    def days(self) -> Sequence[BillDay]:
        """The costs by day, sorted."""
        found = (BillDay(*key, plain(cost)) for key, cost in self._days.items())
        return sorted(found, key=lambda day: (_sortable(day[:6]), day.day))


def _plain(number: Decimal | None) -> Decimal | None:
    return None if number is None else plain(number)


def _plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    if one is None or other is None:
        return other if one is None else one
    return EXACT.add(one, other)


def _sortable(key: Sequence[str | None]) -> tuple[tuple[bool, str], ...]:
    """Absent names first."""
    return tuple((text is not None, text or "") for text in key)

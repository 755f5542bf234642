"""A bill as read: what its rows come to, exactly, by whom, month, product and charge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from aswiki.importers.incidents import Rejection

COSTS = {"BilledCost": "billed_cost", "EffectiveCost": "effective_cost", "ListCost": "list_cost"}
"""FOCUS's name of a sum → the field of a line that holds it."""

EXACT = Context(prec=400, traps=[Inexact, InvalidOperation, Overflow])
"""Arithmetic that fails rather than lose a digit; Python's own rounds sums to 28."""


class BillLine(NamedTuple):
    """What the rows come to that have the same of all keys before ``quantity``.

    Args:
        provider: who bills; None where the file does not say.
        account: the billing account as text, its leading zeros kept.
        sub_account: as ``account``.
        month: such as ``2026-10``, as the file says it, without conversion of zones.
        product: the name on the bill.
        service_category: as the bill says it.
        region: as the bill says it.
        charge: ``usage``, ``purchase``, ``tax``, ``credit``, ``adjustment`` or ``correction``.
        currency: None where the file says none.
        unit: of the quantity.
        quantity: None where no row has one; so with the costs.
        billed_cost: what is invoiced.
        effective_cost: what the month's use cost, purchases spread over their term.
        list_cost: at list prices.
        rows: how many rows.
    """

    provider: str | None
    account: str | None
    sub_account: str | None
    month: str
    product: str | None
    service_category: str | None
    region: str | None
    charge: str
    currency: str | None
    unit: str | None
    quantity: Decimal | None
    billed_cost: Decimal | None
    effective_cost: Decimal | None
    list_cost: Decimal | None
    rows: int


class BillDay(NamedTuple):
    """The effective cost of the usage of one calendar day of the file's own."""

    provider: str | None
    account: str | None
    sub_account: str | None
    month: str
    product: str | None
    currency: str | None
    day: date
    cost: Decimal


@dataclass(frozen=True)
class Bill:
    """A whole bill.

    Args:
        name: the file's name.
        sha256: of the file's bytes, in hex.
        encoding: ``utf-8``, ``utf-16``, ``gb18030``, ``parquet`` or ``xlsx``.
        rows: all rows read, rejected ones too; empty ones and totals are none.
        rejected: the first of the rows that could not be taken, in the file's order.
        lines: the sums, sorted by their keys.
        days: the same; usage whose charge period lies within one calendar day.
        warnings: what the user should know.
        rejected_count: how many rows could not be taken.
    """

    name: str
    sha256: str
    encoding: str
    rows: int
    rejected: Sequence[Rejection]
    lines: Sequence[BillLine]
    days: Sequence[BillDay]
    warnings: Sequence[str]
    rejected_count: int = 0

    def sums(self) -> dict[str, dict[str, Decimal]]:
        """The costs of all rows taken: currency (empty for none) → FOCUS's name → sum.

        A cost that no row of the currency has is not there.
        """
        found: dict[str, dict[str, Decimal]] = {}
        for currency in sorted({line.currency or "" for line in self.lines}):
            lines = [line for line in self.lines if (line.currency or "") == currency]
            of_one = {
                name: total(getattr(line, key) for line in lines) for name, key in COSTS.items()
            }
            found[currency] = {name: cost for name, cost in of_one.items() if cost is not None}
        return found


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The exact sum of those that are there, without trailing zeros; None where none is."""
    there = [amount for amount in amounts if amount is not None]
    if not there:
        return None
    found = Decimal(0)
    for amount in there:
        found = EXACT.add(found, amount)
    return plain(found)


def plain(number: Decimal) -> Decimal:
    """The same number without exponent and trailing zeros, nought without sign."""
    if not number:
        return Decimal(0)
    text = f"{number:f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)

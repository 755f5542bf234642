"""One month of a customer's spend as its usage page gives it, by currency and product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from aswiki.domain.times.clock import first_of_month

if TYPE_CHECKING:
    from aswiki.domain.records.usage import Usage, UsageLine

ZERO = Decimal(0)
Days = list[Decimal | None]


@dataclass
class Costs:
    """The usage charges of one month in one currency, by casefolded product.

    Args:
        effective: effective cost, of a line without one the billed cost. What names no product is
            under the empty name.
        billed: billed cost, of a line without one the effective cost.
        names: each product as the page spells it.
        lacking: the products with a line that has no effective cost.
        left_out: what is no usage charge, product → charge → amount.
        daily: the effective cost of each day of the month, None where the file has no row.
    """

    effective: dict[str, Decimal] = field(default_factory=dict)
    billed: dict[str, Decimal] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    lacking: set[str] = field(default_factory=set)
    left_out: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    daily: dict[str, Days] = field(default_factory=dict)

    def add(self, line: UsageLine) -> None:
        """Count one line of the page."""
        product = folded(line.product)
        effective = line.effective_cost if line.effective_cost is not None else line.billed_cost
        billed = line.billed_cost if line.billed_cost is not None else line.effective_cost
        if not is_usage(line):
            # a charge may be worth nothing in effect and a year's money on the bill: that is said
            named = self.left_out.setdefault(product, {})
            named[str(line.charge)] = named.get(str(line.charge), ZERO) + (billed or ZERO)
            return
        self.names.setdefault(product, (line.product or "").strip())
        self.effective[product] = self.effective.get(product, ZERO) + (effective or ZERO)
        self.billed[product] = self.billed.get(product, ZERO) + (billed or ZERO)
        if line.effective_cost is None:
            self.lacking.add(product)

    def add_days(self, product: str | None, costs: Sequence[Decimal | None]) -> None:
        """Count the days of one product."""
        known = self.daily.setdefault(folded(product), [])
        known += [None] * (len(costs) - len(known))
        for index, cost in enumerate(costs):
            if cost is not None:
                known[index] = (known[index] or ZERO) + cost

    def amount(self, product: str | None, on_bill: frozenset[str]) -> Decimal:
        """What a product cost, None for all together; those ``on_bill`` at their billed cost."""
        if product is not None:
            return (self.billed if product in on_bill else self.effective).get(product, ZERO)
        moved = sum(
            (self.billed[own] - self.effective[own] for own in on_bill if own in self.billed), ZERO
        )
        return sum(self.effective.values(), ZERO) + moved

    def kept_out(self, product: str | None) -> dict[str, Decimal]:
        """Charge → amount of what was left out of a product's cost, None for all together."""
        if product is not None:
            return dict(sorted(self.left_out.get(product, {}).items()))
        summed: dict[str, Decimal] = {}
        for named in self.left_out.values():
            for charge, amount in named.items():
                summed[charge] = summed.get(charge, ZERO) + amount
        return dict(sorted(summed.items()))


@dataclass(frozen=True, eq=False)
class SpendMonth:
    """One month that has figures.

    Args:
        key: as in ``2026-10``.
        ref: the usage page.
        days: the days of the month.
        covered: those the page covers.
        costs: currency → what it cost.
    """

    key: str
    ref: str
    days: int
    covered: int
    costs: Mapping[str, Costs]

    @property
    def coverage(self) -> tuple[int, int]:
        """The days covered, and those of the month."""
        return self.covered, self.days


@dataclass(frozen=True)
class MonthTotal:
    """What a month cost in all, in one currency.

    Args:
        ref: the usage page.
        amount: what was spent on usage.
        covered: the days the page covers, of ``days``.
        left_out: charge → amount that is no usage.
        before: what the month before cost; None where no page says.
        change_percent: the change from it, day against day.
        year_ago: what the same month a year ago cost.
        year_percent: the change from it, day against day.
    """

    month: str
    ref: str
    currency: str
    amount: Decimal
    covered: int
    days: int
    left_out: Mapping[str, Decimal]
    before: Decimal | None
    change_percent: Decimal | None
    year_ago: Decimal | None
    year_percent: Decimal | None


def spend_month(ref: str, page: Usage, currency: str) -> SpendMonth | None:
    """What a usage page says of its month; None where it has no usage charge.

    Args:
        ref: the page's reference.
        page: the page.
        currency: that of lines without one.
    """
    if page.period is None or not has_figures(page):
        return None
    costs: dict[str, Costs] = {}
    for line in page.lines:
        costs.setdefault(line.currency or currency, Costs()).add(line)
    for own in page.daily:
        costs.setdefault(own.currency or currency, Costs()).add_days(own.product, own.costs)
    days = days_of(page.period)
    return SpendMonth(page.period, ref, days, min(page.days_covered or days, days), costs)


def is_usage(line: UsageLine) -> bool:
    """Whether a line is a usage charge; one that does not say is."""
    return line.charge in {None, "usage"}


def has_figures(page: Usage) -> bool:
    """Whether a page has a usage charge: one without is a month not imported yet, not an empty one.

    So a purchase that comes before the usage is no fall to nothing.
    """
    return any(is_usage(line) for line in page.lines)


@lru_cache(maxsize=4096)
def folded(product: str | None) -> str:
    """A product's name as it is matched across months."""
    return (product or "").strip().casefold()


def shifted(month: str, months: int) -> str:
    """The month so many months away, as in ``2026-10``."""
    return f"{first_of_month(date.fromisoformat(f'{month}-01'), months):%Y-%m}"


def days_of(month: str) -> int:
    """How many days a month has."""
    first = date.fromisoformat(f"{month}-01")
    return (first_of_month(first, 1) - timedelta(days=1)).day

"""What a customer spent and used in a period, day against day with the one before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext

from aswiki.domain.records.usage import Usage
from aswiki.domain.reports.period import Period
from aswiki.domain.spending.month import ZERO, Costs, SpendMonth, days_of, folded, is_usage, shifted
from aswiki.domain.spending.series import Series

_EXACT = Context(prec=50, traps=[])
_CENT = Decimal("0.01")
YEAR = 12
_NOTHING = Costs()


@dataclass(frozen=True)
class Beside:
    """A figure of a period beside the one it is compared with.

    Args:
        amount: the figure.
        before: of the other period; None where no page says.
        change_percent: the change, per day covered; None where nothing can be compared.
    """

    amount: Decimal
    before: Decimal | None
    change_percent: Decimal | None


@dataclass(frozen=True)
class PeriodTotal:
    """What a period cost in all, in one currency.

    Args:
        covered: the days that the pages cover, of ``days``.
        left_out: charge → amount that is no usage.
        before: as many months before it; None where no page says.
        change_percent: the change from it, day against day.
        before_covered: covered and all days of those months.
        year_ago: the same months a year ago.
        year_percent: the change from it, day against day.
        year_covered: covered and all days of those months.
    """

    currency: str
    amount: Decimal
    covered: int
    days: int
    left_out: Mapping[str, Decimal]
    before: Decimal | None
    change_percent: Decimal | None
    before_covered: tuple[int, int] | None
    year_ago: Decimal | None
    year_percent: Decimal | None
    year_covered: tuple[int, int] | None


@dataclass(frozen=True)
class Quantity:
    """How much of a product was used, in one unit; the names as folded."""

    product: str
    unit: str
    used: Beside


@dataclass(frozen=True)
class PeriodSpend:
    """A customer's usage pages as a period looks at them, by the months that have a day in it."""

    series: Series
    period: Period

    def now(self) -> list[SpendMonth]:
        """The months of the period that have figures."""
        return self._months(self.period.months)

    def before(self) -> list[SpendMonth]:
        """As many months, right before those of the period."""
        return self._shifted(len(self.period.months))

    def totals(self) -> list[PeriodTotal]:
        """What the period cost in all, by currency; none where there are no figures."""
        now = self.now()
        if not now:
            return []
        with localcontext(_EXACT):
            before, year_ago = self.before(), self._year_ago()
            currencies = sorted({one for each in now for one in each.costs})
            return [self._total(one, now, before, year_ago) for one in currencies]

    def products(self, currency: str) -> dict[str, Beside]:
        """What each product cost beside the period before, by folded name, the dearest first."""
        with localcontext(_EXACT):
            now, before = self.now(), self.before()
            named = {own for one in (*now, *before) for own in _costs(one, currency).effective}
            found = {own: _beside(now, before, currency, own) for own in sorted(named - {""})}
            return dict(sorted(found.items(), key=lambda item: -item[1].amount))

    def quantities(self, pages: Mapping[str, Usage]) -> list[Quantity]:
        """How much was used beside the period before, by product and unit.

        Args:
            pages: reference → usage page.
        """
        with localcontext(_EXACT):
            now, before = self.now(), self.before()
            used, was = _used(now, pages), _used(before, pages)
            covered, earlier = _covered(now), _covered(before)
            return [
                Quantity(*key, _compared(used.get(key, ZERO), covered, was.get(key), earlier))
                for key in sorted(used.keys() | was.keys())
            ]

    def _months(self, keys: Iterable[str]) -> list[SpendMonth]:
        return [month for key in keys if (month := self.series.month(key)) is not None]

    def _year_ago(self) -> list[SpendMonth]:
        return self._shifted(YEAR) if len(self.period.months) <= YEAR else []

    def _shifted(self, back: int) -> list[SpendMonth]:
        return self._months(shifted(key, -back) for key in self.period.months)

    def _total(
        self,
        currency: str,
        now: Sequence[SpendMonth],
        before: Sequence[SpendMonth],
        year_ago: Sequence[SpendMonth],
    ) -> PeriodTotal:
        last = _beside(now, before, currency, None)
        year = _beside(now, year_ago, currency, None)
        left_out: dict[str, Decimal] = {}
        for one in now:
            for charge, amount in _costs(one, currency).kept_out(None).items():
                left_out[charge] = left_out.get(charge, ZERO) + amount
        return PeriodTotal(
            currency=currency,
            amount=last.amount,
            covered=_covered(now),
            days=sum(days_of(key) for key in self.period.months),
            left_out=left_out,
            before=last.before,
            change_percent=last.change_percent,
            before_covered=self._coverage(before, last, len(self.period.months)),
            year_ago=year.before,
            year_percent=year.change_percent,
            year_covered=self._coverage(year_ago, year, YEAR),
        )

    def _coverage(
        self, months: Sequence[SpendMonth], beside: Beside, back: int
    ) -> tuple[int, int] | None:
        if beside.before is None:
            return None
        days = sum(days_of(shifted(key, -back)) for key in self.period.months)
        return _covered(months), days


def _costs(month: SpendMonth, currency: str) -> Costs:
    return month.costs.get(currency) or _NOTHING


def _covered(months: Iterable[SpendMonth]) -> int:
    return sum(one.covered for one in months)


def _beside(
    now: Sequence[SpendMonth], before: Sequence[SpendMonth], currency: str, product: str | None
) -> Beside:
    """A product, None for all, beside other months; as on the bill where a month has no more."""
    known = [one for one in before if currency in one.costs]
    others = list(before) if known else []
    every = [_costs(one, currency) for one in (*now, *others)]
    lacking = frozenset(own for one in every for own in one.lacking)
    on_bill = lacking if product is None else lacking & {product}
    spent = sum((_costs(one, currency).amount(product, on_bill) for one in now), ZERO)
    was = sum((_costs(one, currency).amount(product, on_bill) for one in others), ZERO)
    compared = _compared(spent, _covered(now), was if known else None, _covered(others))
    effective = _sum(now, currency, product)
    return Beside(
        effective, _sum(others, currency, product) if known else None, compared.change_percent
    )


def _sum(months: Sequence[SpendMonth], currency: str, product: str | None) -> Decimal:
    return sum((_costs(one, currency).amount(product, frozenset()) for one in months), ZERO)


def _compared(now: Decimal, covered: int, before: Decimal | None, earlier: int) -> Beside:
    """Compared by products of figure and days, so that nothing is rounded on the way."""
    if not before or not covered or not earlier:
        return Beside(now, before, None)
    usual = before * covered
    change = ((now * earlier - usual) * 100 / abs(usual)).quantize(_CENT)
    return Beside(now, before, None if change.is_nan() else change)


def _used(
    months: Iterable[SpendMonth], pages: Mapping[str, Usage]
) -> dict[tuple[str, str], Decimal]:
    """The quantities of the usage charges by folded product and unit."""
    found: dict[tuple[str, str], Decimal] = {}
    for month in months:
        for line in pages[month.ref].lines:
            if is_usage(line) and line.quantity is not None and line.product:
                key = (folded(line.product), folded(line.unit))
                found[key] = found.get(key, ZERO) + line.quantity
    return found

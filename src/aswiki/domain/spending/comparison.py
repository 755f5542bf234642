"""One month in one currency against the twelve before it: every comparison, and the total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from aswiki.domain.spending.five_weeks import last_day, last_weeks
from aswiki.domain.spending.month import ZERO, Costs, Days, MonthTotal, SpendMonth, folded
from aswiki.domain.spending.swing import TOTAL, Swing, Thresholds, answered

if TYPE_CHECKING:
    from aswiki.domain.records.usage import SwingAnswer

YEAR = 12
LEAST_OF_THREE, LEAST_OF_TWELVE = 2, 6
CENT = Decimal("0.01")
HUNDRED = Decimal(100)
_NOTHING = Costs()


@dataclass(frozen=True)
class Ground:
    """What a month's spend in one currency is compared on.

    Args:
        customer: the customer's slug.
        thresholds: from where on a swing fires.
        said: the answers of the month's page.
        currency: three letters.
        now: the month.
        before: the twelve months before it, the latest first; None where there are no figures.
    """

    customer: str
    thresholds: Thresholds
    said: Sequence[SwingAnswer]
    currency: str
    now: SpendMonth
    before: Sequence[SpendMonth | None]

    def swings(self) -> list[Swing]:
        """The comparisons, the total first, then the products by the size of their impact."""
        found = {product: list(self._of(product)) for product in sorted(self._first_seen)}
        size = {
            product: max((abs(one.impact or ZERO) for one in own), default=ZERO)
            for product, own in found.items()
        }
        ranked = sorted(found, key=lambda product: -size[product])
        return [*self._of(None), *(one for product in ranked for one in found[product])]

    def total(self) -> MonthTotal:
        """The month in all, beside the month before and the same month a year ago."""
        now = self._costs(self.now)
        beside: list[Decimal | None] = []
        for other in (self.before[0], self.before[YEAR - 1]):
            own = other.costs.get(self.currency) if other is not None else None
            found = self._against(None, "short", [other] if own is not None and other else [])
            amount = own.amount(None, frozenset()) if own is not None else None
            beside += [amount, found.impact_percent if found is not None else None]
        return MonthTotal(
            self.now.key,
            self.now.ref,
            self.currency,
            now.amount(None, frozenset()),
            *self.now.coverage,
            now.kept_out(None),
            *beside,
        )

    def _of(self, product: str | None) -> Iterator[Swing]:
        week = self._week(product)
        if week is not None:
            yield week
        known = self._known(product)
        year_ago = self.before[YEAR - 1]
        middle = [one for one in self.before[:3] if one in known]
        for horizon, months, least in (
            ("short", [one for one in self.before[:1] if one in known], 1),
            ("middle", middle, LEAST_OF_THREE),
            (("long", [year_ago], 1) if year_ago in known else ("long", known, LEAST_OF_TWELVE)),
        ):
            enough = [one for one in months if one is not None] if len(months) >= least else []
            found = self._against(product, horizon, enough)
            if found is not None:
                yield found

    @cached_property
    def _first_seen(self) -> dict[str, str]:
        """A product → the first of the months in which it has a row."""
        seen: dict[str, str] = {}
        for month in (*reversed(self.before), self.now):
            for product in self._costs(month).effective if month is not None else ():
                if product and month is not None:
                    seen.setdefault(product, month.key)
        return seen

    def _known(self, product: str | None) -> list[SpendMonth]:
        """The months before that say what the scope cost: none before it was first seen."""
        known = [month for month in self.before if month is not None]
        if product is not None:
            first = self._first_seen[product]
        else:
            first = min((m.key for m in known if self.currency in m.costs), default=self.now.key)
        return [month for month in known if month.key >= first]

    def _against(
        self, product: str | None, horizon: str, months: Sequence[SpendMonth]
    ) -> Swing | None:
        """The month against the mean day of others; None where neither has any spend.

        Compared by products of amount and days, so that a threshold is met to the last digit.
        """
        costs = [self._costs(one) for one in (self.now, *months)]
        lacking = frozenset(own for one in costs for own in one.lacking)
        on_bill = lacking if product is None else lacking & {product}
        actual, *others = (one.amount(product, on_bill) for one in costs)
        spent, covered = sum(others, ZERO), sum(one.covered for one in months)
        if not actual and not spent:
            return None
        scope = self._scope(product)
        partial = _partial(self.now.coverage, [one.coverage for one in months])
        basis = "billed_cost" if on_bill else "effective_cost"
        left_out = costs[0].kept_out(product)
        usual = spent * self.now.covered
        impact = actual * covered - usual
        limits = self.thresholds
        fired = (
            bool(spent)
            and abs(impact) >= self._least_impact * covered
            and abs(impact) * HUNDRED >= limits.percent * abs(usual)
        )
        expected = usual / covered if spent else None
        return self._swing(scope, horizon, actual, expected, partial, fired, left_out, basis)

    def _week(self, product: str | None) -> Swing | None:
        """The last week against the four before it, where there are days."""
        from aswiki.domain.spending.week import BEFORE, WEEK, week_against_before

        if self._last_day is None:
            return None
        found = week_against_before(self._days(self._last_day, product))
        if found.expected is None or not (found.actual or found.expected):
            return None
        impact, limits = found.actual - found.expected, self.thresholds
        fired = (
            found.is_unusual
            and abs(impact) * self.now.days >= self._least_impact * WEEK
            and abs(impact) * HUNDRED >= limits.percent * abs(found.expected)
            and bool(found.expected)
        )
        partial = _partial((found.now_covered, WEEK), [(found.before_covered, BEFORE)])
        scope, expected = self._scope(product), found.expected or None
        return self._swing(
            scope, "week", found.actual, expected, partial, fired, {}, "effective_cost"
        )

    def _days(self, last: date, product: str | None) -> Days:
        months = (self.now, *self.before[:2])
        of_all = self._all_days if product is not None else None
        return last_weeks(last, months, self.currency, product, of_all)

    @cached_property
    def _all_days(self) -> Days | None:
        return None if self._last_day is None else self._days(self._last_day, None)

    @cached_property
    def _last_day(self) -> date | None:
        return last_day(self.now, self.currency)

    def _swing(
        self,
        scope: str,
        horizon: str,
        actual: Decimal,
        expected: Decimal | None,
        partial: Mapping[str, list[int]] | None,
        fired: bool,
        left_out: Mapping[str, Decimal],
        basis: str,
    ) -> Swing:
        answer = self._answer(scope, horizon)
        impact = None if expected is None else actual - expected
        percent = None if not expected or impact is None else impact * HUNDRED / abs(expected)
        return Swing(
            customer=self.customer,
            scope=scope,
            horizon=horizon,
            direction="new" if impact is None else "down" if impact < 0 else "up",
            actual=actual,
            expected=_rounded(expected),
            impact=_rounded(impact),
            impact_percent=_rounded(percent),
            currency=self.currency,
            partial_days=partial,
            fired=fired,
            left_out=left_out,
            basis=basis,
            ref=self.now.ref,
            feedback=answer.feedback if answer else None,
            explanation=answer.explanation if answer else None,
            by=answer.by if answer else None,
            related=answer.related if answer else None,
        )

    @cached_property
    def _least_impact(self) -> Decimal:
        """What an impact must be at least: of the mean of the months before, each as if whole."""
        whole = [
            self._costs(month).amount(None, frozenset()) * month.days / month.covered
            for month in self.before
            if month is not None and self.currency in month.costs
        ]
        limits = self.thresholds
        mean = sum(whole, ZERO) / len(whole) if whole else ZERO
        return max(limits.share_percent * mean / HUNDRED, limits.amount)

    def _answer(self, scope: str, horizon: str) -> SwingAnswer | None:
        if not self.said:
            return None
        own = folded(scope)
        return self._answers.get((own, horizon)) or self._answers.get((own, None))

    @cached_property
    def _answers(self) -> dict[tuple[str, str | None], SwingAnswer]:
        """The answers of the page; of two to the same the later one."""
        return {answered(one): one for one in self.said}

    def _scope(self, product: str | None) -> str:
        """The product's name in the latest month that has it."""
        if product is None:
            return TOTAL
        months = (self.now, *self.before)
        names = (self._costs(month).names.get(product) for month in months if month is not None)
        return next(filter(None, names), product)

    def _costs(self, month: SpendMonth) -> Costs:
        return month.costs.get(self.currency) or _NOTHING


def _partial(
    now: tuple[int, int], before: Sequence[tuple[int, int]]
) -> dict[str, list[int]] | None:
    covered, days = sum(one[0] for one in before), sum(one[1] for one in before)
    if now[0] == now[1] and covered == days:
        return None
    return {"now": [*now], "before": [covered, days]}


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(CENT)

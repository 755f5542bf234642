"""Section 2: what was spent and used, beside the period before and a year ago, and why it swung."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from aswiki.domain.records.communication import Communication
from aswiki.domain.records.usage import SwingAnswer, Usage
from aswiki.domain.reports import months
from aswiki.domain.reports.period_spend import Beside, PeriodSpend
from aswiki.domain.reports.sight import Sight
from aswiki.domain.spending.month import folded
from aswiki.domain.spending.series import Series, Swing
from aswiki.domain.spending.swing import TOTAL, answered, percent_label

_COSTS = ("lines.product", "lines.currency", "lines.effective_cost")
SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boss": {
        "profile": ("name",),
        "usage": (
            *_COSTS,
            "lines.charge",
            "days_covered",
            "swings.feedback",
            "swings.explanation",
            "swings.by",
            "swings.related",
        ),
    },
    "product": {
        "profile": ("name",),
        "usage": ("lines.product", "lines.unit", "lines.quantity", "days_covered"),
    },
    "sales": {
        "profile": ("name",),
        "usage": (*_COSTS, "lines.charge", "days_covered", "swings.feedback"),
    },
    "customer_tech": {
        "usage": (*_COSTS, "lines.unit", "lines.quantity"),
        "communication": ("kind", "occurred_at", "customer_text"),
    },
    "customer_biz": {"usage": ("period",)},
}
"""Reader → record type → the keys whose words or values the section shows."""

_TOTAL = ("currency", "amount", "before", "change_percent", "year_ago", "year_percent")
_OF_OURS = ("covered", "days", "before_covered", "year_covered", "left_out")
_COMPARED = (
    "horizon",
    "direction",
    "actual",
    "expected",
    "impact",
    "impact_percent",
    "partial_days",
    "basis",
)
_MARKED = ("short", "middle", "long", "week")
"""The horizons in the order in which one of them marks a month of the chart."""

Row = dict[str, Any]


def spend(sights: Sequence[Sight]) -> dict[str, Any] | None:
    """What the reader may know of the period's spend and usage; None where there is nothing.

    All is by whole ``months``, those that have a day in the period. ``totals`` by customer and
    currency, for all but product; ``swings`` that fired, one row a month and scope, for the boss
    and sales; ``usage`` by product and unit, for product and the customer's technical team, who
    have ``costs`` by product and ``advice`` too. ``charts`` has the total of the last twelve
    months, for the boss, sales and the technical team.
    """
    found = [_Spent(sight) for sight in sights]
    reader = sights[0].reader if sights else ""
    told: dict[str, Any] = {}
    if reader != "product":
        told["totals"] = [row for spent in found for row in spent.totals()]
    if reader in {"boss", "sales"}:
        told["swings"] = [row for spent in found for row in spent.swings()]
    if reader in {"product", "customer_tech"}:
        told["usage"] = [row for spent in found for row in spent.usage()]
    if reader == "customer_tech":
        told["costs"] = [row for spent in found for row in spent.costs()]
        told["advice"] = [row for spent in found for row in spent.advice()]
    if not any(told.values()):
        return None
    told["months"] = list(sights[0].period.months)
    chart = _chart(found) if reader in {"boss", "sales", "customer_tech"} else None
    return told if chart is None else told | {"charts": {"spend": chart}}


class _Spent:
    """One customer's usage pages as one reader may know of them."""

    def __init__(self, sight: Sight) -> None:
        self.sight = sight
        self.pages = sight.of(Usage)
        level = sight.profile.account_level if sight.profile is not None else None
        limits = sight.ground.limits.of(level)
        self.series = Series(sight.customer, self.pages, limits, sight.ground.currency)
        self.of_period = PeriodSpend(self.series, sight.period)

    @property
    def _who(self) -> Row:
        return {"customer": self.sight.customer, "name": self.sight.name}

    def totals(self) -> Iterator[Row]:
        """What the period cost, by currency."""
        keys = _TOTAL if self.sight.is_customer else (*_TOTAL, *_OF_OURS)
        for total in self.of_period.totals():
            row = self._who | {key: getattr(total, key) for key in keys}
            row["complete"] = total.covered == total.days
            yield row if self.sight.is_customer else row | {"refs": self._refs}

    def swings(self) -> Iterator[Row]:
        """The swings that fired: one row a month, scope and currency, its horizons within."""
        for key in self.sight.period.months:
            several: dict[tuple[str, str], list[Swing]] = {}
            for one in self.series.swings(key):
                if one.fired:
                    several.setdefault((one.scope, one.currency), []).append(one)
            for (scope, currency), swings in several.items():
                told = [self._compared(one) for one in swings]
                yield {
                    **self._who,
                    "month": key,
                    "scope": scope if scope == TOTAL else self._called(scope),
                    "currency": currency,
                    "actual": swings[-1].actual,
                    "unexplained": any(one.is_unexplained for one in swings),
                    "horizons": told,
                    "ref": swings[0].ref,
                }

    def usage(self) -> Iterator[Row]:
        """How much of each product was used."""
        for one in self.of_period.quantities(self.pages):
            named = self._spelt(one.product, one.unit)
            if named is not None:
                row = self._who | {"product": named[0], "unit": named[1] or None}
                yield row | _beside("quantity", one.used)

    def costs(self) -> Iterator[Row]:
        """What each product cost."""
        for total in self.of_period.totals():
            for product, cost in self.of_period.products(total.currency).items():
                name = self._called(product)
                if name is not None:
                    row = {"product": name, "currency": total.currency}
                    yield self._who | row | _beside("amount", cost)

    def advice(self) -> list[Row]:
        """What was advised in the period, in the words released to the reader, by day."""
        found = [
            {"occurred_at": one.occurred_at, "text": text}
            for ref, one in self.sight.of(Communication).items()
            if one.kind == "advice" and self.sight.period.holds(one.occurred_at)
            if (text := self.sight.words(ref)) is not None
        ]
        return sorted(found, key=lambda one: self.sight.period.moment(one["occurred_at"]))

    def marks(self, keys: Sequence[str]) -> Iterator[Row]:
        """One mark for each month and currency whose total swung."""
        for key in keys:
            found: dict[str, list[Swing]] = {}
            for one in self.series.swings(key):
                if one.fired and one.scope == TOTAL:
                    found.setdefault(one.currency, []).append(one)
            for currency, swings in found.items():
                first = min(swings, key=lambda one: _MARKED.index(one.horizon))
                text = percent_label(first.impact_percent).replace("-", "−")
                up = first.direction == "up"
                yield {"series": currency, "month": key, "text": text, "up": up}

    @cached_property
    def _refs(self) -> list[str]:
        return [one.ref for one in self.of_period.now()]

    def _compared(self, swing: Swing) -> Row:
        """One comparison, with what the reader may read of the answer to it."""
        told = {key: getattr(swing, key) for key in _COMPARED}
        said = self._answers(swing.ref)
        answer = said.get((folded(swing.scope), swing.horizon)) or said.get(
            (folded(swing.scope), None)
        )
        told["feedback"] = answer.feedback if answer is not None else None
        if self.sight.reader == "boss":
            for key in ("explanation", "by", "related"):
                told[key] = getattr(answer, key) if answer is not None else None
        return told

    def _answers(self, ref: str) -> dict[tuple[str, str | None], SwingAnswer]:
        """The answers of a page as far as the reader may read them."""
        seen = self.sight.seen(ref).get("swings", ())
        return {answered(one): one for one in map(SwingAnswer.model_validate, seen)}

    def _called(self, product: str, unit: str | None = None) -> str | None:
        """A product as the latest page that the reader may read spells it; None on none."""
        named = self._spelt(product, unit)
        return named[0] if named is not None else None

    def _spelt(self, product: str, unit: str | None = None) -> tuple[str, str] | None:
        """A product and a unit of it, any where none is asked for, as the latest page has them."""
        own = folded(product)
        for ref in self._newest_first:
            for key, named in self._names(ref).items():
                if key[0] == own and unit in {None, key[1]}:
                    return named
        return None

    @cached_property
    def _newest_first(self) -> list[str]:
        last = months.standing(self.sight.period).key
        known = (ref for ref, page in self.pages.items() if page.period and page.period <= last)
        return sorted(known, reverse=True)

    def _names(self, ref: str) -> dict[tuple[str, str], tuple[str, str]]:
        """Folded product and unit → both as a page spells them, where the reader may read it."""
        if ref not in self._read:
            found = self._read.setdefault(ref, {})
            for line in self.sight.seen(ref).get("lines", ()):
                named = (line.get("product") or "").strip(), (line.get("unit") or "").strip()
                found.setdefault((folded(named[0]), folded(named[1])), named)
        return self._read[ref]

    @cached_property
    def _read(self) -> dict[str, dict[tuple[str, str], tuple[str, str]]]:
        return {}


def _beside(key: str, figure: Beside) -> Row:
    return {key: figure.amount, "before": figure.before, "change_percent": figure.change_percent}


def _chart(found: Sequence[_Spent]) -> dict[str, Any] | None:
    """The totals of the last twelve months of all together; swings are marked of one alone."""
    keys = months.trailing(months.standing(found[0].sight.period))
    known: dict[str, dict[str, Decimal]] = {}
    for spent in found:
        for key in keys:
            month = spent.series.month(key)
            for currency, costs in month.costs.items() if month is not None else ():
                line = known.setdefault(currency, {})
                line[key] = line.get(key, Decimal(0)) + costs.amount(None, frozenset())
    if not any(len(line) > 1 for line in known.values()):
        return None
    is_marked = len(found) == 1 and not found[0].sight.is_customer
    return {
        "kind": "spend",
        "months": keys,
        "series": [
            {"name": currency, "values": [line.get(key) for key in keys]}
            for currency, line in sorted(known.items())
        ],
        "swings": list(found[0].marks(keys)) if is_marked else [],
    }

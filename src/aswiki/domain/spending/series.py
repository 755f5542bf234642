"""A customer's spend month by month, and its swings at four horizons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Context, localcontext
from functools import cached_property
from typing import TYPE_CHECKING

from aswiki.domain.spending.comparison import YEAR, Ground
from aswiki.domain.spending.month import MonthTotal, SpendMonth, has_figures, shifted, spend_month
from aswiki.domain.spending.swing import Limits, Swing, Thresholds

if TYPE_CHECKING:
    from aswiki.domain.records.usage import Usage

__all__ = ["Limits", "MonthTotal", "Series", "Swing", "Thresholds", "swings"]

_EXACT = Context(prec=50, traps=[])
"""Room for bills of many digits; a figure beyond all reason is no defect of ours."""


def swings(
    customer: str, pages: Mapping[str, Usage], month: str, thresholds: Thresholds
) -> list[Swing]:
    """Every comparison of a month: by currency the total, then products by the size of the impact.

    Args:
        customer: the customer's slug.
        pages: reference → usage page.
        month: as in ``2026-10``.
        thresholds: from where on one fires.

    Source: wiki-schema section 6.
    """
    return Series(customer, pages, thresholds).swings(month)


@dataclass(frozen=True)
class Series:
    """A customer's usage pages, each read once.

    Args:
        customer: the customer's slug.
        pages: reference → usage page.
        thresholds: from where on a swing fires.
        currency: that of lines without one.
    """

    customer: str = ""
    pages: Mapping[str, Usage] = field(default_factory=dict)
    thresholds: Thresholds = field(default_factory=Thresholds)
    currency: str = "CNY"

    @cached_property
    def _refs(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for ref, page in sorted(self.pages.items()):
            if page.period is not None and has_figures(page):
                found.setdefault(page.period, ref)
        return found

    @cached_property
    def _read(self) -> dict[str, SpendMonth | None]:
        return {}

    @property
    def months(self) -> list[str]:
        """The months that have figures, oldest first."""
        return sorted(self._refs)

    def month(self, key: str) -> SpendMonth | None:
        """One month's figures; None where there are none."""
        if key not in self._refs:
            return None
        if key not in self._read:
            ref = self._refs[key]
            self._read[key] = spend_month(ref, self.pages[ref], self.currency)
        return self._read[key]

    def swings(self, month: str) -> list[Swing]:
        """Every comparison of a month: by currency the total, then products by impact."""
        with localcontext(_EXACT):
            return [swing for ground in self._grounds(month) for swing in ground.swings()]

    def totals(self, month: str) -> list[MonthTotal]:
        """What a month cost in all, by currency; none where there are no figures."""
        with localcontext(_EXACT):
            grounds = self._grounds(month)
            return [one.total() for one in grounds if one.currency in one.now.costs]

    def _grounds(self, month: str) -> list[Ground]:
        now = self.month(month)
        if now is None:
            return []
        before = [self.month(shifted(month, -back)) for back in range(1, YEAR + 1)]
        currencies = {one for known in (now, *before) if known for one in known.costs}
        said = self.pages[now.ref].swings
        return [
            Ground(self.customer, self.thresholds, said, currency, now, before)
            for currency in sorted(currencies)
        ]

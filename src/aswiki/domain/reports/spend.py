"""What a customer spent in a month, beside the month before and a year ago, and why it swung."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from aswiki.domain.records.common import Record
from aswiki.domain.records.profile import Profile
from aswiki.domain.records.usage import Usage
from aswiki.domain.reports.period import Period
from aswiki.domain.spending.series import Limits, MonthTotal, Series, Swing


@dataclass(frozen=True)
class ReportedSpend:
    """The spend of one month.

    Args:
        totals: what was spent on usage, by currency; none where there are no figures.
        swings: those that fired, the total first.
    """

    totals: list[MonthTotal]
    swings: list[Swing]

    def as_json(self) -> dict[str, Any]:
        """The spend as a report's document holds it."""
        return {
            "totals": [vars(one) for one in self.totals],
            "swings": [
                one.as_json() | {"is_unexplained": one.is_unexplained} for one in self.swings
            ],
        }


def spend(
    customer: str, records: Mapping[str, Record], month: Period, limits: Limits, currency: str
) -> ReportedSpend:
    """What a customer spent in the month.

    Args:
        customer: the customer's slug.
        records: reference → record.
        month: the month.
        limits: from where on a swing fires.
        currency: that of amounts without one.
    """
    pages = {ref: record for ref, record in records.items() if isinstance(record, Usage)}
    profile = records.get(f"{customer}/profile")
    level = profile.account_level if isinstance(profile, Profile) else None
    series = Series(customer, pages, limits.of(level), currency)
    fired = [swing for swing in series.swings(month.last_month.key) if swing.fired]
    return ReportedSpend(series.totals(month.last_month.key), fired)


def worst_unexplained(found: ReportedSpend) -> list[Swing]:
    """The swings that nobody has answered, one a scope and currency: the largest impact of each."""
    worst: dict[tuple[str, str], Swing] = {}
    for swing in found.swings:
        key = (swing.scope, swing.currency)
        if swing.is_unexplained and _size(swing) > _size(worst.get(key)):
            worst[key] = swing
    return list(worst.values())


def _size(swing: Swing | None) -> Decimal:
    return Decimal(-1) if swing is None else abs(swing.impact or Decimal(0))

"""The numbers of a period over all customers, beside those of the one before: for the boss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from aswiki.domain.records.common import Record
from aswiki.domain.reports.asked_about import Fact, asked_about
from aswiki.domain.reports.customer_month import (
    CustomerMonth,
    Totals,
    customer_month,
    totals,
)
from aswiki.domain.reports.ground import Ground
from aswiki.domain.reports.period import Period

_LISTS = (
    "incidents",
    "open_events",
    "complaints",
    "promises",
    "blames",
    "churn",
    "visits",
    "communications",
)


@dataclass(frozen=True)
class MonthlyReport:
    """One month of one or more customers, and the numbers of the month before."""

    month: Period
    totals: Totals
    before: Totals
    asked_about: list[Fact]
    customers: list[CustomerMonth]


def monthly_report(
    records: Mapping[str, Mapping[str, Record]], month: Period, ground: Ground
) -> MonthlyReport:
    """The report on a month; customers who need attention first, quiet ones last.

    Args:
        records: a customer's slug → their records by reference.
        month: the month, with the moment up to which things are known.
        ground: people, words and currency.
    """
    found = [customer_month(slug, own, month, ground) for slug, own in records.items()]
    found.sort(key=CustomerMonth.attention)
    before = month.shifted(-1)
    earlier = [customer_month(slug, own, before, ground) for slug, own in records.items()]
    return MonthlyReport(
        month=month,
        totals=totals(found, month, ground.severities),
        before=totals(earlier, before, ground.severities),
        asked_about=asked_about(found),
        customers=found,
    )


def numbers(report: MonthlyReport) -> dict[str, Any]:
    """The report as plain data; times, dates and decimals are still values."""
    return {
        "month": report.month.key,
        "totals": asdict(report.totals),
        "before": {"month": report.month.shifted(-1).key, "totals": asdict(report.before)},
        "asked_about": [asdict(fact) for fact in report.asked_about],
        "customers": [_customer(one) for one in report.customers],
    }


def _customer(one: CustomerMonth) -> dict[str, Any]:
    found: dict[str, Any] = {"customer": one.customer, **asdict(one.account)}
    found |= {"quiet": one.is_quiet, "totals": asdict(one.totals)}
    for name in _LISTS:
        found[name] = [asdict(item) for item in getattr(one, name)]
    found["spend"] = one.spend.as_json()
    return found

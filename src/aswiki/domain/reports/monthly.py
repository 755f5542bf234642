"""The monthly report for the boss: a value computed from records, and its stable keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from aswiki.domain.records.common import Record
from aswiki.domain.reports.asked_about import Fact, asked_about
from aswiki.domain.reports.customer_month import (
    CustomerMonth,
    Ground,
    Totals,
    customer_month,
    totals,
)
from aswiki.domain.reports.month import Month

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

    month: Month
    totals: Totals
    before: Totals
    asked_about: list[Fact]
    customers: list[CustomerMonth]


@dataclass(frozen=True)
class Origin:
    """Where a report's facts come from.

    Args:
        wiki: the wiki's name, empty where it has none.
        as_of: the moment asked for; None for the present.
        commit: the revision read, or the one the working folder stands on; None without any.
        uncommitted: files of the working folder that differ from that commit.
        records: how many records were read.
        skipped: the paths of files that could not be read.
    """

    wiki: str = ""
    as_of: datetime | None = None
    commit: str | None = None
    uncommitted: int = 0
    records: int = 0
    skipped: tuple[str, ...] = ()


def monthly_report(
    records: Mapping[str, Mapping[str, Record]], month: Month, ground: Ground
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


def document(report: MonthlyReport, origin: Origin) -> dict[str, Any]:
    """The report as plain data: the contract of its JSON, and what a template is given.

    Times, dates and decimals are still values.
    """
    return {
        "month": report.month.key,
        "for": "boss",
        "wiki": origin.wiki,
        "as_of": origin.as_of,
        "commit": origin.commit,
        "uncommitted": origin.uncommitted,
        "records": origin.records,
        "skipped": list(origin.skipped),
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
    return found

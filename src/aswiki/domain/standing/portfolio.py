"""The portfolio: where each customer stands today, those who need attention first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from aswiki.domain.ledgers.ground import is_open
from aswiki.domain.records.common import Record
from aswiki.domain.records.complaint import Complaint
from aswiki.domain.records.event import Event
from aswiki.domain.records.profile import Profile
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.promises import is_overdue, promises
from aswiki.domain.spending.month import shifted
from aswiki.domain.spending.series import Series
from aswiki.domain.standing.contact import contacts
from aswiki.domain.standing.drivers import WORST_FIRST
from aswiki.domain.standing.weather import value
from aswiki.domain.words import VOCABULARIES

TREND_MONTHS = 12
_LEVELS = tuple(VOCABULARIES["account_level"])
_NEVER = 10**6
_ALL = frozenset[str]()


@dataclass(frozen=True)
class Standing:
    """Where one customer stands today.

    Args:
        name: the customer's name, else the profile's title.
        lifecycle: onboarding, active and so on.
        weather: of the month that runs.
        open_urgent: events of P0 and P1 that are open.
        overdue_promises: open promises past their day.
        owed_amount: None where the profile says nothing.
        spend_month: the last month with figures; None without any.
        spend: what it cost, by currency.
        spend_trend: by currency the twelve months up to it, None where one has no figures.
        last_contact_on: of a visit held, a communication, a feeling noted, a customer's entry in
            a log.
        days_since_contact: from that day to today.
    """

    customer: str
    name: str
    lifecycle: str | None
    owner: str | None
    account_level: str | None
    weather: str
    open_urgent: int
    open_events: int
    open_complaints: int
    overdue_promises: int
    owed_amount: Decimal | None
    spend_month: str | None
    spend: Mapping[str, Decimal]
    spend_trend: Mapping[str, Sequence[Decimal | None]]
    last_contact_on: date | None
    days_since_contact: int | None

    def as_json(self) -> dict[str, Any]:
        """The row of ``list customers --json``: what every record's row has, and its own keys."""
        own = {key: said for key, said in vars(self).items() if key not in _HEAD}
        return {
            "ref": f"{self.customer}/profile",
            "type": "profile",
            "customer": self.customer,
            "title": self.name,
            "status": self.lifecycle,
            "occurred": None,
            "owner": self.owner,
            **own,
        }

    def attention(self) -> tuple[int, int, int, int, Decimal, int, int, str]:
        """A key that sorts those who need attention first.

        By the weather; then open P0 and P1, overdue promises, open complaints and what is owed;
        then the level, and who was not met for longest.
        """
        level, gone = self.account_level, self.days_since_contact
        return (
            WORST_FIRST.index(self.weather),
            -self.open_urgent,
            -self.overdue_promises,
            -self.open_complaints,
            -(self.owed_amount or Decimal(0)),
            _LEVELS.index(level) if level in _LEVELS else len(_LEVELS),
            -(_NEVER if gone is None else gone),
            self.customer,
        )


_HEAD = frozenset({"customer", "name", "lifecycle", "owner"})


def standing(
    customer: str, records: Mapping[str, Record], profile: Profile, month: Period, spend: Series
) -> Standing:
    """Where a customer stands at the month's as-of.

    Args:
        customer: the slug.
        records: the customer's own, by reference, tombstones left out.
        profile: the customer's.
        month: the month that runs.
        spend: the customer's usage pages.
    """
    events = [one for one in records.values() if isinstance(one, Event) and is_open(one)]
    complaints = [one for one in records.values() if isinstance(one, Complaint) and is_open(one)]
    last = spend.months[-1] if spend.months else None
    met = contacts(records, month)
    met_on = month.day(met[-1].at) if met else None
    return Standing(
        customer=customer,
        name=profile.name or profile.title,
        lifecycle=profile.lifecycle,
        owner=profile.owner,
        account_level=profile.account_level,
        weather=value(customer, records, month, spend.swings(month.key)),
        open_urgent=sum(event.severity in {"P0", "P1"} for event in events),
        open_events=len(events),
        open_complaints=len(complaints),
        overdue_promises=sum(is_overdue(one) for one in promises(records, month)),
        owed_amount=profile.credit.owed_amount if profile.credit is not None else None,
        spend_month=last,
        spend=_costs(spend, last),
        spend_trend=_trend(spend, last),
        last_contact_on=met_on,
        days_since_contact=(month.last_day - met_on).days if met_on is not None else None,
    )


def _costs(spend: Series, key: str | None) -> dict[str, Decimal]:
    """What a month cost, by currency; nothing where it has no figures."""
    month = spend.month(key) if key is not None else None
    costs = month.costs if month is not None else {}
    return {currency: costs[currency].amount(None, _ALL) for currency in sorted(costs)}


def _trend(spend: Series, last: str | None) -> dict[str, list[Decimal | None]]:
    """The twelve months up to the last, oldest first, in each currency of the last."""
    if last is None:
        return {}
    months = [_costs(spend, shifted(last, -back)) for back in reversed(range(TREND_MONTHS))]
    return {currency: [month.get(currency) for month in months] for currency in months[-1]}

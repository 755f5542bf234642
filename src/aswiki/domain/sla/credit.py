"""What each product kept of its SLA in one month of one customer, and what credit is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from aswiki.domain.records.event import Event
from aswiki.domain.records.product import Sla
from aswiki.domain.records.profile import Contract
from aswiki.domain.sla import terms as printed
from aswiki.domain.sla.ground import Fee, Ground, Subject, folded
from aswiki.domain.sla.outages import (
    Outage,
    Period,
    calendar_month,
    minutes_of,
    outage,
    service_month,
)
from aswiki.domain.sla.terms import Window


class Verdict(NamedTuple):
    """What so many minutes mean under the terms."""

    unavailable_minutes: int
    availability: Fraction
    credit_percent: Decimal | None
    credit: Decimal | None

    def as_json(self) -> dict[str, Any]:
        """Its four figures, the availability with six places."""
        return {
            "unavailable_minutes": self.unavailable_minutes,
            "availability_percent": printed.six_places(self.availability),
            "credit_percent": self.credit_percent,
            "credit": self.credit,
        }


@dataclass(frozen=True)
class SlaMonth:
    """A product's SLA in one month.

    Args:
        key: the month, as in ``2026-10``.
        terms: the product's, with those of the contract in force; None without an SLA.
        outages: the incidents of the month, excluded ones too, by their beginning.
    """

    subject: Subject
    key: str
    period: Period
    terms: Sla | None
    contract: Contract | None
    fee: Fee
    window: Window
    outages: tuple[Outage, ...]

    @cached_property
    def ours(self) -> Verdict:
        """By our clock."""
        return self._verdict(minutes_of(self.outages))

    @cached_property
    def customers(self) -> Verdict | None:
        """By the customer's clock where it is known; None where it never is."""
        if all(one.customer_span is None for one in self.outages):
            return None
        return self._verdict(minutes_of(self.outages, by_customer=True))

    @property
    def is_missed(self) -> bool:
        """Whether less than committed was kept."""
        return printed.is_missed(self.terms, self.ours.availability)

    @property
    def is_claimable(self) -> bool:
        """Whether a credit is due, or may be where no tiers say how much."""
        return self.is_missed and self.ours.credit_percent != 0

    @property
    def is_decided(self) -> bool:
        """Whether an outage of the month says what became of the claim."""
        return any(one.is_decided for one in self._counted)

    @property
    def unclear(self) -> list[str]:
        """The outages whose hours are not known: they count for nothing, the figure is too low."""
        return [one.ref for one in self._counted if one.minutes is None]

    @property
    def is_final(self) -> bool:
        """Whether the month is over, nothing goes on and every outage has its hours."""
        return (
            self.period.is_over
            and not self.unclear
            and not any(one.is_running for one in self._counted if one.given is None)
        )

    @property
    def worst(self) -> str | None:
        """The longest outage that counts."""
        by_length = sorted(self._counted, key=lambda one: (-(one.minutes or 0), one.ref))
        return by_length[0].ref if by_length else None

    @property
    def _counted(self) -> list[Outage]:
        return [one for one in self.outages if one.excluded is None]

    def _verdict(self, minutes: int) -> Verdict:
        kept = printed.availability(minutes, self.period.minutes)
        percent = printed.credit_percent(self.terms, kept)
        return Verdict(minutes, kept, percent, printed.credit(self.fee.amount, percent))

    def as_json(self, today: date) -> dict[str, Any]:
        """The row as ``sla --json`` lists it, the promised keys first."""
        ours = self.ours.as_json()
        return {
            "product": self.subject.name,
            "unavailable_minutes": ours["unavailable_minutes"],
            "availability_percent": ours["availability_percent"],
            "committed_percent": self.terms.committed_percent if self.terms is not None else None,
            "credit_percent": ours["credit_percent"],
            "credit": ours["credit"],
            "claim_opens": self.window.opens,
            "claim_closes": self.window.closes,
            "claim": self.window.state(today) if self.is_claimable else None,
            "decided": self.is_decided,
            "missed": self.is_missed,
            "final": self.is_final,
            "unclear": self.unclear,
            "currency": self.fee.currency,
            "fee": self.fee.amount,
            "fee_basis": self.fee.basis,
            "from": self.period.first_day,
            "to": self.period.last_day,
            "zone": str(self.period.zone),
            "minutes": self.period.minutes,
            "working_days": self.window.working_days,
            "customer_clock": self.customers and self.customers.as_json(),
            "outages": [_outage_json(one) for one in self.outages],
        }


def _outage_json(one: Outage) -> dict[str, Any]:
    ended = one.event.mitigated_at if one.event.resolved_at is None else one.event.resolved_at
    said = one.event.compensation
    return {
        "ref": one.ref,
        "minutes": one.minutes,
        "from": one.event.started_at,
        "to": ended,
        "excluded": one.excluded,
        "running": one.is_running,
        "compensation": said.status if said is not None else None,
    }


def sla_months(key: str, ground: Ground) -> list[SlaMonth]:
    """One row for each product that is under contract in a month or had an outage in it.

    Those of the contracts come first, in the order of the profile, then the others by name.
    """
    months = (sla_month(subject, key, ground) for subject in subjects(ground))
    return [month for month in months if month.contract is not None or month.outages]


def subjects(ground: Ground) -> list[Subject]:
    """The products under contract, in the order of the profile, then the others that failed."""
    named = [event.product for _ref, event in ground.incidents if event.product]
    found: dict[frozenset[str], Subject] = {}
    for name in (*(c.product or "" for c in ground.contracts), *sorted(named)):
        if folded(name):
            subject = ground.subject(name)
            found.setdefault(subject.names, subject)
    return list(found.values())


def unplaced(key: str, ground: Ground) -> list[str]:
    """The incidents of a month that name no product, and so count for none."""
    month = calendar_month(key, ground.zone, ground.now)
    return [
        ref
        for ref, event in ground.incidents
        if not folded(event.product) and outage(ref, event, month) is not None
    ]


def sla_month(subject: Subject, key: str, ground: Ground) -> SlaMonth:
    """The month of one product."""
    terms, contract, period = _agreed(subject, key, ground)
    return SlaMonth(
        subject=subject,
        key=key,
        period=period,
        terms=terms,
        contract=contract,
        fee=ground.fee(subject, contract, key),
        window=printed.claim_window(terms, period.last_day, ground.workdays),
        outages=tuple(_outages(subject, period, ground.incidents)),
    )


def window_of(subject: Subject, key: str, ground: Ground) -> Window:
    """When the credit of a product's month can be claimed, whatever happened in it."""
    terms, _contract, period = _agreed(subject, key, ground)
    return printed.claim_window(terms, period.last_day, ground.workdays)


def _agreed(
    subject: Subject, key: str, ground: Ground
) -> tuple[Sla | None, Contract | None, Period]:
    """The terms of a month, the contract they are of, and the days it has."""
    last_day = calendar_month(key, ground.zone, ground.now).last_day
    contract = subject.contract(last_day)
    terms = printed.merged(
        subject.page.product.sla if subject.page is not None else None,
        contract.sla if contract is not None else None,
    )
    zone = zone_of(terms.zone if terms is not None else None) or ground.zone
    month = calendar_month(key, zone, ground.now)
    opened = subject.opened
    if terms is not None and terms.month == "service" and opened is not None:
        month = service_month(month, opened) or month
    return terms, contract, month


def zone_of(name: str | None) -> tzinfo | None:
    """The zone of a name; None where there is no such zone, or no name."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _outages(
    subject: Subject, period: Period, incidents: Sequence[tuple[str, Event]]
) -> list[Outage]:
    found = [
        one
        for ref, event in incidents
        if folded(event.product) in subject.names
        if (one := outage(ref, event, period)) is not None
    ]
    return sorted(found, key=lambda one: (one.began, one.ref))

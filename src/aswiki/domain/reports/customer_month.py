"""One customer's month: everything their records say of it, and its totals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from aswiki.domain.records.churn import Churn
from aswiki.domain.records.common import Record
from aswiki.domain.records.communication import Communication
from aswiki.domain.records.complaint import Complaint
from aswiki.domain.records.event import Event
from aswiki.domain.records.profile import Profile
from aswiki.domain.records.visit import Visit
from aswiki.domain.reports import activity, complaints, incidents, promises
from aswiki.domain.reports.activity import ReportedChurn, ReportedCommunication, ReportedVisit
from aswiki.domain.reports.complaints import ReportedBlame, ReportedComplaint
from aswiki.domain.reports.ground import Ground
from aswiki.domain.reports.incidents import Incident, OpenEvent
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.promises import ReportedPromise
from aswiki.domain.reports.spend import ReportedSpend, spend

GRAVE = frozenset({"P0", "P1"})
_R = TypeVar("_R", bound=Record)


@dataclass(frozen=True)
class Account:
    """What a report says of a customer whatever the month: the present account."""

    name: str
    account_level: str | None = None
    owed_amount: Decimal | None = None
    owed_currency: str | None = None
    owed_as_of: date | None = None

    @property
    def owes(self) -> Decimal:
        """What is owed; 0 where nothing is known."""
        return max(self.owed_amount or Decimal(0), Decimal(0))


@dataclass(frozen=True)
class Totals:
    """The numbers of a month, of one customer or of all.

    Args:
        incidents: those that started in the month, cancelled ones not counted.
        incident_minutes: their whole outages.
        open_events: events of any kind open at the month's end.
        complaints: those received in the month, in either direction.
        complaints_open: those open at the month's end.
        promises: kept and late in the month; broken, open (overdue ones too) and overdue at its
            end.
        blames: cleared in the month; carried at its end.
        churn: spend lost from the month on, a month, by currency.
        visits: those held.
        hours: spent on the month's events; positive work is in ``communication_hours``.
    """

    incidents: int
    incident_minutes: int
    by_severity: dict[str, int]
    open_events: int
    complaints: int
    complaints_open: int
    promises: dict[str, int]
    blames: dict[str, int]
    churn: dict[str, Decimal]
    visits: int
    communications: int
    communication_hours: Decimal
    hours: dict[str, Decimal]


@dataclass(frozen=True)
class CustomerMonth:
    """One customer's month; every list is in the order it is to be read."""

    customer: str
    account: Account
    month: Period
    severities: Sequence[str]
    incidents: list[Incident]
    open_events: list[OpenEvent]
    complaints: list[ReportedComplaint]
    every_promise: list[ReportedPromise]
    blames: list[ReportedBlame]
    churn: list[ReportedChurn]
    visits: list[ReportedVisit]
    communications: list[ReportedCommunication]
    hours: dict[str, Decimal]
    spend: ReportedSpend

    @cached_property
    def promises(self) -> list[ReportedPromise]:
        """The promises that the report lists."""
        return [item for item in self.every_promise if promises.matters(item, self.month)]

    @cached_property
    def totals(self) -> Totals:
        """The customer's numbers."""
        return totals([self], self.month, self.severities)

    @property
    def is_quiet(self) -> bool:
        """Whether the month has nothing to tell but what is owed and what was spent."""
        lists = (self.incidents, self.open_events, self.complaints, self.promises, self.blames)
        more = (self.churn, self.visits, self.communications)
        return not any((*lists, *more, *self.hours.values()))

    def attention(self) -> tuple[bool, int, int, int, int, Decimal, int, str]:
        """A key that sorts those who need attention first.

        By grave incidents, open complaints, broken promises and what is owed; then by minutes.
        """
        grave = sum(item.severity in GRAVE for item in self.incidents)
        now = self.totals
        return (
            self.is_quiet,
            -grave,
            -now.complaints_open,
            -now.promises["broken"],
            -now.promises["overdue"],
            -self.account.owes,
            -now.incident_minutes,
            self.customer,
        )


def customer_month(
    customer: str, records: Mapping[str, Record], month: Period, ground: Ground
) -> CustomerMonth:
    """What a customer's records, by reference, say of a month."""
    events = _of(records, Event)
    return CustomerMonth(
        customer=customer,
        account=_account(customer, records, ground),
        month=month,
        severities=ground.severities,
        incidents=incidents.incidents(events, month, ground.colleagues),
        open_events=incidents.open_events(events, month),
        complaints=complaints.complaints(_of(records, Complaint), month),
        every_promise=promises.promises(records, month),
        blames=complaints.blames(events, month),
        churn=activity.churn(_of(records, Churn), month),
        visits=activity.visits(_of(records, Visit), month),
        communications=activity.communications(_of(records, Communication), month),
        hours=activity.hours(events.values(), month),
        spend=spend(customer, records, month, ground.limits, ground.currency),
    )


def totals(found: Iterable[CustomerMonth], month: Period, severities: Sequence[str]) -> Totals:
    """The numbers of several customers together; the keys are the same in every month."""
    several = list(found)
    outages = [item for one in several for item in one.incidents]
    made = [item for one in several for item in one.every_promise]
    received = [item for one in several for item in one.complaints]
    accused = [item for one in several for item in one.blames]
    work = [item for one in several for item in one.communications]
    return Totals(
        incidents=len(outages),
        incident_minutes=sum(item.minutes for item in outages),
        by_severity=incidents.severities(outages, severities),
        open_events=sum(len(one.open_events) for one in several),
        complaints=sum(month.holds(item.received_at) for item in received),
        complaints_open=sum(item.open_at_end for item in received),
        promises=promises.count_promises(made, month),
        blames={
            "cleared": sum(item.cleared_in_month for item in accused),
            "carried": sum(item.carried_at_end for item in accused),
        },
        churn=_by_currency(item for one in several for item in one.churn),
        visits=sum(item.status == "held" for one in several for item in one.visits),
        communications=len(work),
        communication_hours=sum((item.hours or Decimal(0) for item in work), Decimal(0)),
        hours={
            kind: sum((one.hours[kind] for one in several), Decimal(0)) for kind in activity.HOURS
        },
    )


def _of(records: Mapping[str, Record], kind: type[_R]) -> dict[str, _R]:
    return {ref: record for ref, record in records.items() if isinstance(record, kind)}


def _account(customer: str, records: Mapping[str, Record], ground: Ground) -> Account:
    profile = records.get(f"{customer}/profile")
    if not isinstance(profile, Profile):
        return Account(customer)
    credit = profile.credit
    return Account(
        name=profile.name or profile.title,
        account_level=profile.account_level,
        owed_amount=credit.owed_amount if credit else None,
        owed_currency=(credit.currency or ground.currency) if credit else None,
        owed_as_of=credit.as_of if credit else None,
    )


def _by_currency(lost: Iterable[ReportedChurn]) -> dict[str, Decimal]:
    summed: dict[str, Decimal] = {}
    for item in lost:
        summed[item.currency] = summed.get(item.currency, Decimal(0)) + item.amount_per_month
    return dict(sorted(summed.items()))

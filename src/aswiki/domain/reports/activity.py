"""What was done with a customer in a month, and what was lost: visits, positive work, churn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from aswiki.domain.records.churn import Churn
from aswiki.domain.records.communication import Communication
from aswiki.domain.records.event import Event
from aswiki.domain.records.visit import Visit
from aswiki.domain.reports.period import Period

HOURS = ("work", "night", "holiday", "onsite")


@dataclass(frozen=True)
class ReportedVisit:
    """One visit, held in the month or planned; ``weather`` is the visitor's own reading."""

    ref: str
    title: str
    kind: str
    mode: str | None
    status: str
    occurred_at: datetime | date
    weather: str | None
    attendees: tuple[str, ...]
    requested_by: str | None


@dataclass(frozen=True)
class ReportedCommunication:
    """One piece of positive work, with the customer's thanks where they said any."""

    ref: str
    title: str
    kind: str
    occurred_at: datetime | date
    hours: Decimal | None
    acknowledged: dict[str, str | None] | None


@dataclass(frozen=True)
class ReportedChurn:
    """Spend lost from this month on; ``ruling`` is the reason as ruled, None while disputed."""

    ref: str
    title: str
    amount_per_month: Decimal
    currency: str
    extent: str | None
    product: str | None
    reason: str
    ruling: str | None
    attributions: tuple[dict[str, str | None], ...]


def visits(found: Mapping[str, Visit], month: Period) -> list[ReportedVisit]:
    """Visits held in the month, then those planned for the rest of it or the next, by time.

    One that did not take place is left out. Without a status a visit is held unless it lies ahead
    of the as-of.
    """
    following = month.shifted(1)
    listed = []
    for ref, visit in found.items():
        status = visit_status(visit, month)
        planned = status == "planned" and following.holds(visit.occurred_at)
        here = status in {"held", "planned"} and month.holds(visit.occurred_at)
        if visit.occurred_at is not None and (planned or here):
            listed.append(_visit(ref, visit, visit.occurred_at, status))
    return sorted(
        listed,
        key=lambda item: (item.status == "planned", month.moment(item.occurred_at), item.ref),
    )


def visit_status(visit: Visit, month: Period) -> str:
    """The visit's status; held where it says none and its time is not ahead."""
    ahead = visit.occurred_at is not None and month.moment(visit.occurred_at) > month.as_of
    return visit.status or ("planned" if ahead else "held")


def communications(
    found: Mapping[str, Communication], month: Period
) -> list[ReportedCommunication]:
    """The positive work of the month, by time."""
    listed = [
        ReportedCommunication(
            ref=ref,
            title=one.title,
            kind=one.kind,
            occurred_at=one.occurred_at,
            hours=one.hours,
            acknowledged={"by": one.acknowledged.by, "quote": one.acknowledged.quote}
            if one.acknowledged
            else None,
        )
        for ref, one in found.items()
        if one.occurred_at is not None and month.holds(one.occurred_at)
    ]
    return sorted(listed, key=lambda item: (month.moment(item.occurred_at), item.ref))


def churn(found: Mapping[str, Churn], month: Period) -> list[ReportedChurn]:
    """The spend lost from the month on, the largest first."""
    listed = [
        ReportedChurn(
            ref=ref,
            title=one.title,
            amount_per_month=one.amount_per_month,
            currency=one.currency,
            extent=one.extent,
            product=one.product,
            reason=one.reason,
            ruling=one.ruling.reason if one.ruling else None,
            attributions=tuple(
                {"party": said.party, "reason": said.reason, "argument": said.argument}
                for said in one.attributions
            ),
        )
        for ref, one in found.items()
        if one.period in month.months
    ]
    return sorted(listed, key=lambda item: (-item.amount_per_month, item.ref))


def hours(events: Iterable[Event], month: Period) -> dict[str, Decimal]:
    """The hours, by kind, spent on the events that started in the month, cancelled ones too."""
    total = dict.fromkeys(HOURS, Decimal(0))
    for event in events:
        if event.hours is not None and month.holds(event.started_at):
            for kind in HOURS:
                total[kind] += getattr(event.hours, kind) or 0
    return total


def _visit(ref: str, visit: Visit, occurred_at: datetime | date, status: str) -> ReportedVisit:
    return ReportedVisit(
        ref=ref,
        title=visit.title,
        kind=visit.kind,
        mode=visit.mode,
        status=status,
        occurred_at=occurred_at,
        weather=visit.weather,
        attendees=tuple(visit.attendees),
        requested_by=visit.requested_by,
    )

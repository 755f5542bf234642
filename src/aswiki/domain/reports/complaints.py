"""The complaints a month's report speaks of, and the accusations carried or cleared in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from aswiki.domain.records.complaint import Complaint, Loss
from aswiki.domain.records.event import Blame, Event
from aswiki.domain.reports.period import Period
from aswiki.domain.vocabulary import OPEN_COMPLAINT_EXCLUDES

_CARRIED = frozenset({"accused", "investigating", "carried"})


@dataclass(frozen=True)
class ReportedComplaint:
    """One complaint.

    Args:
        status: as the record has it now.
        open_at_end: whether it was open at the month's end.
        days: days it was open, up to the month's end.
        last_entry: the newest entry of its log by the month's end.
        responsible: person and department, each as far as it is said.
        cleared_by: the reference of the record that cleared them.
    """

    ref: str
    title: str
    category: str
    direction: str | None
    severity: str | None
    status: str | None
    received_at: datetime | date
    closed_at: datetime | date | None
    open_at_end: bool
    days: int
    customer_impact: str | None
    last_entry: dict[str, object] | None
    responsible: dict[str, str | None] | None
    cleared_by: str | None
    customer_loss: dict[str, str | Decimal | None] | None


@dataclass(frozen=True)
class ReportedBlame:
    """One accusation against us.

    Args:
        status: as the record has it now.
        carried_at_end: whether it was neither cleared nor settled otherwise at the month's end.
        days_carried: days from accused to cleared, or to the month's end while it is carried;
            None where it was settled otherwise, on a day nobody wrote down.
        statement: the quote of the log entry written when it was cleared.
    """

    ref: str
    title: str
    status: str | None
    accused_at: datetime | date
    accused_by: tuple[str, ...]
    allegation: str | None
    cleared_at: datetime | date | None
    cleared_in_month: bool
    carried_at_end: bool
    days_carried: int | None
    true_cause_party: str | None
    statement: str | None


def complaints(found: Mapping[str, Complaint], month: Period) -> list[ReportedComplaint]:
    """Complaints received or closed in the month or open at its end; open ones first, by age."""
    reported = [
        _complaint(ref, complaint, month)
        for ref, complaint in found.items()
        if month.is_over_by_end(complaint.received_at)
    ]
    listed = [
        item
        for item in reported
        if item.open_at_end or month.holds(item.received_at) or month.holds(item.closed_at)
    ]
    return sorted(
        listed, key=lambda item: (not item.open_at_end, item.severity or "P9", -item.days, item.ref)
    )


def blames(events: Mapping[str, Event], month: Period) -> list[ReportedBlame]:
    """Accusations made or cleared in the month or still carried at its end, the longest first."""
    reported = [
        _blame(ref, event, event.blame, month)
        for ref, event in events.items()
        if event.blame is not None and month.is_over_by_end(_accused_at(event, event.blame))
    ]
    listed = [
        item
        for item in reported
        if item.carried_at_end or item.cleared_in_month or month.holds(item.accused_at)
    ]
    return sorted(
        listed, key=lambda item: (not item.carried_at_end, -(item.days_carried or 0), item.ref)
    )


def _complaint(ref: str, complaint: Complaint, month: Period) -> ReportedComplaint:
    received = complaint.received_at
    assert received is not None  # noqa: S101 - the caller chose it by this time
    is_open = _is_open_at_end(complaint, month)
    closed = complaint.closed_at if month.is_over_by_end(complaint.closed_at) else None
    until = month.day(closed) if closed is not None else month.last_day
    loss, who = complaint.customer_loss, complaint.responsible
    return ReportedComplaint(
        ref=ref,
        title=complaint.title,
        category=complaint.category,
        direction=complaint.direction,
        severity=complaint.severity,
        status=complaint.status,
        received_at=received,
        closed_at=complaint.closed_at,
        open_at_end=is_open,
        days=max(0, (until - month.day(received)).days),
        customer_impact=complaint.customer_impact,
        last_entry=_last_entry(complaint, month),
        responsible={"person": who.person, "department": who.department}
        if who and (who.person or who.department)
        else None,
        cleared_by=who.cleared_by if who else None,
        customer_loss=_loss(loss) if loss else None,
    )


def _is_open_at_end(complaint: Complaint, month: Period) -> bool:
    if complaint.status == "withdrawn":
        return False
    if complaint.closed_at is not None and month.is_over_by_end(complaint.closed_at):
        return complaint.status == "reopened"
    return complaint.closed_at is not None or complaint.status not in OPEN_COMPLAINT_EXCLUDES


def _last_entry(complaint: Complaint, month: Period) -> dict[str, object] | None:
    entries = [entry for entry in complaint.log if month.is_over_by_end(entry.at)]
    if not entries:
        return None
    last = max(entries, key=lambda entry: month.moment(entry.at))
    return {"at": last.at, "by": last.by, "text": last.text, "quote": last.quote}


def _loss(loss: Loss) -> dict[str, str | Decimal | None]:
    return {
        "kind": loss.kind,
        "amount": loss.amount,
        "currency": loss.currency,
        "text": loss.text,
    }


def _accused_at(event: Event, blame: Blame) -> datetime | date | None:
    return blame.accused_at if blame.accused_at is not None else event.started_at


def _blame(ref: str, event: Event, blame: Blame, month: Period) -> ReportedBlame:
    accused = _accused_at(event, blame)
    assert accused is not None  # noqa: S101 - the caller chose it by this time
    cleared = blame.cleared_at
    if cleared is None:
        carried = (blame.status or "accused") in _CARRIED
    else:
        carried = not month.is_over_by_end(cleared)
    until = month.last_day if carried else month.day(cleared) if cleared is not None else None
    return ReportedBlame(
        ref=ref,
        title=event.title,
        status=blame.status,
        accused_at=accused,
        accused_by=tuple(blame.accused_by),
        allegation=blame.allegation,
        cleared_at=cleared,
        cleared_in_month=blame.status == "cleared" and month.holds(cleared),
        carried_at_end=carried,
        days_carried=None if until is None else max(0, (until - month.day(accused)).days),
        true_cause_party=blame.true_cause_party,
        statement=_statement(event, cleared, month),
    )


def _statement(event: Event, cleared: datetime | date | None, month: Period) -> str | None:
    if cleared is None:
        return None
    quotes = [
        entry.quote
        for entry in event.log
        if entry.quote and month.moment(entry.at) == month.moment(cleared)
    ]
    return quotes[-1] if quotes else None

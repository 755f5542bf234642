"""The ledgers of blame and of complaints: what we were accused of, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from aswiki.domain.checks.links import linked
from aswiki.domain.ledgers.ground import Ground, Row, by_time
from aswiki.domain.records import customer_of
from aswiki.domain.records.complaint import Complaint
from aswiki.domain.records.event import Event
from aswiki.domain.vocabulary import OPEN_COMPLAINT_EXCLUDES

CARRIED = frozenset({"accused", "investigating", "carried"})


def blame(ground: Ground) -> list[Row]:
    """Every accusation, those still carried first, the longest carried first."""
    rows = list(_blames(ground))
    return sorted(rows, key=lambda row: (not row["open"], -(row["days_carried"] or 0), row["ref"]))


def _blames(ground: Ground) -> Iterator[Row]:
    for ref, event in ground.records.items():
        if not isinstance(event, Event) or event.blame is None:
            continue
        said = event.blame
        is_open = said.status in CARRIED
        yield {
            **ground.head(ref, event.title),
            "status": said.status,
            "open": is_open,
            "accused_at": said.accused_at,
            "accused_by": said.accused_by,
            "allegation": said.allegation,
            "cleared_at": said.cleared_at,
            "days_carried": ground.days(said.accused_at, said.cleared_at)
            if is_open or said.cleared_at is not None
            else None,
            "true_cause_party": said.true_cause_party,
            "true_cause": said.true_cause,
            "statement": statement(event),
            "complaints": [other for other, _complaint in linked_complaints(ground, ref, event)],
        }


def statement(event: Event) -> str | None:
    """The quote of the log entry that cleared the blame: the newest one up to the clearing."""
    if event.blame is None or event.blame.status != "cleared":
        return None
    quotes = [entry for entry in event.log if entry.kind == "customer" and entry.quote]
    return quotes[-1].quote if quotes else None


def linked_complaints(ground: Ground, ref: str, event: Event) -> list[tuple[str, Complaint]]:
    """The customer's complaints that name the event, or that it names."""
    return [
        (other, record)
        for other, record in ground.records.items()
        if isinstance(record, Complaint)
        and customer_of(other) == customer_of(ref)
        and linked(record, other, event, ref)
    ]


def complaints(ground: Ground) -> list[Row]:
    """Every complaint, open ones first.

    ``counts_for`` is the person it counts for; None once a record cleared them.
    """
    rows = by_time(list(_complaints(ground)), "received_at", ground)
    return sorted(rows, key=lambda row: not row["open"])


def _complaints(ground: Ground) -> Iterator[Row]:
    for ref, complaint in ground.records.items():
        if not isinstance(complaint, Complaint):
            continue
        who = complaint.responsible
        loss = complaint.customer_loss
        is_open = complaint.status not in OPEN_COMPLAINT_EXCLUDES
        yield {
            **ground.head(ref, complaint.title),
            "direction": complaint.direction,
            "category": complaint.category,
            "severity": complaint.severity,
            "status": complaint.status,
            "open": is_open,
            "received_at": complaint.received_at,
            "closed_at": complaint.closed_at,
            "days": ground.days(complaint.received_at, complaint.closed_at),
            "counts_for": who.person if who is not None and who.cleared_by is None else None,
            "department": who.department if who is not None else None,
            "cleared_by": who.cleared_by if who is not None else None,
            "loss_kind": loss.kind if loss is not None else None,
            "loss_amount": loss.amount if loss is not None else None,
            "loss_currency": loss.currency if loss is not None else None,
        }

"""The ledgers of blame and of complaints: what we were accused of, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from aswiki.domain.checks.links import linked
from aswiki.domain.checks.surroundings import is_before
from aswiki.domain.ledgers.ground import Ground, Row, by_time, is_open
from aswiki.domain.records import customer_of
from aswiki.domain.records.complaint import Complaint
from aswiki.domain.records.event import Event

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
        status = said.status or "accused"
        carried = status in CARRIED
        accused_at = said.accused_at if said.accused_at is not None else event.started_at
        yield {
            **ground.head(ref, event.title),
            "status": status,
            "open": carried,
            "accused_at": accused_at,
            "accused_by": said.accused_by,
            "allegation": said.allegation,
            "cleared_at": said.cleared_at,
            "days_carried": ground.days(accused_at, said.cleared_at)
            if carried or said.cleared_at is not None
            else None,
            "true_cause_party": said.true_cause_party,
            "true_cause": said.true_cause,
            "statement": statement(ground, event),
            "complaints": [other for other, _complaint in linked_complaints(ground, ref, event)],
        }


def statement(ground: Ground, event: Event) -> str | None:
    """What was said when the blame was cleared: the quote of the log entry of that moment.

    Where the log was kept by hand and none is of that moment, the customer's newest quote up to it.
    """
    said = event.blame
    if said is None or said.status != "cleared":
        return None
    quoted = [entry for entry in event.log if entry.quote]
    if said.cleared_at is not None:
        quoted = [e for e in quoted if not is_before(said.cleared_at, e.at, ground.zone)]
    there = [entry for entry in quoted if entry.at == said.cleared_at]
    spoken = there or [entry for entry in quoted if entry.kind == "customer"]
    return spoken[-1].quote if spoken else None


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

    ``counts_for`` is the person it counts for, ``department`` theirs; None once a record cleared
    them.
    """
    rows = by_time(list(_complaints(ground)), "received_at", ground)
    return sorted(rows, key=lambda row: not row["open"])


def _complaints(ground: Ground) -> Iterator[Row]:
    for ref, complaint in ground.records.items():
        if not isinstance(complaint, Complaint):
            continue
        who = complaint.responsible
        loss = complaint.customer_loss
        open_now = is_open(complaint)
        ended = None if open_now else complaint.closed_at
        counted = who if who is not None and who.cleared_by is None else None
        yield {
            **ground.head(ref, complaint.title),
            "direction": complaint.direction,
            "category": complaint.category,
            "severity": complaint.severity,
            "status": complaint.status,
            "open": open_now,
            "received_at": complaint.received_at,
            "closed_at": complaint.closed_at,
            "days": ground.days(complaint.received_at, ended) if open_now or ended else None,
            "counts_for": ground.own_name(counted.person) if counted is not None else None,
            "department": ground.department(counted.department or counted.person)
            if counted is not None
            else None,
            "cleared_by": who.cleared_by if who is not None else None,
            "loss_kind": loss.kind if loss is not None else None,
            "loss_amount": loss.amount if loss is not None else None,
            "loss_currency": loss.currency if loss is not None else None,
        }

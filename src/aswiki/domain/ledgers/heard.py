"""The ledgers of what was heard: feelings, signals, sales syncs, and help given and received."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from aswiki.domain.ledgers.ground import Ground, Row, by_time
from aswiki.domain.records.common import Feeling, Record, Signal
from aswiki.domain.records.event import Event, Help
from aswiki.domain.records.lesson import Lesson
from aswiki.domain.records.note import Note
from aswiki.domain.records.visit import Visit


def feelings(ground: Ground) -> list[Row]:
    """Every feeling of notes and visits, by time."""
    rows = [
        {
            **ground.head(ref, record.title),
            "at": getattr(record, "occurred_at", None),
            "said_by": feeling.said_by,
            "about": feeling.about,
            "environment": feeling.environment,
            "purpose": feeling.purpose,
            "verbatim": feeling.verbatim,
            "sentiment": feeling.sentiment,
        }
        for ref, record in ground.records.items()
        for feeling in _feelings(record)
    ]
    return by_time(rows, "at", ground)


def _feelings(record: Record) -> list[Feeling]:
    if isinstance(record, Visit):
        return record.feelings
    return [record.feeling] if isinstance(record, Note) and record.feeling else []


def signals(ground: Ground) -> list[Row]:
    """Every signal of notes and visits, by time; its source is protected unless it says not."""
    rows = [
        {
            **ground.head(ref, record.title),
            "at": getattr(record, "occurred_at", None),
            "kind": signal.kind,
            "claimed_reason": signal.claimed_reason,
            "claimed_severity": signal.claimed_severity,
            "platform_fault": signal.platform_fault,
            "loud": signal.platform_fault == "none",
            "internal_positioning": signal.internal_positioning,
            "protect_source": signal.protect_source is not False,
            "advice": signal.advice,
        }
        for ref, record in ground.records.items()
        for signal in _signals(record)
    ]
    return by_time(rows, "at", ground)


def _signals(record: Record) -> list[Signal]:
    if isinstance(record, Visit):
        return record.signals
    return [record.signal] if isinstance(record, Note) and record.signal else []


def syncs(ground: Ground) -> list[Row]:
    """Every sales sync with its lag in hours, by time; ``days_since_last`` is the customer's."""
    rows = list(_syncs(ground))
    newest: dict[str | None, int] = {}
    for row in rows:
        days = ground.days(row["synced_at"], None)
        if days is not None:
            newest[row["customer"]] = min(days, newest.get(row["customer"], days))
    for row in rows:
        row["days_since_last"] = newest.get(row["customer"])
    return by_time(rows, "synced_at", ground)


def _syncs(ground: Ground) -> Iterator[Row]:
    for ref, record in ground.records.items():
        sync = record.sales_sync if isinstance(record, Note) else None
        if sync is None:
            continue
        yield {
            **ground.head(ref, record.title),
            "sales_person": ground.own_name(sync.sales_person),
            "with_whom": sync.with_whom,
            "happened_at": sync.happened_at,
            "synced_at": sync.synced_at,
            "lag_hours": ground.hours(sync.happened_at, sync.synced_at),
            "relevant_to_service": sync.relevant_to_service,
        }


def help_(ground: Ground) -> list[Row]:
    """Every piece of help between colleagues, with what its giver gave and received in all.

    The receiver is the owner of the record. Help that a lesson tells again of an event it came from
    has that event as ``told_in`` and is not summed twice.
    """
    rows = list(_helps(ground))
    given, received = Counter[str | None](), Counter[str | None]()
    for row in rows:
        if row["told_in"] is None:
            given[row["given_by"]] += row["minutes"] or 0
            received[row["received_by"]] += row["minutes"] or 0
    for row in rows:
        row["giver_gave_minutes"] = given[row["given_by"]]
        row["giver_received_minutes"] = received[row["given_by"]]
    return sorted(rows, key=lambda row: (-(row["minutes"] or 0), row["ref"]))


def _helps(ground: Ground) -> Iterator[Row]:
    for ref, record in ground.records.items():
        for item in record.helped_by if isinstance(record, Event | Lesson) else ():
            giver = ground.own_name(item.person)
            yield {
                **ground.head(ref, record.title),
                "given_by": giver,
                "department": ground.department(giver),
                "received_by": ground.own_name(record.owner),
                "topic": item.topic,
                "minutes": item.minutes,
                "told_in": told_in(ground, record, item),
            }


def told_in(ground: Ground, record: Record, told: Help) -> str | None:
    """The event that a lesson came from and that holds the same help."""
    for ref in record.from_records if isinstance(record, Lesson) else ():
        event = ground.records.get(ref)
        for item in event.helped_by if isinstance(event, Event) else ():
            same = ground.own_name(item.person) == ground.own_name(told.person)
            if same and item.minutes == told.minutes:
                return ref
    return None

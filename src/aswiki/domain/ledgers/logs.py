"""The ledgers out of the records' logs: demands, and deflections with their loops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal

from aswiki.domain.ledgers.ground import Ground, Row, by_time, is_open
from aswiki.domain.records.common import LogEntry, Record
from aswiki.domain.records.complaint import Complaint
from aswiki.domain.records.event import Event


def demands(ground: Ground) -> list[Row]:
    """Every demand by time, open as long as its record is.

    ``hours_to_result`` runs to the event's mitigation, resolution or closing, whichever came first
    after it, or to the complaint's closing.
    """
    return by_time(list(_demands(ground)), "at", ground)


def _demands(ground: Ground) -> Iterator[Row]:
    for ref, record in ground.records.items():
        for entry in record.log:
            if entry.kind != "demand":
                continue
            yield {
                **ground.head(ref, record.title),
                "open": is_open(record),
                "at": entry.at,
                "by": entry.by,
                "to": entry.to,
                "department": ground.department(entry.to),
                "level": entry.level,
                "text": entry.text,
                "hours_to_result": _hours_to_result(ground, record, entry.at),
            }


def _hours_to_result(ground: Ground, record: Record, since: datetime | date) -> Decimal | None:
    ends = (
        [record.mitigated_at, record.resolved_at, record.closed_at]
        if isinstance(record, Event)
        else [record.closed_at]
        if isinstance(record, Complaint)
        else []
    )
    gone = [hours for end in ends if (hours := ground.hours(since, end)) is not None]
    return min((hours for hours in gone if hours >= 0), default=None)


def deflections(ground: Ground) -> list[Row]:
    """Every record in whose log something was passed on, the most hops first.

    A new requirement may be refused freely, so its hops are not counted. ``loops`` are the runs of
    departments that end where they began; a hop within one department is none of them.
    """
    rows = []
    for ref, record in ground.records.items():
        passed = [entry for entry in record.log if entry.kind == "deflection"]
        triage = record.triage if isinstance(record, Event) else None
        if not passed or (triage is not None and triage.class_ == "new_requirement"):
            continue
        rows.append(
            {
                **ground.head(ref, record.title),
                "open": is_open(record),
                "hops": len(passed),
                "loops": loops(
                    (ground.department(entry.from_), ground.department(entry.to))
                    for entry in passed
                ),
                "chain": [_hop(entry) for entry in passed],
                "escalation_outcome": record.escalation_outcome
                if isinstance(record, Event)
                else None,
                "witness_for": [w.department for w in record.witness_for]
                if isinstance(record, Event)
                else [],
            }
        )
    return sorted(rows, key=lambda row: (-row["hops"], row["ref"]))


def _hop(entry: LogEntry) -> Row:
    return {"at": entry.at, "from": entry.from_, "to": entry.to, "text": entry.text}


def loops(hops: Iterable[tuple[str | None, str | None]]) -> list[list[str]]:
    """The ways along hops, oldest first, that came back to a department they had left.

    What is passed on by one department follows the way on which it came there, whatever others
    passed on in between.
    """
    found: list[list[str]] = []
    ways: dict[str, list[str]] = {}
    for origin, target in hops:
        if not origin or not target or origin == target:
            continue
        way = ways.pop(origin, [origin])
        if target in way:
            found.append([*way[way.index(target) :], target])
            way = []
        ways[target] = [*way, target]
    return found

"""The ledgers out of the records' logs: demands, and deflections with their loops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aswiki.domain.ledgers.ground import Ground, Row, by_time, department_of
from aswiki.domain.records.common import LogEntry
from aswiki.domain.records.event import Event
from aswiki.domain.vocabulary import OPEN_EVENT_EXCLUDES


def demands(ground: Ground) -> list[Row]:
    """Every demand by time; ``hours_to_result`` runs to the record's mitigation or resolution."""
    return by_time(list(_demands(ground)), "at", ground)


def _demands(ground: Ground) -> Iterator[Row]:
    for ref, record in ground.records.items():
        ended = (record.mitigated_at or record.resolved_at) if isinstance(record, Event) else None
        for entry in record.log:
            if entry.kind != "demand":
                continue
            yield {
                **ground.head(ref, record.title),
                "open": isinstance(record, Event) and record.status not in OPEN_EVENT_EXCLUDES,
                "at": entry.at,
                "by": entry.by,
                "to": entry.to,
                "department": department_of(ground, entry.to),
                "level": entry.level,
                "text": entry.text,
                "hours_to_result": ground.hours(entry.at, ended) if ended is not None else None,
            }


def deflections(ground: Ground) -> list[Row]:
    """Every record in whose log something was passed on, the most hops first.

    A new requirement may be refused freely, so its hops are not counted. ``loops`` are the runs of
    departments that end where they began.
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
                "open": isinstance(record, Event) and record.status not in OPEN_EVENT_EXCLUDES,
                "hops": len(passed),
                "loops": loops([(entry.from_ or "", entry.to or "") for entry in passed]),
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


def loops(hops: Sequence[tuple[str, str]]) -> list[list[str]]:
    """The runs of hops, each from where the last went, that come back to a place they left."""
    found: list[list[str]] = []
    walk: list[str] = []
    for origin, target in hops:
        if not walk or walk[-1] != origin:
            walk = [origin]
        if target in walk:
            found.append([*walk[walk.index(target) :], target])
            walk = [target]
        else:
            walk.append(target)
    return found

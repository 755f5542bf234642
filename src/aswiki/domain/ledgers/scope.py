"""The ledger of scope: how long sales said the work would take, and how long it took."""

from __future__ import annotations

from aswiki.domain.ledgers.ground import Ground, Row
from aswiki.domain.records.event import Event, Scope, ScopeClaim
from aswiki.domain.vocabulary import OPEN_EVENT_EXCLUDES


def scope(ground: Ground) -> list[Row]:
    """Every scope, the largest gap first; ``gap_hours`` is actual minus what sales said."""
    rows = []
    for ref, event in ground.records.items():
        if not isinstance(event, Event) or event.scope is None:
            continue
        said, actual = _claim(event.scope, "sales_said"), _claim(event.scope, "actual")
        said_hours = said.hours if said else None
        actual_hours = actual.hours if actual else None
        gap = None if said_hours is None or actual_hours is None else actual_hours - said_hours
        rows.append(
            {
                **ground.head(ref, event.title),
                "open": event.status not in OPEN_EVENT_EXCLUDES,
                "final_contact": event.scope.final_contact,
                "said_by": said.by if said else None,
                "said_hours": said_hours,
                "actual_hours": actual_hours,
                "gap_hours": gap,
                "night": actual.night if actual else None,
                "onsite": actual.onsite if actual else None,
                "gap_reason": event.scope.gap_reason,
                "claims": {claim.stage: claim.hours for claim in event.scope.claims},
            }
        )
    return sorted(rows, key=lambda row: (-(row["gap_hours"] or 0), row["ref"]))


def _claim(said: Scope, stage: str) -> ScopeClaim | None:
    """The newest claim of a stage."""
    return next((claim for claim in reversed(said.claims) if claim.stage == stage), None)

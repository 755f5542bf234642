"""The ledger of scope: how long sales said the work would take, and how long it took."""

from __future__ import annotations

from decimal import Decimal

from aswiki.domain.ledgers.ground import Ground, Row, is_open
from aswiki.domain.records.event import Event, Scope, ScopeClaim


def scope(ground: Ground) -> list[Row]:
    """Every scope, the largest gap first; ``gap_hours`` is actual minus what sales said.

    ``said_by_gap_hours`` sums the gaps of that salesperson over all scopes.
    """
    rows: list[Row] = []
    sums: dict[str | None, Decimal] = {}
    for ref, event in ground.records.items():
        if not isinstance(event, Event) or event.scope is None:
            continue
        said, actual = _claim(event.scope, "sales_said"), _claim(event.scope, "actual")
        said_hours = said.hours if said else None
        actual_hours = actual.hours if actual else None
        gap = None if said_hours is None or actual_hours is None else actual_hours - said_hours
        sayer = ground.own_name(said.by) if said else None
        if gap is not None:
            sums[sayer] = sums.get(sayer, Decimal(0)) + gap
        rows.append(
            {
                **ground.head(ref, event.title),
                "open": is_open(event),
                "final_contact": event.scope.final_contact,
                "said_by": sayer,
                "said_hours": said_hours,
                "actual_hours": actual_hours,
                "gap_hours": gap,
                "window": actual.window if actual else None,
                "night": actual.night if actual else None,
                "onsite": actual.onsite if actual else None,
                "gap_reason": event.scope.gap_reason,
                "claims": {claim.stage: claim.hours for claim in event.scope.claims},
            }
        )
    for row in rows:
        row["said_by_gap_hours"] = sums.get(row["said_by"])
    return sorted(
        rows, key=lambda row: (row["gap_hours"] is None, -(row["gap_hours"] or 0), row["ref"])
    )


def _claim(said: Scope, stage: str) -> ScopeClaim | None:
    """The newest claim of a stage."""
    return next((claim for claim in reversed(said.claims) if claim.stage == stage), None)

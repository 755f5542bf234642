"""What is open with a customer as one reader may see it: events, complaints and promises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from aswiki.domain.dues.pace import is_fast
from aswiki.domain.ledgers.ground import Ground, is_open
from aswiki.domain.readers.narrowing import TEAM
from aswiki.domain.records.complaint import Complaint
from aswiki.domain.records.event import Event
from aswiki.domain.reports.heads import head, open_records
from aswiki.domain.reports.sight import Sight
from aswiki.domain.reports.waiting import last_entry, waiting

RECENT = timedelta(days=92)
STATES = ("broken", "overdue", "open")
_EVENT = ("title", "kind", "severity", "status", "started_at", "product", "environment", "window")
_COMPLAINT = ("title", "category", "severity", "status", "received_at")
_OF_TEAM = ("owner", "complainant", "remedy_sought")
_PROMISE = ("id", "what", "to", "kind", "made_on", "due_on", "customer_visible")


def events(sight: Sight, ground: Ground) -> list[dict[str, Any]]:
    """The open events, the gravest first, then those on the fast clock, then the oldest."""
    found = {ref: one for ref, one in sight.of(Event).items() if is_open(one)}
    rows = [_event(sight, ground, ref, one) for ref, one in found.items()]
    return sorted(rows, key=_urgency)


def complaints(sight: Sight, ground: Ground) -> list[dict[str, Any]]:
    """The open complaints, the gravest first, then the oldest."""
    found = {ref: one for ref, one in sight.of(Complaint).items() if is_open(one)}
    rows = [_complaint(sight, ground, ref, one) for ref, one in found.items()]
    return sorted(rows, key=_urgency)


def _event(sight: Sight, ground: Ground, ref: str, event: Event) -> dict[str, Any]:
    triage = sight.seen(ref).get("triage") or {}
    return {
        **head(sight, ref),
        **sight.pick(ref, _EVENT),
        "triage": triage.get("class"),
        "fast": is_fast(event),
        "days": ground.days(event.started_at, None),
        **_of_team(sight, ground, ref, event),
    }


def _complaint(sight: Sight, ground: Ground, ref: str, complaint: Complaint) -> dict[str, Any]:
    return {
        **head(sight, ref),
        **sight.pick(ref, _COMPLAINT),
        "fast": True,
        "days": ground.days(complaint.received_at, None),
        **_of_team(sight, ground, ref, complaint),
    }


def _of_team(sight: Sight, ground: Ground, ref: str, matter: Event | Complaint) -> dict[str, Any]:
    """Who must act, whom it waits for and what was last said: our own team's alone."""
    if sight.reader != TEAM:
        return {}
    told = sight.pick(ref, _OF_TEAM)
    return told | {"waiting": waiting(matter, ground), "last": last_entry(matter, ground)}


def _urgency(row: Mapping[str, Any]) -> tuple[str, bool, int, str]:
    return row["severity"] or "P9", not row["fast"], -(row["days"] or 0), row.get("ref") or ""


def promises(sight: Sight, ground: Ground) -> list[dict[str, Any]]:
    """What was promised and is not settled: broken of late, then overdue, then by the day due.

    ``state`` is broken, overdue or open; ``days`` is how far past its day it is, negative for what
    is still to come, None without a day.
    """
    rows = [row for ref in open_records(sight) for row in _promises(sight, ground, ref)]
    return sorted(rows, key=_order)


def _promises(sight: Sight, ground: Ground, ref: str) -> Iterator[dict[str, Any]]:
    for number, said in enumerate(sight.seen(ref).get("promises", ()), 1):
        due = said.get("due_on")
        days = (ground.today - due).days if due is not None else None
        status = said.get("status") or "open"
        is_recent = due is None or ground.today - due <= RECENT
        if status == "open" or (status == "broken" and is_recent):
            row = head(sight, ref)
            if "ref" in row:
                row["ref"] = f"{ref}#{said.get('id') or number}"
            by = said.get("by") or {}
            yield {
                **row,
                **{key: said.get(key) for key in _PROMISE},
                "by": {key: by.get(key) for key in ("person", "department")},
                "state": status if status == "broken" else _state(days),
                "days": days,
            }


def _state(days: int | None) -> str:
    return "overdue" if days is not None and days > 0 else "open"


def _order(row: Mapping[str, Any]) -> tuple[int, bool, int, str, str]:
    days = row["days"]
    whose = (row["customer"], row.get("ref") or "")
    return STATES.index(row["state"]), days is None, -(days or 0), *whose

"""Section 5: new requirements, old bugs and broken promises, and how fast they move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from aswiki.domain.dues.pace import is_fast, last_moved
from aswiki.domain.records.event import Event
from aswiki.domain.reports.heads import Row, head
from aswiki.domain.reports.incidents import is_open_at_end
from aswiki.domain.reports.rows import departments, inner, owner_department
from aswiki.domain.reports.sight import Sight

CLASSES = ("broken_promise", "old_bug", "new_requirement", "undetermined")
"""The classes in the order they are told: what must move fast comes first."""

KNOWN_ISSUE, IMPROVEMENT = "known_issue", "planned_improvement"
_FOR_CUSTOMERS = {
    "old_bug": KNOWN_ISSUE,
    "broken_promise": IMPROVEMENT,
    "new_requirement": IMPROVEMENT,
}
"""What a class is called to a customer; one that is not determined is not told."""

_POSITIONS = ("product", "sales", "customer", "who_pays", "reward", "cost", "benefit", "outcome")
_COMMERCIAL = ("who_pays", "outcome")
_MATTER = ("title", "kind", "status", "started_at", "severity", "product", "technical_owner")
_TRIAGE = ("triage.class", "triage.detail")
_NEGOTIATION = tuple(f"negotiation.{key}" for key in _POSITIONS)
SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boss": {
        "event": (*_MATTER, *_TRIAGE, *_NEGOTIATION, "owner"),
        "product": ("owner_department",),
    },
    "product": {
        "event": (
            *_MATTER,
            *_TRIAGE,
            *_NEGOTIATION,
            "triage.basis",
            "triage.recurrence_of",
            "environment",
            "purpose",
        ),
        "product": ("owner_department",),
    },
    "sales": {
        "event": (
            "title",
            "status",
            "started_at",
            "product",
            *(f"negotiation.{key}" for key in _COMMERCIAL),
        )
    },
    "customer_tech": {"event": ("started_at", "customer_text")},
}
"""Reader → record type → the keys whose values stand in the section."""


def triage(sights: Sequence[Sight]) -> dict[str, Any] | None:
    """What was open at the period's end, by class; None where nothing was."""
    if not sights:
        return None
    reader = sights[0].reader
    if reader == "customer_tech":
        return _section([row for sight in sights for row in _released(sight)])
    if reader == "sales":
        return _section([row for sight in sights for row in _commercial(sight)])
    rows = [row for sight in sights for row in _matters(sight)]
    if not rows:
        return None
    rows.sort(key=_fastest)
    section = {"open": len(rows), "stalled": sum(row["stalled"] for row in rows)}
    section |= {"by_class": _by_class(rows), "rows": rows}
    return {**section, "by_department": _by_department(rows)} if reader == "boss" else section


def class_of(event: Event) -> str | None:
    """The class that an event was given; a requirement is a new one unless it was told apart."""
    if event.triage is not None and event.triage.class_ is not None:
        return event.triage.class_
    return "new_requirement" if event.kind == "requirement" else None


def _section(rows: list[Row]) -> dict[str, Any] | None:
    return {"open": len(rows), "rows": rows} if rows else None


def _open(sight: Sight) -> dict[str, Event]:
    """The events open at the period's end; what is merely planned is told in section 19."""
    return {
        ref: event for ref, event in sight.of(Event).items() if is_open_at_end(event, sight.period)
    }


def _matters(sight: Sight) -> list[Row]:
    """The open matters of one customer for the boss or the product managers."""
    rows = []
    for ref, event in _open(sight).items():
        if sight.reader == "product" and class_of(event) is None:
            continue
        row = _matter(sight, ref, event)
        rows.append(row if sight.reader == "boss" else {**row, **_technical(sight, ref)})
    return rows


def _matter(sight: Sight, ref: str, event: Event) -> Row:
    seen = sight.seen(ref)
    row = {
        **head(sight, ref),
        "title": seen.get("title"),
        "class": class_of(event),
        "detail": inner(seen, "triage").get("detail"),
        "kind": event.kind,
        "severity": event.severity,
        "status": event.status,
        "product": seen.get("product"),
        "department": _department(sight, event, seen),
        "started_at": event.started_at,
        "days": _days(sight, event),
        **_pace(sight, event),
        "negotiation": _negotiation(sight, seen),
    }
    return {**row, "owner": seen.get("owner")} if sight.reader == "boss" else row


def _technical(sight: Sight, ref: str) -> Row:
    said = inner(sight.seen(ref), "triage")
    return {
        "basis": said.get("basis"),
        "recurrence_of": said.get("recurrence_of"),
        **sight.pick(ref, ("environment", "purpose")),
    }


def _negotiation(sight: Sight, seen: Mapping[str, Any]) -> dict[str, Any] | None:
    """What each side holds; a bare number is an amount, which the product managers do not read."""
    said = inner(seen, "negotiation")
    if not said:
        return None
    found = {key: said.get(key) for key in _POSITIONS}
    if sight.reader == "product":
        found = {key: value if isinstance(value, str) else None for key, value in found.items()}
    return found


def _department(sight: Sight, event: Event, seen: Mapping[str, Any]) -> str | None:
    """Who handles it; else the department that answers for the product."""
    handling = seen.get("technical_owner")
    known = departments(sight, [handling])
    return known[0] if known else handling or owner_department(sight, event.product)


def _days(sight: Sight, event: Event) -> int:
    period = sight.period
    started = event.started_at
    return 0 if started is None else max(0, (period.last_day - period.day(started)).days)


def _pace(sight: Sight, event: Event) -> Row:
    """Which clock counts, for how long nothing moved, and whether that is too long."""
    period = sight.period
    now = min(period.as_of, period.end)
    since = last_moved(event, now, period.zone)
    still = None if since is None else now - since
    return {
        "clock": "fast" if is_fast(event) else "slow",
        "still_days": None if still is None else still.days,
        "stalled": still is not None and still > sight.ground.pace.limit(event),
    }


def _fastest(row: Row) -> tuple[int, bool, int, str]:
    place = CLASSES.index(row["class"]) if row["class"] in CLASSES else len(CLASSES)
    return place, not row["stalled"], -row["days"], str(row["title"])


def _by_class(rows: Sequence[Row]) -> dict[str, int]:
    counted = Counter(row["class"] for row in rows)
    return {name: counted[name] for name in CLASSES}


def _by_department(rows: Sequence[Row]) -> list[Row]:
    """The open matters of each department, who has most that stands still first."""
    several: dict[str | None, list[Row]] = {}
    for row in rows:
        if row["class"] is not None:
            several.setdefault(row["department"], []).append(row)
    found = [
        {
            "department": name,
            "open": len(own),
            "by_class": _by_class(own),
            "oldest_days": max(row["days"] for row in own),
            "stalled": sum(row["stalled"] for row in own),
        }
        for name, own in several.items()
    ]
    return sorted(
        found, key=lambda one: (-one["stalled"], -one["oldest_days"], one["department"] or "")
    )


def _commercial(sight: Sight) -> list[Row]:
    """The open needs that have a commercial side, for sales."""
    rows = []
    for ref, event in _open(sight).items():
        seen = sight.seen(ref)
        said = inner(seen, "negotiation")
        if not said:
            continue
        rows.append(
            {
                **head(sight, ref),
                **{key: seen.get(key) for key in ("title", "status", "started_at", "product")},
                "days": _days(sight, event),
                **{key: said.get(key) for key in _COMMERCIAL},
            }
        )
    return sorted(rows, key=lambda row: (-row["days"], str(row["title"])))


def _released(sight: Sight) -> list[Row]:
    """The known issues and planned improvements whose words were released, for the customer."""
    rows = []
    for ref, event in _open(sight).items():
        what, text = _FOR_CUSTOMERS.get(class_of(event) or ""), sight.words(ref)
        if what is not None and text is not None:
            rows.append(
                {**head(sight, ref), "what": what, "started_at": event.started_at, "text": text}
            )
    return sorted(rows, key=lambda row: (row["what"], sight.period.moment(row["started_at"])))

"""Section 15: the critical events that were guarded in the period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from aswiki.domain.records.event import Event
from aswiki.domain.reports.activity import HOURS
from aswiki.domain.reports.heads import Row, head
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.rows import inner
from aswiki.domain.reports.sight import Sight

_OURS = ("title", "product", "contingency", "result")
_KEPT = ("window.from", "window.to", "expected_peak", "checklist.item", "checklist.done_at")
_SHARED = ("title", "product", "status", *_KEPT, "contingency", "result")
SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boss": {
        "event": (
            *_SHARED,
            "checklist.owner",
            "roster.who",
            "roster.from",
            "roster.to",
            *(f"hours.{kind}" for kind in HOURS),
        )
    },
    "product": {"event": (*_SHARED, "environment")},
    "sales": {"event": _SHARED},
    "customer_tech": {"event": (*_KEPT, "customer_text")},
    "customer_biz": {"event": ("window.from", "window.to", "customer_text")},
}
"""Reader → record type → the keys whose values stand in the section."""


def protection(sights: Sequence[Sight]) -> dict[str, Any] | None:
    """The critical events whose window lay in the period, the earliest first; None without any."""
    rows = [row for sight in sights for row in _rows(sight)]
    return {"count": len(rows), "rows": rows} if rows else None


def is_guarded_in(event: Event, period: Period) -> bool:
    """Whether a critical event's window, or else its start, lies in the period at all."""
    if event.kind != "critical_event" or event.status == "cancelled":
        return False
    since, until = _window(event)
    if since is None or not period.is_over_by_end(since):
        return False
    return period.holds(since) or (until is not None and period.moment(until) > period.start)


def _window(event: Event) -> tuple[Any, Any]:
    window = event.window
    since = window.from_ if window is not None and window.from_ is not None else event.started_at
    return since, window.to if window is not None else event.resolved_at


def _rows(sight: Sight) -> list[Row]:
    period = sight.period
    found = {ref: event for ref, event in sight.of(Event).items() if is_guarded_in(event, period)}
    order = sorted(found, key=lambda ref: (period.moment(_window(found[ref])[0]), ref))
    rows = ((ref, sight.words(ref)) for ref in order)
    if sight.is_customer:
        return [_for_customer(sight, ref, text) for ref, text in rows if text is not None]
    return [_for_us(sight, ref, found[ref]) for ref in order]


def _for_customer(sight: Sight, ref: str, text: str) -> Row:
    seen = sight.seen(ref)
    window = inner(seen, "window")
    row = {**head(sight, ref), "from": window.get("from"), "to": window.get("to"), "text": text}
    if sight.reader != "customer_tech":
        return row
    return {**row, "expected_peak": seen.get("expected_peak"), **_checklist(seen)}


def _for_us(sight: Sight, ref: str, event: Event) -> Row:
    seen = sight.seen(ref)
    since, until = _window(event)
    row = {
        **head(sight, ref),
        **sight.pick(ref, (*_OURS, "expected_peak")),
        "from": since,
        "to": until,
        "status": event.status,
        **_checklist(seen),
    }
    if sight.reader == "product":
        row["environment"] = seen.get("environment")
    if sight.reader == "boss":
        row |= {"roster": list(seen.get("roster", ())), "hours": _hours(inner(seen, "hours"))}
    return row


def _checklist(seen: Mapping[str, Any]) -> Row:
    items = [dict(item) for item in seen.get("checklist", ()) if item.get("item")]
    for item in items:
        item.setdefault("done_at", None)
    return {
        "checklist": items,
        "done": sum(item["done_at"] is not None for item in items),
        "total": len(items),
    }


def _hours(spent: Mapping[str, Any]) -> dict[str, Decimal]:
    return {kind: spent.get(kind) or Decimal(0) for kind in HOURS}

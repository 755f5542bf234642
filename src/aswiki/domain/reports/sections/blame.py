"""Section 9: what we were accused of: cleared in the period first, then what is still carried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aswiki.domain.records.event import Event
from aswiki.domain.reports.complaints import ReportedBlame, blames
from aswiki.domain.reports.heads import Row, head
from aswiki.domain.reports.rows import inner
from aswiki.domain.reports.sight import Sight

CLEARED, CARRIED, SETTLED = "cleared", "carried", "settled"

_BLAME = ("accused_by", "allegation", "our_position", "true_cause_party", "true_cause", "notified")
SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boss": {
        "event": (
            "title",
            "product",
            "log.quote",
            *(f"blame.{key}" for key in (*_BLAME, "status", "accused_at", "cleared_at")),
        ),
    },
    "product": {"event": ("title", "product", "root_cause_party")},
    "sales": {"event": ("kind", "started_at")},
    "customer_tech": {"event": ("started_at", "blame.cleared_at", "customer_text", "wording.text")},
}
"""Reader → record type → the keys whose values stand in the section."""


def blame(sights: Sequence[Sight]) -> dict[str, Any] | None:
    """The accusations cleared in the period, carried at its end and settled otherwise.

    None where there are none for the reader.
    """
    rows = [row for sight in sights for row in _rows(sight)]
    if not rows:
        return None
    if sights[0].is_customer:
        return {CLEARED: rows}
    states = (CLEARED, CARRIED, SETTLED) if sights[0].reader == "boss" else (CLEARED, CARRIED)
    section: dict[str, Any] = {
        state: sorted(
            (row for row in rows if row["state"] == state), key=lambda row: -(row["days"] or 0)
        )
        for state in states
    }
    return section if any(section.values()) else None


def _rows(sight: Sight) -> list[Row]:
    return [
        row
        for item in blames(sight.of(Event), sight.period)
        if (row := _MAKERS[sight.reader](sight, item)) is not None
    ]


def _state(item: ReportedBlame) -> str:
    """How it stood at the period's end, whatever became of it later."""
    if item.carried_at_end:
        return CARRIED
    return CLEARED if item.cleared_in_month else SETTLED


def _numbers(sight: Sight, item: ReportedBlame) -> Row:
    """Whose it is, how it stood and for how many days; no word of the record."""
    state = _state(item)
    return {
        **head(sight, item.ref),
        "state": state,
        "accused_at": item.accused_at,
        "cleared_at": item.cleared_at if state == CLEARED else None,
        "days": item.days_carried,
    }


def _for_boss(sight: Sight, item: ReportedBlame) -> Row:
    seen, row = sight.seen(item.ref), _numbers(sight, item)
    said = inner(seen, "blame")
    row |= {
        "title": seen.get("title"),
        "product": seen.get("product"),
        "status": "carried" if row["state"] == CARRIED and item.cleared_at else item.status,
        **{key: said.get(key) for key in ("accused_by", "allegation", "our_position")},
    }
    if row["state"] == CLEARED:
        row |= {key: said.get(key) for key in ("true_cause_party", "true_cause", "notified")}
        row["statement"] = item.statement if "log" in seen else None
    return row


def _for_product(sight: Sight, item: ReportedBlame) -> Row | None:
    """Where a product was accused."""
    seen = sight.seen(item.ref)
    product = seen.get("product")
    if product is None or _state(item) == SETTLED:
        return None
    row = {**_numbers(sight, item), "title": seen.get("title"), "product": product}
    party = seen.get("root_cause_party") if row["state"] == CLEARED else None
    return {**row, "root_cause_party": party}


def _for_sales(sight: Sight, item: ReportedBlame) -> Row | None:
    """What one line is made of: days and dates, and whether the customer agreed to be quoted."""
    event = sight.whole[item.ref]
    row = _numbers(sight, item)
    if row["state"] == SETTLED or not isinstance(event, Event):
        return None
    said = event.blame
    return {**row, "kind": event.kind, "may_quote": said is not None and said.consent is True}


def _for_customer_tech(sight: Sight, item: ReportedBlame) -> Row | None:
    """That it was cleared, where the customer agreed to have it said.

    The words of an incident of this period stand in section 4.
    """
    if _state(item) != CLEARED or not inner(sight.seen(item.ref), "blame"):
        return None
    event = sight.whole[item.ref]
    if not isinstance(event, Event):
        return None
    is_told = event.kind == "incident" and sight.period.holds(event.started_at)
    return {
        **head(sight, item.ref),
        "started_at": event.started_at,
        "cleared_at": item.cleared_at,
        "text": None if is_told else sight.words(item.ref),
    }


_MAKERS = {
    "boss": _for_boss,
    "product": _for_product,
    "sales": _for_sales,
    "customer_tech": _for_customer_tech,
}

"""Section 14: what was done beyond faults, the hours nobody sees, and what the customer said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from aswiki.domain.records.communication import Communication
from aswiki.domain.records.event import Event
from aswiki.domain.records.visit import Visit
from aswiki.domain.reports import activity
from aswiki.domain.reports.heads import Row, head
from aswiki.domain.reports.rows import inner
from aswiki.domain.reports.sight import Sight

WORKS = (
    "change",
    "deployment",
    "migration",
    "scaling",
    "drill",
    "training",
    "security",
    "requirement",
    "question",
)
"""Kinds of event that are work done for the customer; incidents and guards have their sections."""

UNSEEN = ("night", "holiday")
_PRAISE = "praise"

_SAID = ("title", "kind", "topic", "occurred_at", "value")
_LOSS = ("loss_avoided.amount", "loss_avoided.currency")
SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boss": {
        "communication": (*_SAID, *_LOSS, "hours", "acknowledged.by", "acknowledged.quote"),
        "event": tuple(f"hours.{kind}" for kind in activity.HOURS),
    },
    "sales": {"communication": (*_SAID, *_LOSS, "what")},
    "customer_tech": {
        "communication": ("kind", "occurred_at", "customer_text"),
        "event": ("kind", "resolved_at", "customer_text"),
        "visit": ("kind",),
    },
    "customer_biz": {
        "communication": ("kind", "occurred_at", "customer_text"),
        "event": ("kind", "resolved_at", "customer_text"),
    },
}
"""Reader → record type → the keys whose values stand in the section."""


def positive_work(sights: Sequence[Sight]) -> dict[str, Any] | None:
    """The positive work of the period by kind, with what its reader may have of each piece."""
    if not sights:
        return None
    if sights[0].is_customer:
        return _for_customer(sights[0])
    found = [(sight, ref) for sight in sights for ref in _communications(sight)]
    visits = _counted(visit.kind for sight in sights for visit in _visits(sight))
    section: dict[str, Any] = {
        "count": len(found),
        "by_kind": _counted(_communication(sight, ref).kind for sight, ref in found),
        "works": _counted(event.kind for sight in sights for _ref, event in _works(sight)),
        "visits": visits,
        "loss_avoided": _by_currency(sight.seen(ref) for sight, ref in found),
        "rows": [_row(sight, ref) for sight, ref in found],
    }
    if sights[0].reader == "boss":
        section |= _hours(sights, found)
    told = (section["count"], section["works"], visits, section.get("unseen_hours"))
    return section if any(told) else None


def _counted(kinds: Iterable[str]) -> dict[str, int]:
    """How many of each kind, the most first."""
    return dict(sorted(Counter(kinds).items(), key=lambda pair: (-pair[1], pair[0])))


def _communications(sight: Sight) -> list[str]:
    """The references of the communications of the period, by time."""
    return [one.ref for one in activity.communications(sight.of(Communication), sight.period)]


def _communication(sight: Sight, ref: str) -> Communication:
    return sight.of(Communication)[ref]


def _visits(sight: Sight) -> list[Visit]:
    """The visits held in the period."""
    period = sight.period
    return [
        visit
        for visit in sight.of(Visit).values()
        if period.holds(visit.occurred_at) and activity.visit_status(visit, period) == "held"
    ]


def _works(sight: Sight) -> Iterator[tuple[str, Event]]:
    """The work that was finished in the period, by the time it ended."""
    period = sight.period
    done = [
        (period.moment(ended), ref, event)
        for ref, event in sight.of(Event).items()
        if event.kind in WORKS and event.status in {"resolved", "closed"}
        if (ended := _ended(event)) is not None and period.holds(ended)
    ]
    yield from ((ref, event) for _ended_at, ref, event in sorted(done, key=lambda one: one[:2]))


def _ended(event: Event) -> datetime | date | None:
    return event.resolved_at if event.resolved_at is not None else event.closed_at


def _row(sight: Sight, ref: str) -> Row:
    keys = (*_SAID, "loss_avoided", "what" if sight.reader == "sales" else "hours")
    row = {**head(sight, ref), **sight.pick(ref, keys)}
    if sight.reader == "boss":
        said = inner(sight.seen(ref), "acknowledged")
        row["thanks"] = {"by": said.get("by"), "quote": said["quote"]} if "quote" in said else None
    return row


def _by_currency(seen: Iterable[Mapping[str, Any]]) -> dict[str, Decimal]:
    """The losses that were avoided, each currency apart; one without a currency is not summed."""
    summed: dict[str, Decimal] = {}
    for one in seen:
        loss = inner(one, "loss_avoided")
        amount, currency = loss.get("amount"), loss.get("currency")
        if amount is not None and currency is not None:
            summed[currency] = summed.get(currency, Decimal(0)) + amount
    return dict(sorted(summed.items()))


def _hours(sights: Sequence[Sight], found: Sequence[tuple[Sight, str]]) -> Row:
    """The hours of communications and of events, and those at night and on holidays."""
    own = [activity.hours(sight.of(Event).values(), sight.period) for sight in sights]
    events = {kind: sum((one[kind] for one in own), Decimal(0)) for kind in activity.HOURS}
    spent = (sight.seen(ref).get("hours") or Decimal(0) for sight, ref in found)
    return {
        "hours": sum(spent, Decimal(0)),
        "event_hours": events,
        "unseen_hours": sum((events[kind] for kind in UNSEEN), Decimal(0)),
    }


def _for_customer(sight: Sight) -> dict[str, Any] | None:
    """What we did for them: the released words; kinds of all of it for the technical side."""
    pieces = [
        (ref, _communication(sight, ref).kind, _communication(sight, ref).occurred_at)
        for ref in _communications(sight)
    ]
    pieces = [piece for piece in pieces if piece[1] != _PRAISE]
    works = [(ref, event.kind, _ended(event)) for ref, event in _works(sight)]
    rows, done = _released(sight, pieces), _released(sight, works)
    if sight.reader == "customer_tech":
        section: dict[str, Any] = {
            "count": len(pieces),
            "by_kind": _counted(kind for _ref, kind, _at in pieces),
            "works": _counted(kind for _ref, kind, _at in works),
            "visits": _counted(visit.kind for visit in _visits(sight)),
        }
    else:
        section = {"count": len(rows)}
    told = (rows, done, section.get("by_kind"), section.get("works"), section.get("visits"))
    return {**section, "rows": rows, "done": done} if any(told) else None


def _released(sight: Sight, pieces: Iterable[tuple[str, str, datetime | date | None]]) -> list[Row]:
    return [
        {**head(sight, ref), "kind": kind, "at": at, "text": text}
        for ref, kind, at in pieces
        if (text := sight.words(ref)) is not None
    ]

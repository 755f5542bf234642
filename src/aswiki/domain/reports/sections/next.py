"""Section 19: what comes next: visits, meetings asked for, changes, and promises that fall due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from aswiki.domain.records.event import Event
from aswiki.domain.records.visit import Visit
from aswiki.domain.reports import promises
from aswiki.domain.reports.activity import visit_status
from aswiki.domain.reports.heads import Row, head, open_records
from aswiki.domain.reports.incidents import is_open_at_end
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.rows import inner
from aswiki.domain.reports.sight import Sight

PLANNED = frozenset(
    {"change", "deployment", "migration", "scaling", "drill", "training", "critical_event"}
)
"""Kinds of event that are planned ahead."""

UNTIL_DONE = PLANNED | {"security"}
"""Kinds that are told of as coming until they are done."""

_MEETING = "meeting_request"
_VISIT = ("title", "kind", "mode", "status", "occurred_at")
_CHANGE = ("title", "kind", "status", "started_at", "window.from", "window.to", "product")
_PROMISE = ("promises.what", "promises.due_on")
_BY = ("promises.by.person", "promises.by.department")
_TYPES = ("event", "visit", "complaint", "communication", "note", "churn", "architecture")
_MADE = (*_TYPES, "profile", "usage")
_RELEASED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_MADE, _PROMISE),
    "event": (*_PROMISE, "kind", "started_at", "window.from", "window.to", "customer_text"),
    "visit": (*_PROMISE, "kind", "occurred_at", "customer_text"),
}
SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boss": {
        **dict.fromkeys(_MADE, (*_PROMISE, "promises.id", *_BY)),
        "event": (*_CHANGE, *_PROMISE, "promises.id", *_BY, "technical_owner"),
        "visit": (
            *_VISIT,
            *_PROMISE,
            "promises.id",
            *_BY,
            "attendees",
            "requested_by",
        ),
    },
    "product": {"visit": _VISIT},
    "sales": {
        **dict.fromkeys(_MADE, (*_PROMISE, "promises.id")),
        **dict.fromkeys(("complaint", "note"), _PROMISE),
        "event": (*_CHANGE, *_PROMISE, "promises.id"),
        "visit": (*_VISIT, *_PROMISE, "promises.id"),
    },
    "customer_tech": _RELEASED,
    "customer_biz": _RELEASED,
}
"""Reader → record type → the keys whose values stand in the section."""


def next(sights: Sequence[Sight]) -> dict[str, Any] | None:  # noqa: A001 - the section's own key
    """What is planned up to the end of the period after; None where nothing is."""
    if not sights:
        return None
    period = sights[0].period
    makers = {"meetings": _meetings, "visits": _visits, "changes": _changes}
    makers |= {"promises": _promises, "agreed": _agreed}
    if sights[0].reader == "product":
        makers = {"meetings": _meetings}
    found = {
        key: _by_time(period, [row for sight in sights for row in made(sight)])
        for key, made in makers.items()
    }
    return {"period": period.shifted(1).key, **found} if any(found.values()) else None


def ahead(period: Period) -> Period:
    """What lies ahead of a period's report: from its end, or the as-of before it, to the next's."""
    following = period.shifted(1)
    today = period.day(period.as_of)
    first = min(period.day_after, max(period.first_day, today))
    return replace(following, kind="days", first_day=first)


def _meetings(sight: Sight) -> list[Row]:
    return _planned(sight, asked_for=True)


def _visits(sight: Sight) -> list[Row]:
    return _planned(sight, asked_for=False)


def _planned(sight: Sight, *, asked_for: bool) -> list[Row]:
    """Planned visits, or meetings that were asked for; a customer's only in released words."""
    coming, rows = ahead(sight.period), []
    for ref, visit in sight.of(Visit).items():
        if (visit.kind == _MEETING) != asked_for or not coming.holds(visit.occurred_at):
            continue
        if visit_status(visit, sight.period) != "planned":
            continue
        text = sight.words(ref)
        row = {**head(sight, ref), "at": visit.occurred_at, "kind": visit.kind}
        if not sight.is_customer:
            rows.append({**row, **_visit(sight, ref)})
        elif text is not None:
            rows.append({**row, "text": text})
    return rows


def _visit(sight: Sight, ref: str) -> Row:
    row = sight.pick(ref, ("title", "mode"))
    if sight.reader == "boss":
        row |= sight.pick(ref, ("attendees", "requested_by"))
    return row


def _changes(sight: Sight) -> list[Row]:
    """Changes, guards and the like that begin in the time ahead, or are open still."""
    coming, rows = ahead(sight.period), []
    for ref, event in sight.of(Event).items():
        window = event.window
        starts = window.from_ if window is not None and window.from_ else event.started_at
        is_ahead = event.kind in PLANNED and event.status != "cancelled" and coming.holds(starts)
        is_open = event.kind in UNTIL_DONE and is_open_at_end(event, sight.period)
        if not is_ahead and not is_open:
            continue
        text = sight.words(ref)
        ends = window.to if window is not None else None
        row = {**head(sight, ref), "kind": event.kind, "at": starts, "until": ends}
        row["begun"] = not is_ahead
        if not sight.is_customer:
            rows.append({**row, **_change(sight, ref, event)})
        elif text is not None:
            rows.append({**row, "text": text})
    return rows


def _change(sight: Sight, ref: str, event: Event) -> Row:
    row = {**sight.pick(ref, ("title", "product")), "status": event.status}
    if sight.reader == "boss":
        row["department"] = sight.seen(ref).get("technical_owner")
    return row


def _promises(sight: Sight) -> list[Row]:
    """The promises that are open and fall due by the end of the time ahead, the earliest first."""
    last = ahead(sight.period).day_after - timedelta(days=1)
    rows = []
    for item in promises.promises(open_records(sight), sight.period):
        if not item.open_at_end or item.due_on is None or item.due_on > last:
            continue
        said = _promise(sight, item)
        if said is not None:
            rows.append(said)
    return rows


def _promise(sight: Sight, item: promises.ReportedPromise) -> Row | None:
    """A promise in the words that the reader may read, or None where they may not.

    A customer reads no numbers of promises, so there it is found by its words.
    """
    key = "what" if sight.is_customer else "id"
    wanted = (getattr(item, key), item.due_on)
    made = sight.seen(item.ref).get("promises", ())
    own = [said for said in made if (said.get(key), said.get("due_on")) == wanted]
    return _shown(sight, item, own[0]) if own else None


def _shown(sight: Sight, item: promises.ReportedPromise, said: Mapping[str, Any]) -> Row:
    row = head(sight, item.ref)
    if "ref" in row and item.id:
        row["ref"] = f"{item.ref}#{item.id}"
    row |= {"what": said.get("what"), "due_on": item.due_on, "overdue_days": item.overdue_days}
    if sight.reader == "boss":
        by = inner(said, "by")
        department = by.get("department") or sight.ground.colleagues.get(by.get("person", ""))
        row |= {"person": by.get("person"), "department": department}
    return row


def _agreed(sight: Sight) -> list[Row]:
    """What was agreed at the visits held in the period, in the words released to the customer."""
    if not sight.is_customer:
        return []
    period = sight.period
    return [
        {**head(sight, ref), "kind": visit.kind, "at": visit.occurred_at, "text": text}
        for ref, visit in sight.of(Visit).items()
        if period.holds(visit.occurred_at) and visit_status(visit, period) == "held"
        if (text := sight.words(ref)) is not None
    ]


def _by_time(period: Period, rows: list[Row]) -> list[Row]:
    def when(row: Row) -> tuple[bool, datetime]:
        moment: datetime | date | None = row["due_on"] if "due_on" in row else row["at"]
        return moment is None, period.start if moment is None else period.moment(moment)

    return sorted(rows, key=when)

"""What is due: matters that stand still, promises past their day, pages that are not kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from aswiki.domain.checks import due as rules
from aswiki.domain.checks.spend import unexplained
from aswiki.domain.dues.outlook import CRITICAL, HIGH, LOW, NORMAL, Due, World
from aswiki.domain.dues.pace import is_fast, last_moved
from aswiki.domain.dues.upkeep import dates_ahead, not_kept, not_whole
from aswiki.domain.records import customer_of
from aswiki.domain.records.common import Record
from aswiki.domain.records.complaint import Complaint
from aswiki.domain.records.event import Event
from aswiki.domain.times.clock import first_of_month
from aswiki.domain.vocabulary import OPEN_COMPLAINT_EXCLUDES, OPEN_EVENT_EXCLUDES
from aswiki.lang import _, in_days, in_hours

RECENT_DAYS = 92


def due(world: World) -> list[Due]:
    """Everything that is due, the most urgent first, and of those the oldest."""
    found = [
        item
        for ref, record in world.records.items()
        for look in _LOOKS
        for item in look(world, ref, record)
    ]
    return sorted(found, key=_order)


def _order(item: Due) -> tuple[int, bool, int, str, str]:
    return -item.urgency, item.days is None, -(item.days or 0), item.ref, item.what


def _untriaged(world: World, ref: str, record: Record) -> Iterator[Due]:
    for finding in rules.untriaged(record, world.around(ref)):
        since = record.started_at if isinstance(record, Event) else None
        yield _matter(world, ref, record, "untriaged", finding.message, since)


def _standing_still(world: World, ref: str, record: Record) -> Iterator[Due]:
    """Open events and complaints in which nothing happened for longer than their clock allows."""
    if isinstance(record, Event):
        is_open, what = record.status not in OPEN_EVENT_EXCLUDES, "stalled-event"
    elif isinstance(record, Complaint):
        is_open, what = record.status not in OPEN_COMPLAINT_EXCLUDES, "stalled-complaint"
    else:
        return
    since = last_moved(record, world.now, world.zone) if is_open else None
    if since is not None and world.now - since > world.pace.limit(record):
        gone = (world.now - since) // timedelta(hours=1)
        span = in_hours(gone) if gone < 48 else in_days(world.days(since) or 0)
        message = _("{title}: nothing has moved for {span}.").format(title=record.title, span=span)
        yield _matter(world, ref, record, what, message, since)


def _matter(
    world: World, ref: str, record: Record, what: str, message: str, since: datetime | date | None
) -> Due:
    urgent = getattr(record, "severity", None) in {"P0", "P1"}
    fast = what == "untriaged" or (isinstance(record, Event | Complaint) and is_fast(record))
    return Due(
        ref=ref,
        what=what,
        message=message,
        owner=world.owner(ref, record),
        since=since,
        days=world.days(since),
        urgency=(CRITICAL if urgent else HIGH) if fast else NORMAL,
        next_level=world.next_level(ref, record),
    )


def _sla_claims(world: World, ref: str, record: Record) -> Iterator[Due]:
    """Credits whose claim is about to end, or ended not long ago, and nobody decided."""
    if not isinstance(record, Event) or record.kind != "incident":
        return
    for claim in world.claims(customer_of(ref)).get(ref, ()):
        yield Due(
            ref=ref,
            what="sla-claim",
            message=rules.claim_words(claim)[0],
            owner=world.owner(ref, record),
            since=claim.closes,
            days=-claim.days_left,
            urgency=HIGH,
            next_level=world.next_level(ref, record),
        )


def _overdue_promises(world: World, ref: str, record: Record) -> Iterator[Due]:
    for number, promise in enumerate(record.promises, 1):
        if (promise.status or "open") != "open" or promise.due_on is None:
            continue
        days = (world.today - promise.due_on).days
        if days > 0:
            said = _("Promised: {what}. It is {days} past its due date.")
            yield Due(
                ref=f"{ref}#{promise.id or number}",
                what="overdue-promise",
                message=said.format(
                    what=(promise.what or record.title).rstrip("。."), days=in_days(days)
                ),
                owner=world.owner(ref, record),
                since=promise.due_on,
                days=days,
                urgency=HIGH,
                next_level=world.next_level(ref, record),
            )


def _unexplained_swings(world: World, ref: str, record: Record) -> Iterator[Due]:
    """Swings of spend that nobody has answered; those of long ago come last."""
    for one in unexplained(record, world.around(ref)):
        since = first_of_month(date.fromisoformat(f"{one.month}-01"), 1) - timedelta(days=1)
        days = (world.today - since).days
        yield Due(
            ref=ref,
            what="unexplained-swing",
            message=f"{one.message} {one.hint}",
            owner=world.owner(ref, record),
            since=since,
            days=days,
            urgency=NORMAL if days <= RECENT_DAYS else LOW,
        )


_LOOKS = (
    _untriaged,
    _standing_still,
    _sla_claims,
    _overdue_promises,
    _unexplained_swings,
    dates_ahead,
    not_kept,
    not_whole,
)

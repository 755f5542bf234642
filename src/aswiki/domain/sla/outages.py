"""Outages in whole minutes: what of them lies in a month, which count, overlaps once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property
from typing import NamedTuple

from aswiki.domain.checks.surroundings import start_of
from aswiki.domain.records.event import Event
from aswiki.domain.times.clock import first_of_month

MINUTE = timedelta(minutes=1)
NOT_OURS = frozenset({"customer", "third_party", "carrier", "force_majeure"})
"""The parties whose outages count for no SLA; those of upstream are ours towards the customer."""

_OVER = frozenset({"mitigated", "resolved", "closed"})


class Span(NamedTuple):
    """A stretch of time, in UTC, its end left out."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Period:
    """The days of one month in a zone, first and last included.

    Args:
        as_of: the aware moment up to which an outage that goes on is counted.
    """

    first_day: date
    last_day: date
    zone: tzinfo
    as_of: datetime

    @cached_property
    def start(self) -> datetime:
        """The moment it begins, in UTC."""
        return datetime.combine(self.first_day, time.min, self.zone).astimezone(UTC)

    @cached_property
    def end(self) -> datetime:
        """The moment after it, in UTC."""
        after = self.last_day + timedelta(days=1)
        return datetime.combine(after, time.min, self.zone).astimezone(UTC)

    @property
    def minutes(self) -> int:
        """Its minutes; an hour more or less where the clocks change."""
        return (self.end - self.start) // MINUTE

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.end <= self.as_of

    def cut(self, span: Span) -> Span:
        """What of a span lies in it; of length 0 where nothing does."""
        start = min(max(span.start, self.start), self.end)
        return Span(start, max(start, min(span.end, self.end)))


def calendar_month(key: str, zone: tzinfo, as_of: datetime) -> Period:
    """The calendar month of a key such as ``2026-10``."""
    first = date.fromisoformat(f"{key}-01")
    return Period(first, first_of_month(first, 1) - timedelta(days=1), zone, as_of)


def service_month(month: Period, opened: date, ended: date | None = None) -> Period | None:
    """The days of a calendar month on which a service ran; None where it ran on none.

    Args:
        month: a whole calendar month.
        opened: the first day of the service.
        ended: its last; None while it goes on.
    """
    first = max(month.first_day, opened)
    last = min(month.last_day, ended) if ended is not None else month.last_day
    return Period(first, last, month.zone, month.as_of) if first <= last else None


def whole_minutes(span: Span) -> int:
    """The minutes of one outage: a begun one counts, under one minute counts nothing."""
    length = span.end - span.start
    return -(-length // MINUTE) if length >= MINUTE else 0


def unavailable_minutes(spans: Iterable[Span]) -> int:
    """The minutes of the outages of one product, overlapping and touching ones as one outage."""
    return sum(whole_minutes(span) for span in _joined(spans))


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    current: Span | None = None
    for span in sorted(span for span in spans if whole_minutes(span)):
        if current is None or span.start > current.end:
            if current is not None:
                yield current
            current = span
        else:
            current = Span(current.start, max(current.end, span.end))
    if current is not None:
        yield current


@dataclass(frozen=True)
class Outage:
    """What of one incident lies in a month.

    Args:
        ref: the incident.
        event: its record.
        began: when it began; the start of that day where the hour is not known.
        span: when it was by our clock, in the month; None where the hours are not known.
        given: ``impact.unavailable_minutes``, of the month in which the incident began.
        customer_span: when it was by the customer's clock, in the month; None without one.
        is_running: whether it goes on, and is counted up to now.
        excluded: why it counts for no SLA: the reason given, else the party; None: it counts.
    """

    ref: str
    event: Event
    began: datetime
    span: Span | None
    given: int | None
    customer_span: Span | None
    is_running: bool
    excluded: str | None

    @property
    def minutes(self) -> int | None:
        """Its minutes by itself; None where they are not known."""
        if self.given is not None:
            return self.given
        return None if self.span is None else whole_minutes(self.span)

    @property
    def is_decided(self) -> bool:
        """Whether it is said what became of the claim; that one is expected is no decision."""
        said = self.event.compensation
        return said is not None and (
            said.status not in {None, "expected"}
            or said.claimed is not None
            or said.agreed is not None
        )


def minutes_of(outages: Iterable[Outage], *, by_customer: bool = False) -> int:
    """The minutes of the outages that count; those that are not known are left out.

    Args:
        outages: those of one product and month, in any order.
        by_customer: by the customer's clock where there is one, else by ours.
    """
    spans, loose = [], 0
    for one in outages:
        if one.excluded is not None:
            continue
        span = (one.customer_span if by_customer else None) or one.span
        if span is not None:
            spans.append(span)
        elif one.given is not None:
            loose += one.given
    return unavailable_minutes(spans) + loose


def outage(ref: str, event: Event, month: Period) -> Outage | None:
    """What of an incident lies in a month; None where nothing does, or it was cancelled."""
    if event.kind != "incident" or event.status == "cancelled" or event.started_at is None:
        return None
    ended = event.mitigated_at if event.resolved_at is None else event.resolved_at
    is_running = ended is None and event.status not in _OVER
    clock = _clock(event.started_at, month.as_of if is_running else ended)
    began = start_of(event.started_at, month.zone)
    said = event.impact.unavailable_minutes if event.impact is not None else None
    if said is not None:
        is_here = month.start <= began < month.end
    else:
        is_here = _touches(month, began, clock, ended)
    if not is_here:
        return None
    given = None if said is None else min(said, month.minutes)
    theirs = _customer_clock(event, clock)
    return Outage(
        ref=ref,
        event=event,
        began=began,
        span=_span(event.started_at, given) if given is not None else clock and month.cut(clock),
        given=given,
        customer_span=theirs and month.cut(theirs),
        is_running=is_running,
        excluded=_excluded(event),
    )


def _span(start: datetime | date, minutes: int) -> Span | None:
    """So many minutes from the start on; None where its hour is not known."""
    if not isinstance(start, datetime):
        return None
    return Span(start.astimezone(UTC), start.astimezone(UTC) + minutes * MINUTE)


def _clock(start: datetime | date | None, end: datetime | date | None) -> Span | None:
    """A span of two known moments; None where an hour is not known or the end lies before."""
    if not isinstance(start, datetime) or not isinstance(end, datetime) or end < start:
        return None
    with suppress(OverflowError):  # the ends of the calendar have no UTC
        return Span(start.astimezone(UTC), end.astimezone(UTC))
    return None


def _touches(
    month: Period, began: datetime, clock: Span | None, ended: datetime | date | None
) -> bool:
    """Whether an incident may lie in a month; one of unknown hours by the days it names."""
    if clock is not None:
        return began < month.end and (clock.end > month.start or began >= month.start)
    last = began if ended is None else max(began, start_of(ended, month.zone))
    return began < month.end and last >= month.start


def _customer_clock(event: Event, ours: Span | None) -> Span | None:
    theirs = event.sla.customer_clock if event.sla is not None else None
    if theirs is None or (theirs.started_at is None and theirs.resolved_at is None):
        return None
    start = theirs.started_at or (ours.start if ours is not None else None)
    end = theirs.resolved_at or (ours.end if ours is not None else None)
    return _clock(start, end)


def _excluded(event: Event) -> str | None:
    said = event.sla.excluded_reason if event.sla is not None else None
    if said and said.strip():
        return said.strip()
    return event.root_cause_party if event.root_cause_party in NOT_OURS else None

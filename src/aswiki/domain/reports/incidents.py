"""The incidents of a month with their minutes, and the events open at its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aswiki.domain.records.event import Event
from aswiki.domain.reports.period import Period
from aswiki.domain.vocabulary import OPEN_EVENT_EXCLUDES


@dataclass(frozen=True)
class Incident:
    """One incident of the month.

    Args:
        ended_at: resolved_at, else mitigated_at; None while it goes on.
        minutes: the whole outage, a begun minute counted; up to the as-of while it goes on.
        departments: who handled, decided, was demanded of or passed it on, in that order.
        triage: its class: new_requirement, old_bug, broken_promise or undetermined.
    """

    ref: str
    title: str
    severity: str | None
    status: str | None
    started_at: datetime | date
    ended_at: datetime | date | None
    minutes: int
    product: str | None
    departments: tuple[str, ...]
    root_cause_party: str | None
    triage: str | None
    imported: bool


@dataclass(frozen=True)
class OpenEvent:
    """One event that had begun by the month's end and was not over then."""

    ref: str
    title: str
    kind: str
    severity: str | None
    status: str | None
    started_at: datetime | date
    days: int
    owner: str | None
    product: str | None


def incident_minutes(event: Event, month: Period) -> int:
    """The minutes of an outage, from started_at to resolved_at, else mitigated_at, else the as-of.

    A begun minute counts; an end before the start makes 0.

    Source: wiki-schema section 6.
    """
    if event.started_at is None:
        return 0
    ended = _ended_at(event)
    end = month.as_of if ended is None else month.moment(ended)
    minutes = -((month.moment(event.started_at) - end) // timedelta(minutes=1))
    return max(0, minutes)


def incidents(
    events: Mapping[str, Event], month: Period, colleagues: Mapping[str, str | None]
) -> list[Incident]:
    """The incidents that started in the month, the gravest and longest first.

    Cancelled ones do not count: they were no incidents.
    """
    found = [
        _incident(ref, event, month, colleagues)
        for ref, event in events.items()
        if event.kind == "incident" and event.status != "cancelled"
        if month.holds(event.started_at)
    ]
    return sorted(found, key=lambda item: (item.severity or "P9", -item.minutes, item.ref))


def open_events(events: Mapping[str, Event], month: Period) -> list[OpenEvent]:
    """The events, of any kind, open at the month's end, incidents first, then the oldest."""
    found = [
        OpenEvent(
            ref=ref,
            title=event.title,
            kind=event.kind,
            severity=event.severity,
            status=event.status,
            started_at=event.started_at,
            days=max(0, (month.last_day - month.day(event.started_at)).days),
            owner=event.owner,
            product=event.product,
        )
        for ref, event in events.items()
        if event.started_at is not None and is_open_at_end(event, month)
    ]
    return sorted(found, key=lambda item: (item.severity or "P9", -item.days, item.ref))


def is_open_at_end(event: Event, month: Period) -> bool:
    """Whether an event had started by the month's end and was not resolved or closed by then.

    One without either time is judged by its status; a cancelled one is not open.
    """
    if event.status == "cancelled" or not month.is_over_by_end(event.started_at):
        return False
    ends = [end for end in (event.resolved_at, event.closed_at) if end is not None]
    if not ends:
        return (event.status or "new") not in OPEN_EVENT_EXCLUDES
    return not any(month.is_over_by_end(end) for end in ends)


def departments_of(event: Event, colleagues: Mapping[str, str | None]) -> tuple[str, ...]:
    """The departments an event names, each once; a colleague stands for their department."""
    named = (colleagues.get(name) or name for name in _named(event) if name)
    return tuple(dict.fromkeys(named))


def _named(event: Event) -> Iterator[str | None]:
    yield event.technical_owner
    yield from event.technical_decision_by
    for entry in event.log:
        if entry.kind == "demand":
            yield entry.to
        elif entry.kind == "deflection":
            yield from (entry.from_, entry.to)


def _ended_at(event: Event) -> datetime | date | None:
    return event.mitigated_at if event.resolved_at is None else event.resolved_at


def _incident(
    ref: str, event: Event, month: Period, colleagues: Mapping[str, str | None]
) -> Incident:
    assert event.started_at is not None  # noqa: S101 - the caller chose it by this time
    return Incident(
        ref=ref,
        title=event.title,
        severity=event.severity,
        status=event.status,
        started_at=event.started_at,
        ended_at=_ended_at(event),
        minutes=incident_minutes(event, month),
        product=event.product,
        departments=departments_of(event, colleagues),
        root_cause_party=event.root_cause_party,
        triage=event.triage.class_ if event.triage else None,
        imported=event.source is not None and bool(event.source.system),
    )


def severities(found: Iterable[Incident], words: Iterable[str]) -> dict[str, int]:
    """How many incidents of each severity, those with none included."""
    counted = dict.fromkeys(words, 0)
    for item in found:
        if item.severity is not None:
            counted[item.severity] = counted.get(item.severity, 0) + 1
    return counted

"""The promises a month's report speaks of, and how they stood at its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from aswiki.domain.records.common import Promise, Record, Who
from aswiki.domain.reports.period import Period

STATES = ("kept", "late", "broken", "open", "overdue")
_KEPT = frozenset({"kept", "late"})


@dataclass(frozen=True)
class ReportedPromise:
    """One promise.

    Args:
        by: person and department, each as far as it is said.
        status: as the record has it now; ``open`` where it says nothing.
        open_at_end: whether it was neither settled nor broken at the month's end.
        overdue_days: days past its due date, at the month's end or on the day it was kept.
    """

    ref: str
    id: str | None
    what: str | None
    by: dict[str, str | None]
    to: str | None
    kind: str | None
    made_on: date | None
    due_on: date | None
    status: str
    kept_on: date | None
    open_at_end: bool
    overdue_days: int


def promises(records: Mapping[str, Record], month: Period) -> list[ReportedPromise]:
    """Every promise made by the month's end: broken ones first, then the longest overdue."""
    found = [
        _reported(ref, promise, month)
        for ref, record in records.items()
        for promise in record.promises
        if promise.made_on is None or month.is_over_by_end(promise.made_on)
    ]
    return sorted(found, key=_order)


def matters(item: ReportedPromise, month: Period) -> bool:
    """Whether the report lists it: made, due or kept in the month, or broken or overdue still."""
    if any(month.holds(day) for day in (item.made_on, item.due_on, item.kept_on)):
        return True
    return is_broken(item) or is_overdue(item)


def is_broken(item: ReportedPromise) -> bool:
    """Whether it stood broken at the month's end."""
    return item.status == "broken" and not item.open_at_end


def is_overdue(item: ReportedPromise) -> bool:
    """Whether it was open at the month's end and past its due date."""
    return item.open_at_end and item.overdue_days > 0


def count_promises(found: Iterable[ReportedPromise], month: Period) -> dict[str, int]:
    """How many were kept or kept late in the month, and stood broken, open, overdue at its end.

    An overdue one is counted as open too.
    """
    counted = dict.fromkeys(STATES, 0)
    for item in found:
        if item.status in _KEPT and month.holds(item.kept_on or item.due_on or item.made_on):
            counted[item.status] += 1
        counted["broken"] += is_broken(item)
        counted["open"] += item.open_at_end
        counted["overdue"] += is_overdue(item)
    return counted


def _reported(ref: str, promise: Promise, month: Period) -> ReportedPromise:
    by = promise.by or Who()
    return ReportedPromise(
        ref=ref,
        id=promise.id,
        what=promise.what,
        by={"person": by.person, "department": by.department},
        to=promise.to,
        kind=promise.kind,
        made_on=promise.made_on,
        due_on=promise.due_on,
        status=promise.status or "open",
        kept_on=promise.kept_on,
        open_at_end=_is_open_at_end(promise, month),
        overdue_days=_overdue_days(promise, month),
    )


def _is_open_at_end(promise: Promise, month: Period) -> bool:
    status = promise.status or "open"
    settled_on = {"kept": promise.kept_on, "late": promise.kept_on, "broken": promise.due_on}
    if status in settled_on:
        day = settled_on[status]
        return day is not None and not month.is_over_by_end(day)
    return status == "open"


def _overdue_days(promise: Promise, month: Period) -> int:
    if promise.due_on is None or promise.status in {"withdrawn", "disputed"}:
        return 0
    until = month.last_day
    if promise.status in _KEPT and not _is_open_at_end(promise, month):
        until = promise.kept_on or promise.due_on
    return max(0, (until - promise.due_on).days)


def _order(item: ReportedPromise) -> tuple[int, int, date, str, str]:
    rank = 0 if is_broken(item) else 1 if is_overdue(item) else 2
    return rank, -item.overdue_days, item.due_on or date.max, item.ref, item.id or ""

"""The ledger of promises: who promised what, and how far past its day it is."""

from __future__ import annotations

from collections.abc import Iterator

from aswiki.domain.ledgers.ground import Ground, Row
from aswiki.domain.records.common import Promise


def promises(ground: Ground) -> list[Row]:
    """Every promise, the longest overdue first; ``ref`` is ``RECORD#id``.

    ``overdue_days`` counts to today while it is open or broken, to the day it was kept else.
    """
    rows = list(_rows(ground))
    return sorted(rows, key=lambda row: (not row["open"], -row["overdue_days"], row["ref"]))


def _rows(ground: Ground) -> Iterator[Row]:
    for ref, record in ground.records.items():
        for number, promise in enumerate(record.promises, 1):
            status = promise.status or "open"
            by = promise.by
            yield {
                **ground.head(f"{ref}#{promise.id or number}", record.title),
                "what": promise.what,
                "person": ground.own_name(by.person) if by else None,
                "department": _department(ground, promise),
                "to": promise.to,
                "kind": promise.kind,
                "made_on": promise.made_on,
                "due_on": promise.due_on,
                "status": status,
                "open": status == "open",
                "kept_on": promise.kept_on,
                "overdue_days": overdue_days(promise, ground),
                "value": promise.value,
                "sales_informed_on": promise.sales_informed_on,
            }


def _department(ground: Ground, promise: Promise) -> str | None:
    by = promise.by
    if by is None:
        return None
    if by.department is not None:
        return ground.own_name(by.department)
    own = ground.own_name(by.person)
    return ground.departments.get(own) if own is not None else None


def overdue_days(promise: Promise, ground: Ground) -> int:
    """Days past the due date: 0 where there is none, or where it was withdrawn or is disputed."""
    if promise.due_on is None or promise.status in {"withdrawn", "disputed"}:
        return 0
    until = promise.kept_on if promise.status in {"kept", "late"} else ground.today
    return max(0, ((until or promise.due_on) - promise.due_on).days)

"""Section 6: the promises kept, late, broken, open and overdue, each reader's part of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from aswiki.domain.records.common import Promise, Who
from aswiki.domain.reports import promises as values
from aswiki.domain.reports.heads import Row, department_of, head
from aswiki.domain.reports.promises import ReportedPromise
from aswiki.domain.reports.sight import Sight

_KEYS: Mapping[str, tuple[str, ...]] = {
    "boss": ("what", "kind", "to", "due_on", "kept_on", "in_writing"),
    "product": ("what", "kind", "due_on", "kept_on"),
    "sales": ("what", "kind", "due_on", "kept_on", "sales_informed_on"),
    "customer_tech": ("what", "due_on", "kept_on"),
    "customer_biz": ("what", "due_on", "kept_on"),
}
_TYPES = (
    "profile",
    "usage",
    "architecture",
    "event",
    "visit",
    "complaint",
    "communication",
    "note",
    "churn",
)
_BY = {
    "boss": ("promises.by.person", "promises.by.department"),
    "product": ("promises.by.department",),
}
_UNTITLED: Mapping[str, frozenset[str]] = {
    "product": frozenset({"communication", "complaint", "note"}),
    "sales": frozenset({"complaint", "note"}),
}
"""Reader → the types whose titles they do not read, and so no reference with a promise's number."""


def _shown(reader: str, record_type: str) -> tuple[str, ...]:
    keys = [f"promises.{key}" for key in (*_KEYS[reader], "status")]
    has_number = reader in {"boss", "product", "sales"}
    if has_number and record_type not in _UNTITLED.get(reader, ()):
        keys.append("promises.id")
    return (*keys, *_BY.get(reader, ()))


SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    reader: {each: _shown(reader, each) for each in _TYPES} for reader in _KEYS
}
ORDER = ("broken", "overdue", "late", "open", "kept")
"""What became of a promise, in the order it is told; what was withdrawn or disputed comes last."""


class _Told(NamedTuple):
    """One promise with what the reader may read of it, nothing where that is nothing."""

    sight: Sight
    item: ReportedPromise
    seen: Mapping[str, Any]

    @property
    def outcome(self) -> str:
        """How it stood at the period's end."""
        item = self.item
        if item.open_at_end:
            return "overdue" if values.is_overdue(item) and not self.sight.is_customer else "open"
        return item.status


def promises(sights: Sequence[Sight]) -> dict[str, Any] | None:
    """The promises of the period, and those open or broken at its end; the worst first."""
    told = [one for sight in sights for one in _told(sight)]
    rows = sorted((one for one in told if one.seen), key=_order)
    if not rows:
        return None
    counts = _counts(rows)
    if sights[0].is_customer:
        counts = {key: counts[key] for key in ("open", "kept")}
    found: dict[str, Any] = {"counts": counts}
    if sights[0].reader in _BY:
        found["by_department"] = _by_department(rows)
        outcomes = [{"key": key, "count": count} for key, count in counts.items() if count]
        found["charts"] = {"promises": {"kind": "promises", "outcomes": outcomes}}
    return {**found, "promises": [_row(one) for one in rows]}


def _told(sight: Sight) -> Iterator[_Told]:
    for ref, record in sight.whole.items():
        for promise in record.promises:
            if sight.reader == "product" and promise.kind == "price":
                continue
            alone = {ref: record.model_copy(update={"promises": [promise]})}
            for item in values.promises(alone, sight.period):
                if item.open_at_end or values.matters(item, sight.period):
                    yield _Told(sight, item, _seen(sight, ref, promise))


def _seen(sight: Sight, ref: str, promise: Promise) -> Mapping[str, Any]:
    """What the reader may read of one promise, whichever of its record's others they may not."""
    record = sight.whole[ref].model_copy(update={"promises": [promise]})
    profile = f"{sight.customer}/profile"
    whole = {profile: sight.whole[profile]} if profile in sight.whole else {}
    found = replace(sight, whole={**whole, ref: record}).seen(ref).get("promises") or [{}]
    seen: Mapping[str, Any] = found[0]
    return seen


def _row(one: _Told) -> Row:
    sight, item, seen = one
    row = {**head(sight, item.ref), "outcome": one.outcome}
    if "ref" in row and seen.get("id") is not None:
        row["ref"] = f"{item.ref}#{seen['id']}"
    row |= {key: seen.get(key) for key in _KEYS[sight.reader]}
    if item.open_at_end:
        row["kept_on"] = None
    if sight.reader == "boss":
        row["person"] = (seen.get("by") or {}).get("person")
    if sight.reader in _BY:
        row["department"] = _department(one)
    if not sight.is_customer:
        row["overdue_days"] = item.overdue_days
    return row


def _department(one: _Told) -> str | None:
    by = Who.model_validate(one.item.by)
    return department_of(one.sight, by.person, by.department)


def _counts(told: Iterable[_Told]) -> dict[str, int]:
    """How many came to each end; one that was withdrawn or is disputed is ``other``."""
    counts = dict.fromkeys((*ORDER, "other"), 0)
    for one in told:
        counts[one.outcome if one.outcome in counts else "other"] += 1
    return counts


def _by_department(told: Sequence[_Told]) -> list[Row]:
    """Each department's counts, the one with most broken and overdue promises first."""
    found: dict[str | None, list[_Told]] = {}
    for one in told:
        found.setdefault(_department(one), []).append(one)
    rows = [{"department": name, **_counts(own)} for name, own in found.items()]
    return sorted(
        rows,
        key=lambda row: (
            row["department"] is None,
            *(-row[key] for key in ORDER),
            row["department"] or "",
        ),
    )


def _order(one: _Told) -> tuple[int, int, date, str, str, str]:
    item = one.item
    rank = ORDER.index(one.outcome) if one.outcome in ORDER else len(ORDER)
    days = 0 if one.sight.is_customer else item.overdue_days
    return rank, -days, item.due_on or date.max, one.sight.name, item.ref, item.id or ""

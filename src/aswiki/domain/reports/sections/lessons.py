"""Section 18: what was learned in the period, and whom to thank for help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aswiki.domain.ledgers.heard import told_in
from aswiki.domain.records import customer_of
from aswiki.domain.records.event import Event
from aswiki.domain.records.lesson import Lesson
from aswiki.domain.reports.heads import Row, ledger_ground, open_records
from aswiki.domain.reports.sight import Sight

_TOLD = (
    "title",
    "learned_on",
    "hours_spent",
    "attempts",
    "other_products",
    "symptom",
    "environment",
    "cause",
    "dead_ends",
    "fix",
    "applies_when",
)
_KEYS: Mapping[str, tuple[str, ...]] = {
    "boss": (*_TOLD, "learned_from", "knowledge_gap", "shared_with", "sanitized"),
    "product": _TOLD,
}
_HELP = tuple(f"helped_by.{key}" for key in ("person", "topic", "minutes"))
SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boss": {"lesson": (*_KEYS["boss"], *_HELP), "event": _HELP},
    "product": {"lesson": _KEYS["product"]},
}


def lessons(sights: Sequence[Sight]) -> dict[str, Any] | None:
    """The lessons learned in the period, by day; to the boss the helpers too."""
    reader = sights[0].reader
    shared = Sight(reader, "", sights[0].period, sights[0].ground.shared, sights[0].ground)
    own = frozenset(sight.customer for sight in sights)
    learned = sorted(_learned(shared, own), key=lambda ref: (_day(shared, ref), ref))
    found: dict[str, Any] = {"lessons": [_row(shared, ref) for ref in learned]}
    if reader == "boss":
        found["helpers"] = _helpers(sights, shared, learned)
    return found if any(found.values()) else None


def _learned(shared: Sight, own: frozenset[str]) -> Iterator[str]:
    """The lessons of the period that come from these customers, or from no record at all."""
    for ref, lesson in shared.of(Lesson).items():
        origins = {customer_of(origin) for origin in lesson.from_records}
        theirs = not origins or bool(origins & own)
        if theirs and shared.period.holds(lesson.learned_on) and shared.seen(ref):
            yield ref


def _day(shared: Sight, ref: str) -> str:
    return str(shared.seen(ref).get("learned_on"))


def _row(shared: Sight, ref: str) -> Row:
    row: Row = {"ref": ref, **shared.pick(ref, _KEYS[shared.reader])}
    lists = [key for key in ("other_products", "shared_with") if key in row]
    return row | {key: row[key] or [] for key in lists}


def _helpers(sights: Sequence[Sight], shared: Sight, learned: Sequence[str]) -> list[Row]:
    """Who helped, for how many minutes and with what; the most minutes first.

    Help that a lesson tells again of its event counts once.
    """
    found: dict[str | None, Row] = {}
    for giver, said, department in _helps(sights, shared, learned):
        row = found.setdefault(
            giver,
            {"person": giver, "department": department, "minutes": 0, "times": 0, "topics": []},
        )
        row["minutes"] += said.get("minutes") or 0
        row["times"] += 1
        if said.get("topic") and said["topic"] not in row["topics"]:
            row["topics"].append(said["topic"])
    return sorted(found.values(), key=lambda row: (-row["minutes"], row["person"] or ""))


def _helps(
    sights: Sequence[Sight], shared: Sight, learned: Sequence[str]
) -> Iterator[tuple[str | None, Mapping[str, Any], str | None]]:
    """Giver, readable help and the giver's department, of events and lessons of the period."""
    every = {ref: record for sight in sights for ref, record in open_records(sight).items()}
    ground = ledger_ground(shared, every)
    named = [
        (sight, ref)
        for sight in sights
        for ref, event in sight.of(Event).items()
        if event.helped_by and sight.period.holds(event.started_at)
    ]
    for sight, ref in (*named, *((shared, ref) for ref in learned)):
        record = sight.whole[ref]
        whole = record.helped_by if isinstance(record, Event | Lesson) else []
        for item, said in zip(whole, sight.seen(ref).get("helped_by", ()), strict=False):
            again = told_in(ground, record, item)
            told = every.get(again) if again is not None else None
            if isinstance(told, Event) and shared.period.holds(told.started_at):
                continue
            giver = ground.own_name(said.get("person"))
            department = ground.departments.get(giver) if giver is not None else None
            yield giver, said, department

"""Section 12: the hints of what customers may do next; sales hears no source of any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from aswiki.domain.records.note import Note
from aswiki.domain.records.visit import Visit
from aswiki.domain.reports.heads import Row, head
from aswiki.domain.reports.sight import Sight

_KEYS: Mapping[str, tuple[str, ...]] = {
    "boss": (
        "kind",
        "claimed_reason",
        "claimed_severity",
        "platform_fault",
        "internal_positioning",
        "advice",
        "for_sales",
    ),
    "sales": ("kind", "for_sales"),
}
_SOURCE = ("channel", "said_by", "verbatim", "confidence")
SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boss": {
        "note": (
            "title",
            *(f"signal.{key}" for key in _KEYS["boss"]),
            *(f"source.{key}" for key in _SOURCE),
        ),
        "visit": (
            "title",
            *(f"signals.{key}" for key in _KEYS["boss"]),
            *(f"source.{key}" for key in _SOURCE),
        ),
    },
    "sales": {
        "note": ("signal.kind", "signal.for_sales"),
        "visit": ("signals.kind", "signals.for_sales"),
    },
}


def signals(sights: Sequence[Sight]) -> dict[str, Any] | None:
    """The signals of the period, by time."""
    found = [
        (sight.period.moment(at), _row(sight, ref, at, signal))
        for sight in sights
        for ref, at, signal in heard(sight)
    ]
    found.sort(key=lambda pair: (pair[0], pair[1]["name"]))
    return {"signals": [row for _at, row in found]} if found else None


def heard(sight: Sight) -> Iterator[tuple[str, date, Mapping[str, Any]]]:
    """Reference, time and readable parts of every signal of the period."""
    for ref, record in sight.whole.items():
        at = record.occurred_at if isinstance(record, Note | Visit) else None
        if at is None or not sight.period.holds(at):
            continue
        seen = sight.seen(ref)
        found = [seen["signal"]] if "signal" in seen else seen.get("signals", [])
        for signal in found:
            yield ref, at, signal


def _row(sight: Sight, ref: str, at: date, signal: Mapping[str, Any]) -> Row:
    said = {key: signal.get(key) for key in _KEYS[sight.reader]}
    if sight.reader != "boss":
        return {"customer": sight.customer, "name": sight.name, "on": sight.period.day(at), **said}
    seen = sight.seen(ref)
    source = seen.get("source") or {}
    return {
        **head(sight, ref),
        "at": at,
        "title": seen.get("title"),
        **said,
        **{key: source.get(key) for key in _SOURCE},
        "protect_source": signal.get("protect_source") is not False,
    }

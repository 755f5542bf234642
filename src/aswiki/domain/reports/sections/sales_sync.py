"""Section 10: what sales told us and how late, what we heard ourselves, and what the work took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from aswiki.domain.ledgers.heard import syncs
from aswiki.domain.ledgers.scope import scope
from aswiki.domain.records.common import Record
from aswiki.domain.records.event import Event
from aswiki.domain.records.note import Note
from aswiki.domain.reports.heads import Row, head, ledger_ground, open_records
from aswiki.domain.reports.sight import Sight

_SYNC = tuple(
    f"sales_sync.{key}"
    for key in ("sales_person", "happened_at", "synced_at", "relevant_to_service")
)
SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boss": {
        "note": ("title", *_SYNC, "sales_sync.with_whom"),
        "event": ("title", "scope.claims.by", "scope.claims.hours", "scope.gap_reason"),
        "profile": ("our_team.person",),
    },
    "sales": {"note": _SYNC[1:], "event": ("title",)},
}
_NOT_HEARD = frozenset({"monitor", "internal"})
"""Channels in which nobody of the customer speaks."""


def sales_sync(sights: Sequence[Sight]) -> dict[str, Any] | None:
    """The syncs and scopes of the period, and each salesperson's figures."""
    told = [_Heard(sight) for sight in sights]
    items = [row for one in told for row in one.syncs()]
    scopes = [row for one in told for row in one.scopes()]
    found: dict[str, Any] = {"syncs": items, "scopes": scopes}
    if sights[0].reader == "boss":
        found["persons"] = _persons(told, items, scopes)
        found["heard"] = [row for one in told if (row := one.counts()) is not None]
    return found if any(found.values()) else None


class _Heard:
    """What was heard of one customer, by us and by sales."""

    def __init__(self, sight: Sight) -> None:
        self.sight = sight
        self._records = open_records(sight)
        self._ground = ledger_ground(sight, self._records)
        self._every = [
            row
            for row in syncs(self._ground)
            if "sales_sync" in sight.seen(row["ref"]) and sight.period.is_over_by_end(_told_at(row))
        ]

    def syncs(self) -> Iterator[Row]:
        """The syncs of the period, each with the record that knew it before."""
        for row in self._every:
            if not self.sight.period.holds(_told_at(row)):
                continue
            ref = row["ref"]
            seen = self.sight.seen(ref)
            said = seen["sales_sync"]
            yield {
                **head(self.sight, ref),
                **{key: said.get(key) for key in ("happened_at", "synced_at")},
                "lag_hours": _plain(row["lag_hours"]),
                "relevant_to_service": said.get("relevant_to_service"),
                **self._more(ref, seen, said),
            }

    def _more(self, ref: str, seen: Mapping[str, Any], said: Mapping[str, Any]) -> Row:
        """What the boss is told besides."""
        if self.sight.reader != "boss":
            return {}
        return {
            "title": seen.get("title"),
            "person": self._ground.own_name(said.get("sales_person")),
            "with_whom": said.get("with_whom"),
            "heard_directly": self._direct(ref),
        }

    def scopes(self) -> Iterator[Row]:
        """How long sales said the work of the period would take, and how long it took."""
        for row in scope(self._ground):
            event = self._records[row["ref"]]
            own = self.sight.reader == "boss" or row["said_by"] in self.sight.ground.own
            if not isinstance(event, Event) or row["said_hours"] is None or not own:
                continue
            if self.sight.period.holds(event.started_at):
                yield self._scope(row)

    def _scope(self, row: Row) -> Row:
        ref = row["ref"]
        seen = self.sight.seen(ref)
        found = {
            **head(self.sight, ref),
            "title": seen.get("title"),
            **{key: row[key] for key in ("said_hours", "actual_hours", "gap_hours")},
        }
        if self.sight.reader == "boss":
            found["said_by"] = row["said_by"]
            found["gap_reason"] = (seen.get("scope") or {}).get("gap_reason")
        return found

    def people(self) -> list[str | None]:
        """The salespeople of the customer: of the team, and whoever told us anything."""
        team = self.sight.seen(f"{self.sight.customer}/profile").get("our_team", [])
        own = self._ground.own_name
        named = [own(each.get("person")) for each in team if each.get("role") == "sales"]
        return list(dict.fromkeys([*named, *(row["sales_person"] for row in self._every)]))

    def days_since_last(self, person: str | None) -> int | None:
        """Days from the person's newest sync to the period's end; None where there is none."""
        rows = [row for row in self._every if row["sales_person"] == person]
        days = [self._ground.days(_told_at(row), None) for row in rows]
        return min((one for one in days if one is not None), default=None)

    def counts(self) -> Row | None:
        """How much of the period was heard directly, told by sales, and told by both."""
        direct = [ref for ref in self._records if self._is_direct(ref)]
        told = [ref for ref in self._records if self._is_by_sales(ref)]
        if not direct and not told:
            return None
        both = sum(self._direct(ref) is not None for ref in told)
        return {
            **head(self.sight),
            "directly": len(direct),
            "by_sales": len(told),
            "by_both": both,
        }

    def _direct(self, ref: str) -> str | None:
        """A record of what was heard directly that is related to one of sales, either way."""
        record = self._records[ref]
        related = [item.ref for item in record.related if item.ref in self._records]
        related += [
            other
            for other, found in self._records.items()
            if any(item.ref == ref for item in found.related)
        ]
        return next((other for other in related if _is_heard(self._records[other])), None)

    def _is_direct(self, ref: str) -> bool:
        record = self._records[ref]
        return _is_heard(record) and self.sight.period.holds(_at(record))

    def _is_by_sales(self, ref: str) -> bool:
        record = self._records[ref]
        return _is_sales(record) and self.sight.period.holds(_at(record))


def _plain(hours: Decimal | None) -> Decimal | None:
    """Hours to a tenth, whole ones without it."""
    if hours is None or hours != hours.to_integral_value():
        return hours
    return hours.quantize(Decimal(1))


def _told_at(row: Row) -> date | None:
    found: date | None = row["synced_at"] or row["happened_at"]
    return found


def _at(record: Record) -> date | None:
    found = getattr(record, record.TIME_KEY or "", None)
    return found if isinstance(found, date) else None


def _is_sales(record: Record) -> bool:
    synced = isinstance(record, Note) and record.sales_sync is not None
    return synced or (record.source is not None and record.source.channel == "sales_relay")


def _is_heard(record: Record) -> bool:
    """Whether the customer said it to us, not through sales."""
    channel = record.source.channel if record.source is not None else None
    return channel is not None and channel not in _NOT_HEARD and not _is_sales(record)


def _persons(told: Sequence[_Heard], items: Sequence[Row], scopes: Sequence[Row]) -> list[Row]:
    """A row a salesperson, the one who told us last longest ago first; who never did before."""
    found: dict[str | None, Row] = {}
    for one in told:
        for person in one.people():
            row = found.setdefault(person, {"person": person, "days": []})
            row["days"].append(one.days_since_last(person))
    for person, row in found.items():
        days = [day for day in row.pop("days") if day is not None]
        lags = [item["lag_hours"] for item in items if item["person"] == person]
        lags = [lag for lag in lags if lag is not None]
        gaps = [each["gap_hours"] for each in scopes if each["said_by"] == person]
        gaps = [gap for gap in gaps if gap is not None]
        row |= {
            "syncs": sum(item["person"] == person for item in items),
            "longest_lag_hours": max(lags, default=None),
            "mean_lag_hours": _plain(round(sum(lags, Decimal(0)) / len(lags), 1)) if lags else None,
            "days_since_last": min(days, default=None),
            "scope_gap_hours": sum(gaps, Decimal(0)) if gaps else None,
        }
    return sorted(
        found.values(),
        key=lambda row: (
            row["days_since_last"] is not None,
            -(row["days_since_last"] or 0),
            row["person"] or "",
        ),
    )

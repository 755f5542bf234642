"""Section 1: the weather of each customer, its trend, and what speaks against the sun."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from typing import Any

from aswiki.domain.records.common import Record
from aswiki.domain.records.event import Event
from aswiki.domain.records.usage import Usage
from aswiki.domain.reports import months
from aswiki.domain.reports.incidents import incidents, open_events
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.sight import Sight
from aswiki.domain.spending.month import shifted
from aswiki.domain.spending.series import Series, Swing
from aswiki.domain.standing.drivers import WORST_FIRST, Driver
from aswiki.domain.standing.weather import Weather, value
from aswiki.domain.standing.weather import weather as weather_of

SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boss": {
        "profile": ("name", "promises.what"),
        "architecture": ("promises.what",),
        "usage": ("lines.product", "promises.what"),
        "event": ("title", "promises.what"),
        "complaint": ("title", "promises.what"),
        "visit": ("title", "promises.what", "weather"),
        "note": ("title", "promises.what"),
        "communication": ("promises.what",),
        "churn": ("promises.what",),
    },
    "product": {
        "profile": ("name",),
        "event": ("severity", "product", "started_at"),
    },
    "sales": {"profile": ("name",)},
}
"""Reader → record type → the keys whose words or values the section shows."""

_URGENT = frozenset({"P0", "P1"})


def weather(sights: Sequence[Sight]) -> dict[str, Any] | None:
    """The weather at the last month of the period that has begun, the worst first.

    Every row has ``value``. The boss is told ``trend``, ``drivers`` and the visit's own
    ``reading``, and of one customer a strip of twelve months under ``charts``; product is told the
    recent ``faults``. Of more than one month each row has the value of each.
    """
    if not sights:
        return None
    skies = [_Sky(sight) for sight in sights]
    rows = [sky.row() for sky in skies]
    rows.sort(key=lambda row: (WORST_FIRST.index(row["value"]), row["customer"]))
    said = [row["value"] for row in rows]
    counts = {each: said.count(each) for each in WORST_FIRST if each in said}
    found: dict[str, Any] = {"month": skies[0].month.key, "counts": counts, "customers": rows}
    if len(skies) == 1 and sights[0].reader == "boss":
        found["charts"] = {"weather": skies[0].strip()}
    return found


class _Sky:
    """One customer's weather as one reader may know of it."""

    def __init__(self, sight: Sight) -> None:
        self.sight = sight
        self.month = months.standing(sight.period)

    def row(self) -> dict[str, Any]:
        """What the reader is told."""
        sight, found = self.sight, {"customer": self.sight.customer, "name": self.sight.name}
        if sight.reader == "boss":
            now = self.now
            told = {
                "value": now.value,
                "trend": now.trend,
                "drivers": [_driver(sight, one) for one in now.drivers],
                "reading": asdict(now.reading) if now.reading is not None else None,
            }
        else:
            told = {"value": self.value(self.month)}
            if sight.reader == "product":
                told["faults"] = self._faults()
        over = months.begun(sight.period)
        if len(over) > 1:
            told["months"] = [{"month": one.key, "value": self.value(one)} for one in over]
        return found | told

    def strip(self) -> dict[str, Any]:
        """The weather of the twelve months up to the period's last, as a chart."""
        keys = months.trailing(self.month)
        every = [Period.of_month(key, self.month.zone, self.month.as_of) for key in keys]
        return {
            "kind": "weather",
            "months": keys,
            "weather": [{"key": self.value(one)} for one in every],
        }

    def value(self, of: Period) -> str:
        """The weather of one month."""
        if of.key not in self._values:
            swings = self._series.swings(of.key)
            self._values[of.key] = value(self.sight.customer, self._records, of, swings)
        return self._values[of.key]

    @cached_property
    def now(self) -> Weather:
        """The weather of the last month, with its reasons."""
        keys = (self.month.key, shifted(self.month.key, -1))
        swings: dict[str, list[Swing]] = {key: self._series.swings(key) for key in keys}
        found = weather_of(self.sight.customer, self._records, self.month, swings)
        self._values[self.month.key] = found.value
        return found

    @cached_property
    def _values(self) -> dict[str, str]:
        return {}

    @cached_property
    def _records(self) -> dict[str, Record]:
        """The records that count for the reader."""
        sight = self.sight
        return {ref: record for ref, record in sight.whole.items() if sight.may_count(ref)}

    @cached_property
    def _series(self) -> Series:
        sight = self.sight
        level = sight.profile.account_level if sight.profile is not None else None
        pages = sight.of(Usage)
        limits = sight.ground.limits.of(level)
        return Series(sight.customer, pages, limits, sight.ground.currency)

    def _faults(self) -> list[dict[str, Any]]:
        """The incidents of the period, and the urgent ones from before it that are open still."""
        sight = self.sight
        events = sight.of(Event)
        found = [
            {"ref": one.ref, **_fault(sight, one.ref), "minutes": one.minutes, "days_open": None}
            for one in incidents(events, sight.period, {})
        ]
        known = {one["ref"]: one for one in found}
        for event in open_events(events, self.month):
            if event.severity in _URGENT:
                told = known.get(event.ref)
                if told is None:
                    told = {"ref": event.ref, **_fault(sight, event.ref), "minutes": None}
                    found.append(told)
                told["days_open"] = event.days
        return sorted(found, key=lambda one: (one["severity"] or "P9", one["ref"]))


def _fault(sight: Sight, ref: str) -> dict[str, Any]:
    return sight.pick(ref, ("severity", "product", "started_at"))


def _driver(sight: Sight, driver: Driver) -> dict[str, Any]:
    """A reason with the words that the reader may read of its record."""
    told = asdict(driver)
    if driver.kind == "unexplained_fall":
        return told
    ref, _hash, own = driver.ref.partition("#")
    seen = sight.seen(ref)
    if driver.kind in {"broken_promise", "late_promise"}:
        made = (
            one.get("what")
            for one in seen.get("promises", ())
            if (one.get("id") == own if own else one.get("what") == driver.about)
        )
        told["about"] = next(made, None)
    else:
        told["about"] = None if driver.kind == "arrears" else seen.get("title")
    return told

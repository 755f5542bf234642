"""The weather of a customer's month: computed from what speaks against the sun, with its trend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from aswiki.domain.records.common import Record
from aswiki.domain.records.visit import Visit
from aswiki.domain.reports.activity import visits
from aswiki.domain.reports.period import Period
from aswiki.domain.standing.contact import heard
from aswiki.domain.standing.drivers import WORST_FIRST, Driver, drivers

if TYPE_CHECKING:
    from aswiki.domain.spending.swing import Swing


@dataclass(frozen=True)
class Reading:
    """A visit's own weather, as the visitor saw it."""

    weather: str
    ref: str


@dataclass(frozen=True)
class Weather:
    """The weather of one customer's month.

    Args:
        value: one of ``WORST_FIRST``.
        trend: better, worse or same than the month before; unknown where either month is.
        drivers: every reason, the worst first.
        reading: of the last visit held in the month that gave one.
        heard: the records by which the customer was heard in the month, by time.
    """

    customer: str
    month: str
    value: str
    trend: str
    drivers: Sequence[Driver]
    reading: Reading | None
    heard: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        """The weather as ``weather --json`` lists it."""
        return {
            "customer": self.customer,
            "month": self.month,
            "weather": self.value,
            "trend": self.trend,
            "drivers": [asdict(driver) for driver in self.drivers],
            "reading": asdict(self.reading) if self.reading is not None else None,
            "heard": list(self.heard),
        }


def weather(
    customer: str,
    records: Mapping[str, Record],
    month: Period,
    swings: Mapping[str, Sequence[Swing]],
) -> Weather:
    """The weather of a customer's month, with its trend against the month before.

    Args:
        customer: the slug.
        records: the customer's own, by reference, tombstones left out.
        month: the month, as known at its as-of.
        swings: a month's key → the swings of its usage page, of this month and the one before.

    Source: wiki-schema section 6.
    """
    before = month.shifted(-1)
    found = drivers(customer, records, month, swings.get(month.key, ()))
    ears = heard(records, month)
    now = _made_by(found, is_heard=bool(ears))
    earlier = value(customer, records, before, swings.get(before.key, ()))
    return Weather(
        customer=customer,
        month=month.key,
        value=now,
        trend=trend(now, earlier),
        drivers=found,
        reading=_reading(records, month),
        heard=ears,
    )


def value(
    customer: str, records: Mapping[str, Record], month: Period, swings: Sequence[Swing]
) -> str:
    """One of ``WORST_FIRST`` for a customer's month; ``swings`` are the month's own."""
    found = drivers(customer, records, month, swings)
    return _made_by(found, is_heard=bool(heard(records, month)))


def _made_by(found: Sequence[Driver], *, is_heard: bool) -> str:
    """The weather that reasons make: two kinds of rain are a storm, without any it is sunny.

    Nothing heard is unknown, which is not sunny.
    """
    rains = {driver.kind for driver in found if driver.weather == "rain"}
    if len(rains) > 1:
        return "storm"
    quiet = "sunny" if is_heard else "unknown"
    return min((driver.weather for driver in found), key=WORST_FIRST.index, default=quiet)


def trend(now: str, before: str) -> str:
    """How a weather compares with the one before: better, worse, same, or unknown."""
    if "unknown" in {now, before}:
        return "unknown"
    step = WORST_FIRST.index(now) - WORST_FIRST.index(before)
    return "better" if step > 0 else "worse" if step < 0 else "same"


def _reading(records: Mapping[str, Record], month: Period) -> Reading | None:
    found = {ref: record for ref, record in records.items() if isinstance(record, Visit)}
    held = [one for one in visits(found, month) if one.status == "held"]
    said = [Reading(one.weather, one.ref) for one in held if one.weather is not None]
    return said[-1] if said else None

"""What speaks against the sun in a customer's month, each reason with the record that says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from aswiki.domain.records.common import Record
from aswiki.domain.records.complaint import Complaint
from aswiki.domain.records.event import Event
from aswiki.domain.records.note import Note
from aswiki.domain.records.profile import Profile
from aswiki.domain.records.visit import Visit
from aswiki.domain.reports.complaints import blames, complaints
from aswiki.domain.reports.incidents import open_events
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.promises import is_broken, is_overdue, promises
from aswiki.domain.standing.contact import is_held

if TYPE_CHECKING:
    from aswiki.domain.spending.swing import Swing

WORST_FIRST = ("storm", "rain", "overcast", "cloudy", "unknown", "sunny")
OVERCAST_BELOW = Decimal("-0.5")
_URGENT = {"P0": ("storm", "p0_open"), "P1": ("rain", "p1_open")}
_UNDECIDED = frozenset({None, "accused", "investigating"})
_R = TypeVar("_R", bound=Record)


@dataclass(frozen=True)
class Driver:
    """One reason for the weather.

    Args:
        kind: p0_open, p1_open, broken_promise, complaint_open, unexplained_fall, low_sentiment,
            blame_carried, late_promise or arrears.
        ref: the record that says so, with ``#id`` for a promise.
        weather: what this reason makes of the month if it stands alone.
        about: the record's title, what was promised, or the scope of a fall.
        days: open, carried or overdue for so many days.
        amount: what is owed.
        currency: of the amount.
        percent: of a fall, negative.
        horizon: of a fall.
        sentiment: the mean of the record's own feelings.
    """

    kind: str
    ref: str
    weather: str
    about: str | None = None
    days: int | None = None
    amount: Decimal | None = None
    currency: str | None = None
    percent: Decimal | None = None
    horizon: str | None = None
    sentiment: Decimal | None = None


def drivers(
    customer: str, records: Mapping[str, Record], month: Period, swings: Sequence[Swing]
) -> list[Driver]:
    """Every reason that speaks against the sun in a month, the worst first."""
    found = [
        *_open_matters(records, month),
        *_promises(records, month),
        *_falls(swings),
        *_feelings(records, month),
        *_carried(records, month),
        *_arrears(customer, records, month),
    ]
    return sorted(found, key=lambda driver: WORST_FIRST.index(driver.weather))


def _open_matters(records: Mapping[str, Record], month: Period) -> Iterator[Driver]:
    for event in open_events(_of(records, Event), month):
        if event.severity in _URGENT:
            mark, kind = _URGENT[event.severity]
            yield Driver(kind, event.ref, mark, event.title, days=event.days)
    for complaint in complaints(_of(records, Complaint), month):
        if complaint.open_at_end:
            yield Driver(
                "complaint_open", complaint.ref, "rain", complaint.title, days=complaint.days
            )


def _promises(records: Mapping[str, Record], month: Period) -> Iterator[Driver]:
    """Broken ones; and late ones: kept late in the month, or open past their day at its end."""
    for item in promises(records, month):
        ref = f"{item.ref}#{item.id}" if item.id else item.ref
        days = item.overdue_days or None
        kept_late = item.status == "late" and month.holds(item.kept_on)
        if is_broken(item):
            yield Driver("broken_promise", ref, "rain", item.what, days=days)
        elif is_overdue(item) or kept_late:
            yield Driver("late_promise", ref, "cloudy", item.what, days=days)


def _falls(swings: Sequence[Swing]) -> Iterator[Driver]:
    """The falls that fired and that nobody has answered: of each scope the steepest."""
    steepest: dict[tuple[str, str], Swing] = {}
    for swing in swings:
        if swing.is_unexplained and swing.direction == "down":
            own = (swing.scope, swing.currency)
            if own not in steepest or _depth(swing) > _depth(steepest[own]):
                steepest[own] = swing
    for swing in steepest.values():
        yield Driver(
            "unexplained_fall",
            swing.ref,
            "overcast",
            swing.scope,
            currency=swing.currency,
            percent=swing.impact_percent,
            horizon=swing.horizon,
        )


def _depth(swing: Swing) -> Decimal:
    return -(swing.impact_percent or Decimal(0))


def _feelings(records: Mapping[str, Record], month: Period) -> Iterator[Driver]:
    """The records whose feelings are below zero, where the mean of all of the month's is."""
    felt: dict[str, list[int]] = {}
    for ref, record in records.items():
        if not isinstance(record, Visit | Note) or not _is_met(record, month):
            continue
        feelings = record.feelings if isinstance(record, Visit) else [record.feeling]
        said = [one.sentiment for one in feelings if one and one.sentiment is not None]
        if said:
            felt[ref] = said
    every = [one for said in felt.values() for one in said]
    if sum(every) >= 0:
        return
    mark = "overcast" if sum(every) < OVERCAST_BELOW * len(every) else "cloudy"
    for ref, said in sorted(felt.items()):
        if sum(said) < 0:
            own = (Decimal(sum(said)) / len(said)).quantize(Decimal("0.01"))
            yield Driver("low_sentiment", ref, mark, records[ref].title, sentiment=own)


def _carried(records: Mapping[str, Record], month: Period) -> Iterator[Driver]:
    """The blames that we carry; an accusation that is being looked into is none yet."""
    for blame in blames(_of(records, Event), month):
        if blame.carried_at_end and blame.status not in _UNDECIDED:
            yield Driver(
                "blame_carried", blame.ref, "overcast", blame.title, days=blame.days_carried
            )


def _arrears(customer: str, records: Mapping[str, Record], month: Period) -> Iterator[Driver]:
    """What is owed, unless it is known from a day after the month alone."""
    ref = f"{customer}/profile"
    profile = records.get(ref)
    credit = profile.credit if isinstance(profile, Profile) else None
    if credit is None or (credit.owed_amount or 0) <= 0:
        return
    if credit.as_of is None or month.is_over_by_end(credit.as_of):
        amount = credit.owed_amount
        yield Driver("arrears", ref, "cloudy", amount=amount, currency=credit.currency)


def _is_met(record: Visit | Note, month: Period) -> bool:
    held = not isinstance(record, Visit) or is_held(record, month)
    return held and month.holds(record.occurred_at)


def _of(records: Mapping[str, Record], kind: type[_R]) -> dict[str, _R]:
    return {ref: record for ref, record in records.items() if isinstance(record, kind)}

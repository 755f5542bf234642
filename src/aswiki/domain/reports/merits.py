"""One colleague's record of work in a period: figures, and the records they come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from aswiki.domain.checks.surroundings import start_of
from aswiki.domain.dues.outlook import World
from aswiki.domain.ledgers.blame import blame
from aswiki.domain.ledgers.ground import Ground
from aswiki.domain.ledgers.heard import help_
from aswiki.domain.readers.audience import is_open
from aswiki.domain.records import customer_of
from aswiki.domain.records.common import Record
from aswiki.domain.records.communication import Communication
from aswiki.domain.records.complaint import Complaint
from aswiki.domain.records.event import Event
from aswiki.domain.records.lesson import Lesson
from aswiki.domain.records.profile import Profile
from aswiki.domain.records.visit import Visit
from aswiki.domain.reports.activity import HOURS, visit_status
from aswiki.domain.reports.handover import lesson_owner
from aswiki.domain.reports.period import Period

_READER = "boss"
"""Whoever holds a review reads it: nothing that is kept from the boss comes in."""

_R = TypeVar("_R", bound=Record)
Row = dict[str, Any]


def merits(owner: str, period: Period, world: World, ground: Ground) -> dict[str, Any]:
    """What the records show of a colleague's work; nothing that they do not hold is guessed.

    ``figures`` sums up the lists below it, ``months`` has the same by month. Hours are those of the
    events that are the colleague's own; night, holiday and on-site hours lie within one another and
    within the work, so that they are never added up.

    Args:
        owner: the colleague's id.
        period: from when to when.
        world: every record, to know whose it is.
        ground: the same, to make ledgers of.
    """
    work = _Work(owner, period, world, ground)
    keys = [one for one in period.months if f"{one}-01" <= period.last_day.isoformat()]
    return {
        "owner": owner,
        "department": ground.departments.get(owner),
        "since": period.first_day,
        "until": period.last_day,
        "figures": work.figures(work.all),
        "months": [
            {"month": key, **work.figures([row for row in work.all if row["month"] == key])}
            for key in keys
        ],
        **{name: work.of(name) for name in _LISTS},
        "promises": work.promises(),
    }


_LISTS = (
    "incidents",
    "events",
    "communications",
    "blames",
    "complaints",
    "lessons",
    "helps",
    "visits",
    "praise",
)


@dataclass(frozen=True)
class _Work:
    """One colleague's work, as rows of several kinds in the order of their time."""

    owner: str
    period: Period
    world: World
    ground: Ground

    def of(self, name: str) -> list[Row]:
        """The rows of a list, without what only sorts them."""
        return [
            {key: value for key, value in row.items() if key not in {"list", "month"}}
            for row in self.all
            if row["list"] == name
        ]

    @cached_property
    def all(self) -> list[Row]:
        """Every row of the period, by time; ``list`` says of which list, ``month`` of which."""
        rows = [
            *self._events(),
            *self._communications(),
            *self._blames(),
            *self._complaints(),
            *self._lessons(),
            *self._helps(),
            *self._visits(),
        ]
        rows += list(self._praise())
        held = [row for row in rows if self.period.holds(row["at"])]
        for row in held:
            row["month"] = f"{self.period.day(row['at']):%Y-%m}"
        return sorted(held, key=lambda row: (self.period.moment(row["at"]), row["ref"]))

    def figures(self, rows: Sequence[Row]) -> Row:
        """The numbers of some rows."""
        by = {name: [row for row in rows if row["list"] == name] for name in _LISTS}
        own = [row for row in by["incidents"] if row["role"] == "owner"]
        events = [row for row in (*own, *by["events"]) if row["role"] == "owner"]
        work = by["communications"]
        cleared = [row for row in by["blames"] if row["status"] == "cleared"]
        return {
            "incidents": len(own),
            "incidents_joined": len(by["incidents"]) - len(own),
            "median_minutes_to_acknowledge": _median(own, "minutes_to_acknowledge"),
            "median_minutes_to_mitigate": _median(own, "minutes_to_mitigate"),
            "events": len(events) - len(own),
            "hours": {kind: _sum(row["hours"][kind] for row in events) for kind in HOURS},
            "communications": len(work),
            "communication_hours": _sum(row["hours"] for row in work),
            "by_kind": dict(sorted(Counter(row["kind"] for row in work).items())),
            "proactive_alerts": sum(row["kind"] == "proactive_alert" for row in work),
            "hands_on_help": sum(row["kind"] == "hands_on_help" for row in work),
            "hands_on_hours": _sum(row["hours"] for row in work if row["kind"] == "hands_on_help"),
            "loss_avoided": _by_currency(work),
            "blames_cleared": len(cleared),
            "days_to_clear": _sum(row["days"] for row in cleared),
            "complaints_closed": len(by["complaints"]),
            "median_days_to_close": _median(by["complaints"], "days"),
            "lessons": len(by["lessons"]),
            "lesson_hours": _sum(row["hours_spent"] for row in by["lessons"]),
            "help_minutes": sum(row["minutes"] or 0 for row in by["helps"]),
            "helped": len({row["for"] for row in by["helps"]}),
            "visits": len(by["visits"]),
            "praise": len(by["praise"]),
        }

    def _owns(self, ref: str, record: Record) -> bool:
        return self.world.owner(ref, record) == self.owner

    def _is_me(self, who: str | None) -> bool:
        return who is not None and self.ground.own_name(who) == self.owner

    def _row(self, name: str, ref: str, record: Record, at: datetime | date | None) -> Row:
        customer = customer_of(ref)
        profile = self.world.profile(ref)
        called = (profile.name or profile.title) if isinstance(profile, Profile) else customer
        head = {"ref": ref, "customer": customer, "name": called, "title": record.title}
        return {"list": name, **head, "at": at}

    def _events(self) -> Iterator[Row]:
        """Events they own or, of incidents, took part in: by the log or as a helper."""
        for ref, event in self._all(Event):
            role = self._role(ref, event)
            if event.status == "cancelled" or event.started_at is None or role is None:
                continue
            spent = event.hours
            row = {
                **self._row("incidents", ref, event, event.started_at),
                "role": role,
                "hours": {kind: getattr(spent, kind) if spent else None for kind in HOURS}
                if role == "owner"
                else None,
            }
            if event.kind == "incident":
                yield row | self._speed(event)
            elif role == "owner":
                yield row | {"list": "events", "kind": event.kind}

    def _role(self, ref: str, event: Event) -> str | None:
        if self._owns(ref, event):
            return "owner"
        if any(self._is_me(one.by) for one in event.log):
            return "log"
        return "helper" if any(self._is_me(one.person) for one in event.helped_by) else None

    def _speed(self, event: Event) -> Row:
        known = event.detected_at or event.started_at
        over = event.mitigated_at or event.resolved_at
        return {
            "severity": event.severity,
            "status": event.status,
            "product": event.product,
            "minutes_to_acknowledge": self._minutes(known, event.acknowledged_at),
            "minutes_to_mitigate": self._minutes(event.started_at, over),
        }

    def _minutes(self, since: datetime | date | None, until: datetime | date | None) -> int | None:
        """A begun minute counts; None where an hour is unknown or the end comes first."""
        if not isinstance(since, datetime) or not isinstance(until, datetime) or until < since:
            return None
        return -((since - until) // timedelta(minutes=1))

    def _communications(self) -> Iterator[Row]:
        for ref, one in self._all(Communication):
            if not self._owns(ref, one) or one.kind == "praise":
                continue
            saved = one.loss_avoided
            yield {
                **self._row("communications", ref, one, one.occurred_at),
                "kind": one.kind,
                "topic": one.topic,
                "value": one.value,
                "hours": one.hours,
                "loss_avoided": {"amount": saved.amount, "currency": saved.currency}
                if saved is not None and saved.amount is not None
                else None,
            }

    def _blames(self) -> Iterator[Row]:
        """Accusations cleared in the period, and those carried still."""
        for row in blame(self.ground):
            event = self.world.records[row["ref"]]
            carried, cleared = row["open"], row["status"] == "cleared"
            if not is_open(event, _READER):
                continue
            if self._owns(row["ref"], event) and (carried or cleared):
                at = row["accused_at"] if carried else row["cleared_at"]
                yield {
                    **self._row("blames", row["ref"], event, at),
                    "status": row["status"],
                    "accused_at": row["accused_at"],
                    "days": row["days_carried"],
                    "true_cause_party": row["true_cause_party"],
                    "statement": row["statement"],
                }

    def _complaints(self) -> Iterator[Row]:
        for ref, one in self._all(Complaint):
            if self._owns(ref, one) and one.status == "closed":
                yield {
                    **self._row("complaints", ref, one, one.closed_at),
                    "category": one.category,
                    "days": self.ground.days(one.received_at, one.closed_at)
                    if one.closed_at
                    else None,
                    "satisfied": one.satisfied,
                }

    def _lessons(self) -> Iterator[Row]:
        for ref, one in self._all(Lesson):
            if lesson_owner(self.world, ref, one) == self.owner:
                yield {
                    **self._row("lessons", ref, one, one.learned_on),
                    "hours_spent": one.hours_spent,
                    "attempts": one.attempts,
                    "shared_with": one.shared_with,
                }

    def _helps(self) -> Iterator[Row]:
        """Help given to colleagues, told once."""
        for row in help_(self.ground):
            record = self.world.records[row["ref"]]
            if row["given_by"] != self.owner or row["told_in"] is not None:
                continue
            if not is_open(record, _READER):
                continue
            at = record.learned_on if isinstance(record, Lesson) else None
            at = getattr(record, record.TIME_KEY, None) if record.TIME_KEY else at
            given = {"for": row["received_by"], "topic": row["topic"], "minutes": row["minutes"]}
            yield self._row("helps", row["ref"], record, at) | given

    def _visits(self) -> Iterator[Row]:
        for ref, one in self._all(Visit):
            if self._owns(ref, one) and visit_status(one, self.period) == "held":
                yield self._row("visits", ref, one, one.occurred_at) | {"kind": one.kind}

    def _praise(self) -> Iterator[Row]:
        """What customers said of the work, in their words: thanks and acceptances."""
        for ref, one in self._all(Communication):
            said = one.acknowledged
            is_praise = one.kind == "praise" or (said is not None and said.quote)
            if is_praise and self._owns(ref, one):
                quoted = {"by": said.by if said else None, "quote": said.quote if said else None}
                yield self._row("praise", ref, one, one.occurred_at) | quoted
        for ref, event in self._all(Event):
            accepted = event.accepted
            if accepted is not None and accepted.quote and self._owns(ref, event):
                quoted = {"by": accepted.by, "quote": accepted.quote}
                at = accepted.at or event.closed_at or event.started_at
                yield self._row("praise", ref, event, at) | quoted

    def promises(self) -> dict[str, int]:
        """What became of their own promises that were due in the period."""
        found = Counter[str]()
        for record in self.world.records.values():
            for one in record.promises:
                day = one.due_on or one.made_on
                if one.by is not None and self._is_me(one.by.person) and self.period.holds(day):
                    found[one.status or "open"] += 1
        return dict(sorted(found.items()))

    def _all(self, kind: type[_R]) -> Iterator[tuple[str, _R]]:
        """The records of a type that had begun by the as-of and that the boss may know of."""
        for ref, record in self.world.records.items():
            if isinstance(record, kind) and is_open(record, _READER):
                at = getattr(record, record.TIME_KEY, None) if record.TIME_KEY else None
                if at is None or start_of(at, self.ground.zone) <= self.world.now:
                    yield ref, record


def _median(rows: Sequence[Row], key: str) -> Decimal | None:
    """The middle one, or half-way between the two in the middle; None of none."""
    known = sorted(row[key] for row in rows if row[key] is not None)
    if not known:
        return None
    return Decimal(known[len(known) // 2] + known[(len(known) - 1) // 2]) / 2


def _sum(values: Iterator[Decimal | int | None]) -> Decimal:
    """Without zeros at its end that say nothing."""
    total = sum((Decimal(one) for one in values if one is not None), Decimal(0))
    return total.quantize(Decimal(1)) if total == total.to_integral_value() else total


def _by_currency(rows: Sequence[Row]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in rows:
        saved = row["loss_avoided"]
        if saved is not None:
            key = saved["currency"] or ""
            found[key] = found.get(key, Decimal(0)) + saved["amount"]
    return dict(sorted(found.items()))

"""What the successor of a colleague must know on Monday morning, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from aswiki.domain.dues import due as dues
from aswiki.domain.dues.outlook import HIGH, Due, World
from aswiki.domain.ledgers.blame import blame
from aswiki.domain.ledgers.ground import Ground, is_open
from aswiki.domain.records import customer_of
from aswiki.domain.records.common import Record
from aswiki.domain.records.event import Event
from aswiki.domain.records.lesson import Lesson
from aswiki.domain.records.visit import Visit
from aswiki.domain.reports import acquaintance, open_matters
from aswiki.domain.reports.activity import visit_status
from aswiki.domain.reports.brief import Page
from aswiki.domain.reports.sight import Sight
from aswiki.domain.standing.drivers import WORST_FIRST

AHEAD_DAYS = 60
_BLAME = ("ref", "customer", "title", "status", "accused_at", "accused_by", "allegation")
_CONTACT = ("id", "name", "side", "department", "role", "title", "stance", "final_contact")
_REACHED = ("phone", "email", "im")

Row = dict[str, Any]


def handover(
    owner: str, world: World, ground: Ground, sights: Mapping[str, Sight]
) -> dict[str, Any]:
    """Everything in a colleague's hands.

    Args:
        owner: the colleague's id.
        world: every record, to say what is due.
        ground: the same, to make ledgers of.
        sights: a customer's slug → the customer as our own team sees them.
    """
    hands = _Hands(owner, world, ground, sights)
    told = {
        "urgent": [hands.row(one) for one in hands.due if one.urgency >= HIGH],
        "complaints": hands.complaints(),
        "events": hands.events(),
        "promises": hands.promises(),
        "blames": hands.blames(),
        "dates": hands.dates(),
        "customers": hands.customers(),
        "sensitive": hands.sensitive(),
        "lessons": hands.lessons(),
        "upkeep": [hands.row(one) for one in hands.due if one.urgency < HIGH],
    }
    head = {"owner": owner, "department": ground.departments.get(owner)}
    return head | {"totals": {key: len(rows) for key, rows in told.items()}} | told


def lesson_owner(world: World, ref: str, lesson: Lesson) -> str | None:
    """Whose lesson it is: its owner, else the owner of the first record that it came from."""
    own = world.owner(ref, lesson)
    if own is not None:
        return own
    sources = ((one, world.records.get(one)) for one in lesson.from_records)
    return next((world.owner(one, record) for one, record in sources if record is not None), None)


@dataclass(frozen=True)
class _Hands:
    """What one colleague has in hand."""

    owner: str
    world: World
    ground: Ground
    sights: Mapping[str, Sight]

    @cached_property
    def due(self) -> list[Due]:
        return [one for one in dues.due(self.world) if one.owner == self.owner]

    def row(self, due: Due) -> Row:
        return {"name": self._name(due.customer), **due.as_json()}

    @cached_property
    def pages(self) -> dict[str, Page]:
        """The customers who are theirs."""
        mine = {
            slug: sight
            for slug, sight in self.sights.items()
            if self.owns(f"{slug}/profile", sight.profile)
        }
        return {slug: Page(sight) for slug, sight in mine.items()}

    def owns(self, ref: str, record: Record | None) -> bool:
        return record is not None and self.world.owner(ref, record) == self.owner

    def has(self, ref: str) -> bool:
        return self.owns(ref, self.world.records.get(ref.partition("#")[0]))

    def complaints(self) -> list[Row]:
        several = (open_matters.complaints(one, self.ground) for one in self.sights.values())
        return self._mine(row for rows in several for row in rows)

    def events(self) -> list[Row]:
        several = (open_matters.events(one, self.ground) for one in self.sights.values())
        return self._mine(row for rows in several for row in rows)

    def _mine(self, rows: Iterator[Row]) -> list[Row]:
        mine = [row for row in rows if self.has(row["ref"])]
        return sorted(
            mine, key=lambda row: (row["severity"] or "P9", not row["fast"], -(row["days"] or 0))
        )

    def promises(self) -> list[Row]:
        """Those of their records, and those that they made in the records of others."""
        several = (open_matters.promises(one, self.ground) for one in self.sights.values())
        mine = [
            row
            for rows in several
            for row in rows
            if self.has(row["ref"]) or self.ground.own_name(row["by"]["person"]) == self.owner
        ]
        states = open_matters.STATES
        return sorted(
            mine,
            key=lambda row: (
                states.index(row["state"]),
                row["days"] is None,
                -(row["days"] or 0),
                row["ref"],
            ),
        )

    def blames(self) -> list[Row]:
        """What we are accused of and carry still, the longest carried first."""
        return [
            {key: row[key] for key in _BLAME}
            | {"name": self._name(row["customer"]), "days": row["days_carried"]}
            for row in blame(self.ground)
            if row["open"] and self.has(row["ref"])
        ]

    def dates(self) -> list[Row]:
        """What stands in the calendar of the next weeks, the nearest first."""
        found = []
        for what, at, ref, about in self._dates():
            customer = customer_of(ref)
            head = {"what": what, "on": at, "ref": ref, "customer": customer}
            if -(self.ground.days(at, None) or 0) in range(AHEAD_DAYS + 1):
                found.append({**head, "name": self._name(customer), "about": about})
        return sorted(found, key=lambda row: (self.ground.day(row["on"]), row["ref"], row["what"]))

    def _dates(self) -> Iterator[tuple[str, datetime | date, str, str | None]]:
        for ref, record in self.world.records.items():
            if isinstance(record, Visit) and self.has(ref) and self._is_planned(ref, record):
                at = record.occurred_at
                if at is not None:
                    yield "visit", at, ref, record.title
            if isinstance(record, Event) and is_open(record):
                yield from self._guarded(ref, record)
        for slug, page in self.pages.items():
            profile = page.sight.profile
            lent = profile.credit.temp_credit if profile and profile.credit else None
            if lent is not None and lent.expires_on is not None:
                yield "temp_credit", lent.expires_on, f"{slug}/profile", None
            if profile is not None and profile.contract_renewal_on is not None:
                yield "renewal", profile.contract_renewal_on, f"{slug}/profile", None

    def _guarded(
        self, ref: str, event: Event
    ) -> Iterator[tuple[str, datetime | date, str, str | None]]:
        guarded = event.window.from_ if event.window is not None else None
        if self.has(ref) and guarded is not None:
            yield "window", guarded, ref, event.title
        elif self.has(ref) and event.started_at is not None:
            yield "event", event.started_at, ref, event.title
        for duty in event.roster:
            if duty.from_ is not None and self.ground.own_name(duty.who) == self.owner:
                yield "duty", duty.from_, ref, event.title

    def _is_planned(self, ref: str, visit: Visit) -> bool:
        sight = self.sights.get(customer_of(ref) or "")
        if sight is None or visit.occurred_at is None:
            return False
        return visit_status(visit, sight.period) == "planned"

    def customers(self) -> list[Row]:
        """Their customers, the worst weather first, each with whom to call."""
        rows = [self._customer(page) for page in self.pages.values()]
        return sorted(
            rows, key=lambda row: (WORST_FIRST.index(row["weather"]["value"]), row["customer"])
        )

    def _customer(self, page: Page) -> Row:
        sight = page.sight
        account, visits = acquaintance.account(sight), page.visits()
        keys = ("account_level", "lifecycle", "support_plan", "contract_renewal_on", "our_team")
        return {
            "customer": sight.customer,
            "name": sight.name,
            **{key: account[key] for key in keys},
            "warnings": list(page.warnings(self.world.claims(sight.customer))),
            "weather": page.weather(),
            "credit": sight.seen(f"{sight.customer}/profile").get("credit"),
            "cadence": account["review_cadence"],
            "last_contact": page.last_contact(),
            "last_visit": visits["last"],
            "next_visit": visits["planned"][0] if visits["planned"] else None,
            "contacts": [
                {key: one[key] for key in (*_CONTACT, *_REACHED)}
                for one in acquaintance.people(sight)
            ],
            "signals": page.signals(),
        }

    def sensitive(self) -> list[Row]:
        """What of theirs is marked sensitive or is for few readers alone."""
        return [
            {
                "ref": ref,
                "customer": customer_of(ref),
                "name": self._name(customer_of(ref)),
                "title": record.title,
                "sensitive": record.sensitive is True,
                "audience": record.audience,
            }
            for ref, record in self.world.records.items()
            if (record.sensitive or record.audience) and self.has(ref)
        ]

    def lessons(self) -> list[Row]:
        """What they learned and have not shared, or not without the customer's name."""
        return [
            {
                "ref": ref,
                "title": record.title,
                "learned_on": record.learned_on,
                "shared": bool(record.shared_with),
                "sanitized": record.sanitized is True,
            }
            for ref, record in self.world.records.items()
            if isinstance(record, Lesson)
            and not (record.shared_with and record.sanitized)
            and lesson_owner(self.world, ref, record) == self.owner
        ]

    def _name(self, customer: str | None) -> str | None:
        sight = self.sights.get(customer or "")
        return customer if sight is None else sight.name

"""What is due as a value, and the world that is looked through for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import cached_property
from typing import Any

from aswiki.domain.checks.surroundings import Neighbour, Surroundings
from aswiki.domain.dues.ladder import next_rung
from aswiki.domain.dues.pace import Pace
from aswiki.domain.records import customer_of
from aswiki.domain.records.common import Record
from aswiki.domain.records.event import Event
from aswiki.domain.records.product import Product, Rung
from aswiki.domain.records.profile import Profile
from aswiki.domain.records.usage import Usage
from aswiki.domain.sla.claims import Claim, claims
from aswiki.domain.sla.ground import Ground, Page, pages
from aswiki.domain.sla.workdays import Workdays
from aswiki.domain.spending.series import Limits, Series

CRITICAL, HIGH, NORMAL, LOW = 4, 3, 2, 1


@dataclass(frozen=True)
class Due:
    """One thing that is due.

    Args:
        ref: the record, with ``#id`` for a promise.
        what: a stable word: untriaged, stalled-event, stalled-complaint, overdue-promise,
            sla-claim, credit-expires, contract-renewal, late-visit, missing-usage, stale-profile,
            stale-credit, stale-contacts, stale-architecture, unexplained-swing, not-whole.
        message: a sentence.
        owner: the id of who must act; None where nobody is named.
        since: the moment it counts from; None where nothing says. It may lie ahead.
        days: whole days from ``since`` to today; negative for what lies ahead.
        next_level: the rung to go to next; None without a ladder, or above its top.
        urgency: 4 critical, 3 high, 2 normal, 1 low.
    """

    ref: str
    what: str
    message: str
    owner: str | None
    since: datetime | date | None
    days: int | None
    urgency: int
    next_level: Rung | None = None

    @property
    def customer(self) -> str | None:
        """The customer's slug; None for lessons and products."""
        return customer_of(self.ref)

    def as_json(self) -> dict[str, Any]:
        """The item as ``due --json`` lists it."""
        rung = self.next_level
        return {
            "ref": self.ref,
            "customer": self.customer,
            "what": self.what,
            "message": self.message,
            "owner": self.owner,
            "since": self.since,
            "days": self.days,
            "next_level": {"level": rung.level, "who": rung.who} if rung is not None else None,
            "urgency": self.urgency,
        }


@dataclass(frozen=True)
class World:
    """What is looked through.

    Args:
        records: reference → record, products among them, tombstones left out.
        now: the moment, aware.
        zone: the wiki's zone.
        cadence: days until a part counts as not kept, by part.
        pace: how long a matter may stand still.
        names: every casefolded name of a colleague → their id.
        limits: from where on a swing of spend fires.
        currency: that of amounts without one.
        workdays: the days that are worked.
    """

    records: Mapping[str, Record]
    now: datetime
    zone: tzinfo
    cadence: Mapping[str, int] = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)
    names: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    currency: str = "CNY"
    workdays: Workdays = field(default_factory=Workdays)

    @property
    def today(self) -> date:
        """The day of ``now`` in the wiki's zone."""
        return self.now.astimezone(self.zone).date()

    def days(self, since: datetime | date | None) -> int | None:
        """Whole days from a moment's day to today."""
        if isinstance(since, datetime):
            since = since.astimezone(self.zone).date()
        return None if since is None else (self.today - since).days

    def around(self, ref: str) -> Surroundings:
        """What the rules about today need to know around a record."""
        found = self._by_customer.get(customer_of(ref), ())
        return Surroundings(
            ref=ref,
            neighbours=lambda: found,
            now=self.now,
            zone=self.zone,
            cadence=self.cadence,
            spend=lambda: self.spend(ref),
            claims=lambda: self.claims(customer_of(ref)),
        )

    def spend(self, ref: str) -> Series:
        """The usage pages of the record's customer."""
        customer = customer_of(ref) or ""
        if customer not in self._series:
            around = self._by_customer.get(customer, ())
            pages = {n.ref: n.record for n in around if isinstance(n.record, Usage)}
            profile = self.profile(ref)
            limits = self.limits.of(profile.account_level if profile is not None else None)
            self._series[customer] = Series(customer, pages, limits, self.currency)
        return self._series[customer]

    @cached_property
    def _series(self) -> dict[str, Series]:
        return {}

    def owner(self, ref: str, record: Record) -> str | None:
        """Who must act: the record's owner, else the customer's."""
        profile = self.profile(ref)
        who = record.owner or (profile.owner if profile is not None else None)
        return None if who is None else self.names.get(who.strip().casefold(), who)

    def profile(self, ref: str) -> Profile | None:
        """The profile of the record's customer."""
        found = self.records.get(f"{customer_of(ref)}/profile")
        return found if isinstance(found, Profile) else None

    def next_level(self, ref: str, record: Record) -> Rung | None:
        """Who comes next on the ladder of the product that the record, or one linked, is about."""
        product = self._product_names.get(ref) or next(
            (name for item in record.related if (name := self._product_names.get(item.ref))), ""
        )
        return next_rung(self._ladders.get(product.strip().casefold(), ()), record.log)

    @cached_property
    def _by_customer(self) -> dict[str | None, list[Neighbour]]:
        found: dict[str | None, list[Neighbour]] = {}
        for ref, record in self.records.items():
            found.setdefault(customer_of(ref), []).append(Neighbour(ref, record))
        return found

    def claims(self, customer: str | None) -> Mapping[str, Sequence[Claim]]:
        """The customer's SLA claims that nobody decided, by the incident."""
        if customer not in self._claims:
            own = self._by_customer.get(customer, ())
            ground = Ground(own, self._pages, self.zone, self.now, self.workdays, self.currency)
            self._claims[customer] = claims(ground)
        return self._claims[customer]

    @cached_property
    def _claims(self) -> dict[str | None, Mapping[str, Sequence[Claim]]]:
        return {}

    @cached_property
    def _pages(self) -> Mapping[str, Page]:
        return pages(self.records)

    @cached_property
    def _product_names(self) -> dict[str, str]:
        """A record → the product it is about: an event's own, and that of an event naming it."""
        named: dict[str, str] = {}
        for ref, record in self.records.items():
            if isinstance(record, Event) and record.product:
                for item in record.related:
                    named.setdefault(item.ref, record.product)
                named[ref] = record.product
        return named

    @cached_property
    def _ladders(self) -> dict[str, Sequence[Rung]]:
        return {
            name.strip().casefold(): product.escalation
            for ref, product in self.records.items()
            if isinstance(product, Product)
            for name in (ref.rpartition("/")[2], product.title, *product.aliases)
        }

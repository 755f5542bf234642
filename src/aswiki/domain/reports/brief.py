"""One page before a meeting: who they are, how it stands, what is open, who decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from aswiki.domain.dues.upkeep import CREDIT_DAYS, RENEWAL_DAYS
from aswiki.domain.ledgers.ground import Ground
from aswiki.domain.readers import audience
from aswiki.domain.readers.narrowing import TEAM
from aswiki.domain.records.common import Record
from aswiki.domain.records.event import Event
from aswiki.domain.records.note import Note
from aswiki.domain.records.usage import Usage
from aswiki.domain.records.visit import Visit
from aswiki.domain.reports import acquaintance, months, open_matters
from aswiki.domain.reports.activity import visit_status
from aswiki.domain.reports.heads import head, ledger_ground, open_records
from aswiki.domain.reports.incidents import incidents
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.sight import Sight
from aswiki.domain.reports.spend import spend, worst_unexplained
from aswiki.domain.sla.claims import Claim
from aswiki.domain.spending.series import Series
from aswiki.domain.standing.contact import contacts
from aswiki.domain.standing.weather import Weather
from aswiki.domain.standing.weather import value as weather_value
from aswiki.domain.standing.weather import weather as weather_of

READERS = (TEAM, "product")
STRIP = 6
"""Months of weather that are shown."""

SWING_MONTHS = 3
"""Months back to which a swing without an explanation is a warning."""

_WISH = "sales_change_request"
"""A hint that is not for a page which somebody from sales may see on the table."""

_SIGNAL = ("kind", "platform_fault", "advice")
_FEELING = ("said_by", "about", "verbatim", "sentiment")


def brief(sight: Sight, claims: Mapping[str, Sequence[Claim]]) -> dict[str, Any]:
    """The page of one customer, for our own team or for the product department.

    Product is told no contact, no colleague, no price and nothing of the customer's politics; the
    keys of these are absent.

    Args:
        sight: the customer as the reader may see them; its period is the month that runs.
        claims: the SLA claims about to lapse, by the incident.
    """
    page = Page(sight)
    told = {
        "customer": sight.customer,
        "name": sight.name,
        "warnings": list(page.warnings(claims)),
        "account": acquaintance.account(sight),
        **acquaintance.architecture(sight),
        "capability": acquaintance.capability(sight),
        "weather": page.weather(),
        "faults": page.faults(),
        "events": open_matters.events(sight, page.ground),
        "complaints": open_matters.complaints(sight, page.ground),
        "promises": open_matters.promises(sight, page.ground),
        "verdicts": acquaintance.verdicts(sight),
        "roles": acquaintance.roles(sight),
        "last_contact": page.last_contact(),
        "visits": page.visits(),
    }
    return told | page.of_team() if sight.reader == TEAM else told


class Page:
    """What a page about one customer is made of, each part as the reader may see it.

    Args:
        sight: the customer; its period is the month that runs.
    """

    def __init__(self, sight: Sight) -> None:
        self.sight = sight
        self.period = sight.period
        self.is_team = sight.reader == TEAM
        self.records = open_records(sight)
        self.ground: Ground = ledger_ground(sight, self.records)

    @cached_property
    def series(self) -> Series:
        """The usage pages."""
        sight = self.sight
        level = sight.profile.account_level if sight.profile is not None else None
        limits = sight.ground.limits.of(level)
        return Series(sight.customer, sight.of(Usage), limits, sight.ground.currency)

    def warnings(self, claims: Mapping[str, Sequence[Claim]]) -> Iterator[dict[str, Any]]:
        """What must not be overlooked: arrears first, then what ends soon, then swings."""
        profile = self.sight.profile
        credit = profile.credit if profile is not None else None
        if profile is not None and credit is not None and audience.owes(profile):
            owed = {"amount": credit.owed_amount, "currency": self._currency(credit.currency)}
            told = owed | {"as_of": credit.as_of} if self.is_team else {}
            yield {"kind": "arrears", **told}
        if self.is_team:
            yield from self._ends()
            yield from self._claims(claims)
        yield from self._swings()

    def _ends(self) -> Iterator[dict[str, Any]]:
        profile = self.sight.profile
        if profile is None:
            return
        lent = profile.credit.temp_credit if profile.credit is not None else None
        ends = [
            ("temp_credit", lent.expires_on if lent is not None else None, CREDIT_DAYS),
            ("renewal", profile.contract_renewal_on, RENEWAL_DAYS),
        ]
        for kind, day, ahead in ends:
            left = (day - self.ground.today).days if day is not None else None
            if left is not None and left <= ahead:
                yield {"kind": kind, "on": day, "days": left}

    def _claims(self, claims: Mapping[str, Sequence[Claim]]) -> Iterator[dict[str, Any]]:
        for ref, several in claims.items():
            for one in several:
                yield {
                    "kind": "claim",
                    "ref": ref,
                    "product": one.month.subject.name,
                    "month": one.month.key,
                    "on": one.closes,
                    "days": one.days_left,
                }

    def _swings(self) -> Iterator[dict[str, Any]]:
        """The worst of each scope that nobody explained, of the newest month that has one."""
        sight, seen = self.sight, set[tuple[str, str]]()
        ground = sight.ground
        for key in reversed(months.trailing(self.period, SWING_MONTHS)):
            month = Period.of_month(key, self.period.zone, self.period.as_of)
            found = spend(sight.customer, self.records, month, ground.limits, ground.currency)
            for one in worst_unexplained(found):
                if (one.scope, one.currency) in seen:
                    continue
                seen.add((one.scope, one.currency))
                amount = {"amount": one.impact, "currency": one.currency} if self.is_team else {}
                yield {
                    "kind": "swing",
                    "scope": one.scope,
                    "month": key,
                    "horizon": one.horizon,
                    "percent": one.impact_percent,
                    **amount,
                }

    def _currency(self, said: str | None) -> str:
        return said or self.sight.ground.currency

    def weather(self) -> dict[str, Any]:
        """The weather of the month that runs, or of the one before where nothing was heard yet."""
        now = self._weather(self.period)
        if now.value == "unknown" and not now.drivers:
            now = self._weather(self.period.shifted(-1))
        told: dict[str, Any] = {
            "month": now.month,
            "value": now.value,
            "trend": now.trend,
            "strip": [
                {"month": key, "value": self._value(key)}
                for key in months.trailing(self.period, STRIP)
            ],
        }
        if self.is_team:
            told["drivers"] = [asdict(driver) for driver in now.drivers]
            told["reading"] = asdict(now.reading) if now.reading is not None else None
        return told

    def _weather(self, month: Period) -> Weather:
        keys = (month.key, month.shifted(-1).key)
        swings = {key: self.series.swings(key) for key in keys}
        return weather_of(self.sight.customer, self.records, month, swings)

    def _value(self, key: str) -> str:
        month = Period.of_month(key, self.period.zone, self.period.as_of)
        return weather_value(self.sight.customer, self.records, month, self.series.swings(key))

    def faults(self) -> dict[str, Any]:
        """The incidents of the last quarter, and how many there were in the one before."""
        today = self.ground.today
        first = today - open_matters.RECENT + timedelta(days=1)
        quarter = Period.of_days(first, today, self.period.zone, self.period.as_of)
        found = incidents(self.sight.of(Event), quarter, {})
        before = incidents(self.sight.of(Event), quarter.shifted(-1), {})
        words = ("title", "severity", "product", "environment", "started_at")
        return {
            "days": open_matters.RECENT.days,
            "count": len(found),
            "minutes": sum(one.minutes for one in found),
            "before": len(before),
            "incidents": [
                {
                    **head(self.sight, one.ref),
                    **self.sight.pick(one.ref, words),
                    "minutes": one.minutes,
                    "ongoing": one.ended_at is None,
                    "triage": (self.sight.seen(one.ref).get("triage") or {}).get("class"),
                }
                for one in found
            ],
        }

    def last_contact(self) -> dict[str, Any] | None:
        """When they were last met, helped or heard."""
        met = contacts(self.records, self.period)
        if not met:
            return None
        last = met[-1]
        days = self.ground.days(last.at, None)
        return {**head(self.sight, last.ref), "at": last.at, "days": days}

    def visits(self) -> dict[str, Any]:
        """The last visit held, and those planned, the next one first."""
        rows = [self._visit(ref, one) for ref, one in self.sight.of(Visit).items()]
        known = sorted((row for row in rows if row["at"]), key=lambda row: self._moment(row["at"]))
        held = [row for row in known if row["status"] == "held"]
        ahead = [
            row
            for row in known
            if row["status"] == "planned" and self.period.day(row["at"]) >= self.ground.today
        ]
        return {"last": held[-1] if held else None, "planned": ahead}

    def _visit(self, ref: str, visit: Visit) -> dict[str, Any]:
        asked = {"requested_by": visit.requested_by} if self.is_team else {}
        return {
            **head(self.sight, ref),
            **self.sight.pick(ref, ("title", "kind", "mode")),
            "status": visit_status(visit, self.period),
            "at": visit.occurred_at,
            **asked,
        }

    def _moment(self, when: datetime | date) -> datetime:
        return self.period.moment(when)

    def of_team(self) -> dict[str, Any]:
        """What our own team alone is told: names, phones, spend, moods, hints."""
        sight = self.sight
        last = self.series.months[-1:]
        return {
            "contacts": acquaintance.people(sight),
            "spend": {
                "month": last[0] if last else None,
                "totals": [vars(one) for key in last for one in self.series.totals(key)],
            },
            "signals": [one for one in self.signals() if one["kind"] != _WISH],
            "feelings": self._heard("feeling", "feelings", _FEELING),
            "sensitive": [
                {"ref": ref, "title": one.title}
                for ref, one in self.records.items()
                if one.sensitive and self._is_recent(_occurred(one))
            ],
        }

    def signals(self) -> list[dict[str, Any]]:
        """The hints of the last quarter, the newest first; who gave one is not told.

        What is for the boss alone is left out: a page is carried to where others read it too.
        """
        return self._heard("signal", "signals", _SIGNAL)

    def _heard(self, one: str, many: str, keys: Sequence[str]) -> list[dict[str, Any]]:
        """What notes and visits of the last quarter tell under a key, the newest first."""
        found = []
        for ref, record in self.records.items():
            at = _occurred(record)
            if not isinstance(record, Note | Visit) or at is None or not self._is_recent(at):
                continue
            if record.audience and TEAM not in record.audience:
                continue
            seen = self.sight.seen(ref)
            said = [seen[one]] if one in seen else seen.get(many, ())
            found += [
                {"ref": ref, "at": at, **{key: each.get(key) for key in keys}} for each in said
            ]
        return sorted(found, key=lambda row: self._moment(row["at"]), reverse=True)

    def _is_recent(self, at: datetime | date | None) -> bool:
        days = self.ground.days(at, None)
        return days is not None and 0 <= days <= open_matters.RECENT.days


def _occurred(record: Record) -> datetime | date | None:
    at = getattr(record, record.TIME_KEY or "", None)
    return at if isinstance(at, date) else None

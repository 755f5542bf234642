"""Section 13: what each product kept of its SLA, what credit is due, and until when to claim it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from aswiki.domain.checks.surroundings import Neighbour
from aswiki.domain.readers import audience
from aswiki.domain.records.event import Event
from aswiki.domain.reports import months
from aswiki.domain.reports.sight import Sight
from aswiki.domain.sla.claims import claims
from aswiki.domain.sla.credit import SlaMonth, sla_months, unplaced
from aswiki.domain.sla.ground import Ground, Subject, folded, pages
from aswiki.domain.sla.outages import Outage

SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boss": {
        "profile": ("name", "contracts.product", "contracts.monthly_fee"),
        "product": ("title",),
        "event": ("product", "sla.excluded_reason", "root_cause_party"),
    },
    "product": {
        "profile": ("name",),
        "product": ("title",),
        "event": ("product", "sla.excluded_reason", "root_cause_party"),
    },
    "sales": {"profile": ("name", "contracts.product"), "product": ("title",)},
    "customer_tech": {"event": ("product",)},
    "customer_biz": {"event": ("customer_text",)},
}
"""Reader → record type → the keys whose words or values the section shows."""

_MINUTES = ("unavailable_minutes", "availability_percent", "committed_percent")
_CLAIM = ("credit", "currency", "claim_opens", "claim_closes", "claim")
_KEYS: Mapping[str, tuple[str, ...]] = {
    "product": (*_MINUTES, "missed", "final"),
    "sales": _CLAIM,
    "customer_tech": (*_MINUTES, "missed", "final", "credit_percent", *_CLAIM),
    "customer_biz": (*_MINUTES, "missed", "final", "credit_percent", *_CLAIM),
}
"""Reader but the boss, who is told all → the figures of a product's month that they are told."""

Row = dict[str, Any]


def sla(sights: Sequence[Sight]) -> dict[str, Any] | None:
    """The SLA of every product in every month of the period; None where no row is for the reader.

    ``rows`` go by customer, month and contract. ``due`` are the credits of other months whose
    claim closes soon, or has just closed, with no word on it: for the boss and sales. The boss has
    ``unplaced``, the incidents that name no product. A customer has rows where the wiki's
    settings say so; their business side those alone of which every outage is released to them. A
    month with an outage that the reader may not know of is left out: its figures would be wrong
    without it, and would tell of it with it.
    """
    found = [_Kept(sight) for sight in sights if not sight.is_customer or _is_told(sight)]
    told = {"rows": [row for kept in found for row in kept.rows()]}
    if found and found[0].sight.reader in {"boss", "sales"}:
        told["due"] = [row for kept in found for row in kept.due()]
    if found and found[0].sight.reader == "boss":
        told["unplaced"] = [row for kept in found for row in kept.unplaced()]
    return told if any(told.values()) else None


def _is_told(sight: Sight) -> bool:
    return sight.ground.show_sla_credit


class _Kept:
    """One customer's SLA as one reader may know of it."""

    def __init__(self, sight: Sight) -> None:
        period = sight.period
        self.sight = sight
        self.today: date = period.day(period.as_of)
        self.keys = [one.key for one in months.begun(period)]
        self.ground = Ground(
            records=[
                Neighbour(ref, record)
                for ref, record in sight.whole.items()
                if isinstance(record, Event) or sight.may_count(ref)
            ],
            products=pages(sight.ground.shared),
            zone=period.zone,
            now=period.as_of,
            workdays=sight.ground.workdays,
            currency=sight.ground.currency,
        )

    def rows(self) -> Iterator[Row]:
        """Every product's months that the reader is told of."""
        for key in self.keys:
            for month in sla_months(key, self.ground):
                name = self._name(month.subject, self._known(month))
                if self._is_for_reader(month, name):
                    yield self._row(month, name)

    def due(self) -> Iterator[Row]:
        """The claims of other months that have to be made soon, the nearest first."""
        found = claims(self.ground) if self.ground.incidents else {}
        every = [(ref, claim) for ref, several in found.items() for claim in several]
        for ref, claim in sorted(every, key=lambda each: (each[1].closes, each[0])):
            if claim.month.key not in self.keys and self._is_open(claim.month):
                row = claim.month.as_json(self.today)
                yield {
                    **self._who,
                    "month": claim.month.key,
                    "product": self._name(claim.month.subject, self._known(claim.month)),
                    **{name: row[name] for name in _CLAIM},
                    "days_left": claim.days_left,
                    "ref": ref,
                }

    def unplaced(self) -> Iterator[Row]:
        """The incidents of the period that name no product, and count for none."""
        refs = dict.fromkeys(ref for key in self.keys for ref in unplaced(key, self.ground))
        return ({**self._who, "ref": ref} for ref in refs if self.sight.may_count(ref))

    @property
    def _who(self) -> Row:
        return {"customer": self.sight.customer, "name": self.sight.name}

    def _is_open(self, month: SlaMonth) -> bool:
        """Whether the reader may know of every outage that counts."""
        return all(self.sight.may_count(one.ref) for one in month.outages if one.excluded is None)

    def _known(self, month: SlaMonth) -> list[Outage]:
        return [one for one in month.outages if self.sight.may_count(one.ref)]

    def _is_for_reader(self, month: SlaMonth, name: str | None) -> bool:
        if not self._is_open(month):
            return False
        reader = self.sight.reader
        counted = [one for one in month.outages if one.excluded is None]
        if reader == "customer_biz":
            return bool(counted) and all(self.sight.words(one.ref) for one in counted)
        if reader == "customer_tech":
            return bool(counted) and month.terms is not None and name is not None
        return name is not None and (reader != "sales" or month.is_claimable)

    def _row(self, month: SlaMonth, name: str | None) -> Row:
        reader, figures = self.sight.reader, month.as_json(self.today)
        row = {**self._who, "month": month.key}
        if reader != "customer_biz":
            row["product"] = name
        if reader == "boss":
            told = [
                said | {"excluded": self._excluded(one)}
                for said, one in zip(figures["outages"], month.outages, strict=True)
                if self.sight.may_count(one.ref)
            ]
            return figures | row | {"outages": told}
        row |= {key: figures[key] for key in _KEYS[reader]}
        if reader == "product":
            row["outages"] = [
                {"ref": one.ref, "minutes": one.minutes, "excluded": self._excluded(one)}
                for one in self._known(month)
            ]
        elif reader == "customer_biz":
            row["outages"] = [
                {"started_at": one.event.started_at, "text": self.sight.words(one.ref)}
                for one in month.outages
                if one.excluded is None
            ]
        return row

    def _excluded(self, one: Outage) -> str | None:
        """Why an outage does not count, in the words that the reader may read."""
        if one.excluded is None:
            return None
        seen = self.sight.seen(one.ref)
        said = (seen.get("sla") or {}).get("excluded_reason") or ""
        return said.strip() or seen.get("root_cause_party")

    def _name(self, subject: Subject, outages: Sequence[Outage]) -> str | None:
        """What the product is called by the contract, its page or an incident the reader may read.

        None where the reader may read no name of it.
        """
        sight, profile = self.sight, f"{self.sight.customer}/profile"
        seen = sight.seen(profile) if profile in sight.whole else {}
        for contract in seen.get("contracts", ()):
            if folded(contract.get("product")) in subject.names:
                return str(contract["product"]).strip()
        if subject.page is not None:
            title = audience.readable(subject.page.product, sight.reader).get("title")
            if title:
                return str(title)
        said = (sight.seen(one.ref).get("product") for one in outages)
        return next((str(one).strip() for one in said if one), None)

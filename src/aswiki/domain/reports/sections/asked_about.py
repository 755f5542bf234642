"""Section 0: what the boss may be asked about, the worst first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from aswiki.domain.checks.surroundings import Neighbour
from aswiki.domain.records.churn import Churn
from aswiki.domain.records.common import Record
from aswiki.domain.records.complaint import Complaint
from aswiki.domain.records.event import Event
from aswiki.domain.reports import activity, complaints, incidents, promises
from aswiki.domain.reports import asked_about as facts
from aswiki.domain.reports.asked_about import Fact
from aswiki.domain.reports.customer_month import CustomerMonth, customer_month
from aswiki.domain.reports.heads import Row, open_records
from aswiki.domain.reports.months import standing
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.sight import Sight
from aswiki.domain.sla.claims import claims
from aswiki.domain.sla.ground import Ground, Page, pages

_PROMISED = ("promises.what", "promises.id")
SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boss": {
        "profile": (
            "name",
            "contracts.product",
            "credit.owed_amount",
            "credit.currency",
            "promises.what",
            "promises.id",
        ),
        "event": ("title", "severity", "product", *_PROMISED),
        "product": ("title",),
        "complaint": ("title", "category", *_PROMISED),
        "churn": (
            "title",
            "amount_per_month",
            "currency",
            "reason",
            "ruling.reason",
            *_PROMISED,
        ),
        "usage": ("lines.product", *_PROMISED),
        **dict.fromkeys(("visit", "communication", "note", "architecture"), _PROMISED),
    }
}
_UNTITLED = frozenset({"arrears", "swing", "sla_claim"})
"""Kinds whose title is no record's: none, or the product they are about."""


def asked_about(sights: Sequence[Sight]) -> dict[str, Any] | None:
    """The facts; of the accusations those cleared in the period first."""
    by_slug = {sight.customer: sight for sight in sights}
    products = pages(sights[0].ground.shared) if sights else {}
    found = facts.asked_about(
        (_known(sight) for sight in sights),
        (fact for sight in sights for fact in _lapsing(sight, products)),
    )
    rows = [_row(by_slug[fact.customer], fact) for fact in found]
    return {"facts": rows} if rows else None


def _known(sight: Sight) -> CustomerMonth:
    """The customer's facts of the period; spend is that of its last month that has begun."""
    period, ground = sight.period, sight.ground
    records = open_records(sight)
    if sight.profile is not None:
        records[f"{sight.customer}/profile"] = sight.profile
    found = customer_month(sight.customer, records, standing(period), ground)
    if period.kind == "month":
        return found
    events = sight.of(Event)
    return replace(
        found,
        month=period,
        incidents=incidents.incidents(events, period, ground.colleagues),
        complaints=complaints.complaints(sight.of(Complaint), period),
        every_promise=promises.promises(records, period),
        blames=complaints.blames(events, period),
        churn=[
            lost
            for key in period.months
            for lost in activity.churn(
                sight.of(Churn), Period.of_month(key, period.zone, period.as_of)
            )
        ],
    )


def _lapsing(sight: Sight, products: Mapping[str, Page]) -> Iterator[Fact]:
    """The SLA credits that nobody has decided to claim and that soon can be claimed no more."""
    records: list[Neighbour] = [
        Neighbour(ref, record) for ref, record in open_records(sight).items()
    ]
    if not any(_is_incident(one.record) for one in records):
        return
    period, ours = sight.period, sight.ground
    ground = Ground(records, products, period.zone, period.as_of, ours.workdays, ours.currency)
    for ref, found in claims(ground).items():
        for claim in found:
            if claim.days_left >= 0:
                yield Fact(
                    "sla_claim",
                    sight.customer,
                    sight.name,
                    ref,
                    claim.month.subject.name,
                    days=claim.days_left,
                    amount=claim.month.ours.credit,
                    currency=claim.month.fee.currency,
                )


def _is_incident(record: Record) -> bool:
    return isinstance(record, Event) and record.kind == "incident"


def _row(sight: Sight, fact: Fact) -> Row:
    row = asdict(fact)
    if fact.kind not in _UNTITLED:
        seen = sight.seen(fact.ref.partition("#")[0])
        said = {seen.get("title"), *(each.get("what") for each in seen.get("promises", ()))}
        row["title"] = fact.title if fact.title in said else None
    return row

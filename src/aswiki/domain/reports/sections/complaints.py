"""Section 7: the complaints with impact, handling, responsible and loss, and their statistics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from aswiki.domain.records.complaint import Complaint
from aswiki.domain.records.event import Event
from aswiki.domain.reports import complaints as values
from aswiki.domain.reports.complaints import ReportedComplaint
from aswiki.domain.reports.heads import Row, counted, department_of, head
from aswiki.domain.reports.months import begun, trailing
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.sight import Sight

_KEYS: Mapping[str, tuple[str, ...]] = {
    "boss": ("title", "direction", "severity", "complainant", "remedy_sought", "customer_impact"),
    "product": ("direction", "severity"),
    "sales": (),
    "customer_tech": (),
    "customer_biz": (),
}
_FACTS = ("category", "status", "received_at", "closed_at")
"""What every reader is told of a complaint as far as they may read it."""

_DIRECTIONS: Mapping[str, frozenset[str | None]] = {
    "product": frozenset({None, "customer_to_us", "third_party_to_us", "us_to_internal"}),
    "sales": frozenset({None, "customer_to_us"}),
}
"""A reader → whose complaints they hear of: ours about the customer are no matter of theirs."""

_LOG = ("log.at", "log.by", "log.text", "log.quote")
_LOSS = (
    "customer_loss.kind",
    "customer_loss.amount",
    "customer_loss.currency",
    "customer_loss.text",
)
_WHO = ("responsible.person", "responsible.department", "responsible.cleared_by")
SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boss": {"complaint": (*_KEYS["boss"], *_FACTS, *_LOG, *_WHO, *_LOSS)},
    "product": {"complaint": (*_KEYS["product"], *_FACTS), "event": ("product",)},
    "sales": {"complaint": ("category", "status", "received_at")},
    "customer_tech": {
        "complaint": ("status", "received_at", "closed_at", "customer_text"),
    },
    "customer_biz": {"complaint": (*_FACTS, "customer_text")},
}
TREND = 6
"""The months of the statistics where the period has one alone."""


class _Told(NamedTuple):
    """One complaint as it stood at the period's end, with what the reader may read of it."""

    sight: Sight
    whole: Complaint
    item: ReportedComplaint

    @property
    def seen(self) -> Mapping[str, Any]:
        return self.sight.seen(self.item.ref)


def complaints(sights: Sequence[Sight]) -> dict[str, Any] | None:
    """The complaints received or closed in the period, or open at its end; open ones first."""
    told = [one for sight in sights for one in _told(sight)]
    told.sort(key=lambda one: (not one.item.open_at_end, one.item.severity or "P9", -one.item.days))
    if not told:
        return None
    build = _ROWS[sights[0].reader]
    found: dict[str, Any] = {"counts": _counts(told), "complaints": [build(one) for one in told]}
    if not sights[0].is_customer:
        received = [one for one in told if one.sight.period.holds(one.item.received_at)]
        found["statistics"] = _statistics(sights, received)
    return found


def _told(sight: Sight) -> Iterator[_Told]:
    wanted = _DIRECTIONS.get(sight.reader)
    found = sight.of(Complaint)
    for item in values.complaints(found, sight.period):
        if wanted is not None and item.direction not in wanted:
            continue
        if sight.seen(item.ref):
            yield _Told(sight, found[item.ref], item)


def _counts(told: Sequence[_Told]) -> Row:
    items = [(one.sight.period, one.item) for one in told]
    return {
        "received": sum(period.holds(item.received_at) for period, item in items),
        "closed": sum(
            period.holds(item.closed_at) and not item.open_at_end for period, item in items
        ),
        "open": sum(item.open_at_end for _period, item in items),
    }


def _facts(one: _Told) -> Row:
    return head(one.sight, one.item.ref) | one.sight.pick(one.item.ref, _FACTS)


def _for_boss(one: _Told) -> Row:
    sight, item, seen = one.sight, one.item, one.seen
    who = seen.get("responsible") or {}
    last = max(
        (entry for entry in seen.get("log", ()) if sight.period.is_over_by_end(entry["at"])),
        key=lambda entry: sight.period.moment(entry["at"]),
        default=None,
    )
    return {
        **_facts(one),
        **sight.pick(item.ref, _KEYS["boss"]),
        "open": item.open_at_end,
        "days": item.days,
        "last_entry": last and {key: last.get(key) for key in ("at", "by", "text", "quote")},
        "person": who.get("person"),
        "department": _department(one),
        "cleared_by": who.get("cleared_by"),
        "customer_loss": _loss(seen.get("customer_loss")),
    }


def _loss(seen: Mapping[str, Any] | None) -> Row | None:
    if seen is None:
        return None
    return {key: seen.get(key) for key in ("kind", "amount", "currency", "text")}


def _for_product(one: _Told) -> Row:
    return {
        **_facts(one),
        **one.sight.pick(one.item.ref, _KEYS["product"]),
        "open": one.item.open_at_end,
        "days": one.item.days,
        "products": _products(one),
    }


def _for_sales(one: _Told) -> Row:
    """What it is about, and no more: its reference would say who spoke."""
    kept = ("category", "status", "received_at")
    whose = {"customer": one.sight.customer, "name": one.sight.name}
    return {**whose, **one.sight.pick(one.item.ref, kept), "open": one.item.open_at_end}


def _for_customer(one: _Told) -> Row:
    return {**_facts(one), "open": one.item.open_at_end, "text": one.sight.words(one.item.ref)}


_ROWS = {
    "boss": _for_boss,
    "product": _for_product,
    "sales": _for_sales,
    "customer_tech": _for_customer,
    "customer_biz": _for_customer,
}


def _products(one: _Told) -> list[str]:
    """The products of the events that the complaint names, or that name it."""
    sight, ref = one.sight, one.item.ref
    named = {item.ref for item in one.whole.related}
    events = [
        other
        for other, event in sight.of(Event).items()
        if other in named or any(item.ref == ref for item in event.related)
    ]
    found = (sight.seen(other).get("product") for other in events)
    return sorted({product for product in found if product})


def _department(one: _Told) -> str | None:
    """The department that the complaint counts for; None once a record cleared it."""
    who = one.seen.get("responsible") or {}
    if who.get("cleared_by") is not None:
        return None
    return department_of(one.sight, who.get("person"), who.get("department"))


def _statistics(sights: Sequence[Sight], told: Sequence[_Told]) -> Row:
    """Of the complaints received in the period: how many a category, department, product, month."""
    reader = sights[0].reader
    found: Row = {"by_category": counted([one.seen.get("category") for one in told], "category")}
    if reader == "boss":
        found["by_department"] = [
            {**row, "cleared": sum(_is_cleared(one) for one in told)}
            if row["department"] is None
            else {**row, "cleared": 0}
            for row in counted([_department(one) for one in told], "department")
        ]
        found["by_month"] = _by_month(sights)
    if reader == "product":
        products: list[str | None] = []
        for one in told:
            products += _products(one) or [None]
        found["by_product"] = counted(products, "product")
    return found


def _is_cleared(one: _Told) -> bool:
    return (one.seen.get("responsible") or {}).get("cleared_by") is not None


def _by_month(sights: Sequence[Sight]) -> list[Row]:
    """Complaints received, month by month; of one month alone those before it too."""
    received = [
        (sight.period, complaint.received_at)
        for sight in sights
        for complaint in sight.of(Complaint).values()
    ]
    return [
        {"month": one.key, "count": sum(one.holds(at) for _period, at in received)}
        for one in _months(sights[0].period)
    ]


def _months(period: Period) -> list[Period]:
    if len(period.months) > 1:
        return begun(period)
    keys = trailing(period.last_month, TREND)
    return [Period.of_month(key, period.zone, period.as_of) for key in keys]

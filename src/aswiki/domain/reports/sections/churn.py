"""Section 11: spend that was lost, who says why, how it was ruled, and what it grew from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from aswiki.domain.records.churn import Churn
from aswiki.domain.records.event import Event
from aswiki.domain.records.profile import Profile
from aswiki.domain.reports.heads import Row, head
from aswiki.domain.reports.sight import Sight

_KEYS: Mapping[str, tuple[str, ...]] = {
    "boss": (
        "period",
        "title",
        "amount_per_month",
        "currency",
        "extent",
        "product",
        "to_provider",
        "reason",
        "sub_reason",
        "preventable",
        "review",
    ),
    "product": ("period", "title", "extent", "product", "to_provider", "reason", "sub_reason"),
    "sales": (
        "period",
        "title",
        "amount_per_month",
        "currency",
        "extent",
        "product",
        "reason",
        "sub_reason",
    ),
}
_SAID: Mapping[str, tuple[str, ...]] = {
    "boss": ("party", "reason", "argument", "evidence"),
    "product": ("reason", "argument"),
    "sales": ("reason", "argument"),
}
_RULED: Mapping[str, tuple[str, ...]] = {"boss": ("reason", "by", "at"), "sales": ("reason", "at")}
SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boss": {
        "churn": (
            *_KEYS["boss"],
            *(f"attributions.{key}" for key in _SAID["boss"]),
            *(f"ruling.{key}" for key in _RULED["boss"]),
            "root_records",
        ),
        "event": ("title",),
        "complaint": ("title",),
        "profile": ("lifecycle", "contract_renewal_on"),
    },
    "product": {
        "churn": (
            *_KEYS["product"],
            *(f"attributions.{key}" for key in _SAID["product"]),
            "root_records",
        ),
        "event": ("title",),
    },
    "sales": {
        "churn": (
            *_KEYS["sales"],
            *(f"attributions.{key}" for key in _SAID["sales"]),
            *(f"ruling.{key}" for key in _RULED["sales"]),
        ),
        "profile": ("lifecycle", "contract_renewal_on"),
    },
}
_PRODUCTS = "service_capability"
"""The reason of which the product side hears."""


def churn(sights: Sequence[Sight]) -> dict[str, Any] | None:
    """What was lost from the period on, the largest first, and who may be lost next."""
    reader = sights[0].reader
    rows = [
        (one.amount_per_month, _row(sight, ref, one))
        for sight in sights
        for ref, one in sight.of(Churn).items()
        if one.period in sight.period.months and _concerns(sight, ref)
    ]
    rows.sort(key=lambda pair: -pair[0])
    found: dict[str, Any] = {"churn": [row for _amount, row in rows]}
    if reader != "product":
        found["by_reason"] = _by_reason(found["churn"])
        found["at_risk"] = [row for sight in sights if (row := _at_risk(sight)) is not None]
    return found if any(found.values()) else None


def _concerns(sight: Sight, ref: str) -> bool:
    """Whether the reader may read it; to product only what somebody puts down to the service."""
    seen = sight.seen(ref)
    if sight.reader != "product":
        return bool(seen)
    return seen.get("reason") == _PRODUCTS or bool(seen.get("attributions"))


def _row(sight: Sight, ref: str, whole: Churn) -> Row:
    reader = sight.reader
    seen = sight.seen(ref)
    row = head(sight, ref) | sight.pick(ref, _KEYS[reader])
    row["attributions"] = [
        {key: said.get(key) for key in _SAID[reader]} for said in seen.get("attributions", ())
    ]
    if reader in _RULED:
        ruling = seen.get("ruling")
        row["ruling"] = ruling and {key: ruling.get(key) for key in _RULED[reader]}
    if reader != "sales":
        named = whole.root_records if "root_records" in seen else []
        row["roots"] = [root for named_ref in named if (root := _root(sight, named_ref))]
    return row


def _root(sight: Sight, named: str) -> Row | None:
    """What a loss grew from: the record, and whether it was an old bug or a broken promise."""
    ref, _hash, promise_id = named.partition("#")
    record = sight.whole.get(ref)
    if record is None:
        return {"ref": named} if sight.reader == "boss" else None
    seen = sight.seen(ref)
    if "title" not in seen:
        return None
    promises = [one for one in record.promises if promise_id in {"", one.id}]
    triage = seen.get("triage") or {}
    return {
        "ref": named,
        "title": seen["title"],
        "type": record.TYPE,
        "kind": record.kind if isinstance(record, Event) else None,
        "severity": seen.get("severity"),
        "triage": triage.get("class"),
        "broken_promises": sum(one.status == "broken" for one in promises),
    }


def _by_reason(rows: Sequence[Row]) -> list[Row]:
    """What was lost a month, by the reason as ruled, else as written, and by currency."""
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for row in rows:
        reason = (row["ruling"] or {}).get("reason") or row["reason"]
        sums.setdefault((reason, row["currency"]), []).append(row["amount_per_month"])
    found = [
        {
            "reason": reason,
            "currency": currency,
            "amount_per_month": sum(amounts, Decimal(0)),
            "count": len(amounts),
        }
        for (reason, currency), amounts in sums.items()
    ]
    return sorted(found, key=lambda row: (row["reason"], row["currency"]))


def _at_risk(sight: Sight) -> Row | None:
    """The customer, where the profile says that they may leave."""
    profile = sight.of(Profile).get(f"{sight.customer}/profile")
    if profile is None or profile.lifecycle != "at_risk":
        return None
    return head(sight) | sight.pick(
        f"{sight.customer}/profile", ("lifecycle", "contract_renewal_on")
    )

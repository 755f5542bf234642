"""Section 16: how long, how large, our share, what it runs on, who can do what, the verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aswiki.domain.reports import months
from aswiki.domain.reports.sight import Sight

_SIZE = tuple(f"total_spend_estimate.{key}" for key in ("amount", "currency", "as_of", "basis"))
_PARTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boss": {
        "vendor_shares": ("provider", "percent"),
        "team_capability": ("area", "level"),
        "assessments": ("product", "aspect", "rating"),
    },
    "product": {
        "vendor_shares": ("provider", "percent", "basis", "as_of"),
        "workloads": ("name", "purpose", "criticality", "components"),
        "team_capability": ("area", "level", "note", "as_of"),
        "assessments": (
            "product",
            "aspect",
            "rating",
            "compared_with",
            "environment",
            "purpose",
            "text",
        ),
    },
    "sales": {"vendor_shares": ("provider", "percent", "basis", "as_of")},
}
"""Reader → the lists of the profile and the architecture → what of each entry is told."""

_COMPONENT = ("name", "layer", "provider", "product", "region", "size")


def _of(part: str, reader: str) -> tuple[str, ...]:
    keys = _PARTS[reader].get(part, ())
    plain = tuple(f"{part}.{key}" for key in keys if key != "components")
    inside = tuple(f"{part}.components.{key}" for key in _COMPONENT if "components" in keys)
    return plain + inside


SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boss": {
        "profile": (
            "name",
            "customer_since",
            *_SIZE[:3],
            "our_share_percent",
            *_of("team_capability", "boss"),
        ),
        "architecture": (*_of("vendor_shares", "boss"), *_of("assessments", "boss")),
    },
    "product": {
        "profile": (
            "name",
            "industry",
            "customer_since",
            *_SIZE,
            "our_share_percent",
            *_of("team_capability", "product"),
        ),
        "architecture": (
            *_of("vendor_shares", "product"),
            *_of("workloads", "product"),
            *_of("assessments", "product"),
        ),
    },
    "sales": {
        "profile": ("name", "our_share_percent"),
        "architecture": _of("vendor_shares", "sales"),
    },
}
"""Reader → record type → the keys whose words or values the section shows."""


def compass(sights: Sequence[Sight]) -> dict[str, Any] | None:
    """Where each customer stands, in the order of the report; None where nothing is known."""
    rows = [row for sight in sights if (row := _row(sight)) is not None]
    return {"customers": rows} if rows else None


def _row(sight: Sight) -> dict[str, Any] | None:
    seen = {**_seen(sight, "profile"), **_seen(sight, "architecture")}
    told: dict[str, Any] = {"our_share_percent": seen.get("our_share_percent")}
    if sight.reader != "sales":
        told |= {
            "customer_since": seen.get("customer_since"),
            "tenure": _tenure(sight, seen),
            "size": _size(sight, seen),
        }
    if sight.reader == "product":
        told["industry"] = seen.get("industry")
    for part, keys in _PARTS[sight.reader].items():
        told[part] = [{key: one.get(key) for key in keys} for one in seen.get(part, ())]
    if not any(value not in (None, []) for value in told.values()):
        return None
    for one in told.get("workloads", ()):
        one["components"] = [
            {key: component.get(key) for key in _COMPONENT} for component in one["components"] or ()
        ]
    return {"customer": sight.customer, "name": sight.name} | told


def _seen(sight: Sight, page: str) -> Mapping[str, Any]:
    ref = f"{sight.customer}/{page}"
    return sight.seen(ref) if ref in sight.whole else {}


def _tenure(sight: Sight, seen: Mapping[str, Any]) -> dict[str, int] | None:
    """Whole years and months on the period's last day."""
    since = seen.get("customer_since")
    if since is None or since > sight.period.last_day:
        return None
    years, over = divmod(months.months_between(since, sight.period.last_day), 12)
    return {"years": years, "months": over}


def _size(sight: Sight, seen: Mapping[str, Any]) -> dict[str, Any] | None:
    size = seen.get("total_spend_estimate")
    if not size or size.get("amount") is None:
        return None
    told = {"amount": size["amount"], "currency": size.get("currency") or sight.ground.currency}
    told["as_of"] = size.get("as_of")
    return told if sight.reader == "boss" else told | {"basis": size.get("basis")}

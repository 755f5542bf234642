"""By what an item of a list is the same item in another version of the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

IDENTITIES: Mapping[str, tuple[str, ...]] = {
    "accounts": ("said_by", "at"),
    "assessments": ("product", "aspect", "said_by"),
    "attributions": ("party",),
    "checklist": ("item",),
    "claims": ("stage", "by", "at"),
    "components": ("name",),
    "contacts": ("id",),
    "contracts": ("product", "from"),
    "daily": ("source", "product", "currency"),
    "escalation": ("level",),
    "evidence": ("file", "url"),
    "feelings": ("said_by", "about"),
    "helped_by": ("person", "topic"),
    "lines": ("source", "product", "service_category", "region", "charge", "currency", "unit"),
    "our_team": ("person", "role"),
    "promises": ("id",),
    "related": ("ref", "how"),
    "released_to": ("audience", "field"),
    "roster": ("who", "from"),
    "scan_ok": ("text",),
    "signals": ("kind",),
    "sources": ("name",),
    "swings": ("scope", "horizon"),
    "tasks": ("what",),
    "team_capability": ("area",),
    "tiers": ("below", "at_or_above"),
    "vendor_shares": ("provider",),
    "witness_for": ("department", "at"),
    "wording": ("audience",),
    "workloads": ("name",),
}
"""The key of a list of mappings → the keys of an item that make it this item."""

Identity = tuple[str, ...]


def identities(key: str, items: Sequence[Any]) -> list[Identity]:
    """What each item of the list is known by, no two the same; a mapping by its own keys.

    A mapping without any of these keys, like any other item, is known by all that it says.
    """
    seen: Counter[Identity] = Counter()
    found = []
    for item in items:
        own = _own(key, item)
        seen[own] += 1
        found.append(own if seen[own] == 1 else (*own, f"#{seen[own]}"))
    return found


def _own(key: str, item: object) -> Identity:
    if isinstance(item, Mapping):
        said = tuple(str(item[k]) for k in IDENTITIES.get(key, ()) if item.get(k) is not None)
        return said or tuple(f"{k}: {v}" for k, v in sorted(item.items(), key=str))
    return (str(item),)

"""The eleven record types: one pydantic model each, found by its word."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aswiki.domain.records.common import Record

TYPES = (
    "profile",
    "usage",
    "architecture",
    "event",
    "visit",
    "complaint",
    "communication",
    "note",
    "churn",
    "lesson",
    "product",
)
FOLDERS: Mapping[str, str] = {
    "usage": "usage",
    "events": "event",
    "visits": "visit",
    "complaints": "complaint",
    "communications": "communication",
    "notes": "note",
    "churn": "churn",
}
"""A folder of a customer → the type of its records."""

PAGES: Mapping[str, str] = {"profile.md": "profile", "architecture.md": "architecture"}
"""A single page of a customer → its type."""

TOP_FOLDERS: Mapping[str, str] = {"lessons": "lesson", "products": "product"}
"""A folder beside ``customers`` → the type of its records."""

TIME_KEYS: Mapping[str, str] = {
    "event": "started_at",
    "complaint": "received_at",
    "visit": "occurred_at",
    "communication": "occurred_at",
    "note": "occurred_at",
    "usage": "period",
    "churn": "period",
}
"""A type → the key of the time it occurred, where it has one."""


@cache
def model(record_type: str) -> type[Record]:
    """The model of a record type; only its module is imported."""
    module = import_module(f"aswiki.domain.records.{record_type}")
    found: type[Record] = getattr(module, record_type.capitalize())
    return found


def type_of(path: str) -> str | None:
    """The record type of a path from the wiki's root, or None where no record belongs."""
    parts = path.split("/")
    if not path.endswith(".md"):
        return None
    if len(parts) == 2:
        return TOP_FOLDERS.get(parts[0])
    if len(parts) == 3 and parts[0] == "customers":
        return PAGES.get(parts[2])
    if len(parts) == 4 and parts[0] == "customers":
        return FOLDERS.get(parts[2])
    return None


def reference(path: str) -> str:
    """A record's reference: its path without ``customers/`` and ``.md``."""
    return path.removeprefix("customers/").removesuffix(".md")


def path_of(ref: str) -> str:
    """The path of a reference: the inverse of ``reference``."""
    top = ref.partition("/")[0]
    return f"{ref}.md" if top in TOP_FOLDERS else f"customers/{ref}.md"


def customer_of(ref: str) -> str | None:
    """The customer's slug of a reference, or None for lessons and products."""
    top = ref.partition("/")[0]
    return None if top in TOP_FOLDERS else top

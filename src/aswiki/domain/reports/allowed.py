"""What each reader's report shows: the fields of every section together, by record type."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from aswiki.domain.records.types import READERS
from aswiki.domain.reports.sections import SECTIONS

Allowed = Mapping[str, Mapping[str, frozenset[str]]]


FRAME: Mapping[str, tuple[str, ...]] = {"profile": ("name",)}
"""What stands in the head of every report, and its title: whom it is about."""


@cache
def allowed() -> Allowed:
    """Reader → record type → the dotted keys that their report shows somewhere."""
    found: dict[str, dict[str, frozenset[str]]] = {
        reader: {each: frozenset(keys) for each, keys in FRAME.items()}
        for reader in READERS.values()
    }
    for section in SECTIONS:
        for reader, types in shown(section.key).items():
            mine = found[reader]
            for record_type, keys in types.items():
                mine[record_type] = mine.get(record_type, frozenset()).union(keys)
    return found


def shown(section: str) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The same of one section, by its key."""
    module = import_module(f"aswiki.domain.reports.sections.{section}")
    found: Mapping[str, Mapping[str, tuple[str, ...]]] = module.SHOWN
    return found

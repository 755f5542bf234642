"""The twenty sections of a report: who reads each, and what makes it a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NamedTuple

from aswiki.domain.records.types import READERS
from aswiki.domain.reports.sight import Sight

Build = Callable[[Sequence[Sight]], dict[str, Any] | None]


class Section(NamedTuple):
    """One section.

    Args:
        number: as reports print it.
        key: its name in a report's JSON, of its template and of its module.
        readers: whose reports have it.
    """

    number: int
    key: str
    readers: frozenset[str]

    def build(self, sights: Sequence[Sight]) -> dict[str, Any] | None:
        """The section's value for the reader of the sights; None where there is nothing to tell."""
        module = import_module(f"{__name__}.{self.key}")
        made: Build = getattr(module, self.key)
        found = made(sights)
        return None if found is None else {"number": self.number, "key": self.key, **found}


def _section(number: int, key: str, letters: str) -> Section:
    return Section(number, key, frozenset(READERS[letter] for letter in letters))


SECTIONS = (
    _section(0, "asked_about", "b"),
    _section(1, "weather", "bps"),
    _section(2, "spend", "bpstc"),
    _section(3, "credit", "bps"),
    _section(4, "incidents", "bpstc"),
    _section(5, "triage", "bpst"),
    _section(6, "promises", "bpstc"),
    _section(7, "complaints", "bpstc"),
    _section(8, "demands", "bp"),
    _section(9, "blame", "bpst"),
    _section(10, "sales_sync", "bs"),
    _section(11, "churn", "bps"),
    _section(12, "signals", "bs"),
    _section(13, "sla", "bpstc"),
    _section(14, "positive_work", "bstc"),
    _section(15, "protection", "bpstc"),
    _section(16, "compass", "bps"),
    _section(17, "politics", "bs"),
    _section(18, "lessons", "bp"),
    _section(19, "next", "bpstc"),
)
"""Every section, in the order of a report.

Source: audiences.md, the table.
"""


def sections(sights: Sequence[Sight]) -> list[dict[str, Any]]:
    """The sections of one reader's report that have something to tell, in order.

    To a customer they are numbered from 1: a gap would say that something is kept from them.
    """
    reader = sights[0].reader if sights else ""
    made = [section.build(sights) for section in SECTIONS if reader in section.readers]
    found = [section for section in made if section is not None]
    if sights and sights[0].is_customer:
        return [section | {"number": number} for number, section in enumerate(found, 1)]
    return found

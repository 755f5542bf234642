"""A product's escalation ladder: how far up a matter was taken, and who comes next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aswiki.domain.records.common import LogEntry
from aswiki.domain.records.product import Rung

_KINDS = frozenset({"demand", "escalation"})


def next_rung(ladder: Sequence[Rung], log: Iterable[LogEntry]) -> Rung | None:
    """The rung above the highest that the log's demands and escalations reached.

    The lowest where none was reached; None above the top, or where there is no ladder.
    """
    reached = highest(ladder, log)
    above = [rung for rung in ladder if reached is None or rung.level > reached]
    return min(above, key=lambda rung: rung.level, default=None)


def highest(ladder: Sequence[Rung], log: Iterable[LogEntry]) -> str | None:
    """The highest level reached: an entry's own, else that of the rung it was addressed to."""
    named = {rung.who: rung.level for rung in ladder}
    levels = (entry.level or named.get(entry.to or "") for entry in log if entry.kind in _KINDS)
    return max(filter(None, levels), default=None)

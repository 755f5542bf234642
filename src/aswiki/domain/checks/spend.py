"""Swings of spend that nobody has explained: a warning on the month's usage page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from shlex import quote

from aswiki.domain.checks.surroundings import Surroundings
from aswiki.domain.problem import Finding
from aswiki.domain.records.common import Record
from aswiki.domain.records.usage import Usage
from aswiki.domain.spending.swing import Swing, percent_label, scope_label
from aswiki.domain.vocabulary import DEFAULT
from aswiki.lang import _, current, either

_PLAIN = re.compile(r"[\w.][\w.-]*")


@dataclass(frozen=True)
class Unexplained:
    """The swings of one scope and currency in one month that fired and were not answered."""

    customer: str
    month: str
    swings: Sequence[Swing]

    @property
    def message(self) -> str:
        """What swung, at which horizons and how far, in a sentence."""
        changes = [
            f"{_horizon(one.horizon)} {percent_label(one.impact_percent)}" for one in self.swings
        ]
        first = self.swings[0]
        return _("Spend swung and nobody has said why: {scope} in {currency}, {changes}.").format(
            scope=scope_label(first.scope),
            currency=first.currency,
            changes=either(", ", "、").join(changes),
        )

    @property
    def hint(self) -> str:
        """The command that answers them."""
        words = f"aswiki explain {self.customer} --month {self.month}"
        name = self.swings[0].scope
        scope = name if _PLAIN.fullmatch(name) else quote(name)
        return _("Say why: {command} --scope {scope} --as planned --text TEXT").format(
            command=words, scope=scope
        )


def _horizon(key: str) -> str:
    label = DEFAULT.label("horizon", key, current())
    return label.lower()


def unexplained(record: Record, around: Surroundings) -> list[Unexplained]:
    """What swung in the month of a usage page and was not answered, by scope and currency."""
    if not isinstance(record, Usage) or record.period is None:
        return []
    series = around.spend()
    by_scope: dict[tuple[str, str], list[Swing]] = {}
    for swing in series.swings(record.period):
        if swing.is_unexplained and swing.ref == around.ref:
            by_scope.setdefault((swing.scope, swing.currency), []).append(swing)
    return [Unexplained(series.customer, record.period, own) for own in by_scope.values()]


def unexplained_swings(record: Record, around: Surroundings) -> Iterator[Finding]:
    """A swing of spend that fired has an answer (a warning, outside the numbered rules)."""
    for one in unexplained(record, around):
        yield Finding("ASW024", ("swings",), one.message, one.hint, level="warning", at_key=True)

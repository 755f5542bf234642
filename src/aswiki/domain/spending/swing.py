"""A swing of spend as a value, the thresholds from which it fires, and the answers to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from aswiki.domain.spending.month import folded
from aswiki.lang import either

if TYPE_CHECKING:
    from aswiki.domain.records.usage import SwingAnswer

TOTAL = "total"
TOTALS = frozenset({TOTAL, "总计", "合计", "总额"})
"""What a scope may be called that is all products together, casefolded."""

HORIZONS = ("week", "short", "middle", "long")
KEYS = ("percent", "share_percent", "amount")
"""The keys of ``[thresholds]`` and of each level in it."""


@dataclass(frozen=True)
class Thresholds:
    """From where on a swing fires.

    Its impact is at least ``percent`` of what was expected, and at least ``amount`` and
    ``share_percent`` of the customer's mean month, whichever is more.
    """

    percent: Decimal = Decimal(20)
    share_percent: Decimal = Decimal(1)
    amount: Decimal = Decimal(100)


@dataclass(frozen=True)
class Limits:
    """The thresholds of a wiki: the usual ones, and those of an account level."""

    usual: Thresholds = field(default_factory=Thresholds)
    by_level: Mapping[str, Thresholds] = field(default_factory=dict)

    def of(self, level: str | None) -> Thresholds:
        """The thresholds for a customer of that level."""
        return self.by_level.get(level or "", self.usual)


def limits(table: Mapping[str, Any], level_of: Callable[[str], str | None]) -> Limits:
    """The thresholds that ``[thresholds]`` says; what it leaves out, or cannot mean, is the usual.

    Args:
        table: what stands in aswiki.toml.
        level_of: the key of an account level for its key or label.
    """
    usual = _with(Thresholds(), table)
    said = table.get("by_level")
    levels = {
        level: _with(usual, own)
        for name, own in (said.items() if isinstance(said, dict) else ())
        if isinstance(own, dict) and (level := level_of(str(name))) is not None
    }
    return Limits(usual, levels)


def _with(base: Thresholds, said: Mapping[str, Any]) -> Thresholds:
    given = {key: said[key] for key in KEYS if type(said.get(key)) in {int, Decimal}}
    return replace(base, **{key: Decimal(value) for key, value in given.items()})


@dataclass(frozen=True)
class Swing:
    """One comparison of a month's spend with what was expected, whether it fires or not.

    Args:
        customer: the customer's slug.
        scope: ``total``, or the product as the pages spell it.
        horizon: one of ``HORIZONS``.
        direction: up, down, or new where nothing could be expected.
        actual: what was spent, to the last digit.
        expected: what would have been spent in the days covered; None where nothing says.
        impact: actual less expected; negative for a fall.
        impact_percent: the same in percent of what was expected.
        currency: three letters.
        partial_days: days covered and days there are, ``now`` and ``before``, where some lack.
        fired: whether it reaches the thresholds.
        left_out: charge → amount that is no usage and was kept out.
        basis: effective_cost, or billed_cost where a month compared has nothing else.
        feedback: the word of the answer; None while nobody answered.
        ref: the usage page.
    """

    customer: str
    scope: str
    horizon: str
    direction: str
    actual: Decimal
    expected: Decimal | None
    impact: Decimal | None
    impact_percent: Decimal | None
    currency: str
    partial_days: Mapping[str, list[int]] | None
    fired: bool
    left_out: Mapping[str, Decimal]
    basis: str
    ref: str
    feedback: str | None = None
    explanation: str | None = None
    by: str | None = None
    related: str | None = None

    @property
    def new(self) -> bool:
        """Whether nothing could be expected."""
        return self.expected is None

    @property
    def is_unexplained(self) -> bool:
        """Whether it fired and nobody has answered."""
        return self.fired and self.feedback is None

    def as_json(self) -> dict[str, Any]:
        """The swing as ``swings --json`` lists it."""
        return {
            "customer": self.customer,
            "scope": self.scope,
            "horizon": self.horizon,
            "direction": self.direction,
            "actual": self.actual,
            "expected": self.expected,
            "impact": self.impact,
            "impact_percent": self.impact_percent,
            "currency": self.currency,
            "partial_days": self.partial_days,
            "fired": self.fired,
            "feedback": self.feedback,
            "explanation": self.explanation,
            "new": self.new,
            "left_out": self.left_out,
            "basis": self.basis,
            "by": self.by,
            "related": self.related,
            "ref": self.ref,
        }


def answered(answer: SwingAnswer) -> tuple[str, str | None]:
    """The scope, folded, and the horizon that an answer is to.

    Without a scope it is the total; without a horizon, None, it is every horizon.
    """
    scope = folded(answer.scope)
    return TOTAL if not scope or scope in TOTALS else scope, answer.horizon


def scope_label(scope: str) -> str:
    """What a scope is called: the total in the language in use, a product by its name."""
    return either("total", "总额") if scope == TOTAL else scope


def percent_label(percent: Decimal | None) -> str:
    """A change as people read it, as in ``+31.4%``; empty where there is none."""
    if percent is None:
        return ""
    rounded = round(percent, 1)
    return f"{rounded:+}%" if rounded else "0.0%"

"""Records that are alike: by the terms of their titles and symptoms, and by product."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from aswiki.domain.terms import folded, terms

FLOOR = 0.4
PRODUCT_SHARE = 0.25
SYMPTOM_SHARE = 0.8


@dataclass(frozen=True)
class Sketch:
    """What of a record is compared.

    Args:
        ref: its reference; empty for words that are no record.
        title: its title.
        product: the folded names of the product it is about, empty where none is.
        symptom: what was seen, in words.
    """

    ref: str
    title: str
    product: frozenset[str] = frozenset()
    symptom: str = ""

    @cached_property
    def title_terms(self) -> frozenset[str]:
        """The terms of the title."""
        return terms(self.title)

    @cached_property
    def bare_terms(self) -> frozenset[str]:
        """The terms of the title that do not name the product."""
        named = any(name in folded(self.title) for name in self.product)
        return self.title_terms - terms(" ".join(self.product)) if named else self.title_terms

    @cached_property
    def symptom_terms(self) -> frozenset[str]:
        """The terms of the symptom."""
        return terms(self.symptom)


@dataclass(frozen=True)
class Alike:
    """A record that is like another, from 0 (not at all) to 1 (the same)."""

    ref: str
    title: str
    score: float

    def as_json(self) -> dict[str, object]:
        """The record as the commands list it."""
        return {"ref": self.ref, "title": self.title, "score": self.score}


def similar(wanted: Sketch, earlier: Iterable[Sketch], limit: int = 3) -> list[Alike]:
    """The records most like the one wanted, the best first; none below ``FLOOR``.

    Of equals the one given first.
    """
    scored = [
        Alike(one.ref, one.title, round(found, 2))
        for one in earlier
        if one.ref != wanted.ref and (found := score(wanted, one)) >= FLOOR
    ]
    return sorted(scored, key=lambda alike: -alike.score)[:limit]


def score(one: Sketch, other: Sketch) -> float:
    """How alike two records are, 0 to 1.

    The words decide: the share of terms the titles have in common, or a little less of those the
    title has in common with the other's symptom too. The same product lifts it, another lowers it,
    and without a common word nothing is alike.
    """
    if not one.product or not other.product:
        return _alike(one, one.title_terms, other, other.title_terms)
    words = _alike(one, one.bare_terms, other, other.bare_terms)
    same = not one.product.isdisjoint(other.product)
    return (1 - PRODUCT_SHARE) * words + (PRODUCT_SHARE if same and words else 0)


def _alike(one: Sketch, own: frozenset[str], other: Sketch, others: frozenset[str]) -> float:
    return max(
        _shared(own, others),
        SYMPTOM_SHARE * _held(own, others | other.symptom_terms),
        SYMPTOM_SHARE * _held(others, own | one.symptom_terms),
    )


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of terms in common, of both together (Dice)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _held(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of one's terms that the other holds; of too few terms nothing follows."""
    return len(one & other) / len(one) if len(one) > 2 else 0.0

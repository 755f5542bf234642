"""Who solved a matter before or helped with it, and the records that show it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from aswiki.domain.ledgers.ground import Ground
from aswiki.domain.ledgers.heard import told_in
from aswiki.domain.records.common import Record
from aswiki.domain.records.event import Event, Help
from aswiki.domain.records.lesson import Lesson
from aswiki.domain.records.product import Product
from aswiki.domain.terms import folded, terms

ENOUGH = 0.6
_SOLVING = frozenset({"action", "decision"})
_SOLVED = frozenset({"resolved", "closed"})


@dataclass
class Known:
    """One colleague, or a department that helped as one.

    Args:
        person: the id, or the words where people.toml does not know them.
        department: their department's slug, where known.
        solved: how many resolved events they acted or decided in, and lessons they wrote.
        helped_minutes: the minutes of help they gave.
        records: the records that show it, oldest first.
    """

    person: str
    department: str | None
    solved: int = 0
    helped_minutes: int = 0
    records: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The colleague as ``who --json`` lists them."""
        return {
            "person": self.person,
            "department": self.department,
            "solved": self.solved,
            "helped_minutes": self.helped_minutes,
            "records": self.records,
        }


def product_named(records: Mapping[str, Record], words: str) -> tuple[str, Product] | None:
    """The product of a slug, title or alias; else the only one whose names hold the words."""
    typed = folded(words).strip()
    named = [
        (ref, record, product_names(ref, record))
        for ref, record in records.items()
        if isinstance(record, Product)
    ]
    exact = [(ref, product) for ref, product, names in named if typed in names]
    part = [(r, p) for r, p, names in named if typed and any(typed in name for name in names)]
    return exact[0] if exact else part[0] if len(part) == 1 else None


def product_names(ref: str, product: Product) -> frozenset[str]:
    """The folded names of a product: its slug, title and aliases."""
    several = (ref.rpartition("/")[2], product.title, *product.aliases)
    return frozenset(folded(name).strip() for name in several)


def who(ground: Ground, words: str, product: tuple[str, Product] | None) -> list[Known]:
    """The colleagues who know about a topic or product, those who solved most first.

    Args:
        ground: records, people and departments.
        words: the topic as typed.
        product: the product that the words name, if any; all its records count then.
    """
    found: dict[str, Known] = {}

    def known(person: str | None, ref: str) -> Known:
        own = ground.own_name(person) or ""
        one = found.setdefault(own, Known(own, ground.department(own)))
        if ref not in one.records:
            one.records.append(ref)
        return one

    names = product_names(*product) if product is not None else frozenset()
    for ref, record in ground.records.items():
        if not isinstance(record, Event | Lesson):
            continue
        is_about = _is_about(ref, record, words, names)
        for person in _solvers(ground, record) if is_about else ():
            known(person, ref).solved += 1
        for item in record.helped_by:
            if is_about or _holds(item.topic or "", words):
                known(item.person, ref).helped_minutes += _minutes(ground, record, item)
    order = sorted(found.values(), key=lambda one: (-one.solved, -one.helped_minutes, one.person))
    return [one for one in order if one.person]


def _is_about(ref: str, record: Event | Lesson, words: str, names: frozenset[str]) -> bool:
    """Whether an event is of the product or tells of the topic, and a lesson names either."""
    told = [record.title, ref.rpartition("/")[2].replace("-", " "), *record.tags]
    if isinstance(record, Lesson):
        told += [*record.other_products, record.symptom or ""]
    elif names:
        return folded(record.product or "").strip() in names
    return any(_holds(" ".join(told), one) for one in (names or {words}))


def _holds(text: str, words: str) -> bool:
    """Whether a text is about the words: it holds them, or most of their terms."""
    if folded(words).strip() in folded(text):
        return True
    wanted = terms(words)
    return len(wanted) > 1 and len(wanted & terms(text)) / len(wanted) >= ENOUGH


def _solvers(ground: Ground, record: Event | Lesson) -> Iterator[str]:
    """The colleagues who acted or decided in a resolved event, or wrote a lesson; each once."""
    if isinstance(record, Lesson):
        own = ground.own_name(record.owner)
        yield from (own,) if own else ()
    elif record.status in _SOLVED:
        hands = (ground.own_name(entry.by) for entry in record.log if entry.kind in _SOLVING)
        yield from dict.fromkeys(hand for hand in hands if hand and hand in ground.departments)


def _minutes(ground: Ground, record: Event | Lesson, item: Help) -> int:
    return 0 if told_in(ground, record, item) else item.minutes or 0

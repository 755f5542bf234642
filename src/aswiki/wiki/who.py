"""The use case ``who``: who answers for a product, and who solved the like of it before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aswiki.domain import who as knowing
from aswiki.domain.ledgers.ground import Ground
from aswiki.domain.records.product import Product
from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.wiki import collection
from aswiki.wiki.collection import Progress
from aswiki.wiki.wiki import Wiki


@dataclass(frozen=True)
class Answer:
    """Who is to be asked.

    Args:
        query: the words as typed.
        ref: the product's reference, where the words name one.
        product: that product.
        people: those who know, the best first.
        skipped: the files that could not be read.
    """

    query: str
    ref: str | None
    product: Product | None
    people: list[knowing.Known]
    skipped: list[str]

    def as_json(self) -> dict[str, Any]:
        """The document of ``who --json``."""
        return {
            "query": self.query,
            "product": self._product(),
            "people": [one.as_json() for one in self.people],
        }

    def _product(self) -> dict[str, Any] | None:
        if self.product is None:
            return None
        return {
            "ref": self.ref,
            "title": self.product.title,
            "owner_department": self.product.owner_department,
            "on_call": self.product.on_call,
            "escalation": [
                {"level": rung.level, "who": rung.who}
                for rung in sorted(self.product.escalation, key=lambda rung: rung.level)
            ],
        }


def who(wiki: Wiki, words: str, progress: Progress = lambda _done, _total: None) -> Answer:
    """Who answers for the product that the words name, and who solved or helped before.

    Raises:
        BadInput: the words are empty.
    """
    if not words.strip():
        raise BadInput("no-topic", _("The topic is empty."), _("Name a product or a topic."))
    types = {"event", "lesson", "product"}
    read = collection.read(wiki, types=types, progress=progress)
    names = collection.spellings(wiki)
    ground = Ground(read.records, wiki.now(), wiki.zone, read.checker.colleagues, names)
    found = knowing.product_named(read.records, words)
    people = knowing.who(ground, words, found)
    ref, product = found or (None, None)
    return Answer(words, ref, product, people, read.skipped)

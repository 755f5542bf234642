"""The use case ``due``: what asks for somebody's hand today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aswiki.domain.dues import due as dues
from aswiki.domain.dues.outlook import Due, World
from aswiki.wiki import collection, lookup
from aswiki.wiki.collection import Progress
from aswiki.wiki.wiki import Wiki

if TYPE_CHECKING:
    from datetime import datetime

    from aswiki.domain.records.common import Record


@dataclass(frozen=True)
class Outlook:
    """What is due, most urgent first, and the files that could not be read."""

    items: list[Due]
    skipped: list[str]


def due(
    wiki: Wiki,
    *,
    owner: str | None = None,
    customer: str | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Outlook:
    """What is due now.

    Args:
        wiki: the open wiki.
        owner: a person as typed; None for everybody's.
        customer: a customer as typed; None for all. What belongs to no customer is left out then.
        progress: told how many files are done, and of how many.

    Raises:
        NotFound: no such customer.
        BadInput: the person's name is empty.
    """
    own = lookup.customer(wiki, customer) if customer is not None else None
    person = lookup.person(wiki, owner) if owner is not None else None
    read = collection.read(wiki, own, progress=progress)
    world = world_of(wiki, read.records, wiki.now())
    items = [
        item
        for item in dues.due(world)
        if person in (None, item.owner) and own in (None, item.customer)
    ]
    return Outlook(items, read.skipped)


def world_of(wiki: Wiki, records: Mapping[str, Record], now: datetime) -> World:
    """The records of a wiki at a moment, as its settings look at them."""
    return World(
        records,
        now,
        wiki.zone,
        wiki.cadence(),
        wiki.pace(),
        collection.spellings(wiki),
        wiki.limits(),
        wiki.currency,
        wiki.workdays(),
    )

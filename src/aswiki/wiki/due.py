"""The use case ``due``: what asks for somebody's hand today."""

from __future__ import annotations

from dataclasses import dataclass

from aswiki.domain import due as dues
from aswiki.domain.outlook import Due, World
from aswiki.domain.pace import Pace
from aswiki.wiki import collection, lookup
from aswiki.wiki.collection import Progress
from aswiki.wiki.wiki import Wiki


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
    world = World(
        read.records,
        wiki.now(),
        wiki.zone,
        wiki.cadence(),
        _pace(wiki),
        collection.spellings(wiki),
    )
    items = [
        item
        for item in dues.due(world)
        if person in (None, item.owner) and own in (None, item.customer)
    ]
    return Outlook(items, read.skipped)


def _pace(wiki: Wiki) -> Pace:
    """How long a matter may stand still, by ``[clock]``."""
    said = wiki.settings.get("clock")
    known = said if isinstance(said, dict) else {}
    given = {key: known[key] for key in ("fast_hours", "slow_days") if type(known.get(key)) is int}
    return Pace(**given)

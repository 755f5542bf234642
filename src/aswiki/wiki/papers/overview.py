"""A wiki at one moment, as the documents about one customer or one colleague look at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from aswiki.domain.dues.outlook import World
from aswiki.domain.ledgers.ground import Ground as Ledgers
from aswiki.domain.records.profile import Profile
from aswiki.domain.reports.ground import Ground
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.sight import Sight
from aswiki.errors import NotFound
from aswiki.lang import _
from aswiki.wiki import collection, lookup
from aswiki.wiki.due import world_of
from aswiki.wiki.papers.snapshot import Snapshot

if TYPE_CHECKING:
    from aswiki.domain.records.common import Record


@dataclass(frozen=True)
class Overview:
    """The records of a snapshot, and what looks at them."""

    snapshot: Snapshot

    @cached_property
    def world(self) -> World:
        """Every record with the settings, to say what is due."""
        found: dict[str, Record] = dict(self.snapshot.shared)
        for own in self.snapshot.records.values():
            found |= own
        return world_of(self.snapshot.wiki, found, self.snapshot.now)

    @cached_property
    def ledgers(self) -> Ledgers:
        """Every record with the people, to make ledgers of."""
        colleagues = self.snapshot.checker.colleagues
        return Ledgers(
            self.world.records, self.world.now, self.world.zone, colleagues, self.world.names
        )

    @cached_property
    def ground(self) -> Ground:
        """What any look at a customer rests on."""
        return self.snapshot.ground()

    @cached_property
    def month(self) -> Period:
        """The month that runs."""
        now = self.world.now
        return Period.of_month(f"{now:%Y-%m}", self.world.zone, now)

    def sight(self, customer: str, reader: str) -> Sight:
        """A customer as a reader may see them this month."""
        own = self.snapshot.records.get(customer, {})
        return Sight(reader, customer, self.month, own, self.ground)

    def profiles(self) -> Mapping[str, Profile]:
        """A customer's slug → their profile, where it can be read."""
        found = {slug: own.get(f"{slug}/profile") for slug, own in self.snapshot.records.items()}
        return {slug: one for slug, one in found.items() if isinstance(one, Profile)}


def colleague(overview: Overview, words: str) -> str:
    """The id of a colleague for the words typed.

    Raises:
        BadInput: the words are empty.
        NotFound: people.toml does not know them and no record names them as its owner.
    """
    own = lookup.person(overview.snapshot.wiki, words)
    world = overview.world
    if own in overview.ground.colleagues or own in {
        world.owner(ref, record) for ref, record in world.records.items()
    }:
        return own
    known = sorted(set(collection.spellings(overview.snapshot.wiki).values()))
    near = [one for one in known if one in overview.ground.colleagues]
    raise NotFound(
        "no-colleague",
        _("Nobody of ours is called {words}, and no record is theirs.").format(words=words),
        _("people.toml knows: {names}.").format(names=", ".join(near))
        if near
        else _("Add them to people.toml."),
    )

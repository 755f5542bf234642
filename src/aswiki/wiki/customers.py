"""Customers as they stand: each one's records and spend, every file read once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from aswiki.domain import records
from aswiki.domain.checks import schema
from aswiki.domain.dues.outlook import World
from aswiki.domain.records.common import Record
from aswiki.domain.records.profile import Profile
from aswiki.domain.spending.series import Series
from aswiki.wiki import collection
from aswiki.wiki.collection import TOP_TYPES, Progress
from aswiki.wiki.wiki import Wiki

_TYPES = frozenset(records.TYPES) - TOP_TYPES


@dataclass(frozen=True)
class Customers:
    """The customers of a wiki, those who were retired left out.

    Args:
        profiles: a customer's slug → their profile; of one that holds mistakes the sound part.
        world: every record that could be read.
        skipped: the paths of files that could not be read.
    """

    profiles: Mapping[str, Profile]
    world: World
    skipped: list[str]

    @cached_property
    def _own(self) -> dict[str, dict[str, Record]]:
        found: dict[str, dict[str, Record]] = {slug: {} for slug in self.profiles}
        for ref, record in self.world.records.items():
            found.setdefault(records.customer_of(ref) or "", {})[ref] = record
        return found

    def records_of(self, customer: str) -> Mapping[str, Record]:
        """A customer's own records by reference."""
        return self._own[customer]

    def spend_of(self, customer: str) -> Series:
        """A customer's usage pages."""
        return self.world.spend(f"{customer}/profile")


def customers(
    wiki: Wiki,
    customer: str | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Customers:
    """Every customer, or the one of a slug.

    Args:
        wiki: the open wiki.
        customer: a slug; None for all.
        progress: told how many files are done, and of how many.
    """
    read = collection.read(wiki, customer, _TYPES, progress)
    profiles = {
        records.customer_of(ref) or "": record
        for ref, record in read.records.items()
        if isinstance(record, Profile)
    }
    mended = dict(_mended(wiki, read))
    profiles |= {records.customer_of(ref) or "": profile for ref, profile in mended.items()}
    world = World(
        {**read.records, **mended},
        wiki.now(),
        wiki.zone,
        limits=wiki.limits(),
        currency=wiki.currency,
        names=collection.spellings(wiki),
    )
    return Customers(dict(sorted(profiles.items())), world, read.skipped)


def _mended(wiki: Wiki, read: collection.Read) -> Iterator[tuple[str, Profile]]:
    """The profiles with mistakes, less what is wrong in them: a customer is not lost for one."""
    for path in read.skipped:
        raw = wiki.readable(path) if records.type_of(path) == "profile" else None
        checked = read.checker.read(path, raw) if raw is not None else None
        if checked is not None and checked.fields:
            found = schema.read_partly("profile", checked.fields, checked.findings, wiki.reading)
            if isinstance(found, Profile):
                yield checked.ref, found

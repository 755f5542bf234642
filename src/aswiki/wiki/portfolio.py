"""The use case ``list customers``: where each customer stands, those who need attention first."""

from __future__ import annotations

from dataclasses import dataclass

from aswiki.domain.reports.period import Period
from aswiki.domain.standing.portfolio import Standing, standing
from aswiki.wiki.collection import Progress
from aswiki.wiki.customers import customers
from aswiki.wiki.wiki import Wiki


@dataclass(frozen=True)
class Portfolio:
    """Where the customers stand, and the files that could not be read."""

    found: list[Standing]
    skipped: list[str]


def portfolio(
    wiki: Wiki,
    *,
    owner: str | None = None,
    customer: str | None = None,
    status: str | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Portfolio:
    """The customers with their weather, spend, open matters and last contact.

    Args:
        wiki: the open wiki.
        owner: a person's id; None for everybody's.
        customer: a slug; None for all.
        status: a lifecycle, by key or label; None for any.
        progress: told how many files are done, and of how many.
    """
    read = customers(wiki, customer, progress)
    world = read.world
    month = Period.of_month(f"{world.now:%Y-%m}", wiki.zone, world.now)
    lifecycle = wiki.vocabulary.key("lifecycle", status) or status if status is not None else None
    found = [
        standing(slug, read.records_of(slug), profile, month, read.spend_of(slug))
        for slug, profile in read.profiles.items()
        if owner in {None, world.owner(f"{slug}/profile", profile)}
        and lifecycle in {None, profile.lifecycle}
    ]
    return Portfolio(sorted(found, key=Standing.attention), read.skipped)

"""The use case ``weather``: the weather of a month, of one customer or of all."""

from __future__ import annotations

from dataclasses import dataclass

from aswiki.domain.reports.period import Period
from aswiki.domain.standing.drivers import WORST_FIRST
from aswiki.domain.standing.weather import Weather
from aswiki.domain.standing.weather import weather as weather_of
from aswiki.domain.times import when
from aswiki.wiki import lookup
from aswiki.wiki.collection import Progress
from aswiki.wiki.customers import Customers, customers
from aswiki.wiki.wiki import Wiki


@dataclass(frozen=True)
class Skies:
    """The weather of each customer, the worst first, and the files that could not be read."""

    found: list[Weather]
    skipped: list[str]


def weather(
    wiki: Wiki,
    *,
    customer: str | None = None,
    month: str | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Skies:
    """The weather of a month.

    Args:
        wiki: the open wiki.
        customer: a customer as typed; None for all.
        month: as typed; None for the month that runs.
        progress: told how many files are done, and of how many.

    Raises:
        BadInput: the month is unclear.
        NotFound: no such customer.
    """
    now = wiki.now()
    key = when.month(month, now, wiki.zone) if month is not None else f"{now:%Y-%m}"
    own = lookup.customer(wiki, customer) if customer is not None else None
    read = customers(wiki, own, progress)
    found = [of(read, slug, Period.of_month(key, wiki.zone, now)) for slug in read.profiles]
    found.sort(key=lambda one: (WORST_FIRST.index(one.value), one.customer))
    return Skies(found, read.skipped)


def of(read: Customers, customer: str, month: Period) -> Weather:
    """The weather of one customer's month."""
    keys = (month.key, month.shifted(-1).key)
    swings = {key: read.spend_of(customer).swings(key) for key in keys}
    return weather_of(customer, read.records_of(customer), month, swings)

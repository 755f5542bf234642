"""The use case ``sla``: what each product of a customer kept of its SLA in one month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from aswiki.domain.checks.surroundings import Neighbour
from aswiki.domain.records import customer_of
from aswiki.domain.sla.credit import SlaMonth, sla_months, unplaced
from aswiki.domain.sla.ground import Ground, pages
from aswiki.domain.times import when
from aswiki.domain.times.clock import first_of_month
from aswiki.wiki import collection, lookup
from aswiki.wiki.collection import Progress
from aswiki.wiki.wiki import Wiki

_TYPES = frozenset({"profile", "event", "usage", "product"})


@dataclass(frozen=True)
class Kept:
    """What was kept in a month.

    Args:
        month: as in ``2026-10``.
        rows: one for each product under contract or with an outage.
        unplaced: the incidents of the month that name no product.
        today: the day in the wiki's zone.
        skipped: the files that could not be read.
    """

    month: str
    rows: list[SlaMonth]
    unplaced: list[str]
    today: date
    skipped: list[str]


def sla(
    wiki: Wiki,
    customer: str,
    month: str | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Kept:
    """The SLA of each product of a customer in one month.

    Args:
        wiki: the open wiki.
        customer: a customer as typed.
        month: as typed; None for the last month.
        progress: told how many files are done, and of how many.

    Raises:
        NotFound: no such customer.
        BadInput: the month is unclear.
    """
    own = lookup.customer(wiki, customer)
    now = wiki.now()
    last = f"{first_of_month(now.date(), -1):%Y-%m}"
    key = when.month(month, now, wiki.zone) if month is not None else last
    read = collection.read(wiki, own, _TYPES, progress)
    records = [Neighbour(ref, r) for ref, r in read.records.items() if customer_of(ref) == own]
    ground = Ground(records, pages(read.records), wiki.zone, now, wiki.workdays(), wiki.currency)
    return Kept(key, sla_months(key, ground), unplaced(key, ground), now.date(), read.skipped)

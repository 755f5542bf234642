"""The use cases ``swings`` and ``usage``: spend month by month, beside what was expected."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from aswiki.domain import records
from aswiki.domain.records.profile import Profile
from aswiki.domain.records.usage import Usage
from aswiki.domain.spending.month import shifted
from aswiki.domain.spending.series import MonthTotal, Series
from aswiki.domain.spending.swing import Swing
from aswiki.domain.times import when
from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.wiki import collection, lookup
from aswiki.wiki.collection import Progress
from aswiki.wiki.wiki import Wiki

MONTHS = 12
YEAR = 12


@dataclass(frozen=True)
class Swings:
    """The comparisons of a month, and the files that could not be read.

    Args:
        month: as in ``2026-10``; None where no customer has a usage page.
        found: customer by customer, each the total first.
        skipped: the paths of files that cannot be read.
    """

    month: str | None
    found: list[Swing]
    skipped: list[str]


@dataclass(frozen=True)
class Spending:
    """A customer's spend of some months.

    Args:
        customer: the customer's slug.
        months: oldest first, each with its currencies.
        products: what the products of the last month cost, the dearest first, by currency.
        swings: every comparison of the last month.
        skipped: the paths of files that cannot be read.
    """

    customer: str
    months: list[MonthTotal]
    products: list[Product]
    swings: list[Swing]
    skipped: list[str]

    def as_json(self) -> dict[str, Any]:
        """The document of ``usage --json``."""
        return {
            "customer": self.customer,
            "months": [vars(one) for one in self.months],
            "products": [vars(one) for one in self.products],
            "swings": [one.as_json() for one in self.swings],
        }


@dataclass(frozen=True)
class Product:
    """What one product cost in a month, and its share of the month; None of a total of nothing."""

    product: str
    currency: str
    amount: Decimal
    share_percent: Decimal | None


def swings(
    wiki: Wiki,
    *,
    month: str | None = None,
    customer: str | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Swings:
    """Every comparison of a month, fired or not.

    Args:
        wiki: the open wiki.
        month: as typed; None for the last month that has a usage page.
        customer: as typed; None for all.
        progress: told how many files are done, and of how many.

    Raises:
        NotFound: no such customer.
        BadInput: the month is unclear.
    """
    own = lookup.customer(wiki, customer) if customer is not None else None
    key = when.month(month, wiki.now(), wiki.zone) if month is not None else _last(wiki, own)
    if key is None:
        return Swings(None, [], [])
    first = shifted(key, -YEAR)
    several, skipped = _series(wiki, own, progress, first=first, last=key)
    found = [swing for one in several.values() for swing in one.swings(key)]
    return Swings(key, found, skipped)


def usage(wiki: Wiki, customer: str, *, months: int = MONTHS) -> Spending:
    """A customer's spend of the last months that have figures.

    Args:
        wiki: the open wiki.
        customer: as typed.
        months: how many.

    Raises:
        NotFound: no such customer.
        BadInput: not a single month is asked for.
    """
    if months < 1:
        message = _("At least one month must be asked for.")
        raise BadInput("no-months", message, _("Give --months 1 or more."))
    own = lookup.customer(wiki, customer)
    several, skipped = _series(wiki, own)
    series = several.get(own, Series(own))
    keys = series.months[-months:]
    totals = [total for key in keys for total in series.totals(key)]
    last = keys[-1:]
    products = [one for key in last for one in _products(series, key)]
    found = [swing for key in last for swing in series.swings(key)]
    return Spending(own, totals, products, found, skipped)


def _products(series: Series, key: str) -> list[Product]:
    month = series.month(key)
    found = []
    for currency, costs in sorted(month.costs.items() if month is not None else ()):
        total = costs.amount(None, frozenset())
        for product, amount in sorted(costs.effective.items(), key=lambda item: -item[1]):
            share = (amount * 100 / total).quantize(Decimal("0.1")) if total > 0 else None
            found.append(Product(costs.names[product], currency, amount, share))
    return found


def _last(wiki: Wiki, customer: str | None) -> str | None:
    """The last month that has a usage page, of one customer or of any."""
    paths = (path for path in wiki.paths(customer) if records.type_of(path) == "usage")
    return max((_month_of(path) for path in paths), default=None)


def _month_of(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


def _series(
    wiki: Wiki,
    customer: str | None,
    progress: Progress = lambda _done, _total: None,
    *,
    first: str = "",
    last: str = "9999-12",
) -> tuple[dict[str, Series], list[str]]:
    """The usage pages between two months by customer, and the files that cannot be read."""

    def wanted(path: str) -> bool:
        return records.type_of(path) == "profile" or first <= _month_of(path) <= last

    read = collection.read(wiki, customer, ("usage", "profile"), progress, wanted)
    limits, found = wiki.limits(), {}
    pages: dict[str, dict[str, Usage]] = {}
    for ref, record in read.records.items():
        if isinstance(record, Usage):
            pages.setdefault(records.customer_of(ref) or "", {})[ref] = record
    for slug, own in pages.items():
        profile = read.records.get(f"{slug}/profile")
        level = profile.account_level if isinstance(profile, Profile) else None
        found[slug] = Series(slug, own, limits.of(level), wiki.currency)
    return found, read.skipped

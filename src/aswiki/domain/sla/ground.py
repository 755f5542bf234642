"""What an SLA is computed from: a customer's contracts, incidents and fees, and the products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Context, Decimal
from functools import cached_property, reduce
from typing import NamedTuple

from aswiki.domain.checks.surroundings import Neighbour
from aswiki.domain.records.common import Record
from aswiki.domain.records.event import Event
from aswiki.domain.records.product import Product
from aswiki.domain.records.profile import Contract, Profile
from aswiki.domain.records.usage import Usage
from aswiki.domain.sla.workdays import Workdays

_EXACT = Context(prec=1000)


class Page(NamedTuple):
    """The page of a product."""

    ref: str
    product: Product


def pages(records: Mapping[str, Record]) -> dict[str, Page]:
    """Every casefolded name of a product, its slug, title and aliases → its page."""
    found: dict[str, Page] = {}
    for ref, record in records.items():
        if isinstance(record, Product):
            for name in (ref.rpartition("/")[2], record.title, *record.aliases):
                found.setdefault(folded(name), Page(ref, record))
    return found


def folded(name: str | None) -> str:
    """A product's name as names are compared."""
    return (name or "").strip().casefold()


class Fee(NamedTuple):
    """The fee of a month.

    Args:
        basis: contract, usage_effective or usage_billed; None where no fee is known.
    """

    amount: Decimal | None = None
    currency: str | None = None
    basis: str | None = None


@dataclass(frozen=True)
class Subject:
    """A product as one customer has it.

    Args:
        name: as the contract calls it, else its page, else the incident.
        page: its page; None where there is none.
        names: every casefolded name it goes by.
        contracts: the customer's contracts about it, in the order of the profile.
    """

    name: str
    page: Page | None
    names: frozenset[str]
    contracts: Sequence[Contract] = ()

    def contract(self, by: date) -> Contract | None:
        """The contract in force on a day, the latest of several."""
        begun = [c for c in self.contracts if c.from_ is None or c.from_ <= by]
        return max(begun, key=lambda c: c.from_ or date.min, default=None)

    @property
    def opened(self) -> date | None:
        """The first day of the first contract."""
        return min((c.from_ for c in self.contracts if c.from_ is not None), default=None)


@dataclass(frozen=True)
class Ground:
    """What the months of one customer are computed from.

    Args:
        records: the customer's own.
        products: every casefolded name of a product → its page.
        zone: the wiki's zone, of terms that name none.
        now: the aware moment up to which an outage that goes on is counted.
        workdays: the days that are worked.
        currency: of fees without one.
    """

    records: Sequence[Neighbour]
    products: Mapping[str, Page]
    zone: tzinfo
    now: datetime
    workdays: Workdays = field(default_factory=Workdays)
    currency: str | None = None

    @cached_property
    def contracts(self) -> Sequence[Contract]:
        """The contracts of the customer's profile that name a product."""
        profile = next((n.record for n in self.records if isinstance(n.record, Profile)), None)
        return [c for c in profile.contracts if folded(c.product)] if profile is not None else []

    @cached_property
    def incidents(self) -> Sequence[tuple[str, Event]]:
        """The customer's incidents with their references."""
        return [
            (one.ref, one.record)
            for one in self.records
            if isinstance(one.record, Event) and one.record.kind == "incident"
        ]

    def subject(self, name: str) -> Subject:
        """The product that a name means."""
        page = self.products.get(folded(name))
        names = {folded(name)}
        if page is not None:
            names |= {key for key, known in self.products.items() if known.ref == page.ref}
        own = [c for c in self.contracts if folded(c.product) in names]
        called = own[0].product if own else page.product.title if page is not None else None
        return Subject((called or name).strip(), page, frozenset(names), own)

    def fee(self, subject: Subject, contract: Contract | None, key: str) -> Fee:
        """The contract's monthly fee, else the month's usage of the product."""
        if contract is not None and contract.monthly_fee is not None:
            return Fee(contract.monthly_fee, contract.currency or self.currency, "contract")
        lines = [
            line
            for one in self.records
            if isinstance(one.record, Usage) and one.record.period == key
            for line in one.record.lines
            if folded(line.product) in subject.names and line.charge in {None, "usage"}
        ]
        for cost, basis in (("effective_cost", "usage_effective"), ("billed_cost", "usage_billed")):
            billed = [(line.currency or self.currency, getattr(line, cost)) for line in lines]
            known = [(currency, amount) for currency, amount in billed if amount is not None]
            if known:
                currencies = {currency for currency, _amount in known}
                if len(currencies) > 1:
                    return Fee()
                amount = reduce(_EXACT.add, (amount for _currency, amount in known))
                return Fee(amount, currencies.pop(), basis)
        return Fee()

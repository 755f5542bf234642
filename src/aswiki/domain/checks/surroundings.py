"""What a record is checked against: the people, the products, the other records, the day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING

from aswiki.domain.readers.secrets import Secrets
from aswiki.domain.records.common import Record

if TYPE_CHECKING:
    from aswiki.domain.sla.claims import Claim
    from aswiki.domain.spending.series import Series


def _no_spend() -> Series:
    from aswiki.domain.spending.series import Series

    return Series()


@dataclass(frozen=True)
class Neighbour:
    """One other record of the wiki."""

    ref: str
    record: Record


@dataclass(frozen=True)
class Surroundings:
    """The world around one record.

    Args:
        ref: the record's own reference.
        people: a colleague's id → their department's slug, where known.
        departments: a department's slug → its kind.
        contacts: the ids of the customer's contacts.
        product_is_owned: whether a department owns the product of a name; None: no such product.
        references: whether a reference resolves to a record.
        neighbours: the records of the same customer, itself included; asked for when needed.
        sha256_of: the sha256 of a file of the customer's folder, None where there is none.
        identities: names of customers and contacts that no lesson may hold; asked for when needed.
        secrets: what no text for a customer may hold; asked for when a record has such a text.
        now: the moment of the check, aware.
        zone: the wiki's zone.
        cadence: days until a part counts as not kept, by part.
        claims: an incident of the customer → the SLA claims that nobody decided and that are about
            to lapse or have lapsed; asked for when needed.
        spend: the customer's usage pages, with the thresholds of swings; asked for when needed.
    """

    ref: str
    people: Mapping[str, str | None] = field(default_factory=dict)
    departments: Mapping[str, str] = field(default_factory=dict)
    contacts: frozenset[str] = frozenset()
    product_is_owned: Callable[[str], bool | None] = lambda _name: None
    references: Callable[[str], bool] = lambda _ref: True
    neighbours: Callable[[], Sequence[Neighbour]] = tuple
    sha256_of: Callable[[str], str | None] = lambda _file: None
    identities: Callable[[], frozenset[str]] = frozenset
    secrets: Callable[[], Secrets] = Secrets
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    zone: tzinfo = UTC
    cadence: Mapping[str, int] = field(default_factory=dict)
    claims: Callable[[], Mapping[str, Sequence[Claim]]] = dict
    spend: Callable[[], Series] = _no_spend

    @property
    def today(self) -> date:
        """The day of the check in the wiki's zone."""
        return self.now.astimezone(self.zone).date()


def start_of(moment: datetime | date, zone: tzinfo) -> datetime:
    """A moment for ordering: a bare date counts from the start of its day."""
    if isinstance(moment, datetime):
        return moment
    return datetime(moment.year, moment.month, moment.day, tzinfo=zone)


def is_before(earlier: datetime | date | None, later: datetime | date | None, zone: tzinfo) -> bool:
    """Whether one moment surely lies before another; days are compared where an hour is unknown."""
    if earlier is None or later is None:
        return False
    if isinstance(earlier, datetime) and isinstance(later, datetime):
        return earlier < later
    days = [
        value.astimezone(zone).date() if isinstance(value, datetime) else value
        for value in (earlier, later)
    ]
    return days[0] < days[1]

"""What one reader may use of one customer: whole records to count with, allowed fields to quote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from aswiki.domain.readers import audience
from aswiki.domain.readers.narrowing import CUSTOMERS
from aswiki.domain.records.common import Record
from aswiki.domain.records.profile import Profile
from aswiki.domain.reports.ground import Ground
from aswiki.domain.reports.period import Period

_R = TypeVar("_R", bound=Record)


@dataclass(frozen=True)
class Sight:
    """One customer as one reader may see them.

    Args:
        reader: a key of the vocabulary ``reader``.
        customer: the slug.
        period: what the report is about.
        whole: reference → record. Numbers, kinds, states and dates are computed from these; a word
            of theirs never goes into a report.
        ground: what the report rests on besides.
    """

    reader: str
    customer: str
    period: Period
    whole: Mapping[str, Record]
    ground: Ground

    @property
    def is_customer(self) -> bool:
        """Whether the reader is on the customer's side."""
        return self.reader in CUSTOMERS

    @cached_property
    def profile(self) -> Profile | None:
        """The whole profile."""
        found = self.whole.get(f"{self.customer}/profile")
        return found if isinstance(found, Profile) else None

    @cached_property
    def name(self) -> str:
        """What the customer is called; to themselves never by our title of their page."""
        profile = self.profile
        title = None if profile is None or self.is_customer else profile.title
        return (profile.name if profile is not None else None) or title or self.customer

    def of(self, kind: type[_R]) -> dict[str, _R]:
        """The whole records of a type that the reader may know of, by reference."""
        return {ref: record for ref, record in self.open.items() if isinstance(record, kind)}

    @cached_property
    def open(self) -> dict[str, Record]:
        """The whole records that the reader may know of, by reference."""
        return {ref: record for ref, record in self.whole.items() if self.may_count(ref)}

    def may_count(self, ref: str) -> bool:
        """Whether a record counts for the reader: it is neither narrowed nor too sensitive."""
        return audience.is_open(self.whole[ref], self.reader)

    def seen(self, ref: str) -> Mapping[str, Any]:
        """The fields of a record that the reader may read, parts as mappings; maybe none."""
        if ref not in self._seen:
            self._seen[ref] = audience.readable(
                self.whole[ref], self.reader, own=self.ground.own, sides=self._sides
            )
        return self._seen[ref]

    def withheld(self, ref: str) -> list[tuple[str, str]]:
        """What the reader may not see of a record: dotted key → why; empty key: all of it."""
        return audience.withheld(
            self.whole[ref], self.reader, own=self.ground.own, sides=self._sides
        )

    def words(self, ref: str) -> str | None:
        """The words of a record that were released to the customer's reader; else None."""
        return audience.released(self.whole[ref], self.reader) if self.is_customer else None

    def pick(self, ref: str, keys: Iterable[str]) -> dict[str, Any]:
        """Some fields of a record as the reader may read them; None where they may not."""
        seen = self.seen(ref)
        return {key: seen.get(key) for key in keys}

    @cached_property
    def _seen(self) -> dict[str, Mapping[str, Any]]:
        return {}

    @cached_property
    def _sides(self) -> dict[str, str]:
        """A contact's id or name → the customer's reader they are."""
        contacts = self.profile.contacts if self.profile is not None else []
        return {
            name: contact.side
            for contact in contacts
            if contact.side
            for name in (contact.id, contact.name)
            if name
        }

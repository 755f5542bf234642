"""The last look before a report leaves the house: stale releases, and words that give away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from aswiki.domain.readers import audience
from aswiki.domain.readers.leaks import leaks
from aswiki.domain.readers.narrowing import CUSTOMERS

if TYPE_CHECKING:
    from aswiki.domain.readers.secrets import Secrets
    from aswiki.domain.reports.sight import Sight

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_OF_PEOPLE = frozenset({"contact", "phone", "email"})
_SOUGHT: Mapping[str, frozenset[str]] = {
    "product": _OF_PEOPLE,
    "sales": _OF_PEOPLE | {"customer"},
}
"""What is looked for where not all is: customers are told nothing of the kind, the boss all."""


@dataclass(frozen=True)
class Found:
    """One reason why a report does not leave.

    Args:
        ref: the record it comes from; None where none of them holds it.
        field: the dotted key, or where it stands in a form.
        kind: a leak's kind, or ``stale_release``.
        found: the words; empty for a release.
    """

    ref: str | None
    field: str
    kind: str
    found: str = ""

    def as_json(self) -> dict[str, str | None]:
        """The finding as a stopped report's document lists it."""
        return {"ref": self.ref, "field": self.field, "kind": self.kind, "found": self.found}


@dataclass(frozen=True)
class LeakCheck:
    """What a report of one reader may not hold.

    Args:
        found: those it is about, as its reader may see them.
        reader: the reader's key.
        secrets: what is looked for in this wiki.
    """

    found: Sequence[Sight]
    reader: str
    secrets: Secrets

    def before(self, data: object) -> list[Found]:
        """What stops a report, as plain data, before it has a form: stale releases, then texts."""
        if self.reader == "boss":
            return []
        return [*self._stale(), *self._told(data)]

    def after(self, form: str, raw: bytes, *others: str) -> list[Found]:
        """What stops a form of it, by every text of the file and by other texts beside it.

        Amounts are not looked for: those of a form were placed by the allow-list. Nor are bare
        numbers of a JSON, where nothing parts the digits of a large one from a phone's.
        """
        if self.reader == "boss":
            return []
        from aswiki.render.text import texts_of

        texts = [*texts_of(form, raw), *(("name", other) for other in others)]
        if form == "json":
            texts = [each for each in texts if not _NUMBER.fullmatch(each[1])]
        return list(self._among(texts, amounts=False))

    def _stale(self) -> Iterator[Found]:
        for sight in self.found:
            for ref, record in sight.open.items():
                for key in audience.lapsed(record, self.reader):
                    yield Found(ref, key, "stale_release")

    def _told(self, data: object) -> Iterator[Found]:
        texts = list(_texts(data))
        yield from self._among(texts, amounts=self.reader in CUSTOMERS)

    def _among(self, texts: Sequence[tuple[str, str]], *, amounts: bool) -> Iterator[Found]:
        sought = _SOUGHT.get(self.reader)
        told: set[tuple[str | None, str, str]] = set()
        for where, text in texts:
            for leak in leaks(
                text,
                self.secrets,
                customer=self._customer,
                allowed=self._let_through(text),
                amounts=amounts,
            ):
                if sought is not None and leak.kind not in sought:
                    continue
                ref, key = self._origin(text, leak.found) or (None, where)
                if (ref, key, leak.found) not in told:
                    told.add((ref, key, leak.found))
                    yield Found(ref, key, leak.kind, leak.found)

    @property
    def _customer(self) -> str | None:
        return self.found[0].customer if len(self.found) == 1 else None

    def _let_through(self, text: str) -> frozenset[str]:
        """The honest words of the records that hold the text; of a page those of all."""
        refs = self._holders.get(text.strip())
        if refs is None:
            return self._every_honest
        return frozenset().union(*(self._honest[ref] for ref in refs))

    @cached_property
    def _every_honest(self) -> frozenset[str]:
        return frozenset().union(*self._honest.values())

    @cached_property
    def _honest(self) -> dict[str, frozenset[str]]:
        return {
            ref: frozenset(honest.text for honest in record.scan_ok)
            for sight in self.found
            for ref, record in sight.open.items()
        }

    @cached_property
    def _holders(self) -> dict[str, set[str]]:
        """Every text that the reader may read → the references of the records that hold it."""
        found: dict[str, set[str]] = {}
        for ref, _key, text in self._seen:
            found.setdefault(text.strip(), set()).add(ref)
        return found

    def _origin(self, text: str, found: str) -> tuple[str, str] | None:
        """The record and the field that the words come from: the whole text before a part of it."""
        holding = [place for place in self._seen if found in place[2]]
        whole = [place for place in holding if place[2].strip() == text.strip()]
        ref, key, _words = next(iter(whole or holding), (None, "", ""))
        return None if ref is None else (ref, key)

    @cached_property
    def _seen(self) -> list[tuple[str, str, str]]:
        """Every text that the reader may read: reference, dotted key, words."""
        return [
            (ref, key, text)
            for sight in self.found
            for ref in sight.open
            for key, text in _texts(sight.seen(ref))
        ]


def _texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text within plain data, with its dotted place."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, Sequence):
        for number, item in enumerate(value, 1):
            yield from _texts(item, f"{path}.{number}" if path else str(number))

"""A customer's contacts as a table would have them: new ones, and empty fields filled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from aswiki.domain.records.common import abouts
from aswiki.domain.records.profile import Contact
from aswiki.domain.slug import person_id, unique
from aswiki.errors import BadInput
from aswiki.importers.entries import Entry
from aswiki.lang import _
from aswiki.store.frontmatter_edit import Edit, Extend, Put

MOST = 2000
"""Contacts of one customer; a profile is read whole by every command."""

_SHARED_LINE = re.compile(r"0|[48]00")
_SHORTEST_PERSONAL = 9
_OWN_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


class Roll:
    """The contacts of one profile and what a table adds; what stands there is never changed."""

    def __init__(self, present: Sequence[object]) -> None:
        self._people = [dict(one) if isinstance(one, Mapping) else {} for one in present]
        self._present = len(self._people)
        self._filled: dict[tuple[int, str], Any] = {}
        self._changed: set[int] = set()
        self._marks: dict[tuple[str, str], int] = {}
        self._ids: set[str] = set()
        self.unchanged = 0
        self.warnings: list[str] = []
        for at, person in enumerate(self._people):
            self._remember(at, person)

    @property
    def changed(self) -> int:
        """How many contacts are new or have a field more."""
        return len(self._changed)

    def add(self, entry: Entry) -> None:
        """Take in one row.

        Raises:
            BadInput: the customer would have too many contacts.
        """
        given = {"name": entry.name, **entry.fields}
        at = self._known(given)
        if given.get("final_contact") and self._has_other_final(at):
            said = _("row {row} ({name}): there is a final contact already")
            self.warnings.append(said.format(row=entry.row, name=entry.name))
            del given["final_contact"]
        if at is None:
            self._enrol(given)
        elif not self._fill(at, given, entry):
            self.unchanged += 1

    def edits(self) -> list[Edit]:
        """The edits of the profile's front matter."""
        new = self._people[self._present :]
        puts: list[Edit] = [
            Put(("contacts", at, key), value) for (at, key), value in self._filled.items()
        ]
        if new:
            puts.append(Extend(("contacts",), new) if self._present else Put(("contacts",), new))
        return puts

    def _known(self, given: Mapping[str, Any]) -> int | None:
        found = (self._marks.get(mark) for mark in _marks(given))
        return next((at for at in found if at is not None), None)

    def _remember(self, at: int, person: Mapping[str, Any]) -> None:
        self._ids.add(str(person.get("id")))
        for mark in _marks(person):
            self._marks.setdefault(mark, at)

    def _has_other_final(self, at: int | None) -> bool:
        finals = (n for n, one in enumerate(self._people) if one.get("final_contact") is True)
        return any(n != at for n in finals)

    def _enrol(self, given: dict[str, Any]) -> None:
        if len(self._people) >= MOST:
            said = _("the customer would have more than {n} contacts")
            raise BadInput("too-many", said.format(n=MOST))
        own = str(given.get("id", ""))
        if not _OWN_ID.fullmatch(own):
            own = person_id(given["name"], str(given.get("email", "")))
        given["id"] = unique(own, self._ids)
        order = [*abouts(Contact), *given]
        person = {key: given[key] for key in dict.fromkeys(order) if key in given}
        self._people.append(person)
        self._changed.add(len(self._people) - 1)
        self._remember(len(self._people) - 1, person)

    def _fill(self, at: int, given: Mapping[str, Any], entry: Entry) -> bool:
        """Whether an empty field of a known contact was filled; others stay, and are named."""
        person = self._people[at]
        kept = []
        filled = False
        for key, value in given.items():
            present = person.get(key)
            if key != "id" and present in (None, ""):
                person[key] = value
                filled = True
                if at < self._present:
                    self._filled[at, key] = value
            elif key != "id" and _folded(key, present) != _folded(key, value):
                kept.append(key)
        if kept:
            said = _("row {row} ({name}): kept as the wiki has it: {fields}")
            fields = ", ".join(kept)
            self.warnings.append(said.format(row=entry.row, name=entry.name, fields=fields))
        if filled:
            self._changed.add(at)
            self._remember(at, person)
        return filled


def _marks(person: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a contact is known by, the surest first."""
    keys = ("id", "name", "email", "phone")
    found = [(key, _folded(key, person[key])) for key in keys if person.get(key)]
    return [(key, mark) for key, mark in found if mark and (key != "phone" or _is_personal(mark))]


def _folded(key: str, value: object) -> str:
    text = "".join(unicodedata.normalize("NFKC", str(value)).casefold().split())
    if key != "phone":
        return text
    digits = re.sub(r"[^\d+]", "", text)
    mobile = re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", digits)
    return re.sub(r"^(?:\+|00)86", "0", mobile)


def _is_personal(phone: str) -> bool:
    """Whether a number is one person's: a switchboard is many people's."""
    return len(phone) >= _SHORTEST_PERSONAL and not _SHARED_LINE.match(phone)

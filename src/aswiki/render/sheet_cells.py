"""The words of a report's sheets: of keys, of vocabularies, of people, and of lists in a cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from aswiki.render import sheet_headings, sheet_titles
from aswiki.render.sheet_titles import SHEETS, TABLES
from aswiki.render.sheet_vocabulary import DROPPED, ONLY_YES, OWN, VOCABULARY, WHO

if TYPE_CHECKING:
    from aswiki.render.markdown import Names
    from aswiki.render.xlsx import Cell

Pair = tuple[str, str]
HEADINGS: Mapping[str, Pair] = {**sheet_headings.HEADINGS, **sheet_titles.HEADINGS}
_YES, _NO = ("Yes", "是"), ("No", "否")
_COLON, _COMMA = (": ", "："), (", ", "、")
_FOLLOWING = {"amount": ("currency", " "), "from": ("to", " → ")}
"""A key → what stands right behind it in a line, and what is between them."""
_BARE = frozenset({"amount", "at", "from", "month"})
"""Keys of figures and days that need no label in a line."""
_NOTHING: tuple[object, ...] = (None, "", [])
_SHORT = 20
"""Characters of the longest item of a list on one line."""
_T = TypeVar("_T")


@dataclass(frozen=True)
class Wording:
    """The words of one report's sheets.

    A place is dotted: a section's key, its list's, and so on inwards.

    Args:
        names: how ids and vocabularies are called, and the language.
        reader: the report's.
    """

    names: Names
    reader: str

    def said(self, pair: Pair) -> str:
        """The one of an English and a Chinese label that is in the language."""
        return pair[self.names.language == "zh"]

    def sheet(self, section: str) -> str:
        """What a section's sheet is called."""
        return self.said(SHEETS.get(f"{section}.{self.reader}") or SHEETS[section])

    def table(self, place: str) -> str:
        """What a list's table is called."""
        found = TABLES.get(f"{place}.{self.reader}") or TABLES.get(place)
        return place.rpartition(".")[2] if found is None else self.said(found)

    def heading(self, place: str, path: str) -> str:
        """What a column is called.

        Args:
            place: of the list or the section.
            path: of the column within; one that was within another, as in ``negotiation.sales``,
                is called after both unless it has a label of its own.
        """
        own = self._found(HEADINGS, f"{place}.{path}", path.count(".") + 1)
        if own is not None:
            return self.said(own)
        outer, _dot, key = path.rpartition(".")
        if not outer:
            return key
        before = self.heading(place, outer)
        inner = self.word(f"{place}.{outer}", key)
        inner = self.heading(place, key) if inner == key and key.islower() else inner
        return f"{before}{self.said(_COLON)}{inner}" if before else inner

    def is_shown(self, place: str, value: object) -> bool:
        """Whether a value says something, and this reader's sheets are where it is said."""
        hidden = {place, f"{place}.{self.reader}"} & DROPPED
        return not hidden and (_is_said(value) if place in ONLY_YES else value not in _NOTHING)

    def cell(self, place: str, value: object, customer: str) -> Cell:
        """A value as a cell: a number, a day or a time as such, all else in words."""
        if isinstance(value, datetime):
            return value.astimezone(self.names.zone)
        if isinstance(value, int | Decimal | date) and not isinstance(value, bool):
            return value
        return None if value is None else self.text(place, value, customer)

    def text(self, place: str, value: object, customer: str) -> str:
        """A value in words; a list has a line an item, or one line where its items are short."""
        if isinstance(value, str):
            return self.word(place, value, customer)
        if isinstance(value, bool):
            return self.said(_YES if value else _NO)
        if isinstance(value, int | Decimal):
            return format(value, ",f" if isinstance(value, Decimal) else ",")
        if isinstance(value, date):
            return self.names.when(value)
        if isinstance(value, Mapping):
            return " · ".join(self._pieces(place, value, customer))
        return self._listed(place, value, customer) if isinstance(value, Sequence) else ""

    def word(self, place: str, value: str, customer: str = "") -> str:
        """A vocabulary's label or a name for its key; any other text as it is."""
        for vocabulary in self._found(VOCABULARY, place) or ():
            if value in OWN.get(vocabulary, {}):
                return self.said(OWN[vocabulary][value])
            if vocabulary not in OWN and value in self.names.vocabulary.words(vocabulary):
                return self.names.label(value, vocabulary)
        if place.rpartition(".")[2] in WHO:
            return self.names.department(self.names.person(value, customer))
        return value

    def _listed(self, place: str, items: Sequence[object], customer: str) -> str:
        said = [self.text(place, item, customer) for item in items]
        if all(isinstance(item, int) for item in items):
            return "/".join(said)
        if items and isinstance(items[0], list):
            return "\n".join(words.replace(self.said(_COMMA), " → ") for words in said)
        is_short = all(isinstance(item, str) and len(item) <= _SHORT for item in items)
        return (self.said(_COMMA) if is_short else "\n").join(said)

    def _pieces(self, place: str, row: Mapping[str, Any], customer: str) -> Iterator[str]:
        """What a row says in one line: words as they are, figures and days with their labels."""
        keys = sorted(row, key="ref".__eq__)  # the record that says so comes last
        shown = {
            key: row[key]
            for key in keys
            if _is_said(row[key]) and self.is_shown(f"{place}.{key}", row[key])
        }
        pairs = {key: pair for key, pair in _FOLLOWING.items() if key in shown}
        for key, value in shown.items():
            if key in {follower for follower, _between in pairs.values()}:
                continue
            words = self.text(f"{place}.{key}", value, customer)
            follower, between = pairs.get(key, ("", ""))
            if follower in shown:
                words += between + self.text(f"{place}.{follower}", shown[follower], customer)
            if isinstance(value, bool):
                yield self.heading(place, key)
            elif isinstance(value, str) or key in _BARE:
                yield words
            else:
                yield f"{self.heading(place, key)} {words}"

    def _found(self, table: Mapping[str, _T], place: str, shortest: int = 1) -> _T | None:
        """What a table says of a place, the nearest words first, the reader's before others'."""
        for way in _ways(place.split("."), shortest):
            for key in (f"{way}.{self.reader}", way):
                if key in table:
                    return table[key]
        return None


def _ways(steps: Sequence[str], shortest: int) -> Iterator[str]:
    """A place with ever fewer of its steps, always with its last ones: section first, then not."""
    for start in range(1, len(steps) - shortest + 1):
        yield ".".join((steps[0], *steps[start:]))
        yield ".".join(steps[start:])


def _is_said(value: object) -> bool:
    return value is not False and value not in _NOTHING

"""What a kind of bill calls its columns and charges, and where one file has them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from aswiki.errors import BadInput
from aswiki.lang import _

NAMES = ("provider", "account", "sub_account", "product", "service_category", "region", "currency")
AMOUNTS = ("billed", "effective", "list")
PERIODS = ("billed_from", "billed_to", "start", "end")
KEYS = (*NAMES, *AMOUNTS, *PERIODS, "charge")
CHARGES = ("usage", "purchase", "tax", "credit", "adjustment", "correction")
FEN = -2
"""The power of ten of an amount in 分."""

_IN_FEN = re.compile(r"\((?:单位:?)?(?:人民币)?分\)|\[分\]|/分$|_fen$|\(fen\)", re.IGNORECASE)
_IN_YUAN = re.compile(r"\((?:单位:?)?(?:人民币)?元\)|\[元\]|/元$|_yuan$|\(yuan\)", re.IGNORECASE)
_NOTES = re.compile(r"[(\[【].*?[)\]】]")
_MARKS = re.compile(r"[_*:·-]+")


class Charge(NamedTuple):
    """Words which, where one stands in the text of a row's charge columns, say what it is.

    The text is that of all charge columns in small letters with a bar before, between and after.
    """

    charge: str
    words: Sequence[str]


class Measure(NamedTuple):
    """The headings of a quantity and of its unit, the one that counts first first."""

    quantity: Sequence[str]
    unit: Sequence[str]


@dataclass(frozen=True)
class Form:
    """A kind of bill.

    Args:
        columns: a field's key → the headings of its columns, the one that counts first first.
        measures: quantities with their units, the one that counts first first.
        charges: tried in turn.
        defaults: a field's key → what it is where the bill says nothing.
        power: of ten that amounts are multiplied with, where the heading does not say.
        is_spread: whether effective costs stand in columns alone; else usage costs what is billed
            for it, and nothing is said of the rest.
        has_totals: whether rows of totals stand among the others.
        hint: what to do with a file that is none of the kind.
    """

    columns: Mapping[str, Sequence[str]]
    measures: Sequence[Measure]
    charges: Sequence[Charge]
    hint: str
    defaults: Mapping[str, str] = field(default_factory=dict)
    power: int = 0
    is_spread: bool = True
    has_totals: bool = False

    def fitness(self, headings: Sequence[str]) -> int:
        """How many fields a row names as a heading row."""
        known = {_folded(heading) for heading in headings if heading}
        return sum(any(_folded(name) in known for name in names) for names in self.columns.values())

    def missing(self, headings: Sequence[str]) -> list[str]:
        """What a heading row lacks, each as the headings of which one would do."""
        known = {_folded(heading) for heading in headings if heading}
        needs = [("billed_from", "start"), ("billed", "effective"), ("charge",)]
        lacking = []
        for fields in needs:
            names = [name for key in fields for name in self.columns.get(key, ())]
            there = any(_folded(name) in known for name in names)
            if not there and not any(key in self.defaults for key in fields):
                lacking.append(" / ".join(names[:4]))
        return lacking

    def layout(self, headings: Sequence[str]) -> Layout:
        """Where the columns are.

        Raises:
            BadInput: something is missing, a column stands twice, or amounts differ in their unit.
        """
        if missing := self.missing(headings):
            raise _no_bill(headings, missing, self.hint)
        found = {key: _found(names, headings) for key, names in self.columns.items()}
        measures = tuple(
            Place(quantity, _found(one.unit, headings))
            for one in self.measures
            if (quantity := _found(one.quantity, headings))
        )
        powers = {key: self._power(found.get(key, ()), headings) for key in AMOUNTS}
        if not self.is_spread and not found.get("effective"):
            powers["effective"] = powers["billed"]
        return Layout(self, tuple(headings), found, measures, powers)

    def _power(self, indexes: Sequence[int], headings: Sequence[str]) -> int:
        powers = {_power(headings[index], self.power) for index in indexes}
        if len(powers) > 1:
            names = ", ".join(headings[index] for index in indexes)
            raise BadInput(
                "mixed-units",
                _("The columns {columns} fill one field, but not all are in 分.").format(
                    columns=names
                ),
                _("Name the one that counts in an import map of yours."),
            )
        return powers.pop() if powers else self.power


class Place(NamedTuple):
    """The columns of a quantity and of its unit, the one that counts first first."""

    quantity: tuple[int, ...]
    unit: tuple[int, ...]


@dataclass(frozen=True)
class Layout:
    """Where one file has the columns of its form.

    Args:
        form: the kind of bill.
        headings: of all columns.
        columns: a field's key → indexes of its columns, the one that counts first first.
        measures: the same for quantities and units.
        powers: an amount's key → the power of ten it is multiplied with.
        number: the column with the numbers of the rows, if there is one: the last.
    """

    form: Form
    headings: Sequence[str]
    columns: Mapping[str, tuple[int, ...]]
    measures: Sequence[Place]
    powers: Mapping[str, int]
    number: int | None = None

    def numbered(self, index: int) -> Layout:
        """The same with a column that has the numbers of the rows."""
        return replace(self, number=index)

    def of(self, key: str) -> tuple[int, ...]:
        """The columns of a field; none where the file has none."""
        return self.columns.get(key, ())

    @property
    def infers_effective(self) -> bool:
        """Whether usage costs what is billed for it, and nothing is said of all else."""
        return not self.form.is_spread and not self.of("effective")

    @property
    def used(self) -> list[int]:
        """All columns that are read, in the file's order."""
        measured = (index for place in self.measures for indexes in place for index in indexes)
        named = (index for indexes in self.columns.values() for index in indexes)
        numbers = () if self.number is None else (self.number,)
        return sorted({*measured, *named, *self.totals, *numbers})

    @property
    def totals(self) -> tuple[int, ...]:
        """The columns in which the word for a total may stand."""
        if not self.form.has_totals:
            return ()
        keys = ("billed_from", "start", "account", "sub_account", "product")
        return tuple(sorted({0, *(index for key in keys for index in self.of(key))}))


def _found(names: Sequence[str], headings: Sequence[str]) -> tuple[int, ...]:
    """The columns that are called so; of several the one that is called so to the letter."""
    found: list[int] = []
    for name in names:
        indexes = [
            index for index, one in enumerate(headings) if one and _folded(one) == _folded(name)
        ]
        if len(indexes) > 1:
            indexes = [index for index in indexes if _exact(headings[index]) == _exact(name)]
            if len(indexes) != 1:
                raise BadInput(
                    "double-column",
                    _("Two columns are called {name}.").format(name=name),
                    _("Give every column a name of its own."),
                )
        found += [index for index in indexes if index not in found]
    return tuple(found)


def _folded(heading: str) -> str:
    """A heading without case, width, spaces, marks and notes in brackets."""
    exact = _exact(heading)
    return _MARKS.sub("", _NOTES.sub("", exact)) or exact


def _exact(heading: str) -> str:
    return "".join(unicodedata.normalize("NFKC", heading).casefold().split())


def _power(heading: str, otherwise: int) -> int:
    tidy = unicodedata.normalize("NFKC", heading).replace(" ", "")
    if _IN_FEN.search(tidy):
        return FEN
    return 0 if _IN_YUAN.search(tidy) else otherwise


def _no_bill(headings: Sequence[str], missing: Sequence[str], hint: str) -> BadInput:
    seen = ", ".join(heading for heading in headings if heading) or _("nothing")
    cut = seen if len(seen) <= 300 else seen[:297] + "..."
    said = _("The file is no such bill: of its columns ({seen}) none is {missing}.")
    return BadInput("no-bill", said.format(seen=cut, missing="; ".join(missing)), hint)

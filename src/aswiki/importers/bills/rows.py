"""One row of a bill read by itself: the keys it is summed by, its day and its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from aswiki.importers.bills import form, names
from aswiki.importers.bills.amounts import NOTHING, amount, unreadable
from aswiki.importers.bills.bill import EXACT
from aswiki.importers.bills.form import AMOUNTS, NAMES, Layout
from aswiki.importers.bills.periods import Moment, Order, moment, within_a_day
from aswiki.importers.bills.totals import is_total
from aswiki.importers.foreign import BadRow
from aswiki.lang import _

_LONGEST_NOTHING = 16
Cells = tuple[str | None, ...]
Numbers = tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None]


class Key(NamedTuple):
    """What rows are summed by; the same fields as those of a line before its quantity."""

    provider: str | None
    account: str | None
    sub_account: str | None
    month: str
    product: str | None
    service_category: str | None
    region: str | None
    charge: str
    currency: str | None
    unit: str | None


class Entry(NamedTuple):
    """A row as read: ``numbers`` are quantity, billed, effective and list cost."""

    key: Key
    day: date | None
    numbers: Numbers


class Total(Exception):
    """The row is a total of others."""


class Keys:
    """The keys of one file's rows: names tidied, and the file's defaults where it says nothing.

    Args:
        layout: where the columns are.
    """

    def __init__(self, layout: Layout) -> None:
        defaults = layout.form.defaults
        self._defaults = [defaults.get(key) for key in NAMES]
        self._known: dict[Cells, tuple[str | None, ...]] = {}
        self.lost: set[str] = set()
        """Ids of accounts whose last digits a spreadsheet has lost; they are left out."""

    def key(self, said: Cells, month: str, charge: str, unit: str | None) -> Key:
        """The key of a row.

        Args:
            said: what it says for each of ``NAMES``.
            month: such as ``2026-10``.
            charge: as a line has it.
            unit: as the row says it.
        """
        found = self._known.get(said)
        if found is None:
            found = self._known[said] = self._tidied(said)
        provider, account, sub_account, product, category, region, currency = found
        unit = names.name(unit)
        return Key(
            provider, account, sub_account, month, product, category, region, charge, currency, unit
        )

    def _tidied(self, said: Cells) -> tuple[str | None, ...]:
        provider, account, sub_account, product, category, region, currency = said
        self.lost |= {one for one in (account, sub_account) if one and names.is_rounded(one)}
        tidy = (
            names.name(provider),
            names.account(account),
            names.account(sub_account),
            names.name(product),
            names.name(category),
            names.name(region),
            names.currency(currency),
        )
        return tuple(one or other for one, other in zip(tidy, self._defaults, strict=True))


class Rows:
    """Reads the rows of one file.

    Args:
        layout: where the columns are.
        keys: of the file.
        order: how the file writes ``4/1/25``.
    """

    def __init__(self, layout: Layout, keys: Keys, order: Order | None = None) -> None:
        places = {index: place for place, index in enumerate(layout.used)}
        self._layout = layout
        self._keys = keys
        self._order = order
        self._places = {key: tuple(places[index] for index in layout.of(key)) for key in form.KEYS}
        self._names = [self._places[key] for key in NAMES]
        self._measures = [
            (
                tuple(places[index] for index in one.quantity),
                tuple(places[index] for index in one.unit),
            )
            for one in layout.measures
        ]
        self._totals = [places[index] for index in layout.totals]
        self._headings = [layout.headings[index] for index in layout.used]

    def entry(self, row: Sequence[str | None]) -> Entry | None:
        """The row as read; None where it is empty.

        Args:
            row: the columns in use, in the file's order.

        Raises:
            BadRow: something in it cannot be read.
            Total: it is a total of others.
        """
        cells = [None if _says_nothing(cell) else cell for cell in row]
        if not any(cells):
            return None
        if any(is_total(cells[place]) for place in self._totals):
            raise Total
        start, end = self._moment(cells, "start"), self._moment(cells, "end")
        month = self._moment(cells, "billed_from") or start
        if month is None:
            raise self._missing("billed_from", "start")
        charge = self._charge(cells)
        quantity, unit = self._measure(cells)
        billed, effective, at_list = [self._amount(cells, key) for key in AMOUNTS]
        if self._layout.infers_effective:
            effective = billed if charge == "usage" else None
        said = tuple([_first(cells, places) for places in self._names])
        key = self._keys.key(said, month.calendar_month, charge, unit)
        return Entry(key, within_a_day(start, end), (quantity, billed, effective, at_list))

    def _missing(self, *keys: str) -> BadRow:
        place = next(place for key in keys for place in self._places[key])
        return BadRow(_("{key} is missing").format(key=self._headings[place]))

    def _wrong(self, place: int, why: object) -> BadRow:
        return BadRow(f"{self._headings[place]}: {why}")

    def _moment(self, cells: Sequence[str | None], key: str) -> Moment | None:
        text = _first(cells, self._places[key])
        if text is None:
            return None
        try:
            return moment(text, self._order)
        except BadRow as wrong:
            raise self._wrong(self._places[key][0], wrong) from None

    def _charge(self, cells: Sequence[str | None]) -> str:
        said = [(cells[place] or "").strip().lower() for place in self._places["charge"]]
        text = f"|{'|'.join(said)}|"
        for one in self._layout.form.charges:
            if any(word in text for word in one.words):
                return one.charge
        value = ", ".join(filter(None, said))
        default = self._layout.form.defaults.get("charge")
        if default and not value:
            return default
        if not value:
            raise self._missing("charge")
        wrong = unreadable(_("{value} is no charge that can be told"), value)
        raise self._wrong(self._places["charge"][0], wrong)

    def _measure(self, cells: Sequence[str | None]) -> tuple[Decimal | None, str | None]:
        for quantity, unit in self._measures:
            said = _first(cells, quantity)
            if said is not None:
                return self._number(said, quantity), _first(cells, unit)
        return None, None

    def _amount(self, cells: Sequence[str | None], key: str) -> Decimal | None:
        places = self._places[key]
        text = _first(cells, places)
        if text is None:
            return None
        return scaled(self._number(text, places), self._layout.powers[key])

    def _number(self, text: str, places: Sequence[int]) -> Decimal | None:
        try:
            return amount(text)
        except BadRow as wrong:
            raise self._wrong(places[0], wrong) from None


def scaled(number: Decimal | None, power: int) -> Decimal | None:
    """A number times a power of ten."""
    return number if number is None or not power else number.scaleb(power, EXACT)


def _first(cells: Sequence[str | None], places: Sequence[int]) -> str | None:
    """What the first of some cells says that says anything."""
    for place in places:
        if cells[place] is not None:
            return cells[place]
    return None


def _says_nothing(cell: str | None) -> bool:
    return cell is None or (len(cell) < _LONGEST_NOTHING and cell.strip().casefold() in NOTHING)

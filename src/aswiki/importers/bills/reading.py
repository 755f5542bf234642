"""The way of a bill from its file to its sums: most rows in the engine, the rest one by one."""

from __future__ import annotations

import csv
import tempfile
from array import array
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from aswiki.errors import BadInput
from aswiki.importers.bills.aggregation import aggregated, odd_rows, written_dates
from aswiki.importers.bills.bill import Bill
from aswiki.importers.bills.engine import BrokenLine, Engine
from aswiki.importers.bills.form import AMOUNTS, NAMES, Form
from aswiki.importers.bills.ledger import Ledger
from aswiki.importers.bills.opening import Odd, Opened, opened
from aswiki.importers.bills.periods import Order, is_slashed, order_of
from aswiki.importers.bills.places import lines_at
from aswiki.importers.bills.rows import Keys, Rows, Total, scaled
from aswiki.importers.bills.source import Source, Told, source
from aswiki.importers.bills.totals import is_total
from aswiki.importers.foreign import BadRow
from aswiki.lang import _

if TYPE_CHECKING:
    from aswiki.importers.incidents import Rejection

REJECTIONS_SHOWN = 1000
_TOTALS_SHOWN = 5


def read(path: Path, form: Form, told: Told) -> Bill:
    """A bill of a form, summed.

    Args:
        path: CSV, plain or in gzip or zstd, Parquet or Excel.
        form: the kind of bill.
        told: is told how many of how many bytes are read.

    Raises:
        BadInput: it is no such bill, or no file that can be read.
        Unusable: what reads it is not installed, or there is no room for it.
    """
    with tempfile.TemporaryDirectory(prefix="aswiki-bill-") as holder:
        folder = Path(holder)
        with ThreadPoolExecutor(1) as beside:
            beside.submit(_load)  # hashing leaves the interpreter to it
            ready = source(path, folder, told)
        engine = Engine(folder)
        try:
            return _Reading(ready, opened(ready, form, engine), engine).bill()
        finally:
            engine.close()


def _load() -> None:
    """Load the engine; whether it is there at all is asked where it is needed."""
    for module in ("duckdb", "ibis", "ibis.backends.sql.compilers"):
        try:
            import_module(module)
        except ImportError:
            return


class _Reading:
    """One bill being read."""

    def __init__(self, ready: Source, file: Opened, engine: Engine) -> None:
        self._source = ready
        self._file = file
        self._engine = engine
        self._keys = Keys(file.layout)
        self._ledger = Ledger()
        self._rejected = 0
        self._refused: list[tuple[Odd, str]] = []
        self._broken = array("q")
        self._unreadable: list[tuple[int, str]] = []
        self._totals: list[Odd] = []
        self._broken_totals: list[int] = []
        self._notes: list[str] = []

    def bill(self) -> Bill:
        """The whole bill."""
        odd = self._sum()
        if self._file.head is not None:
            for broken in self._engine.broken_lines():
                if broken.swallows:
                    raise _open_quote(lines_at(self._file.file, [broken.at])[0])
                self._broken.append(broken.at)
                self._read_broken(broken)
        if odd:
            self._read_odd()
        rejected = self._numbered()
        return Bill(
            self._source.name,
            self._source.sha256,
            self._source.encoding,
            self._ledger.rows + self._rejected,
            rejected,
            self._ledger.lines(),
            self._ledger.days(),
            [*self._notes, *self._more_notes()],
            self._rejected,
        )

    def _sum(self) -> int:
        """Take the sums of the plain rows in; how many others there are comes back."""
        odd = 0
        layout = self._file.layout
        powers = [0, *(layout.powers[key] for key in AMOUNTS)]
        for row in self._engine.answer(aggregated(self._file.table, layout)):
            said, (month, charge, unit, day, rows) = row[: len(NAMES)], row[len(NAMES) : -5]
            *numbers, is_plain = row[-5:]
            if not is_plain:
                odd += rows
                continue
            key = self._keys.key(said, month, charge, unit)
            quantity, billed, effective, at_list = map(scaled, numbers, powers)
            if day is None:
                self._ledger.add(key, rows, (quantity, billed, effective, at_list))
            elif effective is not None:
                self._ledger.add_day(key, _date(day), effective)
        return odd

    def _read_broken(self, broken: BrokenLine) -> None:
        """Take a line with too many cells if only empty ones are too many; refuse all others."""
        head, layout = self._file.head, self._file.layout
        cells = next(csv.reader([broken.text], delimiter=head.delimiter if head else ","), [])
        width = len(layout.headings)
        if any(map(is_total, cells[:1])):
            self._broken_totals.append(broken.at)
            return
        fits = len(cells) > width and not any(map(str.strip, cells[width:]))
        try:
            rows = Rows(layout, self._keys)
            entry = rows.entry([cells[index] for index in layout.used]) if fits else None
        except BadRow as wrong:
            self._refuse_broken(broken, str(wrong))
        except Total:
            self._broken_totals.append(broken.at)
        else:
            self._ledger.take(entry)
            if not fits and any(map(str.strip, cells)):
                self._refuse_broken(broken, _reason(broken))

    def _refuse_broken(self, broken: BrokenLine, reason: str) -> None:
        self._rejected += 1
        if len(self._unreadable) < REJECTIONS_SHOWN:
            self._unreadable.append((broken.at, reason))

    def _read_odd(self) -> None:
        """Take all rows in that are not plain, or refuse them."""
        rows = Rows(self._file.layout, self._keys, self._order())
        for place, *cells in self._engine.answer(odd_rows(self._file.table, self._file.layout)):
            try:
                self._ledger.take(rows.entry(cells))
            except BadRow as wrong:
                self._rejected += 1
                if len(self._refused) < REJECTIONS_SHOWN:
                    self._refused.append(((int(place), cells), str(wrong)))
            except Total:
                self._totals.append((int(place), cells))

    def _order(self) -> Order | None:
        """How the file writes dates that begin with their month or their day."""
        dates = list(self._engine.answer(written_dates(self._file.table, self._file.layout)))
        periods = [(row[0], row[1]) for row in dates]
        order = order_of(periods, (text for row in dates for text in row[2:]))
        example = min((text for row in dates for text in row if is_slashed(text)), default=None)
        if order is not None and example is not None:
            said = _("Dates such as {example} were read as month/day/year.")
            if order == "day first":
                said = _("Dates such as {example} were read as day/month/year.")
            self._notes.append(said.format(example=example))
        return order

    def _numbered(self) -> list[Rejection]:
        """The first rows that are refused, with the numbers that the user sees."""
        file = self._file
        lines = dict(zip(self._broken, lines_at(file.file, self._broken), strict=True))
        asked = [row for row, _why in self._refused] + self._totals[:_TOTALS_SHOWN]
        numbers = file.numbers(asked, set(lines.values()))
        totals = [numbers[place] for place, _cells in self._totals[:_TOTALS_SHOWN]]
        self._say_totals([*totals, *(lines[at] for at in self._broken_totals)])
        found = [(numbers[place], why) for (place, _cells), why in self._refused]
        found += [(lines[at], why) for at, why in self._unreadable]
        return _rejections(sorted(found)[:REJECTIONS_SHOWN])

    def _say_totals(self, rows: Sequence[int]) -> None:
        count = len(self._totals) + len(self._broken_totals)
        if count:
            shown = [str(row) for row in sorted(rows)[:_TOTALS_SHOWN]]
            dots = ["…"] if count > len(shown) else []
            said = _("Rows that hold totals of others were left out ({n}): {rows}.")
            self._notes.append(said.format(n=count, rows=", ".join([*shown, *dots])))

    def _more_notes(self) -> list[str]:
        """What the user should know about the file as a whole."""
        found = []
        if self._keys.lost:
            said = _("These accounts have lost their last digits in a spreadsheet: {accounts}.")
            found.append(said.format(accounts=", ".join(sorted(self._keys.lost))))
        if self._file.unread:
            said = _("Only the first sheet was read, not {sheets}.")
            found.append(said.format(sheets=", ".join(self._file.unread)))
        return found


def _date(text: str) -> date:
    """The day that ten letters begin with, such as ``2026-10-01`` or ``2026-10-1T``."""
    return date(int(text[:4]), int(text[5:7]), int(text[8:].rstrip(" T")))


def _rejections(rows: Sequence[tuple[int, str]]) -> list[Rejection]:
    if not rows:
        return []
    from aswiki.importers.incidents import Rejection  # brings all record types with it

    return [Rejection(row, "", reason) for row, reason in rows]


def _open_quote(row: int) -> BadInput:
    return BadInput(
        "open-quote",
        _(
            "A quotation mark at about row {row} is not closed, and the rows after it hang on it."
        ).format(row=row),
        _("Close it or take it away, then import the file again."),
    )


def _reason(broken: BrokenLine) -> str:
    if broken.kind == "MISSING COLUMNS":
        return _("it has fewer cells than there are columns")
    if broken.kind == "TOO MANY COLUMNS":
        return _("it has more cells than there are columns")
    if broken.kind == "LINE SIZE OVER MAXIMUM":
        return _("it is longer than any row of a bill")
    if broken.kind == "UNQUOTED VALUE":
        lines = broken.text.count("\n") + 1
        return _("a quotation mark is not closed; lines that hang on it: {n}").format(n=lines)
    return _("the engine cannot read it: {why}").format(why=broken.kind.lower())

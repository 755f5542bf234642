"""A bill's file opened in the engine: its table, and where the columns of the form are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aswiki.importers.bills import book
from aswiki.importers.bills.engine import Engine
from aswiki.importers.bills.form import Form, Layout
from aswiki.importers.bills.headings import Headings, headings
from aswiki.importers.bills.places import lines_of
from aswiki.importers.bills.source import Source

if TYPE_CHECKING:
    import ibis.expr.types as ir

Odd = tuple[int, Sequence[str | None]]
"""The place of a row from 0, and its columns in use."""


@dataclass(frozen=True)
class Opened:
    """A bill in the engine.

    Args:
        table: its columns, or those in use, as texts.
        layout: where the columns are.
        file: what the engine reads.
        head: the heading row; None where the file has none, being Parquet.
        is_book: whether it was an Excel file; then the last column has the row numbers.
        unread: names of sheets that were not read.
    """

    table: ir.Table
    layout: Layout
    file: Path
    head: Headings | None = None
    is_book: bool = False
    unread: Sequence[str] = ()

    def numbers(self, rows: Sequence[Odd], broken: Collection[int]) -> dict[int, int]:
        """Places of rows → the numbers a text editor or a spreadsheet shows.

        Where a line cannot be known, it is counted as if no row took more than one.

        Args:
            rows: the rows.
            broken: the lines at which no rows stand.
        """
        if self.head is None:
            return {place: place + 1 for place, _cells in rows}
        if self.is_book:
            return {place: int(cells[-1] or 0) for place, cells in rows}
        first = self.head.above + self.head.lines + 1
        probes = {place: cells[0] for place, cells in rows}
        known = lines_of(self.file, self.head, probes, self.layout.used[0], broken)
        return {place: known.get(place, first + place) for place, _cells in rows}


def opened(source: Source, form: Form, engine: Engine) -> Opened:
    """The file in the engine.

    Raises:
        BadInput: it is no such bill, or cannot be read.
        Unusable: what reads it is not installed.
    """
    if source.encoding == "parquet":
        names = engine.parquet_columns(source.ready)
        layout = form.layout(names)
        table = engine.open_parquet(source.ready, names, layout.used)
        return Opened(table, layout, source.ready)
    unread: Sequence[str] = ()
    file, is_book = source.ready, source.encoding == "xlsx"
    if is_book:
        file = source.folder / "sheet.csv"
        head, unread = book.unrolled(source.ready, form, file)
    else:
        head = headings(file, form)
    layout = form.layout(head.names)
    if is_book:
        layout = layout.numbered(len(head.names) - 1)
    return Opened(engine.open_csv(file, head), layout, file, head, is_book, unread)

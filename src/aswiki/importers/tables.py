"""The table of a CSV or Excel file: its headings, and its rows by the numbers a person sees."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from aswiki.errors import BadInput
from aswiki.importers.foreign import BadRow, Row, decoded
from aswiki.lang import _

HEADINGS_WITHIN = 10
"""The heading row is one of so many; titles and notes may stand above it."""

DELIMITERS = (",", "\t", ";", "，")
Grid = Sequence[Sequence[object]]
Fitness = Callable[[Sequence[str]], int]
"""How many columns a row would name as a heading row; 0 where it cannot be one."""


class Table(NamedTuple):
    """A table as read.

    Args:
        headings: the columns' names; an empty one where a column has none.
        rows: the rows that hold something, numbered as the sheet shows them; the data is the list
            of cells, as many as headings, or a ``BadRow``.
        unread: the names of further sheets that hold such a table.
    """

    headings: Sequence[str]
    rows: Sequence[Row]
    unread: Sequence[str] = ()


def table(raw: bytes, fitness: Fitness) -> Table:
    """The first table of a file whose heading row fits; an Excel file is known by its bytes.

    Raises:
        BadInput: the file is none of these, or no row fits.
        Unusable: what reads Excel files is not installed.
    """
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        from aswiki.importers.sheets import grids

        return _of_sheets(grids(raw), fitness)
    text = decoded(raw)
    if "\0" in text:
        raise _not_a_table()
    grid = _grid(text, _delimiter(text, fitness))
    at = _heading_at(grid, fitness)
    if at is None:
        raise _no_headings(grid)
    return _below(grid, at)


def _of_sheets(grids: Iterable[tuple[str, Grid]], fitness: Fitness) -> Table:
    found: list[tuple[str, Grid, int]] = []
    first: Grid = ()
    for name, grid in grids:
        first = first or grid
        at = _heading_at(grid, fitness)
        if at is not None:
            found.append((name, grid, at))
    if not found:
        raise _no_headings(first)
    (_name, grid, at), *others = found
    return _below(grid, at)._replace(unread=[name for name, _grid, _at in others])


def _heading_at(grid: Grid, fitness: Fitness) -> int | None:
    """The index of the row that fits best, the first of equals."""
    fits = [fitness([_heading(cell) for cell in row]) for row in grid[:HEADINGS_WITHIN]]
    best = max(fits, default=0)
    return fits.index(best) if best else None


def _heading(cell: object) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else ""


def _below(grid: Grid, at: int) -> Table:
    headings = [_heading(cell) for cell in grid[at]]
    while headings and not headings[-1]:
        headings.pop()
    rows = [
        Row(number, _fitted(cells, len(headings)))
        for number, cells in enumerate(grid[at + 1 :], start=at + 2)
        if not all(map(_is_blank, cells))
    ]
    return Table(headings, rows)


def _fitted(cells: Sequence[object], width: int) -> object:
    """The cells of a row, as many as there are headings."""
    if not all(map(_is_blank, cells[width:])):
        return BadRow(_("it has more cells than there are columns"))
    return [*cells[:width], *[""] * (width - len(cells))]


def _is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _delimiter(text: str, fitness: Fitness) -> str:
    def fits(delimiter: str) -> int:
        try:
            grid = list(islice(_lines(text, delimiter), HEADINGS_WITHIN))
        except csv.Error:
            return 0
        at = _heading_at(grid, fitness)
        return 0 if at is None else fitness([_heading(cell) for cell in grid[at]])

    return max(DELIMITERS, key=fits)


def _grid(text: str, delimiter: str) -> Grid:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(lines)
    except csv.Error as error:
        raise BadInput(
            "not-csv",
            _("This is not CSV: line {line}: {why}.").format(line=lines.line_num, why=error),
            _("Save it from the spreadsheet as CSV (UTF-8) or .xlsx, then try again."),
        ) from error


def _lines(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _not_a_table() -> BadInput:
    return BadInput(
        "not-a-table",
        _("The file is neither CSV nor an Excel file."),
        _("Save it from the spreadsheet as CSV (UTF-8) or .xlsx, then try again."),
    )


def _no_headings(grid: Grid) -> BadInput:
    """The error that shows what stands where headings should be."""
    seen = next((row for row in grid if not all(map(_is_blank, row))), ())
    cells = ", ".join(_heading(cell) or "…" for cell in seen[:8])
    message = _("None of the first {n} rows is a heading row that can be understood: {cells}")
    return BadInput(
        "no-headings",
        message.format(n=HEADINGS_WITHIN, cells=cells or _("nothing")),
        _("Name the columns as docs/imports.md says, or name an import map of yours with --map."),
    )

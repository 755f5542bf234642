"""A bill in an Excel file as CSV, each row with the number that the sheet shows."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

from aswiki.errors import BadInput
from aswiki.importers.bills.form import Form
from aswiki.importers.bills.headings import Headings
from aswiki.importers.sheets import grids
from aswiki.importers.tables import HEADINGS_WITHIN
from aswiki.lang import _

Grid = Sequence[Sequence[object]]
_EXACT_DIGITS = 15
"""Spreadsheets keep no more; what follows in the file is noise of their arithmetic."""


def unrolled(path: Path, form: Form, ready: Path) -> tuple[Headings, Sequence[str]]:
    """The first sheet that is such a bill, written as CSV; the names of further ones.

    The last column of what is written has the row numbers and no heading.

    Raises:
        BadInput: it is no ``.xlsx`` with rows, has a password, or is too large.
        Unusable: what reads Excel files is not installed.
    """
    sheets = [(name, grid) for name, grid in grids(path.read_bytes()) if grid]
    if not sheets:
        raise BadInput(
            "not-a-table",
            _("The Excel file has no sheet with rows."),
            _("Give the file that the cloud's billing console exported."),
        )
    bills = [one for one in sheets if form.fitness(_names(one[1], form)) > 1] or sheets[:1]
    (_name, grid), *others = bills
    names = _names(grid, form)
    at = next(index for index, row in enumerate(grid) if _texts(row) == names)
    with ready.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow([*names, ""])
        for number, row in enumerate(grid[at + 1 :], start=at + 2):
            rows.writerow([*_texts(row), number])
    return Headings([*names, ""], 0, 1, ","), [name for name, _grid in others]


def _names(grid: Grid, form: Form) -> list[str]:
    rows = [_texts(row) for row in grid[:HEADINGS_WITHIN]]
    return max(rows, key=form.fitness)


def _texts(row: Sequence[object]) -> list[str]:
    return [" ".join(_text(cell).split()) for cell in row]


def _text(cell: object) -> str:
    """A cell as a bill in CSV would have it; a number too long for a spreadsheet as a power."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, float):
        number = Decimal(f"{cell:.{_EXACT_DIGITS}g}")
        return f"{number:E}" if number.adjusted() >= _EXACT_DIGITS else f"{number:f}"
    return str(cell)

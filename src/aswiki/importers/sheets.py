"""The sheets of an Excel file as grids of cells, what is merged filled in."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aswiki.errors import BadInput, Unusable
from aswiki.lang import _

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

LARGEST_UNPACKED = 1024 * 1024 * 1024
MOST_CELLS = 20_000_000
"""Of the rectangle from A1 to the last cell that holds something: it is held in memory whole."""

_PIECE = 1024 * 1024
_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^<>]*?\s)?r="([A-Z]{1,3})([0-9]{1,7})"[^<>]*(?<!/)>')


def grids(raw: bytes) -> Iterator[tuple[str, list[list[object]]]]:
    """Every sheet that is not hidden: its name and its rows from the first, all equally wide.

    A formula is its last result, an error nothing.

    Raises:
        BadInput: it is no ``.xlsx``, has a password, or is too large to be held in memory.
        Unusable: what reads it is not installed.
    """
    book = _book(raw)
    from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum

    for about in book.sheets_metadata:
        if about.visible != SheetVisibleEnum.Visible or about.typ != SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = book.get_sheet_by_name(about.name)
            yield about.name, _filled(sheet)
        except CalamineError as error:
            raise _unreadable(str(error)) from error


def _book(raw: bytes) -> CalamineWorkbook:
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise Unusable(
            "extra-missing",
            _("What reads Excel files is not installed."),
            'pip install "aswiki[xlsx]"',
        ) from None
    _require_reasonable(raw)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(raw))
    except CalamineError as error:
        raise _unreadable(str(error)) from error


def _require_reasonable(raw: bytes) -> None:
    """Refuse what would take all memory: a small file can unpack to anything."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise _too_large(_("it unpacks to more than {size} MiB"), LARGEST_UNPACKED >> 20)
            for part in parts:
                if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                    _require_small(archive, part)
    # zipfile says NotImplementedError of a compression that it does not know
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise _unreadable(str(error)) from error


def _require_small(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    width = height = 0
    rest = b""
    with archive.open(part) as xml:
        while piece := xml.read(_PIECE):
            text = rest + piece
            for column, row in _CELL.findall(text):
                width, height = max(width, _column(column)), max(height, int(row))
            rest = text[text.rfind(b"<") :]
            if width * height > MOST_CELLS:
                what = _("a cell stands at row {row}, column {column}").format(
                    row=height, column=width
                )
                raise _too_large(what, 0)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _filled(sheet: CalamineSheet) -> list[list[object]]:
    """The rows of a sheet; every cell of a merged range holds what is shown there."""
    grid: list[list[object]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top >= len(grid) or left >= len(grid[top]):
            continue
        shown = grid[top][left]
        for row in grid[top : bottom + 1]:
            row[left : right + 1] = [shown] * len(row[left : right + 1])
    return grid


def _too_large(what: str, size: int) -> BadInput:
    return BadInput(
        "table-too-large",
        _("The Excel file is too large to read: {what}.").format(what=what.format(size=size)),
        _("Copy the table alone into a new file, or save it as CSV."),
    )


def _unreadable(why: str) -> BadInput:
    return BadInput(
        "not-xlsx",
        _("The Excel file cannot be read: {why}.").format(why=why.rstrip(".")),
        _("Open it in the spreadsheet and save it as .xlsx without a password, or as CSV."),
    )

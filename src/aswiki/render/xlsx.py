"""A report as an Excel file: one sheet a section, no text ever a formula, the same bytes twice."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.render import fonts, shapes, signs
from aswiki.render.moment import moment
from aswiki.render.packing import packed, unpacked

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | Decimal | date | datetime | None

LONGEST = 32_767
"""Characters that a cell of Excel holds."""

MOST_ROWS = 1_048_576 - 4
_DIGITS = 15  # that Excel keeps of a number
_NAME = 31  # characters of a sheet's name
_NOT_IN_NAME = re.compile(r"[\[\]:*?/\\]")
_WIDEST, _NARROWEST = 48.0, 8.0  # columns, in Excel's unit of about one digit
_FORMULA = ("=", "+", "-", "@")  # these stay text even when somebody edits the cell
_FIRST_DAY = date(1900, 3, 1)  # before it Excel's calendar is wrong


@dataclass(frozen=True)
class Table:
    """A row of headings, rows of as many cells, and its title in a row above where it has one."""

    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    title: str = ""


@dataclass(frozen=True)
class Sheet:
    """One section: its name, its tables with an empty row between, and a note above them."""

    name: str
    tables: Sequence[Table]
    note: str = ""


def xlsx(sheets: Sequence[Sheet], *, title: str, epoch: int) -> bytes:
    """The workbook; numbers that Excel would round stand as text.

    Args:
        sheets: in order; without any there is one empty sheet.
        title: of the workbook's properties.
        epoch: when it was made, seconds since 1970; ``SOURCE_DATE_EPOCH`` goes before.

    Raises:
        BadInput: ``too-large``: a sheet has more rows than Excel takes.
        Unusable: ``extra-missing``: xlsxwriter is not installed.
    """
    library = fonts.library("xlsxwriter", "xlsx")
    made = io.BytesIO()
    book = library.Workbook(
        made,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    at = moment(epoch).replace(tzinfo=None)
    book.set_properties({"title": signs.shown(title)[:255], "created": at})
    formats = _Formats(book)
    for name, sheet in zip(_names([sheet.name for sheet in sheets]), sheets, strict=True):
        _written(book.add_worksheet(name), sheet, formats)
    book.close()
    return packed(unpacked(made.getvalue()) or {})


class _Formats:
    """How cells look."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.title = book.add_format({"bold": True, "font_size": 13})
        self.heading = book.add_format(
            {"bold": True, "bg_color": "#E8ECF1", "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self.note = book.add_format({"font_color": "#5F6772"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.quoted = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        self.date = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
        self.time = book.add_format(
            {"num_format": "yyyy-mm-dd hh:mm", "valign": "top", "align": "left"}
        )
        self._numbers: dict[int, Format] = {}

    def number(self, decimals: int) -> Format:
        """Thousands apart, and as many digits behind the point as the number has."""
        if decimals not in self._numbers:
            form = "#,##0" + ("." + "0" * decimals if decimals else "")
            self._numbers[decimals] = self.book.add_format({"num_format": form, "valign": "top"})
        return self._numbers[decimals]


def _written(page: Worksheet, sheet: Sheet, formats: _Formats) -> None:
    _require_room(sheet)
    top = 0
    if sheet.note:
        page.write_string(0, 0, _text(sheet.note), formats.note)
        top = 2
    for table in sheet.tables:
        top = _table(page, top, table, formats) + 1
    for column, width in enumerate(_widths(sheet.tables)):
        page.set_column(column, column, width)
    _printed(page)
    if len(sheet.tables) == 1:
        _kept_in_sight(page, top - 2 - len(sheet.tables[0].rows), sheet.tables[0])


def _require_room(sheet: Sheet) -> None:
    """Every table takes its rows, a title, the headings and an empty row."""
    rows = sum(len(table.rows) for table in sheet.tables)
    if rows + 3 * (len(sheet.tables) - 1) > MOST_ROWS:
        raise BadInput(
            "too-large",
            _("The sheet {name} has {n} rows, more than Excel takes.").format(
                name=sheet.name, n=rows
            ),
            _("Ask for fewer customers or a shorter time."),
        )


def _table(page: Worksheet, top: int, table: Table, formats: _Formats) -> int:
    """Write a table from a row on; the row below it is what comes back."""
    if table.title:
        page.write_string(top, 0, _text(table.title), formats.title)
        top += 1
    for column, heading in enumerate(table.headings):
        page.write_string(top, column, _text(heading), formats.heading)
    for row, cells in enumerate(table.rows, top + 1):
        for column, cell in enumerate(cells):
            _cell(page, row, column, cell, formats)
    return top + 1 + len(table.rows)


def _kept_in_sight(page: Worksheet, top: int, table: Table) -> None:
    """The headings of a sheet's only table stay above its rows, on screen and on paper."""
    page.freeze_panes(top + 1, 0)
    page.repeat_rows(top)
    if table.headings and table.rows:
        page.autofilter(top, 0, top + len(table.rows), len(table.headings) - 1)


def _printed(page: Worksheet) -> None:
    """On A4 on its side, never wider than a page."""
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)


def _cell(page: Worksheet, row: int, column: int, cell: Cell, formats: _Formats) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime) and cell.date() >= _FIRST_DAY:
        page.write_datetime(row, column, cell.replace(tzinfo=None), formats.time)
    elif isinstance(cell, date) and not isinstance(cell, datetime) and cell >= _FIRST_DAY:
        page.write_datetime(row, column, cell, formats.date)
    elif isinstance(cell, int | Decimal) and _is_exact(cell):
        decimals = max(0, -int(Decimal(cell).as_tuple().exponent))
        page.write_number(row, column, cell, formats.number(decimals))
    else:
        words = _text(cell)
        form = formats.quoted if words.startswith(_FORMULA) else formats.text
        page.write_string(row, column, words, form)


def _is_exact(number: int | Decimal) -> bool:
    """Whether Excel keeps every digit."""
    value = Decimal(number)
    return value.is_finite() and len(value.normalize().as_tuple().digits) <= _DIGITS


def _text(cell: object) -> str:
    """A cell's text within Excel's bounds, hidden signs but line ends written out."""
    words = format(cell, "f") if isinstance(cell, Decimal) else str(cell)
    shown = "\n".join(signs.shown(line) for line in words.replace("\r\n", "\n").split("\n"))
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"


def _widths(tables: Sequence[Table]) -> list[float]:
    """The columns' widths after the widest line in them, a Chinese character as two."""
    found: list[float] = []
    for table in tables:
        for line in (table.headings, *table.rows):
            found += [_NARROWEST] * (len(line) - len(found))
            for column, cell in enumerate(line):
                wide = _columns(_shown(cell)) + 3
                found[column] = min(max(found[column], wide), _WIDEST)
    return found


def _shown(cell: Cell) -> str:
    """About what a reader sees in the cell."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    return f"{cell:,f}" if isinstance(cell, Decimal) else str(cell)


def _columns(words: str) -> float:
    lines = words[:1000].split("\n")
    return max(sum(2.0 if shapes.is_wide(sign) else 1.0 for sign in line) for line in lines)


def _names(asked: Sequence[str]) -> list[str]:
    """The sheets' names as Excel takes them: 31 characters, some not, and each but once."""
    used: set[str] = set()
    found = []
    for words in asked:
        plain = _NOT_IN_NAME.sub(" ", signs.shown(words)).strip().strip("'") or "Sheet"
        if plain.casefold() == "history":  # a name that Excel keeps for itself
            plain = f"{plain} 1"
        name, number = plain[:_NAME].strip(), 1
        while name.casefold() in used:
            number += 1
            ending = f" {number}"
            name = plain[: _NAME - len(ending)].strip() + ending
        used.add(name.casefold())
        found.append(name)
    return found

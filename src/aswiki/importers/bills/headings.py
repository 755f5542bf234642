"""The heading row of a bill in CSV: where it stands, what it says, what parts its cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aswiki.errors import BadInput
from aswiki.importers.bills.form import Form
from aswiki.importers.tables import DELIMITERS, HEADINGS_WITHIN
from aswiki.lang import _

_WITHIN = 4 * 1024 * 1024


@dataclass(frozen=True)
class Headings:
    """A heading row.

    Args:
        names: of the columns; an empty one where a column has none.
        above: how many lines stand above it.
        lines: how many lines it takes itself.
        delimiter: what parts the cells.
    """

    names: list[str]
    above: int
    lines: int
    delimiter: str


def headings(path: Path, form: Form) -> Headings:
    """The row of the first ten that names most columns of the form, the first of equals.

    Raises:
        BadInput: the file is empty or no text.
    """
    with path.open("rb") as file:
        raw = file.read(_WITHIN)
    text = raw.decode("utf-8-sig", errors="ignore")
    is_text = bool(text.strip()) and "\0" not in text
    found = [one for delimiter in (*DELIMITERS, "|") for one in _rows(text, delimiter) if is_text]
    if not found:
        raise BadInput(
            "not-a-table",
            _("The file is neither CSV, Parquet nor an Excel file."),
            _("Give the file that the cloud's billing console exported."),
        )
    return max(found, key=lambda one: (form.fitness(one.names), len(one.names) > 1))


def _rows(text: str, delimiter: str) -> Iterator[Headings]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    seen, above = 0, 0
    try:
        for cells in lines:
            if any(map(str.strip, cells)):
                names = [" ".join(cell.split()) for cell in cells]
                yield Headings(names, above, lines.line_num - above, delimiter)
                seen += 1
            above = lines.line_num
            if seen == HEADINGS_WITHIN:
                return
    except csv.Error:  # a cell of more than 128 KiB: no heading row lies there
        return

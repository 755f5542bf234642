"""The lines at which rows of a CSV file stand, as a text editor shows them."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from aswiki.importers.bills.headings import Headings

_PIECE = 1024 * 1024


def lines_at(file: Path, bytes_from_0: Sequence[int]) -> list[int]:
    """The lines that hold some bytes of a file; the bytes are in order."""
    found: list[int] = []
    if not bytes_from_0:
        return found
    line, begins = 1, 0
    with file.open("rb") as raw:
        while len(found) < len(bytes_from_0) and (piece := raw.read(_PIECE)):
            at = 0
            while len(found) < len(bytes_from_0) and bytes_from_0[len(found)] < begins + len(piece):
                end = bytes_from_0[len(found)] - begins
                line += piece.count(b"\n", at, end)
                at = end
                found.append(line)
            line += piece.count(b"\n", at)
            begins += len(piece)
    return found + [line] * (len(bytes_from_0) - len(found))


def lines_of(
    file: Path, head: Headings, rows: Mapping[int, str | None], probe: int, broken: Collection[int]
) -> dict[int, int]:
    """Places of rows → the lines they begin at; one that cannot be known is not there.

    Rows in quotes may take several lines, empty lines and broken ones are no rows: so the file is
    read up to the last row that is asked for.

    Args:
        file: in UTF-8.
        head: its heading row.
        rows: places from 0 → what the row's probe says.
        probe: the index of a column by which a row is known again.
        broken: the lines at which no rows stand.
    """
    found: dict[int, int] = {}
    if not rows:
        return found
    place, last, end = 0, max(rows), 0
    with file.open(encoding="utf-8-sig", newline="") as text:
        lines = csv.reader(text, delimiter=head.delimiter)
        try:
            for cells in lines:
                begins, end = end + 1, lines.line_num
                if begins <= head.above + head.lines or not cells or begins in broken:
                    continue
                if place in rows and len(cells) > probe and (rows[place] or "") == cells[probe]:
                    found[place] = begins
                place += 1
                if place > last:
                    break
        except csv.Error:  # DuckDB takes longer cells than this
            return found
    return found

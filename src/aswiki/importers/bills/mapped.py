"""Bills of any columns, read by a map: which heading fills which field, what a charge is called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from aswiki.importers.bills.maps import form
from aswiki.importers.bills.reading import read

if TYPE_CHECKING:
    from aswiki.importers.bills.bill import Bill
    from aswiki.importers.bills.source import Told


def bill(
    path: Path,
    maps: Sequence[tuple[str, bytes]],
    told: Told = lambda _done, _all: None,
) -> Bill:
    """A bill of any columns, summed.

    Args:
        path: CSV (also in gzip or zstd), Parquet or Excel.
        maps: names and TOML of column maps; what the first says counts first.
        told: is told how many of how many bytes are read.

    Raises:
        BadInput: a map is wrong, the bill does not fit it, or the file cannot be read.
        Unusable: what reads it is not installed, or there is no room for it.
    """
    return read(path, form(maps), told)

"""A row of numbers as block characters, one a number, for a table's cell."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

BLOCKS = "▁▂▃▄▅▆▇█"
GAP = "·"


def sparkline(numbers: Sequence[Decimal | None]) -> str:
    """One block a number, from 0 or the least below it up to the greatest; a gap where none is.

    From 0, so that a small change looks small.
    """
    known = [number for number in numbers if number is not None]
    low, high = min([*known, Decimal(0)]), max([*known, Decimal(0)])
    return "".join(
        GAP if number is None else _block(number - low, high - low) for number in numbers
    )


def _block(height: Decimal, whole: Decimal) -> str:
    return BLOCKS[min(int(height * len(BLOCKS) / whole), len(BLOCKS) - 1)] if whole else BLOCKS[0]

"""Conflict markers: two versions of some lines put one above the other, found and taken apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aswiki.domain.blocks import Blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aswiki.domain.changes.merging import Side

SIZE: Final = 7
"""How many characters a marker has, unless git asks for more."""

_OPENS = re.compile(r"<{7,}(?: .*)?")
_PARTS = re.compile(r"={7,}")
_CLOSES = re.compile(r">{7,}(?: .*)?")


def marked(ours: str, theirs: str, size: int = SIZE) -> str:
    """Both versions between markers, each of these a whole line."""
    return f"{'<' * size} ours\n{_ended(ours)}{'=' * size}\n{_ended(theirs)}{'>' * size} theirs\n"


def resolved(text: str, side: Side) -> str:
    """The text with one side of every conflict, its markers gone."""
    kept, here = [], ""
    for line in text.splitlines(keepends=True):
        words = line.rstrip("\n")
        if not here and _OPENS.fullmatch(words):
            here = "ours"
        elif here == "ours" and _PARTS.fullmatch(words):
            here = "theirs"
        elif here == "theirs" and _CLOSES.fullmatch(words):
            here = ""
        elif here in {"", side}:
            kept.append(line)
    return "".join(kept)


def standing(text: str) -> list[int]:
    """The lines, from 1, at which a conflict opens that has all its markers, in order.

    Those inside a fence or comment are somebody's example.
    """
    if "\n<<<<<<<" not in text and not text.startswith("<<<<<<<"):
        return []
    found: list[int] = []
    opened, halfway = 0, False
    for number, line in _outside_fences(text):
        if _OPENS.fullmatch(line):
            opened, halfway = number, False
        elif opened and _PARTS.fullmatch(line):
            halfway = True
        elif halfway and _CLOSES.fullmatch(line):
            found.append(opened)
            opened, halfway = 0, False
    return found


def _outside_fences(text: str) -> Iterator[tuple[int, str]]:
    """Each line with its number; between markers nothing counts as a fence."""
    blocks = Blocks()
    inside = False
    for number, line in enumerate(text.split("\n"), start=1):
        is_marker = _OPENS.fullmatch(line) or _CLOSES.fullmatch(line)
        if inside or (is_marker and not blocks.opening):
            inside = not _CLOSES.fullmatch(line)
            yield number, line
        elif not blocks.cover(line):
            yield number, line


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"

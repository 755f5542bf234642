"""The difference between two texts, word by word; a Chinese character is a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Op = Literal["=", "-", "+"]

_WORD = re.compile(r"[^\W_\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f]+|\s+|.", re.DOTALL)
_MOST = 1500  # words of one passage; a longer one is told as a whole
_SHORTEST = 2  # signs in common that are worth keeping between two changes


@dataclass(frozen=True)
class Piece:
    """A run of text that both sides have (``=``), only the old (``-``) or only the new (``+``)."""

    op: Op
    text: str


def words(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces whose ``=`` and ``-`` make the old text, and whose ``=`` and ``+`` the new one."""
    lines = [text.splitlines(keepends=True) for text in (before, after)]
    pieces: list[Piece] = []
    for op, old, new in _runs(*lines):
        if op == "equal":
            pieces.append(Piece("=", "".join(old)))
        else:
            pieces += _within("".join(old), "".join(new))
    return tuple(_joined(pieces))


def _within(before: str, after: str) -> Iterator[Piece]:
    """The pieces of one passage that differs."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if not old or not new or max(len(old), len(new)) > _MOST:
        yield from _replaced(before, after)
        return
    gone = come = ""
    for op, left, right in _runs(old, new):
        kept = "".join(left)
        if op == "equal" and len(kept.strip()) >= _SHORTEST:
            yield from _replaced(gone, come)
            gone = come = ""
            yield Piece("=", kept)
        else:
            gone, come = gone + kept, come + "".join(right)
    yield from _replaced(gone, come)


def _replaced(before: str, after: str) -> Iterator[Piece]:
    if before == after:
        yield Piece("=", before)
        return
    yield Piece("-", before)
    yield Piece("+", after)


def _runs(old: list[str], new: list[str]) -> Iterator[tuple[str, list[str], list[str]]]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for op, i, j, k, m in matcher.get_opcodes():
        yield op, old[i:j], new[k:m]


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """The pieces without empty ones, neighbours of one kind as one."""
    last: Piece | None = None
    for piece in (piece for piece in pieces if piece.text):
        if last is not None and last.op == piece.op:
            last = Piece(last.op, last.text + piece.text)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last

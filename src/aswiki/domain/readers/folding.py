"""Text as a reader sees it, without what markup and typing put between the letters of a word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from urllib.parse import unquote

Span = tuple[int, int]

BARRIER = "\x1e"
"""What stands in a folded text where no word reaches across: between blocks."""

_SPECIAL = re.compile(
    r"(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|(?P<percent>(?:%[0-9a-fA-F]{2})+)"
    r"|(?P<hyphenated>(?<=[A-Za-z])-[ \t]*\n[ \t]*(?=[a-z]))"
    r"|(?P<block>\n(?:[^\S\n]*\n)+|\n[ \t]*(?:[-+*]|\d{1,3}[.)])[ \t]+)"
    r"|(?P<quoted>\n[ \t]*(?:>[ \t]?)+)"
)
_MARKUP = re.compile(r"<!--.{0,2000}?-->|<[^<>\n]{0,300}>|\]\([^()\n]{0,300}\)", re.DOTALL)
_EMPHASIS = frozenset("*~`\\[]")
_WORDLESS = frozenset("\u034f\u115f\u1160\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10))))
_ACCENTS = ("\u0300", "\u036f")
_GAPS = frozenset(" -‐‑‒–—―−_.·・•‧∙'’‘ʼ`")
_WITHOUT_GAPS = str.maketrans("", "", "".join(_GAPS))
_UNWORDED = re.compile(
    "[\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U000323af]"
)


class _Letters(dict[str, str]):
    """A character → what is left of it: narrow, small, without accent; nothing of an unseen one."""

    def __missing__(self, letter: str) -> str:
        if letter == BARRIER:
            return BARRIER
        kept = [
            each
            for each in unicodedata.normalize("NFKD", letter)
            if not _ACCENTS[0] <= each <= _ACCENTS[1]
        ]
        folded = "".join(" " if each.isspace() else each for each in kept).casefold()
        found = "".join(each for each in folded if not _is_unseen(each))
        self[letter] = found
        return found


def _is_unseen(letter: str) -> bool:
    return (
        letter in _EMPHASIS
        or letter in _WORDLESS
        or "\U000e0100" <= letter <= "\U000e01ef"
        or unicodedata.category(letter) in {"Cf", "Cc"}
    )


_letters = _Letters()


@dataclass(frozen=True)
class Folded:
    """A text folded, each character with where it stands in the text as it was written.

    ``plain`` has one blank in the place of any run of white space, and ``BARRIER`` between blocks.
    """

    plain: str
    starts: list[int]
    ends: list[int]

    def source(self, span: Span) -> Span:
        """Where a span of ``plain`` stands in the written text."""
        return self.starts[span[0]], self.ends[span[1] - 1]

    @cached_property
    def places(self) -> list[int]:
        """Where each character of ``bones`` stands in ``plain``."""
        return [at for at, letter in enumerate(self.plain) if letter not in _GAPS]

    @cached_property
    def bones(self) -> str:
        """``plain`` without blanks, hyphens, dots and apostrophes."""
        return self.plain.translate(_WITHOUT_GAPS)

    def is_gap(self, at: int) -> bool:
        """Whether something was left out in front of a character of ``bones``."""
        return at > 0 and self.places[at] - self.places[at - 1] > 1


def fold(text: str, *, without_markup: bool = False) -> Folded:
    """A text folded for the search of names.

    Args:
        text: as it was written: plain text, Markdown or HTML.
        without_markup: leave tags and the addresses of links out, as a reader does not see them.
    """
    plain: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    letters, is_blank = _letters, False
    for start, end, shown in _pieces(text, without_markup=without_markup):
        is_one = end - start == len(shown)
        for at, letter in enumerate(shown, start):
            for folded in letters[letter]:
                if folded == " " and is_blank:
                    continue
                is_blank = folded == " "
                plain.append(folded)
                starts.append(at if is_one else start)
                ends.append(at + 1 if is_one else end)
    return Folded("".join(plain), starts, ends)


def _pieces(text: str, *, without_markup: bool) -> Iterator[tuple[int, int, str]]:
    """Where each piece starts and ends, and what is to be read there."""
    hidden = [match.span() for match in _MARKUP.finditer(text)] if without_markup else []
    at = 0
    for stop, resumed in [*hidden, (len(text), len(text))]:
        for match in _SPECIAL.finditer(text, at, stop):
            start, end = match.span()
            yield at, start, text[at:start]
            yield start, end, _read(match)
            at = end
        yield at, stop, text[at:stop]
        at = resumed


def _read(match: re.Match[str]) -> str:
    written = match.group()
    kind = match.lastgroup
    if kind == "entity":
        return unescape(written)
    if kind == "percent":
        return unquote(written, errors="replace")
    return {"hyphenated": "", "block": BARRIER}.get(str(kind), " ")


def is_worded(letter: str) -> bool:
    """Whether a character belongs to words with borders: Latin and digits do, Chinese does not."""
    return letter.isalnum() and (letter.isascii() or _UNWORDED.match(letter) is None)

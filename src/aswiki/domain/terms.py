"""Text as terms: a word of Latin letters or digits is one, of Chinese every two signs that meet."""

from __future__ import annotations

import re
import unicodedata

_RUN = re.compile(r"[^\W_㐀-鿿豈-﫿]+|[㐀-鿿豈-﫿]+")
_COMMON = frozenset({"a", "an", "and", "at", "by", "for", "in", "is", "of", "on", "the", "to"})


def folded(text: str) -> str:
    """The text without differences of case and width."""
    return unicodedata.normalize("NFKC", text).casefold()


def terms(text: str) -> frozenset[str]:
    """The terms of a text; a Chinese sign that stands alone is one too."""
    found: set[str] = set()
    for run in _RUN.findall(folded(text)):
        if "㐀" <= run[0] <= "鿿" or "豈" <= run[0] <= "﫿":
            found.update(run[i : i + 2] for i in range(max(1, len(run) - 1)))
        elif run not in _COMMON:
            found.add(_stem(run))
    return frozenset(found)


def _stem(word: str) -> str:
    """The word without a plural's ending, so that uploads and upload are the same."""
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word

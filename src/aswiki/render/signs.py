"""A record's words as every form shows them: nothing hidden, nothing piled up over other lines."""

from __future__ import annotations

import re

from aswiki.render import escaping

_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_NO_CHARACTERS = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
_PILE = re.compile(f"(?<=[{_MARKS}]{{4}})[{_MARKS}]+")


def shown(text: str) -> str:
    """The text with hidden signs, and marks beyond the fourth on one letter, written as numbers."""
    if not text.isascii():
        text = _NO_CHARACTERS.sub(_numbers, _PILE.sub(_numbers, text))
    return escaping.visible(text)


def _numbers(found: re.Match[str]) -> str:
    return "".join(f"\\u{ord(sign):04x}" for sign in found[0])

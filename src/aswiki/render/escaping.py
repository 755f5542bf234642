"""Words of records as Markdown that shows them and nothing else: no markup, nothing hidden."""

from __future__ import annotations

import re

# What steers a terminal or hides: controls, bidi marks, invisible signs, tags, lone surrogates.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_BREAKS = re.compile("[ \t]*[\t\n\v\f\r\x85\u2028\u2029]+[ \t]*")
_SPECIAL = re.compile(r"[\\`*\[|~$]|(?<![^\W_])_|_(?![^\W_])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LEADING = re.compile(r"#|>|[-+=](?:[\s=-]|$)")
_CLOSING = re.compile(r"(?<=\s)#+$")
_NUMBER = re.compile(r"\d{1,9}(?=[.)](?:\s|$))")


def inline(text: str) -> str:
    """The text on one line, every sign of Markdown or HTML in it escaped, hidden ones written out.

    It is safe in a paragraph, a list item, a heading and a table's cell.
    """
    line = _BREAKS.sub(" ", text).strip()
    line = _SPECIAL.sub(r"\\\g<0>", _ENTITY.sub("&amp;", line))
    line = _CLOSING.sub(r"\\\g<0>", line.replace("<", "&lt;"))
    return visible(_unled(line))


def code(text: str) -> str:
    """The text to the letter as a code span, hidden signs written out; empty for no text."""
    line = visible(_BREAKS.sub(" ", text)).strip().replace("|", "\\|")
    if not line:
        return ""
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence, gap = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{gap}{line}{gap}{fence}"


def visible(text: str) -> str:
    """The text with every hidden sign written out as the number it has in Unicode."""
    return _HIDDEN.sub(lambda found: _number(ord(found[0])), text)


def _number(sign: int) -> str:
    return f"\\u{sign:04x}" if sign < 0x10000 else f"\\U{sign:08x}"


def _unled(line: str) -> str:
    """The line without a beginning that would make it a heading, quote, list or rule."""
    number = _NUMBER.match(line)
    if number:
        return f"{number[0]}\\{line[number.end() :]}"
    return "\\" + line if _LEADING.match(line) else line

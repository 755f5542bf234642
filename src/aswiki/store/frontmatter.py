"""Where the front matter of a Markdown file begins and ends, to the character.

python-frontmatter's ``YAMLHandler`` decides what is front matter: its ``detect`` whether a text has
one, its boundary pattern where that begins and ends. Only the cutting is ours, because the library
strips the blank space around both halves and a record must come back byte for byte; and the YAML is
read by ``yaml12``, because the library's loader follows YAML 1.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from frontmatter.default_handlers import YAMLHandler

_HANDLER: Final = YAMLHandler()


@dataclass(frozen=True, slots=True)
class Split:
    """A file in two: ``text[:front_start] + front + text[front_end:]`` is the file again.

    ``body`` is all that follows the closing line; ``front_line`` is the front matter's first line
    in the file, from 1.
    """

    front: str
    body: str
    front_line: int
    front_start: int
    front_end: int


def split(text: str) -> Split | None:
    """The front matter and the body, or None where the text has no front matter or no end of it."""
    boundary = _HANDLER.FM_BOUNDARY
    if boundary is None or not _HANDLER.detect(text):
        return None
    start = _next_line(text, 0)
    closing = boundary.search(text, start)
    if closing is None:
        return None
    body = text[_next_line(text, closing.start()) :]
    return Split(text[start : closing.start()], body, 2, start, closing.start())


def _next_line(text: str, index: int) -> int:
    """Where the line after the one of that character begins."""
    newline = text.find("\n", index)
    return len(text) if newline < 0 else newline + 1

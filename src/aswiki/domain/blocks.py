"""Fences and HTML comments: which lines of a Markdown text are shielded from being read."""

from __future__ import annotations

import re

from aswiki.errors import BadInput
from aswiki.lang import _

INDENT = re.compile(r"  | ?\t")
_OPENER = re.compile(r"[ \t]*(`{3,}|~{3,}|<!--)")


class Blocks:
    """Follows fences and HTML comments from line to line, as CommonMark opens and closes them.

    One that is indented by two or more spaces stands in a list item and ends with it, at the next
    line that is neither blank nor indented. ``opening`` is the line that opened the block which is
    open now, else empty.
    """

    __slots__ = ("_bound", "_mark", "opening")

    def __init__(self) -> None:
        self.opening = ""
        self._mark = ""
        self._bound = False

    @property
    def left_open(self) -> str:
        """The line that opened a block which would now run to the end of the text, else empty."""
        return "" if self._bound else self.opening

    def cover(self, line: str) -> bool:
        """Whether the next line is part of a fence or comment, their first and last lines too."""
        if not self.opening or (self._bound and line.strip() and not INDENT.match(line)):
            return self._open(line)
        if self._closes(line):
            self.opening = ""
        return True

    def _open(self, line: str) -> bool:
        self.opening = ""
        found = _OPENER.match(line)
        if found is None or (found[1][0] == "`" and "`" in line[found.end() :]):
            return False
        if found[1] != "<!--" or "-->" not in line:
            self.opening, self._mark = line, found[1]
            self._bound = INDENT.match(line) is not None
        return True

    def _closes(self, line: str) -> bool:
        if self._mark == "<!--":
            return "-->" in line
        fence = line.strip(" \t\r")
        return (
            len(fence) >= len(self._mark)
            and fence == fence[0] * len(fence)
            and fence[0] == self._mark[0]
            and (self._bound or len(line) - len(line.lstrip(" ")) < 4)
        )


def left_open(opening: str) -> BadInput:
    """The refusal to write behind a fence or comment that never ends, naming its first line."""
    sentence = _("A fence or comment is opened and never closed: {line}")
    return BadInput(
        "left-open",
        sentence.format(line=opening.strip()[:60]),
        _("Close it by hand first: what is written after it would be lost in it."),
    )

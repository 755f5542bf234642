"""What the command line prints: results on stdout, all else on stderr, nothing untrusted raw."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, TextIO

from aswiki.errors import Defect
from aswiki.lang import _
from aswiki.render.plain import json_text, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console, RenderableType

ANSWERS = (0, 1, 5)
"""The exit codes at which stdout carries the answer."""


class Out:
    """The two streams of one run.

    In JSON mode results are held until the exit code is known: a failure leaves stdout empty.
    """

    def __init__(self, *, json: bool = False, quiet: bool = False) -> None:
        self.json_mode = json
        self.quiet = quiet
        self._held: list[str] = []

    @property
    def terminal(self) -> bool:
        """Whether stdout is one."""
        return sys.stdout.isatty()

    @property
    def colour(self) -> bool:
        """Whether results may be coloured."""
        return _colourful(sys.stdout)

    @property
    def width(self) -> int:
        """The terminal's width in cells."""
        from shutil import get_terminal_size

        return get_terminal_size().columns

    def result(self, text: str) -> None:
        """Print an answer, ended by one newline."""
        self._print(visible(text))

    def json(self, document: object) -> None:
        """Print the one JSON document of this run.

        Raises:
            Defect: there is one already.
        """
        if self._held:
            raise Defect("two-documents", _("The command answered twice."))
        text = json_text(document, indent=2 if self.terminal else None)
        self._write(text + "\n")

    def table(self, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print rows: in columns under headers on a terminal, else tab-separated without headers.

        None is an empty cell; control characters in cells are written out in both forms.
        """
        lines = [[_cell(value) for value in row] for row in rows]
        if not self.terminal:
            self._write("".join("\t".join(line) + "\n" for line in lines))
        elif lines:
            self.rich(_columns(headers, lines, self.width))

    def markdown(self, text: str) -> None:
        """Print Markdown: laid out on a terminal with colour, else as it is."""
        if not self.colour:
            return self.result(text)
        from rich.markdown import Markdown

        return self.rich(Markdown(visible(text), hyperlinks=False))

    def file(self, raw: bytes) -> None:
        """Print the bytes of a file of our own making as they are."""
        sys.stdout.flush()
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()

    def diff(self, text: str) -> None:
        """Print a unified diff, coloured by line where colour is allowed."""
        lines = visible(text).splitlines(keepends=True)
        if self.colour:
            lines = [_coloured(line) for line in lines]
        self._print("".join(lines))

    def ready(self, text: str) -> None:
        """Print lines of our own making, such as a help page, that may hold colour codes."""
        self._print(text)

    def rich(self, drawing: RenderableType) -> None:
        """Print a drawing of rich's, whose text must already be ``visible``."""
        self._write(drawn(drawing, self.width, colour=self.colour))

    def note(self, text: str) -> None:
        """Say something that is not the answer; unsaid with ``--quiet``."""
        if not self.quiet:
            self._say(visible(text))

    def warning(self, text: str) -> None:
        """Say what the user should look at though the command goes on."""
        mark = _("Warning:")
        self._say(f"{_ink(mark, '33')} {visible(text)}")

    def error(self, code: str, message: str, hint: str) -> None:
        """Say why the command failed: a sentence and the next step, or the JSON line."""
        if self.json_mode:
            told = {"code": code, "message": message, "hint": hint}
            return self._say(json_text({"error": told}))
        mark = _("Error:")
        self._say(f"{_ink(mark, '1;31')} {visible(message)}")
        return self._say(visible(hint)) if hint else None

    def release(self, exit_code: int) -> None:
        """Let held results out if the exit code says they are the answer; then flush."""
        if exit_code in ANSWERS:
            sys.stdout.write("".join(self._held))
        self._held.clear()
        sys.stdout.flush()

    def _print(self, text: str) -> None:
        self._write(text if text.endswith("\n") else text + "\n")

    def _write(self, text: str) -> None:
        if self.json_mode:
            self._held.append(text)
        else:
            sys.stdout.write(text)

    def _say(self, line: str) -> None:
        sys.stdout.flush()
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


def _colourful(stream: TextIO) -> bool:
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not plain


def _ink(word: str, style: str) -> str:
    return f"\x1b[{style}m{word}\x1b[0m" if _colourful(sys.stderr) else word


_DIFF_INK = {"---": "1", "+++": "1", "@@": "36", "-": "31", "+": "32"}


def _coloured(line: str) -> str:
    ink = next((ink for start, ink in _DIFF_INK.items() if line.startswith(start)), "")
    body = line.rstrip("\n")
    return f"\x1b[{ink}m{body}\x1b[0m{line[len(body) :]}" if ink else line


_FIGURES = r"[-+\d.,:/%!* ]*[A-Z]{0,3}"  # such as 480.00 EUR
_LEAST = 4
"""The cells a column keeps at least, so that its heading can be read."""


def _kept_whole(columns: Sequence[Sequence[str]], width: int) -> list[int | None]:
    """The widths of the columns of figures; None for others, and for all if there is no room."""
    figures = re.compile(_FIGURES)
    kept = [
        max(_LEAST, *map(len, own)) if all(map(figures.fullmatch, own)) else None for own in columns
    ]
    taken = sum(own if own is not None else _LEAST for own in kept)
    return kept if taken + len(kept) - 1 <= width else [None] * len(kept)


def _cell(value: object) -> str:
    return "" if value is None else visible(str(value), keep="")


def _columns(headers: Sequence[str], lines: list[list[str]], width: int) -> RenderableType:
    """Rows in columns; where they are too wide words are folded, figures and dates stay whole."""
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    columns = [[line[at] for line in lines if at < len(line)] for at in range(len(headers))]
    named = zip(headers, columns, strict=True)
    wide = [max(map(cell_len, (header, *cells))) for header, cells in named]
    fits = sum(wide) + 2 * (len(wide) - 1) <= width
    whole = [None] * len(wide) if fits else _kept_whole(columns, width)
    gap = 1 if any(whole) else 2
    table = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0), header_style="bold")
    for header, own in zip(headers, whole, strict=True):
        table.add_column(Text(header), overflow="fold", width=own)
    for line in lines:
        table.add_row(*(Text(cell) for cell in line))
    return table


def drawn(drawing: RenderableType, width: int, *, colour: bool) -> str:
    """The lines of a drawing of rich's, of that width in cells, trailing blanks taken off."""
    console = _console(width, colour=colour)
    with console.capture() as capture:
        console.print(drawing)
    return "".join(line.rstrip() + "\n" for line in capture.get().splitlines())


def _console(width: int, *, colour: bool) -> Console:
    from rich.console import Console

    return Console(
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        markup=False,
        emoji=False,
        highlight=False,
    )

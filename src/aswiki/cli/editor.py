"""A draft in the user's own editor, with what is wrong written on top of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.wiki.wiki import Wiki

if TYPE_CHECKING:
    from aswiki.cli.run import Run
    from aswiki.domain.problem import Problem

_MARK = "#! "


def edit(run: Run, text: str, problems: Sequence[Problem]) -> str:
    """What the draft became in git's editor.

    Raises:
        BadInput: nobody is there to edit, or the text came back empty or unchanged.
    """
    if not run.interactive:
        raise BadInput(
            "no-terminal",
            _("The editor needs a terminal."),
            _("Give the text with --body-file, or the fields with --set."),
        )
    top = "".join(f"{_MARK}{p.line}:{p.column}: {p.code} {p.message}\n" for p in problems)
    with TemporaryDirectory() as folder:
        place = Path(folder) / "record.md"
        place.write_text(top + text, encoding="utf-8")
        Wiki.open(run.folder()).repository.edit(place)
        after = _without_problems(_read(place))
    if not after.strip() or after == text:
        raise BadInput(
            "nothing-edited",
            _("The text came back empty or unchanged, so nothing was written."),
            _("Run the command again to write it."),
        )
    return after


def _read(place: Path) -> str:
    """What the editor left, without a BOM and with LF."""
    try:
        text = place.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            "unreadable-text",
            _("What the editor left cannot be read as UTF-8 text."),
            _("Save it as UTF-8; nothing was written."),
        ) from error
    return text.replace("\r\n", "\n")


def _without_problems(text: str) -> str:
    """The text without the problems that were put on top of it."""
    while text.startswith(_MARK):
        text = text.partition("\n")[2]
    return text

"""The command that opens a record in the user's editor and never loses what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from aswiki.cli import editor
from aswiki.cli.frame import RECORD
from aswiki.cli.run import Run
from aswiki.cli.saved import asked, opened, say
from aswiki.errors import AswikiError
from aswiki.lang import N_, _

if TYPE_CHECKING:
    from aswiki.domain.problem import Problem

_WHY = typer.Option(metavar="TEXT", help=N_("The reason; it becomes a log entry"))


def edit(
    run: Run,
    record: Annotated[str, RECORD],
    why: Annotated[str | None, _WHY] = None,
) -> None:
    """Open a record in git's editor.

    Leave it unchanged or empty to give up. What breaks a rule comes back with the problems on top;
    log entries and quotes stay as they are. A customer's name opens the profile.

        aswiki edit oss-timeout
    """
    from aswiki.wiki import editing

    typed: list[str] = []

    def open_it(text: str, problems: Sequence[Problem]) -> str:
        typed.append(editor.edit(run, text, problems))
        return typed[-1]

    given = replace(asked(run), editor=open_it)
    try:
        saved = editing.edit(opened(run), record, given, why=why)
    except AswikiError as error:
        if typed:
            run.out.note(_("What you typed is kept in {path}.").format(path=_kept(typed[-1])))
        raise error from None
    say(run, saved)


def _kept(text: str) -> str:
    """The path of a new file outside the wiki that holds the text."""
    import os
    import tempfile

    handle, path = tempfile.mkstemp(".md", "aswiki-edit-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return path

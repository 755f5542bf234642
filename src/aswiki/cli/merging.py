"""The command ``merge-driver``: what git calls to merge a record by its meaning."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aswiki.cli.run import Run
from aswiki.errors import Unusable
from aswiki.lang import N_, _

FAILED = 129
"""Git takes more than 128 for a merge that could not be tried, and less for a conflict."""


def merge_driver(
    run: Run,
    base: Annotated[Path, typer.Argument(metavar="BASE", help=N_("The version both come from"))],
    ours: Annotated[Path, typer.Argument(metavar="OURS", help=N_("Ours; the merge goes here"))],
    theirs: Annotated[Path, typer.Argument(metavar="THEIRS", help=N_("Theirs"))],
    marker_size: Annotated[
        int,
        typer.Argument(
            metavar="MARKER_SIZE", min=1, max=1000, help=N_("The length of a conflict marker")
        ),
    ],
    path: Annotated[
        str, typer.Argument(metavar="PATH", help=N_("The record's path in the repository"))
    ],
) -> int:
    """Merge two versions of a record; git calls it.

    Front matter by field, lists by their items, the log by entry and time, sections one by one,
    other prose by git merge-file. Exit 0 is a merge, 1 leaves conflicts between markers in OURS,
    129 could not be tried. doctor --fix tells git of it.

        aswiki merge-driver base.md ours.md theirs.md 7 customers/acme/profile.md
    """
    from aswiki.wiki.sharing.merge_driver import merge_files

    try:
        found = merge_files(path, base, ours, theirs, size=marker_size)
    except Unusable as error:
        run.out.error(error.code, error.message, error.hint)
        return FAILED
    except OSError as error:
        said = _("{path} cannot be merged: {why}.").format(path=path, why=error.strerror)
        run.out.error("merge-failed", said, "")
        return FAILED
    for note in found.notes:
        run.out.warning(f"{path}: {note}")
    if found.conflicts:
        said = _("{path}: two versions stand of {fields}.")
        run.out.note(said.format(path=path, fields=", ".join(found.conflicts)))
    if run.json:
        run.out.json({"path": path, "conflicts": found.conflicts, "notes": found.notes})
    return int(bool(found.conflicts))

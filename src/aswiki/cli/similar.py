"""The command ``similar``: earlier records that are like one, or like a few words."""

from __future__ import annotations

from typing import Annotated

import typer

from aswiki.cli.run import Run
from aswiki.cli.saved import opened
from aswiki.lang import N_, _


def similar(
    run: Run,
    what: Annotated[
        str,
        typer.Argument(
            metavar="RECORD|TEXT", help=N_("A clear part of a reference, or words of a title")
        ),
    ],
) -> None:
    """Earlier records that are alike.

    Events, complaints and lessons of all customers, compared by their titles, products and
    symptoms.

        aswiki similar oss-timeout
        aswiki similar "上传超时"
    """
    from aswiki.wiki.similar import alike

    found = alike(opened(run), what)
    if run.json:
        run.out.json([item.as_json() for item in found])
        return
    headers = [_("Reference"), _("Title"), _("Score")]
    run.out.table(headers, [[item.ref, item.title, f"{item.score:.2f}"] for item in found])
    if not found:
        run.out.note(_("Nothing is alike."))

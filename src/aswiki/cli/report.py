"""The command ``report``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aswiki.cli.frame import CUSTOMER
from aswiki.cli.out import json_text
from aswiki.cli.progress import Progress
from aswiki.cli.run import Run, ask
from aswiki.cli.saved import opened
from aswiki.errors import BadInput
from aswiki.lang import N_, _, current

if TYPE_CHECKING:
    from aswiki.wiki.reporting import Report

FORMATS = ("md", "json")
LATER = ("html", "pdf", "docx", "xlsx")


def report(
    run: Run,
    customers: Annotated[list[str] | None, CUSTOMER] = None,
    month: Annotated[
        str | None, typer.Option("--month", metavar="YYYY-MM", help=N_("The month"))
    ] = None,
    for_: Annotated[
        str, typer.Option("--for", metavar="READER", help=N_("Who reads it; the boss for now"))
    ] = "boss",
    format: Annotated[
        str, typer.Option("--format", metavar="md|json", help=N_("How it is laid out"))
    ] = "md",
    out: Annotated[
        str | None,
        typer.Option("--out", metavar="PATH", help=N_("Write it to a file, or into a folder")),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DATE|REV",
            help=N_("As it was recorded by the end of a day, or in a commit"),
        ),
    ] = None,
) -> int | None:
    """Report on a period, for a reader.

    What the boss may be asked about comes first: arrears, grave incidents, open complaints, broken
    promises. Without a customer the whole wiki is reported on.

        aswiki report --month 2026-10
        aswiki report --month 2026-10 acme --out reports/
    """
    from aswiki.wiki.reporting import Asked
    from aswiki.wiki.reporting import report as reported

    _require_format(format)
    wiki = opened(run)
    month = month or ask(run, _("Which month, as in 2026-10?"), "--month")
    with Progress(_("Reading records"), quiet=run.quiet) as progress:
        found = reported(wiki, Asked(month, customers or (), for_, as_of), progress)
    for path in found.document["skipped"]:
        run.out.warning(_("{path} cannot be read and was skipped.").format(path=path))
    if out is not None:
        _write(run, found, out)
    elif run.json:
        run.out.json(found.document)
    else:
        run.out.markdown(found.markdown(current()))
    return None


def _require_format(format: str) -> None:
    if format in LATER:
        raise BadInput(
            "format-not-yet",
            _("A report as {format} is not there yet.").format(format=format),
            _("This version writes: {formats}").format(formats=", ".join(FORMATS)),
        )
    if format not in FORMATS:
        raise BadInput(
            "unknown-format",
            _("There is no format {format}.").format(format=format),
            _("Choose one of: {choices}").format(choices=", ".join(FORMATS)),
        )


def _write(run: Run, found: Report, out: str) -> None:
    """Write the report to a file and print its path; a folder gets a file named after it."""
    from aswiki.store.files import write_atomic

    path = Path(out)
    if out.endswith("/") or path.is_dir():
        path /= f"{found.name}.{'json' if run.json else 'md'}"
    text = json_text(found.document, 2) + "\n" if run.json else found.markdown(current())
    write_atomic(path, text.encode())
    if run.json:
        run.out.json({"path": str(path)})
    else:
        run.out.result(str(path))

"""The command ``report``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aswiki.cli.frame import CUSTOMER
from aswiki.cli.printed import (
    WITH_EVIDENCE,
    form_of,
    give_evidence,
    hand_over,
    require_place,
    stopped,
)
from aswiki.cli.progress import Progress
from aswiki.cli.run import Run, ask
from aswiki.cli.saved import opened
from aswiki.errors import BadInput
from aswiki.lang import N_, _, current

if TYPE_CHECKING:
    from aswiki.wiki.papers.reporting import Reports, Span
    from aswiki.wiki.wiki import Wiki

LARGEST_REFERENCE = 64 * 1024 * 1024


def report(
    run: Run,
    customers: Annotated[list[str] | None, CUSTOMER] = None,
    month: Annotated[
        str | None, typer.Option("--month", metavar="YYYY-MM", help=N_("The month"))
    ] = None,
    quarter: Annotated[
        str | None, typer.Option("--quarter", metavar="YYYY-Qn", help=N_("The quarter"))
    ] = None,
    year: Annotated[str | None, typer.Option("--year", metavar="YYYY", help=N_("The year"))] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help=N_("The first day"))
    ] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE", help=N_("The last day"))] = None,
    for_: Annotated[
        str,
        typer.Option(
            "--for",
            metavar="READER",
            help=N_("Who reads it: boss, product, sales, customer_tech or customer_biz"),
        ),
    ] = "boss",
    reader: Annotated[
        str | None,
        typer.Option(
            "--reader",
            metavar="WHO",
            help=N_("The person or department who reads it, for rows shown to their own only"),
        ),
    ] = None,
    format: Annotated[
        str,
        typer.Option(
            "--format", metavar="md|html|pdf|docx|xlsx|json", help=N_("How it is laid out")
        ),
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
    explain: Annotated[
        bool,
        typer.Option("--explain", help=N_("Tell you what this reader was not shown, and why")),
    ] = False,
    anchor: Annotated[
        bool, typer.Option("--anchor", help=N_("Pin the records down first, as aswiki anchor does"))
    ] = False,
    reference_doc: Annotated[
        Path | None,
        typer.Option(
            "--reference-doc", metavar="FILE", help=N_("A Word document whose styles docx takes")
        ),
    ] = None,
    with_evidence: Annotated[str | None, WITH_EVIDENCE] = None,
) -> int:
    """Report on a period, for a reader.

    Each reader gets what serves them and nothing else: what may be shown is a list, all else is
    left out. A customer reads words only where they were released. Before anything leaves it is
    searched for names, phones and amounts that this reader may not see; a hit stops it: exit 1,
    nothing is written. For sales and customers each document holds one customer.

        aswiki report --month 2026-10
        aswiki report --quarter 2026-Q4 --for product --format html --out reports/
        aswiki report --month 2026-10 蓝鲸 --for customer_tech --format pdf --out 蓝鲸.pdf
    """
    from aswiki.wiki.papers.reporting import Asked
    from aswiki.wiki.papers.reporting import report as reported

    form = form_of(run, format)
    reference = _reference(reference_doc, form)
    wiki = opened(run)
    if anchor:
        _anchor(run, wiki)
    span = _span(run, month, quarter, year, (from_, to))
    with Progress(_("Reading records"), quiet=run.quiet) as progress:
        found = reported(wiki, Asked(span, customers or (), for_, reader, as_of), progress)
    for path in found.snapshot.origin.skipped:
        run.out.warning(_("{path} cannot be read and was skipped.").format(path=path))
    require_place(form, out, len(found.reports))
    if with_evidence is not None:
        _require_inside(found.reader)
    if explain:
        _explain(run, found)
    with Progress(_("Making reports"), quiet=run.quiet) as progress:
        made, leaked = found.formed(form, current(), reference, progress)
    if leaked:
        return stopped(run, leaked)
    about = customers[0] if customers and len(customers) == 1 else None
    give_evidence(run, wiki, about, with_evidence)
    hand_over(run, made, form, out)
    return 0


def _require_inside(reader: str) -> None:
    """Refuse a package to a customer: its bundle holds every other customer too."""
    if reader.startswith("customer_"):
        raise BadInput(
            "evidence-outside",
            _("A package of evidence holds the whole wiki, and {reader} may not see it.").format(
                reader=reader
            ),
            _("Prove single records to them: aswiki evidence prove RECORD --out FOLDER"),
        )


def _anchor(run: Run, wiki: Wiki) -> None:
    """Make an anchor, so that the footer holds its receipt."""
    from aswiki.cli.saved import warnings
    from aswiki.wiki.proof import anchoring

    for warning in warnings(anchoring.anchor(wiki)):
        run.out.warning(warning)


def _span(
    run: Run,
    month: str | None,
    quarter: str | None,
    year: str | None,
    days: tuple[str | None, str | None],
) -> Span:
    """The days asked for, said in one of the four ways.

    Raises:
        BadInput: they are said in two, or with one end alone.
    """
    from aswiki.wiki.papers.reporting import Span

    said = [one for one in (month, quarter, year, days[0] or days[1]) if one is not None]
    if len(said) > 1:
        raise BadInput(
            "several-periods",
            _("The period is said more than once."),
            _("Give one of --month, --quarter, --year, or --from with --to."),
        )
    first, last = days
    if (first is None) != (last is None):
        raise BadInput(
            "half-a-period",
            _("{option} is missing.").format(option="--to" if last is None else "--from"),
            _("Give the first day with --from and the last with --to."),
        )
    if not said:
        month = ask(run, _("Which month, as in 2026-10?"), "--month")
    if first is not None and last is not None:
        return Span(days=(first, last))
    return Span(month, quarter, year)


def _reference(path: Path | None, form: str) -> bytes | None:
    if path is None:
        return None
    if form != "docx":
        raise BadInput(
            "no-docx",
            _("--reference-doc is for Word documents, and this one is {form}.").format(form=form),
            _("Add --format docx, or leave --reference-doc out."),
        )
    from aswiki.store.files import read_bytes

    return read_bytes(path, LARGEST_REFERENCE)


def _explain(run: Run, found: Reports) -> None:
    """Say on stderr what was kept from the reader: it is for the writer alone."""
    for ref, key, why in found.withheld():
        place = f"{ref} {key}".rstrip()
        run.out.note(f"{place}: {why}")

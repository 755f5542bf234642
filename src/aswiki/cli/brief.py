"""The commands ``brief``, ``handover`` and ``merits``: a document about one customer or person."""

from __future__ import annotations

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
from aswiki.cli.saved import anchored_on, opened
from aswiki.errors import BadInput
from aswiki.lang import N_, _, current

if TYPE_CHECKING:
    from aswiki.wiki.papers.paper import Paper

FORMAT = typer.Option("--format", metavar="md|html|pdf|docx|json", help=N_("How it is laid out"))
OUT = typer.Option("--out", metavar="PATH", help=N_("Write it to a file, or into a folder"))
AS_OF = typer.Option(
    "--as-of", metavar="DATE|REV", help=N_("As it was recorded by the end of a day, or in a commit")
)
OWNER = typer.Option("--owner", metavar="PERSON", help=N_("One of our people, by id or name"))


def brief(
    run: Run,
    customer: Annotated[str, CUSTOMER],
    for_: Annotated[
        str, typer.Option("--for", metavar="READER", help=N_("team, or product"))
    ] = "team",
    format: Annotated[str, FORMAT] = "md",
    out: Annotated[str | None, OUT] = None,
    as_of: Annotated[str | None, AS_OF] = None,
) -> int:
    """One page before a meeting.

    What must not be overlooked stands first: arrears, what ends soon, swings that nobody explained.
    Then who they are, who decides and whom to call, the weather and why, what is open and whom it
    waits for, our promises, what they say of our products and in which environment. For product
    without names, phones, prices and politics: they meet the customer through after-sales.

        aswiki brief 蓝鲸游戏
        aswiki brief acme --for product --out briefs/
    """
    from aswiki.wiki.papers.briefing import brief as told

    form = _form(run, format, out)
    wiki = opened(run)
    with Progress(_("Reading records"), quiet=run.quiet) as progress:
        found = told(wiki, customer, reader=for_, as_of=as_of, progress=progress)
    return _give(run, found, form, out)


def handover(
    run: Run,
    owner: Annotated[str | None, OWNER] = None,
    format: Annotated[str, FORMAT] = "md",
    out: Annotated[str | None, OUT] = None,
    as_of: Annotated[str | None, AS_OF] = None,
    with_evidence: Annotated[str | None, WITH_EVIDENCE] = None,
) -> int:
    """What a successor must know on Monday.

    The most urgent first: what is due, open complaints and events with whom they wait for and what
    was last said, promises by their day, blame that is carried, the days ahead, each customer with
    weather, credit, rhythm of visits and whom to call, what is sensitive, lessons not yet shared.

        aswiki handover --owner 张维
        aswiki handover --owner zhangwei --out handover.md
    """
    from aswiki.wiki.papers.handing_over import handover as told

    form = _form(run, format, out)
    wiki = opened(run)
    owner = owner or ask(run, _("Whose work is handed over?"), "--owner")
    if as_of is None:
        anchored_on(run, wiki, "handover")
    with Progress(_("Reading records"), quiet=run.quiet) as progress:
        found = told(wiki, owner, as_of=as_of, progress=progress)
    return _give(run, found, form, out, with_evidence)


def merits(
    run: Run,
    owner: Annotated[str | None, OWNER] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help=N_("The first day"))
    ] = None,
    format: Annotated[str, FORMAT] = "md",
    out: Annotated[str | None, OUT] = None,
    as_of: Annotated[str | None, AS_OF] = None,
    with_evidence: Annotated[str | None, WITH_EVIDENCE] = None,
) -> int:
    """One engineer's record of work, for a review.

    Incidents with the minutes to acknowledge and to mitigate, hours by day, night and holiday,
    alerts given ahead, hands-on help, blame cleared and how long it was carried, lessons, help to
    colleagues, praise in the customers' words. Only what the records show, each with its record.

        aswiki merits --owner 张维 --since 2026-01-01
    """
    from aswiki.wiki.papers.merits import merits as told

    form = _form(run, format, out)
    wiki = opened(run)
    owner = owner or ask(run, _("Whose record of work?"), "--owner")
    since = since or ask(run, _("Since which day, as in 2026-01-01?"), "--since")
    with Progress(_("Reading records"), quiet=run.quiet) as progress:
        found = told(wiki, owner, since, as_of=as_of, progress=progress)
    return _give(run, found, form, out, with_evidence)


def _form(run: Run, format: str, out: str | None) -> str:
    """The form asked for, which fits where it goes."""
    from aswiki.wiki.papers.paper import FORMS

    form = form_of(run, format)
    if form not in FORMS:
        raise BadInput(
            "unknown-format",
            _("There is no format {format}.").format(format=form),
            _("Choose one of: {choices}").format(choices=", ".join(FORMS)),
        )
    require_place(form, out, 1)
    return form


def _give(run: Run, found: Paper, form: str, out: str | None, evidence: str | None = None) -> int:
    """Print the document, or write it to a file or into a folder, and print the path."""
    for path in found.document["skipped"]:
        run.out.warning(_("{path} cannot be read and was skipped.").format(path=path))
    raw, leaked = found.formed(form, current())
    if leaked:
        return stopped(run, leaked)
    give_evidence(run, found.overview.snapshot.wiki, None, evidence)
    hand_over(run, {found.name: raw}, form, out)
    return 0

"""The command ``due``: what asks for somebody's hand today, the most urgent first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aswiki.cli.frame import CUSTOMER_OPTION
from aswiki.cli.progress import Progress
from aswiki.cli.run import Run
from aswiki.cli.saved import opened
from aswiki.lang import N_, _

if TYPE_CHECKING:
    from aswiki.domain.dues.outlook import Due

URGENCY = {4: N_("critical"), 3: N_("high"), 2: N_("normal"), 1: N_("low")}


def due(
    run: Run,
    check: Annotated[
        bool, typer.Option("--check", help=N_("Exit 1 when anything is due, for scripts"))
    ] = False,
    owner: Annotated[
        str | None, typer.Option(metavar="PERSON", help=N_("Only of this owner"))
    ] = None,
    customer: Annotated[str | None, CUSTOMER_OPTION] = None,
) -> int:
    """What is due, most urgent first.

    Untriaged incidents, events and complaints in which nothing moves, promises past their day, SLA
    claims about to lapse, swings of spend without a reason, credits and contracts about to end,
    visits and pages that are not kept, records that are not whole. Incidents, old bugs, broken
    promises and complaints run on the fast clock, all else on the slow one: [clock] and [cadence]
    of aswiki.toml. Each comes with the next level of the product's ladder.

        aswiki due --owner 张维
        aswiki due --check --customer 蓝鲸游戏
    """
    from aswiki.wiki import due as dues

    wiki = opened(run)
    with Progress(_("Reading"), quiet=run.quiet) as progress:
        found = dues.due(wiki, owner=owner, customer=customer, progress=progress)
    for path in found.skipped:
        run.out.warning(_("{path} cannot be read and was skipped.").format(path=path))
    if run.json:
        run.out.json([item.as_json() for item in found.items])
    else:
        headers = [_("Urgency"), _("Reference"), _("What is due"), _("Owner"), _("Next level")]
        run.out.table(headers, [_cells(item) for item in found.items])
        if not found.items:
            run.out.note(_("Nothing is due."))
    return int(check and bool(found.items))


def _cells(item: Due) -> list[object]:
    rung = item.next_level
    return [
        _(URGENCY[item.urgency]),
        item.ref,
        item.message,
        item.owner,
        f"{rung.level} {rung.who}" if rung is not None else None,
    ]

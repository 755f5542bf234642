"""The table of ``list customers``: where each customer stands, in a hundred cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aswiki.cli.progress import Progress
from aswiki.cli.weather import label
from aswiki.lang import _, current

if TYPE_CHECKING:
    from aswiki.cli.run import Run
    from aswiki.domain.standing.portfolio import Standing
    from aswiki.wiki.wiki import Wiki


def print_portfolio(
    run: Run,
    wiki: Wiki,
    *,
    owner: str | None,
    customer: str | None,
    status: str | None,
) -> None:
    """Print the customers, those who need attention first; what cannot be read is named.

    Args:
        run: this run.
        wiki: the open wiki.
        owner: a person's id.
        customer: a customer's slug.
        status: a lifecycle, by key or label.
    """
    from aswiki.wiki.portfolio import portfolio

    with Progress(_("Reading"), quiet=run.quiet) as progress:
        found = portfolio(wiki, owner=owner, customer=customer, status=status, progress=progress)
    for path in found.skipped:
        run.out.warning(_("{path} cannot be read and was skipped.").format(path=path))
    if run.json:
        run.out.json([one.as_json() for one in found.found])
        return
    newest = max((one.spend_month or "" for one in found.found), default="")
    rows = [_cells(wiki, one, newest) for one in found.found]
    # on a terminal the name alone, which every command takes, so that a row keeps to its line
    skipped = 1 if run.out.terminal else 0
    run.out.table(_headers()[skipped:], [row[skipped:] for row in rows])


def _headers() -> list[str]:
    return [
        _("Customer"),
        _("Name"),
        _("Owner"),
        _("Level"),
        _("Weather"),
        _("Last spend"),
        _("P0/P1"),
        _("Overdue"),
        _("Silent"),
    ]


def _cells(wiki: Wiki, one: Standing, newest: str) -> list[object]:
    return [
        one.customer,
        one.name,
        one.owner,
        wiki.vocabulary.label("account_level", one.account_level or "", current()),
        label(wiki, one.weather),
        _spend(one, newest),
        one.open_urgent,
        one.overdue_promises,
        one.days_since_contact,
    ]


def _spend(one: Standing, newest: str) -> str:
    """The last month's spend to the unit with its twelve months; the month where it is older."""
    from aswiki.render.sparkline import sparkline

    parts = [
        f"{sparkline(one.spend_trend[currency])} {amount:.0f} {currency}"
        for currency, amount in one.spend.items()
    ]
    late = f" ({one.spend_month})" if one.spend_month != newest else ""
    return ", ".join(parts) + late if parts else ""

"""The command ``weather``: how a month stands with each customer, and what says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aswiki.cli.frame import CUSTOMER
from aswiki.cli.progress import Progress
from aswiki.cli.run import Run
from aswiki.cli.saved import opened
from aswiki.lang import N_, _, current

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aswiki.domain.standing.drivers import Driver
    from aswiki.domain.standing.weather import Weather
    from aswiki.wiki.wiki import Wiki

SYMBOLS = {
    "sunny": "☀ ",
    "cloudy": "⛅",
    "overcast": "☁ ",
    "rain": "☔",
    "storm": "⚡",
    "unknown": "? ",
}
"""Each two cells wide: signs that terminals draw with the width they are counted with."""

TRENDS = {
    "better": N_("better"),
    "worse": N_("worse"),
    "same": N_("the same"),
    "unknown": N_("no comparison"),
}
REASONS = {
    "p0_open": N_("P0 open"),
    "p1_open": N_("P1 open"),
    "broken_promise": N_("Broken promise"),
    "complaint_open": N_("Open complaint"),
    "unexplained_fall": N_("Unexplained fall"),
    "low_sentiment": N_("Low sentiment"),
    "blame_carried": N_("Blame carried"),
    "late_promise": N_("Late promise"),
    "arrears": N_("Arrears"),
}
"""A driver's kind → what the table calls it."""


def weather(
    run: Run,
    customer: Annotated[str | None, CUSTOMER] = None,
    month: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM", help=N_("The month; the one that runs unless said")),
    ] = None,
) -> None:
    """The weather at a customer, and why.

    Storm is a P0 open, or two of these: a P1 open, a broken promise, an open complaint; rain is one
    of them. Overcast is a fall of spend that nobody explained, a bad mood or a blame we carry;
    cloudy a late promise, a mood below zero or arrears. Where nothing was heard it is unknown, not
    sunny. Each reason comes with its record, and the visitor's own reading stands beside.

        aswiki weather --month 2026-10
        aswiki weather 蓝鲸游戏 --json
    """
    from aswiki.wiki import weather as skies

    wiki = opened(run)
    with Progress(_("Reading"), quiet=run.quiet) as progress:
        found = skies.weather(wiki, customer=customer, month=month, progress=progress)
    for path in found.skipped:
        run.out.warning(_("{path} cannot be read and was skipped.").format(path=path))
    if run.json:
        run.out.json([one.as_json() for one in found.found])
        return
    if run.out.terminal:
        lines = [line for one in found.found for line in _page(wiki, one)]
        run.out.table([_("Weather"), _("Customer")], lines)
    else:
        run.out.table([], [line for one in found.found for line in _lines(wiki, one)])
    if not found.found:
        run.out.note(_("There are no customers yet."))


def label(wiki: Wiki, value: str) -> str:
    """A weather's word in the language in use."""
    return wiki.vocabulary.label("weather", value, current())


def sentence(wiki: Wiki, one: Weather) -> str:
    """The weather of a month in one line, its reasons named once each."""
    said = _("Weather of {month}: {weather}, {trend}")
    line = said.format(month=one.month, weather=label(wiki, one.value), trend=_(TRENDS[one.trend]))
    whys = dict.fromkeys(_(REASONS[driver.kind]) for driver in one.drivers)
    return " · ".join([line, *whys])


def _page(wiki: Wiki, one: Weather) -> Iterator[list[str]]:
    """A customer with their weather, and under it each reason beside its record."""
    word, trend = label(wiki, one.value), _(TRENDS[one.trend])
    yield [f"{SYMBOLS.get(one.value, '  ')} {word}, {trend}", one.customer]
    yield from ([f"   {why}", ref] for why, ref in _reasons(wiki, one))


def _lines(wiki: Wiki, one: Weather) -> Iterator[list[str]]:
    """A whole row for each reason; one without a reason where there is none."""
    head = [one.customer, label(wiki, one.value), _(TRENDS[one.trend])]
    yield from ([*head, *reason] for reason in list(_reasons(wiki, one)) or [("", "")])


def _reasons(wiki: Wiki, one: Weather) -> Iterator[tuple[str, str]]:
    """Each reason with its record, at the end what the visitor saw."""
    yield from ((_reason(driver), driver.ref) for driver in one.drivers)
    if one.reading is not None:
        said = _("Visitor saw: {weather}")
        yield said.format(weather=label(wiki, one.reading.weather)), one.reading.ref


def _reason(driver: Driver) -> str:
    from aswiki.domain.spending.swing import percent_label, scope_label

    said = _(REASONS[driver.kind])
    if driver.kind != "unexplained_fall":
        return said
    return f"{said}: {scope_label(driver.about or '')} {percent_label(driver.percent)}"

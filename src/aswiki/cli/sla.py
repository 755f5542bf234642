"""The command ``sla``: a table of the month, and beneath it what each figure is made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Annotated

import typer

from aswiki.cli.frame import CUSTOMER
from aswiki.cli.progress import Progress
from aswiki.cli.run import Run
from aswiki.cli.saved import opened
from aswiki.lang import N_, _, current, in_days

if TYPE_CHECKING:
    from aswiki.domain.sla.credit import SlaMonth
    from aswiki.domain.sla.outages import Outage
    from aswiki.wiki.wiki import Wiki

FEES = {
    "contract": N_("The fee is the contract's: {fee} {currency} a month."),
    "usage_effective": N_("The fee is the month's effective usage: {fee} {currency}."),
    "usage_billed": N_("The fee is the month's billed usage: {fee} {currency}."),
}
"""Where the fee is from → the sentence that says so."""


def sla(
    run: Run,
    customer: Annotated[str, CUSTOMER],
    month: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM", help=N_("The month; the last one where none is named")),
    ] = None,
) -> None:
    """Availability and SLA credit of a month.

    One row for each product under contract or with an outage: minutes unavailable, availability,
    the credit by the tiers of the product's page or of the contract, and when it can be claimed.
    Beneath it the outages, those that do not count with the reason, and the customer's own clock
    beside ours.

        aswiki sla 蓝鲸游戏 --month 2026-10
        aswiki sla acme --month 上个月 --json
    """
    from aswiki.wiki import sla as slas

    wiki = opened(run)
    with Progress(_("Reading"), quiet=run.quiet) as progress:
        kept = slas.sla(wiki, customer, month, progress)
    for path in kept.skipped:
        run.out.warning(_("{path} cannot be read and was skipped.").format(path=path))
    for ref in kept.unplaced:
        run.out.warning(_("{ref} names no product and counts for none.").format(ref=ref))
    _warn_of_zones(run, kept.rows)
    if run.json:
        run.out.json([row.as_json(kept.today) for row in kept.rows])
        return
    run.out.table(_headers(), [_cells(row) for row in kept.rows])
    for row in kept.rows:
        lines = [
            *(_outage(one, row.period.zone, wiki) for one in row.outages),
            *_notes(row, kept.today),
        ]
        if lines:
            run.out.result("\n".join(["", row.subject.name, *(f"  {line}" for line in lines)]))
    if not kept.rows:
        said = _("No product was under contract in {month}, and none had an outage.")
        run.out.note(said.format(month=kept.month))


def _warn_of_zones(run: Run, rows: list[SlaMonth]) -> None:
    from aswiki.domain.sla.credit import zone_of

    for row in rows:
        named = row.terms.zone if row.terms is not None else None
        if named and zone_of(named) is None:
            said = _("{product}: there is no time zone {zone}; {used} is used.")
            run.out.warning(said.format(product=row.subject.name, zone=named, used=row.period.zone))


def _headers() -> list[str]:
    return [
        _("Product"),
        _("Minutes unavailable"),
        _("Availability %"),
        _("Committed %"),
        _("Credit %"),
        _("Credit"),
        _("Claim opens"),
        _("Claim closes"),
    ]


def _cells(row: SlaMonth) -> list[object]:
    from aswiki.domain.sla.terms import six_places

    ours, terms = row.ours, row.terms
    return [
        row.subject.name,
        ours.unavailable_minutes,
        six_places(ours.availability),
        terms.committed_percent if terms is not None else None,
        ours.credit_percent,
        _money(ours.credit, row),
        row.window.opens,
        row.window.closes,
    ]


def _money(amount: object, row: SlaMonth) -> str | None:
    return None if amount is None else f"{amount} {row.fee.currency or ''}".rstrip()


def _outage(one: Outage, zone: tzinfo, wiki: Wiki) -> str:
    """One outage in the zone of the SLA: when, how long, which, and why it does not count."""
    minutes = _("unclear") if one.minutes is None else _("{n} min").format(n=one.minutes)
    ended = one.event.mitigated_at if one.event.resolved_at is None else one.event.resolved_at
    until = _("goes on") if one.is_running else _time(ended, zone)
    line = f"{_time(one.event.started_at, zone)} – {until}  {minutes}  {one.ref}"
    if one.excluded is None:
        return line
    reason = wiki.vocabulary.label("root_cause_party", one.excluded, current())
    left_out = _("does not count: {reason}").format(reason=reason)
    return f"{line}  {left_out}"


def _time(at: datetime | date | None, zone: tzinfo) -> str:
    if not isinstance(at, datetime):
        return "?" if at is None else at.isoformat()
    try:
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    except OverflowError:  # an end in the year 9999
        return at.isoformat(" ")


def _notes(row: SlaMonth, today: date) -> Iterator[str]:
    """The sentences that a figure needs beside it."""
    if row.terms is None:
        yield _("No SLA is on record for this product.")
    if not row.period.is_over:
        yield _("The month is not over: minutes until now, of the whole month.")
    for ref in row.unclear:
        yield _("The hours of {ref} are not known: at least this much was unavailable.").format(
            ref=ref
        )
    if row.customers is not None:
        said = _("By the customer's clock: {minutes} minutes, {availability} %, credit {credit}.")
        theirs = row.customers.as_json()
        yield said.format(
            minutes=theirs["unavailable_minutes"],
            availability=theirs["availability_percent"],
            credit=_money(theirs["credit"], row) or "?",
        )
    if row.is_missed:
        yield from _on_credit(row, today)


def _on_credit(row: SlaMonth, today: date) -> Iterator[str]:
    """What a missed commitment is worth, and how long it can be claimed."""
    if row.ours.credit_percent == 0:
        yield _("Less than committed, but no tier of the SLA pays for it.")
        return
    if row.ours.credit_percent is None:
        yield _("Less than committed, but the SLA has no tiers.")
    elif row.fee.basis is None:
        yield _("No fee is known: neither the contract nor the usage page has one.")
    else:
        amount = format(row.fee.amount or 0, "f")
        yield _(FEES[row.fee.basis]).format(fee=amount, currency=row.fee.currency)
    yield _on_claim(row, today)
    if row.window.working_days == "weekends_only":
        yield _("Working days: weekends only, [holidays] has no day of that year.")
    if row.is_decided:
        yield _("What became of the claim is on record.")
    else:
        yield _("Nobody has said what becomes of the claim: set compensation.status.")


def _on_claim(row: SlaMonth, today: date) -> str:
    opens, closes = row.window.opens, row.window.closes
    state = row.window.state(today)
    if state is None:
        return _("When a credit can be claimed is not on record.")
    if state == "lapsed":
        return _("The claim closed on {day}.").format(day=closes)
    if state == "ahead":
        said = (
            _("The claim opens on {day} and closes on {closes}.")
            if closes
            else _("The claim opens on {day}.")
        )
        return said.format(day=opens, closes=closes)
    if closes is None:
        return _("The claim is open, and no end of it is on record.")
    said = _("The claim is open until {day}, {days} from now.")
    return said.format(day=closes, days=in_days((closes - today).days))

"""The commands about spend: ``usage``, ``swings`` and ``explain``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from aswiki.cli.asking import text_of, word_of
from aswiki.cli.frame import CUSTOMER, CUSTOMER_OPTION
from aswiki.cli.progress import Progress
from aswiki.cli.run import Run, ask
from aswiki.cli.saved import asked, opened, say
from aswiki.lang import N_, _, current

if TYPE_CHECKING:
    from aswiki.domain.spending.series import MonthTotal, Swing
    from aswiki.wiki.spending import Spending
    from aswiki.wiki.wiki import Wiki

Text = str | None

MONTH = typer.Option("--month", metavar="MONTH", help=N_("Such as 2026-10, or 上个月"))
BAR = 20
SHOWN_PRODUCTS = 10
HORIZONS = ("week", "short", "middle", "long")


def swings(
    run: Run,
    month: Annotated[
        Text,
        typer.Option(
            "--month", metavar="MONTH", help=N_("Such as 2026-10; else the last one with usage")
        ),
    ] = None,
    customer: Annotated[Text, CUSTOMER_OPTION] = None,
    every: Annotated[
        bool, typer.Option("--all", help=N_("Every comparison, not only what fired"))
    ] = False,
) -> None:
    """Big swings of spend, and why.

    A month is compared with what was expected at four horizons: its last week with the four weeks
    before, and the month with the one before (short), with the mean of three (middle) and with the
    same month a year ago (long), day for day. What reaches the thresholds of aswiki.toml fires and
    asks for an explanation. With --json every comparison is there.

        aswiki swings --month 2026-10
        aswiki swings --customer 蓝鲸游戏 --all
    """
    from aswiki.wiki import spending

    wiki = opened(run)
    with Progress(_("Reading"), quiet=run.quiet) as progress:
        found = spending.swings(wiki, month=month, customer=customer, progress=progress)
    _skipped(run, found.skipped)
    if run.json:
        run.out.json([one.as_json() for one in found.found])
        return
    if found.month is None:
        run.out.note(_("No customer has a usage page yet."))
        return
    rows: dict[tuple[object, ...], list[str]] = {}
    for one in found.found:
        if every or one.fired:
            *row, change = _swing_cells(wiki, one)
            rows.setdefault(tuple(row), []).append(str(change))
    headers = [_("Customer"), _("Scope"), _("Spend"), _("Change"), _("Why")]
    run.out.table(headers, [[*row, ", ".join(said), why] for (*row, why), said in rows.items()])
    fired = [one for one in found.found if one.fired]
    said = _("{month}: {fired} of {all} comparisons fired, {open} of them unexplained.")
    waiting = sum(one.is_unexplained for one in fired)
    counts = {"fired": len(fired), "all": len(found.found), "open": waiting}
    run.out.note(said.format(month=found.month, **counts))


def _swing_cells(wiki: Wiki, one: Swing) -> list[object]:
    """What is said of a swing; those of one scope and answer differ in the last cell alone."""
    from aswiki.domain.spending.swing import percent_label, scope_label

    label = wiki.vocabulary.label
    feedback = label("feedback", one.feedback, current()) if one.feedback else ""
    why = [feedback, " ".join((one.explanation or "").split())]
    change = _("new") if one.new else percent_label(one.impact_percent)
    return [
        one.customer,
        scope_label(one.scope),
        f"{_amount(one.actual)} {one.currency}",
        _("unexplained") if one.is_unexplained else " · ".join(filter(None, why)),
        f"{label('horizon', one.horizon, current())} {change}",
    ]


def usage(
    run: Run,
    customer: Annotated[str, CUSTOMER],
    months: Annotated[
        int, typer.Option("--months", metavar="N", help=N_("How many months, the last of them"))
    ] = 12,
) -> None:
    """A customer's spend, month by month.

    Each month with its change from the one before, day for day, and the days that its figures
    cover; then the products of the last month and how they moved at each horizon. A ! marks a
    swing that fired and waits for aswiki explain, a * one that is explained.

        aswiki usage acme
        aswiki usage 蓝鲸游戏 --months 24
    """
    from aswiki.wiki import spending

    wiki = opened(run)
    found = spending.usage(wiki, customer, months=months)
    _skipped(run, found.skipped)
    if run.json:
        run.out.json(found.as_json())
        return
    if not found.months:
        run.out.note(_("There are no usage figures of this customer yet."))
        return
    _months(run, found.months)
    _horizons(run, wiki, found)


def _months(run: Run, months: Sequence[MonthTotal]) -> None:
    """The table of months, on a terminal with bars."""
    from aswiki.domain.spending.swing import percent_label

    highest: dict[str, Decimal] = {}
    for one in months:
        highest[one.currency] = max(highest.get(one.currency, Decimal(0)), one.amount)
    amounts = _right([_amount(one.amount) for one in months], drawn=run.out.terminal)
    changes = _right([percent_label(one.change_percent) for one in months], drawn=run.out.terminal)
    rows = [
        [
            one.month,
            amount,
            one.currency,
            change,
            str(one.covered) if one.covered == one.days else f"{one.covered}/{one.days}",
            *([_bar(one.amount, highest[one.currency])] if run.out.terminal else []),
        ]
        for one, amount, change in zip(months, amounts, changes, strict=True)
    ]
    headers = [_("Month"), _("Spend"), _("Currency"), _("Change"), _("Days"), ""]
    run.out.table(headers, rows)


def _horizons(run: Run, wiki: Wiki, found: Spending) -> None:
    """The products of the last month, dearest first, with their changes at each horizon."""
    from aswiki.domain.spending.swing import TOTAL, scope_label

    changes = {(one.scope, one.currency, one.horizon): one for one in found.swings}
    shown = [(TOTAL, one.currency, one.amount) for one in found.months if _is_last(one, found)]
    products = [(one.product, one.currency, one.amount) for one in found.products]
    known = {(product.casefold(), currency) for product, currency, _a in [*shown, *products]}
    gone = dict.fromkeys(
        (one.scope, one.currency, Decimal(0))
        for one in found.swings
        if (one.scope.casefold(), one.currency) not in known
    )
    more = len(products) - SHOWN_PRODUCTS
    shown += [*products[:SHOWN_PRODUCTS], *gone]
    amounts = _right([_amount(amount) for _s, _c, amount in shown], drawn=run.out.terminal)
    months = [one for one in found.swings if one.horizon != "week"]
    old = {(one.scope, one.currency) for one in months if not one.new}
    marks = {
        horizon: _right(
            [
                _mark(changes.get((scope, currency, horizon)), is_new=(scope, currency) not in old)
                for scope, currency, _a in shown
            ],
            drawn=run.out.terminal,
        )
        for horizon in HORIZONS
    }
    rows = [
        [scope_label(scope), amounts[n], currency, *(marks[horizon][n] for horizon in HORIZONS)]
        for n, (scope, currency, _a) in enumerate(shown)
    ]
    labels = [wiki.vocabulary.label("horizon", one, current()) for one in HORIZONS]
    if run.out.terminal:
        run.out.result("")
    run.out.table([found.months[-1].month, _("Spend"), _("Currency"), *labels], rows)
    if more > 0:
        run.out.note(_("Products not shown: {n}; --json has them all.").format(n=more))
    left_out = [_named(wiki, one) for one in found.months if _is_last(one, found) and one.left_out]
    if left_out:
        run.out.note(_("Not counted: {charges}.").format(charges="; ".join(left_out)))
    if any(one.is_unexplained for one in found.swings):
        said = _("! waits for: {command}")
        words = f"aswiki explain {found.customer} --month {found.months[-1].month}"
        run.out.note(said.format(command=words))


def _is_last(one: MonthTotal, found: Spending) -> bool:
    return one.month == found.months[-1].month


def _named(wiki: Wiki, one: MonthTotal) -> str:
    label = wiki.vocabulary.label
    return ", ".join(
        f"{label('charge', charge, current())} {_amount(amount)} {one.currency}"
        for charge, amount in one.left_out.items()
    )


def _mark(swing: Swing | None, *, is_new: bool) -> str:
    """A change with its mark: ! fired and unexplained, * fired and explained."""
    from aswiki.domain.spending.swing import percent_label

    if swing is None or swing.new:
        return _("new") if is_new and swing is not None and swing.horizon == "short" else ""
    sign = "!" if swing.is_unexplained else "*" if swing.fired else " "
    return percent_label(swing.impact_percent) + sign


def explain(
    run: Run,
    customer: Annotated[str, CUSTOMER],
    month: Annotated[Text, MONTH] = None,
    as_: Annotated[
        Text,
        typer.Option("--as", metavar="ANSWER", help=N_("planned, confirmed or false_alarm")),
    ] = None,
    text: Annotated[Text, typer.Option(metavar="TEXT", help=N_("Why it swung"))] = None,
    scope: Annotated[
        Text,
        typer.Option(metavar="SCOPE", help=N_("total or a product; else all that is unexplained")),
    ] = None,
    horizon: Annotated[
        Text, typer.Option(metavar="HORIZON", help=N_("week, short, middle or long; else all"))
    ] = None,
    related: Annotated[
        Text, typer.Option(metavar="REF", help=N_("A record that says more"))
    ] = None,
) -> None:
    """Say why spend swung.

    The answer goes onto the month's usage page, one to each swing that fired. A new answer to the
    same swing takes the place of the old one, which the history keeps.

        aswiki explain acme --month 2026-10 --as planned --text "Scaled out for the sale"
        aswiki explain 蓝鲸游戏 --month 上个月 --as 属实 --text "备份改放友商" --scope 对象存储
    """
    from aswiki.wiki import explaining

    month = month or ask(run, _("Which month, as in 2026-10?"), "--month")
    feedback = word_of(run, as_, _("What is it?"), "--as", "feedback")
    text = text_of(run, text, _("Why did it swing?"), "--text")
    saved = explaining.explain(
        opened(run),
        customer,
        asked(run),
        month=month,
        feedback=feedback,
        text=text,
        scope=scope,
        horizon=horizon,
        related=related,
    )
    say(run, saved)


def _skipped(run: Run, paths: Iterable[str]) -> None:
    for path in paths:
        run.out.warning(_("{path} cannot be read and was skipped.").format(path=path))


def _amount(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f}"


def _right(cells: Sequence[str], *, drawn: bool) -> list[str]:
    """The cells, on a terminal filled up from the left so that figures stand in line."""
    width = max((len(cell) for cell in cells), default=0) if drawn else 0
    return [cell.rjust(width) if drawn else cell.strip() for cell in cells]


def _bar(amount: Decimal, highest: Decimal) -> str:
    """A bar as long as the amount is of the highest, to an eighth of a cell."""
    if amount <= 0 or highest <= 0:
        return ""
    whole, eighths = divmod(int(amount * BAR * 8 / highest), 8)
    return "█" * whole + " ▏▎▍▌▋▊▉"[eighths].strip()

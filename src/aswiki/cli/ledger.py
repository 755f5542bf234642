"""The command ``ledger``: what runs across all customers, a table of the columns that matter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from aswiki.cli.frame import CUSTOMER_OPTION
from aswiki.cli.progress import Progress
from aswiki.cli.run import Run, ask
from aswiki.cli.saved import opened
from aswiki.lang import N_, _, current

if TYPE_CHECKING:
    from aswiki.wiki.wiki import Wiki


class Column(NamedTuple):
    """A column of a ledger's table: its header, the row's key, and the words its values are of."""

    header: str
    key: str
    vocabulary: str = ""


_REF = Column(N_("Reference"), "ref")
_STATUS = N_("Status")
_AT = Column(N_("Time"), "at")
COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "promises": (
        _REF,
        Column(N_("Promise"), "what"),
        Column(N_("By"), "person"),
        Column(N_("Department"), "department"),
        Column(N_("Due on"), "due_on"),
        Column(_STATUS, "status", "promise_status"),
        Column(N_("Days overdue"), "overdue_days"),
    ),
    "blame": (
        _REF,
        Column(_STATUS, "status", "blame_status"),
        Column(N_("Accused at"), "accused_at"),
        Column(N_("Cleared at"), "cleared_at"),
        Column(N_("Days carried"), "days_carried"),
        Column(N_("True cause"), "true_cause_party", "root_cause_party"),
        Column(N_("What was said"), "statement"),
    ),
    "scope": (
        _REF,
        Column(N_("Said by"), "said_by"),
        Column(N_("Hours said"), "said_hours"),
        Column(N_("Hours in fact"), "actual_hours"),
        Column(N_("Gap"), "gap_hours"),
        Column(N_("Final contact"), "final_contact"),
        Column(N_("Why"), "gap_reason"),
    ),
    "demands": (
        _REF,
        _AT,
        Column(N_("By"), "by"),
        Column(N_("Department"), "department"),
        Column(N_("Level"), "level"),
        Column(N_("Demand"), "text"),
        Column(N_("Hours to result"), "hours_to_result"),
    ),
    "deflections": (
        _REF,
        Column(N_("Hops"), "hops"),
        Column(N_("Chain"), "chain"),
        Column(N_("Loops"), "loops"),
        Column(N_("Outcome"), "escalation_outcome", "escalation_outcome"),
    ),
    "signals": (
        _REF,
        _AT,
        Column(N_("Kind"), "kind", "signal_kind"),
        Column(N_("Claimed reason"), "claimed_reason"),
        Column(N_("Fault of the platform"), "platform_fault", "platform_fault"),
        Column(N_("Advice"), "advice"),
    ),
    "feelings": (
        _REF,
        _AT,
        Column(N_("Said by"), "said_by"),
        Column(N_("About"), "about"),
        Column(N_("Sentiment"), "sentiment"),
        Column(N_("Word for word"), "verbatim"),
    ),
    "syncs": (
        _REF,
        Column(N_("Sales"), "sales_person"),
        Column(N_("Happened"), "happened_at"),
        Column(N_("Told us"), "synced_at"),
        Column(N_("Lag in hours"), "lag_hours"),
        Column(N_("Days since the last"), "days_since_last"),
    ),
    "complaints": (
        _REF,
        Column(N_("Category"), "category", "complaint_category"),
        Column(_STATUS, "status", "complaint_status"),
        Column(N_("Received"), "received_at"),
        Column(N_("Days"), "days"),
        Column(N_("Counts for"), "counts_for"),
        Column(N_("Cleared by"), "cleared_by"),
    ),
    "help": (
        _REF,
        Column(N_("Given by"), "given_by"),
        Column(N_("Received by"), "received_by"),
        Column(N_("Topic"), "topic"),
        Column(N_("Minutes"), "minutes"),
        Column(N_("Gave in all"), "giver_gave_minutes"),
        Column(N_("Received in all"), "giver_received_minutes"),
    ),
}
"""A ledger's word → the columns of its table."""


def ledger(
    run: Run,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="LEDGER",
            help=N_(
                "promises, blame, scope, demands, deflections, signals, feelings, syncs, complaints"
                " or help"
            ),
        ),
    ] = None,
    customer: Annotated[str | None, CUSTOMER_OPTION] = None,
    only_open: Annotated[bool, typer.Option("--open", help=N_("Only what is open still"))] = False,
) -> None:
    """Promises, blame and more across all customers.

    Each row says what follows from the records: days overdue and carried, the gap between said and
    actual hours, hops and loops among departments, the lag of sales. A ledger may be named in
    Chinese. What was heard and help never close, so --open leaves them whole.

        aswiki ledger promises --open
        aswiki ledger 背锅 --customer 蓝鲸游戏
    """
    from aswiki.domain.ledgers.all import NAMES
    from aswiki.wiki import ledgers

    name = name or ask(run, _("Which ledger?"), "LEDGER", _choices(NAMES))
    ledgers.named(name)
    wiki = opened(run)
    with Progress(_("Reading"), quiet=run.quiet) as progress:
        kept = ledgers.ledger(wiki, name, customer=customer, only_open=only_open, progress=progress)
    for path in kept.skipped:
        run.out.warning(_("{path} cannot be read and was skipped.").format(path=path))
    if run.json:
        run.out.json(kept.rows)
        return
    columns = COLUMNS[kept.name]
    cells = [[_cell(wiki, row[column.key], column) for column in columns] for row in kept.rows]
    run.out.table([_(column.header) for column in columns], cells)
    if not kept.rows:
        run.out.note(_("The ledger is empty."))


def _choices(names: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    return {key: zh if current() == "zh" else en for key, (en, zh) in names.items()}


def _cell(wiki: Wiki, value: Any, column: Column) -> object:  # noqa: ANN401 - a row's value
    if value is not None and column.vocabulary:
        return wiki.vocabulary.label(column.vocabulary, str(value), current())
    if isinstance(value, datetime):
        return value.astimezone(wiki.zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if column.key == "chain":
        return ", ".join(f"{hop['from']} → {hop['to']}" for hop in value)
    if column.key == "loops":
        return ", ".join(" → ".join(loop) for loop in value)
    return value

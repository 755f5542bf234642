"""The importing commands: a foreign file to one commit, what could not be taken to stderr."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aswiki.cli.frame import CUSTOMER_OPTION
from aswiki.cli.run import Run, ask, missing
from aswiki.cli.saved import asked, opened, say, success, warnings
from aswiki.errors import BadInput
from aswiki.lang import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aswiki.importers.incidents import Rejection
    from aswiki.wiki.imports.bill_accounts import Unmatched
    from aswiki.wiki.imports.bills import Told
    from aswiki.wiki.imports.tables import Wanted
    from aswiki.wiki.saving import Saved
    from aswiki.wiki.wiki import Wiki

_CUSTOMER = typer.Option(
    "--customer",
    metavar="CUSTOMER",
    help=N_("Whose records they become, by slug, name or pinyin"),
    autocompletion=CUSTOMER_OPTION.autocompletion,
)

_OWN_MAP = typer.Option(
    "--map", metavar="NAME", help=N_("A column map of your own: maps/NAME.toml in the wiki")
)
_STRICT = typer.Option("--strict", help=N_("Write nothing if one row cannot be taken"))
_TABLE = typer.Argument(metavar="FILE", help=N_("CSV or Excel (.xlsx)"))
_BILLS = typer.Argument(metavar="FILE", help=N_("Bills: CSV, also compressed, Excel or Parquet"))
_WHOSE_BILL = typer.Option(
    "--customer",
    metavar="CUSTOMER",
    help=N_("Whose all rows are; else the accounts in the profiles decide"),
    autocompletion=CUSTOMER_OPTION.autocompletion,
)
_TABLE_OR_CARDS = typer.Argument(metavar="FILE", help=N_("CSV, Excel (.xlsx) or vCard"))


def import_incidents(
    run: Run,
    file: Annotated[str, typer.Argument(metavar="FILE", help=N_("JSON, JSON Lines or CSV"))],
    customer: Annotated[str | None, _CUSTOMER] = None,
    map_name: Annotated[
        str | None,
        typer.Option("--map", metavar="NAME", help=N_("The import map: maps/NAME.toml, or ours")),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help=N_("Write nothing if one entry cannot be taken"))
    ] = False,
) -> None:
    """Import incidents from a file.

    The import map says how the file's entries become records; docs/imports.md shows how to write
    one. What was imported before is known by its id and left alone, so a newer export of the same
    system can be imported again. Entries that cannot be taken are named and left out.

        aswiki import incidents incidents.json --customer acme --map gcp-status
    """
    from aswiki.cli.progress import Progress
    from aswiki.wiki.imports import incidents as importing

    _refuse_one_record_options(run)
    wiki = opened(run)
    customer = customer or _ask_customer(run, wiki)
    names = {name: name for name in importing.map_names(wiki)}
    map_name = map_name or ask(run, _("Which import map?"), "--map", names)
    wanted = importing.Wanted(Path(file), customer, map_name, strict)

    def told(rejection: Rejection) -> None:
        run.out.warning(_sentence(wanted.file.name, rejection))

    with Progress(_("Reading"), quiet=run.quiet) as progress:
        saved = importing.import_incidents(wiki, wanted, asked(run), told=told, progress=progress)
    customer = saved.refs[0].partition("/")[0] if saved.refs else customer
    what = _("{customer}: {n} imported from {file}")
    _say(run, saved, what.format(customer=customer, n=len(saved.refs), file=wanted.file.name))


def import_customers(
    run: Run,
    file: Annotated[str, _TABLE],
    map_name: Annotated[str | None, _OWN_MAP] = None,
    strict: Annotated[bool, _STRICT] = False,
) -> None:
    """Import customers from a table.

    Columns are known by their headings, in Chinese or English. A customer who is there already is
    left alone. Rows that cannot be taken are named by their number and left out; --dry-run shows
    what would be made.

        aswiki import customers 客户台账.xlsx --dry-run
    """
    from aswiki.cli.progress import Progress
    from aswiki.wiki.imports.customers import import_customers as use
    from aswiki.wiki.imports.tables import Wanted

    _refuse_one_record_options(run)
    wiki, wanted = opened(run), Wanted(Path(file), map_name, strict)
    with Progress(_("Reading"), quiet=run.quiet) as progress:
        saved = use(wiki, wanted, asked(run), told=_teller(run, wanted), progress=progress)
    _say(run, saved, _imported(wanted, saved))


def import_contacts(
    run: Run,
    file: Annotated[str, _TABLE_OR_CARDS],
    customer: Annotated[str | None, _CUSTOMER] = None,
    map_name: Annotated[str | None, _OWN_MAP] = None,
    strict: Annotated[bool, _STRICT] = False,
) -> None:
    """Import contacts from a table or from vCards.

    A column, or the card's organisation, names the customer; --customer stands in where none does.
    Of a contact who is there already only empty fields are filled. Rows that cannot be taken are
    named by their number and left out; --dry-run shows what would be written.

        aswiki import contacts 通讯录.vcf --customer 蓝鲸游戏
    """
    from aswiki.cli.progress import Progress
    from aswiki.wiki.imports.contacts import import_contacts as use
    from aswiki.wiki.imports.tables import Wanted

    _refuse_one_record_options(run)
    wiki, wanted = opened(run), Wanted(Path(file), map_name, strict, customer)
    with Progress(_("Reading"), quiet=run.quiet) as progress:
        saved = use(wiki, wanted, asked(run), told=_teller(run, wanted), progress=progress)
    _say(run, saved, _imported(wanted, saved))


def import_focus(
    run: Run,
    files: Annotated[list[str], _BILLS],
    customer: Annotated[str | None, _WHOSE_BILL] = None,
    strict: Annotated[bool, _STRICT] = False,
) -> None:
    """Import bills in FOCUS, the billing format that clouds share.

    Rows go to the customer whose profile holds the account, one usage page a month. What the page
    held of the same provider and account is replaced; what somebody answered to a swing stays. Rows
    of accounts that no profile holds are listed with their sums.

        aswiki import focus focus-2026-10.csv --dry-run
    """
    from aswiki.cli.progress import Progress
    from aswiki.wiki.imports.bills import Wanted as Bills
    from aswiki.wiki.imports.bills import import_focus as use

    _refuse_one_record_options(run)
    wiki, wanted = opened(run), Bills([Path(file) for file in files], customer, strict=strict)
    with Progress(_("Reading"), quiet=run.quiet) as progress:
        saved = use(wiki, wanted, asked(run), told=_bill_teller(run), progress=progress)
    _say(run, saved, _billed(wanted.files, saved))


def import_bill(
    run: Run,
    files: Annotated[list[str], _BILLS],
    map_name: Annotated[
        str | None,
        typer.Option(
            "--map",
            metavar="NAME",
            help=N_("The map of its columns: maps/NAME.toml, or ours; else [billing] map"),
        ),
    ] = None,
    customer: Annotated[str | None, _WHOSE_BILL] = None,
    strict: Annotated[bool, _STRICT] = False,
) -> None:
    """Import bills with columns of their own.

    A map says which column is what; docs/imports.md shows how to write one. Everything else is as
    with import focus.

        aswiki import bill 账单-2026-10.csv --map aliyun
    """
    from aswiki.cli.progress import Progress
    from aswiki.wiki.imports.bills import Wanted as Bills
    from aswiki.wiki.imports.bills import default_map
    from aswiki.wiki.imports.bills import import_bill as use
    from aswiki.wiki.imports.incidents import map_names

    _refuse_one_record_options(run)
    wiki = opened(run)
    if run.interactive and not (map_name or default_map(wiki)):
        names = {name: name for name in map_names(wiki, "bills")}
        map_name = ask(run, _("Which import map?"), "--map", names)
    wanted = Bills([Path(file) for file in files], customer, map_name, strict)
    with Progress(_("Reading"), quiet=run.quiet) as progress:
        saved = use(wiki, wanted, asked(run), told=_bill_teller(run), progress=progress)
    _say(run, saved, _billed(wanted.files, saved))


def _bill_teller(run: Run) -> Told:
    """Says what went to no page: single rows with the reason, accounts with their sums."""

    def told(file: str, row: Rejection | Unmatched) -> None:
        from aswiki.importers.incidents import Rejection

        if isinstance(row, Rejection):
            sentence = _("{file}: row {row}: {reason}")
            run.out.warning(sentence.format(file=file, row=row.row, reason=row.reason))
        else:
            run.out.warning(_stranger(row))

    return told


def _stranger(one: Unmatched) -> str:
    accounts = " / ".join(filter(None, (one.account, one.sub_account))) or _("no account")
    sums = ", ".join(f"{column} {format(amount, 'f')}" for column, amount in one.sums.items())
    said = _("{provider} {account}, {month}, {currency}: {sums} (rows without a page: {rows})")
    return said.format(
        provider=one.provider,
        account=accounts,
        month=one.month,
        rows=one.rows,
        currency=one.currency,
        sums=sums,
    ).strip()


def _billed(files: Sequence[Path], saved: Saved) -> str:
    file = files[0].name if len(files) == 1 else _("{n} files").format(n=len(files))
    said = _("Usage pages written from {file}: {n}")
    return said.format(n=saved.more["records"], file=file)


def _teller(run: Run, wanted: Wanted) -> Callable[[Rejection], None]:
    def told(rejection: Rejection) -> None:
        sentence = _("{file}: row {row} ({name}): {reason}")
        if not rejection.id:
            sentence = _("{file}: row {row}: {reason}")
        run.out.warning(
            sentence.format(
                file=wanted.file.name,
                row=rejection.row,
                name=rejection.id,
                reason=rejection.reason,
            )
        )

    return told


def _imported(wanted: Wanted, saved: Saved) -> str:
    said = _("{n} imported from {file}")
    return said.format(n=saved.more["records"], file=wanted.file.name)


def _say(run: Run, saved: Saved, what: str) -> None:
    """The shared answer, but with a success line of its own."""
    if run.json or run.dry_run or saved.commit is None:
        say(run, saved)
        return
    for line in saved.echo:
        run.out.note(line)
    for warning in warnings(saved):
        run.out.warning(warning)
    run.out.result(success(what, saved.commit))


def _sentence(file: str, rejection: Rejection) -> str:
    if not rejection.id:
        told = _("{file}: entry {row}: {reason}")
        return told.format(file=file, row=rejection.row, reason=rejection.reason)
    told = _("{file}: entry {row} (id {id}): {reason}")
    return told.format(file=file, row=rejection.row, id=rejection.id, reason=rejection.reason)


def _ask_customer(run: Run, wiki: Wiki) -> str:
    from aswiki.wiki.lookup import named_customers

    if not run.interactive:
        raise missing("--customer")
    names = [word for known in named_customers(wiki) for word in (known.slug, known.name)]
    return ask(run, _("Which customer?"), "--customer", complete=names)


def _refuse_one_record_options(run: Run) -> None:
    """An import has many records, each with its own time and text."""
    given = {"--at": run.at, "--body-file": run.body_file, "--edit": run.edit}
    for option, value in given.items():
        if value:
            raise BadInput(
                "not-for-imports",
                _("{option} is for one record, not for an import.").format(option=option),
                _("The import map says where times and texts come from."),
            )

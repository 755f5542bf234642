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
    from aswiki.importers.incidents import Rejection
    from aswiki.wiki.importing import Wanted
    from aswiki.wiki.saving import Saved
    from aswiki.wiki.wiki import Wiki

_CUSTOMER = typer.Option(
    "--customer",
    metavar="CUSTOMER",
    help=N_("Whose records they become, by slug, name or pinyin"),
    autocompletion=CUSTOMER_OPTION.autocompletion,
)


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
    from aswiki.wiki import importing

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
    _say(run, wanted, saved)


def _say(run: Run, wanted: Wanted, saved: Saved) -> None:
    """The shared answer, but a success line that names the customer and the number."""
    if run.json or run.dry_run or saved.commit is None:
        say(run, saved)
        return
    for line in saved.echo:
        run.out.note(line)
    for warning in warnings(saved):
        run.out.warning(warning)
    what = _("{customer}: {n} imported from {file}").format(
        customer=saved.refs[0].partition("/")[0], n=len(saved.refs), file=wanted.file.name
    )
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

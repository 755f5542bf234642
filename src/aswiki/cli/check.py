"""The checking commands: records against the rules, and the schema itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from aswiki.cli.options import wiki_folder
from aswiki.cli.progress import Progress
from aswiki.cli.run import Run
from aswiki.cli.saved import opened
from aswiki.errors import BadInput
from aswiki.lang import N_, _


def validate(
    run: Run,
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH...", help=N_("Files or folders; the whole wiki unless said")),
    ] = None,
    fix: Annotated[
        bool, typer.Option("--fix", help=N_("Rewrite files as UTF-8, NFC and LF; stages nothing"))
    ] = False,
    due: Annotated[
        bool, typer.Option("--due", help=N_("Look for what depends on today too"))
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help=N_("Fail on warnings too"))] = False,
    format: Annotated[str | None, typer.Option(metavar="FORMAT", help=N_("text or json"))] = None,
) -> int:
    """Check records against the rules.

    Exit 1 when there are errors, with --strict on warnings too.

        aswiki validate customers/acme --strict
    """
    from aswiki.wiki import validating

    if format not in (None, "text", "json"):
        raise BadInput(
            "unknown-format",
            _("{format} is no format of validate.").format(format=format),
            _("Choose one of: {choices}.").format(choices="text, json"),
        )
    with Progress(_("Checking"), quiet=run.quiet) as progress:
        found = validating.settings_stand(run.folder()) or validating.validate(
            opened(run), paths or (), due=due, fix=fix, progress=progress
        )
    if run.json:
        problems = [problem.as_json() for problem in found.problems]
        run.out.json({"checked": found.checked, "problems": problems})
        return found.exit_code(strict=strict)
    for p in found.problems:
        hint = f" {p.hint}" if p.hint else ""
        run.out.result(f"{p.path}:{p.line}:{p.column}: {p.code} {p.message}{hint}")
    errors = sum(problem.level == "error" for problem in found.problems)
    said = _("Files checked: {n}. Errors: {errors}. Warnings: {warnings}.")
    warnings = len(found.problems) - errors
    run.out.note(said.format(n=found.checked, errors=errors, warnings=warnings))
    return found.exit_code(strict=strict)


def schema(
    run: Run,
    name: Annotated[
        str | None,
        typer.Argument(metavar="TYPE", help=N_("A record type, aswiki.toml or people.toml")),
    ] = None,
    format: Annotated[
        Literal["json", "md"] | None,
        typer.Option(help=N_("JSON Schema, or a page to read: md on a terminal, else json")),
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help=N_("Write one JSON Schema file a type into a folder")),
    ] = None,
) -> None:
    """Print the schema of record types.

    Inside a wiki its own words are part of it. A type may be given by its key or label.

        aswiki schema 投诉
        aswiki schema event --format md
        aswiki schema --write schemas
    """
    from aswiki.domain.schema_page import markdown
    from aswiki.wiki import schema as schemas

    words = schemas.words_of(run.folder() if run.wiki else wiki_folder(None))
    names = schemas.chosen(name, words)
    if write is not None:
        _write_schemas(run, write, schemas.documents(names, words), format)
    elif format == "md" or (format is None and run.out.terminal):
        run.out.markdown(markdown(names[0] if name else None, words))
    else:
        found = schemas.documents(names, words)
        run.out.json(found[names[0]] if name else found)


def _write_schemas(
    run: Run, folder: Path, found: dict[str, dict[str, object]], format: str | None
) -> None:
    from aswiki.wiki.schema import write

    if format == "md":
        raise BadInput(
            "unknown-format",
            _("--write writes JSON Schema, not {format}.").format(format=format),
            _("Leave --format out, or send the page to a file: --format md > FILE"),
        )
    paths = [str(path) for path in write(folder, found)]
    if run.json:
        run.out.json({"written": paths})
    else:
        run.out.result("\n".join(paths))

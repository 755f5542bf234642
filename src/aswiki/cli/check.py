"""The checking commands: records against the rules, and the schema itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from aswiki.cli.options import wiki_folder
from aswiki.cli.progress import Progress
from aswiki.cli.run import Run
from aswiki.errors import BadInput
from aswiki.lang import N_, _

if TYPE_CHECKING:
    from aswiki.wiki.checks.validating import Asked, Validation


FORMATS = ("text", "md", "json", "github", "gitlab", "sarif", "rdjson")
MANY = 5
"""The names that a note gives before it counts."""


def validate(
    run: Run,
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH", help=N_("Files, folders or customers; the whole wiki unless said")
        ),
    ] = None,
    staged: Annotated[
        bool, typer.Option("--staged", help=N_("Check what is staged in git, as a commit takes it"))
    ] = False,
    fix: Annotated[
        bool,
        typer.Option("--fix", help=N_("Mend encodings, labels and times in place; stages nothing")),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=N_("With --fix: show the change as a diff"))
    ] = False,
    due: Annotated[
        bool, typer.Option("--due", help=N_("Look for what depends on today too"))
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help=N_("Fail on warnings too"))] = False,
    format: Annotated[
        str | None, typer.Option(metavar="FORMAT", help=N_("text, md, json or a code host's"))
    ] = None,
) -> int:
    """Check records against the rules.

    Exit 1 when there are errors, with --strict on warnings too. Paths that are no records are
    skipped, so that a hook may name every file of a commit. Formats: text, md (for a comment),
    json, github (annotations), gitlab (code quality), sarif, rdjson; their paths are from the top
    of the repository, those of text and json from the wiki's folder.

    --fix writes files as UTF-8, NFC and LF, keys for labels, and the wiki's offset behind times
    that have none. What a record says stays the same. Take it in with aswiki commit.

        aswiki validate customers/acme --strict
        aswiki validate --staged
        aswiki validate --fix --dry-run
        aswiki validate --format sarif > aswiki.sarif
    """
    from aswiki.wiki.checks import validating
    from aswiki.wiki.wiki import Wiki

    if format not in (None, *FORMATS):
        raise BadInput(
            "unknown-format",
            _("{format} is no format of validate.").format(format=format),
            _("Choose one of: {choices}.").format(choices=", ".join(FORMATS)),
        )
    if staged and fix:
        raise BadInput(
            "fix-staged",
            _("--fix mends the files of the folder, --staged checks what git's index holds."),
            _("Run aswiki validate --fix, then git add the files, then validate --staged."),
        )
    folder = _folder(run, paths or ())
    asked = validating.Asked(paths or (), due, staged, fix, dry_run)
    with Progress(_("Checking"), quiet=run.quiet) as progress:
        found = validating.settings_stand(folder) or validating.validate(
            Wiki.open(folder), asked, progress
        )
    _say(run, found, asked, format or "text")
    return found.exit_code(strict=strict)


def _folder(run: Run, paths: Sequence[str]) -> Path:
    """The wiki's folder; with none named nor here nor above, that of the first path."""
    from aswiki.errors import Unusable

    try:
        return run.folder()
    except Unusable:
        if run.wiki is not None:
            raise
        for parent in Path(*paths[:1]).absolute().parents:
            if (parent / "aswiki.toml").is_file():
                return parent
        raise


def _say(run: Run, found: Validation, asked: Asked, format: str) -> None:
    if run.json:
        problems = [problem.as_json() for problem in found.problems]
        document: dict[str, object] = {"checked": found.checked, "problems": problems}
        document |= {"fixed": found.fixed} if asked.fix else {}
        run.out.json(document | ({"diff": found.diff} if asked.dry_run else {}))
    else:
        if found.diff and format == "text":
            run.out.diff(found.diff)
        if written := _written(found, format):
            run.out.ready(written)
    if found.skipped:
        run.out.note(_("No records, skipped: {paths}").format(paths=_some(found.skipped)))
    if found.fixed:
        would = _("Would be mended: {paths}") if asked.dry_run else _("Mended: {paths}")
        run.out.note(would.format(paths=_some(found.fixed)))
    errors = sum(problem.level == "error" for problem in found.problems)
    said = _("Files checked: {n}. Errors: {errors}. Warnings: {warnings}.")
    warnings = len(found.problems) - errors
    run.out.note(said.format(n=found.checked, errors=errors, warnings=warnings))


def _written(found: Validation, format: str) -> str:
    from aswiki.render import problems

    if format == "text":
        return problems.text(found.problems)
    if format == "rdjson":
        return problems.rdjson(found.problems, found.prefix, found.text_of)
    return problems.FORMATS[format](found.problems, found.prefix)


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:MANY])
    more = len(names) - MANY
    return shown if more <= 0 else f"{shown} " + _("({n} more)").format(n=more)


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

    Inside a wiki its own words are part of it. A type may be given by its key or label. --write
    without TYPE sets editors up as well: settings of VS Code and Obsidian and snippets, in the
    wiki's folder, added to yours.

        aswiki schema 投诉
        aswiki schema event --format md
        aswiki schema --write schemas
    """
    from aswiki.domain.schema_page import markdown
    from aswiki.wiki import schema as schemas

    folder = run.folder() if run.wiki else wiki_folder(None)
    words = schemas.words_of(folder)
    names = schemas.chosen(name, words)
    if write is not None:
        _write_schemas(run, write, folder, names[0] if name else None, format)
    elif format == "md" or (format is None and run.out.terminal):
        run.out.markdown(markdown(names[0] if name else None, words))
    else:
        found = schemas.documents(names, words)
        run.out.json(found[names[0]] if name else found)


def _write_schemas(
    run: Run, folder: Path, root: Path | None, name: str | None, format: str | None
) -> None:
    from aswiki.wiki import schema as schemas
    from aswiki.wiki.editor_files import write

    if format == "md":
        raise BadInput(
            "unknown-format",
            _("--write writes JSON Schema, not {format}.").format(format=format),
            _("Leave --format out, or send the page to a file: --format md > FILE"),
        )
    done = write(folder, root, name, schemas.words_of(root), schemas.language_of(root))
    paths = [str(path) for path in done.paths]
    if run.json:
        run.out.json({"written": paths, "warnings": done.warnings})
        return
    run.out.result("\n".join(paths))
    for warning in done.warnings:
        run.out.warning(warning)

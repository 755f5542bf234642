"""The checking commands: records against the rules, and the schema itself."""

from __future__ import annotations

from typing import Annotated

import typer

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
        bool, typer.Option("--fix", help=N_("Write files of odd encoding anew; stages nothing"))
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
    from aswiki.wiki import checking

    if format not in (None, "text", "json"):
        raise BadInput(
            "unknown-format",
            _("{format} is no format of validate.").format(format=format),
            _("Choose one of: {choices}.").format(choices="text, json"),
        )
    with Progress(_("Checking"), quiet=run.quiet) as progress:
        found = checking.validate(opened(run), paths or (), due=due, fix=fix, progress=progress)
    if run.json:
        problems = [problem.as_json() for problem in found.problems]
        run.out.json({"checked": found.checked, "problems": problems})
        return found.exit_code(strict=strict)
    for p in found.problems:
        hint = f" {p.hint}" if p.hint else ""
        run.out.result(f"{p.path}:{p.line}:{p.column}: {p.code} {p.message}{hint}")
    errors = sum(problem.level == "error" for problem in found.problems)
    said = _("{n} files checked: {errors} errors, {warnings} warnings.")
    warnings = len(found.problems) - errors
    run.out.note(said.format(n=found.checked, errors=errors, warnings=warnings))
    return found.exit_code(strict=strict)

"""The command ``review``: what commits change, against the rules, for a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aswiki.cli.progress import Progress
from aswiki.cli.run import Run
from aswiki.errors import BadInput
from aswiki.lang import N_, _

if TYPE_CHECKING:
    from aswiki.wiki.review.reviewing import Review

FORMATS = ("text", "md", "json", "github", "gitlab", "sarif", "rdjson")


def review(
    run: Run,
    commits: Annotated[
        str | None,
        typer.Argument(
            metavar="BASE..HEAD", help=N_("The commits; unless said what main does not have yet")
        ),
    ] = None,
    format: Annotated[
        str | None, typer.Option(metavar="FORMAT", help=N_("text, md, json or a code host's"))
    ] = None,
) -> int:
    """Check what commits change.

    Every file that changed is validated as HEAD has it, and compared with what it was where the two
    branches parted, as a pull request does. Nothing said may be lost: log entries, quotes, evidence
    and records stay, and what moves says why. Nothing of the working folder is looked at. Exit 1
    when there are errors.

    Formats: text, md (one comment under a pull request), json, github (annotations), gitlab (code
    quality), sarif, rdjson.

        aswiki review main..HEAD
        aswiki review origin/main..HEAD --format md
    """
    from aswiki.wiki.review import reviewing

    if format not in (None, *FORMATS):
        raise BadInput(
            "unknown-format",
            _("{format} is no format of review.").format(format=format),
            _("Choose one of: {choices}.").format(choices=", ".join(FORMATS)),
        )
    wiki = reviewing.opened(run.folder())
    with Progress(_("Checking"), quiet=run.quiet) as progress:
        found = reviewing.review(wiki, commits, progress=progress)
    if run.json:
        run.out.json(_document(found))
    elif format in (None, "text"):
        _print(run, found)
    elif written := _written(found, format or ""):
        run.out.ready(written)
    errors = sum(problem.level == "error" for problem in found.problems)
    run.out.note(
        _("{base}..{head}: files checked: {n}. Errors: {errors}. Warnings: {warnings}.").format(
            base=found.span.base[:10],
            head=found.span.head[:10],
            n=found.checked,
            errors=errors,
            warnings=len(found.problems) - errors,
        )
    )
    return found.exit_code


def _document(found: Review) -> dict[str, object]:
    from aswiki.render.changes import document

    return {
        "base": found.span.base,
        "head": found.span.head,
        "checked": found.checked,
        "problems": [problem.as_json() for problem in found.problems],
        "changes": document(found.comparison)["changes"],
    }


def _print(run: Run, found: Review) -> None:
    from aswiki.cli.diff import say
    from aswiki.render import problems

    if found.problems:
        run.out.ready(problems.text(found.problems))
        run.out.result("")
    say(run, found.comparison, found.wiki.vocabulary)


def _written(found: Review, format: str) -> str:
    from aswiki.render import problems
    from aswiki.render.review import comment

    if format == "md":
        return comment(found.problems, found.comparison, found.prefix, found.wiki.vocabulary)
    if format == "rdjson":
        return problems.rdjson(found.problems, found.prefix, found.text_of)
    return problems.FORMATS[format](found.problems, found.prefix)

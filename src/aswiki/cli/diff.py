"""The command ``diff``, and what git calls to show a record's changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from aswiki.cli.options import wiki_folder
from aswiki.cli.progress import Progress
from aswiki.cli.run import Run
from aswiki.cli.saved import opened
from aswiki.errors import BadInput
from aswiki.lang import N_, _

if TYPE_CHECKING:
    from rich.console import RenderableType

    from aswiki.domain.changes.comparison import Comparison
    from aswiki.domain.vocabulary import Vocabulary

INK = {
    "label": "bold",
    "name": "bold cyan",
    "old": "red",
    "new": "green",
    "gone": "red strike",
    "come": "green underline",
    "wrong": "bold red",
}
"""The look of a word on a terminal with colour, by its tone."""


def diff(
    run: Run,
    revisions: Annotated[
        str | None,
        typer.Argument(metavar="REV|REV..REV", help=N_("What to compare; HEAD unless said")),
    ] = None,
    format: Annotated[
        Literal["text", "md", "json"],
        typer.Option(help=N_("md is for the comment of a pull request")),
    ] = "text",
) -> None:
    """What changed, by customer and record, field by field.

    Without REV the working folder is compared with the last commit, with one REV the folder with
    that, with REV..REV two commits. A REV may be a day: what was recorded by its end.

        aswiki diff
        aswiki diff HEAD~3..HEAD --format md
        aswiki diff 上周五
    """
    from aswiki.render.changes import document, markdown
    from aswiki.wiki.review import diffing

    wiki = opened(run)
    base, head = diffing.ends(revisions)
    with Progress(_("Comparing"), quiet=run.quiet) as progress:
        found = diffing.compared(wiki, base, head, progress)
    if run.json:
        run.out.json(document(found))
    elif format == "md":
        run.out.result(markdown(found, vocabulary=wiki.vocabulary))
    else:
        say(run, found, wiki.vocabulary)


def say(run: Run, found: Comparison, vocabulary: Vocabulary) -> None:
    """Print what changed, in colour on a terminal; that nothing did is only noted."""
    from aswiki.render.changes import lines, marked

    if not found.changes and not found.files:
        run.out.note(_("Nothing differs."))
    elif run.out.colour:
        run.out.rich(_drawing(found, vocabulary))
    else:
        told = (f"{'  ' * depth}{_flat(marked(line))}" for depth, line in lines(found, vocabulary))
        run.out.result("\n".join(told))


def _drawing(found: Comparison, vocabulary: Vocabulary) -> RenderableType:
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    from aswiki.render.changes import lines
    from aswiki.render.plain import visible

    def line(depth: int, spans: tuple[tuple[str, str], ...]) -> Padding:
        words = [(visible(_flat(text), keep=""), INK.get(tone, "")) for text, tone in spans]
        return Padding(Text.assemble(*words), (0, 0, 0, 2 * depth))

    return Group(*(line(depth, spans) for depth, spans in lines(found, vocabulary)))


def _flat(text: str) -> str:
    return text.replace("\n", " ")


def textconv(
    run: Run,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=N_("One version of a record"))],
) -> None:
    """Print a record as git's diff reads it: a fact a line, by its label.

    Git calls it for git diff, git show and git log -p, once aswiki doctor --fix has told git to.

        aswiki textconv customers/sunbird/profile.md
    """
    from aswiki.wiki.review.labelled import labelled

    try:
        raw = file.read_bytes()
    except OSError as error:
        raise BadInput(
            "unreadable-file",
            _("{file} cannot be read: {why}.").format(file=file, why=error.strerror),
            _("Give the path of a record's file."),
        ) from error
    run.out.result(labelled(raw, wiki_folder(str(run.wiki) if run.wiki else None)))

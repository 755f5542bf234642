"""The commands that make a wiki, make the example, and look whether all is well."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aswiki import lang
from aswiki.cli.options import wiki_folder
from aswiki.cli.run import Run
from aswiki.cli.saved import SHORT
from aswiki.errors import Unusable
from aswiki.lang import N_, _

if TYPE_CHECKING:
    from aswiki.wiki.health import Check

UNUSABLE = 4
TO_TRY = ("list customers", "history mobile-login", "report --month 2026-10")

FOLDER = typer.Argument(metavar="PATH", help=N_("The folder, made when it is missing"))
CURRENCY = typer.Option(metavar="CODE", help=N_("The currency of amounts without one"))
TIMEZONE = typer.Option(metavar="ZONE", help=N_("The IANA time zone of times without offset"))
NAME = typer.Option(metavar="NAME", help=N_("What the wiki is called; else the folder's name"))
SIGN_WITH = typer.Option(
    metavar="KEY.pub", help=N_("Your public key: every commit is signed, from the first one on")
)
REVIEW = typer.Option(
    "--review", help=N_("With CODEOWNERS and a pull request template; to a wiki that is there, too")
)
FIX = typer.Option(
    "--fix",
    help=N_(
        "Clear up what writers that died left, and tell git in a clone to sign, diff and merge"
    ),
)

STATES = {"ok": N_("ok"), "warning": N_("warning"), "problem": N_("problem")}
CHECKS = {
    "python": N_("Python"),
    "time-zones": N_("Time zones"),
    "fonts": N_("Fonts"),
    "git": N_("Git"),
    "identity": N_("Identity"),
    "signing": N_("Signing"),
    "drivers": N_("Git's drivers"),
    "wiki": N_("Wiki"),
    "settings": N_("Settings"),
    "repository": N_("Repository"),
    "safety": N_("Safety"),
    "branch": N_("Branch"),
    "hand-edits": N_("Hand edits"),
    "leftovers": N_("Leftovers"),
}


def init(
    run: Run,
    path: Annotated[Path | None, FOLDER] = None,
    currency: Annotated[str, CURRENCY] = "CNY",
    timezone: Annotated[str, TIMEZONE] = "Asia/Shanghai",
    name: Annotated[str | None, NAME] = None,
    sign_with: Annotated[Path | None, SIGN_WITH] = None,
    review: Annotated[bool, REVIEW] = False,
) -> None:
    """Make a wiki and commit it.

    In a git repository only its own files are added; elsewhere the folder becomes a repository.
    --lang is the language of new files and reports too. Without PATH it is the folder of -C, else
    the one you are in. With --sign-with you are its first admin and nobody writes unsigned: others
    are let in by key add. With --review it has what GitHub and GitLab read for a review.

        aswiki init wiki --lang zh --name "售后知识库"
        aswiki init wiki --sign-with ~/.ssh/id_ed25519.pub
        aswiki init --review
    """
    from aswiki.wiki import starting
    from aswiki.wiki.wiki import SETTINGS

    folder = path or run.wiki or Path()
    if review and (folder / SETTINGS).exists():
        _add_review(run, folder)
        return
    saved = starting.init(
        folder,
        language=lang.current(),
        currency=currency,
        timezone=timezone,
        name=name,
        sign_with=sign_with and sign_with.expanduser(),
        review=review,
    )
    root = folder.resolve()
    if run.json:
        run.out.json(_told(saved.path, saved.commit, root))
        return
    said = _("Made a wiki in {folder} (commit {commit}).")
    run.out.result(said.format(folder=root, commit=(saved.commit or "")[:SHORT]))
    run.out.note(
        _("Next, add a customer: {command}").format(command=_call(root, "new-customer NAME"))
    )


def _add_review(run: Run, folder: Path) -> None:
    """What a git host reads for a review, for a wiki that is there."""
    from aswiki.wiki.review import hosting
    from aswiki.wiki.wiki import Wiki

    saved = hosting.add(Wiki.open(folder))
    root = folder.resolve()
    if run.json:
        told = _told(saved.path, saved.commit, root)
        run.out.json({**told, "warnings": list(saved.warnings)})
        return
    for warning in saved.warnings:
        run.out.warning(warning)
    if saved.commit is None:
        run.out.result(_("Nothing to do: the files for a review are there."))
        return
    said = _("Added CODEOWNERS and a pull request template to {folder} (commit {commit}).")
    run.out.result(said.format(folder=root, commit=saved.commit[:SHORT]))
    run.out.note(_("Put names that your host knows into {file}.").format(file=saved.path))


def demo(run: Run, path: Annotated[Path | None, FOLDER] = None) -> None:
    """Make a wiki of four example customers, with the history of five months.

    Without PATH it is made in aswiki-demo. Nothing of yours is needed, not even a git identity;
    throw the folder away when you are done.
    """
    from aswiki.cli.progress import Progress
    from aswiki.wiki import starting

    folder = path or Path("aswiki-demo")
    with Progress(_("Writing the example's history"), quiet=run.quiet) as progress:
        saved = starting.demo(folder, progress)
    root, commits = folder.resolve(), saved.more["commits"]
    if run.json:
        run.out.json({**_told(saved.path, saved.commit, root), "commits": commits})
        return
    said = _("Made the example wiki in {folder} ({n} commits). Try next:")
    commands = "".join(f"\n  {_call(root, words)}" for words in TO_TRY)
    run.out.result(said.format(folder=root, n=commits) + commands)


def doctor(run: Run, fix: Annotated[bool, FIX] = False) -> int:
    """Look at this machine and the wiki, and say what is missing or unsafe and what helps.

    Exits with 4 when something keeps the wiki from being used.
    """
    from aswiki.wiki import health

    folder = wiki_folder(str(run.wiki) if run.wiki else None)
    gone = health.mend(folder) if fix and folder is not None else []
    made = health.set_up(folder) if fix and folder is not None else []
    checks = health.doctor(folder)
    problems = [check for check in checks if check.state == "problem"]
    if run.json:
        _require_healthy(problems)
        rows = [vars(check) for check in checks]
        run.out.json({"checks": rows, "fixed": [*gone, *made]} if fix else {"checks": rows})
        return 0
    for name in gone:
        run.out.note(_("Cleared up: {path}").format(path=name))
    for setting in made:
        run.out.note(_("Told git: {setting}").format(setting=setting))
    headers = (_("State"), _("What"), _("Found"), _("Remedy"))
    run.out.table(headers, (_row(check) for check in checks))
    return UNUSABLE if problems else 0


def _row(check: Check) -> tuple[str, str, str, str]:
    return (_(STATES[check.state]), _(CHECKS[check.name]), check.detail, check.remedy)


def _require_healthy(problems: list[Check]) -> None:
    """A failure has no document: what is wrong stands in the error."""
    if problems:
        words = " ".join(f"{_(CHECKS[check.name])}: {check.detail}" for check in problems)
        raise Unusable("unhealthy", words, " ".join(check.remedy for check in problems))


def _told(path: str | None, commit: str | None, folder: Path) -> dict[str, object]:
    return {"ref": None, "path": path, "commit": commit, "warnings": [], "folder": str(folder)}


def _call(folder: Path, words: str) -> str:
    """A command line on the wiki of a folder, to be copied into a shell."""
    return f"aswiki -C {shlex.quote(str(folder))} {words}"

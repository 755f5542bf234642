"""The command ``sync``: what others wrote comes here, what we wrote goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aswiki.cli.run import Run
from aswiki.cli.saved import SHORT, opened
from aswiki.lang import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aswiki.wiki.sharing.synced import Share, Synced


def sync(
    run: Run,
    remote: Annotated[
        str | None,
        typer.Argument(
            metavar="REMOTE", help=N_("A remote of git's; the branch's own unless said")
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=N_("Fetch and say what would happen; change nothing"))
    ] = False,
) -> int:
    """Exchange what was written with a remote.

    Fetches, joins the two sides field by field and entry by entry, and pushes, again where somebody
    was faster. A remote that lost history it had shown before is refused. Where a person has to
    decide nothing changes, here or there, and the exit code is 1; offline it is 4, and what you
    wrote is kept.

        aswiki sync
        aswiki sync origin --dry-run
    """
    from aswiki.wiki.sharing import syncing

    found = syncing.sync(opened(run), remote, dry_run=dry_run)
    if run.json:
        run.out.json(_document(found))
        return int(bool(found.conflicts))
    for warning in found.warnings:
        run.out.warning(warning)
    for line in _lines(found):
        run.out.result(line)
    if found.conflicts:
        run.out.note(
            _("Nothing was joined. Decide by hand: git merge --no-commit {remote}").format(
                remote=found.words
            )
        )
        run.out.note(_("Mend what is named, then: aswiki commit, aswiki sync"))
    elif not found.fetched and not found.pushed:
        run.out.note(_("Nothing new here or at {remote}.").format(remote=found.words))
    elif dry_run:
        run.out.note(_("Nothing was written."))
    return int(bool(found.conflicts))


def _document(found: Synced) -> dict[str, object]:
    def told(shares: Sequence[Share]) -> list[dict[str, object]]:
        return [{"customer": s.customer, "records": s.records, "by": s.by} for s in shares]

    return {
        "remote": found.remote,
        "branch": found.branch,
        "fetched": found.fetched,
        "pushed": found.pushed,
        "merged": found.merged,
        "commit": found.commit,
        "conflicts": [conflict.as_json() for conflict in found.conflicts],
        "came": told(found.came),
        "went": told(found.went),
        "warnings": list(found.warnings),
    }


def _lines(found: Synced) -> Iterator[str]:
    if found.fetched:
        yield _("Commits from {remote}: {n}").format(remote=found.words, n=found.fetched)
        yield from map(_share, found.came)
    for conflict in found.conflicts:
        yield f"{conflict.path}: {conflict.reason}"
    if found.merged and found.commit:
        yield _("Both sides are joined · commit {commit}").format(commit=found.commit[:SHORT])
    elif found.merged:
        yield _("Both sides would be joined by a commit.")
    if found.pushed:
        yield _("Commits to {remote}: {n}").format(remote=found.words, n=found.pushed)
        yield from map(_share, found.went)


def _share(share: Share) -> str:
    said = _("{customer} · records: {n} · {names}")
    where = share.customer or _("lessons and products")
    return "  " + said.format(customer=where, n=share.records, names=", ".join(share.by))

"""How a writing command is opened and how what it did is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aswiki.domain import records
from aswiki.lang import _

if TYPE_CHECKING:
    from aswiki.cli.run import Run
    from aswiki.wiki.drafting import Asked, Editor
    from aswiki.wiki.saving import Saved
    from aswiki.wiki.wiki import Wiki

SHORT = 10


def opened(run: Run) -> Wiki:
    """The wiki of this run."""
    from aswiki.wiki.wiki import Wiki

    return Wiki.open(run.folder())


def asked(run: Run, *, at: str | None = None) -> Asked:
    """The shared options of a writing command; ``at`` stands in for ``--at``."""
    from aswiki.wiki.drafting import Asked

    return Asked(
        at=at if at is not None else run.at,
        by=run.by,
        sets=run.sets,
        adds=run.adds,
        removes=run.removes,
        body=run.body(),
        editor=_editor(run) if run.edit else None,
        dry_run=run.dry_run,
    )


def _editor(run: Run) -> Editor:
    from aswiki.cli.editor import edit

    return lambda text, problems: edit(run, text, problems)


def anchored_on(run: Run, wiki: Wiki, occasion: str) -> None:
    """Make the anchor that ``[anchor]`` asks for on an occasion; what goes wrong is a warning."""
    if "anchor" not in wiki.settings:
        return
    from aswiki.wiki.proof import anchoring

    for warning in anchoring.occasion(wiki, occasion):
        run.out.warning(warning)


def say(run: Run, saved: Saved) -> None:
    """Print what was written: a success line, or the JSON document, or the diff of a dry run."""
    if saved.commit is not None:
        anchored_on(run, opened(run), "daily")
    for line in (*saved.echo, *_similar(saved)):
        run.out.note(line)
    if run.json:
        run.out.json(_document(run, saved))
        return
    for warning in warnings(saved):
        run.out.warning(warning)
    if run.dry_run:
        run.out.diff(saved.diff or "")
        run.out.note(_("Nothing was written."))
    elif saved.commit is None:
        run.out.note(_("Nothing to do."))
    else:
        run.out.result(success(saved.ref or str(len(saved.refs)), saved.commit))


def _similar(saved: Saved) -> list[str]:
    """The lines that name earlier records like the new one."""
    if not saved.similar:
        return []
    return [
        _("Similar earlier records:"),
        *(f"  {one.ref} · {one.title}" for one in saved.similar),
    ]


def warnings(saved: Saved) -> list[str]:
    """What the writer should look at."""
    if not saved.left:
        return list(saved.warnings)
    said = _("A writer died before its commit. Not committed: {paths}. Take it in: aswiki commit")
    return [*saved.warnings, said.format(paths=", ".join(saved.left))]


def success(what: str, commit: str) -> str:
    """The line that says what was written, as which commit, and how to take it back."""
    return _("{ref} · commit {commit} · undo with: aswiki undo {commit}").format(
        ref=what, commit=commit[:SHORT]
    )


def _document(run: Run, saved: Saved) -> dict[str, object]:
    document: dict[str, object] = {
        "ref": saved.ref,
        "path": saved.path,
        "commit": saved.commit,
        "warnings": warnings(saved),
    }
    if len(saved.refs) > 1 or saved.more:
        document["refs"] = [{"ref": ref, "path": records.path_of(ref)} for ref in saved.refs]
    if run.dry_run:
        document["diff"] = saved.diff or ""
    if saved.similar:
        document["similar"] = [one.as_json() for one in saved.similar]
    return document | dict(saved.more)

"""The commands ``anchor``, ``receipt`` and ``witness``: what pins the history down."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aswiki.cli.run import Run
from aswiki.cli.saved import SHORT, opened, warnings
from aswiki.lang import N_, _

if TYPE_CHECKING:
    from aswiki.wiki.saving import Saved

OUTCOMES = {
    "first": N_("Seen for the first time: there is nothing yet to compare it with."),
    "grown": N_("All that was seen last time is still there."),
    "same": N_("Nothing has changed since last time."),
    "rewritten": N_("The history was rewritten: what was seen last time is gone."),
}


def anchor(
    run: Run,
    tsa: Annotated[
        str | None,
        typer.Option("--tsa", metavar="URL", help=N_("Who stamps the time, if not [tsa] urls")),
    ] = None,
) -> None:
    """Pin down all that is recorded, with a signature and a time stamp.

    A numbered statement names the newest commit and a hash over everything that it reaches, is
    signed with your key, and stamped by the authorities of [tsa]. What they answer is checked
    before it is kept; one that cannot be reached is asked again by the next anchor. Only on the
    main branch, and only where something is new. It prints the receipt: give it to somebody
    outside, then nobody can take back what is recorded.

        aswiki anchor
        aswiki anchor --tsa https://tsa.example.com
    """
    from aswiki.wiki.proof import anchoring

    saved = anchoring.anchor(opened(run), tsa)
    if run.json:
        run.out.json(_document(saved))
        return
    for warning in warnings(saved):
        run.out.warning(warning)
    for token in _tokens(saved):
        run.out.note(_("Stamped by {authority} at {at}.").format(**token))
    if saved.commit is None:
        run.out.note(_("Nothing is new since anchor {seq}.").format(seq=saved.more["seq"]))
    else:
        said = _("Anchor {seq} · commit {commit}")
        run.out.note(said.format(seq=saved.more["seq"], commit=saved.commit[:SHORT]))
    run.out.result(str(saved.more["receipt"]))


def receipt(run: Run) -> None:
    """Print the receipt of the newest anchor.

    One line, the same as in the footer of every report. Whoever holds it can show later that
    nothing was taken back: aswiki verify --expect-anchor takes it, whole or the long hash alone.

        aswiki receipt
    """
    from aswiki.wiki.proof import anchors

    found = anchors.receipt(opened(run))
    said = found.statement
    if run.json:
        run.out.json(
            {
                "receipt": said.receipt,
                "seq": said.seq,
                "sha256": said.sha256,
                "commit": said.commit,
                "created": said.created,
                "signer": said.signer,
                "tokens": sorted(found.tokens),
                "witnesses": sorted(found.witnesses),
            }
        )
    else:
        run.out.result(said.receipt)


def witness(
    run: Run,
    state: Annotated[
        Path | None,
        typer.Option("--state", metavar="FILE", help=N_("Where to keep what was seen")),
    ] = None,
) -> int:
    """See whether the history has only grown since last time, and sign its newest anchor.

    For somebody other than the writers, in a clone of their own. What was seen last is kept
    outside the wiki; a history that is no continuation of it is not signed, and the exit code is 1.

        aswiki witness
    """
    from aswiki.wiki.proof import witnessing

    found = witnessing.witness(opened(run), state)
    told = _(OUTCOMES[found.outcome])
    if run.json:
        run.out.json(asdict(found))
    elif found.outcome == "rewritten":
        run.out.warning(told)
    else:
        run.out.note(told)
        if found.commit is not None:
            said = _("Signed anchor {seq} · commit {commit}")
            run.out.note(said.format(seq=found.now.seq, commit=found.commit[:SHORT]))
        run.out.result(found.receipt)
    return int(found.outcome == "rewritten")


def _document(saved: Saved) -> dict[str, object]:
    path = saved.path
    said = {"ref": None, "path": path, "commit": saved.commit, "warnings": warnings(saved)}
    return said | dict(saved.more)


def _tokens(saved: Saved) -> list[dict[str, object]]:
    found = saved.more["tokens"]
    return found if isinstance(found, list) else []

"""The commands ``evidence export``, ``check`` and ``prove``: what leaves the house as evidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aswiki.cli.frame import RECORD
from aswiki.cli.progress import Progress
from aswiki.cli.run import Run
from aswiki.cli.saved import anchored_on, opened
from aswiki.cli.verify import ANCHOR, HEAD, TRUST, say
from aswiki.errors import BadInput
from aswiki.lang import N_, _, current

if TYPE_CHECKING:
    from aswiki.wiki.proof.exporting import Exported
    from aswiki.wiki.wiki import Wiki

OUT = typer.Option("--out", metavar="FOLDER", help=N_("The folder it goes into, not there yet"))
ABOUT = typer.Argument(
    metavar="RECORD|CUSTOMER", help=N_("Whose records get pages to read; the bundle holds all")
)


def export(
    run: Run,
    what: Annotated[str | None, ABOUT] = None,
    all_: Annotated[bool, typer.Option("--all", help=N_("Pages of every record"))] = False,
    out: Annotated[str | None, OUT] = None,
) -> None:
    """Write a package that a stranger can check.

    It holds the main branch as a git bundle, the allowed keys, the certificates of the time stamp
    authorities, pages to read, and a script that needs only git, ssh-keygen, openssl and the
    coreutils. The bundle is that of the whole wiki, every customer in it: it is for your own
    people, lawyers and courts. For anybody else there is evidence prove.

        aswiki evidence export 蓝鲸游戏 --out evidence-lanjing
        aswiki evidence export --all --out evidence
    """
    from aswiki.wiki.proof import exporting

    if (what is None) != all_:
        raise BadInput(
            "export-what",
            _("Say what to export: one record or customer, or --all."),
            _("For instance: aswiki evidence export --all --out FOLDER"),
        )
    place = exporting.require_place(out)
    wiki = opened(run)
    anchored_on(run, wiki, "export")
    with Progress(_("Making pages"), quiet=run.quiet) as progress:
        found = exporting.export(wiki, what, place, current(), progress)
    for warning in found.warnings:
        run.out.warning(warning)
    if run.json:
        run.out.json(found.as_json())
    else:
        run.out.result(str(found.path))
        say_pins(run, found)


def write_beside(run: Run, wiki: Wiki, words: str | None, place: str) -> None:
    """Write the package of a document that is handed over, and say on stderr what stands for it."""
    from aswiki.wiki.proof import exporting

    with Progress(_("Making pages"), quiet=run.quiet) as progress:
        found = exporting.export(wiki, words, exporting.require_place(place), current(), progress)
    for warning in found.warnings:
        run.out.warning(warning)
    run.out.note(_("Evidence: {path}").format(path=found.path))
    say_pins(run, found)


def say_pins(run: Run, found: Exported) -> None:
    """Say what the reader must get by another way."""
    run.out.note(_("Tell the reader by another way, so that they need not trust the package:"))
    run.out.note(_("  sum of the sums: {sha256}").format(sha256=found.sha256))
    if found.key is not None:
        run.out.note(_("  first key: {key}").format(key=found.key))
    if found.receipt is not None:
        run.out.note(_("  receipt: {receipt}").format(receipt=found.receipt))


def prove(run: Run, record: Annotated[str, RECORD], out: Annotated[str | None, OUT] = None) -> None:
    """Prove one record to somebody who may see no other.

    The record as an anchor holds it, the hashes from there to the root that the anchor names, the
    anchor's statement with signature and time stamp: less than 20 kB, and no name, path or subject
    of any other record. Of the anchors that hold its present form it is the first with a time
    stamp.

        aswiki evidence prove oss-timeout --out proof
    """
    from aswiki.wiki.proof import exporting, proving

    place = exporting.require_place(out)
    found = proving.prove(opened(run), record, place)
    for warning in found.warnings:
        run.out.warning(warning)
    if run.json:
        run.out.json(found.as_json())
    else:
        run.out.result(str(found.path))
        run.out.note(_("Tell the reader by another way, so that they need not trust the proof:"))
        if found.key is not None:
            run.out.note(_("  the signer's key: {key}").format(key=found.key))
        run.out.note(_("  receipt: {receipt}").format(receipt=found.receipt))


def check(
    run: Run,
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help=N_("A package of evidence, or a proof"))
    ],
    expect_head: Annotated[str | None, HEAD] = None,
    expect_anchor: Annotated[str | None, ANCHOR] = None,
    trust: Annotated[Path | None, TRUST] = None,
) -> int:
    """Check a package or a proof; no wiki is needed.

    The files against their sums, then the history of the bundle as verify checks one, or the way
    from the record of a proof to the signed and stamped statement. Exit 0 when it is proven, 1 when
    it was tampered with, 5 when nothing is wrong and the proof is incomplete, 4 when nothing can be
    checked.

        aswiki evidence check evidence --expect-anchor "aswiki-receipt v1 …" --trust anna.pub
    """
    from aswiki.wiki.proof import package_check, verifying

    asked = verifying.Asked(head=expect_head, receipt=expect_anchor, trust=trust)
    return say(run, package_check.check(folder, asked))

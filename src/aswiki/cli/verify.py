"""The command ``verify``: what the history proves, and what it does not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aswiki.cli.run import Run
from aswiki.cli.saved import opened
from aswiki.lang import N_, _

if TYPE_CHECKING:
    from aswiki.evidence.verdict import Finding, Verdict

SHORT = 10
SHOWN = 5

BUNDLE = typer.Option(metavar="DIR", help=N_("A package or a bundle in the wiki's place"))
HEAD = typer.Option(metavar="COMMIT", help=N_("A commit that the history must hold"))
ANCHOR = typer.Option(metavar="RECEIPT", help=N_("A receipt, whole or its hash, of earlier"))
TRUST = typer.Option(metavar="FILE", help=N_("Keys of which one must have signed first"))
RECORD = typer.Option(metavar="RECORD", help=N_("Prove this record alone"))
LIVE = typer.Option("--live", help=N_("Look for traps in the working repository too"))
PARANOID = typer.Option("--paranoid", help=N_("Let ssh-keygen check every signature too"))


def verify(
    run: Run,
    bundle: Annotated[Path | None, BUNDLE] = None,
    expect_head: Annotated[str | None, HEAD] = None,
    expect_anchor: Annotated[str | None, ANCHOR] = None,
    trust: Annotated[Path | None, TRUST] = None,
    record: Annotated[str | None, RECORD] = None,
    live: Annotated[bool, LIVE] = False,
    paranoid: Annotated[bool, PARANOID] = False,
) -> int:
    """Check the whole history: who wrote what, when at the latest, and that nothing is missing.

    A copy in quarantine is checked, offline, and no program of the repository runs. Exit 0 when it
    is proven, 1 when it was tampered with, 5 when nothing is wrong and the proof is incomplete, 4
    when nothing can be checked.

        aswiki verify --expect-anchor "aswiki-receipt v1 …"
        aswiki verify --record oss-timeout
        aswiki verify --live --json
    """
    from aswiki.wiki.proof import verifying

    asked = verifying.Asked(bundle, expect_head, expect_anchor, trust, record, live, paranoid)
    verdict = verifying.verify(opened(run) if bundle is None else None, asked)
    return say(run, verdict)


def say(run: Run, verdict: Verdict) -> int:
    """Print a verdict, its records first; its exit code."""
    if run.json:
        run.out.json(verdict.as_json())
    else:
        for proof in verdict.records:
            run.out.result(proof.sentence())
        for line in _findings(verdict):
            run.out.result(line)
        run.out.result(_said(verdict))
        run.out.result(_unproven(verdict))
    return verdict.exit_code


def _findings(verdict: Verdict) -> list[str]:
    """The findings by code, the gravest first; of each a few, but every trap that was laid."""
    from aswiki.evidence.codes import CODES

    lines: list[str] = []
    by_code: dict[str, list[Finding]] = {}
    for each in verdict.findings:
        by_code.setdefault(each.code, []).append(each)
    for code, found in by_code.items():
        lines.append(f"{code}: {_(CODES[code].meaning)}")
        shown = found if code == "REFS" else found[:SHOWN]
        lines += [f"  {_line(each)}" for each in shown]
        if len(found) > len(shown):
            lines.append("  " + _("… and {n} more").format(n=len(found) - len(shown)))
    return lines


def _line(found: Finding) -> str:
    path = found.path or ""
    place = [(found.commit or "")[:SHORT], "" if found.detail.startswith(f"{path}:") else path]
    return " ".join([*(part for part in place if part), found.detail])


def _said(verdict: Verdict) -> str:
    """The verdict, in one sentence: on a history, or on the proof of one record."""
    if verdict.commits is None:
        return _said_of_proof(verdict)
    sentences = {
        "proven": _("Proven: {n} commits, all as they were signed and anchored."),
        "tampered": _("Tampered or invalid: do not rely on this history ({n} commits read)."),
        "incomplete": _(
            "Incomplete: nothing wrong was found in {n} commits, yet not all is proven."
        ),
    }
    return sentences[verdict.word].format(n=verdict.commits)


def _said_of_proof(verdict: Verdict) -> str:
    sentences = {
        "proven": _("Proven: the record is one of those that were signed for and anchored."),
        "tampered": _("Tampered or invalid: do not rely on this proof."),
        "incomplete": _("Incomplete: nothing wrong was found, yet not all is proven."),
    }
    return sentences[verdict.word]


def _unproven(verdict: Verdict) -> str:
    """What no verdict proves."""
    if verdict.commits is None:
        return _(
            "This does not prove that the record is true, that there is no later form of it, nor "
            "anything of other records."
        )
    return _(
        "This does not prove that a record is true, nor anything of the time before the first "
        "anchor, nor without a receipt from outside that nothing was cut off at the end."
    )

"""The verdict on a history: raw objects and what is known from outside in, findings out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from aswiki.domain import records
from aswiki.evidence import content, dates, merges, shape
from aswiki.evidence.anchors import Anchors, CheckToken
from aswiki.evidence.content import Lost
from aswiki.evidence.history import History, Walk
from aswiki.evidence.keys import Check, Trust
from aswiki.evidence.statement import Receipt
from aswiki.evidence.verdict import Bracket, Finding, Proof, Verdict, finding, ordered
from aswiki.lang import _


@dataclass(frozen=True)
class Expected:
    """What is known from outside the history, and the callables that verification needs.

    Attributes:
        now: the present moment.
        check: what checks one signature.
        check_token: what checks one time stamp.
        lost: what a record lost between two versions.
        head: a commit that somebody outside knows, or None.
        receipt: of an anchor that somebody outside knows, or None.
        trusted: the fingerprints of which one must have signed the first commit; None for any.
        asked: the paths of the records to be proven; None for all.
    """

    now: datetime
    check: Check
    check_token: CheckToken
    lost: Lost
    head: str | None = None
    receipt: Receipt | None = None
    trusted: frozenset[str] | None = None
    asked: frozenset[str] | None = None


def verify(history: History, expected: Expected) -> Verdict:
    """The verdict on a history as far as its commits, anchors and the pins given go."""
    walk = Walk.of(history)
    if walk.genesis is None:
        unread = finding("HEADER", _("The newest commit cannot be read."), history.head)
        return Verdict((unread,), head=history.head)
    anchors = Anchors(walk, expected.check_token)
    trust = Trust(walk, expected.check)
    found = [*shape.findings(walk), *content.findings(walk, expected.lost)]
    found += [*merges.findings(walk, expected.lost), *anchors.stamped()]
    spans = dates.brackets(walk, anchors.stamps)
    found += dates.findings(walk, spans, anchors.stamps, expected.now)
    found += trust.findings(spans)
    found += anchors.findings(trust)
    found += _pins(walk, anchors, trust, expected)
    proofs = _proofs(walk, trust, spans, expected.asked)
    return Verdict(ordered(found), tuple(proofs), history.head, len(walk.steps))


def _pins(walk: Walk, anchors: Anchors, trust: Trust, expected: Expected) -> Iterator[Finding]:
    """What is known from outside, against the history."""
    if expected.receipt is not None:
        yield from anchors.pinned(expected.receipt)
    if expected.head is not None and not _holds(walk, expected.head):
        detail = _("The commit {commit} is not in this history.").format(commit=expected.head[:10])
        yield finding("HEAD", detail, expected.head)
        yield finding("ROLLBACK", _("What led to that commit is gone or was rewritten."))
    if expected.head is None and expected.receipt is None:
        detail = _("Give a receipt of an earlier report (--expect-anchor) or a commit.")
        yield finding("NOPIN", detail)
    first = trust.signed.get(walk.genesis or "")
    own = first.fingerprint if first is not None else ""
    if expected.trusted is not None and own not in expected.trusted:
        detail = _("The first commit is not signed by a key that you trust.")
        yield finding("ROOT", detail, walk.genesis)


def _holds(walk: Walk, name: str) -> bool:
    return name in walk.steps or name in walk.prehistory


def _proofs(
    walk: Walk, trust: Trust, spans: Mapping[str, Bracket], asked: frozenset[str] | None
) -> Iterator[Proof]:
    """What is proven of each record of the head."""
    history = walk.history
    files = {
        path: blob
        for path, (_mode, blob) in history.files(history.head).items()
        if records.type_of(path) is not None and (asked is None or path in asked)
    }
    digests = history.digests(files.values())
    for path, name in sorted(walk.brought(history.head, files).items()):
        step = walk.steps.get(name)
        if step is None:
            continue
        signed = trust.signed.get(name)
        yield Proof(
            ref=records.reference(path),
            path=path,
            sha256=digests.get(files[path], ""),
            commit=name,
            recorded=step.commit.committer.at,
            occurred=step.said.occurred,
            signer=signed.principal if signed else "",
            key=signed.fingerprint if signed else "",
            bracket=spans[name],
        )

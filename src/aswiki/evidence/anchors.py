"""The anchors of a history: their numbers, chain, signatures, contents and time stamps."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from aswiki.domain import records
from aswiki.evidence import merkle, signers
from aswiki.evidence.chains import Untrusted
from aswiki.evidence.dates import Stamp
from aswiki.evidence.history import Step, Walk
from aswiki.evidence.keys import Trust
from aswiki.evidence.signatures import Wrong
from aswiki.evidence.statement import CHAINS, FOLDER, NONE, Receipt, Statement, parse
from aswiki.evidence.timestamps import Token
from aswiki.evidence.verdict import Finding, finding
from aswiki.lang import _

_STATEMENT = re.compile(r"([0-9]{6})\.txt")
_TOKEN = re.compile(r"([0-9]{6})\.(.+)\.tsr")

CheckToken = Callable[[bytes, bytes, str], Token | Untrusted]
"""A token, the statement's bytes and the commit before the token's → whether it is good."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """One anchor as it lies in the head's tree.

    Attributes:
        number: what its file is called.
        raw: the statement's bytes.
        statement: what they say; None where they are no statement.
        brought_by: the commit that brought it.
    """

    number: int
    raw: bytes
    statement: Statement | None
    brought_by: str

    @property
    def sha256(self) -> str:
        """The hash by which the next statement and the receipt name it."""
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def path(self) -> str:
        """The statement's path in the wiki."""
        return f"{FOLDER}{self.number:06}.txt"


@dataclass
class Anchors:
    """The anchors of a history.

    Attributes:
        walk: the history.
        check_token: what checks one token.
        stamps: the good time stamps, filled by ``stamped``.
    """

    walk: Walk
    check_token: CheckToken
    stamps: list[Stamp] = field(default_factory=list)

    @cached_property
    def _brought(self) -> dict[str, str]:
        """Each path of an anchor's file → the commit that brought it first, as it is now.

        Two clones may have fetched one time stamp each, of which a merge keeps one.
        """
        first: dict[str, str] = {}
        same: dict[str, str] = {}
        for step in self.walk.steps.values():
            for change in (each for side in step.changes for each in side):
                if change.is_new and change.path.startswith(FOLDER):
                    first.setdefault(change.path, step.name)
                    if change.new_id == self._blobs.get(change.path):
                        same.setdefault(change.path, step.name)
        return first | same

    @cached_property
    def _blobs(self) -> Mapping[str, str]:
        """The anchors' files of the head, each with its blob."""
        found = self.walk.history.files(self.walk.history.head)
        return {path: blob for path, (_mode, blob) in found.items() if path.startswith(FOLDER)}

    @cached_property
    def _files(self) -> Mapping[str, bytes]:
        """The anchors' files of the head by name."""
        blob = self.walk.history.blob
        return {path.removeprefix(FOLDER): blob(name) or b"" for path, name in self._blobs.items()}

    @cached_property
    def all(self) -> list[Anchor]:
        """Every anchor of the head, in the order of their numbers."""
        found = []
        for name, raw in self._files.items():
            matched = _STATEMENT.fullmatch(name)
            if matched is not None:
                brought = self._brought.get(FOLDER + name, self.walk.history.head)
                found.append(Anchor(int(matched[1]), raw, parse(raw), brought))
        return sorted(found, key=lambda each: each.number)

    def stamped(self) -> Iterator[Finding]:
        """Check every token and keep the good ones as ``stamps``; what is wrong with the others."""
        by_number = {anchor.number: anchor for anchor in self.all}
        for name, raw in self._files.items():
            matched = _TOKEN.fullmatch(name)
            anchor = by_number.get(int(matched[1])) if matched is not None else None
            if matched is None or anchor is None or anchor.statement is None:
                continue
            kept_in = self._brought.get(FOLDER + name, self.walk.history.head)
            step = self.walk.steps[kept_in]
            before = next((parent.name for parent in self.walk.parents(step)), kept_in)
            found = self.check_token(raw, anchor.raw, before)
            if isinstance(found, Untrusted):
                detail = _("The time stamp is worth nothing: {reason}.").format(reason=found.reason)
                yield finding("TSA", detail, kept_in, FOLDER + name)
            elif self.walk.leads_to(anchor.statement.commit, kept_in):
                covers = anchor.statement.commit
                self.stamps.append(Stamp(found.at, found.authority, covers, kept_in))

    def findings(self, trust: Trust) -> Iterator[Finding]:
        """What is wrong with the anchors, and what they leave open."""
        yield from self._altered()
        yield from self._numbers()
        previous: Anchor | None = None
        for anchor in self.all:
            if anchor.statement is None:
                detail = _("The anchor is no statement.")
                yield finding("ANCHORMOD", detail, anchor.brought_by, anchor.path)
            else:
                for reason in self._breaks(anchor, anchor.statement, previous):
                    yield finding("ANCHORCHAIN", reason, anchor.brought_by, anchor.path)
                yield from self._branch(anchor, anchor.statement)
                yield from self._signature(anchor, anchor.statement, trust)
            previous = anchor
        yield from self._open()

    def pinned(self, receipt: Receipt) -> Iterator[Finding]:
        """Whether the anchor that somebody outside holds a receipt of is still here."""
        same = [anchor for anchor in self.all if anchor.sha256 == receipt.sha256]
        if not same:
            detail = _("The anchor of the receipt is not in this history.")
            yield finding("ROLLBACK", detail)

    def _altered(self) -> Iterator[Finding]:
        """Files of anchors that a commit changed or removed; merges have a rule of their own."""
        for step in self.walk.steps.values():
            for change in step.own if not step.is_merge else ():
                if change.is_new or not change.path.startswith((FOLDER, CHAINS)):
                    continue
                detail = _("A file of an anchor was changed.")
                if change.is_gone:
                    detail = _("A file of an anchor was removed.")
                yield finding("ANCHORMOD", detail, step.name, change.path)

    def _numbers(self) -> Iterator[Finding]:
        numbers = [anchor.number for anchor in self.all]
        for wanted, anchor in enumerate(self.all, 1):
            if anchor.number != wanted and anchor.number - 1 not in numbers:
                detail = _("There is no anchor number {number}.").format(number=anchor.number - 1)
                yield finding("ANCHORSEQ", detail, anchor.brought_by, anchor.path)
            if anchor.statement is not None and anchor.statement.seq != anchor.number:
                detail = _("Its file says number {file}, its text {text}.").format(
                    file=anchor.number, text=anchor.statement.seq
                )
                yield finding("ANCHORSEQ", detail, anchor.brought_by, anchor.path)

    def _breaks(
        self, anchor: Anchor, statement: Statement, previous: Anchor | None
    ) -> Iterator[str]:
        """How a statement differs from the history that is here."""
        if statement.prev != (previous.sha256 if previous else NONE):
            yield _("It does not name the anchor before it.")
        if statement.repo_id != self.walk.first:
            yield _("It is of a repository with another first commit.")
        if not self.walk.leads_to(statement.commit, anchor.brought_by):
            yield _("It names a commit that is not in the history before it: {commit}").format(
                commit=statement.commit[:10]
            )
            return
        if statement.commits != self.walk.count(statement.commit):
            yield _("It counts other commits.")
        before = previous.statement.commit if previous and previous.statement else None
        if before is None or before in self.walk.steps:
            objects = self.walk.history.objects_sha256(statement.commit, before)
            if statement.objects_sha256 != objects:
                yield _("The objects are not those that were anchored.")
        yield from self._contents(anchor, statement)

    def _branch(self, anchor: Anchor, statement: Statement) -> Iterator[Finding]:
        ref = self.walk.history.ref
        if ref and statement.ref != ref:
            detail = _("The anchor is of the branch {ref}, and this is {other}.").format(
                ref=statement.ref, other=ref
            )
            yield finding("REFS", detail, anchor.brought_by, anchor.path)

    def _contents(self, anchor: Anchor, statement: Statement) -> Iterator[str]:
        history = self.walk.history
        files = history.files(statement.commit)
        allowed = files.get(signers.SIGNERS)
        raw = history.blob(allowed[1]) if allowed else b""
        if statement.keys_sha256 != hashlib.sha256(raw or b"").hexdigest():
            yield _("It names other keys than were allowed then.")
        found = {
            path: blob
            for path, (mode, blob) in files.items()
            if records.type_of(path) is not None and mode.startswith("100")
        }
        if statement.records_count != len(found):
            yield _("It counts other records.")
            return
        seed = self._files.get(f"{anchor.number:06}.seed")
        if seed is None:
            yield _("What its root over the records was salted with is missing.")
            return
        if statement.records_root != self._root(statement.commit, found, seed):
            yield _("Its root over the records is another one.")

    def _root(self, commit: str, found: Mapping[str, str], seed: bytes) -> str:
        digests = self.walk.history.digests(found.values())
        brought = self.walk.brought(commit, found)
        rows = [(path, digests.get(blob, ""), brought[path]) for path, blob in found.items()]
        return merkle.root(merkle.leaves(seed, rows))

    def _signature(self, anchor: Anchor, statement: Statement, trust: Trust) -> Iterator[Finding]:
        armored = self._files.get(f"{anchor.number:06}.txt.sig")
        if armored is None:
            if trust.is_signed:
                detail = _("The anchor is not signed.")
                yield finding("UNSIGNED", detail, anchor.brought_by, anchor.path)
            return
        found = trust.check(anchor.raw, armored, signers.ANCHOR)
        then = statement.commit if statement.commit in self.walk.steps else anchor.brought_by
        key = None if isinstance(found, Wrong) else trust.key(then, found.key_base64)
        if key is None or signers.ANCHOR not in key.namespaces:
            detail = _("The anchor is not signed with a key that may.")
            yield finding("SIG", detail, anchor.brought_by, anchor.path)
        elif key.principal != statement.signer:
            detail = _("The anchor names {signer}, and {principal} signed it.").format(
                signer=statement.signer, principal=key.principal
            )
            yield finding("IDENT", detail, anchor.brought_by, anchor.path)
        elif not key.covers(self.walk.steps[anchor.brought_by].commit.committer.at):
            detail = _("The key of the anchor was not valid then.")
            yield finding("KEYTIME", detail, anchor.brought_by, anchor.path)

    def _open(self) -> Iterator[Finding]:
        """What is not anchored or not stamped."""
        if not self.all:
            yield finding("NOANCHOR", _("Nothing says when any of this was written."))
            return
        covered = {stamp.covers for stamp in self.stamps}
        newest = self.all[-1]
        commit = newest.statement.commit if newest.statement else ""
        if commit and commit not in covered:
            detail = _("The newest anchor has no good time stamp yet.")
            yield finding("NOTSA", detail, newest.brought_by, newest.path)
        tail = [step for step in self.walk.since(commit) if not _is_anchoring(step)]
        if tail:
            detail = _("Commits since the newest anchor: {n}.").format(n=len(tail))
            yield finding("UNANCHORED", detail, tail[-1].name)


def _is_anchoring(step: Step) -> bool:
    """Whether a commit does nothing but keep an anchor or its tokens."""
    kept = all(each.path.startswith((FOLDER, CHAINS)) for each in step.own)
    return step.said.op == "anchor" and kept

"""Who signed: each signature against the keys that the parent commit allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

from aswiki.evidence import signers
from aswiki.evidence.history import Step, Walk
from aswiki.evidence.signatures import Signature, Wrong
from aswiki.evidence.signers import ADMINS, SIGNERS, Key
from aswiki.evidence.verdict import Bracket, Finding, finding
from aswiki.lang import _

Check = Callable[[bytes, bytes, str], Signature | Wrong]
"""Payload, armored signature and namespace → the key that signed, or what is wrong."""


@dataclass(frozen=True, slots=True)
class Signed:
    """One commit's signature, found good: whose it is and with which key."""

    principal: str
    fingerprint: str


@dataclass
class Trust:
    """Who may sign at each commit, by the files in the tree.

    A commit is judged by the ``allowed_signers`` of its first parent, and the first commit by its
    own. Where the first commit is unsigned, the commit that brings the first such file is judged
    by that file; from then on the parent's counts, an unsigned commit is incomplete, and one that
    changes policy files is tampered. A key pinned outside is that of the first commit alone.
    VERIFY.sh of a package holds to the same rule.

    Attributes:
        walk: the history.
        check: what checks one signature.
        signed: the commits whose signature was found good, filled by ``findings``.
    """

    walk: Walk
    check: Check
    signed: dict[str, Signed] = field(default_factory=dict)

    @cached_property
    def is_signed(self) -> bool:
        """Whether the wiki began with a signed commit."""
        genesis = self.walk.steps.get(self.walk.genesis or "")
        if genesis is None or not genesis.commit.signature:
            return False
        return self.signers_in(genesis.name) is not None

    @cached_property
    def _files(self) -> dict[str, tuple[str | None, str | None]]:
        """The blobs of ``allowed_signers`` and ``admins`` in each commit."""
        found: dict[str, tuple[str | None, str | None]] = {}
        for name, step in self.walk.steps.items():
            parents = self.walk.parents(step)
            allowed, admins = found[parents[0].name] if parents else (None, None)
            for change in step.own:
                if change.path == SIGNERS:
                    allowed = None if change.is_gone else change.new_id
                elif change.path == ADMINS:
                    admins = None if change.is_gone else change.new_id
            found[name] = (allowed, admins)
        return found

    def signers_in(self, commit: str) -> str | None:
        """The blob of ``allowed_signers`` in a commit, None where it has none."""
        return self._files[commit][0] if commit in self._files else None

    def key(self, commit: str, key_base64: str) -> Key | None:
        """The line of a key in a commit's ``allowed_signers``."""
        return self._keys(self.signers_in(commit)).get(key_base64)

    def findings(self, spans: Mapping[str, Bracket]) -> Iterator[Finding]:
        """What is wrong with who signed and who wrote."""
        unsigned = 0
        for step in self.walk.steps.values():
            if not step.own and not step.is_merge and self.walk.history.prefix:
                continue
            for each in self._of(step, spans[step.name]):
                claimed = step.commit.committer.at
                yield replace(each, claimed=claimed, bracket=spans[step.name])
            unsigned += step.name not in self.signed
        if unsigned and not self.is_signed:
            detail = _("Unsigned commits: {n} of {all}. Who wrote them is what they say.")
            said = detail.format(n=unsigned, all=len(self.walk.steps))
            yield replace(finding("UNSIGNED", said), severity="incomplete")

    def _of(self, step: Step, span: Bracket) -> Iterator[Finding]:
        parents = self.walk.parents(step)
        before = parents[0].name if parents else step.name
        if not self.is_signed and self.signers_in(before) is None:
            before = step.name  # the commit that brings the first keys is judged by them
        if not step.commit.signature or self.signers_in(before) is None:
            if self.is_signed:
                yield finding("UNSIGNED", _("The commit is not signed."), step.name)
            elif self.signers_in(before) is not None and before != step.name:
                yield from self._role(step, _("Nobody"), before)
            return
        armored = step.commit.signature.encode("utf-8", "replace")
        found = self.check(step.commit.payload, armored, signers.GIT)
        if isinstance(found, Wrong):
            yield finding("SIG", _wrong(found), step.name)
            return
        key = self.key(before, found.key_base64)
        if key is None or signers.GIT not in key.namespaces:
            detail = _("The key {key} is not one that may sign here.")
            yield finding("SIG", detail.format(key=found.fingerprint), step.name)
            return
        self.signed[step.name] = Signed(key.principal, found.fingerprint)
        yield from _identity(step, key)
        yield from _window(step, key, span, found.fingerprint)
        if parents:
            yield from self._role(step, key.principal, before)

    def _role(self, step: Step, principal: str, before: str) -> Iterator[Finding]:
        """Whether somebody changed the rules of trust who may not."""
        changed = [each.path for each in step.own if signers.is_policy(each.path)]
        if step.is_merge:
            sides = [{each.path for each in side} for side in step.changes]
            changed = [path for path in changed if all(path in side for side in sides)]
        if changed and principal not in self._admins(before):
            detail = _("{principal} is no administrator and changed {paths}.").format(
                principal=principal, paths=", ".join(changed[:5])
            )
            yield finding("ROLE", detail, step.name, changed[0])

    def _admins(self, commit: str) -> frozenset[str]:
        blob = self._files[commit][1]
        if blob is None:
            # without the file it is whoever began the wiki
            first = self.signed.get(self.walk.genesis or "")
            return frozenset({first.principal} if first else ())
        raw = self.walk.history.blob(blob) or b""
        return signers.admins(raw.decode("utf-8", "replace"))

    @cached_property
    def _keys(self) -> Callable[[str | None], Mapping[str, Key]]:
        @cache
        def keys(blob: str | None) -> Mapping[str, Key]:
            raw = self.walk.history.blob(blob) if blob is not None else None
            found, _problems = signers.parse((raw or b"").decode("utf-8", "replace"))
            return {key.key_base64: key for key in found}

        return keys


def _identity(step: Step, key: Key) -> Iterator[Finding]:
    author, committer = step.commit.author, step.commit.committer
    if not author.email == committer.email == key.principal:
        detail = _("Written by {author}, committed by {committer}, signed by {signer}.").format(
            author=author.email, committer=committer.email, signer=key.principal
        )
        yield finding("IDENT", detail, step.name)
    elif author.name != committer.name:
        detail = _("Author and committer have different names: {author}, {committer}.").format(
            author=author.name, committer=committer.name
        )
        yield finding("IDENT", detail, step.name)


def _window(step: Step, key: Key, span: Bracket, fingerprint: str) -> Iterator[Finding]:
    """Whether the key was valid when the commit says, and at the earliest and latest it can be."""
    claimed, low, high = step.commit.committer.at, span.not_before, span.not_after
    wrong = None
    if not key.covers(claimed):
        wrong = claimed
    elif low is not None and key.valid_before is not None and low > key.valid_before:
        wrong = low
    elif high is not None and key.valid_after is not None and high < key.valid_after:
        wrong = high
    if wrong is not None:
        detail = _("The key {key} was not valid at {time}.").format(
            key=fingerprint, time=wrong.isoformat(timespec="seconds")
        )
        yield finding("KEYTIME", detail, step.name)


def _wrong(found: Wrong) -> str:
    reasons = {
        "armor": _("What stands in the place of the signature is none."),
        "key": _("The signature is of a kind of key that may not sign."),
        "namespace": _("The signature was made for another purpose."),
        "hash": _("The signature uses a hash that is not known."),
        "signature": _("The signature is of other bytes or of another key."),
    }
    return reasons[found.reason]

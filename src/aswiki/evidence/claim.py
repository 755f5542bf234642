"""A proof of one record, judged by its files alone: pure, as ``verify`` is for a whole history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from aswiki.domain import records
from aswiki.evidence import proof, signers, statement, timestamps
from aswiki.evidence.chains import Untrusted
from aswiki.evidence.signatures import Signature, signed
from aswiki.evidence.verdict import Bracket, Finding, Proof, Verdict, finding, ordered
from aswiki.lang import _

if TYPE_CHECKING:
    from aswiki.evidence.codes import Severity
    from aswiki.evidence.signers import Key
    from aswiki.evidence.statement import Receipt, Statement
    from aswiki.evidence.timestamps import Token


@dataclass(frozen=True)
class Pins:
    """What the reader holds from elsewhere.

    Args:
        receipt: that of a report which named the anchor; None where there is none.
        trusted: the fingerprints of keys that the reader trusts; None where there are none.
    """

    receipt: Receipt | None = None
    trusted: frozenset[str] | None = None


def verdict(files: Mapping[str, bytes], pins: Pins) -> Verdict:
    """What the files of a proof prove, by their names in it."""
    claim = proof.parse(files.get("proof.txt", b""))
    said = statement.parse(files.get("statement.txt", b""))
    if claim is None or said is None:
        detail = _("The proof or the statement cannot be read.")
        return Verdict((finding("PKG", detail),), commits=None)
    record = files.get("record.md", b"")
    found = [*_content(claim, said, record), *_pinned(said, pins)]
    key, wrong = _signer(files, said, pins)
    tokens, untrusted = _tokens(files, said)
    found += [*wrong, *untrusted]
    first = min(tokens, key=lambda token: token.at, default=None)
    ref = records.reference(claim.leaf.path)
    told = Proof(
        ref=ref,
        path=claim.leaf.path,
        sha256=claim.leaf.sha256,
        commit=claim.leaf.commit,
        recorded=datetime.fromisoformat(said.created),
        occurred=None,
        signer=said.signer if key else "",
        key=signers.fingerprint(key) if key else "",
        bracket=Bracket(None, first.at, first.authority) if first else Bracket(),
    )
    return Verdict(ordered(found), (told,), said.commit, None)


def _content(claim: proof.RecordProof, said: Statement, record: bytes) -> Iterator[Finding]:
    import hashlib

    path = claim.leaf.path
    if hashlib.sha256(record).hexdigest() != claim.leaf.sha256:
        yield finding("CONTENT", _("record.md is another text than the one proven."), None, path)
    elif claim.way.size != said.records_count or not claim.holds(record, said.records_root):
        detail = _("The way from the record does not lead to the root of the statement.")
        yield finding("ROOT", detail, None, path)


def _pinned(said: Statement, pins: Pins) -> Iterator[Finding]:
    if pins.receipt is None and pins.trusted is None:
        yield finding("NOPIN", _("All of it is the sender's own word."))
    elif pins.receipt is not None and pins.receipt.sha256 != said.sha256:
        yield finding("ROLLBACK", _("The statement is not that of the receipt."))


def _signer(
    files: Mapping[str, bytes], said: Statement, pins: Pins
) -> tuple[Key | None, list[Finding]]:
    """The key that signed the statement, if it was allowed to."""
    armored = files.get("statement.txt.sig")
    if armored is None:
        detail = _("The statement is not signed.")
        is_open = pins.trusted is None
        severity: Severity = "incomplete" if is_open else "tampered"
        return None, [Finding("UNSIGNED", detail, severity=severity)]
    answer = signed(files["statement.txt"], armored, signers.ANCHOR)
    allowed = files.get("allowed_signers", b"")
    keys, _problems = signers.parse(allowed.decode("utf-8", "replace"))
    name = answer.key_base64 if isinstance(answer, Signature) else None
    key = next((key for key in keys if key.key_base64 == name), None)
    if key is None or key.principal != said.signer:
        return None, [finding("SIG", _("The statement is not signed with an allowed key."))]
    if not key.allows(signers.ANCHOR, datetime.fromisoformat(said.created)):
        return None, [finding("KEYTIME", _("The key was not allowed to sign it then."))]
    if pins.trusted is not None and signers.fingerprint(key) not in pins.trusted:
        return None, [finding("SIG", _("The statement is not signed with a key you trust."))]
    return key, []


def _tokens(files: Mapping[str, bytes], said: Statement) -> tuple[list[Token], list[Finding]]:
    pinned = [data for name, data in files.items() if name.startswith("tsa/")]
    tokens: list[Token] = []
    found: list[Finding] = []
    for name in sorted(name for name in files if name.endswith(".tsr")):
        answer = timestamps.check(files[name], said.text(), pinned)
        if isinstance(answer, Untrusted):
            found.append(finding("TSA", f"{name}: {answer.reason}"))
        else:
            tokens.append(answer)
    if not tokens and not found:
        found.append(finding("NOTSA", _("The statement has no time stamp.")))
    return tokens, found

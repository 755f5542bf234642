"""The use case ``evidence prove``: one record for somebody who may see no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aswiki.domain import records
from aswiki.errors import NotFound
from aswiki.evidence import merkle, package, signers
from aswiki.evidence.proof import RecordProof
from aswiki.evidence.statement import path as place_of
from aswiki.lang import _
from aswiki.store import folder
from aswiki.wiki import lookup
from aswiki.wiki.proof import anchor_records
from aswiki.wiki.proof.anchors import STAMP, Anchor, anchors
from aswiki.wiki.proof.exporting import certificates, main_ref, texts

if TYPE_CHECKING:
    from aswiki.evidence.signers import Key
    from aswiki.evidence.statement import Statement
    from aswiki.wiki.wiki import Wiki


@dataclass(frozen=True)
class Proven:
    """A proof as it was written.

    Args:
        path: its folder.
        ref: the record.
        anchor: the number of the anchor it leads to.
        receipt: that anchor's line.
        key: the fingerprint of the key that signed it; None where it is unsigned.
        warnings: what the sender should know before it leaves.
    """

    path: Path
    ref: str
    anchor: int
    receipt: str
    key: str | None
    warnings: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        """The document of ``evidence prove --json``."""
        return {
            "path": str(self.path),
            "ref": self.ref,
            "anchor": self.anchor,
            "receipt": self.receipt,
            "key": self.key,
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True)
class _Chosen:
    """The anchor that proves a record best, with its files by their ending.

    Args:
        statement: what it says.
        files: what lies beside the statement.
        is_present: whether it holds the record as it is now.
    """

    statement: Statement
    files: Mapping[str, bytes]
    is_present: bool

    def named(self) -> dict[str, bytes]:
        """Signature and tokens by their names in the proof; never the seed."""
        wanted = ("txt.sig", STAMP)
        return {f"statement.{e}": raw for e, raw in self.files.items() if e.endswith(wanted)}

    @property
    def is_stamped(self) -> bool:
        """Whether it has a token."""
        return any(ending.endswith(STAMP) for ending in self.files)


def prove(wiki: Wiki, words: str, out: Path) -> Proven:
    """Write the proof of one record; of the anchors that hold its present form the first one.

    Args:
        wiki: the open wiki.
        words: the record as typed.
        out: the folder, which is not there yet.

    Raises:
        BadInput: the folder is there already.
        NotFound: no such record in the last commit, or no anchor holds it.
        Unusable: the branch is none.
    """
    head = wiki.repository.resolve(main_ref(wiki)) or "HEAD"
    ref = lookup.record_at(wiki, words, head)
    path = records.path_of(ref)
    chosen = _chosen(wiki, head, path)
    statement = chosen.statement
    raw = wiki.repository.blob(statement.commit, path) or b""
    leaves = anchor_records.leaves(wiki, head, statement)
    place = [leaf.path for leaf in leaves].index(path)
    proof = RecordProof(leaves[place], merkle.proof(leaves, place))
    key = _key(wiki, chosen)
    told = {
        "format": package.PROOF,
        "tool": wiki.tool,
        "made": wiki.now().isoformat(timespec="seconds"),
        "about": ref,
        "receipt": statement.receipt,
    }
    files = {
        "record.md": raw,
        "proof.txt": proof.text(),
        "statement.txt": statement.text(),
        **chosen.named(),
        "allowed_signers": f"{key.text()}\n".encode() if key else b"",
        **{f"tsa/{name}": data for name, data in certificates(wiki, head).items()},
        package.MANIFEST: package.manifest(told),
        **texts("PROOF.sh", "PROOF"),
    }
    digests = {name: package.digest(data) for name, data in files.items()}
    with folder.whole(out) as made:
        folder.fill(made, {**files, package.SUMS: package.sums(digests)})
    return Proven(
        path=out,
        ref=ref,
        anchor=statement.seq,
        receipt=statement.receipt,
        key=signers.fingerprint(key) if key else None,
        warnings=_warnings(wiki, ref, raw, chosen),
    )


def _chosen(wiki: Wiki, head: str, path: str) -> _Chosen:
    """The anchor that proves a file best.

    Of those that hold its present form without a break up to now the first with a time stamp, else
    the first; where none does, the newest that holds an older form.

    Raises:
        NotFound: no anchor holds it.
    """
    repository = wiki.repository
    known = anchors(wiki, head)
    present = repository.blob(head, path)
    forms = [repository.blob(each.statement.commit, path) for each in known]
    start = len(known)
    while start and forms[start - 1] == present:
        start -= 1
    older = [each for each, form in zip(known, forms, strict=True) if form is not None]
    unbroken = known[start:]
    if not older:
        raise NotFound(
            "not-anchored",
            _("No anchor holds {path} yet.").format(path=path),
            _("Make one, then try again: aswiki anchor"),
        )
    stamped = [each for each in unbroken if each.tokens]
    best = (stamped or unbroken or older[-1:])[0]
    return _Chosen(best.statement, _files(wiki, head, best), bool(unbroken))


def _files(wiki: Wiki, head: str, anchor: Anchor) -> dict[str, bytes]:
    paths = {place_of(anchor.seq, ending): ending for ending in anchor.endings}
    found = wiki.repository.blobs(head, paths)
    return {paths[path]: data for path, data in found.items() if data is not None}


def _key(wiki: Wiki, chosen: _Chosen) -> Key | None:
    """The line of the key that signed an anchor, as it was allowed then."""
    from aswiki.evidence.signatures import Signature, signed

    armored = chosen.files.get("txt.sig")
    if armored is None:
        return None
    answer = signed(chosen.statement.text(), armored, signers.ANCHOR)
    if not isinstance(answer, Signature):
        return None
    allowed = wiki.repository.blob(chosen.statement.commit, signers.SIGNERS) or b""
    keys, _problems = signers.parse(allowed.decode("utf-8", "replace"))
    return next((key for key in keys if key.key_base64 == answer.key_base64), None)


def _warnings(wiki: Wiki, ref: str, raw: bytes, chosen: _Chosen) -> list[str]:
    found = []
    if not chosen.is_present:
        said = _(
            "{ref} was changed since anchor {n}, and that form is proven. First run: {command}"
        )
        found.append(said.format(ref=ref, n=chosen.statement.seq, command="aswiki anchor"))
    if not chosen.is_stamped:
        said = _("Anchor {n} has no time stamp, so no time is proven.")
        found.append(said.format(n=chosen.statement.seq))
    text = raw.decode("utf-8", "replace").casefold()
    own = records.customer_of(ref)
    for other in lookup.named_customers(wiki):
        hit = next((name for name in other.names() if name.casefold() in text), None)
        if other.slug != own and hit is not None:
            said = _("The record itself names another customer: {name}.")
            found.append(said.format(name=hit))
    return found

"""The use case ``witness``: what was seen last is kept elsewhere, and only its growth is signed."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from aswiki.domain.slug import slug
from aswiki.errors import AswikiError, Unusable
from aswiki.evidence import statement
from aswiki.lang import _
from aswiki.store import files
from aswiki.wiki.proof import signing
from aswiki.wiki.proof.anchors import WITNESS, Anchor, receipt
from aswiki.wiki.saving import Change, Operation, save

if TYPE_CHECKING:
    from aswiki.wiki.wiki import Wiki

Outcome = Literal["first", "grown", "same", "rewritten"]
LARGEST = 64 * 1024


@dataclass(frozen=True)
class Seen:
    """What a witness saw of a wiki, as it is kept outside of it.

    Args:
        repo_id: the repository's first commit.
        head: the newest commit.
        seq: the number of the newest anchor.
        sha256: of its statement.
    """

    repo_id: str
    head: str
    seq: int
    sha256: str


@dataclass(frozen=True)
class Witnessed:
    """What a witness found.

    Args:
        outcome: whether the wiki is seen for the first time, has grown, is the same, or was
            rewritten.
        before: what was seen last; None the first time.
        now: what is seen now.
        receipt: the newest anchor's line.
        commit: the commit that holds the witness's signature; None when there was none to make.
    """

    outcome: Outcome
    before: Seen | None
    now: Seen
    receipt: str
    commit: str | None = None


def witness(wiki: Wiki, state: Path | None = None) -> Witnessed:
    """Compare the wiki with what was seen of it last, and sign the newest anchor if it only grew.

    Args:
        wiki: the open wiki.
        state: the file that keeps what was seen; None for one in the user's own state folder.

    Raises:
        NotFound: there is no anchor yet.
        Unusable: no key that may sign as a witness, or what was seen cannot be read or kept.
    """
    place = state or _place(wiki)
    before = _seen(place)
    anchor = receipt(wiki)
    now = _present(wiki, anchor)
    line = anchor.statement.receipt
    if before is not None and not _has_grown(wiki, before, now):
        return Witnessed("rewritten", before, now, line)
    commit = _signed(wiki, anchor)
    now = _present(wiki, anchor)
    _keep(place, now)
    outcome: Outcome = "first" if before is None else "same" if before == now else "grown"
    return Witnessed(outcome, before, now, line, commit)


def _present(wiki: Wiki, anchor: Anchor) -> Seen:
    head = wiki.repository.head() or ""
    said = anchor.statement
    return Seen(wiki.repository.genesis(head), head, said.seq, said.sha256)


def _has_grown(wiki: Wiki, before: Seen, now: Seen) -> bool:
    """Whether all that was seen is still there: the commits and the anchor."""
    if before.repo_id != now.repo_id or not wiki.repository.leads_to(before.head, now.head):
        return False
    raw = wiki.repository.blob(now.head, statement.path(before.seq, "txt"))
    return hashlib.sha256(raw or b"").hexdigest() == before.sha256


def _signed(wiki: Wiki, anchor: Anchor) -> str | None:
    """The commit of the witness's own signature of an anchor; None when it is there already."""
    from aswiki.evidence.signers import WITNESS as NAMESPACE

    own = signing.signer(wiki)
    principal = own.key.principal
    if not own.key.allows(NAMESPACE, wiki.now()):
        raise Unusable(
            "key-not-allowed",
            _("The key of {principal} may not sign as a witness.").format(principal=principal),
            _(
                "Ask an admin for a line of .aswiki/allowed_signers with the namespace {name}."
            ).format(name=NAMESPACE),
        )
    name = slug(principal)
    if name in anchor.witnesses:
        return None
    signature = signing.signature(own.own, anchor.statement.text(), NAMESPACE)
    path = statement.path(anchor.seq, f"{name}{WITNESS}")
    operation = Operation("anchor", f"anchor: witness of {anchor.seq}")
    return save(wiki, [Change(path, None, signature)], operation).commit


def _place(wiki: Wiki) -> Path:
    """Where what was seen of the wiki in this folder is kept: never in the wiki itself."""
    base = os.environ.get("XDG_STATE_HOME", "")
    home = Path(base) if base.startswith("/") else Path.home() / ".local" / "state"
    digest = hashlib.sha256(os.fsencode(wiki.root.resolve())).hexdigest()
    return home / "aswiki" / "witness" / f"{digest[:16]}.json"


def _seen(place: Path) -> Seen | None:
    if not os.path.lexists(place):
        return None
    try:
        found = json.loads(files.read_bytes(place, LARGEST))
        return Seen(
            str(found["repo_id"]), str(found["head"]), int(found["seq"]), str(found["sha256"])
        )
    except (AswikiError, OSError, ValueError, TypeError, KeyError) as error:
        raise Unusable(
            "unreadable-state",
            _("What was seen of this wiki cannot be read: {path}.").format(path=place),
            _("Bring the file back from a copy: without it nothing can be compared."),
        ) from error


def _keep(place: Path, now: Seen) -> None:
    text = json.dumps({name: getattr(now, name) for name in Seen.__dataclass_fields__}, indent=2)
    files.write_atomic(place, f"{text}\n".encode())

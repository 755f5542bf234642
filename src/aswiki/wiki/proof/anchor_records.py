"""The records that an anchor's root stands for."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from aswiki.domain import records
from aswiki.errors import Unusable
from aswiki.evidence import merkle, statement
from aswiki.evidence.origins import origins
from aswiki.lang import _

if TYPE_CHECKING:
    from aswiki.evidence.merkle import Leaf
    from aswiki.evidence.statement import Statement
    from aswiki.wiki.wiki import Wiki


def salted(wiki: Wiki, commit: str, seed: bytes) -> list[Leaf]:
    """The leaves of every record of a commit, tombstones too, under a seed.

    Args:
        wiki: the open wiki.
        commit: its full name.
        seed: the anchor's.
    """
    repository = wiki.repository
    paths = [path for path in repository.paths(commit) if records.type_of(path) is not None]
    brought = origins(commit, repository.steps(commit), paths)
    raws = repository.blobs(commit, paths)
    rows = ((p, hashlib.sha256(raw or b"").hexdigest(), brought[p]) for p, raw in raws.items())
    return merkle.leaves(seed, rows)


def leaves(wiki: Wiki, rev: str, said: Statement) -> list[Leaf]:
    """The leaves behind the root of a statement.

    Args:
        wiki: the open wiki.
        rev: the revision that holds the anchor and its seed.
        said: the statement.

    Raises:
        Unusable: code ``anchors-broken``: the seed is gone, or the records give another root.
    """
    seed = wiki.repository.blob(rev, statement.path(said.seq, "seed"))
    found = salted(wiki, said.commit, seed) if seed is not None else []
    if seed is None or merkle.root(found) != said.records_root:
        raise Unusable(
            "anchors-broken",
            _("The records do not give the root of anchor {seq}.").format(seq=said.seq),
            _("Look with: aswiki verify"),
        )
    return found

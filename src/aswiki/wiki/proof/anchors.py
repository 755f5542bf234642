"""The anchors that a revision of the wiki holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aswiki.errors import NotFound, Unusable
from aswiki.evidence import statement
from aswiki.lang import _

if TYPE_CHECKING:
    from aswiki.evidence.statement import Statement
    from aswiki.wiki.wiki import Wiki

STAMP = ".tsr"
WITNESS = ".wit.sig"


@dataclass(frozen=True)
class Anchor:
    """One anchor.

    Args:
        statement: what it says.
        endings: its files, by what follows the number: ``txt``, ``txt.sig``, ``seed`` and so on.
    """

    statement: Statement
    endings: frozenset[str]

    @property
    def seq(self) -> int:
        """Its number, from 1."""
        return self.statement.seq

    @property
    def tokens(self) -> frozenset[str]:
        """The names of the authorities whose tokens it has."""
        return frozenset(e.removesuffix(STAMP) for e in self.endings if e.endswith(STAMP))

    @property
    def witnesses(self) -> frozenset[str]:
        """The names of the witnesses who signed it too."""
        return frozenset(e.removesuffix(WITNESS) for e in self.endings if e.endswith(WITNESS))


def anchors(wiki: Wiki, rev: str = "HEAD") -> list[Anchor]:
    """The anchors of a revision, the first one first.

    Raises:
        Unusable: code ``anchors-broken``: they are not one chain without a gap.
    """
    endings = _endings(wiki, rev)
    paths = {seq: statement.path(seq, "txt") for seq in sorted(endings)}
    raws = wiki.repository.blobs(rev, paths.values())
    found: list[Anchor] = []
    previous = statement.NONE
    for number, (seq, path) in enumerate(paths.items(), 1):
        said = statement.parse(raws[path] or b"")
        if said is None or not number == seq == said.seq or said.prev != previous:
            raise Unusable(
                "anchors-broken",
                _("The anchors of this wiki are not one chain: {path}.").format(path=path),
                _("Look with: aswiki verify"),
            )
        previous = said.sha256
        found.append(Anchor(said, endings[seq]))
    return found


def newest(wiki: Wiki, rev: str = "HEAD") -> Statement | None:
    """The statement of a revision's newest anchor; None where there is none to be read."""
    endings = _endings(wiki, rev)
    if not endings:
        return None
    return statement.parse(wiki.repository.blob(rev, statement.path(max(endings), "txt")) or b"")


def receipt(wiki: Wiki) -> Anchor:
    """The newest anchor, whose statement has the receipt.

    Raises:
        NotFound: code ``no-anchor``.
        Unusable: the anchors are not one chain.
    """
    known = anchors(wiki)
    if known:
        return known[-1]
    raise NotFound(
        "no-anchor", _("This wiki has no anchor yet."), _("Make the first with: aswiki anchor")
    )


def _endings(wiki: Wiki, rev: str) -> Mapping[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for path in wiki.repository.paths(rev, statement.FOLDER):
        place = statement.place(path)
        if place is not None:
            found.setdefault(place[0], set()).add(place[1])
    return {seq: frozenset(endings) for seq, endings in found.items()}

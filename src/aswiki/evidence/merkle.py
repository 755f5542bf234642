"""One hash over all records that gives each of them a short proof and tells nothing of the others.

The shape is that of RFC 6962 (section 2.1). What is hashed is text, so that a stranger can repeat
it with sha256sum: ``<salt> <sha256> <commit> <path>`` and a line end, the salt in hex.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LEAF, _NODE = b"\x00", b"\x01"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One record in the tree.

    Attributes:
        path: the file's path from the wiki's root.
        sha256: of its bytes, in hex.
        commit: the commit that brought these bytes.
        salt: what keeps the others from guessing the leaf behind a hash, in hex.
    """

    path: str
    sha256: str
    commit: str
    salt: str

    def text(self) -> bytes:
        """What is hashed, behind a zero byte."""
        return _bytes(f"{self.salt} {self.sha256} {self.commit} {self.path}\n")

    @property
    def hash(self) -> bytes:
        """The leaf's hash."""
        return hashlib.sha256(_LEAF + self.text()).digest()


@dataclass(frozen=True, slots=True)
class Proof:
    """The way from a leaf to the root.

    Attributes:
        index: the leaf's place, from 0.
        size: how many leaves the tree has.
        siblings: the hash to be joined at each step, from the leaf up.
    """

    index: int
    size: int
    siblings: tuple[bytes, ...]


def salt(seed: bytes, path: str) -> str:
    """The salt of a path in hex: HMAC-SHA256 of it under the anchor's seed."""
    return hmac.new(seed, _bytes(path), hashlib.sha256).hexdigest()


def leaves(seed: bytes, records: Iterable[tuple[str, str, str]]) -> list[Leaf]:
    """The leaves of records given as path, sha256 and commit, sorted by their paths' bytes."""
    ordered = sorted(records, key=lambda record: _bytes(record[0]))
    return [Leaf(path, digest, commit, salt(seed, path)) for path, digest, commit in ordered]


def root(leaves: Sequence[Leaf]) -> str:
    """The root over the leaves, in hex; that of no leaf is the hash of nothing."""
    return _root([leaf.hash for leaf in leaves]).hex()


def proof(leaves: Sequence[Leaf], index: int) -> Proof:
    """What proves the leaf at ``index`` against the root.

    Raises:
        IndexError: there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    return Proof(index, len(leaves), tuple(_siblings([leaf.hash for leaf in leaves], index)))


def check(leaf: Leaf, proof: Proof, root: str) -> bool:
    """Whether the proof leads from the leaf to the root.

    Source: RFC 9162, section 2.1.3.2, which verifies trees of the same shape.
    """
    if not 0 <= proof.index < proof.size:
        return False
    place, last, found = proof.index, proof.size - 1, leaf.hash
    for sibling in proof.siblings:
        if last == 0:
            return False
        if place % 2 or place == last:
            found = _join(sibling, found)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            found = _join(found, sibling)
        place, last = place // 2, last // 2
    return last == 0 and hmac.compare_digest(found.hex(), root)


def _bytes(text: str) -> bytes:
    """The bytes git has for a path, also where they are no UTF-8."""
    return text.encode("utf-8", "surrogateescape")


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1


def _root(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return hashlib.sha256(b"").digest()
    level = list(hashes)
    while len(level) > 1:  # joining neighbours and carrying an odd last one up gives that shape
        pairs = zip(level[::2], level[1::2], strict=False)
        odd = level[-1:] if len(level) % 2 else []
        level = [*(_join(left, right) for left, right in pairs), *odd]
    return level[0]


def _siblings(hashes: Sequence[bytes], index: int) -> list[bytes]:
    if len(hashes) == 1:
        return []
    middle = _split(len(hashes))
    if index < middle:
        return [*_siblings(hashes[:middle], index), _root(hashes[middle:])]
    return [*_siblings(hashes[middle:], index - middle), _root(hashes[:middle])]

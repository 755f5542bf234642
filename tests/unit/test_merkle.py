"""The root over the records has RFC 6962's shape, and a proof fits its own leaf and root alone."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aswiki.evidence import merkle
from aswiki.evidence.merkle import Leaf, Proof

SEED = bytes(range(32))


def some(count: int, seed: bytes = SEED) -> list[Leaf]:
    named = [(f"customers/c{i:03}/profile.md", f"{i:064x}", f"{i:040x}") for i in range(count)]
    return merkle.leaves(seed, named)


def by_the_book(hashes: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, to the letter."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    left, right = by_the_book(hashes[:k]), by_the_book(hashes[k:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def test_a_leaf_is_text_that_a_shell_can_hash() -> None:
    (leaf,) = merkle.leaves(SEED, [("customers/蓝鲸/profile.md", "a" * 64, "b" * 40)])
    salt = hmac.new(SEED, "customers/蓝鲸/profile.md".encode(), "sha256").hexdigest()
    text = f"{salt} {'a' * 64} {'b' * 40} customers/蓝鲸/profile.md\n".encode()
    assert leaf.text() == text
    assert leaf.hash == hashlib.sha256(b"\x00" + text).digest()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 100])
def test_the_root_is_the_one_of_the_standard(count: int) -> None:
    assert merkle.root(some(count)) == by_the_book([leaf.hash for leaf in some(count)]).hex()


def test_no_leaf_gives_the_hash_of_nothing() -> None:
    assert merkle.root([]) == hashlib.sha256(b"").hexdigest()


@given(st.integers(1, 70), st.data())
def test_every_leaf_is_proven_by_its_own_short_path(count: int, data: st.DataObject) -> None:
    leaves = some(count)
    root = merkle.root(leaves)
    index = data.draw(st.integers(0, count - 1))
    proof = merkle.proof(leaves, index)
    assert merkle.check(leaves[index], proof, root)
    assert len(proof.siblings) <= (count - 1).bit_length()


@given(st.integers(2, 40), st.data())
def test_a_proof_fits_nothing_else(count: int, data: st.DataObject) -> None:
    leaves = some(count)
    root = merkle.root(leaves)
    index = data.draw(st.integers(0, count - 1))
    other = data.draw(st.integers(0, count - 1).filter(lambda i: i != index))
    leaf, proof = leaves[index], merkle.proof(leaves, index)
    assert not merkle.check(leaves[other], proof, root)
    assert not merkle.check(leaf, replace(proof, index=other), root)
    assert not merkle.check(leaf, proof, merkle.root(some(count + 1)))
    assert not merkle.check(replace(leaf, sha256="f" * 64), proof, root)
    assert not merkle.check(replace(leaf, commit="f" * 40), proof, root)
    assert not merkle.check(replace(leaf, path="customers/x/profile.md"), proof, root)
    assert not merkle.check(leaf, replace(proof, siblings=proof.siblings[:-1]), root)
    assert not merkle.check(leaf, replace(proof, siblings=(*proof.siblings, b"\0" * 32)), root)


@pytest.mark.parametrize("index", [-1, 1, 99])
def test_a_place_outside_the_tree_proves_nothing(index: int) -> None:
    (leaf,) = some(1)
    assert merkle.check(leaf, Proof(0, 1, ()), leaf.hash.hex())
    assert not merkle.check(leaf, Proof(index, 1, ()), leaf.hash.hex())
    with pytest.raises(IndexError):
        merkle.proof([leaf], index)


def test_the_seed_keeps_others_from_guessing_a_neighbour() -> None:
    one, other = some(3), some(3, b"another seed")
    assert [leaf.salt for leaf in one] != [leaf.salt for leaf in other]
    assert merkle.root(one) != merkle.root(other)
    assert len({leaf.salt for leaf in one}) == 3


def test_the_order_in_which_records_are_given_does_not_matter() -> None:
    named = [(f"p/{name}.md", "0" * 64, "0" * 40) for name in ("b", "é", "a", "Z", "蓝")]
    assert merkle.leaves(SEED, named) == merkle.leaves(SEED, named[::-1])
    assert [leaf.path for leaf in merkle.leaves(SEED, named)] == [
        "p/Z.md",
        "p/a.md",
        "p/b.md",
        "p/é.md",
        "p/蓝.md",
    ]

"""A statement is the same bytes wherever it is written, and nothing else is taken for one."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aswiki.errors import BadInput
from aswiki.evidence import statement
from aswiki.evidence.statement import NONE, Receipt, Statement

FIRST = Statement(
    repo_id="1" * 40,
    seq=1,
    prev=NONE,
    ref="refs/heads/main",
    commit="2" * 40,
    commits=3,
    objects_sha256="a" * 64,
    records_root="b" * 64,
    records_count=7,
    keys_sha256="c" * 64,
    created="2026-10-20T10:00:00+08:00",
    signer="writer@example.com",
)


def test_a_statement_is_one_line_a_key_in_the_order_of_the_design() -> None:
    assert FIRST.text().decode().splitlines() == [
        "aswiki-anchor/v1",
        f"repo-id: {'1' * 40}",
        "seq: 1",
        f"prev: {'0' * 64}",
        "ref: refs/heads/main",
        f"commit: {'2' * 40}",
        "commits: 3",
        f"objects-sha256: {'a' * 64}",
        f"records-root: {'b' * 64}",
        "records-count: 7",
        f"keys-sha256: {'c' * 64}",
        "created: 2026-10-20T10:00:00+08:00",
        "signer: writer@example.com",
    ]
    assert FIRST.text().endswith(b"writer@example.com\n")


@given(st.integers(1, 999_999), st.integers(0, 10**9), st.sampled_from(["王工", "a@b.c", "x"]))
def test_what_is_written_is_read_back(seq: int, commits: int, signer: str) -> None:
    said = replace(FIRST, seq=seq, commits=commits, signer=signer, commit="e" * 64)
    assert statement.parse(said.text()) == said


@given(st.integers(0, len(FIRST.text()) - 1), st.integers(0, 255))
def test_one_changed_byte_never_gives_the_same_statement(place: int, byte: int) -> None:
    raw = bytearray(FIRST.text())
    was, raw[place] = raw[place], byte
    found = statement.parse(bytes(raw))
    assert (found == FIRST) == (was == byte)
    assert found is None or found.text() == bytes(raw)


@pytest.mark.parametrize(
    "bend",
    [
        lambda raw: raw[:0],
        lambda raw: raw[:-1],
        lambda raw: raw + b"\n",
        lambda raw: raw.replace(b"\n", b"\r\n"),
        lambda raw: b"\xef\xbb\xbf" + raw,
        lambda raw: raw.replace(b"v1", b"v2", 1),
        lambda raw: raw.replace(b"seq: 1", b"seq: 01"),
        lambda raw: raw.replace(b"seq: 1", b"seq: 0"),
        lambda raw: raw.replace(b"seq: 1\n", b""),
        lambda raw: raw.replace(b"seq: 1\n", b"seq: 1\nseq: 1\n"),
        lambda raw: raw.replace(b"2026-10-20", b"2026-02-30"),
        lambda raw: raw.replace(b"refs/heads/main", b"main"),
        lambda raw: raw.replace(b"aaaa", b"AAAA"),
        lambda raw: raw.replace(b"writer@example.com", b"writer@example.com x"),
        lambda raw: raw.replace(b"writer", b"\xff\xfe"),
        lambda raw: raw + b"x" * 5000,
    ],
)
def test_what_is_not_exactly_a_statement_is_none(bend: object) -> None:
    assert callable(bend)
    assert statement.parse(bend(FIRST.text())) is None


def test_a_receipt_is_taken_whole_or_as_its_hash_alone() -> None:
    digest = hashlib.sha256(FIRST.text()).hexdigest()
    line = f"aswiki-receipt v1 {'1' * 40} 1 {digest} 2026-10-20T10:00:00+08:00"
    assert FIRST.receipt == line
    assert statement.receipt(f"  {line}\n") == Receipt(
        digest, "1" * 40, 1, "2026-10-20T10:00:00+08:00"
    )
    assert statement.receipt(digest) == Receipt(digest)


@pytest.mark.parametrize("words", ["", "abc", "a" * 63, f"{FIRST.receipt} x", "aswiki-receipt v1"])
def test_what_is_no_receipt_is_said_to_be_none(words: str) -> None:
    with pytest.raises(BadInput, match="is not a receipt"):
        statement.receipt(words)

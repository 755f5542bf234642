"""Two texts word by word: nothing is lost, and what stayed is told as having stayed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aswiki.domain.changes.words import Piece, words

TEXT = st.text(alphabet="ab 主库满了，。\n-", max_size=60)


@given(TEXT, TEXT)
def test_the_pieces_make_both_texts_again(before: str, after: str) -> None:
    pieces = words(before, after)
    assert "".join(piece.text for piece in pieces if piece.op != "+") == before
    assert "".join(piece.text for piece in pieces if piece.op != "-") == after
    assert all(piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("uploads time out", "uploads often time out", "=uploads|+ often|= time out"),
        ("三十分钟内恢复主库", "四十分钟内恢复主库", "-三|+四|=十分钟内恢复主库"),
        ("same", "same", "=same"),
        ("", "新的", "+新的"),
        ("旧的", "", "-旧的"),
        ("甲乙丙丁", "戊乙己庚", "-甲乙丙丁|+戊乙己庚"),
        ("one\ntwo\n", "one\n2\n", "=one\n|-two\n|+2\n"),
    ],
)
def test_words_are_told_as_a_reader_sees_them(before: str, after: str, told: str) -> None:
    pieces = [Piece(part[0], part[1:]) for part in told.split("|")]  # type: ignore[arg-type]
    joined = "|".join(f"{piece.op}{piece.text}" for piece in words(before, after))
    assert joined == "|".join(f"{piece.op}{piece.text}" for piece in pieces)


def test_a_passage_too_long_for_words_is_told_as_a_whole(no_hang: None) -> None:
    started = time.process_time()
    pieces = words("甲" * 200_000, "乙" * 200_000)
    assert [piece.op for piece in pieces] == ["-", "+"]
    assert time.process_time() - started < 20

"""``handover``: what a successor must know on Monday, the most urgent first."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def november(clock: Any) -> None:
    clock.now = datetime.fromisoformat("2026-11-02T09:00:00+08:00")


def test_the_owner_may_be_named_by_id_name_or_alias(examples: Path, run: Any) -> None:
    found = run("handover", "--owner", "zhangwei", "--json").json
    assert (found["owner"], found["department"]) == ("zhangwei", "after-sales")
    assert run("handover", "--owner", "老张", "--json").json == found
    assert {one["customer"] for one in found["customers"]} == {
        "heng-chuan-yin-hang",
        "xing-he-you-xi",
    }


def test_what_is_due_is_as_due_says_it(examples: Path, run: Any) -> None:
    found = run("handover", "--owner", "linyue", "--json").json
    told = [one["ref"] for one in (*found["urgent"], *found["upkeep"])]
    assert told == [one["ref"] for one in run("due", "--owner", "linyue", "--json").json]


@pytest.mark.parametrize(
    ("language", "first", "waits"),
    [
        ("zh", "## 1 周一先办", "10-29 起等周远"),
        ("en", "## 1 First on Monday", "waits for 周远 since 10-29"),
    ],
)
def test_the_most_urgent_stands_first_and_matters_say_whom_they_wait_for(
    examples: Path, run: Any, language: str, first: str, waits: str
) -> None:
    page = run("handover", "--owner", "zhangwei", "--lang", language).out
    assert page.split("\n")[4] == first
    assert waits in page
    assert "138-0000-0011" in page


def test_somebody_with_nothing_in_hand_is_told_so(wiki: Path, run: Any) -> None:
    done = run("handover", "--owner", "zhangwei")
    assert done.code == 0
    assert "Nothing is in their hands" in done.out


def test_somebody_whom_nobody_knows_is_not_found_and_the_known_are_named(
    wiki: Path, run: Any
) -> None:
    done = run("handover", "--owner", "nobody", "--json")
    assert (done.code, done.out) == (3, "")
    assert "zhangwei" in done.error["hint"]


@pytest.mark.parametrize("words", [(), ("--owner", " "), ("--owner", "writer", "--format", "x")])
def test_bad_input_is_refused(wiki: Path, run: Any, words: tuple[str, ...]) -> None:
    done = run("handover", "--no-input", *words)
    assert (done.code, done.out) == (2, "")


def test_it_is_written_into_a_folder(examples: Path, run: Any, tmp_path: Path) -> None:
    done = run("handover", "--owner", "linyue", "--out", f"{tmp_path}/")
    assert done.out == f"{tmp_path}/2026-11-02-handover-linyue.md\n"

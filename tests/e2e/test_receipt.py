"""``receipt``: the newest anchor's line, which somebody outside may hold."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def anchored(wiki: Path, run: Run, new_key: Callable[[str], Path]) -> Path:
    assert run("key", "add", "writer@example.com", str(new_key("writer"))).code == 0
    assert run("anchor").code == 0
    return wiki


def test_the_receipt_names_repository_number_hash_and_time(
    anchored: Path, run: Run, git: Callable[..., str]
) -> None:
    raw = (anchored / ".aswiki/anchors/000001.txt").read_bytes()
    first = git(anchored, "rev-list", "--max-parents=0", "HEAD").strip()
    digest = hashlib.sha256(raw).hexdigest()
    result = run("receipt")
    assert (result.code, result.err) == (0, "")
    assert result.out == f"aswiki-receipt v1 {first} 1 {digest} 2026-10-20T10:00:00+08:00\n"


def test_the_receipt_in_json_says_what_it_stands_for(anchored: Path, run: Run) -> None:
    found = run("receipt", "--json").json
    assert found["receipt"] == run("receipt").out.strip()
    assert (found["seq"], found["signer"]) == (1, "writer@example.com")
    assert found["sha256"] in found["receipt"]
    assert (found["tokens"], found["witnesses"]) == ([], [])


def test_only_a_new_anchor_makes_a_new_receipt(anchored: Path, run: Run) -> None:
    before = run("receipt").out
    assert run("append", "oss-shang", "One more entry").code == 0
    assert run("receipt").out == before
    assert run("anchor").code == 0
    assert run("receipt").out.split()[3] == "2"


def test_a_report_of_an_earlier_day_has_the_receipt_of_that_day(
    anchored: Path, run: Run, git: Callable[..., str]
) -> None:
    rev = git(anchored, "rev-parse", "HEAD").strip()
    before = run("receipt").out.strip()
    assert run("append", "oss-shang", "One more entry").code == 0
    assert run("anchor").code == 0
    said = run("report", "--month", "2026-10", "--as-of", rev).out
    assert before in said
    assert run("receipt").out.strip() not in said


def test_without_an_anchor_there_is_no_receipt(wiki: Path, run: Run) -> None:
    result = run("receipt", "--json")
    assert (result.code, result.out, result.error["code"]) == (3, "", "no-anchor")
    assert result.error["hint"] == "Make the first with: aswiki anchor"

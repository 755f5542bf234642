"""``settle``: what became of a promise; what was kept after its day is late."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"


@pytest.fixture
def promised(wiki: Path, run: Any) -> Path:
    for what in ("one", "two"):
        words = ["--promiser", "zhangwei", "--at", "2026-10-05", "--due", "2026-10-10"]
        assert run("promise", UPLOADS, what, *words).code == 0
    return wiki


def _promise(run: Any, index: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = run("show", UPLOADS, "--json").json["fields"]["promises"][index]
    return found


@pytest.mark.parametrize(
    ("words", "status", "kept_on"),
    [
        (["--as", "kept", "--on", "10月10日"], "kept", "2026-10-10"),
        (["--as", "已兑现", "--on", "10月11日"], "late", "2026-10-11"),
        (["--as", "late"], "late", "2026-10-20"),
        (["--as", "kept", "--at", "2026-10-09"], "kept", "2026-10-09"),
        (["--as", "未践行"], "broken", None),
        (["--as", "withdrawn", "--on", "10月11日"], "withdrawn", None),
        (["--as", "disputed"], "disputed", None),
    ],
)
def test_a_promise_is_settled(
    promised: Path, run: Any, words: list[str], status: str, kept_on: str | None
) -> None:
    done = run("settle", f"{UPLOADS}#p1", *words, "--json")
    assert done.code == 0, done.err
    assert (_promise(run)["status"], _promise(run).get("kept_on")) == (status, kept_on)
    assert _promise(run, 1)["status"] == "open"
    assert run("validate").code == 0


def test_the_day_is_said_back_and_stands_in_the_commit(promised: Path, run: Any, git: Any) -> None:
    done = run("settle", "oss-shang#p2", "--as", "broken", "--on", "上周五")
    assert "Day: 2026-10-16" in done.err
    assert "Aswiki-Occurred: 2026-10-16\n" in git(promised, "log", "-1", "--format=%B")


def test_the_only_open_promise_needs_no_id(promised: Path, run: Any) -> None:
    assert run("settle", UPLOADS, "--as", "kept", "--json").error["code"] == "no-promise"
    assert run("settle", f"{UPLOADS}#p1", "--as", "kept").code == 0
    assert run("settle", UPLOADS, "--as", "broken").code == 0
    assert _promise(run, 1)["status"] == "broken"


def test_a_broken_promise_may_still_be_kept(promised: Path, run: Any) -> None:
    assert run("settle", f"{UPLOADS}#p1", "--as", "broken").code == 0
    assert run("settle", f"{UPLOADS}#p1", "--as", "kept").code == 0
    assert _promise(run)["status"] == "late"


@pytest.mark.parametrize(
    ("words", "exit_code", "code"),
    [
        (["#p1"], 2, "missing-argument"),
        (["#p1", "--as", "excused"], 2, "unknown-word"),
        (["#p1", "--as", "open"], 2, "unknown-word"),
        (["#p9", "--as", "kept"], 3, "no-promise"),
        (["#p1", "--as", "late", "--on", "2026-10-10"], 2, "not-late"),
        (["#p1", "--as", "kept", "--on", "2026-10-01"], 2, "invalid-record"),
        (["#p1", "--as", "kept", "--on", "明天"], 2, "day-ahead"),
    ],
)
def test_what_cannot_be_is_refused(
    promised: Path, run: Any, state: Any, words: list[str], exit_code: int, code: str
) -> None:
    before = state(promised)
    done = run("settle", UPLOADS + words[0], *words[1:], "--json")
    assert (done.code, done.out, done.error["code"]) == (exit_code, "", code)
    assert state(promised) == before


def test_what_was_kept_is_settled(promised: Path, run: Any) -> None:
    assert run("settle", f"{UPLOADS}#p1", "--as", "kept").code == 0
    done = run("settle", f"{UPLOADS}#p1", "--as", "broken", "--json")
    assert (done.code, done.error["code"]) == (2, "settled-already")

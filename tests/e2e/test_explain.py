"""`aswiki explain`: an answer on the usage page, one commit, and the swing asks no more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
PAGE = "customers/heng-chuan-yin-hang/usage/2026-10.md"
WORDS = ("explain", "恒川", "--month", "2026-10", "--as", "planned", "--text", "新接口 #3：上线")


def answers(run: Run, month: str = "2026-10") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run("show", f"heng-chuan-yin-hang/usage/{month}", "--json").json[
        "fields"
    ]["swings"]
    return found


def waiting(run: Run, month: str = "2026-10") -> list[tuple[str, str]]:
    found = run("swings", "--month", month, "--customer", "恒川", "--json").json
    return [(one["scope"], one["horizon"]) for one in found if one["fired"] and not one["feedback"]]


def test_an_answer_to_all_that_waits_adds_one_item_each_in_one_commit(
    run: Run, examples: Path, git: Callable[..., str]
) -> None:
    before = (examples / PAGE).read_text("utf-8")
    done = run(*WORDS, "--related", "balancer-upgrade", "--by", "张维", "--json")
    assert done.code == 0
    assert done.json["ref"] == "heng-chuan-yin-hang/usage/2026-10"
    assert git(examples, "rev-list", "--count", "HEAD").strip() == "2"
    event = "heng-chuan-yin-hang/events/2026-10-02-balancer-upgrade"
    said = {"feedback": "planned", "explanation": "新接口 #3：上线", "by": "zhangwei"}
    new = [
        {"scope": "负载均衡", "horizon": horizon, **said, "related": event}
        for horizon in ("short", "middle")
    ]
    assert answers(run)[2:] == new
    after = (examples / PAGE).read_text("utf-8")
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []
    assert waiting(run) == []
    assert not [
        one for one in run("validate", PAGE, "--json").json["problems"] if one["code"] == "ASW024"
    ]


def test_a_page_without_answers_gets_its_first(run: Run, examples: Path) -> None:
    done = run(
        "explain", "恒川", "--month", "9月", "--as", "属实", "--text", "x", "--scope", "TOTAL"
    )
    assert done.code == 0
    assert [(one["scope"], one["horizon"]) for one in answers(run, "2026-09")] == [
        ("total", "short"),
        ("total", "middle"),
    ]
    assert waiting(run, "2026-09") == [("云数据库", "short"), ("云数据库", "middle")]


def test_an_answer_of_several_lines_takes_one_line_in_the_table(run: Run, examples: Path) -> None:
    words = ("--text", "双十一\n扩容", "--scope", "负载均衡")
    assert run("explain", "恒川", "--month", "2026-10", "--as", "planned", *words).code == 0
    assert "Planned · 双十一 扩容\n" in run("swings", "--month", "2026-10").out


def test_explaining_again_takes_the_place_of_the_old_answer(run: Run, examples: Path) -> None:
    words = ("--scope", "对象存储", "--horizon", "短期")
    assert run(*WORDS, *words).code == 0
    found = [(one["scope"], one["horizon"], one["feedback"]) for one in answers(run)]
    assert found == [("对象存储", "short", "planned"), ("对象存储", "middle", "confirmed")]
    assert "related" not in answers(run)[0]
    assert "灾备副本" in run("show", "heng-chuan-yin-hang/usage/2026-10", "--as-of", "HEAD~1").out


def test_a_horizon_alone_answers_every_scope_that_fired_at_it(run: Run, examples: Path) -> None:
    assert run(*WORDS, "--horizon", "middle").code == 0
    planned = {
        (one["scope"], one["horizon"]) for one in answers(run) if one["feedback"] == "planned"
    }
    assert planned == {("对象存储", "middle"), ("负载均衡", "middle")}


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("--month", "2026-07"), 2, "nothing-fired"),
        (("--scope", "云数据库"), 2, "nothing-fired"),
        (("--horizon", "week"), 2, "nothing-fired"),
        (("--horizon", "soon"), 2, "unknown-word"),
        (("--as", "perhaps"), 2, "unknown-word"),
        (("--text", " "), 2, "empty-text"),
        (("--month", "2024-01"), 3, "no-usage"),
        (("--related", "no-such-record"), 3, "no-record"),
    ],
)
def test_what_cannot_be_answered_is_refused_and_nothing_is_written(
    words: tuple[str, ...],
    code: int,
    error: str,
    run: Run,
    examples: Path,
    state: Callable[[Path], object],
) -> None:
    before = state(examples)
    done = run(*WORDS, *words, "--json")
    assert (done.code, done.error["code"], done.out) == (code, error, "")
    assert done.error["hint"]
    assert state(examples) == before


def test_when_all_is_explained_the_scope_must_be_named(run: Run, examples: Path) -> None:
    assert run(*WORDS).code == 0
    done = run(*WORDS, "--json")
    assert (done.code, done.error["code"]) == (2, "all-explained")
    assert "--scope" in done.error["hint"]


def test_a_dry_run_shows_the_answers_and_writes_nothing(
    run: Run, examples: Path, state: Callable[[Path], object]
) -> None:
    before = state(examples)
    done = run(*WORDS, "--dry-run")
    assert done.out.count("scope: 负载均衡") == 2
    assert state(examples) == before


def test_hand_edits_are_not_written_over(run: Run, examples: Path) -> None:
    with (examples / PAGE).open("a", encoding="utf-8") as file:
        file.write("\nA note by hand.\n")
    done = run(*WORDS, "--json")
    assert (done.code, done.error["code"]) == (4, "hand-edits")
    assert "aswiki commit" in done.error["hint"]


def test_without_a_terminal_a_missing_option_is_named(run: Run, examples: Path) -> None:
    for option in ("--month", "--as", "--text"):
        words = [*WORDS]
        at = words.index(option)
        done = run(*words[:at], *words[at + 2 :], "--json")
        assert done.code == 2
        assert option in done.error["message"] + done.error["hint"]

"""``promise``: who promised what until when, with the next free id."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"


def _promises(run: Any, ref: str = UPLOADS) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run("show", ref, "--json").json["fields"].get("promises", [])
    return found


def test_a_promise_is_written_with_person_department_and_due_day(wiki: Path, run: Any) -> None:
    words = ["--promiser", "老张/数据库研发组", "--due", "下周五", "--kind", "修复"]
    done = run("promise", UPLOADS, "下个版本修好", *words, "--json")
    assert done.code == 0, done.err
    assert "Due: 2026-10-30" in done.err
    assert _promises(run) == [
        {
            "id": "p1",
            "what": "下个版本修好",
            "by": {"person": "zhangwei", "department": "db-team"},
            "kind": "fix",
            "made_on": "2026-10-20",
            "due_on": "2026-10-30",
            "status": "open",
        }
    ]
    assert run("validate").code == 0


@pytest.mark.parametrize(
    ("said", "by"),
    [
        ("张维", {"person": "zhangwei", "department": "after-sales"}),
        ("db-team", {"department": "db-team"}),
        ("/网络研发组", {"department": "net-team"}),
        ("Somebody", {"person": "Somebody"}),
        ("Somebody/db-team", {"person": "Somebody", "department": "db-team"}),
    ],
)
def test_the_promiser_is_a_person_a_department_or_both(
    wiki: Path, run: Any, said: str, by: dict[str, str]
) -> None:
    assert run("promise", UPLOADS, "x", "--promiser", said).code == 0
    assert _promises(run)[0]["by"] == by


def test_ids_count_on_and_at_is_the_day_it_was_made(wiki: Path, run: Any, git: Any) -> None:
    for day in ("10月5日", "10月6日"):
        assert run("promise", UPLOADS, "x", "--promiser", "zhangwei", "--at", day).code == 0
    assert [(p["id"], p["made_on"]) for p in _promises(run)] == [
        ("p1", "2026-10-05"),
        ("p2", "2026-10-06"),
    ]
    said = git(wiki, "log", "-1", "--format=%B")
    assert "Aswiki-Op: update\n" in said
    assert "Aswiki-Occurred: 2026-10-06\n" in said


def test_a_customer_may_be_promised_something_without_an_event(wiki: Path, run: Any) -> None:
    done = run("promise", "蓝鲸", "季度报告", "--promiser", "老张", "--json")
    assert done.json["ref"] == "lan-jing-you-xi/profile"
    assert _promises(run, "lan-jing-you-xi/profile")[0]["what"] == "季度报告"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["x"], "missing-argument"),
        (["x", "--promiser", " / "], "no-person"),
        ([" ", "--promiser", "zhangwei"], "empty-text"),
        (["x", "--promiser", "zhangwei", "--kind", "hope"], "unknown-word"),
        (["x", "--promiser", "zhangwei", "--due", "10月30日"], "due-before-made"),
        (["x", "--promiser", "zhangwei", "--due", "soon"], "unclear-time"),
    ],
)
def test_a_promise_by_nobody_of_nothing_or_due_before_it_was_made_is_refused(
    wiki: Path, run: Any, state: Any, words: list[str], code: str
) -> None:
    before = state(wiki)
    done = run("promise", UPLOADS, *words, "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", code)
    assert state(wiki) == before


def test_an_undone_promise_is_gone_and_one_that_was_settled_since_is_not(
    wiki: Path, run: Any
) -> None:
    before = (wiki / f"customers/{UPLOADS}.md").read_bytes()
    made = run("promise", UPLOADS, "x", "--promiser", "zhangwei", "--json").json["commit"]
    assert run("undo").code == 0
    assert (wiki / f"customers/{UPLOADS}.md").read_bytes() == before
    made = run("promise", UPLOADS, "x", "--promiser", "zhangwei", "--json").json["commit"]
    assert run("settle", UPLOADS, "--as", "kept").code == 0
    assert run("undo", made, "--json").error["code"] == "changed-since"
    assert run("undo").code == 0
    assert _promises(run)[0]["status"] == "open"

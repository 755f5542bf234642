"""``new-customer``: a profile in one commit, its slug from the name, what is known refused."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest


def test_a_chinese_name_becomes_a_slug_in_pinyin(wiki: Path, run: Any) -> None:
    done = run("new-customer", "星河互娱", "--level", "key", "--json")
    assert done.code == 0
    assert done.json["ref"] == "xing-he-hu-yu/profile"
    assert done.json["path"] == "customers/xing-he-hu-yu/profile.md"
    assert len(done.json["commit"]) == 40
    assert (wiki / done.json["path"]).read_text() == (
        "---\ntype: profile\ntitle: 星河互娱\nname: 星河互娱\naccount_level: key\n"
        "owner: writer\n---\n"
    )


def test_the_commit_names_operation_record_and_tool(wiki: Path, run: Any, git: Any) -> None:
    before = git(wiki, "rev-parse", "HEAD")
    done = run("new-customer", "星河互娱", "--json").json
    digest = hashlib.sha256((wiki / done["path"]).read_bytes()).hexdigest()
    assert git(wiki, "log", "-1", "--format=%H%n%B").strip() == (
        f"{done['commit']}\nprofile(xing-he-hu-yu): 星河互娱\n\nAswiki-Op: create\n"
        f"Aswiki-Record: xing-he-hu-yu/profile sha256:{digest}\nAswiki-Tool: aswiki/0.1.0"
    )
    assert git(wiki, "log", "-1", "--format=%P%n%an <%ae>%n%cI").splitlines() == [
        before.strip(),
        "Test Writer <writer@example.com>",
        "2026-10-20T10:00:00+08:00",
    ]
    assert git(wiki, "status", "--porcelain") == ""


def test_a_file_staged_by_hand_stays_staged_and_out_of_the_commit(
    wiki: Path, run: Any, git: Any
) -> None:
    (wiki / "mine.txt").write_text("mine")
    git(wiki, "add", "mine.txt")
    assert run("new-customer", "Blue Moon").code == 0
    assert run("log-incident", "blue-moon", "Down").code == 0
    assert git(wiki, "status", "--porcelain") == "A  mine.txt\n"
    assert "mine.txt" not in git(wiki, "log", "-2", "--name-only", "--format=")


def test_the_options_become_fields_and_a_label_becomes_its_key(wiki: Path, run: Any) -> None:
    words = ["--level", "重点", "--since", "2024-05-01", "--industry", "游戏", "--slug", "moon"]
    done = run("new-customer", "Blue Moon", *words, "--set", "aliases=月亮, Luna", "--json")
    assert done.json["ref"] == "moon/profile"
    fields = run("show", "月亮", "--json").json["fields"]
    assert fields["account_level"] == "key"
    assert fields["customer_since"] == "2024-05-01"
    assert fields["industry"] == "游戏"
    assert fields["aliases"] == ["月亮", "Luna"]


def test_an_unknown_git_identity_is_added_to_people_in_the_same_commit(
    wiki: Path, run: Any, git: Any
) -> None:
    git(wiki, "config", "user.name", "李 小龙")
    git(wiki, "config", "user.email", "lxl@example.com")
    before = (wiki / "people.toml").read_bytes()
    assert run("new-customer", "Blue Moon").code == 0
    after = (wiki / "people.toml").read_bytes()
    assert after.startswith(before)
    assert b'emails = ["lxl@example.com"]' in after
    assert "people.toml" in git(wiki, "log", "-1", "--name-only", "--format=")
    assert run("new-customer", "Green Moon").code == 0
    assert (wiki / "people.toml").read_bytes() == after


def test_the_success_line_names_record_commit_and_undo(wiki: Path, run: Any, git: Any) -> None:
    done = run("new-customer", "Blue Moon")
    short = git(wiki, "rev-parse", "HEAD")[:10]
    assert done.out == f"blue-moon/profile · commit {short} · undo with: aswiki undo {short}\n"


@pytest.mark.parametrize(
    "words",
    [
        ["Whale", "--slug", "lan-jing-you-xi"],
        ["蓝鲸游戏"],
        ["蓝鲸游戏", "--slug", "other"],
        ["ACME corp"],
        ["acme"],
    ],
)
def test_a_known_slug_or_name_is_refused_with_the_existing_one_named(
    wiki: Path, run: Any, state: Any, words: list[str]
) -> None:
    before = state(wiki)
    done = run("new-customer", *words, "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", "customer-exists")
    assert "acme" in done.error["message"] or "lan-jing-you-xi" in done.error["message"]
    assert state(wiki) == before


def test_a_dry_run_prints_the_diff_and_writes_nothing(wiki: Path, run: Any, state: Any) -> None:
    before = state(wiki)
    done = run("new-customer", "Blue Moon", "--dry-run")
    assert done.code == 0
    assert done.out.startswith("--- /dev/null\n+++ b/customers/blue-moon/profile.md\n")
    assert "+title: Blue Moon" in done.out
    told = run("new-customer", "Blue Moon", "--dry-run", "--json").json
    assert told["commit"] is None
    assert told["diff"] == done.out
    assert state(wiki) == before

"""``undo``: facts and prose go back by a new commit, log entries stay, nothing is rewritten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"
PATH = f"customers/{UPLOADS}.md"


def _commit(run: Any, *words: str) -> str:
    done = run(*words, "--json")
    assert done.code == 0, done.err
    return str(done.json["commit"])


def test_undoing_a_creation_leaves_a_tombstone(wiki: Path, run: Any, git: Any) -> None:
    made = run("log-incident", "acme", "Down", "--json").json
    done = run("undo", made["commit"][:8], "--json")
    assert done.code == 0, done.err
    assert done.json["ref"] == made["ref"]
    fields = run("show", made["ref"], "--json").json["fields"]
    assert fields["status"] == "retired"
    assert made["commit"][:10] in fields["retired"]["why"]
    assert made["ref"] not in [row["ref"] for row in run("list", "event", "--json").json]
    assert "Aswiki-Op: undo\n" in git(wiki, "log", "-1", "--format=%B")
    assert git(wiki, "merge-base", "--is-ancestor", made["commit"], "HEAD") == ""


def test_undoing_the_undoing_brings_the_record_back(wiki: Path, run: Any) -> None:
    made = run("log-incident", "acme", "Down", "--json").json
    whole = (wiki / made["path"]).read_bytes()
    assert run("undo").code == 0
    stone = (wiki / made["path"]).read_bytes()
    assert run("undo").code == 0
    assert (wiki / made["path"]).read_bytes() == whole
    again = run("undo")
    assert again.code == 0, again.err
    assert (wiki / made["path"]).read_bytes() == stone


def test_undoing_a_set_brings_the_value_back(wiki: Path, run: Any) -> None:
    before = (wiki / PATH).read_bytes()
    _commit(run, "set", UPLOADS, "status=处理中", "root_cause=磁盘满")
    assert run("undo").code == 0
    assert (wiki / PATH).read_bytes() == before


def test_the_reason_of_an_undone_set_stays_and_a_note_says_withdrawn(wiki: Path, run: Any) -> None:
    commit = _commit(run, "set", UPLOADS, "severity=P3", "--why", "只影响一个桶")
    done = run("undo", commit, "--by", "老张", "--at", "昨天 9:00")
    assert done.code == 0, done.err
    assert "Time: 2026-10-19T09:00:00+08:00" in done.err
    fields = run("show", UPLOADS, "--json").json["fields"]
    assert fields["severity"] == "P1"
    by_text = {entry["text"]: entry for entry in fields["log"]}
    assert "只影响一个桶" in by_text
    (note,) = [entry for text, entry in by_text.items() if text.startswith("已撤销：")]
    assert (note["by"], note["at"]) == ("zhangwei", "2026-10-19T09:00:00+08:00")
    assert commit[:10] in note["text"]
    assert run("validate").code == 0


def test_an_undone_entry_stays_in_the_log(wiki: Path, run: Any, git: Any) -> None:
    _commit(run, "append", UPLOADS, "说错了的话", "--kind", "客户", "--quote", "原话")
    assert run("undo").code == 0
    log = run("show", UPLOADS, "--json").json["fields"]["log"]
    assert [entry["text"] for entry in log[:2]] == ["要求 30 分钟内恢复", "说错了的话"]
    assert log[1]["quote"] == "原话"
    assert log[2]["text"].startswith("已撤销：append(lan-jing-you-xi)")
    assert git(wiki, "show", "--numstat", "--format=").split()[:2] == ["1", "0"]


def test_a_later_change_of_another_field_stays(wiki: Path, run: Any) -> None:
    commit = _commit(run, "set", UPLOADS, "severity=P0")
    _commit(run, "set", UPLOADS, "environment=生产", "background=先有的")
    done = run("undo", commit)
    assert done.code == 0, done.err
    fields = run("show", UPLOADS, "--json").json["fields"]
    assert (fields["severity"], fields["environment"]) == ("P1", "生产")
    assert fields["background"] == "先有的"


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (["severity=P0"], ["severity=P2", "--why", "x"]),
        (["root_cause=甲"], ["root_cause=乙"]),
    ],
)
def test_what_was_changed_since_is_refused(
    wiki: Path, run: Any, state: Any, first: list[str], then: list[str]
) -> None:
    commit = _commit(run, "set", UPLOADS, *first)
    _commit(run, "set", UPLOADS, *then)
    before = state(wiki)
    done = run("undo", commit, "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", "changed-since")
    assert PATH in done.error["message"]
    assert state(wiki) == before


def test_a_retired_record_comes_back_whole(wiki: Path, run: Any) -> None:
    before = (wiki / PATH).read_bytes()
    _commit(run, "retire", UPLOADS, "--why", "重复")
    assert run("undo").code == 0
    assert (wiki / PATH).read_bytes() == before


def test_a_customer_that_was_made_by_mistake_is_retired(wiki: Path, run: Any) -> None:
    _commit(run, "new-customer", "Blue Moon")
    assert run("undo").code == 0
    assert "blue-moon" not in [row["customer"] for row in run("list", "customers", "--json").json]


def test_a_commit_without_records_or_a_merge_is_refused(
    wiki: Path, run: Any, git: Any, state: Any
) -> None:
    root = git(wiki, "rev-list", "--max-parents=0", "HEAD").strip()
    git(wiki, "commit", "-q", "--allow-empty", "-m", "nothing")
    assert run("undo", "--json").error["code"] == "nothing-to-undo"
    git(wiki, "checkout", "-qb", "side", root)
    git(wiki, "commit", "-q", "--allow-empty", "-m", "side")
    git(wiki, "checkout", "-q", "main")
    git(wiki, "merge", "-q", "side", "-m", "merge")
    before = state(wiki)
    assert run("undo", "--json").error["code"] == "merge-commit"
    assert state(wiki) == before


def test_a_dry_run_shows_what_would_go_back(wiki: Path, run: Any, state: Any) -> None:
    _commit(run, "set", UPLOADS, "severity=P0")
    before = state(wiki)
    done = run("undo", "--dry-run")
    assert "-severity: P0\n+severity: P1\n" in done.out
    assert state(wiki) == before

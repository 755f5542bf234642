"""Where a person has to decide: ``sync`` stops clean, ``commit`` finishes a merge by hand."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.gitserver import Hub, head, refused, require_proven, told

Run = Callable[..., Any]
Git = Callable[..., str]
State = Callable[[Path], object]

EVENT = "customers/acme/events/2026-10-05-oss-quota.md"
REF = "acme/events/2026-10-05-oss-quota"


@pytest.fixture
def conflict(shared: Path, bob: Path, run: Run) -> Path:
    """Bob's clone, where both have changed one field."""
    assert shared
    run("set", REF, "environment=production")
    run("append", REF, "ours")
    run("sync")
    run("-C", str(bob), "set", REF, "environment=staging")
    run("-C", str(bob), "append", REF, "theirs")
    return bob


def test_a_conflict_leaves_everything_as_it_was_and_says_what_to_do(
    conflict: Path, hub: Hub, git: Git, run: Run, state: State
) -> None:
    before, there = state(conflict), hub.head
    said = run("-C", str(conflict), "sync")
    assert said.code == 1
    assert f"{EVENT}: Both sides changed: " in said.out
    assert "git merge --no-commit origin/main" in said.err
    assert "aswiki commit" in said.err
    assert (state(conflict), hub.head) == (before, there)
    assert git(conflict, "rev-parse", "origin/main").strip() == there
    document = run("-C", str(conflict), "sync", "--json")
    assert document.code == 1
    (one,) = document.json["conflicts"]
    assert (one["path"], one["ref"]) == (EVENT, REF)
    assert (document.json["pushed"], document.json["commit"]) == (0, None)


def test_a_merge_by_hand_is_finished_by_commit_and_pushed(
    conflict: Path, shared: Path, hub: Hub, git: Git, run: Run
) -> None:
    run("-C", str(conflict), "sync")
    merged = subprocess.run(
        ["git", "merge", "-q", "--no-commit", "origin/main"], cwd=conflict, check=False
    )
    assert merged.returncode != 0
    stopped = run("-C", str(conflict), "commit", "--json")
    assert stopped.code == 1
    assert {p["path"] for p in stopped.json["refused"]} == {EVENT}
    place = conflict / EVENT
    place.write_text(chosen(place.read_text("utf-8")), "utf-8")
    said = told(run("-C", str(conflict), "commit", "--json"))
    assert said["refs"] == [{"ref": REF, "path": EVENT}]
    assert len(git(conflict, "log", "-1", "--format=%P").split()) == 2
    assert "Aswiki-Op: merge" in git(conflict, "log", "-1", "--format=%B")
    assert git(conflict, "status", "--porcelain") == ""
    assert not (conflict / ".git/MERGE_HEAD").exists()
    assert told(run("-C", str(conflict), "sync", "--json"))["pushed"] == 3
    assert hub.head == head(conflict)
    require_proven(conflict, run)
    run("sync")
    text = (shared / EVENT).read_text("utf-8")
    assert "ours" in text
    assert "theirs" in text


def chosen(text: str) -> str:
    """The text with our side of every conflict, and in the log both."""
    lines: list[str] = []
    side = ""
    for line in text.splitlines():
        if line.startswith("<<<<<<<"):
            side = "ours"
        elif line.startswith(("|||||||", "=======")) and side:
            side = "base" if line.startswith("|") else "theirs"
        elif line.startswith(">>>>>>>"):
            side = ""
        elif side in {"", "ours"} or (side == "theirs" and line.startswith("- 2")):
            lines.append(line)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda text: text.replace("staging", "elsewhere"), "neither side wrote"),
        (lambda text: "\n".join(x for x in text.split("\n") if "theirs" not in x), "entry"),
        (lambda text: text.replace("type: event", "type: even"), "even"),
    ],
)
def test_a_merge_by_hand_that_could_not_be_proven_is_refused(
    conflict: Path, git: Git, run: Run, edit: Callable[[str], str], said: str
) -> None:
    subprocess.run(["git", "fetch", "-q"], cwd=conflict, check=True)
    subprocess.run(["git", "merge", "-q", "--no-commit", "origin/main"], cwd=conflict, check=False)
    place = conflict / EVENT
    place.write_text(edit(chosen(place.read_text("utf-8"))), "utf-8")
    before = head(conflict)
    found = run("-C", str(conflict), "commit", "--json")
    assert found.code == 1
    assert any(said in problem["message"] for problem in found.json["refused"])
    assert head(conflict) == before
    assert (conflict / ".git/MERGE_HEAD").exists()


def test_a_merge_by_hand_changes_no_file_that_one_side_alone_changed(
    conflict: Path, shared: Path, git: Git, run: Run
) -> None:
    run("append", "oss-shang", "only there")
    run("sync")
    run("-C", str(conflict), "sync")
    subprocess.run(["git", "merge", "-q", "--no-commit", "origin/main"], cwd=conflict, check=False)
    place = conflict / EVENT
    place.write_text(chosen(place.read_text("utf-8")), "utf-8")
    (other,) = conflict.glob("customers/lan*/events/*.md")
    kept = other.read_text("utf-8")
    other.write_text(kept + "- 2026-10-21 09:00 +08:00 · bob · note: slipped in\n", "utf-8")
    found = run("-C", str(conflict), "commit", "--json")
    assert found.code == 1
    assert any("Not both sides" in problem["message"] for problem in found.json["refused"])
    other.write_text(kept, "utf-8")
    assert run("-C", str(conflict), "commit", "--dry-run").code == 0
    assert run("-C", str(conflict), "commit", "-m", "both of it").code == 0
    assert git(conflict, "log", "-1", "--format=%s").strip() == "both of it"
    assert shared


def test_other_writes_wait_until_a_merge_is_finished(conflict: Path, run: Run) -> None:
    subprocess.run(["git", "fetch", "-q"], cwd=conflict, check=True)
    subprocess.run(["git", "merge", "-q", "--no-commit", "origin/main"], cwd=conflict, check=False)
    refused(run("-C", str(conflict), "append", "oss-shang", "x", "--json"), "git-busy")
    refused(run("-C", str(conflict), "sync", "--json"), "git-busy")


def test_rules_of_the_wiki_are_never_merged(shared: Path, bob: Path, run: Run) -> None:
    for folder, name in ((shared, "One"), (bob, "Two")):
        place = folder / "aswiki.toml"
        place.write_text(place.read_text("utf-8").replace("测试知识库", name), "utf-8")
        assert run("-C", str(folder), "commit").code == 0
    run("sync")
    said = run("-C", str(bob), "sync", "--json")
    assert said.code == 1
    assert [one["path"] for one in said.json["conflicts"]] == ["aswiki.toml"]
    assert "rules of the wiki" in said.json["conflicts"][0]["reason"]


def test_two_new_names_for_one_record_are_a_conflict(shared: Path, bob: Path, run: Run) -> None:
    assert shared
    run("rename", REF, "one-name")
    run("-C", str(bob), "rename", REF, "other-name")
    run("sync")
    said = run("-C", str(bob), "sync", "--json")
    assert said.code == 1
    assert "renamed on both sides" in said.json["conflicts"][0]["reason"]
    run("-C", str(bob), "rename", "other-name", "one-name")
    assert told(run("-C", str(bob), "sync", "--json"))["merged"] is True
    require_proven(bob, run)

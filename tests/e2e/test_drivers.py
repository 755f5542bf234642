"""Git's own diff of records: set by ``init``, in a clone by ``doctor --fix``, shown by git."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aswiki.wiki.sharing.drivers import ATTRIBUTES, DRIVERS, RECORDS

Run = Callable[..., Any]
Git = Callable[..., str]

EVENT = "customers/acme/events/2026-10-05-oss-quota.md"


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command aswiki is on the PATH, where git looks for it."""
    folder = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def settings(git: Git, folder: Path) -> dict[str, str]:
    listed = git(folder, "config", "--local", "--list", "-z").split("\0")
    pairs = (line.partition("\n") for line in listed)
    return {key: value for key, _newline, value in pairs if ".aswiki." in key}


def state(run: Run, folder: Path) -> tuple[str, str]:
    rows = run("-C", str(folder), "doctor", "--json").json["checks"]
    return next((row["state"], row["detail"]) for row in rows if row["name"] == "drivers")


def attribute(git: Git, folder: Path, name: str, path: str) -> str:
    return git(folder, "check-attr", name, "--", path).rpartition(": ")[2].strip()


@pytest.mark.parametrize("inside", ["", "docs/wiki"])
def test_init_sets_git_up_and_a_clone_is_set_up_by_doctor(
    tmp_path: Path, run: Run, git: Git, inside: str
) -> None:
    top = tmp_path / "top"
    top.mkdir()
    git(top, "init", "-q", "-b", "main")
    made = top / inside
    assert run("init", str(made)).code == 0
    assert settings(git, made) == dict(DRIVERS)
    assert state(run, made)[0] == "ok"
    for path in ("customers/a/profile.md", "customers/a/usage/2026-10.md", "lessons/a.md"):
        assert attribute(git, made, "diff", path) == "aswiki"
        assert attribute(git, made, "merge", path) == "aswiki"
        assert attribute(git, made, "text", path) == "unset"
    for path in ("customers/a/files/0123-note.md", "people.toml", "notes.md"):
        assert attribute(git, made, "diff", path) == "unspecified"
    git(tmp_path, "clone", "-q", str(top), "clone")
    clone = tmp_path / "clone" / inside
    warned = state(run, clone)
    assert warned[0] == "warning"
    assert "merge.aswiki.driver" in warned[1]
    head = git(clone, "rev-parse", "HEAD")
    fixed = run("-C", str(clone), "doctor", "--fix", "--json").json["fixed"]
    assert fixed == [f"{key}={value}" for key, value in DRIVERS.items()]
    assert settings(git, clone) == dict(DRIVERS)
    assert run("-C", str(clone), "doctor", "--fix", "--json").json["fixed"] == []
    assert git(clone, "rev-parse", "HEAD") == head
    assert state(run, clone) == ("ok", "Git diffs and merges records as records.")


def test_a_wiki_of_before_gets_the_lines_beside_its_own(wiki: Path, run: Run, git: Git) -> None:
    (wiki / ATTRIBUTES).write_bytes(b"*.png binary")
    git(wiki, "add", ATTRIBUTES)
    git(wiki, "commit", "-qm", "own attributes")
    fixed = run("doctor", "--fix", "--json").json["fixed"]
    assert fixed[-1] == ATTRIBUTES
    assert (wiki / ATTRIBUTES).read_text() == f"*.png binary\n{RECORDS}"
    assert git(wiki, "status", "--porcelain") == ""
    assert "Aswiki-Op: policy" in git(wiki, "log", "-1", "--format=%b")
    assert run("doctor", "--fix", "--json").json["fixed"] == []


def test_attributes_with_hand_edits_are_left_alone_and_told_of(
    wiki: Path, run: Run, git: Git
) -> None:
    (wiki / ATTRIBUTES).write_bytes(b"*.png binary\n")
    git(wiki, "add", ATTRIBUTES)
    git(wiki, "commit", "-qm", "own attributes")
    (wiki / ATTRIBUTES).write_bytes(b"*.jpg binary\n")
    head = git(wiki, "rev-parse", "HEAD")
    run("doctor", "--fix")
    assert (wiki / ATTRIBUTES).read_bytes() == b"*.jpg binary\n"
    assert git(wiki, "rev-parse", "HEAD") == head
    assert state(run, wiki)[0] == "warning"
    assert ATTRIBUTES in state(run, wiki)[1]


def test_a_setting_with_other_words_is_named_and_put_right(wiki: Path, run: Run, git: Git) -> None:
    run("doctor", "--fix")
    git(wiki, "config", "diff.aswiki.textconv", "touch canary; cat")
    told = run("doctor", "--json").json["checks"]
    assert {row["name"] for row in told if "diff.aswiki.textconv" in row["detail"]} == {
        "drivers",
        "safety",
    }
    run("doctor", "--fix")
    assert settings(git, wiki) == dict(DRIVERS)
    assert not (wiki / "canary").exists()


def test_a_command_that_git_would_not_find_is_told_of(
    wiki: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    need: Callable[[str], str],
) -> None:
    run("doctor", "--fix")
    bare = tmp_path / "bin"
    bare.mkdir()
    (bare / "git").symlink_to(need("git"))
    monkeypatch.setenv("PATH", str(bare))
    assert state(run, wiki) == ("warning", "Git would not find the command aswiki.")


def edited(wiki: Path) -> None:
    file = wiki / EVENT
    text = file.read_text(encoding="utf-8").replace("kind: question", "kind: deployment")
    file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [("zh", "种类: 答疑", "种类: 部署"), ("en", "Kind: Question", "Kind: Deployment")],
)
def test_git_shows_the_customers_world(
    wiki: Path,
    run: Run,
    git: Git,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    old: str,
    new: str,
) -> None:
    run("doctor", "--fix")
    monkeypatch.setenv("ASWIKI_LANG", language)
    edited(wiki)
    assert f"\n-{old}\n+{new}\n" in git(wiki, "diff")
    git(wiki, "commit", "-qam", "by hand")
    assert f"\n-{old}\n+{new}\n" in git(wiki, "show")
    assert f"\n-{old}\n+{new}\n" in git(wiki, "log", "-p", "-1")


def test_a_hunk_is_headed_by_the_section_it_is_in(wiki: Path, run: Run, git: Git) -> None:
    run("doctor", "--fix")
    run("set", "oss-quota", "background=一\n\n二\n\n三\n\n四\n\n五\n\n六\n\n七\n\n八")
    file = wiki / EVENT
    file.write_text(file.read_text(encoding="utf-8").replace("八", "九"), encoding="utf-8")
    assert "@@ ## 背景\n" in git(wiki, "diff")


def test_where_aswiki_is_not_found_git_shows_the_file_as_it_is(
    wiki: Path, run: Run, git: Git, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run("doctor", "--fix")
    edited(wiki)
    bare = tmp_path / "bin"
    bare.mkdir()
    for name in ("git", "sh", "cat"):
        found = shutil.which(name)
        assert found is not None
        (bare / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(bare))
    done = subprocess.run(["git", "diff"], cwd=wiki, capture_output=True, text=True, check=True)
    assert "\n-kind: question\n+kind: deployment\n" in done.stdout
    assert done.stderr == ""


def test_our_own_reading_of_git_calls_no_driver(
    wiki: Path, run: Run, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("doctor", "--fix")
    trap = tmp_path / "bin/aswiki"
    trap.parent.mkdir()
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/called\n")
    trap.chmod(0o755)
    monkeypatch.setenv("PATH", f"{trap.parent}{os.pathsep}{os.environ['PATH']}")
    edited(wiki)
    for words in (["diff"], ["diff", "HEAD~1..HEAD"], ["history", "oss-quota"], ["commit"]):
        assert run(*words).code == 0
    assert not (tmp_path / "called").exists()
    git(wiki, "show")
    assert (tmp_path / "called").exists()

"""``aswiki doctor``: what is missing or unsafe, the remedy, and what ``--fix`` clears up."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aswiki import lang
from aswiki.cli.main import main

Capsys = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command aswiki is on the PATH."""
    folder = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    yield
    lang.use("en")


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, check=True)
    return done.stdout.decode()


@pytest.fixture
def wiki(tmp_path: Path, capsys: Capsys) -> Path:
    folder = tmp_path / "知识库 one"
    assert main(["init", str(folder)]) == 0
    capsys.readouterr()
    return folder


def checks(wiki: Path, capsys: Capsys, *words: str) -> dict[str, dict[str, str]]:
    """The checks of a wiki that can be used, by name; the worst of each name."""
    assert main(["-C", str(wiki), "doctor", "--json", *words]) == 0
    rows = json.loads(capsys.readouterr().out)["checks"]
    assert all(sorted(row) == ["detail", "name", "remedy", "state"] for row in rows)
    return {row["name"]: row for row in rows}


def problem(wiki: Path, capsys: Capsys) -> dict[str, str]:
    """What is said of a wiki that cannot be used, as text and as JSON."""
    assert main(["-C", str(wiki), "doctor"]) == 4
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [row for row in rows if row[0] == "problem"]
    assert main(["-C", str(wiki), "doctor", "--json"]) == 4
    said = capsys.readouterr()
    assert said.out == ""
    error: dict[str, dict[str, str]] = json.loads(said.err.splitlines()[-1])
    return error["error"]


def dead_pid() -> int:
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def test_a_new_wiki_is_well(wiki: Path, capsys: Capsys) -> None:
    found = checks(wiki, capsys)
    assert {row["state"] for row in found.values()} == {"ok"}
    assert found["identity"]["detail"] == "Test Writer <writer@example.com>"
    assert found["branch"]["detail"] == "On branch main."
    assert main(["-C", str(wiki), "doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(found) == 14
    assert all(line.startswith("ok\t") for line in lines)


def test_without_a_wiki_the_machine_is_looked_at_and_init_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["doctor"]) == 4
    out = capsys.readouterr().out
    assert "ok\tGit\tgit " in out
    assert "ok\tIdentity\tTest Writer" in out
    assert "aswiki init" in out
    assert list(tmp_path.iterdir()) == []


def test_a_missing_identity_is_a_problem_with_its_remedy(wiki: Path, capsys: Capsys) -> None:
    Path.home().joinpath(".gitconfig").write_text("")
    error = problem(wiki, capsys)
    assert error["code"] == "unhealthy"
    assert "git config --global user.name" in error["hint"]


@pytest.mark.parametrize("wrong", ["not toml", '[wiki]\nschema = 1\ncolour = "red"\n'])
def test_settings_that_are_wrong_are_named(wiki: Path, capsys: Capsys, wrong: str) -> None:
    (wiki / "aswiki.toml").write_text(wrong)
    assert "aswiki.toml" in problem(wiki, capsys)["message"]


def test_a_time_zone_that_is_none_is_named(wiki: Path, capsys: Capsys) -> None:
    text = (wiki / "aswiki.toml").read_text(encoding="utf-8")
    (wiki / "aswiki.toml").write_text(text.replace("Asia/Shanghai", "Mars/X"), encoding="utf-8")
    assert "Mars/X" in problem(wiki, capsys)["message"]


def test_a_wiki_outside_git_is_told_of(tmp_path: Path, capsys: Capsys) -> None:
    (tmp_path / "aswiki.toml").write_text("[wiki]\nschema = 1\n")
    assert "git init" in problem(tmp_path, capsys)["hint"]


def test_what_is_refused_and_what_is_switched_off_are_told_apart(
    wiki: Path, capsys: Capsys
) -> None:
    git(wiki, "config", "core.hooksPath", "/tmp/hooks")
    found = checks(wiki, capsys)["safety"]
    assert found["state"] == "warning"
    assert "core.hookspath (/tmp/hooks)" in found["detail"]
    git(wiki, "config", "include.path", "other")
    error = problem(wiki, capsys)
    assert "include.path" in error["message"]
    assert "--unset-all include.path" in error["hint"]


def test_a_merge_under_way_and_a_detached_head_are_problems(wiki: Path, capsys: Capsys) -> None:
    head = git(wiki, "rev-parse", "HEAD")
    (wiki / ".git" / "MERGE_HEAD").write_text(head)
    assert "merge" in problem(wiki, capsys)["message"]
    (wiki / ".git" / "MERGE_HEAD").unlink()
    git(wiki, "checkout", "-q", "--detach")
    assert "git switch" in problem(wiki, capsys)["hint"]


def test_hand_edits_are_named_and_other_files_are_not(wiki: Path, capsys: Capsys) -> None:
    folder = wiki / "customers" / "acme" / "files"
    folder.mkdir(parents=True)
    (folder.parent / "profile.md").write_text("---\ntype: profile\n---\n")
    (folder / "0123456789ab-证据.txt").write_text("x")
    (wiki / "scratch.txt").write_text("mine\n")
    (wiki / "people.toml").unlink()
    found = checks(wiki, capsys)["hand-edits"]
    assert found["state"] == "warning"
    assert found["detail"] == (
        "Not committed: customers/acme/files/0123456789ab-证据.txt, customers/acme/profile.md, "
        "people.toml"
    )
    assert "aswiki commit" in found["remedy"]


def test_many_hand_edits_are_counted(wiki: Path, capsys: Capsys) -> None:
    (wiki / "lessons").mkdir()
    for number in range(9):
        (wiki / "lessons" / f"n{number}.md").write_text("x")
    assert checks(wiki, capsys)["hand-edits"]["detail"].endswith("lessons/n4.md (4 more)")


def test_fix_clears_up_after_a_writer_that_died(wiki: Path, capsys: Capsys) -> None:
    (wiki / "lessons").mkdir()
    half = wiki / "lessons" / ".aswiki-17-0123456789abcdef.tmp"
    half.write_text("half")
    pid = dead_pid()
    lock = wiki / ".git" / "index.lock"
    lock.write_text(f"aswiki {socket.gethostname()} {pid}\n")
    desk = wiki / ".git" / f"aswiki-desk-{pid}-x"
    desk.mkdir()
    found = checks(wiki, capsys)["leftovers"]
    assert found["state"] == "warning"
    assert "doctor --fix" in found["remedy"]
    assert half.exists()
    assert lock.exists()
    assert main(["-C", str(wiki), "doctor", "--fix", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["fixed"] == [str(half), str(lock), str(desk)]
    assert {row["state"] for row in answer["checks"]} == {"ok"}
    assert not any(place.exists() for place in (half, lock, desk))


def test_fix_says_what_it_did_and_leaves_what_is_not_ours(
    wiki: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASWIKI_LOCK_TIMEOUT", "0")
    theirs = wiki / ".git" / "index.lock"
    theirs.write_text("")
    half = wiki / ".aswiki-17-0123456789abcdef.tmp"
    half.write_text("half")
    near = wiki / ".aswiki-note.tmp"
    near.write_text("mine")
    assert main(["-C", str(wiki), "doctor", "--fix"]) == 0
    said = capsys.readouterr()
    assert str(half) in said.err
    assert str(theirs) not in said.err
    assert str(theirs) in said.out
    assert theirs.exists()
    assert near.exists()
    assert not half.exists()


def test_doctor_writes_nothing_without_fix(wiki: Path, capsys: Capsys) -> None:
    def seen() -> dict[str, int]:
        return {str(place): place.lstat().st_mtime_ns for place in wiki.rglob("*")}

    before = seen()
    checks(wiki, capsys)
    assert seen() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_wiki_that_cannot_be_written_is_a_problem(wiki: Path, capsys: Capsys) -> None:
    wiki.chmod(0o555)
    try:
        assert "permission" in problem(wiki, capsys)["message"]
    finally:
        wiki.chmod(0o755)


def test_an_old_git_is_a_problem(
    wiki: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "git").write_text("#!/bin/sh\necho git version 2.20.1\n")
    (programs / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    error = problem(wiki, capsys)
    assert "2.20.1" in error["message"]
    assert "2.36" in error["hint"]


def test_a_missing_git_is_a_problem(
    wiki: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "Git" in problem(wiki, capsys)["message"]

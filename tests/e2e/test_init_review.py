"""``aswiki init --review``: what a host reads for a review, in a new wiki and in an old one."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aswiki.cli.main import main

Run = Callable[..., Any]
Git = Callable[..., str]
FILES = [
    ".github/CODEOWNERS",
    ".github/pull_request_template.md",
    ".gitlab/CODEOWNERS",
    ".gitlab/merge_request_templates/Default.md",
]


def committed(git: Git, folder: Path, commit: str = "HEAD") -> list[str]:
    words = ("diff-tree", "--root", "-r", "--no-commit-id", "--name-only", commit)
    return git(folder, *words).splitlines()


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "合并之前"), ("en", "Before this is merged")]
)
def test_a_new_wiki_has_them_from_its_first_commit_on_in_its_language(
    run: Run, git: Git, tmp_path: Path, language: str, words: str
) -> None:
    folder = tmp_path / "new"
    assert run("init", str(folder), "--review", "--lang", language).code == 0
    assert set(FILES) < set(committed(git, folder))
    assert git(folder, "rev-list", "--count", "HEAD") == "1\n"
    for path in (FILES[1], FILES[3]):
        assert words in (folder / path).read_text(encoding="utf-8")
    assert "@SETTINGS@" not in (folder / FILES[0]).read_text(encoding="utf-8")
    assert run("-C", str(folder), "validate").code == 0


def test_a_wiki_that_is_there_gets_them_as_one_commit_of_ours(
    run: Run, git: Git, wiki: Path
) -> None:
    people = wiki / "people.toml"
    text = people.read_text(encoding="utf-8")
    said = text.replace("[people.writer]\n", '[people.writer]\nx_handle = "@writer"\n')
    people.write_text(said, encoding="utf-8")
    assert run("commit").code == 0
    before = git(wiki, "rev-parse", "HEAD")
    done = run("init", "--review", "--json")
    assert done.code == 0
    assert done.json["commit"] == git(wiki, "rev-parse", "HEAD").strip()
    assert git(wiki, "rev-parse", "HEAD~1") == before
    assert committed(git, wiki) == FILES
    assert "Aswiki-Op: create\nAswiki-Tool: " in git(wiki, "log", "-1", "--format=%b")
    owners = (wiki / FILES[0]).read_text(encoding="utf-8")
    assert "\n/customers/acme/ @writer\n" in owners
    assert "\n# /aswiki.toml @…" in owners
    assert (wiki / FILES[2]).read_text(encoding="utf-8") == owners
    assert git(wiki, "status", "--porcelain") == ""
    assert run("validate").code == 0


def test_a_file_that_is_there_is_left_and_named_and_a_second_time_nothing_is_done(
    run: Run, git: Git, wiki: Path
) -> None:
    own = wiki / FILES[0]
    own.parent.mkdir()
    own.write_text("* @me\n", encoding="utf-8")
    first = run("init", "--review", "--json")
    assert own.read_text(encoding="utf-8") == "* @me\n"
    assert [FILES[0] in warning for warning in first.json["warnings"]] == [True]
    assert committed(git, wiki) == FILES[1:]
    second = run("init", "--review", "--json")
    assert (second.code, second.json["commit"]) == (0, None)
    assert len(second.json["warnings"]) == len(FILES)
    assert "Nothing to do" in run("init", "--review").out


def test_hand_edits_of_them_are_taken_in_by_commit(run: Run, git: Git, wiki: Path) -> None:
    run("init", "--review")
    (wiki / FILES[0]).write_text("* @team\n", encoding="utf-8")
    (wiki / ".gitlab-ci.yml").write_text("include: []\n", encoding="utf-8")
    (wiki / "mine.txt").write_text("mine\n", encoding="utf-8")
    assert run("commit").code == 0
    assert committed(git, wiki) == [".github/CODEOWNERS", ".gitlab-ci.yml"]
    assert git(wiki, "status", "--porcelain") == "?? mine.txt\n"


def test_a_signed_wiki_signs_them_and_its_admins_guard_the_settings(
    git: Git, tmp_path: Path, new_key: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "signed")
    assert main(["init", folder, "--sign-with", str(new_key("writer"))]) == 0
    assert main(["init", folder, "--review"]) == 0
    raw = git(Path(folder), "cat-file", "commit", "HEAD")
    assert "gpgsig -----BEGIN SSH SIGNATURE-----" in raw
    assert "(Test Writer)" in Path(folder, FILES[0]).read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(["-C", folder, "verify", "--json"]) == 5
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert {each["code"] for each in findings} == {"NOANCHOR", "NOPIN"}


def test_a_wiki_in_a_folder_of_its_repository_is_refused_before_anything_is_written(
    run: Run, tmp_path: Path
) -> None:
    top = tmp_path / "project"
    subprocess.run(["git", "init", "-q", str(top)], check=True)
    done = run("init", str(top / "notes"), "--review", "--json")
    assert (done.code, done.error["code"]) == (2, "not-the-top")
    assert [path.name for path in top.iterdir()] == [".git"]
    assert run("init", str(top / "notes")).code == 0
    done = run("init", str(top / "notes"), "--review", "--json")
    assert (done.code, done.error["code"]) == (2, "not-the-top")
    assert not (top / "notes/.github").exists()


def test_without_the_option_a_wiki_that_is_there_is_refused_as_before(run: Run, wiki: Path) -> None:
    done = run("init", "--json")
    assert (done.code, done.error["code"]) == (2, "wiki-exists")
    assert json.dumps(done.error)
    assert not (wiki / ".github").exists()

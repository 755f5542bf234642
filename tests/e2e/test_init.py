"""``aswiki init``: a wiki in a new or an existing repository, whole or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from aswiki import lang
from aswiki.cli.main import main

ASWIKI = str(Path(sys.executable).with_name("aswiki"))


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    yield
    lang.use("en")


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-c", "core.quotePath=false", *words], cwd=folder, capture_output=True, check=True
    )
    return done.stdout.decode()


def committed(folder: Path) -> list[str]:
    return git(folder, "ls-tree", "-r", "--name-only", "HEAD").splitlines()


def without_identity() -> None:
    Path.home().joinpath(".gitconfig").write_text("[init]\n\tdefaultBranch = main\n")


def test_a_new_folder_becomes_a_repository_with_one_commit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "售后 知识库" / "wiki one"
    assert main(["init", str(folder)]) == 0
    said = capsys.readouterr()
    head = git(folder, "rev-parse", "HEAD").strip()
    assert str(folder) in said.out
    assert head[:10] in said.out
    assert "new-customer" in said.err
    assert git(folder, "log", "--format=%s|%an|%ae") == (
        "init: wiki one|Test Writer|writer@example.com\n"
    )
    assert git(folder, "log", "-1", "--format=%b").startswith("Aswiki-Op: create\nAswiki-Tool: ")
    assert committed(folder) == [".gitattributes", "aswiki.toml", "people.toml"]
    assert git(folder, "status", "--porcelain") == ""
    assert git(folder, "symbolic-ref", "HEAD") == "refs/heads/main\n"


def test_the_settings_and_people_hold_what_was_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = '杭州 "云" \\ 售后 = 一组'
    words = ["--lang", "en", "--currency", "eur", "--timezone", "Europe/Berlin", "--name", name]
    assert main(["init", str(tmp_path / "w"), *words]) == 0
    settings = tomllib.loads((tmp_path / "w" / "aswiki.toml").read_text(encoding="utf-8"))
    assert settings["wiki"] == {
        "schema": 1,
        "name": name,
        "lang": "en",
        "timezone": "Europe/Berlin",
        "currency": "EUR",
    }
    people = tomllib.loads((tmp_path / "w" / "people.toml").read_text(encoding="utf-8"))
    assert people["people"] == {
        "test-writer": {"name": "Test Writer", "emails": ["writer@example.com"]}
    }
    assert people["departments"]["after-sales"]["kind"] == "after_sales"
    assert main(["-C", str(tmp_path / "w"), "validate"]) == 0
    capsys.readouterr()


def test_a_chinese_wiki_is_made_with_lang_zh_before_or_after_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", "zh", "init", str(tmp_path / "a")]) == 0
    assert main(["init", str(tmp_path / "b"), "--lang=zh"]) == 0
    capsys.readouterr()
    for folder in (tmp_path / "a", tmp_path / "b"):
        settings = tomllib.loads((folder / "aswiki.toml").read_text(encoding="utf-8"))
        assert settings["wiki"]["lang"] == "zh"
        assert "售后部" in (folder / "people.toml").read_text(encoding="utf-8")


def test_the_language_in_use_is_the_wikis_unless_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASWIKI_LANG", "zh")
    assert main(["init", str(tmp_path / "w")]) == 0
    capsys.readouterr()
    settings = tomllib.loads((tmp_path / "w" / "aswiki.toml").read_text(encoding="utf-8"))
    assert settings["wiki"]["lang"] == "zh"


def test_json_names_the_commit_in_full(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path / "w"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "ref": None,
        "path": "aswiki.toml",
        "commit": git(tmp_path / "w", "rev-parse", "HEAD").strip(),
        "warnings": [],
        "folder": str(tmp_path / "w"),
    }


def test_the_installed_command_makes_a_wiki_where_it_is_called(tmp_path: Path) -> None:
    done = subprocess.run([ASWIKI, "init", "-q"], cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert committed(tmp_path) == [".gitattributes", "aswiki.toml", "people.toml"]
    assert git(tmp_path, "log", "--format=%s") == f"init: {tmp_path.name}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a commit, a staged file and one that git does not know."""
    top = tmp_path / "项目"
    top.mkdir()
    git(top, "init", "-q", "-b", "trunk")
    (top / "README.md").write_text("old\n")
    git(top, "add", ".")
    git(top, "commit", "-q", "-m", "first")
    (top / "README.md").write_text("staged\n")
    git(top, "add", "README.md")
    (top / "README.md").write_text("in work\n")
    (top / "loose.txt").write_text("loose\n")
    return top


@pytest.mark.parametrize("inside", ["", "docs/客户 wiki"])
def test_other_files_of_a_repository_stay_as_they_are(
    project: Path, inside: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project / inside
    assert main(["init", str(folder)]) == 0
    capsys.readouterr()
    prefix = f"{inside}/" if inside else ""
    ours = [f"{prefix}{name}" for name in (".gitattributes", "aswiki.toml", "people.toml")]
    assert sorted(committed(project)) == sorted(["README.md", *ours])
    assert git(project, "status", "--porcelain") == "MM README.md\n?? loose.txt\n"
    assert git(project, "show", ":README.md") == "staged\n"
    assert git(project, "show", "HEAD:README.md") == "old\n"
    assert (project / "README.md").read_text() == "in work\n"
    assert git(project, "log", "--format=%s", "trunk").splitlines()[1] == "first"
    assert not (project / "docs" / "客户 wiki" / ".git").exists()


def test_a_gitattributes_of_the_users_stays(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / ".gitattributes").write_text("*.png binary\n")
    assert main(["init", str(project)]) == 0
    capsys.readouterr()
    assert (project / ".gitattributes").read_text() == "*.png binary\n"
    assert ".gitattributes" not in committed(project)


def test_files_of_a_folder_without_a_repository_stay_unknown_to_git(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("mine\n")
    assert main(["init", str(tmp_path)]) == 0
    capsys.readouterr()
    assert git(tmp_path, "status", "--porcelain") == "?? mine.txt\n"


def test_a_wiki_that_is_there_is_refused_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["init", str(tmp_path)])
    before = git(tmp_path, "rev-parse", "HEAD")
    assert main(["init", str(tmp_path)]) == 2
    assert str(tmp_path / "aswiki.toml") in capsys.readouterr().err
    assert git(tmp_path, "rev-parse", "HEAD") == before


def test_people_that_are_there_are_not_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "people.toml").write_text("# mine\n")
    assert main(["init", str(tmp_path)]) == 2
    assert "people.toml" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["people.toml"]
    assert (tmp_path / "people.toml").read_text() == "# mine\n"


@pytest.mark.parametrize(
    "words",
    [
        ["--timezone", "Mars/Olympus"],
        ["--timezone", "../../etc/passwd"],
        ["--timezone", 'UTC"\nevil = "1'],
        ["--currency", "yuan"],
        ["--currency", ""],
        ["--lang", "fr"],
        ["--name", ""],
        ["--name", "two\nlines"],
    ],
)
def test_a_bad_setting_is_refused_before_anything_is_written(
    tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path / "a" / "b"), *words, "--json"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert json.loads(said.err.splitlines()[-1])["error"]["hint"]
    assert list(tmp_path.iterdir()) == []


def test_without_an_identity_nothing_is_left_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    without_identity()
    assert main(["init", str(tmp_path / "a" / "b"), "--json"]) == 4
    assert json.loads(capsys.readouterr().err.splitlines()[-1])["error"]["code"] == "no-identity"
    assert list(tmp_path.iterdir()) == []
    assert main(["init", str(tmp_path)]) == 4
    assert list(tmp_path.iterdir()) == []


def test_a_repositorys_own_identity_is_enough(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    without_identity()
    git(project, "config", "user.name", "李雷")
    git(project, "config", "user.email", "lilei@example.com")
    assert main(["init", str(project / "wiki")]) == 0
    capsys.readouterr()
    people = tomllib.loads((project / "wiki" / "people.toml").read_text(encoding="utf-8"))
    assert people["people"] == {"lilei": {"name": "李雷", "emails": ["lilei@example.com"]}}


def test_a_file_in_the_way_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "file", tmp_path / "file" / "deeper" / "wiki"):
        assert main(["init", str(folder)]) == 4
        assert str(tmp_path / "file") in capsys.readouterr().err
    assert (tmp_path / "file").read_text() == "x"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "shut").mkdir(mode=0o555)
    assert main(["init", str(tmp_path / "shut" / "wiki")]) == 4
    assert "shut" in capsys.readouterr().err


@pytest.mark.parametrize("inside", ["", "wiki"])
def test_a_commit_that_git_refuses_leaves_nothing(
    project: Path, inside: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / ".git" / "MERGE_HEAD").write_text(git(project, "rev-parse", "HEAD"))
    assert main(["init", str(project / inside)]) == 4
    capsys.readouterr()
    assert sorted(path.name for path in project.iterdir()) == [".git", "README.md", "loose.txt"]
    assert git(project, "log", "--format=%s") == "first\n"


def test_a_new_repository_goes_again_when_its_commit_cannot_be_signed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Path.home().joinpath(".gitconfig").open("a") as file:
        file.write("[commit]\n\tgpgSign = true\n[gpg]\n\tformat = ssh\n")
        file.write("[user]\n\tsigningKey = /nowhere/key.pub\n")
    (tmp_path / "mine.txt").write_text("mine\n")
    assert main(["init", str(tmp_path)]) == 4
    assert main(["init", str(tmp_path / "a" / "b")]) == 4
    capsys.readouterr()
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]

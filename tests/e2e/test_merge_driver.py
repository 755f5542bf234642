"""Git merges records by calling ``aswiki merge-driver``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.e2e.conftest import Result

from aswiki.store.conflicts import resolved
from aswiki.wiki.sharing.drivers import DRIVERS

Run = Callable[..., Result]
Git = Callable[..., str]

EVENT = "customers/lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi.md"
OSS = "oss-shang"


@pytest.fixture
def told(wiki: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The wiki as git knows it that was told of the driver."""
    configure(git, wiki, monkeypatch)
    return wiki


def configure(git: Git, top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = f"{sys.executable} -m aswiki"
    git(top, "config", "merge.aswiki.driver", f"{program} merge-driver %O %A %B %L %P")
    (top / ".git/info").mkdir(exist_ok=True)
    (top / ".git/info/attributes").write_text("*.md merge=aswiki\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
    monkeypatch.setenv("ASWIKI_LANG", "en")


def merging(top: Path, branch: str = "theirs") -> tuple[int, str]:
    """The exit code of a real git merge, and what was said."""
    words = ["git", "merge", "--no-edit", branch]
    done = subprocess.run(words, cwd=top, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def on_two_branches(git: Git, top: Path, ours: Callable[[], object], theirs: object) -> None:
    git(top, "checkout", "--quiet", "-b", "theirs")
    assert callable(theirs)
    theirs()
    git(top, "checkout", "--quiet", "main")
    ours()


def good(run: Run, *words: str) -> Callable[[], None]:
    def done() -> None:
        result = run(*words)
        assert result.code == 0, result.err

    return done


def test_entries_that_two_added_to_one_log_are_both_there_by_time(
    told: Path, run: Run, git: Git
) -> None:
    on_two_branches(
        git,
        told,
        good(run, "append", OSS, "重启了网关", "--at", "2026-10-03 15:00"),
        good(run, "append", OSS, "客户来电", "--at", "2026-10-03 14:40", "--kind", "customer"),
    )
    code, said = merging(told)
    assert code == 0, said
    log = run("show", OSS, "--json").json["fields"]["log"]
    assert [entry["text"] for entry in log][-2:] == ["客户来电", "重启了网关"]
    assert run("validate", EVENT).code == 0
    assert git(told, "status", "--porcelain") == ""


def test_facts_and_promises_and_words_of_two_come_together(told: Path, run: Run, git: Git) -> None:
    good(run, "promise", OSS, "修复", "--promiser", "db-team")()

    def theirs() -> None:
        good(run, "set", OSS, "status=triaged", "root_cause=交换机")()
        good(run, "promise", OSS, "周报", "--promiser", "zhangwei")()

    def ours() -> None:
        good(run, "settle", f"{OSS}#p1", "--as", "kept")()
        good(run, "set", OSS, "background=大促", "tags=存储")()

    on_two_branches(git, told, ours, theirs)
    code, said = merging(told)
    assert code == 0, said
    fields = run("show", OSS, "--json").json["fields"]
    assert (fields["status"], fields["root_cause"], fields["background"]) == (
        "triaged",
        "交换机",
        "大促",
    )
    assert [(p["id"], p["status"]) for p in fields["promises"]] == [("p1", "kept"), ("p2", "open")]
    assert run("validate", EVENT).code == 0


def test_a_merge_of_lines_of_both_sides_is_no_evil_merge(told: Path, run: Run, git: Git) -> None:
    on_two_branches(
        git,
        told,
        good(run, "set", OSS, "environment=生产", "tags=a"),
        good(run, "append", OSS, "客户来电", "--at", "2026-10-03 14:40"),
    )
    assert merging(told)[0] == 0
    codes = {finding["code"] for finding in run("verify", "--json").json["findings"]}
    assert "HOSTMERGE" in codes
    assert not codes & {"EVILMERGE", "DELETED"}


def test_one_scalar_changed_by_two_is_a_conflict_that_validate_explains(
    told: Path, run: Run, git: Git
) -> None:
    on_two_branches(
        git,
        told,
        good(run, "set", OSS, "severity=P0", "environment=生产"),
        good(run, "set", OSS, "severity=P2", "--why", "影响小"),
    )
    code, said = merging(told)
    assert code == 1
    assert "CONFLICT" in said
    assert f"{EVENT}: two versions stand of severity." in said
    text = (told / EVENT).read_text(encoding="utf-8")
    assert "<<<<<<< ours\nseverity: P0\n=======\nseverity: P2\n>>>>>>> theirs\n" in text
    line = text.splitlines().index("<<<<<<< ours") + 1
    result = run("validate", EVENT)
    assert result.code == 1
    [problem] = result.out.splitlines()
    assert problem.startswith(f"{EVENT}:{line}:1: ASW114 Two versions stand here")
    assert "aswiki commit" in problem
    assert run("list", "event").code == 0
    (told / EVENT).write_text(resolved(text, "ours"), encoding="utf-8")
    git(told, "add", EVENT)
    git(told, "commit", "--quiet", "--no-edit")
    assert run("validate", EVENT).code == 0
    assert "影响小" in (told / EVENT).read_text(encoding="utf-8")


def test_words_changed_by_one_and_released_by_the_other_are_for_a_person(
    told: Path, run: Run, git: Git
) -> None:
    good(run, "set", OSS, "customer_text=服务已恢复。")()
    on_two_branches(
        git,
        told,
        good(run, "set", OSS, "customer_text=服务已恢复，正在复盘。"),
        good(run, "release", OSS, "--to", "customer_tech"),
    )
    code, said = merging(told)
    assert code == 1, said
    problems = run("validate", EVENT, "--json").json["problems"]
    assert {p["code"] for p in problems if p["level"] == "error"} == {"ASW114"}


def test_times_that_only_together_are_out_of_order_are_for_a_person(
    told: Path, run: Run, git: Git
) -> None:
    on_two_branches(
        git,
        told,
        good(run, "set", OSS, "resolved_at=2026-10-03T16:00+08:00"),
        good(run, "set", OSS, "started_at=2026-10-03T18:00+08:00", "--why", "核对了监控"),
    )
    code, said = merging(told)
    assert code == 1, said
    assert "resolved_at" in said


def test_a_record_that_both_made_is_merged(told: Path, run: Run, git: Git) -> None:
    made = ("log-incident", "acme", "Login fails", "--at", "2026-10-06 10:00", "--product", "oss")

    def theirs() -> None:
        good(run, *made)()
        good(run, "append", "login-fails", "重启了", "--at", "2026-10-06 11:00")()

    def ours() -> None:
        good(run, *made)()
        good(run, "append", "login-fails", "客户来电", "--at", "2026-10-06 10:30")()

    on_two_branches(git, told, ours, theirs)
    code, said = merging(told)
    assert code == 0, said
    log = run("show", "login-fails", "--json").json["fields"]["log"]
    assert [entry["text"] for entry in log] == ["客户来电", "重启了"]


def test_a_wiki_in_a_folder_of_the_repository_is_merged_too(
    wiki: Path, run: Run, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = tmp_path / "repository"
    (wiki / ".git").rename(tmp_path / "old-git")
    top.mkdir()
    wiki.rename(top / "知识库")
    git(top, "init", "--quiet", "-b", "main")
    git(top, "add", ".")
    git(top, "commit", "--quiet", "-m", "a wiki in a folder")
    configure(git, top, monkeypatch)
    monkeypatch.chdir(top / "知识库")
    on_two_branches(
        git,
        top,
        good(run, "append", OSS, "重启了网关", "--at", "2026-10-03 15:00"),
        good(run, "append", OSS, "客户来电", "--at", "2026-10-03 14:40"),
    )
    code, said = merging(top)
    assert code == 0, said
    log = run("show", OSS, "--json").json["fields"]["log"]
    assert [entry["text"] for entry in log][-2:] == ["客户来电", "重启了网关"]


def test_the_driver_speaks_json_and_tells_git_by_its_exit_code(wiki: Path, run: Run) -> None:
    text = (wiki / EVENT).read_bytes()
    names = {"base": text, "ours": text.replace(b"P1", b"P0"), "theirs": text + b"\n## More\n\nx\n"}
    for name, raw in names.items():
        (wiki / name).write_bytes(raw)
    result = run("merge-driver", "base", "ours", "theirs", "7", EVENT, "--json")
    assert (result.code, result.json) == (0, {"path": EVENT, "conflicts": [], "notes": []})
    assert (wiki / "ours").read_bytes() == text.replace(b"P1", b"P0") + b"\n## More\n\nx\n"
    (wiki / "theirs").write_bytes(text.replace(b"P1", b"P3"))
    result = run("merge-driver", "base", "ours", "theirs", "7", EVENT, "--json")
    assert (result.code, result.json["conflicts"]) == (1, ["severity"])


def test_a_file_that_is_not_there_is_bad_input(wiki: Path, run: Run) -> None:
    result = run("merge-driver", "no", "such", "file", "7", EVENT)
    assert (result.code, result.out) == (2, "")


def test_a_merge_that_cannot_be_tried_is_told_to_git_as_such(
    wiki: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, words in (("base", "a\n"), ("ours", "b\n"), ("theirs", "c\n")):
        (wiki / name).write_text(words, encoding="utf-8")
    monkeypatch.setenv("PATH", "/nowhere")
    result = run("merge-driver", "base", "ours", "theirs", "7", "customers/acme/profile.md")
    assert result.code == 129
    assert "Git is not installed." in result.err
    assert (wiki / "ours").read_text() == "<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n"


@pytest.mark.parametrize("is_clean", [True, False])
def test_where_aswiki_is_not_found_git_merges_by_lines_and_nobody_loses_any(
    told: Path, run: Run, git: Git, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_clean: bool
) -> None:
    there = "重启了网关", "客户来电"
    other = ("set", OSS, "detected_by=patrol") if is_clean else ("append", OSS, there[1])
    on_two_branches(git, told, good(run, "append", OSS, there[0]), good(run, *other))
    git(told, "config", "merge.aswiki.driver", DRIVERS["merge.aswiki.driver"])
    only = tmp_path / "only-git"
    only.mkdir()
    for name in ("git", "sh"):
        (only / name).symlink_to(shutil.which(name) or "")
    monkeypatch.setenv("PATH", str(only))
    code, said = merging(told)
    text = (told / EVENT).read_text(encoding="utf-8")
    assert there[0] in text, said
    if is_clean:
        assert (code, "detected_by: patrol" in text) == (0, True), said
    else:
        assert (code, there[1] in text) == (1, True), said
        assert [resolved(text, side).count("<<<<") for side in ("ours", "theirs")] == [0, 0]
        assert "<<<<<<< ours\n" in text


def test_the_help_lists_the_driver_among_what_is_shared(run: Run) -> None:
    share = run("--help").out.partition("\nShare\n")[2].partition("\n\n")[0]
    assert "merge-driver" in share

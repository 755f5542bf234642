from __future__ import annotations

import os
import pwd
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aswiki.store.git.runner import environment

AMONG_OTHERS = """
import sys
import pytest
sys.exit(pytest.main(["-p", "no:cacheprovider", "-k", "own_world", sys.argv[1]]))
"""


def own_home() -> Path:
    return Path(pwd.getpwuid(os.getuid()).pw_dir)


def git(*words: str) -> str:
    done = subprocess.run(["git", *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_home_in_our_own_world_is_an_empty_folder_of_the_test() -> None:
    home = Path.home()
    assert home.resolve() != own_home().resolve()
    assert Path(os.environ["XDG_CONFIG_HOME"]).is_relative_to(home)
    assert [entry.name for entry in home.iterdir()] == [".gitconfig"]


def test_git_in_our_own_world_knows_the_test_writer_and_no_setting_of_this_machines_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert git("config", "user.name") == "Test Writer"
    assert git("config", "user.email") == "writer@example.com"
    said = git("config", "--global", "--list", "--show-origin").splitlines()
    assert said
    assert all(str(Path.home()) in line for line in said)


def test_the_environment_in_our_own_world_has_no_word_for_git_aswiki_or_ci() -> None:
    forbidden = ("GIT_", "ASWIKI_", "LC_")
    assert [name for name in os.environ if name.startswith(forbidden)] == []
    assert {"LANGUAGE", "CI"}.isdisjoint(os.environ)
    assert os.environ["LANG"] == "C.UTF-8"


def test_the_clock_in_our_own_world_is_in_utc() -> None:
    assert os.environ["TZ"] == "UTC"
    assert time.tzname == ("UTC", "UTC")
    assert time.localtime(0).tm_gmtoff == 0


def test_the_guard_holds_against_a_hostile_environment(tmp_path: Path) -> None:
    """The same tests, run by a pytest whose environment would lead git and aswiki astray."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / ".gitconfig").write_text("[user]\n\tname = Somebody Else\n")
    hostile = {
        "HOME": str(elsewhere),
        "GIT_DIR": str(elsewhere),
        "GIT_WORK_TREE": str(elsewhere),
        "GIT_INDEX_FILE": str(elsewhere / "index"),
        "GIT_AUTHOR_NAME": "Somebody Else",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "user.name",
        "GIT_CONFIG_VALUE_0": "Somebody Else",
        "ASWIKI_WIKI": str(elsewhere),
        "ASWIKI_LANG": "zh",
        "LC_ALL": "zh_CN.UTF-8",
        "LANGUAGE": "zh",
        "CI": "1",
        "TZ": "Asia/Shanghai",
    }
    done = subprocess.run(
        [sys.executable, "-c", AMONG_OTHERS, __file__],
        env=dict(os.environ) | hostile,
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout


def test_nothing_of_gits_variables_reaches_a_git_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/somewhere")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Somebody Else")
    ours = environment()
    assert {"GIT_DIR", "GIT_AUTHOR_NAME"}.isdisjoint(ours)
    assert ours["TZ"] == "UTC"
    assert ours["GIT_TERMINAL_PROMPT"] == "0"

"""The guard around every test holds: nothing of the machine reaches in, nothing leaks out."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"


def test_home_is_empty_but_for_an_identity_that_is_nobodys() -> None:
    assert [path.name for path in Path.home().iterdir()] == [".gitconfig"]
    asked = subprocess.run(
        ["git", "config", "--get", "user.email"], capture_output=True, text=True, check=True
    )
    assert asked.stdout == "writer@example.com\n"


def test_the_zone_is_utc_and_no_variable_of_the_user_is_seen() -> None:
    assert time.strftime("%Z") == "UTC"
    assert not [name for name in os.environ if name.startswith(("GIT_", "ASWIKI_", "LC_"))]
    assert "CI" not in os.environ


def test_a_program_that_is_there_is_found(need: Callable[[str], str]) -> None:
    assert Path(need("git")).name == "git"


@pytest.mark.parametrize(("ci", "outcome"), [("", "1 skipped"), ("true", "1 failed")])
def test_a_missing_program_is_a_skip_here_and_a_failure_in_ci(
    tmp_path: Path, ci: str, outcome: str
) -> None:
    tmp_path.joinpath("conftest.py").write_bytes(CONFTEST.read_bytes())
    tmp_path.joinpath("test_it.py").write_text(
        "def test_it(need):\n    need('no-such-program')\n", encoding="utf-8"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=os.environ | {"CI": ci, "PYTHONPATH": str(CONFTEST.parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome in done.stdout

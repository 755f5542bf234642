"""What a git killed with its writer leaves: its lock files, which the next write clears."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aswiki.cli.main import main

LOCKS = ("HEAD.lock", "refs/heads/main.lock")


@pytest.fixture
def abandoned(wiki: Path) -> Path:
    """A wiki whose last writer died with the right to write in its hand."""
    assert main(["-C", str(wiki), "-q", "log-incident", "acme", "OSS timeout"]) == 0
    (wiki / ".git/aswiki.lock").write_text("999999\n")
    return wiki


def append(wiki: Path) -> int:
    return main(["-C", str(wiki), "-q", "append", "oss-timeout", "after the crash"])


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_that_a_killed_git_of_ours_left_is_cleared_by_the_next_write(
    abandoned: Path, name: str
) -> None:
    (abandoned / ".git" / name).touch()
    assert append(abandoned) == 0
    assert not (abandoned / ".git" / name).exists()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_older_than_the_dead_writer_is_somebody_elses(abandoned: Path, name: str) -> None:
    held = abandoned / ".git" / name
    held.touch()
    os.utime(held, (1, 1))
    assert append(abandoned) == 4
    assert held.exists()


def test_a_lock_without_a_dead_writer_is_left_alone(abandoned: Path) -> None:
    assert append(abandoned) == 0
    held = abandoned / ".git/HEAD.lock"
    held.touch()
    assert append(abandoned) == 4
    assert held.exists()

"""The world every test lives in: a fixed identity, an empty HOME, UTC and no GIT_* variables."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

AUTOMATED = os.environ.get("CI", "").lower() not in {"", "0", "false"}
"""Whether a machine runs the tests; read here, since each test's world is without CI."""


@pytest.fixture(autouse=True)
def _own_world(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(("GIT_", "ASWIKI_", "LC_")) or name in {"LANG", "LANGUAGE", "CI"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("COLUMNS", "100")
    time.tzset()
    Path(home, ".gitconfig").write_text(
        "[user]\n\tname = Test Writer\n\temail = writer@example.com\n"
        "[init]\n\tdefaultBranch = main\n",
        encoding="utf-8",
    )


@pytest.fixture
def need() -> Callable[[str], str]:
    """The path of a program a test needs: where it is missing a skip, and a failure under CI."""

    def found(command: str) -> str:
        path = shutil.which(command)
        if path is not None:
            return path
        reason = f"{command} is not installed"
        if AUTOMATED:
            pytest.fail(reason)
        pytest.skip(reason)

    return found

"""The world every test lives in: a fixed identity, an empty HOME, UTC and no GIT_* variables."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest


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

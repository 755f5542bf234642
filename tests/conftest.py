"""The world every test lives in: a fixed identity, an empty HOME, UTC and no GIT_* variables."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest

pytest_plugins = ["tests.tsa", "tests.sealed", "tests.tampering", "tests.gitserver"]

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


HANGS_AFTER_SECONDS = 60


@pytest.fixture
def no_hang() -> Iterator[None]:
    """A guard against what never ends, far above what a loaded machine takes; not a measurement."""

    def give_up(_signal: int, _frame: FrameType | None) -> None:
        pytest.fail(f"still at it after {HANGS_AFTER_SECONDS} s of processor time")

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, HANGS_AFTER_SECONDS)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


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


@pytest.fixture
def chinese_font() -> str:
    """A family that prints Chinese: where none is installed a skip, and a failure under CI."""
    from aswiki.render.fonts import fonts

    found = fonts()
    if found:
        return found[0]
    reason = "no font with Chinese characters is installed (fonts-noto-cjk)"
    if AUTOMATED:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def hand_made() -> Callable[[Path], Path]:
    """Makes a wiki of one customer at a folder, by hand and with plain git."""

    def made(root: Path) -> Path:
        profile = root / "customers/acme/profile.md"
        profile.parent.mkdir(parents=True)
        profile.write_text("---\ntype: profile\ntitle: Acme\nname: Acme\n---\n", encoding="utf-8")
        settings = '[wiki]\nschema = 1\nname = "Test"\nlang = "en"\ntimezone = "Asia/Shanghai"\n'
        (root / "aswiki.toml").write_text(settings, encoding="utf-8")
        for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "start"]):
            subprocess.run(["git", *words], cwd=root, check=True)
        return root

    return made

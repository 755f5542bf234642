from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aswiki.errors import BadInput, Unusable
from aswiki.store.lock import Lock, patience

HOLD = """
import sys, time
from pathlib import Path
from aswiki.store.lock import Lock
with Lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""

COUNT = """
import sys
from pathlib import Path
from aswiki.store.lock import Lock
counter = Path(sys.argv[2])
for _ in range(25):
    with Lock(Path(sys.argv[1])):
        counter.write_text(str(int(counter.read_text()) + 1))
"""


def holder_of(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def stop(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_a_held_lock_names_its_holder_and_what_to_do(tmp_path: Path) -> None:
    process = holder_of(tmp_path / "lock")
    try:
        with pytest.raises(Unusable) as caught, Lock(tmp_path / "lock", timeout_seconds=0.05):
            pass
    finally:
        stop(process)
    assert caught.value.code == "locked"
    assert str(process.pid) in caught.value.message
    assert str(process.pid) in caught.value.hint


def test_a_killed_holder_leaves_the_lock_free(tmp_path: Path) -> None:
    stop(holder_of(tmp_path / "lock"))
    with Lock(tmp_path / "lock", timeout_seconds=0.0):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


def test_the_lock_is_given_back_when_the_work_fails(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="broken"), Lock(tmp_path / "lock"):
        raise ValueError("broken")
    with Lock(tmp_path / "lock", timeout_seconds=0.0):
        pass


def test_two_locks_of_one_process_exclude_each_other(tmp_path: Path) -> None:
    with (
        Lock(tmp_path / "lock"),
        pytest.raises(Unusable),
        Lock(tmp_path / "lock", timeout_seconds=0.0),
    ):
        pass


def test_the_environment_overrides_the_timeout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASWIKI_LOCK_TIMEOUT", "0.05")
    started = time.monotonic()
    with Lock(tmp_path / "lock"), pytest.raises(Unusable), Lock(tmp_path / "lock"):
        pass
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("text", ["soon", "-1", "nan", "inf"])
def test_a_timeout_that_is_no_number_of_seconds_is_refused(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("ASWIKI_LOCK_TIMEOUT", text)
    with pytest.raises(BadInput):
        patience()


def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("mine")
    (tmp_path / "lock").symlink_to("target")
    with pytest.raises(Unusable) as caught, Lock(tmp_path / "lock"):
        pass
    assert caught.value.code == "no-lock"
    assert (tmp_path / "target").read_text() == "mine"


def test_garbage_in_the_lock_file_is_not_taken_for_a_process(tmp_path: Path) -> None:
    with Lock(tmp_path / "lock"):
        (tmp_path / "lock").write_bytes(b"\xff rubbish")
        with pytest.raises(Unusable) as caught, Lock(tmp_path / "lock", timeout_seconds=0.0):
            pass
    assert "rubbish" not in caught.value.message


def test_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0")
    command = [sys.executable, "-c", COUNT, str(tmp_path / "lock"), str(counter)]
    for process in [subprocess.Popen(command) for _ in range(4)]:
        assert process.wait() == 0
    assert counter.read_text() == "100"

"""A disk or a git that refuses, at each point of a write: all is as it was, and the cause named."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from aswiki.cli.main import main

INCIDENT = ["log-incident", "acme", "Login fails"]
APPEND = ["append", "oss-timeout", "One more entry"]
RETIRE = ["retire", "oss-timeout", "--why", "Recorded for the wrong customer"]
WRITES = {"a new record": INCIDENT, "a longer record": APPEND, "a shorter record": RETIRE}

# what no compression makes small, so that a disk can be full in the midst of it
LONG = "".join(random.Random(1).choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=30_000))

# Root may write anywhere: the worker gives that right away first, so that permissions mean
# something. It runs one command a line of stdin, its files no longer than the limit given.
WORKER = """
import contextlib, ctypes, io, json, os, resource, sys
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2
if sys.argv[1:] != ["ready"]:
    for right in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, right, 0, 0, 0)
    os.execv(sys.executable, [*sys.orig_argv, "ready"])
from aswiki.cli.main import main
for line in sys.stdin:
    asked = json.loads(line)
    os.environ.update(asked["environment"])
    resource.setrlimit(resource.RLIMIT_FSIZE, (asked["limit"], resource.RLIM_INFINITY))
    with contextlib.redirect_stderr(io.StringIO()) as said:
        with contextlib.redirect_stdout(io.StringIO()):
            code = main(asked["words"])
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(json.dumps({"code": code, "stderr": said.getvalue()}), flush=True)
"""


class Answer(NamedTuple):
    """How a command ended."""

    code: int
    stderr: str


State = Mapping[str, object]
Run = Callable[..., Answer]


def state(wiki: Path) -> State:
    """All that a refused write must leave as it was: every file, the index, the branch."""
    paths = [path for path in wiki.rglob("*") if ".git" not in path.parts and path.is_file()]
    asked = ("rev-parse HEAD", "ls-files --stage", "status --porcelain", "for-each-ref")
    return {str(path): path.read_bytes() for path in paths} | {
        words: git(wiki, *words.split()) for words in asked
    }


def git(folder: Path, *words: str) -> str:
    return subprocess.run(
        ["git", "--no-optional-locks", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.fixture
def used(wiki: Path) -> Path:
    """A wiki with a record and a hand edit that is nobody's business."""
    for words in (["log-incident", "acme", "OSS timeout"], ["append", "oss-timeout", LONG]):
        assert main(["-C", str(wiki), "-q", *words]) == 0
    (wiki / "staged.txt").write_text("staged\n")
    git(wiki, "add", "staged.txt")
    return wiki


@pytest.fixture(scope="module")
def worker() -> Iterator[subprocess.Popen[str]]:
    command, pipe = [sys.executable, "-c", WORKER], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        yield process


@pytest.fixture
def run(worker: subprocess.Popen[str]) -> Run:
    """Runs a command in a process without root's rights, its files at most ``limit`` bytes."""

    def answer(wiki: Path, words: list[str], limit: int = resource.RLIM_INFINITY) -> Answer:
        assert worker.stdin is not None
        assert worker.stdout is not None
        environment = {name: os.environ[name] for name in ("HOME", "XDG_CONFIG_HOME")}
        environment["ASWIKI_LOCK_TIMEOUT"] = "0.1"
        asked = {"words": ["-C", str(wiki), *words], "limit": limit, "environment": environment}
        print(json.dumps(asked), file=worker.stdin, flush=True)
        return Answer(**json.loads(worker.stdout.readline()))

    return answer


def require_refusal(wiki: Path, before: State, answer: Answer, *causes: str) -> None:
    assert answer.code == 4, answer.stderr
    assert any(cause in answer.stderr for cause in causes), answer.stderr
    assert len(answer.stderr.splitlines()) <= 3, answer.stderr
    assert "Traceback" not in answer.stderr
    assert state(wiki) == before


def require_works_again(wiki: Path, words: list[str]) -> None:
    assert main(["-C", str(wiki), "-q", *words]) == 0
    assert git(wiki, "status", "--porcelain") == "A  staged.txt\n"
    git(wiki, "fsck", "--strict")


@pytest.mark.parametrize("words", WRITES.values(), ids=WRITES)
@pytest.mark.parametrize(
    "place", ["customers/acme/events", ".git/objects", ".git", ".git/refs/heads"]
)
def test_a_folder_that_takes_no_files_stops_the_write(
    used: Path, run: Run, place: str, words: list[str]
) -> None:
    before = state(used)
    folders = [used / place, *(path for path in (used / place).iterdir() if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    answer = run(used, words)
    for folder in folders:
        folder.chmod(0o755)
    require_refusal(used, before, answer, "ermission denied")
    require_works_again(used, words)


def test_a_file_in_the_place_of_a_folder_stops_the_write(wiki: Path, run: Run) -> None:
    (wiki / "customers/acme/events").write_text("in the way\n")
    before = state(wiki)
    answer = run(wiki, INCIDENT)
    require_refusal(wiki, before, answer, "in its way")


@pytest.mark.parametrize("lock", ["refs/heads/main.lock", "HEAD.lock"])
@pytest.mark.parametrize("words", WRITES.values(), ids=WRITES)
def test_a_lock_that_another_git_holds_stops_the_write(
    used: Path, run: Run, lock: str, words: list[str]
) -> None:
    (used / ".git" / lock).touch()
    before = state(used)
    answer = run(used, words)
    require_refusal(used, before, answer, lock.rpartition("/")[2])
    (used / ".git" / lock).unlink()
    require_works_again(used, words)


@pytest.mark.parametrize("words", WRITES.values(), ids=WRITES)
def test_an_index_that_another_git_holds_stops_the_write(
    used: Path, run: Run, words: list[str]
) -> None:
    before = state(used)
    (used / ".git/index.lock").touch()
    answer = run(used, words)
    (used / ".git/index.lock").unlink()
    require_refusal(used, before, answer, "index.lock")
    require_works_again(used, words)


@pytest.mark.parametrize("size", [0, 20, 100, 300, 500, 700, 1000, 10_000, 30_000])
def test_a_write_that_breaks_off_at_any_size_leaves_all_as_it_was(
    used: Path, run: Run, size: int
) -> None:
    before = state(used)
    answer = run(used, APPEND, limit=size)
    require_refusal(used, before, answer, "too large", "Git refused", "signal")
    require_works_again(used, APPEND)


# --- a full disk ------------------------------------------------------------------------


class Disk(NamedTuple):
    """A small file system with a wiki on it."""

    wiki: Path
    filler: Path

    def leave(self, size: int) -> None:
        """Fill it up to that many free bytes."""
        self.filler.unlink(missing_ok=True)
        free = shutil.disk_usage(self.wiki).free
        with self.filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(free - size, 1))

    def empty(self) -> None:
        self.filler.unlink(missing_ok=True)


@pytest.fixture
def disk(used: Path, tmp_path: Path) -> Iterator[Disk]:
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        wiki = place / "wiki"
        shutil.copytree(used, wiki)
        git(wiki, "status")
        yield Disk(wiki, place / "filler")
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.parametrize("words", WRITES.values(), ids=WRITES)
def test_a_disk_that_is_full_at_any_point_leaves_all_as_it_was(
    disk: Disk, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    refusals = 0
    for pages in range(100):
        before = state(disk.wiki)
        disk.leave(pages * 4096)
        code = main(["-C", str(disk.wiki), "-q", *words])
        said = capsys.readouterr().err
        disk.empty()
        if code == 0:
            break
        require_refusal(disk.wiki, before, Answer(code, said), "full", "No space left")
        refusals += 1
    assert refusals > 3
    assert code == 0
    assert git(disk.wiki, "status", "--porcelain") == "A  staged.txt\n"
    git(disk.wiki, "fsck", "--strict")


def test_a_disk_that_is_read_only_is_named(disk: Disk, run: Run) -> None:
    before = state(disk.wiki)
    place = str(disk.wiki.parent)
    subprocess.run(["mount", "-o", "remount,ro", place], check=True)
    answers = [run(disk.wiki, words) for words in WRITES.values()]
    subprocess.run(["mount", "-o", "remount,rw", place], check=True)
    for answer in answers:
        require_refusal(disk.wiki, before, answer, "ead-only")

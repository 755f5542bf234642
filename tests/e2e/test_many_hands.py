"""Many writers in two clones who sync all the time: nothing is lost, nothing doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tests.gitserver import Hub, head, require_proven

Run = Callable[..., Any]
Git = Callable[..., str]
State = Callable[[Path], object]

EVENT = "customers/acme/events/2026-10-05-oss-quota.md"
REF = "acme/events/2026-10-05-oss-quota"


# each line of stdin is one command; its words are parted by tabs
WORKER = """
import sys
from aswiki.cli.main import main
for line in sys.stdin:
    code = main(line.rstrip("\\n").split("\\t"))
    if code:
        sys.exit(code)
"""


def work(clone: int, writer: int, writes: int) -> Iterator[Sequence[str]]:
    """The commands of one writer: records of their own, entries in everybody's, and syncs."""
    for number in range(writes):
        name = f"c{clone} w{writer} n{number}"
        yield ("-q", "log-event", "acme", f"Event {name}", "--kind", "question")
        yield ("-q", "append", REF, f"entry {name}")
        yield ("-q", "sync")


def at_once(folders: Sequence[Path], writers: int, writes: int) -> None:
    processes = []
    for clone, folder in enumerate(folders):
        for writer in range(writers):
            process = subprocess.Popen(
                [sys.executable, "-c", WORKER],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd=folder,
                env=os.environ | {"ASWIKI_LOCK_TIMEOUT": "900", "ASWIKI_LANG": "en"},
                text=True,
            )
            assert process.stdin is not None
            lines = work(clone, writer, writes)
            process.stdin.write("".join("\t".join(words) + "\n" for words in lines))
            process.stdin.close()
            process.stdin = None
            processes.append(process)
    ends = [(process.communicate()[1], process.returncode) for process in processes]
    assert [said for said, code in ends if code] == []


def require_all_there(
    folders: Sequence[Path], hub: Hub, git: Git, run: Run, writers: int, writes: int
) -> None:
    for folder in (*folders, folders[0]):
        assert run("-C", str(folder), "-q", "sync").code == 0
    names = [
        f"c{clone} w{writer} n{number}"
        for clone in range(len(folders))
        for writer in range(writers)
        for number in range(writes)
    ]
    for folder in folders:
        assert head(folder) == hub.head
        assert git(folder, "status", "--porcelain") == ""
        git(folder, "fsck", "--strict", "--no-dangling")
        log = (folder / EVENT).read_text("utf-8").splitlines()
        found = Counter(line.partition(": entry ")[2] for line in log if ": entry " in line)
        assert found == Counter(names)
        texts = [path.read_text("utf-8") for path in (folder / EVENT).parent.glob("*-event-*")]
        titles = [text.partition("\ntitle: Event ")[2].partition("\n")[0] for text in texts]
        assert sorted(titles) == sorted(names)
    hub.git("fsck", "--strict")
    require_proven(folders[0], run)
    first = git(folders[0], "rev-list", "--max-parents=0", "HEAD").strip()
    review = run("-C", str(folders[0]), "review", f"{first}..HEAD", "--json")
    assert review.code == 0, review.out[:2000]


def test_two_clones_of_many_writers_lose_nothing(
    shared: Path, bob: Path, hub: Hub, git: Git, run: Run
) -> None:
    at_once([shared, bob], writers=3, writes=4)
    require_all_there([shared, bob], hub, git, run, 3, 4)


@pytest.mark.torture
def test_two_clones_of_twenty_writers_with_fifty_writes_each_lose_nothing(
    shared: Path, bob: Path, hub: Hub, git: Git, run: Run
) -> None:
    at_once([shared, bob], writers=10, writes=50)
    require_all_there([shared, bob], hub, git, run, 10, 50)


def killed(folder: Path, seconds: float) -> None:
    """A sync that is killed after a while, with all that it has started."""
    process = subprocess.Popen(
        [sys.executable, "-m", "aswiki", "-q", "sync"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        start_new_session=True,
    )
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def require_kills_survived(
    shared: Path, bob: Path, hub: Hub, git: Git, run: Run, rounds: int
) -> None:
    chance = random.Random(rounds)
    for number in range(rounds):
        assert run("append", REF, f"ours {number}").code == 0
        assert run("-C", str(bob), "append", REF, f"theirs {number}").code == 0
        assert run("-C", str(bob), "append", "oss-shang", f"theirs {number}").code == 0
        assert run("sync").code == 0
        killed(bob, chance.uniform(0.2, 1.5))
        for place in bob.glob(".git/**/*.lock"):
            if place.name not in {"aswiki.lock", "aswiki-sync.lock", "index.lock"}:
                place.unlink()  # git's own, of a git that was killed: as git itself says
        said = run("-C", str(bob), "sync", "--json")
        assert said.code == 0, said.err
        assert git(bob, "status", "--porcelain") == ""
        assert head(bob) == hub.head
        assert run("sync").code == 0
    log = (bob / EVENT).read_text("utf-8")
    for number in range(rounds):
        assert log.count(f": ours {number}\n") == log.count(f": theirs {number}\n") == 1
    git(bob, "fsck", "--strict", "--no-dangling")
    require_proven(bob, run)


def test_a_sync_that_is_killed_loses_nothing(
    shared: Path, bob: Path, hub: Hub, git: Git, run: Run
) -> None:
    require_kills_survived(shared, bob, hub, git, run, rounds=3)


@pytest.mark.torture
def test_syncs_killed_at_a_hundred_moments_lose_nothing(
    shared: Path, bob: Path, hub: Hub, git: Git, run: Run
) -> None:
    require_kills_survived(shared, bob, hub, git, run, rounds=100)

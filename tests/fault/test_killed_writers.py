"""Writers killed at random points: what was acknowledged stays, and the next command goes on."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.tally import Count, counted

from aswiki.cli.main import main
from aswiki.store import document, files

RECORD = "oss-timeout"

# A process that has loaded everything forks the writer, so that the kill hits the writing and not
# the loading. The writer leads a group of its own: itself and the git processes it starts. A git
# that outlives its aswiki comes to the stable, which waits for it where it is handed no work.
STABLE = """
import contextlib, ctypes, io, json, os, sys
import git.cmd, tempfile, tomlkit
import aswiki.store.git.writing, aswiki.wiki.adopting
from aswiki.cli.main import main
PR_SET_CHILD_SUBREAPER = 36
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
with contextlib.redirect_stdout(io.StringIO()):
    main(["-C", sys.argv[1], "log-incident", "acme", "x", "--dry-run"])
    main(["-C", sys.argv[1], "append", "oss-timeout", "x", "--dry-run"])
for line in sys.stdin:
    work = json.loads(line)
    child = os.fork()
    if not child:
        os.setsid()
        print(json.dumps({"begun": os.getpid()}), flush=True)
        for words in work:
            code = main(words)
            if code:
                print(json.dumps({"code": code}), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
    while not work:
        try:
            os.wait()
        except ChildProcessError:
            break
    print(json.dumps({"over": child}), flush=True)
"""


class Writer(NamedTuple):
    """A wiki and the process that forks its writers."""

    wiki: Path
    stable: subprocess.Popen[str]
    stderr: Path

    def error(self) -> dict[str, str]:
        """What the last command to fail said."""
        last = self.stderr.read_text(encoding="utf-8").splitlines()[-1]
        told: dict[str, str] = json.loads(last)["error"]
        return told

    def run(self, *work: Sequence[str], kill_after: float = 0, group: bool = False) -> list[Any]:
        """What the writer answered to the commands it lived for, one JSON document each."""
        assert self.stable.stdin is not None
        here = ["-C", str(self.wiki), "--json"]
        print(json.dumps([[*here, *words] for words in work]), file=self.stable.stdin, flush=True)
        pid = self._next()["begun"]
        death = threading.Timer(kill_after, _kill, (pid, group)) if kill_after else None
        if death:
            death.start()
        said = list(iter(self._next, {"over": pid}))
        if death:
            death.join()
        return said

    def wait_for_orphans(self) -> None:
        """Return when no git is left that a killed writer had started."""
        self.run()

    def _next(self) -> Any:
        assert self.stable.stdout is not None
        return json.loads(self.stable.stdout.readline())


def _kill(pid: int, group: bool) -> None:
    (os.killpg if group else os.kill)(pid, signal.SIGKILL)


@pytest.fixture
def signed_wiki(wiki: Path, tmp_path: Path) -> Path:
    """The wiki, whose writer has begun to sign."""
    key = tmp_path / "writer"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    assert main(["-C", str(wiki), "-q", "key", "add", "writer@example.com", f"{key}.pub"]) == 0
    return wiki


@pytest.fixture
def writer(wiki: Path, tmp_path: Path) -> Iterator[Writer]:
    yield from _writing(wiki, tmp_path)


@pytest.fixture
def signing_writer(signed_wiki: Path, tmp_path: Path) -> Iterator[Writer]:
    yield from _writing(signed_wiki, tmp_path)


def _writing(wiki: Path, tmp_path: Path) -> Iterator[Writer]:
    assert main(["-C", str(wiki), "-q", "log-incident", "acme", "OSS timeout"]) == 0
    command, pipe = [sys.executable, "-c", STABLE, str(wiki)], subprocess.PIPE
    stderr = tmp_path / "stderr"
    with (
        stderr.open("w", encoding="utf-8") as said,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=said, text=True) as stable,
    ):
        yield Writer(wiki, stable, stderr)


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def writes(number: int) -> Iterator[list[str]]:
    """Writes without end, two of each number."""
    while True:
        yield ["append", RECORD, f"entry {number}."]
        yield ["log-incident", "acme", f"Outage {number}"]
        number += 1


def require_whole(wiki: Path) -> None:
    """Every record in the folder is one that a writer meant, from its first byte to its last."""
    for path in files.walk(wiki / "customers"):
        raw = (wiki / "customers" / path).read_bytes()
        read = document.read(path, raw)
        assert read.problems == [], path
        assert read.data.get("title"), path
        assert raw.endswith(b"\n"), path


def recover(writer: Writer, number: int) -> str:
    """The next command goes on, or names the file that `commit` then takes in; what was named."""
    words = ["append", RECORD, f"recovery {number}."]
    (answer,) = writer.run(words)
    named = ""
    if "code" in answer:
        assert answer["code"] == 4
        error = writer.error()
        assert error["code"] == "hand-edits", error
        assert RECORD in error["message"]
        assert "aswiki commit" in error["hint"]
        named = error["message"]
        (adopted,) = writer.run(["commit"])
        assert "code" not in adopted, writer.error()
        assert adopted["refused"] == []
        assert adopted["commit"]
        (answer,) = writer.run(words)
    assert answer["commit"], answer
    return named + "".join(answer["warnings"])


def uncommitted(wiki: Path) -> list[str]:
    return [line[3:] for line in git(wiki, "status", "--porcelain", "-uall").splitlines()]


def survive(writer: Writer, kills: int, seed: int, count: Count | None = None) -> int:
    """Kill that many writers, each somewhere in its first writes, and check after each.

    What comes back is how many writes were acknowledged, the recoveries among them.
    """
    chance = random.Random(seed)
    wiki = writer.wiki
    begun = time.monotonic()
    acknowledged = [done["commit"] for done in writer.run(*islice(writes(0), 10))]
    assert len(acknowledged) == 10
    span = (time.monotonic() - begun) / 10
    named = ""
    for number in range(1, kills + 1):
        work = islice(writes(number * 100), 40)
        moment = chance.uniform(0.1, 3) * span
        said = writer.run(*work, kill_after=moment, group=number % 2 == 0)
        require_whole(wiki)
        named += recover(writer, number)
        writer.wait_for_orphans()
        assert [path for path in uncommitted(wiki) if path not in named] == []
        acknowledged += [done["commit"] for done in said]
        if count is not None:
            count.tried = number
        line = git(wiki, "rev-list", "HEAD").split()
        assert set(acknowledged) <= set(line)
        git(wiki, "fsck", "--strict", "--no-dangling")
    require_nothing_lost_or_doubled(wiki, acknowledged)
    return len(acknowledged) + kills


def require_nothing_lost_or_doubled(wiki: Path, acknowledged: Sequence[str]) -> None:
    record = next((wiki / "customers/acme/events").glob(f"*{RECORD}.md"))
    log = record.read_text(encoding="utf-8").splitlines()
    times = Counter(line.partition("note: ")[2] for line in log if "note: " in line)
    assert set(times.values()) == {1}
    for commit in acknowledged:
        for path in git(wiki, "show", "--format=", "--name-only", commit).splitlines():
            assert (wiki / path).is_file()
        added = git(wiki, "show", "--format=", commit, "--", str(record)).splitlines()
        entries = [line.partition("note: ")[2] for line in added if line.startswith("+- ")]
        assert all(times[entry] == 1 for entry in entries)


def require_tidy(writer: Writer) -> None:
    """What is left `commit` takes in, and nothing of ours is left beside the records."""
    writer.run(["commit"])
    assert uncommitted(writer.wiki) == []
    assert list((writer.wiki / ".git").glob("aswiki-desk-*")) == []
    assert git(writer.wiki, "rev-list", "--merges", "HEAD") == ""


def test_no_acknowledged_write_is_lost_whenever_a_writer_is_killed(writer: Writer) -> None:
    survive(writer, 25, seed=1)
    require_tidy(writer)


def test_no_acknowledged_write_is_lost_whenever_a_signing_writer_is_killed(
    signing_writer: Writer,
) -> None:
    survive(signing_writer, 8, seed=3)
    require_tidy(signing_writer)
    require_signed(signing_writer.wiki)


def require_signed(wiki: Path) -> None:
    """Every commit since the writer began to sign is signed well, and nobody is accused."""
    first, *rest = git(wiki, "log", "--reverse", "--format=%G?").split()
    assert (first, set(rest)) == ("N", {"G"})
    assert main(["-C", str(wiki), "-q", "verify"]) == 5


@pytest.mark.torture
def test_five_hundred_killed_writers_lose_nothing(writer: Writer) -> None:
    with counted("kill -9 while writing (unsigned wiki)") as count:
        assert survive(writer, 500, seed=2, count=count) >= 1000
        require_tidy(writer)


@pytest.mark.torture
def test_five_hundred_killed_signing_writers_lose_nothing(signing_writer: Writer) -> None:
    with counted("kill -9 while writing (signed wiki)") as count:
        assert survive(signing_writer, 500, seed=4, count=count) >= 1000
        require_tidy(signing_writer)
        require_signed(signing_writer.wiki)

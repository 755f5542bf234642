"""Several processes that write at once: nothing is lost, nothing doubled, no name taken twice."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.tally import counted

from aswiki.cli.main import main

WRITERS, WRITES = 6, 5

# each line of stdin is one command; its words are parted by tabs
WORKER = """
import sys
from aswiki.cli.main import main
for line in sys.stdin:
    code = main(line.rstrip("\\n").split("\\t"))
    if code:
        sys.exit(code)
"""


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def at_once(wiki: Path, works: Sequence[Sequence[Sequence[str]]]) -> None:
    """One process a work, all writing at the same time; each must end well."""
    processes = []
    for work in works:
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=wiki,
            text=True,
        )
        assert process.stdin is not None
        process.stdin.write("".join("\t".join(words) + "\n" for words in work))
        process.stdin.close()
        process.stdin = None
        processes.append(process)
    for process in processes:
        _out, said = process.communicate()
        assert process.returncode == 0, said


def write(wiki: Path, *words: str) -> None:
    assert main(["-C", str(wiki), "-q", *words]) == 0


def require_sound(wiki: Path, commits: int) -> None:
    """A line of that many commits since the first, whose index and folder agree with its head."""
    assert git(wiki, "status", "--porcelain") == ""
    assert git(wiki, "rev-list", "--merges", "HEAD") == ""
    assert git(wiki, "rev-list", "--count", "HEAD").strip() == str(commits + 1)
    git(wiki, "fsck", "--strict", "--no-dangling")


def names(wiki: Path, folder: str) -> list[str]:
    return sorted(path.name for path in (wiki / "customers/acme" / folder).iterdir())


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time enough for everyone's turn on a busy machine."""
    monkeypatch.setenv("ASWIKI_LOCK_TIMEOUT", "60")


@pytest.mark.usefixtures("patient")
def test_entries_of_many_writers_to_one_record_are_all_there_once(wiki: Path) -> None:
    write(wiki, "log-incident", "acme", "OSS timeout")
    words = [[f"writer {who} entry {n}" for n in range(WRITES)] for who in range(WRITERS)]
    at_once(wiki, [[["append", "oss-timeout", text] for text in texts] for texts in words])
    (record,) = (wiki / "customers/acme/events").iterdir()
    log = record.read_text(encoding="utf-8").splitlines()
    found = [line.partition(": ")[2] for line in log if ": writer " in line]
    assert Counter(found) == Counter(text for texts in words for text in texts)
    for texts in words:
        assert [text for text in found if text in texts] == texts
    require_sound(wiki, 1 + WRITERS * WRITES)


@pytest.mark.usefixtures("patient")
def test_incidents_of_one_title_by_many_writers_get_names_of_their_own(wiki: Path) -> None:
    incident = ["log-incident", "acme", "OSS timeout", "--at", "2026-10-03 14:05"]
    at_once(wiki, [[incident] * WRITES] * WRITERS)
    numbers = range(2, WRITERS * WRITES + 1)
    stem = "2026-10-03-oss-timeout"
    assert names(wiki, "events") == sorted([f"{stem}.md", *(f"{stem}-{n}.md" for n in numbers)])
    records = git(wiki, "log", "--format=%(trailers:key=Aswiki-Record,valueonly)").split("\n")
    assert Counter(Counter(line.split()[0] for line in records if line).values()) == {
        1: WRITERS * WRITES
    }
    people = (wiki / "people.toml").read_text(encoding="utf-8")
    assert people.count("writer@example.com") == 1
    require_sound(wiki, WRITERS * WRITES)


@pytest.mark.usefixtures("patient")
def test_one_customer_made_by_many_writers_is_made_once(wiki: Path) -> None:
    commands = [
        subprocess.Popen(
            [sys.executable, "-m", "aswiki", "new-customer", "蓝鲸游戏"],
            cwd=wiki,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _writer in range(4)
    ]
    assert sorted(process.wait() for process in commands) == [0, 2, 2, 2]
    require_sound(wiki, 1)


# tries again where others kept coming in between
PERSISTENT = """
import sys
from aswiki.cli.main import main
for number in range(8):
    while (code := main(["append", "oss-timeout", f"ours {number}"])) == 4:
        pass
    if code:
        sys.exit(code)
"""


@pytest.mark.usefixtures("patient")
def test_a_git_user_who_commits_meanwhile_breaks_nothing_and_loses_nothing(wiki: Path) -> None:
    write(wiki, "log-incident", "acme", "OSS timeout")
    ours = subprocess.Popen(
        [sys.executable, "-c", PERSISTENT], cwd=wiki, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    theirs = 0
    while ours.poll() is None:
        name = f"note-{theirs}.txt"
        (wiki / name).write_text("a file of their own\n", encoding="utf-8")
        for words in (["add", name], ["commit", "-qm", f"theirs {theirs}", "--only", name]):
            insist("git", *words, folder=wiki)
        theirs += 1
    _out, said = ours.communicate()
    assert ours.returncode == 0, said
    assert theirs > 0
    (record,) = (wiki / "customers/acme/events").iterdir()
    log = record.read_text(encoding="utf-8")
    assert [log.count(f": ours {n}\n") for n in range(8)] == [1] * 8
    require_sound(wiki, 1 + 8 + theirs)


def insist(*command: str, folder: Path) -> None:
    """Run a git of the user's until it gets the lock, as a person would."""
    for _try in range(500):
        if subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0:
            return
    pytest.fail(f"{command} never got its turn")


@pytest.mark.torture
@pytest.mark.usefixtures("patient")
def test_twenty_writers_of_fifty_entries_lose_none(wiki: Path) -> None:
    write(wiki, "log-incident", "acme", "OSS timeout")
    works = [[["append", "oss-timeout", f"w{who} e{n}"] for n in range(50)] for who in range(20)]
    with counted("20 writers at once, 50 entries each") as count:
        at_once(wiki, works)
        (record,) = (wiki / "customers/acme/events").iterdir()
        log = record.read_text(encoding="utf-8").splitlines()
        found = Counter(line.partition("note: ")[2] for line in log if " note: w" in line)
        wanted = Counter(words[2] for work in works for words in work)
        count.tried = wanted.total()
        count.missed = (wanted - found).total() + (found - wanted).total()
        assert found == wanted
        require_sound(wiki, 1001)

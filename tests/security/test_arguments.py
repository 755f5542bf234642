"""Every argument of every command, filled with what would harm a shell, git or a terminal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from aswiki.cli.commands import COMMANDS, Command, Group, find
from aswiki.cli.frame import build
from aswiki.cli.main import main

Capture = pytest.CaptureFixture[str]

PAYLOADS = [
    "--upload-pack=touch canary", "-c core.editor=touch canary", "-ccore.editor=touch canary",
    "--exec=touch canary", "--output=canary", "-O canary", "--git-dir=canary", "-C canary", "--",
    "$(touch canary)", "`touch canary`", "; touch canary", "| touch canary", "&& touch canary",
    "\n touch canary\n", "$(touch${IFS}canary)", "%(touch canary)", "ext::sh -c touch% canary",
    "!touch canary", "../../../etc/passwd", "/etc/passwd", "..", ".git/config", "-", "@",
    "HEAD^{/x}", "title\n\nAswiki-Op: anchor", "x\nAswiki-Op: anchor\nAswiki-Tool: other/1",
    "Aswiki-Record: acme/profile sha256:00", "x\r\n\r\nAswiki-Op: anchor",
    "x\n---\nAswiki-Op: undo", "a\0b", "\x1b[31mred\x1b[0m\x1b]0;owned\x07", "\x9b2J\x08\x08",
    "\u202eexe.doc\u2066x\u2069", "x\u2028y\u2029z\u0085", "[red]x[/red][link=http://x.example]y",
    "{{7*7}}{% raw %}", "%s%n%d {0} {x.__class__}", "'; DROP TABLE records; --",
    "<script>alert(1)</script>", "\udcff\udc80", "🦊" * 30, "x" * 100_000, "long words " * 9_000,
    " ", "", "---\ntype: profile\n---\n", "key: {a: [1, &x 2, *x]}",
    "!!python/object/apply:os.system [touch]",
]  # fmt: skip

OWN_KEY = "../../../own-key.pub"

BASE: Mapping[str, Mapping[str, str]] = {
    "init": {"path": "new"},
    "demo": {"path": "new"},
    "doctor": {},
    "help": {"topic": "exit-codes"},
    "completion": {"shell": "bash"},
    "new-customer": {"name": "蓝鲸游戏"},
    "contact": {"customer": "acme", "name": "Wang Lei"},
    "log-incident": {"customer": "acme", "title": "Login fails"},
    "log-event": {"customer": "acme", "title": "Sale ahead", "kind": "scaling"},
    "append": {"record": "oss-timeout", "text": "One more entry"},
    "set": {"record": "oss-timeout", "pairs": "product=oss", "why": "It was so"},
    "close": {"record": "oss-timeout"},
    "retire": {"record": "oss-timeout", "why": "Wrong customer"},
    "commit": {"message": "Notes"},
    "undo": {"revision": "HEAD"},
    "import incidents": {"file": "aswiki.toml", "customer": "acme", "map_name": "gcp-status"},
    "log-visit": {
        "customer": "acme",
        "title": "Monthly",
        "kind": "monthly",
        "weather": "sunny",
        "summary": "Well",
    },
    "log-complaint": {"customer": "acme", "title": "Slow", "category": "outage"},
    "log-communication": {"customer": "acme", "title": "Alert", "kind": "advice"},
    "log-note": {"customer": "acme", "title": "Budget", "kind": "signal", "signal": "budget"},
    "log-churn": {
        "customer": "acme",
        "title": "Less",
        "reason": "commercial",
        "amount": "10",
        "period": "2026-10",
    },
    "assess": {
        "customer": "acme",
        "product": "oss",
        "text": "Fast",
        "aspect": "strength",
        "said_by": "them",
        "environment": "production",
        "purpose": "choice",
    },
    "new-lesson": {"title": "Uploads stall"},
    "new-product": {"name": "Queue"},
    "promise": {"record": "oss-timeout", "what": "A report", "promiser": "rnd"},
    "settle": {"promise": "oss-timeout#p1", "as_": "kept"},
    "accused": {"record": "oss-timeout", "accuser": "them", "allegation": "You"},
    "cleared": {"record": "oss-timeout", "statement": "Not you", "party": "customer"},
    "explain": {"customer": "acme", "month": "2026-08", "as_": "planned", "text": "Scaled out"},
    "edit": {"record": "oss-timeout"},
    "attach": {"record": "oss-timeout", "files": "people.toml"},
    "release": {"record": "oss-timeout", "to": "customer_tech"},
    "rename": {"record": "oss-timeout", "slug": "oss-slow"},
    "import customers": {"file": "aswiki.toml"},
    "import contacts": {"file": "aswiki.toml"},
    "import focus": {"files": "aswiki.toml", "customer": "acme"},
    "import bill": {"files": "aswiki.toml", "customer": "acme", "map_name": "aliyun"},
    "similar": {"what": "oss-timeout"},
    "diff": {"revisions": "HEAD~1..HEAD"},
    "textconv": {"file": "customers/acme/profile.md"},
    "who": {"topic": "oss"},
    "weather": {"customer": "acme", "month": "2026-10"},
    "ledger": {"name": "promises"},
    "due": {},
    "sla": {"customer": "acme", "month": "2026-10"},
    "list": {"what": "event"},
    "show": {"record": "oss-timeout"},
    "usage": {"customer": "acme"},
    "swings": {"month": "2026-08"},
    "history": {"record": "oss-timeout"},
    "report": {"month": "2026-10"},
    "brief": {"customer": "acme"},
    "handover": {"owner": "writer"},
    "merits": {"owner": "writer", "since": "2026-01-01"},
    "validate": {},
    "review": {"commits": "HEAD..HEAD"},
    "verify": {},
    "anchor": {},
    "receipt": {},
    "witness": {},
    "key add": {"principal": "writer@example.com", "public": OWN_KEY},
    "key retire": {"key": "zhangwei@example.com"},
    "key list": {},
    "evidence export": {"what": "acme", "out": "package"},
    "evidence prove": {"record": "oss-timeout", "out": "proof"},
    "evidence check": {"folder": "customers"},
    "schema": {"name": "event"},
    "sync": {"remote": "origin"},
    "merge-driver": {
        "base": "people.toml",
        "ours": "aswiki.toml",
        "theirs": "people.toml",
        "marker_size": "7",
        "path": "customers/acme/profile.md",
    },
}
"""What each command is given where the payload is not, by parameter."""

OPS = {
    "init": "create", "new-customer": "create", "log-incident": "create", "log-event": "create",
    "contact": "update", "set": "update", "append": "append", "close": "close",
    "retire": "retire", "commit": "adopt", "undo": "undo", "import incidents": "import",
    "log-visit": "create", "log-complaint": "create", "log-communication": "create",
    "log-note": "create", "log-churn": "create", "assess": "create", "new-lesson": "create",
    "new-product": "create", "promise": "update", "settle": "update", "accused": "update",
    "cleared": "update", "edit": "update", "attach": "attach", "release": "update",
    "anchor": "anchor", "witness": "anchor",
    "rename": "rename", "explain": "update", "import customers": "import",
    "import contacts": "import", "import focus": "import", "import bill": "import",
    "key add": "policy", "key retire": "policy",
}  # fmt: skip

TO_THE_LETTER = {
    ("log-incident", "title"): PAYLOADS,
    ("append", "text"): PAYLOADS[::2],
    ("retire", "why"): PAYLOADS[1::2],
    ("commit", "message"): PAYLOADS,
}
"""Where the user's own words go deepest: into files and commit messages."""

NAMED_BY_USER = {
    ("init", "path"), ("demo", "path"), ("report", "out"), ("schema", "write"),
    ("witness", "state"),
    ("evidence export", "out"), ("evidence prove", "out"), ("report", "with_evidence"),
    ("handover", "with_evidence"), ("merits", "with_evidence"),
    ("brief", "out"), ("handover", "out"), ("merits", "out"),
    ("merge-driver", "base"), ("merge-driver", "ours"), ("merge-driver", "theirs"),
}  # fmt: skip
"""Where a path outside the wiki is the user's good right."""

MESSAGE = re.compile(r"(?P<subject>[^\n]+)\n\n(?P<trailers>(Aswiki-[A-Z][a-z]+: [^\n]+\n)+)")
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def commands() -> Iterator[tuple[str, Command]]:
    for name, entry in COMMANDS.items():
        if isinstance(entry, Group):
            yield from ((f"{name} {word}", each) for word, each in entry.commands.items())
        else:
            yield name, entry


def places(name: str) -> list[Any]:
    """The parameters of a command that take a value, its own and the shared ones."""
    entry = find(tuple(name.split()))
    assert isinstance(entry, Command)
    return [param for param in build(name, entry).params if not getattr(param, "is_flag", False)]


def line(name: str, place: str, payload: str) -> list[str]:
    """A command line that is good but for the payload in one place."""
    values = {**BASE.get(name, {}), place: payload}
    words: list[str] = []
    arguments: list[str] = []
    for param in places(name):
        if param.name not in values:
            continue
        if param.param_type_name == "argument":
            arguments.append(values[param.name])
        else:
            words += [max(param.opts, key=len), values[param.name]]
    return [*name.split(), *words, "--", *arguments]


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def files_of(*tops: Path) -> dict[str, bytes]:
    """Every file below these folders, git's own left out."""
    found = {}
    for top in tops:
        for folder, inside, names in os.walk(top):
            inside[:] = [name for name in inside if name != ".git"]
            found.update({f"{folder}/{name}": Path(folder, name).read_bytes() for name in names})
    return found


class World:
    """A wiki, all that lies around it, and the answers of commands run in it."""

    def __init__(self, wiki: Path, above: Path, capsys: Capture) -> None:
        self.wiki = wiki
        self.above = above
        self.capsys = capsys
        self.start = self.head()
        self.files = self.seen()
        capsys.readouterr()

    def head(self) -> str:
        return (self.wiki / ".git/refs/heads/main").read_text()

    def seen(self) -> dict[str, bytes]:
        return files_of(self.above, Path.home())

    def run(self, words: Sequence[str], op: str | None, *, may_leave: bool = False) -> None:
        """Run a command and look at all that it left."""
        before = self.files
        if words[0] == "commit":
            with (self.wiki / "people.toml").open("a") as file:
                file.write("# a note by hand\n")
            before = self.seen()
        code = main(["--no-input", *words])
        said = self.capsys.readouterr()
        after = self.seen()
        shown = repr(words)[:300]
        assert code in {0, 1, 2, 3, 4}, f"{shown}: {said.err}"
        assert "Traceback" not in said.err, shown
        assert not STEERING.search(said.out + said.err), shown
        assert code == 0 or said.err or said.out, shown
        assert not any(path.endswith("/canary") for path in after), shown
        changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
        if self.head() != self.start:
            assert code in {0, 1}, shown
            self.check_history(op, shown)
            inside = f"{self.wiki}/"
            assert may_leave or all(path.startswith(inside) for path in changed), shown
        else:
            assert may_leave or not changed, shown
        if after != self.files or self.head() != self.start:
            git(self.wiki, "reset", "-q", "--hard", self.start.strip())
            git(self.wiki, "clean", "-ffdxq")

    def check_history(self, op: str | None, shown: str) -> None:
        """One commit, whose message ends in one block of trailers, each of our making."""
        since = f"{self.start.strip()}.."
        log = git(self.wiki, "log", "--format=%B%x00%(trailers:only,unfold)%x00", since)
        text, trailers, rest = log.split("\0")
        assert rest == "\n", shown
        found = MESSAGE.fullmatch(text.rstrip("\n") + "\n")
        assert found, (shown, text[:500])
        assert trailers == found["trailers"], shown
        assert len(found["subject"]) <= 120, shown
        keys = [trailer.partition(":")[0] for trailer in trailers.splitlines()]
        once = [key for key in keys if key != "Aswiki-Record"]
        assert len(once) == len(set(once)), shown
        assert f"Aswiki-Op: {op}\n" in trailers, shown


@pytest.fixture
def world(
    small_wiki: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> World:
    (tmp_path / "etc").mkdir()
    key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "own-key")]
    subprocess.run(key, check=True)
    (tmp_path / "etc/passwd").write_text("root:x:0:0\n", encoding="utf-8")
    monkeypatch.chdir(small_wiki)
    monkeypatch.setenv("EDITOR", "touch canary; false")
    monkeypatch.setenv("PAGER", "touch canary")
    return World(small_wiki, tmp_path, capsys)


def require_harmless(world: World, name: str, step: int) -> None:
    """Every ``step``-th payload in each place of the command, each place beginning elsewhere."""
    for number, param in enumerate(places(name)):
        may_leave = (name, param.name) in NAMED_BY_USER
        for payload in PAYLOADS[number % step :: step]:
            if may_leave and payload.startswith(("..", "/")):
                continue
            world.run(line(name, param.name, payload), OPS.get(name), may_leave=may_leave)


@pytest.mark.parametrize("name", [name for name, _entry in commands() if name != "demo"])
def test_no_argument_of_a_command_runs_leaves_or_forges_anything(world: World, name: str) -> None:
    require_harmless(world, name, step=len(PAYLOADS) // 2)


@pytest.mark.parametrize(("name", "place"), TO_THE_LETTER)
def test_words_kept_to_the_letter_stay_words(world: World, name: str, place: str) -> None:
    for payload in TO_THE_LETTER[name, place]:
        world.run(line(name, place, payload), OPS[name])


def test_a_place_for_the_example_is_only_a_place(world: World) -> None:
    for payload in ("$(touch canary)", "--upload-pack=touch canary", "x\n\x1b[2J"):
        Path(payload).mkdir()
        Path(payload, "taken").touch()
        world.run(line("demo", "path", payload), None, may_leave=True)


@pytest.mark.torture
def test_an_example_is_made_where_the_words_say(world: World) -> None:
    world.run(line("demo", "path", "$(touch canary)"), None, may_leave=True)


@pytest.mark.torture
@pytest.mark.parametrize("name", [name for name, _entry in commands() if name != "demo"])
def test_no_argument_of_a_command_does_harm_with_any_payload(world: World, name: str) -> None:
    require_harmless(world, name, step=1)


def test_every_command_of_the_table_has_a_good_line() -> None:
    assert [name for name, _entry in commands() if name not in BASE] == []


# --- a terminal -------------------------------------------------------------------------

HOSTILE = """---
type: event
title: "\\e]0;owned\\a\\e[2J\\e[31mTITLE [red]markup[/red] {{191*7}} \\u202etxt"
kind: incident
severity: P1
status: new
started_at: 2026-10-04T14:05:00+08:00
---

Text \x1b[31mBODY\x1b[2J [link=http://x.example]here[/link] {{191*7}}

## Log
- 2026-10-04 15:00 +08:00 · test-writer · note: \x1b]8;;http://x.example\x07link {{191*7}}
"""

ON_A_TERMINAL = """
from aswiki.cli.main import main
for words in (["list"], ["list", "customers"], ["show", "raw"], ["show", "evil"], ["show", "acme"],
              ["history", "evil"], ["validate"], ["report", "--month", "2026-10"],
              ["append", "evil", "x"], ["show", "\\x1b[2J"], ["commit", "--dry-run"],
              ["set", "oss-timeout", "title=\\x1b[31mTITLE"]):
    main(["--no-input", *words])
"""


def test_a_terminal_never_obeys_a_record(small_wiki: Path) -> None:
    record = small_wiki / "customers/acme/events/2026-10-04-evil.md"
    record.write_text(HOSTILE, encoding="utf-8")
    git(small_wiki, "add", ".")
    git(small_wiki, "commit", "-qm", "\x1b[31mTITLE\x1b[2J [red]x[/red]")
    (small_wiki / "lessons").mkdir()
    lesson = HOSTILE.replace("P1", "\x1b[31mTITLE")
    (small_wiki / "lessons/raw.md").write_text(lesson, encoding="utf-8")
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", ON_A_TERMINAL],
        cwd=small_wiki,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=dict(os.environ) | {"TERM": "xterm-256color"},
    )
    os.close(theirs)
    screen = "".join(iter(lambda: _read(ours), ""))
    assert process.wait() == 0
    os.close(ours)
    assert "\x1b[31mTITLE" not in screen
    assert "\x1b[31mBODY" not in screen
    drawn = re.sub("\x1b\\[[0-9;]*m", "", screen.replace("\r\n", "\n"))
    assert not STEERING.search(drawn), STEERING.search(drawn)
    assert "[red]markup[/red]" in drawn
    assert "{{191*7}}" in drawn
    assert "1337" not in drawn


def _read(handle: int) -> str:
    try:
        return os.read(handle, 65536).decode("utf-8", "replace")
    except OSError:  # the terminal is gone with the last process on it
        return ""

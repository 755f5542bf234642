"""A signed, anchored wiki to tamper with: commits made byte by byte, by anybody, at any time."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.sealed import GITCONFIG, Sealed

from aswiki.domain import records
from aswiki.evidence.codes import CODES, EXITS
from aswiki.wiki import creating, editing
from aswiki.wiki.drafting import Asked
from aswiki.wiki.proof import keys, verifying

ANNA, BOB, CAROL, MALLORY = (f"{name}@example.com" for name in ("anna", "bob", "carol", "mallory"))
EVENT = "customers/acme/events/2025-10-03-acme-uploads-fail.md"
OTHER = "customers/lan-jing/events/2025-10-03-lan-jing-uploads-fail.md"
PROFILE = "customers/acme/profile.md"
QUOTE = "We lose a sale a minute"

Put = bytes | None | tuple[str, bytes]
"""A file's new bytes, None where it goes; or a mode and the bytes or the object's name."""


def trailers(changes: Mapping[str, Put], op: str = "update") -> str:
    """The block that aswiki would write for these changes."""
    lines = []
    for path, put in changes.items():
        if records.type_of(path) is not None:
            data = put[1] if isinstance(put, tuple) else put or b""
            digest = hashlib.sha256(data).hexdigest()
            lines.append(f"Aswiki-Record: {records.reference(path)} sha256:{digest}\n")
    return f"Aswiki-Op: {op}\n{''.join(sorted(lines))}Aswiki-Tool: aswiki/1.0\n"


@dataclass
class Bench:
    """One copy of the wiki and the hands of those who tamper with it.

    Attributes:
        root: the wiki's folder.
        keys: the private keys by their owner's address; Mallory's is nowhere allowed.
        sealed: what the wiki was before, and what is held outside of it.
        options: what ``verify`` is to be told besides, in the words of ``Asked``.
    """

    root: Path
    keys: Mapping[str, Path]
    sealed: Sealed
    options: dict[str, object] = field(default_factory=dict)

    def git(self, *words: str, stdin: bytes = b"", extra: Mapping[str, str] | None = None) -> str:
        done = subprocess.run(
            ["git", "-c", "core.quotePath=false", *words],
            cwd=self.root, input=stdin, env=os.environ | dict(extra or {}),
            capture_output=True, check=True,
        )  # fmt: skip
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    def line(self) -> list[str]:
        """The first-parent line, the oldest first."""
        return self.git("rev-list", "--first-parent", "--reverse", "HEAD").split()

    def now(self) -> datetime:
        return self.sealed.clock()

    def blob(self, path: str, rev: str = "HEAD") -> bytes:
        done = subprocess.run(
            ["git", "cat-file", "blob", f"{rev}:{path}"],
            cwd=self.root, capture_output=True, check=True,
        )  # fmt: skip
        return done.stdout

    def raw(self, name: str = "HEAD") -> bytes:
        done = subprocess.run(
            ["git", "cat-file", "commit", name], cwd=self.root, capture_output=True, check=True
        )
        return done.stdout

    def store(self, data: bytes, kind: str = "blob") -> str:
        return self.git("hash-object", "-w", "-t", kind, "--stdin", "--literally", stdin=data)

    def tree(self, changes: Mapping[str, Put], base: str | None = None) -> str:
        """The tree of a commit with these changes, whatever names and modes they have."""
        index = {"GIT_INDEX_FILE": str(self.root / ".git" / "tampered-index")}
        self.git("read-tree", *([base] if base else ["--empty"]), extra=index)
        for path, put in changes.items():
            mode, data = put if isinstance(put, tuple) else ("100644", put)
            name = data.decode() if mode == "160000" and data else None
            if data is None:
                self.git("update-index", "--force-remove", "--", path, extra=index)
            else:
                name = name or self.store(data)
                self.git(
                    "update-index", "--add", "--cacheinfo", f"{mode},{name},{path}", extra=index
                )
        return self.git("write-tree", "--missing-ok", extra=index)

    def commit(
        self,
        changes: Mapping[str, Put],
        *,
        op: str = "update",
        message: str | None = None,
        author: str = ANNA,
        committer: str | None = None,
        key: str | None = ANNA,
        when: datetime | None = None,
        author_when: datetime | None = None,
        parents: Sequence[str] | None = None,
        base: str | None = "",
        tree: str | None = None,
        namespace: str = "git",
        header: str = "",
        shaped: Callable[[bytes], bytes] = lambda raw: raw,
        altered: Callable[[bytes], bytes] = lambda raw: raw,
        move: bool = True,
    ) -> str:
        """Make a commit and put the branch upon it; its name.

        Args:
            changes: against the first parent.
            op: of the trailers, where no message is given.
            message: the whole message.
            author: whose address.
            committer: whose, the author's where it is None.
            key: with whose key it is signed; None for none.
            when: the committer's time, the clock's where it is None.
            author_when: the author's, where it is another.
            parents: HEAD alone where it is None.
            base: the commit whose tree is changed; the first parent where it is empty.
            tree: the whole tree in the place of the changes.
            namespace: what the signature is for.
            header: more lines, each with its end, before the signature.
            shaped: what is done to the bytes before the signing.
            altered: what is done to the bytes after the signing.
            move: whether the branch moves.
        """
        parents = [self.head] if parents is None else parents
        tree = tree or self.tree(changes, base if base != "" else (parents[0] if parents else None))
        when = when or self.now()
        who = [(author, author_when or when), (committer or author, when)]
        people = [f"{name.split('@')[0].title()} <{name}> {date(at)}" for name, at in who]
        links = "".join(f"parent {parent}\n" for parent in parents)
        head = f"tree {tree}\n{links}author {people[0]}\ncommitter {people[1]}\n{header}"
        text = message if message is not None else f"a change\n\n{trailers(changes, op)}"
        raw = shaped(f"{head}\n{text}".encode("utf-8", "surrogateescape"))
        signed = self.signed(raw, key, namespace) if key else raw
        name = self.store(altered(signed), "commit")
        if move:
            self.move(name)
        return name

    def signed(self, raw: bytes, key: str, namespace: str = "git") -> bytes:
        """A commit's bytes with the signature in its header."""
        lines = self.signature(raw, key, namespace).decode().splitlines()
        head, _blank, text = raw.partition(b"\n\n")
        return b"%s\ngpgsig %s\n\n%s" % (head, "\n ".join(lines).encode(), text)

    def signature(self, data: bytes, key: str, namespace: str) -> bytes:
        done = subprocess.run(
            ["ssh-keygen", "-Y", "sign", "-q", "-n", namespace, "-f", str(self.keys[key])],
            input=data, capture_output=True, check=True,
        )  # fmt: skip
        return done.stdout

    def move(self, name: str) -> None:
        self.git("update-ref", "refs/heads/main", name)

    def replayed(
        self,
        since: str,
        edit: Callable[[bytes], bytes] = lambda raw: raw,
        *,
        skip: Sequence[str] = (),
        onto: str | None = None,
    ) -> None:
        """Make every commit after one anew, each with Anna's key, as a rewriter with keys would."""
        last = onto or since
        for name in self.git("rev-list", "--reverse", f"{since}..HEAD").split():
            if name in skip:
                continue
            raw = unsigned(self.raw(name))
            head, _blank, text = raw.partition(b"\n\n")
            lines = [line for line in head.split(b"\n") if not line.startswith(b"parent ")]
            lines.insert(1, b"parent " + last.encode())
            signer = lines[2].split(b"<")[1].split(b">")[0].decode()
            again = edit(b"\n".join(lines) + b"\n\n" + text)
            last = self.store(self.signed(again, signer), "commit")
        self.move(last)

    def run(self, *words: str) -> None:
        """Plain git, as a user with the wiki's settings would type it."""
        subprocess.run(["git", *words], cwd=self.root, check=True, capture_output=True)


Tamper = Callable[[Bench], None]


@dataclass(frozen=True)
class Case:
    """One way to tamper, and what must be said of it.

    Attributes:
        name: what is done, as a test's name.
        tamper: does it.
        codes: what ``verify`` finds; that the newest commits are not anchored goes without saying.
        stock: whether stock git would notice: fsck --strict and verify-commit on every commit.
        pin: what is held outside: the receipt, the head, or nothing.
    """

    name: str
    tamper: Tamper
    codes: str
    stock: bool = False
    pin: str = "receipt"

    @property
    def exit_code(self) -> int:
        """That of the gravest code."""
        grave = any(CODES[code].severity == "tampered" for code in self.codes.split())
        return EXITS["tampered" if grave else "incomplete"]


def judged(bench: Bench, case: Case) -> tuple[set[str], int]:
    """The codes that ``verify`` finds, and how it exits."""
    held = {"receipt": bench.sealed.receipt} if case.pin == "receipt" else {}
    asked = verifying.Asked(**(held | bench.options))  # type: ignore[arg-type]
    bundle = asked.bundle
    wiki = None if bundle is not None else bench.sealed.wiki()
    verdict = verifying.verify(wiki, asked, bench.sealed.clock)
    found = set(verdict.codes)
    return found if "UNANCHORED" in case.codes else found - {"UNANCHORED"}, verdict.exit_code


def is_named(bench: Bench, case: Case) -> None:
    """A case is found by its codes and exit code, and stock git says of it what the table says."""
    base = bench.head
    case.tamper(bench)
    assert judged(bench, case) == (set(case.codes.split()), case.exit_code)
    assert noticed_by_git(bench, base) == case.stock


def noticed_by_git(bench: Bench, base: str) -> bool:
    """Whether fsck or, on a commit since the base, verify-commit with the head's keys objects."""
    fsck = subprocess.run(
        ["git", "fsck", "--strict", "--full", "--no-dangling", "--no-reflogs"],
        cwd=bench.root, capture_output=True, check=False,
    )  # fmt: skip
    listed = subprocess.run(
        ["git", "rev-list", "HEAD", f"^{base}"], cwd=bench.root, capture_output=True, check=False
    )
    if fsck.returncode or listed.returncode:
        return True
    allowed = bench.root / ".git" / "allowed"
    shown = subprocess.run(
        ["git", "show", "HEAD:.aswiki/allowed_signers"],
        cwd=bench.root, capture_output=True, check=False,
    )  # fmt: skip
    allowed.write_bytes(shown.stdout)
    config = ["-c", "gpg.format=ssh", "-c", f"gpg.ssh.allowedSignersFile={allowed}"]
    commits = listed.stdout.decode().split()
    done = [
        subprocess.run(
            ["git", *config, "verify-commit", name],
            cwd=bench.root, capture_output=True, check=False,
        ).returncode
        for name in commits
    ]  # fmt: skip
    return any(done)


def date(at: datetime) -> str:
    return f"{int(at.timestamp())} +0800"


def unsigned(raw: bytes) -> bytes:
    """A commit's bytes without the signature."""
    head, _blank, text = raw.partition(b"\n\n")
    kept: list[bytes] = []
    inside = False
    for line in head.split(b"\n"):
        inside = line.startswith(b"gpgsig ") or (inside and line.startswith(b" "))
        if not inside:
            kept.append(line)
    return b"\n".join(kept) + b"\n\n" + text


def flipped(data: bytes, place: int = -20) -> bytes:
    """The bytes with one bit turned."""
    place %= len(data)
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.fixture(scope="session")
def _stone(_sealed: Sealed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """The sealed wiki with more hands: Bob, who is no admin, and Carol, whose key is retired."""
    folder = tmp_path_factory.mktemp("stone")
    root = folder / "wiki"
    shutil.copytree(_sealed.root, root, symlinks=True)
    own = {ANNA: _sealed.root.parent / "anna"}
    for who in (BOB, CAROL, MALLORY):
        own[who] = folder / who.split("@", maxsplit=1)[0]
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(own[who])]
        subprocess.run(words, check=True)
    home = tmp_path_factory.mktemp("stone-home")
    (home / ".gitconfig").write_text(GITCONFIG, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
        made = Sealed(
            root, _sealed.key, "", _sealed.receipt, _sealed.ca, _sealed.clock, _sealed.tsa
        )
        yield _filled(Bench(root, own, made))


def _filled(bench: Bench) -> Bench:
    made = bench.sealed
    subprocess.run(["git", "update-index", "-q", "--refresh"], cwd=bench.root, check=True)
    for who in (BOB, CAROL):
        keys.add(made.wiki(), who, bench.keys[who].with_suffix(".pub"))
    words = Asked(at="2025-10-03T15:00+08:00")
    editing.append(
        made.wiki(), "acme-uploads-fail", "They called", words, kind="customer", quote=QUOTE
    )
    creating.create_for_customer(
        made.wiki(), "note", "acme", "Carol was there", {"kind": "feeling"}, Asked()
    )
    mine = bench.blob(OTHER) + b""
    later = mine.rstrip(b"\n") + b"\n- 2025-10-04 09:00 \xc2\xb7 carol \xc2\xb7 note: seen\n"
    bench.commit({OTHER: later}, op="append", author=CAROL, key=CAROL)
    bench.run("checkout", "-q", "-f", "main")
    made.clock.now += timedelta(minutes=30)
    keys.retire(made.wiki(), CAROL)
    made.clock.now += timedelta(minutes=30)
    receipt = made.anchored()
    whole = Sealed(bench.root, made.key, receipt, made.first_receipt, made.ca, made.clock, made.tsa)
    return Bench(bench.root, bench.keys, whole)


@pytest.fixture
def bench(_stone: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A copy of that wiki to do anything to."""
    root = tmp_path / "wiki"
    shutil.copytree(_stone.root, root, symlinks=True)
    Path.home().joinpath(".gitconfig").write_text(GITCONFIG, encoding="utf-8")
    subprocess.run(["git", "update-index", "-q", "--refresh"], cwd=root, check=True)
    monkeypatch.chdir(root)
    old = _stone.sealed
    clock = type(old.clock)(old.clock.now)
    mine = Sealed(root, old.key, old.receipt, old.first_receipt, old.ca, clock, old.tsa)
    return Bench(root, _stone.keys, mine)

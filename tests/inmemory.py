"""Histories made in memory: real git objects, signatures, anchors and tokens without a process."""

from __future__ import annotations

import hashlib
import random
import zlib
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from textwrap import wrap

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.tampering import trailers
from tests.tsa import Authority

from aswiki.domain import records
from aswiki.evidence import merkle, statement, timestamps, wire
from aswiki.evidence.history import Change, History
from aswiki.evidence.origins import origins
from aswiki.evidence.statement import Statement

PLAIN, NOTHING = "100644", "000000"
ZONE = timezone(timedelta(hours=8))
Files = dict[str, tuple[str, str]]
"""A path → its mode and blob."""


@dataclass(frozen=True)
class Hand:
    """Somebody with a key."""

    email: str
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def blob(self) -> bytes:
        raw = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return wire.string(b"ssh-ed25519") + wire.string(raw)

    @property
    def fingerprint(self) -> str:
        return "SHA256:" + b64encode(hashlib.sha256(self.blob).digest()).decode().rstrip("=")

    def line(self, since: datetime, until: datetime | None = None) -> str:
        """The hand's line of allowed_signers, with its end."""
        window = f'valid-after="{_stamp(since)}"'
        window += f',valid-before="{_stamp(until)}"' if until else ""
        spaces = 'namespaces="git,aswiki-anchor,aswiki-witness"'
        return f"{self.email} {spaces},{window} ssh-ed25519 {b64encode(self.blob).decode()}\n"

    def signed(self, data: bytes, namespace: str) -> bytes:
        """An armored SSH signature."""
        parts = (namespace.encode(), b"", b"sha512")
        digest = hashlib.sha512(data).digest()
        message = b"SSHSIG" + b"".join(map(wire.string, (*parts, digest)))
        own = wire.string(b"ssh-ed25519") + wire.string(self.private.sign(message))
        raw = b"SSHSIG" + (1).to_bytes(4, "big")
        raw += b"".join(map(wire.string, (self.blob, *parts, own)))
        lines = "\n".join(wrap(b64encode(raw).decode(), 70))
        return f"-----BEGIN SSH SIGNATURE-----\n{lines}\n-----END SSH SIGNATURE-----\n".encode()


@dataclass
class Book:
    """A repository in memory with one branch; its clock goes on by the minute.

    Attributes:
        now: the moment of the last commit.
        prefix: the wiki's folder in the repository.
        objects: kind and bytes by name.
        files: the whole files of each commit.
        parents: the parents of each commit.
        head: the branch's commit.
    """

    now: datetime
    prefix: str = ""
    objects: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    files: dict[str, Files] = field(default_factory=dict)
    parents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    head: str = ""

    def copy(self) -> Book:
        """The same once more, to do anything to."""
        own = (dict(self.objects), dict(self.files), dict(self.parents))
        return Book(self.now, self.prefix, *own, self.head)

    def put(self, kind: str, data: bytes) -> str:
        raw = f"{kind} {len(data)}\0".encode() + data
        name = hashlib.sha1(raw, usedforsecurity=False).hexdigest()
        self.objects[name] = (kind, data)
        return name

    def tree(self, files: Mapping[str, tuple[str, str]]) -> str:
        """The tree of these files, and every one under it."""
        own: dict[str, tuple[str, str]] = {}
        folders: dict[str, dict[str, tuple[str, str]]] = {}
        for path, entry in files.items():
            name, slash, rest = path.partition("/")
            if slash:
                folders.setdefault(name, {})[rest] = entry
            else:
                own[name] = entry
        own |= {f"{name}/": ("40000", self.tree(inner)) for name, inner in folders.items()}
        rows = (
            f"{mode} {name.rstrip('/')}\0".encode() + bytes.fromhex(blob)
            for name, (mode, blob) in sorted(own.items(), key=lambda each: each[0].encode())
        )
        return self.put("tree", b"".join(rows))

    def text(self, path: str, commit: str = "") -> bytes:
        """A file's bytes; the path is the wiki's."""
        return self.objects[self.files[commit or self.head][self.prefix + path][1]][1]

    def paths(self, start: str = "", commit: str = "") -> list[str]:
        """The wiki's files, sorted."""
        whole = self.files[commit or self.head]
        inner = (path.removeprefix(self.prefix) for path in whole if path.startswith(self.prefix))
        return sorted(path for path in inner if path.startswith(start))

    def records(self, folder: str = "") -> list[str]:
        found = (path for path in self.paths() if records.type_of(path) is not None)
        return [path for path in found if f"/{folder}" in path]

    def tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def commit(
        self,
        changes: Mapping[str, bytes | None],
        hand: Hand | None,
        *,
        op: str = "update",
        email: str = "",
        committer: str = "",
        message: str | None = None,
        when: datetime | None = None,
        author_when: datetime | None = None,
        parents: Sequence[str] | None = None,
        mode: str = PLAIN,
        header: str = "",
        outside: bool = False,
        move: bool = True,
    ) -> str:
        """One commit, signed where a hand is given; its name.

        Args:
            changes: the new bytes by the wiki's path, against the first parent.
            hand: who signs.
            op: of the trailers, where no message is given.
            email: the author's address, the hand's where it is empty.
            committer: the committer's, the author's where it is empty.
            message: the whole of it.
            when: the committer's time; the next minute where it is None.
            author_when: the author's, where it is another.
            parents: the head alone where it is None.
            mode: of the changed files.
            header: more lines before the signature.
            outside: whether the paths are the repository's.
            move: whether the branch moves.
        """
        own = [self.head] if parents is None else list(parents)
        files = dict(self.files[own[0]]) if own and own[0] else {}
        for path, data in changes.items():
            whole = path if outside else self.prefix + path
            if data is None:
                files.pop(whole, None)
            else:
                files[whole] = (mode, self.put("blob", data))
        email = email or (hand.email if hand else "anna@example.com")
        at = when or self.tick()
        who = [(email, author_when or at), (committer or email, at)]
        people = [f"{each.split('@')[0]} <{each}> {int(t.timestamp())} +0800" for each, t in who]
        links = "".join(f"parent {parent}\n" for parent in own if parent)
        lines = f"author {people[0]}\ncommitter {people[1]}\n{header}"
        if message is None:
            message = f"a change\n\n{trailers(changes, op)}"
        head = f"tree {self.tree(files)}\n{links}{lines}"
        raw = head.encode() + b"\n" + message.encode("utf-8", "surrogateescape")
        return self.kept(sealed(raw, hand), files, own, move=move)

    def kept(self, raw: bytes, files: Files, parents: Sequence[str], *, move: bool = True) -> str:
        """A commit of these bytes."""
        name = self.put("commit", raw)
        self.files[name] = files
        self.parents[name] = tuple(each for each in parents if each)
        self.head = name if move else self.head
        return name

    def order(self, head: str = "") -> list[str]:
        """The commits that lead to one, parents before their children."""
        found: dict[str, None] = {}
        waiting = [(head or self.head, False)]
        while waiting:
            name, is_ready = waiting.pop()
            if is_ready:
                found[name] = None
            elif name not in found and name in self.parents:
                waiting.append((name, True))
                waiting += [(each, False) for each in reversed(self.parents[name])]
        return list(found)

    def objects_sha256(self, commit: str, before: str | None) -> str:
        """What git's rev-list and cat-file give over the objects between two commits."""
        old = set(self.order(before)) if before else set()
        new = [name for name in self.order(commit) if name not in old]
        edges = {each for name in new for each in self.parents[name] if each in old} | (
            {before} if before in self.parents else set()
        )
        names = {each for name in new for each in (name, *self._under(name))}
        names -= {each for edge in edges for each in self._under(edge)}
        total = hashlib.sha256()
        for name in sorted(names):
            kind, data = self.objects[name]
            total.update(f"{name} {kind} {len(data)}\n".encode() + data + b"\n")
        return total.hexdigest()

    def _under(self, commit: str) -> set[str]:
        found: set[str] = set()
        waiting = [self.objects[commit][1][5:45].decode()]
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found.add(name)
            kind, data = self.objects.get(name, ("", b""))
            while kind == "tree" and data:
                _entry, _zero, rest = data.partition(b"\0")
                waiting.append(rest[:20].hex())
                data = rest[20:]
        return found

    def history(self) -> History:
        """What verification sees of it."""
        names = self.order()
        return History(
            head=self.head,
            raw={name: self.objects[name][1] for name in names},
            changes={name: self._changes(name) for name in names},
            blob=lambda name: self.objects.get(name, ("", None))[1],
            digests=self._digests,
            files=self._own,
            objects_sha256=self.objects_sha256,
            prefix=self.prefix,
        )

    def _digests(self, names: Iterable[str]) -> dict[str, str]:
        known = (name for name in names if name in self.objects)
        return {name: hashlib.sha256(self.objects[name][1]).hexdigest() for name in known}

    def _own(self, commit: str) -> Files:
        whole = self.files[commit].items()
        return {p.removeprefix(self.prefix): e for p, e in whole if p.startswith(self.prefix)}

    def _sides(self, name: str) -> list[tuple[str | None, set[str]]]:
        parents: list[str | None] = [*self.parents[name]]
        differing = ({each.path for each in side} for side in self._changes(name))
        return list(zip(parents or [None], differing, strict=True))

    def _changes(self, name: str) -> list[list[Change]]:
        own = self._own(name)
        return [
            _differing(self._own(each) if each else {}, own) for each in self.parents[name] or [""]
        ]

    def write(self, root: Path) -> Path:
        """The repository on disk, its branch main at the head."""
        git = root / ".git"
        for folder in ("objects", "refs/heads"):
            (git / folder).mkdir(parents=True)
        (git / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
        (git / "config").write_text("[core]\n\trepositoryformatversion = 0\n", encoding="utf-8")
        (git / "refs/heads/main").write_text(f"{self.head}\n", encoding="utf-8")
        for name, (kind, data) in self.objects.items():
            place = git / "objects" / name[:2]
            place.mkdir(exist_ok=True)
            raw = zlib.compress(f"{kind} {len(data)}\0".encode() + data, 1)
            (place / name[2:]).write_bytes(raw)
        return root

    # --- anchors --------------------------------------------------------------------------------

    def anchors(self) -> list[Statement]:
        """The statements of the head, the oldest first."""
        found = (path for path in self.paths(statement.FOLDER) if path.endswith(".txt"))
        parsed = (statement.parse(self.text(path)) for path in found)
        return [each for each in parsed if each is not None]

    def statement(self, signer: str, seed: bytes) -> Statement:
        """The next statement, about the head."""
        known = self.anchors()
        before = known[-1] if known else None
        paths = [path for path in self.paths() if records.type_of(path) is not None]
        steps = ((name, self._sides(name)) for name in reversed(self.order()))
        brought = origins(self.head, steps, paths)
        rows = [(p, hashlib.sha256(self.text(p)).hexdigest(), brought[p]) for p in paths]
        signers = ".aswiki/allowed_signers"
        keys = self.text(signers) if signers in self.paths() else b""
        first = self.head
        while self.parents[first]:
            first = self.parents[first][0]
        return Statement(
            repo_id=first,
            seq=len(known) + 1,
            prev=before.sha256 if before else statement.NONE,
            ref="refs/heads/main",
            commit=self.head,
            commits=len(self.order()),
            objects_sha256=self.objects_sha256(self.head, before.commit if before else None),
            records_root=merkle.root(merkle.leaves(seed, rows)),
            records_count=len(paths),
            keys_sha256=hashlib.sha256(keys).hexdigest(),
            created=self.now.astimezone(ZONE).isoformat(timespec="seconds"),
            signer=signer,
        )

    def anchor(
        self, hand: Hand | None, tsa: Authority | None, seed: bytes, said: Statement | None = None
    ) -> Statement:
        """One more anchor, with a token where there is an authority."""
        said = said or self.statement(hand.email if hand else "anna@example.com", seed)
        raw = said.text()
        changes = {statement.path(said.seq, "txt"): raw, statement.path(said.seq, "seed"): seed}
        if hand is not None:
            changes[statement.path(said.seq, "txt.sig")] = hand.signed(raw, "aswiki-anchor")
        if tsa is not None:
            tsa.now = self.tick()
            changes[statement.path(said.seq, "test.tsr")] = token(tsa, raw)
        self.commit(changes, hand, op="anchor")
        return said


def token(tsa: Authority, data: bytes) -> bytes:
    return tsa.respond(timestamps.request(data, 7).request)


def sealed(raw: bytes, hand: Hand | None) -> bytes:
    """A commit's bytes with the hand's signature in its header."""
    if hand is None:
        return raw
    lines = hand.signed(raw, "git").decode().splitlines()
    head, _blank, text = raw.partition(b"\n\n")
    return b"%s\ngpgsig %s\n\n%s" % (head, "\n ".join(lines).encode(), text)


def seeded(chance: random.Random) -> bytes:
    return chance.randbytes(32)


def _differing(old: Files, new: Files) -> list[Change]:
    none = (NOTHING, "0" * 40)
    paths = sorted(path for path in {*old, *new} if old.get(path) != new.get(path))
    pairs = ((path, old.get(path, none), new.get(path, none)) for path in paths)
    return [Change(path, a[0], b[0], a[1], b[1]) for path, a, b in pairs]


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%SZ")

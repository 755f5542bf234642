"""A history in quarantine: taken over through a bundle into a repository of our own."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.store.git import place
from aswiki.store.git.reach import Reach
from aswiki.store.git.reading import contents, words_of
from aswiki.store.git.refusal import refusal
from aswiki.store.git.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

CHUNK = 2000  # so many objects are asked for at a time
_EMPTY = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
_HEADER = re.compile(rb"# v(?:2|3(?= git bundle\n@object-format=)) git bundle\n(?:[^\n]+\n)*\n")
_HEAD = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) (\S+)")
_LONGEST_HEADER = 64 * 1024
_OUTSIDE = r"No space left|Disk quota|Read-only file system|[Pp]ermission denied|dubious ownership"


class Delta(NamedTuple):
    """One path that differs between two trees; a mode of zeros is "not there"."""

    path: str
    old_mode: str
    new_mode: str
    old_id: str
    new_id: str


class Damaged(Exception):
    """The history cannot be taken over; the text is git's complaint."""


def heads(bundle: Path) -> list[tuple[str, str]]:
    """The refs that a bundle holds, one at least: each the commit's name and its own.

    Raises:
        Damaged: it is no bundle.
        Unusable: it cannot be read.
    """
    try:
        with bundle.open("rb") as file:
            start = file.read(_LONGEST_HEADER)
    except OSError as error:
        raise refusal(f"{bundle}: {error.strerror}") from error
    header = _HEADER.match(start)
    lines = (_HEAD.fullmatch(line) for line in header[0].split(b"\n")) if header else ()
    found = [(line[1].decode(), line[2].decode("utf-8", "replace")) for line in lines if line]
    if not found:
        raise Damaged(_("it is no bundle of git's"))
    return found


class Quarantine(Reach):
    """A repository of our own that holds one branch, taken over from a bundle.

    Attributes:
        ref: the branch's full name.
        tip: the commit it is at.
    """

    def __init__(self, found: place.Place, ref: str, tip: str) -> None:
        super().__init__(found)
        self.ref = ref
        self.tip = tip

    @classmethod
    def of(cls, bundle: Path, into: Path, tip: str, ref: str, prefix: str = "") -> Quarantine:
        """The branch of a bundle in a fresh repository at ``into``.

        Args:
            bundle: the file.
            into: a folder that is not there yet.
            tip: the commit that the branch is at.
            ref: the branch's full name.
            prefix: the wiki's folder from the top: empty, or names each followed by ``/``.

        Raises:
            Damaged: git cannot read the objects, or some are missing.
            Unusable: the disk refuses.
        """
        algorithm = "sha256" if len(tip) == 64 else "sha1"
        top = into.resolve()
        folder = top / prefix
        folder.mkdir(parents=True)
        options = ("--quiet", "--template=", "--initial-branch=main")
        Runner(top).write("init", *options, f"--object-format={algorithm}", "--", str(top))
        own = cls(place.Place(folder, top, top / ".git", top / ".git"), ref, tip)
        own.asked("bundle", "unbundle", str(bundle.resolve()))
        own.asked("update-ref", "refs/heads/main", tip)
        return own

    def asked(self, *arguments: str) -> bytes:
        """Git's answer.

        Raises:
            Damaged: git refuses because of the objects.
            Unusable: git refuses because of the disk.
        """
        answer = self._run.write(*arguments, allowed=range(256))
        if answer.code:
            raise damage(answer.err)
        return answer.out

    def complaints(self) -> list[str]:
        """What ``git fsck --strict`` has against the objects, a line each."""
        options = ("--full", "--strict", "--no-dangling", "--no-progress", "--no-reflogs")
        answer = self._run.read("fsck", *options, allowed=range(256))
        lines = [*answer.out.decode("utf-8", "replace").splitlines(), *answer.err.splitlines()]
        found = [line for line in lines if line.startswith(("error", "missing", "broken", "warn"))]
        return found or ([_("git fsck fails.")] if answer.code else [])

    def commits(self) -> dict[str, bytes]:
        """Every commit's bytes by name, parents before their children.

        Raises:
            Damaged: some cannot be read.
        """
        names = self.asked("rev-list", "--topo-order", "--reverse", self.tip, "--").decode()
        found = self.raw_commits(names.split())
        return {name: found[name] for name in names.split() if name in found}

    def deltas(self, pairs: Sequence[tuple[str | None, str]]) -> list[list[Delta]]:
        """What differs between each two trees, None being an empty one; paths are the wiki's.

        Raises:
            Damaged: a tree cannot be read.
        """
        empty = _EMPTY[self._algorithm]
        lines = "".join(f"{old or empty} {new}\n" for old, new in pairs)
        options = ("--stdin", "-r", "-z", "--raw", "--no-renames", "--no-abbrev")
        safe = ("--no-ext-diff", "--no-textconv", "--no-relative", "--")
        answer = self._run.read(
            "diff-tree", *options, *safe, stdin=lines.encode(), allowed=range(256)
        )
        found = list(self._parsed(answer.out))
        if answer.code or len(found) != len(pairs):
            raise damage(answer.err)
        return found

    def _parsed(self, output: bytes) -> Iterator[list[Delta]]:
        """The groups of an answer: each begins with a line, then come meta and path in turn."""
        group: list[Delta] | None = None
        words = iter(output.split(b"\0"))
        for word in words:
            *headers, about = word.split(b"\n")
            for _header in headers:
                if group is not None:
                    yield group
                group = []
            if not about or group is None:
                continue
            old_mode, new_mode, old_id, new_id, _status = about[1:].decode().split(" ")
            path = next(words).decode("utf-8", "surrogateescape")
            if path.startswith(self.prefix):
                own = path.removeprefix(self.prefix)
                group.append(Delta(own, old_mode, new_mode, old_id, new_id))
        if group is not None:
            yield group

    def blobs_by_id(self, names: Iterable[str]) -> dict[str, bytes]:
        """The bytes of blobs by their full names; those that are not there are left out."""
        found = contents(self._run, names)
        return {each.id: each.data for each in found if each and each.kind == "blob"}

    def digests(self, names: Iterable[str]) -> dict[str, str]:
        """The SHA-256 of blobs by their full names."""
        wanted = list(names)
        found: dict[str, str] = {}
        for start in range(0, len(wanted), CHUNK):
            for name, data in self.blobs_by_id(wanted[start : start + CHUNK]).items():
                found[name] = hashlib.sha256(data).hexdigest()
        return found

    def entries(self, commit: str) -> dict[str, tuple[str, str]]:
        """Every path of a commit that is no folder, with its mode and object."""
        options = ("-r", "-z", "--full-tree", "--end-of-options", commit)
        lines = (line.partition("\t") for line in words_of(self._run.read("ls-tree", *options).out))
        found: dict[str, tuple[str, str]] = {}
        for about, _tab, path in lines:
            mode, _kind, name = about.split(" ")
            if path.startswith(self.prefix):
                found[path.removeprefix(self.prefix)] = (mode, name)
        return found


def damage(complaint: str) -> Exception:
    """Git's complaint as an error: of the disk, or else of the objects."""
    if re.search(_OUTSIDE, complaint):
        return refusal(complaint)
    lines = [line for line in complaint.splitlines() if line.strip()]
    return Damaged("; ".join(lines[:3]))


def resolved(words: str, names: Iterable[str]) -> str:
    """The full name that an abbreviation stands for among these; itself where there is none.

    Raises:
        BadInput: it is no abbreviation of a commit's name, or one of several.
    """
    given = words.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{4,64}", given):
        raise BadInput(
            "bad-revision",
            _("{rev} does not name a commit.").format(rev=ascii(words)),
            _("Name it by its hash, as `aswiki history` prints it."),
        )
    found = [name for name in names if name.startswith(given)]
    if len(found) > 1:
        raise BadInput(
            "ambiguous-revision",
            _("{rev} could be several commits.").format(rev=given),
            _("Give more of the hash."),
        )
    return found[0] if found else given

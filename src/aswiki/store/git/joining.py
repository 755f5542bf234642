"""Two sides of a history: where they parted, what each did to any file, and a merge under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aswiki.store.git.objects import Entry, object_id
from aswiki.store.git.reading import FEW, checked, contents, words_of
from aswiki.store.git.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_LEFT_BY_A_MERGE = ("MERGE_HEAD", "MERGE_MSG", "MERGE_MODE", "MERGE_RR", "AUTO_MERGE")
_ABSENT = "000000"


class Pair(NamedTuple):
    """What a path is in two commits; None where it is not there."""

    old: Entry | None
    new: Entry | None


class Joining(Transport):
    """A repository's sides; here every path is from the top of the work tree."""

    def bases(self, one: str, other: str) -> list[str]:
        """The commits where two parted, the best first; none where they never were together."""
        words = ("merge-base", "--all", "--end-of-options", checked(one), checked(other))
        return self._run.read(*words, allowed=(0, 1)).out.decode().split()

    def changed(self, old: str, new: str) -> dict[str, Pair]:
        """Every path that differs between two commits."""
        options = ("-r", "-z", "--raw", "--no-renames", "--no-abbrev")
        safe = ("--no-ext-diff", "--no-textconv", "--no-relative", "--end-of-options")
        answer = self._run.read("diff-tree", *options, *safe, checked(old), checked(new), "--")
        words = words_of(answer.out)
        found = {}
        for about, path in zip(words[::2], words[1::2], strict=True):
            modes = about.removeprefix(":").split(" ")
            found[path] = Pair(_entry(modes[0], modes[2]), _entry(modes[1], modes[3]))
        return found

    def entries(self, rev: str, paths: Collection[str]) -> dict[str, Entry]:
        """What these paths are in a commit; one that is not there, or a folder, is left out."""
        named = list(paths) if len(paths) <= FEW else []
        options = ("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", checked(rev))
        lines = words_of(self._run.read(*options, *named).out)
        found = {}
        for about, _tab, path in (line.partition("\t") for line in lines):
            mode, _kind, name = about.split(" ")
            if path in paths:
                found[path] = Entry(mode, name)
        return found

    def bytes_of(self, entries: Iterable[Entry]) -> dict[str, bytes]:
        """The bytes of blobs by their full names; one process."""
        names = dict.fromkeys(entry.id for entry in entries)
        found = contents(self._run, names) if names else []
        return {each.id: each.data for each in found if each and each.kind == "blob"}

    def edited(self) -> list[str]:
        """The wiki's files that differ from HEAD or were never committed, by git's own index."""
        options = ("--name-only", "-z", "--no-ext-diff", "--ignore-submodules", "--no-relative")
        changed = words_of(self._run.read("diff-files", *options, "--").out)
        others = ("ls-files", "-z", "--others", "--exclude-standard", "--full-name")
        where = ["--", self.prefix] if self.prefix else []
        found = {*changed, *words_of(self._run.read(*others, *where).out)}
        own = [path.removeprefix(self.prefix) for path in found if path.startswith(self.prefix)]
        return self.dirty(path for path in own if not path.endswith("/"))

    def blob_name(self, data: bytes) -> str:
        """The name that git gives to these bytes."""
        return object_id("blob", data, self._algorithm)

    def commit_bytes(self, commit: str) -> bytes:
        """A commit as git keeps it."""
        return self.raw_commits([commit])[commit]

    def merging(self) -> list[str]:
        """The commits that a merge under way joins to HEAD; none where there is no merge."""
        file = self.git_dir / "MERGE_HEAD"
        return file.read_text(encoding="utf-8").split() if file.is_file() else []

    def touched_by_merge(self) -> set[str]:
        """The paths that a merge under way changed against HEAD, those in conflict among them."""
        options = ("--cached", "--name-only", "-z", "--no-renames", "--no-ext-diff")
        answer = self._run.read("diff-index", *options, "--no-relative", "HEAD", "--")
        return set(words_of(answer.out))

    def end_merge(self) -> None:
        """Take away what says that a merge is under way."""
        for name in _LEFT_BY_A_MERGE:
            (self.git_dir / name).unlink(missing_ok=True)


def _entry(mode: str, name: str) -> Entry | None:
    return None if mode == _ABSENT else Entry(mode, name)

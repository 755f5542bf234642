"""What lies between two commits: where they parted, what differs, how a host would merge them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aswiki.store.git.reach import Reach
from aswiki.store.git.reading import checked, contents, words_of
from aswiki.store.git.runner import Runner, git_path, version

if TYPE_CHECKING:
    from collections.abc import Iterable

_MERGES_TREES = (2, 38)  # since then git merge-tree --write-tree is there


class Differing(NamedTuple):
    """One path that differs between two commits; a mode of zeros is "not there"."""

    path: str
    old_mode: str
    new_mode: str
    old_id: str
    new_id: str

    @property
    def is_new(self) -> bool:
        """Whether only the second commit has it."""
        return not self.old_mode.strip("0")

    @property
    def is_gone(self) -> bool:
        """Whether only the first commit has it."""
        return not self.new_mode.strip("0")


class Between(Reach):
    """A repository's commits by pairs, as the wiki in a folder of it sees them."""

    def is_shallow(self) -> bool:
        """Whether the older history is cut off, as a host's quick clone has it."""
        cut = self.common_dir / "shallow"
        return cut.is_file() and bool(cut.read_bytes().strip())

    def merge_base(self, one: str, other: str) -> str | None:
        """The commit where two parted, or None where they have none in common."""
        words = ("merge-base", "--end-of-options", checked(one), checked(other))
        answer = self._run.read(*words, allowed=(0, 1))
        return answer.out.decode().strip() or None

    def changes(self, old: str, new: str) -> list[Differing]:
        """The wiki's paths that differ between two commits, in git's order, with their modes."""
        options = ("-r", "-z", "--raw", "--no-renames", "--no-abbrev")
        safe = ("--no-ext-diff", "--no-textconv", "--no-relative", "--end-of-options")
        answer = self._run.read("diff-tree", *options, *safe, checked(old), checked(new), "--")
        words = words_of(answer.out)
        found = []
        for about, path in zip(words[::2], words[1::2], strict=True):
            if path.startswith(self.prefix):
                modes = about.removeprefix(":").split(" ")[:4]
                found.append(Differing(path.removeprefix(self.prefix), *modes))
        return found

    def versions(self, asked: Iterable[tuple[str, str]]) -> list[bytes | None]:
        """The bytes of files, each of a commit and a path; None where it has none; one process."""
        names = [f"{checked(rev)}:{self.prefix}{path}" for rev, path in asked]
        plain = [name for name in names if "\n" not in name]
        found = dict(zip(plain, contents(self._run, plain), strict=True))
        read = (found.get(name) for name in names)
        return [each.data if each and each.kind == "blob" else None for each in read]

    def conflicts(self, ours: str, theirs: str) -> list[str]:
        """The wiki's paths at which a host's merge of two commits would stop.

        A host merges text, without a driver of ours; so does this, in a repository of its own
        that is gone afterwards. Before git 2.38 nothing is known, and nothing is named.
        """
        if version(git_path()) < _MERGES_TREES:
            return []
        from tempfile import TemporaryDirectory  # what only this needs stays out of every read

        with TemporaryDirectory(prefix="aswiki-") as folder:
            options = ("--quiet", "--bare", "--template=", f"--object-format={self._algorithm}")
            runner = Runner(self.top)
            runner.read("init", *options, "--", folder)
            words = ("merge-tree", "--write-tree", "-z", "--name-only", "--no-messages")
            answer = runner.read(
                f"--git-dir={folder}",
                *words,
                checked(ours),
                checked(theirs),
                allowed=(0, 1),
                extra={"GIT_ALTERNATE_OBJECT_DIRECTORIES": str(self.common_dir / "objects")},
            )
        _tree, *paths = words_of(answer.out)
        return sorted(p.removeprefix(self.prefix) for p in paths if p.startswith(self.prefix))

"""What a commit reaches: how it began, how much it is, and one hash over all of it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from aswiki.errors import Unusable
from aswiki.lang import _
from aswiki.store.git.history import History
from aswiki.store.git.reading import checked, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_AT_ONCE = 500  # so many objects are held in memory together


class Step(NamedTuple):
    """One commit on the way back through a history.

    Attributes:
        commit: its full name.
        parents: of each parent, the name and the paths that differ from it; a commit without a
            parent has one without a name.
    """

    commit: str
    parents: tuple[tuple[str | None, frozenset[str]], ...]


class Reach(History):
    """What the commits of a repository reach, as the wiki in a folder of it sees it."""

    def genesis(self, rev: str) -> str:
        """The commit that the first-parent line of a revision began with.

        Raises:
            Unusable: there is no such revision.
        """
        words = ("rev-list", "--max-parents=0", "--first-parent", "--end-of-options", checked(rev))
        found = self._run.read(*words, "--").out.decode().split()
        if len(found) != 1:
            raise Unusable("no-genesis", _("The history has no beginning."), "git fsck")
        return found[0]

    def count(self, rev: str) -> int:
        """How many commits lead to a revision, itself among them."""
        words = ("rev-list", "--count", "--end-of-options", checked(rev), "--")
        return int(self._run.read(*words).out)

    def leads_to(self, old: str, new: str) -> bool:
        """Whether one commit is another or an ancestor of it; not, where it is not there."""
        if self.resolve(old) is None:
            return False
        words = ("merge-base", "--is-ancestor", "--end-of-options", checked(old), checked(new))
        return self._run.read(*words, allowed=(0, 1)).code == 0

    def objects_sha256(self, rev: str, since: str | None = None) -> str:
        """One hash over every object that a commit reaches and another does not.

        It is that of ``git rev-list --objects --no-object-names REV ^SINCE | sort |
        git cat-file --batch | sha256sum``.

        Args:
            rev: the commit.
            since: the commit whose objects are left out; None for none.
        """
        without = [f"^{checked(since)}"] if since else []
        words = ("rev-list", "--objects", "--no-object-names", "--end-of-options", checked(rev))
        names = sorted(self._run.read(*words, *without, "--").out.split())
        found = hashlib.sha256()
        for start in range(0, len(names), _AT_ONCE):
            asked = b"".join(name + b"\n" for name in names[start : start + _AT_ONCE])
            found.update(self._run.read("cat-file", "--batch", stdin=asked).out)
        return found.hexdigest()

    def steps(self, rev: str) -> Iterator[Step]:
        """Every commit that leads to a revision, no parent before its children."""
        words = ("rev-list", "--topo-order", "--parents", "--end-of-options", checked(rev), "--")
        lines = [line.split() for line in self._run.read(*words).out.decode().splitlines()]
        asked = [[name, parent] for name, *parents in lines for parent in parents or [""]]
        differing = self._differing(asked)
        for name, *parents in lines:
            own = [(parent or None, next(differing)) for parent in parents or [""]]
            yield Step(name, tuple(own))

    def _differing(self, asked: Sequence[Sequence[str]]) -> Iterator[frozenset[str]]:
        """The wiki's paths that differ, for each pair of a commit and a parent, in their order."""
        options = ("--stdin", "-r", "-z", "--root", "--always", "--no-renames", "--name-status")
        safe = ("--no-ext-diff", "--no-textconv", "--no-relative", "--")
        lines = "".join(f"{' '.join(pair).rstrip()}\n" for pair in asked).encode()
        words = iter(words_of(self._run.read("diff-tree", *options, *safe, stdin=lines).out))
        own: set[str] | None = None
        for word in words:
            if len(word) > 1:  # a commit's name; a status is one letter
                if own is not None:
                    yield frozenset(own)
                own = set()
            elif own is not None:
                path = next(words)
                if path.startswith(self.prefix):
                    own.add(path.removeprefix(self.prefix))
        if own is not None:
            yield frozenset(own)

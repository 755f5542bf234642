"""A history as verification sees it: raw commits in order, what each changed, and its shape."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from aswiki.errors import BadInput
from aswiki.evidence import message
from aswiki.evidence.message import Said
from aswiki.evidence.objects import CommitObject, parse_commit
from aswiki.evidence.origins import origins

NO_MODE = "000000"
PLAIN = "100644"


class Change(NamedTuple):
    """One path that differs between a parent and its commit; a mode of zeros is "not there"."""

    path: str
    old_mode: str
    new_mode: str
    old_id: str
    new_id: str

    @property
    def is_gone(self) -> bool:
        """Whether the path is not there any more."""
        return self.new_mode == NO_MODE

    @property
    def is_new(self) -> bool:
        """Whether the path was not there before."""
        return self.old_mode == NO_MODE


@dataclass(frozen=True)
class History:
    """The raw objects of a history and the questions about them that git answers.

    Attributes:
        head: the newest commit.
        raw: every commit's bytes by its name, parents before their children.
        changes: what each commit changed against each of its parents, in their order; a commit
            without parents against nothing. Paths are the wiki's.
        blob: the bytes of a blob by name, None where it is not there.
        digests: the SHA-256 of each of many blobs; those that are not there are left out.
        files: every file of a commit's tree: its path, mode and blob.
        objects_sha256: the sum over the objects that a commit reaches and another does not.
        prefix: the wiki's folder in the repository: empty, or names each followed by ``/``.
        ref: the full name of the branch, where it must be that of the anchors; else empty.
    """

    head: str
    raw: Mapping[str, bytes]
    changes: Mapping[str, Sequence[Sequence[Change]]]
    blob: Callable[[str], bytes | None]
    digests: Callable[[Iterable[str]], Mapping[str, str]]
    files: Callable[[str], Mapping[str, tuple[str, str]]]
    objects_sha256: Callable[[str, str | None], str]
    prefix: str = ""
    ref: str = ""


@dataclass(frozen=True)
class Step:
    """One commit with what it says and what it changed.

    Attributes:
        name: its full name.
        number: its place in the order, parents before their children.
        commit: its parsed bytes.
        said: what its message says.
        changes: what it changed against each parent.
    """

    name: str
    number: int
    commit: CommitObject
    said: Said
    changes: Sequence[Sequence[Change]] = ()

    @property
    def own(self) -> Sequence[Change]:
        """What it changed against its first parent."""
        return self.changes[0] if self.changes else ()

    @property
    def is_merge(self) -> bool:
        """Whether it has several parents."""
        return len(self.commit.parents) > 1

    @property
    def is_again(self) -> bool:
        """Whether another than the author, or the author later, recorded it."""
        author, committer = self.commit.author, self.commit.committer
        return author.email != committer.email or author.at != committer.at

    @property
    def is_recommitted(self) -> bool:
        """Whether it was recorded before, as another commit: by a rebase or a squash."""
        again = self.is_again and (self.said.is_ours or self.said.is_several)
        return self.said.is_squash or again


@dataclass
class Walk:
    """A history, parsed, from the commit on that made the wiki.

    Attributes:
        history: the raw history.
        steps: every commit since the genesis by name, parents first.
        malformed: commits that could not be read at all.
        prehistory: the commits before the genesis: the repository is older than the wiki.
        first: the first commit of the first-parent line, by which a repository is known.
    """

    history: History
    steps: dict[str, Step] = field(default_factory=dict)
    malformed: list[str] = field(default_factory=list)
    prehistory: frozenset[str] = frozenset()
    first: str | None = None
    _parents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    _brought: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, history: History) -> Walk:
        """The parsed history; what came before the wiki in its repository is left out."""
        walk = cls(history)
        for number, (name, raw) in enumerate(history.raw.items()):
            try:
                commit = parse_commit(raw)
            except BadInput:
                walk.malformed.append(name)
                continue
            walk._parents[name] = commit.parents
            said = message.read(commit.message)
            walk.steps[name] = Step(name, number, commit, said, history.changes.get(name, ()))
        walk.first = walk.line[-1] if walk.line else None
        walk.prehistory = frozenset(walk.older_than(walk.genesis))
        for name in walk.prehistory:
            walk.steps.pop(name, None)
        return walk

    @cached_property
    def line(self) -> list[str]:
        """The first-parent line of the whole history, the head first."""
        found: list[str] = []
        name: str | None = self.history.head
        while name in self.steps:
            found.append(name)
            parents = self.steps[name].commit.parents
            name = parents[0] if parents else None
        return found

    @cached_property
    def genesis(self) -> str | None:
        """The commit on the first-parent line that made the wiki, else the first of all."""
        made = (
            name
            for name in reversed(self.line)
            if any(each.path == "aswiki.toml" and each.is_new for each in self.steps[name].own)
        )
        return next(made, self.line[-1] if self.line else None)

    def parents(self, step: Step) -> list[Step]:
        """The parents that belong to the wiki's history."""
        if step.name == self.genesis:
            return []
        return [self.steps[name] for name in step.commit.parents if name in self.steps]

    def older_than(self, name: str | None) -> set[str]:
        """The commits that lead to one, itself left out."""
        found: set[str] = set()
        waiting = [name] if name else []
        while waiting:
            step = self.steps.get(waiting.pop())
            for parent in step.commit.parents if step else ():
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        return found

    def leads_to(self, name: str, other: str) -> bool:
        """Whether a commit is among those that another builds upon."""
        if name not in self.steps or other not in self.steps:
            return False
        oldest = self.steps[name].number
        seen = {other}
        waiting = [other]
        while waiting:
            for parent in self.steps[waiting.pop()].commit.parents:
                if parent == name:
                    return True
                step = self.steps.get(parent)
                if step is not None and step.number > oldest and parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)
        return False

    def count(self, name: str) -> int:
        """How many commits lead to one, itself in and those before the wiki too."""
        at, walked = name, 0
        while at not in self._counts:  # each anchor is asked about: count on from the one before
            parents = self.steps[at].commit.parents
            if len(parents) != 1 or parents[0] not in self.steps:
                self._counts[at] = len(self.older_than(at) | self.prehistory) + 1
                break
            at, walked = parents[0], walked + 1
        self._counts[name] = self._counts[at] + walked
        return self._counts[name]

    def since(self, name: str) -> list[Step]:
        """The commits of the head that do not lead to one, oldest first."""
        if name not in self.steps:
            return list(self.steps.values())
        found = self.only_in(self.history.head, name)
        return sorted((self.steps[each] for each in found), key=lambda step: step.number)

    def brought(self, name: str, paths: Iterable[str]) -> dict[str, str]:
        """For each path of a commit the commit that brought the bytes that it has there."""
        found = origins(name, self._back_from(name), paths, self._brought)
        self._brought = {name: found}  # the next anchor goes back no further than to this one
        return found

    def _back_from(self, name: str) -> Iterator[tuple[str, list[tuple[str | None, set[str]]]]]:
        """The commits before one, itself first, each with what differs from its parents."""
        for commit in self._backwards[self._places.get(name, 0) :]:
            sides = self.history.changes.get(commit, ())
            paths = [{each.path for each in side} for side in sides]
            own: list[str | None] = [*self._parents.get(commit, ())]
            yield commit, list(zip(own or [None], paths, strict=False))

    @cached_property
    def _backwards(self) -> list[str]:
        return list(self.history.raw)[::-1]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self._backwards)}

    def only_in(self, name: str, other: str) -> set[str]:
        """The commits that lead to one, itself in, and not to the other."""
        ours, theirs = 1, 2
        marks: dict[str, int] = {}
        queue: list[tuple[int, str]] = []

        def mark(commit: str, side: int) -> None:
            step = self.steps.get(commit)
            if step is not None and marks.get(commit, 0) | side != marks.get(commit, 0):
                if commit not in marks:
                    heapq.heappush(queue, (-step.number, commit))
                marks[commit] = marks.get(commit, 0) | side

        mark(name, ours)
        mark(other, theirs)
        while any(marks[commit] == ours for _number, commit in queue):
            _number, commit = heapq.heappop(queue)
            for parent in self.steps[commit].commit.parents:
                mark(parent, marks[commit])
        return {commit for commit, side in marks.items() if side == ours}

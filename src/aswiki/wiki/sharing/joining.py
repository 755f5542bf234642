"""What becomes of every file when two sides of a history are joined, and what is left to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from aswiki.domain import records
from aswiki.errors import Unusable
from aswiki.evidence import merges, shape, signers, statement
from aswiki.lang import _
from aswiki.wiki.saving import Change
from aswiki.wiki.sharing.merging import merged
from aswiki.wiki.sharing.people import joined
from aswiki.wiki.wiki import PEOPLE, Wiki

if TYPE_CHECKING:
    from aswiki.evidence.content import Lost
    from aswiki.store.git.draft import Put
    from aswiki.store.git.joining import Pair
    from aswiki.store.git.objects import Entry

_PLAIN = "100644"
_NAMED_BY_PLACE = frozenset({"profile", "architecture", "usage", "product"})
"""Types of which two with one name are one: others are named by their titles."""


@dataclass(frozen=True)
class Conflict:
    """One file that a person has to look at.

    Args:
        path: from the wiki's root; a file beside the wiki from the top of the repository.
        reason: a sentence.
    """

    path: str
    reason: str

    def as_json(self) -> dict[str, str | None]:
        """The conflict as ``sync --json`` lists it."""
        is_record = records.type_of(self.path) is not None
        ref = records.reference(self.path) if is_record else None
        return {"path": self.path, "ref": ref, "reason": self.reason}


@dataclass(frozen=True)
class First:
    """A change that our side makes by itself first, so that the merge holds nothing of its own.

    Args:
        path: our record, from the wiki's root.
        new_path: what it is to be called; the same where only its words change.
        after: its new bytes; None where only its name changes.
        note: a sentence that says so.
    """

    path: str
    new_path: str
    after: bytes | None
    note: str


@dataclass
class Plan:
    """What joining two commits comes to.

    Args:
        entries: what differs from ours in the result, by path from the repository's top.
        both: the wiki's files that are as neither side has them, against ours.
        first: what our side does before; nothing is joined while there is any.
        conflicts: what a person has to decide; nothing is joined while there is any.
        notes: sentences to say.
    """

    entries: dict[str, Put] = field(default_factory=dict)
    both: list[Change] = field(default_factory=list)
    first: list[First] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def forward(wiki: Wiki, ours: str, theirs: str) -> dict[str, Put]:
    """What differs between a commit and one that continues it.

    Raises:
        Unusable: something other than a plain file would come to lie among the records.
    """
    changed = wiki.repository.changed(ours, theirs)
    for path, pair in changed.items():
        _require_plain(wiki, path, pair.new)
    return {path: pair.new for path, pair in changed.items()}


def plan(wiki: Wiki, ours: str, theirs: str, bases: Sequence[str]) -> Plan:
    """How two commits are joined; nothing is written.

    Args:
        wiki: the open wiki.
        ours: the commit of our branch.
        theirs: the other one.
        bases: where the two parted, the best first.

    Raises:
        Unusable: both sides made an anchor, or something other than a plain file would come to lie
            among the records.
    """
    work = _Work(wiki, ours, theirs, bases)
    for path in sorted(work.paths, key=lambda path: (not work.is_gone(path), path)):
        work.settle(path)
    return work.finished()


class _Work:
    """A plan while it is made."""

    def __init__(self, wiki: Wiki, ours: str, theirs: str, bases: Sequence[str]) -> None:
        self._wiki = wiki
        self._repository = wiki.repository
        self._tips = (ours, theirs)
        self._base = bases[0]
        self._mine = self._repository.changed(bases[0], ours)
        self._other = self._repository.changed(bases[0], theirs)
        self._elder = [self._repository.entries(base, self._shared) for base in bases[1:]]
        self._settled: set[str] = set()
        self._origin: dict[str, Entry | None] = {}
        self._plan = Plan()

    @property
    def paths(self) -> set[str]:
        """Every path that either side changed."""
        return {*self._mine, *self._other}

    @cached_property
    def _shared(self) -> set[str]:
        return self._mine.keys() & self._other.keys()

    def is_gone(self, path: str) -> bool:
        """Whether a side took the path away."""
        pairs = (self._mine.get(path), self._other.get(path))
        return any(pair is not None and pair.new is None for pair in pairs)

    def settle(self, path: str) -> None:
        """Decide what becomes of one path."""
        mine, other = self._mine.get(path), self._other.get(path)
        if other is None or path in self._settled:
            return
        if mine is None:
            _require_plain(self._wiki, path, other.new)
            self._plan.entries[path] = other.new
        elif mine.new == other.new:
            self._gone_twice(path, mine)
        elif self._is_old(path, other.new):
            return
        elif self._is_old(path, mine.new):
            self._plan.entries[path] = other.new
        elif mine.new is None or other.new is None:
            self._gone_once(path, mine, other)
        else:
            self._changed_twice(path, mine.old, mine.new, other.new)

    def finished(self) -> Plan:
        """The plan, with what is as neither side has it told apart."""
        for path, put in self._plan.entries.items():
            inside = self._inside(path)
            if not isinstance(put, bytes) or inside is None:
                continue
            sides = (self._on_side(self._mine, path), self._on_side(self._other, path))
            if self._repository.blob_name(put) not in {side.id for side in sides if side}:
                before = self._bytes(sides[0]) if sides[0] else None
                self._plan.both.append(Change(inside, before, put))
        return self._plan

    def _on_side(self, side: Mapping[str, Pair], path: str) -> Entry | None:
        if path in side:
            return side[path].new
        return (self._other if side is self._mine else self._mine)[path].old

    def _is_old(self, path: str, entry: Entry | None) -> bool:
        """Whether a version is that of another commit where they parted: it was not changed."""
        return any(elder.get(path) == entry for elder in self._elder)

    def _gone_twice(self, path: str, mine: Pair) -> None:
        """A path that both sides changed alike; one that both renamed is followed."""
        if mine.new is not None or self._inside(path) is None:
            return
        names = [self._renamed(path, tip) for tip in self._tips]
        if None in names:
            return
        if names[0] == names[1]:
            self._origin[str(names[0])] = mine.old
        else:
            said = _("It was renamed on both sides: {ours} here, {theirs} there.")
            shown = [self._named(str(name)) for name in names]
            self._conflict(path, said.format(ours=shown[0], theirs=shown[1]))
            self._settled.update(map(str, names))

    def _gone_once(self, path: str, mine: Pair, other: Pair) -> None:
        """A path that one side took away and the other changed."""
        by_us = mine.new is None
        name = self._renamed(path, self._tips[0 if by_us else 1])
        if name is None or name in (self._other if by_us else self._mine):
            return self._conflict(path, _("One side took it away and the other changed it."))
        self._settled.add(name)
        if by_us:
            self._taken_in(path, name, mine, other)
        else:
            said = _("{ours} follows its new name there: {theirs}")
            note = said.format(ours=self._named(path), theirs=self._named(name))
            self._plan.first.append(First(self._shown(path), self._shown(name), None, note))
        return None

    def _taken_in(self, path: str, name: str, mine: Pair, other: Pair) -> None:
        """What the other side wrote under the old name goes into our file with the new one."""
        own, their = self._mine[name].new, other.new
        if own is None or their is None:
            return
        content = self._merged(name, mine.old, own, their)
        if content is not None and content != self._bytes(own):
            said = _("{ours} takes in what was written there under its old name, {theirs}")
            note = said.format(ours=self._named(name), theirs=self._named(path))
            self._plan.first.append(First(self._shown(name), self._shown(name), content, note))

    def _changed_twice(self, path: str, old: Entry | None, mine: Entry, other: Entry) -> None:
        """A path that is on both sides and differs."""
        inside = self._inside(path)
        old = self._origin.get(path, old)
        if inside is None or mine.mode != _PLAIN or other.mode != _PLAIN:
            self._conflict(path, _("Both sides changed it, and it is no file of the wiki's."))
        elif inside.startswith(statement.FOLDER):
            self._anchored_twice(path, inside, other)
        elif signers.is_policy(inside):
            said = _("Both sides changed it, and rules of the wiki are never merged by a machine.")
            self._conflict(path, said)
        elif old is None and self._are_two(inside, mine, other):
            new = self._free_name(inside)
            said = _("{ours} is called {theirs} from now on: there is another one of that name")
            note = said.format(ours=self._named(path), theirs=records.reference(new))
            self._plan.first.append(First(inside, new, None, note))
        else:
            self._joined(path, inside, old, mine, other)

    def _joined(self, path: str, inside: str, old: Entry | None, mine: Entry, other: Entry) -> None:
        content = self._merged(path, old, mine, other)
        if content is None:
            return
        sides = [self._bytes(mine), self._bytes(other)]
        fault = merges.wrong(inside, content, sides, self._lost)
        if not fault:
            self._plan.entries[path] = content
        elif records.type_of(inside) is not None and sides[0] != (own := _half(content, sides[0])):
            note = _("{ours} takes in what the other side added to one of its lines")
            self._plan.first.append(First(inside, inside, own, note.format(ours=self._named(path))))
        else:
            self._conflict(path, fault)

    def _merged(self, path: str, old: Entry | None, mine: Entry, other: Entry) -> bytes | None:
        """The bytes of both; None where a person has to decide, which is noted then."""
        inside = self._shown(path)
        base = self._bytes(old) if old else None
        ours, theirs = self._bytes(mine), self._bytes(other)
        if inside == PEOPLE:
            found = joined(base or b"", ours, theirs, self._wiki.reading)
            if found is not None:
                return found
        done = merged(inside, base, ours, theirs, wiki=self._wiki)
        self._plan.notes += done.notes
        if not done.conflicts:
            return done.content
        what = ", ".join(done.conflicts)
        said = _("Both sides changed it.") if what == inside else _("Both sides changed: {what}")
        self._conflict(path, said.format(what=what))
        return None

    def _anchored_twice(self, path: str, inside: str, other: Entry) -> None:
        """A token that both fetched is theirs; two anchors of one number cannot stand."""
        if inside.endswith(".tsr"):
            self._plan.entries[path] = other
            return
        raise Unusable(
            "anchored-twice",
            _("Both sides made an anchor since they parted: {path}.").format(path=inside),
            _("Give up the one made here: git rebase upon theirs, and skip it. See docs/sync.md."),
        )

    def _are_two(self, inside: str, mine: Entry, other: Entry) -> bool:
        """Whether two new records of one name are two: named by title, and not one import's."""
        from aswiki.store import document

        if records.type_of(inside) in {None, *_NAMED_BY_PLACE}:
            return False
        said = [
            document.read(inside, self._bytes(each)).data.get("source") for each in (mine, other)
        ]
        names = [
            (s.get("system"), s.get("id")) if isinstance(s, dict) else (None, None) for s in said
        ]
        return names[0] != names[1] or None in names[0]

    def _free_name(self, inside: str) -> str:
        """The name with the first number that neither side has taken."""
        from aswiki.domain.slug import unique

        folder, _slash, name = inside.rpartition("/")
        dated = records.type_of(inside) not in records.TOP_FOLDERS.values()
        prefix = name[: len("2026-10-03-")] if dated else ""
        stem = name.removeprefix(prefix).removesuffix(".md")
        start = f"{folder}/{prefix}"
        known = {path for tip in self._tips for path in self._repository.paths(tip, folder)}
        known |= {first.new_path for first in self._plan.first}
        taken = {path.removeprefix(start).removesuffix(".md") for path in known}
        return f"{start}{unique(stem, taken)}.md"

    def _renamed(self, path: str, tip: str) -> str | None:
        found = renamed(self._wiki, self._base, tip, path)
        there = (self._mine if tip == self._tips[0] else self._other).get(found or "")
        return found if there is not None and there.new is not None else None

    @cached_property
    def _lost(self) -> Lost:
        from aswiki.wiki.proof.quarantined import Losses

        return Losses(self._wiki)

    def _bytes(self, entry: Entry) -> bytes:
        if entry.id not in self._loaded:
            self._loaded.update(self._repository.bytes_of([entry]))
        return self._loaded[entry.id]

    @cached_property
    def _loaded(self) -> dict[str, bytes]:
        """The bytes of all that both sides changed, read at once."""
        pairs = [side[path] for path in self._shared for side in (self._mine, self._other)]
        entries = [entry for pair in pairs for entry in pair if entry and entry.mode == _PLAIN]
        return self._repository.bytes_of(entries)

    def _inside(self, path: str) -> str | None:
        return inside(self._wiki, path)

    def _shown(self, path: str) -> str:
        return self._inside(path) or path

    def _named(self, path: str) -> str:
        return records.reference(self._shown(path))

    def _conflict(self, path: str, reason: str) -> None:
        self._plan.conflicts.append(Conflict(self._shown(path), reason))


def inside(wiki: Wiki, path: str) -> str | None:
    """A path from the repository's top as one from the wiki's root; None where it is beside it."""
    prefix = wiki.repository.prefix
    return path.removeprefix(prefix) if path.startswith(prefix) else None


def renamed(wiki: Wiki, base: str, tip: str, path: str) -> str | None:
    """What a record was renamed to between two commits, from the top; None where it was not."""
    repository, own = wiki.repository, inside(wiki, path)
    if own is None or records.type_of(own) is None:
        return None
    for commit in repository.log([own], rev=f"{base}..{tip}"):
        changed = repository.changed_paths(commit.hash)
        gone = [p for status, p in changed if status == "D" and records.type_of(p) is not None]
        new = [p for status, p in changed if status == "A" and records.type_of(p) is not None]
        if gone == [own] and len(new) == 1:
            found = f"{repository.prefix}{new[0]}"
            return renamed(wiki, commit.hash, tip, found) or found
    return None


def _require_plain(wiki: Wiki, path: str, entry: Entry | None) -> None:
    own = inside(wiki, path)
    if entry is None or own is None or entry.mode == _PLAIN or not shape.is_ours(own):
        return
    raise Unusable(
        "unsafe-content",
        _("What comes holds something other than a plain file among the records: {path}.").format(
            path=own
        ),
        _("Nothing was taken over. Ask who put it there: git log REMOTE/BRANCH -- PATH"),
    )


def _half(content: bytes, ours: bytes) -> bytes:
    """The front matter of one version over the body of the other."""
    front, fence, _body = content.partition(b"\n---\n")
    _front, own_fence, body = ours.partition(b"\n---\n")
    return front + fence + body if fence and own_fence else content

"""What became of the records that a range of commits took away: renamed, or gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from aswiki.domain import records
from aswiki.store import document
from aswiki.wiki.review.committed import Committed

if TYPE_CHECKING:
    from aswiki.store.git import Commit
    from aswiki.store.git.between import Differing

_MOVING = frozenset({"rename", "undo"})


@dataclass
class Names:
    """The names of records at the two ends of a range.

    Args:
        base: the wiki at the older end.
        head: at the newer one.
        commits: for each path the commits between that changed it, newest first.
        files: what differs.
    """

    base: Committed
    head: Committed
    commits: Mapping[str, Sequence[Commit]]
    files: Sequence[Differing]

    @cached_property
    def heirs(self) -> Mapping[str, str]:
        """The path of each record that ``rename`` moved, and the one it has now."""
        gone = (each.path for each in self.files if each.is_gone and _is(each.path))
        return {path: heir for path in gone if (heir := self._heir(path)) is not None}

    @cached_property
    def ancestors(self) -> Mapping[str, str]:
        """The same the other way round."""
        return {heir: path for path, heir in self.heirs.items()}

    @cached_property
    def moved_by_hand(self) -> frozenset[str]:
        """The new paths of records that moved otherwise."""
        gone = [
            e.path for e in self.files if e.is_gone and _is(e.path) and e.path not in self.heirs
        ]
        new = [e.path for e in self.files if e.is_new and _is(e.path)]
        lost = {_content(path, self.base.bytes_of(path)) for path in gone}
        same = (p for p in new if p not in self.ancestors and p in self.head.objects)
        return frozenset(p for p in same if _content(p, self.head.bytes_of(p)) in lost)

    def _heir(self, path: str) -> str | None:
        """Where a record is now that commits of ``rename`` moved, one after another."""
        seen: set[str] = set()
        now: str | None = path
        while now is not None and now not in self.head.objects and now not in seen:
            seen.add(now)
            now = self._moved_to(now)
        return now if now in self.head.objects else None

    def _moved_to(self, path: str) -> str | None:
        """The name that the last commit to change a record gave it, its text staying the same."""
        last = next(iter(self.commits.get(path, ())), None)
        if last is None or last.op not in _MOVING or not last.parents:
            return None
        repository = self.head.repository
        new = [p for status, p in repository.changed_paths(last.hash) if status == "A" and _is(p)]
        asked = [(last.parents[0], path), *((last.hash, name) for name in new)]
        before, *after = repository.versions(asked)
        return next(
            (
                name
                for name, raw in zip(new, after, strict=True)
                if records.type_of(name) == records.type_of(path) and _body(raw) == _body(before)
            ),
            None,
        )


def _is(path: str) -> bool:
    return records.type_of(path) is not None


def _body(raw: bytes | None) -> str | None:
    return None if raw is None else document.read("", raw).body


def _content(path: str, raw: bytes | None) -> tuple[str | None, ...]:
    """What makes two files the same record under two names."""
    doc = document.read(path, raw or b"")
    return records.type_of(path), str(doc.data.get("title")), doc.body

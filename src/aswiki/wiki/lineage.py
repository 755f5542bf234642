"""The commits of a record, back through the names it had before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aswiki.domain import records

if TYPE_CHECKING:
    from aswiki.store.git import Commit, Repository

_MAY_RENAME = frozenset({"rename", "undo"})


def commits_of(repository: Repository, path: str, rev: str = "HEAD") -> list[Commit]:
    """The commits that made a record what it is at a revision, newest first.

    Where a commit gave the record its name, those of its former name follow.
    """
    found: list[Commit] = []
    name: str | None = path
    while name is not None:
        commits, name, rev = _under(repository, name, rev)
        found += commits
    return found


def _under(repository: Repository, path: str, rev: str) -> tuple[list[Commit], str | None, str]:
    """The commits under one name, the name before it and the commit to look for that in."""
    found: list[Commit] = []
    for commit in repository.log([path], rev=rev):
        if commit.op not in _MAY_RENAME:
            found.append(commit)
            continue
        changed = repository.changed_paths(commit.hash)
        status = next((status for status, name in changed if name == path), "M")
        if status == "D":  # another record had this name before
            return found, None, rev
        found.append(commit)
        if status == "A":
            former = [n for s, n in changed if s == "D" and records.type_of(n) is not None]
            return found, former[0] if len(former) == 1 else None, commit.parents[0]
    return found, None, rev

"""Who closed whose record: the hands behind a range of commits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aswiki.domain.changes.reviewed import closed_for_another, is_closing
from aswiki.domain.problem import Finding
from aswiki.wiki import lookup
from aswiki.wiki.checks.checking import Checker
from aswiki.wiki.wiki import Wiki

if TYPE_CHECKING:
    from aswiki.domain.records.common import Record
    from aswiki.store.git import Commit


@dataclass(frozen=True)
class Owners:
    """The records of a wiki with those who must act on them.

    Args:
        wiki: at the newer end of the range, by whose people.toml everybody is known.
        checker: what reads a version of a record.
        commits: for each path the commits between that changed it, newest first.
    """

    wiki: Wiki
    checker: Checker
    commits: Mapping[str, Sequence[Commit]]

    def closed_for_another(
        self, path: str, before: Record | None, after: Record
    ) -> Iterator[Finding]:
        """What there is to say where somebody closed a record of another's."""
        owner = (before.owner if before is not None else None) or after.owner
        if owner is None or not owner.strip() or not is_closing(before, after):
            return
        closer = self._closer(path, before)
        if closer is not None and self._author(closer) != lookup.person(self.wiki, owner):
            yield closed_for_another(owner, closer.name)

    def _closer(self, path: str, before: Record | None) -> Commit | None:
        """The commit that closed the record and after which it stayed so."""
        own = self.commits.get(path, ())
        if len(own) < 2:
            return next(iter(own), None)
        versions = self.wiki.repository.versions((commit.hash, path) for commit in own)
        read = [None if raw is None else self.checker.read(path, raw).record for raw in versions]
        pairs = zip(own, read, [*read[1:], before], strict=True)
        return next((commit for commit, now, was in pairs if is_closing(was, now)), None)

    def _author(self, commit: Commit) -> str:
        """The id of who wrote a commit; the name in it where people.toml knows nobody."""
        found = lookup.by_email(self.wiki, commit.email)
        return found or lookup.person(self.wiki, commit.name.strip() or commit.email or "?")

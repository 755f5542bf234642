"""The records of a wiki as its folder holds them now, or as a revision held them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from aswiki.domain import records
from aswiki.domain.checks.schema import is_retired
from aswiki.domain.reports.document import Origin
from aswiki.domain.reports.ground import Ground
from aswiki.domain.times import when
from aswiki.errors import BadInput, NotFound, Unusable
from aswiki.lang import _
from aswiki.wiki import collection, lookup
from aswiki.wiki.checks.checking import Checker
from aswiki.wiki.wiki import Wiki

if TYPE_CHECKING:
    from aswiki.domain.records.common import Record

Progress = Callable[[int, int], None]
_SHARED = tuple(records.TOP_FOLDERS)


@dataclass(frozen=True)
class Snapshot:
    """The records of some customers, with the products and lessons they share.

    Args:
        wiki: the open wiki.
        customers: slugs; none for all.
        asked_as_of: a day or a revision as typed; None for the folder as it is.
        progress: told how many files are done, and of how many.
    """

    wiki: Wiki
    customers: Sequence[str] = ()
    asked_as_of: str | None = None
    progress: Progress = lambda _done, _total: None
    skipped: list[str] = field(default_factory=list)

    @cached_property
    def checker(self) -> Checker:
        """What reads the files."""
        return Checker(self.wiki)

    @cached_property
    def records(self) -> Mapping[str, Mapping[str, Record]]:
        """A customer's slug → their records by reference; tombstones left out."""
        return {slug: own for slug, own in self._read.items() if slug}

    @cached_property
    def shared(self) -> Mapping[str, Record]:
        """The products and lessons by reference."""
        return self._read.get("", {})

    @cached_property
    def _read(self) -> dict[str, dict[str, Record]]:
        found: dict[str, dict[str, Record]] = {}
        paths = self._paths()
        for done, (path, raw) in enumerate(self._files(paths), 1):
            self.progress(done, len(paths))
            ref = records.reference(path)
            own = found.setdefault(records.customer_of(ref) or "", {})
            checked = None if raw is None else self.checker.read(path, raw)
            if checked is not None and checked.record is not None:
                own[ref] = checked.record
            elif checked is None or not is_retired(checked.fields):
                self.skipped.append(path)
        return found

    @cached_property
    def origin(self) -> Origin:
        """Where the records come from; those of the customers are counted."""
        count = sum(len(own) for own in self.records.values())
        commit, uncommitted = self._standing()
        return Origin(
            wiki=str(self.wiki.settings.get("wiki", {}).get("name") or ""),
            as_of=self.as_of,
            commit=commit,
            uncommitted=uncommitted,
            records=count,
            skipped=tuple(sorted(self.skipped)),
            receipt=self._receipt(commit),
        )

    def _receipt(self, commit: str | None) -> str | None:
        """The line of the newest anchor that the commit holds."""
        if commit is None:
            return None
        from aswiki.wiki.proof.anchors import newest

        said = newest(self.wiki, commit)
        return said.receipt if said is not None else None

    @cached_property
    def as_of(self) -> datetime | None:
        """The moment asked for: the end of the day, or the moment of the revision."""
        words = self.asked_as_of
        if words is None or self._revision is None:
            return None
        if not self._revision.startswith(words.lower()):
            try:
                day = when.day(words, self.wiki.now(), self.wiki.zone)
            except BadInput:
                pass
            else:
                end = datetime.combine(day + timedelta(days=1), time.min, self.wiki.zone)
                return end - timedelta(seconds=1)
        return self.wiki.repository.log(limit=1, rev=self._revision)[0].at.astimezone(
            self.wiki.zone
        )

    def ground(self, own: str | None = None) -> Ground:
        """What a report rests on besides the customers' records.

        Args:
            own: the person or department who reads, as typed.

        Raises:
            NotFound: people.toml knows nobody called so.
        """
        wiki, checker = self.wiki, self.checker
        audiences = wiki.settings.get("audiences")
        shows_credit = isinstance(audiences, dict) and audiences.get("show_sla_credit") is True
        return Ground(
            colleagues=checker.colleagues,
            departments=checker.departments,
            names=collection.spellings(wiki),
            severities=tuple(wiki.vocabulary.words("severity")),
            currency=wiki.currency,
            limits=wiki.limits(),
            workdays=wiki.workdays(),
            pace=wiki.pace(),
            shared=self.shared,
            own=self._own(own),
            show_sla_credit=shows_credit,
        )

    def _own(self, words: str | None) -> frozenset[str]:
        """The ids and departments that the reader is."""
        if words is None:
            return frozenset()
        found = collection.spellings(self.wiki).get(words.strip().casefold())
        if found is None:
            raise NotFound(
                "no-such-person",
                _("There is no colleague or department {name} in people.toml.").format(name=words),
                _("Give an id, a name or an alias of people.toml."),
            )
        department = self.checker.colleagues.get(found)
        return frozenset({found} | ({department} if department else set()))

    @property
    def now(self) -> datetime:
        """The moment up to which things are known: the present, or the one asked for."""
        present = self.wiki.now()
        return min(self.as_of or present, present)

    @cached_property
    def _revision(self) -> str | None:
        if self.asked_as_of is None:
            return None
        return lookup.revision(self.wiki, self.asked_as_of)

    def _paths(self) -> list[str]:
        """The path of every record file of the customers, and of what is shared."""
        if self._revision is None:
            mine = [path for slug in self.customers or (None,) for path in self.wiki.paths(slug)]
            shared = [path for path in self.wiki.paths() if not path.startswith("customers/")]
            found = dict.fromkeys([*mine, *shared])
        else:
            repository, revision = self.wiki.repository, self._revision
            folders = [*self._folders(), *_SHARED]
            found = dict.fromkeys(
                path for each in folders for path in repository.paths(revision, each)
            )
        return [path for path in found if records.type_of(path) is not None]

    def _files(self, paths: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
        """Path and bytes of files, None where one cannot be read."""
        if self._revision is None:
            yield from ((path, self._bytes(path)) for path in paths)
        else:
            yield from self.wiki.repository.blobs(self._revision, paths).items()

    def _bytes(self, path: str) -> bytes | None:
        try:
            return self.wiki.bytes_of(path)
        except (BadInput, NotFound, Unusable):
            return None

    def _folders(self) -> list[str]:
        return [f"customers/{slug}" for slug in self.customers] or ["customers"]

    def _standing(self) -> tuple[str | None, int]:
        """The commit read, or the folder's, and how many record files differ from the latter."""
        if self._revision is not None:
            return self._revision, 0
        try:
            repository = self.wiki.repository
        except Unusable as error:
            if error.code != "no-repository":
                raise
            return None, 0
        head = repository.head()
        if head is None:
            return None, 0
        changed = (path for under in self._folders() for path in repository.dirty(under=under))
        return head, sum(records.type_of(path) is not None for path in changed)

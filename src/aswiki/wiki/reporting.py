"""The use case ``report``: a month of the working folder, or of a revision, for one reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aswiki.domain import records, when
from aswiki.domain.checks.schema import is_retired
from aswiki.domain.records.profile import Profile
from aswiki.domain.reports.customer_month import Ground
from aswiki.domain.reports.month import Month
from aswiki.domain.reports.monthly import Origin, document, monthly_report
from aswiki.errors import BadInput, Defect, NotFound, Unusable
from aswiki.lang import _
from aswiki.store import files, packaged
from aswiki.wiki import lookup
from aswiki.wiki.checking import Checker
from aswiki.wiki.wiki import Wiki

if TYPE_CHECKING:
    from pathlib import Path

    from aswiki.domain.records.common import Record

LARGEST_TEMPLATE = 1024 * 1024
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Asked:
    """What a report is asked for.

    Args:
        month: as typed: ``2026-10``, or a phrase such as ``上个月``.
        customers: as typed; none for all.
        reader: a reader's key or label.
        as_of: a day or a revision as typed; None for the working folder as it is.
    """

    month: str
    customers: Sequence[str] = ()
    reader: str = "boss"
    as_of: str | None = None


@dataclass(frozen=True)
class Report:
    """A report as plain data, and what it takes to lay it out."""

    wiki: Wiki
    document: Mapping[str, Any]
    contacts: Mapping[str, Mapping[str, str]]

    @property
    def name(self) -> str:
        """The name of its file, without an ending."""
        return f"{self.document['month']}-{self.document['for']}"

    def markdown(self, language: str) -> str:
        """The report as Markdown in zh or en, by the wiki's own template or the packaged one.

        Raises:
            Unusable: the wiki's own template cannot be used.
        """
        from aswiki.render.markdown import Names, Template, markdown

        name = f"reports/monthly.{language}.md.j2"
        path = packaged.template(self.wiki.root, name)
        if path is None:
            raise Defect("no-template", _("The template {name} is missing.").format(name=name))
        own = path.is_relative_to(self.wiki.root / "templates")
        template = Template(f"templates/{name}", _text(path.name, path), trusted=not own)
        people, departments = self.wiki.people, self.wiki.people.get("departments")
        names = Names(
            language=language,
            zone=self.wiki.zone,
            vocabulary=self.wiki.vocabulary,
            people=_called(people.get("people")),
            departments=_called(departments),
            contacts=self.contacts,
        )
        return markdown(template, self.document, names)


def report(wiki: Wiki, asked: Asked, progress: Progress = lambda _done, _total: None) -> Report:
    """The monthly report that is asked for; ``progress`` is told the files read and their total.

    Raises:
        BadInput: the month is unclear, or the reader's report is not there yet.
        NotFound: no such customer or revision.
        Unusable: ``--as-of`` without a repository.
    """
    _require_boss(wiki, asked.reader)
    now = wiki.now()
    key = when.month(asked.month, now, wiki.zone)
    customers = sorted({lookup.customer(wiki, words) for words in asked.customers})
    read = _Read(wiki, customers, asked.as_of, progress)
    month = Month(key, wiki.zone, min(read.as_of or now, now))
    found = read.records
    value = monthly_report(found, month, _ground(wiki, read.checker))
    return Report(wiki, document(value, read.origin), _contacts(found))


@dataclass(frozen=True)
class _Read:
    """The records of the customers asked for, in the working folder or in a revision."""

    wiki: Wiki
    customers: Sequence[str]
    asked_as_of: str | None
    progress: Progress
    skipped: list[str] = field(default_factory=list)

    @cached_property
    def checker(self) -> Checker:
        return Checker(self.wiki)

    @cached_property
    def records(self) -> dict[str, dict[str, Record]]:
        """A customer's slug → their records by reference; tombstones left out."""
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
        """Where the records come from, once they are read."""
        count = sum(len(own) for own in self.records.values())
        commit, uncommitted = self._standing()
        return Origin(
            wiki=str(self.wiki.settings.get("wiki", {}).get("name") or ""),
            as_of=self.as_of,
            commit=commit,
            uncommitted=uncommitted,
            records=count,
            skipped=tuple(sorted(self.skipped)),
        )

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

    @cached_property
    def _revision(self) -> str | None:
        if self.asked_as_of is None:
            return None
        return lookup.revision(self.wiki, self.asked_as_of)

    def _paths(self) -> list[str]:
        """The path of every record file of the customers."""
        if self._revision is None:
            found = [path for slug in self.customers or (None,) for path in self.wiki.paths(slug)]
        else:
            repository, revision = self.wiki.repository, self._revision
            found = [path for each in self._folders() for path in repository.paths(revision, each)]
        return [path for path in found if _is_customers(path)]

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
        return head, sum(_is_customers(path) for path in changed)


def _is_customers(path: str) -> bool:
    return path.startswith("customers/") and records.type_of(path) is not None


def _require_boss(wiki: Wiki, words: str) -> None:
    reader = wiki.vocabulary.key("reader", words)
    if reader == "boss":
        return
    known = [key for key in wiki.vocabulary.words("reader") if key != "team"]
    if reader not in known:
        raise BadInput(
            "unknown-reader",
            _("There is no reader {reader}.").format(reader=words),
            _("Choose one of: {choices}").format(choices=", ".join(known)),
        )
    raise BadInput(
        "reader-not-yet",
        _("The report for {reader} is not there yet.").format(reader=reader),
        _("This version reports to the boss: --for boss."),
    )


def _ground(wiki: Wiki, checker: Checker) -> Ground:
    return Ground(checker.colleagues, tuple(wiki.vocabulary.words("severity")), wiki.currency)


def _contacts(found: Mapping[str, Mapping[str, Record]]) -> dict[str, dict[str, str]]:
    profiles = {slug: own.get(f"{slug}/profile") for slug, own in found.items()}
    return {
        slug: {contact.id: contact.name for contact in profile.contacts if contact.id}
        for slug, profile in profiles.items()
        if isinstance(profile, Profile)
    }


def _called(table: object) -> dict[str, str]:
    """The names that people.toml gives to ids or slugs."""
    return {
        str(own): str(said["name"])
        for own, said in (table.items() if isinstance(table, dict) else ())
        if isinstance(said, dict) and said.get("name")
    }


def _text(name: str, path: Path) -> str:
    try:
        return files.read_bytes(path, LARGEST_TEMPLATE).decode()
    except UnicodeDecodeError as error:
        raise Unusable(
            "bad-template",
            _("The template {name} is not UTF-8.").format(name=name),
            _("Save it as UTF-8."),
        ) from error

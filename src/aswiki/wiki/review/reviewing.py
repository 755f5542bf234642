"""The use case ``review``: what a range of commits changes, against every rule there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from aswiki.domain import records
from aswiki.domain.changes import reviewed, rules
from aswiki.domain.checks import schema
from aswiki.domain.problem import Finding, Problem
from aswiki.errors import Unusable
from aswiki.lang import _
from aswiki.store import document
from aswiki.wiki.checks.checking import Checked, Checker
from aswiki.wiki.review import files
from aswiki.wiki.review.committed import Committed
from aswiki.wiki.review.diffing import compared
from aswiki.wiki.review.names import Names
from aswiki.wiki.review.owners import Owners
from aswiki.wiki.review.span import Span, span
from aswiki.wiki.wiki import PEOPLE, SETTINGS, Wiki

if TYPE_CHECKING:
    from aswiki.domain.changes.comparison import Comparison
    from aswiki.domain.records.common import Record
    from aswiki.store.git import Commit
    from aswiki.store.git.between import Differing

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Review:
    """What ``review`` found.

    Attributes:
        span: the commits looked at.
        checked: the number of files looked at.
        problems: what is wrong, sorted; places are those of the newer commit.
        comparison: what changed, record by record.
        wiki: at the newer commit.
    """

    span: Span
    checked: int
    problems: list[Problem]
    comparison: Comparison
    wiki: Wiki

    @property
    def prefix(self) -> str:
        """The wiki's folder from the top of the repository, as code hosts name files."""
        return self.wiki.repository.prefix

    def text_of(self, path: str) -> str:
        """The text of a file that was looked at; empty where there is none."""
        raw = self.wiki.bytes_of(path)
        return document.read(path, raw).text if raw is not None else ""

    @property
    def exit_code(self) -> int:
        """0 where nothing is wrong; 1 on errors."""
        return int(any(problem.level == "error" for problem in self.problems))


def review(
    wiki: Wiki, words: str | None = None, *, progress: Progress = lambda _done, _total: None
) -> Review:
    """Check what a range of commits changes: its files, and the rules of change between its ends.

    The ends are compared, so what comes and goes on the way is no loss; the commits between say
    when a record was first written and who closed one.

    Args:
        wiki: the open wiki; its working folder is not looked at.
        words: ``BASE..HEAD``; None for what the present branch adds to the shared one.
        progress: told how many files are done, and of how many, after each.

    Raises:
        BadInput: there is no base to compare with.
        NotFound: no such commit.
        Unusable: the clone is cut off, or git refuses.
    """
    asked = span(wiki, words)
    reviewer = _Reviewer(wiki, asked)
    problems = [*reviewer.problems(progress), *_conflicts(wiki, asked)]
    comparison = compared(reviewer.head, asked.base, asked.head)
    number = len(reviewer.files)
    return Review(asked, number, sorted(set(problems)), comparison, reviewer.head)


def opened(folder: Path) -> Wiki:
    """The wiki of a folder, also where its settings cannot be read: that is for the review to say.

    Raises:
        Unusable: there is none.
    """
    try:
        return Wiki.open(folder)
    except Unusable as error:
        if error.code != "bad-settings":
            raise
        return Wiki(folder, {})


def _conflicts(wiki: Wiki, asked: Span) -> Iterator[Problem]:
    """The files at which the host's own merge would stop, and ``sync`` may not."""
    if asked.tip == asked.base:
        return
    for path in wiki.repository.conflicts(asked.tip, asked.head):
        if records.type_of(path) is not None or path in {SETTINGS, PEOPLE}:
            message = _("A merge on the host would stop here: both sides changed the same lines.")
            hint = _("Land it with aswiki sync, which merges by field and by entry.")
            yield Problem(path, 1, 1, "ASW026", "warning", message, hint)


@dataclass
class _Reviewer:
    """The two ends of a range, and what differs between them."""

    wiki: Wiki
    asked: Span

    @cached_property
    def head(self) -> Committed:
        """The wiki at the newer end."""
        return Committed.at(self.wiki, self.asked.head)

    @cached_property
    def base(self) -> Committed:
        """The wiki at the older end."""
        return Committed.at(self.wiki, self.asked.base)

    @cached_property
    def files(self) -> list[Differing]:
        """The files that differ and that a review has something to say about."""
        found = self.wiki.repository.changes(self.asked.base, self.asked.head)
        return [each for each in found if files.matters(each.path)]

    @cached_property
    def commits(self) -> Mapping[str, Sequence[Commit]]:
        """For each path the commits of the range that changed it, newest first."""
        return self.wiki.repository.commits_by_path(f"{self.asked.base}..{self.asked.head}")

    @cached_property
    def checker(self) -> Checker:
        """What checks the newer end."""
        return Checker(self.head)

    @cached_property
    def reader(self) -> Checker:
        """What reads the older end."""
        return Checker(self.base)

    @cached_property
    def names(self) -> Names:
        """What became of the records that are gone."""
        return Names(self.base, self.head, self.commits, self.files)

    @cached_property
    def owners(self) -> Owners:
        """Whose records they are."""
        return Owners(self.head, self.checker, self.commits)

    @cached_property
    def last(self) -> datetime:
        """When the newest commit was recorded."""
        return self.wiki.repository.log(limit=1, rev=self.asked.head)[0].at

    def problems(self, progress: Progress) -> Iterator[Problem]:
        """Everything that is wrong, in no order."""
        self._read_ahead()
        for done, each in enumerate(self.files, 1):
            yield from self._of(each)
            progress(done, len(self.files))
        yield from files.without_evidence(self.head, self.checker, self.files)

    def _read_ahead(self) -> None:
        """Fetch at once what the rules look at: what changed, all profiles, the neighbours."""
        paths = [each.path for each in self.files if records.type_of(each.path) is not None]
        self.base.read_ahead(paths)
        customers = {path.split("/")[1] for path in paths if path.startswith("customers/")}
        near = [path for slug in sorted(customers) for path in self.head.paths(slug)]
        profiles = [f"customers/{slug}/profile.md" for slug in self.head.customers()]
        self.head.read_ahead([*paths, *near, *profiles])

    def _of(self, each: Differing) -> Iterator[Problem]:
        path = each.path
        yield from files.irregular(each)
        if path in {SETTINGS, PEOPLE}:
            yield from files.of_settings(self.base, self.head, path)
        elif files.is_evidence(path):
            yield from files.altered(each, self.commits.get(path, ()))
        elif each.is_gone and records.type_of(path) is not None:
            if path not in self.names.heirs:
                gone = rules.deleted()
                yield files.whole(path, gone.code, gone.message, gone.hint)
        elif path in self.head.objects:
            yield from self._content(path, self.head.bytes_of(path) or b"")

    def _content(self, path: str, raw: bytes) -> Iterator[Problem]:
        no_text = list(files.binary(path, raw))
        if no_text or records.type_of(path) is None:
            yield from no_text
            return
        after = self.checker.check(path, raw)
        yield from after.problems
        for finding in self._changed(path, after):
            yield after.document.place(finding)

    def _changed(self, path: str, after: Checked) -> Iterator[Finding]:
        """What the rules about change find between the two versions of a record."""
        if path in self.names.moved_by_hand:
            yield rules.moved_by_hand()
        raw = self.base.bytes_of(self.names.ancestors.get(path, path))
        before = self.reader.read(path, raw) if raw is not None else None
        new = _legible(self.checker, after)
        if before is not None and before.is_retired and not after.is_retired:
            if not any(commit.op == "undo" for commit in self.commits.get(path, ())):
                yield rules.brought_back()
        elif new is not None:
            unread = {finding.loc[:1] for finding in after.findings}
            found = self._between(path, before, new)
            yield from (finding for finding in found if finding.loc[:1] not in unread)

    def _between(self, path: str, before: Checked | None, new: Record) -> Iterator[Finding]:
        old = _legible(self.reader, before) if before is not None else None
        yield from reviewed.let_through(old, new)
        yield from self.owners.closed_for_another(path, old, new)
        if old is not None:
            yield from rules.forbidden_changes(old, new)
            yield from reviewed.forged_releases(old, new)
        elif before is None and path not in self.names.moved_by_hand:
            made = self.commits.get(path, ())[-1:]
            recorded = made[0].at if made else self.last
            yield from reviewed.recorded_late(new, recorded, self.head.zone)


def _legible(checker: Checker, checked: Checked) -> Record | None:
    """The record without what violates the schema; None for a tombstone or what says nothing."""
    if checked.record is not None or checked.is_retired or checked.document.split is None:
        return checked.record
    reading = checker.wiki.reading
    return schema.read_partly(checked.record_type, checked.fields, checked.findings, reading)

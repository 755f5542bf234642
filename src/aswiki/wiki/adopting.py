"""Hand edits taken in openly: one commit a record, refused where they break a rule of evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from aswiki.domain import records
from aswiki.domain.changes import rules as changes
from aswiki.domain.problem import Finding, Problem
from aswiki.errors import BadInput, NotFound
from aswiki.wiki import editor_files
from aswiki.wiki.checks import checking
from aswiki.wiki.checks.settings_check import settings_problems
from aswiki.wiki.people import writer
from aswiki.wiki.proof import signing
from aswiki.wiki.review import hosting
from aswiki.wiki.saving import Change, Operation, occurred, save_adopted, writing
from aswiki.wiki.wiki import PEOPLE, SETTINGS, Wiki

_KEPT_BESIDE = ("maps/", "templates/", ".aswiki/tsa/")


@dataclass
class Adopted:
    """What ``commit`` took in and what it refused.

    Args:
        commits: the full hashes, oldest first.
        refs: the records taken in.
        paths: the other files taken in.
        refused: the problems of what was not taken in.
        warnings: sentences for the writer.
        diff: the unified diff of a dry run.
        is_merge: whether it was a merge that was finished.
    """

    commits: list[str] = field(default_factory=list)
    refs: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    diff: str = ""
    is_merge: bool = False


def commit(wiki: Wiki, *, subject: str | None = None, dry_run: bool = False) -> Adopted:
    """Commit what was edited by hand, each record by itself; or finish a merge, as one commit.

    Raises:
        Unusable: git or the disk refuses, or the wiki is signed and the writer may not sign this.
    """
    if wiki.repository.busy() == "merge":
        return _merge(wiki, subject, dry_run=dry_run)
    adopted = Adopted()
    with writing(wiki, dry_run=dry_run):
        newcomers = list(filter(None, [writer(wiki).change]))
        head = wiki.repository.head()
        dirty = [path for path in wiki.repository.dirty() if _is_taken(path)]
        committed = wiki.repository.blobs(head, dirty) if head else dict.fromkeys(dirty)
        found = list(_found(wiki, committed, adopted))
        signing.required(wiki, found, wiki.repository.identity())  # before the first commit
        checker = checking.Checker(wiki)
        moved = {change.before for change in found if change.after is None}
        for change in found:
            if (
                records.type_of(change.path) is not None
                and change.before is None
                and (change.after in moved)
            ):
                adopted.refused.append(_whole_file(change.path, changes.moved_by_hand()))
            elif records.type_of(change.path) is not None:
                beside = [] if adopted.refs else newcomers
                _take_record(wiki, checker, change, adopted, subject, beside, dry_run=dry_run)
        others = [change for change in found if _is_beside(change.path)]
        _take_beside(wiki, others, adopted, subject, dry_run=dry_run)
    return adopted


def _merge(wiki: Wiki, subject: str | None, *, dry_run: bool) -> Adopted:
    from aswiki.wiki.sharing.concluding import conclude

    found = conclude(wiki, subject=subject, dry_run=dry_run)
    commits = [found.commit] if found.commit else []
    return Adopted(commits, refs=found.refs, refused=found.refused, is_merge=True)


def _is_taken(path: str) -> bool:
    return records.type_of(path) is not None or _is_beside(path)


def _found(wiki: Wiki, committed: Mapping[str, bytes | None], adopted: Adopted) -> Iterator[Change]:
    """What is to be taken in; a link, a pipe or an unsafe name is refused."""
    for path, before in committed.items():
        try:
            yield Change(path, before, wiki.bytes_of(path))
        except (BadInput, NotFound) as error:
            adopted.refused.append(checking.unsafe(path, error))


def _whole_file(path: str, finding: Finding) -> Problem:
    return Problem(path, 1, 1, finding.code, finding.level, finding.message, finding.hint)


def _is_beside(path: str) -> bool:
    is_attachment = path.startswith("customers/") and path.split("/")[2:3] == ["files"]
    is_ours = path in {SETTINGS, PEOPLE, *hosting.FILES} or editor_files.is_one(path)
    return is_ours or path.startswith(_KEPT_BESIDE) or is_attachment


def _take_record(
    wiki: Wiki,
    checker: checking.Checker,
    change: Change,
    adopted: Adopted,
    subject: str | None,
    beside: Sequence[Change],
    *,
    dry_run: bool,
) -> None:
    problems = list(_refusals(checker, change))
    if problems:
        adopted.refused += problems
        return
    after = checker.check(change.path, change.after or b"")
    about = records.customer_of(after.ref) or after.record_type
    words = subject or f"commit({about}): {after.fields.get('title', after.ref)}"
    key = records.TIME_KEYS.get(after.record_type)
    happened = getattr(after.record, key) if key and after.record is not None else None
    operation = Operation("adopt", words, occurred(happened))
    saved = save_adopted(wiki, [change], operation, beside=beside, dry_run=dry_run)
    adopted.refs.append(after.ref)
    adopted.warnings += [f"{p.path}: {p.message}" for p in after.problems if p.level == "warning"]
    adopted.diff += saved.diff or ""
    if saved.commit:
        adopted.commits.append(saved.commit)


def _refusals(checker: checking.Checker, change: Change) -> Iterator[Problem]:
    if change.after is None:
        yield _whole_file(change.path, changes.deleted())
        return
    after = checker.check(change.path, change.after)
    yield from (problem for problem in after.problems if problem.level == "error")
    if change.before is None:
        return
    before = checker.read(change.path, change.before)
    if before.record is None or after.record is None:
        if before.record is not None and after.is_retired:
            return
        if before.is_retired and not after.is_retired:
            yield after.document.place(changes.brought_back())
        return
    for finding in changes.forbidden_changes(before.record, after.record):
        yield after.document.place(finding)


def _take_beside(
    wiki: Wiki, found: Sequence[Change], adopted: Adopted, subject: str | None, *, dry_run: bool
) -> None:
    """Settings, people, maps, templates and attachments: together in one commit."""
    good = []
    for change in found:
        is_settings = change.path in {SETTINGS, PEOPLE}
        problems = (
            settings_problems(change.path, change.after, wiki.reading)
            if is_settings and change.after is not None
            else []
        )
        errors = [problem for problem in problems if problem.level == "error"]
        adopted.refused += errors
        if not errors:
            good.append(change)
    if not good:
        return
    names = ", ".join(change.path for change in good[:3])
    operation = Operation("adopt", subject or f"commit: {names}")
    saved = save_adopted(wiki, good, operation, dry_run=dry_run)
    adopted.paths += [change.path for change in good]
    adopted.diff += saved.diff or ""
    if saved.commit:
        adopted.commits.append(saved.commit)

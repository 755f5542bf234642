"""A commit taken back by a new one: facts and prose go back, log entries stay and say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aswiki.domain import records
from aswiki.domain.changes import rules as changes
from aswiki.domain.changes.difference import differences
from aswiki.domain.records.common import abouts
from aswiki.domain.times import when
from aswiki.errors import BadInput
from aswiki.lang import N_, _, written
from aswiki.store import amend
from aswiki.store.frontmatter_edit import Edit, Put, Remove
from aswiki.wiki import lookup
from aswiki.wiki.checks import checking
from aswiki.wiki.closing import tombstone
from aswiki.wiki.drafting import Asked, asked_time, by_of, moment_of, with_edits, with_log
from aswiki.wiki.people import writer
from aswiki.wiki.renaming import move
from aswiki.wiki.saving import Change, Operation, Saved, save, writing
from aswiki.wiki.wiki import Wiki

if TYPE_CHECKING:
    from aswiki.store.git import Commit


def undo(wiki: Wiki, asked: Asked, revision: str | None = None) -> Saved:
    """Take back what one commit did to records; the newest commit where none is named.

    Raises:
        BadInput: a merge, a commit without records, or a record that was changed since.
    """
    with writing(wiki, dry_run=asked.dry_run):
        repository = wiki.repository
        commit = repository.log(limit=1, rev=lookup.commit(wiki, revision or "HEAD"))[0]
        if len(commit.parents) > 1:
            raise BadInput(
                "merge-commit",
                _("{commit} is a merge.").format(commit=commit.hash[:10]),
                _("Undo the commits that it brought."),
            )
        changed = repository.changed_paths(commit.hash)
        names = _names(changed)
        if names is not None:
            return _named_back(wiki, commit, asked, *names)
        paths = [path for _status, path in changed if records.type_of(path) is not None]
        if not paths:
            raise BadInput(
                "nothing-to-undo",
                _("{commit} changed no record.").format(commit=commit.hash[:10]),
                _("aswiki history RECORD shows the commits of a record."),
            )
        attached = [path for _status, path in changed if path.split("/")[2:3] == ["files"]]
        after = repository.blobs(commit.hash, [*paths, *attached])
        parent = commit.parents[0] if commit.parents else None
        before = repository.blobs(parent, after) if parent else dict.fromkeys(after)
        who = writer(wiki)
        gone = {path: raw for path in attached if (raw := before[path]) is not None}
        undone = _Undo(wiki, commit, asked, by_of(wiki, asked, who.id), gone)
        found = [undone.change(path, before[path], after[path]) for path in paths]
        found += [
            change
            for path in attached
            if (change := _attachment(wiki, path, before[path], after[path], found))
        ]
        people = [who.change] if who.change else []
        operation = Operation("undo", f"undo: {commit.subject}", when.iso(moment_of(wiki, asked)))
        saved = save(wiki, [*found, *people], operation, dry_run=asked.dry_run)
        warnings = [who.warning] if who.warning else []
        return replace(saved, warnings=warnings, echo=asked_time(wiki, asked))


def _names(changed: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """The old and the new reference where the commit gave a record another name."""
    found = {
        status: [records.reference(path) for own, path in changed if own == status and _is(path)]
        for status in "AD"
    }
    if len(found["A"]) != 1 or len(found["D"]) != 1:
        return None
    return found["D"][0], found["A"][0]


def _is(path: str) -> bool:
    return records.type_of(path) is not None


def _named_back(wiki: Wiki, commit: Commit, asked: Asked, old: str, new: str) -> Saved:
    """The record under its former name, with every reference that there is by now."""
    if not wiki.exists(new):
        raise _changed_since(records.path_of(new))
    at = when.iso(moment_of(wiki, asked))
    return move(wiki, new, old, asked, Operation("undo", f"undo: {commit.subject}", at))


def _attachment(
    wiki: Wiki, path: str, before: bytes | None, after: bytes | None, found: Sequence[Change]
) -> Change | None:
    """The change that takes an attachment away again or brings it back; None where it stays.

    One that another record names by now stays.
    """
    now = wiki.bytes_of(path)
    if now != after or now == before:
        return None
    if before is None:
        _customers, customer, _files, name = path.split("/", 3)
        texts = {change.path: change.after for change in found}
        for other in wiki.paths(customer):
            raw = texts[other] if other in texts else wiki.bytes_of(other)
            if name.encode() in (raw or b""):
                return None
    return Change(path, now, before)


class _Undo:
    """The undoing of one commit, record by record; ``gone`` are attachments that come back."""

    def __init__(
        self, wiki: Wiki, commit: Commit, asked: Asked, by: str, gone: Mapping[str, bytes]
    ) -> None:
        self.wiki = wiki
        self.gone = gone
        self.checker = checking.Checker(wiki)
        self.at = moment_of(wiki, asked)
        self.by = by
        self.words = written(N_("Withdrawn: {subject} ({commit})"), wiki.language).format(
            subject=commit.subject, commit=commit.hash[:10]
        )

    def change(self, path: str, before: bytes | None, after: bytes | None) -> Change:
        """The change of one record's file that takes the commit's change back."""
        now = self.wiki.bytes_of(path)
        if now is None or after is None:
            raise _changed_since(path)
        present = self.checker.read(path, now)
        if present.is_retired and before is not None and now == after:
            return Change(path, now, before)
        if present.is_retired:
            raise _changed_since(path)
        if now == after and before is not None and self.checker.read(path, before).is_retired:
            return Change(path, now, before)
        if before is None:
            text = tombstone(present.fields, why=self.words, by=self.by, at=when.iso(self.at))
            return Change(path, now, text.encode())
        return Change(path, now, self._restored(path, before, after, present))

    def _restored(self, path: str, before: bytes, after: bytes, present: checking.Checked) -> bytes:
        old, new = self.checker.read(path, before), self.checker.read(path, after)
        if present.document.raw == after:
            text = self._with_present_log(old, present)
        else:
            text = self._reversed(old, new, present)
        if self._needs_note(old, new, present, text):
            text = with_log(
                self.wiki,
                text,
                present.record_type,
                at=self.at,
                by=self.by,
                kind="note",
                words=self.words,
            )
        raw = present.document.encode(text)
        texts = {**self.gone, path: raw}
        checked = checking.Checker(self.wiki, texts=texts).check(path, raw)
        errors = checking.new_errors(
            self.checker.check(path, present.document.raw).problems, checked.problems
        )
        if errors:
            raise checking.refuse(errors)
        return raw

    def _with_present_log(self, old: checking.Checked, present: checking.Checked) -> str:
        """The old text with the log as it stands now."""
        about = abouts(records.model(old.record_type))["log"]
        if not amend.has_section(present.document.text, about):
            return old.document.text
        return amend.with_log_of(old.document.text, present.document.text, about)

    def _reversed(
        self, old: checking.Checked, new: checking.Checked, present: checking.Checked
    ) -> str:
        """The present text with each of the commit's changes taken back, if it still stands."""
        text = present.document.text
        edits: list[Edit] = []
        front = present.document.data
        for change in differences(new.document.data, old.document.data):
            if _at(front, change.path) != change.before:
                raise _changed_since(present.path)
            edits.append(
                Remove(change.path) if change.after is None else Put(change.path, change.after)
            )
        known = abouts(records.model(present.record_type))
        text = with_edits(text, edits)
        for key, about in known.items():
            if not about.section or key == "log" or old.fields.get(key) == new.fields.get(key):
                continue
            if present.fields.get(key) != new.fields.get(key):
                raise _changed_since(present.path)
            text = amend.with_section(text, about, old.fields.get(key), self.wiki.language)
        return text

    def _needs_note(
        self, old: checking.Checked, new: checking.Checked, present: checking.Checked, text: str
    ) -> bool:
        added = len(new.fields.get("log", [])) > len(old.fields.get("log", []))
        if added:
            return True
        result = self.checker.read(present.path, text.encode())
        if present.record is None or result.record is None:
            return False
        return bool(changes.is_why_needed(present.record, result.record))


def _at(data: Mapping[str, Any], path: Sequence[str]) -> object:
    here: object = data
    for key in path:
        here = here.get(key) if isinstance(here, Mapping) else None
    return here


def _changed_since(path: str) -> BadInput:
    return BadInput(
        "changed-since",
        _("{path} was changed since, in the same place.").format(path=path),
        _("Undo the later commit first, or set the field."),
    )

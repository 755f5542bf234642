"""How a record that is there is changed: edited, checked, refused or written, in one commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from aswiki.domain import records
from aswiki.domain.changes import rules as changes
from aswiki.domain.checks.rules import text_sha256
from aswiki.domain.problem import Finding, Problem
from aswiki.errors import BadInput, Unusable
from aswiki.lang import _
from aswiki.store import contents, document
from aswiki.store.frontmatter_edit import Edit, Remove
from aswiki.wiki.checks import checking
from aswiki.wiki.drafting import (
    Asked,
    asked_time,
    by_of,
    edited,
    moment_of,
    set_times,
    with_edits,
    with_log,
    written_time,
)
from aswiki.wiki.people import Writer, writer
from aswiki.wiki.saving import Change, Operation, Saved, require_committed, save, writing
from aswiki.wiki.wiki import Wiki


@dataclass(frozen=True)
class Revision:
    """What a command means to do to one record.

    Args:
        op: the word of the Aswiki-Op trailer.
        what: the first word of the commit's subject.
        edit: the new text, from the record as it is and the writer's id.
        why: the reason given with ``--why``; it becomes a log entry.
        occurred: the time of the act, as claimed.
        logs_why: whether the edit itself adds the log entry that says why.
        beside: attachments that are written with the record, by path.
        echo: what was understood, to be said back.
        never: codes of errors that stop the command though the record had them before.
    """

    op: str
    what: str
    edit: Callable[[checking.Checked, str], str]
    why: str | None = None
    occurred: str = ""
    logs_why: bool = False
    beside: Mapping[str, bytes] = field(default_factory=dict)
    echo: Sequence[str] = ()
    never: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Redrafted:
    """One record as a command would have it.

    Args:
        change: its file before and after.
        before: what it said.
        after: what it would say.
        warnings: sentences for the writer that are new.
    """

    change: Change
    before: checking.Checked
    after: checking.Checked
    warnings: Sequence[str]


def revise(wiki: Wiki, ref: str, asked: Asked, revision: Revision) -> Saved:
    """Change one record, in one commit.

    Raises:
        BadInput: the record would not be valid, or the change needs a reason.
        Unusable: the record has uncommitted hand edits.
    """
    with writing(wiki, dry_run=asked.dry_run or asked.editor is not None):
        who = writer(wiki)
        return save_redrafts(
            wiki, [redrafted(wiki, ref, asked, revision, who)], asked, revision, who
        )


def redrafted(wiki: Wiki, ref: str, asked: Asked, revision: Revision, who: Writer) -> Redrafted:
    """One record changed, checked against the rules and not yet written.

    Raises:
        BadInput: the record would not be valid, or the change needs a reason.
    """
    path = records.path_of(ref)
    raw = wiki.bytes_of(path) or b""
    before = checking.Checker(wiki).check(path, raw)
    require_readable(before)
    if asked.editor is not None:
        require_committed(wiki, path, raw)
    text = revision.edit(before, who.id)
    text = edited(wiki, text, before.record_type, asked, kind=before.fields.get("kind"))
    text, lapsed = _lapsed_releases(wiki, before, text)
    if revision.why is not None:
        text = _with_reason(wiki, before, text, asked, who.id, revision.why)
    is_explained = revision.why is not None or revision.logs_why
    by_hand = asked.editor is not None
    drafted = _Drafted(wiki, before, who.id, revision.beside, is_explained, by_hand, revision.never)
    text, after = drafted.edited(text, asked)
    _require_allowed(before, after, is_explained=drafted.explained(after))
    change = Change(path, raw, before.document.encode(text))
    return Redrafted(change, before, after, [*_new_warnings(before, after), *lapsed])


def save_redrafts(
    wiki: Wiki, redrafts: Sequence[Redrafted], asked: Asked, revision: Revision, who: Writer
) -> Saved:
    """Write records that were changed together as one commit; the first one gives the subject."""
    first = redrafts[0].after
    meant = [one.change for one in redrafts]
    if asked.editor is not None:
        _require_unchanged(wiki, meant)
    meant += [Change(path, wiki.bytes_of(path), raw) for path, raw in revision.beside.items()]
    if who.change is not None and any(one.before != one.after for one in meant):
        meant.append(who.change)
    about = records.customer_of(first.ref) or first.record_type
    subject = f"{revision.what}({about}): {first.fields.get('title', first.ref)}"
    claimed = written_time(wiki, asked) if asked.at is not None else ""
    operation = Operation(revision.op, subject, revision.occurred or claimed)
    saved = save(wiki, meant, operation, dry_run=asked.dry_run)
    warnings = [warning for one in redrafts for warning in one.warnings]
    return replace(
        saved,
        warnings=[*warnings, *filter(None, [who.warning])],
        echo=[
            *asked_time(wiki, asked, revision.occurred),
            *set_times(wiki, first.record_type, asked),
            *revision.echo,
        ],
    )


def _require_unchanged(wiki: Wiki, meant: Sequence[Change]) -> None:
    """Refuse to write over what somebody else wrote while the editor was open."""
    for change in meant:
        if wiki.bytes_of(change.path) != change.before:
            raise Unusable(
                "changed-meanwhile",
                _("{path} was changed by somebody else while you were editing.").format(
                    path=change.path
                ),
                _("Look at it with aswiki show, then edit it again."),
            )


@dataclass(frozen=True)
class _Drafted:
    """A record's draft on its way through the editor and the checks."""

    wiki: Wiki
    before: checking.Checked
    who: str
    beside: Mapping[str, bytes]
    is_explained: bool
    by_hand: bool
    never: frozenset[str]

    def edited(self, text: str, asked: Asked) -> tuple[str, checking.Checked]:
        """The draft after the editor, if one is asked for, reopened until nothing is wrong."""
        text = asked.editor(text, []) if asked.editor is not None else text
        while True:
            after = self._checked(text)
            errors = checking.new_errors(self.before.problems, after.problems, self.never)
            if asked.editor is not None and not errors:
                errors = self._forbidden(after)
            if not errors:
                return text, after
            if asked.editor is None:
                raise checking.refuse(errors)
            text = asked.editor(text, errors)

    def _checked(self, text: str) -> checking.Checked:
        raw = self.before.document.encode(text)
        texts = {**self.beside, self.before.path: raw}
        return checking.Checker(self.wiki, texts=texts, newcomer=self.who).check(
            self.before.path, raw
        )

    def _forbidden(self, after: checking.Checked) -> list[Problem]:
        """What the rules about change say to a text that came from the editor."""
        if self.before.record is None or after.record is None:
            return []
        found = list(changes.altered_evidence(self.before.record, after.record))
        keys = [] if self.explained(after) else _keys_to_explain(self.before, after)
        for key in keys:
            message = _("{field} was changed, and no log entry says why.").format(field=key)
            hint = _("Add a log entry with the reason.")
            found.append(Finding("ASW021", tuple(key.split(".")[:1]), message, hint))
        return [after.document.place(finding) for finding in found]

    def explained(self, after: checking.Checked) -> bool:
        """Whether a reason was given: by ``--why``, or by an entry that was typed into the log."""
        written = len(after.fields.get("log") or ()) > len(self.before.fields.get("log") or ())
        return self.is_explained or (self.by_hand and written)


def require_readable(before: checking.Checked) -> None:
    """Refuse a record that cannot be read, and a tombstone.

    Raises:
        BadInput: it is one of these.
    """
    if before.document.split is None or any(
        problem.code in {"ASW101", "ASW111", "ASW112"} for problem in before.document.problems
    ):
        raise checking.refuse(before.problems)
    if before.is_retired:
        raise BadInput(
            "retired",
            _("{ref} was retired.").format(ref=before.ref),
            _("A tombstone stays as it is; write a new record."),
        )


def _require_allowed(
    before: checking.Checked, after: checking.Checked, *, is_explained: bool
) -> None:
    """Rules 20 and 21 at the door."""
    if before.record is None or after.record is None:
        return
    lost = list(changes.altered_evidence(before.record, after.record))
    if lost:
        raise checking.finding_error(lost[0])
    keys = _keys_to_explain(before, after)
    if keys and not is_explained:
        raise BadInput(
            "why-needed",
            _("Changing {fields} needs a reason.").format(fields=", ".join(keys)),
            _("Say it with --why TEXT; it becomes a log entry."),
        )


def _keys_to_explain(before: checking.Checked, after: checking.Checked) -> list[str]:
    """The dotted keys whose change needs a reason; leaving closed is one."""
    if before.record is None or after.record is None:
        return []
    keys = changes.is_why_needed(before.record, after.record)
    if status_of(before) == "closed" != status_of(after):
        keys.append("status")
    return keys


def status_of(checked: checking.Checked) -> object:
    """The status by its key, also where the file holds its label."""
    return getattr(checked.record, "status", checked.fields.get("status"))


def _new_warnings(before: checking.Checked, after: checking.Checked) -> list[str]:
    had = {(problem.code, problem.message) for problem in before.problems}
    return [
        problem.message
        for problem in after.problems
        if problem.level == "warning" and (problem.code, problem.message) not in had
    ]


def _with_reason(
    wiki: Wiki, before: checking.Checked, text: str, asked: Asked, who: str, why: str
) -> str:
    if not why.strip():
        raise BadInput("why-needed", _("The reason is empty."), _("Say why in a sentence."))
    return with_log(
        wiki,
        text,
        before.record_type,
        at=moment_of(wiki, asked),
        by=by_of(wiki, asked, who),
        kind="note",
        words=why,
    )


def _lapsed_releases(wiki: Wiki, before: checking.Checked, text: str) -> tuple[str, list[str]]:
    """Take out the releases of texts that were changed, and say so."""
    releases = before.fields.get("released_to")
    if not isinstance(releases, list):
        return text, []
    doc = document.read(before.path, text.encode())
    now = contents.fields(doc, before.record_type, wiki.reading).data
    gone: list[Edit] = []
    warnings = []
    for index, release in reversed(list(enumerate(releases))):
        if not isinstance(release, dict):
            continue
        name = str(release.get("field") or "customer_text")
        old, new = before.fields.get(name), now.get(name)
        if old == new or not isinstance(old, str):
            continue
        if text_sha256(old) == release.get("sha256"):
            gone.append(Remove(("released_to", index)))
            said = _("{field} was released to {reader}; the release has lapsed.")
            warnings.append(said.format(field=name, reader=release.get("audience")))
    return with_edits(text, gone), warnings

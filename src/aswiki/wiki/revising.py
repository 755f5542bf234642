"""Changes to a record that is there: log entries, fields, closing, contacts, retiring."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aswiki.domain import changes, records, when
from aswiki.domain.checks.rules import text_sha256
from aswiki.domain.slug import person_id, unique
from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.store import contents, document, yaml12_dump
from aswiki.store.frontmatter_edit import Add, Edit, Put, Remove
from aswiki.wiki import checking, lookup
from aswiki.wiki.creating import Draft, create
from aswiki.wiki.drafting import (
    Asked,
    asked_time,
    by_of,
    edited,
    moment_of,
    with_edits,
    with_log,
)
from aswiki.wiki.people import writer
from aswiki.wiki.saving import Change, Operation, Saved, save, writing
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
    """

    op: str
    what: str
    edit: Callable[[checking.Checked, str], str]
    why: str | None = None
    occurred: str = ""


def revise(wiki: Wiki, ref: str, asked: Asked, revision: Revision) -> Saved:
    """Change one record, in one commit.

    Raises:
        BadInput: the record would not be valid, or the change needs a reason.
        Unusable: the record has uncommitted hand edits.
    """
    echo = asked_time(wiki, asked)
    with writing(wiki, dry_run=asked.dry_run or asked.editor is not None):
        who = writer(wiki)
        path = records.path_of(ref)
        raw = wiki.bytes_of(path) or b""
        checker = checking.Checker(wiki)
        before = checker.check(path, raw)
        _require_readable(before)
        text = revision.edit(before, who.id)
        kind = before.fields.get("kind")
        text = edited(wiki, text, before.record_type, asked, kind=kind)
        text, lapsed = _lapsed_releases(wiki, before, text)
        if revision.why is not None:
            text = _with_reason(wiki, before, text, asked, who.id, revision.why)
        if asked.editor is not None:
            text = asked.editor(text, [])
        draft = before.document.encode(text)
        after = checking.Checker(wiki, texts={path: draft}, newcomer=who.id).check(path, draft)
        _require_valid(before, after)
        _require_allowed(before, after, why=revision.why)
        people = [who.change] if who.change and draft != raw else []
        title = after.fields.get("title", ref)
        subject = f"{revision.what}({records.customer_of(ref) or before.record_type}): {title}"
        claimed = when.iso(moment_of(wiki, asked)) if asked.at is not None else ""
        operation = Operation(revision.op, subject, revision.occurred or claimed)
        saved = save(wiki, [Change(path, raw, draft), *people], operation, dry_run=asked.dry_run)
        return replace(
            saved,
            warnings=[
                *_new_warnings(before, after),
                *lapsed,
                *([who.warning] if who.warning else []),
            ],
            echo=echo,
        )


def _require_readable(before: checking.Checked) -> None:
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


def _require_valid(before: checking.Checked, after: checking.Checked) -> None:
    errors = checking.new_errors(before.problems, after.problems)
    if errors:
        raise checking.refuse(errors)


def _require_allowed(before: checking.Checked, after: checking.Checked, *, why: str | None) -> None:
    """Rules 20 and 21 at the door."""
    if before.record is None or after.record is None:
        return
    lost = list(changes.altered_evidence(before.record, after.record))
    if lost:
        raise checking.finding_error(lost[0])
    keys = changes.is_why_needed(before.record, after.record)
    if _status(before) == "closed" != _status(after):
        keys.append("status")
    if keys and why is None:
        raise BadInput(
            "why-needed",
            _("Changing {fields} needs a reason.").format(fields=", ".join(keys)),
            _("Say it with --why TEXT; it becomes a log entry."),
        )


def _status(checked: checking.Checked) -> object:
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


def append(
    wiki: Wiki,
    words: str,
    text: str,
    asked: Asked,
    *,
    kind: str = "note",
    from_: str | None = None,
    to: str | None = None,
    level: str | None = None,
    quote: str | None = None,
) -> Saved:
    """One more entry in a record's log.

    Raises:
        BadInput: an unknown kind or level, a deflection without both sides, an empty text.
    """
    key = wiki.vocabulary.key("log_kind", kind)
    if key is None:
        raise _no_word(wiki, "log_kind", kind)
    if key == "deflection" and not (from_ and to):
        raise BadInput(
            "deflection-sides",
            _("A deflection needs who passed it on and to whom."),
            _("Give --from and --to."),
        )
    if not text.strip() and not quote:
        raise BadInput("empty-text", _("The entry is empty."), _("Say what happened."))
    at = moment_of(wiki, asked)

    def edit(before: checking.Checked, who: str) -> str:
        return with_log(
            wiki,
            before.document.text,
            before.record_type,
            at=at,
            by=by_of(wiki, asked, who),
            kind=key,
            words=text,
            from_=lookup.person(wiki, from_) if from_ else None,
            to=lookup.person(wiki, to) if to else None,
            level=wiki.vocabulary.key("escalation_level", level) or level if level else None,
            quote=quote,
        )

    revision = Revision("append", "append", edit, occurred=when.iso(at))
    return revise(wiki, lookup.record(wiki, words), asked, revision)


def _no_word(wiki: Wiki, vocabulary: str, word: str) -> BadInput:
    choices = ", ".join(
        key if key == zh else f"{key} {zh}"
        for key, (_en, zh) in wiki.vocabulary.words(vocabulary).items()
    )
    return BadInput(
        "unknown-word",
        _("{value} is not one of the words allowed here.").format(value=word),
        _("Choose one of: {choices}.").format(choices=choices),
    )


def set_fields(wiki: Wiki, words: str, asked: Asked, *, why: str | None = None) -> Saved:
    """Change fields of a record; a customer's page is made when it is not there.

    The fields stand in ``asked.sets`` and its neighbours.

    Raises:
        BadInput: a key or value does not fit, or the change needs a reason.
    """
    missing = lookup.page(wiki, words)
    if missing is not None and not wiki.exists(missing):
        return _new_page(wiki, missing, asked)

    def edit(before: checking.Checked, _who: str) -> str:
        return before.document.text

    ref = lookup.record(wiki, words, or_customer=True)
    return revise(wiki, ref, asked, Revision("update", "set", edit, why=why))


def _new_page(wiki: Wiki, ref: str, asked: Asked) -> Saved:
    customer, _slash, rest = ref.partition("/")
    month = rest.removeprefix("usage/")
    is_usage = rest.startswith("usage/")
    name = lookup.front_of(wiki, f"customers/{customer}/profile.md").get("name", customer)
    title = _("{name}: usage of {month}") if is_usage else _("{name}: architecture")
    draft = Draft(
        "usage" if is_usage else "architecture",
        customer,
        title.format(name=name, month=month),
        {"period": month} if is_usage else {},
        rest,
    )
    with writing(wiki, dry_run=asked.dry_run):
        return create(wiki, draft, asked, writer(wiki))


def close(wiki: Wiki, words: str, asked: Asked, *, why: str | None = None) -> Saved:
    """Close an event or a complaint, or say that a visit was held.

    Raises:
        BadInput: the record is of another type, closed already, or not whole.
    """
    ref = lookup.record(wiki, words)
    moment = moment_of(wiki, asked)

    def edit(before: checking.Checked, _who: str) -> str:
        return with_edits(before.document.text, _closing(before, when.iso(moment)))

    return revise(wiki, ref, asked, Revision("close", "close", edit, why, when.iso(moment)))


def _closing(before: checking.Checked, moment: str) -> list[Edit]:
    status = _status(before)
    if before.record_type == "visit":
        if status == "held":
            raise _closed_already(before)
        return [Put(("status",), "held")]
    if before.record_type not in {"event", "complaint"}:
        raise BadInput(
            "cannot-close",
            _("A record of type {type} is not closed.").format(type=before.record_type),
            _("Events, complaints and visits are."),
        )
    if status == "closed":
        raise _closed_already(before)
    edits: list[Edit] = [Put(("status",), "closed")]
    if before.record_type == "event" and before.fields.get("resolved_at") is None:
        edits.append(Put(("resolved_at",), moment))
    if before.fields.get("closed_at") is None:
        edits.append(Put(("closed_at",), moment))
    return edits


def _closed_already(before: checking.Checked) -> BadInput:
    return BadInput(
        "closed-already",
        _("{ref} is closed already.").format(ref=before.ref),
        _("aswiki show {ref} says when.").format(ref=before.ref),
    )


def contact(wiki: Wiki, customer: str, name: str, asked: Asked, given: Mapping[str, Any]) -> Saved:
    """Add a contact to a customer's profile, or change the one of that name or id.

    Args:
        wiki: the open wiki.
        customer: the customer, in any spelling.
        name: the contact's name or id.
        asked: the shared options.
        given: the contact's fields that were given, as plain data.
    """
    ref = f"{lookup.customer(wiki, customer)}/profile"
    if not name.strip():
        raise BadInput("bad-name", _("The contact's name is empty."), _("Give a name."))

    def edit(before: checking.Checked, _who: str) -> str:
        text = before.document.text
        contacts = before.fields.get("contacts")
        people = [c for c in contacts or [] if isinstance(c, dict)]
        ids = {str(person.get("id")) for person in people}
        folded = name.strip().casefold()
        for index, person in enumerate(people):
            if folded in {str(person.get(key)).casefold() for key in ("id", "name")}:
                puts: list[Edit] = [Put(("contacts", index, k), v) for k, v in given.items()]
                return with_edits(text, _only_one_final(people, index, given) + puts)
        new = {"id": unique(person_id(name, ""), ids), "name": name.strip(), **given}
        final = _only_one_final(people, len(people), given)
        return with_edits(text, [*final, Add(("contacts",), new)])

    return revise(wiki, ref, asked, Revision("update", "contact", edit))


def _only_one_final(
    people: Sequence[Mapping[str, Any]], own: int, given: Mapping[str, Any]
) -> list[Edit]:
    if not given.get("final_contact"):
        return []
    return [
        Put(("contacts", index, "final_contact"), False)
        for index, person in enumerate(people)
        if index != own and person.get("final_contact") is True
    ]


TOMBSTONE_KEYS = ("type", "title", "started_at", "received_at", "occurred_at", "period")


def retire(wiki: Wiki, words: str, asked: Asked, *, why: str, op: str = "retire") -> Saved:
    """Reduce a record to a tombstone that says why, by whom and when.

    Raises:
        BadInput: no reason, or the record was retired before.
    """
    ref = lookup.record(wiki, words)
    if not why.strip():
        raise BadInput("why-needed", _("The reason is empty."), _("Say why in a sentence."))
    with writing(wiki, dry_run=asked.dry_run):
        who = writer(wiki)
        path = records.path_of(ref)
        raw = wiki.bytes_of(path) or b""
        before = checking.Checker(wiki).check(path, raw)
        _require_readable(before)
        at = moment_of(wiki, asked)
        text = tombstone(before.fields, why=why, by=by_of(wiki, asked, who.id), at=when.iso(at))
        subject = (
            f"{op}({records.customer_of(ref) or before.record_type}): {before.fields.get('title')}"
        )
        people = [who.change] if who.change else []
        change = Change(path, raw, text.encode())
        saved = save(
            wiki, [change, *people], Operation(op, subject, when.iso(at)), dry_run=asked.dry_run
        )
        warnings = [who.warning] if who.warning else []
        return replace(saved, warnings=warnings, echo=asked_time(wiki, asked))


def tombstone(fields: Mapping[str, Any], *, why: str, by: str, at: str) -> str:
    """The file that stays of a record."""
    kept = {key: fields[key] for key in TOMBSTONE_KEYS if key in fields}
    retired = {"why": why, "by": by, "at": at}
    front = yaml12_dump.dump({**kept, "status": "retired", "retired": retired})
    return f"---\n{front}---\n"

"""An accusation and its clearing, which ripples to the complaints that named somebody for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from aswiki.domain import records
from aswiki.domain.checks.links import linked
from aswiki.domain.records.complaint import Complaint
from aswiki.domain.records.event import Event
from aswiki.errors import BadInput
from aswiki.lang import N_, _, written
from aswiki.store.frontmatter_edit import Add, Edit, Put
from aswiki.wiki import lookup
from aswiki.wiki.checks import checking
from aswiki.wiki.drafting import Asked, by_of, moment_of, with_edits, with_log, written_time
from aswiki.wiki.editing import no_word
from aswiki.wiki.people import writer
from aswiki.wiki.revising import Revision, redrafted, revise, save_redrafts
from aswiki.wiki.saving import Saved, writing
from aswiki.wiki.wiki import Wiki


def accused(wiki: Wiki, words: str, asked: Asked, *, accuser: str, allegation: str) -> Saved:
    """Write down who accuses us of what.

    A further accuser is added to the first; what else is alleged becomes a log entry. A blame that
    came to nothing (``lapsed``) stands again.

    Raises:
        BadInput: the record is no event, or was cleared; nobody accuses, or of nothing.
    """
    moment, at = moment_of(wiki, asked), written_time(wiki, asked)
    allegation = allegation.strip()
    if not allegation:
        raise BadInput("empty-text", _("The allegation is empty."), _("Say what is alleged."))
    parts = [part for part in accuser.replace("，", ",").split(",") if part.strip()]
    who = [lookup.person(wiki, part) for part in parts or [""]]

    def edit(before: checking.Checked, writer_id: str) -> str:
        _require_event(before)
        blame = before.fields.get("blame")
        blame = blame if isinstance(blame, dict) else {}
        _require_uncleared(before, _("A new accusation is a new event, related to this one."))
        edits = _accusing(wiki, blame, at, who, allegation)
        text = with_edits(before.document.text, edits)
        if blame.get("allegation") in {None, allegation}:
            return text
        said = f"{', '.join(who)}: {allegation}"
        if any(entry.get("text") == said for entry in before.fields.get("log") or ()):
            return text
        by = by_of(wiki, asked, writer_id)
        return with_log(
            wiki, text, before.record_type, at=moment, by=by, kind="customer", words=said
        )

    ref = lookup.record(wiki, words)
    return revise(wiki, ref, asked, Revision("update", "accused", edit, occurred=at))


def cleared(
    wiki: Wiki, words: str, asked: Asked, *, statement: str, party: str, cause: str | None = None
) -> Saved:
    """Clear a blame by what was said, and take our people out of the complaints linked to it.

    Args:
        wiki: the open wiki.
        words: the event.
        asked: the shared options; ``--by`` is who said it.
        statement: what was said, to the letter; it becomes the quote of a log entry.
        party: whose cause it was, by key or label.
        cause: the true cause in words.

    Raises:
        BadInput: the record carries no blame, or was cleared before.
    """
    key = wiki.vocabulary.key("root_cause_party", party)
    if key is None:
        raise no_word(wiki, "root_cause_party", party)
    if not statement.strip():
        raise BadInput("empty-text", _("The statement is empty."), _("Quote what was said."))
    ref = lookup.record(wiki, words)
    moment, at = moment_of(wiki, asked), written_time(wiki, asked)

    def clear(before: checking.Checked, who: str) -> str:
        _require_carried(before)
        edits: list[Edit] = [
            Put(("blame", "status"), "cleared"),
            Put(("blame", "cleared_at"), at),
            Put(("blame", "true_cause_party"), key),
        ]
        if cause:
            edits.append(Put(("blame", "true_cause"), cause))
        return with_log(
            wiki,
            with_edits(before.document.text, edits),
            before.record_type,
            at=moment,
            by=by_of(wiki, asked, who),
            kind="customer",
            words=written(N_("Cleared"), wiki.language),
            quote=statement.strip(),
        )

    def give_way(before: checking.Checked, who: str) -> str:
        text = with_edits(before.document.text, [Put(("responsible",), {"cleared_by": ref})])
        # no name: what was cleared is to count for nobody, in a report's last entry neither
        said = N_("Nobody of ours is responsible any more: cleared by {ref}")
        return with_log(
            wiki,
            text,
            before.record_type,
            at=moment,
            by=who,
            kind="decision",
            words=written(said, wiki.language).format(ref=ref),
        )

    plain = replace(asked, by=None, sets=(), adds=(), removes=(), body=None, editor=None)
    with writing(wiki, dry_run=asked.dry_run or asked.editor is not None):
        who = writer(wiki)
        revision = Revision("update", "cleared", clear, occurred=at, logs_why=True)
        ripple = Revision("update", "cleared", give_way, occurred=at, logs_why=True)
        found = [redrafted(wiki, ref, asked, revision, who)]
        if found[0].after.record is None:
            raise checking.refuse(found[0].after.problems)
        complaints = list(_complaints(wiki, found[0].after))
        found += [redrafted(wiki, other, plain, ripple, who) for other in complaints]
        return save_redrafts(wiki, found, asked, revision, who)


def _accusing(
    wiki: Wiki, blame: Mapping[str, Any], at: str, who: Sequence[str], allegation: str
) -> list[Edit]:
    fresh = {
        "status": "accused",
        "accused_at": at,
        "accused_by": list(who),
        "allegation": allegation,
    }
    if not blame:
        return [Put(("blame",), fresh)]
    edits: list[Edit] = [
        Put(("blame", key), value) for key, value in fresh.items() if not blame.get(key)
    ]
    if wiki.vocabulary.key("blame_status", str(blame.get("status"))) == "lapsed":
        edits.append(Put(("blame", "status"), "accused"))
    there = blame.get("accused_by") or who
    return edits + [Add(("blame", "accused_by"), name) for name in who if name not in there]


def _require_event(before: checking.Checked) -> None:
    if before.record_type != "event":
        raise BadInput(
            "not-an-event",
            _("{ref} is no event.").format(ref=before.ref),
            _("An accusation stands in the event it is about."),
        )


def _require_carried(before: checking.Checked) -> None:
    _require_event(before)
    blame = before.fields.get("blame")
    if not isinstance(blame, dict):
        raise BadInput(
            "no-blame",
            _("{ref} carries no blame.").format(ref=before.ref),
            _("Write the accusation down first: aswiki accused."),
        )
    _require_uncleared(before, _("aswiki show {ref} says when.").format(ref=before.ref))


def _require_uncleared(before: checking.Checked, hint: str) -> None:
    event = before.record
    blame = event.blame if isinstance(event, Event) else None
    if blame is not None and blame.status == "cleared":
        raise BadInput("cleared-already", _("{ref} was cleared.").format(ref=before.ref), hint)


def _complaints(wiki: Wiki, before: checking.Checked) -> Iterator[str]:
    """The linked complaints of the customer that name a responsible person of ours."""
    customer = records.customer_of(before.ref)
    event = before.record
    if customer is None or not isinstance(event, Event):
        return
    for neighbour in checking.Checker(wiki).records_of(customer):
        other = neighbour.record
        if not isinstance(other, Complaint) or other.responsible is None:
            continue
        names = other.responsible.person or other.responsible.department
        if names and linked(other, neighbour.ref, event, before.ref):
            yield neighbour.ref

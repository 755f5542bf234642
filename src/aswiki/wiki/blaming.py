"""An accusation and its clearing, which ripples to the complaints that named somebody for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aswiki.domain import records, when
from aswiki.domain.checks.links import linked
from aswiki.domain.records.complaint import Complaint
from aswiki.domain.records.event import Event
from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.store.frontmatter_edit import Add, Edit, Put
from aswiki.wiki import checking, lookup
from aswiki.wiki.drafting import Asked, by_of, moment_of, with_edits, with_log
from aswiki.wiki.editing import no_word
from aswiki.wiki.people import writer
from aswiki.wiki.revising import Revision, redrafted, revise, save_redrafts
from aswiki.wiki.saving import Saved, writing
from aswiki.wiki.wiki import Wiki


def accused(wiki: Wiki, words: str, asked: Asked, *, accuser: str, allegation: str) -> Saved:
    """Write down who accuses us of what; a further accuser is added to the first.

    Raises:
        BadInput: the record is no event, or was cleared.
    """
    at = when.iso(moment_of(wiki, asked))
    who = [lookup.person(wiki, part) for part in accuser.replace("，", ",").split(",")]

    def edit(before: checking.Checked, _writer: str) -> str:
        blame = before.fields.get("blame")
        _require_event(before)
        if not isinstance(blame, dict):
            new = {
                "status": "accused",
                "accused_at": at,
                "accused_by": who,
                "allegation": allegation,
            }
            return with_edits(before.document.text, [Put(("blame",), new)])
        if blame.get("status") == "cleared":
            raise BadInput(
                "cleared-already",
                _("{ref} was cleared.").format(ref=before.ref),
                _("A new accusation is a new event, related to this one."),
            )
        there = blame.get("accused_by") or []
        edits: list[Edit] = [Add(("blame", "accused_by"), n) for n in who if n not in there]
        return with_edits(before.document.text, edits)

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
    moment = moment_of(wiki, asked)
    at = when.iso(moment)

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
            words=_("Cleared"),
            quote=statement.strip(),
        )

    def give_way(before: checking.Checked, who: str) -> str:
        named = _named(before)
        text = with_edits(before.document.text, [Put(("responsible",), {"cleared_by": ref})])
        return with_log(
            wiki,
            text,
            before.record_type,
            at=moment,
            by=by_of(wiki, asked, who),
            kind="decision",
            words=_("{named} no longer responsible: cleared by {ref}").format(named=named, ref=ref),
        )

    plain = replace(asked, sets=(), adds=(), removes=(), body=None, editor=None)
    with writing(wiki, dry_run=asked.dry_run):
        who = writer(wiki)
        revision = Revision("update", "cleared", clear, occurred=at)
        ripple = Revision("update", "cleared", give_way, occurred=at, logs_why=True)
        found = [redrafted(wiki, ref, asked, revision, who)]
        complaints = list(_complaints(wiki, found[0].before))
        found += [redrafted(wiki, other, plain, ripple, who) for other in complaints]
        return save_redrafts(wiki, found, asked, revision, who)


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
    if blame.get("status") == "cleared":
        raise BadInput("cleared-already", _("{ref} was cleared.").format(ref=before.ref))


def _named(before: checking.Checked) -> str:
    responsible = before.fields.get("responsible")
    said = responsible if isinstance(responsible, dict) else {}
    return ", ".join(str(said[key]) for key in ("person", "department") if said.get(key))


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

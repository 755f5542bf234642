"""Promises made and settled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from aswiki.domain.times import when
from aswiki.errors import BadInput, NotFound
from aswiki.lang import _
from aswiki.store.frontmatter_edit import Add, Edit, Put
from aswiki.wiki import lookup
from aswiki.wiki.checks import checking
from aswiki.wiki.drafting import Asked, moment_of, with_edits
from aswiki.wiki.editing import no_word
from aswiki.wiki.revising import Revision, revise
from aswiki.wiki.saving import Saved
from aswiki.wiki.wiki import Wiki

SETTLED = ("kept", "late", "broken", "withdrawn", "disputed")


def promise(
    wiki: Wiki,
    words: str,
    what: str,
    asked: Asked,
    *,
    promiser: str,
    due: str | None = None,
    kind: str | None = None,
) -> Saved:
    """One more promise in a record, open, with the next free id.

    Args:
        wiki: the open wiki.
        words: the record.
        what: what was promised.
        asked: the shared options; ``--at`` is the day it was made.
        promiser: PERSON/DEPARTMENT, or either.
        due: the day it is due, as typed.
        kind: its kind, by key or label.

    Raises:
        BadInput: nothing was promised, by nobody, or the kind is unknown.
    """
    if not what.strip():
        raise BadInput("empty-text", _("The promise is empty."), _("Say what was promised."))
    key = wiki.vocabulary.key("promise_kind", kind) if kind else None
    if kind and key is None:
        raise no_word(wiki, "promise_kind", kind)
    made_on = moment_of(wiki, asked).astimezone(wiki.zone).date()
    due_on = when.day(due, wiki.now(), wiki.zone) if due else None
    if due_on is not None and due_on < made_on:
        raise BadInput(
            "due-before-made",
            _("The promise would be due on {due}, before it was made on {made}.").format(
                due=due_on, made=made_on
            ),
            _("Give --due with its year, like 2026-10-30; --at is the day it was made."),
        )
    said = {
        "what": what.strip(),
        "by": promiser_of(wiki, promiser),
        "kind": key,
        "made_on": made_on.isoformat(),
        "due_on": due_on.isoformat() if due_on else None,
        "status": "open",
    }

    def edit(before: checking.Checked, _who: str) -> str:
        new = {"id": _next_id(before), **{k: v for k, v in said.items() if v is not None}}
        return with_edits(before.document.text, [Add(("promises",), new)])

    ref = lookup.record(wiki, words, or_customer=True)
    echo = [_("Due: {day}").format(day=due_on)] if due_on else []
    occurred = made_on.isoformat()
    return revise(
        wiki, ref, asked, Revision("update", "promise", edit, occurred=occurred, echo=echo)
    )


def promiser_of(wiki: Wiki, words: str) -> dict[str, str]:
    """Person and department of PERSON/DEPARTMENT, of one of them, or of a known colleague.

    Raises:
        BadInput: the words are empty.
    """
    first, _slash, second = (part.strip() for part in words.partition("/"))
    if not first and second:
        return {"department": lookup.department(wiki, second)}
    known = lookup.department(wiki, first) if first else ""
    departments = wiki.people.get("departments")
    if not second and isinstance(departments, dict) and known in departments:
        return {"department": known}
    person = lookup.person(wiki, first)
    if second:
        return {"person": person, "department": lookup.department(wiki, second)}
    people = wiki.people.get("people")
    data = people.get(person) if isinstance(people, dict) else None
    own = data.get("department") if isinstance(data, dict) else None
    return {"person": person, **({"department": str(own)} if own else {})}


def _promises(before: checking.Checked) -> list[tuple[int, Mapping[str, Any]]]:
    """Every promise with its place in the list."""
    found = before.fields.get("promises")
    numbered = enumerate(found) if isinstance(found, list) else ()
    return [(index, item) for index, item in numbered if isinstance(item, dict)]


def _next_id(before: checking.Checked) -> str:
    taken = {str(item.get("id")) for _index, item in _promises(before)}
    number = 1
    while f"p{number}" in taken:
        number += 1
    return f"p{number}"


def settle(wiki: Wiki, words: str, asked: Asked, *, outcome: str, on: str | None = None) -> Saved:
    """Say what became of a promise; kept after its due date is stored as late.

    What stands with an open promise may change its mind: a broken or disputed one may still be
    kept, one that was kept or withdrawn is settled.

    Args:
        wiki: the open wiki.
        words: RECORD#ID; the id may be left out where the record has one open promise.
        asked: the shared options.
        outcome: one of ``SETTLED``, by key or label.
        on: the day, as typed; else the day of ``--at``.

    Raises:
        NotFound: no such record or promise.
        BadInput: an outcome that is none, or a promise that is settled already.
    """
    key = wiki.vocabulary.key("promise_status", outcome)
    if key not in SETTLED:
        raise BadInput(
            "unknown-word",
            _("{value} is not one of the words allowed here.").format(value=outcome),
            _("Choose one of: {choices}.").format(choices=", ".join(SETTLED)),
        )
    record, _hash, own = words.partition("#")
    day = (
        when.day(on, wiki.now(), wiki.zone)
        if on
        else moment_of(wiki, asked).astimezone(wiki.zone).date()
    )
    if day > wiki.now().date():
        raise BadInput(
            "day-ahead",
            _("{day} is still to come.").format(day=day),
            _("A promise is settled on a day that has come."),
        )
    ref = lookup.record(wiki, record, or_customer=True)

    def edit(before: checking.Checked, _who: str) -> str:
        index, item = _promise(before, own)
        return with_edits(before.document.text, _settling(index, item, key, day))

    echo = [_("Day: {day}").format(day=day)] if on else []
    revision = Revision("update", "settle", edit, occurred=day.isoformat(), echo=echo)
    return revise(wiki, ref, asked, revision)


def _promise(before: checking.Checked, own: str) -> tuple[int, Mapping[str, Any]]:
    found = _promises(before)
    hits = [pair for pair in found if str(pair[1].get("id")) == own]
    if not own:
        hits = [pair for pair in found if pair[1].get("status", "open") == "open"]
    if len(hits) == 1:
        return hits[0]
    names = ", ".join(f"{before.ref}#{item.get('id')}" for _index, item in found)
    raise NotFound(
        "no-promise",
        _("{ref} has no promise {id}.").format(ref=before.ref, id=own)
        if own
        else _("{ref} has not exactly one open promise.").format(ref=before.ref),
        _("Its promises: {names}.").format(names=names) if names else _("It has none."),
    )


def _settling(index: int, item: Mapping[str, Any], key: str, day: date) -> list[Edit]:
    status = item.get("status", "open")
    if status not in {"open", "disputed", "broken"}:
        raise BadInput(
            "settled-already",
            _("The promise is settled already: {status}.").format(status=status),
            _("To correct it, use aswiki set with --why."),
        )
    place = ("promises", index)
    if key not in {"kept", "late"}:
        return [Put((*place, "status"), key)]
    due = str(item.get("due_on") or "")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", due):
        if key == "late" and day.isoformat() <= due:
            raise BadInput(
                "not-late",
                _("The promise was due on {due}; kept on {day} it is not late.").format(
                    due=due, day=day
                ),
                _("Give the day with --on, or settle it as kept."),
            )
        key = "late" if day.isoformat() > due else key
    return [Put((*place, "status"), key), Put((*place, "kept_on"), day.isoformat())]

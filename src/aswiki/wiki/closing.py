"""The end of a record: closed, or retired to a tombstone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aswiki.domain import records
from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.store import yaml12_dump
from aswiki.store.frontmatter_edit import Edit, Put
from aswiki.wiki import lookup
from aswiki.wiki.checks import checking
from aswiki.wiki.drafting import Asked, asked_time, by_of, with_edits, written_time
from aswiki.wiki.people import writer
from aswiki.wiki.revising import Revision, require_readable, revise, status_of
from aswiki.wiki.saving import Change, Operation, Saved, save, writing
from aswiki.wiki.wiki import Wiki

TOMBSTONE_KEYS = ("type", "title", "started_at", "received_at", "occurred_at", "period")


def close(wiki: Wiki, words: str, asked: Asked, *, why: str | None = None) -> Saved:
    """Close an event or a complaint, or say that a visit was held.

    Raises:
        BadInput: the record is of another type, closed already, or not whole.
    """
    ref = lookup.record(wiki, words)
    at = written_time(wiki, asked)

    def edit(before: checking.Checked, _who: str) -> str:
        return with_edits(before.document.text, _closing(before, at))

    return revise(wiki, ref, asked, Revision("close", "close", edit, why, at))


def _closing(before: checking.Checked, at: str) -> list[Edit]:
    status = status_of(before)
    if before.record_type == "visit":
        if status == "held":
            raise _closed_already(before)
        return [Put(("status",), "held")]
    if before.record_type not in {"event", "complaint"}:
        raise BadInput(
            "cannot-close",
            _("A record of type {type} cannot be closed.").format(type=before.record_type),
            _("Events, complaints and visits can be."),
        )
    if status == "closed":
        raise _closed_already(before)
    edits: list[Edit] = [Put(("status",), "closed")]
    if before.record_type == "event" and before.fields.get("resolved_at") is None:
        edits.append(Put(("resolved_at",), at))
    if before.fields.get("closed_at") is None:
        edits.append(Put(("closed_at",), at))
    return edits


def _closed_already(before: checking.Checked) -> BadInput:
    return BadInput(
        "closed-already",
        _("{ref} is closed already.").format(ref=before.ref),
        _("aswiki show {ref} says when.").format(ref=before.ref),
    )


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
        require_readable(before)
        at = written_time(wiki, asked)
        text = tombstone(before.fields, why=why, by=by_of(wiki, asked, who.id), at=at)
        subject = (
            f"{op}({records.customer_of(ref) or before.record_type}): {before.fields.get('title')}"
        )
        people = [who.change] if who.change else []
        change = Change(path, raw, text.encode())
        saved = save(wiki, [change, *people], Operation(op, subject, at), dry_run=asked.dry_run)
        warnings = [who.warning] if who.warning else []
        return replace(saved, warnings=warnings, echo=asked_time(wiki, asked))


def tombstone(fields: Mapping[str, Any], *, why: str, by: str, at: str) -> str:
    """The file that stays of a record."""
    kept = {key: fields[key] for key in TOMBSTONE_KEYS if key in fields}
    retired = {"why": why, "by": by, "at": at}
    front = yaml12_dump.dump({**kept, "status": "retired", "retired": retired})
    return f"---\n{front}---\n"

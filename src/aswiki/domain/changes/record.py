"""One record compared with its earlier self: facts, promises, log entries and prose."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from aswiki.domain import records
from aswiki.domain.changes.comparison import (
    PromiseChange,
    ProseChange,
    RecordChange,
    State,
    Status,
)
from aswiki.domain.changes.fields import FieldChange, field_changes
from aswiki.domain.changes.words import words
from aswiki.domain.records.common import abouts
from aswiki.domain.vocabulary import Vocabulary

_SHOWN_APART = frozenset({"type", "log", "retired"})


def record_change(
    before: State | None, after: State | None, vocabulary: Vocabulary
) -> RecordChange:
    """How one record differs between two versions, of which one may not be there."""
    here = after or before
    if here is None:
        raise ValueError("a record that was never there has no change")
    ref = records.reference(here.path)
    sides = [side for side in (before, after) if side is not None]
    whole = RecordChange(
        ref=ref,
        path=here.path,
        customer=records.customer_of(ref),
        type=records.type_of(here.path) or "",
        status=_status(before, after),
        title=next((side.title for side in reversed(sides) if side.title), ""),
        was=records.reference(before.path) if before and before.path != here.path else "",
        unreadable=tuple(side.unreadable for side in sides if side.unreadable),
    )
    if whole.unreadable or whole.status in {"removed", "restored"}:
        return whole
    if whole.status == "retired":
        return replace(whole, retired=dict(here.fields.get("retired") or {}))
    old, new = before or State(here.path), after or State(here.path)
    return _compared(whole, old, new, vocabulary)


def _status(before: State | None, after: State | None) -> Status:
    if after is None:
        return "removed"
    if after.is_retired and not (before and before.is_retired):
        return "retired"
    if before is None:
        return "added"
    if before.is_retired and not after.is_retired and not after.unreadable:
        return "restored"
    return "renamed" if before.path != after.path else "changed"


def _compared(whole: RecordChange, old: State, new: State, vocabulary: Vocabulary) -> RecordChange:
    known = abouts(records.model(whole.type))
    sections = {key for key, about in known.items() if about.section}
    left_out = _SHOWN_APART | sections
    before = {key: value for key, value in old.fields.items() if key not in left_out}
    after = {key: value for key, value in new.fields.items() if key not in left_out}
    promises = tuple(_promises(before, after))
    told = {change.id for change in promises}
    facts = (
        change
        for change in field_changes(before, after, known, vocabulary)
        if not _is_told(change, told)
    )
    added, removed = _entries(old, new)
    return replace(
        whole,
        fields=tuple(facts),
        log=added,
        log_removed=removed,
        promises=promises,
        body=tuple(_prose(old, new, {key: known[key] for key in known if key in sections})),
    )


def _is_told(change: FieldChange, promises: set[str]) -> bool:
    """Whether the list of promises tells it: a new one, or what became of one."""
    path = change.path
    if path[0] != "promises" or path[1:2] == () or path[1] not in promises:
        return False
    return len(path) == 2 or path[2] in {"status", "kept_on"}


def _promises(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[PromiseChange]:
    before, after = _by_id(old), _by_id(new)
    for own in [*before, *(own for own in after if own not in before)]:
        was, now = before.get(own), after.get(own)
        states = _state(was), _state(now)
        if states[0] != states[1]:
            said = now or was or {}
            what, due, kept = (str(said.get(key) or "") for key in ("what", "due_on", "kept_on"))
            yield PromiseChange(own, what, _promiser(said.get("by")), *states, due, kept)


def _by_id(fields: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    found = fields.get("promises")
    items = found if isinstance(found, list) else []
    known = [item for item in items if isinstance(item, Mapping) and item.get("id") is not None]
    return {str(item["id"]): item for item in known}


def _promiser(by: object) -> str:
    """A person and a department as one text."""
    said = [by.get("person"), by.get("department")] if isinstance(by, Mapping) else [by]
    return " / ".join(str(word) for word in said if word)


def _state(promise: Mapping[str, Any] | None) -> str | None:
    return None if promise is None else str(promise.get("status") or "open")


def _entries(
    old: State, new: State
) -> tuple[tuple[Mapping[str, Any], ...], tuple[Mapping[str, Any], ...]]:
    """The log entries that only the new, and that only the old version has."""
    sides = [[*(side.fields.get("log") or ())] for side in (old, new)]
    counts = [Counter(map(_told, side)) for side in sides]
    return (
        tuple(_only(sides[1], counts[1] - counts[0])),
        tuple(_only(sides[0], counts[0] - counts[1])),
    )


def _told(entry: Mapping[str, Any]) -> tuple[str, ...]:
    moment = entry.get("at")
    at = str(moment.timestamp() if isinstance(moment, datetime) else moment)
    rest = (str(entry.get(key) or "") for key in ("by", "kind", "from", "to", "level", "text"))
    words = (*rest, str(entry.get("quote") or ""))
    return (at, *(unicodedata.normalize("NFC", word) for word in words))


def _only(
    entries: list[Mapping[str, Any]], left: Counter[tuple[str, ...]]
) -> Iterator[Mapping[str, Any]]:
    for entry in entries:
        if left[_told(entry)] > 0:
            left[_told(entry)] -= 1
            yield entry


def _prose(old: State, new: State, sections: Mapping[str, Any]) -> Iterator[ProseChange]:
    for key, about in sections.items():
        texts = [_text(side.fields.get(key)) for side in (old, new)]
        if key != "log" and texts[0] != texts[1]:
            yield ProseChange(key, about.en, about.zh, words(*texts))
    for key in [*old.prose, *(key for key in new.prose if key not in old.prose)]:
        texts = [_text(side.prose.get(key)) for side in (old, new)]
        if texts[0] != texts[1]:
            yield ProseChange(key, key or "Text", key or "正文", words(*texts))


def _text(value: object) -> str:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else ""

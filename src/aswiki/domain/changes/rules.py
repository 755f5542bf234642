"""The rules about change: what may not differ between two versions of a record."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aswiki.domain.changes.identity import IDENTITIES
from aswiki.domain.problem import Finding, Loc
from aswiki.domain.records.common import LogEntry, Part, Record, abouts
from aswiki.lang import _

FRESHNESS = frozenset({"reviewed_on", "as_of"})
"""Dates that are there to be moved: they say when a part was last looked at."""


@dataclass(frozen=True)
class _Moved:
    """What needs a reason: its dotted key as people say it, and its place in the record after."""

    key: str
    loc: Loc


def is_why_needed(before: Record, after: Record) -> list[str]:
    """The dotted keys whose change needs a reason (rule 21): severity lowered, person, dates."""
    return [moved.key for moved in _to_explain(before, after)]


def _to_explain(before: Record, after: Record) -> list[_Moved]:
    found = list(_moved_dates(before, after))
    if _is_lowered(_severity(before), _severity(after)):
        found.append(_Moved("severity", ("severity",)))
    old, new = getattr(before, "responsible", None), getattr(after, "responsible", None)
    if old is not None and old.person is not None and (new is None or new.person != old.person):
        found.append(_Moved("responsible.person", ("responsible", "person")))
    return sorted(found, key=lambda moved: moved.key)


def _severity(record: Record) -> int | None:
    severity = getattr(record, "severity", None)
    return int(severity[1]) if severity in {"P0", "P1", "P2", "P3", "P4"} else None


def _is_lowered(before: int | None, after: int | None) -> bool:
    """Whether a severity that was given is lower, or gone; the first one lowers nothing."""
    return before is not None and (after is None or after > before)


def _moved_dates(
    before: Part, after: Part | None, said: str = "", loc: Loc = ()
) -> Iterator[_Moved]:
    """The dates that had a value and have another; ``said`` and ``loc`` lead to the two parts."""
    for key, about in abouts(type(before)).items():
        old = getattr(before, about.attribute)
        new = getattr(after, about.attribute, None) if after is not None else None
        if isinstance(old, Part):
            other = new if isinstance(new, Part) else None
            yield from _moved_dates(old, other, f"{said}{key}.", (*loc, key))
        elif isinstance(old, list) and key not in {"log", "released_to", "scan_ok"}:
            others = new if isinstance(new, list) else []
            yield from _moved_in_list(old, others, f"{said}{key}.", (*loc, key))
        elif isinstance(old, date | datetime) and key not in FRESHNESS and new != old:
            yield _Moved(f"{said}{key}", (*loc, key))


def _moved_in_list(old: list[Any], new: list[Any], said: str, loc: Loc) -> Iterator[_Moved]:
    """The same in items that came from one another: by what names them, else as the rest stands.

    An item that came, went or stands elsewhere has moved no date; one with an id has no other.
    """
    before, after = (_named(str(loc[-1]), items) for items in (old, new))
    places = {name: at for at, name in enumerate(after)}
    rest = iter([at for at, name in enumerate(after) if name not in before])
    for index, (item, name) in enumerate(zip(old, before, strict=True)):
        if not isinstance(item, Part):
            continue
        at = places.get(name)
        if at is None and getattr(item, "id", None) is None:
            at = next(rest, None)
        if at is not None:
            yield from _moved_dates(item, new[at], f"{said}{index + 1}.", (*loc, at))


def _named(key: str, items: list[Any]) -> list[tuple[str, ...]]:
    """What each item of a list is known by, no two the same."""
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for item in items:
        known = abouts(type(item)) if isinstance(item, Part) else {}
        keys = [each for each in IDENTITIES.get(key, ()) if each in known]
        own = tuple(str(getattr(item, known[each].attribute)) for each in keys)
        seen[own] += 1
        found.append((*own, f"#{seen[own]}"))
    return found


def _entry(entry: LogEntry) -> tuple[object, ...]:
    texts = (entry.by, entry.from_, entry.to, entry.text, entry.quote)
    when = entry.at.timestamp() if isinstance(entry.at, datetime) else entry.at.isoformat()
    return (when, entry.kind, entry.level, *(_nfc(text) for text in texts))


def _nfc(text: str | None) -> str | None:
    return None if text is None else unicodedata.normalize("NFC", text)


def _kept_words(part: Part, loc: Loc = ()) -> Iterator[tuple[Loc, str]]:
    """Every verbatim and quote of a record outside its log, with its place."""
    for key, about in abouts(type(part)).items():
        value = getattr(part, about.attribute)
        if key == "log":
            continue
        if isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, Part):
                    yield from _kept_words(item, (*loc, key, index))
        elif isinstance(value, Part):
            yield from _kept_words(value, (*loc, key))
        elif key in {"verbatim", "quote"} and isinstance(value, str):
            yield (*loc, key), unicodedata.normalize("NFC", value)


def _field(loc: Loc) -> str:
    """A place as people say it, whichever item of a list it is."""
    return ".".join(part for part in loc if isinstance(part, str))


def altered_evidence(before: Record, after: Record) -> Iterator[Finding]:
    """Rule 20: a log entry, quote or verbatim that was removed or altered."""
    missing = Counter(map(_entry, before.log)) - Counter(map(_entry, after.log))
    for entry in before.log:
        if missing[_entry(entry)] > 0:
            missing[_entry(entry)] -= 1
            yield Finding(
                "ASW020",
                ("log",),
                _("The log entry of {at} was removed or altered.").format(at=entry.at),
                _("Put it back; what was wrong in it is said by a new entry."),
            )
    kept = Counter((_field(loc), words) for loc, words in _kept_words(after))
    for loc, words in _kept_words(before):
        kept[_field(loc), words] -= 1
        if kept[_field(loc), words] < 0:
            yield Finding(
                "ASW020",
                loc,
                _("{field} was removed or altered: {words}").format(
                    field=_field(loc), words=" ".join(words.split())[:60]
                ),
                _("Put it back: what somebody said stays as it was said."),
            )


def unexplained_change(before: Record, after: Record) -> Iterator[Finding]:
    """Rule 21: severity, a responsible person or a date moved, and no new log entry says why."""
    moved = _to_explain(before, after)
    added = Counter(map(_entry, after.log)) - Counter(map(_entry, before.log))
    if moved and not added:
        for each in moved:
            yield Finding(
                "ASW021",
                each.loc,
                _("{field} was changed, and no log entry says why.").format(field=each.key),
                _("Add a log entry with the reason: aswiki append RECORD TEXT."),
            )


def forbidden_changes(before: Record, after: Record) -> list[Finding]:
    """What rules 20 and 21 find between two versions of one record."""
    return [*altered_evidence(before, after), *unexplained_change(before, after)]


def deleted() -> Finding:
    """Rule 22: a record that went away without a tombstone."""
    return Finding(
        "ASW022",
        (),
        _("The record was deleted; a record leaves a tombstone."),
        _("Bring it back with git checkout, then aswiki retire it."),
    )


def moved_by_hand() -> Finding:
    """Rule 22: a record that came under another name otherwise than by ``rename``."""
    return Finding(
        "ASW022",
        (),
        _("The record was moved here by hand; its references and history would be lost."),
        _("Move it back: a changed title or date does not move the file."),
    )


def brought_back() -> Finding:
    """Rule 22: a record in the place of its tombstone."""
    return Finding("ASW022", (), _("A tombstone stays as it is."), _("Write a new record."))

"""The rules about change: what may not differ between two versions of a record."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from aswiki.domain.problem import Finding
from aswiki.domain.records.common import About, LogEntry, Part, Record, abouts
from aswiki.lang import _

FRESHNESS = frozenset({"reviewed_on", "as_of"})
"""Dates that are there to be moved: they say when a part was last looked at."""


def is_why_needed(before: Record, after: Record) -> list[str]:
    """The dotted keys whose change needs a reason (rule 21): severity lowered, person, dates."""
    keys = [".".join(path) for path in _moved_dates(before, after)]
    if _severity(after) > _severity(before):
        keys.append("severity")
    old, new = getattr(before, "responsible", None), getattr(after, "responsible", None)
    if old is not None and old.person is not None and (new is None or new.person != old.person):
        keys.append("responsible.person")
    return sorted(keys)


def _severity(record: Record) -> int:
    severity = getattr(record, "severity", None)
    return int(severity[1]) if severity in {"P0", "P1", "P2", "P3", "P4"} else -1


def _moved_dates(
    before: Part, after: Part | None, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    for key, about in abouts(type(before)).items():
        old = getattr(before, about.attribute)
        new = getattr(after, about.attribute, None) if after is not None else None
        if isinstance(old, Part):
            yield from _moved_dates(old, new if isinstance(new, Part) else None, (*path, key))
        elif isinstance(old, list) and key not in {"log", "released_to", "scan_ok"}:
            yield from _moved_in_list(about, old, new if isinstance(new, list) else [], path)
        elif isinstance(old, date | datetime) and key not in FRESHNESS and new != old:
            yield (*path, key)


def _moved_in_list(
    about: About, old: list[Any], new: list[Any], path: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    by_id = {item.id: item for item in new if getattr(item, "id", None) is not None}
    for index, item in enumerate(old):
        if not isinstance(item, Part):
            continue
        own = getattr(item, "id", None)
        other = by_id.get(own) if own is not None else None
        if other is None and own is None and index < len(new):
            other = new[index]
        if other is not None:
            yield from _moved_dates(item, other, (*path, about.key, str(index + 1)))


def _entry(entry: LogEntry) -> tuple[object, ...]:
    texts = (entry.by, entry.from_, entry.to, entry.text, entry.quote)
    when = entry.at.timestamp() if isinstance(entry.at, datetime) else entry.at.isoformat()
    return (when, entry.kind, entry.level, *(_nfc(text) for text in texts))


def _nfc(text: str | None) -> str | None:
    return None if text is None else unicodedata.normalize("NFC", text)


def _kept_words(part: Part, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every verbatim and quote of a record outside its log, with its place."""
    for key, about in abouts(type(part)).items():
        value = getattr(part, about.attribute)
        items = value if isinstance(value, list) else [value]
        for item in items if key != "log" else ():
            if isinstance(item, Part):
                yield from _kept_words(item, (*path, key))
            elif key in {"verbatim", "quote"} and isinstance(item, str):
                yield (*path, key), unicodedata.normalize("NFC", item)


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
    lost = Counter(_kept_words(before)) - Counter(_kept_words(after))
    for (path, words), count in lost.items():
        if count > 0:
            yield Finding(
                "ASW020",
                (path[0],),
                _("{field} was removed or altered: {words}").format(
                    field=".".join(path), words=words[:60]
                ),
                _("Put it back: what somebody said stays as it was said."),
            )


def unexplained_change(before: Record, after: Record) -> Iterator[Finding]:
    """Rule 21: severity, a responsible person or a date moved, and no new log entry says why."""
    keys = is_why_needed(before, after)
    added = Counter(map(_entry, after.log)) - Counter(map(_entry, before.log))
    if keys and not added:
        for key in keys:
            yield Finding(
                "ASW021",
                tuple(key.split(".")[:1]),
                _("{field} was changed, and no log entry says why.").format(field=key),
                _("Add a log entry with the reason: aswiki append RECORD TEXT."),
            )


def forbidden_changes(before: Record, after: Record) -> list[Finding]:
    """What rules 20 and 21 find between two versions of one record."""
    return [*altered_evidence(before, after), *unexplained_change(before, after)]

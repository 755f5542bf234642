"""Records and customers listed, by what their front matter says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from aswiki.domain import records
from aswiki.domain.vocabulary import OPEN_COMPLAINT_EXCLUDES, OPEN_EVENT_EXCLUDES
from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.store import document
from aswiki.wiki.wiki import Wiki

_LISTED_WORDS: Mapping[str, Mapping[str, str]] = {
    "event": {"kind": "event_kind", "status": "event_status", "severity": "severity"},
    "visit": {"kind": "visit_kind", "status": "visit_status", "weather": "weather"},
    "complaint": {"category": "complaint_category", "status": "complaint_status"},
    "communication": {"kind": "communication_kind"},
    "note": {"kind": "note_kind"},
    "churn": {"reason": "churn_reason"},
    "profile": {"account_level": "account_level", "lifecycle": "lifecycle"},
}
_OPEN = {"event": OPEN_EVENT_EXCLUDES, "complaint": OPEN_COMPLAINT_EXCLUDES}


@dataclass(frozen=True)
class Listing:
    """The records that matched, and the files that could not be read."""

    rows: list[dict[str, Any]]
    skipped: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Wanted:
    """What ``list`` is asked for; None asks for everything.

    Args:
        record_type: a type's key.
        customer: a customer's slug.
        status: a status, by key or label.
        kind: a kind (of a complaint its category), by key or label.
        owner: a person's id.
        since: first day of occurrence.
        until: last day of occurrence.
        where: dotted keys and the values they must have.
    """

    record_type: str | None = None
    customer: str | None = None
    status: str | None = None
    kind: str | None = None
    owner: str | None = None
    since: date | None = None
    until: date | None = None
    where: Sequence[tuple[str, str]] = ()


def list_records(wiki: Wiki, wanted: Wanted) -> Listing:
    """Every record that matches, tombstones left out, in the order of their files."""
    rows: list[dict[str, Any]] = []
    skipped: list[str] = []
    for path in wiki.paths(wanted.customer):
        record_type = records.type_of(path) or ""
        if wanted.record_type not in (None, record_type):
            continue
        data = _front(wiki, path)
        if data is None:
            skipped.append(path)
        elif data.get("status") != "retired" and _matches(wiki, record_type, data, wanted):
            rows.append(_row(wiki, path, record_type, data))
    return Listing(rows, skipped)


def _front(wiki: Wiki, path: str) -> Mapping[str, Any] | None:
    raw = wiki.readable(path)
    doc = document.read(path, raw) if raw is not None else None
    unreadable = {"ASW101", "ASW110", "ASW111", "ASW112"}
    if doc is None or any(problem.code in unreadable for problem in doc.problems):
        return None
    return doc.data


def _row(wiki: Wiki, path: str, record_type: str, data: Mapping[str, Any]) -> dict[str, Any]:
    ref = records.reference(path)
    words = _LISTED_WORDS.get(record_type, {})
    status = _word(wiki, words.get("status"), data.get("status"))
    row: dict[str, Any] = {
        "ref": ref,
        "type": record_type,
        "customer": records.customer_of(ref),
        "title": data.get("title"),
        "status": status,
        "occurred": _iso(occurred(wiki, record_type, data)),
        "owner": data.get("owner"),
    }
    for key, vocabulary in words.items():
        if key != "status":
            row[key] = _word(wiki, vocabulary, data.get(key))
    if record_type in _OPEN:
        row["open"] = status not in _OPEN[record_type]
    return row


def _word(wiki: Wiki, vocabulary: str | None, value: object) -> object:
    if vocabulary is None or not isinstance(value, str):
        return value
    return wiki.vocabulary.key(vocabulary, value) or value


def occurred(wiki: Wiki, record_type: str, data: Mapping[str, Any]) -> datetime | date | str | None:
    """When a record says it happened: a time, a bare date, a month, or None."""
    key = records.TIME_KEYS.get(record_type)
    value = data.get(key) if key else None
    if not isinstance(value, str):
        return None
    from aswiki.domain.records.moments import moment

    return moment(value, wiki.zone) or value


def _iso(value: datetime | date | str | None) -> str | None:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def _matches(wiki: Wiki, record_type: str, data: Mapping[str, Any], wanted: Wanted) -> bool:
    words = _LISTED_WORDS.get(record_type, {})
    for key, given in (("status", wanted.status), ("kind", wanted.kind)):
        name = "category" if key == "kind" and record_type == "complaint" else key
        if given is not None and not _same_word(wiki, words.get(name), data.get(name), given):
            return False
    if wanted.owner is not None and str(data.get("owner", "")) != wanted.owner:
        return False
    if not _in_days(wiki, record_type, data, wanted):
        return False
    return all(_has(wiki, words, data, key, value) for key, value in wanted.where)


def _same_word(wiki: Wiki, vocabulary: str | None, value: object, given: str) -> bool:
    if value is None:
        return False
    if vocabulary is None:
        return str(value).casefold() == given.casefold()
    return _word(wiki, vocabulary, value) == (wiki.vocabulary.key(vocabulary, given) or given)


def _in_days(wiki: Wiki, record_type: str, data: Mapping[str, Any], wanted: Wanted) -> bool:
    if wanted.since is None and wanted.until is None:
        return True
    first, last = _days(wiki, occurred(wiki, record_type, data))
    if first is None or last is None:
        return False
    after = wanted.since is None or last >= wanted.since
    return after and (wanted.until is None or first <= wanted.until)


def _days(wiki: Wiki, value: datetime | date | str | None) -> tuple[date | None, date | None]:
    """The first and the last day of an occurrence in the wiki's zone; a month has many."""
    if isinstance(value, datetime):
        day = value.astimezone(wiki.zone).date()
        return day, day
    if isinstance(value, date):
        return value, value
    try:
        first = date.fromisoformat(f"{value}-01")
    except ValueError:
        return None, None
    following = (first + timedelta(days=32)).replace(day=1)
    return first, following - timedelta(days=1)


def _has(
    wiki: Wiki, words: Mapping[str, str], data: Mapping[str, Any], key: str, value: str
) -> bool:
    here: object = data
    for step in key.split("."):
        if isinstance(here, list) and step.isdecimal() and 0 < int(step) <= len(here):
            here = here[int(step) - 1]
        else:
            here = here.get(step) if isinstance(here, Mapping) else None
    found = here if isinstance(here, list) else [here]
    return any(_same_word(wiki, words.get(key), item, value) for item in found)


def where_of(text: str) -> tuple[str, str]:
    """Key and value of ``--where KEY=VALUE``.

    Raises:
        BadInput: there is no ``=``.
    """
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise BadInput(
            "bad-where",
            _("{text} is not KEY=VALUE.").format(text=text),
            _("For instance --where severity=P1."),
        )
    return key.strip(), value.strip()


def open_matters(wiki: Wiki, customer: str) -> Iterator[dict[str, Any]]:
    """The customer's events and complaints that are open, newest first."""
    rows = list_records(wiki, Wanted(customer=customer)).rows
    found = [row for row in rows if row.get("open")]
    yield from sorted(found, key=lambda row: str(row["occurred"]), reverse=True)

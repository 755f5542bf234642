"""One record shown, now or as it was known then, and its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aswiki.domain import records
from aswiki.wiki import lookup
from aswiki.wiki.lineage import commits_of
from aswiki.wiki.listing import occurred
from aswiki.wiki.wiki import Wiki, not_found

if TYPE_CHECKING:
    from aswiki.store.git import Commit


@dataclass(frozen=True)
class Shown:
    """One record as ``show`` answers it.

    Args:
        ref: its reference.
        path: its path from the wiki's root.
        record_type: its type.
        fields: front matter, sections and the parsed log, as plain data.
        body: the raw text after the front matter.
        history: its commits, newest first.
        lateness_days: days from the occurrence to the first commit; None where either is unknown.
        problems: what is wrong with it, as sentences with their place.
    """

    ref: str
    path: str
    record_type: str
    fields: Mapping[str, Any]
    body: str
    history: list[dict[str, Any]]
    lateness_days: int | None
    problems: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        """The document of ``show --json``."""
        return {
            "ref": self.ref,
            "path": self.path,
            "type": self.record_type,
            "fields": self.fields,
            "body": self.body,
            "history": self.history,
            "lateness_days": self.lateness_days,
        }


def show(wiki: Wiki, words: str, as_of: str | None = None) -> Shown:
    """One record with its fields and history, now or as it was known then.

    Raises:
        NotFound: no such record, or none then.
    """
    if as_of is None:
        ref = lookup.record(wiki, words, or_customer=True)
        raw = wiki.bytes_of(records.path_of(ref))
        commits = commits_of(wiki.repository, records.path_of(ref))
    else:
        rev = lookup.revision(wiki, as_of)
        ref = lookup.record_at(wiki, words, rev)
        raw = wiki.repository.blob(rev, records.path_of(ref))
        commits = commits_of(wiki.repository, records.path_of(ref), rev)
    if raw is None:
        raise not_found(words, [])
    return shown(wiki, ref, raw, commits)


def shown(wiki: Wiki, ref: str, raw: bytes, commits: Sequence[Commit]) -> Shown:
    """The record of these bytes, with the commits that made it so, newest first."""
    from aswiki.wiki.checks.checking import Checker

    path = records.path_of(ref)
    checked = Checker(wiki).read(path, raw)
    fields = {k: v for k, v in checked.fields.items() if v is not None}
    if checked.record is not None:
        fields = _plain(checked.record, fields)
    return Shown(
        ref,
        path,
        checked.record_type,
        fields,
        checked.document.body,
        [commit_row(commit) for commit in commits],
        _lateness(wiki, checked.record_type, checked.fields, commits),
        [f"{p.line}:{p.column}: {p.code} {p.message}" for p in checked.problems],
    )


def _plain(record: Any, raw: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - any Record
    """The record's values as plain data, and the keys that are the user's own."""
    found = _filled(record.model_dump(by_alias=True, exclude_none=True))
    order = [*raw, *(key for key in found if key not in raw)]
    values = {key: found.get(key, raw.get(key)) for key in order}
    return {key: value for key, value in values.items() if value not in (None, [])}


def _filled(data: Any) -> Any:  # noqa: ANN401 - plain data of any shape
    """The data without the empty lists of what was not given."""
    if isinstance(data, dict):
        return {key: _filled(value) for key, value in data.items() if value != []}
    return [_filled(item) for item in data] if isinstance(data, list) else data


def _lateness(
    wiki: Wiki, record_type: str, data: Mapping[str, Any], commits: Sequence[Commit]
) -> int | None:
    from aswiki.domain.checks.surroundings import start_of

    when = occurred(wiki, record_type, data)
    if not commits or when is None or isinstance(when, str):
        return None
    return (commits[-1].at - start_of(when, wiki.zone)).days


def commit_row(commit: Commit) -> dict[str, Any]:
    """A commit as ``history`` lists it."""
    said = dict(commit.trailers)
    return {
        "commit": commit.hash,
        "at": commit.at.isoformat(),
        "by": commit.name,
        "op": commit.op,
        "email": commit.email,
        "subject": commit.subject,
        "occurred": said.get("Aswiki-Occurred"),
    }


def history(wiki: Wiki, words: str) -> list[dict[str, Any]]:
    """The commits of one record, newest first.

    Raises:
        NotFound: no such record.
    """
    ref = lookup.record(wiki, words, or_customer=True)
    commits = commits_of(wiki.repository, records.path_of(ref))
    return [commit_row(commit) for commit in commits]

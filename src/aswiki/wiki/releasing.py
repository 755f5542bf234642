"""The leave to show a record's present words to a reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aswiki.domain import records
from aswiki.domain.checks.leaking import CODE as LEAK
from aswiki.domain.checks.rules import text_sha256
from aswiki.domain.readers.narrowing import why_closed
from aswiki.domain.records.common import abouts
from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.store.frontmatter_edit import Add, Edit, Put
from aswiki.wiki import lookup
from aswiki.wiki.checks import checking
from aswiki.wiki.drafting import Asked, by_of, with_edits, written_time
from aswiki.wiki.editing import no_word
from aswiki.wiki.revising import Revision, revise
from aswiki.wiki.saving import Saved
from aswiki.wiki.wiki import Wiki

DEFAULT_FIELD = "customer_text"
WORDING = "wording"


def release(
    wiki: Wiki, words: str, asked: Asked, *, audience: str, field: str = DEFAULT_FIELD
) -> Saved:
    """Say that a reader may see a section as it stands now, or an inquiry's wording for them.

    A former release of the same section to the same reader gives way.

    Args:
        wiki: the open wiki.
        words: the record.
        asked: the shared options; ``--by`` is who releases.
        audience: the reader, by key or label.
        field: the section, by key or heading; ``wording`` for what an inquiry says to the reader.

    Raises:
        BadInput: no such reader or section, there is nothing to release, or it gives away what
            the leak scan looks for.
    """
    reader = wiki.vocabulary.key("reader", audience)
    if reader is None:
        raise no_word(wiki, "reader", audience)
    at = written_time(wiki, asked)

    def edit(before: checking.Checked, who: str) -> str:
        key = _key(before, field)
        new = {
            "audience": reader,
            "field": key,
            "by": by_of(wiki, asked, who),
            "at": at,
            "sha256": text_sha256(_text(before, key, reader)),
        }
        return with_edits(before.document.text, [_edit(before, new)])

    ref = lookup.record(wiki, words, or_customer=True)
    revision = Revision("update", "release", edit, occurred=at, never=frozenset({LEAK}))
    saved = revise(wiki, ref, asked, revision)
    why = _why_closed(wiki, ref, reader)
    if why is not None:
        told = _("{reader} will not see it, whatever is released: {why}")
        warning = told.format(reader=reader, why=why)
        return replace(saved, warnings=[*saved.warnings, warning])
    return saved


def _why_closed(wiki: Wiki, ref: str, reader: str) -> str | None:
    """The sentence that says why a record is not for a reader at all, or None."""
    path = records.path_of(ref)
    record = checking.Checker(wiki).read(path, wiki.bytes_of(path) or b"").record
    why = why_closed(record, reader) if record is not None else None
    return None if why is None else _(why).format(reader=reader)


def _key(before: checking.Checked, field: str) -> str:
    known = abouts(records.model(before.record_type))
    folded = field.strip().casefold()
    for key, about in known.items():
        if about.section and key != "log" and folded in {key, about.en.casefold(), about.zh}:
            return key
    if folded == WORDING and WORDING in known:
        return WORDING
    raise BadInput(
        "unknown-field",
        _("{field} is no text that can be released.").format(field=field),
        _("Leave --field out for the customer text; an inquiry has its wording besides."),
    )


def _text(before: checking.Checked, key: str, reader: str) -> str:
    found = before.fields.get(key)
    if key == WORDING:
        record = before.record
        wordings = getattr(record, WORDING, [])
        found = next((each.text for each in wordings if each.audience == reader), None)
    if not isinstance(found, str) or not found.strip():
        raise BadInput(
            "nothing-to-release",
            _("{ref} has no {field} to release.").format(ref=before.ref, field=key),
            _("Write it first, for instance with aswiki set RECORD customer_text=…"),
        )
    return found


def _edit(before: checking.Checked, new: Mapping[str, Any]) -> Edit:
    said = before.fields.get("released_to")
    for index, item in enumerate(said if isinstance(said, list) else ()):
        if not isinstance(item, dict) or item.get("audience") != new["audience"]:
            continue
        if (item.get("field") or DEFAULT_FIELD) == new["field"]:
            return Put(("released_to", index), dict(new))
    return Add(("released_to",), dict(new))

"""A record's facts as lines of text, each with the whole way to it, so that it can stand alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aswiki.domain import records
from aswiki.domain.changes.fields import field_changes, leaves
from aswiki.domain.records.common import abouts
from aswiki.domain.vocabulary import Vocabulary
from aswiki.lang import current
from aswiki.render.change_lines import Words


def facts(data: Mapping[str, Any], record_type: str, vocabulary: Vocabulary) -> Iterator[str]:
    """The title as a heading, then ``label: value``; a row of a bill is one line.

    Args:
        data: the front matter.
        record_type: of the record.
        vocabulary: the words with their labels; they are in the language in use.
    """
    known = abouts(records.model(record_type))
    language = current()
    words = Words(vocabulary, language, whole=True)
    rest = {key: value for key, value in data.items() if key != "title"}
    if record_type == "usage":
        told = field_changes({}, rest, known, vocabulary)
    else:
        told = leaves(rest, known, vocabulary)
    yield f"# {data.get('title', '')}"
    for fact in told:
        lines = words.said(fact.after, fact.about).split("\n")
        yield f"{fact.label(language)}: {lines[0]}"
        yield from (f"  {line}" for line in lines[1:])

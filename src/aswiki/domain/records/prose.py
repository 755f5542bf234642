"""The sections of a record type: the fields whose value is prose of the body."""

from __future__ import annotations

from aswiki.domain.records import model
from aswiki.domain.records.common import About, abouts


def section_abouts(record_type: str) -> dict[str, About]:
    """What is said about a type's sections, by key; empty for a word that is no type."""
    try:
        shape = model(record_type)
    except ImportError:
        return {}
    return {key: about for key, about in abouts(shape).items() if about.section}

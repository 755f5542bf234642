"""One version of a record as plain lines, a fact a line by its label: what git compares."""

from __future__ import annotations

from pathlib import Path

from aswiki.domain import records
from aswiki.domain.vocabulary import DEFAULT, Vocabulary
from aswiki.errors import AswikiError
from aswiki.store import document


def labelled(raw: bytes, folder: Path | None) -> str:
    """The record's facts by their labels, then its prose as it stands.

    What is no record, or cannot be read as one, comes back as the text that it is.

    Args:
        raw: the bytes of a version.
        folder: of the wiki whose own words are known; None where there is none.
    """
    from aswiki.render.record_lines import facts

    doc = document.read("", raw)
    said = doc.data.get("type")
    vocabulary = _vocabulary(folder)
    record_type = vocabulary.key("record_type", said) if isinstance(said, str) else None
    if record_type not in records.TYPES or any(p.level == "error" for p in doc.problems):
        return doc.text or raw.decode("utf-8", "surrogateescape")
    front = doc.split.front if doc.split is not None else ""
    comments = [f"  {line.strip()}" for line in front.split("\n") if line.lstrip().startswith("#")]
    lines = [*facts(doc.data, record_type, vocabulary), *comments]
    return "\n".join(lines) + "\n" + doc.body


def _vocabulary(folder: Path | None) -> Vocabulary:
    from aswiki.wiki.wiki import Wiki

    try:
        return DEFAULT if folder is None else Wiki.open(folder).vocabulary
    except AswikiError:
        return DEFAULT

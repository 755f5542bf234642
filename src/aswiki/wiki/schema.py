"""The schema of records and settings, with a wiki's own words: its documents, and their files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from aswiki.domain.json_schema import NAMES, Schema, json_schema, named
from aswiki.domain.vocabulary import DEFAULT, Vocabulary
from aswiki.store import files
from aswiki.wiki.wiki import Wiki


def words_of(folder: Path | None) -> Vocabulary:
    """The words allowed in the wiki of a folder; the packaged ones where there is no wiki.

    Raises:
        Unusable: the folder's settings cannot be read.
    """
    return Wiki.open(folder).vocabulary if folder is not None else DEFAULT


def chosen(word: str | None, words: Vocabulary) -> tuple[str, ...]:
    """The types and settings files that a word names by key or label; all for None.

    Raises:
        BadInput: the word names none.
    """
    return NAMES if word is None else (named(word, words),)


def documents(names: Iterable[str], words: Vocabulary) -> dict[str, Schema]:
    """The JSON Schema of each type or settings file, by its name."""
    return {name: json_schema(name, words) for name in names}


def write(folder: Path, schemas: dict[str, Schema]) -> list[Path]:
    """The files written, one ``<name>.schema.json`` a schema, each whole or not at all.

    Raises:
        Unusable: the folder cannot be written.
    """
    written = []
    for name, schema in schemas.items():
        path = folder / f"{name}.schema.json"
        text = json.dumps(schema, ensure_ascii=False, indent=2)
        files.write_atomic(path, f"{text}\n".encode())
        written.append(path)
    return written

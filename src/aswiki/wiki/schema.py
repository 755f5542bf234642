"""The schema of records and settings, with a wiki's own words."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from aswiki.domain.json_schema import NAMES, Schema, json_schema, named
from aswiki.domain.vocabulary import DEFAULT, Vocabulary
from aswiki.lang import current
from aswiki.wiki.wiki import Wiki


def words_of(folder: Path | None) -> Vocabulary:
    """The words allowed in the wiki of a folder; the packaged ones where there is no wiki.

    Raises:
        Unusable: the folder's settings cannot be read.
    """
    return Wiki.open(folder).vocabulary if folder is not None else DEFAULT


def language_of(folder: Path | None) -> str:
    """The language of the wiki of a folder; the one in use where there is no wiki."""
    return Wiki.open(folder).language if folder is not None else current()


def chosen(word: str | None, words: Vocabulary) -> tuple[str, ...]:
    """The types and settings files that a word names by key or label; all for None.

    Raises:
        BadInput: the word names none.
    """
    return NAMES if word is None else (named(word, words),)


def documents(names: Iterable[str], words: Vocabulary) -> dict[str, Schema]:
    """The JSON Schema of each type or settings file, by its name."""
    return {name: json_schema(name, words) for name in names}

"""A record type's JSON Schema as editors want it: of the front matter alone, labels to hover."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aswiki.domain.json_schema import SETTINGS, Schema, json_schema, place
from aswiki.domain.vocabulary import DEFAULT, Vocabulary

DRAFT_07 = "http://json-schema.org/draft-07/schema#"
"""What editors speak; the schema says nothing that later drafts understand otherwise."""

_ANY_NAME = re.compile(r"<[a-z]+>|[0-9]{4}-[0-9]{2}(-[0-9]{2}-<slug>)?")


def front_matter(name: str, language: str, words: Vocabulary = DEFAULT) -> Schema:
    """The schema of a record type's front matter, or of a settings file, in draft-07.

    Sections are no keys of it: in the front matter ``validate`` refuses them. Every field and word
    has a description with both labels, the one of ``language`` first.

    Args:
        name: a record type's key or a settings file's name.
        language: zh or en.
        words: the words allowed, a wiki's own included.
    """
    made = json_schema(name, words)
    made["$schema"] = DRAFT_07
    labels = words.words("record_type").get(name)
    if labels is not None:
        made["title"] = _both(*labels, language)
    fields = made["properties"]
    made["properties"] = {key: said for key, said in fields.items() if not said.get("x-section")}
    for said in _inside(made):
        _describe(said, language)
    return made


def files_of(name: str) -> str:
    """The glob, from the wiki's root, of a record type's files; a settings file's own name."""
    return name if name in SETTINGS else _ANY_NAME.sub("*", place(name))


def _inside(schema: object) -> Iterator[Schema]:
    """Every mapping of a schema, at any depth."""
    if isinstance(schema, dict):
        yield schema
        for key, inner in schema.items():
            if key != "x-labels":
                yield from _inside(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _inside(inner)


def _describe(said: Schema, language: str) -> None:
    en, zh = said.get("x-en"), said.get("x-zh")
    if isinstance(en, str) and isinstance(zh, str):
        said["description"] = _both(en, zh, language)
    labels = said.get("x-labels")
    if isinstance(labels, dict) and "enum" in said:
        known = {key: _both(pair["en"], pair["zh"], language) for key, pair in labels.items()}
        by_label = {label: key for key, pair in labels.items() for label in pair.values()}
        said["enumDescriptions"] = [
            known.get(word) or f"→ {by_label.get(word, word)}" for word in said["enum"]
        ]


def _both(en: str, zh: str, language: str) -> str:
    first, second = (zh, en) if language == "zh" else (en, zh)
    return first if first == second else f"{first} · {second}"

"""The schema as a Markdown page: a table a record type, its parts, and every word with labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from aswiki.domain.config import SCHEMA_VERSION
from aswiki.domain.json_schema import (
    RETIRED,
    SETTINGS,
    Schema,
    json_schema,
    parts_of,
    place,
    shape_of,
)
from aswiki.domain.records import TYPES
from aswiki.domain.records.common import About, Part, Record, Tombstone, abouts
from aswiki.domain.records.types import READERS
from aswiki.domain.vocabulary import DEFAULT, Vocabulary
from aswiki.domain.words import VOCABULARIES
from aswiki.lang import _

Rows = list[list[str]]


def markdown(name: str | None = None, words: Vocabulary = DEFAULT) -> str:
    """The page of one record type or settings file with the words it uses; of all types for None.

    Its sentences are in the language in use, its labels in English and Chinese.
    """
    blocks = [f"# {_labelled(name, words) if name else _version()}", *_legend(name)]
    if name is not None:
        blocks += _type_blocks(name, words)
    else:
        for each in TYPES:
            blocks += [f"## {_labelled(each, words)}", *_type_blocks(each, words)]
    if name not in SETTINGS:
        blocks += _shared_blocks(words)
    used = set(_used(name)) if name else set(VOCABULARIES)
    found = [key for key in VOCABULARIES if key in used]
    if found:
        blocks += ["## " + _("Vocabularies"), *_words_blocks(found, words)]
    return "\n\n".join(blocks) + "\n"


def _version() -> str:
    return _("The schema, version {version}").format(version=SCHEMA_VERSION)


def _labelled(name: str, words: Vocabulary) -> str:
    return " · ".join([name, *words.words("record_type").get(name, ())])


def _legend(name: str | None) -> Iterator[str]:
    if name in SETTINGS:
        return
    yield _(
        "A record is one Markdown file: facts in the front matter, prose in the sections of the "
        "body. A key marked § is such a section, under its English or Chinese label as a heading."
    )
    yield "\n".join(
        [
            "- " + _("Needed: “must” is an error without it; “*” makes the record whole."),
            "- " + _("Kinds: only records of these kinds know the key."),
            "- " + _("Readers: whose reports may show the field; the team reads every file."),
            "- " + _("Needs: the numbered needs of after-sales work that the field answers."),
            "- " + _("A label is accepted wherever its key is; what is written is the key."),
            "- " + _("Keys that start with x_ are your own."),
        ]
    )
    if name is None:
        yield _("The settings: aswiki schema aswiki.toml, aswiki schema people.toml.")


def _type_blocks(name: str, words: Vocabulary) -> Iterator[str]:
    shape = shape_of(name)
    if name not in SETTINGS:
        yield _("File: {path}").format(path=f"`{place(name)}`")
    said = abouts(shape)
    if issubclass(shape, Record):
        shared = abouts(Record)
        said = {key: about for key, about in said.items() if shared.get(key) != about}
    yield from _tables("", said, json_schema(name, words))


def _shared_blocks(words: Vocabulary) -> Iterator[str]:
    yield "## " + _("Every record")
    yield from _tables("", abouts(Record), json_schema("profile", words))
    yield "## " + _("A record taken back: {en} · {zh}").format(en=RETIRED[1], zh=RETIRED[2])
    yield _("The file keeps its type, title, time, status {word} and why it went.").format(
        word=f"`{RETIRED[0]}`"
    )
    kept = {"retired": abouts(Tombstone)["retired"]}
    yield from _tables("", kept, json_schema("profile", words))


def _tables(path: str, said: dict[str, About], schema: Schema) -> Iterator[str]:
    """The table of some fields, then those of the parts inside them, headed by their dotted key."""
    yield _table(_heads(), [_row(about, schema["properties"][key]) for key, about in said.items()])
    for key, about in said.items():
        if about.part is None:
            continue
        inner = f"{path}{key}" + _repeated(about, schema["properties"][key])
        yield f"### `{inner}` · {about.en} · {about.zh}"
        part = {**schema["$defs"][about.part.__name__], "$defs": schema["$defs"]}
        yield from _tables(f"{inner}.", abouts(about.part), part)


def _repeated(about: About, leaf: Schema) -> str:
    if about.many:
        return "[]"
    return ".<id>" if any("additionalProperties" in branch for branch in _branches(leaf)) else ""


def _heads() -> list[str]:
    return [
        _("Key"),
        "English",
        "中文",
        _("Value"),
        _("Needed"),
        _("Kinds"),
        _("Readers"),
        _("Needs"),
    ]


def _row(about: About, leaf: Schema) -> list[str]:
    return [
        f"`{about.key}`" + (" §" if about.section else ""),
        about.en,
        about.zh,
        _value(about, leaf),
        _("must") if about.required else "*" if about.whole else "",
        ", ".join(about.kinds),
        _readers(about.readers) if "x-readers" in leaf else "",
        about.source,
    ]


def _readers(readers: Sequence[str]) -> str:
    return _("all") if len(readers) == len(READERS) else ", ".join(readers)


def _value(about: About, leaf: Schema) -> str:
    one = _one(about, leaf)
    return _("list of {what}").format(what=one) if about.many else one


def _one(about: About, leaf: Schema) -> str:
    """A single value in words: the vocabulary, what it names, or how it is read."""
    if about.vocabulary is not None:
        return _("one of {vocabulary}").format(vocabulary=f"`{about.vocabulary}`")
    if about.part is not None:
        return _("mapping, below")
    known = {
        "person": _("person"),
        "department": _("department"),
        "ref": _("reference"),
        "product": _("product"),
        "moment": _("time"),
        "day": _("day"),
        "month": _("month"),
        "flag": _("true or false"),
        "code": _("text or number"),
        "text_or_number": _("text or number"),
        "text_or_flag": _("text, true or false"),
        "text": _("prose") if about.section else _("text"),
    }
    found = known.get(about.names or "") or known.get(about.form)
    return found or _number(leaf) or _plain(leaf)


def _number(leaf: Schema) -> str:
    found = next((b for b in _branches(leaf) if b.get("type") in ("number", "integer")), None)
    if found is None or "const" in found:
        return ""
    what = _("whole number") if found["type"] == "integer" else _("number")
    low, high = found.get("minimum"), found.get("maximum")
    if high is not None:
        return _("{what} from {low} to {high}").format(what=what, low=low, high=high)
    return what if low is None else _("{what}, {low} or more").format(what=what, low=low)


def _plain(leaf: Schema) -> str:
    branches = list(_branches(leaf))
    words = next((b["enum"] for b in branches if "enum" in b), None)
    if words is None:
        words = next(([b["const"]] for b in branches if "const" in b), None)
    if words is not None:
        return ", ".join(f"`{word}`" for word in words)
    return _("mapping") if any(b.get("type") == "object" for b in branches) else _("text")


def _branches(leaf: Schema) -> Iterator[dict[str, Any]]:
    """A property's schema and those of its alternatives and items."""
    yield leaf
    for branch in [*leaf.get("anyOf", ()), leaf.get("items")]:
        if isinstance(branch, dict):
            yield from _branches(branch)


def _words_blocks(names: Iterable[str], words: Vocabulary) -> Iterator[str]:
    for name in names:
        yield f"### {name}"
        rows = [[f"`{key}`", en, zh] for key, (en, zh) in words.words(name).items()]
        yield _table([_("Key"), "English", "中文"], rows)


def _used(name: str) -> Iterator[str]:
    """The vocabularies that a model's fields take their words from, at any depth."""
    shape = shape_of(name)
    shapes: list[type[Part]] = [shape, *parts_of(shape)]
    for each in shapes:
        yield from (about.vocabulary for about in abouts(each).values() if about.vocabulary)


def _table(heads: Sequence[str], rows: Rows) -> str:
    """A Markdown table without the columns that are empty in every row."""
    kept = [at for at in range(len(heads)) if any(row[at] for row in rows)]
    lines = [[heads[at] for at in kept], ["---"] * len(kept)]
    lines += [[row[at].replace("|", "\\|") for at in kept] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)

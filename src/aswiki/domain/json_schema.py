"""Every record type and settings file as JSON Schema (draft 2020-12), made from its model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from aswiki.domain import config
from aswiki.domain.records import FOLDERS, PAGES, TOP_FOLDERS, TYPES, model
from aswiki.domain.records.common import About, Part, Record, Tombstone, abouts
from aswiki.domain.vocabulary import DEFAULT, Vocabulary
from aswiki.domain.words import VOCABULARIES
from aswiki.errors import BadInput
from aswiki.lang import _

Schema = dict[str, Any]

SETTINGS: dict[str, type[Part]] = {"aswiki.toml": config.Settings, "people.toml": config.People}
NAMES = (*TYPES, *SETTINGS)
"""What has a schema: the eleven record types, then the two settings files."""

RETIRED = ("retired", "Retired", "已撤下")
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TIME = r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?$"
_LIMITS = {"ge": "minimum", "le": "maximum"}


def named(word: str, words: Vocabulary = DEFAULT) -> str:
    """The one of ``NAMES`` that a key or label means.

    Raises:
        BadInput: it means none.
    """
    name = word if word in NAMES else words.key("record_type", word)
    if name in NAMES:
        return str(name)
    near = {label: key for key, pair in words.words("record_type").items() for label in pair}
    near |= {key: key for key in NAMES}
    close = get_close_matches(word.strip().casefold(), near, n=1, cutoff=0.5)
    raise BadInput(
        "unknown-type",
        _("There is no record type {word}.").format(word=word),
        _("Did you mean {key}?").format(key=near[close[0]])
        if close
        else _("Choose one of: {choices}.").format(choices=", ".join(NAMES)),
    )


def shape_of(name: str) -> type[Part]:
    """The model of a record type or settings file."""
    return SETTINGS[name] if name in SETTINGS else model(name)


def place(name: str) -> str:
    """Where the files of a record type, or the settings file, stand in a wiki."""
    for page, record_type in PAGES.items():
        if record_type == name:
            return f"customers/<customer>/{page}"
    for folder, record_type in TOP_FOLDERS.items():
        if record_type == name:
            return f"{folder}/<slug>.md"
    for folder, record_type in FOLDERS.items():
        if record_type == name:
            stem = "2026-10" if name == "usage" else "2026-10-03-<slug>"
            return f"customers/<customer>/{folder}/{stem}.md"
    return name


def json_schema(name: str, words: Vocabulary = DEFAULT) -> Schema:
    """The JSON Schema of one of ``NAMES``, keys in the order of a new file.

    It describes a record's fields: the front matter and, marked ``x-section``, the sections of the
    body. What it cannot say stays with ``validate``: labels in another case, the numbered rules.

    Args:
        name: a record type's key or a settings file's name.
        words: the words allowed, a wiki's own included.
    """
    shape = shape_of(name)
    top, defs = _described(shape, words)
    if issubclass(shape, Record):
        top, defs = _with_alternative(shape, top, defs, words)
    else:
        _tie_settings(top, defs)
    head = {"$schema": _DRAFT, "$id": f"urn:aswiki:schema:{config.SCHEMA_VERSION}:{name}"}
    return {**head, "x-path": place(name), **top, "$defs": dict(sorted(defs.items()))}


def parts_of(shape: type[Part]) -> Iterator[type[Part]]:
    """Every model inside a model, at any depth."""
    for about in abouts(shape).values():
        if about.part is not None:
            yield about.part
            yield from parts_of(about.part)


def _described(shape: type[Part], words: Vocabulary) -> tuple[Schema, dict[str, Schema]]:
    """A model's own schema and those of its parts, by name."""
    made = shape.model_json_schema(by_alias=True)
    inside = made.pop("$defs", {})
    parts = {part.__name__: part for part in parts_of(shape)}
    defs = {name: _part(part, inside[name], words) for name, part in parts.items()}
    return _part(shape, made, words), defs


def _part(shape: type[Part], made: Schema, words: Vocabulary) -> Schema:
    said = abouts(shape)
    return {
        "type": "object",
        "title": shape.__name__,
        "description": (shape.__doc__ or "").partition("\n")[0].replace("``", "`"),
        "properties": {
            key: _property(about, made["properties"][key], words) for key, about in said.items()
        },
        "required": [key for key, about in said.items() if about.required],
        "patternProperties": {"^x_": {}},
        "additionalProperties": False,
    }


def _property(about: About, made: Schema, words: Vocabulary) -> Schema:
    value = _value(about, made, words)
    if value.get("type") == "array" and not about.required:
        value["type"] = ["array", "null"]
    notes: Schema = {
        "title": about.en,
        "x-en": about.en,
        "x-zh": about.zh,
        "x-readers": list(about.readers),
        "x-source": about.source,
        "x-whole": about.whole,
        "x-section": about.section,
        "x-kinds": list(about.kinds),
        "x-names": about.names,
    }
    if about.section:
        notes["description"] = f"Lives in the body, under ## {about.en} or ## {about.zh}."
    return {**value, **{key: note for key, note in notes.items() if note or key == "x-readers"}}


def _value(about: About, made: Schema, words: Vocabulary) -> Schema:
    """What a value may be, without pydantic's notes and with the words in use."""
    if "x-labels" in made and about.vocabulary is not None:
        return _words(about.vocabulary, words)
    if made.get("x-bare-date"):
        return {"type": "string", "pattern": _TIME}
    value: Schema = {}
    for key, inner in made.items():
        if key in {"title", "default", "description"} or key.startswith("x-"):
            continue
        value[_LIMITS.get(key, key)] = _inner(about, key, inner, words)
    if about.form == "code" and value.get("type") == "string":
        value["type"] = ["string", "number"]
    return value


def _inner(about: About, key: str, inner: Any, words: Vocabulary) -> object:  # noqa: ANN401 - any JSON
    if key == "pattern":
        return f"^(?:{inner})$"
    if key == "anyOf":
        return [_value(about, branch, words) for branch in inner]
    if key in {"items", "additionalProperties"} and isinstance(inner, dict):
        return _value(about, inner, words)
    return inner


def _words(vocabulary: str, words: Vocabulary) -> Schema:
    known = words.words(vocabulary)
    return {
        "type": "string",
        "enum": _spellings(vocabulary, known, words),
        "x-vocabulary": vocabulary,
        "x-labels": {key: {"en": en, "zh": zh} for key, (en, zh) in known.items()},
    }


def _spellings(vocabulary: str, keys: Iterable[str], words: Vocabulary) -> list[str]:
    """The keys, then their labels, which are read as well."""
    known = words.words(vocabulary)
    wanted = [key for key in keys if key in known]
    labels = [label for key in wanted for label in known[key]]
    return list(dict.fromkeys([*wanted, *labels]))


def _with_alternative(
    shape: type[Record], top: Schema, defs: dict[str, Schema], words: Vocabulary
) -> tuple[Schema, dict[str, Schema]]:
    """The schema of a live record that a tombstone may stand for."""
    tomb, tomb_defs = _tombstone(shape, words)
    top["properties"]["type"]["enum"] = tomb["properties"]["type"]["enum"]
    word, en, zh = RETIRED
    status = top["properties"].setdefault("status", _no_status())
    status["anyOf"].append({"const": word, "x-en": en, "x-zh": zh})
    retired = dict(tomb["properties"]["retired"])
    either = [{"$ref": retired.pop("$ref")}, {"type": "null"}]
    top["properties"]["retired"] = {"anyOf": either, **retired}
    needed = top["required"]
    top["required"] = [key for key in needed if key in tomb["required"]]
    top["if"] = {"properties": {"status": {"const": word}}, "required": ["status", "retired"]}
    top["then"] = {"$ref": "#/$defs/Tombstone"}
    top["else"] = {
        "required": [key for key in needed if key not in tomb["required"]],
        "properties": {"status": {"not": {"const": word}}, "retired": {"type": "null"}},
    }
    if rules := list(_kind_rules(shape, words)):
        top["else"]["allOf"] = rules
    return top, {**defs, **tomb_defs, "Tombstone": tomb}


def _no_status() -> Schema:
    """The status of a record type that has none: only a tombstone says it."""
    return {"anyOf": [{"type": "null"}], "x-en": "Status", "x-zh": "状态"}


def _tombstone(shape: type[Record], words: Vocabulary) -> tuple[Schema, dict[str, Schema]]:
    """What stays of a record of this type, and the parts of that."""
    tomb, defs = _described(Tombstone, words)
    kept = ("type", "title", shape.TIME_KEY, "status", "retired")
    tomb["properties"] = {key: v for key, v in tomb["properties"].items() if key in kept}
    tomb["properties"]["type"]["enum"] = _spellings("record_type", [shape.TYPE], words)
    tomb["properties"]["status"]["const"] = RETIRED[0]
    return tomb, defs


def _kind_rules(shape: type[Record], words: Vocabulary) -> Iterator[Schema]:
    """The keys that only some kinds know, empty in a record of another; what a kind must have."""
    said = abouts(shape)
    vocabulary = said["kind"].vocabulary if "kind" in said else None
    if vocabulary is None:
        return
    for kinds in dict.fromkeys(about.kinds for about in said.values() if about.kinds):
        other = {"not": {"enum": _spellings(vocabulary, kinds, words)}}
        empty = {key: {"type": "null"} for key, about in said.items() if about.kinds == kinds}
        yield {
            "if": {"properties": {"kind": other}, "required": ["kind"]},
            "then": {"properties": empty},
        }
    if shape.TYPE == "event":
        incident = {"enum": _spellings(vocabulary, ["incident"], words)}
        yield {
            "if": {"properties": {"kind": incident}, "required": ["kind"]},
            "then": {
                "required": ["severity"],
                "properties": {"severity": {"not": {"type": "null"}}},
            },
        }


def _tie_settings(top: Schema, defs: dict[str, Schema]) -> None:
    """What the models of the settings check by hand."""
    for part in (top, *defs.values()):
        for said in part["properties"].values():
            del said["x-readers"]
    if "WikiSettings" in defs:
        defs["WikiSettings"]["properties"]["schema"]["const"] = config.SCHEMA_VERSION
        top["properties"]["vocabulary"]["propertyNames"] = {"enum": list(VOCABULARIES)}

"""The JSON Schemas: what they accept is what the models accept, and they say what they know."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from aswiki.domain.checks.schema import read
from aswiki.domain.json_schema import NAMES, json_schema, named, place, shape_of
from aswiki.domain.records import TYPES, type_of
from aswiki.domain.records.common import abouts
from aswiki.domain.records.types import Reading
from aswiki.domain.vocabulary import Vocabulary
from aswiki.errors import BadInput
from aswiki.store import contents, document

EXAMPLES = Path(__file__).parents[2] / "examples"
KINDS: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "number": (int, float, Decimal),
    "integer": int,
}
SILENT = {"title", "format", "description", "then", "else", "patternProperties"}
MAPPING = {"required", "properties", "propertyNames", "additionalProperties"}


class Check:
    """A schema with the keywords of JSON Schema that ours use, each a method; no other is read."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.root = schema

    def fits(self, value: Any, schema: Any) -> bool:
        if isinstance(schema, bool):
            return schema
        words = [w for w in schema if not w.startswith(("x-", "$")) or w == "$ref"]
        return all(self._word(word, value, schema) for word in words if word not in SILENT)

    def _word(self, word: str, value: Any, schema: dict[str, Any]) -> bool:
        if word in MAPPING and not isinstance(value, dict):
            return True
        method = getattr(self, f"_{word.removeprefix('$')}")
        return bool(method(value, schema[word], schema))

    def _ref(self, value: Any, said: str, _schema: Any) -> bool:
        return self.fits(value, self.root["$defs"][said.rpartition("/")[2]])

    def _type(self, value: Any, said: Any, _schema: Any) -> bool:
        return any(_is(value, kind) for kind in ([said] if isinstance(said, str) else said))

    def _enum(self, value: Any, said: Any, _schema: Any) -> bool:
        return value in said

    def _const(self, value: Any, said: Any, _schema: Any) -> bool:
        return bool(value == said)

    def _pattern(self, value: Any, said: str, _schema: Any) -> bool:
        return not isinstance(value, str) or re.search(said, value) is not None

    def _minimum(self, value: Any, said: Any, _schema: Any) -> bool:
        return not _is(value, "number") or value >= said

    def _maximum(self, value: Any, said: Any, _schema: Any) -> bool:
        return not _is(value, "number") or value <= said

    def _anyOf(self, value: Any, said: Any, _schema: Any) -> bool:  # noqa: N802 - the keyword
        return any(self.fits(value, one) for one in said)

    def _allOf(self, value: Any, said: Any, _schema: Any) -> bool:  # noqa: N802 - the keyword
        return all(self.fits(value, one) for one in said)

    def _not(self, value: Any, said: Any, _schema: Any) -> bool:
        return not self.fits(value, said)

    def _if(self, value: Any, said: Any, schema: dict[str, Any]) -> bool:
        return self.fits(value, schema.get("then" if self.fits(value, said) else "else", True))

    def _items(self, value: Any, said: Any, _schema: Any) -> bool:
        return not isinstance(value, list) or all(self.fits(one, said) for one in value)

    def _required(self, value: Any, said: Any, _schema: Any) -> bool:
        return set(said) <= set(value)

    def _properties(self, value: Any, said: Any, _schema: Any) -> bool:
        return all(self.fits(value[key], said[key]) for key in said if key in value)

    def _propertyNames(self, value: Any, said: Any, _schema: Any) -> bool:  # noqa: N802
        return all(self.fits(key, said) for key in value)

    def _additionalProperties(self, value: Any, said: Any, schema: Any) -> bool:  # noqa: N802
        named, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
        rest = [k for k in value if k not in named and not any(re.search(p, k) for p in patterns)]
        return all(self.fits(value[key], said) for key in rest)


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, KINDS[kind])


@cache
def schema_of(name: str) -> dict[str, Any]:
    return json_schema(name)


def accepts(name: str, fields: dict[str, Any]) -> bool:
    return Check(schema_of(name)).fits(fields, schema_of(name))


def plain(value: Any) -> Any:
    """What a YAML or JSON reader would hand to a validator: times as text."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


INCIDENT = {"type": "event", "title": "OSS timeouts", "kind": "incident", "severity": "P1"}
TOMB = {
    "type": "event",
    "title": "OSS timeouts",
    "started_at": "2026-10-03",
    "status": "retired",
    "retired": {"why": "written twice", "by": "zhangwei", "at": "2026-10-04T09:00:00+08:00"},
}
CASES: list[tuple[str, dict[str, Any], bool]] = [
    ("event", INCIDENT, True),
    ("event", {**INCIDENT, "kind": "故障", "type": "事件"}, True),
    ("event", {**INCIDENT, "x_ticket": [1, 2]}, True),
    ("event", {**INCIDENT, "owner": None}, True),
    ("event", {**INCIDENT, "sevrity": "P1"}, False),
    ("event", {**INCIDENT, "severity": "P9"}, False),
    ("event", {"type": "event", "title": "x", "kind": "incident"}, False),
    ("event", {"type": "event", "title": "x", "kind": "question", "severity": "P1"}, False),
    ("event", {"type": "event", "title": "x", "kind": "question", "severity": None}, True),
    ("event", {"type": "event", "title": "x"}, False),
    ("event", {**INCIDENT, "type": "visit"}, False),
    ("event", {**INCIDENT, "started_at": "2026-10-03"}, True),
    ("event", {**INCIDENT, "started_at": "2026-10-03 14:05 +08:00"}, True),
    ("event", {**INCIDENT, "started_at": "yesterday"}, False),
    ("event", {**INCIDENT, "impact": {"users_percent": 71, "x_own": 1}}, True),
    ("event", {**INCIDENT, "impact": {"users_percent": 171}}, False),
    ("event", {**INCIDENT, "impact": {"users": 71}}, False),
    ("event", {**INCIDENT, "hours": {"work": -1}}, False),
    ("event", {**INCIDENT, "tags": "one"}, False),
    ("event", {**INCIDENT, "sensitive": "yes"}, False),
    ("event", TOMB, True),
    ("event", {**TOMB, "kind": "incident"}, False),
    ("event", {**INCIDENT, "status": "retired"}, False),
    ("event", {**INCIDENT, "retired": TOMB["retired"]}, False),
    ("event", {**TOMB, "retired": {"why": "written twice"}}, False),
    ("profile", {"type": "profile", "title": "Acme", "billing_account_ids": [1, "a"]}, True),
    ("profile", {"type": "profile", "title": "Acme", "billing_account_ids": [True]}, False),
    ("profile", {"type": "profile", "title": "Acme", "status": "active"}, False),
    ("usage", {"type": "usage", "title": "u", "period": "2026-13"}, False),
    ("usage", {"type": "usage", "title": "u", "lines": [{"currency": "cny"}]}, False),
    (
        "visit",
        {"type": "visit", "title": "v", "kind": "monthly", "feelings": [{"sentiment": 3}]},
        False,
    ),
    (
        "complaint",
        {"type": "complaint", "title": "c", "category": "outage", "satisfied": True},
        True,
    ),
    (
        "complaint",
        {"type": "complaint", "title": "c", "category": "outage", "customer_loss": {}},
        False,
    ),
]


@pytest.mark.parametrize(("name", "fields", "good"), CASES)
def test_the_json_schema_and_the_model_agree_on_a_record(
    name: str, fields: dict[str, Any], good: bool
) -> None:
    assert (read(name, fields, Reading())[1] == []) == good
    assert accepts(name, fields) == good


def test_every_record_of_the_examples_fits_its_json_schema() -> None:
    paths = {path.relative_to(EXAMPLES).as_posix(): path for path in EXAMPLES.rglob("*.md")}
    records = {inside: name for inside in paths if (name := type_of(inside)) is not None}
    assert set(records.values()) == set(TYPES)
    misfits = []
    for inside, name in records.items():
        read_file = document.read(inside, paths[inside].read_bytes())
        fields = contents.fields(read_file, name, Reading()).data
        if not accepts(name, plain(fields)):
            misfits.append(inside)
    assert misfits == []


@pytest.mark.parametrize("name", ["aswiki.toml", "people.toml"])
def test_the_settings_of_the_examples_fit_their_json_schema(name: str) -> None:
    fields = plain(tomllib.loads((EXAMPLES / name).read_text(encoding="utf-8")))
    assert accepts(name, fields)
    assert not accepts(name, {**fields, "colour": "blue"})


def test_the_schema_version_and_the_names_of_vocabularies_are_checked_in_the_settings() -> None:
    assert not accepts("aswiki.toml", {"wiki": {"schema": 2}})
    assert not accepts("aswiki.toml", {})
    added = {"audit": {"en": "Audit", "zh": "审计"}}
    assert accepts("aswiki.toml", {"wiki": {"schema": 1}, "vocabulary": {"event_kind": added}})
    assert not accepts("aswiki.toml", {"wiki": {"schema": 1}, "vocabulary": {"evnt": added}})


@pytest.mark.parametrize("name", NAMES)
def test_every_key_stands_in_the_schema_in_the_order_of_a_new_file_with_both_labels(
    name: str,
) -> None:
    properties = schema_of(name)["properties"]
    said = abouts(shape_of(name))
    assert [key for key in properties if key in said] == list(said)
    assert all(
        (properties[k]["x-en"], properties[k]["x-zh"]) == (a.en, a.zh) for k, a in said.items()
    )


def test_a_field_says_its_readers_kinds_needs_and_that_it_lives_in_the_body() -> None:
    properties = schema_of("event")["properties"]
    assert properties["severity"]["x-readers"] == ["boss", "product", "sales", "customer_tech"]
    assert properties["severity"]["x-kinds"] == ["incident"]
    assert properties["severity"]["x-source"] == "P4"
    assert properties["started_at"]["x-whole"] is True
    assert properties["root_cause"]["x-section"] is True
    assert properties["root_cause"]["description"].endswith("## Root cause or ## 根因.")
    assert "x-section" not in properties["product"]
    assert properties["product"]["x-names"] == "product"


def test_words_of_a_wiki_are_accepted_besides_ours() -> None:
    words = Vocabulary({"event_kind": {"audit": ("Audit", "审计")}})
    schema = json_schema("event", words)
    record = {"type": "event", "title": "x", "kind": "审计"}
    assert Check(schema).fits(record, schema)
    assert not accepts("event", record)
    assert not Check(schema).fits({**record, "severity": "P1"}, schema)


@pytest.mark.parametrize(
    ("word", "name"), [("event", "event"), ("事件", "event"), ("people.toml", "people.toml")]
)
def test_a_type_is_named_by_key_label_or_file(word: str, name: str) -> None:
    assert named(word) == name


@pytest.mark.parametrize(
    ("word", "hint"), [("evnt", "event"), ("投拆", "complaint"), ("?", "Choose")]
)
def test_an_unknown_type_is_refused_with_what_may_be_meant(word: str, hint: str) -> None:
    with pytest.raises(BadInput) as refused:
        named(word)
    assert hint in refused.value.hint


@pytest.mark.parametrize("name", TYPES)
def test_the_place_of_a_type_is_one_where_its_records_are_found(name: str) -> None:
    path = place(name).replace("<customer>", "acme").replace("<slug>", "x")
    assert type_of(path) == name


@pytest.mark.parametrize("name", NAMES)
def test_no_list_of_alternatives_is_empty_as_the_draft_forbids(name: str) -> None:
    waiting: list[Any] = [schema_of(name)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            assert [] not in (one.get("allOf"), one.get("anyOf"), one.get("enum"))
        waiting += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()

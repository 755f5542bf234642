"""What editors are told: schemas of front matter, snippets, settings, and how they join yours."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from aswiki.domain import log
from aswiki.domain.editors import merging, settings
from aswiki.domain.editors.front_matter import files_of, front_matter
from aswiki.domain.editors.snippets import snippets
from aswiki.domain.json_schema import NAMES, SETTINGS, json_schema
from aswiki.domain.records import TYPES, model, type_of
from aswiki.domain.records.common import abouts
from aswiki.domain.vocabulary import DEFAULT, Vocabulary
from aswiki.store import document

EXAMPLES = Path(__file__).parents[2] / "examples"
RECORDS = [
    path.relative_to(EXAMPLES).as_posix()
    for path in sorted(EXAMPLES.rglob("*.md"))
    if type_of(path.relative_to(EXAMPLES).as_posix()) is not None
]


@cache
def schema_of(name: str, language: str = "zh") -> dict[str, Any]:
    return front_matter(name, language)


def plain(value: object) -> Any:
    """A value of front matter as an editor's YAML reader has it: times and days are text."""
    return json.loads(json.dumps(value, default=_as_json))


def _as_json(value: Any) -> object:
    return float(value) if hasattr(value, "as_tuple") else value.isoformat()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_schema_is_good_in_the_draft_it_names_and_in_the_newest(
    name: str, language: str
) -> None:
    schema = schema_of(name, language)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(schema)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator.check_schema(json_schema(name))


@pytest.mark.parametrize("path", RECORDS)
def test_the_front_matter_of_every_example_fits_its_schema(path: str) -> None:
    name = str(type_of(path))
    data = plain(document.read(path, (EXAMPLES / path).read_bytes()).data)
    errors = [error.message for error in Draft7Validator(schema_of(name)).iter_errors(data)]
    assert errors == []


@pytest.mark.parametrize("name", SETTINGS)
def test_the_settings_of_the_examples_fit_their_schema(name: str) -> None:
    data = plain(tomllib.loads((EXAMPLES / name).read_text(encoding="utf-8")))
    checker = Draft7Validator(schema_of(name))
    assert list(checker.iter_errors(data)) == []
    assert list(checker.iter_errors({**data, "colour": "blue"})) != []


def test_a_section_is_no_key_of_the_front_matter_and_none_is_required() -> None:
    for name in TYPES:
        sections = {key for key, about in abouts(model(name)).items() if about.section}
        schema = schema_of(name)
        assert sections
        assert sections.isdisjoint(schema["properties"])
        assert sections.isdisjoint(schema["required"] + schema["else"]["required"])
    record = {"type": "complaint", "title": "Slow", "category": "outage"}
    checker = Draft7Validator(schema_of("complaint"))
    assert checker.is_valid(record)
    assert not checker.is_valid({**record, "customer_impact": "prose"})
    assert not checker.is_valid({"type": "complaint", "title": "Slow"})


def test_hovering_shows_both_labels_the_wiki_s_language_first() -> None:
    zh = schema_of("complaint")
    en = schema_of("complaint", "en")
    assert zh["title"] == "投诉 · Complaint"
    assert zh["properties"]["category"]["description"] == "类别 · Category"
    assert en["properties"]["category"]["description"] == "Category · 类别"
    category = zh["properties"]["category"]
    said = dict(zip(category["enum"], category["enumDescriptions"], strict=True))
    assert said["price"] == "价格 · Price"
    assert said["价格"] == "→ price"
    for name in TYPES:
        for key, field in schema_of(name)["properties"].items():
            assert field.get("description"), f"{name}.{key}"


def test_words_of_a_wiki_are_offered_and_accepted() -> None:
    words = Vocabulary({"event_kind": {"audit": ("Audit", "审计")}})
    made = front_matter("event", "zh", words)
    assert Draft7Validator(made).is_valid({"type": "event", "title": "x", "kind": "audit"})
    assert not Draft7Validator(schema_of("event")).is_valid(
        {"type": "event", "title": "x", "kind": "audit"}
    )
    choice = snippets("zh", words)["field: kind (event_kind)"]["body"]
    assert "audit" in str(choice)


def test_the_glob_of_each_type_finds_its_examples_and_no_others() -> None:
    for path in RECORDS:
        fitting = [name for name in TYPES if re.fullmatch(_pattern(files_of(name)), path)]
        assert fitting == [type_of(path)]


def _pattern(glob: str) -> str:
    return re.escape(glob).replace(r"\*", "[^/]*")


def filled(line: str, choice: int = 0) -> str:
    """What a snippet's line becomes where every hole keeps what stands in it."""
    known = {
        "CURRENT_YEAR": "2026", "CURRENT_MONTH": "10", "CURRENT_DATE": "03",
        "CURRENT_HOUR": "14", "CURRENT_MINUTE": "05", "CURRENT_TIMEZONE_OFFSET": "+08:00",
    }  # fmt: skip
    line = re.sub(r"\$\{([A-Z_]+)\}", lambda found: known[found[1]], line)
    line = re.sub(r"\$\{\d+\|([^|]*)\|\}", lambda found: found[1].split(",")[choice], line)
    line = re.sub(r"\$\{\d+:([^}]*)\}", r"\1", line)
    return line.replace("\\}", "}")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", DEFAULT.words("log_kind"))
def test_every_entry_that_a_snippet_types_is_one_the_log_reads(kind: str, language: str) -> None:
    body = snippets(language)[f"log: {kind}"]["body"]
    assert isinstance(body, list)
    text = "\n".join(filled(line) for line in body)
    found = log.parse(text, UTC, DEFAULT.spellings("log_kind"))
    assert found.mistakes == []
    [entry] = found.entries
    assert (entry.kind, entry.at.isoformat()) == (kind, "2026-10-03T14:05:00+08:00")
    assert bool(entry.to) == (kind in {"demand", "deflection", "escalation"})
    assert bool(entry.quote) == (kind == "customer")


def test_the_promise_of_a_snippet_fits_the_schema() -> None:
    body = snippets("en")["promise"]["body"]
    assert isinstance(body, list)
    text = "\n".join(["type: event", "title: x", "kind: question", *map(filled, body)])
    data = document.read("customers/acme/events/x.md", f"---\n{text}\n---\n".encode()).data
    assert list(Draft7Validator(schema_of("event")).iter_errors(plain(data))) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_headings_of_a_snippet_are_the_sections_of_the_type(language: str) -> None:
    body = snippets(language)["headings: event"]["body"]
    assert isinstance(body, list)
    text = "---\ntype: event\ntitle: x\n---\n\n" + "\n".join(body)
    headings = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    known = {label for a in abouts(model("event")).values() if a.section for label in a.headings()}
    assert set(headings) <= known
    assert len(headings) == len(set(headings))
    assert ("处理过程" in headings) == (language == "zh")


def test_every_choice_of_a_field_is_a_key_and_special_characters_are_escaped() -> None:
    words = Vocabulary({"event_kind": {"a,b|c$d}e\\f": ("Odd", "怪")}})
    made = snippets("en", words)
    assert made["field: severity (severity)"]["body"] == ["severity: ${1|P0,P1,P2,P3,P4|}"]
    assert r"a\,b\|c\$d\}e\\f" in str(made["field: kind (event_kind)"]["body"][0])  # type: ignore[index]
    for said in made.values():
        assert said["scope"] == "markdown"
        prefixes = said["prefix"]
        assert isinstance(prefixes, list)
        assert all(prefix and " " not in prefix for prefix in prefixes)


def test_obsidian_is_told_no_type_for_mappings_and_text_for_times_with_an_offset() -> None:
    types = settings.obsidian_types()["types"]
    assert isinstance(types, dict)
    assert (types["started_at"], types["customer_since"], types["tags"]) == ("text", "date", "tags")
    assert (types["sensitive"], types["attendees"]) == ("checkbox", "multitext")
    assert {"impact", "promises", "hours", "log"}.isdisjoint(types)
    known = {"text", "multitext", "number", "checkbox", "date", "datetime", "tags", "aliases"}
    assert set(types.values()) <= known


def test_the_rules_for_taplo_are_toml_and_name_the_schemas() -> None:
    text = settings.taplo({"event": "s/event.json", "aswiki.toml": 'a "b"/aswiki.json'})
    assert tomllib.loads(text)["rule"] == [
        {"include": ["aswiki.toml"], "schema": {"enabled": True, "path": './a "b"/aswiki.json'}}
    ]


@pytest.mark.parametrize(
    ("present", "wanted", "whole", "left"),
    [
        ({}, {"a": 1}, {"a": 1}, []),
        ({"a": 2}, {"a": 1}, {"a": 2}, ["a"]),
        ({"a": {"b": 2}}, {"a": {"b": 1, "c": 3}}, {"a": {"b": 2, "c": 3}}, ["a/b"]),
        ({"a": ["x"]}, {"a": ["y", "x"]}, {"a": ["x", "y"]}, []),
        ({"a": ["p"]}, {"a": [["p", {"o": 1}]]}, {"a": [["p", {"o": 1}]]}, []),
        ({"a": [["p", {"o": 2}]]}, {"a": [["p", {"q": 1}]]}, {"a": [["p", {"o": 2, "q": 1}]]}, []),
        ({"a": [["p", {"o": 2}]]}, {"a": ["p"]}, {"a": [["p", {"o": 2}]]}, []),
        ({"a": "text"}, {"a": {"b": 1}}, {"a": "text"}, ["a"]),
        ({"a": None}, {"a": []}, {"a": None}, ["a"]),
    ],
)
def test_what_somebody_set_stays_and_what_is_missing_is_added(
    present: Any, wanted: Any, whole: Any, left: list[str]
) -> None:
    assert merging.added(present, wanted) == whole
    assert list(merging.unlike(present, wanted)) == left
    assert merging.added(whole, wanted) == whole

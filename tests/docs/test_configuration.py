"""docs/configuration.md and the settings that init writes: every key, and no other."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from aswiki.domain.checks.due import CADENCE
from aswiki.domain.checks.schema import read_part
from aswiki.domain.config import People, Settings
from aswiki.domain.records.common import Part, abouts
from aswiki.domain.records.types import Reading
from aswiki.domain.words import VOCABULARIES
from aswiki.store import packaged

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
FILES: dict[str, type[Part]] = {"aswiki.toml": Settings, "people.toml": People}
FILLING = {
    "@NAME@": r"售后 \"甲\" 组",
    "@LANG@": "zh",
    "@TIMEZONE@": "Asia/Shanghai",
    "@CURRENCY@": "CNY",
}
TABLE = re.compile(r"^# (\[[^\[\]]+\])$", re.MULTILINE)
PAIR = re.compile(r"^# ([a-z_]+ = .+)$", re.MULTILINE)


def keys_of(shape: type[Part]) -> Iterator[tuple[str, str]]:
    for table, about in abouts(shape).items():
        yield table, ""
        if about.part is not None:
            yield from ((table, key) for key in abouts(about.part))


def told(name: str) -> Iterator[tuple[str, str, list[str]]]:
    """Every table of a file on the page, and every key with its cells."""
    text = PAGE.split(f"\n## {name}\n")[1].split("\n## ")[0]
    for block in text.split("\n### `[")[1:]:
        table = block.partition("]")[0]
        yield table, "", []
        for line in block.splitlines():
            if line.startswith("| `"):
                cells = [cell.strip() for cell in line.strip("|").split(" | ")]
                yield table, cells[0].strip("`"), cells


def filled(name: str, language: str) -> str:
    stem = name.removesuffix(".toml")
    path = packaged.folder("templates") / "wiki" / f"{stem}.{language}.toml"
    text = path.read_text(encoding="utf-8")
    for mark, value in FILLING.items():
        text = text.replace(mark, value)
    assert "@" not in text.replace("jdoe@example.com", "")
    return text


def valid(name: str, text: str) -> dict[str, Any]:
    data = tomllib.loads(text, parse_float=Decimal)
    assert read_part(FILES[name], data, Reading())[1] == []
    return data


@pytest.mark.parametrize("name", FILES)
def test_the_page_names_every_key_once_and_no_other(name: str) -> None:
    named = [(table, key) for table, key, _cells in told(name)]
    assert sorted(named) == sorted(keys_of(FILES[name]))


@pytest.mark.parametrize("name", FILES)
def test_every_key_has_meaning_default_and_an_example_that_is_valid(name: str) -> None:
    for table, key, cells in told(name):
        if not key:
            continue
        assert len(cells) == 4, cells
        assert all(cells), cells
        example = f"{key} = {cells[3].strip('`')}"
        part = abouts(FILES[name])[table].part
        assert part is not None
        found = read_part(part, tomllib.loads(example), Reading())[1]
        assert [f for f in found if f.code != "ASW124"] == [], example


def test_the_page_tells_the_defaults_of_the_cadence() -> None:
    rows = [(key, cells) for table, key, cells in told("aswiki.toml") if table == "cadence" and key]
    said = {key: cells[2] for key, cells in rows}
    assert said == {key: f"`{days}`" for key, days in CADENCE.items()}


def test_the_page_s_own_words_are_a_valid_vocabulary() -> None:
    block = PAGE.split("```toml\n")[1].split("```")[0]
    valid("aswiki.toml", f"[wiki]\nschema = 1\n{block}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_settings_of_a_new_wiki_are_valid_once_filled(language: str) -> None:
    data = valid("aswiki.toml", filled("aswiki.toml", language))
    assert data["wiki"] == {
        "schema": 1,
        "name": '售后 "甲" 组',
        "lang": "zh",
        "timezone": "Asia/Shanghai",
        "currency": "CNY",
    }
    assert set(data) == {"wiki"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_settings_shown_as_comments_are_every_other_key_and_valid(language: str) -> None:
    text = PAIR.sub(r"\1", TABLE.sub(r"\1", filled("aswiki.toml", language)))
    data = valid("aswiki.toml", text)
    shown = {(table, key) for table in data for key in ["", *data[table]]}
    wanted = {pair for pair in keys_of(Settings) if pair[0] != "vocabulary"}
    assert shown - {("vocabulary", ""), ("vocabulary", "event_kind")} == wanted
    assert data["cadence"] == CADENCE


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_new_wiki_has_one_department_of_each_kind_and_no_people(language: str) -> None:
    data = valid("people.toml", filled("people.toml", language))
    kinds = {slug: said["kind"] for slug, said in data["departments"].items()}
    assert kinds == {kind.replace("_", "-"): kind for kind in VOCABULARIES["department_kind"]}
    assert set(data) == {"departments"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_colleague_shown_as_a_comment_is_valid(language: str) -> None:
    text = PAIR.sub(r"\1", TABLE.sub(r"\1", filled("people.toml", language)))
    person = valid("people.toml", text)["people"]["jdoe"]
    assert set(person) == {"name", "aliases", "department", "role", "emails"}

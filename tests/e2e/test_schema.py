"""The schema command, as installed: printed, written, inside a wiki and outside."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from aswiki.domain.json_schema import NAMES, json_schema

ASWIKI = str(Path(sys.executable).with_name("aswiki"))


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ASWIKI, *words], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.fixture
def wiki(tmp_path: Path) -> Path:
    """A folder with the settings of a wiki that has a word of its own."""
    words = '[vocabulary.event_kind]\naudit = {en = "Audit", zh = "审计"}\n'
    text = f'[wiki]\nschema = 1\nlang = "en"\n\n{words}'
    (tmp_path / "aswiki.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_schema_prints_one_type_as_json_schema_without_a_wiki(tmp_path: Path) -> None:
    for word in ("event", "事件"):
        done = run(tmp_path, "schema", word, "--json")
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout) == json_schema("event")


def test_schema_prints_every_schema_by_name(tmp_path: Path) -> None:
    found = json.loads(run(tmp_path, "schema").stdout)
    assert tuple(found) == NAMES


def test_schema_prints_a_page_in_the_language_asked_for(tmp_path: Path) -> None:
    done = run(tmp_path, "schema", "投诉", "--format", "md", "--lang", "en")
    assert done.stdout.startswith("# complaint · Complaint · 投诉\n")
    assert "| `customer_impact` § | Customer impact | 客户影响 | prose | * |" in done.stdout


def test_schema_inside_a_wiki_holds_its_own_words(wiki: Path) -> None:
    inside = json.loads(run(wiki, "schema", "event").stdout)
    assert {"audit", "审计"} <= set(inside["properties"]["kind"]["enum"])
    assert "| `audit` | Audit | 审计 |" in run(wiki, "schema", "event", "--format", "md").stdout


def test_schema_writes_one_file_a_type_and_settings_file(tmp_path: Path) -> None:
    done = run(tmp_path, "schema", "--write", "out/schemas", "--json")
    written = json.loads(done.stdout)["written"]
    assert written == [f"out/schemas/{name}.schema.json" for name in NAMES]
    for name in NAMES:
        path = tmp_path / "out" / "schemas" / f"{name}.schema.json"
        assert json.loads(path.read_text(encoding="utf-8")) == json_schema(name)
    assert len(list((tmp_path / "out" / "schemas").iterdir())) == len(NAMES)


def test_schema_of_one_type_writes_that_file_alone(tmp_path: Path) -> None:
    done = run(tmp_path, "schema", "note", "--write", ".")
    assert done.stdout == "note.schema.json\n"
    assert [path.name for path in tmp_path.iterdir()] == ["note.schema.json"]


def test_an_unknown_type_is_exit_2_with_the_nearest_one(tmp_path: Path) -> None:
    done = run(tmp_path, "schema", "evnt", "--write", "out", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    error = json.loads(done.stderr.splitlines()[-1])["error"]
    assert error["code"] == "unknown-type"
    assert "event" in error["hint"]
    assert not (tmp_path / "out").exists()


def test_a_page_is_not_written_as_a_schema(tmp_path: Path) -> None:
    done = run(tmp_path, "schema", "--write", "out", "--format", "md")
    assert done.returncode == 2
    assert not (tmp_path / "out").exists()


def test_a_wiki_that_is_named_and_not_there_is_exit_4(tmp_path: Path) -> None:
    assert run(tmp_path, "-C", "nowhere", "schema", "note").returncode == 4

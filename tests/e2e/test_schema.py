"""The schema command, as installed: printed, written, inside a wiki and outside."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from aswiki.domain.editors.front_matter import front_matter
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


EDITORS = {
    ".vscode/aswiki.code-snippets",
    ".vscode/settings.json",
    ".vscode/extensions.json",
    ".remarkrc.json",
    ".obsidian/types.json",
    ".taplo.toml",
}


def test_schema_writes_one_file_a_type_and_settings_file(tmp_path: Path) -> None:
    done = run(tmp_path, "schema", "--write", "out/schemas", "--json", "--lang", "en")
    said = json.loads(done.stdout)
    schemas = [f"out/schemas/{name}.schema.json" for name in NAMES]
    assert said["written"][: len(NAMES)] == schemas
    assert set(said["written"][len(NAMES) :]) == {f"out/schemas/{each}" for each in EDITORS}
    assert said["warnings"] == []
    for name in NAMES:
        path = tmp_path / "out" / "schemas" / f"{name}.schema.json"
        assert json.loads(path.read_text(encoding="utf-8")) == front_matter(name, "en")
    remark = json.loads((tmp_path / "out/schemas/.remarkrc.json").read_text(encoding="utf-8"))
    assert remark["plugins"][1][1]["schemas"]["./event.schema.json"] == [
        "./customers/*/events/*.md"
    ]


def test_inside_a_wiki_editors_are_set_up_at_its_root_with_its_words_and_language(
    wiki: Path,
) -> None:
    inside = wiki / "customers"
    inside.mkdir()
    done = run(inside, "schema", "--write", "../schemas", "--json")
    assert {f"../{each}" for each in EDITORS} < set(json.loads(done.stdout)["written"])
    assert {path.name for path in inside.iterdir()} == set()
    remark = (wiki / ".remarkrc.json").read_text(encoding="utf-8")
    assert '"./schemas/event.schema.json"' in remark
    snippets = json.loads((wiki / ".vscode/aswiki.code-snippets").read_text(encoding="utf-8"))
    assert "## Root cause" in snippets["headings: event"]["body"]
    assert "audit" in snippets["field: kind (event_kind)"]["body"][0]
    schema = json.loads((wiki / "schemas/event.schema.json").read_text(encoding="utf-8"))
    assert "audit" in schema["properties"]["kind"]["enum"]


def test_settings_of_the_user_s_stay_and_what_was_not_added_is_said(wiki: Path) -> None:
    (wiki / ".vscode").mkdir()
    (wiki / ".obsidian").mkdir()
    commented = '{\n  // mine\n  "files.eol": "\\r\\n"\n}\n'
    (wiki / ".vscode/settings.json").write_text(commented, encoding="utf-8")
    (wiki / ".obsidian/types.json").write_text('{"types": {"title": "number"}}', encoding="utf-8")
    own = '{\n\t"plugins": ["remark-frontmatter", "mine"],\n\t"settings": {"bullet": "-"}\n}\n'
    (wiki / ".remarkrc.json").write_text(own, encoding="utf-8")
    (wiki / ".taplo.toml").write_text("# mine\n", encoding="utf-8")
    done = run(wiki, "schema", "--write", "schemas", "--json", "--lang", "en")
    said = json.loads(done.stdout)
    assert done.returncode == 0
    assert [name in " ".join(said["warnings"]) for name in (
        ".vscode/settings.json", "types/title", ".taplo.toml", ".remarkrc.json",
    )] == [True, True, True, False]  # fmt: skip
    assert (wiki / ".vscode/settings.json").read_text(encoding="utf-8") == commented
    assert (wiki / ".taplo.toml").read_text(encoding="utf-8") == "# mine\n"
    types = json.loads((wiki / ".obsidian/types.json").read_text(encoding="utf-8"))["types"]
    assert (types["title"], types["sensitive"]) == ("number", "checkbox")
    remark = (wiki / ".remarkrc.json").read_text(encoding="utf-8")
    assert remark.startswith('{\n\t"plugins": [\n\t\t"remark-frontmatter",\n\t\t"mine",')
    assert json.loads(remark)["settings"] == {"bullet": "-"}
    before = {path: path.read_bytes() for path in wiki.rglob("*") if path.is_file()}
    run(wiki, "schema", "--write", "schemas")
    assert {path: path.read_bytes() for path in wiki.rglob("*") if path.is_file()} == before


def test_a_link_in_the_place_of_a_setting_is_refused_before_anything_is_written(
    wiki: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    far = tmp_path_factory.mktemp("far")
    (wiki / ".vscode").symlink_to(far)
    done = run(wiki, "schema", "--write", "schemas", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert list(far.iterdir()) == []
    assert not (wiki / "schemas").exists()


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

"""``validate --format``: every problem at its file and line, in the forms that hosts read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft4Validator

from aswiki.domain.problem import Problem
from aswiki.render import problems

SCHEMAS = Path(__file__).parents[1] / "data" / "schemas"
FORMATS = ("text", "md", "json", "github", "gitlab", "sarif", "rdjson")
EVENTS = "customers/acme/events/"
EVENT = "---\ntype: event\ntitle: x\nkind: question\nstarted_at: 2026-10-01\n"
PLANTED = {
    EVENTS + "2026-10-01-a.md": EVENT + "accepted: {客户说: 好, qoute: 好的}\nproduct: CDN\n---\n",
    EVENTS + "2026-10-02-b.md": EVENT + "tags: [a\n---\n",
    EVENTS + "2026-10-03-c.md": EVENT + "---\n\n## 处理过程\n- 昨天: 慢\n- 前天: 慢\n",
    EVENTS + "2026-10-04-d.md": (EVENT + "---\n一句\n").replace("\n", "\r\n"),
}
HOSTILE = Problem(
    "customers/a,b:c%\n::error::x/<b>`.md",
    3,
    5,
    "ASW120",
    "error",
    "The key \x1b[31m@all\u202e\r\n::set-output name=x::1 <img src=x onerror=alert(1)> is unknown.",
    "See https://evil.example/#1 | [x](y) `</details>`",
)


def _schema(name: str) -> Draft4Validator:
    schema = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    return Draft4Validator(schema)


def _found(name: str, text: str) -> list[tuple[str, int, str]]:
    """The path, line and code of every problem in an answer, in its order."""
    if name == "text":
        hits = re.findall(r"^(.+?):(\d+):\d+: (ASW\d+) ", text, re.MULTILINE)
    elif name == "github":
        pattern = r"^::(?:error|warning) file=(.+?),line=(\d+),col=\d+,title=(ASW\d+)::"
        hits = re.findall(pattern, text, re.MULTILINE)
    elif name == "md":
        hits, path = [], ""
        for line in text.splitlines():
            if head := re.search(r"<summary><code>(.+?)</code>", line):
                path = head[1]
            elif item := re.match(r"- `(\d+):\d+` `(ASW\d+)` ", line):
                hits.append((path, *item.groups()))
    else:
        hits = list(_listed(name, json.loads(text)))
    return [(path, int(line), code) for path, line, code in hits]


def _listed(name: str, document: Any) -> Iterable[tuple[str, int, str]]:
    if name == "json":
        for p in document["problems"]:
            yield p["path"], p["line"], p["code"]
    elif name == "gitlab":
        for p in document:
            yield p["location"]["path"], p["location"]["lines"]["begin"], p["check_name"]
    elif name == "sarif":
        for p in document["runs"][0]["results"]:
            place = p["locations"][0]["physicalLocation"]
            uri = unquote(place["artifactLocation"]["uri"])
            yield uri, place["region"]["startLine"], p["ruleId"]
    else:
        for p in document["diagnostics"]:
            start = p["location"]["range"]["start"]
            yield p["location"]["path"], start["line"], p["code"]["value"]


@pytest.fixture
def planted(wiki: Path) -> Path:
    for path, text in PLANTED.items():
        (wiki / path).write_bytes(text.encode())
    return wiki


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_format_names_every_problem_at_its_file_and_line(
    planted: Path, run: Any, monkeypatch: pytest.MonkeyPatch, name: str, lang: str
) -> None:
    monkeypatch.setenv("ASWIKI_LANG", lang)
    wanted = [(p["path"], p["line"], p["code"]) for p in run("validate", "--json").json["problems"]]
    assert {code for _path, _line, code in wanted} == {
        "ASW120",
        "ASW018",
        "ASW111",
        "ASW131",
        "ASW104",
    }
    done = run("validate", "--format", name)
    assert (done.code, _found(name, done.out)) == (1, wanted)


def test_sarif_holds_to_its_schema_and_counts_columns_in_characters(
    planted: Path, run: Any
) -> None:
    document = json.loads(run("validate", "--format", "sarif").out)
    _schema("sarif-2.1.0.json").validate(document)
    (own,) = document["runs"]
    assert (document["version"], own["columnKind"]) == ("2.1.0", "unicodeCodePoints")
    by_code = {each["ruleId"]: each for each in reversed(own["results"])}
    rules = [rule["id"] for rule in own["tool"]["driver"]["rules"]]
    assert all(rules[each["ruleIndex"]] == each["ruleId"] for each in own["results"])
    region = by_code["ASW120"]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 6, "startColumn": 12}
    assert (by_code["ASW120"]["level"], by_code["ASW104"]["level"]) == ("error", "warning")


def test_gitlab_holds_to_its_schema_and_no_two_fingerprints_are_the_same(
    planted: Path, run: Any
) -> None:
    document = json.loads(run("validate", "--format", "gitlab").out)
    for each in document:
        _schema("gitlab-codeclimate.json").validate(each)
        assert {*each} == {"description", "check_name", "fingerprint", "severity", "location"}
    prints = [each["fingerprint"] for each in document]
    assert len({*prints}) == len(prints)
    assert {each["severity"] for each in document} == {"major", "minor"}
    place = planted / EVENTS / "2026-10-01-a.md"
    place.write_text(place.read_text().replace("kind:", "# 一行\nkind:"), encoding="utf-8")
    moved = json.loads(run("validate", "--format", "gitlab").out)
    assert [each["fingerprint"] for each in moved] == prints
    assert moved != document


def test_rdjson_holds_to_its_schema_and_counts_columns_in_bytes(planted: Path, run: Any) -> None:
    document = json.loads(run("validate", "--format", "rdjson").out)
    _schema("reviewdog-DiagnosticResult.json").validate(document)
    at = [
        each["location"]["range"]["start"]
        for each in document["diagnostics"]
        if each["code"]["value"] == "ASW120"
    ]
    line = "accepted: {客户说: 好, qoute: 好的}"
    assert at == [
        {"line": 6, "column": len(b"accepted: {") + 1},
        {"line": 6, "column": len(line.partition("qoute")[0].encode()) + 1},
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_where_nothing_is_wrong_every_format_says_so(wiki: Path, run: Any, name: str) -> None:
    done = run("validate", "--format", name)
    assert (done.code, _found(name, done.out)) == (0, [])
    assert done.out.startswith({"md": "**Errors: 0. Warnings: 0.**"}.get(name, done.out))
    if name == "sarif":
        _schema("sarif-2.1.0.json").validate(json.loads(done.out))
    if name in {"text", "github"}:
        assert done.out == ""


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "json"])
def test_no_format_lets_anything_out_of_its_place(name: str) -> None:
    text = problems.FORMATS[name]([HOSTILE], "知识库/")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", text)
    if name in {"text", "github"}:
        assert text.count("\n") == 1
    if name == "github":
        said = (
            r"::error file=知识库/customers/a%2Cb%3Ac%25\\u000a%3A%3Aerror%3A%3Ax/<b>`\.md,line=3"
        )
        assert re.match(said, text)
    if name == "sarif":
        _schema("sarif-2.1.0.json").validate(json.loads(text))
    if name == "md":
        shown = re.sub(r"(`+) ?.*? ?\1(?!`)", "", text)  # what no code span holds
        assert "<img" not in shown
        assert "@all" not in shown
        assert "https://" not in shown
        assert text.count("</details>") == 1 + text.count("`</details>`")


def test_the_comment_is_bounded_and_says_how_much_is_left_out() -> None:
    path = "customers/acme/events/2026-10-01-a.md"
    one = [Problem(path, n, 1, "ASW131", "error", "字" * 200 + str(n)) for n in range(1, 2000)]
    text = problems.md(one)
    assert len(text) < 65_000
    told = len(_found("md", text))
    assert 200 < told < len(one)
    assert text.splitlines()[-1].startswith(f"{len(one) - told} more are left out here")
    long = problems.md([Problem(path, 1, 1, "ASW120", "error", "*" * 100_000)] * 3)
    assert len(long) < 5_000
    files = [
        Problem(f"customers/c{n}/profile.md", 1, 1, "ASW120", "error", "x" * 400)
        for n in range(900)
    ]
    assert len(problems.md(files)) < 65_000


def test_a_name_that_is_no_utf_8_comes_out_as_a_uri() -> None:
    named = Problem("customers/a\udcff b/profile.md", 1, 1, "ASW142", "error", "x")
    document = json.loads(problems.sarif([named]))
    place = document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "customers/a%FF%20b/profile.md"
    for written in problems.FORMATS.values():
        written([named], "").encode()


def test_json_is_the_same_by_either_option(planted: Path, run: Any) -> None:
    assert run("validate", "--format", "json").out == run("validate", "--json").out
    assert run("validate", "--format", "sarif", "--json").json.keys() == {"checked", "problems"}


def test_files_that_are_no_records_are_skipped_and_named(wiki: Path, run: Any) -> None:
    (wiki / "README.md").write_text("# x")
    (wiki / "customers/acme/files").mkdir()
    (wiki / "customers/acme/files/a.txt").write_text("x")
    words = ["README.md", "customers/acme/files/a.txt", "customers/acme/files", "/etc/hostname"]
    done = run("validate", *words, "people.toml", "--json")
    assert (done.code, done.json["checked"]) == (0, 1)
    assert all(word in done.err for word in words)
    assert run("validate", "customers/acme/events/none.md").code == 3
    assert run("validate", "nobody").code == 3


def test_a_customer_a_file_and_a_folder_may_be_named_from_anywhere(
    planted: Path, run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    at = ("-C", str(planted))
    assert run("validate", "蓝鲸", *at, "--json").json["checked"] == 2
    assert run("validate", "acme", *at, "--json").json["checked"] == 6
    assert run("validate", EVENTS, *at, "--json").json["checked"] == 5
    assert run("validate", "wiki/customers/acme/profile.md", "--json").json["checked"] == 1
    assert run("validate", f"{planted}/{EVENTS}2026-10-01-a.md", *at, "--json").code == 1
    twice = (f"wiki/{EVENTS}", f"{EVENTS}2026-10-01-a.md")
    assert run("validate", *twice, *at, "--json").json["checked"] == 5


def test_a_thousand_paths_are_checked_at_once(wiki: Path, run: Any) -> None:
    names = [f"{EVENTS}2026-10-01-n{n}.md" for n in range(1000)]
    for name in names:
        (wiki / name).write_text(EVENT + "---\n")
    others = [f"docs/{n}.txt" for n in range(200)]
    (wiki / "docs").mkdir()
    for name in others:
        (wiki / name).write_text("x")
    done = run("validate", *names, *others, "--json")
    assert (done.code, done.json["checked"]) == (0, 1000)
    assert "(195 more)" in done.err

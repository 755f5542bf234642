"""``import incidents``: one commit, nothing twice, bad entries named and left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

MAP = """\
format = "json"
records = "tickets"
times = ["iso", "%Y/%m/%d %H:%M"]

[source]
system = "gongdan"
id = "no"

[fields]
title = "title"
started_at = "opened"
resolved_at = "solved"
status = { from = "solved", present = "resolved", default = "in_progress" }
severity = { from = "level", map = { "紧急" = "P0", high = "P1" } }
product = "product"
background = "story"

[log]
from = "notes"
at = "at"
by = "by"
text = "text"
"""
TICKETS: list[Any] = [
    {
        "no": 102,
        "title": "控制台\n打不开",
        "opened": "2026/10/04 09:30",
        "level": "紧急",
        "product": "OSS",
        "story": "周日早上，客户反馈控制台白屏。\n\n### 现象\n\n- 登录后白屏",
        "notes": [
            {
                "at": "2026-10-04T11:00:09+08:00",
                "by": "值班 王",
                "text": "已恢复\n\n- 回滚\n# 复盘另发",
            },
            {"at": "2026-10-04T09:41:00+08:00", "by": "值班 王", "text": "> 收到"},
        ],
    },
    {
        "no": 101,
        "title": "Uploads time out",
        "opened": "2026-10-03T14:05:30+02:00",
        "solved": "2026-10-03T15:00:00+02:00",
        "level": "High",
    },
    {"no": 103, "title": "uploads time out!", "opened": "2026-10-03T23:00:00+08:00"},
]
WORDS = ("--customer", "蓝鲸", "--map", "gongdan")


@pytest.fixture
def file(wiki: Path, tmp_path: Path, git: Any) -> Path:
    """Three tickets outside the wiki, and a map for them in it."""
    (wiki / "maps").mkdir()
    (wiki / "maps" / "gongdan.toml").write_text(MAP, encoding="utf-8")
    git(wiki, "add", "maps")
    git(wiki, "commit", "--quiet", "-m", "a map")
    return written(tmp_path / "export.json", TICKETS)


def written(file: Path, tickets: list[Any], encoding: str = "utf-8") -> Path:
    text = json.dumps({"tickets": tickets}, ensure_ascii=False)
    file.write_text(text, encoding=encoding)
    return file


def test_a_file_becomes_events_in_one_commit(wiki: Path, file: Path, run: Any, git: Any) -> None:
    before = git(wiki, "rev-parse", "HEAD").strip()
    done = run("import", "incidents", str(file), *WORDS, "--json")
    assert done.code == 0
    found = done.json
    assert (found["ref"], found["path"]) == (None, None)
    assert (found["rows"], found["rejected"], found["records"]) == (3, 0, 3)
    assert (found["sums"], found["unmatched"]) == ({}, [])
    assert [item["ref"] for item in found["refs"]] == [
        "lan-jing-you-xi/events/2026-10-03-uploads-time-out",
        "lan-jing-you-xi/events/2026-10-03-uploads-time-out-2",
        "lan-jing-you-xi/events/2026-10-04-kong-zhi-tai-da-bu-kai",
    ]
    assert all((wiki / item["path"]).is_file() for item in found["refs"])
    assert git(wiki, "rev-parse", "HEAD^").strip() == before
    assert git(wiki, "log", "-1", "--format=%H %s").strip() == (
        f"{found['commit']} import(lan-jing-you-xi): 3 incidents from export.json"
    )
    assert "Aswiki-Op: import\n" in git(wiki, "log", "-1", "--format=%B")
    assert git(wiki, "status", "--porcelain") == ""


def test_a_record_holds_what_the_map_says(wiki: Path, file: Path, run: Any) -> None:
    refs = run("import", "incidents", str(file), *WORDS, "--json").json["refs"]
    assert (wiki / refs[2]["path"]).read_text(encoding="utf-8") == (
        "---\ntype: event\ntitle: 控制台 打不开\nkind: incident\nseverity: P0\n"
        "status: in_progress\nstarted_at: 2026-10-04T09:30:00+08:00\nproduct: OSS\nowner: writer\n"
        'source:\n  system: gongdan\n  id: "102"\n---\n'
        "\n## 背景\n\n周日早上，客户反馈控制台白屏。\n\n### 现象\n\n- 登录后白屏\n"
        "\n## 处理过程\n\n"
        "- 2026-10-04 09:41 +08:00 · 值班 王 · update: > 收到\n"
        "- 2026-10-04 11:00:09 +08:00 · 值班 王 · update: 已恢复\n"
        "\n  - 回滚\n  # 复盘另发\n"
    )
    shown = run("show", refs[0]["ref"], "--json").json["fields"]
    assert (shown["status"], shown["severity"]) == ("resolved", "P1")
    assert shown["started_at"] == "2026-10-03T14:05:30+02:00"
    assert run("validate", "--json").json["problems"] == []


def test_importing_twice_adds_only_what_is_new(wiki: Path, file: Path, run: Any, git: Any) -> None:
    first = run("import", "incidents", str(file), *WORDS, "--json").json
    run("set", first["refs"][2]["ref"], "status=waiting_customer")
    head = git(wiki, "rev-parse", "HEAD")
    again = run("import", "incidents", str(file), *WORDS, "--json")
    assert (again.code, again.json["commit"], again.json["refs"]) == (0, None, [])
    assert (again.json["rows"], again.json["records"], again.json["rejected"]) == (3, 0, 0)
    assert git(wiki, "rev-parse", "HEAD") == head
    new = {"no": 104, "title": "慢", "opened": "2026-10-05T08:00:00+08:00"}
    written(file, [*TICKETS, new])
    done = run("import", "incidents", str(file), *WORDS, "--json").json
    assert (done["rows"], done["records"]) == (4, 1)
    status = run("show", first["refs"][2]["ref"], "--json").json["fields"]["status"]
    assert status == "waiting_customer"


def test_another_customer_gets_records_of_their_own(wiki: Path, file: Path, run: Any) -> None:
    run("import", "incidents", str(file), *WORDS)
    done = run("import", "incidents", str(file), "--customer", "acme", "--map", "gongdan", "--json")
    assert done.json["records"] == 3


def test_what_was_retired_stays_away_as_long_as_title_and_time_stay(
    wiki: Path, file: Path, run: Any
) -> None:
    refs = run("import", "incidents", str(file), *WORDS, "--json").json["refs"]
    run("retire", refs[0]["ref"], "--why", "客户自己的演练")
    assert run("import", "incidents", str(file), *WORDS, "--json").json["records"] == 0


def test_what_was_undone_comes_in_again(wiki: Path, file: Path, run: Any) -> None:
    refs = run("import", "incidents", str(file), *WORDS, "--json").json["refs"]
    assert run("undo").code == 0
    again = run("import", "incidents", str(file), *WORDS, "--json").json["refs"]
    assert [item["ref"] for item in again] == [
        "lan-jing-you-xi/events/2026-10-03-uploads-time-out-3",
        "lan-jing-you-xi/events/2026-10-03-uploads-time-out-4",
        f"{refs[2]['ref']}-2",
    ]
    run("retire", again[2]["ref"], "--why", "客户自己的演练")
    assert run("import", "incidents", str(file), *WORDS, "--json").json["records"] == 0


def test_bad_entries_are_named_and_the_others_taken(wiki: Path, file: Path, run: Any) -> None:
    bad = [
        TICKETS[0],
        "坏行",
        {"no": 7, "title": "没有时间"},
        {"no": 8, "title": "x", "opened": "昨天"},
        {"no": 9, "title": "x", "opened": "2026-10-03", "level": "不急"},
        {"title": "x", "opened": "2026-10-03"},
        {"no": 10, "title": "ends first", "opened": "2026-10-03", "solved": "2026-10-01"},
        {"no": 11, "title": "x", "opened": "2026-10-03", "story": "## 现象\n\n白屏"},
        {"no": 12, "title": "bell \a", "opened": "2026-10-03"},
    ]
    done = run("import", "incidents", str(written(file, bad)), *WORDS, "--json")
    assert done.code == 0
    assert (done.json["rows"], done.json["rejected"], done.json["records"]) == (9, 8, 1)
    lines = done.err.splitlines()
    told = [
        "export.json: entry 2: a mapping is expected, not 坏行",
        "export.json: entry 3 (id 7): started_at is missing",
        "export.json: entry 4 (id 8): started_at: 昨天 is not a time",
        "export.json: entry 5 (id 9): severity: 不急 is not among the words of the map",
        "export.json: entry 6: it has no id",
        "export.json: entry 7 (id 10): ASW017",
        "export.json: entry 8 (id 11): Line 1 of the text would begin a section",
        "export.json: entry 9 (id 12): ASW127",
    ]
    assert len(lines) == len(told)
    for line, start in zip(lines, told, strict=True):
        assert line.startswith(f"Warning: {start}"), line


def test_strict_stops_all_for_one_bad_entry(wiki: Path, file: Path, run: Any, state: Any) -> None:
    written(file, [*TICKETS, {"no": 7, "title": "没有时间"}])
    before = state(wiki)
    done = run("import", "incidents", str(file), *WORDS, "--strict", "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", "rejected")
    assert "entry 4 (id 7): started_at is missing" in done.err
    assert state(wiki) == before


def test_a_file_of_bad_entries_only_is_exit_2(wiki: Path, file: Path, run: Any, state: Any) -> None:
    before = state(wiki)
    done = run("import", "incidents", str(written(file, [1, 2])), *WORDS, "--json")
    assert (done.code, done.error["code"]) == (2, "rejected")
    assert "2 of 2" in done.error["message"]
    assert state(wiki) == before


def test_an_empty_list_is_nothing_to_do(wiki: Path, file: Path, run: Any, state: Any) -> None:
    before = state(wiki)
    done = run("import", "incidents", str(written(file, [])), *WORDS, "--json")
    assert (done.code, done.json["rows"], done.json["commit"]) == (0, 0, None)
    assert state(wiki) == before


def test_the_success_line_names_customer_count_commit_and_undo(
    wiki: Path, file: Path, run: Any, git: Any
) -> None:
    done = run("import", "incidents", str(file), *WORDS)
    short = git(wiki, "rev-parse", "HEAD")[:10]
    assert done.out == (
        f"lan-jing-you-xi: 3 imported from export.json · commit {short}"
        f" · undo with: aswiki undo {short}\n"
    )
    assert "Without a severity in the file, and so taken as P3: 1." in done.err
    again = run("import", "incidents", str(file), *WORDS)
    assert (again.code, again.out) == (0, "")
    assert "There already: 3." in again.err


def test_a_dry_run_shows_every_file_and_writes_nothing(
    wiki: Path, file: Path, run: Any, state: Any
) -> None:
    before = state(wiki)
    done = run("import", "incidents", str(file), *WORDS, "--dry-run", "--json")
    assert (done.code, done.json["commit"], done.json["records"]) == (0, None, 3)
    assert done.json["diff"].count("--- /dev/null") == 3
    assert state(wiki) == before


def test_a_gb18030_file_and_a_link_to_it_are_read(wiki: Path, file: Path, run: Any) -> None:
    link = file.with_name("link.json")
    link.symlink_to(written(file, TICKETS, "gb18030"))
    refs = run("import", "incidents", str(link), *WORDS, "--json").json["refs"]
    assert refs[2]["ref"].endswith("2026-10-04-kong-zhi-tai-da-bu-kai")
    assert "控制台 打不开" in (wiki / refs[2]["path"]).read_text(encoding="utf-8")


def test_options_go_into_every_record(wiki: Path, file: Path, run: Any) -> None:
    words = ("--set", "owner=老张", "--add", "tags=迁移, 旧系统", "--by", "老张")
    refs = run("import", "incidents", str(file), *WORDS, *words, "--json").json["refs"]
    for item in refs:
        fields = run("show", item["ref"], "--json").json["fields"]
        assert (fields["owner"], fields["tags"]) == ("zhangwei", ["迁移", "旧系统"])
        assert fields["source"]["said_by"] == "zhangwei"
        assert fields["source"]["system"] == "gongdan"


@pytest.mark.parametrize("words", [["--at", "2026-10-03"], ["--body-file", "x"], ["--edit"]])
def test_options_of_a_single_record_are_refused(
    wiki: Path, file: Path, run: Any, words: list[str]
) -> None:
    done = run("import", "incidents", str(file), *WORDS, *words, "--json")
    assert (done.code, done.error["code"]) == (2, "not-for-imports")


def test_a_wrong_set_stops_the_import(wiki: Path, file: Path, run: Any, state: Any) -> None:
    before = state(wiki)
    done = run("import", "incidents", str(file), *WORDS, "--set", "sevirity=P1", "--json")
    assert (done.code, done.error["code"]) == (2, "unknown-field")
    assert state(wiki) == before


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (["export.json", "--customer", "acme"], "missing-argument", 2),
        (["export.json", "--map", "gongdan"], "missing-argument", 2),
        (["export.json", "--customer", "nobody", "--map", "gongdan"], "no-customer", 3),
        (["export.json", "--customer", "acme", "--map", "nowhere"], "no-map", 2),
        (["export.json", "--customer", "acme", "--map", "../gongdan"], "unsafe-path", 2),
        (["nothing.json", "--customer", "acme", "--map", "gongdan"], "no-file", 2),
        (["circle.json", "--customer", "acme", "--map", "gongdan"], "no-file", 2),
        ([".", "--customer", "acme", "--map", "gongdan"], "unsafe-path", 2),
        (["text.json", "--customer", "acme", "--map", "gongdan"], "not-json", 2),
        (["export.json", "--customer", "acme", "--map", "gcp-status"], "no-array", 2),
    ],
)
def test_a_wrong_request_says_what_and_writes_nothing(
    file: Path,
    wiki: Path,
    run: Any,
    state: Any,
    words: list[str],
    code: str,
    exit_code: int,
) -> None:
    file.with_name("circle.json").symlink_to("circle.json")
    file.with_name("text.json").write_text('{"tickets":\n [}', encoding="utf-8")
    before = state(wiki)
    name, *rest = words
    done = run("import", "incidents", str(file.parent / name), *rest, "--json")
    assert (done.code, done.error["code"]) == (exit_code, code)
    assert done.error["hint"]
    if code == "not-json":
        assert "line 2, column 3" in done.error["message"]
    if code == "no-map":
        assert "gcp-status, gongdan" in done.error["hint"]
    assert state(wiki) == before


def test_a_map_of_the_wiki_wins_and_a_wrong_one_is_named(wiki: Path, file: Path, run: Any) -> None:
    own = wiki / "maps" / "gcp-status.toml"
    own.write_text(MAP, encoding="utf-8")
    words = ("--customer", "acme", "--map", "gcp-status", "--dry-run", "--json")
    assert run("import", "incidents", str(file), *words).json["records"] == 3
    own.write_text(MAP.replace("title =", "titel ="), encoding="utf-8")
    done = run("import", "incidents", str(file), *words)
    assert (done.code, done.error["code"]) == (2, "bad-map")
    assert done.error["message"].startswith("maps/gcp-status.toml: fields.title:")

"""``log-incident``: an incident with its defaults, its time echoed, in one commit."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest


def test_an_incident_is_written_with_its_facts_in_order(wiki: Path, run: Any) -> None:
    words = ["--severity", "P1", "--product", "oss", "--started-at", "2026-10-04T14:05+08:00"]
    done = run("log-incident", "lan-jing-you-xi", "OSS 上传超时", *words, "--json")
    assert done.code == 0
    assert done.json["ref"] == "lan-jing-you-xi/events/2026-10-04-oss-shang-chuan-chao-shi"
    assert done.json["warnings"] == []
    assert (
        (wiki / done.json["path"])
        .read_bytes()
        .decode()
        .startswith(
            "---\ntype: event\ntitle: OSS 上传超时\nkind: incident\nseverity: P1\nstatus: new\n"
            "started_at: 2026-10-04T14:05:00+08:00\nproduct: oss\nowner: writer\n---\n"
        )
    )


def test_the_commit_has_the_trailers_of_the_record(wiki: Path, run: Any, git: Any) -> None:
    words = ["--started-at", "2026-10-04T14:05+08:00", "--json"]
    done = run("log-incident", "蓝鲸", "OSS uploads time out", *words).json
    digest = hashlib.sha256((wiki / done["path"]).read_bytes()).hexdigest()
    assert git(wiki, "log", "-1", "--format=%s") == (
        "incident(lan-jing-you-xi): OSS uploads time out\n"
    )
    assert git(wiki, "log", "-1", "--format=%(trailers)").strip().splitlines() == [
        "Aswiki-Op: create",
        f"Aswiki-Record: {done['ref']} sha256:{digest}",
        "Aswiki-Occurred: 2026-10-04T14:05:00+08:00",
        "Aswiki-Tool: aswiki/0.1.0",
    ]
    assert git(wiki, "log", "-1", "--name-only", "--format=").split() == [done["path"]]
    assert git(wiki, "status", "--porcelain") == ""


def test_the_default_severity_is_echoed(wiki: Path, run: Any) -> None:
    done = run("log-incident", "acme", "Down")
    assert "Severity: P3" in done.err
    assert run("show", "acme/down", "--json").json["fields"]["severity"] == "P3"


@pytest.mark.parametrize(
    ("phrase", "absolute"),
    [
        ("昨天下午3点", "2026-10-19T15:00:00+08:00"),
        ("上周五 9:30", "2026-10-16T09:30:00+08:00"),
        ("10月3日 14:05", "2026-10-03T14:05:00+08:00"),
        ("昨晚12点", "2026-10-20T00:00:00+08:00"),
        ("2 hours ago", "2026-10-20T08:00:00+08:00"),
        ("2026-10-03T06:05Z", "2026-10-03T06:05:00+00:00"),
        ("2026-10-03", "2026-10-03"),
        ("昨天", "2026-10-19"),
        ("last Friday", "2026-10-16"),
    ],
)
@pytest.mark.parametrize("option", ["--at", "--started-at"])
def test_the_time_is_resolved_and_echoed(
    wiki: Path, run: Any, option: str, phrase: str, absolute: str
) -> None:
    for words in ([], ["--json"]):
        done = run("log-incident", "acme", "Down", option, phrase, "--dry-run", *words)
        assert done.code == 0
        assert f"Time: {absolute}\n" in done.err
    assert f"started_at: {absolute}\n" in done.json["diff"]


def test_options_and_labels_become_fields(wiki: Path, run: Any) -> None:
    words = ["--detected-by", "客户", "--impact", "商城打不开", "--environment", "生产环境"]
    done = run(
        "log-incident", "acme", "Down", *words, "--status", "处理中", "--by", "老张", "--json"
    )
    fields = run("show", done.json["ref"], "--json").json["fields"]
    assert fields["detected_by"] == "customer"
    assert fields["impact"] == {"business": "商城打不开"}
    assert fields["environment"] == "生产环境"
    assert fields["status"] == "in_progress"
    assert fields["source"] == {"said_by": "zhangwei"}
    assert fields["owner"] == "writer"


def test_by_never_goes_into_gits_author(wiki: Path, run: Any, git: Any) -> None:
    assert run("log-incident", "acme", "Down", "--by", "老张").code == 0
    assert git(wiki, "log", "-1", "--format=%an %cn") == "Test Writer Test Writer\n"


def test_a_body_file_becomes_the_prose_to_the_letter(wiki: Path, run: Any, tmp_path: Path) -> None:
    text = "## 背景\n\n第一行  \n---\n```\n## not a heading\n```\n\n## Root cause\n\n脚本\n"
    (tmp_path / "text.md").write_text(text, encoding="utf-8")
    done = run("log-incident", "acme", "Down", "--body-file", str(tmp_path / "text.md"), "--json")
    shown = run("show", done.json["ref"], "--json").json
    assert text in shown["body"]
    assert shown["fields"]["root_cause"] == "脚本"
    assert "## not a heading" in shown["fields"]["background"]


def test_set_add_and_remove_work_on_a_new_record(wiki: Path, run: Any) -> None:
    words = [
        "--set",
        "impact.users_percent=12.50",
        "--set",
        "root_cause=磁盘满",
        "--add",
        "tags=甲,乙",
    ]
    done = run("log-incident", "acme", "Down", *words, "--remove", "owner", "--json")
    assert done.code == 0, done.err
    fields = run("show", done.json["ref"], "--json").json["fields"]
    assert fields["impact"] == {"users_percent": "12.50"}
    assert fields["root_cause"] == "磁盘满"
    assert fields["tags"] == ["甲", "乙"]
    assert "owner" not in fields


def test_the_same_title_on_the_same_day_gets_a_number(wiki: Path, run: Any) -> None:
    refs = [run("log-incident", "acme", "停机", "--json").json["ref"] for _n in range(3)]
    assert [ref.rpartition("/")[2] for ref in refs] == [
        "2026-10-20-ting-ji",
        "2026-10-20-ting-ji-2",
        "2026-10-20-ting-ji-3",
    ]
    assert run("show", "acme/ting-ji", "--json").json["ref"] == refs[0]


def test_a_title_of_emoji_takes_the_kinds_name(wiki: Path, run: Any) -> None:
    done = run("log-incident", "acme", "🔥🔥", "--json")
    assert done.json["ref"] == "acme/events/2026-10-20-incident"


def test_the_files_day_is_the_day_in_the_wikis_zone(wiki: Path, run: Any) -> None:
    done = run("log-incident", "acme", "Late", "--at", "2026-10-03T20:00:00+00:00", "--json")
    assert done.json["ref"] == "acme/events/2026-10-04-late"


@pytest.mark.parametrize(
    "customer", ["蓝鲸游戏", "蓝鲸", "lan-jing-you-xi", "ljyx", "lanjingyouxi"]
)
def test_a_customer_is_found_by_name_pinyin_and_initials(
    wiki: Path, run: Any, customer: str
) -> None:
    done = run("log-incident", customer, "Down", "--json")
    assert done.json["ref"] == "lan-jing-you-xi/events/2026-10-20-down"


def test_shared_options_stand_before_or_after_the_commands_name(
    wiki: Path, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    first = run("-C", str(wiki), "--json", "--at", "2026-10-04", "log-incident", "acme", "A")
    last = run("log-incident", "acme", "B", "--at", "2026-10-04", "--json", "--wiki", str(wiki))
    assert (first.code, last.code) == (0, 0)
    assert first.json["ref"] == "acme/events/2026-10-04-a"
    assert last.json["ref"] == "acme/events/2026-10-04-b"


def test_the_log_heading_is_in_the_wikis_language(wiki: Path, run: Any, git: Any) -> None:
    zh = run("log-incident", "acme", "A", "--lang", "en", "--json").json
    assert "## 处理过程\n" in (wiki / zh["path"]).read_text()
    settings = wiki / "aswiki.toml"
    settings.write_text(settings.read_text().replace('"zh"', '"en"'))
    en = run("log-incident", "acme", "B", "--lang", "zh", "--json").json
    assert "## Log\n" in (wiki / en["path"]).read_text()
    assert git(wiki, "status", "--porcelain") == " M aswiki.toml\n"

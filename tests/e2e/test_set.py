"""``set``: one field is one line, whatever the file looks like; what needs a reason asks for it."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import pytest

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"
ODD = """\
---
# 值班的同事先看这里
severity: P1   # 等级，客户也认
title: '上传 "超时": 半小时'
type: event


status:   new
kind: 故障
tags: [甲,  "乙"]   # 两个
started_at: 2026-10-03 14:05
x_own: {keep: [1.50, yes]}
product: "oss"
---
没有标题的前言\x20\x20

## 背景：

中文正文，--- 与 key: value 都是文字\t\x20

## Log

- 2026-10-03 14:05 | 老张 | 要求 -> db-team（L2）：要求恢复
  续行

## 复盘

结尾没有换行"""


def _odd(wiki: Path, git: Any, raw: bytes) -> Path:
    path = wiki / "customers" / f"{UPLOADS}.md"
    path.write_bytes(raw)
    git(wiki, "commit", "-qam", "typed by hand")
    return path


@pytest.mark.parametrize(
    "encoded",
    [
        pytest.param(ODD.encode(), id="utf-8"),
        pytest.param(ODD.replace("\n", "\r\n").encode(), id="crlf"),
        pytest.param(b"\xef\xbb\xbf" + ODD.encode(), id="bom"),
        pytest.param(ODD.encode("gb18030"), id="gb18030"),
        pytest.param(ODD.replace("\n", "\r\n").encode("gb18030"), id="gb18030-crlf"),
    ],
)
def test_one_field_is_one_line_and_the_reason_one_more(
    wiki: Path, run: Any, git: Any, encoded: bytes
) -> None:
    path = _odd(wiki, git, encoded)
    done = run("set", UPLOADS, "severity=P2", "--why", "只影响一个桶")
    assert done.code == 0, done.err
    encoding = "gb18030" if "等级".encode("gb18030") in encoded else "utf-8"
    before, after = encoded.decode(encoding), path.read_bytes().decode(encoding)
    assert after.encode(encoding) == path.read_bytes()
    changed = [
        line
        for line in difflib.ndiff(before.splitlines(True), after.splitlines(True))
        if line[0] in "+-"
    ]
    end = "\r\n" if b"\r\n" in encoded else "\n"
    assert changed == [
        f"- severity: P1   # 等级，客户也认{end}",
        f"+ severity: P2   # 等级，客户也认{end}",
        f"+ - 2026-10-20 10:00 +08:00 · writer · note: 只影响一个桶{end}",
    ]
    assert git(wiki, "show", "--numstat", "--format=").split()[:2] == ["2", "1"]
    assert git(wiki, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("pair", "written", "shown"),
    [
        ("status=处理中", "status: in_progress\n", "in_progress"),
        ("started_at=2026-10-02", "started_at: 2026-10-02\n", "2026-10-02"),
        (
            "started_at=昨天下午3点",
            "started_at: 2026-10-19T15:00:00+08:00\n",
            "2026-10-19T15:00:00+08:00",
        ),
        ("impact.users_percent=12.50", "impact:\n  users_percent: 12.50\n", "12.50"),
        ("impact.unavailable_minutes=45", "impact:\n  unavailable_minutes: 45\n", 45),
        ("sensitive=是", "sensitive: true\n", True),
        ("environment=no", 'environment: "no"\n', "no"),
        ("environment=12:30", 'environment: "12:30"\n', "12:30"),
        ("environment=true", 'environment: "true"\n', "true"),
        ("environment=0012", 'environment: "0012"\n', "0012"),
        ("environment=带 # 号: 和冒号", 'environment: "带 # 号: 和冒号"\n', "带 # 号: 和冒号"),
        ("tags=甲, 乙，丙", "tags:\n  - 甲\n  - 乙\n  - 丙\n", ["甲", "乙", "丙"]),
        ('tags=["a, b", c]', "tags:\n  - a, b\n  - c\n", ["a, b", "c"]),
        ("x_ticket=A-1", "x_ticket: A-1\n", "A-1"),
        ("owner=老张", "owner: zhangwei\n", "zhangwei"),
        ("reviewed_on=今天", "reviewed_on: 2026-10-20\n", "2026-10-20"),
    ],
)
def test_a_value_is_read_by_its_fields_own_reader(
    wiki: Path, run: Any, pair: str, written: str, shown: object
) -> None:
    done = run("set", UPLOADS, pair, "--why", "记错了")
    assert done.code == 0, done.err
    assert f"\n{written}" in (wiki / "customers" / f"{UPLOADS}.md").read_text()
    found = run("show", UPLOADS, "--json").json["fields"]
    for key in pair.partition("=")[0].split("."):
        found = found[key]
    assert found == shown
    assert run("validate", f"customers/{UPLOADS}.md").code == 0


def test_a_phrase_among_the_values_is_said_back(wiki: Path, run: Any) -> None:
    done = run("set", UPLOADS, "resolved_at=昨天下午3点", "reviewed_on=今天", "tags=甲")
    assert "resolved_at: 2026-10-19T15:00:00+08:00\n" in done.err
    assert "reviewed_on: 2026-10-20\n" in done.err
    assert "tags" not in done.err


def test_an_item_that_is_not_there_is_named_as_it_was_typed(wiki: Path, run: Any) -> None:
    done = run("set", "acme/profile", "contacts.9.phone=1", "--json")
    assert (done.code, done.error["message"]) == (2, "There is no 9 at contacts.")


def test_several_fields_are_one_commit(wiki: Path, run: Any, git: Any) -> None:
    count = git(wiki, "rev-list", "--count", "HEAD")
    words = [
        "status=处理中",
        "product=OSS",
        "--set",
        "tags=甲",
        "--add",
        "tags=乙,丙",
        "--remove",
        "owner",
    ]
    assert run("set", UPLOADS, *words).code == 0
    assert int(git(wiki, "rev-list", "--count", "HEAD")) == int(count) + 1
    fields = run("show", UPLOADS, "--json").json["fields"]
    assert fields["tags"] == ["甲", "乙", "丙"]
    assert "owner" not in fields


def test_list_items_are_counted_from_one(wiki: Path, run: Any) -> None:
    profile = "lan-jing-you-xi/profile"
    assert run("set", profile, "contacts.1.phone=13800000001").code == 0
    assert run("set", profile, "--add", "contacts={id: lisi, name: 李四}").code == 0
    contacts = run("show", profile, "--json").json["fields"]["contacts"]
    assert contacts[0]["phone"] == "13800000001"
    assert contacts[1] == {"id": "lisi", "name": "李四"}
    assert run("set", profile, "--remove", "contacts.2").code == 0
    assert len(run("show", profile, "--json").json["fields"]["contacts"]) == 1


def test_a_section_is_replaced_whole_and_added_to_by_the_paragraph(wiki: Path, run: Any) -> None:
    assert run("set", UPLOADS, "root_cause=磁盘满了").code == 0
    assert run("set", UPLOADS, "--add", "root_cause=清理脚本没跑").code == 0
    assert run("show", UPLOADS, "--json").json["fields"]["root_cause"] == "磁盘满了\n\n清理脚本没跑"
    assert run("set", UPLOADS, "root_cause=别的").code == 0
    shown = run("show", UPLOADS, "--json").json
    assert shown["fields"]["root_cause"] == "别的"
    assert shown["fields"]["log"][0]["kind"] == "demand"
    assert run("set", UPLOADS, "root_cause=").code == 0
    assert "root_cause" not in run("show", UPLOADS, "--json").json["fields"]


def test_a_body_file_keeps_the_log(wiki: Path, run: Any, tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("## 背景\n\n新的\n", encoding="utf-8")
    assert run("set", UPLOADS, "--body-file", str(tmp_path / "b.md")).code == 0
    fields = run("show", UPLOADS, "--json").json["fields"]
    assert fields["background"] == "新的"
    assert [entry["kind"] for entry in fields["log"]] == ["demand"]


@pytest.mark.parametrize(
    "pair", ["severity=P2", "started_at=2026-10-02", "started_at=", "severity=P4"]
)
def test_lowering_a_severity_or_moving_a_date_needs_a_reason(
    wiki: Path, run: Any, state: Any, pair: str
) -> None:
    before = state(wiki)
    done = run("set", UPLOADS, pair, "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", "why-needed")
    assert "--why" in done.error["hint"]
    assert state(wiki) == before
    assert run("set", UPLOADS, pair, "--why", " ").code == 2
    assert run("set", UPLOADS, pair, "--why", "客户更正").code == 0


def test_raising_a_severity_needs_none(wiki: Path, run: Any) -> None:
    assert run("set", UPLOADS, "severity=P0").code == 0


def test_nothing_to_change_is_no_commit_and_exit_0(wiki: Path, run: Any, state: Any) -> None:
    before = state(wiki)
    done = run("set", UPLOADS, "severity=P1", "--json")
    assert (done.code, done.json["commit"]) == (0, None)
    assert state(wiki) == before


def test_the_time_of_the_act_is_echoed_and_goes_into_log_and_trailer(
    wiki: Path, run: Any, git: Any
) -> None:
    words = ["--why", "客户更正", "--at", "昨天下午3点", "--by", "老张"]
    done = run("set", UPLOADS, "severity=P3", *words)
    assert "Time: 2026-10-19T15:00:00+08:00\n" in done.err
    text = (wiki / "customers" / f"{UPLOADS}.md").read_text()
    assert "- 2026-10-19 15:00 +08:00 · zhangwei · note: 客户更正\n" in text
    assert "Aswiki-Occurred: 2026-10-19T15:00:00+08:00" in git(wiki, "log", "-1", "--format=%B")


def test_a_customers_pages_are_made_when_they_are_not_there(wiki: Path, run: Any) -> None:
    pair = "vendor_shares=[{provider: ours, percent: 60}]"
    made = run("set", "蓝鲸/architecture", pair, "--json")
    assert made.code == 0, made.err
    assert made.json["path"] == "customers/lan-jing-you-xi/architecture.md"
    month = run("set", "acme/usage/2026-09", "days_covered=30", "--json")
    assert month.code == 0, month.err
    fields = run("show", "acme/usage/2026-09", "--json").json["fields"]
    assert (fields["period"], fields["days_covered"]) == ("2026-09", 30)
    again = run("set", "acme/usage/2026-09", "days_covered=29", "--why", "x", "--json")
    assert again.json["path"] == month.json["path"]


def test_a_dry_run_shows_the_one_changed_line(wiki: Path, run: Any, state: Any) -> None:
    before = state(wiki)
    done = run("set", UPLOADS, "status=triaged", "--dry-run")
    changed = [line for line in done.out.splitlines() if line[:1] in "+-"]
    assert changed == [
        f"--- a/customers/{UPLOADS}.md",
        f"+++ b/customers/{UPLOADS}.md",
        "-status: new",
        "+status: triaged",
    ]
    assert state(wiki) == before


def test_setting_a_released_text_lets_the_release_lapse(examples: Path, run: Any) -> None:
    ref = "sunbird/events/2026-10-13-image-uploads-fail"
    done = run("set", ref, "customer_text=Something else.", "--json")
    assert done.code == 0, done.err
    assert any("lapsed" in warning for warning in done.json["warnings"])
    assert "released_to" not in run("show", ref, "--json").json["fields"]
    assert run("validate", f"customers/{ref}.md").code == 0


def test_words_names_and_times_within_a_mapping_are_written_as_keys_ids_and_with_offset(
    wiki: Path, run: Any
) -> None:
    triage = "triage={class: 老Bug, detail: 复发, by: 老张, at: 2026-10-04T10:00}"
    claims = "scope.claims=[{stage: 销售说, hours: 1.50, at: 2026-09-16}]"
    assert run("set", UPLOADS, triage, claims).code == 0
    fields = run("show", UPLOADS, "--json").json["fields"]
    assert fields["triage"] == {
        "class": "old_bug",
        "detail": "recurrence",
        "by": "zhangwei",
        "at": "2026-10-04T10:00:00+08:00",
    }
    assert fields["scope"]["claims"] == [
        {"stage": "sales_said", "hours": "1.50", "at": "2026-09-16"}
    ]
    text = (wiki / f"customers/{UPLOADS}.md").read_text(encoding="utf-8")
    assert "老Bug" not in text
    assert "hours: 1.50" in text

"""``validate --fix``: what a hand typed is written as a program would, and nothing else changes."""

from __future__ import annotations

import difflib
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from aswiki.store.lock import Lock
from aswiki.wiki.checks.mending import mended
from aswiki.wiki.wiki import Wiki

EVENTS = "customers/acme/events/"
PATH = EVENTS + "2026-10-01-planted.md"
TYPED = """\
---
# 张维 记
type: 事件
标题: "登录: 慢"   # 客户的话
kind: 故障
等级: p1
状态: '处理中'
started_at: 2026-10-01T14:05
detected_at: 2026-10-01 14:09:30
resolved_at: "2026-10-01T15:00"
closed_at: 2026-10-02
triage: {定性: 老Bug, basis: 见日志, at: 2026-10-01T16:00Z}
promises:
  - id: p1
    what: 周报
    状态: 未到期
x_自己的: 处理中
---

## 背景：

状态: 处理中, 2026-10-01 14:05

## 处理过程
- 2026-10-01 14:05 | zhangwei | 要求 -> db-team（L2）：30 分钟内恢复
  状态: 处理中
- 2026-10-01 14:20+0800 ・ zhangwei ・ 客户: 说好了
  > 2026-10-01 14:05 处理中
- 昨天: 没有写完
"""
MENDED = """\
---
# 张维 记
type: event
title: "登录: 慢"   # 客户的话
kind: incident
severity: P1
status: 'in_progress'
started_at: 2026-10-01T14:05+08:00
detected_at: 2026-10-01 14:09:30 +08:00
resolved_at: "2026-10-01T15:00+08:00"
closed_at: 2026-10-02
triage: {class: old_bug, basis: 见日志, at: 2026-10-01T16:00Z}
promises:
  - id: p1
    what: 周报
    status: open
x_自己的: 处理中
---

## 背景：

状态: 处理中, 2026-10-01 14:05

## 处理过程
- 2026-10-01 14:05 +08:00 | zhangwei | demand -> db-team（L2）：30 分钟内恢复
  状态: 处理中
- 2026-10-01 14:20+0800 ・ zhangwei ・ customer: 说好了
  > 2026-10-01 14:05 处理中
- 昨天: 没有写完
"""
WHOLE = TYPED.replace("- 昨天: 没有写完\n", "")


def _plant(wiki: Path, raw: str | bytes, path: str = PATH) -> Path:
    place = wiki / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return place


def test_labels_become_keys_and_times_get_their_offset_and_no_other_byte_changes(
    wiki: Path, run: Any
) -> None:
    place = _plant(wiki, TYPED)
    done = run("validate", "--fix")
    assert place.read_text(encoding="utf-8") == MENDED
    assert f"Mended: {PATH}" in done.err
    assert (done.code, done.out.count(": ASW131 ")) == (1, 1)
    assert f"{PATH}:29:3: ASW131" in done.out


def test_a_second_fix_changes_nothing(wiki: Path, run: Any, state: Any) -> None:
    _plant(wiki, TYPED)
    run("validate", "--fix")
    before = state(wiki)
    done = run("validate", "--fix", "--json")
    assert done.json["fixed"] == []
    assert state(wiki) == before


def test_the_examples_are_written_as_they_are(examples: Path, run: Any, state: Any) -> None:
    before = state(examples)
    done = run("validate", "--fix", "--json")
    assert (done.code, done.json["fixed"]) == (0, [])
    assert state(examples) == before


def test_what_was_mended_is_no_alteration_to_commit(wiki: Path, run: Any, git: Any) -> None:
    place = _plant(wiki, unicodedata.normalize("NFD", WHOLE.replace("说好了", "café, 说好了")))
    place.write_text(place.read_text().replace("等级", "severity").replace("标题", "title"))
    for label, key in (("状态: '处", "status: '处"), ("    状态", "    status"), ("定性", "class")):
        place.write_text(place.read_text().replace(label, key))
    git(wiki, "add", ".")
    git(wiki, "commit", "-qm", "typed")
    assert run("validate", "--fix", "--json").json["fixed"] == [PATH]
    done = run("commit", "--json")
    assert done.code == 0, done.err
    assert "café" in place.read_text(encoding="utf-8")
    assert git(wiki, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.encode("gb18030"),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: unicodedata.normalize("NFD", text.replace("慢", "café")).encode(),
        lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
    ],
    ids=["gb18030", "bom", "crlf", "nfd", "bom and crlf"],
)
def test_the_encoding_and_the_labels_are_mended_at_once(
    wiki: Path, run: Any, git: Any, written: Any
) -> None:
    place = _plant(wiki, written(TYPED))
    run("validate", "--fix")
    assert place.read_bytes().decode() in {MENDED, MENDED.replace("慢", "café")}
    assert git(wiki, "diff", "--cached", "--name-only") == ""


def test_a_dry_run_shows_the_change_and_writes_nothing(wiki: Path, run: Any, state: Any) -> None:
    _plant(wiki, TYPED)
    before = state(wiki)
    done = run("validate", "--fix", "--dry-run")
    assert state(wiki) == before
    old, new = TYPED.splitlines(keepends=True), MENDED.splitlines(keepends=True)
    wanted = "".join(difflib.unified_diff(old, new, f"a/{PATH}", f"b/{PATH}"))
    assert done.out.startswith(wanted)
    assert f"Would be mended: {PATH}" in done.err
    asked = run("validate", "--fix", "--dry-run", "--json").json
    assert (asked["fixed"], asked["diff"][:4]) == ([PATH], "--- ")
    assert "ASW131" in [p["code"] for p in asked["problems"]]
    assert "ASW120" not in [p["code"] for p in asked["problems"]]
    assert state(wiki) == before


@pytest.mark.parametrize(
    "front",
    [
        "标题: x\n状态: [\n",
        "type: event\ntype: event\n标题: x\n",
        "type: event\n标题: &a x\n",
        "type: event\n标题: x\ntitle: y\n",
        "type: event\n? 标题\n: x\nkind: [故障\n",
    ],
)
def test_broken_yaml_and_a_key_that_is_there_already_are_left_alone(
    wiki: Path, run: Any, front: str
) -> None:
    place = _plant(wiki, f"---\n{front}---\n")
    done = run("validate", "--fix", "--json")
    assert done.json["fixed"] == []
    assert place.read_text(encoding="utf-8") == f"---\n{front}---\n"
    assert (done.code, {p["path"] for p in done.json["problems"]}) == (1, {PATH})


def test_broken_yaml_in_gb18030_becomes_utf_8_and_stays_broken(wiki: Path, run: Any) -> None:
    place = _plant(wiki, "---\r\n标题: [登录\r\n---\r\n".encode("gb18030"))
    done = run("validate", "--fix", "--json")
    assert (done.code, done.json["fixed"]) == (1, [PATH])
    assert place.read_bytes() == "---\n标题: [登录\n---\n".encode()
    assert [p["code"] for p in done.json["problems"]] == ["ASW111"]


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe\x00\x01", b"---\ntitle: a\x00b\n---\r\n", b"\x89PNG\r\n"]
)
def test_a_binary_in_place_of_a_record_keeps_every_byte(wiki: Path, run: Any, raw: bytes) -> None:
    place = _plant(wiki, raw)
    done = run("validate", "--fix", "--json")
    assert done.code == 1
    assert place.read_bytes() == raw


def test_what_the_composed_form_would_change_is_left_and_reported(wiki: Path, run: Any) -> None:
    quoted = "  >\u0338 问题解决了"  # composed, the mark of the quote would be another sign
    text = MENDED.replace("  > 2026-10-01 14:05 处理中", quoted).replace("- 昨天: 没有写完\n", "")
    place = _plant(wiki, text)
    done = run("validate", "--fix", "--json")
    assert place.read_text(encoding="utf-8") == text
    assert "ASW105" in [p["code"] for p in done.json["problems"]]


def test_a_label_that_stands_as_a_key_is_reported_with_its_key(wiki: Path, run: Any) -> None:
    _plant(wiki, "---\ntype: event\n标题: x\nkind: question\n---\n")
    found = run("validate", "--json").json["problems"]
    hints = {p["message"]: p["hint"] for p in found}
    assert hints["The key 标题 is not known."] == "Write title, or let aswiki validate --fix do it."


def test_a_name_that_is_not_composed_is_reported_and_not_written_to(wiki: Path, run: Any) -> None:
    name = EVENTS + unicodedata.normalize("NFD", "2026-10-01-café.md")
    place = _plant(wiki, "---\r\ntype: event\r\n---\r\n", name)
    done = run("validate", "--fix", "--json")
    assert done.json["fixed"] == []
    assert [p["code"] for p in done.json["problems"]] == ["ASW142"]
    assert b"\r\n" in place.read_bytes()


def test_only_what_is_named_is_mended(wiki: Path, run: Any) -> None:
    place = _plant(wiki, TYPED)
    assert run("validate", "lan-jing-you-xi", "--fix", "--json").json["fixed"] == []
    assert place.read_text(encoding="utf-8") == TYPED


def test_the_lock_is_waited_for_and_nothing_is_written_without_it(
    wiki: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = _plant(wiki, TYPED)
    monkeypatch.setenv("ASWIKI_LOCK_TIMEOUT", "0.05")
    with Lock(wiki / ".git/aswiki.lock"):
        done = run("validate", "--fix")
    assert (done.code, place.read_text(encoding="utf-8")) == (4, TYPED)
    (wiki / ".git/MERGE_HEAD").write_text("0" * 40)
    assert run("validate", "--fix", "--json").json["fixed"] == [PATH]


def test_a_word_that_the_wiki_added_is_written_by_its_key(wiki: Path, run: Any) -> None:
    with (wiki / "aswiki.toml").open("a", encoding="utf-8") as file:
        file.write('[vocabulary.event_kind]\nexercise = {zh = "推演", en = "Exercise"}\n')
    place = _plant(wiki, "---\ntype: event\ntitle: x\nkind: 推演\nstarted_at: 2026-10-01\n---\n")
    assert run("validate", "--fix").code == 0
    assert "kind: exercise\n" in place.read_text(encoding="utf-8")


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Shanghai", "UTC"])
@pytest.mark.parametrize("time", ["2026-11-01T01:30", "2026-03-08T02:30", "1890-01-01T00:00"])
def test_a_time_keeps_its_moment_in_every_zone(wiki: Path, zone: str, time: str) -> None:
    settings = wiki / "aswiki.toml"
    settings.write_text(settings.read_text().replace("Asia/Shanghai", zone), encoding="utf-8")
    reading = Wiki.open(wiki).reading
    raw = f"---\ntype: event\ntitle: x\nkind: question\nstarted_at: {time}\n---\n".encode()
    new = mended(PATH, raw, reading)
    assert mended(PATH, new, reading) == new
    assert (new == raw) == (time.startswith("1890") and zone == "Asia/Shanghai")

"""``show``: a record with its fields, body and history, now or as it was known then."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"


def test_the_document_has_the_promised_keys(wiki: Path, run: Any) -> None:
    shown = run("show", UPLOADS, "--json").json
    assert list(shown) == ["ref", "path", "type", "fields", "body", "history", "lateness_days"]
    assert (shown["ref"], shown["type"]) == (UPLOADS, "event")
    text = (wiki / shown["path"]).read_text()
    assert text.endswith(shown["body"])
    assert shown["fields"]["log"][0]["text"] == "要求 30 分钟内恢复"
    assert [row["op"] for row in shown["history"]] == ["append", "create"]
    assert {"commit", "at", "by", "op"} <= set(shown["history"][0])
    assert shown["lateness_days"] == 15


@pytest.mark.parametrize(
    "words",
    [
        *("oss-shang", "2026-10-03", "蓝鲸/oss-shang", "lan-jing-you-xi/oss-shang-chuan", UPLOADS),
        *("上传", "oss 上传超时", "蓝鲸/上传", "ljyx/events/超时"),
    ],
)
def test_any_unambiguous_part_of_the_reference_will_do(wiki: Path, run: Any, words: str) -> None:
    assert run("show", words, "--json").json["ref"] == UPLOADS


@pytest.mark.parametrize("words", ["蓝鲸游戏", "蓝鲸", "ljyx", "lan-jing-you-xi"])
def test_a_customer_is_shown_by_its_profile(wiki: Path, run: Any, words: str) -> None:
    assert run("show", words, "--json").json["ref"] == "lan-jing-you-xi/profile"


def test_as_of_shows_what_was_known_then(wiki: Path, run: Any, clock: Any) -> None:
    first = run("set", UPLOADS, "environment=测试环境", "--json").json["commit"]
    clock.now += timedelta(days=1)
    run("set", UPLOADS, "environment=生产环境")
    run("append", UPLOADS, "第二天的话")
    clock.now += timedelta(days=1)
    then = run("show", UPLOADS, "--as-of", first[:9], "--json").json
    assert then["fields"]["environment"] == "测试环境"
    assert [row["op"] for row in then["history"]] == ["update", "append", "create"]
    for words, known in [
        ("2026-10-20", "测试环境"),
        ("前天", "测试环境"),
        ("2026-10-21", "生产环境"),
        ("昨天", "生产环境"),
    ]:
        shown = run("show", "oss-shang", "--as-of", words, "--json").json
        assert shown["fields"]["environment"] == known
    before = run("show", UPLOADS, "--as-of", "2026-10-19", "--json").json
    assert "environment" not in before["fields"]
    none = run("show", UPLOADS, "--as-of", "2026-10-18", "--json")
    assert none.code in {0, 3}


def test_as_of_a_day_is_its_end_in_the_wikis_zone(wiki: Path, run: Any, clock: Any) -> None:
    clock.now = clock.now.replace(hour=23, minute=59, second=59)
    run("set", UPLOADS, "environment=late")
    shown = run("show", UPLOADS, "--as-of", "2026-10-20", "--json").json
    assert shown["fields"]["environment"] == "late"


def test_a_record_that_was_retired_since_is_shown_as_it_was(
    wiki: Path, run: Any, clock: Any
) -> None:
    clock.now += timedelta(days=1)
    assert run("retire", UPLOADS, "--why", "重复").code == 0
    shown = run("show", UPLOADS, "--as-of", "2026-10-20", "--json").json
    assert shown["fields"]["severity"] == "P1"


def test_the_page_has_labels_of_the_language(wiki: Path, run: Any) -> None:
    en, zh = run("show", UPLOADS).out, run("show", UPLOADS, "--lang", "zh").out
    assert en.startswith("# OSS 上传超时\n")
    assert "- Severity: P1\n" in en
    assert "- 等级：P1\n" in zh or "- 等级: P1\n" in zh
    assert "## 处理过程" in zh


def test_a_broken_record_is_shown_as_far_as_it_can_be_read(wiki: Path, run: Any) -> None:
    path = wiki / "customers" / f"{UPLOADS}.md"
    path.write_text(path.read_text().replace("severity: P1", "severity: P9"))
    done = run("show", UPLOADS)
    assert done.code == 0
    assert "ASW122" in done.err
    assert run("show", UPLOADS, "--json").json["fields"]["severity"] == "P9"


def test_terminal_escapes_in_a_record_are_written_out(wiki: Path, run: Any) -> None:
    path = wiki / "customers" / f"{UPLOADS}.md"
    path.write_text(path.read_text() + "\n## 复盘\n\n\x1b[31mred \u202eflip\n")
    out = run("show", UPLOADS).out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_every_record_of_the_examples_is_shown(examples: Path, run: Any) -> None:
    for row in run("list", "event", "--customer", "sunbird", "--json").json:
        done = run("show", row["ref"], "--json")
        assert (done.code, done.json["ref"]) == (0, row["ref"])
        assert run("show", row["ref"]).code == 0

"""``who``: the product's department and ladder, and the colleagues who know."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

FAILOVER = "xing-he-you-xi/events/2026-07-21-cache-failover"


@pytest.mark.parametrize("words", ["cache", "缓存数据库", "缓存主备版", "Cache Database"])
def test_a_product_names_its_department_on_call_and_ladder(
    examples: Path, run: Any, words: str
) -> None:
    found = run("who", words, "--json").json
    assert found["query"] == words
    assert found["product"] == {
        "ref": "products/cache",
        "title": "缓存数据库",
        "owner_department": "db-team",
        "on_call": "数据库值班 010-0000-0102",
        "escalation": [
            {"level": "L1", "who": "ops-center"},
            {"level": "L2", "who": "db-team"},
            {"level": "L3", "who": "luoyang"},
        ],
    }


def test_people_come_with_the_records_that_show_it(examples: Path, run: Any) -> None:
    people = run("who", "cache", "--json").json["people"]
    luoyang = next(one for one in people if one["person"] == "luoyang")
    assert (luoyang["department"], luoyang["solved"], luoyang["helped_minutes"]) == (
        "db-team",
        1,
        40,
    )
    assert FAILOVER in luoyang["records"]


def test_a_topic_is_no_product_and_finds_who_helped(examples: Path, run: Any) -> None:
    found = run("who", "抓包", "--json").json
    assert found["product"] is None
    (helper,) = found["people"]
    assert (helper["person"], helper["helped_minutes"]) == ("wujun", 180)


def test_names_are_shown_to_people(examples: Path, run: Any) -> None:
    out = run("who", "对象存储", "--lang", "zh").out
    assert "存储研发组" in out
    assert "L1 运维中心 → L2 存储研发组" in out
    assert "吴钧\t运维中心\t2\t40\t" in out


def test_of_an_unknown_topic_nobody_is_known(examples: Path, run: Any) -> None:
    found = run("who", "量子计算", "--json")
    assert (found.code, found.json["product"], found.json["people"]) == (0, None, [])
    assert run("who", "量子计算").err == "Nobody is on record for it yet.\n"


def test_an_empty_topic_is_refused(examples: Path, run: Any) -> None:
    done = run("who", " ", "--json")
    assert (done.code, done.error["code"]) == (2, "no-topic")

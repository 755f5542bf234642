"""Who solved or helped before: by product, by topic, each with the records that show it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aswiki.domain import records as record_types
from aswiki.domain.ledgers.ground import Ground
from aswiki.domain.records.common import Record
from aswiki.domain.who import Known, product_named, who

NOW = datetime(2026, 11, 2, tzinfo=UTC)
COLLEAGUES = {"luoyang": "db-team", "zhangwei": "after-sales", "wujun": "ops-center"}


def made(record_type: str, title: str, **fields: Any) -> Record:
    shape = record_types.model(record_type)
    return shape.model_validate({"type": record_type, "title": title, **fields})


def event(title: str, *log: tuple[str, str], **fields: Any) -> Record:
    entries = [{"at": "2026-10-03T09:00:00Z", "by": by, "kind": k, "text": "查"} for by, k in log]
    given = {"kind": "question", "status": "resolved", "product": "缓存", **fields}
    return made("event", title, log=entries, **given)


RECORDS = {
    "products/cache": made("product", "缓存数据库", aliases=["缓存"]),
    "products/cloud-db": made("product", "云数据库"),
    "a/events/one": event("主备切换失败", ("zhangwei", "action"), ("zhangwei", "decision")),
    "a/events/two": event("键太大", ("luoyang", "note"), ("wanglei", "action")),
    "a/events/three": event("又切换", ("zhangwei", "action"), status="in_progress"),
    "b/events/four": event(
        "主备切换",
        product="云数据库",
        helped_by=[{"person": "wujun", "topic": "抓包", "minutes": 30}],
    ),
    "lessons/five": made(
        "lesson", "缓存主备切换", owner="luoyang", helped_by=[{"person": "外援", "minutes": 5}]
    ),
}


def known(words: str) -> dict[str, Known]:
    ground = Ground(RECORDS, NOW, UTC, COLLEAGUES, {"老张": "zhangwei", "罗扬": "luoyang"})
    return {one.person: one for one in who(ground, words, product_named(RECORDS, words))}


def test_a_product_is_found_by_slug_title_alias_or_the_only_name_that_holds_the_words() -> None:
    for words in ("cache", "CACHE", "缓存数据库", " 缓存 "):
        found = product_named(RECORDS, words)
        assert found is not None
        assert found[0] == "products/cache"
    assert product_named(RECORDS, "数据库") is None
    assert product_named(RECORDS, "云数") is not None
    assert product_named(RECORDS, "") is None


def test_who_acted_in_resolved_events_of_the_product_solved_it_once_each() -> None:
    found = known("缓存")
    assert list(found) == ["luoyang", "zhangwei", "外援"]
    assert (found["zhangwei"].solved, found["zhangwei"].records) == (1, ["a/events/one"])
    assert (found["luoyang"].department, found["luoyang"].records) == ("db-team", ["lessons/five"])


def test_a_topic_is_found_in_titles_and_in_what_was_helped_with() -> None:
    assert list(known("主备切换")) == ["luoyang", "zhangwei", "wujun", "外援"]
    (helper,) = known("抓包").values()
    assert (helper.person, helper.helped_minutes, helper.records) == (
        "wujun",
        30,
        ["b/events/four"],
    )


def test_a_customers_person_is_no_colleague_of_ours() -> None:
    assert "wanglei" not in known("缓存")


def test_of_something_nobody_wrote_about_nobody_is_known() -> None:
    assert known("量子计算") == {}

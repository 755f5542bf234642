"""The sections of blame, work, guarded events and what comes next: what each reader is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aswiki.domain import records as record_types
from aswiki.domain.checks.rules import text_sha256
from aswiki.domain.records.common import Record, abouts
from aswiki.domain.reports.ground import Ground
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.sections import SECTIONS
from aswiki.domain.reports.sight import Sight

SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
OCTOBER = Period.of_month("2026-10", SHANGHAI, AS_OF)
KEYS = ("blame", "positive_work", "protection", "next")
TECH, BIZ = "customer_tech", "customer_biz"


def made(record_type: str, **fields: Any) -> Record:
    shape = record_types.model(record_type)
    return shape.model_validate({"type": record_type, "title": "内部标题", **fields})


def event(started_at: str, kind: str = "incident", **fields: Any) -> Record:
    if kind == "incident":
        fields = {"severity": "P2", "status": "resolved", **fields}
    return made("event", kind=kind, started_at=started_at, **fields)


def free(text: str, *readers: str, field: str = "customer_text") -> dict[str, Any]:
    """A text with its release."""
    leaves = [{"audience": one, "field": field, "sha256": text_sha256(text)} for one in readers]
    return {"released_to": leaves, **({"customer_text": text} if field == "customer_text" else {})}


def entry(at: str, kind: str, text: str = "私话", **fields: Any) -> dict[str, Any]:
    return {"at": at, "by": "zhangwei", "kind": kind, "text": text, **fields}


GROUND = Ground()


def sight(
    reader: str,
    own: Mapping[str, Record],
    period: Period = OCTOBER,
    ground: Ground = GROUND,
    customer: str = "acme",
) -> Sight:
    whole = {f"{customer}/{ref}": record for ref, record in own.items()}
    whole.setdefault(f"{customer}/profile", made("profile", name="星河"))
    return Sight(reader, customer, period, whole, ground)


def told(key: str, reader: str, own: Mapping[str, Record], **options: Any) -> dict[str, Any]:
    found = built(key, [sight(reader, own, **options)])
    assert found is not None
    return found


def silent(key: str, reader: str, own: Mapping[str, Record], **options: Any) -> bool:
    return built(key, [sight(reader, own, **options)]) is None


def built(key: str, sights: list[Sight]) -> dict[str, Any] | None:
    return next(section for section in SECTIONS if section.key == key).build(sights)


CLEARED = event(
    "2026-10-03T11:20:00+08:00",
    resolved_at="2026-10-12T09:30:00+08:00",
    product="云数据库",
    blame={
        "status": "cleared",
        "accused_at": "2026-10-03T14:05:00+08:00",
        "accused_by": ["某某"],
        "allegation": "就是你们",
        "cleared_at": "2026-10-12T09:30:00+08:00",
        "true_cause_party": "third_party",
        "true_cause": "别家的策略",
        "consent": True,
    },
    log=[entry("2026-10-12T09:30:00+08:00", "customer", quote="跟你们没关系")],
)


def test_a_blame_cleared_in_the_period_comes_with_its_days_and_the_customers_words() -> None:
    (row,) = told("blame", "boss", {"events/a": CLEARED})["cleared"]
    assert (row["days"], row["statement"], row["true_cause"]) == (9, "跟你们没关系", "别家的策略")


def test_an_earlier_period_still_shows_it_as_carried() -> None:
    week = Period.of_days(
        date(2026, 10, 1),
        date(2026, 10, 7),
        SHANGHAI,
        AS_OF,
    )
    found = told("blame", "boss", {"events/a": CLEARED}, period=week)
    assert ([row["days"] for row in found["carried"]], found["cleared"]) == ([4], [])
    assert found["carried"][0]["status"] == "carried"
    assert "true_cause" not in found["carried"][0]


def test_the_product_managers_read_no_allegation_and_sales_one_line() -> None:
    product = told("blame", "product", {"events/a": CLEARED})["cleared"][0]
    assert product["product"] == "云数据库"
    assert not {"allegation", "accused_by", "true_cause"} & set(product)
    sales = told("blame", "sales", {"events/a": CLEARED})["cleared"][0]
    assert (sales["may_quote"], "title" in sales, "ref" in sales) == (True, False, False)


def test_the_customer_hears_of_a_cleared_blame_only_with_consent() -> None:
    assert len(told("blame", TECH, {"events/a": CLEARED})["cleared"]) == 1
    said = event("2026-10-03", blame={"status": "cleared", "consent": "口头"}).blame  # type: ignore[attr-defined]
    without = CLEARED.model_copy(
        update={"blame": said.model_copy(update={"cleared_at": CLEARED.blame.cleared_at})}  # type: ignore[attr-defined]
    )
    assert silent("blame", TECH, {"events/a": without})


GUARD = event(
    "2026-09-28T20:00:00+08:00",
    "critical_event",
    status="closed",
    window={"from": "2026-09-28T20:00:00+08:00", "to": "2026-10-02T06:00:00+08:00"},
    expected_peak="每秒一万次写",
    checklist=[{"item": "扩容", "done_at": "2026-09-27"}, {"item": "升配", "owner": "luoyang"}],
    roster=[{"who": "zhangwei"}],
    result="没有告警",
    hours={"night": 10},
    **free("月末平稳。", TECH),
)


def test_a_guard_counts_in_every_period_that_its_window_touches() -> None:
    for period in (OCTOBER, OCTOBER.shifted(-1)):
        assert told("protection", "boss", {"events/a": GUARD}, period=period)["count"] == 1
    assert silent("protection", "boss", {"events/a": GUARD}, period=OCTOBER.shifted(1))


def test_the_roster_is_for_the_boss_and_a_customer_reads_released_guards_alone() -> None:
    boss = told("protection", "boss", {"events/a": GUARD})["rows"][0]
    assert (boss["done"], boss["total"], boss["roster"][0]["who"]) == (1, 2, "zhangwei")
    for reader in ("product", "sales", TECH):
        row = told("protection", reader, {"events/a": GUARD})["rows"][0]
        assert "roster" not in row
        assert [set(item) for item in row["checklist"]] == [{"item", "done_at"}] * 2
    assert silent("protection", BIZ, {"events/a": GUARD})


WORK = {
    "communications/a": made(
        "communication",
        kind="hands_on_help",
        occurred_at="2026-10-07",
        value="省了一天",
        hours=Decimal(6),
        loss_avoided={"amount": Decimal(100), "currency": "CNY"},
        acknowledged={"by": "someone", "quote": "救了我"},
        **free("协助整理了时间线。", TECH),
    ),
    "communications/b": made("communication", kind="praise", occurred_at="2026-10-08"),
    "communications/c": made("communication", kind="advice", occurred_at="2026-10-09"),
    "events/a": event(
        "2026-10-02T22:00:00+08:00",
        "change",
        status="closed",
        resolved_at="2026-10-03T09:00:00+08:00",
        hours={"night": 8, "holiday": 11, "onsite": 11},
        **free("入口升级完成。", TECH, BIZ),
    ),
}


def test_the_boss_reads_hours_that_nobody_sees_and_the_thanks() -> None:
    found = told("positive_work", "boss", WORK)
    assert (found["hours"], found["unseen_hours"]) == (6, 19)
    assert found["rows"][0]["thanks"] == {"by": "someone", "quote": "救了我"}
    assert found["works"] == {"change": 1}


def test_sales_gets_arguments_and_no_hours_or_names() -> None:
    found = told("positive_work", "sales", WORK)
    assert found["loss_avoided"] == {"CNY": 100}
    assert (found["count"], found["rows"][0]["value"]) == (3, "省了一天")
    assert not {"hours", "event_hours", "unseen_hours"} & set(found)
    assert not {"hours", "thanks"} & set(found["rows"][0])


def test_the_customer_reads_what_was_done_for_them_and_not_their_own_praise() -> None:
    tech = told("positive_work", TECH, WORK)
    assert tech["by_kind"] == {"advice": 1, "hands_on_help": 1}
    assert [row["text"] for row in (*tech["done"], *tech["rows"])] == [
        "入口升级完成。",
        "协助整理了时间线。",
    ]
    biz = told("positive_work", BIZ, WORK)
    assert [row["text"] for row in biz["done"]] == ["入口升级完成。"]
    assert not {"by_kind", "works", "visits"} & set(biz)


COMING = {
    "visits/a": made("visit", kind="monthly", status="planned", occurred_at="2026-11-11"),
    "visits/b": made(
        "visit",
        kind="meeting_request",
        status="planned",
        occurred_at="2026-11-12",
        requested_by="sunqi",
    ),
    "visits/c": made(
        "visit",
        kind="monthly",
        status="held",
        occurred_at="2026-10-15",
        promises=[
            {"id": "p1", "what": "演练", "due_on": "2026-11-05", "customer_visible": True},
            {"id": "p2", "what": "明年再说", "due_on": "2027-03-01", "customer_visible": True},
            {"id": "p3", "what": "内部的事", "due_on": "2026-10-20"},
        ],
        **free("约定：演练一次。", TECH),
    ),
    "events/a": event("2026-11-05T04:00:00+08:00", "change", status="new"),
    "events/b": event(
        "2026-10-26T09:00:00+08:00",
        "security",
        status="waiting_customer",
        **free("请给出窗口。", TECH),
    ),
    "events/c": event("2026-12-05T04:00:00+08:00", "change", status="cancelled"),
}


def test_what_comes_next_is_told_up_to_the_end_of_the_period_after() -> None:
    found = told("next", "boss", COMING)
    assert (found["period"], len(found["visits"]), len(found["meetings"])) == ("2026-11", 1, 1)
    assert [(row["kind"], row["begun"]) for row in found["changes"]] == [
        ("security", True),
        ("change", False),
    ]
    assert [(row["ref"], row["overdue_days"]) for row in found["promises"]] == [
        ("acme/visits/c#p3", 11),
        ("acme/visits/c#p1", 0),
    ]


def test_before_the_periods_end_what_is_left_of_it_lies_ahead_too() -> None:
    period = Period.of_month("2026-11", SHANGHAI, AS_OF)
    assert len(told("next", "boss", COMING, period=period)["visits"]) == 1


def test_the_product_managers_read_meetings_alone() -> None:
    found = told("next", "product", COMING)
    assert set(found) == {"number", "key", "period", "meetings"}
    assert "requested_by" not in found["meetings"][0]


def test_a_customer_reads_what_was_agreed_and_nothing_unreleased() -> None:
    found = told("next", TECH, COMING)
    assert [row["text"] for row in found["agreed"]] == ["约定：演练一次。"]
    assert [row["text"] for row in found["changes"]] == ["请给出窗口。"]
    assert [row["what"] for row in found["promises"]] == ["演练"]
    assert (found["visits"], found["meetings"]) == ([], [])
    assert silent("next", BIZ, COMING)


def test_sales_reads_promises_of_their_own_alone() -> None:
    assert told("next", "sales", COMING)["promises"] == []
    own = Ground(own=frozenset({"chenhao"}))
    promise = {"id": "p1", "what": "报价", "due_on": "2026-11-03", "by": {"person": "chenhao"}}
    coming = {"visits/d": made("visit", kind="monthly", promises=[promise])}
    assert [row["what"] for row in told("next", "sales", coming, ground=own)["promises"]] == [
        "报价"
    ]


@pytest.mark.parametrize("reader", ["sales", BIZ])
def test_a_sensitive_record_is_not_even_counted(reader: str) -> None:
    hidden = {ref: one.model_copy(update={"sensitive": True}) for ref, one in COMING.items()}
    assert silent("next", reader, hidden)


@pytest.mark.parametrize("key", KEYS)
def test_nothing_to_tell_makes_no_section(key: str) -> None:
    section = next(one for one in SECTIONS if one.key == key)
    for reader in section.readers:
        assert silent(key, reader, {})


@pytest.mark.parametrize("key", KEYS)
def test_a_section_shows_only_what_the_fields_allow_its_readers(key: str) -> None:
    section = next(one for one in SECTIONS if one.key == key)
    shown = import_module(f"aswiki.domain.reports.sections.{key}").SHOWN
    assert set(shown) == set(section.readers)
    for reader, types in shown.items():
        for record_type, keys in types.items():
            for dotted in keys:
                shape: Any = record_types.model(record_type)
                for step in dotted.split("."):
                    about = abouts(shape)[step]
                    assert reader in about.readers, (reader, record_type, dotted)
                    shape = about.part

"""The sections of incidents, triage and demands: what each reader is told, and is not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aswiki.domain import records as record_types
from aswiki.domain.checks.rules import text_sha256
from aswiki.domain.dues.pace import Pace
from aswiki.domain.records.common import Record, abouts
from aswiki.domain.reports.ground import Ground
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.sections import SECTIONS
from aswiki.domain.reports.sight import Sight

SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
OCTOBER = Period.of_month("2026-10", SHANGHAI, AS_OF)
KEYS = ("incidents", "triage", "demands")
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


PRODUCT = made("product", title="云数据库", aliases=["RDS"], owner_department="db-team")
GROUND = Ground(
    colleagues={"zhangwei": "after-sales", "luoyang": "db-team"},
    departments={"after-sales": "after_sales", "db-team": "rnd", "net-team": "rnd"},
    names={"罗扬": "luoyang", "数据库组": "db-team"},
    shared={"products/cloud-database": PRODUCT},
    pace=Pace(24, 14),
)


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


OUTAGE = event(
    "2026-10-17T20:13:00+08:00",
    severity="P1",
    customer_claimed_severity="P0",
    product="rds",
    detected_at="2026-10-17T20:14:00+08:00",
    acknowledged_at="2026-10-17T20:16:00+08:00",
    resolved_at="2026-10-17T21:07:00+08:00",
    root_cause_party="ours",
    technical_owner="db-team",
    triage={"class": "old_bug", "basis": "同一段逻辑"},
    impact={"business": "停写", "unavailable_minutes": 54},
    environment="一主两备",
    log=[entry("2026-10-17T20:22:00+08:00", "deflection", **{"from": "db-team", "to": "net-team"})],
)
SEPTEMBER = event(
    "2026-09-11T10:00:00+08:00", severity="P3", resolved_at="2026-09-11T10:09:00+08:00"
)


def test_the_boss_reads_incidents_with_departments_and_the_period_before() -> None:
    found = told("incidents", "boss", {"events/a": OUTAGE, "events/b": SEPTEMBER})
    assert (found["count"], found["minutes"], found["by_severity"]["P1"]) == (1, 54, 1)
    assert (found["before"]["period"], found["before"]["count"]) == ("2026-09", 1)
    (row,) = found["rows"]
    assert row["departments"] == ["db-team", "net-team"]
    assert (row["owner_department"], row["triage"]) == ("db-team", "old_bug")
    assert (row["name"], row["ref"]) == ("星河", "acme/events/a")


def test_a_quarter_is_held_against_the_quarter_before_it() -> None:
    quarter = Period.of_quarter("2026-Q4", SHANGHAI, AS_OF)
    assert quarter is not None
    found = told("incidents", "boss", {"events/a": OUTAGE, "events/b": SEPTEMBER}, period=quarter)
    assert (found["count"], found["before"]["period"]) == (1, "2026-Q3")
    assert found["before"]["count"] == 1


def test_the_chart_holds_the_twelve_months_up_to_the_periods_last() -> None:
    later = event("2026-11-01T10:00:00+08:00")
    own = {"events/a": OUTAGE, "events/b": SEPTEMBER, "events/c": later}
    chart = told("incidents", "boss", own)["charts"]["incidents"]
    assert (chart["months"][0], chart["months"][-1]) == ("2025-11", "2026-10")
    assert {one["name"]: one["values"][-2:] for one in chart["series"]} == {
        "P1": [0, 1],
        "P3": [1, 0],
    }


def test_the_product_managers_read_environment_and_cause_and_no_name_from_a_log() -> None:
    (row,) = told("incidents", "product", {"events/a": OUTAGE})["rows"]
    assert (row["environment"], row["basis"]) == ("一主两备", "同一段逻辑")
    assert row["departments"] == ["db-team"]


@pytest.mark.parametrize(
    ("party", "claimed", "verdict"),
    [
        ("ours", "P2", "real"),
        ("ours", "P0", "louder"),
        ("third_party", "P0", "elsewhere"),
        ("unknown", "P0", "open"),
        (None, None, "open"),
    ],
)
def test_sales_is_told_whether_it_was_real_or_loud(
    party: str | None, claimed: str | None, verdict: str
) -> None:
    fields: dict[str, Any] = {"root_cause_party": party, "customer_claimed_severity": claimed}
    own = {"events/a": event("2026-10-03T10:00:00+08:00", **fields)}
    found = told("incidents", "sales", own)
    assert found["rows"][0]["verdict"] == verdict
    assert found["verdicts"][verdict] == 1


def test_sales_reads_neither_titles_nor_references_of_incidents() -> None:
    (row,) = told("incidents", "sales", {"events/a": OUTAGE})["rows"]
    assert set(row) == {
        "customer",
        "name",
        "severity",
        "started_at",
        "ended_at",
        "ongoing",
        "minutes",
        "verdict",
    }


def test_without_a_release_the_customer_reads_dates_minutes_and_severity_alone() -> None:
    (row,) = told("incidents", TECH, {"events/a": OUTAGE})["rows"]
    assert (row.pop("text"), row.pop("minutes"), row.pop("severity")) == (None, 54, "P1")
    assert set(row) == {"customer", "name", "started_at", "ended_at", "ongoing"}


def test_with_a_release_the_customer_reads_the_words_the_times_and_what_was_agreed() -> None:
    promised = [
        {"id": "p1", "what": "修复上线", "customer_visible": True, "status": "open"},
        {"id": "p2", "what": "私下答应", "customer_visible": False, "status": "open"},
    ]
    released = OUTAGE.model_copy(
        update={
            "customer_text": "写入停顿，数据没有丢。",
            "released_to": event("2026-10-17", **free("写入停顿，数据没有丢。", TECH)).released_to,
            "promises": made("note", kind="signal", promises=promised).promises,
        }
    )
    found = told("incidents", TECH, {"events/a": released})
    (row,) = found["rows"]
    assert (row["text"], row["response_minutes"]) == ("写入停顿，数据没有丢。", 2)
    assert [one["what"] for one in row["measures"]] == ["修复上线"]
    assert found["unavailable_minutes"] == 54


def test_the_business_side_is_told_released_incidents_and_not_that_there_were_others() -> None:
    own = {
        "events/a": event("2026-10-03T10:00:00+08:00", **free("登录偶发超时。", BIZ)),
        "events/b": OUTAGE,
    }
    found = told("incidents", BIZ, own)
    assert (found["count"], [row["text"] for row in found["rows"]]) == (1, ["登录偶发超时。"])
    assert {"before", "minutes", "by_severity", "charts"}.isdisjoint(found)
    assert silent("incidents", BIZ, {"events/b": OUTAGE})


def test_an_inquiry_comes_as_the_wording_approved_for_that_reader() -> None:
    text = "当天平台运行正常。"
    wording = [{"audience": BIZ, "text": text}, {"audience": TECH, "text": "到了上限。"}]
    asked = event(
        "2026-10-20T10:00:00+08:00", "inquiry", wording=wording, **free(text, BIZ, field="wording")
    )
    own = {"events/a": asked, "events/b": OUTAGE}
    assert [row["text"] for row in told("incidents", BIZ, own)["inquiries"]] == [text]
    assert told("incidents", TECH, own)["inquiries"] == []


REQUIREMENT = event(
    "2026-08-25T10:00:00+08:00",
    "requirement",
    status="in_progress",
    product="云数据库",
    triage={"class": "new_requirement", "basis": "从没承诺过"},
    negotiation={"product": "排四季度", "who_pays": "客户", "cost": 90000, "outcome": "灰度"},
    **free("已列入四季度计划。", TECH),
)
STILL = event(
    "2026-10-20T10:00:00+08:00",
    status="in_progress",
    product="云数据库",
    triage={"class": "old_bug", "at": "2026-10-21T10:00:00+08:00"},
)


def test_open_matters_stand_by_class_and_department_with_their_clock() -> None:
    found = told("triage", "boss", {"events/a": REQUIREMENT, "events/b": STILL})
    assert [row["class"] for row in found["rows"]] == ["old_bug", "new_requirement"]
    assert [(row["clock"], row["still_days"]) for row in found["rows"]] == [
        ("fast", 10),
        ("slow", 67),
    ]
    assert found["by_department"][0]["department"] == "db-team"
    assert (found["by_department"][0]["oldest_days"], found["stalled"]) == (67, 2)


def test_a_matter_that_moves_in_time_does_not_stand_still() -> None:
    moved = STILL.model_copy(
        update={"log": event("2026-10-20", log=[entry("2026-10-31T12:00:00+08:00", "update")]).log}
    )
    assert told("triage", "boss", {"events/b": moved})["stalled"] == 0


def test_what_was_resolved_only_after_the_period_was_open_at_its_end() -> None:
    later = event("2026-10-30T10:00:00+08:00", resolved_at="2026-11-01T10:00:00+08:00")
    assert told("triage", "boss", {"events/a": later})["open"] == 1
    assert silent("triage", "boss", {"events/a": OUTAGE})


def test_the_product_managers_read_the_negotiation_without_a_bare_amount() -> None:
    (row,) = told("triage", "product", {"events/a": REQUIREMENT})["rows"]
    assert (row["negotiation"]["product"], row["negotiation"]["cost"]) == ("排四季度", None)
    assert (row["basis"], row["department"]) == ("从没承诺过", "db-team")
    boss = told("triage", "boss", {"events/a": REQUIREMENT})["rows"][0]
    assert boss["negotiation"]["cost"] == 90000


def test_sales_reads_only_needs_with_a_commercial_side() -> None:
    found = told("triage", "sales", {"events/a": REQUIREMENT, "events/b": STILL})
    assert [(row["who_pays"], row["outcome"]) for row in found["rows"]] == [("客户", "灰度")]
    assert "class" not in found["rows"][0]


def test_the_customer_reads_known_issues_and_improvements_that_were_released() -> None:
    found = told("triage", TECH, {"events/a": REQUIREMENT, "events/b": STILL})
    assert [(row["what"], row["text"]) for row in found["rows"]] == [
        ("planned_improvement", "已列入四季度计划。")
    ]
    assert silent("triage", TECH, {"events/b": STILL})


PASSED = event(
    "2026-10-17T20:13:00+08:00",
    resolved_at="2026-10-17T21:07:00+08:00",
    escalation_outcome="person_changed",
    witness_for=[{"department": "net-team", "statement": "交出了抓包"}],
    log=[
        entry("2026-10-17T20:18:00+08:00", "demand", "恢复写入", to="db-team", level="L1"),
        entry("2026-10-17T20:22:00+08:00", "deflection", **{"from": "罗扬", "to": "net-team"}),
        entry("2026-10-17T20:34:00+08:00", "deflection", **{"from": "net-team", "to": "db-team"}),
        entry("2026-10-17T20:40:00+08:00", "deflection", **{"from": "某公司", "to": "某某"}),
    ],
)


def test_the_boss_reads_demands_loops_outcomes_and_witnesses() -> None:
    found = told("demands", "boss", {"events/a": PASSED})
    assert [(row["text"], row["hours_to_result"]) for row in found["demands"]] == [
        ("恢复写入", Decimal("0.8"))
    ]
    assert (found["hops"], found["loops"]) == (3, 1)
    assert found["outcomes"] == {"solved": 0, "person_changed": 1, "refused": 0}
    assert found["witnesses"][0]["statement"] == "交出了抓包"
    assert found["by_department"][0] == {
        "department": "db-team",
        "demands": 1,
        "deflections": 1,
    }


def test_the_product_managers_read_their_own_departments_part_without_a_word() -> None:
    own = {"events/a": PASSED}
    assert silent("demands", "product", own)
    ground = Ground(
        colleagues=GROUND.colleagues,
        departments=GROUND.departments,
        names=GROUND.names,
        own=frozenset({"luoyang"}),
    )
    found = told("demands", "product", own, ground=ground)
    assert [row["department"] for row in found["demands"]] == ["db-team"]
    assert [(hop["from"], hop["to"]) for hop in found["deflections"][0]["chain"]] == [
        ("db-team", "net-team"),
        ("net-team", "db-team"),
    ]
    assert "text" not in found["demands"][0]
    assert not {"outcomes", "witnesses", "results"} & set(found)


def test_a_deflection_of_another_period_is_not_told() -> None:
    september = OCTOBER.shifted(-1)
    assert silent("demands", "boss", {"events/a": PASSED}, period=september)


@pytest.mark.parametrize("reader", ["sales", BIZ])
def test_a_sensitive_record_is_not_even_counted(reader: str) -> None:
    hidden = {"events/a": OUTAGE.model_copy(update={"sensitive": True})}
    assert silent("incidents", reader, hidden)


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

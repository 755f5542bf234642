"""The pages of the sections of events and work: each reader's words, and no others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aswiki.domain import records as record_types
from aswiki.domain.checks.rules import text_sha256
from aswiki.domain.records.common import Record
from aswiki.domain.reports.ground import Ground
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.sections import SECTIONS
from aswiki.domain.reports.sight import Sight
from aswiki.render.markdown import Names, Template, markdown

FOLDER = Path(__file__).parents[2] / "templates" / "reports" / "sections"
SHANGHAI = ZoneInfo("Asia/Shanghai")
OCTOBER = Period.of_month("2026-10", SHANGHAI, datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI))
KEYS = ("incidents", "triage", "demands", "blame", "positive_work", "protection", "next")
CUSTOMERS = ("customer_tech", "customer_biz")
NEVER_TO_CUSTOMERS = ("内部标题", "私话", "张维", "网络研发组", "acme/", "老Bug", "bug", "某厂商")


def made(record_type: str, **fields: Any) -> Record:
    shape = record_types.model(record_type)
    return shape.model_validate({"type": record_type, "title": "内部标题", **fields})


def free(text: str) -> dict[str, Any]:
    leaves = [
        {"audience": one, "field": "customer_text", "sha256": text_sha256(text)}
        for one in CUSTOMERS
    ]
    return {"customer_text": text, "released_to": leaves}


def entry(at: str, kind: str, **fields: Any) -> dict[str, Any]:
    return {"at": at, "by": "zhangwei", "kind": kind, "text": "私话", **fields}


OWN: Mapping[str, Record] = {
    "acme/profile": made("profile", name="星河"),
    "acme/events/a": made(
        "event",
        kind="incident",
        severity="P1",
        customer_claimed_severity="P0",
        status="in_progress",
        started_at="2026-10-17T20:13:00+08:00",
        mitigated_at="2026-10-17T21:07:00+08:00",
        acknowledged_at="2026-10-17T20:16:00+08:00",
        product="云数据库",
        environment="环境词",
        root_cause="私话",
        root_cause_party="ours",
        technical_owner="net-team",
        triage={"class": "old_bug", "detail": "recurrence", "basis": "私话"},
        escalation_outcome="solved",
        witness_for=[{"department": "net-team", "statement": "私话"}],
        promises=[
            {"id": "p1", "what": "修复上线", "customer_visible": True, "due_on": "2026-11-09"}
        ],
        log=[
            entry("2026-10-17T20:18:00+08:00", "demand", to="net-team", level="L1"),
            entry(
                "2026-10-17T20:22:00+08:00", "deflection", **{"from": "net-team", "to": "某厂商"}
            ),
        ],
        **free("放行的故障说明。"),
    ),
    "acme/events/b": made(
        "event",
        kind="change",
        status="closed",
        started_at="2026-10-02T22:00:00+08:00",
        resolved_at="2026-10-12T09:30:00+08:00",
        product="云数据库",
        hours={"night": 8, "holiday": 11},
        blame={
            "status": "cleared",
            "accused_at": "2026-10-03",
            "accused_by": ["某厂商"],
            "allegation": "私话",
            "cleared_at": "2026-10-12T09:30:00+08:00",
            "true_cause": "私话",
            "consent": True,
        },
        **free("放行的升级说明。"),
    ),
    "acme/events/c": made(
        "event",
        kind="critical_event",
        status="new",
        started_at="2026-10-30T20:00:00+08:00",
        window={"from": "2026-10-30T20:00:00+08:00", "to": "2026-11-05T06:00:00+08:00"},
        expected_peak="一万次写",
        checklist=[
            {"item": "扩容", "owner": "zhangwei", "done_at": "2026-10-29"},
            {"item": "升配"},
        ],
        roster=[{"who": "zhangwei"}],
        result="私话",
        **free("放行的保障说明。"),
    ),
    "acme/events/d": made(
        "event",
        kind="requirement",
        status="in_progress",
        started_at="2026-09-01",
        negotiation={"product": "私话", "who_pays": "客户", "cost": "30 人日"},
    ),
    "acme/communications/a": made(
        "communication",
        kind="demand_guidance",
        occurred_at="2026-10-07",
        value="私话",
        hours=2,
        loss_avoided={"amount": 100, "currency": "CNY"},
        acknowledged={"by": "张维", "quote": "私话"},
        **free("放行的协助说明。"),
    ),
    "acme/visits/a": made(
        "visit",
        kind="meeting_request",
        status="planned",
        occurred_at="2026-11-11T10:00:00+08:00",
        requested_by="zhangwei",
        attendees=["zhangwei"],
    ),
    "acme/visits/b": made(
        "visit", kind="monthly", status="held", occurred_at="2026-10-15", **free("放行的约定。")
    ),
}
GROUND = Ground(
    colleagues={"zhangwei": "after-sales"},
    departments={"after-sales": "after_sales", "net-team": "rnd"},
    own=frozenset({"net-team"}),
)


def page(key: str, reader: str, language: str, *, single: bool = True) -> str | None:
    """The section as Markdown; None where its reader has none or there is nothing to tell."""
    section = next(one for one in SECTIONS if one.key == key)
    if reader not in section.readers:
        return None
    found = section.build([Sight(reader, "acme", OCTOBER, OWN, GROUND)])
    if found is None:
        return None
    template = FOLDER / f"{key}.{language}.md.j2"
    report = {"period": "2026-10", "kind": "month", "for": reader, "wiki": "", "single": single}
    report |= {"customer": "acme", "as_of": OCTOBER.as_of}
    names = Names(
        language,
        SHANGHAI,
        people={"zhangwei": "张维"},
        departments={"net-team": "网络研发组", "after-sales": "售后服务部"},
    )
    text = template.read_text(encoding="utf-8")
    return markdown(
        Template(template.name, text, trusted=True), {"section": found, "report": report}, names
    )


def pages(reader: str, language: str) -> str:
    return "\n".join(filter(None, (page(key, reader, language) for key in KEYS)))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("reader", CUSTOMERS)
def test_a_customers_page_holds_nothing_but_what_was_released(reader: str, language: str) -> None:
    text = pages(reader, language)
    for word in NEVER_TO_CUSTOMERS:
        assert word not in text, word
    for word in ("放行的故障说明。", "放行的升级说明。", "放行的保障说明。", "放行的协助说明。"):
        assert word in text
    assert "放行的约定。" in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_business_side_is_shown_no_severity_no_chart_and_no_list_of_work(
    language: str,
) -> None:
    text = pages("customer_biz", language)
    assert not any(word in text for word in ("P1", "chart:", "扩容", "一万次写"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sales_page_names_no_person_and_quotes_no_log(language: str) -> None:
    text = pages("sales", language)
    assert not any(word in text for word in ("张维", "网络研发组", "某厂商", "环境词"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_product_managers_page_names_departments_and_no_person(language: str) -> None:
    text = pages("product", language)
    assert "网络研发组" in text
    assert not any(word in text for word in ("张维", "某厂商", "CNY"))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("key", KEYS)
def test_every_section_of_the_boss_has_its_heading_and_lines_that_stand_apart(
    key: str, language: str
) -> None:
    text = page(key, "boss", language)
    assert text is not None
    number = next(one.number for one in SECTIONS if one.key == key)
    assert text.startswith(f"## {number} ")
    assert not any("- **" in line[4:] for line in text.split("\n") if line.startswith("- "))
    assert "None" not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_report_of_several_customers_names_whose_each_line_is(language: str) -> None:
    several, single = (page("incidents", "boss", language, single=one) for one in (False, True))
    assert "星河" in str(several)
    assert "星河" not in str(single)


def test_english_words_stand_apart_from_what_they_join() -> None:
    text = str(page("protection", "customer_tech", "en"))
    assert "Prepared, 1 of 2: 扩容 (done 10-29), 升配 (not done)" in text

"""The sections on trust as their readers get them: every one in both languages, in few words."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from importlib import import_module
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

TEMPLATES = Path(__file__).parents[2] / "templates" / "reports" / "sections"
SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
OCTOBER = Period.of_month("2026-10", SHANGHAI, AS_OF)
TEXT = "已处理完毕。"
FREE = {
    "customer_text": TEXT,
    "released_to": [
        {"audience": reader, "sha256": text_sha256(TEXT)}
        for reader in ("customer_tech", "customer_biz")
    ],
}
PROMISE = {
    "id": "p1",
    "what": "修好切换",
    "by": {"person": "luoyang"},
    "to": "qin",
    "made_on": "2026-10-03",
    "due_on": "2026-10-20",
    "customer_visible": True,
}


def names(language: str) -> Names:
    return Names(
        language=language,
        zone=SHANGHAI,
        people={"luoyang": "罗扬", "chenhao": "陈昊"},
        departments={"db-team": "数据库研发组"},
        contacts={"acme": {"qin": "秦枫", "jiang": "蒋敏"}},
    )


def made(record_type: str, **fields: Any) -> Record:
    shape = record_types.model(record_type)
    return shape.model_validate({"type": record_type, "title": "内部标题", **fields})


def records() -> dict[str, Record]:
    claims = [
        {"stage": "sales_said", "by": "chenhao", "hours": Decimal(4)},
        {"stage": "actual", "by": "luoyang", "hours": Decimal(11)},
    ]
    synced = {"happened_at": "2026-10-10T14:00:00+08:00", "synced_at": "2026-10-16T17:00:00+08:00"}
    found = {
        "profile": made(
            "profile",
            name="雅美",
            lifecycle="at_risk",
            credit={"owed_amount": Decimal("8640.00"), "currency": "EUR"},
            contacts=[
                {"id": "qin", "name": "秦枫", "side": "customer_tech", "stance": "champion"},
                {"id": "jiang", "name": "蒋敏", "side": "customer_biz", "stance": "detractor"},
            ],
        ),
        "events/a": made(
            "event",
            kind="change",
            started_at="2026-10-03",
            status="resolved",
            promises=[PROMISE, {**PROMISE, "id": "p2", "by": {"department": "chenhao"}}],
            scope={"claims": claims},
            helped_by=[{"person": "luoyang", "topic": "切换时序", "minutes": 40}],
            **FREE,
        ),
        "complaints/a": made(
            "complaint",
            category="outage",
            status="received",
            received_at="2026-10-04",
            complainant="qin",
            responsible={"person": "luoyang", "department": "db-team"},
            customer_impact="停了一小时",
            **FREE,
        ),
        "complaints/b": made(
            "complaint",
            category="billing",
            status="closed",
            received_at="2026-10-05",
            closed_at="2026-10-06",
            complainant="jiang",
            **FREE,
        ),
        "churn/a": made(
            "churn",
            period="2026-10",
            amount_per_month=Decimal("18000.00"),
            currency="CNY",
            reason="service_capability",
            attributions=[
                {"party": "db-team", "reason": "commercial", "argument": "没申请折扣"},
                {"party": "chenhao", "reason": "service_capability", "argument": "报不出价"},
            ],
            root_records=["acme/events/a"],
        ),
        "notes/a": made(
            "note",
            kind="signal",
            occurred_at="2026-10-21",
            signal={
                "kind": "bargaining",
                "claimed_severity": "P0",
                "platform_fault": "none",
                "internal_positioning": "知道不是平台",
                "advice": "先发材料",
                "for_sales": "可能压价",
            },
            source={"channel": "im", "said_by": "qin"},
        ),
        "notes/b": made(
            "note",
            kind="sales_sync",
            occurred_at="2026-10-16",
            sales_sync={"sales_person": "chenhao", "with_whom": "jiang", **synced},
        ),
    }
    return {f"acme/{ref}": record for ref, record in found.items()}


def laid_out(key: str, reader: str, language: str) -> str:
    shared = {
        "lessons/a": made(
            "lesson",
            learned_on="2026-10-12",
            hours_spent=Decimal("9.5"),
            sanitized=True,
            fix="两侧抓包",
        )
    }
    ground = Ground(
        colleagues={"luoyang": "db-team", "chenhao": "sales-east"},
        names={"luoyang": "luoyang", "chenhao": "chenhao"},
        shared=shared,
        own=frozenset({"chenhao"}),
    )
    module = import_module(f"aswiki.domain.reports.sections.{key}")
    value = getattr(module, key)([Sight(reader, "acme", OCTOBER, records(), ground)])
    assert value is not None, (key, reader)
    number = next(one.number for one in SECTIONS if one.key == key)
    document = {
        "section": {"number": number, "key": key, **value},
        "report": {"period": "2026-10", "kind": "month", "for": reader, "single": False},
    }
    name = f"{key}.{language}.md.j2"
    template = Template(name, (TEMPLATES / name).read_text(encoding="utf-8"), trusted=True)
    return markdown(template, document, names(language))


CASES = [
    (one.key, reader)
    for one in SECTIONS
    if one.key
    in {
        "asked_about",
        "promises",
        "complaints",
        "sales_sync",
        "churn",
        "signals",
        "politics",
        "lessons",
    }
    for reader in sorted(one.readers)
]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("key", "reader"), CASES)
def test_each_reader_gets_each_section_in_each_language(
    key: str, reader: str, language: str
) -> None:
    text = laid_out(key, reader, language)
    assert text.startswith("## ")
    assert "None" not in text
    assert "（）" not in text
    assert "()" not in text
    assert ", ," not in text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("key", ["promises", "complaints"])
@pytest.mark.parametrize("reader", ["customer_tech", "customer_biz"])
def test_a_customer_reads_no_name_title_or_reference_of_ours(
    key: str, reader: str, language: str
) -> None:
    text = laid_out(key, reader, language)
    assert (TEXT if key == "complaints" else "修好切换") in text
    for word in ("内部标题", "罗扬", "陈昊", "acme", "数据库研发组", "停了一小时", "秦枫"):
        assert word not in text


@pytest.mark.parametrize("key", [key for key, reader in CASES if reader == "sales"])
def test_sales_never_reads_who_said_something(key: str) -> None:
    text = laid_out(key, "sales", "zh")
    for word in ("秦枫", "蒋敏", "罗扬", "知道不是平台", "停了一小时", "通讯", "微信"):
        assert word not in text


def test_the_boss_reads_names_and_sums() -> None:
    assert "罗扬，数据库研发组 → 秦枫" in laid_out("promises", "boss", "zh")
    assert "![Promises by outcome](chart:promises)" in laid_out("promises", "boss", "en")
    assert "来源受保护" in laid_out("signals", "boss", "zh")
    assert "18,000.00 CNY a month" in laid_out("churn", "boss", "en")
    assert "147 小时" in laid_out("sales_sync", "boss", "zh")
    assert "**Arrears** 雅美: 8,640.00 EUR" in laid_out("asked_about", "boss", "en")

"""Weather, spend, credit, SLA and compass of a report: each reader gets theirs and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aswiki.domain import records as record_types
from aswiki.domain.checks import schema
from aswiki.domain.checks.rules import text_sha256
from aswiki.domain.records.common import Record, abouts
from aswiki.domain.records.types import READERS, Reading
from aswiki.domain.records.usage import Usage
from aswiki.domain.reports import months
from aswiki.domain.reports.ground import Ground
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.period_spend import PeriodSpend
from aswiki.domain.reports.sections import SECTIONS
from aswiki.domain.reports.sight import Sight
from aswiki.domain.spending.series import Series
from aswiki.render.markdown import Names, Template, markdown
from aswiki.store import contents, document

ROOT = Path(__file__).parents[2]
SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
OCTOBER = Period.of_month("2026-10", SHANGHAI, AS_OF)
OURS = {section.key: section for section in SECTIONS if section.number in {1, 2, 3, 13, 16}}
TECH, BIZ = "customer_tech", "customer_biz"
ADVICE = "建议把归档数据放到低频档。"
SLA = {
    "committed_percent": Decimal("99.95"),
    "tiers": [{"below": Decimal("99.95"), "at_or_above": 0, "percent_of_fee": 10}],
    "claim_opens": {"day": 1},
    "claim_closes": {"months": 2},
}
CDN = {"product": "CDN", "from": "2024-01-01", "monthly_fee": 1000, "currency": "CNY"}


def made(folder: str, **fields: Any) -> Record:
    kind = record_types.PAGES.get(folder) or record_types.FOLDERS[folder.partition("/")[0]]
    shape = record_types.model(kind)
    return shape.model_validate({"type": kind, "title": f"题 {folder}", **fields})


def sight(
    reader: str,
    own: Mapping[str, Mapping[str, Any]],
    period: Period = OCTOBER,
    customer: str = "acme",
    **ground: Any,
) -> Sight:
    pages = {"profile.md": {"name": "顶点"}, **own}
    records = {
        f"{customer}/{ref.removesuffix('.md')}": made(ref, **fields)
        for ref, fields in pages.items()
    }
    return Sight(reader, customer, period, records, Ground(**ground))


def section(
    key: str, reader: str, own: Mapping[str, Mapping[str, Any]], **said: Any
) -> dict[str, Any]:
    found = OURS[key].build([sight(reader, own, **said)])
    assert found is not None
    return found


def incident(**fields: Any) -> dict[str, Any]:
    given = {"kind": "incident", "severity": "P1", "status": "resolved", "product": "CDN"}
    clock = {
        "started_at": "2026-10-20T10:00:00+08:00",
        "resolved_at": "2026-10-20T10:54:00+08:00",
    }
    return given | clock | fields


def going_on(severity: str, **fields: Any) -> dict[str, Any]:
    return incident(severity=severity, status="in_progress", resolved_at=None, **fields)


def released(text: str, *readers: str) -> dict[str, Any]:
    leave = [{"audience": reader, "sha256": text_sha256(text)} for reader in readers]
    return {"customer_text": text, "released_to": leave}


def page(period: str, *lines: Mapping[str, Any], days: int = 31, **fields: Any) -> dict[str, Any]:
    said = [
        {"charge": "usage", "currency": "CNY", "unit": "GB", "product": "CDN", **line}
        for line in lines
    ]
    return {"period": period, "days_covered": days, "lines": said, **fields}


SEPTEMBER_PAGE = page("2026-09", {"quantity": 100, "effective_cost": 3000}, days=30)
BILLS = {"usage/2026-09.md": SEPTEMBER_PAGE, "usage/2026-10.md": page(
    "2026-10",
    {"quantity": 300, "effective_cost": 9000},
    {"quantity": 1, "effective_cost": 500, "charge": "purchase"},
    swings=[{"scope": "total", "feedback": "planned", "explanation": "大促扩容", "by": "lin"}],
)}  # fmt: skip


# weather


def test_the_boss_is_told_each_reason_in_the_words_of_its_record() -> None:
    own = {
        "events/a": going_on("P0", promises=[{"what": "修好", "status": "broken"}]),
        "visits/v": {"kind": "monthly", "occurred_at": "2026-10-15", "weather": "cloudy"},
    }
    (row,) = section("weather", "boss", own)["customers"]
    assert (row["value"], row["trend"]) == ("storm", "worse")
    assert [(one["kind"], one["about"]) for one in row["drivers"]] == [
        ("p0_open", "题 events/a"),
        ("broken_promise", "修好"),
    ]
    assert row["reading"] == {"weather": "cloudy", "ref": "acme/visits/v"}


def test_product_is_told_of_faults_and_of_no_complaint_and_sales_the_value_alone() -> None:
    own = {
        "events/old": going_on("P1", started_at="2026-08-30T00:00:00+08:00"),
        "events/new": incident(severity="P2"),
        "complaints/c": {"category": "outage", "status": "received", "received_at": "2026-10-02"},
    }
    (row,) = section("weather", "product", own)["customers"]
    assert row["value"] == "storm"
    assert set(row) == {"customer", "name", "value", "faults"}
    told = [(one["ref"], one["minutes"], one["days_open"]) for one in row["faults"]]
    assert told == [("acme/events/old", None, 62), ("acme/events/new", 54, None)]
    assert "题" not in str(row)
    (row,) = section("weather", "sales", own)["customers"]
    assert row == {"customer": "acme", "name": "顶点", "value": "storm"}


def test_what_is_sensitive_does_not_darken_the_weather_of_sales() -> None:
    own = {
        "events/a": going_on("P0", sensitive=True),
        "visits/v": {"kind": "monthly", "occurred_at": "2026-10-15"},
    }
    assert section("weather", "sales", own)["customers"][0]["value"] == "sunny"
    assert section("weather", "boss", own)["customers"][0]["value"] == "storm"


def test_a_longer_period_has_its_months_and_stands_at_the_last_that_has_begun() -> None:
    quarter = Period.of_quarter("2026-Q4", SHANGHAI, AS_OF)
    assert quarter is not None
    own = {"visits/v": {"kind": "monthly", "occurred_at": "2026-10-15"}}
    found = section("weather", "sales", own, period=quarter)
    assert found["month"] == "2026-11"
    assert found["customers"][0]["months"] == [
        {"month": "2026-10", "value": "sunny"},
        {"month": "2026-11", "value": "unknown"},
    ]


def test_one_customer_has_a_strip_of_twelve_months_and_several_are_the_worst_first() -> None:
    own = {"visits/v": {"kind": "monthly", "occurred_at": "2026-10-15"}}
    strip = section("weather", "boss", own)["charts"]["weather"]
    assert (strip["months"][0], strip["months"][-1]) == ("2025-11", "2026-10")
    assert strip["weather"] == [{"key": "unknown"}] * 11 + [{"key": "sunny"}]
    both = [sight("boss", own), sight("boss", {"events/a": going_on("P1")}, customer="bode")]
    found = OURS["weather"].build(both)
    assert found is not None
    assert "charts" not in found
    assert [row["customer"] for row in found["customers"]] == ["bode", "acme"]
    assert found["counts"] == {"rain": 1, "sunny": 1}


# spend


def spent(pages: Mapping[str, Mapping[str, Any]], period: Period) -> PeriodSpend:
    read = {ref: made(ref, **fields) for ref, fields in pages.items()}
    usage = {ref: one for ref, one in read.items() if isinstance(one, Usage)}
    return PeriodSpend(Series("acme", usage), period)


@pytest.mark.parametrize(
    "other",
    [
        page("2026-09", {"effective_cost": 3000}, days=30),
        page("2026-09", {"effective_cost": 3000, "product": "OSS"}, days=17),
        page("2026-09", {"billed_cost": 2800}, {"effective_cost": 10, "product": "OSS"}),
        page("2026-09", {"effective_cost": 5, "currency": "USD"}),
        page("2025-10", {"effective_cost": 2000}, days=20),
        page("2026-09", {"effective_cost": 0}),
    ],
)
def test_a_month_adds_up_to_what_the_command_usage_says(other: dict[str, Any]) -> None:
    now = page("2026-10", {"effective_cost": 9000, "billed_cost": 9500}, days=29)
    found = spent({"usage/a": now, "usage/b": other}, OCTOBER)
    (told,) = found.totals()
    (said,) = [one for one in found.series.totals("2026-10") if one.currency == "CNY"]
    both = ("amount", "covered", "days", "before", "change_percent", "year_ago", "year_percent")
    assert [getattr(told, key) for key in both] == [getattr(said, key) for key in both]


def test_a_quarter_is_compared_with_the_months_before_it_per_day_covered() -> None:
    quarter = Period.of_quarter("2026-Q3", SHANGHAI, AS_OF)
    assert quarter is not None
    pages = {
        "usage/4": page("2026-04", {"effective_cost": 300}, days=30),
        "usage/7": page("2026-07", {"effective_cost": 310}, days=31),
        "usage/8": page("2026-08", {"effective_cost": 620}, days=31),
    }
    (total,) = spent(pages, quarter).totals()
    assert (total.amount, total.covered, total.days) == (Decimal(930), 62, 92)
    assert (total.before, total.before_covered) == (Decimal(300), (30, 91))
    assert total.change_percent == Decimal(50)
    assert (total.year_ago, total.year_covered) == (None, None)


def test_some_days_are_told_by_their_month_and_never_beside_themselves() -> None:
    week = Period.of_days(date(2026, 10, 3), date(2026, 10, 9), SHANGHAI, AS_OF)
    found = section("spend", "sales", BILLS, period=week)
    assert found["months"] == ["2026-10"]
    (total,) = found["totals"]
    assert (total["amount"], total["before"]) == (Decimal(9000), Decimal(3000))


def test_swings_are_explained_to_the_boss_and_only_judged_to_sales() -> None:
    boss, sales = (section("spend", reader, BILLS) for reader in ("boss", "sales"))
    (total, _cdn) = boss["swings"]
    assert not total["unexplained"]
    assert total["horizons"][0]["explanation"] == "大促扩容"
    assert boss["swings"][1]["unexplained"]
    assert sales["swings"][0]["horizons"][0]["feedback"] == "planned"
    assert "大促扩容" not in str(sales)
    assert "lin" not in str(sales["swings"])
    assert boss["totals"][0]["left_out"] == {"purchase": Decimal(500)}


def test_product_is_told_quantities_and_no_amount() -> None:
    found = section("spend", "product", BILLS)
    assert set(found) == {"number", "key", "usage", "months"}
    (row,) = found["usage"]
    assert (row["product"], row["unit"], row["quantity"]) == ("CDN", "GB", Decimal(300))
    assert (row["before"], row["change_percent"]) == (Decimal(100), Decimal("190.32"))
    assert not {"amount", "currency"} & set(row)


def test_the_technical_team_is_told_its_usage_cost_and_what_was_released_of_our_advice() -> None:
    own = {
        **BILLS,
        "communications/a": {
            "kind": "advice",
            "occurred_at": "2026-10-05",
            **released(ADVICE, TECH),
        },
        "communications/b": {
            "kind": "advice",
            "occurred_at": "2026-10-06",
            "customer_text": "未放行",
        },
        "communications/c": {
            "kind": "advice",
            "occurred_at": "2026-09-06",
            **released("早了", TECH),
        },
    }
    found = section("spend", TECH, own)
    assert [one["text"] for one in found["advice"]] == [ADVICE]
    assert found["costs"][0]["amount"] == Decimal(9000)
    assert found["usage"][0]["quantity"] == Decimal(300)
    assert found["charts"]["spend"]["swings"] == []
    words = str(found)
    assert not [one for one in ("大促", "未放行", "covered", "purchase", "ref") if one in words]


def test_the_business_side_is_told_its_own_totals_alone() -> None:
    found = section("spend", BIZ, BILLS)
    assert set(found) == {"number", "key", "totals", "months"}
    (total,) = found["totals"]
    assert total["amount"] == Decimal(9000)
    assert "CDN" not in str(found)


def test_a_sensitive_usage_page_counts_for_no_total_of_sales() -> None:
    own = {**BILLS, "usage/2026-10.md": {**BILLS["usage/2026-10.md"], "sensitive": True}}
    assert OURS["spend"].build([sight("sales", own)]) is None
    assert section("spend", "boss", own)["totals"]


def test_the_chart_marks_a_swing_of_one_customer_and_sums_several_without() -> None:
    chart = section("spend", "boss", BILLS)["charts"]["spend"]
    assert chart["swings"] == [{"series": "CNY", "month": "2026-10", "text": "+190.3%", "up": True}]
    assert chart["series"][0]["values"][-2:] == [Decimal(3000), Decimal(9000)]
    both = [sight("boss", BILLS), sight("boss", BILLS, customer="bode")]
    found = OURS["spend"].build(both)
    assert found is not None
    chart = found["charts"]["spend"]
    assert chart["series"][0]["values"][-1] == Decimal(18000)
    assert chart["swings"] == []


# credit

OWES = {"profile.md": {"name": "顶点", "credit": {
    "owed_amount": 8640, "currency": "EUR", "as_of": "2026-10-28", "allow_arrears": True,
    "credit_amount": 10000, "temp_credit": {"amount": 5000, "expires_on": "2026-10-30"},
    "approved_by": "qianli",
}}}  # fmt: skip
FREE = {"profile.md": {"name": "安稳", "credit": {"owed_amount": 0, "as_of": "2026-10-28"}}}


def test_who_owes_comes_first_and_who_approved_it_is_for_the_boss() -> None:
    both = [sight("boss", FREE, customer="bode"), sight("boss", OWES)]
    found = OURS["credit"].build(both)
    assert found is not None
    assert [row["customer"] for row in found["customers"]] == ["acme", "bode"]
    assert found["customers"][0]["approved_by"] == "qianli"
    assert found["customers"][0]["temp_credit"]["expired"] is True
    assert found["customers"][1]["currency"] == "CNY"
    assert [row["owed_amount"] for row in found["owing"]] == [Decimal(8640)]
    assert "qianli" not in str(section("credit", "sales", OWES))


def test_product_is_told_that_money_is_owed_and_not_how_much() -> None:
    found = section("credit", "product", OWES)
    assert found["customers"] == [{"customer": "acme", "name": "顶点", "owes": True}]
    assert found["owing"] == [{"customer": "acme", "name": "顶点"}]


def test_the_flag_comes_to_sales_even_of_a_profile_that_is_kept_from_them() -> None:
    own = {"profile.md": {**OWES["profile.md"], "sensitive": True}}
    assert section("credit", "sales", own)["owing"] == [{"customer": "acme", "name": "顶点"}]


# sla


def kept(**fields: Any) -> dict[str, dict[str, Any]]:
    contract = {**CDN, "sla": SLA}
    profile = {"name": "顶点", "contracts": [contract]}
    return {"profile.md": profile, "events/a": incident(**fields)}


def test_each_reader_is_told_their_part_of_a_missed_sla() -> None:
    (boss,) = section("sla", "boss", kept())["rows"]
    assert (boss["product"], boss["unavailable_minutes"], boss["credit"]) == ("CDN", 54, 100)
    assert boss["outages"][0]["ref"] == "acme/events/a"
    (product,) = section("sla", "product", kept())["rows"]
    assert product["unavailable_minutes"] == 54
    assert not {"credit", "currency", "fee", "credit_percent"} & set(product)
    (sales,) = section("sla", "sales", kept())["rows"]
    assert (sales["credit"], sales["claim_closes"]) == (100, date(2026, 12, 31))
    assert "unavailable_minutes" not in sales


def test_sales_is_told_of_no_month_that_was_kept() -> None:
    own = kept(resolved_at="2026-10-20T10:01:00+08:00")
    assert OURS["sla"].build([sight("sales", own)]) is None
    assert section("sla", "boss", own)["rows"][0]["missed"] is False


def test_a_customer_is_told_of_credit_only_where_the_wiki_says_so() -> None:
    assert OURS["sla"].build([sight(TECH, kept())]) is None
    (row,) = section("sla", TECH, kept(), show_sla_credit=True)["rows"]
    assert (row["product"], row["credit"], row["claim"]) == ("CDN", 100, "open")
    assert "ref" not in str(row)


def test_the_business_side_is_told_of_a_month_only_when_every_outage_of_it_is_released() -> None:
    own = kept(**released("十月二十日下载变慢，已恢复。", BIZ))
    (row,) = section("sla", BIZ, own, show_sla_credit=True)["rows"]
    assert [one["text"] for one in row["outages"]] == ["十月二十日下载变慢，已恢复。"]
    assert "CDN" not in str(row)
    own["events/b"] = incident(started_at="2026-10-21T10:00:00+08:00", resolved_at="2026-10-22")
    assert OURS["sla"].build([sight(BIZ, own, show_sla_credit=True)]) is None


def test_a_month_with_an_outage_kept_from_sales_is_kept_from_them_whole() -> None:
    own = kept() | {"events/b": incident(sensitive=True)}
    assert OURS["sla"].build([sight("sales", own)]) is None


def test_a_claim_of_an_earlier_month_that_closes_soon_is_told_to_boss_and_sales() -> None:
    own = kept(started_at="2026-08-20T10:00:00+08:00", resolved_at="2026-08-20T11:00:00+08:00")
    for reader in ("boss", "sales"):
        (row,) = section("sla", reader, own)["due"]
        assert (row["month"], row["credit"], row["days_left"]) == ("2026-08", 100, -2)
    assert "due" not in section("sla", "product", kept())


def test_an_incident_without_a_product_is_named_to_the_boss() -> None:
    own = {"events/a": incident(product=None)}
    assert [row["ref"] for row in section("sla", "boss", own)["unplaced"]] == ["acme/events/a"]
    assert OURS["sla"].build([sight("sales", own)]) is None


# compass

KNOWN = {
    "profile.md": {
        "name": "顶点",
        "customer_since": "2022-11-01",
        "our_share_percent": 45,
        "total_spend_estimate": {"amount": 95000, "currency": "USD", "basis": "口述"},
        "team_capability": [{"area": "容器", "level": 2, "note": "刚开始用"}],
    },
    "architecture.md": {
        "workloads": [
            {
                "name": "商城",
                "purpose": "卖货",
                "owner_contact": "mreyes",
                "components": [{"name": "入口", "provider": "ours", "product": "CDN"}],
            }
        ],
        "vendor_shares": [{"provider": "青岚云", "percent": 30, "basis": "标书"}],
        "assessments": [
            {
                "product": "CDN",
                "aspect": "stability",
                "rating": 2,
                "environment": "大促",
                "purpose": "选型",
                "said_by": "mreyes",
                "text": "一般",
                "verbatim": "老断",
            }
        ],
    },
}


def test_the_boss_has_it_short_product_all_without_persons_and_sales_the_share() -> None:
    (boss,) = section("compass", "boss", KNOWN)["customers"]
    assert boss["tenure"] == {"years": 3, "months": 11}
    assert boss["assessments"] == [{"product": "CDN", "aspect": "stability", "rating": 2}]
    assert "workloads" not in boss
    (product,) = section("compass", "product", KNOWN)["customers"]
    assert product["assessments"][0]["environment"] == "大促"
    assert product["workloads"][0]["components"][0]["product"] == "CDN"
    assert not [word for word in ("mreyes", "老断") if word in str(product)]
    (sales,) = section("compass", "sales", KNOWN)["customers"]
    assert set(sales) == {"customer", "name", "our_share_percent", "vendor_shares"}


def test_a_customer_of_whom_nothing_is_known_has_no_compass() -> None:
    assert OURS["compass"].build([sight("boss", {})]) is None


@pytest.mark.parametrize(
    ("since", "until", "whole"),
    [
        ("2024-02-29", "2025-02-28", 11),
        ("2024-02-29", "2025-03-01", 12),
        ("2026-10-31", "2026-10-31", 0),
        ("2026-11-30", "2026-10-31", 0),
    ],
)
def test_months_are_whole_from_day_to_day(since: str, until: str, whole: int) -> None:
    assert months.months_between(date.fromisoformat(since), date.fromisoformat(until)) == whole


def test_the_months_of_a_chart_stop_at_the_first_of_the_calendar() -> None:
    early = Period.of_month("0001-02", SHANGHAI, AS_OF)
    assert months.trailing(early) == ["0001-01", "0001-02"]


# all five


def keys_shown() -> Iterator[tuple[str, str, str, str]]:
    for key in OURS:
        shown = import_module(f"aswiki.domain.reports.sections.{key}").SHOWN
        for reader, types in shown.items():
            for record_type, dotted in types.items():
                yield from ((key, reader, record_type, one) for one in dotted)


@pytest.mark.parametrize(("key", "reader", "record_type", "dotted"), list(keys_shown()))
def test_nothing_is_shown_that_the_model_does_not_let_the_reader_read(
    key: str, reader: str, record_type: str, dotted: str
) -> None:
    part: Any = record_types.model(record_type)
    assert reader in OURS[key].readers
    for name in dotted.split("."):
        about = abouts(part)[name]
        assert reader in about.readers, f"{dotted} stops at {name}"
        part = about.part


@pytest.mark.parametrize("key", OURS)
def test_a_report_of_nobody_has_no_section(key: str) -> None:
    assert OURS[key].build([]) is None


@cache
def examples() -> dict[str, dict[str, Record]]:
    """A customer's slug, empty for what is shared → the records of the example wiki."""
    found: dict[str, dict[str, Record]] = {}
    reading = Reading(UTC)
    for path in sorted((ROOT / "examples").rglob("*.md")):
        name = path.relative_to(ROOT / "examples").as_posix()
        kind = record_types.type_of(name)
        if kind is None:
            continue
        fields = contents.fields(document.read(name, path.read_bytes()), kind, reading).data
        record = schema.read(kind, fields, reading)[0]
        assert record is not None
        ref = record_types.reference(name)
        found.setdefault(record_types.customer_of(ref) or "", {})[ref] = record
    return found


def laid_out(key: str, language: str, sights: list[Sight]) -> str | None:
    found = OURS[key].build(sights)
    if found is None:
        return None
    name = f"reports/sections/{key}.{language}.md.j2"
    text = (ROOT / "templates" / name).read_text(encoding="utf-8")
    report = {
        "period": sights[0].period.key,
        "kind": sights[0].period.kind,
        "for": sights[0].reader,
        "wiki": "x",
        "as_of": None,
        "customer": sights[0].customer,
        "single": len(sights) == 1,
    }
    shown = {"section": found, "report": report}
    return markdown(Template(name, text, trusted=True), shown, Names(language, SHANGHAI))


def periods() -> list[Period]:
    quarter, year = (
        Period.of_quarter("2026-Q3", SHANGHAI, AS_OF),
        Period.of_year("2026", SHANGHAI, AS_OF),
    )
    assert quarter is not None
    assert year is not None
    days = Period.of_days(date(2026, 9, 28), date(2026, 10, 9), SHANGHAI, AS_OF)
    return [OCTOBER, quarter, year, days]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("key", OURS)
def test_every_section_of_the_examples_reads_as_markdown(key: str, language: str) -> None:
    ground = Ground(shared=examples()[""], show_sla_credit=True)
    customers = [slug for slug in examples() if slug]
    for reader in (one for one in READERS.values() if one in OURS[key].readers):
        for period in periods():
            every = [Sight(reader, one, period, examples()[one], ground) for one in customers]
            groups = [[one] for one in every if period is OCTOBER or one is every[-1]]
            groups += [every] if reader in {"boss", "product"} and period is OCTOBER else []
            told = [laid_out(key, language, group) for group in groups]
            assert any(told) or reader == BIZ or period is not OCTOBER
            for text in filter(None, told):
                assert text.startswith(f"## {OURS[key].number} ")
                assert not re.search(r"None|\\\||\\-|\{|\}|，，|,,|\(\)", text, re.MULTILINE)
                for line in text.splitlines():
                    assert "](chart:" not in line or re.fullmatch(r"!\[.+\]\(chart:\w+\)", line)
                    assert not line.startswith("|") or line.endswith("|")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_released_words_reach_the_customer_whole(language: str) -> None:
    own = {
        **BILLS,
        **kept(**released("一。\n\n二。", BIZ)),
        "communications/a": {
            "kind": "advice",
            "occurred_at": "2026-10-05",
            **released("甲。\n\n乙。", TECH),
        },
    }
    tech = laid_out("spend", language, [sight(TECH, own)])
    biz = laid_out("sla", language, [sight(BIZ, own, show_sla_credit=True)])
    assert tech is not None
    assert biz is not None
    assert "甲。 乙。" in tech
    assert "一。 二。" in biz

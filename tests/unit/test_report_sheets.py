"""A report's workbook: every list a table, every heading in words, nothing that the data lack."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aswiki.render.markdown import Names
from aswiki.render.report_sheets import sheets
from aswiki.render.xlsx import Cell, Sheet, Table
from aswiki.wiki.papers.layouts import layouts
from aswiki.wiki.papers.reporting import Asked, Report, Reports, Span, report
from aswiki.wiki.wiki import Wiki

EXAMPLES = Path(__file__).parents[2] / "examples"
SHANGHAI = ZoneInfo("Asia/Shanghai")
READERS = ("boss", "product", "sales", "customer_tech", "customer_biz")
SPANS = (Span(month="2026-10"), Span(month="2025-01"), Span(quarter="2026-Q4"), Span(year="2026"))
CUSTOMERS = ("heng-chuan-yin-hang", "sunbird", "tallowmere", "xing-he-you-xi")
LANGUAGES = ("zh", "en")
RAW_KEY = re.compile(r"_|\b[a-z]{3,}")
PERIOD = re.compile(r"\d{4}(-\w\d)?(-\d\d)?")


def names(language: str = "zh") -> Names:
    return Names(
        language=language,
        zone=SHANGHAI,
        people={"luoyang": "罗扬"},
        departments={"db-team": "数据库研发组", "net-team": "网络研发组"},
        contacts={"acme": {"qin": "秦枫"}, "other": {"qin": "秦别人"}},
    )


def made(reader: str, key: str, language: str = "zh", **section: Any) -> list[Table]:
    """The tables of a report with one section on several customers."""
    [sheet] = sheets(document(reader, key, section), names(language))
    return list(sheet.tables)


def document(reader: str, key: str, section: dict[str, Any], **head: Any) -> dict[str, Any]:
    found = {"period": "2026-10", "kind": "month", "for": reader, "customer": None, "name": None}
    return {**found, **head, "sections": [{"number": 1, "key": key, **section}]}


def rows(table: Table) -> list[dict[str, Cell]]:
    return [dict(zip(table.headings, cells, strict=True)) for cells in table.rows]


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> list[Reports]:
    folder = tmp_path_factory.mktemp("examples") / "wiki"
    shutil.copytree(EXAMPLES, folder)
    wiki = Wiki.open(folder, lambda: datetime(2026, 11, 2, 1, 0, tzinfo=UTC))
    asked = [
        Asked(span, CUSTOMERS if reader not in {"boss", "product"} else (), reader)
        for reader in READERS
        for span in SPANS
    ]
    asked += [
        Asked(Span(month="2026-10"), (), "product", "db-team"),
        Asked(Span(month="2026-10"), CUSTOMERS, "sales", "chenhao"),
    ]
    return [report(wiki, one) for one in asked]


def every(examples: list[Reports]) -> Iterator[Report]:
    return (one for several in examples for one in several.reports)


def words(sheet: Sheet) -> Iterator[str]:
    """The headings, titles and names of figures of a sheet, and its own name."""
    yield sheet.name.partition(" ")[2]
    for table in sheet.tables:
        yield from table.headings
        if table.title:
            yield table.title
        else:
            yield from (str(row[0]) for row in table.rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_heading_of_any_reader_falls_back_to_a_key(
    language: str, examples: list[Reports]
) -> None:
    said = {
        word
        for one in every(examples)
        for sheet in sheets(one.document, names(language))
        for word in words(sheet)
    }
    told = {word for word in said if not PERIOD.fullmatch(word)}
    if language == "zh":
        bad = {one for one in told if RAW_KEY.search(one) or not re.search("[\u4e00-\u9fff]", one)}
    else:
        bad = {one for one in told if "_" in one or not re.match("[A-Z%]", one)}
    assert bad == set()
    assert len(told) > 150


def test_no_vocabulary_stays_a_key_and_no_department_a_slug(examples: list[Reports]) -> None:
    own = [layouts(one.wiki, "zh", one.snapshot.records).names for one in examples]
    keyed = re.compile(r"[a-z]+(_[a-z]+)+|[a-z]+-team|True|False|None")
    found = {
        (sheet.name, table.title, heading, cell)
        for several, called in zip(examples, own, strict=True)
        for one in several.reports
        for sheet in sheets(one.document, called)
        for table in sheet.tables
        for row in rows(table)
        for heading, cell in row.items()
        if isinstance(cell, bool) or (isinstance(cell, str) and keyed.fullmatch(cell))
    }
    assert found == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_workbook_of_the_examples_holds_what_its_reader_may_not_see(
    language: str, examples: list[Reports]
) -> None:
    for several in examples[:: len(SPANS)]:
        files, leaked = several.formed("xlsx", language)
        assert leaked == []
        assert len(files) == len(several.reports)


def test_no_column_is_empty_and_no_table_is_wider_than_its_headings(
    examples: list[Reports],
) -> None:
    tables = [t for one in every(examples) for s in sheets(one.document, names()) for t in s.tables]
    for table in (one for one in tables if one.title):
        assert all(len(row) == len(table.headings) for row in table.rows)
        for heading, column in zip(table.headings, zip(*table.rows, strict=True), strict=True):
            assert any(cell not in (None, "") for cell in column), (table.title, heading)


def test_every_list_is_a_table_of_its_own_below_the_figures() -> None:
    section: dict[str, Any] = {
        "counts": {"kept": 1, "broken": 2},
        "promises": [{"customer": "acme", "name": "雅美", "what": "修好切换", "outcome": "kept"}],
        "by_department": [{"department": "db-team", "broken": 2, "kept": 1}],
        "charts": {"promises": {"kind": "promises", "outcomes": [{"key": "图里的词"}]}},
    }
    figures, by_department, promises = made("boss", "promises", **section)
    assert rows(figures) == [{"指标": "已兑现", "数值": 1}, {"指标": "未践行", "数值": 2}]
    assert (by_department.title, promises.title) == ("按部门", "逐项")
    assert rows(by_department) == [{"部门": "数据库研发组", "未践行": 2, "已兑现": 1}]
    assert rows(promises) == [{"客户": "雅美", "结果": "已兑现", "承诺内容": "修好切换"}]


def test_the_figures_of_the_period_before_stand_beside_those_of_the_period() -> None:
    before = {"period": "2026-09", "count": 4, "by_severity": {"P1": 3}}
    [figures] = made("boss", "incidents", "en", count=7, by_severity={"P1": 1}, before=before)
    assert list(figures.headings) == ["Figures", "2026-10", "2026-09"]
    assert [list(row) for row in figures.rows] == [["Incidents", 7, 4], ["Incidents: P1", 1, 3]]


def test_a_customer_is_told_no_figure_that_counts_released_rows_alone() -> None:
    told = [{"outcome": "kept", "what": "修好切换"}]
    [promises] = made("customer_biz", "promises", counts={"open": 0, "kept": 1}, promises=told)
    assert promises.title == "逐项"
    assert sheets(document("customer_biz", "incidents", {"count": 0, "rows": []}), names()) == []


def test_people_and_departments_are_named_and_each_customers_contacts_their_own() -> None:
    row = {"title": "切换", "at": None, "by": "luoyang", "to": "db-team", "text": "一小时内核对"}
    demands = [
        {"customer": "acme", "name": "雅美", **row},
        {"customer": "other", "name": "别家", **row, "by": "qin"},
        {"customer": "acme", "name": "雅美", **row, "by": "外人"},
    ]
    [table] = made("boss", "demands", demands=demands)
    found = [(one["客户"], one["提出人"], one["向谁要求"]) for one in rows(table)]
    assert found == [
        ("雅美", "罗扬", "数据库研发组"),
        ("别家", "秦别人", "数据库研发组"),
        ("雅美", "外人", "数据库研发组"),
    ]


def test_flags_are_words_times_stand_in_the_wikis_zone_and_amounts_are_numbers() -> None:
    at = datetime(2026, 10, 3, 12, 0, tzinfo=UTC)
    row = {"name": "雅美", "customer": "acme", "started_at": at, "ongoing": False, "minutes": 54}
    owing = {"name": "雅美", "customer": "acme", "owed_amount": Decimal("8640.00")}
    credit = {**owing, "as_of": date(2026, 10, 28), "allow_arrears": True, "currency": "EUR"}
    [incident] = rows(made("boss", "incidents", rows=[row])[0])
    [credited] = rows(made("boss", "credit", "en", customers=[credit])[0])
    started = incident["开始时间"]
    assert isinstance(started, datetime)
    assert started.replace(tzinfo=None) == datetime(2026, 10, 3, 20, 0)  # noqa: DTZ001 - as shown
    assert (incident["仍在继续"], incident["分钟"]) == ("否", 54)
    assert credited["Arrears allowed"] == "Yes"
    assert credited["Owed"] == Decimal("8640.00")
    assert credited["As of"] == date(2026, 10, 28)


def test_the_customer_is_one_column_by_name_and_none_where_there_is_but_one() -> None:
    section: dict[str, Any] = {
        "advice": [{"customer": "acme", "name": "雅美", "advice": "先发材料"}]
    }
    [table] = made("sales", "politics", **section)
    [alone] = sheets(document("sales", "politics", section, customer="acme", name="雅美"), names())
    assert rows(table) == [{"客户": "雅美", "建议": "先发材料"}]
    assert rows(alone.tables[0]) == [{"建议": "先发材料"}]
    assert "雅美" in alone.note


def test_a_flag_that_means_nothing_of_most_rows_is_said_where_it_holds() -> None:
    facts = [{"kind": "incident", "ongoing": True}, {"kind": "churn", "ongoing": False}]
    [table] = made("boss", "asked_about", facts=facts)
    [without] = made("boss", "asked_about", facts=facts[1:])
    assert rows(table) == [
        {"种类": "故障", "仍在继续": "是"},
        {"种类": "流失", "仍在继续": None},
    ]
    assert rows(without) == [{"种类": "流失"}]


def test_the_same_key_is_labelled_by_its_section() -> None:
    stance = {"name": "秦枫", "title": "总监", "side": "customer_tech", "stance": "champion"}
    politics = {"customer": "acme", "name": "雅美", "stances": [stance]}
    [stances] = made("boss", "politics", customers=[politics])
    [changes] = made("boss", "next", changes=[{"kind": "change", "title": "割接", "ref": "a/b"}])
    [works] = made("customer_tech", "positive_work", rows=[{"kind": "advice", "text": "一"}])
    assert stances.title == "立场"
    assert rows(stances) == [
        {"客户": "雅美", "姓名": "秦枫", "职务": "总监", "所属方": "客户技术", "立场": "支持者"}
    ]
    assert rows(changes) == [{"标题": "割接", "类别": "变更割接", "记录": "a/b"}]
    assert rows(works) == [{"种类": "技术建议", "内容": "一"}]


def test_a_list_within_a_row_is_lines_with_labels_and_ways_are_arrows() -> None:
    at = datetime(2026, 10, 17, 20, 22, tzinfo=SHANGHAI)
    hop = {"at": at, "from": "db-team", "to": "net-team", "text": "链路抖动"}
    passed = {"hops": 1, "loops": [["db-team", "net-team", "db-team"]], "chain": [hop]}
    [deflections] = made("boss", "demands", deflections=[passed])
    [row] = rows(deflections)
    assert row["绕的圈"] == "数据库研发组 → 网络研发组 → 数据库研发组"
    assert row["转手经过"] == "2026-10-17 20:22 · 数据库研发组 → 网络研发组 · 链路抖动"
    driver = {"kind": "arrears", "ref": "a/profile", "weather": "cloudy", "days": 0}
    driver |= {"amount": Decimal("8640.00"), "currency": "EUR", "about": None}
    [weather] = made("boss", "weather", "en", customers=[{"value": "rain", "drivers": [driver]}])
    assert rows(weather) == [
        {
            "Weather": "Rain",
            "What speaks against the sun": "Arrears · Cloudy · Days 0 · 8,640.00 EUR · a/profile",
        }
    ]


def test_a_swing_has_a_row_for_each_horizon_that_fired() -> None:
    horizons = [
        {"horizon": "short", "direction": "down", "impact": Decimal(-5), "by": "luoyang"},
        {"horizon": "long", "direction": "up", "impact": Decimal(7), "by": None},
    ]
    [swings] = made("boss", "spend", swings=[{"scope": "total", "horizons": horizons}])
    assert rows(swings) == [
        {"范围": "总额", "周期": "短期", "方向": "下降", "偏差": -5, "解释人": "罗扬"},
        {"范围": "总额", "周期": "长期", "方向": "上升", "偏差": 7, "解释人": None},
    ]


def test_nothing_enters_that_is_not_in_the_sections() -> None:
    head = {"commit": "头里的提交", "skipped": ["头里的路径"], "totals": {"count": "头里的数"}}
    counted = [{"department": "db-team", "broken": 2}, {"department": None, "broken": 1}]
    section = {"by_department": counted, "charts": {"x": "图里的词"}}
    found = sheets(document("boss", "promises", section, **head), names())
    assert "里的" not in repr(found)
    assert rows(found[0].tables[0]) == [
        {"部门": "数据库研发组", "未践行": 2},
        {"部门": "未写", "未践行": 1},
    ]
    assert "罗扬" not in repr(found)

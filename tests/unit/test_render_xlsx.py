"""Excel files: text stays text, numbers keep every digit, sheets have names that Excel takes."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from aswiki.errors import BadInput
from aswiki.render.packing import unpacked
from aswiki.render.xlsx import LONGEST, MOST_ROWS, Cell, Sheet, Table, xlsx

EPOCH = 1793581200


def made(*cells: Cell) -> bytes:
    sheet = Sheet("数字", [Table([f"列 {n}" for n in range(len(cells))], [cells])])
    return xlsx([sheet], title="月报", epoch=EPOCH)


def read(*cells: Cell) -> list[object]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(made(*cells)))
    return list(book.get_sheet_by_index(0).to_python()[1])


def part(raw: bytes, name: str) -> str:
    return (unpacked(raw) or {})[name].decode()


@pytest.mark.parametrize(
    "text", ["=1+1", "=cmd|' /C calc'!A0", "+86 10", "-1-1", "@SUM(A1)", "\t=1", "\r=1", "{=1}"]
)
def test_no_text_is_a_formula_even_when_somebody_edits_the_cell(text: str) -> None:
    raw = made(text)
    sheet = part(raw, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert 't="s"' in sheet
    styled = re.search(r'<c r="A2" s="(\d+)"', sheet)
    assert styled is not None
    formats = re.findall(r"<xf [^>]*>", part(raw, "xl/styles.xml").partition("<cellXfs")[2])
    assert ("quotePrefix" in formats[int(styled[1])]) == (text[0] in "=+-@")


def test_a_text_that_looks_like_a_number_or_an_address_stays_text() -> None:
    assert read("0012", "https://example.com") == ["0012", "https://example.com"]
    assert "hyperlink" not in part(made("https://example.com"), "xl/worksheets/sheet1.xml")


def test_numbers_are_numbers_as_long_as_excel_keeps_every_digit() -> None:
    exact, long = Decimal("131500.55"), Decimal("14.97651418586123456")
    assert read(7, exact, long, 12345678901234567) == [7, 131500.55, str(long), "12345678901234567"]
    assert read(Decimal("1E+3"), Decimal("-0.10")) == [1000, -0.1]


def test_a_number_shows_as_many_decimals_as_it_has() -> None:
    styles = part(made(Decimal("1.50"), 2), "xl/styles.xml")
    assert 'formatCode="#,##0.00"' in styles


def test_dates_and_times_are_such_and_those_before_excels_calendar_are_text() -> None:
    moment = datetime(2026, 10, 3, 14, 5, tzinfo=UTC)
    read_back = read(date(2026, 10, 3), moment, date(1899, 5, 1), None, "")
    assert read_back[:3] == [date(2026, 10, 3), moment.replace(tzinfo=None), "1899-05-01"]


def test_hidden_signs_are_written_out_and_overlong_text_is_cut() -> None:
    [hidden, line, long] = read("a\x00\u202eb", "一\n二", "长" * 40_000)
    assert hidden == "a\\u0000\\u202eb"
    assert line == "一\n二"
    assert isinstance(long, str)
    assert len(long) == LONGEST
    assert long.endswith("…")


def test_sheets_have_names_that_excel_takes_and_each_but_once() -> None:
    asked = ["客户/月报:*?[]", "x" * 40, "X" * 40, "", "'", "History", "数字"]
    raw = xlsx([Sheet(name, ()) for name in asked], title="t", epoch=EPOCH)
    names = CalamineWorkbook.from_filelike(io.BytesIO(raw)).sheet_names
    assert len(names) == len(asked)
    assert len({name.casefold() for name in names}) == len(asked)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert "history" not in {name.casefold() for name in names}
    assert names[-1] == "数字"


def test_headings_stay_in_sight_and_filter_below_the_note() -> None:
    table = Table(("名", "数"), (("故障", 7), ("投诉", 6)))
    sheet = Sheet("数字", [table], note="截至 2026-10-31")
    text = part(xlsx([sheet], title="t", epoch=EPOCH), "xl/worksheets/sheet1.xml")
    assert 'topLeftCell="A4"' in text
    assert '<autoFilter ref="A3:B5"/>' in text


def test_several_tables_stand_below_each_other_and_none_is_filtered() -> None:
    tables = [
        Table(("指标", "数"), (("故障", 7), ("投诉", 6))),
        Table(("客户", "标题", "分钟"), (("恒川银行", "切换", 50),), title="逐起"),
    ]
    raw = xlsx([Sheet("故障", tables, note="十月")], title="t", epoch=EPOCH)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == [
        "十月",
        "",
        "指标",
        "故障",
        "投诉",
        "",
        "逐起",
        "客户",
        "恒川银行",
    ]
    assert rows[-1] == ["恒川银行", "切换", 50]
    text = part(raw, "xl/worksheets/sheet1.xml")
    assert "<autoFilter" not in text
    assert "<pane" not in text


def test_a_table_with_a_title_keeps_its_headings_in_sight() -> None:
    sheet = Sheet("数字", [Table(("名",), (("故障",),), title="逐起")])
    text = part(xlsx([sheet], title="t", epoch=EPOCH), "xl/worksheets/sheet1.xml")
    assert 'topLeftCell="A3"' in text
    assert '<autoFilter ref="A2:A3"/>' in text


def test_a_column_of_chinese_is_wide_enough_and_none_is_endless() -> None:
    text = part(made("恒川银行股份有限公司", "长" * 500), "xl/worksheets/sheet1.xml")
    widths = [float(found) for found in re.findall(r'width="([\d.]+)"', text)]
    assert widths[0] > 20
    assert widths[1] < 62


@pytest.mark.parametrize("sizes", [[MOST_ROWS + 1], [MOST_ROWS - 3, 1]])
def test_more_rows_than_excel_takes_are_refused_by_name(sizes: list[int]) -> None:
    row: tuple[Cell, ...] = (1,)
    several = [[row] * size for size in sizes]
    with pytest.raises(BadInput) as raised:
        xlsx([Sheet("账单", [Table(("数",), rows) for rows in several])], title="t", epoch=EPOCH)
    assert raised.value.code == "too-large"
    assert "账单" in raised.value.message


def test_a_workbook_has_a_title_a_fixed_date_and_no_author() -> None:
    core = part(made(1), "docProps/core.xml")
    assert "<dc:title>月报</dc:title>" in core
    assert core.count("2026-11-02T01:00:00Z") == 2
    assert not re.search(r"<dc:creator>[^<]|<cp:lastModifiedBy>[^<]", core)
    assert made(1, "a") == made(1, "a")

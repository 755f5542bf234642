"""Bills of Chinese clouds to sums: headings, 分 and 元, 包年包月 and 按量, totals, own maps."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from aswiki.errors import BadInput
from aswiki.importers.bills.bill import Bill
from aswiki.importers.bills.mapped import bill
from aswiki.store import packaged

BILLS = Path(__file__).parents[1] / "data" / "bills"
OWN = """
scale = "fen"
[defaults]
charge = "usage"
currency = "CNY"
[columns]
month = ["YF"]
billed = ["JE"]
"""


def a_map(name: str) -> tuple[str, bytes]:
    file = packaged.folder("importers/maps") / f"{name}.toml"
    return file.name, file.read_bytes()


def read(folder: Path, content: str, *own: str, then: str | None = None) -> Bill:
    file = folder / "bill.csv"
    file.write_text(content, encoding="utf-8")
    maps = [(f"own-{n}.toml", text.encode()) for n, text in enumerate(own)]
    return bill(file, [*maps, *([a_map(then)] if then else [])])


def workbook(file: Path, rows: list[list[Any]], *, further: str = "") -> Path:
    book = xlsxwriter.Workbook(str(file))
    sheet = book.add_worksheet("明细")
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(number, column, cell, days)
            elif cell is not None:
                sheet.write(number, column, cell)
    if further:
        book.add_worksheet(further).write_row(0, 0, max(rows, key=len))
    book.close()
    return file


def test_a_gb18030_bill_in_fen_is_right_to_the_cent() -> None:
    found = bill(BILLS / "aliyun-fen-gb18030.csv", [a_map("aliyun")])

    assert (found.encoding, found.rows, found.rejected_count) == ("gb18030", 9, 2)
    assert found.sums() == {
        "CNY": {
            "BilledCost": Decimal("1118.915"),
            "EffectiveCost": Decimal("262.035"),
            "ListCost": Decimal("1320.955"),
        }
    }
    assert {(line.provider, line.account) for line in found.lines} == {
        ("阿里云", "0012345678901234")
    }
    assert [(line.product, line.charge, line.billed_cost) for line in found.lines] == [
        ("云服务器 ECS", "correction", Decimal(-30)),
        ("云服务器 ECS", "purchase", Decimal("888.88")),
        ("对象存储 OSS", "usage", Decimal(12)),
        ("短信服务", "adjustment", Decimal(-2)),
        ("云服务器 ECS", "usage", Decimal("250.035")),
    ]
    assert found.lines[2].quantity == Decimal("1024.5")


def test_days_of_a_bill_are_those_of_its_usage() -> None:
    found = bill(BILLS / "aliyun-fen-gb18030.csv", [a_map("aliyun")])

    assert [(day.product, day.day, day.cost) for day in found.days] == [
        ("对象存储 OSS", date(2026, 10, 3), Decimal(12)),
        ("云服务器 ECS", date(2026, 10, 1), Decimal("200.03")),
        ("云服务器 ECS", date(2026, 10, 2), Decimal("50.005")),
    ]


def test_totals_are_left_out_and_said_and_bad_rows_are_named_as_the_file_has_them() -> None:
    found = bill(BILLS / "aliyun-fen-gb18030.csv", [a_map("aliyun")])

    assert found.warnings == ["Rows that hold totals of others were left out (1): 13."]
    assert [(one.row, one.reason) for one in found.rejected] == [
        (11, "账单日期: 2026-10-32 is not a time"),
        (12, "账单类型: 神秘账单, 赠送 is no charge that can be told"),
    ]


def test_a_purchase_has_no_effective_cost_where_the_bill_spreads_none() -> None:
    found = bill(BILLS / "tencent.csv", [a_map("tencentcloud")])

    assert (found.rows, found.rejected_count, found.warnings) == (5, 0, [])
    assert [(line.charge, line.billed_cost, line.effective_cost) for line in found.lines] == [
        ("usage", Decimal("1.5E-7"), Decimal("1.5E-7")),
        ("correction", Decimal(-2900), None),
        ("purchase", Decimal(3000), None),
        ("usage", Decimal("86.40000001"), Decimal("86.40000001")),
    ]
    assert {line.account for line in found.lines} == {"100000000001"}
    assert {line.month for line in found.lines} == {"2026-10"}
    assert len(found.days) == 3


def test_signs_of_money_and_dates_of_spreadsheets_are_read() -> None:
    found = bill(BILLS / "baidu.tsv", [a_map("baiducloud")])

    assert found.sums()["CNY"] == {
        "BilledCost": Decimal("1015.5"),
        "EffectiveCost": Decimal("15.5"),
        "ListCost": Decimal(1228),
    }
    assert [(day.day, day.cost) for day in found.days] == [
        (date(2026, 10, 1), Decimal("12.34")),
        (date(2026, 10, 3), Decimal("2.5")),
    ]


def test_an_excel_bill_has_titles_above_totals_below_and_numbers_that_are_numbers(
    tmp_path: Path,
) -> None:
    head = [
        "账期",
        "账号",
        "产品类型",
        "计费模式",
        "账单类型",
        "使用开始时间",
        "使用结束时间",
        "使用量",
        "使用量单位",
        "官网价（元）",
        "应付金额（元）",
    ]
    day = datetime(2026, 10, 1)  # noqa: DTZ001 - a cell of Excel has no zone
    ecs = ["2026-10", 12345678, "弹性云服务器"]
    rows: list[list[Any]] = [
        ["华为云资源详单"],
        [],
        head,
        [*ecs, "按需", "消费-使用", day, day, 24, "小时", 1.1, 0.1],
        [*ecs, "按需", "消费-使用", day, day, 24, "小时", 2.2, 0.2],
        [*ecs, "包年/包月", "消费-新购", None, None, 1, "月", 900, 800.55],
        [*ecs, "包年/包月", "退款-退订", None, None, None, None, None, -100],
        ["2026-10", 12345678, "云硬盘", "按需", "消费-使用", "十月", day, 1, "GB", 1, 1],
        ["2026-10", 1234567890123456789, "云硬盘", "按需", "消费-使用", day, day, 1, "GB", 1, 1],
        ["合计", None, None, None, None, None, None, None, None, 906.3, 702.85],
    ]  # fmt: skip

    found = bill(workbook(tmp_path / "hw.xlsx", rows, further="说明"), [a_map("huaweicloud")])

    assert (found.encoding, found.rows) == ("xlsx", 6)
    assert [(one.row, one.reason) for one in found.rejected] == [
        (8, "使用开始时间: 十月 is not a time")
    ]
    assert found.sums()["CNY"]["BilledCost"] == Decimal("701.85")
    assert found.sums()["CNY"]["EffectiveCost"] == Decimal("1.3")
    assert [(line.account, line.charge) for line in found.lines] == [
        (None, "usage"),
        ("12345678", "correction"),
        ("12345678", "purchase"),
        ("12345678", "usage"),
    ]
    assert {(line.product, line.provider) for line in found.lines} == {
        ("云硬盘", "华为云"), ("弹性云服务器", "华为云"),
    }  # fmt: skip
    assert [one.day for one in found.days] == [date(2026, 10, 1)] * 2
    assert found.warnings[0] == "Rows that hold totals of others were left out (1): 10."
    assert "have lost their last digits" in found.warnings[1]
    assert "说明" in found.warnings[2]


@pytest.mark.parametrize("name", ["aliyun", "huaweicloud", "tencentcloud", "baiducloud"])
def test_every_packaged_map_tells_prepaid_from_pay_as_you_go(tmp_path: Path, name: str) -> None:
    content = "账期,应付金额,产品名称,产品类型,计费模式,付费方式\n2026-10,{0},a,a,{1},{1}\n"
    words = {"包年包月": "purchase", "预付费": "purchase", "按量计费": "usage", "后付费": "usage"}
    if name == "huaweicloud":
        words = {"包年/包月": "purchase", "按需": "usage", "按需套餐包": "purchase"}

    for word, charge in words.items():
        (line,) = read(tmp_path, content.format(5, word), then=name).lines
        assert (line.charge, line.currency, line.billed_cost) == (charge, "CNY", Decimal(5))


def test_an_own_map_reads_a_bill_nobody_knows(tmp_path: Path) -> None:
    found = read(tmp_path, "YF,JE\n2026/10/01,12345\n202610,5\n", OWN)

    assert found.sums() == {
        "CNY": {"BilledCost": Decimal("123.5"), "EffectiveCost": Decimal("123.5")}
    }
    assert [(line.month, line.provider, line.rows) for line in found.lines] == [
        ("2026-10", None, 2)
    ]


def test_an_own_map_goes_before_the_packaged_one(tmp_path: Path) -> None:
    own = """
        columns.billed = "实付"
        defaults.provider = "我们的云"
        charges = [{is = "usage", words = "包月"}]
    """
    content = "账期,产品,计费方式,应付金额,实付,官网价\n2026-10,ECS,包月,9,8,10\n"

    (line,) = read(tmp_path, content, own, then="aliyun").lines

    assert (line.provider, line.charge, line.billed_cost, line.list_cost) == (
        "我们的云", "usage", Decimal(8), Decimal(10),
    )  # fmt: skip


def test_a_heading_that_says_its_unit_goes_before_the_scale_of_the_map(tmp_path: Path) -> None:
    own = OWN.replace('["JE"]', '["应付金额"]\nlist = ["原价"]')

    (line,) = read(tmp_path, "YF,应付金额(元),原价\n2026-10,7,700\n", own).lines

    assert (line.billed_cost, line.list_cost) == (Decimal(7), Decimal(7))


def test_columns_in_yuan_and_in_fen_for_one_field_are_refused(tmp_path: Path) -> None:
    own = OWN.replace('["JE"]', '["应付", "实付"]')

    with pytest.raises(BadInput) as refused:
        read(tmp_path, "YF,应付(元),实付(分)\n2026-10,7,700\n", own)

    assert refused.value.code == "mixed-units"


def test_a_charge_that_the_bill_leaves_empty_is_the_default_and_another_word_is_not(
    tmp_path: Path,
) -> None:
    own = OWN + 'charge = ["LX"]\n'

    found = read(tmp_path, "YF,JE,LX\n2026-10,1,\n2026-10,2,-\n2026-10,4,怪\n", own)

    assert [(line.charge, line.rows) for line in found.lines] == [("usage", 2)]
    assert [one.row for one in found.rejected] == [4]


def test_a_bill_that_does_not_fit_the_map_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        read(tmp_path, "账期,产品,金额\n2026-10,ECS,5\n", then="aliyun")

    assert "账期, 产品, 金额" in refused.value.message
    assert "应付金额" in refused.value.message
    assert "账单类型" in refused.value.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("scale = 5", "own-0.toml: scale: One of these is expected here: yuan, fen."),
        ("[columns]\nbiled = 'x'", "own-0.toml: columns.biled: This key is not known."),
        ("[columns]\nbilled = 5", "own-0.toml: columns.billed: A text is expected here."),
        ("columns = 5", "own-0.toml: columns: A table is expected here."),
        ("charges = 5", "own-0.toml: charges: A table is expected here."),
        ("[[charges]]\nis = 'gift'\nwords = 'x'", "own-0.toml: charges.0.is: One of these"),
        ("[[charges]]\nis = 'tax'", "own-0.toml: charges.0.words: A text is expected here."),
        ("[defaults]\ncharge = 'gift'", "own-0.toml: defaults.charge: One of these"),
        ("[defaults]\nbilled = '1'", "own-0.toml: defaults.billed: This key is not known."),
        ("= 5", "own-0.toml: This is not TOML"),
    ],
)
def test_a_map_with_a_mistake_is_refused_with_its_file_and_key(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(BadInput) as refused:
        read(tmp_path, "YF,JE\n2026-10,1\n", text)

    assert refused.value.message.startswith(said)
    assert refused.value.hint


def test_a_map_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bill.csv").write_text("a\n", encoding="utf-8")

    with pytest.raises(BadInput, match="not UTF-8"):
        bill(tmp_path / "bill.csv", [("own.toml", "月".encode("gb18030"))])

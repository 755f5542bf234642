"""Headings to fields, cells to plain data, and files to tables, without a wiki."""

from __future__ import annotations

import io
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from aswiki.domain.records.types import Reading
from aswiki.errors import BadInput, Unusable
from aswiki.importers import cards, columns, sheets, tables
from aswiki.importers.cells import Habits, taken
from aswiki.importers.columns import Columns, Kind
from aswiki.importers.foreign import BadRow
from aswiki.store import packaged

SHANGHAI = ZoneInfo("Asia/Shanghai")
HABITS = Habits(Reading(SHANGHAI), datetime(2026, 10, 20, 2, tzinfo=UTC), "CNY")


@cache
def packaged_map(kind: Kind, *own: str) -> Columns:
    place = packaged.folder("importers/maps") / f"{kind}.toml"
    sources = [(f"own-{n}.toml", text.encode()) for n, text in enumerate(own)]
    return columns.read(kind, [*sources, (place.name, place.read_bytes())])


def said(kind: Kind, key: str, cell: object, habits: Habits = HABITS) -> object:
    return taken(packaged_map(kind).targets[key], cell, habits).value


def workbook(rows: list[list[Any]], *, before: str = "", after: str = "", far: str = "") -> bytes:
    """An Excel file of one sheet with these rows, perhaps beside a hidden and a further one."""
    raw = io.BytesIO()
    book = xlsxwriter.Workbook(raw)
    hidden = book.add_worksheet(before) if before else None
    sheet = book.add_worksheet("表")
    sheet.activate()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    if hidden is not None:
        hidden.write_row(0, 0, ["姓名", "电话"])
        sheet.set_first_sheet()
        hidden.hide()
    if after:
        book.add_worksheet(after).write_row(0, 0, ["姓名", "电话"])
    if far:
        sheet.write(far, "x")
    book.close()
    return raw.getvalue()


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("客户名称", "name"),
        ("公司", "name"),
        ("*客户名称（必填）", "name"),
        ("ACCOUNT_LEVEL", "account_level"),
        ("账户级别", "account_level"),
        ("Customer  Since", "customer_since"),
        ("入网日期", "customer_since"),
        ("信用额度(元)", "credit.credit_amount"),
        ("Owed amount", "credit.owed_amount"),
        ("负责人", "owner"),
        ("我方占比：", "our_share_percent"),
        ("拜访节奏", "review_cadence"),
        ("备注", None),
    ],
)
def test_a_heading_of_a_customer_names_its_field(heading: str, key: str | None) -> None:
    found = packaged_map("customers").key(heading)
    assert (found and found[0]) == key


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("姓名", "name"),
        ("Full Name", "name"),
        ("手机号码", "phone"),
        ("E-mail", "email"),
        ("职务", "title"),
        ("角色", "role"),
        ("微信号", "im"),
        ("公司名称", "customer"),
        ("截止日", "until"),
    ],
)
def test_a_heading_of_a_contact_names_its_field(heading: str, key: str) -> None:
    found = packaged_map("contacts").key(heading)
    assert found is not None
    assert found[0] == key


def test_every_single_field_is_known_by_its_key_and_its_labels() -> None:
    for kind in ("customers", "contacts"):
        known = packaged_map(kind)
        for key, target in known.targets.items():
            assert known.key(key) is not None, key
            if "." not in key:
                assert all(known.key(label) is not None for label in target.labels), key


def test_an_own_map_comes_before_the_packaged_one() -> None:
    own = '[columns]\nname = ["KH_MC"]\nindustry = ["公司"]\nx_crm = ["CRM 编号"]\n'
    own += '[words.account_level]\n"A" = "strategic"\n"普通客户" = "trial"\n'
    known = packaged_map("customers", own)
    assert known.key("kh_mc") is not None
    assert known.key("客户名称") is not None
    assert [known.key(h) and known.key(h)[0] for h in ("公司", "CRM编号")] == ["industry", "x_crm"]  # type: ignore[index]
    level = known.targets["account_level"]
    assert [taken(level, word, HABITS).value for word in ("a", "普通客户", "重点客户")] == [
        "strategic",
        "trial",
        "key",
    ]


def test_the_column_map_of_the_docs_is_sound() -> None:
    page = (Path(__file__).parents[2] / "docs" / "imports.md").read_text(encoding="utf-8")
    known = packaged_map("customers", page.split("```toml\n")[1].split("```")[0])
    for heading, key in [("KH_MC", "name"), ("QF_JE", "credit.owed_amount"), ("kh_id", "x_crm_id")]:
        found = known.key(heading)
        assert found is not None
        assert found[0] == key
    assert known.is_ignored("流水号")
    assert taken(known.targets["account_level"], "A类", HABITS).value == "strategic"


@pytest.mark.parametrize(
    ("own", "named"),
    [
        ("columns = 1", "columns"),
        ("[columns]\nnmae = ['x']", "columns.nmae"),
        ("[columns]\nname = [1]", "columns.name"),
        ("[columns]\nname = ['A']\nowner = ['a']", "columns.owner"),
        ("[words]\nowner = 1", "words.owner"),
        ("[words.nobody]\na = 'b'", "words.nobody"),
        ("[colums]", "colums"),
        ("[columns", "TOML"),
    ],
)
def test_a_mistake_in_a_map_is_named_by_file_and_key(own: str, named: str) -> None:
    with pytest.raises(BadInput) as wrong:
        packaged_map("customers", own)
    assert wrong.value.code == "bad-map"
    assert wrong.value.message.startswith("own-0.toml: ")
    assert named in wrong.value.message


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2021/4/12", "2021-04-12"),
        ("2021-04-12 08:00", "2021-04-12"),
        ("2021年4月12日", "2021-04-12"),
        ("2021年4月", "2021-04-01"),
        ("2021年4月份", "2021-04-01"),
        ("2021-4", "2021-04-01"),
        ("2021.04", "2021-04-01"),
        ("20210412", "2021-04-12"),
        (44298.0, "2021-04-12"),
        ("44298", "2021-04-12"),
        (44298.5, "2021-04-12"),
        (date(2021, 4, 12), "2021-04-12"),
        (datetime(2021, 4, 12, 8, 30), "2021-04-12"),  # noqa: DTZ001 - as a sheet gives it
        ("12 April 2021", "2021-04-12"),
        ("", None),
        ("-", None),
        (None, None),
    ],
)
def test_a_day_is_read_as_spreadsheets_write_it(cell: object, day: str | None) -> None:
    assert said("customers", "customer_since", cell) == day


@pytest.mark.parametrize(
    "cell", ["去年", "3年", "4/12/2021", "2021", 2021.1, "2021年13月", "1021/4/12", "昨天", True]
)
def test_what_is_no_sure_day_is_refused(cell: object) -> None:
    with pytest.raises(BadRow, match="customer_since"):
        said("customers", "customer_since", cell)


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        (13800000001.0, "13800000001"),
        ("13800000001", "13800000001"),
        ("\t13800000001", "13800000001"),
        ("'13800000001", "13800000001"),
        ('="13800000001"', "13800000001"),
        ("1.3800000001E+10", "13800000001"),
        ("+86 138-0000-0001", "+86 138-0000-0001"),
        ("1.38E+10", None),
        (1.2345678901234567e17, None),
    ],
)
def test_a_phone_number_stays_text_and_is_never_a_rounded_one(
    cell: object, phone: str | None
) -> None:
    found = taken(packaged_map("contacts").targets["phone"], cell, HABITS)
    assert found.value == phone
    assert bool(found.note) == (phone is None)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        (500000.0, 500000),
        (0.1, Decimal("0.1")),
        ("1,234,567.50", Decimal("1234567.50")),
        ("￥1,200元", 1200),
        ("50万", 500000),
        ("1.5亿", 150000000),
        ("0", 0),
    ],
)
def test_an_amount_is_read_as_people_write_it(cell: object, amount: object) -> None:
    found = said("customers", "credit.owed_amount", cell)
    assert found == amount
    assert type(found) is type(amount)


@pytest.mark.parametrize("cell", ["1,23", "$100", "很多", "1.200,50", "NaN", "Infinity"])
def test_what_is_no_sure_amount_is_refused(cell: str) -> None:
    with pytest.raises(BadRow, match="not a number"):
        said("customers", "credit.owed_amount", cell)


def test_a_sign_of_money_is_read_only_where_it_is_the_wikis() -> None:
    with pytest.raises(BadRow):
        said("customers", "credit.owed_amount", "¥100", Habits(HABITS.reading, HABITS.now, "USD"))


def test_a_percentage_of_a_sheet_is_a_part_of_one_and_said_so() -> None:
    share = packaged_map("customers").targets["our_share_percent"]
    assert taken(share, "35%", HABITS) == (35, "")
    assert taken(share, 35.0, HABITS) == (35, "")
    found = taken(share, 0.355, HABITS)
    assert found.value == Decimal("35.5")
    assert "35.5 %" in found.note


def test_lists_are_parted_by_commas_unless_something_stronger_parts_them() -> None:
    assert said("customers", "billing_account_ids", "1001，1002、1003") == ["1001", "1002", "1003"]
    assert said("customers", "billing_account_ids", 100200300.0) == ["100200300"]
    assert said("customers", "billing_account_ids", "1001\n1002") == ["1001", "1002"]
    assert said("customers", "aliases", "Acme, Inc.; Acme Retail") == ["Acme, Inc.", "Acme Retail"]


def test_words_are_read_by_key_label_and_synonym() -> None:
    words = ("key", "Key", "重点", "重点客户")
    assert {said("customers", "account_level", word) for word in words} == {"key"}
    assert said("contacts", "stance", "未知") == "unknown"
    assert said("contacts", "final_contact", "否") is False
    assert said("customers", "credit.currency", "人民币") == "CNY"
    with pytest.raises(BadRow, match=r"strategic.*trial"):
        said("customers", "account_level", "一级")
    with pytest.raises(BadRow, match="yes nor no"):
        said("contacts", "final_contact", "也许")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_text_table_is_read_whatever_its_encoding_and_delimiter(
    encoding: str, delimiter: str
) -> None:
    text = "客户,姓名\n\n蓝鲸,王磊\n".replace(",", delimiter)
    found = tables.table(text.encode(encoding), packaged_map("contacts").fitness)
    assert found.headings == ["客户", "姓名"]
    assert [(row.number, row.data) for row in found.rows] == [(3, ["蓝鲸", "王磊"])]


def test_the_heading_row_is_found_below_titles_and_rows_keep_their_numbers() -> None:
    text = (
        '客户通讯录,,\n"导出\n于 2026",,\n客户,姓名,电话\n,,\n蓝鲸,王磊,1\n蓝鲸,李四\n甲,乙,1,多\n'
    )
    found = tables.table(text.encode(), packaged_map("contacts").fitness)
    assert [row.number for row in found.rows] == [5, 6, 7]
    assert found.rows[1].data == ["蓝鲸", "李四", ""]
    assert isinstance(found.rows[2].data, BadRow)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"a,b\n1,2\n",
        "\n" * 10 + "姓名,电话\n",
        "电话,邮箱\n1,2\n",
        b"\x89PNG\0\0",
        '姓名,"电话\n',
        b"\xff\xff",
    ],
)
def test_a_file_without_a_heading_row_is_refused(raw: str | bytes) -> None:
    data = raw.encode() if isinstance(raw, str) else raw
    with pytest.raises(BadInput):
        tables.table(data, packaged_map("contacts").fitness)


def test_the_first_shown_sheet_with_headings_is_read_and_others_are_named() -> None:
    rows: list[list[Any]] = [["通讯录"], [], ["姓名", "电话"], ["王磊", 13800000001]]
    raw = workbook(rows, before="藏", after="另一")
    found = tables.table(raw, packaged_map("contacts").fitness)
    assert [(row.number, row.data) for row in found.rows] == [(4, ["王磊", 13800000001.0])]
    assert found.unread == ["另一"]


def test_every_cell_of_a_merged_range_holds_what_is_shown_there() -> None:
    raw = io.BytesIO()
    book = xlsxwriter.Workbook(raw)
    sheet = book.add_worksheet()
    sheet.merge_range("A1:B1", "客户通讯录")
    sheet.write_row(1, 0, ["客户", "姓名"])
    sheet.merge_range("A3:A4", "蓝鲸")
    sheet.write_column(2, 1, ["王磊", "李四"])
    sheet.write_formula(4, 1, '="赵"&"六"', None, "赵六")
    book.close()
    found = tables.table(raw.getvalue(), packaged_map("contacts").fitness)
    assert [row.data for row in found.rows] == [["蓝鲸", "王磊"], ["蓝鲸", "李四"], ["", "赵六"]]


def test_a_sheet_that_would_fill_the_memory_is_refused() -> None:
    raw = workbook([["姓名", "电话"]], far="XFD1048576")
    with pytest.raises(BadInput, match="row 1048576, column 16384"):
        tables.table(raw, packaged_map("contacts").fitness)


@pytest.mark.parametrize("raw", [b"PK\x03\x04 no archive", b"\xd0\xcf\x11\xe0 an old one"])
def test_a_broken_or_old_excel_file_is_refused(raw: bytes) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        list(sheets.grids(raw))


@pytest.mark.parametrize(
    ("module", "extra", "raw"),
    [
        ("python_calamine", "aswiki[xlsx]", workbook([["姓名"]])),
        ("vobject", "aswiki[contacts]", b"BEGIN:VCARD\nEND:VCARD\n"),
    ],
)
def test_a_missing_extra_is_named_with_how_to_install_it(
    module: str, extra: str, raw: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    fitness = packaged_map("contacts").fitness
    with pytest.raises(Unusable) as missing:
        cards.table(raw) if cards.is_cards(raw) else tables.table(raw, fitness)
    assert missing.value.exit_code == 4
    assert missing.value.hint == f'pip install "{extra}"'


def quoted(text: str, encoding: str) -> str:
    return "".join(f"={byte:02X}" for byte in text.encode(encoding))


OLD = f"""\
BEGIN:VCARD
VERSION:2.1
N;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:{quoted("王", "gbk")};{quoted("磊", "gbk")};;;
TEL;WORK:010-12345678
TEL;CELL;PREF:13800000001
ORG;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:{quoted("蓝鲸", "gbk")}=
{quoted("游戏", "gbk")};{quoted("技术部", "gbk")}
END:VCARD
"""
NEW = """\
BEGIN:VCARD
VERSION:4.0
FN:李四
TEL;VALUE=uri;TYPE="voice,home":tel:+86-10-1
TEL;VALUE=uri;TYPE="voice,cell";PREF=2:tel:139
TEL;VALUE=uri;TYPE="cell";PREF=1:tel:+86-138-0000-0002
EMAIL:li@example.com
X-WECHAT:lisi
NOTE:喜欢
  钓鱼
END:VCARD
"""


def test_cards_of_old_and_new_phones_become_rows() -> None:
    broken = "BEGIN:VCARD\nVERSION:3.0\nFN:x\nno property\nEND:VCARD\n"
    raw = f"{OLD}\n{broken}{NEW}".replace("\n", "\r\n").encode()
    assert cards.is_cards(raw)
    found = cards.table(raw)
    assert [row.number for row in found.rows] == [1, 2, 3]
    old, bad, new = (row.data for row in found.rows)
    assert isinstance(bad, BadRow)
    assert isinstance(old, list)
    assert isinstance(new, list)
    first = dict(zip(found.headings, old, strict=True))
    assert (first["n-family"], first["n-given"]) == ("王", "磊")
    assert (first["org"], first["org-unit"]) == ("蓝鲸游戏", "技术部")
    assert (first["tel-cell"], first["tel"]) == ("13800000001", "010-12345678")
    second = dict(zip(found.headings, new, strict=True))
    assert (second["fn"], second["tel-cell"]) == ("李四", "+86-138-0000-0002")
    assert (second["email"], second["x-wechat"]) == ("li@example.com", "lisi")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_cards_are_known_whatever_their_encoding(encoding: str) -> None:
    raw = "BEGIN:VCARD\nVERSION:3.0\nFN:王磊\nEND:VCARD\n".encode(encoding)
    assert cards.is_cards(raw)
    assert cards.table(raw).rows[0].data == ["3.0", "王磊"]

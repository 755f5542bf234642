"""The words of finished files, as a scan for leaks reads them: none may be out of its sight."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from aswiki.errors import Defect
from aswiki.render import drawing
from aswiki.render.chart import Chart, Outcome, PromiseChart
from aswiki.render.docx import docx
from aswiki.render.html import html
from aswiki.render.packing import packed, unpacked
from aswiki.render.pdf import pdf
from aswiki.render.text import texts_of
from aswiki.render.xlsx import Sheet, Table, xlsx

CHARTS: dict[str, Chart] = {
    "c": PromiseChart("图题甲", "替代乙", "丙", "丁", (Outcome("kept", "结果戊", 1),))
}
SOURCE = """# 标题己

一**段**话里的张*三*，[字庚](https://xin.example.com/ren)

![替代乙](chart:c)

| 头辛 | |
|---|---|
| 格壬 | `码癸` |
"""
SEEN = ["标题己", "一段话里的张三，字庚", "xin.example.com/ren", "图题甲", "替代乙", "头辛", "格壬"]


def made(form: str) -> bytes:
    if form == "html":
        return html(SOURCE, title="题名子", language="zh", charts=CHARTS)
    make = pdf if form == "pdf" else docx
    return make(SOURCE, title="题名子", language="zh", charts=CHARTS, epoch=0)


def texts(form: str, raw: bytes) -> list[str]:
    return [words for _where, words in texts_of(form, raw)]


@pytest.mark.parametrize("form", ["html", "pdf", "docx"])
def test_everything_a_reader_may_come_upon_is_among_the_texts(form: str, chinese_font: str) -> None:
    found = "\n".join(texts(form, made(form)))
    drawn = [] if form == "docx" else ["结果戊"]  # a picture there; its alternative is its text
    for words in [*SEEN, *drawn, "码癸", "题名子"]:
        assert words in found, words


def test_a_workbook_is_read_with_its_sheets_names_its_notes_and_its_title() -> None:
    rows = (("格丙",), (Decimal(5),), (date(2026, 1, 2),))
    sheet = Sheet("表甲", [Table(("头乙",), rows, title="块庚")], note="注丁")
    found = texts("xlsx", xlsx([sheet], title="题戊", epoch=0))
    assert {"表甲", "头乙", "格丙", "块庚", "注丁", "题戊"} <= set(found)


def test_comments_and_properties_of_office_files_are_read_too() -> None:
    parts = unpacked(docx("x", title="t", language="zh", epoch=0)) or {}
    parts["docProps/custom.xml"] = "<p><c name='甲'>乙</c></p>".encode()
    parts["word/header9.xml"] = (
        '<w:hdr xmlns:w="w"><w:p><w:r><w:t>张</w:t></w:r><w:r><w:t>三</w:t></w:r></w:p></w:hdr>'
    ).encode()
    found = texts("docx", packed(parts))
    assert {"甲", "乙", "张三"} <= set(found)


def test_words_of_a_page_are_read_across_its_tags_and_within_its_attributes() -> None:
    raw = (
        '<p title="甲">张<b>三</b><!--乙--></p><p>丙</p><svg aria-label="丁"><text>戊</text></svg>'
    )
    found = list(texts_of("html", raw.encode()))
    assert found == [
        ("p title", "甲"),
        ("comment", "乙"),
        ("p", "张三"),
        ("p", "丙"),
        ("svg aria-label", "丁"),
        ("text", "戊"),
    ]


def test_a_drawing_alone_is_read_with_its_alternative() -> None:
    assert texts("svg", drawing.svg(CHARTS["c"]).encode()) == ["替代乙", "结果戊", "1"]


def test_markdown_is_read_by_lines_and_json_by_keys_and_values() -> None:
    assert list(texts_of("md", "# 甲\n\n乙".encode())) == [("line 1", "# 甲"), ("line 3", "乙")]
    read = list(texts_of("json", '{"甲": ["乙", {"丙": null}]}'.encode()))
    assert [words for _where, words in read] == ["甲", "乙", "丙"]


def test_a_word_broken_over_two_lines_of_a_pdf_is_one_word(chinese_font: str) -> None:
    name = "恒川银行股份有限公司"
    reference = "heng-chuan-yin-hang/events/2026-10-03-mobile-login"
    for before in range(30, 44):
        raw = pdf(f"{'字' * before}{name} {reference} 完", title="t", language="zh", epoch=0)
        found = "\n".join(texts("pdf", raw))
        assert name in found
        assert reference in found


def test_a_form_that_is_not_known_is_a_mistake_of_ours() -> None:
    with pytest.raises(Defect):
        texts_of("odt", b"")

"""A report as HTML, PDF and Word: what a reader sees, and the same bytes for the same report."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from aswiki.errors import BadInput, Unusable
from aswiki.render import fonts, reference
from aswiki.render.chart import Chart, Outcome, PromiseChart
from aswiki.render.docx import docx
from aswiki.render.html import html
from aswiki.render.markdown import Names, Template, markdown
from aswiki.render.packing import packed, unpacked
from aswiki.render.pdf import pdf
from aswiki.render.text import texts_of

EPOCH = 1793581200
CHART = PromiseChart("承诺的结果", "兑现 5", "结果", "条数", (Outcome("kept", "已兑现", 5),))
CHARTS: dict[str, Chart] = {"p-1": CHART}
SOURCE = """# 2026-10 月报

> **欠费 1 家**：恒川银行

## 数字

| | 本月 | 上月 |
|---|--:|:-:|
| 故障 | 7 | 4 |

![兑现 5](chart:p-1)

#### 投诉

**投诉**

- 第一行
  第二行 and
  third `ref/x`
  - 里层

3. ~~三~~ [网址](https://example.com/a) [信](mailto:a@example.com)

---

完
"""


def page(source: str = SOURCE, language: str = "zh") -> str:
    return html(source, title="月报", language=language, charts=CHARTS).decode()


def printed(source: str = SOURCE, language: str = "zh") -> bytes:
    return pdf(source, title="月报 2026-10", language=language, epoch=EPOCH, charts=CHARTS)


def word(source: str = SOURCE, own: bytes | None = None) -> dict[str, bytes]:
    raw = docx(source, title="月报", language="zh", epoch=EPOCH, charts=CHARTS, own=own)
    return unpacked(raw) or {}


def all_texts(form: str, raw: bytes) -> str:
    return "\n".join(words for _where, words in texts_of(form, raw))


# The web page


def test_a_page_loads_nothing_and_its_policy_lets_only_its_own_style_in() -> None:
    text = page()
    style = re.search("<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in text
    assert not re.search(r"<(script|link|img|iframe|object)|url\(|@import|\bsrc=|\bstyle=", text)


def test_a_page_has_a_style_for_dark_for_print_and_for_a_phone() -> None:
    text = page()
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text
    assert 'name="viewport"' in text


def test_a_page_says_its_language_and_its_title() -> None:
    assert '<html lang="zh-Hans-CN">' in page()
    assert '<html lang="en">' in page(language="en")
    assert "<title>月报</title>" in page()


def test_headings_go_down_one_level_at_a_time_and_have_ids() -> None:
    found = re.findall(r'<(h\d) id="([^"]+)">', page("### A\n\n##### A\n\n# 数 字\n\n#\n"))
    assert found == [("h1", "a"), ("h2", "a-2"), ("h1", "数-字")]


def test_a_table_scrolls_by_itself_and_its_headings_say_what_they_head() -> None:
    text = page()
    assert '<div class="table" tabindex="0" role="region" aria-labelledby="数字">' in text
    assert "<td></td>" in text
    assert '<th class="end" scope="col">本月</th>' in text
    assert '<td class="middle">4</td>' in text


def test_a_chart_is_drawn_within_the_page_with_its_title_and_its_words() -> None:
    assert "<figcaption>承诺的结果</figcaption>" in page()
    assert 'role="img" aria-label="兑现 5"' in page()


def test_lines_of_chinese_are_joined_without_a_gap_and_others_with_one() -> None:
    assert "第一行第二行 and third" in page()


def test_links_lead_to_the_web_and_to_mail() -> None:
    assert '<a href="https://example.com/a" rel="noopener noreferrer">网址</a>' in page()
    assert '<a href="mailto:a@example.com"' in page()
    assert "<a" not in page("[x](javascript:alert(1)) [y](file:///etc/passwd) [z](//evil)")


class Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        if tag not in {"meta", "hr", "br", "path", "rect", "circle"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"path", "rect", "circle"}:
            assert self.open.pop() == tag


def test_every_tag_of_a_page_is_closed() -> None:
    reader = Balance()
    reader.feed(page())
    assert reader.open == []


# The PDF


def test_a_pdf_is_for_the_archive_tagged_and_says_its_title(chinese_font: str) -> None:
    reader = PdfReader(io.BytesIO(printed()))
    root: Any = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A<" in metadata
    assert reader.metadata is not None
    assert reader.metadata.title == "月报 2026-10"
    assert reader.metadata.author is None
    assert root["/Lang"] == "zh-CN"
    assert reader.outline


@pytest.mark.parametrize("language", ["zh", "en"])
def test_chinese_can_be_taken_out_of_a_pdf_again(language: str, chinese_font: str) -> None:
    text = all_texts("pdf", printed(language=language))
    for words in ("欠费 1 家：恒川银行", "第一行第二行 and third", "已兑现", "兑现 5", "完"):
        assert words in text


def test_a_pdf_counts_its_pages_and_repeats_the_title_above_them(chinese_font: str) -> None:
    reader = PdfReader(io.BytesIO(printed("# 甲\n\n" + "一段话。\n\n" * 120)))
    count = len(reader.pages)
    assert count > 1
    first, second = (reader.pages[at].extract_text() for at in (0, 1))
    assert f"1 / {count}" in first
    assert f"2 / {count}" in second
    assert "月报 2026-10" not in first
    assert "月报 2026-10" in second


def test_a_heading_does_not_stay_behind_at_a_pages_end(chinese_font: str) -> None:
    for lines in range(34, 48):
        source = "行\n\n" * lines + "## 标题\n\n故障 2 起\n\n**投诉**\n\n- 一\n"
        pages = PdfReader(io.BytesIO(printed(source))).pages
        ends = [re.sub(r"\s*\d+ / \d+\s*$", "", each.extract_text()) for each in pages]
        assert not ends[0].rstrip().endswith(("标题", "2 起", "投诉"))


def test_a_long_word_stays_on_the_page(
    need: Callable[[str], str], chinese_font: str, tmp_path: Path
) -> None:
    tool = need("pdftotext")
    raw = printed("| a | b |\n|---|---|\n| " + "W" * 400 + " | x |")
    Path(tmp_path, "r.pdf").write_bytes(raw)
    done = subprocess.run(
        [tool, "-bbox", "r.pdf", "-"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    ends = [float(found) for found in re.findall(r'xMax="([\d.]+)"', done.stdout)]
    assert max(ends) < 595 - 40
    assert sum(map(len, re.findall("W{2,}", all_texts("pdf", raw)))) == 400


def test_what_no_font_has_is_written_out_as_its_number(chinese_font: str) -> None:
    assert "U+F8FF" in all_texts("pdf", printed("企业 \uf8ff"))


def test_without_a_chinese_font_the_remedy_is_said_and_nothing_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import typst

    bare = typst.Fonts(include_system_fonts=False)
    monkeypatch.setattr(fonts, "loaded", lambda: bare)
    assert fonts.fonts() == []
    for make in (printed, word):
        with pytest.raises(Unusable) as raised:
            make("# 月报\n\n![兑现 6](chart:p-1)\n")
        assert raised.value.code == "no-font"
        assert "fonts-noto-cjk" in raised.value.hint
    assert b"%PDF" in pdf("# Report\n\nEnglish\n", title="R", language="en", epoch=EPOCH)


# The Word document


def test_a_word_document_has_the_text_the_table_and_the_drawing(chinese_font: str) -> None:
    parts = word()
    text = all_texts("docx", packed(parts))
    for words in ("欠费 1 家：恒川银行", "第一行第二行 and third ref/x", "承诺的结果", "兑现 5"):
        assert words in text
    document = parts["word/document.xml"].decode()
    assert '<w:jc w:val="right" />' in document
    assert '<w:jc w:val="center" />' in document
    assert "w:tblHeader" in document
    assert 'descr="data:' not in document
    [picture] = (name for name in parts if name.endswith(".png"))
    assert parts[picture].startswith(b"\x89PNG")


def test_a_drawing_in_a_word_document_is_as_wide_as_its_text(chinese_font: str) -> None:
    extents = re.findall(r'<wp:extent cx="(\d+)"', word()["word/document.xml"].decode())
    assert extents == [str((11906 - 2 * 1134) * 635)]


def test_a_word_document_names_no_author_and_no_clock(chinese_font: str) -> None:
    parts = word()
    core = parts["docProps/core.xml"].decode()
    assert "<dc:title>月报</dc:title>" in core
    assert "2026-11-02T01:00:00Z" in core
    assert "creator" not in core
    assert "lastModifiedBy" not in core


def test_a_company_gives_a_word_document_its_styles(chinese_font: str) -> None:
    own = unpacked(reference.packaged()) or {}
    own["word/styles.xml"] = own["word/styles.xml"].replace(b"1C2024", b"123456")
    own["word/footer1.xml"] = own["word/footer1.xml"].replace(b"> / <", "> 内部资料 <".encode())
    parts = word(own=packed(own))
    assert b"123456" in parts["word/styles.xml"]
    assert any("内部资料".encode() in part for part in parts.values())


# All of them

MAKE = """
import sys
from aswiki.render.chart import *
from aswiki.render.docx import docx
from aswiki.render.html import html
from aswiki.render.pdf import pdf
from aswiki.render.xlsx import Sheet, Table, xlsx
outcomes = (Outcome("kept", "已兑现", 5),)
charts = {"p-1": PromiseChart("承诺的结果", "兑现 5", "结果", "条数", outcomes)}
source = sys.stdin.buffer.read().decode()
said = {"title": "月报", "language": "zh", "charts": charts}
for made in (
    html(source, **said),
    pdf(source, epoch=1793581200, **said),
    docx(source, epoch=1793581200, **said),
    xlsx([Sheet("数字", [Table(("名", "数"), (("故障", 7),))])], title="月报", epoch=1793581200),
):
    print(__import__("hashlib").sha256(made).hexdigest())
"""


def hashes(**changed: str) -> list[str]:
    environment = {**os.environ, **changed}
    done = subprocess.run(
        [sys.executable, "-c", MAKE],
        input=SOURCE.encode(),
        capture_output=True,
        check=True,
        env=environment,
    )
    return done.stdout.decode().split()


def test_two_processes_in_two_zones_make_the_same_bytes(chinese_font: str) -> None:
    here = hashes(TZ="UTC", PYTHONHASHSEED="1")
    there = hashes(TZ="Asia/Shanghai", PYTHONHASHSEED="2", LANG="C", LC_ALL="C")
    assert len(here) == 4
    assert here == there


def test_source_date_epoch_goes_before_the_moment_given(
    monkeypatch: pytest.MonkeyPatch, chinese_font: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert b"2001-09-09T01:46:40Z" in word("x")["docProps/core.xml"]
    metadata = PdfReader(io.BytesIO(printed("x"))).metadata
    assert metadata is not None
    assert str(metadata["/CreationDate"]) == "D:20010909014640Z"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    assert b"2026-11-02" in word("x")["docProps/core.xml"]


@pytest.mark.parametrize("make", [page, printed, word])
def test_a_chart_that_is_not_there_stops_every_form(make: Callable[[str], object]) -> None:
    with pytest.raises(BadInput) as raised:
        make("![x](chart:gone)")
    assert raised.value.code == "no-chart"


@pytest.mark.parametrize("source", ["", "\n\n", "##\n", "- \n", "|  |\n|--|\n", "**\n"])
def test_an_empty_report_is_a_report(source: str, chinese_font: str) -> None:
    assert b"<main>" in page(source).encode()
    assert printed(source).startswith(b"%PDF")
    assert "word/document.xml" in word(source)


def test_a_missing_library_is_named_with_the_way_to_install_it() -> None:
    with pytest.raises(Unusable) as raised:
        fonts.library("no_such_library")
    assert raised.value.code == "extra-missing"
    assert raised.value.hint == 'pip install "aswiki[report]"'


def test_an_archive_keeps_no_times_and_its_parts_in_order() -> None:
    raw = packed({"b": b"2", "[Content_Types].xml": b"0", "a": b"1"})
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert archive.namelist() == ["[Content_Types].xml", "a", "b"]
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_template_is_compiled_once_and_still_uses_the_names_of_each_report() -> None:
    template = Template("t.md.j2", '{{ "zhangwei" | person }} {{ "P1" | label("severity") }}', True)
    zone = ZoneInfo("Asia/Shanghai")
    first = markdown(template, {}, Names("zh", zone, people={"zhangwei": "张维"}))
    second = markdown(template, {}, Names("en", zone, people={"zhangwei": "Zhang Wei"}))
    assert first.startswith("张维")
    assert second.startswith("Zhang Wei")

"""Records are hostile text: in no form of a report are they markup, code, formula or address."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aswiki.errors import BadInput
from aswiki.render import drawing, escaping, reference
from aswiki.render.chart import (
    Chart,
    Outcome,
    PromiseChart,
    Series,
    SpendChart,
    Swing,
    Weather,
    WeatherStrip,
)
from aswiki.render.docx import docx
from aswiki.render.html import html
from aswiki.render.packing import packed, unpacked
from aswiki.render.pdf import pdf, sources
from aswiki.render.text import texts_of
from aswiki.render.xlsx import Sheet, Table, xlsx

HOSTILE = (
    '#eval("1+1")',
    '#read("/etc/passwd")',
    '#import "@preview/x:0.1.0": *',
    "$x^2$ @ref <label> /* c */ // c",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)><svg onload=alert(1)>",
    "</style></title></svg><b>",
    "[x](javascript:alert(1)) ![y](file:///etc/passwd)",
    "![z](chart:p-1) &lt;b&gt; &#x3c;i&#x3e;",
    "```{=openxml}\n<w:p/>\n```",
    "=cmd|' /C calc'!A0",
    "{{ 7 * 7 }} {% raw %} {title} {0}",
    "\x00\x01\x1b[31m",
    "a\u202eb\u2066c\u200bd\ufeff",
    "\ud800 \ufffe \U000e0041",
    "e" + "\u0301" * 500,
    "👨‍👩‍👧 😀 ก้ \uf8ff 𠮷 ﷽",
    "W" * 900,
    "长" * 900,
    "| a | b |\n|---|---|\n| c | d |",
    "# h\n\n---\n\n- i\n\n> q",
    ']]> <?xml?> <!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]> &y;',
    "\\u{202e} \\n %PDF \\endgroup",
    "http://evil.example/x <http://evil.example/y>",
)
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def charts(text: str) -> dict[str, Chart]:
    months = ("2026-09", text)
    return {
        "p-1": PromiseChart(text, text, text, text, (Outcome(text, text, 3),)),
        "s-1": SpendChart(
            text, text, text, months, (Series(text, (1, 2)),), (Swing(text, text, text, up=True),)
        ),
        "w-1": WeatherStrip(text, text, text, months, (None, Weather(text, text))),
    }


def source(text: str) -> str:
    """The text wherever a template may put it, escaped as templates do."""
    safe = escaping.inline(text)
    return (
        f"# {safe}\n\n{safe}\n\n- {safe}\n  - **{safe}** {escaping.code(text)}\n\n> {safe}\n\n"
        f"| {safe} | b |\n|---|--:|\n| {safe} | {safe} |\n\n"
        "![a](chart:p-1)\n\n![b](chart:s-1)\n\n![c](chart:w-1)\n"
    )


FORMS: dict[str, Callable[[str, str], bytes]] = {
    "html": lambda said, text: html(said, title=text, language="zh", charts=charts(text)),
    "pdf": lambda said, text: pdf(said, title=text, language="zh", charts=charts(text), epoch=0),
    "docx": lambda said, text: docx(said, title=text, language="zh", charts=charts(text), epoch=0),
}


class Tags(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, set[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, set()).add(value or "")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_page_gets_a_tag_an_address_or_a_hidden_sign_from_a_record(text: str) -> None:
    made = FORMS["html"](source(text), text).decode()
    reader, honest = Tags(), Tags()
    reader.feed(made)
    honest.feed(FORMS["html"](source("word"), "word").decode())
    assert reader.tags == honest.tags
    assert reader.attributes.keys() <= honest.attributes.keys()
    assert not reader.attributes.keys() & {"href", "src", "onerror", "onload", "style"}
    assert not HIDDEN.search(made)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_printed_forms_show_hostile_words_and_obey_none(
    form: str, text: str, chinese_font: str
) -> None:
    made = FORMS[form](source(text), text)
    found = "\n".join(words for _where, words in texts_of(form, made))
    assert "root:" not in found
    assert "2026-09" in found or form == "docx"  # the chart was drawn
    assert not HIDDEN.search(found)
    assert not re.search(r"evil\.example/y>?\s*\((?:file|http)", found)


def test_records_reach_typst_as_data_while_its_code_stays_the_same() -> None:
    plain = sources("# a\n", title="t", language="zh", charts={})
    for text in HOSTILE:
        hostile = sources(source(text), title=text, language="zh", charts=charts(text))
        assert hostile["main.typ"] == plain["main.typ"]
        assert set(hostile) == {"main.typ", "report.json", "p-1.svg", "s-1.svg", "w-1.svg"}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_drawing_is_the_same_shapes_with_hostile_words(text: str) -> None:
    for name, chart in charts(text).items():
        svg = drawing.svg(chart)
        reader, honest = Tags(), Tags()
        reader.feed(svg)
        honest.feed(drawing.svg(charts("word")[name]))
        assert reader.tags <= honest.tags
        assert reader.attributes.keys() <= honest.attributes.keys()
        assert not HIDDEN.search(svg)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_workbook_holds_hostile_words_as_text(text: str) -> None:
    table = Table((text,), ((text,),), title=text)
    made = xlsx([Sheet(text, [table], note=text)], title=text, epoch=0)
    parts = unpacked(made)
    assert parts is not None
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    assert "<f>" not in sheet
    assert set(re.findall(r' t="(\w+)"', sheet)) == {"s"}
    assert not any("external" in name.casefold() or "hyperlink" in name for name in parts)


def test_markup_that_was_never_escaped_still_brings_no_html_and_no_foreign_picture() -> None:
    for text in HOSTILE:
        raw = text.replace("chart:", "no-chart:").replace("\ud800", "")
        reader = Tags()
        reader.feed(FORMS["html"](raw, "t").decode())
        assert not reader.tags & {"script", "img", "iframe", "object", "form", "input", "svg"}
        addresses = reader.attributes.get("href", set())
        assert all(each.startswith(("http://evil", "#")) for each in addresses)


MARKUP = st.text(
    st.sampled_from("ab 中。#->`*_~[]()!|<:\n\\&;=+1.\t\"'{}$@/%^" + "\u202e\x00\ufeff"),
    max_size=60,
)


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(MARKUP)
def test_any_markdown_can_be_printed(chinese_font: str, text: str) -> None:
    raw = text.replace("chart:", "")
    assert pdf(raw, title=text, language="zh", epoch=0).startswith(b"%PDF")
    assert b"<main>" in html(raw, title=text, language="en")


def test_a_huge_table_is_printed_with_its_headings_on_each_page(chinese_font: str) -> None:
    rows = "| 恒川银行 | 7 |\n" * 1500
    made = pdf(f"| 客户 | 数 |\n|---|--:|\n{rows}", title="t", language="zh", epoch=0)
    pages = [words for where, words in texts_of("pdf", made) if where.startswith("page")]
    assert len(pages) > 20
    assert all("客户" in words for words in pages)
    assert sum(words.count("恒川银行") for words in pages) == 1500


def test_a_page_printed_in_a_folder_of_ours_reads_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chinese_font: str
) -> None:
    for name in ("report.json", "main.typ", "p-1.svg"):
        Path(tmp_path, name).write_text("a file of the wiki, not of the report", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    made = FORMS["pdf"](source("词"), "t")
    assert not any("of the wiki" in words for _where, words in texts_of("pdf", made))


# A company's own Word document


def own(**changed: bytes) -> bytes:
    parts = unpacked(reference.packaged()) or {}
    return packed(parts | {name.replace("__", "/"): part for name, part in changed.items()})


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (65 * 1024 * 1024))
    return made.getvalue()


def relation(kind: str, target: str) -> bytes:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="http://x/relationships/{kind}" Target="{target}"'
        ' TargetMode="External"/></Relationships>'
    ).encode()


REFUSED = {
    "no archive": b"not a document",
    "an empty file": b"",
    "a cut archive": reference.packaged()[:-40],
    "an archive of something else": packed({"a.txt": b"a"}),
    "too much inside": bomb(),
    "macros": own(**{"word__vbaProject.bin": b"x"}),
    "a macro kind": own(
        **{"[Content_Types].xml": b'<Types ct="application/vnd.ms-word.document.macroEnabled"/>'}
    ),
    "a template from afar": own(
        **{"word___rels__settings.xml.rels": relation("attachedTemplate", "http://evil.example/t")}
    ),
    "entities": own(**{"word__header1.xml": b'<!DOCTYPE x [<!ENTITY y "z">]><x>&y;</x>'}),
    "styles that are none": own(**{"word__styles.xml": b"<w:styles"}),
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_reference_document_that_may_harm_is_refused_in_a_sentence(why: str) -> None:
    with pytest.raises(BadInput) as raised:
        docx("x", title="t", language="zh", epoch=0, own=REFUSED[why])
    assert raised.value.code == "bad-reference"
    assert raised.value.hint


def test_a_reference_document_with_a_link_in_its_foot_is_taken() -> None:
    rels = relation("hyperlink", "https://www.example.com")
    assert docx("x", title="t", language="zh", epoch=0, own=own(**{"word___rels__a.rels": rels}))

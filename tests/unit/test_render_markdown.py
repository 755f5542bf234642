"""Markdown from untrusted records: shown to the letter, with no markup and nothing hidden."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markdown_it import MarkdownIt
from markdown_it.token import Token

from aswiki.errors import Unusable
from aswiki.render.escaping import code, inline, visible
from aswiki.render.markdown import Names, Template, markdown

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
NAMES = Names(
    "zh",
    ZoneInfo("Asia/Shanghai"),
    people={"zhangwei": "张维"},
    departments={"db-team": "数据库研发组"},
    contacts={"acme": {"qinfeng": "秦枫"}},
)
SIGNS = st.text(st.sampled_from("ab1 中\n\t\\`*_[](){}<>|~$#+-=.!&;:\"'\u202e\x1b\u200bltamp/"))


def laid_out(text: str, *, trusted: bool = True, **values: object) -> str:
    return markdown(Template("t.md.j2", text, trusted), values, NAMES)


def words(tokens: list[Token]) -> list[str]:
    """The text of every inline token, which holds nothing but text."""
    found = []
    for token in tokens:
        if token.type == "inline":
            assert {child.type for child in token.children or []} <= {"text"}
            found.append("".join(child.content for child in token.children or []))
    return found


def as_read(text: str) -> str:
    lines = text
    for sign in "\n\t":
        lines = " ".join(part.strip(" ") for part in lines.split(sign))
    return visible(lines.strip())


@given(SIGNS)
def test_escaped_text_reads_as_itself_in_a_list_a_heading_and_a_cell(text: str) -> None:
    shown = inline(text)
    assert "\n" not in shown
    table = f"| a | b |\n|---|---|\n| x | {shown} |\n"
    for lead, tokens in (("-", 7), ("###", 3), (">", 5)):
        found = READER.parse(f"{lead} {shown}\n")
        assert len(found) == tokens or not shown
        assert "".join(words(found)).split() == as_read(text).split()
    cells = words(READER.parse(table))
    assert len(cells) == 4
    assert cells[3].split() == as_read(text).split()


@given(SIGNS)
def test_a_reference_is_one_code_span_to_the_letter(text: str) -> None:
    span = code(text)
    tokens = READER.parseInline(span)[0].children or []
    assert [token.type for token in tokens] == (["code_inline"] if span else [])
    if span and "|" not in text:
        assert tokens[0].content.split() == as_read(text).split()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a_b and _c_", "a_b and \\_c\\_"),
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("a|b\nc", "a\\|b c"),
        ("# 标题", "\\# 标题"),
        ("C ##", "C \\##"),
        ("1. 第一", "1\\. 第一"),
        ("-5 度", "-5 度"),
        ("- 5 度", "\\- 5 度"),
        ("&lt; &copy; R&D", "&amp;lt; &amp;copy; R&D"),
        ("好\u202e坏\x1b[2J", "好\\u202e坏\\u001b\\[2J"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_what_is_escaped(text: str, shown: str) -> None:
    assert inline(text) == shown


def test_values_of_a_template_are_escaped_unless_a_filter_made_them_markdown() -> None:
    assert laid_out("*{{ a }}* {{ a | code }}", a="<b> `x`") == "*&lt;b> \\`x\\`* `` <b> `x` ``\n"
    assert laid_out("{{ a | listed('、') }}", a=["*", "", None, "b"]) == "\\*、b\n"
    assert laid_out("{% macro m(x) %}**{{ x }}**{% endmacro %}{{ m(a) }}", a="*") == "**\\***\n"


def test_numbers_times_and_names_are_shown_as_people_read_them() -> None:
    assert laid_out("{{ a | amount }}", a=Decimal("1234567.50")) == "1,234,567.50\n"
    assert laid_out("{{ a | change(b) }} {{ b | change(a) }}", a=3, b=1204) == "−1,201 +1,201\n"
    moment = datetime(2026, 10, 3, 16, 30, tzinfo=UTC)
    assert laid_out("{{ a | when }} {{ b | when }}", a=moment, b=date(2026, 10, 3)) == (
        "2026-10-04 00:30 2026-10-03\n"
    )
    assert laid_out("{{ b | when('%m-%d %H:%M') }}", b=date(2026, 10, 3)) == "10-03\n"
    assert laid_out("{{ 'P1' | label('severity') }}{{ 'rain' | label('weather') }}") == "P1雨\n"
    persons = "{% for x in a %}{{ x | person('acme') }} {% endfor %}{{ 'db-team' | department }}"
    assert laid_out(persons, a=["zhangwei", "qinfeng", "谁"]) == "张维 秦枫 谁 数据库研发组\n"


def test_prose_is_cut_after_its_first_paragraph() -> None:
    assert laid_out("{{ a | excerpt }}", a="一\n二\n\n三") == "一 二\n"
    assert laid_out("{{ a | excerpt(5) }}", a="一二三四五六") == "一二三四…\n"


def test_a_value_that_is_not_there_is_an_error_not_an_empty_place() -> None:
    with pytest.raises(UndefinedError):
        laid_out("{{ missing }}")


@pytest.mark.parametrize(
    "text",
    [
        "{{ missing }}",
        "{% if %}",
        "{{ ''.__class__.__mro__ }}",
        "{{ a.append(1) }}",
        "{{ 1 / 0 }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    ],
)
def test_a_template_of_the_wiki_that_cannot_be_used_is_named(text: str) -> None:
    with pytest.raises(Unusable, match=r"t\.md\.j2"):
        laid_out(text, trusted=False, a=[])


def test_blank_lines_and_trailing_blanks_are_tidied() -> None:
    assert laid_out("a  \n\n\n\nb\n\n\n") == "a\n\nb\n"

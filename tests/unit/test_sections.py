"""The sections of a body: what is a heading, what a hint, and a change touches nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aswiki.errors import BadInput
from aswiki.store.sections import Section, add, normal, put, split, value

IMPACT = ("Customer impact", "客户影响")
BODY = """
写在前面的话 free prose

## 客户影响

<!-- 客户的业务受了什么影响 -->

上传失败约四成。

- 订单
- 账单

## Root cause ##
磁盘满

## 复盘

"""


line = st.builds(
    "{}{}".format,
    st.sampled_from(
        ["", "## ", "## A", "### ", "```", "~~~", "<!-- ", "-->", "  ```", "  <!--", "- "]
    ),
    st.sampled_from(["", " ", "文", "x -->", "\r", "A", "B:"]),
)
prose = st.lists(line, max_size=6).map("\n".join)


def by_heading(body: str, heading: str) -> Section:
    return next(section for section in split(body) if section.heading == heading)


def headings(body: str) -> list[str | None]:
    return [section.heading for section in split(body)[1:]]


def test_split_gives_each_section_with_its_line_text_and_offsets() -> None:
    free, impact, cause, review = split(BODY)
    assert (free.heading, free.line, free.text) == (None, 1, "写在前面的话 free prose")
    assert (impact.heading, impact.line) == ("客户影响", 4)
    assert impact.text.startswith("<!-- 客户")
    assert impact.text.endswith("- 订单\n- 账单")
    assert (cause.heading, cause.line, cause.text) == ("Root cause ##", 13, "磁盘满")
    assert (review.text, review.end) == ("", len(BODY))
    assert BODY[cause.start : cause.end] == "磁盘满\n\n"


def test_the_text_before_the_first_heading_is_always_there_even_when_empty() -> None:
    assert split("") == [Section(None, 1, "", 0, 0)]
    assert split("## A")[0] == Section(None, 1, "", 0, 0)
    assert split("## A")[1] == Section("A", 1, "", 4, 4)


def test_the_offsets_cover_the_body_without_gap() -> None:
    rebuilt = "".join(BODY[section.start : section.end] for section in split(BODY))
    lines = [line for line in BODY.splitlines(keepends=True) if not line.startswith("## ")]
    assert rebuilt == "".join(lines)


@pytest.mark.parametrize(
    "block",
    [
        "```\n## no\n```",
        "```sh title=`\n## yes\n",
        "~~~ a`b\n## no\n```\n## no\n~~~",
        "````\n```\n## no\n````",
        "```\n## no\n    ```\n## no\n  ```",
        "<!-- hint\n## no\n-->",
        "   <!-- one line -->\n## yes\n",
        "text with <!-- inside\n## yes\n",
        "`<!--`\n## yes\n",
        " ## no\n##no\n### no\n# no",
        "- item\n  ```\n  ## no\n## yes\n",
        "- item\n  <!-- never closed\n## yes\n",
        "- item\n\n    ~~~\n\n  still inside\n## yes\n",
        "```\n```\n## yes\n",
        "<!-->\n## yes\n",
    ],
)
def test_a_heading_counts_only_outside_fences_and_comments(block: str) -> None:
    expected = ["A", *(["yes"] if "## yes" in block else []), "B"]
    assert headings(f"## A\n{block}\n## B\n") == expected


def test_a_fence_that_is_never_closed_runs_to_the_end() -> None:
    assert headings("## A\n```\n## B\n") == ["A"]


def test_a_body_with_crlf_is_read_with_lf() -> None:
    section = by_heading("## A \r\n\r\n一\r\n二\r\n\r\n## B\r\n", "A")
    assert section.text == "一\n二"
    assert headings("```\r\n## x\r\n```\r\n## B\r\n") == ["B"]


@pytest.mark.parametrize(
    "heading",
    [
        "Customer Impact",
        " customer impact： ",
        "CUSTOMER IMPACT:",
        "customer impact ##",
        "Customer impact ：#",
    ],
)
def test_headings_are_compared_without_case_spaces_and_closing_marks(heading: str) -> None:
    assert normal(heading) == "customer impact"


def test_headings_are_compared_as_nfc() -> None:
    assert normal("Re\u0301sume\u0301") == normal("RÉSUMÉ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!-- hint -->\n\n正文", "正文"),
        ("<!-- a -->\n  <!-- b\nc -->  \n\n  正文\n尾", "  正文\n尾"),
        ("<!-- hint -->", None),
        ("<!-->\nx", "x"),
        ("", None),
        ("<!-- hint --> same line", "<!-- hint --> same line"),
        ("正文\n<!-- later -->", "正文\n<!-- later -->"),
        ("<!-- never closed\nx", "<!-- never closed\nx"),
    ],
)
def test_the_value_of_a_section_leaves_the_hints_at_its_start_out(
    text: str, expected: str | None
) -> None:
    assert value(by_heading(f"## A\n\n{text}\n\n", "A")) == expected


def test_put_replaces_the_whole_content_and_the_hint_and_keeps_every_other_byte() -> None:
    changed = put(BODY, IMPACT, "客户影响", "\n全部恢复。\r\n无损失。\n")
    before, after = BODY.split(
        "<!-- 客户的业务受了什么影响 -->\n\n上传失败约四成。\n\n- 订单\n- 账单"
    )
    assert changed == f"{before}全部恢复。\n无损失。{after}"


def test_put_finds_the_section_under_either_of_its_names() -> None:
    body = "## customer IMPACT：\nold\n"
    assert put(body, IMPACT, "客户影响", "new") == "## customer IMPACT：\nnew\n"


def test_put_of_the_value_that_is_there_changes_nothing() -> None:
    body = "## A\n  indented  \n\n\n## B\n\nx\n\n\n"
    for name in "AB":
        section = by_heading(body, name)
        assert put(body, [name], name, value(section)) == body


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("## A\n\n## B\n", "## A\n\nx\n\n## B\n"),
        ("## A\n## B\n", "## A\n\nx\n\n## B\n"),
        ("## A\n\n\n\n## B\n", "## A\n\nx\n\n## B\n"),
        ("## A\n\n<!-- hint -->\n\n## B\n", "## A\n\nx\n\n## B\n"),
        ("## A", "## A\n\nx\n"),
        ("## A\n", "## A\n\nx\n"),
        ("## A\nold", "## A\nx\n"),
    ],
)
def test_put_fills_an_empty_section_between_blank_lines(body: str, expected: str) -> None:
    assert put(body, ["A"], "A", "x") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", "## 客户影响\n\nx\n"),
        ("\n", "\n## 客户影响\n\nx\n"),
        ("text", "text\n\n## 客户影响\n\nx\n"),
        ("text\n", "text\n\n## 客户影响\n\nx\n"),
        ("text\n\n\n", "text\n\n## 客户影响\n\nx\n"),
        ("## B\n", "## B\n\n## 客户影响\n\nx\n"),
    ],
)
def test_put_adds_a_missing_section_behind_one_blank_line(body: str, expected: str) -> None:
    assert put(body, IMPACT, "客户影响", "x") == expected


def test_none_empties_a_section_and_keeps_its_heading() -> None:
    assert put("## A\n\nold\n\n## B\n", ["A"], "A", None) == "## A\n\n## B\n"
    assert put("## A\n\nold\n", ["A"], "A", " \n") == "## A\n"


def test_emptying_what_is_empty_or_missing_changes_nothing() -> None:
    hinted = "## A\n\n<!-- hint -->\n\n\n## B\n"
    assert put(hinted, ["A"], "A", None) == hinted
    assert put(hinted, ["C"], "C", None) == hinted


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("fine\n\n## 新的一节", 3),
        ("a\n```\ncode", 2),
        ("a\n\n<!-- never closed", 3),
        ("```\n## fine\n```\n\n~~~", 5),
    ],
)
def test_a_text_that_would_open_a_section_or_leave_a_block_open_is_refused(
    text: str, line: int
) -> None:
    for change in (put, add):
        with pytest.raises(BadInput) as refused:
            change("## A\n\nold\n", ["A"], "A", text)
        assert refused.value.code == "heading-in-text"
        assert f"Line {line} " in refused.value.message


@pytest.mark.parametrize(
    "text", ["### deeper", "```\n## code\n```", "- a\n  ```\n  b", "<!-- ## -->x"]
)
def test_a_text_with_deeper_headings_and_closed_blocks_is_taken_to_the_letter(text: str) -> None:
    changed = put("## A\n\n## B\n\nkept\n", ["A"], "A", text)
    assert by_heading(changed, "A").text == text
    assert by_heading(changed, "B").text == "kept"


def test_nothing_is_written_into_a_body_whose_fence_hides_its_later_sections() -> None:
    body = "## A\n```python\nx\n## B\nimportant\n"
    for name in ("A", "B"):
        with pytest.raises(BadInput, match="```python") as refused:
            put(body, [name], name, "new")
        assert refused.value.code == "left-open"


def test_add_puts_a_paragraph_at_the_sections_end() -> None:
    body = "## A\n\n<!-- hint -->\nold\n\n\n## B\n"
    assert add(body, ["A"], "A", "\nnew\n") == "## A\n\n<!-- hint -->\nold\n\nnew\n\n\n## B\n"
    assert add("## A\nold", ["A"], "A", "new") == "## A\nold\n\nnew\n"
    assert add(body, ["A"], "A", " ") == body


def test_add_to_an_empty_or_missing_section_is_a_put() -> None:
    assert add("## A\n\n<!-- hint -->\n", ["A"], "A", "new") == "## A\n\nnew\n"
    assert add("", ["A"], "A", "new") == "## A\n\nnew\n"


@pytest.mark.usefixtures("no_hang")
@pytest.mark.parametrize("part", ["<!---->\n", "# : ", "`", "\n", "<!--", "## ", "~~~\n"])
def test_huge_bodies_are_split_in_linear_time(part: str) -> None:
    body = f"## A\n{part * (200_000 // len(part))}\n"
    for section in split(body):
        value(section)
        normal(section.text)


@given(prose, prose, st.sampled_from(["A", "B", "C"]))
def test_any_text_put_is_there_and_every_other_section_stays(
    body: str, text: str, heading: str
) -> None:
    before = split(body)
    try:
        after = put(body, [heading], heading, text)
    except BadInput:
        return
    place = next(
        (
            n
            for n, known in enumerate(before)
            if n and normal(known.heading or "") == heading.lower()
        ),
        len(before),
    )
    others = [(known.heading, known.text) for n, known in enumerate(before) if n != place]
    now = split(after)
    assert [(known.heading, known.text) for n, known in enumerate(now) if n != place] == others
    if text.strip():
        assert now[place].text == split(text.replace("\r\n", "\n").replace("\r", "\n"))[0].text
        assert put(after, [heading], heading, text) == after
    elif place < len(before):
        assert value(now[place]) is None


@given(prose, prose)
def test_any_paragraph_added_stands_behind_what_was_there(body: str, paragraph: str) -> None:
    try:
        after = add(body, ["A"], "A", paragraph)
    except BadInput:
        return
    assert len(after) >= len(body.rstrip()) or "<!--" in body
    assert [s.heading for s in split(after)][: len(split(body))] == [s.heading for s in split(body)]

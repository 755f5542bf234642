"""What YAML 1.2 front matter means, where its mistakes are, and how it is written."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from aswiki.errors import BadInput, Defect
from aswiki.store.yaml12 import Inline, Mistake, PlainInt, dump, flow, load, locate, scalar


def value_of(text: str) -> Any:
    loaded = load(f"key: {text}\n")
    assert loaded.mistakes == []
    return loaded.data["key"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("NULL", None),
        ("nULL", "nULL"),
        ("true", True),
        ("FALSE", False),
        ("no", "no"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2026-10-03", "2026-10-03"),
        ("2026-10-03T14:05+08:00", "2026-10-03T14:05+08:00"),
        ("1_000", "1_000"),
        ("42", 42),
        ("-7", -7),
        ("1.2.3", "1.2.3"),
        ("'42'", "42"),
        ('"true"', "true"),
        ("<<", "<<"),
        ("存储超时", "存储超时"),
    ],
)
def test_a_plain_scalar_means_what_yaml_1_2_says(text: str, value: object) -> None:
    read = value_of(text)
    assert (type(read), read) == (type(value), value)


@pytest.mark.parametrize("text", ["1.50", "0.1", "-0.0", "1e3", "1.5E-7", ".5", "1.", "1e-999"])
def test_a_fraction_is_a_decimal_made_from_its_very_text(text: str) -> None:
    read = value_of(text)
    assert isinstance(read, Decimal)
    assert str(read) == str(Decimal(text))


def test_infinity_and_not_a_number_come_back_so_that_the_model_can_refuse_them() -> None:
    assert value_of(".inf") == Decimal("Infinity")
    assert value_of("-.INF") == Decimal("-Infinity")
    assert value_of("+.Inf") == Decimal("Infinity")
    assert value_of(".nan").is_nan()
    for text in (".inf", "-.inf", ".nan"):
        assert scalar(value_of(text)) == text


@pytest.mark.parametrize(
    ("text", "number"),
    [("079112345678", 79112345678), ("+5", 5), ("0x1F", 31), ("0o17", 15), ("-0", 0)],
)
def test_a_whole_number_with_more_in_its_text_than_its_value_keeps_its_text(
    text: str, number: int
) -> None:
    read = value_of(text)
    assert isinstance(read, PlainInt)
    assert (read, read.text, scalar(read)) == (number, text, text)
    for copied in (copy.deepcopy(read), pickle.loads(pickle.dumps(read))):
        assert (copied, copied.text) == (number, text)


def test_a_number_too_long_for_any_quantity_is_read_as_text() -> None:
    assert value_of("9" * 5000) == "9" * 5000
    assert value_of("1e9999999") == "1e9999999"


def test_empty_front_matter_is_an_empty_mapping() -> None:
    for text in ("", "\n\n", "# only a comment\n", "---\n"):
        loaded = load(text)
        assert (loaded.data, loaded.mistakes) == ({}, [])


def test_of_two_equal_keys_the_first_counts_and_the_second_is_the_mistake() -> None:
    loaded = load("title: 甲\nimpact:\n  business: a\n  business: b\ntitle: {x: [1]}\nowner: z\n")
    assert loaded.data == {"title": "甲", "impact": {"business": "a"}, "owner": "z"}
    assert [(m.code, m.line, m.column) for m in loaded.mistakes] == [
        ("ASW113", 4, 3),
        ("ASW113", 5, 1),
    ]
    assert "business" in loaded.mistakes[0].message
    assert not loaded.stopped


@pytest.mark.parametrize("key", ["1", "1.5", "true", "null", "~", "0791", "2e5"])
def test_a_key_that_is_no_text_is_a_mistake_and_left_out(key: str) -> None:
    loaded = load(f"title: a\n{key}: [b, {{c: d}}]\nowner: z\n")
    assert loaded.data == {"title": "a", "owner": "z"}
    assert [(m.code, m.line, m.column) for m in loaded.mistakes] == [("ASW112", 2, 1)]


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("title: a: b\n", "ASW111", 1, 9),
        ("a: 1\nb: @x\n", "ASW111", 2, 4),
        ("标题: 甲\n说明: '未完\n更多\n", "ASW111", 2, 5),
        ("a: [1, 2\nb: 1\n", "ASW111", 2, 2),
        ("a:\n\tb: 1\n", "ASW111", 2, 1),
        ("中: \x01\n", "ASW111", 1, 4),
        ("a: 1\nb: \ud800\n", "ASW111", 2, 4),
        ("- a\n- b\n", "ASW111", 1, 1),
        ("just words\n", "ASW111", 1, 1),
        ("null\n", "ASW111", 1, 1),
        ("a: &x 1\n", "ASW112", 1, 4),
        ("a: 1\nb: *x\n", "ASW112", 2, 4),
        ("a: !!str 1\n", "ASW112", 1, 4),
        ("a: ! 1\n", "ASW112", 1, 4),
        ("a: !x [1]\n", "ASW112", 1, 4),
        ("? [a, b]\n: c\n", "ASW112", 1, 3),
        ("a: 1\n---\nb: 2\n", "ASW112", 2, 1),
        ("a: 1\n...\n---\nb: 2\n", "ASW112", 3, 1),
    ],
)
def test_a_mistake_that_stops_the_reading_says_where(
    text: str, code: str, line: int, column: int
) -> None:
    loaded = load(text)
    assert [(m.code, m.line, m.column) for m in loaded.mistakes] == [(code, line, column)]
    assert loaded.mistakes[0].message.endswith(".")
    assert (loaded.data, loaded.stopped) == ({}, True)


def test_a_common_slip_comes_with_the_next_step() -> None:
    for text in ("a: b: c", "a: @x", "a: 'x", "a: [1\nb: 1", "a: {b: 1\nc: 1", 'a: "\\q"'):
        assert load(text).mistakes[0].hint


def test_only_a_line_feed_counts_as_a_line() -> None:
    assert load('a: "x\x85y\u2028z"\nb: \'q\n').mistakes == [
        Mistake("ASW111", 2, 4, *_words("b: 'q\n"))
    ]


def _words(text: str) -> tuple[str, str]:
    mistake = load(text).mistakes[0]
    return mistake.message, mistake.hint


HEADER = """\
title: 上传超时
impact:
  business: 无法上传
  users: 35
evidence:
  - kind: im
    file: a.png
  - {kind: 截图, file: b.png}
owner:
"""


@pytest.mark.parametrize(
    ("loc", "at_key", "place"),
    [
        (("title",), False, (1, 8)),
        (("title",), True, (1, 1)),
        (("impact", "users"), False, (4, 10)),
        (("impact", "users"), True, (4, 3)),
        (("evidence", 0, "file"), False, (7, 11)),
        (("evidence", 1, "kind"), False, (8, 12)),
        (("evidence", 1), False, (8, 5)),
        (("owner",), False, (9, 7)),
        (("impact", "missing"), False, (2, 1)),
        (("evidence", 1, "sha256"), False, (8, 5)),
        (("evidence", 7, "kind"), False, (5, 1)),
        (("title", "deeper"), True, (1, 1)),
        (("missing",), False, (1, 1)),
        ((), False, (1, 1)),
    ],
)
def test_a_place_is_found_or_the_nearest_that_is_there(
    loc: tuple[str | int, ...], at_key: bool, place: tuple[int, int]
) -> None:
    assert locate(HEADER, loc, at_key) == place


def test_places_are_found_in_what_is_not_whole() -> None:
    assert locate("", ("a",), at_key=False) == (1, 1)
    assert locate("a: 1\nb: 'x\n", ("a",), at_key=False) == (1, 4)
    assert locate("a: " + "[" * 30000, ("a", 0, 0), at_key=False) == (1, 6)
    assert locate("a: \ud800", ("a",), at_key=False) == (1, 1)


def test_a_new_header_is_written_as_an_engineer_would() -> None:
    data = {
        "type": "event",
        "title": "OSS 上传超时: 高峰期",
        "started_at": datetime(2026, 10, 3, 14, 5, tzinfo=timezone(timedelta(hours=8))),
        "reviewed_on": date(2026, 10, 12),
        "version": "1.2.3",
        "loss": Decimal("120000.50"),
        "big": Decimal("1.2E+5"),
        "phone": "079112345678",
        "answer": "no",
        "clock": "12:30",
        "said": 'he said "hi"',
        "sensitive": False,
        "owner": None,
        "tags": ["存储", "1_000"],
        "none": [],
        "source": {"channel": "im_group", "verbatim": "第一行\n第二行\n"},
        "evidence": [
            {"kind": "im", "file": "files/a.png"},
            {"kind": "ticket", "url": "https://example.com/t/1"},
        ],
        "contacts": [{"id": "w", "name": "王芳", "note": "x" * 70, "tags": ["a"]}],
        "lines": [Inline(product="oss", costs=[Decimal("1.50"), None], note="y" * 80)],
    }
    assert dump(data) == (
        "type: event\n"
        'title: "OSS 上传超时: 高峰期"\n'
        "started_at: 2026-10-03T14:05:00+08:00\n"
        "reviewed_on: 2026-10-12\n"
        "version: 1.2.3\n"
        "loss: 120000.50\n"
        "big: 120000\n"
        'phone: "079112345678"\n'
        'answer: "no"\n'
        'clock: "12:30"\n'
        'said: he said "hi"\n'
        "sensitive: false\n"
        "owner: null\n"
        "tags:\n"
        "  - 存储\n"
        '  - "1_000"\n'
        "none: []\n"
        "source:\n"
        "  channel: im_group\n"
        "  verbatim: |\n"
        "    第一行\n"
        "    第二行\n"
        "evidence:\n"
        "  - {kind: im, file: files/a.png}\n"
        "  - {kind: ticket, url: https://example.com/t/1}\n"
        "contacts:\n"
        "  - id: w\n"
        "    name: 王芳\n"
        f"    note: {'x' * 70}\n"
        "    tags:\n"
        "      - a\n"
        "lines:\n"
        f"  - {{product: oss, costs: [1.50, null], note: {'y' * 80}}}\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        *("no", "Yes", "off", "y", "N", "true", "null", "~", "", "123", "0791", "1.5", "1e3"),
        *("12:30", "08:30", "190:20:30", "1_000", "0b11", "0x1F", "0o7", ".inf", ".nan", "<<", "="),
        *("a: b", "a #b", "#a", "-", "- a", "--- a", "...", "a:", " a", "a ", "@a", "`a", "%a"),
        *(
            "[a",
            "{a",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "'a",
            '"a',
            "?",
            ",a",
            "\ta",
            "a\x85b",
            "a\u2028",
        ),
    ],
)
def test_a_text_some_reader_would_take_for_something_else_is_quoted(text: str) -> None:
    written = scalar(text)
    assert written[0] == written[-1]
    assert written[0] in {"'", '"'}
    assert value_of(written) == text
    assert yaml.safe_load(f"key: {written}\n") == {"key": text}


@pytest.mark.parametrize(
    "text",
    [
        *("2026-10-03", "2026-10-03T14:05+08:00", "2026-10-03 14:05", "1.2.3", "10.0.0.1", "P1"),
        *(
            "https://example.com/a?b=c",
            "a, b",
            "第一:第二",
            "it's",
            "OSS（华东）",
            "a#b",
            "-5度",
            "🚀",
        ),
    ],
)
def test_a_text_no_reader_would_take_for_something_else_stays_plain(text: str) -> None:
    assert scalar(text) == text
    assert value_of(text) == text


def test_within_brackets_more_is_quoted() -> None:
    assert flow({"a": ["x, y", "b]", "http://x"], "k": None}) == (
        '{a: ["x, y", "b]", http://x], k: null}'
    )


def test_what_yaml_cannot_hold_is_refused() -> None:
    with pytest.raises(BadInput, match="U\\+D800"):
        scalar("a\ud800")
    with pytest.raises(BadInput, match="digits"):
        scalar(Decimal("1e999999"))
    with pytest.raises(BadInput, match="characters"):
        dump({"k" * 2000: 1})
    with pytest.raises(Defect, match="float"):
        scalar(1.5)


ODD_CHARACTERS = (
    "ab中文：，🚀é~#:-?[]{},&*!|>'\"%@`\\ \t\n\r\x00\x07\x7f\x85\xa0"
    "\ufeff\u2028\u2029\ufffe\u202e\U000e0001"
)
ODD_PARTS = ("---", "...", ": ", " #", "\n\n", "12:30", "0", ".", "_", "e", "<<", "=", "no")
AWKWARD = st.sampled_from([*ODD_CHARACTERS, *ODD_PARTS])
TEXTS = st.lists(AWKWARD, max_size=12).map("".join) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=20
)
NUMBERS = st.integers(-(10**20), 10**20) | st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9
)
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
@example({"a": ["x\ny\n", "\n", " \nx", "x\n \ny", "x\n\n", "x\n\ty", "x \ny"]})
@example({"a:?": "http://x/?a=b"})
@example({"a": [[["x\ny"], {"b": "p\nq\n"}]], "---": "---", "...": "..."})
def test_what_is_dumped_is_read_again(data: dict[str, Any]) -> None:
    written = dump(data)
    loaded = load(written)
    assert loaded.mistakes == []
    assert loaded.data == data
    assert list(loaded.data) == list(data)
    assert "\n---" not in written
    assert load(flow(data)).data == data


@given(TEXTS)
def test_a_reader_of_yaml_1_1_sees_the_same_text_or_a_time(text: str) -> None:
    read = yaml.safe_load(dump({"key": text}).replace("2026", "x"))
    if isinstance(read["key"], str):
        assert read["key"] == text.replace("2026", "x")


@given(st.dates() | st.datetimes(timezones=st.just(UTC)))
def test_times_are_written_plain_and_read_as_their_iso_text(when: date) -> None:
    assert dump({"at": when}) == f"at: {when.isoformat()}\n"
    assert value_of(scalar(when)) == when.isoformat()


@given(st.text(max_size=60) | st.lists(AWKWARD, max_size=30).map("".join))
def test_no_text_at_all_makes_reading_fail(text: str) -> None:
    loaded = load(text)
    lines = text.count("\n") + 1
    assert all(1 <= mistake.line <= lines and mistake.column >= 1 for mistake in loaded.mistakes)
    assert loaded.mistakes or isinstance(loaded.data, dict)
    locate(text, ("a", 0), at_key=False)

"""The log's grammar: what people type is read right, and one entry more changes no other line."""

from __future__ import annotations

import difflib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from aswiki.domain.log import Entry, Log, Loose, insert, parse, render, safe, same
from aswiki.errors import BadInput, Defect

SHANGHAI = ZoneInfo("Asia/Shanghai")
EIGHT = timezone(timedelta(hours=8))
LABELS = {
    "note": "备注",
    "action": "处置",
    "demand": "要求",
    "deflection": "推诿",
    "decision": "决定",
    "escalation": "升级",
    "customer": "客户",
    "update": "进展",
}
KINDS = {key: key for key in LABELS} | {label: key for key, label in LABELS.items()}
SPEC = """
- 2026-10-03 14:05 +08:00 · zhangwei · demand → db-team (L2): 要求 30 分钟内恢复主库
- 2026-10-03 14:20 +08:00 · zhangwei · deflection db-team → net-team: 说是网络问题
- 2026-10-12 09:30 +08:00 · zhangwei · customer: 客户微信告知
  > 问题解决了，是XXX的策略问题，跟你们没关系

"""
BY_HAND = """
<!-- 一条一行，最早的在前 -->
- 2026-10-03 14:05 | zhangwei | 要求 -> "数据库·值班: 一线"（L2）：30 分钟内恢复主库
  理由：
  - 主库由他们管
  - 只有他们有权限

  # 不是标题
- 2026-10-03 14:20+0800 ・ "Zhang \\"V\\" Wei" ・ deflection db-team->net-team: 说是网络问题
- 2026-10-03 06:40:09Z | zhangwei | Customer：客户微信告知
\t> 问题解决了，
  >是XXX的策略问题
  跟你们没关系

## 根因
"""


def read(text: str, kinds: dict[str, str] = KINDS) -> Log:
    return parse(text, SHANGHAI, kinds)


def one(line: str) -> Entry:
    log = read(line)
    assert log.mistakes == []
    (entry,) = log.entries
    return entry


def at(hour: int, minute: int, second: int = 0, *, day: int = 3) -> datetime:
    return datetime(2026, 10, day, hour, minute, second, tzinfo=EIGHT)


def note(hour: int, minute: int, text: str = "新的一条") -> Entry:
    return Entry(at=at(hour, minute), by="lina", kind="note", text=text)


def added_lines(before: str, after: str) -> list[str]:
    changes = list(difflib.ndiff(before.split("\n"), after.split("\n")))
    assert not [line for line in changes if line.startswith("- ")]
    return [line[2:] for line in changes if line.startswith("+ ")]


def test_the_examples_of_the_schema_are_read() -> None:
    log = read(SPEC)
    assert log.mistakes == []
    assert log.loose == []
    demand, deflection, customer = log.entries
    assert demand == Entry(
        at=at(14, 5),
        by="zhangwei",
        kind="demand",
        to="db-team",
        level="L2",
        text="要求 30 分钟内恢复主库",
    )
    assert (deflection.from_, deflection.to, deflection.text) == (
        "db-team",
        "net-team",
        "说是网络问题",
    )
    assert customer.text == "客户微信告知"
    assert customer.quote == "问题解决了，是XXX的策略问题，跟你们没关系"
    assert [entry.span for entry in log.entries] == [(2, 2), (3, 3), (4, 5)]


def test_the_examples_of_the_schema_are_written_as_they_stand() -> None:
    assert [line for entry in read(SPEC).entries for line in render(entry).split("\n")] == (
        SPEC.strip().split("\n")
    )


def test_a_log_typed_by_hand_is_read_right_and_one_append_adds_one_line() -> None:
    text = BY_HAND.partition("## ")[0]
    log = read(text)
    assert log.mistakes == []
    demand, deflection, customer = log.entries
    assert (demand.at, demand.by, demand.kind) == (at(14, 5), "zhangwei", "demand")
    assert (demand.from_, demand.to, demand.level) == (None, "数据库·值班: 一线", "L2")
    assert demand.text == (
        "30 分钟内恢复主库\n理由：\n- 主库由他们管\n- 只有他们有权限\n\n# 不是标题"
    )
    assert (deflection.by, deflection.from_, deflection.to) == (
        'Zhang "V" Wei',
        "db-team",
        "net-team",
    )
    assert (customer.at, customer.seconds) == (at(14, 40, 9), True)
    assert customer.quote == "问题解决了，\n是XXX的策略问题\n跟你们没关系"
    assert [entry.span for entry in log.entries] == [(3, 8), (9, 9), (10, 13)]
    for hour, minute in [(13, 0), (14, 5), (14, 30), (23, 59)]:
        after = insert(text, note(hour, minute), SHANGHAI, KINDS)
        assert added_lines(text, after) == [render(note(hour, minute))]
        assert len(read(after).entries) == 4


@pytest.mark.parametrize("separator", [" · ", " ・ ", " | ", "  |\t", "\u3000·\u3000", " ·\xa0"])
def test_names_and_kind_stand_between_any_of_three_separators(separator: str) -> None:
    line = separator.join(["- 2026-10-03 14:05", "zhang wei", "note: 一"])
    assert one(line) == Entry(at=at(14, 5), by="zhang wei", kind="note", text="一")


@pytest.mark.parametrize("colon", [":", "：", " : ", ":\t", " ： "])
@pytest.mark.parametrize("level", [" (L2)", "（L2）", "(l2)", " （ l2 ）", " ( L2 ) "])
@pytest.mark.parametrize("arrow", [" → ", "→", "->", " -> ", "\t-> "])
def test_arrows_levels_and_colons_are_read_in_every_form(
    arrow: str, level: str, colon: str
) -> None:
    entry = one(f"- 2026-10-03 14:05 · li · 推诿 db-team{arrow}net-team{level}{colon}一")
    assert (entry.from_, entry.to, entry.level, entry.text) == ("db-team", "net-team", "L2", "一")


@pytest.mark.parametrize(
    ("written", "moment", "seconds"),
    [
        ("2026-10-03 14:05", at(14, 5), False),
        ("2026-10-03 14:05:00", at(14, 5), True),
        ("2026-10-03 14:05:09 +08:00", at(14, 5, 9), True),
        ("2026-10-03 14:05 +0800", at(14, 5), False),
        ("2026-10-03 14:05+08", at(14, 5), False),
        ("2026-10-03T06:05Z", at(14, 5), False),
        ("2026-10-03 06:05 z", at(14, 5), False),
        ("2026-10-03 00:35 -05:30", at(14, 5), False),
        ("2026-10-3  14：05", at(14, 5), False),
    ],
)
def test_times_are_read_with_and_without_offset_and_seconds(
    written: str, moment: datetime, seconds: bool
) -> None:
    entry = one(f"- {written} · li · note: 一")
    assert (entry.at, entry.seconds) == (moment, seconds)


def test_a_time_keeps_the_offset_it_was_given_and_gets_the_zones_without_one() -> None:
    assert render(one("- 2026-10-03 00:35 -0530 | li | note: x")).startswith(
        "- 2026-10-03 00:35 -05:30 · li · note"
    )
    assert render(one("- 2026-10-03 14:05 | li | note: x")).startswith("- 2026-10-03 14:05 +08:00")
    winter = parse("- 2026-01-03 14:05 | li | note: x", ZoneInfo("Europe/Berlin"), KINDS)
    assert winter.entries[0].at.utcoffset() == timedelta(hours=1)


@pytest.mark.parametrize(("key", "label"), LABELS.items())
def test_a_kind_is_read_by_key_or_label_without_case(key: str, label: str) -> None:
    for written in (key, key.upper(), label):
        assert one(f"- 2026-10-03 14:05 · li · {written} a → b: x").kind == key


def test_a_label_of_several_words_wins_over_its_first_word() -> None:
    kinds = {"hand": "hand", "hand over": "handover"}
    entries = read("- 2026-10-03 14:05 · li · Hand  Over ops → db: x", kinds).entries
    assert [(entry.kind, entry.from_, entry.to) for entry in entries] == [("handover", "ops", "db")]


@pytest.mark.parametrize(
    "name",
    [
        "a · b",
        "a: b",
        "甲：乙",
        "a → b",
        "a->b",
        "· a",
        "a |",
        '"a"',
        "db (L2)",
        "张·伟 (一线)",
        "a\\b: c",
        '"',
    ],
)
def test_any_name_comes_back_from_between_its_quotes(name: str) -> None:
    entry = Entry(at=at(14, 5), by=name, kind="deflection", from_=name, to=name, text="x")
    assert one(render(entry)) == entry


def test_names_are_quoted_only_when_needed() -> None:
    entry = replace(
        note(14, 5, "x"), by="张·伟", from_="值班 (一线)", to='the "A" team', level="L3"
    )
    assert render(entry) == (
        '- 2026-10-03 14:05 +08:00 · 张·伟 · note 值班 (一线) → the "A" team (L3): x'
    )


def test_an_indented_line_belongs_to_the_entry_however_it_looks() -> None:
    text = (
        "- 2026-10-03 14:05 · li · note: 一\n\n"
        "  ## 二\n  ```\n  - 2026 not an entry\n\n    三\n  ```\n"
    )
    assert one(text).text == "一\n\n## 二\n```\n- 2026 not an entry\n\n  三\n```"


def test_the_first_line_that_starts_with_a_quote_mark_opens_the_quote_to_the_entrys_end() -> None:
    text = (
        "- 2026-10-03 14:05 · li · customer: 说\n  再说\n\n"
        "  > 一\n  >\n  >  二 \n\n  > > 三\n  四\n"
        "- 2026-10-03 14:06 · li · note: x"
    )
    first, second = read(text).entries
    assert (first.text, first.quote) == ("说\n再说", "一\n\n 二 \n\n> 三\n四")
    assert second.quote is None


def test_a_text_line_that_starts_with_a_quote_mark_is_written_with_a_backslash() -> None:
    entry = note(14, 5, "> 一\n> 二\n  > 三\n\\> 四\n\\五")
    assert render(entry) == (
        "- 2026-10-03 14:05 +08:00 · lina · note: > 一\n  \\> 二\n    \\> 三\n  \\\\> 四\n  \\五"
    )
    assert one(render(entry)) == entry


def test_a_text_that_begins_with_a_list_or_fence_begins_on_its_own_line() -> None:
    entry = note(14, 5, "```\nls\n```")
    assert render(entry).split("\n")[0].endswith("note:")
    assert one(render(entry)) == entry


def test_an_entry_of_only_a_quote_is_written_and_read() -> None:
    entry = replace(note(14, 5, ""), quote="一\n\n二\n")
    assert render(entry) == "- 2026-10-03 14:05 +08:00 · lina · note:\n  > 一\n  >\n  > 二\n  >"
    assert one(render(entry)) == entry


def test_what_the_grammar_cannot_carry_is_made_plain_first() -> None:
    given = replace(
        note(14, 5, "  一 \r\n   \r\n二  \r\n\r\n"), by=" li ", to=" ", level="l2", quote="a\rb\r\n"
    )
    plain = safe(replace(given, at=at(14, 5, 9).replace(microsecond=7)))
    assert (plain.text, plain.by, plain.to, plain.level) == ("一 \n\n二", "li", None, "L2")
    assert (plain.quote, plain.at) == ("a\nb\n", at(14, 5))
    assert safe(note(14, 5, "e\u0301")).text == "é"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"text": "a\nb\x07"}, "control-character"),
        ({"quote": "\x00"}, "control-character"),
        ({"by": "a\x1b[0m"}, "control-character"),
        ({"text": "\udcff"}, "control-character"),
        ({"to": "a\nb"}, "line-break"),
        ({"by": " "}, "no-writer"),
        ({"level": "L6"}, "bad-level"),
    ],
)
def test_what_cannot_be_written_is_refused(change: dict[str, str], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        render(replace(note(14, 5), **change))  # type: ignore[arg-type]
    assert refused.value.code == code


def test_tabs_are_kept() -> None:
    assert one(render(note(14, 5, "a\tb\n\tc"))).text == "a\tb\n\tc"


def test_an_entry_without_zone_is_a_defect_to_write_and_gets_the_zone_on_insert() -> None:
    naive = replace(note(14, 5), at=datetime(2026, 10, 3, 14, 5))  # noqa: DTZ001 - naive is meant
    with pytest.raises(Defect):
        render(naive)
    assert "14:05 +08:00" in insert("", naive, SHANGHAI, KINDS)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("- 恢复了", 3),
        ("- [ ] todo", 3),
        ("- 2026-10-03 · li · note: x", 3),
        ("- 2026-13-03 14:05 · li · note: x", 3),
        ("- 2026-10-03 14:05 +08:75 · li · note: x", 3),
        ("- 2026-10-03 14:05 +25:00 · li · note: x", 3),
        ("- 2026-10-03 14:05 li · note: x", 20),
        ("- 2026-10-03 14:05 · li: note", 24),
        ("- 2026-10-03 14:05 · li", 24),
        ("- 2026-10-03 14:05 · : x", 22),
        ('- 2026-10-03 14:05 · "li · note: x', 22),
        ("- 2026-10-03 14:05 · li · gossip: x", 27),
        ("- 2026-10-03 14:05 · li · : x", 27),
        ("- 2026-10-03 14:05 · li · note x", 33),
        ("- 2026-10-03 14:05 · li · note a · b: x", 34),
        ("- 2026-10-03 14:05 · li · note a → : x", 36),
        ("- 2026-10-03 14:05 · li · note a → b → c: x", 38),
        ('- 2026-10-03 14:05 · li · note "a" b: x', 36),
        ("- 2026-10-03 14:05 · li · note → a (L6): x", 36),
        ("* 2026-10-03 14:05 · li · note: x", 1),
        ("+ 2026-10-03 14:05 · li · note: x", 1),
        ("1. 2026-10-03 14:05 · li · note: x", 1),
        (" - 2026-10-03 14:05 · li · note: x", 2),
        ("  orphan", 3),
        ("\u3000\u3000恢复了", 3),
        ("---", 1),
        ("-", 2),
        ("```\n- 2026-10-03 14:05 · li · note: x\n```", 1),
        ("<!-- never closed\n- 2026-10-03 14:05 · li · note: x", 1),
    ],
)
def test_what_is_no_entry_is_a_mistake_where_it_stops_making_sense(line: str, column: int) -> None:
    log = read(f"- 2026-10-03 14:00 · li · note: x\n<!-- -->\n{line}\n")
    assert [entry.line for entry in log.entries] == [1]
    (mistake,) = log.mistakes
    assert (mistake.code, mistake.line, mistake.column) == ("ASW131", 3, column)
    assert (mistake.level, bool(mistake.message)) == ("error", True)
    assert log.loose[0].text.rstrip("\n") == line


def test_loose_text_is_one_mistake_a_paragraph_and_keeps_its_indented_lines() -> None:
    text = (
        "- 2026-10-03 14:00 · li · note: x\nlazy\nlines\n  more\n\nnext\n"
        "- bad\n\n  its text\n<!-- c -->\n"
    )
    log = read(text)
    assert [(mistake.code, mistake.line) for mistake in log.mistakes] == [
        ("ASW131", 2),
        ("ASW131", 6),
        ("ASW131", 7),
    ]
    assert log.loose == [
        Loose(2, 4, "lazy\nlines\n  more"),
        Loose(6, 6, "next"),
        Loose(7, 9, "- bad\n\n  its text"),
    ]


def test_comments_are_neither_entries_nor_mistakes() -> None:
    hint = "<!-- one\n- two\n\n## three\n-->\n  <!-- four\n  - five -->\n"
    log = read(f"{hint}- 2026-10-03 14:00 · li · note: x\n")
    assert (log.mistakes, log.loose, [entry.line for entry in log.entries]) == ([], [], [8])


def test_an_entry_older_than_the_one_above_is_a_warning() -> None:
    text = "".join(f"- 2026-10-03 {hour}:00 · li · note: x\n" for hour in (10, 12, 11, 11, 13))
    log = read(text)
    assert len(log.entries) == 5
    assert [(m.code, m.level, m.line, m.column) for m in log.mistakes] == [
        ("ASW132", "warning", 3, 3)
    ]


@pytest.mark.parametrize("head", ["推诿", "deflection db-team", "deflection → net-team"])
def test_a_deflection_needs_from_and_to(head: str) -> None:
    log = read(f"- 2026-10-03 14:05 · li · {head}: 说是网络问题")
    assert len(log.entries) == 1
    assert [(m.code, m.level, m.column) for m in log.mistakes] == [("ASW133", "error", 27)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "NEW\n"),
        ("\n", "NEW\n\n"),
        ("\n\n", "\nNEW\n\n"),
        ("<!-- hint -->", "<!-- hint -->\nNEW\n"),
        ("\n<!-- hint\n## two -->\n\n", "\n<!-- hint\n## two -->\nNEW\n\n"),
        ("\n<!-- hint -->\n\n\n", "\n<!-- hint -->\n\nNEW\n\n"),
    ],
)
def test_an_empty_log_gets_its_first_entry_under_the_hint(before: str, after: str) -> None:
    written = insert(before, note(14, 5), SHANGHAI, KINDS)
    assert written == after.replace("NEW", render(note(14, 5)))


def test_an_entry_comes_after_its_equals_and_before_the_first_later_one() -> None:
    old = "".join(f"- 2026-10-03 {hour}:00 · li · note: x\n" for hour in (10, 12, 12, 13)) + "\n"
    for hour, line in [(9, 1), (10, 2), (12, 4), (13, 5)]:
        log = read(insert(old, note(hour, 0), SHANGHAI, KINDS))
        assert [entry.line for entry in log.entries if entry.by == "lina"] == [line]


def test_an_entry_of_several_lines_adds_its_own_lines_only() -> None:
    entry = replace(note(14, 10, "一\n\n> 二"), quote="三")
    assert added_lines(SPEC, insert(SPEC, entry, SHANGHAI, KINDS)) == render(entry).split("\n")


@pytest.mark.parametrize("hour", [9, 11, 13])
def test_what_does_not_parse_is_neither_moved_nor_lost(hour: int) -> None:
    old = (
        "loose\n- 2026-10-03 10:00 · li · note: x\n- 12 点左右恢复\n  也许\n\nlazy\n"
        "- 2026-10-03 12:00 · li · note: y\n* 尾\n  more\n"
    )
    new = insert(old, note(hour, 0), SHANGHAI, KINDS)
    assert added_lines(old, new) == [render(note(hour, 0))]
    before, after = read(old), read(new)
    assert [loose.text for loose in after.loose] == [loose.text for loose in before.loose]
    assert len(after.entries) == 3


def test_an_old_last_line_without_line_break_gets_one() -> None:
    old = "- 2026-10-03 10:00 · li · note: x"
    assert insert(old, note(14, 5), SHANGHAI, KINDS) == f"{old}\n{render(note(14, 5))}\n"


def test_lines_with_crlf_are_read_and_left_as_they_are() -> None:
    old = "- 2026-10-03 10:00 · li · note: x\r\n  > y\r\n"
    assert read(old).entries[0].quote == "y"
    assert insert(old, note(14, 5), SHANGHAI, KINDS) == f"{old}{render(note(14, 5))}\n"


@pytest.mark.parametrize("opening", ["```", "<!--"])
def test_nothing_is_written_into_a_block_that_is_never_closed(opening: str) -> None:
    old = f"- 2026-10-03 10:00 · li · note: x\n{opening} a\n"
    with pytest.raises(BadInput, match=f"{opening} a") as refused:
        insert(old, note(14, 5), SHANGHAI, KINDS)
    assert refused.value.code == "left-open"
    assert added_lines(old, insert(old, note(9, 0), SHANGHAI, KINDS)) == [render(note(9, 0))]


def test_entries_are_the_same_however_they_are_spelled() -> None:
    one_way = one("- 2026-10-03 14:05 +08:00 · Rene\u0301 · demand → db (L2): e\u0301\n  > o\u0301")
    other = one('-  2026-10-03 06:05:00Z | "René" | 要求->"db"（l2）：é\n    >ó')
    assert same(one_way, other)
    assert not same(one_way, replace(other, quote="o"))
    assert not same(one_way, replace(other, at=datetime(2026, 10, 3, 6, 6, tzinfo=UTC)))
    assert not same(replace(other, quote=None), replace(other, quote=""))


def test_the_first_and_the_last_year_of_the_calendar_are_read_and_ordered() -> None:
    text = "- 0001-01-01 00:00 +14:00 · li · note: x\n- 9999-12-31 23:59 -12:00 · li · note: y\n"
    assert read(text).mistakes == []
    assert insert(text, note(14, 5), SHANGHAI, KINDS).split("\n")[1] == render(note(14, 5))
    lmt = parse("- 1900-01-01 00:00 · li · note: x", SHANGHAI, KINDS).entries[0]
    assert one(render(lmt)) == lmt


@pytest.mark.parametrize(
    "part",
    [
        "x",
        " ",
        " ·",
        "· ",
        " | ",
        '"',
        '\\"',
        "(L",
        "（L2）",
        "(L2) ",
        "-",
        "->",
        "→",
        "`",
        ">",
        "\\",
        "1",
        "\u3000",
    ],
)
@pytest.mark.usefixtures("no_hang")
@pytest.mark.parametrize(
    "head",
    [
        "",
        "- ",
        "- 2026-10-03 14:05",
        "- 2026-10-03 14:05 · ",
        '- 2026-10-03 14:05 · "',
        "- 2026-10-03 14:05 · li · note ",
        "- 2026-10-03 14:05 · li · note: x\n  ",
    ],
)
def test_a_line_of_200_kb_is_read_without_backtracking(head: str, part: str) -> None:
    read(head + part * (200_000 // len(part)))


@pytest.mark.usefixtures("no_hang")
def test_a_long_text_is_written_without_backtracking() -> None:
    for part in ("\\", ">", " \n", "> \n", "(L2)", "\t"):
        long = part * (200_000 // len(part))
        render(replace(note(14, 5, f"x\n{long}"), quote=long, to=f"x{long}x".replace("\n", "")))

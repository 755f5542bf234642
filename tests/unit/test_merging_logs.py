"""The logs of two sides become one."""

from __future__ import annotations

from datetime import UTC

from aswiki.domain.changes.logs import Reader, merged_log, removed_on_one_side
from aswiki.domain.vocabulary import DEFAULT

READER = Reader(UTC, DEFAULT.spellings("log_kind"))
FIRST = "- 2026-10-03 14:05 +08:00 · zhangwei · note: 开始\n"
SECOND = "- 2026-10-03 14:20 +08:00 · lina · action: restarted\n"
THIRD = "- 2026-10-03 14:40 +08:00 · zhangwei · customer: 客户来电\n  > 好了，\n  > 谢谢\n"


def test_entries_of_both_sides_stand_by_time() -> None:
    assert merged_log(FIRST + THIRD, FIRST + SECOND, FIRST, READER) == FIRST + SECOND + THIRD


def test_an_entry_that_both_wrote_is_one_however_it_is_spelled() -> None:
    spelled = "- 2026-10-03 06:05 +00:00 | zhangwei | 备注： 开始\n"
    assert merged_log(FIRST + SECOND, spelled + THIRD, "", READER) == FIRST + SECOND + THIRD


def test_an_entry_keeps_the_lines_its_writer_gave_it() -> None:
    spelled = "- 2026-10-03 14:20 +08:00 | lina | 处置：重启了\n\n  日志附后\n"
    found = merged_log(FIRST + THIRD, FIRST + spelled, FIRST, READER)
    assert found == FIRST + spelled + THIRD


def test_entries_of_one_minute_keep_the_order_of_their_side_behind_ours() -> None:
    ours, one, two = (SECOND.replace("restarted", word) for word in ("ours", "one", "two"))
    assert merged_log(ours + THIRD, one + two, "", READER) == ours + one + two + THIRD


def test_the_same_said_twice_by_one_side_stays_twice() -> None:
    assert merged_log(FIRST, FIRST + FIRST, "", READER) == FIRST + FIRST
    assert merged_log(FIRST + FIRST + SECOND, FIRST, "", READER) == FIRST + FIRST + SECOND


def test_an_entry_that_one_side_removed_stays_and_is_named() -> None:
    base = FIRST + SECOND
    assert merged_log(FIRST + THIRD, base, base, READER) == FIRST + SECOND + THIRD
    assert merged_log(base, FIRST + THIRD, base, READER) == FIRST + SECOND + THIRD
    assert [e.by for e in removed_on_one_side(FIRST, base, base, READER)] == ["lina"]
    assert list(removed_on_one_side(FIRST, FIRST, base, READER)) == []


def test_an_entry_that_one_side_altered_stands_in_both_forms() -> None:
    altered = SECOND.replace("restarted", "did nothing")
    found = merged_log(FIRST + altered, FIRST + SECOND, FIRST + SECOND, READER)
    assert found == FIRST + altered + SECOND


def test_a_line_that_does_not_parse_is_kept_where_it_stood() -> None:
    loose = "- 14:10 forgot the day\n"
    found = merged_log(FIRST + THIRD, FIRST + loose + SECOND, FIRST, READER)
    assert found == FIRST + loose + SECOND + THIRD


def test_blank_lines_before_the_next_section_stay_below_the_last_entry() -> None:
    found = merged_log(f"\n{FIRST}\n", f"\n{FIRST}{SECOND}\n", f"\n{FIRST}\n", READER)
    assert found == f"\n{FIRST}{SECOND}\n"


def test_a_log_whose_file_ends_without_a_line_break_is_closed() -> None:
    assert merged_log(FIRST.rstrip("\n"), FIRST + SECOND, FIRST, READER) == FIRST + SECOND


def test_no_merge_is_made_into_a_fence_that_never_ends() -> None:
    assert merged_log(f"{FIRST}```\n", FIRST + SECOND, FIRST, READER) is None

"""Three versions of a record's bytes become one: the lines of both sides, and nothing else."""

from __future__ import annotations

import pytest

from aswiki.store import conflicts, document
from aswiki.wiki.sharing.merging import Merged, merged

PATH = "customers/acme/events/2026-10-03-oss-timeout.md"
BASE = """\
---
# 值班记录
type: event
title: "OSS 上传超时"
kind: incident
severity: P1   # 值班经理定的
status: new
impact: {business: 上传, users_percent: 10}
contacts:
- id: wang
  role: finance

tags: [存储, oss]
---

## 处理过程

- 2026-10-03 14:05 +08:00 · zhangwei · note: 开始

## 根因

未知。

## 我的笔记

第一行

第二行

第三行
"""


def both(ours: str, theirs: str, base: str | None = BASE, path: str = PATH) -> Merged:
    """The merge, its text checked to hold no line that neither side wrote but those it names."""
    found = merged(path, None if base is None else base.encode(), ours.encode(), theirs.encode())
    known = {*ours.splitlines(), *theirs.splitlines()}
    new = [line for line in found.content.decode().splitlines() if line not in known]
    if not found.conflicts:
        assert tuple(new) == found.written
    return found


def text_of(ours: str, theirs: str, base: str | None = BASE) -> str:
    found = both(ours, theirs, base)
    assert found.conflicts == ()
    return found.content.decode()


def test_comments_quotes_and_order_stay_to_the_byte() -> None:
    ours = BASE.replace("status: new", "status: triaged").replace("第一行", "第一行！")
    theirs = BASE.replace("severity: P1   #", "severity: P0   #").replace("第三行", "第三行！")
    wanted = ours.replace("severity: P1   #", "severity: P0   #").replace("第三行", "第三行！")
    assert text_of(ours, theirs) == wanted


def test_a_comment_above_a_field_comes_with_it_and_ours_stays() -> None:
    ours = BASE.replace("status: new", "# ours\nstatus: new\n# what sells\nproduct: oss")
    theirs = BASE.replace("status: new", "# theirs\nstatus: new\n# 环境\nenvironment: 生产")
    found = text_of(ours, theirs)
    above = "# ours\n# theirs\nstatus: new\n"
    assert f"{above}# what sells\nproduct: oss\n# 环境\nenvironment: 生产\nimpact:" in found


def test_a_list_on_one_line_is_written_anew_and_said_to_be() -> None:
    ours = BASE.replace("[存储, oss]", "[存储, oss, p1]")
    found = both(ours, BASE.replace("[存储, oss]", "[存储, timeout]"))
    assert found.written == ("tags: [存储, p1, timeout]",)


def test_a_mapping_on_one_line_to_which_both_did_something_else_is_one_again() -> None:
    ours = BASE.replace("users_percent: 10", "users_percent: 20")
    theirs = BASE.replace("business: 上传", "business: 下载")
    assert "impact: {business: 下载, users_percent: 20}\n" in text_of(ours, theirs)


def test_a_list_written_in_two_ways_is_merged_all_the_same() -> None:
    ours = BASE.replace("tags: [存储, oss]", "tags:\n  - 存储\n  - oss\n  - new")
    theirs = BASE.replace("tags: [存储, oss]", "tags:\n- 存储\n- oss\n- 新")
    tags = document.read(PATH, text_of(ours, theirs).encode()).data["tags"]
    assert tags == ["存储", "oss", "new", "新"]


def test_the_same_scalar_changed_on_both_sides_stands_between_markers() -> None:
    ours = BASE.replace("severity: P1   #", "severity: P0   #").replace("new", "triaged")
    theirs = BASE.replace("severity: P1   #", "severity: P2   #")
    found = both(ours, theirs)
    assert found.conflicts == ("severity",)
    assert (
        "<<<<<<< ours\nseverity: P0   # 值班经理定的\n=======\n"
        "severity: P2   # 值班经理定的\n>>>>>>> theirs\nstatus: triaged\n"
    ) in found.content.decode()


def test_the_same_section_changed_on_both_sides_stands_between_markers() -> None:
    found = both(BASE.replace("未知。", "交换机。"), BASE.replace("未知。", "防火墙。\n\n策略。"))
    assert found.conflicts == ("根因",)
    wanted = "## 根因\n\n<<<<<<< ours\n交换机。\n=======\n防火墙。\n\n策略。\n>>>>>>> theirs\n\n##"
    assert wanted in found.content.decode()


def test_sections_of_one_meaning_in_two_languages_are_one_section() -> None:
    ours = BASE.replace("## 根因", "## Root cause")
    theirs = BASE.replace("未知。", "防火墙。").replace("## 处理过程", "## Log")
    found = text_of(ours, theirs)
    assert "## Root cause\n" not in found
    assert found.count("防火墙。") == found.count("开始") == 1


def test_a_section_of_theirs_stands_where_they_put_it() -> None:
    theirs = BASE.replace("## 根因", "## 背景\n\n大促。\n\n## 根因")
    ours = BASE.replace("第三行\n", "第三行\n\n## 应急措施\n\n重启。\n")
    found = text_of(ours, theirs)
    headings = [line for line in found.splitlines() if line.startswith("## ")]
    assert headings == ["## 处理过程", "## 背景", "## 根因", "## 我的笔记", "## 应急措施"]
    assert found.endswith("第三行\n\n## 应急措施\n\n重启。\n")


def test_both_wrote_at_the_end_of_a_file_without_a_line_break() -> None:
    ours = BASE.rstrip() + "\n\n## 应急措施\n\n重启。"
    theirs = BASE.rstrip() + "\n\n## 背景\n\n大促。"
    assert text_of(ours, theirs).endswith("第三行\n\n## 应急措施\n\n重启。\n\n## 背景\n\n大促。")


def test_line_ends_and_byte_order_mark_are_ours() -> None:
    ours = b"\xef\xbb\xbf" + BASE.replace("new", "triaged").replace("\n", "\r\n").encode()
    theirs = BASE.replace("P1", "P0").encode()
    found = merged(PATH, BASE.encode(), ours, theirs)
    assert found.content == ours.replace(b"P1", b"P0")
    there = merged(PATH, BASE.encode(), theirs, ours)
    assert there.content == theirs.replace(b"new", b"triaged")


def test_an_encoding_that_one_side_mended_is_no_conflict() -> None:
    theirs = BASE.replace("P1", "P0").encode("gb18030")
    found = merged(PATH, BASE.encode("gb18030"), BASE.replace("new", "triaged").encode(), theirs)
    assert found.content.decode() == BASE.replace("new", "triaged").replace("P1", "P0")


def test_two_who_made_the_same_record_keep_both_logs() -> None:
    theirs = BASE.replace("14:05 +08:00 · zhangwei", "13:00 +08:00 · lina")
    found = text_of(BASE, theirs, None)
    assert found.index("13:00") < found.index("14:05")


def test_two_who_made_records_of_two_types_are_told_apart() -> None:
    found = both(BASE, BASE.replace("type: event", "type: note"), None)
    assert found.conflicts == (PATH,)


def test_a_withdrawn_record_that_the_other_side_went_on_with_is_for_a_person() -> None:
    stone = "---\ntype: event\ntitle: OSS\nstatus: retired\nretired: {why: x, by: y}\n---\n"
    ours = BASE.replace("开始", "开始\n- 2026-10-03 15:00 +08:00 · lina · note: 又坏了")
    found = both(ours, stone)
    assert found.conflicts == (PATH,)
    text = found.content.decode()
    assert (conflicts.resolved(text, "ours"), conflicts.resolved(text, "theirs")) == (ours, stone)


@pytest.mark.parametrize(
    "broken", ["title: [\n", "---\nno end\n", "", "---\na: 1\na: 2\n---\n", "\0\1\2", "- x\n"]
)
def test_a_side_that_is_no_record_never_stops_the_merge(broken: str) -> None:
    for ours, theirs in ((BASE.replace("new", "triaged"), broken), (broken, BASE + "more\n")):
        found = both(ours, theirs)
        assert found.conflicts == (PATH,)


def test_a_side_that_is_no_text_leaves_ours_and_a_conflict() -> None:
    ours, theirs = b"\xff\xfe\x00\x01ours", b"\xff\xfe\x00\x01theirs"
    assert merged(PATH, BASE.encode(), ours, theirs) == Merged(ours, (PATH,))


def test_what_is_no_record_is_merged_by_its_lines() -> None:
    base = "# 说明\n\n一\n\n二\n\n三\n"
    found = both(base.replace("一", "1"), base.replace("三", "3"), base, "README.md")
    assert found == Merged(base.replace("一", "1").replace("三", "3").encode())


def test_a_removed_entry_stays_and_is_named() -> None:
    entry = "- 2026-10-03 14:05 +08:00 · zhangwei · note: 开始\n"
    found = both(BASE.replace(entry, ""), BASE.replace("new", "triaged"))
    assert entry in found.content.decode()
    assert [note for note in found.notes if "14:05" in note] == list(found.notes)
    assert found.notes


def test_a_marker_is_as_long_as_git_asks() -> None:
    ours, theirs = (BASE.replace("status: new", f"status: {s}") for s in ("triaged", "closed"))
    found = merged(PATH, BASE.encode(), ours.encode(), theirs.encode(), size=12)
    assert b"\n<<<<<<<<<<<< ours\n" in found.content
    assert document.read(PATH, found.content).problems[0].code == "ASW114"

"""``append``: one more entry, at its place in time, in any log a person may have typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"
FIRST = "- 2026-10-03 14:20 +08:00 · writer · demand → db-team: 要求 30 分钟内恢复\n"
TYPED = """\
## 处理过程：

- 2026-10-03 14:05 | 老张 | 要求 -> db-team（L2）：要求 30 分钟内恢复主库
  第二行

  - 列表一
  - 列表二
  # 不是标题
- 2026-10-03 14:20:30 +09:00 · "a · b: c" ・ 推诿 "db-team" → "net: team" : 说是网络问题
- 2026-10-12 09:30 +08:00 · zhangwei · customer: 客户微信告知
  > 问题解决了，
  > > 是XXX的策略问题

  \\> 跟你们没关系

## 复盘

后文
"""


def test_an_entry_is_one_line_in_one_commit(wiki: Path, run: Any, git: Any) -> None:
    words = ["--kind", "升级", "--to", "db-team", "--level", "l2", "--at", "2026-10-03 15:00"]
    done = run("append", "oss-shang", "主库仍未恢复", *words, "--by", "老张", "--json")
    assert done.code == 0, done.err
    assert done.json["ref"] == UPLOADS
    assert "Time: 2026-10-03T15:00:00+08:00\n" in done.err
    lines = [
        line
        for line in git(wiki, "show", "-U0", "--format=").splitlines()
        if line[:1] in "+-" and line[:3] not in {"+++", "---"}
    ]
    assert lines == [
        "+- 2026-10-03 15:00 +08:00 · zhangwei · escalation → db-team (L2): 主库仍未恢复"
    ]
    trailers = git(wiki, "log", "-1", "--format=%(trailers)")
    assert "Aswiki-Op: append\n" in trailers
    assert "Aswiki-Occurred: 2026-10-03T15:00:00+08:00\n" in trailers


def test_entries_stand_in_the_order_of_their_times(wiki: Path, run: Any) -> None:
    for at, text in [("15:00", "third"), ("14:00", "first"), ("14:20", "second")]:
        assert run("append", UPLOADS, text, "--at", f"2026-10-03 {at}").code == 0
    log = run("show", UPLOADS, "--json").json["fields"]["log"]
    assert [entry["text"] for entry in log] == ["first", "要求 30 分钟内恢复", "second", "third"]


def test_text_and_quote_come_back_to_the_letter(wiki: Path, run: Any) -> None:
    text = "multi\n- list\n> not a quote\n\n## heading\n---\n```\ncode"
    quote = "他说：\n> 引用\n\n  不对 · | -> "
    assert run("append", UPLOADS, text, "--quote", quote, "--kind", "客户").code == 0
    entry = run("show", UPLOADS, "--json").json["fields"]["log"][-1]
    assert (entry["kind"], entry["text"], entry["quote"]) == ("customer", text, quote)
    assert run("validate").code == 0


def test_a_log_typed_by_hand_is_read_right_and_one_append_adds_one_line(
    wiki: Path, run: Any, git: Any
) -> None:
    path = wiki / "customers" / f"{UPLOADS}.md"
    front, _body = path.read_text().split("\n\n", 1)
    git(wiki, "rm", "-q", "--cached", f"customers/{UPLOADS}.md")
    path.write_text(f"{front}\n\n{TYPED}", encoding="utf-8")
    git(wiki, "add", ".")
    git(wiki, "commit", "-qm", "typed")
    log = run("show", UPLOADS, "--json").json["fields"]["log"]
    assert log == [
        {
            "at": "2026-10-03T14:05:00+08:00",
            "by": "老张",
            "kind": "demand",
            "to": "db-team",
            "level": "L2",
            "text": "要求 30 分钟内恢复主库\n第二行\n\n- 列表一\n- 列表二\n# 不是标题",
        },
        {
            "at": "2026-10-03T14:20:30+09:00",
            "by": "a · b: c",
            "kind": "deflection",
            "from": "db-team",
            "to": "net: team",
            "text": "说是网络问题",
        },
        {
            "at": "2026-10-12T09:30:00+08:00",
            "by": "zhangwei",
            "kind": "customer",
            "text": "客户微信告知",
            "quote": "问题解决了，\n> 是XXX的策略问题\n\n\\> 跟你们没关系",
        },
    ]
    assert (
        run("append", UPLOADS, "改路由", "--kind", "action", "--at", "2026-10-05 08:00").code == 0
    )
    assert git(wiki, "show", "--numstat", "--format=").split()[:2] == ["1", "0"]
    kinds = [e["kind"] for e in run("show", UPLOADS, "--json").json["fields"]["log"]]
    assert kinds == ["demand", "deflection", "action", "customer"]


def test_a_record_without_a_log_gets_one(wiki: Path, run: Any) -> None:
    assert run("append", "acme/profile", "年度目标已谈").code == 0
    text = (wiki / "customers/acme/profile.md").read_text()
    assert text.endswith("## 处理过程\n- 2026-10-20 10:00 +08:00 · writer · note: 年度目标已谈\n")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([UPLOADS, "x", "--kind", "bogus"], "unknown-word"),
        ([UPLOADS, "x", "--kind", "deflection"], "deflection-sides"),
        ([UPLOADS, "x", "--kind", "推诿", "--from", "db-team"], "deflection-sides"),
        ([UPLOADS, "  "], "empty-text"),
        ([UPLOADS, "x", "--by", " "], "no-person"),
        ([UPLOADS, "bell \a"], "control-character"),
        ([UPLOADS, "x", "--to", "two\nlines"], "line-break"),
        ([UPLOADS, "x", "--at", "whenever"], "unclear-time"),
    ],
)
def test_an_entry_that_cannot_stand_is_refused(
    wiki: Path, run: Any, state: Any, words: list[str], code: str
) -> None:
    before = state(wiki)
    done = run("append", *words, "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", code)
    assert done.error["hint"]
    assert state(wiki) == before


def test_a_deflection_names_both_sides(wiki: Path, run: Any) -> None:
    words = ["--kind", "deflection", "--from", "db-team", "--to", "net-team"]
    assert run("append", UPLOADS, "说是网络问题", *words).code == 0
    text = (wiki / "customers" / f"{UPLOADS}.md").read_text()
    assert FIRST in text
    assert "· writer · deflection db-team → net-team: 说是网络问题\n" in text


def test_colleagues_and_departments_are_written_by_their_ids(wiki: Path, run: Any) -> None:
    words = ["--kind", "推诿", "--from", "网络研发组", "--to", "老张"]
    assert run("append", UPLOADS, "不归我们", *words).code == 0
    text = (wiki / f"customers/{UPLOADS}.md").read_text(encoding="utf-8")
    assert "· writer · deflection net-team → zhangwei: 不归我们\n" in text

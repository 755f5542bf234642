"""A week's hand edits of the examples as the comment of a pull request, in ``changes_comment/``."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest

from aswiki import lang
from aswiki.render.changes import lines, markdown, marked
from aswiki.wiki.review.diffing import compared
from aswiki.wiki.wiki import Wiki

EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
FORMS = ("zh.md", "en.md", "zh.txt", "en.txt")

BANK = "customers/heng-chuan-yin-hang"
LOGIN = f"{BANK}/events/2026-10-03-mobile-login-timeouts.md"
GUARD = f"{BANK}/events/2026-10-30-month-end-guard.md"
DUAL = f"{BANK}/events/2026-08-03-dual-certificates.md"
SETTLED = "customer_visible: true, status: late, kept_on: 2026-10-29"
SHOP = "customers/sunbird"
PATCH = f"{BANK}/events/2026-10-26-patch-window.md"

TOMBSTONE = """\
---
type: event
title: 入口组件漏洞修复，等客户给窗口
started_at: 2026-10-26T10:00:00+08:00
status: retired
retired: {why: 客户没有这个组件, by: pengbai, at: 2026-11-01T09:00:00+08:00}
---
"""
NOTE = """\
---
type: note
title: 销售说要压价两成
kind: signal
occurred_at: 2026-11-01T18:30:00+08:00
signal: {kind: bargaining, claimed_reason: 友商报价低, platform_fault: none}
owner: zhangwei
---

## 处理过程

- 2026-11-01 18:40 +08:00 · zhangwei · note: 转给方婷
"""


class Golden(Protocol):
    def check(self, name: str, text: str) -> None: ...
    def check_none_is_unused(self, names: set[str]) -> None: ...


def swapped(root: Path, path: str, *swaps: tuple[str, str]) -> None:
    text = (root / path).read_text(encoding="utf-8")
    for old, new in swaps:
        assert text.count(old) == 1, (path, old, text.count(old))
        text = text.replace(old, new)
    (root / path).write_text(text, encoding="utf-8")


def edit(root: Path) -> None:
    """What a week of work, and one careless hand, would change."""
    swapped(
        root,
        LOGIN,
        ("severity: P2", "severity: P3"),
        ("technical_decision_by: [net-team]", "technical_decision_by: [net-team, db-team]"),
        ("超时归零满一天，关闭", "超时归零满两天，关闭"),
    )
    swapped(root, DUAL, ("customer_visible: true, status: open", SETTLED))
    swapped(root, f"{SHOP}/profile.md", ("role: tech_lead", "role: tech_approver"))
    swapped(
        root, GUARD, ("记账 02:40 完成，比上月早二十分钟", "记账 02:35 完成，比上月早二十五分钟")
    )
    (root / PATCH).write_text(TOMBSTONE, encoding="utf-8")
    (root / f"{BANK}/notes/2026-11-01-ya-jia.md").write_text(NOTE, encoding="utf-8")
    (root / f"{BANK}/events/2026-10-22-ledger-slow.md").rename(
        root / f"{BANK}/events/2026-10-22-ledger-query-slow.md"
    )
    (root / "lessons/broken.md").write_text("---\ntype: [\n---\n", encoding="utf-8")
    (root / "people.toml").write_bytes((root / "people.toml").read_bytes() + b"# looked at\n")


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Wiki:
    root = tmp_path_factory.mktemp("examples") / "wiki"
    shutil.copytree(EXAMPLES, root)
    git = ["git", "-c", "user.name=w", "-c", "user.email=w@example.com"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "the examples"]):
        subprocess.run([*git, *words], cwd=root, check=True)
    edit(root)
    return Wiki.open(root, lambda: NOW)


@pytest.fixture
def speaking(request: pytest.FixtureRequest) -> Iterator[str]:
    form = str(request.param)
    lang.use(form.partition(".")[0])
    yield form
    lang.use("en")


@pytest.mark.parametrize("speaking", FORMS, indirect=True)
def test_a_weeks_changes_read_as_they_are_kept(speaking: str, edited: Wiki, golden: Golden) -> None:
    changes = compared(edited, "HEAD", None)
    if speaking.endswith(".md"):
        text = markdown(changes)
    else:
        text = "".join(f"{'  ' * depth}{marked(line)}\n" for depth, line in lines(changes))
    golden.check(f"week.{speaking}", text)


def test_no_golden_file_is_left_over(golden: Golden) -> None:
    golden.check_none_is_unused({f"week.{form}" for form in FORMS})

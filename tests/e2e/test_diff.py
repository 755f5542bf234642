"""``aswiki diff``: what changed, by customer and record, in every form."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Protocol

import pytest
from markdown_it import MarkdownIt

Run = Callable[..., Any]
Git = Callable[..., str]

UPLOADS = "customers/lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi.md"
QUOTA = "customers/acme/events/2026-10-05-oss-quota.md"
ACME = "customers/acme/profile.md"


class Clock(Protocol):
    now: Any


def edited(wiki: Path, path: str, *swaps: tuple[str, str]) -> None:
    file = wiki / path
    text = file.read_text(encoding="utf-8")
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def changes(run: Run, *words: str) -> dict[str, dict[str, Any]]:
    said = run("diff", *words, "--json")
    assert (said.code, said.err) == (0, "")
    return {change["ref"]: change for change in said.json["changes"]}


def test_an_unchanged_wiki_differs_in_nothing(wiki: Path, run: Run) -> None:
    said = run("diff")
    assert (said.code, said.out, said.err) == (0, "", "Nothing differs.\n")
    assert run("diff", "--json").json["changes"] == []
    assert run("diff", "--format", "md").out == "**Nothing differs.**\n"


def test_hand_edits_are_told_by_field_with_labels(wiki: Path, run: Run) -> None:
    edited(wiki, UPLOADS, ("severity: P1", "severity: P3"))
    edited(wiki, ACME, ("role: tech_lead", "role: finance"))
    said = run("diff")
    assert said.out == (
        "Acme Corp (acme)\n"
        "  Profile acme/profile Acme Corp · changed\n"
        "    Contacts › 王磊 › Role: Technical lead → Finance\n"
        "蓝鲸游戏 (lan-jing-you-xi)\n"
        f"  Event {UPLOADS[10:-3]} OSS 上传超时 · changed\n"
        "    Severity: P1 → P3\n"
    )
    assert "    等级: P1 → P3\n" in run("--lang", "zh", "diff").out
    assert "    联系人 › 王磊 › 角色: 技术负责人 → 财务\n" in run("--lang", "zh", "diff").out
    told = changes(run)
    assert told["acme/profile"]["fields"] == [
        {
            "field": "contacts.wanglei.role",
            "label": "Contacts › 王磊 › Role",
            "before": "tech_lead",
            "after": "finance",
        }
    ]
    assert run("diff", "--json").json["head"] is None


def test_a_range_tells_log_promises_and_prose(wiki: Path, run: Run, git: Git) -> None:
    start = git(wiki, "rev-parse", "HEAD").strip()
    assert run("append", "oss-quota", "已扩容", "--kind", "customer", "--quote", "可以了").code == 0
    assert run("promise", "oss-quota", "提高配额", "--promiser", "zhangwei/after-sales").code == 0
    made = git(wiki, "rev-parse", "HEAD").strip()
    assert run("settle", "oss-quota#p1", "--as", "kept").code == 0
    assert run("set", "oss-quota", "background=配额 一百万").code == 0
    middle = git(wiki, "rev-parse", "HEAD").strip()
    assert run("set", "oss-quota", "background=配额 两百万").code == 0
    whole = changes(run, f"{start}..HEAD")["acme/events/2026-10-05-oss-quota"]
    assert [entry["quote"] for entry in whole["log"] if "quote" in entry] == ["可以了"]
    assert whole["log_removed"] == []
    (promise,) = whole["promises"]
    assert (promise["id"], promise["before"], promise["after"]) == ("p1", None, "kept")
    (settled,) = changes(run, f"{made}..{middle}")["acme/events/2026-10-05-oss-quota"]["promises"]
    assert (settled["before"], settled["after"]) == ("open", "kept")
    said = run("--lang", "zh", "diff", f"{middle}..HEAD").out
    assert "    背景: 配额 [-一-]{+两+}百万\n" in said
    assert "处理过程 + " in run("--lang", "zh", "diff", f"{start}..").out
    (prose,) = changes(run, f"{middle}..HEAD")["acme/events/2026-10-05-oss-quota"]["body"]
    assert prose["words"] == [
        {"op": "=", "text": "配额 "},
        {"op": "-", "text": "一"},
        {"op": "+", "text": "两"},
        {"op": "=", "text": "百万"},
    ]


def test_one_revision_is_compared_with_the_folder_and_a_day_is_one(wiki: Path, run: Run) -> None:
    assert run("set", "oss-quota", "environment=生产").code == 0
    edited(wiki, UPLOADS, ("severity: P1", "severity: P2"))
    assert [*changes(run)] == ["lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"]
    both = ["acme/events/2026-10-05-oss-quota", *changes(run)]
    assert [*changes(run, "HEAD~1")] == both
    assert [*changes(run, "2026-10-19")] == both
    assert [*changes(run, "昨天")] == both
    back = changes(run, "HEAD..HEAD~1")["acme/events/2026-10-05-oss-quota"]
    assert back["fields"][0]["after"] is None


def test_a_new_a_retired_a_renamed_and_a_removed_record(wiki: Path, run: Run) -> None:
    assert run("log-note", "acme", "预算收紧", "--kind", "signal", "--signal", "budget").code == 0
    assert run("rename", "oss-quota", "oss-limit").code == 0
    assert run("retire", "oss-shang", "--why", "写错客户").code == 0
    (wiki / "products/oss.md").unlink()
    found = changes(run, "HEAD~3")
    told = {ref.rpartition("/")[2]: change["status"] for ref, change in found.items()}
    assert told == {
        "2026-10-20-yu-suan-shou-jin": "added",
        "2026-10-05-oss-limit": "renamed",
        "2026-10-03-oss-shang-chuan-chao-shi": "retired",
        "oss": "removed",
    }
    assert found["acme/events/2026-10-05-oss-limit"]["was"] == "acme/events/2026-10-05-oss-quota"
    retired = found["lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"]
    assert retired["retired"]["why"] == "写错客户"
    assert found["products/oss"]["customer"] is None
    said = run("--lang", "zh", "diff", "HEAD~3").out
    assert "写错客户" in said
    assert "acme/events/2026-10-05-oss-quota" in said


def test_a_version_that_cannot_be_read_is_said_and_the_rest_is_told(wiki: Path, run: Run) -> None:
    (wiki / QUOTA).write_text("---\ntype: [\n---\n", encoding="utf-8")
    (wiki / ACME).unlink()
    (wiki / ACME).symlink_to("elsewhere")
    edited(wiki, UPLOADS, ("severity: P1", "severity: P2"))
    said = run("diff")
    assert said.code == 0
    assert "This version cannot be read: line " in said.out
    found = changes(run)
    assert len(found) == 3
    assert found["acme/events/2026-10-05-oss-quota"]["unreadable"]
    assert found["acme/profile"]["unreadable"]


def test_what_only_looks_different_is_said_to(wiki: Path, run: Run) -> None:
    edited(wiki, UPLOADS, ("severity: P1", "severity: 'P1' # still"))
    assert "Only how it is written differs" in run("diff").out


def test_other_files_are_named_with_their_sizes_only(wiki: Path, run: Run, git: Git) -> None:
    files = wiki / "customers/acme/files"
    files.mkdir()
    (files / "0123456789ab-a.png").write_bytes(b"\x89PNG secret")
    (wiki / "people.toml").write_bytes(b"")
    said = run("diff", "--json").json["files"]
    size = int(git(wiki, "cat-file", "-s", "HEAD:people.toml"))
    assert said == [
        {
            "path": "customers/acme/files/0123456789ab-a.png",
            "status": "added",
            "size_before": None,
            "size_after": 11,
        },
        {"path": "people.toml", "status": "changed", "size_before": size, "size_after": 0},
    ]
    text = run("diff").out
    assert f"  people.toml · {size} bytes → 0 bytes · changed\n" in text
    assert "secret" not in text


def test_decimals_are_exact_and_strings_in_json(examples: Path, run: Run) -> None:
    page = examples / "customers/heng-chuan-yin-hang/usage/2026-10.md"
    text = page.read_text(encoding="utf-8")
    cost = re.search(r"billed_cost: (\d+\.\d0)", text)
    assert cost is not None
    page.write_text(text.replace(cost[0], "billed_cost: 0.10", 1), encoding="utf-8")
    (change,) = changes(run).values()
    told = [fact for fact in change["fields"] if fact["field"].endswith("billed_cost")]
    assert (told[0]["before"], told[0]["after"]) == (cost[1], "0.10")


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (["main...HEAD"], "three-dots", 2),
        (["no-such-branch"], "no-revision", 3),
        (["HEAD..0000000"], "no-revision", 3),
        (["HEAD..--output=x"], "no-revision", 3),
        (["HEAD", "--format", "pdf"], "", 2),
    ],
)
def test_a_revision_that_is_none_is_refused(
    wiki: Path, run: Run, words: list[str], code: str, exit_code: int
) -> None:
    said = run("diff", *words, "--json")
    assert (said.code, said.out) == (exit_code, "")
    assert said.error["code"] == code or not code


HOSTILE = (
    "<script>alert(1)</script><img src=https://x.example/p.png> ![x](https://x.example/p.png) "
    "[red]r[/red] \x1b[31mred\x1b[0m \x9b2J \u202eexe \u2066x **bold** `code` | cell "
    "@somebody #12 !34 </details><details open> &lt;b&gt; {{7*7}} # head"
)


def hostile(wiki: Path) -> None:
    """Hostile words wherever a record can hold them."""
    words = HOSTILE.replace("\x1b", "").replace("\x9b", "")
    edited(
        wiki,
        QUOTA,
        (
            "title: OSS quota",
            f"title: '{words}'\nx_own: {{'{words}': '{words}'}}\ntags: ['{words}']",
        ),
    )
    with (wiki / QUOTA).open("a", encoding="utf-8") as file:
        file.write(f"\n- 2026-10-06 10:00 · w · note: {HOSTILE}\n  > {HOSTILE}\n")
        file.write(f"\n## Background\n\n{HOSTILE}\n\n## {HOSTILE}\n\n{HOSTILE}\n")
    profile = wiki / ACME
    profile.write_text(
        profile.read_text(encoding="utf-8").replace("Acme Corp", f"'{words}'"), encoding="utf-8"
    )
    (wiki / "<b>@x`y`.md").write_text("x", encoding="utf-8")


class Page(HTMLParser):
    """The tags of a page, with attributes, and its words."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attrs}

    def handle_data(self, data: str) -> None:
        self.words += data


def test_hostile_words_are_never_markup_and_call_nobody(wiki: Path, run: Run) -> None:
    hostile(wiki)
    said = run("diff", "--format", "md").out
    made = MarkdownIt("commonmark", {"html": True}).enable("strikethrough").render(said)
    page = Page()
    page.feed(made)
    known = {"details", "summary", "p", "ul", "li", "code", "strong", "del", "ins"}
    assert page.tags <= known, page.tags - known
    assert page.attributes == set()
    assert made.count("<details>") == made.count("</details>") == 2
    assert made.count("<summary>") == 2
    outside_code = re.sub(r"<code>.*?</code>", "", made)
    assert not re.search(r"[@#!]\w", outside_code)
    assert "**bold** `code` | cell" in page.words
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said)
    for line in said.splitlines():
        assert re.match(r"$|- |  - |\*\*|</?details>", line), line


@pytest.mark.parametrize("words", [[], ["--format", "md"], ["--json"]])
def test_hostile_words_never_steer_a_terminal(wiki: Path, run: Run, words: list[str]) -> None:
    hostile(wiki)
    said = run("diff", *words)
    assert said.code == 0
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said.out)
    if not words:
        assert all(re.match(r"\S| {2}\S| {4}\S", line) for line in said.out.splitlines())


def many_notes(wiki: Path, count: int, title: str) -> None:
    folder = wiki / "customers/acme/notes"
    folder.mkdir()
    for number in range(count):
        head = f"---\ntype: note\ntitle: {title} {number}\nkind: feeling\n---\n"
        text = f"{head}\n{'很长' * 500}\n"
        (folder / f"2026-10-01-n{number}.md").write_text(text, encoding="utf-8")


def test_a_long_comment_says_less_of_each_record_before_it_leaves_one_out(
    wiki: Path, run: Run
) -> None:
    many_notes(wiki, 200, "记录")
    said = run("diff", "--format", "md").out
    assert len(said) < 60_000
    assert said.count("acme/notes/") == 200
    assert "more lines are left out here" in said
    assert "aswiki diff shows them" not in said


def test_a_comment_stays_below_the_limit_and_counts_what_it_leaves_out(
    wiki: Path, run: Run
) -> None:
    many_notes(wiki, 400, "很长的标题" * 30)
    said = run("diff", "--format", "md").out
    assert len(said) < 60_000
    told = said.count("acme/notes/")
    assert 10 < told < 400
    assert f"{400 - told} more are left out here; aswiki diff shows them." in said
    assert said.count("<details>") == said.count("</details>") == 1


def test_a_thousand_changed_records_take_seconds(wiki: Path, run: Run, git: Git) -> None:
    folder = wiki / "customers/acme/events"
    text = (wiki / QUOTA).read_text(encoding="utf-8")
    for number in range(1000):
        (folder / f"2026-09-01-e{number}.md").write_text(text, encoding="utf-8")
    git(wiki, "add", ".")
    git(wiki, "commit", "-qm", "many")
    for number in range(1000):
        edited(wiki, f"customers/acme/events/2026-09-01-e{number}.md", ("product: oss", "owner: w"))
    started = time.process_time()
    assert len(changes(run)) == 1000
    assert time.process_time() - started < 30

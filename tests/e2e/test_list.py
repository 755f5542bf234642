"""``list``: records and customers by what they say; tombstones and unreadable files left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"
QUOTA = "acme/events/2026-10-05-oss-quota"


def test_a_row_has_the_promised_keys(wiki: Path, run: Any) -> None:
    rows = run("list", "event", "--json").json
    assert rows[1] == {
        "ref": UPLOADS,
        "type": "event",
        "customer": "lan-jing-you-xi",
        "title": "OSS 上传超时",
        "status": "new",
        "occurred": "2026-10-03T14:05:00+08:00",
        "owner": "writer",
        "kind": "incident",
        "severity": "P1",
        "open": True,
    }


@pytest.mark.parametrize(
    ("words", "refs"),
    [
        (["event"], [QUOTA, UPLOADS]),
        (["事件"], [QUOTA, UPLOADS]),
        (["event", "--customer", "蓝鲸"], [UPLOADS]),
        (["event", "--kind", "答疑"], [QUOTA]),
        (["event", "--kind", "incident"], [UPLOADS]),
        (["event", "--status", "新建"], [QUOTA, UPLOADS]),
        (["event", "--status", "closed"], []),
        (["event", "--owner", "Test Writer"], [QUOTA, UPLOADS]),
        (["event", "--owner", "老张"], []),
        (["event", "--since", "2026-10-05"], [QUOTA]),
        (["event", "--until", "2026-10-03"], [UPLOADS]),
        (["event", "--since", "2026-10-03", "--until", "2026-10-05"], [QUOTA, UPLOADS]),
        (["event", "--since", "昨天"], []),
        (["event", "--where", "severity=P1"], [UPLOADS]),
        (["event", "--where", "product=OSS", "--where", "kind=question"], [QUOTA]),
        (
            ["profile", "--where", "contacts.1.name=王磊"],
            ["acme/profile", "lan-jing-you-xi/profile"],
        ),
        (["product", "--where", "aliases=oss"], ["products/oss"]),
        (["visit"], []),
    ],
)
def test_records_are_found_by_what_they_say(
    wiki: Path, run: Any, words: list[str], refs: list[str]
) -> None:
    done = run("list", *words, "--json")
    assert done.code == 0, done.err
    assert sorted(row["ref"] for row in done.json) == refs


def test_without_a_type_every_record_is_listed(wiki: Path, run: Any) -> None:
    refs = {row["ref"] for row in run("list", "--json").json}
    assert refs == {"acme/profile", "lan-jing-you-xi/profile", "products/oss", QUOTA, UPLOADS}


def test_customers_are_the_portfolio_those_who_need_attention_first(wiki: Path, run: Any) -> None:
    rows = run("list", "customers", "--json").json
    assert [row["customer"] for row in rows] == ["lan-jing-you-xi", "acme"]
    assert rows[0]["title"] == "蓝鲸游戏"
    assert (rows[0]["open_urgent"], rows[0]["open_events"]) == (1, 1)


def test_a_file_that_cannot_be_read_is_named_and_the_rest_listed(wiki: Path, run: Any) -> None:
    bad = wiki / "customers/acme/events/2026-10-06-bad.md"
    bad.write_text("---\ntitle: [\n---\n")
    done = run("list", "event", "--json")
    assert done.code == 0
    assert [row["ref"] for row in done.json] == [QUOTA, UPLOADS]
    assert "customers/acme/events/2026-10-06-bad.md" in done.err


def test_off_a_terminal_rows_are_tab_separated(wiki: Path, run: Any) -> None:
    out = run("list", "event").out
    assert out.splitlines()[0].split("\t") == [
        *(QUOTA, "Event", "OSS quota", "New", "2026-10-05 09:30", "writer")
    ]
    assert "\t事件\t" in run("list", "event", "--lang", "zh").out


def test_a_month_counts_for_each_of_its_days(wiki: Path, run: Any) -> None:
    assert run("set", "acme/usage/2026-09", "days_covered=30").code == 0
    for since, until, found in [("2026-09-30", "2026-10-01", 1), ("2026-10-01", "2026-10-02", 0)]:
        rows = run("list", "usage", "--since", since, "--until", until, "--json").json
        assert len(rows) == found


def test_all_records_of_the_examples_are_listed_without_a_limit(examples: Path, run: Any) -> None:
    files = [p for p in examples.rglob("*.md") if ".git" not in p.parts]
    done = run("list", "--json")
    assert (done.code, done.err) == (0, "")
    assert len(done.json) == len(files)

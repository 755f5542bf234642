"""``retire``: a tombstone that says why, and lists that leave it out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"


def test_a_retired_record_leaves_a_tombstone(wiki: Path, run: Any, git: Any) -> None:
    done = run("retire", "oss-shang", "--why", "记到别的客户了: 见 acme", "--by", "老张", "--json")
    assert done.code == 0, done.err
    assert (wiki / "customers" / f"{UPLOADS}.md").read_text() == (
        "---\ntype: event\ntitle: OSS 上传超时\nstarted_at: 2026-10-03T14:05:00+08:00\n"
        "status: retired\nretired:\n"
        '  why: "记到别的客户了: 见 acme"\n  by: zhangwei\n  at: 2026-10-20T10:00:00+08:00\n---\n'
    )
    assert "Aswiki-Op: retire\n" in git(wiki, "log", "-1", "--format=%B")
    assert run("validate").code == 0


def test_lists_leave_it_out_and_references_to_it_resolve(wiki: Path, run: Any) -> None:
    related = "related=[{ref: " + UPLOADS + ", how: see_also}]"
    assert run("set", "acme/oss-quota", related).code == 0
    assert run("retire", UPLOADS, "--why", "重复").code == 0
    refs = [row["ref"] for row in run("list", "event", "--json").json]
    assert refs == ["acme/events/2026-10-05-oss-quota"]
    rows = run("list", "customers", "--json").json
    assert {row["customer"]: row["open_events"] for row in rows} == {
        "acme": 1,
        "lan-jing-you-xi": 0,
    }
    assert run("validate").code == 0
    shown = run("show", UPLOADS, "--json").json
    assert shown["fields"]["retired"]["why"] == "重复"
    assert [row["op"] for row in shown["history"]] == ["retire", "append", "create"]


def test_a_tombstone_stays_as_it_is(wiki: Path, run: Any, state: Any) -> None:
    assert run("retire", UPLOADS, "--why", "重复").code == 0
    before = state(wiki)
    for words in (
        ["append", UPLOADS, "x"],
        ["set", UPLOADS, "status=new"],
        ["close", UPLOADS],
        ["retire", UPLOADS, "--why", "again"],
    ):
        done = run(*words, "--json")
        assert (done.code, done.out, done.error["code"]) == (2, "", "retired")
    assert state(wiki) == before


def test_the_time_of_the_act_is_echoed(wiki: Path, run: Any) -> None:
    done = run("retire", UPLOADS, "--why", "重复", "--at", "昨天 9:00")
    assert "Time: 2026-10-19T09:00:00+08:00\n" in done.err
    retired = run("show", UPLOADS, "--json").json["fields"]["retired"]
    assert retired["at"] == "2026-10-19T09:00:00+08:00"


def test_it_asks_for_a_reason(wiki: Path, run: Any, state: Any) -> None:
    before = state(wiki)
    done = run("retire", UPLOADS, "--json")
    assert (done.code, done.error["message"]) == (2, "--why is missing.")
    assert run("retire", UPLOADS, "--why", "  ").code == 2
    assert state(wiki) == before

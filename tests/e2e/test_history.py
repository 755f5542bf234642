"""``history``: the commits of one record, newest first, renames and hand edits included."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"


def test_every_commit_of_the_record_is_a_row(wiki: Path, run: Any, clock: Any, git: Any) -> None:
    clock.now += timedelta(hours=1)
    commit = run("set", UPLOADS, "severity=P0", "--json").json["commit"]
    run("append", "acme/oss-quota", "elsewhere")
    rows = run("history", "oss-shang", "--json").json
    assert [row["op"] for row in rows] == ["update", "append", "create"]
    assert rows[0]["commit"] == commit
    assert rows[0]["at"] == "2026-10-20T11:00:00+08:00"
    assert rows[0]["by"] == "Test Writer"
    assert rows[-1]["occurred"] == "2026-10-03T14:05:00+08:00"
    assert run("show", UPLOADS, "--json").json["history"] == rows


def test_a_customers_name_is_its_profile(wiki: Path, run: Any) -> None:
    rows = run("history", "蓝鲸", "--json").json
    assert [row["op"] for row in rows] == ["create"]


def test_a_commit_made_without_aswiki_has_no_operation(wiki: Path, run: Any, git: Any) -> None:
    path = wiki / "customers" / f"{UPLOADS}.md"
    path.write_text(path.read_text().replace("status: new", "status: triaged"))
    git(wiki, "commit", "-qam", "plain git")
    row = run("history", UPLOADS, "--json").json[0]
    assert (row["op"], row["subject"]) in {(None, "plain git"), ("", "plain git")}


def test_the_table_is_tab_separated_off_a_terminal(wiki: Path, run: Any) -> None:
    lines = run("history", UPLOADS).out.splitlines()
    assert [line.split("\t")[3] for line in lines] == ["append", "create"]
    assert lines[0].split("\t")[1] == "2026-10-19 10:00"

"""``log-visit``: a visit by labels and phrases; held it is whole, ahead it is planned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

HELD = ["--weather", "sunny", "--summary", "Routine"]


def test_a_visit_is_logged_in_chinese_words(wiki: Path, run: Any, git: Any) -> None:
    words = ["--kind", "月度", "--at", "昨天下午3点", "--weather", "多云", "--summary", "例行"]
    done = run("log-visit", "蓝鲸", "十月例行拜访", *words, "--no-input", "--json")
    assert done.code == 0, done.err
    assert done.json["ref"] == "lan-jing-you-xi/visits/2026-10-19-shi-yue-li-xing-bai-fang"
    assert "2026-10-19T15:00:00+08:00" in done.err
    fields = run("show", done.json["ref"], "--json").json["fields"]
    assert (fields["kind"], fields["weather"], fields["status"]) == ("monthly", "cloudy", "held")
    assert (fields["summary"], fields["occurred_at"]) == ("例行", "2026-10-19T15:00:00+08:00")
    assert "## 纪要\n\n例行\n" in (wiki / done.json["path"]).read_text()
    assert "Aswiki-Op: create\n" in git(wiki, "log", "-1", "--format=%B")
    assert run("validate").code == 0


def test_the_further_options_become_fields(wiki: Path, run: Any) -> None:
    words = ["--mode", "现场", "--attendees", "老张，wanglei", "--minutes", "90"]
    words += ["--next-on", "2026-11-17", "--requested-by", "wanglei"]
    done = run("log-visit", "acme", "Visit", "--kind", "quarterly", *HELD, *words, "--json")
    assert done.code == 0, done.err
    fields = run("show", done.json["ref"], "--json").json["fields"]
    assert fields["attendees"] == ["zhangwei", "wanglei"]
    assert (fields["mode"], fields["duration_minutes"]) == ("onsite", 90)
    assert (fields["next_on"], fields["requested_by"]) == ("2026-11-17", "wanglei")
    assert "Next on: 2026-11-17" in done.err


def test_a_visit_ahead_is_planned_and_needs_no_weather(wiki: Path, run: Any) -> None:
    done = run("log-visit", "acme", "Next", "--kind", "monthly", "--at", "明天下午3点", "--json")
    assert done.code == 0, done.err
    assert run("show", done.json["ref"], "--json").json["fields"]["status"] == "planned"
    said = run("log-visit", "acme", "Off", "--kind", "monthly", "--status", "not_held")
    assert said.code == 0


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (["acme", "Visit", *HELD], "--kind"),
        (["acme", "Visit", "--kind", "monthly", "--summary", "x"], "--weather"),
        (["acme", "Visit", "--kind", "monthly", "--weather", "rain"], "--summary"),
        (["acme"], "TITLE"),
        ([], "CUSTOMER"),
    ],
)
def test_off_a_terminal_what_is_missing_is_named(
    wiki: Path, run: Any, state: Any, words: list[str], option: str
) -> None:
    before = state(wiki)
    done = run("log-visit", *words, "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", "missing-argument")
    assert option in done.error["message"]
    assert state(wiki) == before


def test_the_summary_may_come_from_a_file(wiki: Path, run: Any) -> None:
    (wiki.parent / "body.md").write_text("## Summary\n\nLong talk.\n", encoding="utf-8")
    words = ["--kind", "monthly", "--body-file", str(wiki.parent / "body.md")]
    done = run("log-visit", "acme", "Visit", *words, "--weather", "rain", "--json")
    assert done.code == 0, done.err
    assert run("show", done.json["ref"], "--json").json["fields"]["summary"] == "Long talk."


@pytest.mark.parametrize("bad", [["--kind", "weekly"], ["--minutes", "long"], ["--at", "someday"]])
def test_what_cannot_be_read_is_refused(wiki: Path, run: Any, state: Any, bad: list[str]) -> None:
    before = state(wiki)
    kind = [] if bad[0] == "--kind" else ["--kind", "monthly"]
    assert run("log-visit", "acme", "Visit", *kind, *HELD, *bad).code == 2
    assert state(wiki) == before

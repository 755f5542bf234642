"""``due``: what asks for somebody's hand, most urgent first, on the clocks of the settings."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"
KEYS = ["ref", "customer", "what", "message", "owner", "since", "days", "next_level", "urgency"]


def november(clock: Any) -> None:
    clock.now = datetime.fromisoformat("2026-11-02T09:00:00+08:00")


def what(rows: list[dict[str, Any]], ref: str) -> list[str]:
    return [row["what"] for row in rows if row["ref"].startswith(ref)]


def test_an_item_has_the_promised_keys(wiki: Path, run: Any) -> None:
    row = run("due", "--json").json[0]
    assert list(row) == KEYS
    assert row == {
        "ref": UPLOADS,
        "customer": "lan-jing-you-xi",
        "what": "stalled-event",
        "message": "OSS 上传超时: nothing has moved for 17 days.",
        "owner": "writer",
        "since": "2026-10-03T14:20:00+08:00",
        "days": 17,
        "next_level": None,
        "urgency": 4,
    }


def test_an_untriaged_incident_is_due_after_a_day_and_not_before(
    wiki: Path, run: Any, clock: Any
) -> None:
    assert "untriaged" in what(run("due", "--json").json, UPLOADS)
    clock.now = datetime.fromisoformat("2026-10-04T14:00:00+08:00")
    assert "untriaged" not in what(run("due", "--json").json, UPLOADS)


def test_one_log_entry_is_movement(wiki: Path, run: Any, clock: Any) -> None:
    assert run("append", UPLOADS, "客户说还慢", "--kind", "customer").code == 0
    assert "stalled-event" not in what(run("due", "--json").json, UPLOADS)
    clock.now += timedelta(hours=25)
    assert "stalled-event" in what(run("due", "--json").json, UPLOADS)


def test_the_clocks_are_those_of_the_settings(wiki: Path, run: Any, clock: Any) -> None:
    settings = wiki / "aswiki.toml"
    settings.write_text(settings.read_text() + "\n[clock]\nfast_hours = 480\nslow_days = 30\n")
    assert "stalled-event" not in what(run("due", "--json").json, "")
    clock.now = datetime.fromisoformat("2026-11-05T09:30:00+08:00")
    found = what(run("due", "--json").json, "")
    assert found.count("stalled-event") == 2


def test_the_examples_name_overdue_promises_with_the_next_level(
    examples: Path, run: Any, clock: Any
) -> None:
    november(clock)
    rows = run("due", "--json").json
    late = {row["ref"]: row for row in rows if row["what"] == "overdue-promise"}
    assert late["tallowmere/events/2026-10-14-portal-slow#p2"]["days"] == 10
    ledger = "heng-chuan-yin-hang/events/2026-10-22-ledger-slow#p1"
    assert late[ledger]["next_level"] == {"level": "L4", "who": "product-center"}
    credit = next(row for row in rows if row["what"] == "credit-expires")
    assert (credit["ref"], credit["days"]) == ("xing-he-you-xi/profile", -13)
    assert [row["urgency"] for row in rows] == sorted((r["urgency"] for r in rows), reverse=True)


def test_the_owner_may_be_named_by_id_name_or_alias(examples: Path, run: Any, clock: Any) -> None:
    november(clock)
    mine = run("due", "--owner", "zhangwei", "--json").json
    assert mine
    assert {row["owner"] for row in mine} == {"zhangwei"}
    assert run("due", "--owner", "张维", "--json").json == mine
    assert run("due", "--owner", "nobody", "--json").json == []


def test_one_customers_matters_are_theirs_alone_with_the_ladder_of_the_products(
    examples: Path, run: Any, clock: Any
) -> None:
    november(clock)
    rows = run("due", "--customer", "tallowmere", "--json").json
    assert {row["customer"] for row in rows} == {"tallowmere"}
    assert {row["next_level"]["level"] for row in rows if row["next_level"]} == {"L4"}


def test_check_is_exit_1_only_when_something_is_due(wiki: Path, run: Any) -> None:
    assert run("due").code == 0
    done = run("due", "--check", "--json")
    assert done.code == 1
    assert done.json
    assert run("due", "--check", "--owner", "zhangwei", "--json").code == 0


def test_where_nothing_is_due_it_says_so(wiki: Path, run: Any) -> None:
    done = run("due", "--owner", "zhangwei")
    assert (done.code, done.out, done.err) == (0, "", "Nothing is due.\n")


def test_a_record_that_is_not_whole_says_what_it_lacks_in_the_language_asked_for(
    wiki: Path, run: Any
) -> None:
    assert run("set", "acme", "contacts=").code == 0
    for lang, label in [("en", "Contacts"), ("zh", "联系人")]:
        rows = run("due", "--customer", "acme", "--lang", lang, "--json").json
        lacking = next(row for row in rows if row["what"] == "not-whole")
        assert label in lacking["message"]


@pytest.mark.parametrize(("words", "code"), [(("--customer", "zzz"), 3), (("--owner", " "), 2)])
def test_bad_input_is_refused(wiki: Path, run: Any, words: tuple[str, ...], code: int) -> None:
    done = run("due", *words, "--json")
    assert (done.code, done.out) == (code, "")
    assert done.error["hint"]


def test_a_file_that_cannot_be_read_is_named(wiki: Path, run: Any) -> None:
    (wiki / "customers/acme/events/2026-10-06-bad.md").write_text("---\ntitle: [\n---\n")
    done = run("due", "--json")
    assert done.code == 0
    assert "2026-10-06-bad.md" in done.err

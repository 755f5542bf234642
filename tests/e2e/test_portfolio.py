"""``list customers``: where each stands today, those who need attention first."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from aswiki.cli.out import Out

KEYS = {
    *("ref", "type", "customer", "title", "status", "occurred", "owner", "account_level"),
    *("weather", "open_urgent", "open_events", "open_complaints", "overdue_promises"),
    *("owed_amount", "spend", "spend_month", "spend_trend", "last_contact_on"),
    "days_since_contact",
}


@pytest.fixture
def november(clock: Any) -> None:
    clock.now = datetime.fromisoformat("2026-11-02T09:00:00+08:00")


@pytest.mark.usefixtures("november")
def test_the_examples_stand_in_the_order_of_need(examples: Path, run: Any) -> None:
    done = run("list", "customers", "--json")
    assert (done.code, done.err) == (0, "")
    rows = {row["customer"]: row for row in done.json}
    assert [(row["customer"], row["weather"]) for row in done.json] == [
        ("heng-chuan-yin-hang", "storm"),
        ("tallowmere", "storm"),
        ("sunbird", "overcast"),
        ("xing-he-you-xi", "cloudy"),
    ]
    assert all(set(row) == KEYS for row in rows.values())
    bank = rows["heng-chuan-yin-hang"]
    assert (bank["overdue_promises"], bank["open_complaints"], bank["open_events"]) == (2, 1, 3)
    assert (bank["last_contact_on"], bank["days_since_contact"]) == ("2026-10-28", 5)
    assert (rows["tallowmere"]["owed_amount"], bank["account_level"]) == ("8640.00", "strategic")


@pytest.mark.usefixtures("november")
def test_spend_is_the_last_month_that_has_a_page_with_twelve_beside(
    examples: Path, run: Any
) -> None:
    rows = {row["customer"]: row for row in run("list", "customers", "--json").json}
    spend = rows["tallowmere"]
    assert (spend["spend_month"], spend["spend"]) == ("2026-10", {"EUR": "12818.15"})
    trend = spend["spend_trend"]["EUR"]
    assert (trend[:7], trend[7], trend[-1]) == ([None] * 7, "15400.33", "12818.15")
    months = run("usage", "sunbird", "--json").json["months"]
    assert rows["sunbird"]["spend_trend"]["USD"] == [month["amount"] for month in months]


@pytest.mark.usefixtures("november")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_row_keeps_to_one_line_of_a_hundred_cells(
    examples: Path, run: Any, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(Out, "terminal", True)
    lines = run("list", "customers", "--lang", language).out.splitlines()
    assert len(lines) == 5
    assert max(cell_len(line) for line in lines) <= 100
    assert "▇" in lines[1]


def test_off_a_terminal_the_slug_stands_first(wiki: Path, run: Any) -> None:
    lines = [line.split("\t") for line in run("list", "customers").out.splitlines()]
    assert lines == [
        ["lan-jing-you-xi", "蓝鲸游戏", "writer", "Key", "Rain", "", "1", "0", ""],
        ["acme", "Acme Corp", "writer", "Key", "Unknown", "", "0", "0", ""],
    ]


def test_owner_customer_and_lifecycle_choose(wiki: Path, run: Any) -> None:
    def found(*words: str) -> list[str]:
        return [row["customer"] for row in run("list", "customers", *words, "--json").json]

    assert run("set", "acme", "lifecycle=at_risk", "owner=zhangwei").code == 0
    assert found() == ["lan-jing-you-xi", "acme"]
    assert found("--owner", "老张") == ["acme"]
    assert found("--customer", "蓝鲸") == ["lan-jing-you-xi"]
    assert found("--status", "风险") == found("--status", "at_risk") == ["acme"]
    done = run("list", "customers", "--since", "2026-10-01", "--json")
    assert (done.code, done.error["code"]) == (2, "not-for-customers")


def test_of_two_in_the_rain_the_one_with_more_at_stake_comes_first(wiki: Path, run: Any) -> None:
    due = ["--due", "2026-10-10", "--at", "2026-10-01"]
    assert run("promise", "acme/oss-quota", "扩容", "--promiser", "zhangwei", *due).code == 0
    assert run("settle", "acme/oss-quota", "--as", "broken", "--on", "2026-10-11").code == 0
    rows = run("list", "customers", "--json").json
    assert [(row["customer"], row["weather"], row["open_urgent"]) for row in rows] == [
        ("lan-jing-you-xi", "rain", 1),
        ("acme", "rain", 0),
    ]


def test_a_visit_that_was_not_held_and_one_ahead_are_no_contact(wiki: Path, run: Any) -> None:
    def contact() -> tuple[Any, Any]:
        rows = run("list", "customers", "--customer", "acme", "--json").json
        return rows[0]["last_contact_on"], rows[0]["days_since_contact"]

    held = ["--weather", "sunny", "--summary", "x"]
    for day, more in (
        ("2026-10-18", ["--status", "not_held"]),
        ("2026-10-25", []),
        ("2026-10-12", held),
    ):
        assert run("log-visit", "acme", "v", "--kind", "monthly", "--at", day, *more).code == 0
    assert contact() == ("2026-10-12", 8)
    assert run("append", "acme/oss-quota", "问进度", "--kind", "customer").code == 0
    assert contact() == ("2026-10-20", 0)


def test_a_profile_with_a_mistake_is_named_and_its_customer_stays(wiki: Path, run: Any) -> None:
    profile = wiki / "customers/lan-jing-you-xi/profile.md"
    profile.write_text(profile.read_text().replace("account_level: key", "account_level: vip"))
    done = run("list", "customers", "--json")
    assert done.code == 0
    assert "customers/lan-jing-you-xi/profile.md" in done.err
    row = done.json[0]
    assert (row["customer"], row["title"], row["open_urgent"]) == ("lan-jing-you-xi", "蓝鲸游戏", 1)
    assert row["account_level"] is None


def test_a_file_that_cannot_be_read_is_named_and_a_retired_customer_left_out(
    wiki: Path, run: Any
) -> None:
    (wiki / "customers/acme/events/2026-10-06-bad.md").write_text("---\ntitle: [\n---\n")
    (wiki / "customers/broken").mkdir()
    (wiki / "customers/broken/profile.md").write_text("---\ntitle: [\n---\n")
    done = run("list", "customers", "--json")
    assert [row["customer"] for row in done.json] == ["lan-jing-you-xi", "acme"]
    assert "customers/acme/events/2026-10-06-bad.md" in done.err
    assert "customers/broken/profile.md" in done.err
    assert run("retire", "lan-jing-you-xi/profile", "--why", "合并").code == 0
    assert [row["customer"] for row in run("list", "customers", "--json").json] == ["acme"]

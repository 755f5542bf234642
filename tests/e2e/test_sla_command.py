"""``sla``: what each product kept in a month, the credit due, how long it can be claimed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

KEYS = [
    "product",
    "unavailable_minutes",
    "availability_percent",
    "committed_percent",
    "credit_percent",
    "credit",
    "claim_opens",
    "claim_closes",
]
CONTRACT = "contracts=[{product: oss, from: 2025-01-01, monthly_fee: 1000.00, currency: CNY}]"
SLA = (
    "sla={committed_percent: 99.9, tiers: [{below: 99.9, at_or_above: 99, percent_of_fee: 10},"
    " {below: 99, percent_of_fee: 30}], cap_percent: 30, zone: Asia/Shanghai, month: calendar,"
    " claim_opens: {day: 5, working: true}, claim_closes: {days: 60}}"
)
UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"


def contracted(run: Any, **fields: str) -> None:
    """The small wiki with an SLA for its product, a contract, and an outage that has ended."""
    assert run("set", "products/oss", SLA).code == 0
    assert run("set", "lan-jing-you-xi", CONTRACT).code == 0
    pairs = [f"{key}={value}" for key, value in fields.items()]
    assert run("set", UPLOADS, *pairs).code == 0


def row_of(run: Any, *words: str) -> dict[str, Any]:
    (row,) = run("sla", *words, "--json").json
    assert isinstance(row, dict)
    return row


def test_a_row_has_the_promised_keys_first(wiki: Path, run: Any) -> None:
    contracted(run, status="resolved", resolved_at="2026-10-03T15:05:30")
    row = row_of(run, "蓝鲸", "--month", "2026-10")
    assert list(row)[: len(KEYS)] == KEYS
    assert {key: row[key] for key in KEYS} == {
        "product": "oss",
        "unavailable_minutes": 61,
        "availability_percent": "99.863351",
        "committed_percent": "99.9",
        "credit_percent": "10",
        "credit": "100.00",
        "claim_opens": "2026-11-07",
        "claim_closes": "2026-12-30",
    }
    assert (row["fee"], row["fee_basis"], row["currency"]) == ("1000.00", "contract", "CNY")
    assert row["working_days"] == "weekends_only"
    assert row["final"] is False
    assert row["outages"] == [
        {
            "ref": UPLOADS,
            "minutes": 61,
            "from": "2026-10-03T14:05:00+08:00",
            "to": "2026-10-03T15:05:30+08:00",
            "excluded": None,
            "running": False,
            "compensation": None,
        }
    ]


def test_holidays_of_the_settings_move_the_day_it_opens(wiki: Path, run: Any) -> None:
    contracted(run, status="resolved", resolved_at="2026-10-03T15:05:30")
    settings = wiki / "aswiki.toml"
    listed = '\n[holidays]\ndays = [2026-11-02, "2026-11-03"]\nworkdays = [2026-11-07]\n'
    settings.write_text(settings.read_text(encoding="utf-8") + listed, encoding="utf-8")
    row = row_of(run, "蓝鲸", "--month", "2026-10")
    assert (row["claim_opens"], row["working_days"]) == ("2026-11-10", "holidays")


def test_without_a_month_it_is_the_last_one(wiki: Path, run: Any, clock: Any) -> None:
    contracted(run, status="resolved", resolved_at="2026-10-03T15:05:30")
    clock.now = datetime.fromisoformat("2026-11-10T09:00:00+08:00")
    row = row_of(run, "蓝鲸")
    assert (row["unavailable_minutes"], row["claim"], row["final"]) == (61, "open", True)
    assert row_of(run, "蓝鲸", "--month", "上个月") == row


def test_beneath_the_table_stand_the_outages_and_the_claim(
    wiki: Path, run: Any, clock: Any
) -> None:
    contracted(run, status="resolved", resolved_at="2026-10-03T15:05:30")
    clock.now = datetime.fromisoformat("2026-11-10T09:00:00+08:00")
    done = run("sla", "蓝鲸", "--month", "2026-10")
    table, *beneath = done.out.split("\n\n")
    assert table.split("\t") == [
        *("oss", "61", "99.863351", "99.9", "10", "100.00 CNY", "2026-11-07", "2026-12-30")
    ]
    assert "\n\n".join(beneath) == (
        "oss\n"
        f"  2026-10-03 14:05:00 – 2026-10-03 15:05:30  61 min  {UPLOADS}\n"
        "  The fee is the contract's: 1000.00 CNY a month.\n"
        "  The claim is open until 2026-12-30, 50 days from now.\n"
        "  Working days: weekends only, [holidays] has no day of that year.\n"
        "  Nobody has said what becomes of the claim: set compensation.status.\n"
    )


def test_an_outage_that_goes_on_says_so(wiki: Path, run: Any, clock: Any) -> None:
    assert run("set", "lan-jing-you-xi", CONTRACT).code == 0
    clock.now = datetime.fromisoformat("2026-10-03T15:05:00+08:00")
    row = row_of(run, "蓝鲸", "--month", "2026-10")
    assert (row["unavailable_minutes"], row["outages"][0]["running"]) == (60, True)
    assert (row["committed_percent"], row["credit_percent"], row["credit"]) == (None, None, None)
    said = run("sla", "蓝鲸", "--month", "2026-10").out
    assert "goes on  60 min" in said
    assert "No SLA is on record for this product." in said


def test_unknown_hours_are_unclear(wiki: Path, run: Any) -> None:
    contracted(run, status="resolved")
    row = row_of(run, "蓝鲸", "--month", "2026-10")
    assert (row["unclear"], row["outages"][0]["minutes"]) == ([UPLOADS], None)
    assert f"The hours of {UPLOADS} are not known" in run("sla", "蓝鲸", "--month", "2026-10").out


def test_a_zone_that_is_none_and_an_incident_without_product_are_said(wiki: Path, run: Any) -> None:
    contracted(run, status="resolved", resolved_at="2026-10-03T15:05:30")
    assert run("set", "products/oss", "sla.zone=Mars/Olympus").code == 0
    assert run("log-incident", "蓝鲸", "Unnamed", "--started-at", "2026-10-09T10:00").code == 0
    done = run("sla", "蓝鲸", "--month", "2026-10")
    assert "oss: there is no time zone Mars/Olympus; Asia/Shanghai is used." in done.err
    assert "names no product and counts for none." in done.err


def test_a_customer_without_contract_or_outage_has_no_rows(wiki: Path, run: Any) -> None:
    assert run("sla", "acme", "--month", "2026-10", "--json").json == []
    assert run("sla", "acme", "--month", "2026-10").err.startswith(
        "No product was under contract in 2026-10"
    )


def test_a_month_that_is_none_and_a_customer_who_is_none_are_refused(wiki: Path, run: Any) -> None:
    assert run("sla", "蓝鲸", "--month", "soon").code == 2
    assert run("sla", "nobody", "--month", "2026-10").code == 3


def test_the_examples_show_both_clocks_and_exclusions(examples: Path, run: Any, clock: Any) -> None:
    clock.now = datetime.fromisoformat("2026-11-02T09:00:00+08:00")
    rows = {row["product"]: row for row in run("sla", "xhyx", "--month", "2026-10", "--json").json}
    database = rows["云数据库"]
    assert (database["unavailable_minutes"], database["credit"]) == (54, "4200.00")
    assert database["customer_clock"] == {
        "unavailable_minutes": 81,
        "availability_percent": "99.818548",
        "credit_percent": "10",
        "credit": "4200.00",
    }
    assert (database["claim"], database["decided"]) == ("ahead", True)
    said = run("sla", "xhyx", "--month", "2026-10").out
    assert "By the customer's clock: 81 minutes, 99.818548 %, credit 4200.00 CNY." in said
    assert "The claim opens on 2026-11-07 and closes on 2026-11-30." in said
    bank = run("sla", "heng-chuan", "--month", "2026-10").out
    assert "does not count: 第三方设备策略所致，入口可用" in bank
    assert "Less than committed, but no tier of the SLA pays for it." in bank
    slow = run("sla", "heng-chuan", "--month", "2026-09").out
    assert "does not count: Customer's side" in slow


def test_a_claim_about_to_lapse_is_due_and_a_warning_of_validate(
    examples: Path, run: Any, clock: Any
) -> None:
    clock.now = datetime.fromisoformat("2026-12-10T09:00:00+08:00")
    portal = "tallowmere/events/2026-10-14-portal-slow"
    items = [one for one in run("due", "--json").json if one["what"] == "sla-claim"]
    assert [(one["ref"], one["days"], one["urgency"]) for one in items] == [(portal, -5, 3)]
    assert "ends on 2026-12-15, in 5 days" in items[0]["message"]
    found = run("validate", "--due", "--json").json["problems"]
    warned = [(one["path"], one["level"]) for one in found if one["code"] == "ASW010"]
    assert warned == [(f"customers/{portal}.md", "warning")]
    assert "ASW010" not in {one["code"] for one in run("validate", "--json").json["problems"]}
    assert run("set", portal, "compensation.status=claimed").code == 0
    assert "sla-claim" not in {one["what"] for one in run("due", "--json").json}

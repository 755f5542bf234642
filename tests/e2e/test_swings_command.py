"""`aswiki swings`: every comparison in JSON, what fired on the screen; unexplained ones ask."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
KEYS = [
    "customer",
    "scope",
    "horizon",
    "direction",
    "actual",
    "expected",
    "impact",
    "impact_percent",
    "currency",
    "partial_days",
    "fired",
    "feedback",
    "explanation",
]


def page(folder: Path, month: str, *lines: str, days: int, more: str = "") -> None:
    text = f"---\ntype: usage\ntitle: 用量\nperiod: {month}\ndays_covered: {days}\nlines:\n"
    text += "".join(f"  - {{source: 1, {line}}}\n" for line in lines)
    place = folder / "customers/acme/usage" / f"{month}.md"
    place.parent.mkdir(exist_ok=True)
    place.write_text(f"{text}{more}---\n", encoding="utf-8")


def cost(amount: str, product: str = "云数据库", charge: str = "usage") -> str:
    return (
        f"product: {product}, charge: {charge}, currency: CNY, "
        f"billed_cost: {amount}, effective_cost: {amount}"
    )


def of(found: list[dict[str, Any]], scope: str, horizon: str) -> dict[str, Any]:
    [one] = [one for one in found if (one["scope"], one["horizon"]) == (scope, horizon)]
    return one


def test_every_comparison_of_the_last_month_has_the_promised_keys(run: Run, examples: Path) -> None:
    found = run("swings", "--json").json
    assert all(list(one)[: len(KEYS)] == KEYS for one in found)
    assert {one["ref"].rpartition("/")[2] for one in found} == {"2026-10"}
    assert len({one["customer"] for one in found}) == 4
    assert {one["fired"] for one in found} == {True, False}


def test_a_partial_first_month_is_compared_per_day_and_json_says_so(run: Run, wiki: Path) -> None:
    page(wiki, "2026-08", cost("1900.00"), days=19)
    page(wiki, "2026-09", cost("3000.00"), days=30)
    found = run("swings", "--json").json
    one = of(found, "total", "short")
    assert one["partial_days"] == {"now": [30, 30], "before": [19, 31]}
    assert (one["actual"], one["expected"], one["fired"]) == ("3000.00", "3000.00", False)


def test_a_fall_fires_as_a_rise_does(run: Run, wiki: Path) -> None:
    page(wiki, "2026-07", cost("1000.00"), cost("1000.00", "CDN"), days=31)
    page(wiki, "2026-08", cost("600.00"), cost("1400.00", "CDN"), days=31)
    found = run("swings", "--customer", "acme", "--month", "2026-08", "--json").json
    fall, rise = of(found, "云数据库", "short"), of(found, "CDN", "short")
    assert (fall["fired"], fall["direction"], fall["impact_percent"]) == (True, "down", "-40.00")
    assert (rise["fired"], rise["direction"], rise["impact_percent"]) == (True, "up", "40.00")
    assert not of(found, "total", "short")["fired"]


def test_a_year_bought_in_one_month_fires_nothing_and_is_named(run: Run, wiki: Path) -> None:
    page(wiki, "2026-07", cost("1000.00"), days=31)
    page(wiki, "2026-08", cost("1000.00"), cost("12000.00", charge="purchase"), days=31)
    found = run("swings", "--json").json
    assert not any(one["fired"] for one in found)
    assert of(found, "total", "short")["left_out"] == {"purchase": "12000.00"}


def test_a_new_product_has_no_percentage(run: Run, wiki: Path) -> None:
    page(wiki, "2026-07", cost("1000.00"), days=31)
    page(wiki, "2026-08", cost("1000.00"), cost("9000.00", "CDN"), days=31)
    one = of(run("swings", "--json").json, "CDN", "short")
    assert (one["expected"], one["impact_percent"], one["fired"], one["new"]) == (
        None,
        None,
        False,
        True,
    )


def test_the_screen_shows_what_fired_and_counts_the_rest(run: Run, examples: Path) -> None:
    done = run("swings", "--month", "上个月", "--customer", "恒川")
    rows = [row.split("\t") for row in done.out.splitlines()]
    assert [(row[1], row[3], row[4]) for row in rows] == [
        ("total", "Short +27.3%, Middle +26.9%", "unexplained"),
        ("云数据库", "Short +40.5%, Middle +39.9%", "unexplained"),
    ]
    assert "2026-09: 4 of 12 comparisons fired, 4 of them unexplained." in done.err
    everything = run("swings", "--month", "2026-09", "--customer", "恒川", "--all")
    assert len(everything.out.splitlines()) > len(rows)


def test_without_any_usage_there_is_nothing_to_say(run: Run, wiki: Path) -> None:
    assert run("swings", "--json").json == []
    assert run("swings").err == "No customer has a usage page yet.\n"


def test_a_page_that_cannot_be_read_is_named(run: Run, examples: Path) -> None:
    (examples / "customers/sunbird/usage/2026-09.md").write_text("---\nlines: [\n---\n")
    done = run("swings", "--json")
    assert done.code == 0
    assert "customers/sunbird/usage/2026-09.md cannot be read" in done.err


@pytest.mark.parametrize(
    ("words", "code"), [(("--month", "13月"), 2), (("--customer", "nobody"), 3)]
)
def test_an_unclear_month_and_an_unknown_customer_are_refused(
    words: tuple[str, ...], code: int, run: Run, wiki: Path
) -> None:
    assert run("swings", *words).code == code


def test_thresholds_are_the_wikis_and_those_of_the_account_level(run: Run, wiki: Path) -> None:
    page(wiki, "2026-07", cost("1000.00"), days=31)
    page(wiki, "2026-08", cost("1150.00"), days=31)
    settings = wiki / "aswiki.toml"
    text = settings.read_text(encoding="utf-8")
    assert not of(run("swings", "--json").json, "total", "short")["fired"]
    for said in ("[thresholds]\npercent = 15", '[thresholds.by_level."重点"]\npercent = 10'):
        settings.write_text(f"{text}\n{said}\n", encoding="utf-8")
        assert of(run("swings", "--json").json, "total", "short")["fired"]
        assert run("validate", "aswiki.toml").code == 0
    settings.write_text(f"{text}\n[thresholds]\namount = 151\npercent = 1\n", encoding="utf-8")
    assert not of(run("swings", "--json").json, "total", "short")["fired"]


def test_a_level_or_a_key_that_no_threshold_has_is_an_error_at_its_line(
    run: Run, wiki: Path
) -> None:
    settings = wiki / "aswiki.toml"
    text = settings.read_text(encoding="utf-8")
    bad = "[thresholds.by_level.strategc]\npercent = 10\n[thresholds.by_level.key]\npercnt = 10\n"
    settings.write_text(text + bad, encoding="utf-8")
    done = run("validate", "aswiki.toml", "--json")
    start = text.count("\n")
    found = [(one["code"], one["line"], one["hint"]) for one in done.json["problems"]]
    assert found == [
        ("ASW120", start + 1, "Did you mean strategic?"),
        ("ASW120", start + 4, "Did you mean percent?"),
    ]


# --- where an unexplained swing is told --------------------------------------------------


def test_validate_warns_at_the_swings_or_at_the_head_with_the_command_to_type(
    run: Run, examples: Path
) -> None:
    done = run("validate", "customers/heng-chuan-yin-hang/usage", "--json")
    assert done.code == 0
    warned = [one for one in done.json["problems"] if one["code"] == "ASW024"]
    text = (examples / "customers/heng-chuan-yin-hang/usage/2026-10.md").read_text("utf-8")
    at = text.splitlines().index("swings:") + 1
    assert [(one["level"], one["path"][-10:], one["line"]) for one in warned] == [
        ("warning", "2026-09.md", 1),
        ("warning", "2026-09.md", 1),
        ("warning", "2026-10.md", at),
    ]
    assert "负载均衡 in CNY, short +31.4%, middle +32.4%" in warned[2]["message"]
    assert (
        "aswiki explain heng-chuan-yin-hang --month 2026-10 --scope 负载均衡" in warned[2]["hint"]
    )
    assert run("validate", "customers/heng-chuan-yin-hang/usage/2026-10.md", "--strict").code == 1


def test_only_the_swings_of_the_page_that_is_checked_are_told(run: Run, examples: Path) -> None:
    path = "customers/heng-chuan-yin-hang/usage/2026-10.md"
    found = run("validate", path, "--json").json["problems"]
    assert [one["path"] for one in found] == [path]


def test_due_names_the_page_its_owner_and_the_next_step(run: Run, examples: Path) -> None:
    found = run("due", "--customer", "sunbird", "--json").json
    [one] = [one for one in found if one["what"] == "unexplained-swing"]
    assert (one["ref"], one["owner"]) == ("sunbird/usage/2026-10", "linyue")
    assert one["since"] == "2026-10-31"
    assert "CDN in USD" in one["message"]
    assert "aswiki explain sunbird --month 2026-10 --scope CDN" in one["message"]


def test_the_report_tells_spend_and_asks_about_what_is_unexplained(
    run: Run, examples: Path
) -> None:
    done = run("report", "--month", "2026-10", "--format", "json").json
    facts = [one for one in done["asked_about"] if one["kind"] == "swing"]
    assert [(one["title"], one["percent"]) for one in facts] == [
        ("负载均衡", "32.41"),
        ("CDN", "-34.72"),
    ]
    [one] = [one for one in done["customers"] if one["customer"] == "sunbird"]
    [total] = one["spend"]["totals"]
    assert Decimal(total["amount"]) == Decimal("37556.08")
    assert (total["currency"], total["left_out"]) == ("USD", {"tax": "3380.05"})
    assert all(swing["fired"] for swing in one["spend"]["swings"])
    text = run("report", "--month", "2026-10").out
    assert "**Unexplained swing of spend** Sunbird Retail: CDN" in text
    assert "\n## 2 Spend\n" in text
    assert "- 恒川银行 · 对象存储 29,785.58 CNY:" in text


def test_a_month_of_spend_alone_is_reported(run: Run, examples: Path) -> None:
    text = run("report", "--month", "2025-12", "--lang", "zh").out
    assert "| Sunbird Retail | 33,383.49 USD | 35,318.54 | −8.5% |" in text
    assert "误报：Only the peak of November is missing" in text

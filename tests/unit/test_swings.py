"""Swings of spend: what is compared with what, what fires, and what never does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest

from aswiki.domain.records.usage import Usage
from aswiki.domain.spending.month import days_of, shifted
from aswiki.domain.spending.series import Limits, Series, Swing, Thresholds, swings
from aswiki.domain.spending.swing import limits, percent_label
from aswiki.domain.vocabulary import DEFAULT

Line = dict[str, Any]
DATABASE, CDN = "云数据库", "CDN"


def line(cost: object, product: str = DATABASE, **fields: Any) -> Line:
    given = {"product": product, "charge": "usage", "currency": "CNY", **fields}
    if cost is not None:
        given |= {"effective_cost": Decimal(str(cost)), "billed_cost": Decimal(str(cost))}
    return given | {key: value for key, value in fields.items() if value is None}


def page(month: str, *lines: Line, **fields: Any) -> dict[str, Usage]:
    given = {"type": "usage", "title": "x", "period": month, "lines": [*lines], **fields}
    return {f"acme/usage/{month}": Usage.model_validate(given)}


def flat(*months: str, cost: object = 1000) -> dict[str, Usage]:
    """Months that cost the same each day: so much for 30 of them."""
    found: dict[str, Usage] = {}
    for month in months:
        whole = Decimal(str(cost)) * days_of(month) / 30
        found |= page(month, line(whole))
    return found


def back(month: str, count: int) -> list[str]:
    return [shifted(month, -number) for number in range(1, count + 1)]


def compared(
    pages: Mapping[str, Usage], month: str = "2026-06", limits: Thresholds | None = None
) -> dict[tuple[str, str], Swing]:
    found = swings("acme", pages, month, limits or Thresholds())
    return {(one.scope, one.horizon): one for one in found}


def fired(pages: Mapping[str, Usage], month: str = "2026-06") -> set[tuple[str, str]]:
    return {key for key, one in compared(pages, month).items() if one.fired}


def told(one: object, *names: str) -> tuple[Any, ...]:
    return tuple(getattr(one, name) for name in names)


def test_the_terms_are_actual_expected_impact_and_its_percentage() -> None:
    found = compared(flat("2026-04") | page("2026-06", line(1500)) | page("2026-05", line(1240)))
    short = found["total", "short"]
    assert told(short, "actual", "expected", "impact") == (1500, 1200, 300)
    assert short.impact_percent == 25
    assert told(short, "direction", "fired", "new") == ("up", True, False)


def test_a_fall_fires_as_well_as_a_rise() -> None:
    found = compared(flat("2026-05") | flat("2026-06", cost=600))
    for scope in ("total", DATABASE):
        one = found[scope, "short"]
        assert told(one, "fired", "direction") == (True, "down")
        assert told(one, "impact", "impact_percent") == (-400, -40)


def test_months_of_different_length_with_the_same_day_are_the_same() -> None:
    pages = flat("2026-01", "2026-02", "2026-03")
    short = compared(pages, "2026-03")["total", "short"]
    assert short.expected == short.actual.quantize(Decimal("0.01"))
    assert told(short, "impact", "partial_days") == (0, None)


def test_a_partial_first_month_is_compared_per_day_and_said() -> None:
    pages = page("2026-05", line(1900), days_covered=19) | page("2026-06", line(3000))
    short = compared(pages)["total", "short"]
    assert told(short, "expected", "impact", "fired") == (3000, 0, False)
    assert short.partial_days == {"now": [30, 30], "before": [19, 31]}


def test_a_partial_month_of_its_own_is_compared_over_the_days_it_covers() -> None:
    pages = flat("2026-05") | page("2026-06", line(500), days_covered=15)
    short = compared(pages)["total", "short"]
    assert told(short, "actual", "expected", "fired") == (500, 500, False)
    assert short.partial_days == {"now": [15, 30], "before": [31, 31]}


def test_the_middle_says_how_much_of_all_its_months_is_covered() -> None:
    pages = flat("2026-03", "2026-04", "2026-06") | page("2026-05", line(100), days_covered=3)
    assert compared(pages)["total", "middle"].partial_days == {"now": [30, 30], "before": [64, 92]}


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        (["2026-05", "2026-04", "2026-03"], 1000),
        (["2026-05", "2026-03"], 1000),
        (["2026-05"], None),
    ],
)
def test_the_middle_needs_two_of_the_three_months_before(
    months: Sequence[str], expected: int | None
) -> None:
    middle = compared(flat(*months, "2026-06"))["total", "middle"]
    assert middle.expected == expected
    assert middle.new == (expected is None)


def test_the_middle_is_the_mean_of_the_months() -> None:
    pages = flat("2026-03", cost=600) | flat("2026-04", cost=900) | flat("2026-05", "2026-06")
    expected = compared(pages)["total", "middle"].expected
    assert expected == Decimal("832.61")  # 620 + 900 + 1033.33 in 92 days, for 30 of them


def test_the_long_looks_at_the_same_month_a_year_ago() -> None:
    pages = flat("2025-06", cost=500) | flat(*back("2026-06", 11)) | flat("2026-06")
    assert compared(pages)["total", "long"].expected == 500


@pytest.mark.parametrize(("count", "expected"), [(6, 1000), (5, None)])
def test_without_a_year_ago_the_long_needs_six_of_twelve_months(
    count: int, expected: int | None
) -> None:
    long = compared(flat(*back("2026-06", count), "2026-06"))["total", "long"]
    assert long.expected == expected


def test_a_gap_is_no_month_without_spend() -> None:
    pages = flat("2026-03", "2026-04", "2026-06")
    assert compared(pages)["total", "short"].new
    assert fired(pages) == set()


def test_a_new_product_has_no_percentage_and_does_not_fire() -> None:
    pages = flat("2026-05") | page("2026-06", line(1000), line(5000, CDN))
    one = compared(pages)[CDN, "short"]
    assert told(one, "new", "fired", "direction") == (True, False, "new")
    assert told(one, "expected", "impact", "impact_percent") == (None, None, None)
    assert one.actual == 5000
    assert ("total", "short") in fired(pages)


def test_the_months_before_a_product_was_there_are_no_months_of_nothing() -> None:
    pages = flat("2026-03", "2026-04") | page("2026-05", line(1033), line(310, CDN))
    pages |= page("2026-06", line(1000), line(300, CDN))
    found = compared(pages)
    assert found[CDN, "short"].expected == 300
    assert found[CDN, "middle"].new


def test_a_vanished_product_fires_down() -> None:
    pages = page("2026-05", line(1033), line(310, "Cdn")) | page("2026-06", line(1000))
    one = compared(pages)["Cdn", "short"]
    assert told(one, "fired", "direction", "actual", "impact_percent") == (True, "down", 0, -100)


def test_a_product_that_is_long_gone_is_not_spoken_of_at_short() -> None:
    pages = page("2026-03", line(1033), line(310, CDN)) | flat("2026-04", "2026-05", "2026-06")
    found = compared(pages)
    assert (CDN, "short") not in found
    assert found[CDN, "middle"].fired


def test_products_are_matched_without_regard_to_case() -> None:
    pages = page("2026-05", line(310, "Object Storage"))
    pages |= page("2026-06", line(200, "object storage "), line(100, "OBJECT STORAGE"))
    [one] = [one for (scope, at), one in compared(pages).items() if (scope, at) != ("total", at)][
        :1
    ]
    assert told(one, "actual", "expected", "scope") == (300, 300, "object storage")


@pytest.mark.parametrize("charge", ["purchase", "tax", "credit", "adjustment", "correction"])
def test_what_is_no_usage_never_fires_and_is_named(charge: str) -> None:
    other: dict[str, Any] = {"billed_cost": Decimal(12000), "effective_cost": Decimal(0)}
    pages = flat("2026-05") | page("2026-06", line(1000), line(None, charge=charge, **other))
    found = compared(pages)
    assert fired(pages) == set()
    assert found["total", "short"].left_out == {charge: 12000}
    assert found[DATABASE, "short"].left_out == {charge: 12000}
    assert found["total", "short"].actual == 1000


def test_a_year_bought_in_one_month_fires_nothing_on_effective_cost() -> None:
    before = [page(month, line(100, billed_cost=Decimal(100))) for month in back("2026-06", 3)]
    pages = {ref: one for month in before for ref, one in month.items()}
    pages |= page(
        "2026-06",
        line(None, effective_cost=Decimal(100), billed_cost=Decimal(0)),
        line(None, charge="purchase", billed_cost=Decimal(1200), effective_cost=Decimal(0)),
    )
    assert fired(pages) == set()
    assert compared(pages)["total", "short"].basis == "effective_cost"


def test_billed_cost_stands_in_only_where_nothing_else_is_there() -> None:
    billed: dict[str, Any] = {"billed_cost": Decimal(900), "effective_cost": None}
    pages = page("2026-05", line(None, **billed))
    pages |= page("2026-06", line(None, billed_cost=Decimal(800), effective_cost=Decimal(100)))
    short = compared(pages)["total", "short"]
    assert short.basis == "billed_cost"
    assert short.actual == 800
    both = compared(flat("2026-05") | page("2026-06", line(5, billed_cost=Decimal(900))))
    assert both["total", "short"].actual == 5


def test_a_product_on_its_bill_moves_no_other_off_effective_cost() -> None:
    pages = page("2026-05", line(31), line(None, CDN, billed_cost=Decimal(310)))
    pages |= page(
        "2026-06",
        line(30, billed_cost=Decimal(999)),
        line(None, CDN, billed_cost=Decimal(300), effective_cost=Decimal(1)),
    )
    found = compared(pages)
    assert told(found[CDN, "short"], "actual", "basis") == (300, "billed_cost")
    assert told(found[DATABASE, "short"], "actual", "impact") == (30, 0)
    assert found["total", "short"].actual == 330


@pytest.mark.parametrize(
    ("now", "fires"), [(1200, True), ("1199.99", False), (800, True), ("800.01", False)]
)
def test_the_percentage_is_met_to_the_cent(now: object, fires: bool) -> None:
    pages = page("2026-07", line(1000)) | page("2026-08", line(now))
    assert (("total", "short") in fired(pages, "2026-08")) == fires


@pytest.mark.parametrize(("now", "fires"), [(300, True), ("299.99", False), (100, True)])
def test_the_amount_is_a_threshold_besides_the_percentage(now: object, fires: bool) -> None:
    pages = page("2026-07", line(200)) | page("2026-08", line(now))
    assert (("total", "short") in fired(pages, "2026-08")) == fires


def test_a_share_of_the_mean_month_is_a_threshold_besides_the_amount() -> None:
    big = {"product": "x"}
    pages = page("2026-04", line(100_000, **big), line(1000, CDN))
    pages |= page("2026-06", line(100_000, **big), line(1500, CDN))
    pages |= page("2026-05", line(Decimal(3_100_000) / 30, **big), line(Decimal(31_000) / 30, CDN))
    assert not compared(pages)[CDN, "short"].fired
    assert compared(pages, limits=Thresholds(share_percent=Decimal("0.1")))[CDN, "short"].fired


def test_currencies_stay_apart() -> None:
    pages = page("2026-05", line(1033), line(1033, currency="USD"))
    pages |= page("2026-06", line(1000), line(2000, currency="USD"))
    found = swings("acme", pages, "2026-06", Thresholds())
    short = [(one.currency, one.scope, one.fired) for one in found if one.horizon == "short"]
    assert short == [
        ("CNY", "total", False),
        ("CNY", DATABASE, False),
        ("USD", "total", True),
        ("USD", DATABASE, True),
    ]


def test_a_line_without_currency_is_in_the_wikis() -> None:
    series = Series("acme", page("2026-06", line(5, currency=None)), currency="EUR")
    assert [one.currency for one in series.totals("2026-06")] == ["EUR"]


def test_the_total_is_told_first_then_products_by_the_size_of_their_impact() -> None:
    lines = {"a": (31, 30), "b": (3100, 2000), "c": (310, 1400)}
    pages = page("2026-05", *(line(was, name) for name, (was, _now) in lines.items()))
    pages |= page("2026-06", *(line(now, name) for name, (_was, now) in lines.items()))
    found = swings("acme", pages, "2026-06", Thresholds())
    assert [one.scope for one in found if one.horizon == "short"] == ["total", "c", "b", "a"]


ANSWER = {"feedback": "planned", "explanation": "扩容", "by": "zw", "related": "acme/events/x"}


@pytest.mark.parametrize(
    ("answer", "answered"),
    [
        ({"scope": "云数据库", "horizon": "short"}, {(DATABASE, "short")}),
        ({"scope": "云数据库"}, {(DATABASE, "short"), (DATABASE, "middle")}),
        ({"scope": "TOTAL", "horizon": "middle"}, {("total", "middle")}),
        ({"scope": "总额", "horizon": "short"}, {("total", "short")}),
        ({}, {("total", "short"), ("total", "middle")}),
        ({"scope": "other"}, set()),
    ],
)
def test_an_answer_is_to_its_scope_and_horizon(
    answer: dict[str, str], answered: set[tuple[str, str]]
) -> None:
    pages = flat("2026-03", "2026-04", "2026-05")
    pages |= page("2026-06", line(2000), swings=[answer | ANSWER])
    found = compared(pages)
    said = {key for key, one in found.items() if one.feedback == "planned"}
    assert {key for key in said if key[1] != "long"} == answered
    assert all(found[key].explanation == "扩容" for key in said)
    assert {key for key, one in found.items() if one.is_unexplained} == fired(pages) - said


def test_the_answer_to_one_horizon_goes_before_that_to_all_and_the_later_before_the_earlier() -> (
    None
):
    answers = [
        {"scope": DATABASE, "horizon": "short", "feedback": "confirmed"},
        {"scope": DATABASE, "feedback": "planned"},
        {"scope": DATABASE, "horizon": "middle", "feedback": "planned"},
        {"scope": DATABASE, "horizon": "middle", "feedback": "false_alarm"},
    ]
    pages = flat("2026-03", "2026-04", "2026-05") | page("2026-06", line(2000), swings=answers)
    found = compared(pages)
    assert found[DATABASE, "short"].feedback == "confirmed"
    assert found[DATABASE, "middle"].feedback == "false_alarm"


def test_a_page_without_figures_is_no_month() -> None:
    empty = page("2026-06", swings=[{"scope": "total"}])
    assert compared(flat("2026-05") | empty) == {}
    assert compared(flat("2026-05")) == {}
    bought = page("2026-06", line(100, charge="purchase"))
    assert compared(flat("2026-05") | bought) == {}
    assert compared(flat("2026-06") | page("2026-05"))["total", "short"].new


def test_figures_beyond_reason_are_no_defect() -> None:
    pages = page("2026-05", line("1e999999")) | page("2026-06", line("-1e-999999"), line("9e999"))
    assert compared(pages)
    assert Series("acme", pages).totals("2026-06")


def test_the_json_has_the_promised_keys_first() -> None:
    one = compared(flat("2026-05", "2026-06"))["total", "short"].as_json()
    promised = "customer,scope,horizon,direction,actual,expected,impact,impact_percent,currency,"
    promised += "partial_days,fired,feedback,explanation"
    assert ",".join(list(one)[:13]) == promised
    assert one["ref"] == "acme/usage/2026-06"


# --- the week ---------------------------------------------------------------------------


def by_day(month: str, costs: Sequence[Decimal | None], product: str = DATABASE) -> dict[str, Any]:
    rows = [cost for cost in costs if cost is not None]
    return {
        "lines": [line(sum(rows, Decimal(0)), product)],
        "days_covered": len(rows),
        "daily": [{"product": product, "currency": "CNY", "costs": [*costs]}],
    }


def weeks(now: Sequence[Decimal | None]) -> dict[tuple[str, str], Swing]:
    before = [Decimal(100 + day % 3) for day in range(31)]
    pages = page("2026-05", **by_day("2026-05", before)) | page("2026-06", **by_day("2026-06", now))
    return compared(pages)


def test_the_last_week_is_held_against_the_four_before() -> None:
    now = [Decimal(100 + day % 3) for day in range(23)] + [Decimal(60)] * 7
    one = weeks(now)["total", "week"]
    assert one.actual == 420
    assert one.expected is not None
    assert 700 <= one.expected <= 714
    assert told(one, "fired", "direction", "partial_days") == (True, "down", None)


def test_a_week_within_its_usual_spread_does_not_fire() -> None:
    now = [Decimal(100 + day % 3) for day in range(30)]
    assert not weeks(now)["total", "week"].fired


def test_the_threshold_of_a_week_is_a_weeks_share_of_the_months() -> None:
    cheap = [Decimal(1)] * 23 + [Decimal(5)] * 7
    assert not weeks([cost / 10 for cost in cheap])["total", "week"].fired


def test_the_week_ends_with_the_last_day_that_has_a_row() -> None:
    now: list[Decimal | None] = [Decimal(100)] * 10 + [None] * 20
    one = weeks(now)["total", "week"]
    assert one.actual == 700
    assert one.partial_days is None


def test_days_without_a_row_are_said() -> None:
    now: list[Decimal | None] = [Decimal(100)] * 30
    now[25] = None
    one = weeks(now)["total", "week"]
    assert one.partial_days == {"now": [6, 7], "before": [28, 28]}


def test_without_days_there_is_no_week() -> None:
    assert not [key for key in compared(flat("2026-05", "2026-06")) if key[1] == "week"]
    only_now = page("2026-06", **by_day("2026-06", [Decimal(100)] * 30))
    assert ("total", "week") in compared(only_now)
    few: list[Decimal | None] = [Decimal(100)] * 12
    assert ("total", "week") not in compared(page("2026-06", **by_day("2026-06", few)))


# --- totals and thresholds --------------------------------------------------------------


def test_a_month_in_all_stands_beside_the_one_before_and_a_year_ago() -> None:
    pages = flat("2025-06", cost=500) | flat("2026-05", cost=800) | flat("2026-06")
    [total] = Series("acme", pages).totals("2026-06")
    assert told(total, "amount", "year_ago", "covered", "days") == (1000, 500, 30, 30)
    assert told(total, "change_percent", "year_percent") == (25, 100)
    [first] = Series("acme", pages).totals("2026-05")
    assert told(first, "before", "change_percent", "year_ago") == (None, None, None)


def test_thresholds_are_read_by_level_and_the_rest_is_the_usual() -> None:
    table: dict[str, Any] = {
        "percent": 15,
        "amount": "much",
        "by_level": {
            "战略": {"percent": Decimal("7.5")},
            "trial": {"amount": 5},
            "no": {},
            "key": 1,
        },
    }
    found = limits(table, lambda name: DEFAULT.key("account_level", name))
    assert found.of(None) == Thresholds(percent=Decimal(15))
    assert found.of("strategic") == Thresholds(percent=Decimal("7.5"))
    assert found.of("trial") == Thresholds(percent=Decimal(15), amount=Decimal(5))
    assert found.of("key") == found.of("standard") == found.usual
    assert limits({}, lambda _name: None) == Limits()


@pytest.mark.parametrize(
    ("percent", "label"),
    [("31.36", "+31.4%"), ("-40", "-40.0%"), ("-0.01", "0.0%"), ("0", "0.0%"), (None, "")],
)
def test_a_change_reads_with_its_sign(percent: str | None, label: str) -> None:
    assert percent_label(None if percent is None else Decimal(percent)) == label

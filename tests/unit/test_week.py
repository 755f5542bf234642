"""A week of spend against the four before: what is expected, and what is unusual."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aswiki.domain.spending.week import WeekComparison, week_against_before

Days = list[Decimal | None]

COSTS = st.decimals(min_value=-(10**6), max_value=10**9, places=2)
AMOUNTS = st.decimals(min_value=Decimal("0.01"), max_value=10**9, places=2)
WEEKDAYS = [Decimal(cost) for cost in (100, 110, 105, 95, 100, 40, 30)]


def days_of(*costs: object) -> Days:
    return [None if cost is None else Decimal(str(cost)) for cost in costs]


def noisy(seed: int, share: float = 0.05) -> Days:
    """Five weeks with quiet weekends, and cents of noise."""
    random = Random(seed)
    return [
        round(cost * Decimal(str(random.gauss(1, share))), 2) for _ in range(5) for cost in WEEKDAYS
    ]


def with_last_week(days: Days, factor: str) -> Days:
    return days[:28] + [None if cost is None else cost * Decimal(factor) for cost in days[28:]]


def test_a_hundred_a_day_are_expected_to_be_seven_hundred() -> None:
    found = week_against_before(days_of(*[100] * 35))
    assert found == WeekComparison(Decimal(700), Decimal(700), False, 7, 28)


@given(AMOUNTS, st.sets(st.integers(0, 34), max_size=14))
def test_a_constant_series_is_met_to_the_cent_and_never_unusual(
    cost: Decimal, gaps: set[int]
) -> None:
    days: Days = [None if day in gaps else cost for day in range(35)]
    found = week_against_before(days)
    covered = sum(day is not None for day in days[28:])
    assert found.expected == (cost * covered if covered else None)
    assert found.actual == cost * covered
    assert not found.is_unusual


@given(st.lists(st.none() | COSTS, min_size=35, max_size=35), AMOUNTS)
def test_another_currency_changes_no_verdict(days: Days, rate: Decimal) -> None:
    found = week_against_before(days)
    scaled = week_against_before([None if cost is None else cost * rate for cost in days])
    assert scaled.is_unusual == found.is_unusual
    assert scaled.actual == found.actual * rate
    assert scaled.expected == (None if found.expected is None else found.expected * rate)


@given(st.lists(COSTS, min_size=35, max_size=35), COSTS)
def test_a_flat_fee_on_top_is_expected_too(days: list[Decimal], fee: Decimal) -> None:
    found, more = week_against_before(days), week_against_before([cost + fee for cost in days])
    assert found.expected is not None
    assert more.expected == found.expected + 7 * fee
    assert more.actual == found.actual + 7 * fee


@given(st.lists(COSTS, min_size=28, max_size=28))
def test_a_week_of_nothing_but_the_usual_is_not_unusual(before: list[Decimal]) -> None:
    usual = week_against_before([*before, *before[:7]])
    assert usual.expected is not None
    weekdays = [sorted(before[day::7]) for day in range(7)]
    now = [(own[1] + own[2]) / 2 for own in weekdays]
    found = week_against_before([*before, *now])
    assert found.actual == found.expected == usual.expected
    assert not found.is_unusual


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("factor", ["2", "1.4", "0.6", "0"])
def test_a_week_far_above_or_below_is_unusual(seed: int, factor: str) -> None:
    assert week_against_before(with_last_week(noisy(seed), factor)).is_unusual


@pytest.mark.parametrize("seed", range(20))
def test_a_week_like_the_others_is_off_by_little_or_not_unusual(seed: int) -> None:
    found = week_against_before(noisy(seed))
    assert found.expected is not None
    assert not found.is_unusual or abs(found.actual - found.expected) < found.expected / 10


@pytest.mark.parametrize("cost", ["0.01", "100", "123456789.12"])
def test_a_cent_more_on_every_day_is_no_swing_of_a_flat_rate(cost: str) -> None:
    more = Decimal(cost) + Decimal(cost) / 100
    assert not week_against_before(days_of(*[cost] * 28, *[more] * 7)).is_unusual


def test_a_flat_rate_that_rises_by_a_tenth_is_unusual() -> None:
    assert week_against_before(days_of(*[100] * 28, *[110] * 7)).is_unusual


def test_each_day_is_held_against_its_own_weekday() -> None:
    found = week_against_before([*WEEKDAYS * 4, *WEEKDAYS])
    assert found.expected == sum(WEEKDAYS)
    assert not found.is_unusual
    turned = week_against_before([*WEEKDAYS * 4, *WEEKDAYS[3:], *WEEKDAYS[:3]])
    assert turned.expected == sum(WEEKDAYS)
    without_sunday = week_against_before([*WEEKDAYS * 4, *WEEKDAYS[:6], None])
    assert without_sunday.expected == sum(WEEKDAYS) - 30
    assert not without_sunday.is_unusual


def test_the_weekend_alone_is_not_expected_to_cost_what_working_days_do() -> None:
    weekend = week_against_before([*WEEKDAYS * 4, *[None] * 5, *WEEKDAYS[5:]])
    assert weekend.expected == weekend.actual == 70
    doubled = week_against_before([*WEEKDAYS * 4, *[None] * 5, Decimal(80), Decimal(60)])
    assert doubled.expected == 70
    assert doubled.is_unusual


def test_outliers_before_neither_raise_what_is_expected_nor_hide_a_swing() -> None:
    days = noisy(1)
    plain = week_against_before(days).expected
    odd = [*days]
    odd[3], odd[11], odd[19] = Decimal(10_000), Decimal(0), Decimal(-5_000)
    found = week_against_before(odd)
    assert plain is not None
    assert found.expected is not None
    assert abs(found.expected - plain) < plain / 20
    assert not found.is_unusual
    assert week_against_before(with_last_week(odd, "1.5")).is_unusual


@pytest.mark.parametrize("now", [[130] * 7, [70] * 7])
def test_a_burst_that_is_over_leaves_no_echo(now: list[int]) -> None:
    days = days_of(*[98, 102] * 7, *[900] * 5, *[98, 102, 100] * 3)
    back = days_of(*[100] * 7)
    assert not week_against_before([*days, *back]).is_unusual
    assert week_against_before([*days, *days_of(*now)]).is_unusual


@pytest.mark.parametrize("odd", [0, 300, 700])
def test_one_odd_day_is_no_swing(odd: int) -> None:
    assert not week_against_before(days_of(*[100] * 34, odd)).is_unusual


def test_one_day_that_costs_a_whole_week_more_is() -> None:
    assert week_against_before(days_of(*[100] * 34, 800)).is_unusual


def test_two_days_without_anything_are_unusual() -> None:
    assert week_against_before(days_of(*[100] * 33, 0, 0)).is_unusual


def test_what_runs_now_and_then_is_not_unusual_when_it_runs() -> None:
    rare = ([0] * 5 + [500] + [0] * 4) * 4
    assert not week_against_before(days_of(*rare[:35])).is_unusual


def test_nothing_before_and_spend_now_is_unusual() -> None:
    found = week_against_before(days_of(*[0] * 28, *[50] * 7))
    assert found == WeekComparison(Decimal(350), Decimal(0), True, 7, 28)


def test_nothing_at_all_is_as_usual() -> None:
    found = week_against_before(days_of(*[0] * 35))
    assert found == WeekComparison(Decimal(0), Decimal(0), False, 7, 28)


def test_days_below_zero_count_as_they_are() -> None:
    found = week_against_before(days_of(*[-10] * 28, *[-30] * 7))
    assert found == WeekComparison(Decimal(-210), Decimal(-70), True, 7, 28)


def test_one_credit_before_is_not_expected_again() -> None:
    found = week_against_before(days_of(*[100] * 20, -400, *[100] * 14))
    assert found.expected == 700
    assert not found.is_unusual


@pytest.mark.parametrize(("covered", "expected"), [(13, None), (14, Decimal(700))])
def test_two_weeks_of_days_before_are_the_least(covered: int, expected: Decimal | None) -> None:
    found = week_against_before(days_of(*[None] * (28 - covered), *[100] * (covered + 7)))
    assert found.expected == expected
    assert found.before_covered == covered
    assert found.actual == 700


def test_a_weekday_seen_once_is_expected_to_cost_what_days_do() -> None:
    mondays_once = days_of(*[100] * 28, *[100] * 7)
    for day in (0, 7, 14):
        mondays_once[day] = None
    mondays_once[21] = Decimal(900)
    assert week_against_before(mondays_once).expected == 700


def test_no_day_now_is_nothing_to_compare() -> None:
    found = week_against_before(days_of(*[100] * 28, *[None] * 7))
    assert found == WeekComparison(Decimal(0), None, False, 0, 28)


def test_a_bill_of_one_new_day_does_not_speak_for_a_week() -> None:
    found = week_against_before(days_of(*[100] * 28, 400, *[None] * 6))
    assert (found.actual, found.expected, found.now_covered) == (Decimal(400), Decimal(100), 1)
    assert not found.is_unusual


@given(st.lists(st.none() | COSTS, min_size=35, max_size=35), st.permutations(range(4)))
def test_the_order_of_the_weeks_before_does_not_matter(days: Days, order: list[int]) -> None:
    mixed = [cost for week in order for cost in days[7 * week : 7 * week + 7]]
    assert week_against_before([*mixed, *days[28:]]) == week_against_before(days)


@given(st.lists(st.none() | COSTS, min_size=35, max_size=35), st.integers(1, 6))
def test_it_does_not_matter_on_which_weekday_the_week_begins(days: Days, by: int) -> None:
    turned = [
        cost
        for week in range(5)
        for cost in (*days[7 * week + by : 7 * week + 7], *days[7 * week : 7 * week + by])
    ]
    assert week_against_before(turned) == week_against_before(days)


@given(st.lists(COSTS, min_size=28, max_size=28), st.lists(COSTS, min_size=7, max_size=7))
def test_up_and_down_are_judged_alike(before: list[Decimal], now: list[Decimal]) -> None:
    found = week_against_before([*before, *now])
    mirrored = week_against_before([-cost for cost in (*before, *now)])
    assert mirrored.is_unusual == found.is_unusual
    assert mirrored.expected is not None
    assert mirrored.expected == -(found.expected or 0)


@pytest.mark.parametrize("length", [0, 34, 36])
def test_another_number_of_days_is_a_mistake_of_the_caller(length: int) -> None:
    with pytest.raises(ValueError, match=str(length)):
        week_against_before(days_of(*[1] * length))

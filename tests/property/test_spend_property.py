"""Swings for any page: the order of lines is nothing, and what is no usage never fires."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aswiki.domain.records.usage import Usage
from aswiki.domain.spending.series import Series, Swing, Thresholds, swings

MONTHS = ("2026-03", "2026-04", "2026-05", "2026-06")
OTHERS = ("purchase", "tax", "credit", "adjustment", "correction")

amounts = st.decimals(-10_000, 1_000_000, places=2)
charges = st.fixed_dictionaries(
    {
        "product": st.sampled_from(["云数据库", "CDN", "cdn", "OSS"]),
        "currency": st.sampled_from(["CNY", "USD"]),
        "charge": st.just("usage"),
    },
    optional={"effective_cost": amounts, "billed_cost": amounts},
)
others = st.fixed_dictionaries(
    {
        "product": st.sampled_from(["云数据库", "CDN", "预付包"]),
        "currency": st.sampled_from(["CNY", "USD"]),
        "charge": st.sampled_from(OTHERS),
        "effective_cost": amounts,
        "billed_cost": amounts,
    }
)
Lines = list[dict[str, Any]]
histories = st.lists(
    st.tuples(st.lists(charges, max_size=5), st.integers(1, 31)), min_size=4, max_size=4
)


def pages(history: list[tuple[Lines, int]]) -> dict[str, Usage]:
    return {
        f"acme/usage/{month}": Usage.model_validate(
            {"type": "usage", "title": "x", "period": month, "lines": lines, "days_covered": days}
        )
        for month, (lines, days) in zip(MONTHS, history, strict=True)
    }


def compared(history: list[tuple[Lines, int]]) -> list[Swing]:
    return swings("acme", pages(history), "2026-06", Thresholds())


@given(histories, st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing_but_the_spelling_of_a_name(
    history: list[tuple[Lines, int]], random: Any
) -> None:
    mixed = [(random.sample(lines, len(lines)), days) for lines, days in history]

    def told(found: list[Swing]) -> set[tuple[object, ...]]:
        return {
            (one.scope.casefold(), one.horizon, one.currency, one.actual, one.impact, one.fired)
            for one in found
        }

    assert told(compared(mixed)) == told(compared(history))


@given(histories, st.lists(others, max_size=4))
def test_purchases_and_the_like_fire_nothing_more(
    history: list[tuple[Lines, int]], bought: Lines
) -> None:
    lines, days = history[-1]
    with_more = [*history[:-1], ([*lines, *bought], days)]

    def fired(found: list[Swing]) -> set[tuple[object, ...]]:
        return {(one.scope, one.horizon, one.currency, one.impact) for one in found if one.fired}

    assert fired(compared(with_more)) == fired(compared(history))


@given(histories)
def test_the_total_is_the_sum_of_the_products(history: list[tuple[Lines, int]]) -> None:
    found = compared(history)
    totals = {one.currency: one.amount for one in Series("acme", pages(history)).totals("2026-06")}
    for currency, amount in totals.items():
        short = [one for one in found if (one.horizon, one.currency) == ("short", currency)]
        on_effective = all(one.basis == "effective_cost" for one in short)
        parts = sum((one.actual for one in short if one.scope != "total"), Decimal(0))
        assert not on_effective or parts == amount


@given(histories)
def test_what_fired_reached_the_thresholds(history: list[tuple[Lines, int]]) -> None:
    for one in compared(history):
        assert one.new == (one.expected is None)
        if one.fired:
            assert one.impact is not None
            assert one.impact_percent is not None
            assert abs(one.impact) >= 100
            assert abs(one.impact_percent) >= 20

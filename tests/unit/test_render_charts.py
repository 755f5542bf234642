"""Charts: the same drawing for every form, safe text in it, and a table where none can be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aswiki.errors import BadInput
from aswiki.render import drawing, shapes
from aswiki.render.chart import (
    Chart,
    IncidentChart,
    Outcome,
    PromiseChart,
    Series,
    SpendChart,
    Swing,
    Weather,
    WeatherStrip,
    markdown,
    placed,
)

MONTHS = ("2026-08", "2026-09", "2026-10")
SPEND = SpendChart(
    "近三个月消费",
    "人民币由 82,000 升至 131,500",
    "月份",
    MONTHS,
    (
        Series("CNY", (Decimal("82000.10"), Decimal(84100), Decimal("131500.55"))),
        Series("USD", (None, Decimal(700), Decimal(-50))),
    ),
    (Swing("CNY", "2026-10", "+56%", up=True), Swing("USD", "2026-10", "−107%", up=False)),
)
INCIDENTS = IncidentChart(
    "Incidents", "Incidents a month", "Month", MONTHS, (Series("P1", (0, 2, 1)),)
)
PROMISES = PromiseChart(
    "承诺", "兑现 5", "结果", "条数", (Outcome("kept", "已兑现", 5), Outcome("own", "另议", 0))
)
WEATHER = WeatherStrip(
    "天气", "十月雨", "月份", MONTHS, (Weather("sunny", "晴"), None, Weather("rain", "雨"))
)
CHARTS: tuple[Chart, ...] = (SPEND, INCIDENTS, PROMISES, WEATHER)
EMPTY: tuple[Chart, ...] = (
    SpendChart("t", "a", "h", (), ()),
    SpendChart("t", "a", "h", MONTHS, (Series("CNY", (None, None, None)),)),
    IncidentChart("t", "a", "h", (), ()),
    IncidentChart("t", "a", "h", MONTHS, ()),
    PromiseChart("t", "a", "h", "c", ()),
    WeatherStrip("t", "a", "h", (), ()),
)


def words_of(svg: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg).iter() if "text" in node.tag]


@pytest.mark.parametrize("chart", CHARTS)
def test_a_drawing_says_what_it_shows_to_those_who_cannot_see_it(chart: Chart) -> None:
    root = ET.fromstring(drawing.svg(chart))
    assert root.get("role") == "img"
    assert root.get("aria-label") == chart.alt


@pytest.mark.parametrize("chart", [*CHARTS, *EMPTY])
def test_a_drawing_holds_shapes_and_text_and_nothing_that_acts_or_loads(chart: Chart) -> None:
    svg = drawing.svg(chart)
    tags = {node.tag.rpartition("}")[2] for node in ET.fromstring(svg).iter()}
    assert tags <= {"svg", "g", "path", "rect", "circle", "text"}
    assert svg.count("http") == 1  # the namespace
    assert "href" not in svg


def test_spend_has_a_panel_a_currency_with_its_own_scale_and_its_swings_marked() -> None:
    words = words_of(drawing.svg(SPEND))
    assert {"CNY", "USD", "150,000", "1,000", "-500", "+56%", "−107%", *MONTHS} <= set(words)
    assert drawing.svg(SPEND).count("<rect") == 5


def test_the_greatest_month_reaches_higher_than_the_others() -> None:
    rects = [node for node in ET.fromstring(drawing.svg(INCIDENTS)) if "rect" in node.tag]
    heights = {node.get("x"): float(node.get("height", "0")) for node in rects[1:]}
    assert sorted(heights.values()) == [54.0, 108.0]


def test_a_promise_chart_names_and_counts_every_outcome() -> None:
    assert words_of(drawing.svg(PROMISES)) == ["已兑现", "5", "另议", "0"]


def test_a_month_without_weather_has_a_stroke_and_no_word() -> None:
    assert words_of(drawing.svg(WEATHER)) == ["晴", *MONTHS[:2], "雨", MONTHS[2]]


@pytest.mark.parametrize("colour", ["ink", "faint", "bar", "up", "down", "grave", "good", "bad"])
def test_colours_that_carry_words_stand_out_on_paper(colour: str) -> None:
    def light(value: str) -> float:
        parts = [int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert 1.05 / (light(shapes.COLOURS[colour]) + 0.05) >= 4.5


def test_a_chart_as_markdown_is_a_sparkline_and_a_table() -> None:
    assert markdown(SPEND) == (
        "**近三个月消费**\n\nCNY `▅▆█`\n\nUSD `·█▁`\n\n"
        "| 月份 | CNY | USD |\n| --- | --: | --: |\n"
        "| 2026-08 | 82,000.10 |  |\n| 2026-09 | 84,100 | 700 |\n"
        "| 2026-10 | +56% 131,500.55 | −107% -50 |"
    )
    assert "| 2026-10 | 雨 |" in markdown(WEATHER)
    assert "| 已兑现 | 5 |" in markdown(PROMISES)
    assert "`▁█▅`" in markdown(INCIDENTS)


@pytest.mark.parametrize("chart", EMPTY)
def test_a_chart_without_values_is_no_accident(chart: Chart) -> None:
    assert markdown(chart).startswith("**t**")


def test_a_chart_stands_where_its_private_address_does() -> None:
    source = "# A\n\n![x [y]](chart:spend-1)\n\nnot ![z](chart:spend-1) here\n"
    assert placed(source, {"spend-1": SPEND}, lambda chart: chart.title) == (
        "# A\n\n近三个月消费\n\nnot ![z](chart:spend-1) here\n"
    )


def test_a_chart_that_does_not_exist_is_said_by_name() -> None:
    with pytest.raises(BadInput) as raised:
        placed("![x](chart:gone)", {"spend-1": SPEND}, markdown)
    assert raised.value.code == "no-chart"
    assert "gone" in raised.value.message
    assert "spend-1" in raised.value.hint


@given(st.lists(st.decimals(-(10**12), 10**12, places=4), max_size=24))
def test_a_scale_holds_zero_and_every_value_in_few_steps(values: Sequence[Decimal]) -> None:
    ticks = shapes.ticks(values)
    assert 0 in ticks
    assert all(ticks[0] <= value <= ticks[-1] for value in values)
    assert 2 <= len(ticks) <= 6
    assert ticks == sorted(set(ticks))

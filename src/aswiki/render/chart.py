"""The four charts of a report as values, and each as Markdown: a table and a block sparkline."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.render import escaping
from aswiki.render.sparkline import sparkline

Number = Decimal | int

_IMAGE = re.compile(r"^!\[[^\n]*\]\(chart:([\w-]+)\)$", re.MULTILINE)


@dataclass(frozen=True)
class Series:
    """One row of values under the months, None where a month has none."""

    name: str
    values: tuple[Number | None, ...]


@dataclass(frozen=True)
class Swing:
    """A mark at a month of a series, such as ``+38 %``."""

    series: str
    month: str
    text: str
    up: bool


@dataclass(frozen=True)
class Outcome:
    """How many promises came to one end; ``key`` is kept, late, broken, overdue, open or other."""

    key: str
    label: str
    count: int


@dataclass(frozen=True)
class Weather:
    """The weather of a month; ``key`` is a word of the vocabulary ``weather``."""

    key: str
    label: str


@dataclass(frozen=True)
class SpendChart:
    """Spend month by month, a panel a currency, swings marked.

    Args:
        title: above the chart.
        alt: the chart in words.
        heading: of the column of months, in a table.
        months: oldest first.
        series: one a currency.
        swings: the marks.
    """

    title: str
    alt: str
    heading: str
    months: tuple[str, ...]
    series: tuple[Series, ...]
    swings: tuple[Swing, ...] = ()


@dataclass(frozen=True)
class IncidentChart:
    """Incidents month by month; one series a severity, the gravest first."""

    title: str
    alt: str
    heading: str
    months: tuple[str, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True)
class PromiseChart:
    """Promises by what became of them; ``heading`` and ``counted`` head the two columns."""

    title: str
    alt: str
    heading: str
    counted: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class WeatherStrip:
    """The weather month by month, None for a month that nobody judged."""

    title: str
    alt: str
    heading: str
    months: tuple[str, ...]
    weather: tuple[Weather | None, ...]


Chart = SpendChart | IncidentChart | PromiseChart | WeatherStrip


def placed(source: str, charts: Mapping[str, Chart], form: Callable[[Chart], str]) -> str:
    """The Markdown with each ``![…](chart:name)`` on a line of its own replaced by a form of it.

    Raises:
        BadInput: ``no-chart``: a name is not among the charts.
    """
    return _IMAGE.sub(lambda found: form(named(found[1], charts)), source)


def named(name: str, charts: Mapping[str, Chart]) -> Chart:
    """The chart of that name.

    Raises:
        BadInput: ``no-chart``: there is none.
    """
    if name not in charts:
        raise BadInput(
            "no-chart",
            _("The report asks for a chart {name} that does not exist.").format(name=name),
            _("Charts here: {names}").format(names=", ".join(sorted(charts)) or "–"),
        )
    return charts[name]


def markdown(chart: Chart) -> str:
    """The chart as a bold title, a sparkline where there is a course, and a table."""
    blocks = [f"**{escaping.inline(chart.title)}**", *_sparklines(chart)]
    blocks.append("\n".join(_table(*_rows(chart))))
    return "\n\n".join(blocks)


def shown(value: Number | None) -> str:
    """A number with thousands apart and no exponent; empty for none."""
    return "" if value is None else f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"


def totals(series: Sequence[Series], months: int) -> list[Number]:
    """The sum over the series, month by month."""
    return [sum((one.values[at] or 0 for one in series), 0) for at in range(months)]


def _blocks(values: Sequence[Number | None]) -> str:
    return escaping.code(sparkline([None if each is None else Decimal(each) for each in values]))


def _sparklines(chart: Chart) -> Iterator[str]:
    """A paragraph a currency, and one of all incidents together."""
    if isinstance(chart, SpendChart):
        for series in chart.series:
            yield f"{escaping.inline(series.name)} {_blocks(series.values)}"
    elif isinstance(chart, IncidentChart) and chart.months:
        yield _blocks(totals(chart.series, len(chart.months)))


def _rows(chart: Chart) -> tuple[list[str], list[list[str]], str]:
    """The headings, the rows and the alignment of all columns but the first."""
    if isinstance(chart, PromiseChart):
        counts = [[outcome.label, shown(outcome.count)] for outcome in chart.outcomes]
        return [chart.heading, chart.counted], counts, "--:"
    if isinstance(chart, WeatherStrip):
        labels = ["" if each is None else each.label for each in chart.weather]
        rows = [list(row) for row in zip(chart.months, labels, strict=True)]
        return [chart.heading, chart.title], rows, "---"
    rows = [[month, *_of_month(chart, at)] for at, month in enumerate(chart.months)]
    return [chart.heading, *(series.name for series in chart.series)], rows, "--:"


def _of_month(chart: SpendChart | IncidentChart, at: int) -> Iterator[str]:
    for series in chart.series:
        value = shown(series.values[at])
        if isinstance(chart, SpendChart):
            marks = [
                swing.text
                for swing in chart.swings
                if (swing.series, swing.month) == (series.name, chart.months[at])
            ]
            value = " ".join([*marks, value])
        yield value


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], alignment: str) -> Iterator[str]:
    yield _line(headings)
    yield _line(["---", *[alignment] * (len(headings) - 1)], escape=False)
    yield from (_line(row) for row in rows)


def _line(cells: Sequence[str], *, escape: bool = True) -> str:
    return "| " + " | ".join(escaping.inline(cell) if escape else cell for cell in cells) + " |"

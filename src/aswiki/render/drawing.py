"""A chart drawn as SVG, one drawing for every form, and the same as PNG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from aswiki.render import fonts, shapes
from aswiki.render.chart import (
    Chart,
    IncidentChart,
    Number,
    PromiseChart,
    Series,
    SpendChart,
    Swing,
    WeatherStrip,
    shown,
    totals,
)

WIDTH = 640
DOTS_PER_INCH = 144  # with a point a unit: a PNG twice as wide as the drawing
_SHEET = (
    f"#set page(width: {WIDTH}pt, height: auto, margin: 0pt, fill: white)\n"
    '#image("c.svg", width: 100%)'
)
_HEAD, _BAND, _FOOT = 26, 108, 20  # of a panel: its name, its bars, the months under it
_SHARE = 0.6  # of a month's room that its bar takes
_SEVERITIES = ("grave", "high", "middle", "low", "other")
_OUTCOMES = {
    "kept": "good",
    "late": "late",
    "broken": "bad",
    "overdue": "due",
    "open": "bar",
}


@lru_cache(maxsize=512)
def svg(chart: Chart) -> str:
    """The chart as SVG: shapes and escaped text only, as wide as where it is put."""
    height, drawn = _drawn(chart)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-label="{shapes.quoted(chart.alt)}" font-family="{shapes.quoted(fonts.STACK)}"'
        f' font-size="11">{"".join(drawn)}</svg>'
    )


@lru_cache(maxsize=64)
def png(chart: Chart) -> bytes:
    """The chart as a PNG on white, 1,280 dots wide.

    Raises:
        Unusable: ``extra-missing``: typst is not installed. ``no-font``: none prints Chinese.
    """
    typst = fonts.typst()
    drawn = svg(chart)
    if not fonts.fonts() and any(shapes.is_wide(sign) for sign in drawn):
        raise fonts.no_font()
    files = {"main.typ": _SHEET.encode(), "c.svg": drawn.encode()}
    with fonts.nowhere() as root:
        made = typst.compile(
            files, root=root, font_paths=fonts.loaded(), format="png", ppi=DOTS_PER_INCH
        )
    return bytes(made)


def _drawn(chart: Chart) -> tuple[int, list[str]]:
    """The height and the shapes."""
    if isinstance(chart, SpendChart):
        return _spend(chart)
    if isinstance(chart, IncidentChart):
        return _HEAD + _BAND + _FOOT, list(_incidents(chart))
    if isinstance(chart, PromiseChart):
        return 26 * len(chart.outcomes) + 4, list(_promises(chart))
    return 76, list(_weather(chart))


class _Panel:
    """The room of bars over months: where a month and a value lie."""

    def __init__(self, top: float, months: Sequence[str], values: Sequence[Number]) -> None:
        self.top = top
        self.months = months
        self.ticks = shapes.ticks(values)
        self.left = max(shapes.width(shown(tick)) for tick in self.ticks) + 10
        self.step = (WIDTH - self.left) / max(len(months), 1)

    def x(self, at: int) -> float:
        """The middle of a month."""
        return self.left + self.step * (at + 0.5)

    def y(self, value: Number) -> float:
        least, most = self.ticks[0], self.ticks[-1]
        return self.top + _HEAD + _BAND * float((most - value) / (most - least))

    def frame(self) -> Iterator[str]:
        """The lines of the scale with their numbers."""
        for tick in self.ticks:
            y = self.y(tick)
            yield shapes.line(self.left, y, WIDTH, "faint" if tick == 0 else "grid")
            yield shapes.text(self.left - 6, y + 4, shown(tick), anchor="end", colour="faint")

    def bar(self, at: int, low: Number, high: Number, colour: str) -> str:
        """A bar of a month from one value to a greater one."""
        wide, top = self.step * _SHARE, self.y(high)
        return shapes.bar(self.x(at) - wide / 2, top, wide, self.y(low) - top, colour)

    def foot(self) -> Iterator[str]:
        """The months, as many as find room."""
        widest = max((shapes.width(month) for month in self.months), default=0) + 4
        every = max(1, -int(-widest // self.step))
        y = self.top + _HEAD + _BAND + 15
        for at, month in enumerate(self.months):
            if at % every == 0:
                yield shapes.text(self.x(at), y, month, anchor="middle", colour="faint")


def _spend(chart: SpendChart) -> tuple[int, list[str]]:
    """A panel a series, the months under the last."""
    drawn: list[str] = []
    for number, series in enumerate(chart.series):
        values = [value for value in series.values if value is not None]
        panel = _Panel(number * (_HEAD + _BAND + 8), chart.months, values)
        drawn += _spend_panel(panel, series, chart.swings)
        if number == len(chart.series) - 1:
            drawn += panel.foot()
    return len(chart.series) * (_HEAD + _BAND + 8) + _FOOT - 8, drawn


def _spend_panel(panel: _Panel, series: Series, swings: Sequence[Swing]) -> Iterator[str]:
    yield shapes.text(0, panel.top + 12, shapes.fitted(series.name, WIDTH), bold=True)
    yield from panel.frame()
    marked = {swing.month: swing for swing in swings if swing.series == series.name}
    for at, (month, value) in enumerate(zip(panel.months, series.values, strict=True)):
        if value is None:
            continue
        swing = marked.get(month)
        colour = "bar" if swing is None else "up" if swing.up else "down"
        yield panel.bar(at, min(value, 0), max(value, 0), colour)
        if swing is not None:
            y, x = panel.y(max(value, 0)) - 3, panel.x(at)
            words = shapes.fitted(swing.text, panel.step * 1.6)
            half = (shapes.width(words) + 11) / 2
            yield shapes.arrow(x - half + 4, y, colour, up=swing.up)
            yield shapes.text(x - half + 11, y, words, colour=colour, bold=True)


def _incidents(chart: IncidentChart) -> Iterator[str]:
    """Stacked bars, the gravest at the bottom, the month's count above."""
    counts = totals(chart.series, len(chart.months))
    panel = _Panel(0, chart.months, counts)
    yield from _legend([(series.name, _severity(at)) for at, series in enumerate(chart.series)])
    yield from panel.frame()
    for at, count in enumerate(counts):
        low: Number = 0
        for rank, series in enumerate(chart.series):
            value = series.values[at] or 0
            if value:
                yield panel.bar(at, low, low + value, _severity(rank))
            low += value
        if count:
            yield shapes.text(panel.x(at), panel.y(count) - 3, shown(count), anchor="middle")
    yield from panel.foot()


def _severity(rank: int) -> str:
    return _SEVERITIES[min(rank, len(_SEVERITIES) - 1)]


def _legend(entries: Sequence[tuple[str, str]]) -> Iterator[str]:
    x = 0.0
    for name, colour in entries:
        words = shapes.fitted(name, 120)
        yield shapes.bar(x, 2, 11, 11, colour)
        yield shapes.text(x + 16, 12, words)
        x += shapes.width(words) + 34


def _promises(chart: PromiseChart) -> Iterator[str]:
    """A level bar an outcome, its name before and its count behind."""
    names = [shapes.fitted(outcome.label, 200) for outcome in chart.outcomes]
    left = max((shapes.width(name) for name in names), default=0) + 12
    most = max((outcome.count for outcome in chart.outcomes), default=0) or 1
    room = WIDTH - left - shapes.width(shown(most)) - 12
    for row, (name, outcome) in enumerate(zip(names, chart.outcomes, strict=True)):
        y, long = row * 26 + 4, room * outcome.count / most
        yield shapes.text(left - 8, y + 14, name, anchor="end")
        yield shapes.bar(left, y, max(long, 1), 18, _OUTCOMES.get(outcome.key, "other"))
        yield shapes.text(left + long + 6, y + 14, shown(outcome.count), bold=True)


def _weather(chart: WeatherStrip) -> Iterator[str]:
    step = WIDTH / max(len(chart.months), 1)
    for at, (month, weather) in enumerate(zip(chart.months, chart.weather, strict=True)):
        x = step * (at + 0.5)
        yield shapes.sky(x, 16, weather.key if weather else "")
        if weather:
            words = shapes.fitted(weather.label, step)
            yield shapes.text(x, 50, words, anchor="middle")
        yield shapes.text(x, 69, shapes.fitted(month, step), anchor="middle", colour="faint")

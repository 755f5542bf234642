"""The strokes charts are drawn with: escaped text, bars, lines, weather, and a scale for values.

Colours are written for white paper; each shape also bears its colour's name as a class, by which
a page may recolour it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from html import escape
from unicodedata import east_asian_width

from aswiki.render import signs

COLOURS = {
    # told apart by lightness too, so that they differ in grey print and for the colour-blind
    "ink": "#1c2024",
    "faint": "#5f6772",
    "grid": "#d5d9de",
    "bar": "#0072b2",
    "up": "#b84300",
    "down": "#0a7a5c",
    "grave": "#7a1f00",
    "high": "#c94f0a",
    "middle": "#e89042",
    "low": "#f2c48a",
    "good": "#0a7a5c",
    "late": "#d99a2b",
    "bad": "#a83200",
    "due": "#d4692a",
    "other": "#8a929c",
    "sun": "#e0a100",
    "cloud": "#8a929c",
    "rain": "#0072b2",
    "bolt": "#b84300",
}
_CLOUD = "M-9,6 a5,5 0 0 1 0,-10 a7,7 0 0 1 13,-2 a5,5 0 0 1 5,12 z"  # a flat bottom, three humps
_DROPS = "M-6,10 l-2,5 M0,10 l-2,5 M6,10 l-2,5"
_BOLT = "M1,7 l-5,6 h4 l-2,5 l6,-7 h-4 l2,-4 z"
_SKY = {
    "sunny": (("circle", "sun"),),
    "cloudy": (("half", "sun"), (_CLOUD, "cloud")),
    "overcast": ((_CLOUD, "cloud"),),
    "rain": ((_CLOUD, "cloud"), (_DROPS, "rain")),
    "storm": ((_CLOUD, "cloud"), (_BOLT, "bolt")),
}


def quoted(text: str) -> str:
    """The text for SVG, hidden signs written out."""
    return escape(signs.shown(text))


def text(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    colour: str = "ink",
    bold: bool = False,
) -> str:
    """Words at a point, on their baseline; anchor is start, middle or end."""
    placed = "" if anchor == "start" else f' text-anchor="{anchor}"'
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{placed}{weight}{_fill(colour)}>{quoted(words)}</text>'


def bar(x: float, y: float, width: float, height: float, colour: str) -> str:
    """A filled rectangle."""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"{_fill(colour)}/>'
    )


def line(x1: float, y: float, x2: float, colour: str = "grid") -> str:
    """A level line."""
    return f'<path d="M{x1:.1f},{y:.1f}H{x2:.1f}"{_stroke(colour)}/>'


def arrow(x: float, y: float, colour: str, *, up: bool) -> str:
    """A small triangle above a point, pointing up or down."""
    path = "l4,6h-8z" if up else "l4,-6h-8z"
    return f'<path d="M{x:.1f},{y - 7 if up else y - 1:.1f}{path}"{_fill(colour)}/>'


def sky(x: float, y: float, key: str) -> str:
    """The weather as a small picture around a point; a stroke for what is not known."""
    parts = "".join(_part(form, colour) for form, colour in _SKY.get(key, (("none", "faint"),)))
    return f'<g transform="translate({x:.1f},{y:.1f})">{parts}</g>'


def width(words: str, size: float = 11) -> float:
    """About how wide words are: Chinese a square each, others somewhat over half of one."""
    return sum(1.0 if is_wide(sign) else 0.58 for sign in words) * size


def is_wide(sign: str) -> bool:
    """Whether a character fills a square, as Chinese ones do."""
    return east_asian_width(sign) in "WF"


def fitted(words: str, room: float) -> str:
    """The words, cut with an ellipsis where they are wider than the room."""
    words = signs.shown(words[:200])
    if width(words) <= room:
        return words
    while words and width(words + "…") > room:
        words = words[:-1]
    return words.rstrip() + "…"


def ticks(values: Sequence[Decimal | int]) -> list[Decimal]:
    """Two to five round numbers around zero and all of the values, the least first."""
    least, most = Decimal(min([*values, 0])), Decimal(max([*values, 0]))
    if least == most:
        return [Decimal(0), Decimal(1)]
    rough = (most - least) / 3
    unit = Decimal(1).scaleb(rough.adjusted())
    step = next(unit * n for n in (1, 2, 5, 10) if unit * n >= rough)
    if all(value == int(value) for value in values):
        step = max(step, Decimal(1))
    first = (least / step).to_integral_value(ROUND_FLOOR)
    last = (most / step).to_integral_value(ROUND_CEILING)
    found = [step * n for n in range(int(first), int(last) + 1)]
    return [tick.to_integral_value() if tick == int(tick) else tick for tick in found]


def _part(form: str, colour: str) -> str:
    if form == "none":
        return f'<path d="M-5,2h10"{_stroke(colour)}/>'
    if form in {"circle", "half"}:
        x, y, radius = (0, 2, 8) if form == "circle" else (6, -4, 6)
        return f'<circle cx="{x}" cy="{y}" r="{radius}"{_fill(colour)}/>'
    return f'<path d="{form}"{_stroke(colour) if form is _DROPS else _fill(colour)}/>'


def _fill(colour: str) -> str:
    return f' class="f-{colour}" fill="{COLOURS[colour]}"'


def _stroke(colour: str) -> str:
    return f' class="s-{colour}" fill="none" stroke="{COLOURS[colour]}" stroke-width="1.2"'

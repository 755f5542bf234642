"""A report as one web page: no script, no network, light, dark and for print."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from aswiki.render import drawing, fonts, reading, signs
from aswiki.render.chart import Chart, PromiseChart

if TYPE_CHECKING:
    from markdown_it.token import Token
    from nh3 import Cleaner

_TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "blockquote", "hr", "pre", "br"),
    *("strong", "em", "s", "code", "a", "img", "div", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {
    **{f"h{level}": {"id"} for level in range(1, 7)},
    "a": {"href"},
    "ol": {"start"},
    "img": {"src"},
    "div": {"class", "role", "tabindex", "aria-labelledby"},
    "th": {"scope", "class"},
    "td": {"class"},
}
_SCHEMES = {"http", "https", "mailto", reading.CHART.rstrip(":")}
_ALIGNMENTS = {"text-align:right": "end", "text-align:center": "middle"}
_FIGURE = re.compile(r'<p><img src="chart:([\w-]+)"></p>')
_DARK = {
    "ink": "#e4e7eb",
    "faint": "#a0a8b2",
    "grid": "#3a4048",
    "bar": "#4ba3dd",
    "up": "#f08a4b",
    "down": "#3fbf98",
    "grave": "#ff7a4d",
    "high": "#d9652b",
    "middle": "#b07a45",
    "low": "#7d6a55",
    "good": "#3fbf98",
    "bad": "#ec6a45",
    "rain": "#4ba3dd",
    "bolt": "#f08a4b",
}


def html(
    markdown: str, *, title: str, language: str, charts: Mapping[str, Chart] | None = None
) -> bytes:
    """The page as UTF-8.

    Args:
        markdown: the report; ``![…](chart:name)`` stands where a chart goes.
        title: of the page.
        language: zh or en.
        charts: by name.

    Raises:
        BadInput: ``no-chart``: an address names no chart.
        Unusable: ``extra-missing``: a library is not installed.
    """
    charts = charts or {}
    body = _FIGURE.sub(lambda found: _figure(charts[found[1]]), _body(markdown, charts))
    style, digest = _style()
    return (
        _styled("report.html")
        .format(
            lang="zh-Hans-CN" if language == "zh" else language,
            title=escape(signs.shown(title)),
            digest=digest,
            style=style,
            body=body,
        )
        .encode()
    )


def _body(markdown: str, charts: Mapping[str, Chart]) -> str:
    """The blocks as HTML that an allow-list has passed, charts as pictures with their address."""
    found = list(_accessible(reading.tokens(markdown, charts)))
    parser = reading.parser()
    return str(_cleaner().clean(parser.renderer.render(found, parser.options, {})))


def _accessible(found: Sequence[Token]) -> Iterator[Token]:
    """The tokens with tables that scroll by themselves and say what their headings head."""
    heading = ""
    for at, token in enumerate(found):
        if token.type == "heading_open":
            heading = str(token.attrs["id"])
        elif token.type in {"th_open", "td_open"}:
            _dress(token, empty=not found[at + 1].content)
        elif token.type == "th_close":
            token.tag = "th" if found[at - 1].content else "td"
        if token.type == "table_open":
            yield _raw(f'<div class="table" tabindex="0"{_region(heading)}>\n', token)
        yield token
        if token.type == "table_close":
            yield _raw("</div>\n", token)


def _dress(cell: Token, *, empty: bool) -> None:
    """Class instead of style, and what a heading is for; an empty heading is none."""
    alignment = _ALIGNMENTS.get(str(cell.attrs.pop("style", "")))
    if alignment:
        cell.attrs["class"] = alignment
    if cell.tag == "th" and empty:
        cell.tag = "td"
    elif cell.tag == "th":
        cell.attrs["scope"] = "col"


def _region(heading: str) -> str:
    return f' role="region" aria-labelledby="{escape(heading)}"' if heading else ""


def _raw(markup: str, beside: Token) -> Token:
    return beside.copy(type="html_block", tag="", nesting=0, attrs={}, content=markup)


def _figure(chart: Chart) -> str:
    title = escape(signs.shown(chart.title))
    kind = "chart" if isinstance(chart, PromiseChart) else "chart months"
    return (
        f"<figure><figcaption>{title}</figcaption>"
        f'<div class="{kind}" tabindex="0">{drawing.svg(chart)}</div></figure>'
    )


@lru_cache(maxsize=1)
def _cleaner() -> Cleaner:
    made: Cleaner = fonts.library("nh3").Cleaner(
        tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES
    )
    return made


@lru_cache(maxsize=1)
def _style() -> tuple[str, str]:
    """The style sheet, and its digest for the page's policy."""
    dark = "".join(f"  .f-{name} {{ fill: {colour}; }}\n" for name, colour in _DARK.items())
    dark += "".join(f"  .s-{name} {{ stroke: {colour}; }}\n" for name, colour in _DARK.items())
    style = _styled("report.css").replace("DARK\n", dark)
    return style, b64encode(sha256(style.encode()).digest()).decode()


@lru_cache(maxsize=2)
def _styled(name: str) -> str:
    return files("aswiki.render").joinpath("styles", name).read_text(encoding="utf-8")

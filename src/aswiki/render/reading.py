"""The Markdown of a report as tokens: no raw HTML, safe links, headings in order with ids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from aswiki.render import fonts, shapes, signs
from aswiki.render.chart import Chart, named

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

CHART = "chart:"
"""How the private address of a chart begins."""

_LINK = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f\x7f]+", re.IGNORECASE)
_NOT_IN_ID = re.compile(r"[^\w]+")


def tokens(markdown: str, charts: Mapping[str, Chart]) -> list[Token]:
    """The blocks of a Markdown text, as every form lays them out.

    Hidden signs are written out; a line's end between two Chinese characters is nothing, else a
    space; a picture is a chart of ours or its words; a heading is at most one level below the
    last, and has an id.

    Raises:
        BadInput: ``no-chart``: an address names no chart.
        Unusable: ``extra-missing``: markdown-it-py is not installed.
    """
    found = parser().parse(markdown)
    for token in found:
        if token.type == "inline":
            token.children = list(_inline(token.children or (), charts))
        elif token.type in {"fence", "code_block"}:
            token.content = _visible_lines(token.content)
    return _headed(found)


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """CommonMark with tables and struck words, without HTML; links to the web and to mail only."""
    made: MarkdownIt = fonts.library("markdown_it").MarkdownIt("commonmark", {"html": False})
    made.enable(["table", "strikethrough"])
    setattr(made, "validateLink", _is_safe)  # noqa: B010 - the library's own way, unknown to mypy
    return made


def chart_of(token: Token) -> str | None:
    """The name of the chart that a paragraph's inline token is and is alone; None for others."""
    children = token.children or []
    if len(children) != 1 or children[0].type != "image":
        return None
    return _chart(children[0])


def _is_safe(address: str) -> bool:
    return bool(_LINK.fullmatch(address)) or address.startswith((CHART, "#"))


def _chart(token: Token) -> str | None:
    address = str(token.attrs.get("src", ""))
    return address.removeprefix(CHART) if address.startswith(CHART) else None


def _inline(children: Sequence[Token], charts: Mapping[str, Chart]) -> Iterator[Token]:
    for at, token in enumerate(children):
        if token.type == "softbreak":
            before, after = _sign(children[:at], -1), _sign(children[at + 1 :], 0)
            joined = all(sign and shapes.is_wide(sign) for sign in (before, after))
            yield _text("" if joined else " ", token)
        elif token.type == "image":
            name = _chart(token)
            if name is None or len(children) > 1:
                yield _text(signs.shown(token.content), token)
            else:
                named(name, charts)
                token.content = signs.shown(token.content)
                yield token
        else:
            token.content = signs.shown(token.content)
            yield token


def _text(words: str, instead_of: Token) -> Token:
    return instead_of.copy(type="text", tag="", content=words, attrs={}, children=None)


def _sign(tokens: Sequence[Token], at: int) -> str:
    """The last or the first sign of what stands beside a line's end."""
    for token in reversed(tokens) if at else tokens:
        if token.content:
            return token.content[at]
    return ""


def _visible_lines(text: str) -> str:
    return "\n".join(signs.shown(line) for line in text.expandtabs(4).split("\n"))


def _headed(found: Sequence[Token]) -> list[Token]:
    """The blocks with headings in order; one without words is none."""
    kept: list[Token] = []
    level, used = 0, set[str]()
    blocks = iter(found)
    for token in blocks:
        if token.type != "heading_open":
            kept.append(token)
            continue
        inline, end = next(blocks), next(blocks)
        name = "".join(child.content for child in inline.children or ()).strip()
        if name:
            level = min(int(token.tag[1]), level + 1)
            token.tag = end.tag = f"h{level}"
            token.attrs["id"] = _unused(_NOT_IN_ID.sub("-", name.casefold()).strip("-"), used)
            kept += [token, inline, end]
    return kept


def _unused(name: str, used: set[str]) -> str:
    name, number = name[:80] or "section", 1
    found = name
    while found in used:
        number += 1
        found = f"{name}-{number}"
    used.add(found)
    return found

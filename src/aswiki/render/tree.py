"""A report as a tree of Pandoc's kind, which both pandoc and our typst page lay out.

A record's words are always a leaf of data in it, never markup of either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aswiki.render import reading, shapes, signs
from aswiki.render.chart import Chart

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

VERSION = (1, 23, 1)
"""Pandoc's version of the tree."""

Node = dict[str, Any]
_NO_ATTRIBUTES: list[Any] = ["", [], []]
_ALIGNMENTS = {"text-align:right": "AlignRight", "text-align:center": "AlignCenter"}
_INLINES = {"strong": "Strong", "em": "Emph", "s": "Strikeout"}
_PAGE = 48  # squares of Chinese that a page is wide
_NARROW = 4  # below which no column gives way
_GAP = 3  # between two columns, and for fonts wider than reckoned


def tree(markdown: str, charts: Mapping[str, Chart]) -> list[Node]:
    """The blocks of a Markdown text; a chart is a ``Figure`` whose picture is ``chart:name``.

    Raises:
        BadInput: ``no-chart``: an address names no chart.
        Unusable: ``extra-missing``: markdown-it-py is not installed.
    """
    from markdown_it.tree import SyntaxTreeNode

    return _blocks(SyntaxTreeNode(reading.tokens(markdown, charts)), charts)


def _blocks(parent: SyntaxTreeNode, charts: Mapping[str, Chart]) -> list[Node]:
    return [_block(node, charts) for node in parent.children]


def is_lead(block: Node) -> bool:
    """Whether a paragraph is nothing but strong: it heads what follows."""
    return block["t"] == "Para" and [each["t"] for each in block["c"]] == ["Strong"]


def _block(node: SyntaxTreeNode, charts: Mapping[str, Chart]) -> Node:
    kind = node.type
    if kind in {"paragraph", "table"}:
        return _table(node) if kind == "table" else _paragraph(node, charts)
    if kind == "heading":
        attributes = [str(node.attrs["id"]), [], []]
        return _node("Header", [int(node.tag[1]), attributes, _inlines(node.children[0])])
    if kind == "blockquote":
        return _node("BlockQuote", _blocks(node, charts))
    if kind in {"bullet_list", "ordered_list"}:
        return _list(node, charts)
    if kind in {"fence", "code_block"}:
        return _node("CodeBlock", [_NO_ATTRIBUTES, node.content.rstrip("\n")])
    return {"t": "HorizontalRule"}


def _list(node: SyntaxTreeNode, charts: Mapping[str, Chart]) -> Node:
    items = [_blocks(item, charts) for item in node.children]
    if node.type == "bullet_list":
        return _node("BulletList", items)
    style: list[object] = [int(node.attrs.get("start", 1)), {"t": "Decimal"}, {"t": "Period"}]
    return _node("OrderedList", [style, items])


def _paragraph(node: SyntaxTreeNode, charts: Mapping[str, Chart]) -> Node:
    inline = node.children[0]
    name = reading.chart_of(inline.token) if inline.token else None
    if name is not None:
        return _figure(name, charts[name])
    return _node("Plain" if node.hidden else "Para", _inlines(inline))


def _figure(name: str, chart: Chart) -> Node:
    alt, title = _string(signs.shown(chart.alt)), _string(signs.shown(chart.title))
    image = _node("Image", [_NO_ATTRIBUTES, [alt], [f"{reading.CHART}{name}", ""]])
    caption = [None, [_node("Plain", [title])]]
    return _node("Figure", [_NO_ATTRIBUTES, caption, [_node("Plain", [image])]])


def _table(node: SyntaxTreeNode) -> Node:
    """A table with one row of headings; each column with its alignment and share of the width.

    Headings too long to stand on every page make it one of the class ``once``.
    """
    rows = [row for part in node.children for row in part.children]
    columns = [
        [{"t": _ALIGNMENTS.get(str(cell.attrs.get("style")), "AlignLeft")}, share]
        for cell, share in zip(rows[0].children, _shares(rows), strict=True)
    ]
    body = [[_NO_ATTRIBUTES, 0, [], [_row(row) for row in rows[1:]]]]
    head, foot = [_NO_ATTRIBUTES, [_row(rows[0])]], [_NO_ATTRIBUTES, []]
    is_long = any(shapes.width(_words(cell), 1) > _PAGE * 2 for cell in rows[0].children)
    attributes: list[Any] = ["", ["once"] if is_long else [], []]
    return _node("Table", [attributes, [None, []], columns, head, body, foot])


def _row(row: SyntaxTreeNode) -> list[Any]:
    default = {"t": "AlignDefault"}
    return [
        _NO_ATTRIBUTES,
        [
            [_NO_ATTRIBUTES, default, 1, 1, [_node("Plain", _inlines(cell.children[0]))]]
            for cell in row.children
        ],
    ]


def _shares(rows: Sequence[SyntaxTreeNode]) -> list[Node]:
    """The columns' shares of the page, after what stands in them; the widest give way first."""
    texts = [[_words(cell) for cell in row.children] for row in rows]
    widths = [
        max(*(shapes.width(text, 1) for text in column), 2) + _GAP
        for column in zip(*texts, strict=True)
    ]
    most = float(_PAGE)
    while most > _NARROW and sum(min(width, most) for width in widths) > _PAGE:
        most -= 0.5
    whole = max(sum(min(width, most) for width in widths), _PAGE)
    return [_node("ColWidth", round(min(width, most) / whole, 4)) for width in widths]


def _words(cell: SyntaxTreeNode) -> str:
    return "".join(child.content for child in cell.children[0].children)


def _inlines(parent: SyntaxTreeNode) -> list[Node]:
    return [inline for child in parent.children for inline in _inline(child)]


def _inline(node: SyntaxTreeNode) -> list[Node]:
    if node.type == "text":
        return [_string(node.content)] if node.content else []
    if node.type == "code_inline":
        return [_node("Code", [_NO_ATTRIBUTES, node.content])]
    if node.type == "hardbreak":
        return [{"t": "LineBreak"}]
    if node.type == "link":
        target = [str(node.attrs.get("href", "")), ""]
        return [_node("Link", [_NO_ATTRIBUTES, _inlines(node), target])]
    return [_node(_INLINES[node.type], _inlines(node))]


def _string(words: str) -> Node:
    return _node("Str", words)


def _node(kind: str, content: object) -> Node:
    return {"t": kind, "c": content}

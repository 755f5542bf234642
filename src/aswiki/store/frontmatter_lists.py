"""A whole list of a YAML text renewed at once: items that stay keep every byte, as do comments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from aswiki.store.frontmatter_spans import (
    column_of,
    comment_of,
    dash_of,
    line_end,
    line_start,
    nodes_along,
    put,
)
from aswiki.store.yaml12_dump import Inline, flow, is_sequence, item
from aswiki.store.yaml12_tree import Node, tree

if TYPE_CHECKING:
    from aswiki.domain.problem import Loc


def renewed(text: str, path: Loc, values: Sequence[Any], data: Mapping[str, Any]) -> str | None:
    """The text with the list at the path holding the values, or None for a form not known here.

    Args:
        text: a YAML mapping.
        path: the list's, which may be missing.
        values: plain data; the mappings among them take one line each.
        data: what the text says.
    """
    top = tree(text)
    trail = nodes_along(top, path) if top else []
    here = trail[-1] if len(trail) == len(path) + 1 else None
    if here is not None and here.flow and values:  # a long list does not stay on one line
        text, here = text[: here.start] + "[]" + text[here.end :], None
    if here is None or here.kind != "sequence" or not here.items or not values:
        return put(text, path, [_inline(value) for value in values])
    heads = [dash_of(text, here, at) for at in range(len(here.items))]
    if any(text[line_start(text, head) : head].strip() for head in heads):
        return None
    old: Any = data
    for step in path:
        old = old[step]
    return _Lines(text, here, heads, old).with_values(values)


def _inline(value: object) -> object:
    return Inline(value) if isinstance(value, Mapping) else value


def _said(value: object) -> str:
    """What a value says, whatever the order of its keys."""
    return flow(_sorted(value))


def _sorted(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _sorted(value[key]) for key in sorted(value, key=str)}
    return [_sorted(one) for one in value] if is_sequence(value) else value


class _Lines:
    """A block list as the lines of its items, each with the comments above it.

    Args:
        text: what holds the list.
        node: the list.
        heads: where the dash of each item stands.
        old: what the items say.
    """

    def __init__(self, text: str, node: Node, heads: list[int], old: Sequence[Any]) -> None:
        self.text, self.node, self.heads = text, node, heads
        self.starts = [line_start(text, head) for head in heads]
        self.ends = [line_end(text, one.last) + 1 for one in node.items]
        self.indent = column_of(text, node.start)
        self.said = [_said(value) for value in old]

    def with_values(self, values: Sequence[Any]) -> str:
        """The whole text with the values in place of the items."""
        said = [_said(value) for value in values]
        steps = SequenceMatcher(None, self.said, said, autojunk=False).get_opcodes()
        stays = {at for tag, low, high, *_new in steps if tag == "equal" for at in range(low, high)}
        spare = {one: at for at, one in enumerate(self.said) if at not in stays}
        lines: list[str] = []
        for _tag, low, high, first, last in steps:
            pairs = zip_longest(range(low, high), range(first, last))
            for at, new in pairs:
                lines.append("" if at is None else self._above(at))
                if at in stays:
                    lines.append(self._item(at))
                elif new is not None:
                    lines.append(self._new(values[new], spare.get(said[new]), over=at))
        return self.text[: self.starts[0]] + "".join(lines) + self.text[self.ends[-1] :]

    def _above(self, at: int) -> str:
        """The comments and blank lines between an item and the one before it."""
        return self.text[self.ends[at - 1] : self.starts[at]] if at else ""

    def _item(self, at: int) -> str:
        lines = self.text[self.starts[at] : self.ends[at]]
        return lines if lines.endswith("\n") else lines + "\n"

    def _new(self, value: object, same: int | None, over: int | None) -> str:
        """The lines of a new item: those of an old one that says the same, else its own."""
        if same is not None:
            return self._item(same)
        lines = item(value, self.indent, inline=isinstance(value, Mapping))
        if over is None:
            return lines
        comment = comment_of(self.text, self.heads[over] + 1, self.node.items[over])
        first, newline, rest = lines.partition("\n")
        return f"{first}{comment}{newline}{rest}"

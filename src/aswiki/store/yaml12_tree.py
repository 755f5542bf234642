"""Where everything stands in a YAML text: its nodes with the characters they begin and end at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

import yaml
from yaml import CSafeLoader

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST: Final = 24
"""Collections within collections that a record may have; thousands would crash the parser."""
MOST_EVENTS: Final = 100_000
"""Keys, values, beginnings and ends of collections that a record may have."""


@dataclass(slots=True)
class Node:
    """One value and its span, in characters; ``keys`` and ``items`` of a mapping run in parallel.

    ``style`` is the quote or ``|``, ``>`` of a scalar, empty for a plain one. A block collection's
    own ``end`` lies after the comments below it: ``last`` is where its last value ends.
    """

    kind: Literal["scalar", "mapping", "sequence"]
    start: int
    end: int
    style: str = ""
    flow: bool = False
    value: str = ""
    keys: list[Node] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)

    @property
    def last(self) -> int:
        """Where the text of the value ends, without what only follows it."""
        if self.kind == "scalar" or self.flow or not self.items:
            return self.end
        return self.items[-1].last

    def position(self, step: str | int) -> int | None:
        """The place among ``items`` of a key or index, None where there is none."""
        if isinstance(step, int):
            return step if self.kind == "sequence" and 0 <= step < len(self.items) else None
        if self.kind != "mapping":
            return None
        return next((at for at, key in enumerate(self.keys) if key.value == step), None)


def tree(text: str) -> Node | None:
    """The node of the whole text, or of what could be read of it; None where there is nothing."""
    top: Node | None = None
    open_nodes: list[Node] = []
    for count, event in enumerate(_events(text)):
        kind = type(event)
        if issubclass(kind, yaml.CollectionEndEvent):
            open_nodes.pop().end = event.end_mark.index
        elif issubclass(kind, yaml.NodeEvent):
            node = _node(event, text)
            top = top or node
            if open_nodes:
                _attach(open_nodes[-1], node)
            if node.kind != "scalar":
                open_nodes.append(node)
        if len(open_nodes) > DEEPEST or count > MOST_EVENTS:
            break
    return top


def _events(text: str) -> Iterator[Any]:
    """The parser's events up to the end or the first mistake."""
    try:
        parser = CSafeLoader(text)
        yield from iter(parser.get_event, None)
    except (yaml.YAMLError, UnicodeEncodeError):
        return


def _node(event: Any, text: str) -> Node:  # noqa: ANN401 - one of PyYAML's untyped events
    start, end = event.start_mark.index, event.end_mark.index
    if isinstance(event, yaml.ScalarEvent):
        style = event.style or ""
        if style in {"|", ">"}:
            end = start + len(text[start:end].rstrip(" \n"))
        return Node("scalar", start, end, style=style, value=event.value)
    if isinstance(event, yaml.CollectionStartEvent):
        kind: Literal["mapping", "sequence"] = (
            "mapping" if isinstance(event, yaml.MappingStartEvent) else "sequence"
        )
        return Node(kind, start, end, flow=bool(event.flow_style))
    return Node("scalar", start, end, style="*")


def _attach(parent: Node, node: Node) -> None:
    if parent.kind == "mapping" and len(parent.keys) == len(parent.items):
        parent.keys.append(node)
    else:
        parent.items.append(node)


def locate(text: str, loc: tuple[str | int, ...], at_key: bool = False) -> tuple[int, int]:
    """The line and column, both from 1, of the value at ``loc``, or of its key.

    What is not there is placed at the nearest of its ancestors that is: at that one's key where it
    has one, for a block's value only begins on the line below.
    """
    node = tree(text)
    if node is None:
        return 1, 1
    key = node
    for step in loc:
        at = node.position(step)
        if at is None or at >= len(node.items):
            return place(text, key.start)
        key = node.keys[at] if node.keys else node.items[at]
        node = node.items[at]
    return place(text, key.start if at_key else node.start)


def place(text: str, index: int) -> tuple[int, int]:
    """The line and column, both from 1, of a character; only a line feed ends a line."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)

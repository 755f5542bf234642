"""One value put, added or removed in a YAML text by changing only the characters it stands on.

Every function takes the text and a path that is known to fit its data, and gives the new text, or
None for a form it does not know; whoever calls reads the result again and compares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aswiki.store.yaml12_dump import (
    Inline,
    after,
    flow,
    is_collection,
    is_literal,
    item,
    pairs,
)
from aswiki.store.yaml12_scalar import scalar
from aswiki.store.yaml12_tree import Node, tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aswiki.domain.problem import Loc


def put(text: str, path: Loc, value: object) -> str | None:
    """The text with the value at the path, whose missing ends are made."""
    top = tree(text)
    if top is None:
        return _line_ended(text) + pairs(_nested(path, value), 0)
    trail = nodes_along(top, path)
    rest = path[len(trail) - 1 :]
    here = trail[-1]
    if not rest:
        return _replace(text, trail[-2], path[-1], value)
    missing = _nested(rest, value)
    if here.kind == "mapping" and here.items:
        return _insert(text, here, missing)
    if here is top:
        return text[: top.start] + pairs(missing, 0).removesuffix("\n") + text[top.end :]
    return _replace(text, trail[-2], path[len(trail) - 2], missing)


def add(text: str, path: Loc, values: Sequence[object]) -> str | None:
    """The text with the values, one at least, as the last items of the list at the path."""
    top = tree(text)
    trail = nodes_along(top, path) if top else []
    here = trail[-1] if trail else None
    if here is None or len(trail) <= len(path) or here.kind != "sequence" or not here.items:
        return put(text, path, list(values))
    last = here.items[-1]
    style = last.style if last.style in {"'", '"'} else ""
    if here.flow:
        more = "".join(f", {flow(value, style=style)}" for value in values)
        return text[: last.end] + more + text[last.end :]
    indent = column_of(text, here.start)
    lines = "".join(item(value, indent, inline=last.flow, style=style) for value in values)
    return _below(text, here.last, lines)


def remove(text: str, path: Loc) -> str | None:
    """The text without the value at the path, nor what would be left empty around it."""
    top = tree(text)
    if top is None:
        return None
    trail = nodes_along(top, path)
    while len(path) > 1 and len(trail[-2].items) == 1:
        path, trail = path[:-1], trail[:-1]
    parent = trail[-2]
    at = parent.position(path[-1])
    if at is None:
        return None
    return _remove_inline(text, parent, at) if parent.flow else _remove_lines(text, parent, at)


def nodes_along(top: Node, path: Loc) -> list[Node]:
    """The nodes along the path, from the top to the last that is there."""
    trail = [top]
    for step in path:
        at = trail[-1].position(step)
        if at is None:
            break
        trail.append(trail[-1].items[at])
    return trail


def _nested(path: Loc, value: object) -> dict[str, Any]:
    for step in reversed(path[1:]):
        value = {step: value}
    return {str(path[0]): value}


def _insert(text: str, parent: Node, pair: dict[str, Any]) -> str:
    """The pair after the last of a mapping that has some."""
    last = parent.items[-1]
    if parent.flow:
        return text[: last.end] + f", {flow(pair)[1:-1]}" + text[last.end :]
    return _below(text, parent.last, pairs(pair, column_of(text, parent.keys[0].start)))


def _replace(text: str, parent: Node, step: str | int, value: object) -> str | None:
    at = parent.position(step)
    if at is None:
        return None
    node = parent.items[at]
    if parent.flow or node.flow:
        if not (node.flow and not parent.flow and _wants_lines(node, value)):
            return _in_place(text, node, flow(value, style=node.style))
    elif _fits_in_place(node, value):
        return _in_place(text, node, _one_line(value, node.style))
    return _refill(text, parent, at, value)


def _wants_lines(node: Node, value: Any) -> bool:  # noqa: ANN401
    """Whether a value reads better below its key than on the line of the brackets it replaces."""
    if isinstance(value, str):
        return is_literal(value)
    if node.items or not is_collection(value):
        return False
    return any(map(is_collection, value.values() if isinstance(value, dict) else value))


def _fits_in_place(node: Node, value: object) -> bool:
    if node.kind != "scalar" or node.style in {"|", ">"}:
        return False
    if is_collection(value):
        return not value or isinstance(value, Inline)
    return not (isinstance(value, str) and is_literal(value))


def _one_line(value: object, style: str) -> str:
    return flow(value) if is_collection(value) else scalar(value, style=style)


def _in_place(text: str, node: Node, new: str) -> str:
    blank = node.start == node.end and not text[: node.start].endswith((" ", "\n"))
    return text[: node.start] + " " * blank + new + text[node.end :]


def _refill(text: str, parent: Node, at: int, value: object) -> str | None:
    """Everything after a block's ``key:`` or dash written anew, but for the comment there."""
    head = _head(text, parent, at)
    if head is None:
        return None
    node = parent.items[at]
    if parent.kind == "mapping":
        new = after(value, column_of(text, parent.keys[at].start))
    else:
        indent = column_of(text, parent.start)
        new = item(value, indent)[indent + 1 :]
    first, _newline, others = new.partition("\n")
    end = line_end(text, node.last)
    lines = f"{first}{comment_of(text, head, node)}\n{others}".removesuffix("\n")
    return text[:head] + lines + text[end:]


def _head(text: str, parent: Node, at: int) -> int | None:
    """The place behind a pair's colon or an item's dash."""
    if parent.kind == "sequence":
        return dash_of(text, parent, at) + 1
    colon = parent.keys[at].end
    colon += len(text[colon:]) - len(text[colon:].lstrip(" "))
    return colon + 1 if text[colon : colon + 1] == ":" else None


def comment_of(text: str, head: int, node: Node) -> str:
    """The comment on the line of a key or dash, with the space before it."""
    end = line_end(text, head)
    if node.start > end:
        rest = text[head:end]
    elif node.kind == "scalar" and node.style in {"|", ">"}:
        rest = text[node.start : end].lstrip("|>+-0123456789")
    elif node.kind == "scalar" or node.flow:
        rest = text[node.end : line_end(text, node.end)]
    else:
        rest = ""
    return rest.rstrip() if rest.lstrip().startswith("#") else ""


def _remove_inline(text: str, parent: Node, at: int) -> str:
    """The text without one part of a flow collection, nor the comma it needed."""
    starts = [node.start for node in parent.keys or parent.items]
    if at + 1 < len(starts):
        return text[: starts[at]] + text[starts[at + 1] :]
    start = parent.items[at - 1].end if at else starts[at]
    return text[:start] + text[parent.items[at].end :]


def _remove_lines(text: str, parent: Node, at: int) -> str:
    """The text without the lines of one part of a block collection."""
    start = parent.keys[at].start if parent.keys else dash_of(text, parent, at)
    end = line_end(text, parent.items[at].last) + 1
    line = line_start(text, start)
    if not text[line:start].strip():
        return text[:line] + text[end:]
    return text[:start] + text[end:].lstrip(" \n")


def dash_of(text: str, parent: Node, at: int) -> int:
    """Where the dash of a block sequence's item stands."""
    column = column_of(text, parent.start)
    line = line_start(text, parent.items[at].start)
    while at and line > parent.start:
        dash = line + column
        if text[dash : dash + 1] == "-" and not text[line:dash].strip():
            return dash
        line = line_start(text, line - 1)
    return parent.start


def _below(text: str, index: int, lines: str) -> str:
    """The lines put under the line of that character."""
    end = line_end(text, index)
    return _line_ended(text[: end + 1]) + lines + text[end + 1 :]


def _line_ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


def line_start(text: str, index: int) -> int:
    """Where the line of a character begins."""
    return text.rfind("\n", 0, index) + 1


def line_end(text: str, index: int) -> int:
    """Where the line of a character ends, its newline left out."""
    end = text.find("\n", index)
    return len(text) if end < 0 else end


def column_of(text: str, index: int) -> int:
    """How many characters stand before one on its line."""
    return index - line_start(text, index)

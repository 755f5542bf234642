"""Keys of a front matter renamed in place: the characters of the keys change and no others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aswiki.domain.problem import Loc
from aswiki.store import yaml12, yaml12_tree
from aswiki.store.frontmatter_spans import nodes_along
from aswiki.store.yaml12_scalar import scalar


def renamed(front: str, keys: Sequence[tuple[Loc, str]]) -> str | None:
    """The front matter with the key at each place called otherwise.

    Args:
        front: the text between the ``---`` lines.
        keys: places as they are in ``front``, and the new keys.

    Returns:
        None where that would change anything else.
    """
    top = yaml12_tree.tree(front)
    spans = []
    for loc, key in keys:
        parent = nodes_along(top, loc[:-1])[-1] if top is not None else None
        at = parent.position(loc[-1]) if parent is not None else None
        if parent is None or at is None:
            return None
        node = parent.keys[at]
        spans.append((node.start, node.end, scalar(key, in_flow=parent.flow, style=node.style)))
    text = front
    for start, end, new in sorted(spans, reverse=True):
        text = text[:start] + new + text[end:]
    loaded = yaml12.load(text)
    wanted = _with_keys(yaml12.load(front).data, dict(keys))
    return text if not loaded.mistakes and loaded.data == wanted else None


def _with_keys(data: object, keys: Mapping[Loc, str], loc: Loc = ()) -> object:
    if isinstance(data, dict):
        return {
            keys.get((*loc, key), key): _with_keys(value, keys, (*loc, key))
            for key, value in data.items()
        }
    if isinstance(data, list):
        return [_with_keys(item, keys, (*loc, at)) for at, item in enumerate(data)]
    return data

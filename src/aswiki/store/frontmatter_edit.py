"""Front matter edited in place: changing one field changes one line, and every other byte stays.

An edit replaces the characters of its value (``frontmatter_spans``); what that does not reach goes
through ruamel.yaml. Either result is read again and compared with the data that was meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aswiki.errors import BadInput, Defect
from aswiki.lang import _
from aswiki.store import frontmatter_spans as spans
from aswiki.store.frontmatter_lists import renewed
from aswiki.store.yaml12 import load
from aswiki.store.yaml12_dump import is_sequence
from aswiki.store.yaml12_scalar import scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aswiki.domain.problem import Loc


@dataclass(frozen=True, slots=True)
class Put:
    """The value at ``path`` becomes ``value``; mappings missing on the way are made."""

    path: Loc
    value: Any


@dataclass(frozen=True, slots=True)
class Add:
    """``value`` becomes the last item of the list at ``path``, which is made if it is missing."""

    path: Loc
    value: Any


@dataclass(frozen=True, slots=True)
class Extend:
    """The ``values`` become the last items of the list at ``path``, at the cost of one ``Add``."""

    path: Loc
    values: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Remove:
    """The value at ``path`` goes, with its key and with whatever would be left empty around it."""

    path: Loc


@dataclass(frozen=True, slots=True)
class Renew:
    """The list at ``path`` becomes ``values``, at the cost of one ``Put``.

    An item that says what one did before keeps that one's text to the byte; comments between the
    items stay. New mappings take one line each.
    """

    path: Loc
    values: Sequence[Any]


Edit = Put | Add | Extend | Remove | Renew


def edit(front: str, edits: Sequence[Edit]) -> str:
    """The front matter after the edits, done one after the other.

    A collection put over another of its kind is changed part by part.

    Args:
        front: the text between the ``---`` lines.
        edits: paths of keys and 0-based indexes, values as plain data.

    Raises:
        BadInput: ``front`` has mistakes, or a path does not fit it.
        Defect: no way was found to make just this change.
    """
    data = _data(front)
    for change in edits:
        expected = apply(deepcopy(data), change, deepcopy)
        parts = list(_parts(data, change))
        for part in parts:
            front, data = _edited(front, data, part)
        if parts != [change] and not _same(data, expected):
            raise _defect(change)
    return front


def apply(data: Any, change: Edit, made: Callable[[Any], Any]) -> Any:  # noqa: ANN401
    """The same mapping with the change made in it.

    Args:
        data: a mapping of plain data, or one that behaves like it; it is changed.
        change: what to do.
        made: gives the value to store for the one in the change.
    """
    if not change.path or not isinstance(change.path[0], str):
        raise _no_field(change.path, 0)
    match change:
        case Put(path, value):
            _set(_container(data, path, made), path, made(value))
        case Add(path, value):
            holder = _container(data, path, made)
            if _child(holder, path, len(path) - 1) is None:
                _set(holder, path, made([value]))
            elif not isinstance(holder[path[-1]], list):
                raise _no_field(path, len(path) - 1)
            else:
                holder[path[-1]].append(made(value))
        case Extend(path, values):
            for value in values:
                apply(data, Add(path, value), made)
        case Renew(path, values):
            _set(_container(data, path, made), path, made(list(values)))
        case Remove(path):
            _delete(data, path)
    return data


def _container(data: Any, path: Loc, made: Callable[[Any], Any]) -> Any:  # noqa: ANN401
    """The mapping or list that holds the path's last step, with the mappings missing before it."""
    here = data
    for depth, following in enumerate(path[1:]):
        inner = _child(here, path, depth)
        if inner is None:
            if not isinstance(following, str):
                raise _no_field(path, depth + 1)
            inner = here[path[depth]] = made({})
        here = inner
    return here


def _child(here: Any, path: Loc, depth: int) -> Any:  # noqa: ANN401
    """The value one step down, None for a key that may be made."""
    step = path[depth]
    if isinstance(here, dict) and isinstance(step, str):
        return here.get(step)
    if isinstance(here, list) and isinstance(step, int) and 0 <= step < len(here):
        return here[step]
    raise _no_field(path, depth)


def _set(holder: Any, path: Loc, value: object) -> None:  # noqa: ANN401
    _child(holder, path, len(path) - 1)
    holder[path[-1]] = value


def _delete(data: Any, path: Loc) -> None:  # noqa: ANN401
    holders = [data]
    for depth in range(len(path)):
        here = holders[-1]
        inner = _child(here, path, depth)
        if isinstance(here, dict) and path[depth] not in here:
            raise _no_field(path, depth)
        holders.append(inner)
    for holder, step in zip(reversed(holders[:-1]), reversed(path), strict=True):
        del holder[step]
        if holder:
            return


def _parts(old: object, change: Edit) -> Iterator[Edit]:
    """The smallest edits that make up the change."""
    if not isinstance(change, Put):
        yield change
        return
    for step in change.path:
        try:
            old = old[step]  # type: ignore[index]
        except (KeyError, TypeError):
            break
    else:
        yield from _differences(change.path, old, change.value)
        return
    yield change


def _differences(path: Loc, old: Any, new: Any) -> Iterator[Edit]:  # noqa: ANN401
    if isinstance(old, dict) and isinstance(new, Mapping) and old and new:
        for key, value in new.items():
            if key in old:
                yield from _differences((*path, key), old[key], value)
            else:
                yield Put((*path, key), value)
        yield from (Remove((*path, key)) for key in old if key not in new)
    elif isinstance(old, list) and is_sequence(new) and old and new:
        yield from _list_differences(path, old, new)
    elif not _same(old, new):
        yield Put(path, new)


def _list_differences(path: Loc, old: list[Any], new: Sequence[Any]) -> Iterator[Edit]:
    pairs = zip(old, new, strict=False)
    kept = next((at for at, pair in enumerate(pairs) if not _same(*pair)), min(len(old), len(new)))
    surplus = max(len(old) - len(new), 0)
    yield from (Remove((*path, kept)) for _each in range(surplus))
    left = old[:kept] + old[kept + surplus :]
    for at in range(kept, len(left)):
        yield from _differences((*path, at), left[at], new[at])
    yield from (Add(path, value) for value in new[len(left) :])


def _edited(front: str, data: dict[str, Any], change: Edit) -> tuple[str, dict[str, Any]]:
    """Text and data after one small edit, by its span or else by a round trip, and checked."""
    expected = apply(deepcopy(data), change, deepcopy)
    for way in (_by_span, _by_round_trip):
        text = way(front, data, change)
        if text is None:
            continue
        loaded = load(text)
        if not loaded.mistakes and _same(loaded.data, expected):
            return text, loaded.data
    raise _defect(change)


def _by_span(front: str, data: dict[str, Any], change: Edit) -> str | None:
    match change:
        case Put(path, value):
            return spans.put(front, path, value)
        case Add(path, value):
            return spans.add(front, path, [value])
        case Extend(path, values):
            return spans.add(front, path, values)
        case Remove(path):
            return spans.remove(front, path)
        case Renew(path, values):
            return renewed(front, path, values, data)


def _by_round_trip(front: str, _data: dict[str, Any], change: Edit) -> str | None:
    from aswiki.store.frontmatter_roundtrip import edited  # ruamel.yaml starts slowly

    return edited(front, lambda data, made: apply(data, change, made))


def _data(front: str) -> dict[str, Any]:
    loaded = load(front)
    if loaded.mistakes:
        first = loaded.mistakes[0]
        raise BadInput(
            "broken-front-matter",
            _("The front matter cannot be edited; its line {line}: {message}").format(
                line=first.line, message=first.message
            ),
            first.hint or _("Mend it in an editor first."),
        )
    return loaded.data


def _same(one: object, other: object) -> bool:
    """Whether two values would be written with the same words, whatever the order of keys."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if is_sequence(one) and is_sequence(other):
        return len(one) == len(other) and all(map(_same, one, other))
    if any(isinstance(value, Mapping) or is_sequence(value) for value in (one, other)):
        return False
    return scalar(one) == scalar(other)


def _no_field(path: Loc, depth: int) -> BadInput:
    message = _("There is no {step} at {place}.") if depth else _("There is no field {step}.")
    typed = [str(part + 1) if isinstance(part, int) else part for part in path]
    step = typed[depth] if path else ""
    place = ".".join(typed[:depth])
    hint = _("Look at the record's fields with `show --json`.")
    return BadInput("no-such-field", message.format(step=step, place=place), hint)


def _defect(change: Edit) -> Defect:
    where = ".".join(map(str, change.path))
    return Defect(
        "edit-failed",
        _("Setting {where} would have changed something else; nothing was changed.").format(
            where=where
        ),
        _("Change it in an editor."),
    )

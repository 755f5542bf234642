"""Settings that somebody has, with ours added: what they set stays as they set it."""

from __future__ import annotations

from collections.abc import Iterator

Json = object


def added(present: Json, wanted: Json) -> Json:
    """What is there with what is wanted added to it; the same value where nothing is missing.

    A mapping gains keys, at any depth; a list gains items, and an item that is a name with options
    (``["plugin", {...}]``) gains options. A value that is there is never replaced.
    """
    if isinstance(present, dict) and isinstance(wanted, dict):
        kept = {k: added(v, wanted[k]) if k in wanted else v for k, v in present.items()}
        return {**kept, **{key: value for key, value in wanted.items() if key not in present}}
    if isinstance(present, list) and isinstance(wanted, list):
        return _longer(present, wanted)
    return present


def unlike(present: Json, wanted: Json, path: str = "") -> Iterator[str]:
    """The keys, with slashes between them, that are set to something else than is wanted."""
    if isinstance(present, dict) and isinstance(wanted, dict):
        for key in wanted:
            if key in present:
                yield from unlike(present[key], wanted[key], f"{path}/{key}")
    elif isinstance(present, list) and isinstance(wanted, list):
        return
    elif present != wanted:
        yield path.removeprefix("/")


def _longer(present: list[Json], wanted: list[Json]) -> list[Json]:
    found = list(present)
    names = [_name(item) for item in found]
    for item in wanted:
        if _name(item) not in names:
            found.append(item)
            continue
        place = names.index(_name(item))
        found[place] = _with_options(found[place], item)
    return found


def _with_options(present: Json, wanted: Json) -> Json:
    """An item of a list with the options that another of the same name has."""
    if not isinstance(wanted, list):
        return present
    if not isinstance(present, list) or len(present) == 1:
        return wanted
    return [present[0], *(added(a, b) for a, b in zip(present[1:], wanted[1:], strict=False))]


def _name(item: Json) -> Json:
    return item[0] if isinstance(item, list) and item else item

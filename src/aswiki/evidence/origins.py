"""Which commit brought each record in the form that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence


def origins(
    head: str,
    steps: Iterable[tuple[str, Sequence[tuple[str | None, Collection[str]]]]],
    paths: Iterable[str],
    known: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, str]:
    """For each path the commit that brought the bytes that it has at ``head``.

    From the head on it is the first parent with the same bytes that is asked next; the commit none
    of whose parents has them is the one.

    Args:
        head: the commit to begin with.
        steps: commits, no parent before its children: the name, and of each parent the name and
            the paths that differ from it.
        paths: files that are there at the head.
        known: what was found from earlier commits on: a path is followed no further than to one.
    """
    waiting: dict[str, set[str]] = {head: set(paths)}
    found: dict[str, str] = {}
    settled = known or {}
    for commit, parents in steps:
        looked_for = waiting.pop(commit, set())
        for path in looked_for & settled.get(commit, {}).keys():
            found[path] = settled[commit][path]
            looked_for.discard(path)
        for parent, differing in parents:
            if parent is None:
                continue
            same = looked_for.difference(differing)
            looked_for.difference_update(same)
            if parent in waiting:
                waiting[parent] |= same
            elif same:
                waiting[parent] = same
        found.update(dict.fromkeys(looked_for, commit))
        if not waiting:
            break
    return found

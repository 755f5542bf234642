"""Questions about a history asked one after another are answered as when they are asked alone."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from aswiki.evidence.history import Change, History, Walk

PATHS = ("a", "b", "c")
TREE = "0" * 40

Drawn = list[tuple[list[int], str]]
"""For each commit how far back its parents are, and the path that it changes."""

histories = st.lists(
    st.tuples(st.lists(st.integers(1, 4), min_size=1, max_size=2), st.sampled_from(PATHS)),
    min_size=1,
    max_size=12,
)


def named(number: int) -> str:
    return hashlib.sha1(str(number).encode(), usedforsecurity=False).hexdigest()


def history(drawn: Drawn) -> History:
    """A history whose commits each bring new bytes of one path."""
    raw: dict[str, bytes] = {}
    changes: dict[str, list[list[Change]]] = {}
    trees: list[dict[str, str]] = []
    for number, (back, path) in enumerate(drawn):
        above = sorted({number - each for each in back if each <= number}, reverse=True)
        links = "".join(f"parent {named(each)}\n" for each in above)
        who = f"A <a@example.com> {1_700_000_000 + number} +0000"
        raw[named(number)] = f"tree {TREE}\n{links}author {who}\ncommitter {who}\n\nx\n".encode()
        base = trees[above[0]] if above else dict.fromkeys(PATHS, named(0))
        trees.append({**base, path: named(number)})
        sides = [trees[each] for each in above] or [{}]
        changes[named(number)] = [list(differing(side, trees[-1])) for side in sides]
    return History(
        head=named(len(drawn) - 1),
        raw=raw,
        changes=changes,
        blob=lambda _name: None,
        digests=lambda _names: {},
        files=lambda _commit: {},
        objects_sha256=lambda _commit, _before: "",
    )


def differing(old: dict[str, str], new: dict[str, str]) -> list[Change]:
    return [
        Change(path, "100644" if path in old else "000000", "100644", old.get(path, ""), blob)
        for path, blob in new.items()
        if old.get(path) != blob
    ]


@given(histories)
def test_each_commit_s_answers_are_those_of_a_walk_of_its_own(drawn: Drawn) -> None:
    own = history(drawn)
    walk = Walk.of(own)
    for name in walk.steps:
        alone = Walk.of(own)
        assert walk.count(name) == alone.count(name) == len(alone.older_than(name)) + 1
        assert walk.brought(name, PATHS) == alone.brought(name, PATHS)

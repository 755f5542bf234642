"""Three versions of a list laid side by side: which item of one is which of another."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

from aswiki.domain.changes.identity import IDENTITIES

WHOLE: Final = frozenset({"sources", "lines", "daily", "tiers"})
"""Lists whose items count on their places, in their own list or in one beside it."""

_COMMON: Final = (("id",), ("sha256",), ("file",), ("url",), ("name",))
"""What tells items apart in a list without keys of its own, the first that all of them have."""

Names = list[Hashable]


def said(value: object) -> Hashable:
    """What a value says, to compare it by: as NFC, whatever the order of its keys."""
    if isinstance(value, Mapping):
        return ("{}", frozenset((nfc(str(key)), said(part)) for key, part in value.items()))
    if isinstance(value, list | tuple):
        return ("[]", tuple(map(said, value)))
    if isinstance(value, str):
        return nfc(value)
    return (type(value).__name__, str(getattr(value, "text", value)))


def nfc(text: str) -> str:
    """The text in Unicode's composed form."""
    return unicodedata.normalize("NFC", text)


def aligned(
    key: str, base: Sequence[Any], ours: Sequence[Any], theirs: Sequence[Any]
) -> tuple[Names, Names, Names] | None:
    """A name for each item of three versions of a list, or None where only places tell them apart.

    One name in two versions is one item, changed or not; none stands twice in a version.

    Args:
        key: the list's own.
        base: the version both sides come from.
        ours: one side's.
        theirs: the other's.
    """
    versions = (base, ours, theirs)
    every = [*base, *ours, *theirs]
    if key in WHOLE:
        return None
    if all(isinstance(item, str) for item in every):
        return _numbered(base), _numbered(ours), _numbered(theirs)
    if not all(isinstance(item, Mapping) for item in every):
        return None
    for keys in (IDENTITIES.get(key, ()), *_COMMON):
        found = [_named(keys, items) for items in versions]
        if all(len(set(names)) == len(names) and None not in names for names in found):
            return found[0], found[1], found[2]
    known = _numbered(base)
    return known, _followed(known, _numbered(ours)), _followed(known, _numbered(theirs))


def _named(keys: Sequence[str], items: Sequence[Mapping[str, Any]]) -> Names:
    """The values of those keys of each item, None for an item without any."""
    found: Names = []
    for item in items:
        values = tuple(None if item.get(key) is None else said(item[key]) for key in keys)
        found.append(values if any(value is not None for value in values) else None)
    return found


def _numbered(items: Sequence[Any]) -> Names:
    """What each item says, and how often that was said before."""
    seen: Counter[Hashable] = Counter()
    found: Names = []
    for item in items:
        words = said(item)
        found.append((words, seen[words]))
        seen[words] += 1
    return found


def _followed(base: Names, side: Names) -> Names:
    """A side's names; where as many items were changed as stood there, the names that those had."""
    found = list(side)
    steps = SequenceMatcher(None, base, side, autojunk=False).get_opcodes()
    for tag, low, high, first, last in steps:
        has_moved = set(base[low:high]) & set(side) or set(side[first:last]) & set(base)
        if tag == "replace" and high - low == last - first and not has_moved:
            found[first:last] = base[low:high]
    return found


def woven(ours: Sequence[Hashable], theirs: Sequence[Hashable]) -> Names:
    """Every name of two sides once: ours in its order, what only theirs has behind the same.

    Where both have something new at one place, ours comes first.
    """
    found = list(ours)
    known, shared = set(ours), set(ours) & set(theirs)
    at = 0
    for name in theirs:
        if name in shared:
            at = found.index(name) + 1
            continue
        while at < len(found) and found[at] in known and found[at] not in shared:
            at += 1
        found.insert(at, name)
        at += 1
    return found

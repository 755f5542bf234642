"""Two versions of a record's facts and the one they come from: what each field of the merge is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from aswiki.domain.changes.alignment import aligned, nfc, said, woven

KEPT_WORDS: Final = frozenset({"verbatim", "quote"})
"""What somebody said: it stays as it was said (rule 20)."""

Step = str | int
Side = Literal["ours", "theirs"]


class Absent:
    """The value of a field that is not there."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()


@dataclass(frozen=True, slots=True)
class Take:
    """The field is as one side has it; ``ABSENT`` where it is gone."""

    side: Side
    value: Any


@dataclass(frozen=True, slots=True)
class Clash:
    """Each side did something else; a person has to choose."""

    ours: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Join:
    """A mapping or list of which each part is chosen by itself, in the order of the result."""

    parts: tuple[Part, ...]
    many: bool = False


Choice = Take | Clash | Join


@dataclass(frozen=True, slots=True)
class Part:
    """One key or item: its step in each version that has it, and what becomes of it."""

    base: Step | None
    ours: Step | None
    theirs: Step | None
    choice: Choice

    @property
    def name(self) -> str:
        """The step as one writes it: a key, or a place from 1."""
        step = next(s for s in (self.ours, self.theirs, self.base) if s is not None)
        return str(step + 1) if isinstance(step, int) else step


def merge(
    base: Mapping[str, Any],
    ours: Mapping[str, Any],
    theirs: Mapping[str, Any],
    contested: Collection[str] = (),
) -> Join:
    """What becomes of every field of a record's front matter.

    A field that one side changed is as that side has it; of two that changed the same mapping or
    list, each part is looked at by itself; lists are merged by what tells their items apart.

    Args:
        base: the facts both sides come from; empty where each made the record by itself.
        ours: one side's facts.
        theirs: the other's.
        contested: fields for a person to choose wherever the sides differ.
    """
    return _of_mapping(base, ours, theirs, contested)


def value_of(choice: Choice, side: Side = "ours") -> Any:  # noqa: ANN401 - plain data of any shape
    """The value that comes out, a clash decided for one side; ``ABSENT`` where there is none."""
    match choice:
        case Take(_, value):
            return value
        case Clash():
            return choice.ours if side == "ours" else choice.theirs
        case Join(parts, many):
            values = [(part.name, value_of(part.choice, side)) for part in parts]
            there = [(name, value) for name, value in values if value is not ABSENT]
            if many:
                return [value for _name, value in there]
            return dict(there)


def clashes(choice: Choice, path: tuple[str, ...] = ()) -> Iterator[str]:
    """The dotted name of every field that a person has to choose, items counted from 1."""
    if isinstance(choice, Clash):
        yield ".".join(path)
    elif isinstance(choice, Join):
        for part in choice.parts:
            yield from clashes(part.choice, (*path, part.name))


def stayed(choice: Choice, path: tuple[str, ...] = ()) -> Iterator[str]:
    """The dotted name of every field that one side removed and that stays all the same."""
    if isinstance(choice, Join):
        for part in choice.parts:
            both = part.ours is not None and part.theirs is not None
            is_kept = isinstance(part.choice, Take) and part.choice.value is not ABSENT
            if is_kept and part.base is not None and not both:
                yield ".".join((*path, part.name))
            yield from stayed(part.choice, (*path, part.name))


def _choose(key: str, base: object, ours: object, theirs: object) -> Choice:
    """What becomes of one value."""
    if _alike(ours, theirs):
        return Take("ours", ours)
    sides: tuple[tuple[Any, Any, Side], ...] = ((ours, theirs, "theirs"), (theirs, ours, "ours"))
    for mine, other, side in sides:
        if not _alike(mine, base):
            continue
        if not _words(key, base) - _words(key, other):
            return Take(side, other)
        if other is ABSENT:
            return Take("theirs" if side == "ours" else "ours", mine)
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        return _of_mapping(base if isinstance(base, Mapping) else {}, ours, theirs)
    if isinstance(ours, list) and isinstance(theirs, list):
        return _of_list(key, base if isinstance(base, list) else [], ours, theirs)
    return Clash(ours, theirs)


def _of_mapping(
    base: Mapping[str, Any],
    ours: Mapping[str, Any],
    theirs: Mapping[str, Any],
    contested: Collection[str] = (),
) -> Join:
    parts = []
    for key in map(str, woven(list(ours), list(theirs))):
        values = [version.get(key, ABSENT) for version in (base, ours, theirs)]
        choice = _choose(key, *values)
        if key in contested and not _alike(values[1], values[2]):
            choice = Clash(values[1], values[2])
        parts.append(_part(values, (key, key, key), choice))
    return Join(tuple(parts))


def _of_list(key: str, base: list[Any], ours: list[Any], theirs: list[Any]) -> Choice:
    found = aligned(key, base, ours, theirs)
    if found is None:
        return Clash(ours, theirs)
    places = [{one: at for at, one in enumerate(ids)} for ids in found]
    parts = []
    for one in woven(found[1], found[2]):
        steps = [known.get(one) for known in places]
        versions = zip((base, ours, theirs), steps, strict=True)
        values = [ABSENT if at is None else version[at] for version, at in versions]
        parts.append(_part(values, steps, _of_item(key, *values)))
    return Join(tuple(parts), many=True)


def _of_item(key: str, base: object, ours: object, theirs: object) -> Choice:
    """What becomes of one item; two promises that were given one number stay two."""
    is_new = key == "promises" and base is ABSENT
    if (
        is_new
        and isinstance(ours, Mapping)
        and isinstance(theirs, Mapping)
        and said(ours.get("what")) != said(theirs.get("what"))
    ):
        return Clash(ours, theirs)
    return _choose("", base, ours, theirs)


def _part(values: Sequence[Any], steps: Sequence[Step | None], choice: Choice) -> Part:
    there = [None if v is ABSENT else s for v, s in zip(values, steps, strict=True)]
    return Part(there[0], there[1], there[2], choice)


def _alike(one: object, other: object) -> bool:
    if one is ABSENT or other is ABSENT:
        return one is other
    return said(one) == said(other)


def _words(key: str, value: object) -> Counter[str]:
    """What somebody said to the letter, as it stands anywhere in a value."""
    found: Counter[str] = Counter()
    if isinstance(value, Mapping):
        for name, part in value.items():
            found += _words(str(name), part)
    elif isinstance(value, list):
        for part in value:
            found += _words("", part)
    elif key in KEPT_WORDS and isinstance(value, str):
        found[nfc(value)] += 1
    return found

"""Two versions of a YAML text made into one out of their own lines, as was chosen part by part."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aswiki.domain.changes.alignment import said
from aswiki.domain.changes.merging import ABSENT, Clash, Join, Take, clashes, value_of
from aswiki.errors import AswikiError
from aswiki.store.conflicts import SIZE, marked, resolved
from aswiki.store.frontmatter_edit import Edit, Put, Remove, edit
from aswiki.store.frontmatter_spans import dash_of, line_end, line_start
from aswiki.store.yaml12 import load
from aswiki.store.yaml12_tree import Node, tree

if TYPE_CHECKING:
    from aswiki.domain.changes.merging import Part, Side, Step
    from aswiki.domain.problem import Loc

_COMMENT = re.compile(r"(?:^|(?<=\s))#.*", re.MULTILINE)
_ABOVE = "x:\n"


@dataclass(slots=True)
class _Lines:
    """The whole lines of one key or item.

    Args:
        lead: the comments and blank lines above it.
        text: its own lines.
        head: of those the ones before its first part, where it has parts on lines of their own.
        parts: these parts by their steps.
        is_mapping: whether the parts are a mapping's.
    """

    lead: str
    text: str
    head: str = ""
    parts: dict[Step, _Lines] = field(default_factory=dict)
    is_mapping: bool = True


_NOTHING: Final = _Lines("", "")


class _Unfit(Exception):
    """The lines cannot be put together as was chosen."""


def merged(base: str, ours: str, theirs: str, choice: Join, size: int = SIZE) -> str:
    """The YAML text that holds what was chosen, by whole lines of ours and theirs.

    Comments of both sides stay. Only a list or mapping on one line to which both sides added is
    written anew. Where a person has to choose, both versions stand between markers; the whole
    text does where no other way keeps all.

    Args:
        base: the YAML both sides come from, empty where there is none.
        ours: one side's; its order is kept.
        theirs: the other's.
        choice: what becomes of each field, of the data of the three.
        size: how many characters a marker has.
    """
    for way in (_by_lines, _by_edits):
        try:
            text = way(base, ours, theirs, choice, size)
        except (_Unfit, AswikiError):
            continue
        if _is_meant(text, choice) and _keeps_comments(text, base, ours, theirs):
            return text
    return marked(ours, theirs, size)


def _is_meant(text: str, choice: Join) -> bool:
    """Whether the text reads as was chosen, on either side of its conflicts."""
    sides: tuple[Side, Side] = ("ours", "theirs")
    for side in sides:
        loaded = load(resolved(text, side))
        if loaded.mistakes or said(loaded.data) != said(value_of(choice, side)):
            return False
    return True


def _keeps_comments(text: str, base: str, ours: str, theirs: str) -> bool:
    """Whether every comment that one side brought is there."""
    return (_comments(ours) | _comments(theirs)) - _comments(base) <= _comments(text)


def _by_edits(_base: str, ours: str, _theirs: str, choice: Join, _size: int) -> str:
    """Our text with their values set in it; not where a person has to choose."""
    if next(clashes(choice), None) is not None:
        raise _Unfit
    data, values = load(ours).data, value_of(choice)
    edits: list[Edit] = [Put((key,), value) for key, value in values.items()]
    edits += [Remove((key,)) for key in data if key not in values]
    return edit(ours, edits)


def _by_lines(base: str, ours: str, theirs: str, choice: Join, size: int) -> str:
    old, own, other = (_top(text) for text in (base, ours, theirs))
    if not (own.parts and other.parts):
        raise _Unfit
    tail = _newest(old.text if old.parts else None, own.text, other.text)
    return _woven(choice, old, own, other, size) + tail


def _top(text: str) -> _Lines:
    """The whole text as the lines of its keys; its own are those below the last key."""
    node = tree(text)
    if node is None or node.kind != "mapping" or node.flow or not node.items:
        return _Lines("", text)
    parts, end = _parts(text, node, 0)
    return _Lines("", text[end:], "", parts)


def _parts(text: str, node: Node, start: int) -> tuple[dict[Step, _Lines], int]:
    """The parts of a block mapping or list, and where the last one's lines end."""
    found: dict[Step, _Lines] = {}
    for at, item in enumerate(node.items):
        own = node.keys[at].start if node.keys else dash_of(text, node, at)
        first = max(line_start(text, own), start)
        end = min(line_end(text, item.last) + 1, len(text))
        lines = _Lines(text[start:first], text[first:end], is_mapping=item.kind == "mapping")
        if item.kind != "scalar" and not item.flow and item.items:
            inner = item.keys[0].start if item.keys else dash_of(text, item, 0)
            is_below = line_start(text, inner) > first
            head = line_end(text, first) + 1 if is_below else first
            lines.head = text[first:head]
            lines.parts = _parts(text, item, head)[0]
        found[node.keys[at].value if node.keys else at] = lines
        start = end
    return found, start


def _woven(choice: Join, base: _Lines, ours: _Lines, theirs: _Lines, size: int) -> str:
    """The head and the parts, each with the comments above it."""
    pieces = [theirs.head if base.parts and ours.head == base.head else ours.head]
    for part in choice.parts:
        old, own, other = _of(base, part.base), _of(ours, part.ours), _of(theirs, part.theirs)
        text = _part(part, old, own, other, size)
        if text and own and other:
            pieces.append(_newest(old.lead if old else None, own.lead, other.lead))
        elif text:
            pieces += [lines.lead for lines in (own, other) if lines]
        else:  # what goes leaves the comments behind that were put above it since
            pieces += [
                _new_lines(lines.lead, (old or _NOTHING).lead) for lines in (own, other) if lines
            ]
        pieces.append(text)
    return "".join(pieces)


def _part(
    part: Part, base: _Lines | None, ours: _Lines | None, theirs: _Lines | None, size: int
) -> str:
    """The lines of one part, without the comments above it."""
    own, other = (lines.text if lines else "" for lines in (ours, theirs))
    match part.choice:
        case Take(_, value) if value is ABSENT:
            return ""
        case Take(side, _):
            if ours is None or theirs is None:
                return own or other
            return _taken(side, base or _NOTHING, ours, theirs)
        case Clash():
            return marked(own, other, size)
        case Join() as choice if ours is not None and theirs is not None:
            return _joined(choice, part.ours, (base or _NOTHING, ours, theirs), size)
    raise _Unfit


def _joined(
    choice: Join, step: Step | None, lines: tuple[_Lines, _Lines, _Lines], size: int
) -> str:
    """The lines of a mapping or list to which both sides did something."""
    base, ours, theirs = lines
    if ours.parts and theirs.parts and ours.is_mapping == theirs.is_mapping:
        return _woven(choice, base, ours, theirs, size)
    if next(clashes(choice), None) is not None:
        return marked(ours.text, theirs.text, size)
    return _with_value(ours.text, step, value_of(choice))


def _of(lines: _Lines, step: Step | None) -> _Lines | None:
    return None if step is None else lines.parts.get(step)


def _taken(side: Side, base: _Lines, ours: _Lines, theirs: _Lines) -> str:
    """The lines of the side that was taken, with what the other only laid out anew or commented."""
    taken, left = (ours, theirs) if side == "ours" else (theirs, ours)
    if left.text in (base.text, taken.text):
        return taken.text
    if taken.text == base.text:
        return left.text
    if taken.parts and left.parts and taken.is_mapping and left.is_mapping:
        pieces = [taken.head]
        for step, lines in taken.parts.items():
            sides = [each.parts.get(step, _NOTHING) for each in (base, ours, theirs)]
            pieces.append(_newest(sides[0].lead, sides[1].lead, sides[2].lead))
            is_new = left.parts.get(step) is None
            pieces.append(lines.text if is_new else _taken(side, sides[0], sides[1], sides[2]))
        return "".join(pieces)
    if _comments(left.text) - _comments(base.text) - _comments(taken.text):
        raise _Unfit
    return taken.text


def _comments(text: str) -> set[str]:
    return {words.strip() for words in _COMMENT.findall(text)}


def _newest(base: str | None, ours: str, theirs: str) -> str:
    """The comments of both sides, those that one side took out left out."""
    if ours == base:
        return theirs
    if theirs in (base, ours):
        return ours
    return ours + _new_lines(theirs, f"{ours}\n{base or ''}")


def _new_lines(lead: str, known: str) -> str:
    """The lines of a lead that hold something and are not known."""
    there = {"", *(line.strip() for line in known.splitlines())}
    return "".join(ln for ln in lead.splitlines(keepends=True) if ln.strip() not in there)


def _with_value(text: str, step: Step | None, value: object) -> str:
    """The lines of one key or item with another value on them."""
    path: Loc = () if isinstance(step, int) or step is None else (step,)
    if text.lstrip(" ").startswith("- "):
        path = (0, *path)
    if not text.startswith((" ", "-")):
        return edit(text, [Put(path, value)])
    return edit(f"{_ABOVE}{text}", [Put(("x", *path), value)]).removeprefix(_ABOVE)

"""Two versions of a record's body made into one, section by section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from aswiki.domain.blocks import Blocks
from aswiki.domain.changes.alignment import nfc, woven
from aswiki.domain.changes.logs import Reader, merged_log, removed_on_one_side
from aswiki.domain.entry import content
from aswiki.lang import _
from aswiki.store import sections
from aswiki.store.conflicts import SIZE, marked

NEWLINE: Final = "\n"
LOG: Final = "log"
LOG_HEADINGS: Final = frozenset({"log", "处理过程"})

Prose = Callable[[str, str, str], tuple[str, bool]]
"""Base, ours, theirs → the merge of free prose, and whether a person has to choose in it."""


class Body(NamedTuple):
    """A merged body, the headings under which a person has to choose, and what was kept."""

    text: str
    conflicts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class _Section(NamedTuple):
    """A section's heading line and what stands under it, to the byte; ``core`` is its text.

    ``ends`` says that it is the last of its body.
    """

    name: str
    heading: str
    content: str
    core: str
    ends: bool


@dataclass
class Merging:
    """How the sections of one record are merged.

    Args:
        reader: how its log is read.
        prose: merges prose under headings of the writer's own.
        headings: gives every known heading, as compared → the field's key; asked when needed.
        contested: fields for a person to choose wherever the sides differ.
        size: how many characters a conflict marker has.
    """

    reader: Reader
    prose: Prose
    headings: Callable[[], Mapping[str, str]]
    contested: Collection[str] = ()
    size: int = SIZE
    conflicts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def merged(self, base: str, ours: str, theirs: str) -> Body:
        """The body with every section as one side left it; changed on both, it is a conflict.

        The logs of both become one. What stands under no known heading is merged as prose. The
        order is ours.
        """
        if any(map(_left_open, (ours, theirs))):
            return self._as_prose(base, ours, theirs)
        old, own, other = (self._sections(body) for body in (base, ours, theirs))
        if own.keys() != other.keys():
            known = self.headings()
            old, own, other = (_by_key(side, known) for side in (old, own, other))
        text, is_open = "", False
        for one in woven(list(own), list(other)):
            sides = own.get(one), other.get(one)
            found = self._one(old.get(one), *sides)
            text = (_closed(text) if found and is_open else text) + found
            is_open = any(side.ends for side in sides if side) or (is_open and not found)
        end = ours[len(ours.rstrip("\n")) :] if ours.strip() else "\n"
        text = text.rstrip("\n") + end if text.strip() else ours
        return Body(text, tuple(self.conflicts), tuple(self.notes))

    def _as_prose(self, base: str, ours: str, theirs: str) -> Body:
        text, is_conflict = self.prose(base, ours, theirs)
        if not is_conflict:
            counts = [
                Counter(map(content, self.reader.read(b).entries)) for b in (text, ours, theirs)
            ]
            if (counts[1] | counts[2]) - counts[0]:
                text, is_conflict = marked(ours, theirs, self.size), True
        return Body(text, (_("the text"),) if is_conflict else ())

    def _sections(self, body: str) -> dict[object, _Section]:
        found: dict[object, _Section] = {}
        seen: Counter[str] = Counter()
        start = 0
        for section in sections.split(body):
            name = sections.normal(section.heading) if section.heading is not None else ""
            name = LOG if name in LOG_HEADINGS else name
            head, content = body[start : section.start], body[section.start : section.end]
            ends = section.end == len(body)
            found[(name, seen[name])] = _Section(name, head, content, nfc(section.text), ends)
            seen[name] += 1
            start = section.end
        return found

    def _one(self, base: _Section | None, ours: _Section | None, theirs: _Section | None) -> str:
        """What becomes of one section, heading included; empty where it goes."""
        if ours is None or theirs is None:
            return self._of_one_side(base, ours, theirs)
        old = base.core if base else ""
        if ours.name == LOG:
            return self._log(base, ours, theirs)
        if ours.core == theirs.core or (theirs.core == old and not self._is_contested(ours)):
            return _whole(ours)
        if ours.core == old and not self._is_contested(ours):
            return _whole(theirs)
        if self._is_known(ours):
            return self._clash(ours, theirs)
        contents = [side.content if side else "" for side in (base, ours, theirs)]
        old, own, other = (f"{text.strip(NEWLINE)}\n" for text in contents)
        text, is_conflict = self.prose(old, own, other)
        if is_conflict:
            self.conflicts.append(_called(ours))
        above = ours.content[: len(ours.content) - len(ours.content.lstrip("\n"))]
        below = ours.content[len(ours.content.rstrip("\n")) :]
        return f"{ours.heading}{above}{text.strip(NEWLINE)}{below}"

    def _of_one_side(
        self, base: _Section | None, ours: _Section | None, theirs: _Section | None
    ) -> str:
        left = ours or theirs
        if left is None:
            return ""
        if base is None or not left.core:
            return _whole(left)
        if left.name == LOG:
            self._say_stayed(base.content, "", left.content)
            return _whole(left)
        if left.core == base.core:
            return ""
        self.conflicts.append(_called(left))
        sides = [_whole(side) if side else "" for side in (ours, theirs)]
        return marked(sides[0], sides[1], self.size)

    def _log(self, base: _Section | None, ours: _Section, theirs: _Section) -> str:
        old = base.content if base else ""
        if ours.core == theirs.core:
            return _whole(ours)
        text = merged_log(ours.content, theirs.content, old, self.reader)
        if text is None:
            return self._clash(ours, theirs)
        self._say_stayed(old, ours.content, theirs.content)
        return ours.heading + text

    def _say_stayed(self, base: str, ours: str, theirs: str) -> None:
        for entry in removed_on_one_side(ours, theirs, base, self.reader):
            said = _("The log entry of {at} was removed or altered on one side; it stays.")
            self.notes.append(said.format(at=entry.at.isoformat(" ", "minutes")))

    def _clash(self, ours: _Section, theirs: _Section) -> str:
        self.conflicts.append(_called(ours))
        if ours.heading.strip() != theirs.heading.strip():
            return marked(_whole(ours), _whole(theirs), self.size)
        texts = [section.content.strip("\n") for section in (ours, theirs)]
        both = marked(texts[0], texts[1], self.size)
        return f"{ours.heading}\n{both}\n"

    def _is_known(self, section: _Section) -> bool:
        return section.name in self.headings()

    def _is_contested(self, section: _Section) -> bool:
        return bool(self.contested) and self.headings().get(section.name) in self.contested


def _by_key(found: Mapping[object, _Section], known: Mapping[str, str]) -> dict[object, _Section]:
    """The sections under their keys, so that the headings of two languages are one."""
    seen: Counter[str] = Counter()
    renamed: dict[object, _Section] = {}
    for section in found.values():
        key = known.get(section.name, section.name)
        renamed[(key, seen[key])] = section
        seen[key] += 1
    return renamed


def _whole(section: _Section) -> str:
    return section.heading + section.content


def _called(section: _Section) -> str:
    return section.heading.strip().lstrip("#").strip() or _("text before the first heading")


def _closed(text: str) -> str:
    """The text, which stood at the end of a file, with a blank line behind it."""
    return text if not text.strip() or text.endswith("\n\n") else text.rstrip("\n") + "\n\n"


def _left_open(body: str) -> bool:
    """Whether a fence or comment of the body never ends."""
    blocks = Blocks()
    for line in body.split("\n"):
        blocks.cover(line)
    return bool(blocks.left_open)

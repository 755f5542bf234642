"""Three versions of one file become one: the use case behind ``merge-driver`` and ``sync``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from aswiki.domain import records
from aswiki.domain.changes.logs import Reader
from aswiki.domain.changes.merging import clashes, merge, stayed
from aswiki.domain.vocabulary import DEFAULT
from aswiki.errors import Unusable
from aswiki.lang import _
from aswiki.store import conflicts, document, frontmatter, frontmatter_merge, sections
from aswiki.store.conflicts import SIZE, marked
from aswiki.store.sections_merge import LOG_HEADINGS, Merging, Prose
from aswiki.wiki.wiki import Wiki

if TYPE_CHECKING:
    from aswiki.store.document import Document


_NONE = b"---\n---\n"
"""A record that says nothing, for two that come from none."""


class Merged(NamedTuple):
    """The merged file and what is to be said about it.

    ``conflicts`` holds the dotted fields and the headings of which two versions stand between
    markers, the path itself where that is so of the whole file. ``notes`` are sentences: what one
    side removed and stays. ``written`` are the lines that neither side wrote, of a list or mapping
    on one line to which both added: a merge commit may hold none (docs/evidence.md), so commit the
    content as a change of one side first.
    """

    content: bytes
    conflicts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    written: tuple[str, ...] = ()


def merged(
    path: str,
    base: bytes | None,
    ours: bytes,
    theirs: bytes,
    *,
    wiki: Wiki | None = None,
    size: int = SIZE,
) -> Merged:
    """The file at ``path`` with what both sides did to it; no lock is taken, nothing is written.

    No log entry of either side is missing. Without a conflict a record parses, and breaks no rule
    that neither side broke. What is no record is merged by its lines.

    Args:
        path: from the wiki's root.
        base: the version both sides come from; None when each made the file by itself.
        ours: this side's bytes; encoding, line ends and the order of what is added follow it.
        theirs: the other side's bytes.
        wiki: whose zone and words are meant, and whose rules are asked; without one, none are.
        size: how many characters a conflict marker has.

    Raises:
        Unusable: git is missing, too old or fails.
    """
    if theirs in (ours, base):
        return Merged(ours)
    if ours == base:
        return Merged(theirs)
    sides = _Sides(path, base, ours, theirs, size)
    if sides.is_one_withdrawn:
        return sides.whole_conflict()
    if not sides.are_records_of_a_kind:
        return sides.by_lines()
    return _Merge(sides, wiki).outcome()


def unmerged(path: str, ours: bytes, theirs: bytes, *, size: int = SIZE) -> Merged:
    """The file at ``path`` with both versions whole, one above the other between markers."""
    return _Sides(path, None, ours, theirs, size).whole_conflict()


@dataclass(frozen=True)
class _Sides:
    """The three versions of a file, as bytes and as read."""

    path: str
    base: bytes | None
    ours: bytes
    theirs: bytes
    size: int

    @cached_property
    def old(self) -> Document:
        """The version both come from; an empty one where it is missing or cannot be read."""
        found = document.read(self.path, self.base or b"")
        return found if found.split and not _is_broken(found) else document.read(self.path, _NONE)

    @cached_property
    def own(self) -> Document:
        """Ours, as read."""
        return document.read(self.path, self.ours)

    @cached_property
    def other(self) -> Document:
        """Theirs, as read."""
        return document.read(self.path, self.theirs)

    @property
    def are_records_of_a_kind(self) -> bool:
        """Whether both sides can be read as records of one type."""
        is_record = records.type_of(self.path) is not None
        readable = not any(_is_broken(each) for each in (self.own, self.other))
        return is_record and readable and self.own.data.get("type") == self.other.data.get("type")

    @property
    def is_one_withdrawn(self) -> bool:
        """Whether one side made a tombstone of what the other side went on writing."""
        return ("retired" in self.own.data) != ("retired" in self.other.data)

    @property
    def are_texts(self) -> bool:
        """Whether the bytes of both sides, and of what they come from, are text."""
        base = document.read(self.path, self.base or b"")
        return all(each.text or not each.raw for each in (base, self.own, self.other))

    def whole_conflict(self) -> Merged:
        """Both files between markers; ours alone where one is no text."""
        if not self.are_texts:
            return Merged(self.ours, (self.path,))
        text = marked(self.own.text, self.other.text, self.size)
        return Merged(self.own.encode(text), (self.path,))

    def by_lines(self) -> Merged:
        """The file merged line by line; our bytes and a conflict where it is no text."""
        from aswiki.store.git.texts import merge_lines

        is_text = self.are_texts
        versions = [document.read(self.path, self.base or b""), self.own, self.other]
        texts = [each.text.encode() if is_text else each.raw for each in versions]
        found = merge_lines(texts[0], texts[1], texts[2], self.size)
        if found is None:
            return Merged(self.ours, (self.path,))
        content = self.own.encode(found.content.decode()) if is_text else found.content
        return Merged(content, (self.path,) if found.conflicts else ())


@dataclass(frozen=True)
class _Merge:
    """The merge of two versions of a record."""

    sides: _Sides
    wiki: Wiki | None

    def outcome(self) -> Merged:
        """The merge; fields that only together break a rule are left for a person to choose."""
        found = self._merged(())
        if not found.conflicts and self.wiki is not None and self._is_new(found.content):
            from aswiki.wiki.sharing.contested import (
                contested_fields,  # this imports models and rules
            )

            sides = self.sides
            contested = contested_fields(self.wiki, sides.own, sides.other, found.content)
            found = self._merged(contested) if contested else found
        if found.conflicts:
            return found
        known = {*self.sides.ours.splitlines(), *self.sides.theirs.splitlines()}
        written = (line for line in found.content.splitlines() if line not in known)
        return found._replace(written=tuple(line.decode(errors="replace") for line in written))

    def _merged(self, contested: Collection[str]) -> Merged:
        sides = self.sides
        old, own, other = sides.old, sides.own, sides.other
        choice = merge(old.data, own.data, other.data, contested)
        fronts = [each.split.front if each.split else "" for each in (old, own, other)]
        front = frontmatter_merge.merged(fronts[0], fronts[1], fronts[2], choice, sides.size)
        found = list(clashes(choice))
        if not found and conflicts.standing(front):
            found = [_("the front matter")]
        merging = Merging(self._reader, _prose(sides.size), self._headings, contested, sides.size)
        body = merging.merged(*(each.body if each.split else "" for each in (old, own, other)))
        words = _("{field} was removed on one side; it stays, for somebody said it.")
        notes = [words.format(field=name) for name in stayed(choice)]
        text = _with(own, front, body.text)
        return Merged(own.encode(text), (*found, *body.conflicts), (*notes, *body.notes))

    @property
    def _reader(self) -> Reader:
        words = self.wiki.vocabulary if self.wiki else DEFAULT
        zone: tzinfo = UTC
        with suppress(Unusable):  # the settings may stand in the very merge
            zone = self.wiki.zone if self.wiki else UTC
        return Reader(zone, words.spellings("log_kind"))

    def _headings(self) -> Mapping[str, str]:
        """Every heading of the record's type, as compared → the field's key."""
        from aswiki.wiki.sharing.contested import headings  # this imports the models

        return headings(self.sides.path)

    def _is_new(self, content: bytes) -> bool:
        """Whether the merge says something beside its log that neither side said alone."""
        text = document.read(self.sides.path, content).text
        sides = (self.sides.own.text, self.sides.other.text)
        return _but_log(text) not in [_but_log(side) for side in sides]


def _prose(size: int) -> Prose:
    def merge_prose(base: str, ours: str, theirs: str) -> tuple[str, bool]:
        from aswiki.store.git.texts import merge_lines

        found = merge_lines(base.encode(), ours.encode(), theirs.encode(), size)
        if found is None:
            return marked(ours, theirs, size), True
        return found.content.decode(), found.conflicts > 0

    return merge_prose


def _with(doc: Document, front: str, body: str) -> str:
    """A record's text with another front matter and body."""
    if doc.split is None:
        return doc.text
    fence = doc.text[doc.split.front_end : len(doc.text) - len(doc.split.body)]
    closed = "\n" if body and not fence.endswith("\n") else ""
    return doc.text[: doc.split.front_start] + front + fence + closed + body


def _is_broken(doc: Document) -> bool:
    return doc.split is None or any(problem.level == "error" for problem in doc.problems)


def _but_log(text: str) -> str:
    """The text without what stands in its log."""
    split = frontmatter.split(text)
    body = split.body if split else text
    found = sections.split(body)
    kept = [part.text for part in found if sections.normal(part.heading or "") not in LOG_HEADINGS]
    return "\n".join([split.front if split else "", *kept])

"""Two states of the wiki compared, in the terms of the customer's world."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aswiki.domain import records
from aswiki.domain.changes.comparison import Comparison, FileChange, State
from aswiki.domain.changes.record import record_change
from aswiki.domain.records.prose import section_abouts
from aswiki.errors import AswikiError, BadInput
from aswiki.lang import _
from aswiki.store import contents, document, sections
from aswiki.wiki import lookup
from aswiki.wiki.wiki import Wiki

Progress = Callable[[int, int], None]
Sides = tuple[State | None, State | None]


def ends(words: str | None) -> tuple[str, str | None]:
    """The two revisions that ``REV``, ``REV..REV`` or nothing name; None is the working folder.

    Raises:
        BadInput: three dots, which ask for something else.
    """
    if words is None:
        return "HEAD", None
    base, dots, head = words.partition("..")
    if head.startswith("."):
        raise BadInput(
            "three-dots",
            _("{range} has three dots.").format(range=words),
            _("Write two, as in main..HEAD."),
        )
    return base or "HEAD", (head or "HEAD") if dots else None


def compared(
    wiki: Wiki,
    base: str,
    head: str | None,
    progress: Progress = lambda _done, _total: None,
) -> Comparison:
    """What differs between a commit and another, or the working folder where ``head`` is None.

    Args:
        wiki: the open wiki.
        base: a revision, or a day at whose end it was the last.
        head: another; None for the working folder.
        progress: told how many records are compared, and of how many, after each.

    Raises:
        NotFound: no such commit.
        Unusable: git refuses.
    """
    old = lookup.revision(wiki, base)
    new = None if head is None else lookup.revision(wiki, head)
    differing = wiki.repository.changed_files(old, new)
    paths = [path for path in differing if records.type_of(path) is not None]
    before, after = _Side(wiki, old, paths), _Side(wiki, new, paths)
    found = []
    pairs = list(_pairs(before.states(), after.states()))
    for done, (was, now) in enumerate(pairs, 1):
        found.append(record_change(was, now, wiki.vocabulary))
        progress(done, len(pairs))
    found.sort(key=lambda change: (change.customer is None, change.customer or "", change.ref))
    slugs = dict.fromkeys(change.customer for change in found if change.customer)
    others = [path for path in differing if records.type_of(path) is None]
    sizes = _sizes(wiki, old, others), _sizes(wiki, new, others)
    files = [FileChange(*one) for one in zip(others, *sizes, strict=True)]
    names = {**_names(before, slugs), **_names(after, slugs)}
    return Comparison(old, new, tuple(found), tuple(files), names)


@dataclass(frozen=True)
class _Side:
    """The records of one state of the wiki that differ from the other's."""

    wiki: Wiki
    rev: str | None
    paths: Sequence[str]

    def states(self) -> dict[str, State]:
        """The records by their paths; one that is not there is left out."""
        found = {}
        for path, raw in self.bytes_of(self.paths).items():
            if isinstance(raw, str):
                found[path] = State(path, unreadable=raw)
            elif raw is not None:
                found[path] = state(self.wiki, path, raw)
        return found

    def bytes_of(self, paths: Sequence[str]) -> Mapping[str, bytes | str | None]:
        """The bytes of each file; why it cannot be read, or None where there is none."""
        if self.rev is not None:
            return self.wiki.repository.blobs(self.rev, paths)
        return {path: self._lying(path) for path in paths}

    def _lying(self, path: str) -> bytes | str | None:
        try:
            return self.wiki.bytes_of(path)
        except AswikiError as error:
            return error.message


def state(wiki: Wiki, path: str, raw: bytes) -> State:
    """One version of a record as it is compared."""
    record_type = records.type_of(path) or ""
    doc = document.read(path, raw)
    wrong = [p for p in doc.problems if p.level == "error"]
    if doc.split is None or wrong:
        first = wrong[0]
        where = _("line {line}").format(line=first.line)
        return State(path, unreadable=f"{where}: {first.message}")
    found = contents.fields(doc, record_type, wiki.reading)
    return State(path, found.data, _free_prose(doc, record_type))


def _free_prose(doc: document.Document, record_type: str) -> dict[str, str]:
    """The text of headings that the schema does not know, and that before the first."""
    known = section_abouts(record_type)
    names = {sections.normal(name) for about in known.values() for name in about.headings()}
    names |= {sections.normal(key.replace("_", " ")) for key in known}
    found: dict[str, str] = {}
    for section in sections.split(doc.body):
        heading = (section.heading or "").strip()
        if sections.normal(heading) not in names:
            text = sections.value(section) or ""
            found[heading] = f"{found[heading]}\n\n{text}" if heading in found else text
    return {heading: text for heading, text in found.items() if heading or text}


def _pairs(before: Mapping[str, State], after: Mapping[str, State]) -> Iterator[Sides]:
    """The versions of each record; one that only lies elsewhere now is the same record."""
    gone = {path: own for path, own in before.items() if path not in after}
    come = {path: own for path, own in after.items() if path not in before}
    moved = dict(_moved(gone, come))
    for path, now in after.items():
        yield before.get(path) or gone.get(moved.get(path, "")), now
    for path, was in gone.items():
        if path not in moved.values():
            yield was, None


def _moved(gone: Mapping[str, State], come: Mapping[str, State]) -> Iterator[tuple[str, str]]:
    """The new and the old path of each record that has another name now.

    Its folder and its title are the same, and it says the same or there is no other like it.
    """
    homes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path, own in gone.items():
        homes[path.rpartition("/")[0], own.title].append(path)
    comers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path, own in come.items():
        comers[path.rpartition("/")[0], own.title].append(path)
    for key, paths in comers.items():
        left = list(homes.get(key, ())) if key[1] else []
        alone = len(paths) == len(left) == 1
        for path in paths:
            same = (old for old in left if gone[old].fields == come[path].fields)
            old = next(same, left[0] if alone else None)
            if old is not None:
                left.remove(old)
                yield path, old


def _sizes(wiki: Wiki, rev: str | None, paths: Sequence[str]) -> list[int | None]:
    if rev is not None:
        found = wiki.repository.sizes(rev, paths)
        return [found.get(path) for path in paths]
    return [_size(wiki, path) for path in paths]


def _size(wiki: Wiki, path: str) -> int | None:
    try:
        return os.lstat(wiki.root / path).st_size
    except OSError:
        return None


def _names(side: _Side, slugs: Mapping[str, None]) -> dict[str, str]:
    """The names of customers by their profiles on one side."""
    paths = {f"customers/{slug}/profile.md": slug for slug in slugs}
    found = {}
    for path, raw in side.bytes_of(list(paths)).items():
        data = document.read(path, raw).data if isinstance(raw, bytes) else {}
        name = data.get("name") or data.get("title")
        if isinstance(name, str):
            found[paths[path]] = name
    return found

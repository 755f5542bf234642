"""Fields that two sides changed each for itself, and that only together break a rule."""

from __future__ import annotations

from collections.abc import Mapping

from aswiki.domain import records
from aswiki.domain.changes.alignment import said
from aswiki.domain.problem import Problem
from aswiki.domain.records.prose import section_abouts
from aswiki.errors import AswikiError
from aswiki.store import document, sections, yaml12
from aswiki.store.document import Document
from aswiki.wiki.checks.checking import Checker
from aswiki.wiki.wiki import Wiki


def headings(path: str) -> Mapping[str, str]:
    """Every heading of the record at a path, as compared → the field's key."""
    known = section_abouts(records.type_of(path) or "")
    names = {key: (*about.headings(), key.replace("_", " ")) for key, about in known.items()}
    return {sections.normal(name): key for key in names for name in names[key]}


def contested_fields(wiki: Wiki, ours: Document, theirs: Document, merged: bytes) -> set[str]:
    """The fields that a person has to choose, because a merge has an error that neither side has.

    Those that the errors are found at where the sides differ in them, else all in which they do.
    None where the rules cannot be asked.

    Args:
        wiki: whose rules are meant.
        ours: one side.
        theirs: the other.
        merged: the merge of the two.
    """
    path = ours.path
    try:
        found, *sides = (_errors(wiki, path, raw) for raw in (merged, ours.raw, theirs.raw))
    except AswikiError:
        return set()
    known = {(each.code, each.message) for side in sides for each in side}
    new = [each for each in found if (each.code, each.message) not in known]
    if not new:
        return set()
    own, other = _fields(ours), _fields(theirs)
    keys = {key for key in {*own, *other} if said(own.get(key)) != said(other.get(key))}
    joined = document.read(path, merged)
    return ({_field_at(joined, each.line) for each in new} & keys) or keys - {"log"}


def _errors(wiki: Wiki, path: str, raw: bytes) -> list[Problem]:
    problems = Checker(wiki, texts={path: raw}).check(path, raw).problems
    return [problem for problem in problems if problem.level == "error"]


def _fields(doc: Document) -> dict[str, object]:
    """The front matter's fields and the sections but the log, by their keys."""
    found: dict[str, object] = dict(doc.data)
    known = headings(doc.path)
    for section in sections.split(doc.body):
        key = known.get(sections.normal(section.heading or ""), "log")
        if key != "log":
            found.setdefault(key, section.text)
    return found


def _field_at(doc: Document, line: int) -> str:
    """The key of the field that stands at a line of the file; empty where none does."""
    found = ""
    if doc.split is not None and line < doc.body_line:
        for key in doc.data:
            if yaml12.locate(doc.split.front, (key,), True)[0] + 1 <= line:
                found = key
        return found
    known = headings(doc.path)
    for section in sections.split(doc.body):
        if section.line + doc.body_line - 1 <= line:
            found = known.get(sections.normal(section.heading or ""), "")
    return found

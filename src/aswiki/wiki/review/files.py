"""What a range of commits did to evidence and settings, and what it brought that is no record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from aswiki.domain import records
from aswiki.domain.checks.leaking import CODE as LEAK
from aswiki.domain.problem import Level, Problem
from aswiki.lang import _
from aswiki.render.escaping import visible
from aswiki.store import document
from aswiki.wiki.checks.settings_check import settings_problems
from aswiki.wiki.review.committed import Committed
from aswiki.wiki.wiki import PEOPLE, SETTINGS

if TYPE_CHECKING:
    from aswiki.store.git import Commit
    from aswiki.store.git.between import Differing
    from aswiki.wiki.checks.checking import Checker

_ANCHORS = ".aswiki/anchors/"
_PLAIN = "100644"
_START = 8000  # so many bytes are searched for what no text holds


def matters(path: str) -> bool:
    """Whether a review has something to say about a file."""
    is_record = records.type_of(path) is not None
    return is_record or path in {SETTINGS, PEOPLE} or is_evidence(path) or _is_stray(path)


def is_evidence(path: str) -> bool:
    """Whether a file is kept as it is for ever: an attachment, or part of an anchor."""
    return is_attachment(path) or path.startswith(_ANCHORS)


def is_attachment(path: str) -> bool:
    """Whether a file is evidence of a customer's records."""
    return path.startswith("customers/") and path.split("/")[2:3] == ["files"]


def _is_stray(path: str) -> bool:
    """Whether a file lies where records are, and is none and nothing hidden."""
    top, *rest = path.split("/")
    depth = 2 if top == "customers" else 1
    is_inside = top in {"customers", *records.TOP_FOLDERS} and len(rest) >= depth
    return is_inside and not is_evidence(path) and not any(p.startswith(".") for p in rest)


def irregular(each: Differing) -> Iterator[Problem]:
    """Whether a file came that is a link, a program or another repository."""
    if each.is_gone or each.new_mode in {_PLAIN, each.old_mode}:
        return
    message = _("It is no plain file (mode {mode}).").format(mode=each.new_mode)
    hint = _("Bring it as a plain file: no link, no program, no other repository.")
    yield whole(each.path, "ASW142", message, hint)


def binary(path: str, raw: bytes) -> Iterator[Problem]:
    """Whether the bytes are no text at all, where a record should be."""
    wrong = document.read(path, raw).problems
    if b"\0" in raw[:_START] or any(p.code == "ASW101" for p in wrong):
        message = _("It is no text: a record is Markdown.")
        hint = _("Bring the record back, and attach the file to it: aswiki attach RECORD FILE.")
        yield whole(path, "ASW101", message, hint)


def altered(each: Differing, commits: Sequence[Commit]) -> Iterator[Problem]:
    """Whether evidence is not what it was; what ``undo`` took away again is only said."""
    if each.is_new:
        return
    level: Level = "error"
    if each.is_gone:
        message = _("The evidence file was removed.")
        if is_attachment(each.path) and commits and commits[0].op == "undo":
            level = "warning"
    else:
        message = _("The evidence file was altered.")
    hint = _("Restore the file from the history; what is newer is attached beside it.")
    yield whole(each.path, "ASW012", message, hint, level)


def without_evidence(
    head: Committed, checker: Checker, files: Sequence[Differing]
) -> Iterator[Problem]:
    """The records that did not change and name an attachment that did."""
    changed = {each.path for each in files}
    for each in files:
        if each.is_new or not is_attachment(each.path):
            continue
        _customers, customer, _files, name = each.path.split("/", 3)
        for path in head.paths(customer):
            raw = head.bytes_of(path) or b""
            if path not in changed and name.encode("utf-8", "surrogateescape") in raw:
                found = checker.check(path, raw).problems
                yield from (problem for problem in found if problem.code == "ASW012")


def of_settings(base: Committed, head: Committed, path: str) -> Iterator[Problem]:
    """What is wrong with aswiki.toml or people.toml, and what the leak scan lets through by it."""
    raw = head.bytes_of(path)
    if raw is None:
        if path == SETTINGS:
            hint = _("Bring it back: git checkout BASE -- {file}").format(file=path)
            yield whole(path, "ASW110", _("The file is gone."), hint)
        return
    yield from settings_problems(path, raw, head.reading)
    if path == SETTINGS:
        known = _passed(base.settings)
        for words in _passed(head.settings):
            if words not in known:
                line, column = _place(raw.decode("utf-8-sig", "replace"), words)
                message = _("The leak scan lets this through from now on: {text}")
                hint = _("Look whether every customer may read it.")
                said = message.format(text=" ".join(words.split()))
                yield Problem(path, line, column, LEAK, "warning", said, hint)


def _passed(settings: Mapping[str, object]) -> list[str]:
    audiences = settings.get("audiences")
    listed = audiences.get("not_a_leak") if isinstance(audiences, dict) else None
    return [str(words) for words in listed] if isinstance(listed, list) else []


def _place(text: str, words: str) -> tuple[int, int]:
    """Where the settings let words through: the words themselves, else their list."""
    start = max(text.find("not_a_leak"), 0)
    found = text.find(words, start)
    at = found if found >= 0 else start
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def whole(path: str, code: str, message: str, hint: str, level: Level = "error") -> Problem:
    """A problem of a whole file; a name that no record can have is written out."""
    return Problem(path if path.isprintable() else visible(path), 1, 1, code, level, message, hint)

"""The shape of commits and trees: headers, messages, modes and names that could deceive."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping

from aswiki.domain import records
from aswiki.evidence.history import PLAIN, Change, Step, Walk
from aswiki.evidence.verdict import Finding, finding
from aswiki.lang import _

POLICY_FOLDER = ".aswiki"
_TOPS = frozenset({"customers", POLICY_FOLDER, *records.TOP_FOLDERS})
_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])[ ]*(\..*)?", re.IGNORECASE
)
_GIT = re.compile(r"\.git[ .]*|git~[0-9]+[ .]*", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"|?*\\]')


def findings(walk: Walk) -> Iterator[Finding]:
    """What is wrong with the shape of a history."""
    yield from _malformed(walk)
    yield from _roots(walk)
    for step in walk.steps.values():
        yield from _headers(step)
        yield from _injected(step)
        yield from _modes(step)
    yield from _collisions(walk)


def is_ours(path: str) -> bool:
    """Whether a path lies where only records, their attachments or the rules of trust lie."""
    return path.partition("/")[0] in _TOPS


def _malformed(walk: Walk) -> Iterator[Finding]:
    for name in walk.malformed:
        yield finding("HEADER", _("The commit cannot be read."), name)


def _roots(walk: Walk) -> Iterator[Finding]:
    for step in walk.steps.values():
        if not step.commit.parents and step.name != walk.genesis:
            detail = _("A second first commit was merged in.")
            yield finding("ROOT", detail, step.name)


def _headers(step: Step) -> Iterator[Finding]:
    for fault in step.commit.faults:
        yield finding("HEADER", fault, step.name)


def _injected(step: Step) -> Iterator[Finding]:
    for fault in () if step.said.is_several and step.is_again else step.said.faults:
        yield finding("INJECT", fault, step.name)


def _modes(step: Step) -> Iterator[Finding]:
    seen = set()
    for change in (each for changes in step.changes for each in changes):
        odd = not change.is_gone and change.new_mode != PLAIN and is_ours(change.path)
        if odd and change.path not in seen:
            seen.add(change.path)
            detail = _("{what} lies where only plain files may.").format(what=_kind(change))
            yield finding("MODE", detail, step.name, change.path)


def _kind(change: Change) -> str:
    kinds = {
        "120000": _("A symbolic link"),
        "160000": _("A submodule"),
        "100755": _("A program"),
    }
    return kinds.get(change.new_mode, _("Something of mode {mode}").format(mode=change.new_mode))


def _collisions(walk: Walk) -> Iterator[Finding]:
    """Names that another system would take for each other, or could not hold."""
    spellings: defaultdict[str, set[str]] = defaultdict(set)
    for step in walk.steps.values():
        for change in step.own:
            if not change.is_new or not is_ours(change.path):
                continue
            reason = _impossible(change.path)
            if reason:
                yield finding("COLLIDE", reason, step.name, change.path)
            for part in _prefixes(change.path):
                known = spellings[_folded(part)]
                known.add(part)
                if len(known) > 1 and _are_both_there(walk, step, known):
                    detail = _("On some systems these are one name: {names}").format(
                        names=", ".join(map(ascii, sorted(known)))
                    )
                    yield finding("COLLIDE", detail, step.name, change.path)
                    break


def _are_both_there(walk: Walk, step: Step, spellings: set[str]) -> bool:
    """Whether more than one of the spellings is in this very commit."""
    files: Mapping[str, tuple[str, str]] = walk.history.files(step.name)
    there = {part for path in files for part in _prefixes(path) if part in spellings}
    return len(there) > 1


def _prefixes(path: str) -> list[str]:
    names = path.split("/")
    return ["/".join(names[:depth]) for depth in range(1, len(names) + 1)]


def _folded(path: str) -> str:
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())


def _impossible(path: str) -> str:
    """Why a path cannot exist on every system, or an empty text."""
    for name in path.split("/"):
        if _DEVICE.fullmatch(name) or _GIT.fullmatch(name) or name.endswith((".", " ")):
            return _("The name {name} is reserved on some systems.").format(name=ascii(name))
        if not name.isprintable() or _FORBIDDEN.search(name):
            return _("The name {name} holds signs that no name may hold.").format(name=ascii(name))
        if unicodedata.normalize("NFC", name) != name:
            return _("The name {name} has two spellings (it is not NFC).").format(name=ascii(name))
    return ""

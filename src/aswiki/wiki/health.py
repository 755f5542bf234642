"""What a machine or a wiki lacks, or what in it is unsafe, each with its remedy."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aswiki.domain import records
from aswiki.errors import AswikiError, Unusable
from aswiki.lang import _
from aswiki.store import files
from aswiki.store.lock import Lock
from aswiki.wiki.checks.settings_check import settings_problems
from aswiki.wiki.saving import LOCK
from aswiki.wiki.starting import identity
from aswiki.wiki.wiki import PEOPLE, SETTINGS, Wiki

State = Literal["ok", "warning", "problem"]
OLDEST_PYTHON = (3, 11)
NAMED = 5


@dataclass(frozen=True)
class Check:
    """One thing looked at.

    Args:
        name: a stable word for it.
        state: ok; a warning to look at; a problem that keeps the wiki from being used.
        detail: what was found.
        remedy: the next step; empty where there is none to take.
    """

    name: str
    state: State
    detail: str
    remedy: str = ""


Look = Callable[[], Iterator[Check]]


def doctor(folder: Path | None) -> list[Check]:
    """Every check of this machine and of the wiki in ``folder``; None where none was found."""
    found = [*_looked("python", _python), *_looked("time-zones", _zones), *_fonts()]
    found += _looked("git", _git)
    has_git = found[-1].state != "problem"
    if folder is None:
        found += _looked("identity", _machine_identity) if has_git else []
        missing = _("There is no wiki here, nor in a folder above.")
        remedy = _("Name one with -C, or make one with: aswiki init")
        return [*found, Check("wiki", "problem", missing, remedy)]
    try:
        wiki = Wiki.open(folder.resolve())
    except AswikiError as error:
        return [*found, Check("wiki", "problem", error.message, error.hint)]
    found.append(Check("wiki", "ok", str(wiki.root)))
    found += _looked("settings", lambda: _settings(wiki))
    return [*found, *_of_repository(wiki)] if has_git else found


def mend(folder: Path) -> list[str]:
    """Finish or remove what writers that died left behind; the names of what is gone.

    Raises:
        Unusable: another writer holds the wiki.
    """
    try:
        wiki = Wiki.open(folder.resolve())
        repository = wiki.repository
    except Unusable:
        return []  # the checks say why
    with Lock(repository.git_dir / LOCK):
        before = leftovers(wiki)
        for place in before:
            if files.is_temporary(place.name):
                place.unlink(missing_ok=True)
        # an unsafe repository, or one that another git holds, has a check of its own
        with suppress(Unusable):
            repository.heal()
    return [str(place) for place in before if not os.path.lexists(place)]


def set_up(folder: Path) -> list[str]:
    """Tell git in a clone how it signs, diffs and merges; the settings that were made."""
    from aswiki.wiki.proof import signing
    from aswiki.wiki.sharing import drivers

    made: list[str] = []
    for use in (signing.set_up, drivers.set_up, drivers.ask_for):
        with suppress(AswikiError):  # the checks say why
            made += use(Wiki.open(folder.resolve()))
    return made


def leftovers(wiki: Wiki) -> list[Path]:
    """Half-written files in the wiki, and locks and desks of ours in its git folder."""
    git_dir = wiki.repository.git_dir
    return [
        *files.temporaries(wiki.root),
        *_own_lock(git_dir),
        *sorted(git_dir.glob("aswiki-desk-*")),
    ]


def _own_lock(git_dir: Path) -> list[Path]:
    lock = git_dir / "index.lock"
    return [lock] if lock.is_file() and lock.read_bytes().startswith(b"aswiki ") else []


def _looked(name: str, look: Look) -> list[Check]:
    """What a look found; what it could not look at is a problem."""
    try:
        return list(look())
    except AswikiError as error:
        return [Check(name, "problem", error.message, error.hint)]


def _fonts() -> list[Check]:
    """Whether a PDF could be made: nothing is said where the library for it is not installed."""
    from aswiki.render import fonts

    try:
        known = fonts.fonts()
    except Unusable:
        return []
    if known:
        return [Check("fonts", "ok", known[0])]
    missing = fonts.no_font()
    return [Check("fonts", "warning", missing.message, missing.hint)]


def _python() -> Iterator[Check]:
    has, wanted = sys.version_info[:3], ".".join(map(str, OLDEST_PYTHON))
    detail = _("Python {version}").format(version=".".join(map(str, has)))
    remedy = _("Install Python {version} or newer.").format(version=wanted)
    good = has >= OLDEST_PYTHON
    yield Check("python", "ok" if good else "problem", detail, "" if good else remedy)


def _zones() -> Iterator[Check]:
    try:
        ZoneInfo("Asia/Shanghai")
    except ZoneInfoNotFoundError:
        detail = _("There are no time zone data.")
        yield Check("time-zones", "problem", detail, _("Install them: pip install tzdata"))
    else:
        yield Check("time-zones", "ok", _("Time zone data are there."))


def _git() -> Iterator[Check]:
    from aswiki.store.git.runner import MINIMUM, git_path, version

    path = git_path()
    has, wanted = (".".join(map(str, numbers)) for numbers in (version(path), MINIMUM))
    detail = _("git {version} at {path}").format(version=has, path=path)
    remedy = _("Install git {version} or newer.").format(version=wanted)
    good = version(path) >= MINIMUM
    yield Check("git", "ok" if good else "problem", detail, "" if good else remedy)


def _machine_identity() -> Iterator[Check]:
    who = identity()
    yield Check("identity", "ok", f"{who.name} <{who.email}>")


def _settings(wiki: Wiki) -> Iterator[Check]:
    found = []
    for path in (SETTINGS, PEOPLE):
        raw = wiki.bytes_of(path)
        found += settings_problems(path, raw, wiki.reading) if raw is not None else []
    for problem in found:
        where = f"{problem.path}:{problem.line}:{problem.column}: {problem.code}"
        state: State = "problem" if problem.level == "error" else "warning"
        yield Check("settings", state, f"{where} {problem.message}", problem.hint)
    if not found:
        yield Check("settings", "ok", _("The settings are valid."))


def _of_repository(wiki: Wiki) -> list[Check]:
    found = _looked("repository", lambda: _place(wiki))
    if found[-1].state == "problem":
        return found
    looks: dict[str, Callable[[Wiki], Iterator[Check]]] = {
        "safety": _safety,
        "identity": _identity,
        "signing": _signing,
        "drivers": _drivers,
        "branch": _branch,
        "hand-edits": _hand_edits,
        "leftovers": _leftovers,
    }
    for name, look in looks.items():
        found += _looked(name, partial(look, wiki))
    return found


def _place(wiki: Wiki) -> Iterator[Check]:
    repository = wiki.repository
    for place in (wiki.root, repository.git_dir):
        if not os.access(place, os.W_OK | os.X_OK):
            detail = _("{path} cannot be written: {cause}.").format(
                path=place, cause=_("permission denied")
            )
            yield Check(
                "repository", "problem", detail, _("Give yourself the right to write there.")
            )
            return
    yield Check("repository", "ok", str(repository.top))


def _safety(wiki: Wiki) -> Iterator[Check]:
    from aswiki.store.git.safety import remedy

    found = wiki.repository.unsafe()
    for each in found:
        said = f"{each.key} ({each.detail})"
        if each.refused:
            detail = _("Refused: {what}").format(what=said)
            yield Check("safety", "problem", detail, remedy(each))
        else:
            detail = _("Switched off in aswiki's own calls: {what}").format(what=said)
            yield Check("safety", "warning", detail, _("Nothing to do, if you know it."))
    if not found:
        yield Check("safety", "ok", _("Nothing in the repository runs a program."))


def _identity(wiki: Wiki) -> Iterator[Check]:
    who = wiki.repository.identity()
    yield Check("identity", "ok", f"{who.name} <{who.email}>")


def _signing(wiki: Wiki) -> Iterator[Check]:
    from aswiki.wiki.proof import signing_health

    yield from signing_health.checks(wiki)


def _drivers(wiki: Wiki) -> Iterator[Check]:
    from aswiki.wiki.sharing import drivers

    found = drivers.shortcoming(wiki)
    if found is not None:
        yield Check("drivers", "warning", *found)
    else:
        yield Check("drivers", "ok", _("Git diffs and merges records as records."))


def _branch(wiki: Wiki) -> Iterator[Check]:
    wiki.repository.require_ready()
    branch = (wiki.repository.branch() or "").removeprefix("refs/heads/")
    yield Check("branch", "ok", _("On branch {branch}.").format(branch=branch))


def _hand_edits(wiki: Wiki) -> Iterator[Check]:
    found = [path for path in wiki.repository.dirty() if _is_ours(path)]
    if found:
        detail = _("Not committed: {paths}").format(paths=_listed(found))
        yield Check("hand-edits", "warning", detail, _("Take them in with: aswiki commit"))
    else:
        yield Check("hand-edits", "ok", _("Every record is committed."))


def _is_ours(path: str) -> bool:
    is_attachment = path.startswith("customers/") and path.split("/")[2:3] == ["files"]
    return records.type_of(path) is not None or path in {SETTINGS, PEOPLE} or is_attachment


def _leftovers(wiki: Wiki) -> Iterator[Check]:
    found = [str(place) for place in leftovers(wiki)]
    lock = wiki.repository.git_dir / "index.lock"
    if found:
        detail = _("Left by a writer that died, or in use: {paths}").format(paths=_listed(found))
        yield Check("leftovers", "warning", detail, _("Clear up with: aswiki doctor --fix"))
    if lock.exists() and str(lock) not in found:
        detail = _("Another git process holds {path}.").format(path=lock)
        yield Check("leftovers", "warning", detail, _("If no git is running, delete that file."))
    elif not found:
        yield Check("leftovers", "ok", _("Nothing was left behind."))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:NAMED])
    more = len(names) - NAMED
    return shown if more <= 0 else shown + " " + _("({n} more)").format(n=more)

"""The use case ``validate``: every file of a wiki against schema, rules and settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aswiki.domain.problem import Problem
from aswiki.domain.records.types import Reading
from aswiki.errors import BadInput, NotFound, Unusable
from aswiki.lang import _
from aswiki.store import document, files
from aswiki.wiki.checking import Checker, unsafe
from aswiki.wiki.settings_check import settings_problems
from aswiki.wiki.wiki import PEOPLE, SETTINGS, Wiki


@dataclass(frozen=True)
class Validation:
    """What ``validate`` found: the number of files checked and their problems, sorted."""

    checked: int
    problems: list[Problem]

    def exit_code(self, *, strict: bool) -> int:
        """0 where nothing is wrong; 1 on errors, with ``strict`` on warnings too."""
        return int(any(strict or problem.level == "error" for problem in self.problems))


def settings_stand(root: Path) -> Validation | None:
    """What is wrong with an aswiki.toml that keeps the wiki from being opened; else None.

    Args:
        root: the folder of aswiki.toml.
    """
    try:
        Wiki.open(root).zone  # noqa: B018 - a zone that is not there keeps every time from reading
    except Unusable:
        problems = settings_problems(SETTINGS, (root / SETTINGS).read_bytes(), Reading())
        return Validation(1, problems) if problems else None
    return None


def validate(
    wiki: Wiki,
    paths: Iterable[str] = (),
    *,
    due: bool = False,
    fix: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Validation:
    """Check files (all of them where none is named) against the schema and the rules.

    Args:
        wiki: the open wiki.
        paths: files or folders, from the current folder or from the wiki's root.
        due: whether to look for what depends on today too.
        fix: whether to write files of odd encoding anew as UTF-8, NFC and LF; stages nothing.
        progress: told how many files are done, and of how many, after each.

    Raises:
        NotFound: a path that is not there.
    """
    checker = Checker(wiki, due=due)
    wanted = list(_wanted(wiki, paths))
    problems: list[Problem] = []
    for done, path in enumerate(wanted, 1):
        problems += _problems(wiki, checker, path, fix=fix)
        progress(done, len(wanted))
    return Validation(len(wanted), sorted(problems))


def _problems(wiki: Wiki, checker: Checker, path: str, *, fix: bool) -> list[Problem]:
    try:
        raw = wiki.bytes_of(path)
    except (BadInput, NotFound) as error:
        return [unsafe(path, error)]
    if raw is None:
        return []
    if path in {SETTINGS, PEOPLE}:
        return settings_problems(path, raw, wiki.reading)
    if fix:
        raw = _fixed(wiki, path, raw)
    return checker.check(path, raw).problems


def _fixed(wiki: Wiki, path: str, raw: bytes) -> bytes:
    doc = document.read(path, raw)
    if any(problem.level == "error" for problem in doc.problems if problem.code == "ASW101"):
        return raw
    repaired = document.repaired(doc)
    if repaired != raw and doc.text:
        files.write_atomic(files.safe_path(wiki.root, path), repaired)
        return repaired
    return raw


def _wanted(wiki: Wiki, paths: Iterable[str]) -> Iterator[str]:
    given = list(paths)
    every = [name for name in (SETTINGS, PEOPLE) if (wiki.root / name).is_file()]
    every += list(wiki.paths())
    if not given:
        yield from every
        return
    for words in given:
        inside = _inside(wiki, words)
        hits = [p for p in every if p == inside or p.startswith(f"{inside}/") or inside == "."]
        if not hits:
            raise NotFound(
                "no-such-file",
                _("{path} is no record of this wiki.").format(path=words),
                _("Name a file or folder below the wiki's folder."),
            )
        yield from hits


def _inside(wiki: Wiki, words: str) -> str:
    root = wiki.root.resolve()
    # what no file can be called, too long or with a NUL, names none
    with suppress(OSError, ValueError):
        for base in (Path.cwd(), wiki.root):
            place = (base / words).resolve()
            if place.exists() and (place == root or root in place.parents):
                return place.relative_to(root).as_posix()
    return words.rstrip("/")

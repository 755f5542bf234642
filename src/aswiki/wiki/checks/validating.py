"""The use case ``validate``: every file of a wiki against schema, rules and settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from aswiki.domain import records
from aswiki.domain.problem import Problem
from aswiki.domain.records.types import Reading
from aswiki.errors import AswikiError, BadInput, NotFound, Unusable
from aswiki.store import document, files
from aswiki.wiki.checks.checking import Checker, unsafe
from aswiki.wiki.checks.chosen import Chosen, chosen
from aswiki.wiki.checks.mending import mended
from aswiki.wiki.checks.settings_check import settings_problems
from aswiki.wiki.checks.stored import Stored
from aswiki.wiki.saving import Change, Operation, save, writing
from aswiki.wiki.wiki import PEOPLE, SETTINGS, Wiki

_OWN = (SETTINGS, PEOPLE)


@dataclass(frozen=True)
class Asked:
    """What ``validate`` is asked for.

    Args:
        paths: files, folders and customers, from the current folder or from the wiki's root; none
            for everything.
        due: whether to look for what depends on today too.
        staged: whether what git's index holds is checked, and of it what a commit would change.
        fix: whether to mend what can be mended without changing what a record says.
        dry_run: whether ``fix`` writes nothing.
    """

    paths: Sequence[str] = ()
    due: bool = False
    staged: bool = False
    fix: bool = False
    dry_run: bool = False


@dataclass(frozen=True)
class Validation:
    """What ``validate`` found.

    Args:
        checked: the number of files checked.
        problems: what is wrong with them, sorted.
        skipped: the given paths at which there is no record.
        fixed: the paths of the files that were mended, or would be.
        diff: the unified diff of a dry run.
        prefix: the wiki's folder from the top of the repository: empty, or ending in ``/``.
        text_of: the text that was checked, by its path.
    """

    checked: int
    problems: list[Problem]
    skipped: Sequence[str] = ()
    fixed: Sequence[str] = ()
    diff: str = ""
    prefix: str = ""
    text_of: Callable[[str], str] = field(default=lambda _path: "", compare=False)

    def exit_code(self, *, strict: bool) -> int:
        """0 where nothing is wrong; 1 on errors, with ``strict`` on warnings too."""
        return int(any(strict or problem.level == "error" for problem in self.problems))


def settings_stand(root: Path) -> Validation | None:
    """What is wrong with an aswiki.toml that keeps the wiki from being opened; else None.

    Args:
        root: the folder of aswiki.toml.
    """
    with suppress(Unusable):
        if Wiki.open(root).zone:  # one that is not there keeps every time from being read
            return None
    return _bad_settings((root / SETTINGS).read_bytes())


def _bad_settings(raw: bytes) -> Validation | None:
    problems = settings_problems(SETTINGS, raw, Reading())
    return Validation(1, problems) if problems else None


def validate(
    wiki: Wiki,
    asked: Asked,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Validation:
    """Check files (all of them where none is named) against the schema and the rules.

    Args:
        wiki: the open wiki.
        asked: which files, and how.
        progress: told how many files are done, and of how many, after each.

    Raises:
        NotFound: a path that is not there.
        Unusable: the index or the lock is asked for where there is no repository, or the disk
            refuses.
    """
    if asked.staged:
        return _staged(wiki, asked, progress)
    own = [name for name in _OWN if (wiki.root / name).is_file()]
    wanted = chosen(wiki, asked.paths, [*own, *wiki.paths()])
    fixes = list(_fixes(wiki, wanted.paths)) if asked.fix else []
    if asked.dry_run:
        drafts = {change.path: change.after or b"" for change in fixes}
        found = _checked(Checker(wiki, due=asked.due, texts=drafts), wanted, progress)
        diff = save(wiki, fixes, Operation("fix", ""), dry_run=True).diff or ""
        return replace(found, fixed=list(drafts), diff=diff)
    fixed = _write(wiki, fixes)
    found = _checked(Checker(wiki, due=asked.due), wanted, progress)
    return replace(found, fixed=fixed)


def _staged(wiki: Wiki, asked: Asked, progress: Callable[[int, int], None]) -> Validation:
    repository = wiki.repository
    objects, committed = repository.staged(), repository.tree("HEAD")
    changed = (path for path, name in objects.items() if committed.get(path) != name)
    mine = sorted(p for p in changed if p in _OWN or records.type_of(p) is not None)
    wanted = chosen(wiki, asked.paths, mine, [*objects, *committed])
    with suppress(Unusable):
        stored = Stored.of(wiki, objects)
        if stored.zone:
            return _checked(Checker(stored, due=asked.due), wanted, progress)
    raw = repository.data([objects[SETTINGS]])[objects[SETTINGS]]
    return _bad_settings(raw) or Validation(0, [])


def _checked(checker: Checker, wanted: Chosen, progress: Callable[[int, int], None]) -> Validation:
    problems: list[Problem] = []
    for done, path in enumerate(wanted.paths, 1):
        problems += _problems(checker, path)
        progress(done, len(wanted.paths))

    @cache
    def text_of(path: str) -> str:
        raw = checker.bytes_of(path)
        return "" if raw is None else document.read(path, raw).text

    return Validation(
        len(wanted.paths),
        sorted(problems),
        skipped=wanted.skipped,
        prefix=_prefix(checker.wiki),
        text_of=text_of,
    )


def _problems(checker: Checker, path: str) -> list[Problem]:
    wiki = checker.wiki
    try:
        raw = checker.texts[path] if path in checker.texts else wiki.bytes_of(path)
    except (BadInput, NotFound) as error:
        return [unsafe(path, error)]
    if raw is None:
        return []
    if path in _OWN:
        return settings_problems(path, raw, wiki.reading)
    return checker.check(path, raw).problems


def _fixes(wiki: Wiki, paths: Iterable[str]) -> Iterator[Change]:
    """The files that are written otherwise, before and after."""
    for path in paths:
        raw = wiki.readable(path) if path not in _OWN else None
        new = mended(path, raw, wiki.reading) if raw is not None else None
        if raw is not None and new != raw:
            yield Change(path, raw, new)


def _write(wiki: Wiki, fixes: Sequence[Change]) -> list[str]:
    """Mend the files under the lock, each from what it holds by then; those mended."""
    if not fixes:
        return []
    with writing(wiki, commits=False):
        moved = {change.path for change in fixes if wiki.readable(change.path) != change.before}
        present = [change for change in fixes if change.path not in moved]
        present += _fixes(wiki, sorted(moved))
        for change in present:
            files.write_atomic(files.safe_path(wiki.root, change.path), change.after or b"")
    return sorted(change.path for change in present)


def _prefix(wiki: Wiki) -> str:
    try:
        return wiki.repository.prefix
    except AswikiError:  # a folder that is in no repository is its own top
        return ""

"""The files of a wiki that a user names by paths, folders and customers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from aswiki.errors import NotFound
from aswiki.lang import _
from aswiki.wiki import lookup
from aswiki.wiki.wiki import Wiki

_ALL = "."


@dataclass(frozen=True)
class Chosen:
    """Some of the wiki's files.

    Args:
        paths: from the wiki's root, each once, in the order of all.
        skipped: the words that name something else, such as a file that is no record.
    """

    paths: list[str]
    skipped: list[str] = field(default_factory=list)


def chosen(
    wiki: Wiki, words: Sequence[str], every: Sequence[str], known: Iterable[str] = ()
) -> Chosen:
    """Those of the wiki's files that the words name; all of them where there are no words.

    Args:
        wiki: the open wiki.
        words: paths of files and folders, from the current folder or from the wiki's root, and
            customers.
        every: the files that can be chosen.
        known: files that may be named too, in silence.

    Raises:
        NotFound: words that name nothing at all, or several customers.
    """
    if not words:
        return Chosen(list(every))
    by_folder: dict[str, list[str]] = {_ALL: list(every)}
    for path in every:
        for folder in _names(path):
            by_folder.setdefault(folder, []).append(path)
    silent = {name for path in known for name in _names(path)} | {_ALL}
    found: set[str] = set()
    skipped = []
    for each in words:
        inside = _inside(wiki, each, silent)
        found.update(by_folder.get(inside, ()))
        if inside not in by_folder and inside not in silent:
            skipped.append(each)
    return Chosen([path for path in every if path in found], skipped)


def _names(path: str) -> Iterator[str]:
    """The path itself and every folder that it lies in."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def _inside(wiki: Wiki, words: str, known: set[str]) -> str:
    """The path from the wiki's root; the whole one of what lies elsewhere."""
    root = wiki.root.resolve()
    # what no file can be called, too long or with a NUL, names none
    with suppress(OSError, ValueError):
        for base in (Path.cwd(), root):
            place = (base / words).resolve()
            is_ours = place == root or root in place.parents
            path = place.relative_to(root).as_posix() if is_ours else str(place)
            if words and (path in known or place.exists()):
                return path
    return f"customers/{_customer(wiki, words)}"


def _customer(wiki: Wiki, words: str) -> str:
    try:
        return lookup.customer(wiki, words)
    except NotFound as error:
        if error.code == "ambiguous":
            raise
    raise NotFound(
        "no-such-file",
        _("{path} is no record of this wiki.").format(path=words),
        _("Name a file or folder below the wiki's folder, or a customer."),
    )

"""Many records read at once: those that can be read as values, the others by name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aswiki.domain import records
from aswiki.errors import BadInput, NotFound, Unusable
from aswiki.wiki.checks.checking import Checker
from aswiki.wiki.wiki import Wiki

if TYPE_CHECKING:
    from aswiki.domain.records.common import Record

Progress = Callable[[int, int], None]
TOP_TYPES = frozenset(records.TOP_FOLDERS.values())


@dataclass(frozen=True)
class Read:
    """What was read.

    Args:
        records: reference → record, tombstones left out, in the order of their files.
        skipped: the paths of files that cannot be read.
        checker: what read them, with the people and departments it knows.
    """

    records: Mapping[str, Record]
    skipped: list[str]
    checker: Checker


def read(
    wiki: Wiki,
    customer: str | None = None,
    types: Collection[str] = records.TYPES,
    progress: Progress = lambda _done, _total: None,
    wanted: Callable[[str], bool] = lambda _path: True,
) -> Read:
    """Every record of the types, each file read once.

    Args:
        wiki: the open wiki.
        customer: a slug; lessons and products, which are no customer's, are read all the same.
        types: the record types wanted.
        progress: told how many files are done, and of how many, after each.
        wanted: whether a file of these types is to be read, by its path.
    """
    checker = Checker(wiki)
    found: dict[str, Record] = {}
    skipped: list[str] = []
    paths = [
        path for path in _paths(wiki, customer) if records.type_of(path) in types and wanted(path)
    ]
    for done, path in enumerate(paths, 1):
        progress(done, len(paths))
        raw = _bytes(wiki, path)
        checked = checker.read(path, raw) if raw is not None else None
        if checked is not None and checked.record is not None:
            found[checked.ref] = checked.record
        elif checked is None or not checked.is_retired:
            skipped.append(path)
    return Read(found, skipped, checker)


def _paths(wiki: Wiki, customer: str | None) -> Iterator[str]:
    if customer is None:
        yield from wiki.paths()
        return
    yield from wiki.paths(customer)
    yield from (path for path in wiki.paths() if records.type_of(path) in TOP_TYPES)


def _bytes(wiki: Wiki, path: str) -> bytes | None:
    try:
        return wiki.bytes_of(path)
    except (BadInput, NotFound, Unusable):
        return None


def spellings(wiki: Wiki) -> dict[str, str]:
    """Every casefolded name of a colleague or a department → their id or slug.

    Where two share a name, the colleague is meant, and of two the first.
    """
    found: dict[str, str] = {}
    for table in ("people", "departments"):
        known = wiki.people.get(table)
        for own, said in known.items() if isinstance(known, dict) else ():
            if not isinstance(said, dict):
                continue
            several = said.get("aliases")
            names = [own, said.get("name", own), *(several if isinstance(several, list) else [])]
            for name in names:
                found.setdefault(str(name).strip().casefold(), str(own))
    return found

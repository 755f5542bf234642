"""The working folder follows the branch: what a merge changes is written, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from aswiki.errors import BadInput, Unusable
from aswiki.lang import _
from aswiki.store import files

if TYPE_CHECKING:
    from aswiki.store.git.draft import Put
    from aswiki.store.git.objects import Entry
    from aswiki.wiki.wiki import Wiki

_LINK, _PROGRAM, _SUBMODULE = "120000", "100755", "160000"
NAMED = 3


@contextmanager
def on_disk(
    wiki: Wiki, puts: Mapping[str, Put], before: str, is_done: Callable[[], bool]
) -> Iterator[None]:
    """Write what a commit to come holds, and put the old files back if what follows fails.

    Args:
        wiki: the open wiki.
        puts: what each path, from the repository's top, is to be.
        before: the commit that the folder follows now.
        is_done: whether the branch has moved in spite of a failure, so that the new files stay.

    Raises:
        Unusable: a file has changes that are not committed, or the disk refuses.
    """
    meant = {path: put for path, put in puts.items() if not _is_submodule(put)}
    places = {path: _place(wiki, path) for path in meant}
    _require_untouched(wiki, meant, places, before)
    repository = wiki.repository
    known = repository.bytes_of(put for put in meant.values() if put and not isinstance(put, bytes))
    begun: list[tuple[Path, Path]] = []
    with repository.desk() as desk:
        try:
            for number, path in enumerate(sorted(meant, key=lambda path: meant[path] is not None)):
                begun.append((places[path], desk / str(number)))
                _set_aside(*begun[-1])
                _put(repository.top, places[path], meant[path], known)
            yield
        except BaseException:
            if not is_done():
                for place, aside in reversed(begun):
                    _put_back(repository.top, place, aside)
            raise


def _is_submodule(put: Put) -> bool:
    return not isinstance(put, bytes) and put is not None and put.mode == _SUBMODULE


def _place(wiki: Wiki, path: str) -> Path:
    try:
        return files.safe_path(wiki.repository.top, path)
    except BadInput as error:
        link = wiki.repository.top / path
        if link.is_symlink() and not link.parent.is_symlink():
            return link
        hint = _("Move away what lies there, then try again.")
        raise Unusable("in-the-way", error.message, hint) from error


def _require_untouched(
    wiki: Wiki, puts: Mapping[str, Put], places: Mapping[str, Path], before: str
) -> None:
    """Refuse to write over a file that is neither as committed nor as it is to become."""
    repository = wiki.repository
    committed = repository.entries(before, set(puts)) if puts else {}
    touched = []
    for path, put in puts.items():
        there = _present(places[path])
        name = repository.blob_name(there) if there is not None else None
        old = committed.get(path)
        new = repository.blob_name(put) if isinstance(put, bytes) else put and put.id
        if name not in {old and old.id, new}:
            touched.append(path)
    if touched:
        raise Unusable(
            "hand-edits",
            _("{path} has changes that are not committed.").format(path=", ".join(touched[:NAMED])),
            _("Take them in with aswiki commit, then try again."),
        )


def _present(place: Path) -> bytes | None:
    """What git would keep of what lies there; None where there is nothing."""
    if place.is_symlink():
        return os.fsencode(place.readlink())
    if not os.path.lexists(place):
        return None
    if not place.is_file():
        return b"a folder"
    try:
        return place.read_bytes()
    except OSError as error:
        raise Unusable(
            "unreadable",
            _("{path} cannot be read: {cause}.").format(path=place, cause=error.strerror),
            _("Mend its permissions or the disk, then try again."),
        ) from error


def _put(top: Path, place: Path, put: Put, known: Mapping[str, bytes]) -> None:
    if put is None:
        _take_away(top, place)
    elif isinstance(put, bytes):
        files.write_atomic(place, put)
    else:
        _put_entry(place, put, known[put.id])


def _put_entry(place: Path, entry: Entry, data: bytes) -> None:
    if entry.mode == _LINK:
        place.unlink(missing_ok=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(os.fsdecode(data))
        return
    if place.is_symlink():
        place.unlink()
    files.write_atomic(place, data)
    if entry.mode == _PROGRAM:
        place.chmod(0o755)


def _set_aside(place: Path, aside: Path) -> None:
    """Keep what lies there under a second name, a link as a link."""
    if place.is_symlink():
        aside.symlink_to(place.readlink())
    elif place.is_file() and not files.set_aside(place, aside):
        files.write_atomic(aside, place.read_bytes())


def _put_back(top: Path, place: Path, aside: Path) -> None:
    if os.path.lexists(aside):
        place.parent.mkdir(parents=True, exist_ok=True)
        files.bring_back(aside, place)
    else:
        _take_away(top, place)


def _take_away(top: Path, place: Path) -> None:
    """Remove a file and the folders that it leaves empty."""
    with suppress(FileNotFoundError, NotADirectoryError):
        place.unlink()
    with suppress(OSError):
        for folder in place.parents:
            if folder == top:
                break
            folder.rmdir()

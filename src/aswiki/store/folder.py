"""A folder that is written for somebody else: whole at its place, or not there at all."""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from aswiki.errors import BadInput, Unusable
from aswiki.lang import _
from aswiki.store import files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_CHUNK = 1024 * 1024


@contextmanager
def whole(place: Path) -> Iterator[Path]:
    """A private folder to fill, which is put at ``place`` when the block ends well.

    Raises:
        BadInput: code ``out-exists``, something is there already.
        Unusable: the disk is full, read-only or forbids it; nothing is left behind.
    """
    if os.path.lexists(place) and not _is_empty(place):
        raise BadInput(
            "out-exists",
            _("{path} is there already and is not empty.").format(path=place),
            _("Give a folder that is not there yet: --out FOLDER"),
        )
    made = place.with_name(f".aswiki-{os.getpid()}-{os.urandom(8).hex()}.tmp")
    try:
        made.mkdir(parents=True)
        try:
            yield made
            with suppress(FileNotFoundError):
                place.rmdir()
            made.rename(place)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
    except (OSError, ValueError) as error:  # a name that no file system takes
        cause = getattr(error, "strerror", None) or str(error)
        raise Unusable(
            "unwritable",
            _("{path} cannot be written: {cause}.").format(path=place, cause=cause),
            _("Make room or mend its permissions, then try again."),
        ) from error


def fill(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Put files into a folder by their path in it.

    Raises:
        BadInput: a path would leave the folder.
        OSError: the disk refuses.
    """
    for path, data in contents.items():
        place = files.safe_path(folder, path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file under a folder by its path; ``link`` for what is no plain file.

    Raises:
        Unusable: a file cannot be read.
    """
    found: dict[str, str] = {}
    waiting = [""]
    try:
        while waiting:
            under = waiting.pop()
            with os.scandir(folder / under) as entries:
                for entry in entries:
                    path = f"{under}{entry.name}"
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(f"{path}/")
                    elif entry.is_file(follow_symlinks=False):
                        found[path] = _digest(folder / path)
                    else:
                        found[path] = "link"
    except OSError as error:
        raise Unusable(
            "unreadable",
            _("{path} cannot be read: {cause}.").format(path=folder, cause=error.strerror),
            _("Mend its permissions or the disk, then try again."),
        ) from error
    return found


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def _is_empty(place: Path) -> bool:
    return place.is_dir() and not place.is_symlink() and next(place.iterdir(), None) is None

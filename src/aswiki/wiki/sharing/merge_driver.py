"""The use case ``merge-driver``: git hands over three files and finds the merge in the second."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from aswiki.domain import records
from aswiki.errors import AswikiError, BadInput
from aswiki.lang import _
from aswiki.store.conflicts import SIZE
from aswiki.wiki.sharing.merging import Merged, merged, unmerged
from aswiki.wiki.wiki import SETTINGS, Wiki


def merge_files(path: str, base: Path, ours: Path, theirs: Path, *, size: int = SIZE) -> Merged:
    """The merge that git asks for; the file ``ours`` then holds it.

    Should this process die on the way, ``ours`` holds both versions, one above the other.

    Args:
        path: from the top of the repository's work tree, which is the current folder.
        base: the file of the version both sides come from, empty where there is none.
        ours: the file of one side.
        theirs: the file of the other.
        size: how many characters a conflict marker has; never fewer than git's own seven.

    Raises:
        BadInput: one of the three is no file.
        OSError: one cannot be read or written.
        Unusable: git is missing, too old or fails.
    """
    size = max(size, SIZE)
    old, own, other = (_bytes(place) for place in (base, ours, theirs))
    if other in (own, old):
        return Merged(own)
    root = _root(path)
    within = _within(path, root)
    ours.write_bytes(unmerged(within, own, other, size=size).content)
    found = merged(within, old or None, own, other, wiki=_opened(root), size=size)
    ours.write_bytes(found.content)
    return found


def _bytes(place: Path) -> bytes:
    is_file = False
    with suppress(OSError, ValueError):
        is_file = place.is_file()
    if not is_file:
        raise BadInput(
            "no-such-file",
            _("There is no file {path}.").format(path=place),
            _("Git calls this command; doctor --fix tells it how."),
        )
    return place.read_bytes()


def _root(path: str) -> Path | None:
    """The nearest folder above a path that holds aswiki.toml, None where none does."""
    with suppress(OSError, ValueError):
        return next((up for up in Path(path).parents if (up / SETTINGS).is_file()), None)
    return None


def _within(path: str, root: Path | None) -> str:
    """A path from the wiki's root, known by its own folders where there is no wiki to see."""
    if root is not None:
        return Path(path).relative_to(root).as_posix()
    parts = Path(path).parts
    tops = [n for n, part in enumerate(parts) if part in {"customers", *records.TOP_FOLDERS}]
    return "/".join(parts[tops[0] if tops else 0 :])


def _opened(root: Path | None) -> Wiki | None:
    """The wiki whose settings can be read; they may stand in the very merge."""
    if root is not None:
        with suppress(AswikiError):
            return Wiki.open(root)
    return None

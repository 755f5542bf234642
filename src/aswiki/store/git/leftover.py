"""The lock files that a git of ours leaves when it is killed together with its writer."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

SETTLE_SECONDS = 1.0
_PAUSE_SECONDS = 0.05


def clear(locks: Iterable[Path], since: float) -> list[Path]:
    """Remove those locks that a writer left who died after ``since``; the ones removed.

    A lock made earlier is somebody else's. A living git lets its lock go within moments, so one
    that does not change for ``SETTLE_SECONDS`` has nobody behind it.

    Args:
        locks: the files that may be there.
        since: when the dead writer began, seconds since the epoch.
    """
    return [lock for lock in locks if _is_dead(lock, since) and _removed(lock)]


def _is_dead(lock: Path, since: float) -> bool:
    first = _mark(lock)
    if first is None or first[1] < since:
        return False
    until = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < until:
        time.sleep(_PAUSE_SECONDS)
        if _mark(lock) != first:
            return False
    return True


def _mark(lock: Path) -> tuple[int, float] | None:
    try:
        found = lock.lstat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime


def _removed(lock: Path) -> bool:
    lock.unlink(missing_ok=True)
    return True

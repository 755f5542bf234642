"""The wiki's lock: one writer at a time, released by the system when the writer dies."""

from __future__ import annotations

import fcntl
import math
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from aswiki.errors import BadInput, Unusable
from aswiki.lang import _

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

PAUSE_SECONDS = 0.005
VARIABLE = "ASWIKI_LOCK_TIMEOUT"


class Lock:
    """The right to write, held from ``with`` until its end.

    Args:
        path: the lock's file; it is made when missing and stays afterwards.
        timeout_seconds: how long to wait for another writer, unless ASWIKI_LOCK_TIMEOUT says.

    Attributes:
        abandoned: whether the writer before us died before its end.
        abandoned_since: when that writer began, seconds since the epoch; 0 where none died.
    """

    def __init__(self, path: Path, timeout_seconds: float = 10.0) -> None:
        self.path = path
        self.timeout_seconds = timeout_seconds
        self.abandoned = False
        self.abandoned_since = 0.0
        self._handle = -1

    def __enter__(self) -> Lock:
        handle = self._open()
        try:
            self._wait(handle)
            self.abandoned = _holder(handle) != ""
            self.abandoned_since = os.fstat(handle).st_mtime if self.abandoned else 0.0
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        except OSError as error:
            os.close(handle)
            raise self._unusable(error) from error
        except BaseException:
            os.close(handle)
            raise
        self._handle = handle
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):
            os.ftruncate(self._handle, 0)
        os.close(self._handle)
        self._handle = -1

    def _open(self) -> int:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            return os.open(self.path, flags, 0o644)
        except OSError as error:
            raise self._unusable(error) from error

    def _wait(self, handle: int) -> None:
        deadline = time.monotonic() + patience(self.timeout_seconds)
        while not _taken(handle):
            if time.monotonic() >= deadline:
                raise self._held(_holder(handle))
            time.sleep(PAUSE_SECONDS)

    def _unusable(self, error: OSError) -> Unusable:
        return Unusable(
            "no-lock",
            _("The lock {path} cannot be taken: {cause}.").format(
                path=self.path, cause=error.strerror
            ),
            _("Mend its permissions or the disk, then try again."),
        )

    def _held(self, holder: str) -> Unusable:
        if not holder:
            return Unusable(
                "locked",
                _("Another aswiki is writing to this wiki."),
                _("Try again when it is done; {variable}=60 waits a minute.").format(
                    variable=VARIABLE
                ),
            )
        return Unusable(
            "locked",
            _("Another aswiki (process {pid}) is writing to this wiki.").format(pid=holder),
            _("Try again when it is done; if it hangs, end it with: kill {pid}").format(pid=holder),
        )


def patience(default_seconds: float = 10.0) -> float:
    """How many seconds to wait for a lock: ASWIKI_LOCK_TIMEOUT where it is set.

    Raises:
        BadInput: the variable does not hold a number of seconds.
    """
    text = os.environ.get(VARIABLE, "")
    if not text:
        return default_seconds
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise BadInput(
            "bad-timeout",
            _("{variable} is “{text}”, which is not a number of seconds.").format(
                variable=VARIABLE, text=text
            ),
            _("Set it to a number such as 10, or unset it."),
        )
    return seconds


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(handle: int) -> str:
    """The process id written in the lock's file, or nothing when there is none."""
    text = os.pread(handle, 32, 0).strip()
    return text.decode() if text.isdigit() else ""

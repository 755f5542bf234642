"""The user's own index: held while we commit, then refreshed for exactly our paths."""

from __future__ import annotations

import os
import shutil
import socket
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from aswiki.errors import Unusable
from aswiki.lang import _
from aswiki.store.git.refusal import refusal
from aswiki.store.git.runner import Runner
from aswiki.store.lock import patience

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aswiki.store.git.objects import Entry

PAUSE_SECONDS = 0.02
_DESK = "aswiki-desk-"


class Index:
    """The index of one work tree while its ``index.lock`` is ours.

    Attributes:
        desk: a private folder beside the index, gone when the lock is given back.
        healed: whether the lock was left by a writer of ours that died, perhaps after its
            commit and before the index was refreshed.
    """

    def __init__(self, git_dir: Path, desk: Path, *, healed: bool) -> None:
        self.desk = desk
        self.healed = healed
        self._own = git_dir / "index"
        self._private = desk / "index"

    def put(self, name: str, data: bytes) -> str:
        """The path of a new file on the desk that holds these bytes."""
        file = self.desk / name
        file.write_bytes(data)
        return str(file)

    def prepare(self, runner: Runner, entries: Mapping[str, Entry | None]) -> None:
        """Make the new index aside: these paths (from the top) name these objects or go."""
        if self._own.exists() and not self._private.exists():
            _same(self._own, self._private)
        width = max((len(entry.id) for entry in entries.values() if entry), default=40)
        lines = (
            f"{entry.mode} {entry.id}\t{path}\0" if entry else f"0 {'0' * width}\t{path}\0"
            for path, entry in entries.items()
        )
        runner.write(
            "update-index",
            "-z",
            "--index-info",
            stdin="".join(lines).encode("utf-8", "surrogateescape"),
            extra={"GIT_INDEX_FILE": str(self._private)},
        )

    def publish(self) -> None:
        """Put the prepared index in place of the user's."""
        # the commit is made: an index that stays behind is untidy, not a failure
        with suppress(OSError):
            self._private.replace(self._own)


@contextmanager
def desk(git_dir: Path) -> Iterator[Path]:
    """A private folder beside the index, gone at the end; the next writer clears a dead one's.

    Raises:
        Unusable: it cannot be made.
    """
    try:
        folder = Path(mkdtemp(prefix=f"{_DESK}{os.getpid()}-", dir=git_dir))
    except OSError as error:
        raise refusal(error.strerror or str(error)) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def held(git_dir: Path) -> Iterator[Index]:
    """The index of this git folder, locked against every other git until the end.

    Raises:
        Unusable: code ``index-locked`` when another process keeps it past the timeout.
    """
    lock = git_dir / "index.lock"
    try:
        with desk(git_dir) as own:
            healed = _take(lock, own)
            try:
                _sweep(git_dir)
                yield Index(git_dir, own, healed=healed)
            finally:
                lock.unlink(missing_ok=True)
    except OSError as error:
        raise refusal(error.strerror or str(error)) from error


def _take(lock: Path, desk: Path) -> bool:
    """Make the lock's file; whether it had to be taken from a dead writer of ours."""
    note = desk / "lock"
    note.write_text(_signature(os.getpid()), encoding="utf-8")
    deadline = time.monotonic() + patience()
    healed = False
    while not _claimed(lock, note):
        if _is_orphan(lock):
            healed = True
            lock.unlink(missing_ok=True)
        elif time.monotonic() >= deadline:
            raise _locked(lock)
        else:
            time.sleep(PAUSE_SECONDS)
    return healed


def _claimed(lock: Path, note: Path) -> bool:
    # a second name of the note: the lock is never there without its owner written in it
    try:
        os.link(note, lock)
    except FileExistsError:
        return False
    except OSError:
        try:
            with lock.open("x", encoding="utf-8") as file:
                file.write(note.read_text(encoding="utf-8"))
        except FileExistsError:
            return False
    return True


def _signature(pid: int) -> str:
    return f"aswiki {socket.gethostname()} {pid}\n"


def _is_orphan(lock: Path) -> bool:
    """Whether the lock is ours, of this machine, and its writer is no more."""
    try:
        text = lock.read_bytes()[:512].decode("utf-8", "replace")
    except FileNotFoundError:
        return False
    word = text.rstrip("\n").rpartition(" ")[2]
    return word.isdecimal() and text == _signature(int(word)) and not _runs(int(word))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _sweep(git_dir: Path) -> None:
    """Remove the desks that dead writers left."""
    for desk in git_dir.glob(f"{_DESK}*"):
        pid = desk.name.removeprefix(_DESK).partition("-")[0]
        if pid.isdecimal() and not _runs(int(pid)):
            shutil.rmtree(desk, ignore_errors=True)


def _same(source: Path, target: Path) -> None:
    # git never changes an index in place, so a second name of it will do
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _locked(lock: Path) -> Unusable:
    return Unusable(
        "index-locked",
        _("Another git process holds {path}; nothing was written.").format(path=lock),
        _("Wait for it; if no git is running, delete that file."),
    )

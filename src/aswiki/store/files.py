"""Files of the wiki: written whole or not at all, and never outside its folder."""

from __future__ import annotations

import errno
import os
import re
import stat
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from aswiki.errors import BadInput, NotFound, Unusable
from aswiki.lang import _

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_NAME = 255
_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])[ ]*(\..*)?", re.IGNORECASE
)
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_TEMPORARY = re.compile(r"\.aswiki-[0-9]+-[0-9a-f]{16}\.tmp")


def write_atomic(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` so that a reader sees the old bytes or the new ones, never a part.

    Missing folders are made; file and folder are on the disk when this returns.

    Raises:
        Unusable: the disk is full, read-only or forbids it; nothing is left behind.
    """
    temporary = path.with_name(f".aswiki-{os.getpid()}-{os.urandom(8).hex()}.tmp")
    try:
        _make_folder(path.parent)
        try:
            _write_through(temporary, data)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error


def write_into(path: Path, data: bytes) -> None:
    """Write ``data`` to what is there and no file: a pipe or a device, which stays what it is.

    Raises:
        Unusable: it does not take them.
    """
    try:
        with path.open("wb") as there:
            there.write(data)
    except OSError as error:
        raise _unwritable(path, error) from error


def set_aside(path: Path, aside: Path) -> bool:
    """Give a file a second name, to come back by without a byte of the disk; whether it has one."""
    try:
        os.link(path, aside, follow_symlinks=False)
    except OSError:  # no such file, or a file system without second names
        return False
    return True


def bring_back(aside: Path, path: Path) -> None:
    """Put what was set aside in the place of whatever is there now.

    Raises:
        Unusable: the disk refuses.
    """
    try:
        aside.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error


def read_bytes(path: Path, limit: int) -> bytes:
    """The bytes of the regular file at ``path``, which has at most ``limit`` of them.

    Raises:
        NotFound: there is no such file.
        BadInput: it is a link, a folder or a device, or longer than ``limit``.
        Unusable: it cannot be read.
    """
    try:
        # O_NONBLOCK: a pipe put in a record's place must not make us wait for ever
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            regular = stat.S_ISREG(os.fstat(handle).st_mode)
            data = file.read(limit + 1) if regular else b""
    except FileNotFoundError as error:
        raise NotFound("no-file", _("There is no file {path}.").format(path=path)) from error
    except (IsADirectoryError, NotADirectoryError) as error:
        raise _not_regular(path) from error
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _not_regular(path) from error
        raise Unusable(
            "unreadable",
            _("{path} cannot be read: {cause}.").format(path=path, cause=error.strerror),
            _("Mend its permissions or the disk, then try again."),
        ) from error
    if not regular:
        raise _not_regular(path)
    if len(data) > limit:
        raise BadInput(
            "file-too-large",
            _("{path} is larger than {limit} bytes.").format(path=path, limit=limit),
            _("Split it or leave the large part outside the wiki."),
        )
    return data


def safe_path(root: Path, relative: str) -> Path:
    """The path of ``relative`` under ``root``, sure to stay there on every system.

    Args:
        root: the wiki's folder, itself already resolved.
        relative: names joined by ``/``; what it names need not exist.

    Raises:
        BadInput: code ``unsafe-path``; the name could leave the folder, reach into ``.git``,
            cannot exist elsewhere, or passes through a symbolic link.
    """
    names = relative.split("/")
    reason = _unsafe_characters(relative) or next(filter(None, map(_unsafe_name, names)), "")
    if reason:
        raise _unsafe(relative, reason)
    path = root
    for position, name in enumerate(names, start=1):
        path = path / name
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            break
        except OSError as error:
            raise _unsafe(relative, error.strerror or str(error)) from error
        reason = _unsafe_kind(mode, last=position == len(names))
        if reason:
            raise _unsafe(relative, reason)
    return root.joinpath(*names)


def walk(root: Path) -> Iterator[str]:
    """Every regular file under ``root``, as sorted NFC paths joined by ``/``.

    Folders whose name begins with a dot, symbolic links and half-written files are left out.

    Raises:
        Unusable: a folder cannot be read.
    """
    found: list[str] = []
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        folder = f"{root}/{prefix}"
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        if not entry.name.startswith("."):
                            waiting.append(f"{prefix}{_composed(folder, entry)}/")
                    elif entry.is_file(follow_symlinks=False) and not is_temporary(entry.name):
                        found.append(prefix + _composed(folder, entry))
        except OSError as error:
            raise Unusable(
                "unreadable",
                _("{path} cannot be read: {cause}.").format(path=folder, cause=error.strerror),
                _("Mend its permissions or the disk, then try again."),
            ) from error
    yield from sorted(found)


def temporaries(root: Path) -> list[Path]:
    """The files under ``root`` that a crash left half-written, sorted; git's folder is left out."""
    found = []
    for folder, inside, names in os.walk(root):
        inside[:] = [name for name in inside if name != ".git"]
        found += [Path(folder, name) for name in names if is_temporary(name)]
    return sorted(found)


def is_temporary(name: str) -> bool:
    """Whether a file of this name is one of ours that a crash left half-written."""
    return name.startswith(".aswiki-") and _TEMPORARY.fullmatch(name) is not None


def _make_folder(folder: Path) -> None:
    missing = [folder]
    while not missing[-1].exists():
        missing.append(missing[-1].parent)
    folder.mkdir(parents=True, exist_ok=True)
    for parent in missing[1:]:
        _sync_folder(parent)


def _write_through(path: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags, 0o644), "wb") as file:
        os.fchmod(file.fileno(), 0o644)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(path: Path, error: OSError) -> Unusable:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        code, cause, hint = "disk-full", _("the disk is full"), _("Make room, then try again.")
    elif error.errno == errno.EROFS:
        code, cause = "read-only", _("the file system is read-only")
        hint = _("Mount it for writing, or work in another copy of the wiki.")
    elif error.errno in {errno.EACCES, errno.EPERM}:
        code, cause = "no-permission", _("permission denied")
        hint = _("Give yourself the right to write there.")
    else:
        code, cause = "unwritable", error.strerror or str(error)
        hint = _("Mend the disk or the name, then try again.")
    return Unusable(
        code, _("{path} cannot be written: {cause}.").format(path=path, cause=cause), hint
    )


def _not_regular(path: Path) -> BadInput:
    return BadInput(
        "unsafe-path",
        _("{path} is not a regular file.").format(path=path),
        _("Put a plain file there: no link, folder, pipe or device."),
    )


def _unsafe(relative: str, reason: str) -> BadInput:
    shown = (
        relative.encode("unicode_escape").decode("ascii")
        if not relative.isprintable()
        else relative
    )
    return BadInput(
        "unsafe-path",
        _("The name “{path}” is not safe: {reason}.").format(path=shown, reason=reason),
        _("Use plain names below the wiki's folder."),
    )


def _unsafe_characters(relative: str) -> str:
    if "\\" in relative:
        return _("it holds a backslash")
    if any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or c in _BIDI for c in relative):
        return _("it holds a control character")
    if not unicodedata.is_normalized("NFC", relative):
        return _("it is not in Unicode normal form C")
    if re.match(r"[A-Za-z]:", relative) or relative.startswith("/"):
        return _("it is absolute")
    return ""


def _unsafe_name(name: str) -> str:
    if name in {"", ".", ".."}:
        return _("a part of it is empty, “.” or “..”")
    if len(name.encode()) > LONGEST_NAME:
        return _("a part of it is longer than {limit} bytes").format(limit=LONGEST_NAME)
    # what other systems take for .git: case, trailing dots, streams, characters they ignore
    plain = "".join(c for c in name if unicodedata.category(c) != "Cf").casefold()
    if plain.partition(":")[0].rstrip(" .") in {".git", "git~1"}:
        return _("it reaches into git's own folder")
    if name[-1] in " .":
        return _("a part of it ends with a dot or a blank")
    if _RESERVED.fullmatch(name):
        return _("a part of it is a reserved name on Windows")
    return ""


def _unsafe_kind(mode: int, *, last: bool) -> str:
    if stat.S_ISLNK(mode):
        return _("it passes through a symbolic link")
    if not stat.S_ISDIR(mode) and not (last and stat.S_ISREG(mode)):
        return _("something that is not a folder or a plain file stands in its way")
    return ""


def _composed(folder: str, entry: os.DirEntry[str]) -> str:
    """The entry's name in NFC, where that names the same file (on macOS; elsewhere as it is)."""
    if entry.name.isascii() or unicodedata.is_normalized("NFC", entry.name):
        return entry.name
    composed = unicodedata.normalize("NFC", entry.name)
    try:
        same = Path(folder, composed).lstat().st_ino == entry.inode()
    except OSError:
        same = False
    return composed if same else entry.name

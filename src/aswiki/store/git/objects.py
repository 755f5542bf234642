"""Git's objects as bytes: their names, folders as trees, many of them as one pack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from aswiki.errors import BadInput
from aswiki.lang import _

_PACK_KINDS = {"tree": 2, "blob": 3}


PLAIN = "100644"
"""The mode of a plain file."""


class Entry(NamedTuple):
    """One name in a folder: its mode as git writes it, and the object it names."""

    mode: str
    id: str


Folder = dict[bytes, Entry]


def object_id(kind: str, data: bytes, algorithm: str) -> str:
    """The name git gives to these bytes (``algorithm`` is sha1 or sha256)."""
    return _digest(algorithm, f"{kind} {len(data)}\0".encode() + data).hex()


def parse_tree(data: bytes, algorithm: str) -> Folder:
    """The folder that a tree object's bytes describe."""
    width = len(_digest(algorithm, b""))
    folder: Folder = {}
    position = 0
    while position < len(data):
        end = data.index(b"\0", position)
        mode, _blank, name = data[position:end].partition(b" ")
        position = end + 1 + width
        folder[name] = Entry(mode.decode(), data[end + 1 : position].hex())
    return folder


def tree_bytes(folder: Folder) -> bytes:
    """The tree object of a folder, its names in git's order."""
    return b"".join(
        entry.mode.encode() + b" " + name + b"\0" + bytes.fromhex(entry.id)
        for name, entry in _ordered(folder)
    )


def tree_lines(folder: Folder) -> bytes:
    """The folder as ``git mktree -z`` reads it."""
    kinds = {"40000": b"040000 tree ", "160000": b"160000 commit "}
    return b"".join(
        kinds.get(entry.mode, entry.mode.encode() + b" blob ")
        + entry.id.encode()
        + b"\t"
        + name
        + b"\0"
        for name, entry in _ordered(folder)
    )


def folders_on_the_way(paths: Iterable[str]) -> list[str]:
    """Every folder above these paths, the deepest first and the top, ``""``, last.

    Raises:
        BadInput: code ``unsafe-path``; a path is not one git may hold.
    """
    found = {""}
    for path in paths:
        names = path.split("/")
        if any(_is_unsafe(name) for name in names):
            raise BadInput(
                "unsafe-path",
                _("The name {path} cannot be in a commit.").format(path=ascii(path)),
                _("Use plain names below the wiki's folder."),
            )
        found.update("/".join(names[:depth]) for depth in range(1, len(names)))
    return sorted(found, key=lambda folder: (-folder.count("/") if folder else 1, folder))


def rewritten(
    folders: Mapping[str, Folder], changes: Mapping[str, Entry | None], algorithm: str
) -> dict[str, tuple[str, Folder]]:
    """The folders after the changes, each with its new object's name, the deepest first.

    Args:
        folders: what was there, for every folder on the way and in that order.
        changes: mode and object a path, or None where the path goes away.
        algorithm: sha1 or sha256.

    Raises:
        BadInput: code ``path-conflict``; a file stands where a folder is needed or the reverse.
    """
    after = {path: dict(folder) for path, folder in folders.items()}
    for path, entry in changes.items():
        above, _slash, name = path.rpartition("/")
        _put(after[above], path, name, entry)
    trees: dict[str, tuple[str, Folder]] = {}
    for path, folder in after.items():
        tree = object_id("tree", tree_bytes(folder), algorithm)
        trees[path] = (tree, folder)
        if path:
            above, _slash, name = path.rpartition("/")
            _put(after[above], path, name, Entry("40000", tree) if folder else None)
    return trees


def differs(folders: Mapping[str, Folder], path: str, entry: Entry | None) -> bool:
    """Whether a path would change by naming this object, or by going away when it is None."""
    above, _slash, name = path.rpartition("/")
    return folders[above].get(name.encode()) != entry


def pack(objects: Iterable[tuple[str, bytes]], count: int, algorithm: str) -> bytes:
    """A pack of whole objects, for many of them at once.

    Source: Documentation/gitformat-pack.txt of git.
    """
    import struct
    import zlib

    parts = [b"PACK" + struct.pack(">II", 2, count)]
    for kind, data in objects:
        parts += [_pack_header(_PACK_KINDS[kind], len(data)), zlib.compress(data, 1)]
    whole = b"".join(parts)
    return whole + _digest(algorithm, whole)


def _digest(algorithm: str, data: bytes) -> bytes:
    import hashlib  # slow to load, and most readings name no object

    # git's naming, not our protection: that is the anchors' SHA-256
    return hashlib.new(algorithm, data, usedforsecurity=False).digest()


def _ordered(folder: Folder) -> list[tuple[bytes, Entry]]:
    return sorted(
        folder.items(), key=lambda item: item[0] + (b"/" if item[1].mode == "40000" else b"")
    )


def _is_unsafe(name: str) -> bool:
    return name in {"", ".", ".."} or name.lower() == ".git" or any(c < " " for c in name)


def _put(folder: Folder, path: str, name: str, entry: Entry | None) -> None:
    key = name.encode()
    old = folder.get(key)
    kind = entry.mode if entry else None
    if old and kind and (old.mode == "40000") != (kind == "40000"):
        raise _conflict(path)
    if old and not old.mode.startswith("100") and old.mode != "40000":
        raise _conflict(path)
    if entry:
        folder[key] = entry
    elif old:
        del folder[key]


def _conflict(path: str) -> BadInput:
    return BadInput(
        "path-conflict",
        _("In the last commit, {path} is something other than a plain file.").format(path=path),
        _("Move what stands there out of the way with git, then try again."),
    )


def _pack_header(kind: int, size: int) -> bytes:
    byte, size = kind << 4 | size & 15, size >> 4
    header = bytearray()
    while size:
        header.append(byte | 128)
        byte, size = size & 127, size >> 7
    header.append(byte)
    return bytes(header)

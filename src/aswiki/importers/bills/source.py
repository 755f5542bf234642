"""A bill's file made ready for the engine: unpacked, in UTF-8, its bytes counted and hashed."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import shutil
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from aswiki.errors import BadInput, Unusable
from aswiki.lang import _

Told = Callable[[int, int], None]

LARGEST_UNPACKED = 32 * 1024**3
LARGEST_BOOK = 256 * 1024**2
"""Of an Excel file: it is held in memory whole."""

_PIECE = 4 * 1024 * 1024
_SPARE = 512 * 1024**2
"""What is left free on the disk."""

_GZIP, _ZSTD, _PARQUET = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PAR1"
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Source:
    """A file as the engine can read it.

    Args:
        name: of the file that was given.
        sha256: of its bytes, in hex.
        encoding: ``utf-8``, ``utf-16``, ``gb18030``, ``parquet`` or ``xlsx``.
        ready: the file itself, or what was made of it in ``folder``.
        folder: for what is made on the way.
    """

    name: str
    sha256: str
    encoding: str
    ready: Path
    folder: Path


def source(path: Path, folder: Path, told: Told) -> Source:
    """The file, unpacked and transcoded into a folder where it has to be.

    Args:
        path: a CSV file, plain or in gzip or zstd, a Parquet or an Excel file; a link is followed.
        folder: for temporary files.
        told: is told how many of how many bytes are read.

    Raises:
        BadInput: there is no such file, it is none of these, or too large.
        Unusable: what unpacks it is not installed, or it cannot be read.
    """
    try:
        return _source(path, folder, told)
    except OSError as error:
        raise Unusable(
            "unreadable-file",
            _("{path} cannot be read: {why}.").format(path=path, why=error.strerror or error),
        ) from error


def _source(path: Path, folder: Path, told: Told) -> Source:
    if not path.is_file():
        raise BadInput(
            "no-file",
            _("There is no file {path}.").format(path=path),
            _("Give the file that the other system exported."),
        )
    with path.open("rb") as file:
        kind = _kind(file.read(4))
    digest = hashlib.sha256()
    told_pieces = _pieces(path, told, digest.update)
    if kind in {"parquet", "xlsx"}:
        _require_small_book(path, kind)
        for _piece in told_pieces:
            pass
        return Source(path.name, digest.hexdigest(), kind, path, folder)
    packed = path
    if kind in {"gzip", "zstd"}:
        for _piece in told_pieces:
            pass
        path = _unpacked(path, kind, folder)
        told_pieces = _pieces(path, lambda _done, _all: None, lambda _piece: None)
    ready, encoding = _in_utf8(path, told_pieces, folder)
    return Source(packed.name, digest.hexdigest(), encoding, ready, folder)


def _kind(begins: bytes) -> Literal["gzip", "zstd", "parquet", "xlsx", "text"]:
    if begins.startswith(_GZIP):
        return "gzip"
    if begins == _PARQUET:
        return "parquet"
    if begins in {_ZIP, _OLD_EXCEL}:
        return "xlsx"
    return "zstd" if begins == _ZSTD else "text"


def _pieces(path: Path, told: Told, seen: Callable[[bytes], None]) -> Iterator[bytes]:
    size, done = path.stat().st_size, 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            seen(piece)
            done += len(piece)
            told(done, max(size, done))
            yield piece


def _require_small_book(path: Path, kind: str) -> None:
    if kind == "xlsx" and path.stat().st_size > LARGEST_BOOK:
        raise BadInput(
            "table-too-large",
            _("The Excel file is larger than {size} MiB.").format(size=LARGEST_BOOK >> 20),
            _("Save it as CSV, then try again."),
        )


def _unpacked(path: Path, kind: str, folder: Path) -> Path:
    """The text of a packed file, as long as it stays within reason and the disk has room."""
    ready = folder / "unpacked.csv"
    allowed = min(LARGEST_UNPACKED, shutil.disk_usage(folder).free - _SPARE)
    done = 0
    try:
        with _opened(path, kind) as packed, ready.open("wb") as file:
            while piece := packed.read(_PIECE):
                done += len(piece)
                if done > allowed:
                    raise _too_large(allowed)
                file.write(piece)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _broken(str(error)) from error
    except OSError as error:
        if kind == "zstd" and error.errno is None:  # how pyarrow says that the data is broken
            raise _broken(str(error)) from error
        raise
    return ready


def _opened(path: Path, kind: str) -> BinaryIO | gzip.GzipFile:
    if kind == "gzip":
        return gzip.open(path, "rb")
    try:
        import pyarrow as pa
    except ImportError:
        raise missing() from None
    stream: BinaryIO = pa.input_stream(str(path), compression="zstd")
    return stream


def missing() -> Unusable:
    """The error where what reads bills is not installed."""
    return Unusable(
        "extra-missing",
        _("What reads bills is not installed."),
        'pip install "aswiki[billing]"',
    )


def _in_utf8(path: Path, pieces: Iterator[bytes], folder: Path) -> tuple[Path, str]:
    """The file itself where it is UTF-8 throughout, else a copy that is; and its encoding."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    begins, is_utf8 = b"", True
    for piece in pieces:
        begins = begins or piece[:2]
        if len(piece) == _PIECE and b"\n" not in piece and b"\r" not in piece:
            raise _too_long()
        if is_utf8 and not (piece.isascii() and decoder.getstate() == (b"", 0)):
            is_utf8 = _takes(decoder, piece)
    if begins in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return _transcoded(path, "utf-16", folder), "utf-16"
    if is_utf8 and _takes(decoder, b"", final=True):
        return path, "utf-8"
    return _transcoded(path, "gb18030", folder), "gb18030"


def _takes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def _transcoded(path: Path, encoding: str, folder: Path) -> Path:
    ready = folder / "utf8.csv"
    if path.stat().st_size * 2 > shutil.disk_usage(folder).free - _SPARE:
        raise _too_large(shutil.disk_usage(folder).free - _SPARE)
    try:
        with (
            path.open(encoding=encoding, newline="") as text,
            ready.open("w", encoding="utf-8", newline="") as copy,
        ):
            while piece := text.read(_PIECE):
                if len(piece) == _PIECE and "\n" not in piece and "\r" not in piece:
                    raise _too_long()
                copy.write(piece)
    except UnicodeDecodeError:
        raise BadInput(
            "bad-encoding",
            _("The file is neither UTF-8 nor GB18030 text."),
            _("Save it as UTF-8, then try again."),
        ) from None
    return ready


def _broken(why: str) -> BadInput:
    return BadInput(
        "broken-archive",
        _("The packed file cannot be unpacked: {why}.").format(why=why.rstrip(".")),
        _("Download it once more; it may have been cut off."),
    )


def _too_long() -> BadInput:
    """A line that the engine would leave out without a word."""
    return BadInput(
        "line-too-long",
        _("A line of the file is longer than {size} MiB.").format(size=_PIECE >> 20),
        _("Download it once more; a bill has one row a line."),
    )


def _too_large(allowed: int) -> BadInput:
    return BadInput(
        "bill-too-large",
        _("The file unpacks to more than the {size} MiB there is room for.").format(
            size=max(allowed, 0) >> 20
        ),
        _("Point TMPDIR to a larger disk, or split the bill by month."),
    )

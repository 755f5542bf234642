"""Office files, which are ZIP archives: read within bounds, the same parts as the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

LARGEST = 64 * 1024 * 1024
"""Bytes of all parts together; what unpacks to more is no report."""

_LARGEST_COUNT = 2000
_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that the format knows
_FIRST = "[Content_Types].xml"


def unpacked(raw: bytes) -> dict[str, bytes] | None:
    """The parts of an archive by name; None where it is none, is broken or is too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            known = archive.infolist()
            if len(known) > _LARGEST_COUNT or sum(each.file_size for each in known) > LARGEST:
                return None
            return {each.filename: archive.read(each) for each in known if not each.is_dir()}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, EOFError):
        return None
    except (RuntimeError, ValueError):  # encrypted; a name that cannot be one
        return None


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The parts as an archive, in a fixed order and without times."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda name: (name != _FIRST, name)):
            about = zipfile.ZipInfo(name, _NO_TIME)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o600 << 16
            about.create_system = 3
            archive.writestr(about, parts[name])
    return made.getvalue()

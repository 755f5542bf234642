"""The files of a package beside its bundle: whether they are whole, and fit its history."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from aswiki.evidence import package
from aswiki.evidence.verdict import Finding, finding
from aswiki.lang import _
from aswiki.store.folder import digests

if TYPE_CHECKING:
    from aswiki.store.git.quarantine import Quarantine

SAID = 20
_COPIES = (package.SIGNERS, "trust/admins", "trust/tsa/", "trust/ltv/")


def unlike_sums(folder: Path) -> Iterator[Finding]:
    """Files of a package that are not those that were packed."""
    sums = folder / package.SUMS
    if not sums.is_file():
        return
    there = {path: digest for path, digest in digests(folder).items() if path != package.SUMS}
    for path in package.broken(sums.read_bytes(), there)[:SAID]:
        yield finding("PKG", _("It is not the file that was packed."), path=path)


def unlike_head(folder: Path, own: Quarantine) -> Iterator[Finding]:
    """Keys and certificates of a package that are no files of the history's last commit."""
    hashed = hashlib.sha256 if len(own.tip) == 64 else hashlib.sha1
    there = {blob for _mode, blob in own.entries(own.tip).values()}
    for path, digest in digests(folder).items():
        if not path.startswith(_COPIES) or digest == "link":
            continue
        raw = (folder / path).read_bytes()
        if raw and hashed(f"blob {len(raw)}\0".encode() + raw).hexdigest() not in there:
            yield finding("PKG", _("It is no file of the last commit."), path=path)


def unlike_bundle(given: Path, listed: list[tuple[str, str]], tip: str) -> Iterator[Finding]:
    """What a bundle's refs and the package's HEAD have against each other."""
    if len(listed) > 1:
        names = ", ".join(ref for _tip, ref in listed)
        yield finding("REFS", _("The bundle holds several refs: {names}").format(names=names))
    elif given.is_dir() and not listed[0][1].startswith("refs/heads/"):
        name = ascii(listed[0][1])
        yield finding("REFS", _("The bundle holds {name}, which is no branch.").format(name=name))
    said = given / package.HEAD if given.is_dir() else None
    if said is not None and said.is_file() and said.read_bytes().strip() != tip.encode():
        yield finding("HEAD", _("The package's HEAD names another commit than its bundle."), tip)


def prefix(given: Path) -> str:
    """The wiki's folder in its repository, as a package's manifest says it."""
    from json import JSONDecodeError, loads

    with suppress(OSError, JSONDecodeError, UnicodeDecodeError):
        said = loads((given / package.MANIFEST).read_bytes())
        folder = said.get("folder") if isinstance(said, dict) else None
        names = folder.split("/") if isinstance(folder, str) else []
        if names and names[-1] == "" and not {"..", ".", ".git"} & set(names) and names[0]:
            return str(folder)
    return ""

"""The use case ``evidence check``: a package or a proof judged without the wiki it came from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from aswiki.errors import NotFound
from aswiki.evidence import package
from aswiki.evidence.verdict import Finding, Verdict, finding
from aswiki.lang import _
from aswiki.store import files, folder
from aswiki.wiki.wiki import Clock, system_clock

if TYPE_CHECKING:
    from aswiki.wiki.proof.verifying import Asked

LARGEST_PROOF = 4 * 1024 * 1024


def check(place: Path, asked: Asked, clock: Clock = system_clock) -> Verdict:
    """The verdict on a package of a history, or on the proof of one record.

    Args:
        place: its folder.
        asked: what the reader holds from elsewhere; its ``bundle`` is not looked at.
        clock: the present moment.

    Raises:
        BadInput: a receipt, commit or file of keys is none.
        NotFound: there is no such folder.
        Unusable: no git, or a library is not installed.
    """
    from dataclasses import replace

    from aswiki.wiki.proof import verifying

    if not place.is_dir():
        raise NotFound(
            "no-package",
            _("There is no folder {path}.").format(path=place),
            _("Name the folder of a package or of a proof."),
        )
    if (place / package.BUNDLE).is_file():
        judged = replace(asked, bundle=place)
        found = verifying.verify(None, judged, clock)
        return found.with_findings(_unsealed(place))
    return _proof(place, asked)


def _unsealed(place: Path) -> Iterator[Finding]:
    """A package without its sums, or that is none of ours: nothing says which files it had."""
    if not (place / package.SUMS).is_file():
        yield finding("PKG", _("SHA256SUMS is missing."), path=package.SUMS)
    told: object = None
    with suppress(OSError, json.JSONDecodeError, UnicodeDecodeError):
        told = json.loads((place / package.MANIFEST).read_bytes())
    said = told.get("format") if isinstance(told, dict) else None
    if said not in {package.WHOLE, package.PROOF}:
        yield finding("PKG", _("manifest.json does not say what it is."), path=package.MANIFEST)


def _proof(place: Path, asked: Asked) -> Verdict:
    from aswiki.evidence.claim import Pins, verdict
    from aswiki.evidence.statement import receipt
    from aswiki.wiki.proof.verifying import fingerprints

    digests = folder.digests(place)
    written = digests.pop(package.SUMS, None)
    found = list(_unsealed(place))
    if written is not None:
        sums = files.read_bytes(place / package.SUMS, LARGEST_PROOF)
        said = _("It is not the file that was packed.")
        found += [finding("PKG", said, path=path) for path in package.broken(sums, digests)]
    raw = {
        path: files.read_bytes(place / path, LARGEST_PROOF)
        for path, digest in digests.items()
        if digest != "link"
    }
    pins = Pins(
        receipt(asked.receipt) if asked.receipt is not None else None,
        fingerprints(asked.trust) if asked.trust is not None else None,
    )
    return verdict(raw, pins).with_findings(found)

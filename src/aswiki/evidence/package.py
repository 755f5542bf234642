"""A package that leaves the house: what its files are called, and that they are all and whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from aswiki.evidence.signers import Key

WHOLE: Final = "aswiki-evidence/v1"
PROOF: Final = "aswiki-proof/v1"

SUMS: Final = "SHA256SUMS"
MANIFEST: Final = "manifest.json"
BUNDLE: Final = "kb.bundle"
HEAD: Final = "HEAD"
SCRIPT: Final = "VERIFY.sh"
SIGNERS: Final = "trust/allowed_signers"


def digest(data: bytes) -> str:
    """The SHA-256 of the bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def sums(digests: Mapping[str, str]) -> bytes:
    """The file of sums, as ``sha256sum`` writes it: one line a path, in the order of their bytes.

    Args:
        digests: the SHA-256 by path; no path holds a line break or a backslash.
    """
    ordered = sorted(digests.items(), key=lambda item: item[0].encode())
    return "".join(f"{digest}  {path}\n" for path, digest in ordered).encode()


def broken(written: bytes, digests: Mapping[str, str]) -> list[str]:
    """The paths at which the file of sums and the files differ; its own where only its form does.

    Args:
        written: what the package's file of sums says.
        digests: the SHA-256 of every other file that is there.
    """
    if written == sums(digests):
        return []
    lines = written.decode("utf-8", "replace").splitlines()
    named = {path: digest for digest, _gap, path in (line.partition("  ") for line in lines)}
    paths = {path for path in {*named, *digests} if named.get(path) != digests.get(path)}
    return sorted(paths) or [SUMS]


def manifest(values: Mapping[str, Any]) -> bytes:
    """The manifest's bytes: one key a line, so that a shell can read it too."""
    return (json.dumps(values, ensure_ascii=False, indent=2) + "\n").encode()


def fingerprints(keys: Iterable[Key]) -> bytes:
    """A line for each key with its fingerprint, its owner and what it may sign."""
    from aswiki.evidence.signers import fingerprint

    lines = (f"{fingerprint(key)} {key.principal} {','.join(key.namespaces)}\n" for key in keys)
    return "".join(lines).encode()

"""A package around any history, however tampered with, and the two verdicts on it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.sealed import shell

from aswiki.errors import AswikiError
from aswiki.evidence import package
from aswiki.store import folder
from aswiki.wiki.proof import package_check
from aswiki.wiki.proof.exporting import texts
from aswiki.wiki.proof.verifying import Asked
from aswiki.wiki.wiki import Clock, system_clock


class Pin(NamedTuple):
    """What the reader holds from elsewhere."""

    receipt: str | None = None
    key: str | None = None
    head: str | None = None


class Answer(NamedTuple):
    """A verdict: how the verifier exits, and the codes it names."""

    exit: int
    codes: frozenset[str]
    said: str


def packed(root: Path, out: Path, *, prefix: str = "") -> Path | None:
    """The package of the main branch as a forger would make it; None where git cannot.

    Args:
        root: the repository's folder.
        out: the folder of the package, which is not there yet.
        prefix: the wiki's folder in the repository.
    """
    out.mkdir(parents=True)
    bundle = str(out / package.BUNDLE)
    if _git(root, "bundle", "create", "-q", bundle, "refs/heads/main").returncode:
        return None
    head = _git(root, "rev-parse", "refs/heads/main").stdout.decode().strip()
    own = f"{head}:{prefix}"
    certificate = _git(root, "cat-file", "blob", f"{own}.aswiki/tsa/test.pem").stdout
    files = {
        package.SIGNERS: _git(root, "cat-file", "blob", f"{own}.aswiki/allowed_signers").stdout,
        **({"trust/tsa/test.pem": certificate} if certificate else {}),
        **texts("VERIFY.sh", "PACKAGE"),
        package.HEAD: f"{head}\n".encode(),
        package.MANIFEST: package.manifest({"format": package.WHOLE, "folder": prefix}),
    }
    folder.fill(out, files)
    resealed(out)
    return out


def resealed(out: Path) -> None:
    """Sums that fit the files as they are."""
    (out / package.SUMS).unlink(missing_ok=True)
    (out / package.SUMS).write_bytes(package.sums(folder.digests(out)))


def by_core(out: Path, pin: Pin, clock: Clock = system_clock) -> Answer:
    """What ``aswiki evidence check`` says of a package."""
    trust = None
    if pin.key is not None:
        trust = out.with_name(f"{out.name}-trust")
        trust.write_text(f"{pin.key}\n", encoding="utf-8")
    asked = Asked(head=pin.head, receipt=pin.receipt, trust=trust)
    try:
        found = package_check.check(out, asked, clock)
    except AswikiError as error:
        return Answer(error.exit_code, frozenset(), error.message)
    said = "\n".join(f"{each.code} {each.detail}" for each in found.findings)
    json.dumps(found.as_json(), default=str)
    return Answer(found.exit_code, frozenset(found.codes), said)


def by_shell(out: Path, pin: Pin, machine: Mapping[str, str]) -> Answer:
    """What the package's own VERIFY.sh says of it."""
    words: list[str] = []
    for option, value in (("--receipt", pin.receipt), ("--key", pin.key), ("--head", pin.head)):
        words += [option, value] if value is not None else []
    done = shell(machine, out.parent, out / package.SCRIPT, *words)
    lines = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    found = {each[1] for each in lines if each and each[0] in {"TAMPERED", "INCOMPLETE"}}
    return Answer(done.returncode, frozenset(found), done.stdout + done.stderr)


def _git(root: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", *words], cwd=root, capture_output=True, check=False)

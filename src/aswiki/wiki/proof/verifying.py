"""The use case ``verify``: a history taken into quarantine, and the verdict on it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from aswiki.domain import records
from aswiki.errors import BadInput, Unusable
from aswiki.evidence.statement import receipt
from aswiki.evidence.verdict import Finding, Verdict, finding
from aswiki.evidence.verify import Expected
from aswiki.evidence.verify import verify as judged
from aswiki.lang import _
from aswiki.wiki import lookup
from aswiki.wiki.proof import package_files
from aswiki.wiki.proof.quarantined import Losses, Seen, wiki_of
from aswiki.wiki.wiki import Clock, Wiki, system_clock

if TYPE_CHECKING:
    from aswiki.evidence.keys import Check
    from aswiki.evidence.statement import Receipt
    from aswiki.store.git.quarantine import Quarantine

BUNDLE = "kb.bundle"
SAID = 20
_DAMAGE = frozenset({"corrupt-repository", "git-failed"})


@dataclass(frozen=True)
class Asked:
    """What the user gave to ``verify``.

    Args:
        bundle: the folder of a package, or a bundle's file, in the wiki's place.
        head: a commit that the history must hold.
        receipt: of an anchor that the history must hold.
        trust: a file of the keys of which one must have signed the first commit.
        record: the record that alone is to be proven.
        live: whether the working repository is looked at too.
        paranoid: whether ssh-keygen checks every signature as well.
    """

    bundle: Path | None = None
    head: str | None = None
    receipt: str | None = None
    trust: Path | None = None
    record: str | None = None
    live: bool = False
    paranoid: bool = False


def verify(wiki: Wiki | None, asked: Asked, clock: Clock = system_clock) -> Verdict:
    """The verdict on a wiki's history, or on that of a bundle.

    Args:
        wiki: the open wiki; None where a bundle is named.
        asked: what the user gave.
        clock: the present moment, where there is no wiki to know it.

    Raises:
        BadInput: a receipt, commit or file of keys is none.
        NotFound: there is no such record.
        Unusable: no repository, no git, or a library is not installed.
    """
    held = receipt(asked.receipt) if asked.receipt is not None else None
    trusted = fingerprints(asked.trust) if asked.trust is not None else None
    with TemporaryDirectory(prefix="aswiki-") as name:
        source = _Source(asked, wiki, clock, Path(name))
        found = list(source.beside())
        own, damage = source.quarantine()
        if own is None:
            return Verdict(()).with_findings([*found, *damage])
        return _judged(own, source, asked, held, trusted).with_findings([*found, *damage])


def _judged(
    own: Quarantine,
    source: _Source,
    asked: Asked,
    held: Receipt | None,
    trusted: frozenset[str] | None,
) -> Verdict:
    with ThreadPoolExecutor(1) as hand:
        fsck = hand.submit(own.complaints)  # git looks while we do
        verdict = _read(own, source, asked, held, trusted)
        complaints = [finding("FSCK", line) for line in fsck.result()[:SAID]]
    return verdict.with_findings(complaints)


def _read(
    own: Quarantine,
    source: _Source,
    asked: Asked,
    held: Receipt | None,
    trusted: frozenset[str] | None,
) -> Verdict:
    """The verdict of our own reading."""
    from aswiki.store.git.quarantine import Damaged, resolved

    try:
        seen = Seen(own)
        history = replace(seen.history(), ref=own.ref if source.is_package else "")
        wiki = wiki_of(own, source.clock)
        head = resolved(asked.head, history.raw) if asked.head is not None else None
        expected = Expected(
            now=source.clock(),
            check=_check(paranoid=asked.paranoid),
            check_token=seen.check_token,
            lost=Losses(wiki),
            head=head,
            receipt=held,
            trusted=trusted,
            asked=source.chosen(own),
        )
        return judged(history, expected)
    except Damaged as error:
        detail = str(error) or _("An object cannot be read.")
    except Unusable as error:
        if error.code not in _DAMAGE:
            raise
        detail = error.message
    return Verdict((finding("FSCK", detail),), head=own.tip)


class _Source:
    """Where the history comes from: the wiki's repository, or a bundle."""

    def __init__(self, asked: Asked, wiki: Wiki | None, clock: Clock, desk: Path) -> None:
        self.asked = asked
        self.clock = wiki.clock if wiki is not None else clock
        self.desk = desk
        self.wiki = wiki

    @property
    def is_package(self) -> bool:
        """Whether it is a folder that somebody sent, and holds the main branch alone."""
        return self.wiki is None and self.asked.bundle is not None and self.asked.bundle.is_dir()

    def beside(self) -> Iterator[Finding]:
        """What is wrong beside the history: in the working repository, or in the package."""
        from aswiki.wiki.proof.verifying_live import live

        if self.wiki is not None and self.asked.live:
            yield from live(self.wiki.repository)
        if self.asked.bundle is not None and self.asked.bundle.is_dir():
            yield from package_files.unlike_sums(self.asked.bundle)

    def quarantine(self) -> tuple[Quarantine | None, list[Finding]]:
        """The history in a repository of our own, and what was wrong on the way."""
        from aswiki.store.git.quarantine import Damaged, Quarantine, heads

        if self.wiki is None:
            return self._from_bundle()
        repository = self.wiki.repository
        ref = repository.branch() or "HEAD"
        tip = repository.resolve(ref)
        if tip is None and repository.is_torn(ref):
            return None, [finding("FSCK", _("{ref} names no commit.").format(ref=ref))]
        if tip is None:
            raise Unusable("no-commits", _("There is no commit yet."), _("Write something first."))
        bundle = self.desk / BUNDLE
        try:
            repository.bundle(ref, bundle, is_small=False)  # it is read once
            tip, _ref = heads(bundle)[0]
            into = self.desk / "quarantine"
            return Quarantine.of(bundle, into, tip, ref, repository.prefix), []
        except Damaged as error:
            code = "FETCH" if (repository.common_dir / "shallow").exists() else "FSCK"
            return None, [finding(code, str(error))]

    def _from_bundle(self) -> tuple[Quarantine | None, list[Finding]]:
        from aswiki.store.git.quarantine import Damaged, Quarantine, heads

        given = self.asked.bundle or Path()
        is_whole = given.is_dir()
        bundle = given / BUNDLE if is_whole else given
        if not bundle.is_file():
            raise Unusable(
                "no-bundle",
                _("There is no bundle at {path}.").format(path=bundle),
                _("Name the folder of a package: it holds {name}.").format(name=BUNDLE),
            )
        try:
            listed = heads(bundle)
            tip, ref = next((each for each in listed if each[1] != "HEAD"), listed[0])
            found = list(package_files.unlike_bundle(given, listed, tip))
            into = self.desk / "quarantine"
            own = Quarantine.of(bundle, into, tip, ref, package_files.prefix(given))
            return own, [*found, *(package_files.unlike_head(given, own) if is_whole else ())]
        except Damaged as error:
            detail = _("The bundle cannot be taken over: {cause}").format(cause=error)
            return None, [finding("FETCH", detail)]

    def chosen(self, own: Quarantine) -> frozenset[str] | None:
        """The paths of the records asked about; None for all.

        Raises:
            NotFound: there is no such record.
        """
        if self.asked.record is None:
            return None
        wiki = self.wiki or wiki_of(own, self.clock)
        rev = own.tip if self.wiki is not None else "refs/heads/main"
        ref = lookup.record_at(wiki, self.asked.record, rev)
        return frozenset({records.path_of(ref)})


def _check(*, paranoid: bool) -> Check:
    from aswiki.evidence.signatures import Signature, Wrong, signed

    if not paranoid:
        return signed

    def both(payload: bytes, armored: bytes, namespace: str) -> Signature | Wrong:
        from aswiki.store import process

        found = signed(payload, armored, namespace)
        if isinstance(found, Signature):
            said = process.ssh_signed(payload, armored, namespace)
            return found if said == found.fingerprint else Wrong("signature")
        return found

    return both


def fingerprints(path: Path) -> frozenset[str]:
    """The fingerprints of the keys in a file: of allowed_signers, of public keys, or bare.

    Raises:
        BadInput: the file cannot be read, or holds no key.
    """
    from aswiki.evidence.signers import fingerprint, parse, public_key

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise _no_keys(path) from error
    keys, _problems = parse(text)
    found = {fingerprint(key) for key in keys}
    for line in text.splitlines():
        words = line.split(maxsplit=1)
        if words and words[0].startswith("SHA256:"):
            found.add(words[0])
        elif (key := public_key(line)) is not None:
            found.add(fingerprint(key[1]))
    if not found:
        raise _no_keys(path)
    return frozenset(found)


def _no_keys(path: Path) -> BadInput:
    return BadInput(
        "no-keys",
        _("{path} holds no keys.").format(path=path),
        _("Give a file of public keys, of allowed_signers or of fingerprints (SHA256:…)."),
    )

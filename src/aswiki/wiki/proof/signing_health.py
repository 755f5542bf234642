"""Whether the writer can sign what they write, as the wiki asks, and what to do if not."""

from __future__ import annotations

from collections.abc import Iterator

from aswiki.errors import Unusable
from aswiki.lang import _
from aswiki.wiki.health import Check
from aswiki.wiki.proof import signing
from aswiki.wiki.proof.signing import SIGNERS, Signer
from aswiki.wiki.wiki import Wiki

_TRIAL = "aswiki-doctor"  # a namespace nobody takes for a signature of anything
_YES = frozenset({"true", "yes", "on", "1"})


def checks(wiki: Wiki) -> Iterator[Check]:
    """Whether the wiki is signed, with a key of the writer that is set up, allowed and loaded.

    Raises:
        Unusable: the writer's key is missing or not allowed.
    """
    raw = wiki.bytes_of(SIGNERS)
    if raw is None:
        detail = _("The commits of this wiki are not signed.")
        remedy = _("Begin with your own key: aswiki key add ADDRESS KEY.pub")
        yield Check("signing", "ok", detail, remedy)
        return
    yield from _lines(raw)
    yield from _plain_git(wiki)
    found = signing.signer(wiki)
    yield _trial(found)


def _lines(raw: bytes) -> Iterator[Check]:
    """What in the key file is not understood, and so allows nobody."""
    from aswiki.evidence.signers import parse

    for problem in parse(raw.decode("utf-8", "replace"))[1]:
        detail = f"{problem.path}:{problem.line}: {problem.message}"
        yield Check("signing", "warning", detail, problem.hint)


def _plain_git(wiki: Wiki) -> Iterator[Check]:
    """A warning where a plain ``git commit`` would not be signed with SSH."""
    settings = wiki.repository.settings()
    signs = settings.get("commit.gpgsign", "").lower() in _YES
    if not signs or settings.get("gpg.format") != "ssh":
        detail = _("Git's own commits here would not be signed.")
        yield Check("signing", "warning", detail, _("Set it up with: aswiki doctor --fix"))


def _trial(signer: Signer) -> Check:
    """Whether the key signs without being asked for."""
    from aswiki.evidence.signers import fingerprint

    name = fingerprint(signer.key)
    try:
        signing.signature(signer.own, b"", _TRIAL, silent=True)
    except Unusable as error:
        return Check("signing", "warning", error.message, error.hint)
    detail = _("Signed as {principal} with {fingerprint}.")
    return Check("signing", "ok", detail.format(principal=signer.key.principal, fingerprint=name))

"""The revocation lists of an authority, kept beside the certificates that they are about."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from aswiki.errors import BadInput, Unusable
from aswiki.evidence import revocation, statement
from aswiki.lang import _
from aswiki.store import tsa

if TYPE_CHECKING:
    from aswiki.evidence.timestamps import Token


def lists(name: str, token: Token) -> dict[str, bytes]:
    """The files of the lists that a token's certificates name, as fetched.

    A list that cannot be had, is not in force or is not signed by their issuer is left out.

    Args:
        name: what the authority is called in the wiki.
        token: a token of it.

    Raises:
        Unusable: code ``bad-token``: a list says that a certificate was revoked by then.
    """
    found: dict[str, bytes] = {}
    for url in revocation.points(token.chain):
        try:
            raw = tsa.fetch(url)
        except (tsa.Unreachable, BadInput):
            continue
        listed = revocation.read(raw, token.chain, token.at)
        if listed is None:
            continue
        gone = revocation.revoked(listed, token.chain, token.at)
        if gone is not None:
            raise Unusable(
                "bad-token",
                _("The certificate of {authority} was revoked at {time}, says {url}.").format(
                    authority=gone.authority, time=gone.since.isoformat(), url=url
                ),
                _("Nothing was written. Ask another authority: aswiki anchor --tsa URL"),
            )
        digest = hashlib.sha256(raw).hexdigest()[:12]
        found[f"{statement.CHAINS}{name}-{digest}.crl"] = raw
    return found

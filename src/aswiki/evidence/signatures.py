"""SSH signatures checked in process: the armor and every byte in it, then the key's arithmetic."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from aswiki.evidence import wire
from aswiki.evidence.signers import fingerprint
from aswiki.evidence.verifiers import verifier

Reason = Literal["armor", "key", "namespace", "hash", "signature"]

_MAGIC = b"SSHSIG"
_VERSION = (1).to_bytes(4, "big")
_ARMOR = re.compile(
    rb"-----BEGIN SSH SIGNATURE-----\n((?:[A-Za-z0-9+/=]{1,76}\n){1,400})"
    rb"-----END SSH SIGNATURE-----\n?"
)
_HASHES = {b"sha512": hashlib.sha512, b"sha256": hashlib.sha256}


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that holds: these bytes were signed with this key for this purpose.

    Whether the key is allowed is another question, answered by ``signers``.
    """

    key_type: str
    key_base64: str
    namespace: str

    @property
    def fingerprint(self) -> str:
        """The key's name as ssh-keygen prints it, ``SHA256:…``."""
        return fingerprint(self.key_base64)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A signature that does not hold.

    Attributes:
        reason: ``armor`` (not a signature, or bytes in it that should not be there), ``key`` (of
            no kind that may sign here), ``namespace`` (made for another purpose), ``hash`` (of an
            unknown kind), ``signature`` (other bytes were signed, or with another key).
    """

    reason: Reason


def signed(payload: bytes, armored: bytes, namespace: str) -> Signature | Wrong:
    """The key that signed exactly these bytes for this purpose, or what is wrong.

    Stricter than ssh-keygen where that overlooks bytes nobody signed: the reserved field is empty,
    the base64 and every number have their one form, and nothing follows.

    Raises:
        Unusable: code ``extra-missing``, the library is not installed.

    Source: PROTOCOL.sshsig of OpenSSH.
    """
    fields = _fields(armored)
    if fields is None:
        return Wrong("armor")
    blob, said, _reserved, hash_name, signature = fields
    if said != namespace.encode():
        return Wrong("namespace")
    if hash_name not in _HASHES:
        return Wrong("hash")
    digest = _HASHES[hash_name](payload).digest()
    message = _MAGIC + b"".join(wire.string(part) for part in (said, b"", hash_name, digest))
    key_type, key_base64 = _key(blob)
    holds = verifier(key_type, key_base64)
    if holds is None:
        return Wrong("key")
    if not holds(signature, message):
        return Wrong("signature")
    return Signature(key_type, key_base64, namespace)


@lru_cache(maxsize=256)
def _key(blob: bytes) -> tuple[str, str]:
    """Kind and base64 of a key: few keys sign many commits."""
    kind = (wire.strings(blob) or [b""])[0]
    return kind.decode("ascii", "replace"), base64.b64encode(blob).decode()


def _fields(armored: bytes) -> list[bytes] | None:
    """Key, namespace, reserved field, name of the hash and signature; None where one is odd."""
    found = _ARMOR.fullmatch(armored)
    data = wire.unarmored(found[1].replace(b"\n", b"").decode()) if found else None
    if data is None or not data.startswith(_MAGIC + _VERSION):
        return None
    fields = wire.strings(data.removeprefix(_MAGIC + _VERSION))
    if fields is None or len(fields) != 5 or fields[2]:
        return None
    return fields

"""The arithmetic of public keys: whether a signature field holds over a message."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from aswiki.errors import Unusable
from aswiki.evidence import wire
from aswiki.evidence.signers import is_key
from aswiki.lang import _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

Verifier = Callable[[bytes, bytes], bool]
"""Whether a signature field, as SSH writes it, holds over a message."""

_RSA_HASHES = {b"rsa-sha2-256": "SHA256", b"rsa-sha2-512": "SHA512"}
_CURVES = {
    b"nistp256": ("SECP256R1", "SHA256"),
    b"nistp384": ("SECP384R1", "SHA384"),
    b"nistp521": ("SECP521R1", "SHA512"),
}
_TOKEN_TAIL = 5  # a security token adds a byte of flags and its counter of four bytes
_USER_PRESENT = 0x01


@lru_cache(maxsize=256)
def verifier(key_type: str, key_base64: str) -> Verifier | None:
    """What verifies with a public key; None where it is none that may sign here.

    Raises:
        Unusable: code ``extra-missing``, the library is not installed.
    """
    if not is_key(key_type, key_base64):
        return None
    kind, *fields = wire.strings(wire.unarmored(key_base64) or b"") or [b""]
    try:
        if kind == b"ssh-rsa":
            return _rsa(*fields)
        holds = _ed25519(kind, fields[0]) if b"ed25519" in kind else _ecdsa(kind, *fields[:2])
    except ImportError:
        raise Unusable(
            "extra-missing",
            _("What checks signatures is not installed."),
            'pip install "aswiki[evidence]"',
        ) from None
    except ValueError:  # a point on no curve
        return None
    return _of_token(holds, fields[-1]) if kind.startswith(b"sk-") else holds


def _ed25519(kind: bytes, raw: bytes) -> Verifier:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    key = Ed25519PublicKey.from_public_bytes(raw)

    def holds(field: bytes, message: bytes) -> bool:
        parts = wire.strings(field) or []
        if len(parts) != 2 or parts[0] != kind:
            return False
        try:
            key.verify(parts[1], message)
        except InvalidSignature:
            return False
        return True

    return holds


def _rsa(exponent: bytes, modulus: bytes) -> Verifier:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

    numbers = (int.from_bytes(exponent, "big"), int.from_bytes(modulus, "big"))
    key = RSAPublicNumbers(*numbers).public_key()

    def holds(field: bytes, message: bytes) -> bool:
        parts = wire.strings(field) or []
        if len(parts) != 2 or parts[0] not in _RSA_HASHES:
            return False
        try:
            key.verify(parts[1], message, PKCS1v15(), getattr(hashes, _RSA_HASHES[parts[0]])())
        except InvalidSignature:
            return False
        return True

    return holds


def _ecdsa(kind: bytes, curve: bytes, point: bytes) -> Verifier:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    curve_name, hash_name = _CURVES[curve]
    if point[:1] != b"\x04":  # SSH writes both coordinates, always
        raise ValueError
    key: EllipticCurvePublicKey = ec.EllipticCurvePublicKey.from_encoded_point(
        getattr(ec, curve_name)(), point
    )

    def holds(field: bytes, message: bytes) -> bool:
        parts = wire.strings(field) or []
        pair = wire.strings(parts[1]) if len(parts) == 2 and parts[0] == kind else None
        values = [wire.number(each) for each in pair or ()]
        if len(values) != 2 or values[0] is None or values[1] is None:
            return False
        try:
            signature = utils.encode_dss_signature(values[0], values[1])
            key.verify(signature, message, ec.ECDSA(getattr(hashes, hash_name)()))
        except InvalidSignature:
            return False
        return True

    return holds


def _of_token(holds: Verifier, application: bytes) -> Verifier:
    """The verifier of a key in a security token, which signs a digest and its own state.

    Source: PROTOCOL.u2f of OpenSSH.
    """
    about = hashlib.sha256(application).digest()

    def token_holds(field: bytes, message: bytes) -> bool:
        inner, tail = field[:-_TOKEN_TAIL], field[-_TOKEN_TAIL:]
        touched = len(tail) == _TOKEN_TAIL and bool(tail[0] & _USER_PRESENT)
        return touched and holds(inner, about + tail + hashlib.sha256(message).digest())

    return token_holds

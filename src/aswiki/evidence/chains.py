"""From a time stamp's certificate up to a pinned one, as things stood when it was made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aswiki.lang import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from cryptography.x509 import Certificate

_LONGEST = 6


@dataclass(frozen=True, slots=True)
class Untrusted:
    """Why a time stamp is worth nothing.

    Attributes:
        kind: form, refused, imprint, nonce, signature, usage, chain or expired.
        reason: what goes on a sentence that names the token, in the user's language.
    """

    kind: str
    reason: str


def load(authorities: Iterable[bytes]) -> list[Certificate]:
    """The certificates of PEM files, in their order.

    Raises:
        ValueError: a file holds no certificate.
    """
    from cryptography.x509 import load_pem_x509_certificates

    return [each for raw in authorities for each in load_pem_x509_certificates(raw)]


def load_der(raws: Iterable[bytes]) -> list[Certificate]:
    """The certificates of these bytes.

    Raises:
        ValueError: some are none.
    """
    from cryptography.x509 import load_der_x509_certificate

    return [load_der_x509_certificate(raw) for raw in raws]


def pem(certificates: Iterable[Certificate]) -> bytes:
    """The certificates as one PEM file."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return b"".join(each.public_bytes(Encoding.PEM) for each in certificates)


def chain(
    leaf: Certificate,
    extra: Sequence[Certificate],
    pinned: Sequence[Certificate],
    at: datetime,
) -> list[Certificate] | Untrusted:
    """The certificates from the signer's to a pinned one, all of them valid at that moment.

    Args:
        leaf: the signer's certificate, which must be there for time stamps and nothing else.
        extra: certificates that may stand between; they are not trusted.
        pinned: those that are trusted to issue.
        at: when the stamp was made.
    """
    if not _is_for_stamps(leaf):
        return Untrusted("usage", _("its certificate is not one for time stamps alone"))
    found = _path([leaf], extra, pinned)
    if found is None:
        return Untrusted("chain", _("no pinned authority stands behind it"))
    for each in found:
        if not each.not_valid_before_utc <= at <= each.not_valid_after_utc:
            return Untrusted("expired", _("a certificate was not valid when it was made"))
    return found


def _path(
    path: list[Certificate], extra: Sequence[Certificate], pinned: Sequence[Certificate]
) -> list[Certificate] | None:
    last = path[-1]
    for issuer in pinned:
        if _issued(issuer, last, len(path) - 1):
            return path if issuer == last else [*path, issuer]
    if len(path) == _LONGEST:
        return None
    for issuer in extra:
        if issuer not in path and _issued(issuer, last, len(path) - 1):
            found = _path([*path, issuer], extra, pinned)
            if found is not None:
                return found
    return None


def _issued(issuer: Certificate, certificate: Certificate, below: int) -> bool:
    """Whether one certificate may issue, and did issue, another that has ``below`` under it."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.x509 import BasicConstraints, ExtensionNotFound, KeyUsage

    try:
        limits = issuer.extensions.get_extension_for_class(BasicConstraints).value
    except ExtensionNotFound:
        return False
    try:
        may_sign = issuer.extensions.get_extension_for_class(KeyUsage).value.key_cert_sign
    except ExtensionNotFound:
        may_sign = True
    too_deep = limits.path_length is not None and below > limits.path_length
    if not limits.ca or too_deep or not may_sign or _has_unknown_demand(issuer):
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _is_for_stamps(leaf: Certificate) -> bool:
    from cryptography.x509 import ExtendedKeyUsage, ExtensionNotFound
    from cryptography.x509.oid import ExtendedKeyUsageOID

    try:
        usage = leaf.extensions.get_extension_for_class(ExtendedKeyUsage)
    except ExtensionNotFound:
        return False
    only = list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]
    return usage.critical and only and not _has_unknown_demand(leaf)


def _has_unknown_demand(certificate: Certificate) -> bool:
    """Whether it holds a critical extension that is not looked at here."""
    from cryptography.x509.oid import ExtensionOID

    known = {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.CERTIFICATE_POLICIES,
    }
    return any(each.critical and each.oid not in known for each in certificate.extensions)

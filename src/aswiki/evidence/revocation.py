"""Revocation lists: where an authority's certificates say theirs is, and what one is worth.

Source: RFC 5280, sections 4.2.1.13 (where lists are) and 5 (the lists).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aswiki.evidence import chains

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.x509 import Certificate, CertificateRevocationList

_MOST = 4  # so many lists are fetched for one token at most


@dataclass(frozen=True, slots=True)
class Revoked:
    """A certificate that its issuer took back.

    Attributes:
        authority: whose it was, as it says itself.
        since: from when on it is worth nothing.
    """

    authority: str
    since: datetime


def points(chain: bytes) -> list[str]:
    """The addresses, over http or https, at which the lists of a chain's issuers are.

    Args:
        chain: certificates in PEM, the signer's first.
    """
    found = (_points(each) for each in chains.load([chain]))
    return list(dict.fromkeys(urls[0] for urls in found if urls))[:_MOST]


def read(raw: bytes, chain: bytes, at: datetime) -> CertificateRevocationList | None:
    """The list in force at a moment that one of the chain's issuers signed; None for other bytes.

    Args:
        raw: the list in DER.
        chain: certificates in PEM, the signer's first.
        at: when the time stamp was made.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.x509 import load_der_x509_crl

    try:
        listed = load_der_x509_crl(raw)
        ends = listed.next_update_utc
        issuers = (each for each in chains.load([chain]) if _issued(each, listed))
        return listed if next(issuers, None) and (ends is None or at <= ends) else None
    except (ValueError, TypeError, UnsupportedAlgorithm):  # of bytes that are no list
        return None


def revoked(listed: CertificateRevocationList, chain: bytes, at: datetime) -> Revoked | None:
    """The certificate of the chain that its issuer's list had taken back by then."""
    for each in chains.load([chain]):
        entry = listed.get_revoked_certificate_by_serial_number(each.serial_number)
        if each.issuer == listed.issuer and entry and entry.revocation_date_utc <= at:
            return Revoked(each.subject.rfc4514_string(), entry.revocation_date_utc)
    return None


def _points(certificate: Certificate) -> list[str]:
    from cryptography.x509 import (
        CRLDistributionPoints,
        ExtensionNotFound,
        UniformResourceIdentifier,
    )

    found: list[str] = []
    with suppress(ExtensionNotFound, ValueError):
        listed = certificate.extensions.get_extension_for_class(CRLDistributionPoints).value
        names = [name for point in listed for name in point.full_name or ()]
        found = [each.value for each in names if isinstance(each, UniformResourceIdentifier)]
    return [url for url in found if url.startswith(("http://", "https://"))]


def _issued(issuer: Certificate, listed: CertificateRevocationList) -> bool:
    """Whether a certificate's key signed the list, and may."""
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
    from cryptography.x509 import ExtensionNotFound, KeyUsage

    with suppress(ExtensionNotFound):
        if not issuer.extensions.get_extension_for_class(KeyUsage).value.crl_sign:
            return False
    key = issuer.public_key()
    if not isinstance(
        key,
        rsa.RSAPublicKey
        | ec.EllipticCurvePublicKey
        | dsa.DSAPublicKey
        | ed25519.Ed25519PublicKey
        | ed448.Ed448PublicKey,
    ):
        return False
    return issuer.subject == listed.issuer and listed.is_signature_valid(key)

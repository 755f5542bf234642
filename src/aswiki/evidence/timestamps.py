"""Trusted time: what is asked of a time-stamping authority and what its answer is worth.

Source: RFC 3161 (the protocol), RFC 5652 (the signature), RFC 5816 (the certificate's hash).
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from aswiki.errors import Unusable
from aswiki.evidence import chains
from aswiki.evidence.chains import Untrusted
from aswiki.lang import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from asn1crypto.cms import SignedData, SignerInfo
    from cryptography.x509 import Certificate

__all__ = ["LARGEST", "Asked", "Token", "Untrusted", "check", "request"]

LARGEST = 256 * 1024
_HASHES = frozenset({"sha256", "sha384", "sha512"})
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)
_GRANTED = frozenset({"granted", "granted_with_mods"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a token.

    Attributes:
        request: its bytes, to be sent as application/timestamp-query.
        nonce: the number that the answer must repeat.
    """

    request: bytes
    nonce: int


@dataclass(frozen=True, slots=True)
class Token:
    """A time stamp that was checked.

    Attributes:
        at: when the authority made it, aware.
        authority: who signed it, as its certificate says.
        serial: the token's number at the authority.
        chain: the signer's certificate and those up to the pinned one, in PEM.
    """

    at: datetime
    authority: str
    serial: int
    chain: bytes


def request(data: bytes, nonce: int) -> Asked:
    """What to ask an authority to stamp these bytes; the nonce is drawn by the caller.

    Raises:
        Unusable: code ``extra-missing``, the libraries are not installed.
    """
    _require_libraries()
    from asn1crypto import tsp

    asked = tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": {
                "hash_algorithm": {"algorithm": "sha256"},
                "hashed_message": hashlib.sha256(data).digest(),
            },
            "nonce": nonce,
            "cert_req": True,
        }
    )
    return Asked(asked.dump(), nonce)


def check(
    response: bytes, data: bytes, authorities: Iterable[bytes], nonce: int | None = None
) -> Token | Untrusted:
    """The token of a response, if it stamps these bytes and comes from a pinned authority.

    Certificates must be valid at the moment of the stamp; that they have expired since is no
    matter.

    Args:
        response: a whole time-stamp response, as kept in a ``.tsr`` file.
        data: the bytes that were to be stamped.
        authorities: pinned certificates of authorities, each in PEM, one or several.
        nonce: what the request asked to be repeated; None when it is not known any more.

    Raises:
        Unusable: code ``extra-missing``, the libraries are not installed.
    """
    _require_libraries()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.x509 import DuplicateExtension, InvalidVersion

    if len(response) > LARGEST:
        return Untrusted("form", _("it is larger than any token"))
    # asn1crypto and cryptography answer bytes that mean nothing with any of these
    unreadable = (UnsupportedAlgorithm, DuplicateExtension, InvalidVersion, *_UNREADABLE)
    try:
        return _checked(response, data, authorities, nonce)
    except unreadable as error:
        return Untrusted("form", _("it cannot be read ({why})").format(why=type(error).__name__))


def _require_libraries() -> None:
    if find_spec("asn1crypto") is None or find_spec("cryptography") is None:
        raise Unusable(
            "extra-missing",
            _("What checks time stamps is not installed."),
            'pip install "aswiki[evidence]"',
        )


def _checked(
    response: bytes, data: bytes, authorities: Iterable[bytes], nonce: int | None
) -> Token | Untrusted:
    from asn1crypto import tsp

    signed = _signed_data(response)
    if isinstance(signed, Untrusted):
        return signed
    raw = bytes(signed["encap_content_info"]["content"])
    stamp = tsp.TSTInfo.load(raw, strict=True).native
    wrong = _wrong_content(stamp, data, nonce)
    if wrong is not None:
        return wrong
    pinned, extra = chains.load(authorities), _certificates(signed)
    leaf = _signed_by(signed["signer_infos"][0], raw, [*extra, *pinned])
    if leaf is None:
        return Untrusted("signature", _("its signature is not right"))
    chain = chains.chain(leaf, extra, pinned, stamp["gen_time"])
    if isinstance(chain, Untrusted):
        return chain
    name = leaf.subject.rfc4514_string()
    return Token(stamp["gen_time"], name, stamp["serial_number"], chains.pem(chain))


def _signed_data(response: bytes) -> SignedData | Untrusted:
    """What is signed in a response that grants a token."""
    from asn1crypto import cms, core, tsp

    answer = core.Sequence.load(response, strict=True)
    status = tsp.PKIStatusInfo.load(answer[0].dump(), strict=True)["status"].native
    if status not in _GRANTED:
        return Untrusted("refused", _("the authority refused it ({status})").format(status=status))
    whole = cms.ContentInfo.load(answer[1].dump(), strict=True)
    if whole["content_type"].native == "signed_data":
        signed = whole["content"]
        kind = signed["encap_content_info"]["content_type"].native
        if kind == "tst_info" and len(signed["signer_infos"]) == 1:
            return signed
    return Untrusted("form", _("it holds no token"))


def _wrong_content(stamp: Mapping[str, Any], data: bytes, nonce: int | None) -> Untrusted | None:
    """What is wrong with a token's content, whoever signed it."""
    imprint = stamp["message_imprint"]
    name = imprint["hash_algorithm"]["algorithm"]
    if name not in _HASHES or imprint["hashed_message"] != hashlib.new(name, data).digest():
        return Untrusted("imprint", _("it stamps other bytes"))
    if nonce is not None and stamp["nonce"] != nonce:
        return Untrusted("nonce", _("it answers another request (the nonce differs)"))
    if stamp["version"] != "v1" or stamp["gen_time"].tzinfo is None:
        return Untrusted("form", _("it holds no token"))
    return None


def _certificates(signed: SignedData) -> list[Certificate]:
    """The certificates that came with the token, in its order."""
    brought = signed["certificates"]
    if brought.native is None:
        return []
    return chains.load_der(each.chosen.dump() for each in brought if each.name == "certificate")


def _signed_by(
    signer: SignerInfo, content: bytes, known: Sequence[Certificate]
) -> Certificate | None:
    """Whose signature over the content this is; None when it is nobody's here."""
    attributes = {each["type"].native: each["values"] for each in signer["signed_attrs"]}
    if len(attributes) != len(signer["signed_attrs"]):
        return None
    digest = hashlib.new(signer["digest_algorithm"]["algorithm"].native, content).digest()
    if attributes["message_digest"].native != [digest]:
        return None
    if attributes["content_type"].native != ["tst_info"]:
        return None
    leaf = _named(attributes, known)
    covered = signer["signed_attrs"].untag().dump()
    return leaf if leaf is not None and _is_signature(signer, covered, leaf) else None


def _named(attributes: Mapping[str, Any], known: Sequence[Certificate]) -> Certificate | None:
    """The certificate that the signed attributes name by its hash."""
    from cryptography.hazmat.primitives.serialization import Encoding

    if "signing_certificate_v2" in attributes:
        (named,) = attributes["signing_certificate_v2"]
        first = named["certs"][0]
        name, wanted = first["hash_algorithm"]["algorithm"].native, first["cert_hash"].native
    else:
        (named,) = attributes["signing_certificate"]
        name, wanted = "sha1", named["certs"][0]["cert_hash"].native
    for each in known:
        if hashlib.new(name, each.public_bytes(Encoding.DER)).digest() == wanted:
            return each
    return None


def _is_signature(signer: SignerInfo, covered: bytes, leaf: Certificate) -> bool:
    """Whether the signer's key signed these bytes."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

    key, raw = leaf.public_key(), signer["signature"].native
    means = signer["signature_algorithm"]
    name = signer["digest_algorithm"]["algorithm"].native
    if name not in _HASHES:
        return False
    digest = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[name]
    with suppress(InvalidSignature):
        if isinstance(key, rsa.RSAPublicKey):
            if means.signature_algo == "rsassa_pss":
                size = means["parameters"]["salt_length"].native
                key.verify(raw, covered, padding.PSS(padding.MGF1(digest), size), digest)
            else:
                key.verify(raw, covered, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(raw, covered, ec.ECDSA(digest))
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(raw, covered)
        else:
            return False
        return True
    return False

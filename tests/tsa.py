"""A time-stamping authority of the tests' own: on loopback, with a clock that is set by hand."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

import pytest
from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DER, PEM = Encoding.DER, Encoding.PEM
Lie = Literal["", "nonce", "imprint", "refusal", "garbage", "signature", "status", "content"]
Usage = Literal["stamps", "stamps, not critical", "stamps and mail", "none"]
NOW = datetime(2026, 10, 20, 2, 0, 0, tzinfo=UTC)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass
class Authority:
    """Stamps what it is asked to, at the moment of ``now``; ``lie`` says how it misbehaves.

    Its certificate says that the list of those revoked is at ``lists``.
    """

    name: str = "Test TSA"
    usage: Usage = "stamps"
    years: int = 10
    is_rsa: bool = False
    with_middle: bool = False
    now: datetime = NOW
    lie: Lie = ""
    asked: list[bytes] = field(default_factory=list)
    url: str = ""
    lists: str = ""

    def __post_init__(self) -> None:
        self._start = NOW - timedelta(days=365)
        self._key: Key = _key(is_rsa=self.is_rsa)
        root_key = _key()
        self.root = self._certificate(f"{self.name} root", root_key, None, root_key, is_ca=True)
        self._root_key = root_key
        issuer, issuer_key = self.root, root_key
        self.middle: list[x509.Certificate] = []
        if self.with_middle:
            middle_key = _key()
            issuer = self._certificate(
                f"{self.name} middle", middle_key, self.root, root_key, is_ca=True
            )
            self.middle, issuer_key = [issuer], middle_key
        self.leaf = self._certificate(self.name, self._key, issuer, issuer_key, is_ca=False)

    @property
    def pem(self) -> bytes:
        """What is pinned: the root."""
        return self.root.public_bytes(PEM)

    def revocations(self, *revoked: datetime) -> bytes:
        """The root's revocation list of today, with the signer's certificate revoked then."""
        built = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.subject)
            .last_update(self.now - timedelta(days=1))
            .next_update(self.now + timedelta(days=7))
        )
        for at in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(self.leaf.serial_number)
            built = built.add_revoked_certificate(entry.revocation_date(at).build())
        return built.sign(self._root_key, hashes.SHA256()).public_bytes(DER)

    def respond(self, query: bytes, *, brings: Sequence[x509.Certificate] | None = None) -> bytes:
        """The answer to a request, with these certificates in it."""
        self.asked.append(query)
        if self.lie == "garbage":
            return b"<html>welcome to our portal</html>"
        if self.lie in {"refusal", "status"}:
            status = "rejection" if self.lie == "refusal" else "waiting"
            said: bytes = tsp.PKIStatusInfo({"status": status}).dump()
            return b"\x30" + bytes([len(said)]) + said
        asked = tsp.TimeStampReq.load(query)
        imprint = asked["message_imprint"].native
        nonce = asked["nonce"].native
        if self.lie == "imprint":
            imprint["hashed_message"] = hashlib.sha256(b"other bytes").digest()
        if self.lie == "nonce":
            nonce += 1
        stamp = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": "1.2.3.4.1",
                "message_imprint": imprint,
                "serial_number": len(self.asked),
                "gen_time": self.now,
                "nonce": nonce,
            }
        ).dump()
        certificates = [self.leaf, *self.middle] if brings is None else brings
        answer = {
            "status": {"status": "granted"},
            "time_stamp_token": self._cms(stamp, certificates),
        }
        raw: bytes = tsp.TimeStampResp(answer).dump()
        return raw

    def _cms(self, stamp: bytes, brings: Sequence[x509.Certificate]) -> dict[str, Any]:
        leaf = self.leaf.public_bytes(DER)
        attributes = cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["tst_info"]},
                {"type": "message_digest", "values": [hashlib.sha256(stamp).digest()]},
                {
                    "type": "signing_certificate_v2",
                    "values": [{"certs": [{"cert_hash": hashlib.sha256(leaf).digest()}]}],
                },
            ]
        )
        covered = attributes.dump()
        signature = self._signed(covered + b"?" if self.lie == "signature" else covered)
        if self.lie == "content":
            stamp = stamp.replace(b"\x01\x02\x03", b"\x01\x02\x03", 1)[:-1] + bytes([stamp[-1] ^ 1])
        own = asn1_x509.Certificate.load(leaf)
        how = "sha256_rsa" if self.is_rsa else "sha256_ecdsa"
        signed = {
            "version": "v3",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": core.ParsableOctetString(stamp),
            },
            "certificates": [asn1_x509.Certificate.load(each.public_bytes(DER)) for each in brings],
            "signer_infos": [
                {
                    "version": "v1",
                    "sid": {
                        "issuer_and_serial_number": {
                            "issuer": own.issuer,
                            "serial_number": own.serial_number,
                        }
                    },
                    "digest_algorithm": {"algorithm": "sha256"},
                    "signed_attrs": attributes,
                    "signature_algorithm": {"algorithm": how},
                    "signature": signature,
                }
            ],
        }
        return {"content_type": "signed_data", "content": cms.SignedData(signed)}

    def _signed(self, covered: bytes) -> bytes:
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(covered, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(covered, ec.ECDSA(hashes.SHA256()))

    def _certificate(
        self, name: str, key: Key, issuer: x509.Certificate | None, by: Key, *, is_ca: bool
    ) -> x509.Certificate:
        own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        built = (
            x509.CertificateBuilder()
            .subject_name(own)
            .issuer_name(issuer.subject if issuer else own)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._start)
            .not_valid_after(self._start + timedelta(days=365 * self.years))
            .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
            .add_extension(_key_usage(is_ca=is_ca), critical=True)
        )
        stamps, mail = ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.EMAIL_PROTECTION
        if not is_ca and self.usage != "none":
            wanted = [stamps, mail] if self.usage == "stamps and mail" else [stamps]
            is_critical = self.usage != "stamps, not critical"
            built = built.add_extension(x509.ExtendedKeyUsage(wanted), critical=is_critical)
        if not is_ca and self.lists:
            place = x509.UniformResourceIdentifier(self.lists)
            point = x509.DistributionPoint([place], None, None, None)
            built = built.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        return built.sign(by, hashes.SHA256())

    def serve(self) -> ThreadingHTTPServer:
        """A server on loopback that answers for this authority; ``url`` names it."""
        authority = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"]))
                answer = authority.respond(query)
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: Any) -> None:
                """Nothing: the tests ask the authority what it was asked."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{server.server_port}/tsr"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return server


@pytest.fixture
def tsa() -> Iterator[Authority]:
    """An authority that can be reached at ``tsa.url``."""
    authority = Authority()
    server = authority.serve()
    yield authority
    server.shutdown()
    server.server_close()


def _key(*, is_rsa: bool = False) -> Key:
    return (
        rsa.generate_private_key(65537, 2048) if is_rsa else ec.generate_private_key(ec.SECP256R1())
    )


def _key_usage(*, is_ca: bool) -> x509.KeyUsage:
    words = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    more = ("encipher_only", "decipher_only")
    unused = dict.fromkeys((*words, *more), False)
    return x509.KeyUsage(digital_signature=not is_ca, key_cert_sign=is_ca, crl_sign=is_ca, **unused)

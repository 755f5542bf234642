"""Signatures checked in process: what ssh-keygen makes holds, and nothing but that."""

from __future__ import annotations

import base64
import random
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

from aswiki.errors import Unusable
from aswiki.evidence import verifiers, wire
from aswiki.evidence.signatures import Signature, Wrong, signed
from aswiki.store import process

PAYLOAD = (
    "tree 4b825dc6\nauthor 张维 <zhangwei@example.com> 1790000000 +0800\n\n上传超时\n".encode()
)
KINDS = {
    "ed25519": (),
    "ecdsa-256": ("-b", "256"),
    "ecdsa-384": ("-b", "384"),
    "ecdsa-521": ("-b", "521"),
    "rsa": ("-b", "2048"),
}


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The private key files, by kind; the public halves lie beside them."""
    folder = tmp_path_factory.mktemp("keys")
    for kind, bits in KINDS.items():
        words = ["ssh-keygen", "-q", "-t", kind.partition("-")[0], *bits, "-N", "", "-C", "t"]
        subprocess.run([*words, "-f", str(folder / kind)], check=True)
    return {kind: folder / kind for kind in KINDS}


@pytest.fixture(params=KINDS)
def key(request: pytest.FixtureRequest, keys: Mapping[str, Path]) -> Path:
    return keys[request.param]


def public(key: Path) -> list[str]:
    return key.with_name(f"{key.name}.pub").read_text().split()


def unarmored(armored: bytes) -> bytes:
    return base64.b64decode(b"".join(armored.splitlines()[1:-1]))


def armor(data: bytes) -> bytes:
    text = base64.b64encode(data)
    lines = [text[at : at + 70] for at in range(0, len(text), 70)]
    ends = (b"-----BEGIN SSH SIGNATURE-----", b"-----END SSH SIGNATURE-----")
    return b"\n".join([ends[0], *lines, ends[1]]) + b"\n"


def parts(armored: bytes) -> list[bytes]:
    found = wire.strings(unarmored(armored)[10:])
    assert found is not None
    return found


def put_together(fields: list[bytes], head: bytes = b"SSHSIG\0\0\0\x01") -> bytes:
    return armor(head + b"".join(map(wire.string, fields)))


def by_ssh_keygen(payload: bytes, armored: bytes, namespace: str) -> str | None:
    return process.ssh_signed(payload, armored, namespace)


def test_a_signature_of_ssh_keygen_names_its_key(key: Path) -> None:
    for namespace in ("git", "aswiki-anchor"):
        armored = process.ssh_sign(PAYLOAD, key, namespace)
        found = signed(PAYLOAD, armored, namespace)
        assert isinstance(found, Signature)
        assert [found.key_type, found.key_base64] == public(key)[:2]
        assert found.fingerprint == by_ssh_keygen(PAYLOAD, armored, namespace)


def test_an_empty_text_and_a_text_of_any_bytes_can_be_signed(keys: Mapping[str, Path]) -> None:
    for payload in (b"", bytes(range(256)) * 999):
        armored = process.ssh_sign(payload, keys["ed25519"], "git")
        assert isinstance(signed(payload, armored, "git"), Signature)


def test_the_public_half_alone_is_enough_to_name_a_key_that_lies_beside_it(
    keys: Mapping[str, Path],
) -> None:
    half = keys["ed25519"].with_name("ed25519.pub")
    armored = process.ssh_sign(PAYLOAD, half, "git")
    assert isinstance(signed(PAYLOAD, armored, "git"), Signature)


def test_another_text_another_purpose_or_another_key_is_found_by_both(
    key: Path, keys: Mapping[str, Path]
) -> None:
    armored = process.ssh_sign(PAYLOAD, key, "git")
    assert signed(PAYLOAD + b"\n", armored, "git") == Wrong("signature")
    assert by_ssh_keygen(PAYLOAD + b"\n", armored, "git") is None
    assert signed(PAYLOAD, armored, "aswiki-anchor") == Wrong("namespace")
    assert by_ssh_keygen(PAYLOAD, armored, "aswiki-anchor") is None
    _blob, *rest = parts(armored)
    other = next(each for kind, each in keys.items() if each != key and kind != "rsa")
    swapped = put_together([base64.b64decode(public(other)[1]), *rest])
    assert signed(PAYLOAD, swapped, "git") == Wrong("signature")
    assert by_ssh_keygen(PAYLOAD, swapped, "git") is None


def test_the_git_namespace_written_over_an_anchors_does_not_hold(key: Path) -> None:
    fields = parts(process.ssh_sign(PAYLOAD, key, "aswiki-anchor"))
    relabelled = put_together([fields[0], b"git", *fields[2:]])
    assert signed(PAYLOAD, relabelled, "git") == Wrong("signature")


def test_another_hash_than_the_signed_one_does_not_hold(keys: Mapping[str, Path]) -> None:
    fields = parts(process.ssh_sign(PAYLOAD, keys["ed25519"], "git"))
    for name, reason in ((b"sha256", "signature"), (b"md5", "hash"), (b"sha1", "hash")):
        found = signed(PAYLOAD, put_together([*fields[:3], name, fields[4]]), "git")
        assert isinstance(found, Wrong)
        assert found.reason == reason


def test_bytes_that_nobody_signed_are_refused_though_ssh_keygen_overlooks_them(
    keys: Mapping[str, Path],
) -> None:
    armored = process.ssh_sign(PAYLOAD, keys["ed25519"], "git")
    fields = parts(armored)
    reserved = put_together([*fields[:2], b"more", *fields[3:]])
    assert by_ssh_keygen(PAYLOAD, reserved, "git") is not None
    assert signed(PAYLOAD, reserved, "git") == Wrong("armor")
    behind = armored + b"words that nobody signed\n"
    assert by_ssh_keygen(PAYLOAD, behind, "git") is not None
    assert signed(PAYLOAD, behind, "git") == Wrong("armor")


def odd_armor(armored: bytes) -> dict[str, bytes]:
    data = unarmored(armored)
    fields = parts(armored)
    return {
        "nothing": b"",
        "words": b"no signature",
        "no end": armored[:-40],
        "no beginning": armored[31:],
        "a blank": armored.replace(b"\nU1", b"\n U1"),
        "other line ends": armored.replace(b"\n", b"\r\n"),
        "a NUL": armored[:60] + b"\0" + armored[61:],
        "not ASCII": armored[:60] + b"\xff" + armored[61:],
        "cut": armor(data[:-1]),
        "more behind": armor(data + b"\0"),
        "another magic": put_together(fields, b"SSHSIH\0\0\0\x01"),
        "another version": put_together(fields, b"SSHSIG\0\0\0\x02"),
        "a field short": put_together(fields[:4]),
        "a field more": put_together([*fields, b""]),
        "a length past the end": armor(data[:10] + b"\xff\xff\xff\xff" + data[14:]),
        "twice": armored + armored,
    }


def test_armor_that_is_odd_is_refused_and_never_a_crash(keys: Mapping[str, Path]) -> None:
    armored = process.ssh_sign(PAYLOAD, keys["ed25519"], "git")
    for name, odd in odd_armor(armored).items():
        assert signed(PAYLOAD, odd, "git") == Wrong("armor"), name


def test_keys_that_are_none_are_refused(keys: Mapping[str, Path]) -> None:
    fields = parts(process.ssh_sign(PAYLOAD, keys["ecdsa-256"], "git"))
    blob = wire.strings(fields[0])
    assert blob is not None
    kind, curve, point = blob
    odd = {
        "empty": b"",
        "of no kind": wire.string(b"ssh-none") + wire.string(b"k" * 32),
        "not a name": wire.string(b"\xff\xfe") + wire.string(b"k" * 32),
        "off the curve": b"".join(map(wire.string, (kind, curve, point[:-1] + b"\0"))),
        "another curve": b"".join(map(wire.string, (kind, b"nistp384", point))),
        "a short point": b"".join(map(wire.string, (kind, curve, point[:33]))),
        "at infinity": b"".join(map(wire.string, (kind, curve, b"\0"))),
        "compressed": b"".join(map(wire.string, (kind, curve, b"\x02" + point[1:33]))),
        "a short Ed25519": wire.string(b"ssh-ed25519") + wire.string(b"k" * 31),
    }
    for name, each in odd.items():
        found = signed(PAYLOAD, put_together([each, *fields[1:]]), "git")
        assert found == Wrong("key"), name


def test_every_flipped_bit_of_a_signature_is_found(key: Path) -> None:
    armored = process.ssh_sign(PAYLOAD, key, "git")
    chance = random.Random(key.name)
    for _ in range(400):
        at, bit = chance.randrange(len(armored)), 1 << chance.randrange(8)
        flipped = armored[:at] + bytes([armored[at] ^ bit]) + armored[at + 1 :]
        assert isinstance(signed(PAYLOAD, flipped, "git"), Wrong), (at, bit)


def test_what_is_made_of_pieces_at_random_is_refused_and_never_a_crash(
    keys: Mapping[str, Path],
) -> None:
    chance = random.Random("pieces")
    whole = [parts(process.ssh_sign(PAYLOAD, key, "git")) for key in keys.values()]
    alike = 0
    for _ in range(2000):
        fields = [chance.choice(whole)[at] for at in range(5)]
        if chance.random() < 0.5:
            at = chance.randrange(5)
            cut = chance.randrange(len(fields[at]) + 1)
            fields[at] = fields[at][:cut] + chance.randbytes(chance.randrange(4))
        found = signed(PAYLOAD, put_together(fields), "git")
        is_whole = fields in whole
        alike += is_whole
        assert isinstance(found, Signature) is is_whole
    assert alike


def test_a_key_in_a_security_token_signs_only_when_it_was_touched(
    need: Callable[[str], str],
) -> None:
    need("ssh-keygen")
    flags_and_counter = {True: b"\x01\0\0\0\x2a", False: b"\x00\0\0\0\x2a"}
    secret = ed25519.Ed25519PrivateKey.generate()
    raw = secret.public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw
    )
    curve_secret = ec.generate_private_key(ec.SECP256R1())
    point = curve_secret.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )

    def ecdsa(message: bytes) -> bytes:
        pair = utils.decode_dss_signature(curve_secret.sign(message, ec.ECDSA(hashes.SHA256())))
        return b"".join(wire.string(n.to_bytes(n.bit_length() // 8 + 1, "big")) for n in pair)

    tokens: list[tuple[list[bytes], Callable[[bytes], bytes]]] = [
        ([b"sk-ssh-ed25519@openssh.com", raw, b"ssh:"], secret.sign),
        ([b"sk-ecdsa-sha2-nistp256@openssh.com", b"nistp256", point, b"ssh:"], ecdsa),
    ]
    for fields, sign in tokens:
        for touched, tail in flags_and_counter.items():
            digest = sha("sha512", PAYLOAD)
            message = b"SSHSIG" + b"".join(map(wire.string, (b"git", b"", b"sha512", digest)))
            over = sha("sha256", b"ssh:") + tail + sha("sha256", message)
            field = wire.string(fields[0]) + wire.string(sign(over)) + tail
            blob = b"".join(map(wire.string, fields))
            armored = put_together([blob, b"git", b"", b"sha512", field])
            found = signed(PAYLOAD, armored, "git")
            assert isinstance(found, Signature) is touched
            if touched:
                assert isinstance(found, Signature)
                assert by_ssh_keygen(PAYLOAD, armored, "git") == found.fingerprint


def sha(name: str, data: bytes) -> bytes:
    found = hashes.Hash({"sha256": hashes.SHA256(), "sha512": hashes.SHA512()}[name])
    found.update(data)
    return found.finalize()


def test_without_the_library_it_is_named(
    keys: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    armored = process.ssh_sign(PAYLOAD, keys["ed25519"], "git")
    verifiers.verifier.cache_clear()
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    with pytest.raises(Unusable) as raised:
        signed(PAYLOAD, armored, "git")
    assert "aswiki[evidence]" in raised.value.hint

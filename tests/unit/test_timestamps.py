"""A time stamp is a pinned authority's, for these bytes and this request, or none at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.tsa import NOW, PEM, Authority

from aswiki.evidence import timestamps
from aswiki.evidence.timestamps import Token, Untrusted
from aswiki.store import process

DATA = b"aswiki-anchor/v1\n"
NONCE = 0x1234_5678_9ABC_DEF0


def stamped(authority: Authority, data: bytes = DATA, nonce: int = NONCE) -> bytes:
    return authority.respond(timestamps.request(data, nonce).request)


def kind(found: Token | Untrusted) -> str:
    return found.kind if isinstance(found, Untrusted) else "good"


def test_a_stamp_of_a_pinned_authority_says_when_and_by_whom() -> None:
    authority = Authority()
    found = timestamps.check(stamped(authority), DATA, [authority.pem], NONCE)
    assert isinstance(found, Token)
    assert (found.at, found.authority, found.serial) == (NOW, "CN=Test TSA", 1)
    assert found.chain.count(b"BEGIN CERTIFICATE") == 2


@pytest.mark.parametrize("how", [{"is_rsa": True}, {"with_middle": True}])
def test_an_rsa_key_and_an_authority_in_between_are_fine(how: dict[str, bool]) -> None:
    authority = Authority(**how)  # type: ignore[arg-type]  # both are flags
    assert kind(timestamps.check(stamped(authority), DATA, [authority.pem], NONCE)) == "good"


def test_a_token_that_brings_its_root_along_is_fine() -> None:
    authority = Authority()
    asked = timestamps.request(DATA, NONCE)
    answer = authority.respond(asked.request, brings=[authority.leaf, authority.root])
    assert kind(timestamps.check(answer, DATA, [authority.pem], NONCE)) == "good"
    answer = authority.respond(asked.request, brings=[authority.root, authority.leaf])
    assert kind(timestamps.check(answer, DATA, [authority.pem], NONCE)) == "good"


def test_several_authorities_may_be_pinned_in_one_file() -> None:
    one, other = Authority("One"), Authority("Other")
    assert kind(timestamps.check(stamped(other), DATA, [one.pem + other.pem])) == "good"


@pytest.mark.parametrize(
    ("lie", "expected"),
    [
        ("nonce", "nonce"),
        ("imprint", "imprint"),
        ("refusal", "refused"),
        ("status", "refused"),
        ("garbage", "form"),
        ("signature", "signature"),
        ("content", "signature"),
    ],
)
def test_an_authority_that_lies_is_found_out(lie: str, expected: str) -> None:
    authority = Authority(lie=lie)  # type: ignore[arg-type]  # one of its lies
    nonce = None if lie == "content" else NONCE
    assert kind(timestamps.check(stamped(authority), DATA, [authority.pem], nonce)) == expected


def test_a_stamp_of_other_bytes_is_refused() -> None:
    authority = Authority()
    found = timestamps.check(stamped(authority), DATA + b"x", [authority.pem], NONCE)
    assert kind(found) == "imprint"


def test_a_nonce_that_is_not_known_any_more_is_not_asked_for() -> None:
    authority = Authority()
    assert kind(timestamps.check(stamped(authority), DATA, [authority.pem])) == "good"


@pytest.mark.parametrize("usage", ["none", "stamps, not critical", "stamps and mail"])
def test_a_certificate_that_is_not_for_stamps_alone_is_refused(usage: str) -> None:
    authority = Authority(usage=usage)  # type: ignore[arg-type]  # one of its usages
    assert kind(timestamps.check(stamped(authority), DATA, [authority.pem], NONCE)) == "usage"


def test_another_authority_than_the_pinned_one_is_refused_even_under_its_name() -> None:
    authority, other = Authority(), Authority()
    assert kind(timestamps.check(stamped(authority), DATA, [other.pem], NONCE)) == "chain"
    assert kind(timestamps.check(stamped(authority), DATA, [], NONCE)) == "chain"


def test_a_stamp_made_after_the_certificate_ended_is_refused() -> None:
    authority = Authority(years=1, now=NOW + timedelta(days=2))
    assert kind(timestamps.check(stamped(authority), DATA, [authority.pem], NONCE)) == "expired"


def test_a_stamp_made_before_the_certificate_began_is_refused() -> None:
    authority = Authority(now=NOW - timedelta(days=366))
    assert kind(timestamps.check(stamped(authority), DATA, [authority.pem], NONCE)) == "expired"


def test_a_certificate_that_has_expired_since_does_not_matter() -> None:
    authority = Authority(years=1, now=datetime(2025, 12, 1, tzinfo=UTC))
    assert kind(timestamps.check(stamped(authority), DATA, [authority.pem], NONCE)) == "good"


def test_no_flipped_byte_makes_a_token_say_another_moment() -> None:
    authority = Authority()
    whole = stamped(authority)
    wrong = []
    for place in range(0, len(whole), 5):
        bent = bytearray(whole)
        bent[place] ^= 0x55
        found = timestamps.check(bytes(bent), DATA, [authority.pem], NONCE)
        if isinstance(found, Token) and (found.at, found.serial) != (NOW, 1):
            wrong.append(place)
    assert wrong == []


def test_nothing_and_too_much_are_refused() -> None:
    assert kind(timestamps.check(b"", DATA, [])) == "form"
    assert kind(timestamps.check(b"0" * (timestamps.LARGEST + 1), DATA, [])) == "form"


def test_openssl_is_of_the_same_mind(need: Callable[[str], str]) -> None:
    need("openssl")

    def agrees(authority: Authority, data: bytes, pinned: bytes) -> bool:
        reply = stamped(authority)
        theirs = process.stamped(reply, data, pinned, int(authority.now.timestamp()))
        ours = kind(timestamps.check(reply, data, [pinned])) == "good"
        assert ours == theirs
        return ours

    good = Authority(with_middle=True)
    assert agrees(good, DATA, good.pem)
    assert agrees(Authority(is_rsa=True), DATA, good.pem) is False
    assert agrees(replace(good, name="Other"), DATA, good.pem) is False
    for lie in ("imprint", "signature", "content", "refusal"):
        liar = Authority(lie=lie)
        assert agrees(liar, DATA, liar.pem) is False
    for usage in ("none", "stamps, not critical", "stamps and mail"):
        other = Authority(usage=usage)
        assert agrees(other, DATA, other.pem) is False
    late = Authority(years=1, now=NOW + timedelta(days=2))
    assert agrees(late, DATA, late.pem) is False


def test_the_pinned_file_of_a_token_is_pem_that_can_be_pinned_again() -> None:
    authority = Authority(with_middle=True)
    found = timestamps.check(stamped(authority), DATA, [authority.pem], NONCE)
    assert isinstance(found, Token)
    assert found.chain.endswith(authority.root.public_bytes(PEM))
    assert kind(timestamps.check(stamped(authority), DATA, [found.chain], NONCE)) == "good"

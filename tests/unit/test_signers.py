"""The lines of ``allowed_signers`` and ``admins``: read to the letter or not at all."""

from __future__ import annotations

import base64
import random
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aswiki.evidence import signers, wire
from aswiki.store import process

BLOB = wire.string(b"ssh-ed25519") + wire.string(bytes(range(32)))
KEY = base64.b64encode(BLOB).decode()
OTHER = base64.b64encode(wire.string(b"ssh-ed25519") + wire.string(b"k" * 32)).decode()
LINE = f'bob@example.com namespaces="git,aswiki-anchor,aswiki-witness" ssh-ed25519 {KEY}'
MOMENT = datetime(2026, 10, 3, 14, 5, tzinfo=UTC)


def the_key(line: str) -> signers.Key:
    keys, problems = signers.parse(line)
    assert not problems
    (key,) = keys
    return key


def test_a_line_becomes_a_key_and_the_same_line_again() -> None:
    window = ',valid-after="20261003140500Z",valid-before="20270101000000Z"'
    line = LINE.replace('witness"', f'witness"{window}')
    key = the_key(f"# who may sign\n\n{line} laptop\n")
    assert (key.principal, key.key_type, key.line) == ("bob@example.com", "ssh-ed25519", 3)
    assert key.namespaces == ("git", "aswiki-anchor", "aswiki-witness")
    assert key.valid_after == MOMENT
    assert key.valid_before == datetime(2027, 1, 1, tzinfo=UTC)
    assert key.text() == line


def test_a_principal_may_be_chinese() -> None:
    assert the_key(LINE.replace("bob@", "张维@")).principal == "张维@example.com"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("20261003Z", datetime(2026, 10, 3, tzinfo=UTC)),
        ("202610031405Z", MOMENT),
        ("20261003140500Z", MOMENT),
    ],
)
def test_the_ends_of_a_window_come_in_three_lengths(written: str, meant: datetime) -> None:
    line = LINE.replace('witness"', f'witness",valid-after="{written}"')
    assert the_key(line).valid_after == meant


WRONG = {
    "a wildcard": LINE.replace("bob", "*"),
    "one sign open": LINE.replace("bob", "b?b"),
    "a negation": f"!{LINE}",
    "two principals": LINE.replace(" ", ",eve@example.com ", 1),
    "a quoted principal": LINE.replace("bob@example.com", '"bob smith"'),
    "a hidden sign": LINE.replace("bob", "b\u202eob"),
    "a NUL": LINE.replace("bob", "b\0b"),
    "no namespaces": f"bob@example.com ssh-ed25519 {KEY}",
    "a pattern of namespaces": LINE.replace("aswiki-anchor", "aswiki-*"),
    "an unknown namespace": LINE.replace("aswiki-anchor", "file"),
    "an empty namespace": LINE.replace("git,", "git,,"),
    "a certificate": LINE.replace("namespaces", "cert-authority,namespaces"),
    "an option twice": LINE.replace('witness"', 'witness",namespaces="git"'),
    "an unknown option": LINE.replace('witness"', 'witness",verify-required="1"'),
    "a comma too many": LINE.replace('witness"', 'witness",'),
    "local time": LINE.replace('witness"', 'witness",valid-before="20261003140500"'),
    "a window without a length": LINE.replace(
        'witness"', 'witness",valid-after="20261003Z",valid-before="20261003Z"'
    ),
    "before all time": LINE.replace('witness"', 'witness",valid-after="19691231Z"'),
    "no such day": LINE.replace('witness"', 'witness",valid-before="20261303140500Z"'),
    "other digits": LINE.replace('witness"', 'witness",valid-before="２0261003140500Z"'),
    "another kind": LINE.replace(" ssh-ed25519", " ssh-rsa"),
    "a DSA key": LINE.replace("ssh-ed25519", "ssh-dss"),
    "a cut key": LINE[:-4],
    "a key with more behind": LINE + "AAAA",
    "a key in url base64": LINE.replace("+", "-").replace("/", "_").replace("AAAAC", "____C"),
    "a tab": LINE.replace(" ssh-", "\tssh-"),
    "two blanks": LINE.replace(" ssh-", "  ssh-"),
    "a blank in front": f" {LINE}",
    "the line end of another system": f"{LINE}\r",
    "words": "nobody at all",
}


@pytest.mark.parametrize("line", WRONG.values(), ids=WRONG)
def test_a_line_that_is_not_understood_allows_nobody(line: str) -> None:
    keys, problems = signers.parse(f"{line}\n")
    assert keys == []
    (problem,) = problems
    assert (problem.path, problem.line, problem.level) == (signers.SIGNERS, 1, "error")


def test_one_bad_line_does_not_take_the_good_ones_with_it() -> None:
    keys, problems = signers.parse(f"*\n{LINE}\n")
    assert [key.line for key in keys] == [2]
    assert [problem.line for problem in problems] == [1]


def test_a_key_stands_in_one_line_only() -> None:
    other = LINE.replace("bob", "eve")
    keys, problems = signers.parse(f"{LINE}\n{other}\n")
    assert [key.principal for key in keys] == ["bob@example.com"]
    assert [problem.line for problem in problems] == [2]


def test_both_ends_of_a_window_are_in_it() -> None:
    second = timedelta(seconds=1)
    key = replace(the_key(LINE), valid_after=MOMENT, valid_before=MOMENT + second)
    found = [key.covers(MOMENT + second * n) for n in (-1, 0, 1, 2)]
    assert found == [False, True, True, False]
    assert key.allows("git", MOMENT)
    assert not key.allows("file", MOMENT)


def test_a_window_is_ssh_keygens_window_too(tmp_path: Path, need: Callable[[str], str]) -> None:
    keygen = need("ssh-keygen")
    secret = tmp_path / "key"
    subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", secret], check=True)
    kind, base = (tmp_path / "key.pub").read_text().split()[:2]
    end = MOMENT + timedelta(hours=1)
    key = signers.Key("bob@example.com", ("git",), MOMENT, end, kind, base)
    armored = process.ssh_sign(b"text", secret, "git")
    for at in (MOMENT, end, MOMENT - timedelta(seconds=1), end + timedelta(seconds=1)):
        moment = at.strftime("%Y%m%d%H%M%S")
        lines = f"{key.text()}\n".encode()
        taken = process.ssh_allowed(b"text", armored, "git", key.principal, lines, moment)
        assert taken == key.allows("git", at), at


def test_a_fingerprint_is_ssh_keygens(tmp_path: Path, need: Callable[[str], str]) -> None:
    public = tmp_path / "key.pub"
    public.write_text(f"ssh-ed25519 {KEY} note\n")
    listed = subprocess.run([need("ssh-keygen"), "-lf", public], capture_output=True, check=True)
    assert signers.fingerprint(KEY) == listed.stdout.decode().split()[1]
    assert signers.fingerprint(the_key(LINE)) == signers.fingerprint(KEY)


def test_admins_are_one_a_line_and_never_a_pattern() -> None:
    text = "# admins\nbob@example.com\n\n 张维@example.com \r\n*\n*@example.com\na b\n"
    assert signers.admins(text) == {"bob@example.com", "张维@example.com"}


def test_a_public_key_is_read_from_its_file_and_nothing_else_is() -> None:
    assert signers.public_key(f"ssh-ed25519 {OTHER} me@laptop\n") == ("ssh-ed25519", OTHER)
    for text in ("", "ssh-ed25519", f"ssh-rsa {KEY}", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA"):
        assert signers.public_key(text) is None


def test_a_short_rsa_key_may_not_sign() -> None:
    def rsa(bits: int) -> str:
        modulus = b"\0" + (1 << (bits - 1) | 1).to_bytes(bits // 8, "big")
        fields = (b"ssh-rsa", b"\x01\x00\x01", modulus)
        return base64.b64encode(b"".join(map(wire.string, fields))).decode()

    assert signers.is_key("ssh-rsa", rsa(2048))
    assert not signers.is_key("ssh-rsa", rsa(1024))


@pytest.mark.parametrize(
    ("path", "policy"),
    [
        (".aswiki/allowed_signers", True),
        (".aswiki/admins", True),
        (".aswiki/else/what", True),
        ("aswiki.toml", True),
        (".gitattributes", True),
        ("customers/acme/.gitattributes", True),
        (".aswiki/anchors/000001.txt", False),
        (".aswiki/ltv/tsa.pem", False),
        ("people.toml", False),
        ("customers/acme/profile.md", False),
    ],
)
def test_policy_is_what_only_admins_may_touch(path: str, policy: bool) -> None:
    assert signers.is_policy(path) is policy


def test_what_allows_somebody_here_allows_them_for_ssh_keygen_too(
    tmp_path: Path, need: Callable[[str], str]
) -> None:
    secret = tmp_path / "key"
    subprocess.run([need("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", secret], check=True)
    armored = process.ssh_sign(b"text", secret, "git")
    public = " ".join((tmp_path / "key.pub").read_text().split()[:2])
    chance = random.Random("lines")
    pieces = (
        ["bob@example.com", "张维@example.com", "b.o+b@example.com", "bob", "*", "b,c", '"b"'],
        [" ", " ", " ", "\t", "  "],
        ['namespaces="git"', 'namespaces="git,aswiki-anchor"', 'namespaces="*"', "cert-authority"],
        ["", "", ',valid-after="20260101Z"', ',valid-after="202601010000"', ',valid-after="1Z"'],
        ["", "", ',valid-before="20270101000000Z"', ',valid-before="2027Z"', ","],
        [" "],
        [public, f"{public} note", f"{public}A", f"{public}\r", public.replace("-ed", "-xd")],
    )
    taken = 0
    for _ in range(400):
        line = "".join(chance.choice(each) for each in pieces)
        for key in signers.parse(line)[0]:
            taken += 1
            lines = f"{line}\n".encode()
            assert key.allows("git", MOMENT)
            at = "20261003140500"
            assert process.ssh_allowed(b"text", armored, "git", key.principal, lines, at), line
    assert 10 < taken < 200

"""``anchor`` keeps an authority's revocation lists, and takes no stamp of a revoked certificate."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.tsa import PEM, Authority

from aswiki.evidence import revocation

Run = Callable[..., Any]


@dataclass
class Shelf:
    """One file over http on loopback; where it is None there is none."""

    raw: bytes | None = None
    url: str = ""
    asked: int = 0

    def serve(self) -> ThreadingHTTPServer:
        shelf = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                shelf.asked += 1
                raw = shelf.raw
                self.send_response(404 if raw is None else 200)
                self.send_header("Content-Length", str(len(raw or b"")))
                self.end_headers()
                self.wfile.write(raw or b"")

            def log_message(self, *args: Any) -> None:
                """Nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{server.server_port}/root.crl"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return server


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    made = Shelf()
    server = made.serve()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def listed(shelf: Shelf) -> Iterator[Authority]:
    """An authority whose certificate says that its issuer's list is on the shelf."""
    authority = Authority(lists=shelf.url)
    server = authority.serve()
    yield authority
    server.shutdown()
    server.server_close()


@pytest.fixture
def signed(wiki: Path, run: Run, new_key: Callable[[str], Path], listed: Authority) -> Path:
    """The small wiki, signed, which asks that authority."""
    assert run("key", "add", "writer@example.com", str(new_key("writer"))).code == 0
    (wiki / ".aswiki/tsa").mkdir()
    (wiki / ".aswiki/tsa/own.pem").write_bytes(listed.pem)
    with (wiki / "aswiki.toml").open("a") as file:
        file.write(f'\n[tsa]\nurls = ["{listed.url}"]\ncertificates = [".aswiki/tsa/own.pem"]\n')
    assert run("commit").code == 0
    return wiki


def kept(folder: Path) -> list[Path]:
    return sorted((folder / ".aswiki/ltv").glob("*.crl"))


def test_the_list_is_kept_as_fetched_and_is_one_that_openssl_believes(
    signed: Path, run: Run, shelf: Shelf, listed: Authority, need: Callable[[str], str]
) -> None:
    shelf.raw = listed.revocations()
    result = run("anchor", "--json")
    assert result.code == 0, result.err
    assert len(result.json["tokens"]) == 1
    [path] = kept(signed)
    assert path.read_bytes() == shelf.raw
    root = signed / ".aswiki/tsa/own.pem"
    words = [need("openssl"), "crl", "-inform", "DER", "-in", str(path), "-CAfile", str(root)]
    done = subprocess.run([*words, "-noout"], capture_output=True, text=True, check=False)
    assert "verify OK" in done.stderr
    verified = run("verify", "--expect-anchor", run("receipt").out.strip(), "--json")
    found = {each["code"] for each in verified.json["findings"]}
    assert not found & {"ANCHORMOD", "NOTSA", "ROLE", "TSA", "UNANCHORED"}


def test_the_same_list_is_kept_once_and_a_new_one_beside_it(
    signed: Path, run: Run, shelf: Shelf, listed: Authority
) -> None:
    shelf.raw = listed.revocations()
    for _number in range(2):
        assert run("append", "oss-shang", "One more entry").code == 0
        assert run("anchor").code == 0
    assert (len(kept(signed)), shelf.asked) == (1, 2)
    shelf.raw = listed.revocations(listed.now + timedelta(days=1))
    assert run("append", "oss-shang", "One more entry").code == 0
    assert run("anchor").code == 0
    assert len(kept(signed)) == 2


@pytest.mark.parametrize("what", ["none", "garbage", "another's", "too large", "out of date"])
def test_a_list_that_is_not_there_or_worth_nothing_stops_no_anchor(
    signed: Path, run: Run, shelf: Shelf, listed: Authority, what: str
) -> None:
    old = Authority(now=listed.now - timedelta(days=30))
    old.root, old._root_key = listed.root, listed._root_key
    shelf.raw = {
        "none": None,
        "garbage": b"<html>welcome to our portal</html>",
        "another's": Authority().revocations(),
        "too large": listed.revocations() + bytes(300_000),
        "out of date": old.revocations(),
    }[what]
    result = run("anchor", "--json")
    assert result.code == 0, result.err
    assert (len(result.json["tokens"]), shelf.asked) == (1, 1)
    assert kept(signed) == []


def test_a_stamp_of_a_certificate_revoked_before_it_leaves_nothing(
    signed: Path, run: Run, shelf: Shelf, listed: Authority, state: Any
) -> None:
    shelf.raw = listed.revocations(listed.now - timedelta(hours=1))
    before = state(signed)
    result = run("anchor")
    assert result.code == 4
    assert "CN=Test TSA" in result.err
    assert "revoked" in result.err
    assert state(signed) == before


def test_only_addresses_of_http_are_asked_and_a_certificate_without_any_names_none() -> None:
    for address, points in (("http://a.example/x", 1), ("ldap://a.example/x", 0), ("", 0)):
        authority = Authority(lists=address)
        chain = b"".join(each.public_bytes(PEM) for each in (authority.leaf, authority.root))
        assert len(revocation.points(chain)) == points

"""A time-stamping authority is asked over http alone, and an odd answer is no answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.tsa import Authority

from aswiki.errors import BadInput
from aswiki.store import tsa

REPLY = "application/timestamp-reply"


@contextmanager
def answering(status: int, kind: str, body: bytes, place: str = "") -> Iterator[str]:
    """The address of a server that gives this answer."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if place:
                self.send_header("Location", place)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def test_an_answer_comes_back_as_it_was_given() -> None:
    with answering(200, REPLY, b"0\x03\x02\x01\x00") as url:
        assert tsa.ask(url, b"?") == b"0\x03\x02\x01\x00"


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (200, "text/html", b"<html>log in first</html>"),
        (404, REPLY, b""),
        (500, REPLY, b"x"),
        (200, REPLY, b"x" * (tsa.LARGEST + 1)),
    ],
)
def test_what_is_no_time_stamp_reply_is_no_answer(status: int, kind: str, body: bytes) -> None:
    with answering(status, kind, body) as url, pytest.raises(tsa.Unreachable):
        tsa.ask(url, b"?")


def test_nobody_is_followed_elsewhere(request: pytest.FixtureRequest) -> None:
    elsewhere: Authority = request.getfixturevalue("tsa")
    with (
        answering(307, REPLY, b"", elsewhere.url) as url,
        pytest.raises(tsa.Unreachable),
    ):
        tsa.ask(url, b"?")
    assert elsewhere.asked == []


def test_where_nobody_listens_there_is_no_answer() -> None:
    with pytest.raises(tsa.Unreachable, match=r"127\.0\.0\.1:1"):
        tsa.ask("http://127.0.0.1:1/", b"?")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "tsa",
        "file:///etc/passwd",
        "ftp://a/",
        "http://",
        "http://a b/",
        "http://a:x/",
        "http://[/",
    ],
)
def test_what_is_no_web_address_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(BadInput):
        tsa.ask(url, b"?")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://freetsa.org/tsr", "freetsa-org-tsr"),
        ("http://user:secret@TSA.example.com:8080/", "tsa-example-com-8080"),
        ("https://a.example/" + "x" * 200, "a-example-" + "x" * 70),
    ],
)
def test_tokens_are_called_after_the_address_and_never_after_its_password(
    url: str, expected: str
) -> None:
    assert tsa.name(url) == expected

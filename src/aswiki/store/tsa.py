"""A time-stamping authority, asked over HTTP: bytes out, bytes back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aswiki.errors import BadInput, Unusable
from aswiki.lang import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from urllib.request import OpenerDirector, Request

TIMEOUT_SECONDS = 10.0
FETCH_SECONDS = 5.0
LARGEST = 256 * 1024
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


class Unreachable(Unusable):
    """The authority gave no answer; it may give one later."""


def name(url: str) -> str:
    """What an authority's tokens are called in the wiki: its address in a-z, 0-9 and ``-``.

    Raises:
        BadInput: code ``bad-tsa``: the address is none of http or https.
    """
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or not re.fullmatch(r"[!-~]{1,300}", url):
        raise BadInput(
            "bad-tsa",
            _("{url} is no address of a time-stamping authority.").format(url=ascii(url)[:300]),
            _("Give one that begins with https:// or http://."),
        )
    words = f"{parts.netloc.rpartition('@')[2]}{parts.path}".lower()
    return re.sub(r"[^a-z0-9]+", "-", words).strip("-")[:80].rstrip("-")


def ask(url: str, request: bytes) -> bytes:
    """The answer of an authority to a time-stamp request.

    Raises:
        BadInput: the address is none.
        Unreachable: there is no answer, or it is no time-stamp reply.
    """
    asked = _request(url, request, {"Content-Type": _QUERY})
    kind, raw = _answer(asked, TIMEOUT_SECONDS)
    if kind != _REPLY:
        raise _unreachable(url, _("it answers with {kind}").format(kind=ascii(kind)))
    return raw


def fetch(url: str) -> bytes:
    """What lies at an address that an authority's certificate names, such as a revocation list.

    Raises:
        BadInput: the address is none.
        Unreachable: there is no answer.
    """
    return _answer(_request(url, None, {}), FETCH_SECONDS)[1]


def _request(url: str, body: bytes | None, headers: Mapping[str, str]) -> Request:
    from urllib.request import Request

    name(url)  # refuses every scheme but http and https
    said = {"User-Agent": "aswiki", **headers}
    return Request(url, body, said)  # noqa: S310 - the line above looked at the scheme


def _answer(asked: Request, seconds: float) -> tuple[str, bytes]:
    """Kind and bytes of the answer to a request, within bounds of time and size.

    Raises:
        Unreachable: there is none, or it has no end.
    """
    import http.client
    from urllib.error import URLError

    url = asked.full_url
    try:
        with _opener().open(asked, timeout=seconds) as answer:
            kind: str = answer.headers.get_content_type()
            raw: bytes = answer.read(LARGEST + 1)
    except (URLError, OSError, http.client.HTTPException, ValueError) as error:
        raise _unreachable(url, str(getattr(error, "reason", None) or error)) from error
    if len(raw) > LARGEST:
        raise _unreachable(url, _("its answer has no end"))
    return kind, raw


def _opener() -> OpenerDirector:
    """What opens http and https alone, by the user's proxies, and follows nobody elsewhere."""
    from urllib import request

    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler(),
        request.HTTPHandler(),
        request.HTTPSHandler(),
        request.HTTPDefaultErrorHandler(),
        request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _unreachable(url: str, why: str) -> Unreachable:
    return Unreachable(
        "tsa-unreachable",
        _("The time-stamping authority {url} gives no answer: {why}").format(url=url, why=why),
        _("The next aswiki anchor asks it again."),
    )

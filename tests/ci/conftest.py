"""A git host on loopback: the comments of one pull request, as GitHub and as GitLab serve them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

TOKEN = "secret-token-of-the-job"
BOT = {"id": 41, "login": "github-actions[bot]", "type": "Bot"}


@dataclass
class Host:
    """What the host holds, what it was asked, and how it is to fail."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    failures: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    refuses: dict[str, int] = field(default_factory=dict)
    lost_answers: int = 0
    url: str = ""

    def add(self, body: str, **user: object) -> dict[str, Any]:
        said = {"id": 1000 + len(self.comments), "body": body, "user": user, "author": user}
        self.comments.append(said)
        return said

    def requests(self, method: str) -> list[str]:
        return [each for each in self.asked if each.startswith(f"{method} ")]


def _handler(host: Host) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_words: object) -> None:
            pass

        def _say(self, status: int, said: object, headers: dict[str, str] | None = None) -> None:
            data = json.dumps(said).encode()
            self.send_response(status)
            for name, value in {**(headers or {}), "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"null")
            parts = urlsplit(self.path)
            host.asked.append(f"{self.command} {parts.path}")
            host.tokens.add(
                self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or ""
            )
            is_user = parts.path.endswith("/user")
            if host.failures and not is_user:
                status, headers = host.failures.pop(0)
                self._say(status, {"message": "no"}, headers)
            elif is_user:
                status = host.refuses.get("user", 200)
                self._say(status, BOT if status == 200 else {"message": "no"})
            elif self.command in host.refuses:
                self._say(host.refuses[self.command], {"message": "not accessible"})
            elif self.command == "GET":
                page = {key: int(value[0]) for key, value in parse_qs(parts.query).items()}
                first = (page["page"] - 1) * page["per_page"]
                self._say(200, host.comments[first : first + page["per_page"]])
            elif self.command == "POST":
                made = host.add(body["body"], **BOT)
                host.lost_answers -= 1
                self._say(201 if host.lost_answers < 0 else 502, made, {"Retry-After": "0"})
            else:
                number = int(parts.path.rpartition("/")[2])
                [found] = [each for each in host.comments if each["id"] == number]
                found["body"] = body["body"]
                self._say(200, found)

        do_GET = do_POST = do_PUT = do_PATCH = _serve  # noqa: N815 - the library's names

    return Handler


@pytest.fixture
def host() -> Iterator[Host]:
    """A host that listens on loopback while the test runs."""
    made = Host()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def github_env(
    host: Host, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], dict[str, str]]:
    """The environment of a GitHub job about pull request 7."""

    def made() -> dict[str, str]:
        folder = tmp_path_factory.mktemp("runner")
        event = folder / "event.json"
        pull = {"number": 7, "base": {"sha": "0" * 40}, "head": {"sha": "1" * 40}}
        event.write_text(json.dumps({"action": "opened", "pull_request": pull}), encoding="utf-8")
        return {
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REPOSITORY": "acme/wiki",
            "GITHUB_API_URL": host.url,
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        }

    return made


@pytest.fixture
def gitlab_env(host: Host) -> dict[str, str]:
    """The environment of a GitLab job about merge request 7."""
    return {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": f"{host.url}/api/v4",
        "CI_PROJECT_ID": "99",
        "CI_MERGE_REQUEST_PROJECT_ID": "12",
        "CI_MERGE_REQUEST_IID": "7",
        "ASWIKI_GITLAB_TOKEN": TOKEN,
    }

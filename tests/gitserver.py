"""A git server of the tests' own: ``git http-backend`` on loopback, with users and their rules."""

from __future__ import annotations

import base64
import os
import resource
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Git = Callable[..., str]

BRANCH = "refs/heads/main"
RECEIVE = "/git-receive-pack"
ADVERTISE = "service=git-receive-pack"

UPDATE = """\
#!/bin/sh
# the rules: one line a user, who may not write
while read -r user; do
	if [ "$user" = "$REMOTE_USER" ]; then echo "$user may only read this wiki" >&2; exit 1; fi
done <"$GIT_DIR/readers"
"""


@dataclass
class Hub:
    """The server, and how it misbehaves.

    Attributes:
        root: the folder of its repositories.
        port: where it listens.
        readers: the users who may not write.
        passwords: a user's password, where it is not x; nobody is asked who they are while there is
            none and nobody is a reader.
        cuts_after: so many bytes of a push are taken, then the line is cut; None for all.
        largest_file: no file of the server may grow beyond so many bytes; None for any size.
        before_push: is called once, before somebody about to push learns where the branch is.
        amid_push: is called once, when somebody about to push has learned it.
        asked: the requests, method and path.
    """

    root: Path
    port: int = 0
    readers: list[str] = field(default_factory=list)
    passwords: dict[str, str] = field(default_factory=dict)
    cuts_after: int | None = None
    largest_file: int | None = None
    before_push: Callable[[], None] | None = None
    amid_push: Callable[[], None] | None = None
    asked: list[str] = field(default_factory=list)

    def url(self, user: str = "", name: str = "wiki.git") -> str:
        password = self.passwords.get(user, "x")
        login = f"{user}:{password}@" if user else ""
        return f"http://{login}127.0.0.1:{self.port}/{name}"

    def make(self, name: str = "wiki.git") -> Path:
        """An empty repository that everybody may write to, but the readers."""
        place = self.root / name
        words = ["git", "init", "-q", "--bare", "-b", "main", "--template=", str(place)]
        subprocess.run(words, check=True)
        self.git("config", "http.receivepack", "true", name=name)
        self.git("config", "receive.fsckObjects", "true", name=name)
        hook = place / "hooks" / "update"
        hook.parent.mkdir()
        hook.write_text(UPDATE, encoding="utf-8")
        hook.chmod(0o755)
        return place

    def git(self, *words: str, name: str = "wiki.git") -> str:
        done = subprocess.run(
            ["git", *words], cwd=self.root / name, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    @property
    def head(self) -> str:
        """The commit the branch is at; empty where it is not there."""
        return self.git("for-each-ref", "--format=%(objectname)", BRANCH)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        is_push = self.path.endswith(RECEIVE)
        if is_push and self.hub.cuts_after is not None:
            self.rfile.read(self.hub.cuts_after)
            self.close_connection = True
            self.connection.shutdown(2)
            return
        self._answer(self._body())

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _answer(self, body: bytes) -> None:
        self.hub.asked.append(f"{self.command} {self.path}")
        if ADVERTISE in self.path:
            self._interrupted("before_push")
        user = self._user()
        if user is None:
            return self._send(401, {"WWW-Authenticate": 'Basic realm="wiki"'}, b"")
        place = self.hub.root / self.path.split("/")[1]
        if place.is_dir():
            (place / "readers").write_text("".join(f"{r}\n" for r in self.hub.readers))
        done = subprocess.run(
            ["git", "http-backend"],
            input=body,
            env=self._environment(user, len(body)),
            capture_output=True,
            check=False,
            preexec_fn=self._limits,
        )
        if ADVERTISE in self.path:
            self._interrupted("amid_push")
        head, _blank, rest = done.stdout.partition(b"\r\n\r\n")
        pairs = (line.partition(": ") for line in head.decode().splitlines())
        headers = {name: value for name, _colon, value in pairs}
        return self._send(int(headers.pop("Status", "200").split()[0]), headers, rest)

    def _interrupted(self, name: str) -> None:
        act = getattr(self.hub, name)
        setattr(self.hub, name, None)
        if act is not None:
            act()

    def _limits(self) -> None:
        if self.hub.largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.hub.largest_file,) * 2)

    def _user(self) -> str | None:
        """Who asks; None where a password is needed and this is not it."""
        said = self.headers.get("Authorization", "")
        login = base64.b64decode(said.removeprefix("Basic ")).decode() if said else ""
        user, _colon, password = login.partition(":")
        known = self.hub.passwords
        asks = bool(known or self.hub.readers)
        return user if not asks or (user and known.get(user, "x") == password) else None

    def _environment(self, user: str, length: int) -> Mapping[str, str]:
        path, _mark, query = self.path.partition("?")
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        return clean | {
            "GIT_PROJECT_ROOT": str(self.hub.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(length),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "REMOTE_ADDR": "127.0.0.1",
            **({"REMOTE_USER": user} if user else {}),
        }

    def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: what was asked is in ``Hub.asked``."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A line that is cut is part of the tests."""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A server with an empty repository, ``wiki.git``."""
    made = Hub(tmp_path / "hub")
    made.root.mkdir()
    handler = type("Handler", (_Handler,), {"hub": made})
    with _Server(("127.0.0.1", 0), handler) as server:
        made.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        made.make()
        yield made
        server.shutdown()
        thread.join()


def head(folder: Path) -> str:
    """The commit a clone is at."""
    done = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def told(result: Any) -> Any:
    """The document of a run that went well."""
    assert result.code == 0, result.err
    return result.json


def refused(result: Any, code: str, exit_code: int = 4) -> dict[str, str]:
    """The error of a run that was refused."""
    assert result.code == exit_code, result.err
    assert result.out == ""
    assert result.error["code"] == code
    found: dict[str, str] = result.error
    return found


def require_proven(folder: Path, run: Run) -> None:
    """Nothing is wrong with the history but what an unsigned wiki lacks."""
    found = run("-C", str(folder), "verify", "--json")
    codes = {each["code"] for each in found.json["findings"]}
    assert codes <= {"UNSIGNED", "NOANCHOR", "NOPIN", "OUTSIDE", "POSTDATED"}, found.out


@pytest.fixture
def clone(tmp_path: Path, hub: Hub, git: Git) -> Callable[..., Path]:
    """Makes a clone of the hub's wiki for somebody."""

    def made(name: str = "Bob") -> Path:
        folder = tmp_path / name.lower()
        git(tmp_path, "clone", "-q", hub.url(name.lower()), str(folder))
        git(folder, "config", "user.name", name)
        git(folder, "config", "user.email", f"{name.lower()}@example.com")
        return folder

    return made


@pytest.fixture
def shared(wiki: Path, hub: Hub, git: Git, run: Run) -> Path:
    """The small wiki, whose branch is on the server."""
    git(wiki, "remote", "add", "origin", hub.url("writer"))
    assert run("-q", "sync").code == 0
    return wiki


@pytest.fixture
def bob(shared: Path, clone: Callable[..., Path]) -> Path:
    """The clone of a second engineer."""
    assert shared
    return clone("Bob")

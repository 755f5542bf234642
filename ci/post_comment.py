"""Post a review as the one comment of a pull request, at GitHub or GitLab: new once, then updated.

``post_comment.py FILE`` takes a Markdown file. Where the host lets nobody write (a pull request
from a fork), it says so and puts the text into the job's summary instead. It needs Python's own
library and runs nothing of the repository under review; the token is never printed. It exits with
0 whatever the host says: whether a review is good is not for its messenger to say.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

MARKER = "<!-- aswiki-review -->"
PAGE = 100
MOST_PAGES = 50
TRIES = 4
LONGEST_WAIT_SECONDS = 30.0
TIMEOUT_SECONDS = 20.0
LOOPBACK = ("127.0.0.1", "::1", "localhost")
NO_RIGHT = (401, 403, 404)

Env = Mapping[str, str]
Json = dict[str, Any]


class NotPostedError(Exception):
    """Why there is no comment, in a sentence."""


class BusyError(Exception):
    """The host could not answer now; the seconds to wait."""

    def __init__(self, seconds: float, why: str) -> None:
        super().__init__(why)
        self.seconds = seconds


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like another: the token goes to no second host."""

    def redirect_request(self, *_ignored: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


@dataclass(frozen=True)
class Api:
    """A host's API: where it is and what opens it."""

    url: str
    headers: Mapping[str, str]

    def ask(self, method: str, path: str, body: Json | None = None) -> tuple[Any, Message]:
        """The answer, read, and its headers.

        Raises:
            BusyError: it is worth asking again.
            NotPostedError: it is not.
        """
        asked = f"{method} {path.partition('?')[0]}"
        request = urllib.request.Request(
            f"{self.url}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "User-Agent": "aswiki", **self.headers},
            method=method,
        )
        try:
            with _OPENER.open(request, timeout=TIMEOUT_SECONDS) as answer:
                return json.loads(answer.read() or b"null"), answer.headers
        except urllib.error.HTTPError as error:
            with error:
                raise _refused(error, asked) from None
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise BusyError(1.0, f"{asked}: {type(error).__name__}") from None


def _refused(error: urllib.error.HTTPError, asked: str) -> Exception:
    headers = error.headers
    limited = error.code == 403 and (
        headers.get("Retry-After") or headers.get("X-RateLimit-Remaining") == "0"
    )
    if error.code >= 500 or error.code == 429 or limited:
        return BusyError(_seconds(headers), f"{asked}: {error.code}")
    if error.code in NO_RIGHT:
        return NotPostedError(
            f"{asked}: {error.code}. The token may not write here: a pull request from a fork "
            "has a token that only reads, or the job lacks the permission to comment."
        )
    return NotPostedError(f"{asked}: {error.code}")


def _seconds(headers: Message) -> float:
    """How long the host asks to wait; a second where it does not say."""
    try:
        asked = float(headers.get("Retry-After") or "")
    except ValueError:
        reset = headers.get("X-RateLimit-Reset", "")
        asked = float(reset) - time.time() if reset.isdecimal() else 1.0
    return max(0.0, asked)


@dataclass(frozen=True)
class Thread:
    """The comments of one pull request.

    Attributes:
        api: the host's.
        path: of the comments, to list and to add to them.
        one: of one comment, with ``{id}`` in it.
        change: the method that changes one.
        longest: the characters that a comment may have.
        author: whether a comment was written by whoever holds the token.
    """

    api: Api
    path: str
    one: str
    change: str
    longest: int
    author: Callable[[Json], bool]

    def put(self, text: str) -> str:
        """Add the text or put it in the place of the one that is there; what was done."""
        body = fitted(text, self.longest)
        ours = next((each for each in self._comments() if self._is_ours(each)), None)
        if ours is None:
            self.api.ask("POST", self.path, {"body": body})
            return "added"
        if ours["body"].rstrip() == body.rstrip():
            return "unchanged"
        self.api.ask(self.change, self.one.format(id=int(ours["id"])), {"body": body})
        return "updated"

    def _is_ours(self, comment: Json) -> bool:
        said = comment.get("body")
        first = said.lstrip("\ufeff").partition("\n")[0].strip() if isinstance(said, str) else ""
        return first == MARKER and self.author(comment)

    def _comments(self) -> Iterator[Json]:
        for page in range(1, MOST_PAGES + 1):
            found, _headers = self.api.ask("GET", f"{self.path}?per_page={PAGE}&page={page}")
            if not isinstance(found, list):
                raise NotPostedError("The host did not answer with a list of comments.")
            yield from (each for each in found if isinstance(each, dict))
            if len(found) < PAGE:
                return


def fitted(text: str, longest: int) -> str:
    """The text with the marker as its first line, cut at a line where it is too long."""
    if text.partition("\n")[0].strip() != MARKER:
        text = f"{MARKER}\n{text}"
    if len(text) <= longest:
        return text
    tail = "\n\n… Too long for a comment: the job has the rest. · 内容过长，其余见流水线任务。\n"
    kept = text[: longest - len(tail) - 200].rpartition("\n")[0]
    fence = "\n```" if kept.count("\n```") % 2 else ""
    open_folds = kept.count("<details") - kept.count("</details>")
    return kept + fence + "\n</details>" * min(max(open_folds, 0), 15) + tail


def github(env: Env) -> Thread:
    """The comments of the pull request that a GitHub job is about.

    Raises:
        NotPostedError: it is about none, or there is no token.
    """
    event = _event(env)
    pull = event.get("pull_request")
    number = pull.get("number") if isinstance(pull, dict) else None
    if not isinstance(number, int):
        raise NotPostedError("This job is about no pull request.")
    token = _needed(env, "GITHUB_TOKEN")
    repository = _needed(env, "GITHUB_REPOSITORY")
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
    }
    api = Api(_base(env.get("GITHUB_API_URL") or "https://api.github.com"), headers)
    issues = f"/repos/{urllib.parse.quote(repository)}/issues"
    login = _github_login(api)

    def is_author(comment: Json) -> bool:
        user = comment.get("user") or {}
        return bool(user.get("login") == login if login else user.get("type") == "Bot")

    path, one = f"{issues}/{number}/comments", f"{issues}/comments/{{id}}"
    return Thread(api, path, one, "PATCH", 65_000, is_author)


def _github_login(api: Api) -> str:
    """Whose the token is; empty for an app's, such as a job's own, which may not ask."""
    try:
        found, _headers = api.ask("GET", "/user")
    except NotPostedError:
        return ""
    return str(found.get("login") or "") if isinstance(found, dict) else ""


def gitlab(env: Env) -> Thread:
    """The notes of the merge request that a GitLab job is about.

    Raises:
        NotPostedError: it is about none, or there is no token.
    """
    number = env.get("CI_MERGE_REQUEST_IID", "")
    if not number.isdecimal():
        raise NotPostedError("This job is about no merge request.")
    project = env.get("CI_MERGE_REQUEST_PROJECT_ID") or _needed(env, "CI_PROJECT_ID")
    token = _needed(env, "ASWIKI_GITLAB_TOKEN")
    api = Api(_base(_needed(env, "CI_API_V4_URL")), {"PRIVATE-TOKEN": token})
    user, _headers = api.ask("GET", "/user")
    own = user.get("id") if isinstance(user, dict) else None
    path = f"/projects/{urllib.parse.quote(project, safe='')}/merge_requests/{number}/notes"

    def is_author(note: Json) -> bool:
        author = note.get("author") or {}
        return own is not None and author.get("id") == own

    return Thread(api, path, f"{path}/{{id}}", "PUT", 900_000, is_author)


def _event(env: Env) -> Json:
    try:
        found = json.loads(Path(_needed(env, "GITHUB_EVENT_PATH")).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotPostedError(f"The event cannot be read: {type(error).__name__}.") from None
    return found if isinstance(found, dict) else {}


def _needed(env: Env, name: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise NotPostedError(
            f"{name} is not set (to pull requests from forks hosts give no secrets)."
        )
    return value


def _base(url: str) -> str:
    """An address that a token may be sent to."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise NotPostedError("A token is sent over https only.")
    return url.rstrip("/")


def posted(thread: Callable[[Env], Thread], env: Env, text: str) -> str:
    """What was done; a busy host is asked again, from the list on, so that nothing is doubled.

    Raises:
        NotPostedError: the host refuses, or stays busy.
    """
    tries = 1
    while True:
        try:
            return thread(env).put(text)
        except BusyError as busy:
            if tries == TRIES or busy.seconds > LONGEST_WAIT_SECONDS:
                raise NotPostedError(f"The host is busy: {busy}") from None
            time.sleep(busy.seconds * tries)
            tries += 1


def main(words: list[str], env: Env) -> int:
    """Post the file that is named; 2 for wrong usage."""
    if len(words) != 1:
        print("Usage: post_comment.py FILE", file=sys.stderr)
        return 2
    try:
        text = Path(words[0]).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        print(f"{words[0]} cannot be read: {error.strerror}", file=sys.stderr)
        return 2
    is_gitlab = bool(env.get("GITLAB_CI"))
    try:
        done = posted(gitlab if is_gitlab else github, env, text)
        print(f"aswiki review: comment {done}.")
    except NotPostedError as error:
        print(f"aswiki review: no comment was posted. {error}", file=sys.stderr)
        _summarise(env, text)
    return 0


def _summarise(env: Env, text: str) -> None:
    """Put the text where the job's page shows it, as far as there is such a place."""
    place = env.get("GITHUB_STEP_SUMMARY")
    if not place:
        print("aswiki review: the text is in the job's artifacts.", file=sys.stderr)
        return
    with Path(place).open("a", encoding="utf-8") as summary:
        summary.write(fitted(text, 900_000))
    print("aswiki review: the text is in the job's summary instead.", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))

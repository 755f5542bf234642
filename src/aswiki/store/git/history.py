"""What was recorded and when: commits as values, from fields that no message can forge."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from aswiki.store.git.reading import FEW, Reading, checked, contents, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# one commit: six lines that cannot hold a line break, then the message up to a NUL
_FORMAT = "--format=%H%n%P%n%an%n%ae%n%ad%n%cd%n%B%x00"
_RAW_DATE = "--date=raw"

_TRAILER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*):[ \t]*(.*)")
_LAST = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit as git recorded it.

    Attributes:
        hash: the full object name.
        parents: full object names, the first parent first.
        at: when the committer recorded it, with the offset written there.
        author_at: when the author says it was made.
        name: the author's name.
        email: the author's address.
        subject: the first line of the message.
        body: what stands between the subject and the trailers.
        trailers: the last paragraph's ``key: value`` lines, in order, or none.
    """

    hash: str
    parents: tuple[str, ...]
    at: datetime
    author_at: datetime
    name: str
    email: str
    subject: str
    body: str = ""
    trailers: list[tuple[str, str]] = field(default_factory=list)

    @property
    def op(self) -> str:
        """The operation the commit says it is, or an empty text."""
        return next((value for key, value in self.trailers if key == "Aswiki-Op"), "")


class History(Reading):
    """A repository's commits, as the wiki in a folder of it sees them."""

    def log(
        self, paths: Sequence[str] = (), limit: int | None = None, rev: str = "HEAD"
    ) -> list[Commit]:
        """The commits that led to ``rev``, newest first; with paths, those that changed them."""
        options = [f"--max-count={limit}"] if limit is not None else []
        return self._commits(*options, "--end-of-options", checked(rev), "--", paths=paths)

    def history(self, path: str) -> list[Commit]:
        """The commits of HEAD that changed a file or folder, newest first."""
        return self.log([path])

    def first_commits(self, paths: Iterable[str]) -> dict[str, Commit]:
        """For each path its first commit in HEAD's history, in one walk.

        A path that only a merge brought is left out.
        """
        wanted = {f"{self.prefix}{path}" for path in paths}
        # the walk goes back in time, so the last one of a path stays
        first = {path: commit for commit, path in self._additions(wanted) if path in wanted}
        named = "".join(f"{commit}\n" for commit in dict.fromkeys(first.values()))
        commits = self._commits("--no-walk=unsorted", "--stdin", stdin=named.encode())
        by_hash = {commit.hash: commit for commit in commits}
        return {path.removeprefix(self.prefix): by_hash[name] for path, name in first.items()}

    def commits_by_path(self, rev: str) -> dict[str, list[Commit]]:
        """For each path the commits up to ``rev`` that changed it, newest first, in one walk.

        What only a merge brought is left out.
        """
        found: dict[str, list[Commit]] = {}
        commits = {commit.hash: commit for commit in self.log(rev=rev)}
        named = "".join(f"{commit}\n" for commit in commits)
        options = ("--stdin", "-r", "-z", "--root", "--no-renames", "--name-only")
        safe = ("--no-ext-diff", "--no-textconv", "--no-relative", "--")
        answer = self._run.read("diff-tree", *options, *safe, stdin=named.encode())
        commit: Commit | None = None
        for word in words_of(answer.out):
            commit = commits.get(word, commit)
            if word not in commits and commit is not None and word.startswith(self.prefix):
                found.setdefault(word.removeprefix(self.prefix), []).append(commit)
        return found

    def parents(self, rev: str) -> dict[str, tuple[str, ...]]:
        """Every commit up to ``rev`` with its parents, no parent before its children."""
        options = ("--topo-order", "--parents", "--end-of-options", checked(rev), "--")
        lines = self._run.read("rev-list", *options).out.decode().splitlines()
        return {name: tuple(above) for name, *above in (line.split() for line in lines)}

    def raw_commits(self, names: Iterable[str]) -> dict[str, bytes]:
        """The bytes of commits by their full names, as git keeps them; one process."""
        found = contents(self._run, names)
        return {each.id: each.data for each in found if each and each.kind == "commit"}

    def before(self, when: datetime) -> str | None:
        """The newest commit of HEAD's first-parent line recorded at or before a moment."""
        seconds = max(0, int(when.timestamp() // 1))
        options = ("--first-parent", "--max-count=1", f"--min-age={seconds}")
        return self._run_on_head("rev-list", *options, "HEAD", "--").decode().strip() or None

    def changed_paths(self, commit: str) -> list[tuple[str, str]]:
        """What a commit changed against its first parent: status (A, M, D, T) and path."""
        options = ("-r", "-z", "--root", "--no-renames", "--name-status", "--no-commit-id")
        safe = ("--diff-merges=first-parent", "--no-ext-diff", "--no-textconv", "--no-relative")
        rev = checked(commit)
        answer = self._run.read("diff-tree", *options, *safe, "--end-of-options", rev, "--")
        words = words_of(answer.out)
        pairs = zip(words[::2], words[1::2], strict=True)
        return [
            (status, path.removeprefix(self.prefix))
            for status, path in pairs
            if path.startswith(self.prefix)
        ]

    def _commits(
        self, *arguments: str, paths: Sequence[str] = (), stdin: bytes = b""
    ) -> list[Commit]:
        inside = [f"{self.prefix}{path}" for path in paths]
        fixed = ("rev-list", "--no-commit-header", _RAW_DATE, _FORMAT)
        return parse(self._run_on_head(*fixed, *arguments, *inside, stdin=stdin))

    def _additions(self, wanted: set[str]) -> Iterator[tuple[str, str]]:
        """Commit and path of every addition in HEAD's history, going back in time."""
        named = sorted(wanted) if len(wanted) <= FEW else [self.prefix] if self.prefix else []
        commits = self._run_on_head("rev-list", "HEAD", "--")
        options = ("--stdin", "-r", "-z", "--root", "--no-renames", "--name-status")
        safe = ("--diff-filter=A", "--no-ext-diff", "--no-textconv", "--no-relative")
        answer = self._run.read("diff-tree", *options, *safe, "--", *named, stdin=commits)
        commit = ""
        words = iter(words_of(answer.out))
        for word in words:
            if word == "A":
                yield commit, next(words)
            else:
                commit = word


def parse(output: bytes) -> list[Commit]:
    """The commits of an answer in ``_FORMAT``, in its order."""
    records = output.decode("utf-8", "replace").split("\0")
    return [_commit(record.removeprefix("\n")) for record in records if record.strip("\n")]


def split_message(message: str) -> tuple[str, str, list[tuple[str, str]]]:
    """Subject, body and trailers of a message."""
    subject, _newline, rest = message.strip("\n").partition("\n")
    rest = rest.strip("\n")
    above, _blank, last = rest.rpartition("\n\n")
    trailers = _trailers(last)
    return subject, (above if trailers else rest).strip("\n"), trailers


def _commit(record: str) -> Commit:
    name_of, parents, name, email, author_date, date, message = record.split("\n", 6)
    subject, body, trailers = split_message(message)
    return Commit(
        hash=name_of,
        parents=tuple(parents.split()),
        at=_moment(date),
        author_at=_moment(author_date),
        name=name,
        email=email,
        subject=subject,
        body=body,
        trailers=trailers,
    )


def _trailers(paragraph: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in paragraph.split("\n"):
        matched = _TRAILER.fullmatch(line)
        if matched:
            found.append((matched[1], matched[2].strip()))
        elif found and line[:1] in {" ", "\t"}:
            key, value = found[-1]
            found[-1] = (key, f"{value} {line.strip()}")
        else:
            return []
    return found


def _moment(raw: str) -> datetime:
    """The moment of git's raw form ``seconds +hhmm``; one past the year 9999 is its end."""
    seconds, _blank, offset = raw.partition(" ")
    minutes = int(offset[1:3] or 0) * 60 + int(offset[3:5] or 0)
    signed = timedelta(minutes=-minutes if offset.startswith("-") else minutes)
    zone = timezone(signed) if abs(signed) < timedelta(days=1) else UTC
    try:
        return datetime.fromtimestamp(int(seconds), zone)
    except (OverflowError, ValueError, OSError):
        return _LAST

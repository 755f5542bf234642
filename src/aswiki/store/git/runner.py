"""Git as a process: a clean environment, fixed settings, and its refusals as sentences."""

from __future__ import annotations

import os
import re
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from aswiki.errors import Unusable
from aswiki.lang import _
from aswiki.store.git.refusal import refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

MINIMUM = (2, 36)  # core.fsync, cat-file --batch-command, safe.bareRepository

# where the user's own settings are, which are the user's to choose
_KEPT = frozenset({"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"})
_FIXED = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "LC_ALL": "C",
    "TZ": "UTC",
}
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.commitGraph=false",
    "protocol.ext.allow=never",
    "safe.bareRepository=explicit",
    "core.quotePath=false",
    "core.fsync=committed",
    "i18n.commitEncoding=UTF-8",
    "i18n.logOutputEncoding=UTF-8",
    "log.showSignature=false",
)
_OPTIONS = ("--no-pager", *(word for setting in _SETTINGS for word in ("-c", setting)))


@dataclass(frozen=True, slots=True)
class Answer:
    """What one git process gave back."""

    code: int
    out: bytes
    err: str


@dataclass(frozen=True, slots=True)
class Runner:
    """Git in one folder, with the settings that take the sting out of its configuration.

    Args:
        folder: where git runs; it looks for its repository here and no higher.
        overrides: settings laid over the repository's own, as key and value.
    """

    folder: Path
    overrides: tuple[tuple[str, str], ...] = ()

    def read(
        self,
        *arguments: str,
        stdin: bytes = b"",
        allowed: Sequence[int] = (0,),
        extra: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer of a question that changes nothing; the arguments are those of ``write``.

        Raises:
            Unusable: git is missing, too old or refuses with a code not ``allowed``.
        """
        command = [word.encode("utf-8", "surrogateescape") for word in _command(arguments)]
        try:
            done = subprocess.run(  # noqa: S603 - a list, never a shell; git by its full path
                command,
                input=stdin,
                capture_output=True,
                cwd=self.folder,
                env=environment() | self._own() | dict(extra or {}),
                check=False,
            )
        except OSError as error:
            raise refusal(error.strerror or str(error)) from error
        answer = Answer(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))
        return _judged(answer, allowed)

    def write(
        self,
        *arguments: str,
        stdin: bytes = b"",
        allowed: Sequence[int] = (0,),
        extra: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer of a command that changes something, run through GitPython.

        Args:
            arguments: the command and its options, without ``git`` itself.
            stdin: what git reads.
            allowed: exit codes that are answers rather than failures.
            extra: variables for this one process.

        Raises:
            Unusable: git is missing, too old or refuses with a code not ``allowed``.
        """
        variables = _FIXED | _ceiling(self.folder) | self._own() | dict(extra or {})
        command = _command(arguments)
        from tempfile import TemporaryFile  # this and GitPython cost more than most commands

        try:
            with _without_git_variables(), TemporaryFile() as source:
                from git.cmd import Git

                source.write(stdin)
                source.seek(0)
                code, out, err = Git(str(self.folder)).execute(
                    command,
                    istream=source,
                    with_extended_output=True,
                    with_exceptions=False,
                    stdout_as_string=False,
                    strip_newline_in_stdout=False,
                    shell=False,
                    env=variables,
                )
        except OSError as error:
            raise refusal(error.strerror or str(error)) from error
        return _judged(Answer(code, out, err), allowed)

    def _own(self) -> dict[str, str]:
        """The overrides as variables: unlike ``-c``, these take a key that holds ``=``."""
        pairs = {"GIT_CONFIG_COUNT": str(len(self.overrides))} | _ceiling(self.folder)
        for number, (key, value) in enumerate(self.overrides):
            pairs[f"GIT_CONFIG_KEY_{number}"] = key
            pairs[f"GIT_CONFIG_VALUE_{number}"] = value
        return pairs


def environment() -> dict[str, str]:
    """This process's environment without git's variables, with those that are fixed."""
    kept = {key: value for key, value in os.environ.items() if not _is_cleared(key)}
    return kept | _FIXED


@cache
def version(executable: str) -> tuple[int, ...]:
    """The version of the git at this path, such as (2, 39, 5)."""
    done = subprocess.run(  # noqa: S603 - a list, never a shell; git by its full path
        [executable, "version"], capture_output=True, env=environment(), check=False
    )
    found = re.search(rb"(\d+(?:\.\d+)+)", done.stdout)
    return tuple(int(part) for part in found[1].split(b".")) if found else (0,)


def git_path() -> str:
    """The full path of git.

    Raises:
        Unusable: there is none in the absolute folders of PATH.
    """
    # a relative folder in PATH would let the wiki bring its own git
    for folder in os.get_exec_path():
        path = f"{folder}/git"
        if folder.startswith("/") and os.access(path, os.X_OK):
            return path
    raise Unusable(
        "no-git",
        _("Git is not installed."),
        _("Install git {version} or newer, then try again.").format(version=_dotted(MINIMUM)),
    )


def _command(arguments: Sequence[str]) -> list[str]:
    return [git_path(), *_OPTIONS, *arguments]


def _is_cleared(key: str) -> bool:
    return key.startswith("GIT_") and key not in _KEPT


def _ceiling(folder: Path) -> dict[str, str]:
    return {"GIT_CEILING_DIRECTORIES": str(folder.parent)}


@contextmanager
def _without_git_variables() -> Iterator[None]:
    """Take git's variables out of this process, because GitPython hands all of them on."""
    taken = {key: os.environ.pop(key) for key in list(os.environ) if _is_cleared(key)}
    try:
        yield
    finally:
        os.environ.update(taken)


def _judged(answer: Answer, allowed: Sequence[int]) -> Answer:
    if answer.code in allowed:
        return answer
    found = version(git_path())
    if found < MINIMUM:
        raise Unusable(
            "git-too-old",
            _("Git {found} is too old.").format(found=_dotted(found)),
            _("Install git {version} or newer, then try again.").format(version=_dotted(MINIMUM)),
        )
    raise refusal(answer.err)


def _dotted(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))

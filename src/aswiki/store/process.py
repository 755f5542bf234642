"""Every process that is not git's: ssh-keygen, openssl and the like, away from the wiki."""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aswiki.errors import Unusable
from aswiki.lang import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TIMEOUT_SECONDS = 60.0
# what the user's keys and agent are reached by; nothing else of the environment is handed on
_KEPT = ("PATH", "HOME", "USER", "LOGNAME", "SSH_AUTH_SOCK", "TMPDIR", "DISPLAY", "WAYLAND_DISPLAY",
         "XDG_RUNTIME_DIR", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "GPG_TTY")  # fmt: skip
_FIXED = {"LC_ALL": "C", "TZ": "UTC"}
_SILENT = {"SSH_ASKPASS": "", "SSH_ASKPASS_REQUIRE": "never", "DISPLAY": "", "WAYLAND_DISPLAY": ""}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one process gave back."""

    code: int
    out: bytes
    err: str


def run(
    program: str,
    *arguments: str,
    stdin: bytes = b"",
    silent: bool = True,
    timeout_seconds: float | None = TIMEOUT_SECONDS,
    extra: Mapping[str, str] | None = None,
) -> Answer:
    """The answer of a program, whatever its exit code.

    Args:
        program: its name, looked up in the absolute folders of PATH alone.
        arguments: each one word; none ever passes a shell.
        stdin: what it reads.
        silent: whether it has no terminal to ask a passphrase on.
        timeout_seconds: how long it may take; None for as long as the user takes to answer.
        extra: variables for this one process.

    Raises:
        Unusable: code ``no-program``; or ``program-failed`` where it cannot be run or hangs.
    """
    command = [path_of(program), *arguments]
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - a list, never a shell; the program by its full path
            command,
            input=stdin,
            capture_output=True,
            cwd="/",
            env=kept | _FIXED | (_SILENT if silent else {}) | dict(extra or {}),
            start_new_session=silent,
            timeout=timeout_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _failed(program, _("it took too long")) from None
    except (OSError, ValueError) as error:
        raise _failed(program, getattr(error, "strerror", None) or str(error)) from error
    return Answer(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))


def path_of(program: str) -> str:
    """The full path of a program.

    Raises:
        Unusable: code ``no-program``, there is none in the absolute folders of PATH.
    """
    # a relative folder in PATH would let the wiki bring its own
    for folder in os.get_exec_path():
        path = f"{folder}/{program}"
        if folder.startswith("/") and os.access(path, os.X_OK) and not Path(path).is_dir():
            return path
    raise Unusable(
        "no-program",
        _("{program} is not installed.").format(program=program),
        _("Install it ({package}), then try again.").format(
            package={"ssh-keygen": "openssh-client"}.get(program, program)
        ),
    )


@contextmanager
def aside(files: Mapping[str, bytes]) -> Iterator[Path]:
    """A private folder that holds these files by name, gone at the end.

    Raises:
        Unusable: it cannot be made.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="aswiki-") as name:
            folder = Path(name)
            for file, data in files.items():
                (folder / file).write_bytes(data)
            yield folder
    except OSError as error:
        raise _failed("tempfile", error.strerror or str(error)) from error


def ssh_signed(payload: bytes, armored: bytes, namespace: str) -> str | None:
    """The fingerprint of the key that signed the bytes for a purpose, or None: by ssh-keygen.

    The reference for what ``evidence.signatures`` answers in process.

    Raises:
        Unusable: ssh-keygen is not installed.
    """
    with aside({"signature": armored}) as folder:
        words = ("-Y", "check-novalidate", "-n", namespace, "-s", str(folder / "signature"))
        answer = run("ssh-keygen", *words, stdin=payload)
    said = answer.out.decode("utf-8", "replace").split()
    return said[-1] if answer.code == 0 and said[:1] == ["Good"] else None


def ssh_allowed(
    payload: bytes, armored: bytes, namespace: str, principal: str, signers: bytes, at: str
) -> bool:
    """Whether ssh-keygen takes the signature as this principal's: the reference for ``signers``.

    Args:
        payload: what was signed.
        armored: the signature.
        namespace: for what.
        principal: by whom.
        signers: the bytes of ``allowed_signers``.
        at: the moment, as ``20261003140500``, in UTC.

    Raises:
        Unusable: ssh-keygen is not installed.
    """
    with aside({"signature": armored, "signers": signers}) as folder:
        files = ("-s", str(folder / "signature"), "-f", str(folder / "signers"))
        whom = ("-n", namespace, "-I", principal, f"-Overify-time={at}")
        return run("ssh-keygen", "-Y", "verify", *files, *whom, stdin=payload).code == 0


def ssh_sign(payload: bytes, key: Path, namespace: str, *, silent: bool = False) -> bytes:
    """The armored signature of the bytes with the user's key, by ssh-keygen.

    Args:
        payload: what is signed.
        key: the file of the key, private or public; of a public one the private half lies
            beside it or is in the agent.
        namespace: for what.
        silent: whether a key that would ask for its passphrase fails instead.

    Raises:
        Unusable: code ``sign-failed``, or ssh-keygen is not installed.
    """
    words = ("-Y", "sign", "-n", namespace, "-f", str(key))
    timeout = TIMEOUT_SECONDS if silent else None
    answer = run("ssh-keygen", *words, stdin=payload, silent=silent, timeout_seconds=timeout)
    if answer.code != 0:
        cause = " ".join(answer.err.split()) or _("it gives no reason")
        raise Unusable(
            "sign-failed",
            _("The key {key} does not sign: {cause}").format(key=key, cause=cause),
            _("Load it with ssh-add, or look with: aswiki doctor"),
        )
    return answer.out


def stamped(response: bytes, data: bytes, authorities: bytes, at: int) -> bool:
    """Whether openssl takes a time stamp of these bytes: the reference for ``timestamps``.

    Args:
        response: a whole time-stamp response.
        data: what was stamped.
        authorities: the pinned certificates in PEM.
        at: the moment to judge certificates by, in seconds since 1970.

    Raises:
        Unusable: openssl is not installed.
    """
    with aside({"data": data, "reply": response, "ca": authorities}) as folder:
        files = ("-data", str(folder / "data"), "-in", str(folder / "reply"))
        pinned = ("-CAfile", str(folder / "ca"), "-attime", str(at))
        return run("openssl", "ts", "-verify", *files, *pinned).code == 0


def _failed(program: str, cause: str) -> Unusable:
    return Unusable(
        "program-failed",
        _("{program} cannot be run: {cause}").format(program=program, cause=cause),
        _("Look with: aswiki doctor"),
    )

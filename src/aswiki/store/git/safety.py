"""What in a repository's own settings could run a program or bend what git reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aswiki.lang import _
from aswiki.store.git.refusal import refusal
from aswiki.store.git.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Settings = tuple[tuple[str, str], ...]

OURS: Mapping[str, str] = {
    # the words of a record to the letter where aswiki is not found: a diff never fails for it
    "diff.aswiki.textconv": 'f() { aswiki textconv "$1" 2>/dev/null || cat "$1"; }; f',
    "diff.aswiki.xfuncname": "^#{1,2} .*$",
    "merge.aswiki.name": "aswiki: facts by field, the log by entry",
    # where aswiki is not found, git would leave ours alone as the conflict, and theirs be lost
    "merge.aswiki.driver": (
        'f() { aswiki merge-driver "$@"; code=$?; test $code -eq 127 || return $code; '
        'git merge-file -L ours -L base -L theirs --marker-size="$4" "$2" "$1" "$3"; }; '
        "f %O %A %B %L %P"
    ),
}
"""The settings that aswiki writes itself; the same key with any other value is not ours."""

_PROGRAMS = re.compile(
    r"""
    .*\.(?:command|cmd|program|textconv|driver|helper|clean|smudge|process|vcs|proxy
          |uploadpack|receivepack|packobjectshook|askpass|tunnel|smtpserver|[a-z]+cmd
          |defaultkeycommand|alternaterefscommand|templatedir|procreceiverefs)
    | core\.(?:editor|pager|sshcommand|gitproxy|hookspath|fsmonitor)
    | sequence\.editor | diff\.external | interactive\.difffilter | gpg\.program
    | hook\..* | pager\..* | (?:browser|man|mergetool|difftool|guitool)\..*\.path
    """,
    re.VERBOSE | re.DOTALL,
)
_SHELL_WHEN_BANG = re.compile(r"alias\..*|submodule\..*\.update", re.DOTALL)
_HARMLESS = re.compile(r"pager\..*|core\.fsmonitor", re.DOTALL)
_SWITCHES = frozenset({"", "0", "1", "true", "false", "yes", "no", "on", "off"})
_REFUSED = re.compile(
    r"include\.path|includeif\..*|core\.worktree|extensions\.partialclone|remote\..*\.promisor",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Unsafe:
    """One setting or file of a repository that runs programs or bends what git reads.

    Attributes:
        key: the setting's key, or the file's path in the git folder.
        refused: whether nothing is written while it is there; else it is switched off in
            every call of ours and only named.
        detail: the setting's value, or what the file does.
    """

    key: str
    refused: bool
    detail: str


def local_settings(git_dir: Path, common_dir: Path) -> Settings:
    """Every setting of the repository's own files, in order; no included file is read.

    Raises:
        Unusable: a file cannot be read as settings.
    """
    settings = _listed(common_dir / "config")
    if dict(settings).get("extensions.worktreeconfig", "").lower() in {"true", "yes", "on", "1"}:
        settings += _listed(git_dir / "config.worktree")
    return settings


def unsafe_settings(settings: Settings) -> Iterator[Unsafe]:
    """Those of the settings that run programs or are refused."""
    for key, value in settings:
        if _REFUSED.fullmatch(key):
            yield Unsafe(key, True, value)
        elif _runs_program(key, value) and OURS.get(key) != value:
            yield Unsafe(key, False, value)


def unsafe_files(common_dir: Path) -> Iterator[Unsafe]:
    """Files of the git folder that put other objects in the place of the repository's own."""
    details = {
        "objects/info/alternates": _("objects are taken from another repository"),
        "objects/info/http-alternates": _("objects are taken from another repository"),
        "info/grafts": _("commits are given other parents"),
        "shallow": _("the older history is cut off"),
    }
    for name, detail in details.items():
        if (common_dir / name).exists() and _content(common_dir / name).strip():
            yield Unsafe(name, True, detail)
    replaced = any(path.is_file() for path in (common_dir / "refs" / "replace").rglob("*"))
    packed = common_dir / "packed-refs"
    if replaced or (packed.exists() and b" refs/replace/" in _content(packed)):
        yield Unsafe("refs/replace", True, _("objects are replaced by others"))


def neutral(found: Sequence[Unsafe]) -> Settings:
    """Settings that switch off each program found; the user's own still signs with SSH."""
    keys = dict.fromkeys(each.key for each in found if not each.refused)
    return tuple((key, _users_signer() if key == "gpg.ssh.program" else "") for key in keys)


def remedy(found: Unsafe) -> str:
    """The next step to get rid of something refused."""
    if found.key == "shallow":
        return _("Fetch the rest: git fetch --unshallow")
    if found.key == "refs/replace":
        return _("See `git replace --list`, and remove each with `git replace -d`.")
    if found.key in {"objects/info/alternates", "objects/info/http-alternates"}:
        return _("Copy the objects (git repack -a -d), then delete the file.")
    if found.key == "info/grafts":
        return _("Delete the file from the git folder.")
    return _("Remove it: git config --local --unset-all {key}").format(key=found.key)


def split(listing: bytes) -> Settings:
    """The pairs of what ``git config --list -z`` prints."""
    pairs = (
        item.decode("utf-8", "replace").partition("\n") for item in listing.split(b"\0") if item
    )
    return tuple((key, value) for key, _newline, value in pairs)


def _runs_program(key: str, value: str) -> bool:
    if _SHELL_WHEN_BANG.fullmatch(key):
        return value.lstrip().startswith("!")
    if _HARMLESS.fullmatch(key) and value.lower() in _SWITCHES:
        return False
    return _PROGRAMS.fullmatch(key) is not None


def _listed(file: Path) -> Settings:
    if not file.is_file():
        return ()
    # away from the repository, so that this question itself obeys nothing of it
    outside = Runner(Path("/"))
    answer = outside.read("config", "--file", str(file), "--no-includes", "--list", "-z")
    return split(answer.out)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes() if file.is_file() else b"?"
    except OSError as error:
        raise refusal(error.strerror or str(error)) from error


def _users_signer() -> str:
    answer = Runner(Path("/")).read("config", "--get", "gpg.ssh.program", allowed=(0, 1))
    return answer.out.decode("utf-8", "surrogateescape").rstrip("\n") or "ssh-keygen"

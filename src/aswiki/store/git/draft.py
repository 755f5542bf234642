"""A commit before it is made: what changes, who records it, when, and whether it is signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from aswiki.errors import Defect, Unusable
from aswiki.lang import _
from aswiki.store.git.objects import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Put = bytes | Entry | None
"""What becomes of a path: its new bytes, an object that is there already, or nothing."""

_YES = frozenset({"true", "yes", "on", "1", ""})


class Raced(Unusable):
    """HEAD moved between reading and writing; the caller reads again and retries."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The name and address a commit is recorded under."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A commit before it is made.

    Attributes:
        changes: the whole new bytes a path from the top, or None where it goes away; an object
            that is there already is named by its entry.
        message: the message, trailers included.
        identity: author and committer.
        at: the moment of both, aware.
        parent: the commit the changes were made from, None on an unborn branch.
        other: the commit that a merge joins to it; None where there is nothing to join.
        signed: whether it is signed with the user's SSH key.
        algorithm: how the repository names its objects: sha1 or sha256.
    """

    changes: Mapping[str, Put]
    message: str
    identity: Identity
    at: datetime
    parent: str | None
    signed: bool
    algorithm: str
    other: str | None = None

    @property
    def parents(self) -> list[str]:
        """The commits it builds upon, the one of the branch first."""
        return [each for each in (self.parent, self.other) if each]

    @property
    def subject(self) -> str:
        """The message's first line."""
        return self.message.partition("\n")[0]

    @property
    def variables(self) -> dict[str, str]:
        """Who and when, as git takes them from its environment."""
        date = f"@{_git_date(self.at)}"
        return {
            f"GIT_{role}_{word}": value
            for role in ("AUTHOR", "COMMITTER")
            for word, value in (
                ("NAME", self.identity.name),
                ("EMAIL", self.identity.email),
                ("DATE", date),
            )
        }

    def commit_bytes(self, tree: str) -> bytes:
        """The commit object as git writes it, unsigned and with a name git leaves as it is."""
        who = f"{self.identity.name} <{self.identity.email}> {_git_date(self.at)}"
        parents = "".join(f"parent {each}\n" for each in self.parents)
        header = f"tree {tree}\n{parents}author {who}\ncommitter {who}\n"
        return f"{header}\n{self.message}".encode()


def identity(settings: Mapping[str, str], environment: Mapping[str, str]) -> Identity:
    """Who commits, by the settings, then by git's variables; never a guess.

    Raises:
        Unusable: code ``no-identity``.
    """
    found: list[str] = []
    for word in ("name", "email"):
        variables = (f"GIT_AUTHOR_{word.upper()}", f"GIT_COMMITTER_{word.upper()}")
        values = [settings.get(f"user.{word}", ""), *(environment.get(v, "") for v in variables)]
        found.append(next((value.strip() for value in values if value.strip()), ""))
    if not all(found):
        raise Unusable(
            "no-identity",
            _("Git does not know the name and address to record your changes under."),
            'git config --global user.name "NAME" && git config --global user.email "ADDRESS"',
        )
    return Identity(*found)


def signs(settings: Mapping[str, str], wanted: bool | None) -> bool:
    """Whether a commit is to be signed; ``wanted`` overrules the settings.

    Raises:
        Unusable: code ``no-signing-key`` when it is to be and no SSH key is set.
    """
    configured = (
        settings.get("commit.gpgsign", "false").lower() in _YES
        and settings.get("gpg.format", "openpgp") == "ssh"
    )
    signed = configured if wanted is None else wanted
    keys = ("user.signingkey", "gpg.ssh.defaultkeycommand")
    if signed and not any(settings.get(key) for key in keys):
        raise Unusable(
            "no-signing-key",
            _("No SSH key is set to sign with."),
            "git config --global user.signingKey ~/.ssh/id_ed25519.pub",
        )
    return signed


def _git_date(at: datetime) -> str:
    offset = at.utcoffset()
    if offset is None:
        raise Defect("naive-time", "A commit was given a moment without its offset.")
    minutes = abs(offset) // timedelta(minutes=1)
    sign = "-" if offset < timedelta(0) else "+"
    return f"{int(at.timestamp() // 1)} {sign}{minutes // 60:02}{minutes % 60:02}"

"""Git's and the system's complaints as sentences that name the cause and the next step."""

from __future__ import annotations

import re

from aswiki.errors import Unusable
from aswiki.lang import _

_DAMAGE = (
    r"corrupt|index file smaller|bad (signature|object|tree)|inflate:|missing blob"
    r"|unable to read|hash mismatch|Input/output error"
)


def refusal(text: str) -> Unusable:
    """Git's or the system's complaint as an error that names the cause and the next step."""
    said = _first_line(text)
    for pattern, code, cause, hint in _causes():
        if re.search(pattern, text):
            return Unusable(code, f"{cause} ({said})" if said else cause, hint)
    return Unusable(
        "git-failed",
        _("Git refused: {said}").format(said=said or _("it gave no reason")),
        _("Run `git status` and `git fsck` in the wiki's folder, then try again."),
    )


def _first_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines
    return "".join(c for c in telling[0] if c.isprintable()) if telling else ""


def _causes() -> tuple[tuple[str, str, str, str], ...]:
    return (
        (
            r"failed to sign|[Ll]oad (public )?key|private key|signing key",
            "cannot-sign",
            _("The commit cannot be signed."),
            _("Check the key in user.signingKey, and that its private half is within reach."),
        ),
        (
            r"No space left on device|Disk quota exceeded",
            "disk-full",
            _("The disk is full."),
            _("Make room, then try again."),
        ),
        (
            r"Read-only file system",
            "read-only",
            _("The file system is read-only."),
            _("Mount it for writing, or work in another copy of the wiki."),
        ),
        (
            r"dubious ownership",
            "unsafe-repository",
            _("The repository belongs to another user, so git does not trust it."),
            _("If you trust it: git config --global --add safe.directory PATH"),
        ),
        (
            r"[Pp]ermission denied|Operation not permitted|insufficient permission",
            "no-permission",
            _("Permission denied."),
            _("Give yourself the right to write in the repository."),
        ),
        (
            _DAMAGE,
            "corrupt-repository",
            _("The repository is damaged."),
            _("Run `git fsck` to see what is damaged and restore it from another copy."),
        ),
        (
            r"Unable to create '.*\.lock'|cannot lock ref",
            "git-locked",
            _("Another git process holds a lock in the repository."),
            _("Wait for it; if none is running, delete the .lock file that is named."),
        ),
    )

"""Git's and the system's complaints as sentences that name the cause and the next step."""

from __future__ import annotations

import re

from aswiki.errors import Unusable
from aswiki.lang import _

_DAMAGE = (
    r"corrupt|index file smaller|bad (signature|object|tree)|inflate:|missing blob"
    r"|unable to read|hash mismatch|Input/output error"
)

_NOT_LET_IN = (
    r"Authentication failed|could not read (?:Username|Password)|terminal prompts disabled"
    r"|[Pp]ermission denied|Host key verification failed|error: 40[13]|dubious ownership"
    r"|remote error"
)
_OFFLINE = (
    r"[Cc]ould not resolve|[Ff]ailed to connect|[Cc]onnection|timed out|[Uu]nreachable|No route"
    r"|unable to access|RPC failed|hung up|early EOF|[Ee]mpty reply|disconnect|transfer closed"
    r"|Could not read from remote|curl|error: 5\d\d"
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


def remote_refusal(text: str, name: str) -> Unusable:
    """Why a remote of that name could not be read or written, with the next step.

    What the remote's own programs say comes in lines that begin with ``remote:``.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    theirs = [line for line in lines if line.startswith("remote:")]
    ours = "\n".join(line for line in lines if not line.startswith("remote:"))
    rejected = re.search(r"\[remote (?:rejected|failure)\] \(([^\n]*)\)", ours)
    if rejected:
        words = [rejected[1], *(line.removeprefix("remote:").strip() for line in theirs)]
        said = "; ".join(word for word in words if word)
        return Unusable(
            "remote-refused",
            _("{name} does not take it: {said}").format(name=name, said=_printable(said)[:400]),
            _("What you recorded is kept here. Ask whoever keeps {name}.").format(name=name),
        )
    said = _first_line(ours) or _("it gave no reason")
    for pattern, code, cause, hint in _remote_causes():
        if re.search(pattern, ours):
            return Unusable(code, cause.format(name=name, said=said), hint.format(name=name))
    return refusal(ours)


def _printable(text: str) -> str:
    return "".join(c for c in text if c.isprintable())


def _first_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines
    return _printable(telling[0]) if telling else ""


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


def _remote_causes() -> tuple[tuple[str, str, str, str], ...]:
    """Pattern, code, cause and hint, with the blanks ``name`` and ``said``, the surest first."""
    return (
        (
            r"No space left on device|Disk quota exceeded|Read-only file system",
            "disk-full",
            _("There is no room to keep what {name} sends. ({said})"),
            _("Make room, then try again."),
        ),
        (
            r"fsck error|fsck failed|index-pack failed|invalid index-pack|bad pack|pack is corrupt",
            "unsafe-objects",
            _("What {name} sends is damaged or unsafe. ({said})"),
            _("Nothing was taken over. Look there with: git fsck --strict"),
        ),
        (
            _NOT_LET_IN,
            "no-access",
            _("{name} does not let you in. ({said})"),
            _("Try your key or password with: git fetch {name}"),
        ),
        (
            r"[Rr]epository.* not found|not appear to be a git|error: 404|not a git repository",
            "no-repository-there",
            _("There is no repository at the address of {name}. ({said})"),
            _("Look at the address with: git remote get-url {name}"),
        ),
        (
            r"not allowed|unable to find remote helper",
            "unsafe-remote",
            _("The address of {name} is not one to talk to. ({said})"),
            _("Give it another: git remote set-url {name} URL"),
        ),
        (
            _OFFLINE,
            "offline",
            _("{name} cannot be reached. ({said})"),
            _("What you recorded is kept here. Sync again when the network is back."),
        ),
    )

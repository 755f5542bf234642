"""The newest commit that each remote has shown, kept outside of every clone."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from aswiki.errors import AswikiError, Unusable
from aswiki.lang import _
from aswiki.store import files

if TYPE_CHECKING:
    from aswiki.store.git.transport import Remote
    from aswiki.wiki.wiki import Wiki

LARGEST = 64 * 1024
_USER = re.compile(r"(?<=://)[^/@]*@")


def seen(place: Path) -> str | None:
    """The commit that was seen last, None the first time.

    Raises:
        Unusable: what was kept cannot be read.
    """
    if not os.path.lexists(place):
        return None
    try:
        return str(json.loads(files.read_bytes(place, LARGEST))["head"])
    except (AswikiError, OSError, ValueError, TypeError, KeyError) as error:
        raise Unusable(
            "unreadable-state",
            _("What was seen of the remote cannot be read: {path}.").format(path=place),
            _("Bring the file back from a copy, or delete it: then nothing is compared once."),
        ) from error


def keep(place: Path, remote: Remote, head: str) -> None:
    """Remember the commit; no address is written down.

    Raises:
        Unusable: the disk refuses.
    """
    told = {"remote": remote.name, "branch": remote.branch, "head": head}
    files.write_atomic(place, f"{json.dumps(told, indent=2)}\n".encode())


def place(wiki: Wiki, remote: Remote) -> Path:
    """Where what was seen of a remote's branch is kept: one file for all clones of this user."""
    base = os.environ.get("XDG_STATE_HOME", "")
    home = Path(base) if base.startswith("/") else Path.home() / ".local" / "state"
    address = _USER.sub("", remote.url)
    if "://" not in address and ":" not in address.partition("/")[0]:
        address = os.path.normpath(wiki.repository.top / address)
    digest = hashlib.sha256(f"{address}\n{remote.branch}".encode("utf-8", "replace")).hexdigest()
    return home / "aswiki" / "remotes" / f"{digest[:16]}.json"

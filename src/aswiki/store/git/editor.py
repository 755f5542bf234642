"""The user's editor, chosen as git chooses it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from aswiki.errors import Unusable
from aswiki.lang import _


def edit(chosen: str, path: Path) -> None:
    """Open a file in an editor and wait until it is closed.

    Args:
        chosen: what git answers for its editor: a shell command, as in git itself.
        path: the file.

    Raises:
        Unusable: the editor cannot be run or fails.
    """
    command = os.environ.get("GIT_EDITOR") or chosen
    done = subprocess.run(  # noqa: S603 - the user's own setting, run as git runs it
        ["/bin/sh", "-c", f'{command} "$@"', command, str(path)], check=False
    )
    if done.returncode != 0:
        raise Unusable(
            "editor-failed",
            _("The editor {command} failed.").format(command=command),
            _("Set another one: git config --global core.editor …"),
        )

"""What ``verify --live`` says of the working repository: whatever bends or runs in it, by name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from aswiki.evidence.verdict import Finding, finding
from aswiki.lang import _

if TYPE_CHECKING:
    from aswiki.store.git import Repository

_FETCHED = ("extensions.partialclone", ".promisor")


def live(repository: Repository) -> Iterator[Finding]:
    """Each setting, hook and file that runs programs or bends what git reads; none is obeyed."""
    for found in repository.unsafe():
        code = "FETCH" if found.key.endswith(_FETCHED) else "REFS"
        yield finding(code, f"{found.key}: {found.detail}", path=found.key)
    if repository.has_forged_graph():
        detail = _("The commit graph does not show the commits as they are.")
        yield finding("REFS", detail, path="objects/info/commit-graph")
    for hook in _hooks(repository.common_dir / "hooks"):
        detail = _("A hook would run with git's own commands.")
        yield finding("REFS", detail, path=f"hooks/{hook}")
    attributes = repository.common_dir / "info" / "attributes"
    if attributes.is_file() and attributes.read_bytes().strip():
        detail = _("Attributes beside the history change how files are read.")
        yield finding("REFS", detail, path="info/attributes")


def _hooks(folder: Path) -> list[str]:
    """The hooks that would run."""
    if not folder.is_dir():
        return []
    found = (each for each in folder.iterdir() if not each.name.endswith(".sample"))
    return sorted(each.name for each in found if os.access(each, os.X_OK) and not each.is_dir())

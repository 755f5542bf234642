"""Every word to git: the only place of the project where git is run."""

from __future__ import annotations

from aswiki.store.git.draft import Identity, Raced
from aswiki.store.git.history import Commit
from aswiki.store.git.repository import Repository
from aswiki.store.git.safety import Unsafe

__all__ = ["Commit", "Identity", "Raced", "Repository", "Unsafe"]

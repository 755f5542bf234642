"""Where a repository is, found by looking at folders, so that nothing of it is obeyed yet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from aswiki.errors import Unusable
from aswiki.lang import _


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one repository, as seen from one folder in it.

    Attributes:
        folder: the folder asked about, resolved.
        top: the top of the work tree.
        git_dir: the git folder of this work tree.
        common_dir: the git folder that all work trees share.
        prefix: the folder from the top: empty, or names each followed by ``/``.
    """

    folder: Path
    top: Path
    git_dir: Path
    common_dir: Path

    @property
    def prefix(self) -> str:
        """The folder from the top: empty, or names each followed by ``/``."""
        inside = self.folder.relative_to(self.top).as_posix()
        return "" if inside == "." else f"{inside}/"


def find(folder: Path) -> Place | None:
    """The nearest repository that holds the folder, or None.

    Raises:
        Unusable: it is bare, damaged, or its path holds a control character.
    """
    folder = folder.resolve()
    for top in (folder, *folder.parents):
        git_dir = _git_dir(top / ".git")
        if git_dir:
            _require_plain(top)
            return Place(folder, top, git_dir, _common_dir(git_dir))
        if _is_git_dir(top):
            raise Unusable(
                "bare-repository",
                _("{path} is a git folder without a work tree.").format(path=top),
                _("Work in a clone of it: git clone {path}").format(path=top),
            )
    return None


def _git_dir(dot_git: Path) -> Path | None:
    if dot_git.is_file():
        text = dot_git.read_text(encoding="utf-8", errors="surrogateescape")
        named = text.removeprefix("gitdir:").strip()
        git_dir = (dot_git.parent / named).resolve()
        if not text.startswith("gitdir:") or not _is_git_dir(git_dir):
            raise Unusable(
                "broken-repository",
                _("{path} does not lead to a git folder.").format(path=dot_git),
                _("If the main folder was moved, run there: git worktree repair"),
            )
        return git_dir
    return dot_git.resolve() if _is_git_dir(dot_git) else None


def _is_git_dir(folder: Path) -> bool:
    head = folder / "HEAD"
    if not (head.is_file() or head.is_symlink()):
        return False
    common = _common_dir(folder)
    return (common / "objects").is_dir() and (common / "refs").is_dir()


def _common_dir(git_dir: Path) -> Path:
    pointer = git_dir / "commondir"
    if not pointer.is_file():
        return git_dir
    named = pointer.read_text(encoding="utf-8", errors="surrogateescape").strip()
    return (git_dir / named).resolve()


def _require_plain(top: Path) -> None:
    if not str(top).isprintable():
        raise Unusable(
            "unsafe-path",
            _("The folder {path} has a control character in its name.").format(
                path=ascii(str(top))
            ),
            _("Give the folder a plain name."),
        )

"""The repository that holds the wiki: found or made, safe and ready, and committed to."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aswiki.errors import Unusable
from aswiki.lang import _
from aswiki.store.git import draft, editor, place, safety
from aswiki.store.git.joining import Joining
from aswiki.store.git.objects import PLAIN, Entry
from aswiki.store.git.reading import checked
from aswiki.store.git.refusal import refusal
from aswiki.store.git.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from aswiki.store.git.draft import Identity, Put
    from aswiki.store.git.safety import Unsafe

_OPERATIONS = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply/applying": "am",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "BISECT_LOG": "bisect",
}


class Repository(Joining):
    """One git repository: all that can be read of it, and the one way to write to it."""

    @classmethod
    def find(cls, folder: Path) -> Repository | None:
        """The nearest repository that holds the folder, or None.

        Raises:
            Unusable: it is bare or broken.
        """
        found = place.find(folder)
        return cls(found) if found else None

    @classmethod
    def init(cls, folder: Path) -> Repository:
        """A new repository at the folder, on branch main, without sample hooks.

        Raises:
            Unusable: git refuses.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise refusal(error.strerror or str(error)) from error
        top = folder.resolve()
        arguments = ("init", "--quiet", "--template=", "--initial-branch=main", "--", str(top))
        Runner(top).write(*arguments)
        return cls(place.Place(top, top, top / ".git", top / ".git"))

    # --- safety and state ---------------------------------------------------------------

    def unsafe(self) -> list[Unsafe]:
        """What in this repository could run a program or bend what git reads."""
        settings = safety.unsafe_settings(self._local_settings)
        return [*settings, *safety.unsafe_files(self.common_dir)]

    def require_safe(self) -> None:
        """Return when nothing refused is there.

        Raises:
            Unusable: code ``unsafe-repository``, naming the first refused thing and its remedy.
        """
        for found in self.unsafe():
            if found.refused:
                raise Unusable(
                    "unsafe-repository",
                    _("The repository is not safe to write to: {key} ({detail}).").format(
                        key=found.key, detail=found.detail
                    ),
                    safety.remedy(found),
                )

    def busy(self) -> str | None:
        """The git operation that is under way (merge, rebase, …), or None."""
        found = (word for name, word in _OPERATIONS.items() if (self.git_dir / name).exists())
        return next(found, None)

    def require_ready(self, *, during: str | None = None) -> None:
        """Return when a commit can be put on a branch.

        Args:
            during: the operation of git's that may be under way.

        Raises:
            Unusable: code ``git-busy`` or ``detached-head``.
        """
        operation = self.busy()
        if operation and operation != during:
            raise Unusable(
                "git-busy",
                _("A git {operation} is under way.").format(operation=operation),
                _("Finish it, or give it up: git {operation} {word}").format(
                    operation=operation, word="reset" if operation == "bisect" else "--abort"
                ),
            )
        if self.branch() is None:
            raise Unusable(
                "detached-head",
                _("The repository is not on a branch."),
                _("Go to one: git switch main"),
            )

    def branch(self) -> str | None:
        """The full name of the branch HEAD is on, born or not; None when it is detached."""
        text = (self.git_dir / "HEAD").read_text(encoding="utf-8", errors="surrogateescape")
        if text.startswith("ref: refs/heads/") and ".invalid" not in text:
            return text.removeprefix("ref: ").strip()
        answer = self._run.read("symbolic-ref", "--quiet", "HEAD", allowed=(0, 1))
        return answer.out.decode("utf-8", "surrogateescape").strip() or None

    def settings(self) -> dict[str, str]:
        """The user's and the repository's settings together, the last of each key.

        Raises:
            Unusable: code ``unsafe-repository``, since a refused include would be read.
        """
        self.require_safe()
        return self._settings

    def configure(self, settings: Mapping[str, str]) -> None:
        """Write settings into the repository's own file.

        Raises:
            Unusable: the repository is unsafe, or git refuses.
        """
        self.require_safe()
        for key, value in settings.items():
            self._run.write("config", "--local", "--replace-all", key, value)
        self._forget_settings()

    @contextmanager
    def configured(self, settings: Mapping[str, str]) -> Iterator[None]:
        """Write settings as ``configure`` does, and put the old ones back if what follows fails."""
        self.require_safe()
        before = dict(self._local_settings)
        try:
            self.configure(settings)
            yield
        except BaseException:
            for key in settings:
                old = before.get(key.lower())
                words = ("--unset-all", key) if old is None else ("--replace-all", key, old)
                self._run.write("config", "--local", *words, allowed=(0, 5))
            self._forget_settings()
            raise

    def identity(self) -> Identity:
        """Who commits: git's settings, and the environment only where these are silent.

        Raises:
            Unusable: code ``no-identity``; a name is never made up.
        """
        return draft.identity(self.settings(), os.environ)

    def edit(self, path: Path) -> None:
        """Open a file in the user's editor and wait.

        Raises:
            Unusable: git knows no editor, or it fails.
        """
        answer = self._run.read("var", "GIT_EDITOR", allowed=(0, 1))
        editor.edit(answer.out.decode("utf-8", "surrogateescape").strip() or "vi", path)

    # --- reading ------------------------------------------------------------------------

    def bundle(self, ref: str, path: Path, *, is_small: bool = True) -> None:
        """Write a whole branch into one file, from which git can fetch.

        It holds the objects as they are: grafts and a cut-off end do not count.

        Args:
            ref: the branch's full name.
            path: of the file, absolute.
            is_small: whether time is spent on making it small.

        Raises:
            Damaged: objects are missing or damaged.
            Unusable: there is no such branch, or the disk refuses.
        """
        from aswiki.store.git.quarantine import damage

        plain = {"GIT_GRAFT_FILE": os.devnull, "GIT_SHALLOW_FILE": ""}
        quick = () if is_small else ("-c", "pack.window=0")
        words = (*quick, "bundle", "create", "--quiet", str(path), checked(ref))
        answer = self._run.write(*words, allowed=range(256), extra=plain)
        if answer.code:
            raise damage(answer.err)

    def has_forged_graph(self) -> bool:
        """Whether a commit graph is there that says something else than the commits do."""
        info = self.common_dir / "objects" / "info"
        if not any((info / name).exists() for name in ("commit-graph", "commit-graphs")):
            return False
        return self._run.read("commit-graph", "verify", allowed=range(256)).code != 0

    def is_torn(self, ref: str) -> bool:
        """Whether a branch is there and names no commit that is."""
        packed = self.common_dir / "packed-refs"
        loose = (self.common_dir / ref).is_file()
        listed = packed.is_file() and f" {ref}\n".encode() in packed.read_bytes()
        return (loose or listed) and self.resolve(ref) is None

    # --- writing ------------------------------------------------------------------------

    def desk(self) -> AbstractContextManager[Path]:
        """A private folder in the git folder, gone at the end or with the next commit.

        Raises:
            Unusable: it cannot be made.
        """
        from aswiki.store.git import index

        return index.desk(self.git_dir)

    def commit(
        self,
        changes: Mapping[str, bytes | None],
        message: str,
        identity: Identity,
        at: datetime,
        expected_head: str | None,
        sign: bool | None = None,
    ) -> str:
        """Record the changes as one commit on the branch of HEAD; its full name.

        No filter, hook or other program of the repository runs, the work tree is not touched,
        and the user's index is refreshed for exactly these paths.

        Args:
            changes: the whole new bytes a path, or None where it goes away.
            message: the message, trailers included.
            identity: the author and committer.
            at: the moment of both, aware.
            expected_head: the commit the changes were made from, None on an unborn branch.
            sign: whether to sign with the user's SSH key; None follows the settings.

        Raises:
            Raced: HEAD has moved on; nothing was recorded.
            BadInput: a path cannot be in a commit, or nothing would change.
            Unusable: unsafe, busy or locked repository, no key, full disk; nothing was recorded.
        """
        from aswiki.store.git import writing  # what only a write needs stays out of every read

        self.require_ready()
        settings = self.settings()
        meant = draft.Draft(
            changes={f"{self.prefix}{path}": data for path, data in changes.items()},
            message=message.rstrip("\n") + "\n",
            identity=identity,
            at=at,
            parent=expected_head,
            signed=draft.signs(settings, sign),
            algorithm=self._algorithm,
        )
        return writing.commit(self._run, self.git_dir, meant, self._behind)

    def join(
        self,
        entries: Mapping[str, Put],
        message: str,
        identity: Identity,
        at: datetime,
        parents: tuple[str, str],
        *,
        sign: bool | None = None,
        during: str | None = None,
    ) -> str:
        """Record the merge of two commits on the branch of HEAD; its full name.

        As with ``commit``, no program of the repository runs and the work tree is not touched.

        Args:
            entries: what differs from the first parent, by its path from the top of the work tree.
            message: the message, trailers included.
            identity: the author and committer.
            at: the moment of both, aware.
            parents: the commit HEAD is at, and the one to join to it.
            sign: whether to sign with the user's SSH key; None follows the settings.
            during: the operation of git's that may be under way.

        Raises:
            Raced: HEAD has moved on; nothing was recorded.
            BadInput: a path cannot be in a commit.
            Unusable: unsafe, busy or locked repository, no key, full disk; nothing was recorded.
        """
        from aswiki.store.git import writing

        self.require_ready(during=during)
        meant = draft.Draft(
            changes=entries,
            message=message.rstrip("\n") + "\n",
            identity=identity,
            at=at,
            parent=parents[0],
            signed=draft.signs(self.settings(), sign),
            algorithm=self._algorithm,
            other=parents[1],
        )
        return writing.commit(self._run, self.git_dir, meant, self._behind)

    def go_to(self, new: str, old: str, entries: Mapping[str, Entry | None]) -> None:
        """Put the branch of HEAD from one commit on another; the work tree is not touched.

        Args:
            new: the commit to go to.
            old: the commit it is at.
            entries: what differs between the two, by its path from the top of the work tree.

        Raises:
            Raced: HEAD is not at the old commit; nothing has moved.
            Unusable: unsafe, busy or locked repository, full disk; nothing has moved.
        """
        from aswiki.store.git import writing

        self.require_ready()
        self.require_safe()
        writing.move(self._run, self.git_dir, new, old, dict(entries), self._behind)

    def heal(self) -> bool:
        """Finish what a writer that died left; whether there was anything.

        Raises:
            Unusable: the repository is unsafe or its index is held by another git.
        """
        from aswiki.store.git import writing

        self.require_safe()
        return writing.heal(self._run, self.git_dir, self._behind)

    def clear_dead_locks(self, since: float) -> list[Path]:
        """Remove the locks of HEAD and its branch that a writer of ours left; those removed.

        Args:
            since: when that writer began, seconds since the epoch. It must be dead, and its right
                to write must be ours.
        """
        from aswiki.store.git import leftover

        branch = self.branch()
        locks = [self.git_dir / "HEAD.lock"]
        if branch is not None:
            locks.append(self.common_dir / f"{branch}.lock")
        return leftover.clear(locks, since)

    def _behind(self) -> dict[str, Entry | None]:
        """Where the index is not as the last commit has it and the work tree is."""
        if self.head() is None:
            return {}
        staged, committed = self.staged(), self.tree("HEAD")
        found: dict[str, Entry | None] = {}
        for path in {*staged, *committed}:
            blob = committed.get(path)
            if staged.get(path) != blob and self._blob_id(path) == blob:
                found[f"{self.prefix}{path}"] = Entry(PLAIN, blob) if blob else None
        return found

"""The use case ``sync``: what the remote has is joined with ours, and ours is put there."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from aswiki.errors import AswikiError, Unusable
from aswiki.lang import _
from aswiki.store.git import Raced
from aswiki.store.lock import Lock
from aswiki.wiki.saving import writing
from aswiki.wiki.sharing import landing, remote_heads
from aswiki.wiki.sharing.synced import Shares, Synced, shares
from aswiki.wiki.sharing.uniting import Union

if TYPE_CHECKING:
    from pathlib import Path

    from aswiki.store.git.transport import Remote
    from aswiki.wiki.sharing.joining import Conflict, Plan
    from aswiki.wiki.wiki import Wiki

LOCK, DONE = "aswiki-sync.lock", "aswiki-synced"
TRIES = 50
POLITE = 2  # so many attempts let others of this clone write meanwhile
FRESH_SECONDS = 1.0
SHORT = 10


def wait(attempt: int) -> None:
    """Let the others go first: a while that grows with each attempt, and differs for everybody."""
    time.sleep(random.uniform(0.02, min(1.0, 0.1 * 2**attempt)))  # noqa: S311 - no secret


def sync(
    wiki: Wiki,
    name: str | None = None,
    *,
    dry_run: bool = False,
    pause: Callable[[int], None] = wait,
) -> Synced:
    """Fetch, join and push; again where somebody was faster.

    Args:
        wiki: the open wiki.
        name: of the remote; None for the branch's own.
        dry_run: whether nothing is written, here or there; what is there is fetched all the same.
        pause: what to do before the next attempt, told how many there were.

    Raises:
        BadInput: there is no remote of that name.
        Unusable: there is no remote, it cannot be reached, refuses, has lost history or has another
            one; a file that came has uncommitted hand edits; others kept being faster.
    """
    repository = wiki.repository
    repository.require_safe()
    repository.require_ready()
    branch, head = repository.branch() or "", repository.head()
    remote = repository.remote(name, branch)
    if head is None:
        raise Unusable("no-commits", _("Nothing is recorded yet."), _("Record something first."))
    place, asked = repository.git_dir / LOCK, time.time()
    is_at_it = _is_fresh(place)
    with Lock(place):
        trip = _Trip(wiki, remote, repository.head() or head, dry_run=dry_run)
        if trip.is_done_since(asked, head):
            return trip.nothing()
        try:
            if is_at_it:
                pause(POLITE)  # whoever has just synced gives the other clones a turn
            for attempt in range(TRIES):
                found = trip.go() if attempt < POLITE else trip.go_alone()
                if found is not None:
                    return found
                pause(attempt)
        finally:
            repository.forget_fetched()
    raise Unusable(
        "raced",
        _("Others kept being faster; nothing went to {remote}.").format(remote=remote.name),
        _("What came is joined here already. Sync again in a while."),
    )


def _is_fresh(place: Path) -> bool:
    """Whether another sync of this clone is under way, or has only just ended."""
    with suppress(OSError):
        return time.time() - place.stat().st_mtime < FRESH_SECONDS
    return False


class _Trip:
    """One sync, with all its attempts."""

    def __init__(self, wiki: Wiki, remote: Remote, start: str, *, dry_run: bool) -> None:
        self._wiki = wiki
        self._repository = wiki.repository
        self._remote = remote
        self._start = start
        self._dry_run = dry_run
        self._union = Union(wiki, remote)
        self._began = time.time()

    def is_done_since(self, asked: float, head: str) -> bool:
        """Whether another sync of this clone did it all while we waited for our turn.

        Args:
            asked: when we came, seconds since the epoch.
            head: where our branch was then.
        """
        with suppress(OSError, ValueError):
            began, words = self._note.read_text(encoding="utf-8").split(" ", 1)
            if asked <= float(began) <= time.time() and words == self._remote.words:
                return self._repository.leads_to(head, self._remote.tracking)
        return False

    def nothing(self) -> Synced:
        """That nothing is left to do."""
        branch = self._remote.branch.removeprefix("refs/heads/")
        return Synced(self._remote.name, branch, dry_run=self._dry_run)

    @property
    def _note(self) -> Path:
        """The file that says when the last sync of this clone began that did all it could."""
        return self._repository.git_dir / DONE

    def go(self) -> Synced | None:
        """Fetch, join and push once; None where somebody was faster."""
        self._began = time.time()
        tip = self._fetched()
        plan = self._union.plan(tip) if self._dry_run else None
        try:
            conflicts = plan.conflicts if plan else self._union.unite(tip)
        except Raced:  # a plain git commit here
            return None
        head = self._repository.head() or self._start
        if plan is not None:
            return self._said(tip, head, conflicts, plan)
        is_there = tip == head or (not conflicts and self._repository.push(self._remote, head))
        reached = head if is_there else tip
        if reached is not None:
            self._keep(reached)
        if conflicts:
            return self._said(tip, head, conflicts, None)
        if not is_there:
            return None
        with suppress(OSError):
            self._note.write_text(f"{self._began:.6f} {self._remote.words}", encoding="utf-8")
        said = self._said(tip, head, (), None)
        warnings = self._anchored(head)
        now = self._repository.head()
        moved = now if now != head else said.commit
        return replace(said, commit=moved, warnings=[*said.warnings, *warnings])

    def go_alone(self) -> Synced | None:
        """The same while nobody else writes here, so that little time passes before the push."""
        with writing(self._wiki):
            return self.go()

    # --- the remote -----------------------------------------------------------------------------

    @property
    def _place(self) -> Path:
        return remote_heads.place(self._wiki, self._remote)

    def _fetched(self) -> str | None:
        """The remote's newest commit, after a look at whether it has lost what it showed before."""
        repository, remote = self._repository, self._remote
        # read before the fetch: another clone of ours may see more in the meantime
        known = {remote_heads.seen(self._place), repository.resolve(remote.tracking)} - {None}
        tip = repository.fetch(remote)
        for old in sorted(filter(None, known)):
            if tip is None or not repository.leads_to(old, tip):
                raise self._lost(old)
        return tip

    def _keep(self, commit: str) -> None:
        self._repository.keep_tracking(self._remote, commit)
        remote_heads.keep(self._place, self._remote, commit)

    def _lost(self, old: str) -> Unusable:
        return Unusable(
            "lost-history",
            _("{remote} has lost history that it had shown: {commit} is gone from it.").format(
                remote=self._remote.words, commit=old[:SHORT]
            ),
            _(
                "Nothing was taken over. Ask who rewrote it. If that was meant: git fetch {name}, "
                "look at what came, and delete {path}."
            ).format(name=self._remote.name, path=self._place),
        )

    # --- what is said ---------------------------------------------------------------------------

    def _said(
        self,
        tip: str | None,
        head: str,
        conflicts: Sequence[Conflict],
        plan: Plan | None,
    ) -> Synced:
        stays = bool(conflicts) or plan is not None
        came = shares(self._wiki, f"{self._start}..{tip}") if tip else Shares()
        went = shares(self._wiki, f"{tip}..{head}" if tip else head)
        would_merge = plan is not None and bool(came.commits and went.commits) and not conflicts
        return Synced(
            remote=self._remote.name,
            branch=self._remote.branch.removeprefix("refs/heads/"),
            fetched=came.commits,
            pushed=0 if conflicts else went.commits,
            merged=self._union.is_merged or would_merge,
            commit=head if head != self._start and not stays else None,
            came=came.shares,
            went=() if conflicts else went.shares,
            conflicts=conflicts,
            warnings=[
                *self._union.warnings,
                *(self._notes(plan) if plan else ()),
                *self._untouched(),
            ],
            dry_run=self._dry_run,
        )

    def _notes(self, plan: Plan) -> list[str]:
        return [*(f"{first.note}." for first in plan.first), *plan.notes]

    def _untouched(self) -> list[str]:
        """That hand edits stayed where they are."""
        edited = [path for path in self._repository.edited() if _is_ours(path)]
        if not edited:
            return []
        more = "" if len(edited) <= landing.NAMED else " …"
        said = _("Not committed, so left here as it is: {paths}. Take it in: aswiki commit")
        return [said.format(paths=", ".join(edited[: landing.NAMED]) + more)]

    def _anchored(self, head: str) -> list[str]:
        """Make the day's anchor where ``[anchor]`` asks for it, and put it there too.

        An anchor that does not get there first is taken back before anybody has seen its receipt:
        two of one number could never be joined.
        """
        if "anchor" not in self._wiki.settings:
            return []
        from aswiki.wiki.proof import anchoring

        with writing(self._wiki):  # nothing may come upon an anchor that may be taken back
            said = anchoring.occasion(self._wiki, "daily")
            made = self._repository.head()
            if made is None or made == head:
                return said
            why = self._put_there(made)
            if why:
                self._union.forward(made, head)
                said.append(_("No anchor was made: {message}").format(message=why))
            return said

    def _put_there(self, commit: str) -> str:
        """Push a commit; why it did not get there, or an empty text."""
        try:
            if self._repository.push(self._remote, commit):
                self._keep(commit)
                return ""
            return _("Another commit came in between.")
        except AswikiError as error:
            return error.message


def _is_ours(path: str) -> bool:
    from aswiki.evidence.shape import is_ours
    from aswiki.wiki.wiki import PEOPLE, SETTINGS

    return path in {PEOPLE, SETTINGS} or is_ours(path)

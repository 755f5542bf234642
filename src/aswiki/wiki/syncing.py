"""The use case ``sync``: what the remote has is joined with ours, and ours is put there."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from aswiki.domain import records
from aswiki.errors import AswikiError, Unusable
from aswiki.lang import _
from aswiki.store.lock import Lock
from aswiki.wiki import joining, landing, remote_heads, signing
from aswiki.wiki.joining import Conflict
from aswiki.wiki.saving import Change, Operation, message, save, writing

if TYPE_CHECKING:
    from pathlib import Path

    from aswiki.store.git.transport import Remote
    from aswiki.wiki.wiki import Wiki

LOCK = "aswiki-sync.lock"
TRIES = 20
POLITE = 2  # so many attempts let others of this clone write meanwhile
STEPS = 4
OP = "merge"
SHORT = 10
TOLERANCE = timedelta(minutes=5)
"""By so much may honest clocks differ; as in evidence.dates."""


@dataclass(frozen=True)
class Share:
    """What came or went of one customer; lessons and products have None.

    Args:
        customer: the slug.
        records: how many records changed.
        by: the names of who changed them, sorted.
    """

    customer: str | None
    records: int
    by: tuple[str, ...]


@dataclass(frozen=True)
class Synced:
    """What a sync did, or would do.

    Args:
        remote: its name.
        branch: the branch there, without refs/heads/.
        fetched: how many commits came.
        pushed: how many went.
        merged: whether the two sides had to be joined by a commit.
        commit: where our branch is now; None where it did not move.
        came: what came, by customer.
        went: what went, by customer.
        conflicts: what a person has to decide; nothing was joined and nothing went then.
        warnings: sentences to look at.
        dry_run: whether nothing was written.
    """

    remote: str
    branch: str
    fetched: int = 0
    pushed: int = 0
    merged: bool = False
    commit: str | None = None
    came: Sequence[Share] = ()
    went: Sequence[Share] = ()
    conflicts: Sequence[Conflict] = ()
    warnings: Sequence[str] = field(default=())
    dry_run: bool = False

    @property
    def words(self) -> str:
        """Remote and branch as git takes them."""
        return f"{self.remote}/{self.branch}"


def wait(attempt: int) -> None:
    """Let the others go first: a while that grows with each attempt, and differs for everybody."""
    time.sleep(random.uniform(0.02, min(2.0, 0.1 * 2**attempt)))  # noqa: S311 - no secret


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
    with Lock(repository.git_dir / LOCK):
        try:
            trip = _Trip(wiki, remote, repository.head() or head, dry_run=dry_run)
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


class _Trip:
    """One sync, with all its attempts."""

    def __init__(self, wiki: Wiki, remote: Remote, start: str, *, dry_run: bool) -> None:
        self._wiki = wiki
        self._repository = wiki.repository
        self._remote = remote
        self._start = start
        self._dry_run = dry_run
        self._merged = False
        self._warnings: list[str] = []

    def go(self) -> Synced | None:
        """Fetch, join and push once; None where somebody was faster."""
        tip = self._fetched()
        plan = self._planned(tip) if self._dry_run else None
        conflicts = plan.conflicts if plan else self._joined(tip)
        head = self._repository.head() or self._start
        if conflicts or plan is not None:
            return self._said(tip, head, conflicts, plan)
        if tip != head and not self._repository.push(self._remote, head):
            return None
        if tip != head:
            self._keep(head)
        said = self._said(tip, head, (), None)
        return replace(said, warnings=[*said.warnings, *self._anchored(head)])

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
        if tip is not None and not self._dry_run:
            self._keep(tip)
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

    # --- joining --------------------------------------------------------------------------------

    def _planned(self, tip: str | None) -> joining.Plan:
        """What a sync would do here; nothing is written."""
        head = self._repository.head() or self._start
        if tip is None or self._repository.leads_to(tip, head):
            return joining.Plan()
        if self._repository.leads_to(head, tip):
            return joining.Plan(entries=joining.forward(self._wiki, head, tip))
        return joining.plan(self._wiki, head, tip, self._bases(head, tip))

    def _joined(self, tip: str | None) -> Sequence[Conflict]:
        """Bring our branch to hold what came; what a person has to decide first."""
        if tip is None:
            return ()
        with writing(self._wiki):
            for _step in range(STEPS):
                head = self._repository.head() or self._start
                if self._repository.leads_to(tip, head):
                    return ()
                if self._repository.leads_to(head, tip):
                    self._forward(head, tip)
                    return ()
                plan = joining.plan(self._wiki, head, tip, self._bases(head, tip))
                if plan.conflicts:
                    return plan.conflicts
                if not plan.first:
                    self._merge(head, tip, plan)
                    return ()
                for first in plan.first:
                    self._do(first)
        raise Unusable(
            "not-joined",
            _("The two sides could not be joined."),
            _("Join them by hand: git merge --no-commit {remote}, then aswiki commit.").format(
                remote=self._remote.words
            ),
        )

    def _bases(self, head: str, tip: str) -> list[str]:
        found = self._repository.bases(head, tip)
        if not found:
            raise Unusable(
                "unrelated",
                _("{remote} has another history: the two never were together.").format(
                    remote=self._remote.words
                ),
                _("Look at the address with: git remote get-url {name}").format(
                    name=self._remote.name
                ),
            )
        return found

    def _forward(self, head: str, tip: str) -> None:
        """Follow a remote that only went on from where we are."""
        puts = joining.forward(self._wiki, head, tip)
        entries = {path: put for path, put in puts.items() if not isinstance(put, bytes)}
        with landing.on_disk(self._wiki, puts, head, lambda: self._repository.head() == tip):
            self._repository.go_to(tip, head, entries)

    def _do(self, first: joining.First) -> None:
        """Make one change of our own that the merge needs."""
        from aswiki.wiki import renaming
        from aswiki.wiki.drafting import Asked

        self._warnings.append(f"{first.note}.")
        if first.after is None:
            old, new = (records.reference(path) for path in (first.path, first.new_path))
            renaming.move(self._wiki, old, new, Asked(), Operation("rename", ""))
            return
        before = self._wiki.bytes_of(first.path)
        about = records.reference(first.path)
        operation = Operation("update", f"update: {about}, before joining {self._remote.words}")
        save(self._wiki, [Change(first.path, before, first.after)], operation)

    def _merge(self, head: str, tip: str, plan: joining.Plan) -> None:
        wiki, repository = self._wiki, self._repository
        identity = repository.identity()
        sign = required(wiki, plan.both, tip)
        now = wiki.now()
        if sign:
            _require_later(now, repository.log(rev=tip, limit=1)[0].at, self._remote)
        came = repository.log(rev=f"{head}..{tip}")
        names = ", ".join(sorted({commit.name for commit in came}))
        subject = f"merge({self._remote.words}): {len(came)} commits by {names}"
        text = message(wiki, plan.both, Operation(OP, subject))

        def is_done() -> bool:
            found = repository.head()
            return found is not None and found != head and repository.leads_to(tip, found)

        with landing.on_disk(wiki, plan.entries, head, is_done):
            repository.join(plan.entries, text, identity, now, (head, tip), sign=sign)
        self._warnings += plan.notes
        self._merged = True

    # --- what is said ---------------------------------------------------------------------------

    def _said(
        self,
        tip: str | None,
        head: str,
        conflicts: Sequence[Conflict],
        plan: joining.Plan | None,
    ) -> Synced:
        stays = bool(conflicts) or plan is not None
        came = _shares(self._wiki, f"{self._start}..{tip}") if tip else _Shares()
        went = _shares(self._wiki, f"{tip}..{head}" if tip else head)
        would_merge = plan is not None and bool(came.commits and went.commits) and not conflicts
        return Synced(
            remote=self._remote.name,
            branch=self._remote.branch.removeprefix("refs/heads/"),
            fetched=came.commits,
            pushed=0 if conflicts else went.commits,
            merged=self._merged or would_merge,
            commit=head if head != self._start and not stays else None,
            came=came.shares,
            went=() if conflicts else went.shares,
            conflicts=conflicts,
            warnings=[*self._warnings, *(self._notes(plan) if plan else ()), *self._untouched()],
            dry_run=self._dry_run,
        )

    def _notes(self, plan: joining.Plan) -> list[str]:
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
        from aswiki.wiki import anchoring

        said = anchoring.occasion(self._wiki, "daily")
        made = self._repository.head()
        if made is None or made == head:
            return said
        try:
            if self._repository.push(self._remote, made):
                self._keep(made)
                return said
            why = _("Another commit came in between.")
        except AswikiError as error:
            why = error.message
        with writing(self._wiki):
            self._forward(made, head)
        return [*said, _("No anchor was made: {message}").format(message=why)]


@dataclass(frozen=True)
class _Shares:
    """How many commits, and what of each customer they changed."""

    commits: int = 0
    shares: tuple[Share, ...] = ()


def _shares(wiki: Wiki, rev: str) -> _Shares:
    commits = wiki.repository.log(rev=rev)
    if not commits:
        return _Shares()
    changed: dict[str | None, set[str]] = {}
    names: dict[str | None, set[str]] = {}
    for path, found in wiki.repository.commits_by_path(rev).items():
        if records.type_of(path) is not None:
            customer = records.customer_of(records.reference(path))
            changed.setdefault(customer, set()).add(path)
            names.setdefault(customer, set()).update(commit.name for commit in found)
    order = sorted(changed, key=lambda customer: (customer is None, customer or ""))
    shares = [Share(each, len(changed[each]), tuple(sorted(names[each]))) for each in order]
    return _Shares(len(commits), tuple(shares))


def _is_ours(path: str) -> bool:
    from aswiki.evidence.shape import is_ours
    from aswiki.wiki.wiki import PEOPLE, SETTINGS

    return path in {PEOPLE, SETTINGS} or is_ours(path)


def required(wiki: Wiki, both: Sequence[Change], other: str) -> bool | None:
    """Whether the merge with another commit must be signed; None where git's settings decide.

    Raises:
        Unusable: it must be, and the writer's key is missing or not allowed.
    """
    repository = wiki.repository
    identity = repository.identity()
    sign = signing.required(wiki, both, identity)
    raw = repository.blob(other, signing.SIGNERS)
    if sign is None and raw is not None:
        signing.require_allowed(repository, raw, identity, wiki.now())
        return True
    return sign


def _require_later(now: datetime, theirs: datetime, remote: Remote) -> None:
    """Refuse a merge that would say it is older than what it joins: no proof survives that."""
    if now >= theirs - TOLERANCE:
        return
    raise Unusable(
        "clock",
        _("The newest commit of {remote} says {theirs}, and here it is {now}.").format(
            remote=remote.words,
            theirs=theirs.isoformat(timespec="seconds"),
            now=now.isoformat(timespec="seconds"),
        ),
        _("One of the two clocks is wrong: set it right, or wait until that time has passed."),
    )

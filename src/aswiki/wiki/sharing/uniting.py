"""Our branch comes to hold what a remote has: followed, or joined by one commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from aswiki.domain import records
from aswiki.errors import Unusable
from aswiki.lang import _
from aswiki.wiki.proof import signing
from aswiki.wiki.saving import Change, Operation, message, save, writing
from aswiki.wiki.sharing import joining, landing

if TYPE_CHECKING:
    from aswiki.store.git.transport import Remote
    from aswiki.wiki.wiki import Wiki

OP = "merge"
STEPS = 4
TOLERANCE = timedelta(minutes=5)
"""By so much may honest clocks differ; as in evidence.dates."""


class Union:
    """The wiki's branch and what came from a remote.

    Attributes:
        is_merged: whether a merge was recorded.
        warnings: sentences about what was done.
    """

    def __init__(self, wiki: Wiki, remote: Remote) -> None:
        self._wiki = wiki
        self._repository = wiki.repository
        self._remote = remote
        self.is_merged = False
        self.warnings: list[str] = []

    def plan(self, tip: str | None) -> joining.Plan:
        """What a sync would do here; nothing is written.

        Args:
            tip: the remote's commit; None where it has none.
        """
        head = self._repository.head() or ""
        bases = self._bases(head, tip) if tip is not None else []
        if tip is None or bases == [tip]:
            return joining.Plan()
        if bases == [head]:
            return joining.Plan(entries=joining.forward(self._wiki, head, tip))
        return joining.plan(self._wiki, head, tip, bases)

    def unite(self, tip: str | None) -> Sequence[joining.Conflict]:
        """Bring our branch to hold what came; what a person has to decide first.

        Raises:
            Raced: a plain git commit came in between; nothing was joined.
            Unusable: another history, hand edits in what came, or the writer may not sign.
        """
        if tip is None:
            return ()
        with writing(self._wiki):
            for _step in range(STEPS):
                head = self._repository.head() or ""
                bases = self._bases(head, tip)
                if bases == [tip]:
                    return ()
                if bases == [head]:
                    self.forward(head, tip)
                    return ()
                plan = joining.plan(self._wiki, head, tip, bases)
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

    def forward(self, head: str, tip: str) -> None:
        """Put our branch from one commit on another that holds no change of ours to keep."""
        puts = joining.forward(self._wiki, head, tip)
        entries = {path: put for path, put in puts.items() if not isinstance(put, bytes)}
        with landing.on_disk(self._wiki, puts, head, lambda: self._repository.head() == tip):
            self._repository.go_to(tip, head, entries)

    def _do(self, first: joining.First) -> None:
        """Make one change of our own that the merge needs."""
        from aswiki.wiki import renaming
        from aswiki.wiki.drafting import Asked

        self.warnings.append(f"{first.note}.")
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
        self.warnings += plan.notes
        self.is_merged = True


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

"""What a sync did, as values: what came and went by customer, and what is left to people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aswiki.domain import records

if TYPE_CHECKING:
    from aswiki.wiki.sharing.joining import Conflict
    from aswiki.wiki.wiki import Wiki


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


@dataclass(frozen=True)
class Shares:
    """How many commits, and what of each customer they changed.

    Args:
        commits: how many.
        shares: one a customer, lessons and products last.
    """

    commits: int = 0
    shares: tuple[Share, ...] = ()


def shares(wiki: Wiki, rev: str) -> Shares:
    """What a range of commits changed, by customer; what a merge brought is its commits'."""
    commits = wiki.repository.log(rev=rev)
    if not commits:
        return Shares()
    changed: dict[str | None, set[str]] = {}
    names: dict[str | None, set[str]] = {}
    for path, found in wiki.repository.commits_by_path(rev).items():
        if records.type_of(path) is not None:
            customer = records.customer_of(records.reference(path))
            changed.setdefault(customer, set()).add(path)
            names.setdefault(customer, set()).update(commit.name for commit in found)
    order = sorted(changed, key=lambda customer: (customer is None, customer or ""))
    shares = [Share(each, len(changed[each]), tuple(sorted(names[each]))) for each in order]
    return Shares(len(commits), tuple(shares))

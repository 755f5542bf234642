"""The use case ``merits``: one colleague's record of work since a day."""

from __future__ import annotations

from aswiki.domain.reports.merits import merits as told
from aswiki.domain.reports.period import Period
from aswiki.domain.times import when
from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.wiki.papers.overview import Overview, colleague
from aswiki.wiki.papers.paper import Paper, paper
from aswiki.wiki.papers.snapshot import Progress, Snapshot
from aswiki.wiki.wiki import Wiki


def merits(
    wiki: Wiki,
    owner: str,
    since: str,
    *,
    as_of: str | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Paper:
    """What the records show of a colleague's work.

    Args:
        wiki: the open wiki.
        owner: a person as typed.
        since: the first day, as typed.
        as_of: a day or a revision as typed; None for the folder as it is.
        progress: told how many files are done, and of how many.

    Raises:
        BadInput: the day is unclear or lies ahead, or the person's name is empty.
        NotFound: no such person or revision.
        Unusable: ``as_of`` without a repository.
    """
    first = when.day(since, wiki.now(), wiki.zone)
    overview = Overview(Snapshot(wiki, (), as_of, progress))
    today = overview.world.today
    if first > today:
        raise BadInput(
            "since-ahead",
            _("{day} lies ahead.").format(day=first.isoformat()),
            _("Give a day that has passed: --since 2026-01-01"),
        )
    own = colleague(overview, owner)
    period = Period.of_days(first, today, overview.world.zone, overview.world.now)
    found = told(own, period, overview.world, overview.ledgers)
    return paper(overview, "merits", own, found)

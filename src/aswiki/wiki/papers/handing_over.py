"""The use case ``handover``: what the successor of a colleague must know on Monday morning."""

from __future__ import annotations

from aswiki.domain.readers.narrowing import TEAM
from aswiki.domain.reports.handover import handover as told
from aswiki.wiki.papers.overview import Overview, colleague
from aswiki.wiki.papers.paper import Paper, paper
from aswiki.wiki.papers.snapshot import Progress, Snapshot
from aswiki.wiki.wiki import Wiki


def handover(
    wiki: Wiki,
    owner: str,
    *,
    as_of: str | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Paper:
    """Everything that is in a colleague's hands, the most urgent first.

    Args:
        wiki: the open wiki.
        owner: a person as typed.
        as_of: a day or a revision as typed; None for the folder as it is.
        progress: told how many files are done, and of how many.

    Raises:
        BadInput: the person's name is empty.
        NotFound: no such person or revision.
        Unusable: ``as_of`` without a repository.
    """
    overview = Overview(Snapshot(wiki, (), as_of, progress))
    own = colleague(overview, owner)
    sights = {slug: overview.sight(slug, TEAM) for slug in overview.profiles()}
    return paper(overview, "handover", own, told(own, overview.world, overview.ledgers, sights))

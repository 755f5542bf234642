"""The use case ``brief``: one page about a customer before a meeting."""

from __future__ import annotations

from aswiki.domain.reports.brief import READERS
from aswiki.domain.reports.brief import brief as told
from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.wiki import lookup
from aswiki.wiki.papers.overview import Overview
from aswiki.wiki.papers.paper import Paper, paper
from aswiki.wiki.papers.snapshot import Progress, Snapshot
from aswiki.wiki.wiki import Wiki


def brief(
    wiki: Wiki,
    customer: str,
    *,
    reader: str = READERS[0],
    as_of: str | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Paper:
    """The page of a customer, for our own team or for product.

    Args:
        wiki: the open wiki.
        customer: as typed.
        reader: a reader's key or label.
        as_of: a day or a revision as typed; None for the folder as it is.
        progress: told how many files are done, and of how many.

    Raises:
        NotFound: no such customer or revision.
        BadInput: there is no brief for that reader.
        Unusable: ``as_of`` without a repository.
    """
    own = lookup.customer(wiki, customer)
    key = wiki.vocabulary.key("reader", reader)
    if key not in READERS:
        raise BadInput(
            "no-such-brief",
            _("There is no brief for {reader}.").format(reader=reader),
            _("A brief is for: {choices}.").format(choices=", ".join(READERS)),
        )
    overview = Overview(Snapshot(wiki, [own], as_of, progress))
    page = told(overview.sight(own, key), overview.world.claims(own))
    return paper(overview, "brief", own, {"for": key} | page)

"""A review as one comment under a pull request: what is wrong, then what changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from aswiki.domain.vocabulary import DEFAULT, Vocabulary
from aswiki.lang import _
from aswiki.render import changes, problems

if TYPE_CHECKING:
    from aswiki.domain.changes.comparison import Comparison
    from aswiki.domain.problem import Problem

MARKER = "<!-- aswiki-review -->"
"""The comment's first line, by which it is found again and written anew; nobody sees it."""

LIMIT = 60_000
"""A comment has fewer characters; hosts refuse those beyond 65,536."""

_WRONG = 30_000  # so many for what is wrong, so that something is left for what changed


def comment(
    wrong: Iterable[Problem],
    comparison: Comparison,
    prefix: str = "",
    vocabulary: Vocabulary = DEFAULT,
) -> str:
    """The review as Markdown, fewer than ``LIMIT`` characters; nothing of a record is markup.

    Args:
        wrong: the problems, sorted.
        comparison: what changed.
        prefix: the wiki's folder from the top of the repository.
        vocabulary: the wiki's words.
    """
    found = list(wrong)
    failing = {problem.path for problem in found if problem.level == "error"}
    found.sort(key=lambda problem: problem.path not in failing)
    title, nothing, changed = _("Review of the wiki"), _("Nothing is wrong."), _("What changed")
    said = problems.md(found, prefix, _WRONG) if found else f"**{nothing}**\n"
    head = f"{MARKER}\n### {title}\n\n{said}\n#### {changed}\n\n"
    room = LIMIT - 1 - len(head)
    return head + changes.markdown(comparison, limit=room, vocabulary=vocabulary)

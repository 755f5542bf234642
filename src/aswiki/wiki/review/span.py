"""What a review is asked about: from where two branches parted to the newer one's last commit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aswiki.errors import BadInput, Unusable
from aswiki.lang import _
from aswiki.wiki.lookup import commit
from aswiki.wiki.wiki import Wiki

_SHARED = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


@dataclass(frozen=True)
class Span:
    """The commits under review, as a pull request shows them.

    Attributes:
        base: the commit from which on everything is new: where the two sides parted.
        head: the last one under review.
        tip: where the other side stands by now.
    """

    base: str
    head: str
    tip: str


def span(wiki: Wiki, words: str | None) -> Span:
    """The span that ``BASE..HEAD`` or ``BASE...HEAD`` means; ``HEAD`` where one is left out.

    Without a base it is the shared branch, as far as one is known.

    Raises:
        BadInput: there is no base to compare with.
        NotFound: no such commit.
        Unusable: the clone is cut off, or the two have no commit in common.
    """
    repository = wiki.repository
    if repository.is_shallow():
        raise Unusable(
            "shallow-clone",
            _("The clone is cut off: what came before is not there to compare with."),
            _(
                "Fetch it all: fetch-depth: 0 on GitHub, GIT_DEPTH: 0 on GitLab, or {command}"
            ).format(command="git fetch --unshallow"),
        )
    base, head = _sides(words)
    newest = _commit(wiki, head or "HEAD")
    tip = _commit(wiki, base) if base else _shared(wiki)
    parted = repository.merge_base(tip, newest)
    if parted is None:
        raise Unusable(
            "no-merge-base",
            _("{base} and {head} have no commit in common.").format(
                base=base or tip[:10], head=head or "HEAD"
            ),
            _("Name a base from which the branch was made."),
        )
    return Span(parted, newest, tip)


def _sides(words: str | None) -> tuple[str, str]:
    if words is None:
        return "", ""
    if not words.strip():
        raise _no_base()
    matched = re.fullmatch(r"(.*?)\.\.\.?(.*)", words.strip(), re.DOTALL)
    return (matched[1], matched[2]) if matched else (words.strip(), "")


def _commit(wiki: Wiki, words: str) -> str:
    return commit(wiki, words, _("Fetch it first (git fetch), or name it by its hash."))


def _shared(wiki: Wiki) -> str:
    """The commit of the branch that the present one will be merged into."""
    found = next(_candidates(wiki), None)
    if found is None:
        raise _no_base()
    return found


def _candidates(wiki: Wiki) -> Iterator[str]:
    branch = wiki.repository.branch()
    for name in _SHARED:
        commit = wiki.repository.resolve(name) if branch != f"refs/heads/{name}" else None
        if commit is not None:
            yield commit


def _no_base() -> BadInput:
    return BadInput(
        "missing-argument",
        _("There is no branch to compare with."),
        _("Name the range, for instance: aswiki review main..HEAD"),
    )

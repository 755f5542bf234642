"""The records of a commit as web pages for a reader without the wiki: no script, no network."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from aswiki.domain import records
from aswiki.lang import _
from aswiki.wiki import showing
from aswiki.wiki.lineage import commits_of

if TYPE_CHECKING:
    from aswiki.store.git import Commit
    from aswiki.wiki.wiki import Wiki

Progress = Callable[[int, int], None]
_FILE = re.compile(r"<code>([\w/.-]+\.html)</code>")
_MAY_RENAME = frozenset({"rename", "undo"})


def pages(
    wiki: Wiki,
    raw: Mapping[str, bytes],
    rev: str,
    language: str,
    progress: Progress = lambda _done, _total: None,
) -> dict[str, bytes]:
    """A page for each record and one that lists them, by their path in the package.

    Args:
        wiki: the open wiki.
        raw: the records' bytes by path, as a commit holds them.
        rev: that commit.
        language: zh or en, of the labels.
        progress: told how many pages are done, and of how many.

    Raises:
        Unusable: what makes web pages is not installed.
    """
    from aswiki.render.html import html
    from aswiki.render.record import page, plain

    by_path = wiki.repository.commits_by_path(rev)
    made: dict[str, bytes] = {}
    listed = []
    for done, (path, data) in enumerate(raw.items(), 1):
        ref = records.reference(path)
        commits = _commits(wiki, path, rev, by_path.get(path, []))
        shown = showing.shown(wiki, ref, data, commits)
        title = str(shown.fields.get("title") or ref)
        text = page(shown, wiki.vocabulary, language)
        made[page_of(ref)] = html(text, title=title, language=language)
        listed.append(f"- {plain(title)} `{ref}.html`")
        progress(done, len(raw))
    title = _("Records of commit {commit}").format(commit=rev[:12])
    index = "\n".join([f"# {title}\n", *listed]) + "\n"
    made["pages/index.html"] = _linked(html(index, title=title, language=language))
    return made


def _linked(index: bytes) -> bytes:
    """The list with its files' names as links, which no record's words could bring about."""
    return _FILE.sub(r'<a href="\1">\1</a>', index.decode()).encode()


def page_of(ref: str) -> str:
    """The path of a record's page in a package."""
    return f"pages/{ref}.html"


def _commits(wiki: Wiki, path: str, rev: str, own: Sequence[Commit]) -> Sequence[Commit]:
    """The commits of a record, those of its former names too."""
    if own and not any(commit.op in _MAY_RENAME for commit in own):
        return own
    return commits_of(wiki.repository, path, rev)

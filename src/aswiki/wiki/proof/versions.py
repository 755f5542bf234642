"""The versions of a record: what each claims, who signed it, and when it can have been written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aswiki.errors import Unusable
from aswiki.lang import _, in_days
from aswiki.wiki.proof.exporting import anchored_in, certificates, signing_keys

if TYPE_CHECKING:
    from aswiki.evidence.verdict import Bracket
    from aswiki.wiki.proof.anchors import Anchor
    from aswiki.wiki.wiki import Wiki


@dataclass(frozen=True)
class Version:
    """One commit of a record.

    Args:
        row: what ``history`` says of it.
        key: the fingerprint of the key that signed it; None where it is not signed well.
        bracket: between which moments it was written, by time stamps that were checked.
    """

    row: Mapping[str, Any]
    key: str | None
    bracket: Bracket

    @property
    def late_days(self) -> int | None:
        """Days from the time it claims to the time of recording; None where it claims none."""
        said = self.row["occurred"]
        with suppress(TypeError, ValueError):
            claimed, recorded = datetime.fromisoformat(said), datetime.fromisoformat(self.row["at"])
            return (
                recorded.astimezone(claimed.tzinfo or recorded.tzinfo).date() - claimed.date()
            ).days
        return None

    def between(self) -> str:
        """The bracket in words; empty where no time stamp says anything."""
        low, high = self.bracket.not_before, self.bracket.not_after
        if low is not None and high is not None:
            return _("{low} to {high}").format(low=_said(low), high=_said(high))
        if high is not None:
            return _("by {high}").format(high=_said(high))
        return _("since {low}").format(low=_said(low)) if low is not None else ""

    def sentence(self) -> str:
        """The version on one line."""
        row = self.row
        parts = [str(row["at"])[:16].replace("T", " "), row["by"], row["op"], row["commit"][:10]]
        if row["occurred"]:
            said = _("happened, as it says, {time}")
            parts.append(said.format(time=row["occurred"][:16].replace("T", " ")))
        if self.late_days:
            parts.append(_("{days} late").format(days=in_days(self.late_days)))
        if self.key:
            parts.append(_("signed with {key}").format(key=self.key))
        if self.between():
            parts.append(_("proven: written {between}").format(between=self.between()))
        return " · ".join(part for part in parts if part)


def versions(wiki: Wiki, rows: Sequence[Mapping[str, Any]]) -> list[Version]:
    """The versions behind rows of ``history``; keys and brackets where the libraries are there."""
    from aswiki.evidence.verdict import Bracket

    names = [row["commit"] for row in rows]
    keys: Mapping[str, str] = {}
    spans: Mapping[str, Bracket] = {}
    try:
        keys = signing_keys(wiki, names)
        spans = brackets(wiki, names) if names else {}
    except Unusable as error:
        if error.code != "extra-missing":
            raise
    return [
        Version(row, keys.get(name), spans.get(name, Bracket()))
        for row, name in zip(rows, names, strict=True)
    ]


def brackets(wiki: Wiki, commits: Sequence[str]) -> dict[str, Bracket]:
    """Between which moments commits were written, as far as the anchors of HEAD say.

    Only the time stamps that bear upon these commits are checked; ``verify`` checks all.

    Raises:
        Unusable: what checks time stamps is not installed.
    """
    from aswiki.evidence.verdict import Bracket

    stamped = [each for each in anchored_in(wiki, "HEAD") if each.tokens]
    if not stamped:
        return {}
    parents = wiki.repository.parents("HEAD")
    after = _covering(parents, [each.statement.commit for each in stamped])
    before = _resting_on(parents, _kept(wiki, stamped))
    times = _Times(wiki)
    found: dict[str, Bracket] = {}
    for name in commits:
        low, high = before.get(name), after.get(name)
        found[name] = Bracket(
            max(times.of(stamped[low]), default=None) if low is not None else None,
            min(times.of(stamped[high]), default=None) if high is not None else None,
        )
    return found


def _kept(wiki: Wiki, stamped: Sequence[Anchor]) -> dict[str, int]:
    """The commits that brought the time stamps, each with the place of its newest anchor."""
    from aswiki.evidence.statement import path
    from aswiki.wiki.proof.anchors import STAMP

    paths = {
        path(each.seq, f"{name}{STAMP}"): place
        for place, each in enumerate(stamped)
        for name in each.tokens
    }
    brought = wiki.repository.first_commits(paths)
    found: dict[str, int] = {}
    for each, commit in brought.items():
        found[commit.hash] = max(paths[each], found.get(commit.hash, 0))
    return found


def _covering(parents: Mapping[str, Sequence[str]], heads: Sequence[str]) -> dict[str, int]:
    """For each commit the place of the first head that it leads to."""
    found: dict[str, int] = {}
    for place, head in enumerate(heads):
        waiting = [head]
        while waiting:
            name = waiting.pop()
            if name in parents and name not in found:
                found[name] = place
                waiting += parents[name]
    return found


def _resting_on(parents: Mapping[str, Sequence[str]], kept: Mapping[str, int]) -> dict[str, int]:
    """For each commit the place of the newest time stamp that it builds upon."""
    found: dict[str, int] = {}
    for name in reversed(list(parents)):
        own = [*_known(kept, [name]), *_known(found, parents[name])]
        if own:
            found[name] = max(own)
    return found


def _known(places: Mapping[str, int], names: Sequence[str]) -> Iterator[int]:
    yield from (places[name] for name in names if name in places)


@dataclass
class _Times:
    """The moments of anchors' time stamps, checked once each."""

    wiki: Wiki

    def __post_init__(self) -> None:
        self._known: dict[int, list[datetime]] = {}
        self._pinned: list[bytes] | None = None

    def of(self, anchor: Anchor) -> list[datetime]:
        """The moments of an anchor's time stamps that are good."""
        if anchor.seq not in self._known:
            self._known[anchor.seq] = list(self._checked(anchor))
        return self._known[anchor.seq]

    def _checked(self, anchor: Anchor) -> Iterator[datetime]:
        from aswiki.evidence import timestamps
        from aswiki.evidence.statement import path
        from aswiki.wiki.proof.anchors import STAMP

        if self._pinned is None:
            self._pinned = list(certificates(self.wiki, "HEAD").values())
        paths = [path(anchor.seq, f"{name}{STAMP}") for name in sorted(anchor.tokens)]
        for raw in self.wiki.repository.blobs("HEAD", paths).values():
            found = timestamps.check(raw or b"", anchor.statement.text(), self._pinned)
            if isinstance(found, timestamps.Token):
                yield found.at.astimezone(self.wiki.zone)


def _said(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")

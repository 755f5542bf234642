"""Times: what commits claim of themselves, against their parents, the tokens and the present."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aswiki.evidence.history import Step, Walk
from aswiki.evidence.verdict import Bracket, Finding, finding
from aswiki.lang import _, in_days

TOLERANCE = timedelta(minutes=5)
"""By so much may honest clocks differ."""

LAG = timedelta(days=7)
"""From so long a time between a commit and the first token on, its time is hardly proven."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time stamp that was found good.

    Attributes:
        at: its time.
        authority: who made it.
        covers: the commit that its anchor names: that one and all before it were there by then.
        kept_in: the commit that brought it: that one and all after it were written later.
    """

    at: datetime
    authority: str
    covers: str
    kept_in: str


def brackets(walk: Walk, stamps: Sequence[Stamp]) -> dict[str, Bracket]:
    """Between which moments each commit was written, as far as the stamps say."""
    found = {name: Bracket() for name in walk.steps}
    kept: dict[str, datetime] = {}
    for stamp in stamps:
        kept[stamp.kept_in] = max(stamp.at, kept.get(stamp.kept_in, stamp.at))
    for name, step in walk.steps.items():
        lows = [found[parent.name].not_before for parent in walk.parents(step)]
        known = [low for low in [*lows, kept.get(name)] if low is not None]
        found[name] = Bracket(max(known) if known else None)
    for stamp in sorted(stamps, key=lambda each: each.at):
        _cover(walk, found, stamp)
    return found


def _cover(walk: Walk, found: dict[str, Bracket], stamp: Stamp) -> None:
    """Close the bracket of every commit that no earlier stamp covers."""
    waiting = [stamp.covers]
    while waiting:
        name = waiting.pop()
        if name not in found or found[name].not_after is not None:
            continue
        found[name] = replace(found[name], not_after=stamp.at, tsa=stamp.authority)
        waiting += [parent.name for parent in walk.parents(walk.steps[name])]


def findings(
    walk: Walk, spans: Mapping[str, Bracket], stamps: Sequence[Stamp], now: datetime
) -> Iterator[Finding]:
    """Commits whose times cannot be, and stamps that contradict each other."""
    for stamp in stamps:
        low = spans[stamp.covers].not_before if stamp.covers in spans else None
        if low is not None and stamp.at < low - TOLERANCE:
            detail = _("A timestamp of {claimed} builds upon one of {time}.")
            yield finding("CLOCK", _filled(detail, stamp.at, low), stamp.kept_in)
    liars: set[str] = set()
    for step in walk.steps.values():
        if not (step.own or step.is_merge) and walk.history.prefix:
            continue
        wrong = _against_time(step, spans[step.name], now)
        if wrong is not None:
            liars.add(step.name)
        else:
            honest = [parent for parent in walk.parents(step) if parent.name not in liars]
            wrong = _against_parents(walk, step, honest)
        if wrong is not None:
            claimed = step.commit.committer.at
            yield replace(wrong, claimed=claimed, bracket=spans[step.name])
    yield from _lags(walk, spans)


def _against_time(step: Step, span: Bracket, now: datetime) -> Finding | None:
    """What the tokens and the present have against a commit's time."""
    claimed = step.commit.committer.at
    if span.not_before is not None and claimed < span.not_before - TOLERANCE:
        detail = _("It says {claimed}, and it builds upon a timestamp of {time}.")
        return finding("BACKDATED", _filled(detail, claimed, span.not_before), step.name)
    if span.not_after is not None and claimed > span.not_after + TOLERANCE:
        detail = _("It says {claimed}, and a timestamp of {time} covers it.")
        return finding("POSTDATED", _filled(detail, claimed, span.not_after), step.name)
    if claimed > now + TOLERANCE and not step.said.is_demo:
        detail = _("It says {claimed}, and now it is {time}.")
        return finding("POSTDATED", _filled(detail, claimed, now), step.name)
    return None


def _against_parents(walk: Walk, step: Step, parents: Sequence[Step]) -> Finding | None:
    """What the order of commits has against a commit's time.

    A commit older than its parent, and older than that one's parents too, is the one that lies;
    where it is older than its parent alone, either of the two may be.
    """
    claimed = step.commit.committer.at
    for parent in parents:
        before = parent.commit.committer.at
        if claimed >= before - TOLERANCE:
            continue
        elders = [elder.commit.committer.at for elder in walk.parents(parent)]
        if not elders or claimed < max(elders) - TOLERANCE:
            detail = _("It says {claimed}, and its parent is of {time}.")
            return finding("BACKDATED", _filled(detail, claimed, before), step.name)
        detail = _("It says {claimed}, and its parent {time}: one of the two is wrong.")
        return finding("CLOCK", _filled(detail, claimed, before), step.name)
    return None


def _lags(walk: Walk, spans: Mapping[str, Bracket]) -> Iterator[Finding]:
    """For each stamp the oldest commit that waited too long for it."""
    oldest: dict[datetime, Step] = {}
    counts: dict[datetime, int] = {}
    for step in walk.steps.values():
        end = spans[step.name].not_after
        claimed = step.commit.committer.at
        if end is not None and end - claimed > LAG:
            counts[end] = counts.get(end, 0) + 1
            if end not in oldest or claimed < oldest[end].commit.committer.at:
                oldest[end] = step
    for end, step in oldest.items():
        claimed = step.commit.committer.at
        detail = _("Commits covered by a timestamp late: {n}, the oldest of them after {days}.")
        said = detail.format(n=counts[end], days=in_days((end - claimed).days))
        late = finding("LAG", said, step.name)
        yield replace(late, claimed=claimed, bracket=spans[step.name])


def _filled(detail: str, claimed: datetime, time: datetime) -> str:
    return detail.format(
        claimed=claimed.isoformat(timespec="seconds"), time=time.isoformat(timespec="seconds")
    )

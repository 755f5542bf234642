"""The rules about change that only a review asks: late, let through, closed for another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo

from aswiki.domain.checks.leaking import CODE as LEAK
from aswiki.domain.checks.rules import lapsed
from aswiki.domain.problem import Finding
from aswiki.domain.records import TIME_KEYS
from aswiki.domain.records.common import Record, Release
from aswiki.lang import _, in_days

LATE_DAYS = 7
CLOSED = frozenset({"closed", "cancelled", "withdrawn"})
"""The states in which nobody has to act on a record any more."""


def recorded_late(record: Record, recorded: datetime, zone: tzinfo) -> Iterator[Finding]:
    """Rule 23: recorded more than 7 days after it occurred; an imported record never is.

    Args:
        record: as it was first written.
        recorded: when that was.
        zone: the wiki's, in which a bare date is meant.
    """
    key = TIME_KEYS.get(record.type)
    happened = getattr(record, key) if key is not None else None
    if record.source is not None and record.source.system is not None:
        return
    if isinstance(happened, datetime):
        late = recorded - happened
        is_late = late > timedelta(days=LATE_DAYS)
    elif isinstance(happened, date):
        late = recorded.astimezone(zone).date() - happened
        is_late = late.days > LATE_DAYS
    else:
        return
    if key is not None and is_late:
        yield Finding(
            "ASW023",
            (key,),
            _("It was recorded {days} after it occurred.").format(days=in_days(late.days)),
            _("That is honest and shown everywhere; write it down sooner next time."),
            level="warning",
        )


def forged_releases(before: Record, after: Record) -> Iterator[Finding]:
    """Rule 9: a release that was bent to fit another text than the one that was released."""
    old = {_released(one): one.sha256 for one in before.released_to}
    for index, release in enumerate(after.released_to):
        was = old.get(_released(release))
        name = release.field or "customer_text"
        if was is not None and was != release.sha256:
            yield lapsed(index, name, release.audience)


def _released(release: Release) -> tuple[object, ...]:
    return release.audience, release.field or "customer_text", release.by, release.at


def let_through(before: Record | None, after: Record) -> Iterator[Finding]:
    """The words that the leak scan lets through from now on, for a second pair of eyes."""
    known = {passed.text for passed in before.scan_ok} if before is not None else set()
    for index, passed in enumerate(after.scan_ok):
        if passed.text not in known:
            yield Finding(
                LEAK,
                ("scan_ok", index, "text"),
                _("The leak scan lets this through from now on: {text}").format(
                    text=" ".join(passed.text.split())
                ),
                _("Look whether the customer may read it."),
                level="warning",
            )


def is_closing(before: Record | None, after: Record | None) -> bool:
    """Whether a record is closed after and was not before."""
    return _is_closed(after) and not _is_closed(before)


def _is_closed(record: Record | None) -> bool:
    return getattr(record, "status", None) in CLOSED


def closed_for_another(owner: str, author: str) -> Finding:
    """A record that was closed by somebody else than its owner.

    Args:
        owner: who must act on it, as people call them.
        author: who wrote the commit that closed it.
    """
    return Finding(
        "ASW025",
        ("status",),
        _("{author} closed a record of {owner}.").format(author=author, owner=owner),
        _("Let the owner say that it is done, or hand it over first: aswiki set RECORD owner=ID."),
        level="warning",
    )

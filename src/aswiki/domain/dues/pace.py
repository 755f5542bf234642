"""How fast a matter must move: the fast clock of old bugs and promises, the slow one of wishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from aswiki.domain.checks.surroundings import start_of
from aswiki.domain.records.complaint import Complaint
from aswiki.domain.records.event import Event

_FAST_CLASSES = frozenset({"old_bug", "broken_promise"})


@dataclass(frozen=True)
class Pace:
    """How long a matter may stand still: ``[clock]`` of aswiki.toml."""

    fast_hours: int = 24
    slow_days: int = 14

    def limit(self, matter: Event | Complaint) -> timedelta:
        """How long this one may stand still."""
        if is_fast(matter):
            return timedelta(hours=self.fast_hours)
        return timedelta(days=self.slow_days)


def is_fast(matter: Event | Complaint) -> bool:
    """Whether the fast clock counts.

    It does for complaints, old bugs, broken promises, and incidents that are not known to be a new
    requirement; all other events take the slow one.
    """
    if isinstance(matter, Complaint):
        return True
    found = matter.triage.class_ if matter.triage is not None else None
    if found in _FAST_CLASSES or any(promise.status == "broken" for promise in matter.promises):
        return True
    return matter.kind == "incident" and found != "new_requirement"


def last_moved(matter: Event | Complaint, now: datetime, zone: tzinfo) -> datetime | None:
    """The newest moment up to now at which something happened; None before the first."""
    moments = [start_of(moment, zone) for moment in _moments(matter) if moment is not None]
    return max((moment for moment in moments if moment <= now), default=None)


def _moments(matter: Event | Complaint) -> list[datetime | date | None]:
    logged: list[datetime | date | None] = [entry.at for entry in matter.log]
    if isinstance(matter, Complaint):
        answered = [matter.acknowledged_at, matter.responded_at, matter.decided_at]
        return [*logged, matter.received_at, *answered, matter.closed_at]
    return [
        *logged,
        matter.started_at,
        matter.detected_at,
        matter.acknowledged_at,
        matter.mitigated_at,
        matter.triage.at if matter.triage is not None else None,
        matter.blame.accused_at if matter.blame is not None else None,
        matter.blame.cleared_at if matter.blame is not None else None,
    ]

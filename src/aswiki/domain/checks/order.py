"""Rule 17: times in the order in which things can happen, and a closed record's closing time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from aswiki.domain.checks.surroundings import Surroundings, is_before
from aswiki.domain.problem import Finding, Loc
from aswiki.domain.records.common import Part, Record
from aswiki.domain.records.complaint import Complaint
from aswiki.domain.records.event import Event
from aswiki.domain.records.profile import Profile
from aswiki.lang import _

Moment = datetime | date | None


def order_rule(record: Record, around: Surroundings) -> Iterator[Finding]:
    """Every pair of times that stands the wrong way round, and ``closed`` without ``closed_at``."""
    for loc, earlier, later in _pairs(record):
        if is_before(later[1], earlier[1], around.zone):
            yield Finding(
                "ASW017",
                (*loc, later[0]),
                _("{later} is before {earlier}.").format(later=later[0], earlier=earlier[0]),
                _("Mend the one that is wrong."),
            )
    closed = isinstance(record, Event | Complaint) and record.status == "closed"
    if closed and getattr(record, "closed_at", None) is None:
        yield Finding(
            "ASW017",
            ("status",),
            _("The record is closed, but closed_at is not given."),
            _("Close it with aswiki close, or add closed_at."),
        )


Pair = tuple[Loc, tuple[str, Moment], tuple[str, Moment]]


def _pairs(record: Record) -> Iterator[Pair]:
    if isinstance(record, Event):
        after = ("detected_at", "acknowledged_at", "mitigated_at", "resolved_at", "closed_at")
        for key in after[1:]:
            yield _pair((), record, "started_at", key)
        yield _pair((), record, "mitigated_at", "resolved_at")
        yield _pair((), record, "resolved_at", "closed_at")
        yield _pair((), record, "detected_at", "acknowledged_at")
        if record.blame is not None:
            yield _pair(("blame",), record.blame, "accused_at", "cleared_at")
        if record.window is not None:
            yield _pair(("window",), record.window, "from", "to")
        for index, duty in enumerate(record.roster):
            yield _pair(("roster", index), duty, "from", "to")
    if isinstance(record, Complaint):
        for key in ("acknowledged_at", "responded_at", "decided_at", "closed_at"):
            yield _pair((), record, "received_at", key)
    if isinstance(record, Profile):
        for index, contact in enumerate(record.contacts):
            yield _pair(("contacts", index), contact, "from", "until")
    for index, promise in enumerate(record.promises):
        yield _pair(("promises", index), promise, "made_on", "kept_on")


def _pair(loc: Loc, part: Part, earlier: str, later: str) -> Pair:
    def value(key: str) -> Moment:
        found: Moment = getattr(part, "from_" if key == "from" else key)
        return found

    return loc, (earlier, value(earlier)), (later, value(later))

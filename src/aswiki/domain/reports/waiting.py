"""Whom an open matter waits for, and what was last said of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aswiki.domain.checks.surroundings import start_of
from aswiki.domain.ledgers.ground import Ground
from aswiki.domain.records.common import LogEntry, Record
from aswiki.domain.records.complaint import Complaint
from aswiki.domain.records.event import Event

_ASKING = frozenset({"demand", "deflection", "escalation"})
_ANSWERING = frozenset({"action", "decision", "update"})


def waiting(matter: Event | Complaint, ground: Ground) -> dict[str, Any]:
    """Whom a matter waits for and since when: ``side``, ``who``, ``since``.

    ``side`` is customer where its status says so; colleague where it was demanded of somebody,
    passed on or escalated to them and nobody but who asked has acted, decided or told since, or
    where it waits within the house; else owner, whose move it is.
    """
    log = _in_order(matter.log, ground)
    last = log[-1].at if log else None
    if matter.status == "waiting_customer":
        return {"side": "customer", "who": None, "since": last}
    asked = _unanswered(log, ground)
    if asked is not None:
        return {"side": "colleague", "who": ground.own_name(asked.to), "since": asked.at}
    if matter.status == "waiting_internal" and isinstance(matter, Event):
        who = ground.own_name(matter.technical_owner)
        return {"side": "colleague", "who": who, "since": last}
    return {"side": "owner", "who": None, "since": last}


def last_entry(record: Record, ground: Ground) -> dict[str, Any] | None:
    """The newest entry of a record's log; None without any."""
    log = _in_order(record.log, ground)
    if not log:
        return None
    last = log[-1]
    return {
        "at": last.at,
        "by": last.by,
        "kind": last.kind,
        "to": last.to,
        "text": last.text,
        "quote": last.quote,
    }


def _in_order(log: Sequence[LogEntry], ground: Ground) -> list[LogEntry]:
    known = [one for one in log if start_of(one.at, ground.zone) <= ground.now]
    return sorted(known, key=lambda one: start_of(one.at, ground.zone))


def _unanswered(log: Sequence[LogEntry], ground: Ground) -> LogEntry | None:
    """The newest entry that asks something of somebody, unless it was answered."""
    places = [place for place, one in enumerate(log) if one.kind in _ASKING and one.to]
    if not places:
        return None
    asked = log[places[-1]]
    is_answered = any(
        one.kind in _ANSWERING and ground.own_name(one.by) != ground.own_name(asked.by)
        for one in log[places[-1] + 1 :]
    )
    return None if is_answered else asked

"""The incidents of twelve months by severity, as the values of a chart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from aswiki.domain.records.event import Event
from aswiki.domain.reports.months import standing, trailing
from aswiki.domain.reports.sight import Sight


def incident_chart(sights: Sequence[Sight]) -> dict[str, Any] | None:
    """The incidents of the twelve months up to the period's last, the gravest severity first.

    None where there were none.
    """
    months = trailing(standing(sights[0].period))
    counted = Counter(pair for sight in sights for pair in _by_month(sight))
    known = sights[0].ground.severities
    named = [*known, *sorted({severity for _month, severity in counted} - set(known))]
    series = [
        {"name": severity, "values": [counted[month, severity] for month in months]}
        for severity in named
    ]
    series = [one for one in series if any(one["values"])]
    return {"kind": "incidents", "months": months, "series": series} if series else None


def _by_month(sight: Sight) -> Iterator[tuple[str, str]]:
    """The month and the severity of every incident that started by the period's end."""
    period = sight.period
    for event in sight.of(Event).values():
        started = event.started_at
        if event.kind != "incident" or event.status == "cancelled" or event.severity is None:
            continue
        if started is not None and period.is_over_by_end(started):
            yield f"{period.day(started):%Y-%m}", event.severity

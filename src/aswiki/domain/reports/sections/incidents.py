"""Section 4: the incidents of a period, of each as much as its reader may have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from aswiki.domain.records.event import Event
from aswiki.domain.reports import incidents as minutes
from aswiki.domain.reports.heads import Row, head
from aswiki.domain.reports.incident_chart import incident_chart
from aswiki.domain.reports.incidents import Incident
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.rows import inner, owner_department
from aswiki.domain.reports.sight import Sight

VERDICTS = ("real", "louder", "elsewhere", "open")
"""What sales is told: the platform's fault; that, but called graver than it was; not ours; unknown.
"""

_PLATFORM = frozenset({"ours", "shared", "upstream"})
_ELSEWHERE = frozenset({"customer", "third_party", "carrier", "force_majeure"})
_TIMES = ("detected_at", "acknowledged_at", "mitigated_at", "resolved_at")

_COUNTED = ("severity", "started_at")
_OURS = (*_COUNTED, "title", "product", "technical_owner", "technical_decision_by")
_CAUSE = ("root_cause_party", "root_cause", "triage.class", "triage.detail", "impact.business")
SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boss": {
        "event": (*_OURS, *_CAUSE, "log.from", "log.to"),
        "product": ("owner_department",),
    },
    "product": {
        "event": (*_OURS, *_CAUSE, "triage.basis", "environment", "purpose", "workaround"),
        "product": ("owner_department",),
    },
    "sales": {"event": _COUNTED},
    "customer_tech": {
        "event": (
            *_COUNTED,
            *_TIMES,
            "product",
            "impact.unavailable_minutes",
            "promises.what",
            "promises.due_on",
            "promises.status",
            "promises.kept_on",
            "customer_text",
            "wording.text",
        )
    },
    "customer_biz": {"event": ("started_at", "resolved_at", "customer_text", "wording.text")},
}
"""Reader → record type → the keys whose values stand in the section."""


def incidents(sights: Sequence[Sight]) -> dict[str, Any] | None:
    """The incidents that started in the period, the gravest first, with the period before.

    None where there was none in either, nor in the twelve months of the chart.
    """
    if not sights:
        return None
    if sights[0].reader == "customer_biz":
        return _released(sights[0])
    found = [(sight, item) for sight in sights for item in _incidents(sight, sight.period)]
    before = [item for sight in sights for item in _incidents(sight, sight.period.shifted(-1))]
    chart = incident_chart(sights)
    if not found and not before and chart is None:
        return None
    severities = sights[0].ground.severities
    section: dict[str, Any] = {
        **_numbers([item for _sight, item in found], severities),
        "before": {"period": sights[0].period.shifted(-1).key, **_numbers(before, severities)},
        "rows": [_row(sight, item) for sight, item in sorted(found, key=_gravest)],
    }
    if sights[0].reader == "sales":
        told = Counter(row["verdict"] for row in section["rows"])
        section["verdicts"] = {verdict: told[verdict] for verdict in VERDICTS}
    if sights[0].reader == "customer_tech":
        section["unavailable_minutes"] = _unavailable(found)
        section["inquiries"] = _inquiries(sights[0])
    if chart is not None:
        section["charts"] = {"incidents": chart}
    return section


def _gravest(found: tuple[Sight, Incident]) -> tuple[str, int, str]:
    item = found[1]
    return item.severity or "P9", -item.minutes, item.ref


def _incidents(sight: Sight, period: Period) -> list[Incident]:
    return minutes.incidents(sight.of(Event), period, sight.ground.colleagues)


def _numbers(found: Sequence[Incident], severities: Sequence[str]) -> Row:
    return {
        "count": len(found),
        "minutes": sum(item.minutes for item in found),
        "ongoing": sum(item.ended_at is None for item in found),
        "by_severity": minutes.severities(found, severities),
    }


def _row(sight: Sight, item: Incident) -> Row:
    numbers: Row = {
        **head(sight, item.ref),
        "severity": item.severity,
        "started_at": item.started_at,
        "ended_at": item.ended_at,
        "ongoing": item.ended_at is None,
        "minutes": item.minutes,
    }
    event = sight.whole[item.ref]
    if not isinstance(event, Event):
        return numbers
    if sight.reader == "sales":
        return {**numbers, "verdict": _verdict(event, sight.ground.severities)}
    if sight.is_customer:
        return {**numbers, **_for_customer(sight, item.ref, event)}
    return {**numbers, **_for_us(sight, item.ref, event)}


def _for_us(sight: Sight, ref: str, event: Event) -> Row:
    """What the boss and the product managers read of an incident besides its numbers."""
    seen = sight.seen(ref)
    triage, impact = inner(seen, "triage"), inner(seen, "impact")
    row = {
        "title": seen.get("title"),
        "product": seen.get("product"),
        "owner_department": owner_department(sight, event.product),
        "departments": list(_departments(sight, event, seen)),
        "triage": triage.get("class"),
        "detail": triage.get("detail"),
        "root_cause_party": seen.get("root_cause_party"),
        "root_cause": seen.get("root_cause"),
        "impact": impact.get("business"),
    }
    if sight.reader == "product":
        row |= {
            "basis": triage.get("basis"),
            **sight.pick(ref, ("environment", "purpose", "workaround")),
        }
    return row


def _departments(sight: Sight, event: Event, seen: Mapping[str, Any]) -> Iterable[str]:
    """Who handled and decided; for the boss also who was asked, and who passed it on."""
    if sight.reader == "boss":
        return minutes.departments_of(event, sight.ground.colleagues)
    named = (seen.get("technical_owner"), *seen.get("technical_decision_by", ()))
    return dict.fromkeys(name for name in named if name)


def _verdict(event: Event, severities: Sequence[str]) -> str:
    """Whether there was a fault of the platform or loud words; one of ``VERDICTS``."""
    if event.root_cause_party in _ELSEWHERE:
        return "elsewhere"
    if event.root_cause_party not in _PLATFORM:
        return "open"
    rank = {severity: place for place, severity in enumerate(severities)}
    own, claimed = event.severity, event.customer_claimed_severity
    if own in rank and claimed in rank and rank[claimed] < rank[own]:
        return "louder"
    return "real"


def _for_customer(sight: Sight, ref: str, event: Event) -> Row:
    """The released words with the times, and what was agreed; nothing without a release."""
    text = sight.words(ref)
    if text is None:
        return {"text": None}
    seen = sight.seen(ref)
    return {
        "text": text,
        "product": seen.get("product"),
        **{key: seen.get(key) for key in _TIMES},
        "response_minutes": _minutes_to_response(event, sight.period),
        "unavailable_minutes": inner(seen, "impact").get("unavailable_minutes"),
        "measures": [
            {key: promise.get(key) for key in ("what", "status", "due_on", "kept_on")}
            for promise in seen.get("promises", ())
            if promise.get("what")
        ],
    }


def _minutes_to_response(event: Event, period: Period) -> int | None:
    """From the detection, else the start, to the first answer; None without both hours."""
    since = event.detected_at or event.started_at
    until = event.acknowledged_at
    if not isinstance(since, datetime) or not isinstance(until, datetime):
        return None
    return max(0, -((period.moment(since) - period.moment(until)) // timedelta(minutes=1)))


def _unavailable(found: Iterable[tuple[Sight, Incident]]) -> int | None:
    """The minutes of the period in which nothing was usable; None where one did not say."""
    total = 0
    for sight, item in found:
        event = sight.whole[item.ref]
        impact = event.impact if isinstance(event, Event) else None
        if impact is None or impact.unavailable_minutes is None:
            return None
        total += impact.unavailable_minutes
    return total


def _released(sight: Sight) -> dict[str, Any] | None:
    """What was released to the business side, and no word of what was not."""
    rows = [
        {
            **head(sight, item.ref),
            "started_at": item.started_at,
            "resolved_at": sight.seen(item.ref).get("resolved_at"),
            "text": text,
        }
        for item in _incidents(sight, sight.period)
        if (text := sight.words(item.ref)) is not None
    ]
    inquiries = _inquiries(sight)
    return {"count": len(rows), "rows": rows, "inquiries": inquiries} if rows or inquiries else None


def _inquiries(sight: Sight) -> list[Row]:
    """The wording that was released on what we were asked to look into, answered in the period."""
    period = sight.period
    return [
        {**head(sight, ref), "started_at": event.started_at, "text": text}
        for ref, event in sight.of(Event).items()
        if event.kind == "inquiry"
        and period.holds(event.resolved_at or event.started_at)
        and (text := sight.words(ref)) is not None
    ]

"""Section 8: what was demanded of departments, who passed it on, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from aswiki.domain.ledgers import logs
from aswiki.domain.ledgers.ground import Ground
from aswiki.domain.ledgers.ground import Row as LedgerRow
from aswiki.domain.records.event import Event
from aswiki.domain.reports.heads import Row, head, ledger_ground, open_records
from aswiki.domain.reports.rows import departments
from aswiki.domain.reports.sight import Sight
from aswiki.domain.words import VOCABULARIES

OUTCOMES = ("solved", "person_changed", "refused")

_LOG = ("title", "log.at", "log.by", "log.from", "log.to", "log.level", "log.text")
_WITNESS = ("witness_for.department", "witness_for.statement", "witness_for.at")
_TITLED = ("event", "visit", "churn", "architecture", "profile", "usage")
SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boss": {
        **dict.fromkeys(sorted(set(VOCABULARIES["record_type"]) - {"lesson", "product"}), _LOG),
        "event": (*_LOG, "escalation_outcome", *_WITNESS),
    },
    "product": dict.fromkeys(_TITLED, ("title",)),
}
"""Reader → record type → the keys whose values stand in the section."""


def demands(sights: Sequence[Sight]) -> dict[str, Any] | None:
    """The demands and deflections of the period, with outcomes and witnesses for the boss.

    The product managers are told of their own department, so of nothing where nobody said which.
    """
    if not sights:
        return None
    grounds = [(sight, ledger_ground(sight, open_records(sight))) for sight in sights]
    asked = [row for sight, ground in grounds for row in _demands(sight, ground)]
    passed = [row for sight, ground in grounds for row in _deflections(sight, ground)]
    passed.sort(key=lambda row: (-row["hops"], row["chain"][0]["at"].isoformat()))
    section: dict[str, Any] = {
        "count": len(asked),
        "hops": sum(row["hops"] for row in passed),
        "loops": sum(len(row["loops"]) for row in passed),
        "demands": asked,
        "deflections": passed,
    }
    if sights[0].reader == "boss":
        told = [row for sight in sights for row in _told(sight)]
        counted = Counter(row["escalation_outcome"] for row in told)
        section["outcomes"] = {outcome: counted[outcome] for outcome in OUTCOMES}
        section["results"] = [row for row in told if row["escalation_outcome"]]
        section["witnesses"] = [row for sight in sights for row in _witnesses(sight)]
        section["by_department"] = _by_department(asked, passed)
    listed = ("demands", "deflections", "results", "witnesses")
    return section if any(section.get(key) for key in listed) else None


def _own(sight: Sight) -> frozenset[str]:
    """The departments that the reader is."""
    return frozenset(departments(sight, sight.ground.own))


def _demands(sight: Sight, ground: Ground) -> Iterator[Row]:
    for found in logs.demands(ground):
        if not sight.period.holds(found["at"]):
            continue
        row = _head(sight, found)
        numbers = {key: found[key] for key in ("at", "level", "open", "hours_to_result")}
        if sight.reader == "boss":
            words = {key: found[key] for key in ("by", "to", "department", "text")}
            yield {**row, **numbers, **words}
            continue
        asked = departments(sight, [found["to"]])
        if _own(sight).intersection(asked):
            yield {**row, **numbers, "department": asked[0]}


def _head(sight: Sight, found: LedgerRow) -> Row:
    ref = found["ref"]
    return {**head(sight, ref), "title": sight.seen(ref).get("title")}


def _deflections(sight: Sight, ground: Ground) -> Iterator[Row]:
    """The matters that were passed on in the period, with all hops up to its end."""
    for found in logs.deflections(ground):
        chain = [hop for hop in found["chain"] if sight.period.is_over_by_end(hop["at"])]
        if not any(sight.period.holds(hop["at"]) for hop in chain):
            continue
        row = {**_head(sight, found), "open": found["open"]}
        if sight.reader == "boss":
            hops = [{**hop, "department": ground.department(hop["from"])} for hop in chain]
            yield {**row, "hops": len(hops), "loops": _loops(ground, hops), "chain": hops}
            continue
        own = [hop for hop in (_between_ours(sight, hop) for hop in chain) if hop is not None]
        if own:
            loops = [loop for loop in _loops(ground, chain) if _own(sight).intersection(loop)]
            known = [departments(sight, loop[:-1]) for loop in loops]
            loops = [[*way, way[0]] for way in known if len(way) > 1]
            yield {**row, "hops": len(own), "loops": loops, "chain": own}


def _loops(ground: Ground, chain: Sequence[LedgerRow]) -> list[list[str]]:
    return logs.loops(
        (ground.department(hop["from"]), ground.department(hop["to"])) for hop in chain
    )


def _between_ours(sight: Sight, hop: LedgerRow) -> Row | None:
    """A hop from or to the reader's department as departments, without a word of it."""
    origin, target = departments(sight, [hop["from"]]), departments(sight, [hop["to"]])
    if not _own(sight).intersection([*origin, *target]):
        return None
    return {
        "at": hop["at"],
        "from": origin[0] if origin else None,
        "to": target[0] if target else None,
    }


def _told(sight: Sight) -> list[Row]:
    """The matters that began or were pushed in the period and came to a result."""
    return [
        {
            **head(sight, ref),
            "title": sight.seen(ref).get("title"),
            "escalation_outcome": sight.seen(ref).get("escalation_outcome"),
        }
        for ref, event in sight.of(Event).items()
        if event.escalation_outcome is not None
        and any(sight.period.holds(moment) for moment in (event.started_at, *_pushes(event)))
    ]


def _pushes(event: Event) -> Iterator[datetime | date]:
    return (entry.at for entry in event.log if entry.kind in {"demand", "escalation"})


def _witnesses(sight: Sight) -> list[Row]:
    """What we will testify for departments; one without a day counts when its event does."""
    return [
        {
            **head(sight, ref),
            "title": sight.seen(ref).get("title"),
            **{key: said.get(key) for key in ("department", "statement", "at")},
        }
        for ref, event in sight.of(Event).items()
        for said in sight.seen(ref).get("witness_for", ())
        if sight.period.holds(said.get("at") or event.started_at)
    ]


def _by_department(asked: Sequence[Row], passed: Sequence[Row]) -> list[Row]:
    """How often each department was asked and passed it on, the most often passed on first."""
    demanded = Counter(row["department"] for row in asked)
    deflected = Counter(hop["department"] for row in passed for hop in row["chain"])
    names = {name for name in (*demanded, *deflected) if name}
    return [
        {"department": name, "demands": demanded[name], "deflections": deflected[name]}
        for name in sorted(names, key=lambda one: (-deflected[one], -demanded[one], one))
    ]

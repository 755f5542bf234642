"""Section 17: the customer's inner politics as the records know it; sales has the advice alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aswiki.domain.records.event import Event
from aswiki.domain.reports.heads import Row, head
from aswiki.domain.reports.sections.signals import heard
from aswiki.domain.reports.sight import Sight

_POSITIONED = ("kind", "internal_positioning", "advice")
_ASKED = ("title", "status", "asked_by", "friendly_department", "other_department", "facts")
_CONTACT = ("name", "side", "department", "role", "title", "stance", "from", "until")
_TAKES_SIDES = frozenset({"champion", "supporter", "detractor"})
SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boss": {
        "note": tuple(f"signal.{key}" for key in _POSITIONED),
        "visit": tuple(f"signals.{key}" for key in _POSITIONED),
        "event": (*_ASKED, "started_at", "wording.audience", "wording.text"),
        "profile": tuple(f"contacts.{key}" for key in _CONTACT),
    },
    "sales": {"note": ("signal.advice",), "visit": ("signals.advice",)},
}


def politics(sights: Sequence[Sight]) -> dict[str, Any] | None:
    """How the customer's departments label matters and who asked us; to sales what to do."""
    if sights[0].reader != "boss":
        advice = [
            {"customer": sight.customer, "name": sight.name, "advice": signal["advice"]}
            for sight in sights
            for _ref, _at, signal in heard(sight)
            if signal.get("advice")
        ]
        return {"advice": advice} if advice else None
    rows = [row for sight in sights if (row := _customer(sight)) is not None]
    return {"customers": rows} if rows else None


def _customer(sight: Sight) -> Row | None:
    found = {
        "positionings": list(_positionings(sight)),
        "inquiries": list(_inquiries(sight)),
        "came_and_went": [_contact(one) for one in _contacts(sight, moved=True)],
    }
    if not any(found.values()):
        return None
    sides = [_contact(one) for one in _contacts(sight, moved=False)]
    return {**head(sight), **found, "stances": sides}


def _positionings(sight: Sight) -> Iterator[Row]:
    for ref, at, signal in heard(sight):
        if signal.get("internal_positioning"):
            said = {key: signal.get(key) for key in _POSITIONED}
            yield {**head(sight, ref), "at": at, **said}


def _inquiries(sight: Sight) -> Iterator[Row]:
    """What departments asked us to look into, and the words that each was given."""
    for ref, event in sight.of(Event).items():
        if event.kind == "inquiry" and sight.period.holds(event.started_at):
            seen = sight.seen(ref)
            row = head(sight, ref) | sight.pick(ref, _ASKED)
            row["facts"] = seen.get("facts", [])
            yield row | {
                "started_at": seen.get("started_at"),
                "wording": [
                    {key: each.get(key) for key in ("audience", "text")}
                    for each in seen.get("wording", ())
                ],
            }


def _contacts(sight: Sight, *, moved: bool) -> Iterator[Mapping[str, Any]]:
    """Contacts who came or went in the period; else those there who are for or against us."""
    period, profile = sight.period, sight.profile
    seen = sight.seen(f"{sight.customer}/profile").get("contacts", []) if profile else []
    for contact in seen:
        came, went = contact.get("from"), contact.get("until")
        if moved:
            if period.holds(came) or period.holds(went):
                yield contact
        elif contact.get("stance") in _TAKES_SIDES and not (
            contact.get("active") is False or period.is_over_by_end(went)
        ):
            yield contact


def _contact(seen: Mapping[str, Any]) -> Row:
    return {key: seen.get(key) for key in _CONTACT}

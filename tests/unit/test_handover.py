"""What is in a colleague's hands as a value: what is theirs, whom it waits for, in which order."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aswiki.domain import records as record_types
from aswiki.domain.dues.outlook import World
from aswiki.domain.ledgers.ground import Ground as Ledgers
from aswiki.domain.records.common import Record
from aswiki.domain.reports.ground import Ground
from aswiki.domain.reports.handover import handover
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.sight import Sight

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
NAMES = {"zhangwei": "zhangwei", "张维": "zhangwei", "linyue": "linyue"}
COLLEAGUES: dict[str, str | None] = {"zhangwei": "after-sales", "linyue": "after-sales"}


def made(ref: str, **fields: Any) -> Record:
    folder = ref.split("/")[-2] if "/" in ref else ""
    name = ref.rpartition("/")[2]
    tops = record_types.TOP_FOLDERS
    kind = record_types.PAGES.get(f"{name}.md") or tops.get(folder) or record_types.FOLDERS[folder]
    shape = record_types.model(kind)
    return shape.model_validate({"type": kind, "title": f"title of {name}", **fields})


def hands(owner: str, own: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What a colleague has in hand in a wiki of these records."""
    found = {ref: made(ref, **fields) for ref, fields in own.items()}
    world = World(found, NOW, SHANGHAI, names=NAMES)
    ledgers = Ledgers(found, NOW, SHANGHAI, COLLEAGUES, NAMES)
    month = Period.of_month("2026-11", SHANGHAI, NOW)
    slugs = sorted(ref.partition("/")[0] for ref in found if ref.endswith("/profile"))
    ground = Ground(colleagues=COLLEAGUES, names=NAMES)
    sights = {
        slug: Sight(
            "team",
            slug,
            month,
            {ref: one for ref, one in found.items() if ref.startswith(f"{slug}/")},
            ground,
        )
        for slug in slugs
    }
    return handover(owner, world, ledgers, sights)


def profile(owner: str, **more: Any) -> dict[str, Any]:
    return {"name": f"customer of {owner}", "owner": owner, **more}


def incident(**fields: Any) -> dict[str, Any]:
    given = {"kind": "incident", "severity": "P2", "status": "in_progress"}
    return {**given, "started_at": "2026-10-22T08:30:00+08:00", **fields}


def test_only_what_is_theirs_is_in_their_hands_by_record_and_else_by_customer() -> None:
    own = {
        "a/profile": profile("zhangwei"),
        "b/profile": profile("linyue"),
        "a/events/theirs": incident(),
        "a/events/hers": incident(owner="linyue"),
        "b/events/lent": incident(owner="张维"),
    }
    found = hands("zhangwei", own)
    assert {one["ref"] for one in found["events"]} == {"a/events/theirs", "b/events/lent"}
    assert [one["customer"] for one in found["customers"]] == ["a"]
    assert {one["ref"] for one in hands("linyue", own)["events"]} == {"a/events/hers"}
    assert found["totals"]["events"] == 2
    assert (found["owner"], found["department"]) == ("zhangwei", "after-sales")


def test_what_is_urgent_comes_first_and_upkeep_apart() -> None:
    own = {
        "a/profile": profile("zhangwei", contract_renewal_on="2026-12-01"),
        "a/events/grave": incident(severity="P1"),
        "a/events/late": {
            "kind": "change",
            "status": "new",
            "started_at": "2026-11-01",
            "promises": [{"id": "p1", "what": "a date", "due_on": "2026-10-30"}],
        },
    }
    found = hands("zhangwei", own)
    urgent = [(one["what"], one["name"]) for one in found["urgent"]]
    assert urgent[0] == ("untriaged", "customer of zhangwei") or urgent[0][0] == "stalled-event"
    assert ("overdue-promise", "customer of zhangwei") in urgent
    assert [one["urgency"] for one in found["urgent"]] == sorted(
        (one["urgency"] for one in found["urgent"]), reverse=True
    )
    assert "contract-renewal" in {one["what"] for one in found["upkeep"]}


def test_a_promise_they_made_in_the_record_of_another_is_handed_over_too() -> None:
    promised = {"id": "p1", "what": "a visit", "by": {"person": "张维"}, "due_on": "2026-11-09"}
    own = {"b/profile": profile("linyue"), "b/events/e": incident(promises=[promised])}
    assert [one["what"] for one in hands("zhangwei", own)["promises"]] == ["a visit"]
    assert hands("zhangwei", own)["events"] == []


def test_blame_that_is_carried_is_handed_over_and_cleared_blame_is_not() -> None:
    carried = {"status": "carried", "accused_at": "2026-10-23", "accused_by": ["gao"]}
    cleared = {"status": "cleared", "accused_at": "2026-10-23", "cleared_at": "2026-10-24"}
    own = {
        "a/profile": profile("zhangwei"),
        "a/events/x": incident(blame=carried),
        "a/events/y": incident(blame=cleared),
    }
    [found] = hands("zhangwei", own)["blames"]
    assert (found["ref"], found["days"], found["accused_by"]) == ("a/events/x", 10, ["gao"])


def test_the_days_ahead_hold_visits_windows_duties_and_ends_up_to_two_months() -> None:
    credit = {"temp_credit": {"amount": 1, "expires_on": "2026-11-15"}}
    guard = {
        "kind": "critical_event",
        "status": "new",
        "started_at": "2026-11-20",
        "window": {"from": "2026-11-20T08:00:00+08:00", "to": "2026-11-27"},
        "roster": [{"who": "张维", "from": "2026-11-21T20:00:00+08:00"}, {"who": "linyue"}],
    }
    change = {"kind": "change", "status": "new", "started_at": "2026-11-05T04:00:00+08:00"}
    own = {
        "a/profile": profile("zhangwei", credit=credit, contract_renewal_on="2027-03-01"),
        "a/visits/v": {"kind": "monthly", "status": "planned", "occurred_at": "2026-11-11"},
        "a/visits/w": {"kind": "monthly", "status": "planned", "occurred_at": "2027-02-11"},
        "a/events/guard": guard,
        "a/events/change": change,
    }
    found = hands("zhangwei", own)["dates"]
    assert [(one["what"], one["ref"].rpartition("/")[2]) for one in found] == [
        ("event", "change"),
        ("visit", "v"),
        ("temp_credit", "profile"),
        ("window", "guard"),
        ("duty", "guard"),
    ]


def test_a_customer_comes_with_whom_to_call_the_rhythm_of_visits_and_the_weather() -> None:
    contact = {"name": "秦枫", "role": "tech_lead", "final_contact": True, "phone": "138-0000-0001"}
    own = {
        "a/profile": profile("zhangwei", contacts=[contact], review_cadence="monthly"),
        "a/visits/v": {"kind": "monthly", "status": "held", "occurred_at": "2026-10-11"},
    }
    [found] = hands("zhangwei", own)["customers"]
    assert found["contacts"][0]["phone"] == "138-0000-0001"
    assert (found["cadence"], found["last_visit"]["ref"]) == ("monthly", "a/visits/v")
    assert found["next_visit"] is None
    assert found["last_contact"]["days"] == 22
    assert found["weather"]["value"] == "sunny"


def test_customers_in_the_worst_weather_come_first() -> None:
    own = {
        "a/profile": profile("zhangwei"),
        "b/profile": profile("zhangwei"),
        "b/events/e": incident(severity="P0"),
    }
    assert [one["customer"] for one in hands("zhangwei", own)["customers"]] == ["b", "a"]


def test_what_is_sensitive_or_for_few_is_named_as_such() -> None:
    own = {
        "a/profile": profile("zhangwei"),
        "a/events/e": incident(sensitive=True),
        "a/notes/n": {"kind": "signal", "audience": ["boss"]},
        "a/notes/m": {"kind": "signal"},
    }
    found = hands("zhangwei", own)["sensitive"]
    assert [(one["ref"], one["sensitive"], one["audience"]) for one in found] == [
        ("a/events/e", True, []),
        ("a/notes/n", False, ["boss"]),
    ]


def test_a_lesson_without_an_owner_is_of_whose_record_it_came_from_until_it_is_shared() -> None:
    lesson = {"from_records": ["a/events/e"], "learned_on": "2026-10-25"}
    own = {
        "a/profile": profile("zhangwei"),
        "a/events/e": incident(),
        "lessons/open": lesson,
        "lessons/raw": lesson | {"shared_with": ["after-sales"]},
        "lessons/done": lesson | {"shared_with": ["after-sales"], "sanitized": True},
        "lessons/hers": {"owner": "linyue"},
    }
    found = hands("zhangwei", own)["lessons"]
    assert [(one["ref"], one["shared"]) for one in found] == [
        ("lessons/open", False),
        ("lessons/raw", True),
    ]
    assert [one["ref"] for one in hands("linyue", own)["lessons"]] == ["lessons/hers"]


def test_empty_hands_are_empty_lists() -> None:
    found = hands("zhangwei", {"b/profile": profile("linyue")})
    assert not any(found["totals"].values())

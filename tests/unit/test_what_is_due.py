"""What is due as a value: clocks, ladders, dates that come near, pages not kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aswiki.domain import records as record_types
from aswiki.domain.dues.due import due
from aswiki.domain.dues.outlook import Due, World
from aswiki.domain.dues.pace import Pace
from aswiki.domain.records.common import Record

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 10, 20, 10, 0, tzinfo=SHANGHAI)
LADDER = [{"level": "L2", "who": "db-team"}, {"level": "L1", "who": "ops-center"}]
LADDER += [{"level": "L4", "who": "boss"}]


def made(record_type: str, **fields: Any) -> Record:
    shape = record_types.model(record_type)
    return shape.model_validate({"type": record_type, "title": "库抖动", "owner": "zw", **fields})


def product() -> Record:
    said = {"aliases": ["OSS"], "owner_department": "db-team", "escalation": LADDER}
    return made("product", what_we_sell="存文件", **said)


def event(**fields: Any) -> Record:
    given = {"kind": "question", "status": "in_progress", "product": "oss", **fields}
    return made("event", **{"started_at": "2026-10-19T09:00:00+08:00", **given})


def incident(**fields: Any) -> Record:
    return event(**{"kind": "incident", "severity": "P2", **fields})


def profile(**fields: Any) -> Record:
    whole = {
        "name": "蓝鲸",
        "account_level": "key",
        "credit": {"as_of": "2026-10-19"},
        "contacts": [{"name": "王磊", "from": "2026-10-01"}],
        "reviewed_on": "2026-10-19",
    }
    return made("profile", **{**whole, **fields})


def usage() -> Record:
    return made("usage", period="2026-09", sources=[{"name": "a.csv"}], days_covered=30)


def seen(**own: Record) -> list[Due]:
    records = {f"acme/{ref.replace('_', '/', 1)}": record for ref, record in own.items()}
    records |= {"products/oss": product(), "acme/usage/2026-09": usage()}
    names = {"zw": "zw", "老张": "zw"}
    return due(World(records, NOW, SHANGHAI, {}, Pace(fast_hours=24, slow_days=14), names))


def whats(**own: Record) -> list[str]:
    return [item.what for item in seen(**own)]


def entry(at: str, kind: str = "note", **fields: Any) -> dict[str, Any]:
    return {"at": f"2026-10-{at}:00+08:00", "by": "zw", "kind": kind, "text": "查", **fields}


TRIAGED = {"class": "old_bug", "at": "2026-10-01T10:00:00+08:00"}


def test_nothing_is_due_where_all_is_kept() -> None:
    assert seen(profile=profile(), events_a=event()) == []


@pytest.mark.parametrize(
    ("fields", "stalled"),
    [
        ({"triage": {"class": "old_bug"}}, True),
        ({"triage": {"class": "broken_promise"}}, True),
        ({"kind": "requirement", "environment": "a", "purpose": "b"}, False),
        ({"kind": "incident", "severity": "P1", "triage": {"class": "new_requirement"}}, False),
        ({"kind": "incident", "severity": "P3", "triage": {"class": "undetermined"}}, True),
        (
            {"promises": [{"what": "a", "by": {}, "made_on": "2026-10-01", "status": "broken"}]},
            True,
        ),
        ({}, False),
        ({"triage": {"class": "old_bug"}, "status": "resolved"}, False),
    ],
)
def test_old_bugs_and_broken_promises_run_on_the_fast_clock(
    fields: dict[str, Any], stalled: bool
) -> None:
    assert ("stalled-event" in whats(events_a=event(**fields))) is stalled


def test_all_else_runs_on_the_slow_clock() -> None:
    assert whats(events_a=event(started_at="2026-10-06T11:00:00+08:00")) == []
    (item,) = seen(events_a=event(started_at="2026-10-06T09:00:00+08:00"))
    assert (item.what, item.days, item.urgency) == ("stalled-event", 14, 2)


def test_the_last_log_entry_is_movement_and_one_ahead_is_not() -> None:
    moved = incident(triage=TRIAGED, log=[entry("19T20:00"), entry("25T10:00")])
    assert whats(events_a=moved) == []
    still = incident(triage=TRIAGED, log=[entry("19T09:30"), entry("25T10:00")])
    (item,) = seen(events_a=still)
    assert item.since == datetime(2026, 10, 19, 9, 30, tzinfo=SHANGHAI)


def test_what_has_not_begun_does_not_stand_still() -> None:
    assert whats(events_a=event(started_at="2026-12-01", kind="critical_event")) == []


def test_an_open_complaint_stands_still_after_a_day() -> None:
    given = {
        "category": "outage",
        "status": "received",
        "received_at": "2026-10-18T09:00:00+08:00",
        "customer_impact": "停",
        "responsible": {"department": "db-team"},
        "customer_loss": {"kind": "none"},
        "log": [entry("18T09:00")],
    }
    linked = made("complaint", related=[{"ref": "acme/events/a", "how": "caused_by"}], **given)
    (item,) = seen(complaints_b=linked, events_a=event(status="closed", closed_at="2026-10-19"))
    assert (item.what, item.urgency) == ("stalled-complaint", 3)
    assert item.next_level is not None
    assert item.next_level.who == "ops-center"
    closed = made("complaint", **{**given, "status": "closed", "closed_at": "2026-10-18"})
    assert whats(complaints_b=closed) == []


@pytest.mark.parametrize(
    ("log", "level"),
    [
        ([], "L1"),
        ([entry("18T09:00", "demand", to="ops-center", level="L1")], "L2"),
        ([entry("18T09:00", "demand", to="db-team")], "L4"),
        ([entry("18T09:00", "note", level="L4")], "L1"),
        ([entry("18T09:00", "escalation", to="x", level="L3")], "L4"),
        ([entry("18T09:00", "escalation", to="boss", level="L4")], None),
    ],
)
def test_the_next_level_is_the_rung_above_the_highest_reached(
    log: list[dict[str, Any]], level: str | None
) -> None:
    begun = "2026-10-18T08:00:00+08:00"
    (item,) = seen(events_a=incident(triage=TRIAGED, started_at=begun, log=log))
    assert (item.next_level.level if item.next_level else None) == level


def test_without_a_ladder_there_is_no_next_level() -> None:
    begun = "2026-10-18T08:00:00+08:00"
    found = seen(events_a=incident(triage=TRIAGED, started_at=begun, product="别家"))
    assert [item.next_level for item in found] == [None]


def test_an_incident_without_triage_is_due_after_a_day() -> None:
    (item,) = seen(events_a=incident(log=[entry("20T09:00")], severity="P1"))
    assert (item.what, item.urgency, item.days) == ("untriaged", 4, 1)
    assert whats(events_a=incident(started_at="2026-10-19T11:00:00+08:00")) == []


def test_an_open_promise_is_due_the_day_after_its_day() -> None:
    base = {"what": "修好", "by": {"person": "zw"}, "made_on": "2026-10-01"}
    said = [
        {"id": "p1", **base, "due_on": "2026-10-19"},
        {"id": "p2", **base, "due_on": "2026-10-20"},
        {"id": "p3", **base, "due_on": "2026-10-01", "status": "kept"},
    ]
    (item,) = seen(events_a=event(promises=said))
    assert (item.ref, item.what, item.days) == ("acme/events/a#p1", "overdue-promise", 1)
    assert item.as_json()["customer"] == "acme"


@pytest.mark.parametrize(
    ("day", "days"), [("2026-11-03", -14), ("2026-11-04", None), ("2026-10-18", 2)]
)
def test_a_temporary_credit_is_due_from_two_weeks_before_it_expires(
    day: str, days: int | None
) -> None:
    credit = {"as_of": "2026-10-19", "temp_credit": {"amount": 100, "expires_on": day}}
    found = seen(profile=profile(credit=credit))
    assert [(item.what, item.days) for item in found] == (
        [] if days is None else [("credit-expires", days)]
    )


def test_a_contract_is_due_from_sixty_days_before_its_renewal() -> None:
    assert whats(profile=profile(contract_renewal_on="2026-12-19")) == ["contract-renewal"]
    assert whats(profile=profile(contract_renewal_on="2026-12-20")) == []


def test_pages_that_are_not_kept_are_due_by_their_part() -> None:
    old = {
        "reviewed_on": "2026-01-01",
        "credit": {"as_of": "2026-01-01"},
        "contacts": [{"name": "王磊", "from": "2026-01-01"}],
        "review_cadence": "每月",
        "customer_since": "2026-01-01",
    }
    found = whats(profile=profile(**old))
    assert found == ["late-visit", "stale-contacts", "stale-credit", "stale-profile"]
    assert whats(profile=profile(**old, lifecycle="churned")) == []


def test_the_newest_visit_that_was_held_counts_against_the_cadence() -> None:
    held = made("visit", kind="monthly", status="held", occurred_at="2026-10-01")
    held = held.model_copy(update={"weather": "sunny", "summary": "例行"})
    own = {"profile": profile(review_cadence="monthly", customer_since="2026-01-01")}
    assert whats(**own) == ["late-visit"]
    assert whats(**own, visits_b=held) == []


def test_the_usage_of_last_month_is_missing_from_the_fifth_on() -> None:
    records = {"acme/profile": profile()}
    for day, found in [(4, []), (5, ["missing-usage"])]:
        now = datetime(2026, 11, day, 9, 0, tzinfo=SHANGHAI)
        world = World(records, now, SHANGHAI)
        assert [item.what for item in due(world)] == found


def test_a_record_that_is_not_whole_names_what_it_lacks() -> None:
    planned = made("visit", kind="monthly", status="planned", occurred_at="2026-11-01")
    (item,) = seen(visits_a=made("visit", kind="monthly", status="held"), visits_b=planned)
    assert item.what == "not-whole"
    assert item.message.endswith("missing: Occurred at, Weather, Summary.")


def test_the_owner_is_the_records_else_the_customers_by_their_id() -> None:
    begun = "2026-10-01"
    own = event(started_at=begun, owner="老张")
    nobodys = event(started_at=begun).model_copy(update={"owner": None})
    found = seen(profile=profile(owner="linyue"), events_a=own, events_b=nobodys)
    assert [(item.ref[-1], item.owner) for item in found] == [("a", "zw"), ("b", "linyue")]


def test_the_most_urgent_come_first_and_of_those_the_oldest() -> None:
    found = seen(
        profile=profile(contract_renewal_on="2026-11-01"),
        events_a=incident(triage=TRIAGED, severity="P0", started_at="2026-10-18"),
        events_b=incident(triage=TRIAGED, started_at="2026-10-10"),
        events_c=incident(triage=TRIAGED, started_at="2026-10-02"),
    )
    order = [(item.urgency, item.ref.rpartition("/")[2]) for item in found]
    assert order == [(4, "a"), (3, "c"), (3, "b"), (2, "profile")]

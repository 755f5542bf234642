"""The ledgers as values: what follows from the records, across all customers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aswiki.domain import records as record_types
from aswiki.domain.ledgers.all import LEDGERS, NAMES
from aswiki.domain.ledgers.ground import Ground, Row
from aswiki.domain.ledgers.logs import loops
from aswiki.domain.records.common import Record

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
COLLEAGUES = {"luoyang": "db-team", "zhangwei": "after-sales", "wujun": "ops-center"}
SPELLED = {"罗扬": "luoyang", "luoyang": "luoyang", "数据库研发组": "db-team", "老张": "zhangwei"}


def made(record_type: str, **fields: Any) -> Record:
    shape = record_types.model(record_type)
    return shape.model_validate({"type": record_type, "title": "库抖动", **fields})


def event(**fields: Any) -> Record:
    given = {"kind": "incident", "severity": "P2", "status": "in_progress", **fields}
    return made("event", **{"started_at": "2026-10-03T14:05:00+08:00", **given})


def complaint(**fields: Any) -> Record:
    given = {"category": "outage", "status": "received", **fields}
    return made("complaint", **{"received_at": "2026-10-04T09:00:00+08:00", **given})


def entry(at: str, kind: str, **fields: Any) -> dict[str, Any]:
    return {"at": f"2026-10-{at}:00+08:00", "by": "zhangwei", "kind": kind, "text": "查", **fields}


def rows(ledger: str, **own: Record) -> list[Row]:
    found = {f"acme/{ref.replace('_', '/', 1)}": record for ref, record in own.items()}
    return LEDGERS[ledger](Ground(found, NOW, SHANGHAI, COLLEAGUES, SPELLED))


def only(ledger: str, record: Record) -> Row:
    (row,) = rows(ledger, events_a=record)
    return row


def promise(**fields: Any) -> Record:
    return event(promises=[{"id": "p1", "what": "修好", "due_on": "2026-10-23", **fields}])


def test_every_ledger_has_a_name_in_both_languages() -> None:
    assert LEDGERS.keys() == NAMES.keys()
    assert all(en and zh for en, zh in NAMES.values())


@pytest.mark.parametrize(
    ("fields", "days", "is_open"),
    [
        ({}, 10, True),
        ({"status": "open", "due_on": "2026-11-02"}, 0, True),
        ({"status": "open", "due_on": None}, 0, True),
        ({"status": "broken"}, 10, False),
        ({"status": "late", "kept_on": "2026-10-27"}, 4, False),
        ({"status": "kept", "kept_on": "2026-10-20"}, 0, False),
        ({"status": "withdrawn"}, 0, False),
        ({"status": "disputed"}, 0, False),
    ],
)
def test_a_promise_is_overdue_until_it_is_kept(
    fields: dict[str, Any], days: int, is_open: bool
) -> None:
    row = only("promises", promise(**fields))
    assert (row["overdue_days"], row["open"]) == (days, is_open)
    assert row["ref"] == "acme/events/a#p1"


def test_a_promise_counts_for_the_department_of_its_promiser() -> None:
    assert only("promises", promise(by={"person": "罗扬"}))["department"] == "db-team"
    assert only("promises", promise(by={"person": "罗扬"}))["person"] == "luoyang"
    assert only("promises", promise(by={"department": "数据库研发组"}))["department"] == "db-team"
    assert only("promises", promise(by={"person": "外人"}))["department"] is None


def test_open_promises_come_first_and_of_those_the_longest_overdue() -> None:
    found = rows(
        "promises",
        events_a=promise(status="broken", due_on="2026-01-01"),
        events_b=promise(due_on="2026-10-30"),
        events_c=promise(due_on="2026-10-01"),
    )
    assert [row["ref"][-4] for row in found] == ["c", "b", "a"]


CLEARED = {
    "status": "cleared",
    "accused_at": "2026-10-03T14:05:00+08:00",
    "cleared_at": "2026-10-12T09:30:00+08:00",
    "true_cause_party": "third_party",
}


def test_a_cleared_blame_says_days_carried_true_cause_and_the_words_of_that_moment() -> None:
    log = [
        entry("11T09:00", "customer", quote="再查查"),
        entry("12T09:30", "customer", quote="跟你们没关系"),
        entry("20T09:30", "customer", quote="下月再聊"),
    ]
    row = only("blame", event(blame=CLEARED, log=log))
    assert (row["days_carried"], row["true_cause_party"]) == (9, "third_party")
    assert (row["statement"], row["open"]) == ("跟你们没关系", False)


def test_without_an_entry_of_that_moment_the_newest_quote_up_to_the_clearing_counts() -> None:
    log = [
        entry("11T09:00", "customer", quote="不是你们"),
        entry("20T09:00", "customer", quote="好"),
    ]
    row = only("blame", event(blame=CLEARED, log=log))
    assert row["statement"] == "不是你们"


def test_a_carried_blame_counts_to_today_and_has_no_statement() -> None:
    log = [entry("11T09:00", "customer", quote="就是你们")]
    row = only("blame", event(blame={"accused_at": "2026-10-31"}, log=log))
    assert (row["status"], row["open"], row["days_carried"]) == ("accused", True, 2)
    assert row["statement"] is None


def test_a_blame_settled_otherwise_on_a_day_nobody_wrote_down_has_no_days() -> None:
    row = only("blame", event(blame={"status": "confirmed", "accused_at": "2026-10-03"}))
    assert (row["open"], row["days_carried"]) == (False, None)


def test_days_are_those_of_the_wikis_zone() -> None:
    said = {**CLEARED, "accused_at": "2026-10-03T23:30:00+00:00"}
    assert only("blame", event(blame=said))["days_carried"] == 8


def test_a_blame_names_the_complaints_linked_to_it() -> None:
    linked = complaint(related=[{"ref": "acme/events/a", "how": "caused_by"}])
    beside = complaint(related=[{"ref": "acme/events/a", "how": "see_also"}])
    own = {"events_a": event(blame=CLEARED), "complaints_b": linked, "complaints_c": beside}
    assert rows("blame", **own)[0]["complaints"] == ["acme/complaints/b"]


def test_a_complaint_whose_person_was_cleared_counts_for_nobody() -> None:
    cleared = complaint(responsible={"cleared_by": "acme/events/a", "department": "db-team"})
    row = only("complaints", cleared)
    assert (row["counts_for"], row["department"]) == (None, None)
    assert row["cleared_by"] == "acme/events/a"


def test_a_complaint_counts_for_its_person_and_their_department() -> None:
    row = only("complaints", complaint(responsible={"person": "罗扬"}))
    assert (row["counts_for"], row["department"]) == ("luoyang", "db-team")


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({}, 29),
        ({"status": "closed", "closed_at": "2026-10-13"}, 9),
        ({"status": "reopened", "closed_at": "2026-10-13"}, 29),
        ({"status": "withdrawn"}, None),
    ],
)
def test_a_complaint_ages_until_it_is_closed(fields: dict[str, Any], days: int | None) -> None:
    assert only("complaints", complaint(**fields))["days"] == days


def claims(**hours: Any) -> dict[str, Any]:
    return {"claims": [{"stage": k, "by": "chenhao", "hours": v} for k, v in hours.items()]}


def test_the_scope_gap_is_actual_minus_what_sales_said() -> None:
    found = rows(
        "scope",
        events_a=event(scope=claims(sales_said=4, customer_confirmed=12, actual=Decimal("10.5"))),
        events_b=event(scope=claims(sales_said=8, actual=6)),
        events_c=event(scope=claims(sales_said=8)),
    )
    assert [row["gap_hours"] for row in found] == [Decimal("6.5"), Decimal(-2), None]
    assert {row["said_by_gap_hours"] for row in found} == {Decimal("4.5")}
    assert found[0]["claims"]["customer_confirmed"] == 12


def test_a_demand_says_whose_department_and_how_long_until_a_result() -> None:
    demand = entry("03T14:20", "demand", to="罗扬", level="L2")
    ended = {
        "mitigated_at": "2026-10-03T14:50:00+08:00",
        "resolved_at": "2026-10-03T18:20:00+08:00",
    }
    row = only("demands", event(log=[demand], **ended))
    assert (row["department"], row["hours_to_result"]) == ("db-team", Decimal("0.5"))


def test_a_demand_made_after_the_mitigation_waits_for_the_resolution() -> None:
    demand = entry("03T16:20", "demand", to="db-team")
    ended = {
        "mitigated_at": "2026-10-03T14:50:00+08:00",
        "resolved_at": "2026-10-03T18:20:00+08:00",
    }
    assert only("demands", event(log=[demand], **ended))["hours_to_result"] == 2
    assert only("demands", event(log=[demand]))["hours_to_result"] is None


def test_a_demand_is_open_as_long_as_its_event_or_complaint() -> None:
    demand = entry("05T16:20", "demand", to="db-team")
    assert only("demands", complaint(log=[demand]))["open"] is True
    assert only("demands", event(log=[demand], status="resolved"))["open"] is False


@pytest.mark.parametrize(
    ("hops", "found"),
    [
        ("AB BC CA", ["ABCA"]),
        ("AB BA AB BA", ["ABA", "ABA"]),
        ("AB CD BA", ["ABA"]),
        ("XA AB BA", ["ABA"]),
        ("AB AC CA", ["ACA"]),
        ("AB BC", []),
        ("AA", []),
        ("BA CB", []),
    ],
)
def test_a_loop_is_a_way_that_comes_back_to_a_department(hops: str, found: list[str]) -> None:
    assert loops((hop[0], hop[1]) for hop in hops.split()) == [list(loop) for loop in found]


def test_people_stand_for_their_departments_in_a_loop() -> None:
    log = [
        entry("03T14:20", "deflection", **{"from": "罗扬", "to": "net-team"}),
        entry("03T14:30", "deflection", **{"from": "net-team", "to": "数据库研发组"}),
    ]
    row = only("deflections", event(log=log))
    assert (row["hops"], row["loops"]) == (2, [["db-team", "net-team", "db-team"]])
    assert row["chain"][0]["from"] == "罗扬"


def test_a_new_requirement_may_be_refused_and_its_hops_are_not_counted() -> None:
    log = [entry("03T14:20", "deflection", **{"from": "a", "to": "b"})]
    assert rows("deflections", events_a=event(log=log, triage={"class": "new_requirement"})) == []


def note(kind: str, **fields: Any) -> Record:
    given = {"kind": kind, "occurred_at": "2026-10-16T17:00:00+08:00", **fields}
    return made("note", **given)


def test_a_sync_has_its_lag_and_the_days_since_the_customers_last() -> None:
    told = {"happened_at": "2026-10-10T14:00:00+08:00", "synced_at": "2026-10-16T17:06:00+08:00"}
    first = note("sales_sync", sales_sync={"synced_at": "2026-10-01"})
    found = rows("syncs", notes_a=note("sales_sync", sales_sync=told), notes_b=first)
    assert [row["lag_hours"] for row in found] == [None, Decimal("147.1")]
    assert {row["days_since_last"] for row in found} == {17}


def test_a_signal_without_a_fault_is_only_loud_and_its_source_is_protected() -> None:
    row = only("signals", note("signal", signal={"kind": "bargaining", "platform_fault": "none"}))
    assert (row["loud"], row["protect_source"]) == (True, True)
    row = only(
        "signals", note("signal", signal={"platform_fault": "minor", "protect_source": False})
    )
    assert (row["loud"], row["protect_source"]) == (False, False)


def test_feelings_of_notes_and_visits_stand_by_time() -> None:
    visit = made(
        "visit", kind="monthly", occurred_at="2026-10-15", feelings=[{"verbatim": "快多了"}]
    )
    found = rows("feelings", notes_a=note("feeling", feeling={"verbatim": "慢"}), visits_b=visit)
    assert [row["verbatim"] for row in found] == ["快多了", "慢"]


def test_help_sums_what_its_giver_gave_and_received() -> None:
    given = {"helped_by": [{"person": "罗扬", "minutes": 40}, {"person": "wujun", "minutes": 30}]}
    back = {"helped_by": [{"person": "zhangwei", "minutes": 25}]}
    found = rows(
        "help", events_a=event(owner="老张", **given), events_b=event(owner="luoyang", **back)
    )
    sums = {
        row["given_by"]: (row["giver_gave_minutes"], row["giver_received_minutes"]) for row in found
    }
    assert sums == {"luoyang": (40, 25), "wujun": (30, 0), "zhangwei": (25, 70)}
    assert found[0]["received_by"] == "zhangwei"


def test_help_that_a_lesson_tells_again_is_summed_once() -> None:
    helped = [{"person": "luoyang", "minutes": 40}]
    lesson = made("lesson", helped_by=helped, from_records=["acme/events/a"])
    own = made("lesson", helped_by=helped)
    found = rows("help", events_a=event(helped_by=helped), l_b=lesson, l_c=own)
    assert [row["told_in"] for row in found] == [None, "acme/events/a", None]
    assert {row["giver_gave_minutes"] for row in found} == {80}


def test_hours_are_counted_across_zones_and_from_the_start_of_a_bare_day() -> None:
    ground = Ground({}, NOW, SHANGHAI)
    noon = datetime(2026, 10, 3, 4, 0, tzinfo=UTC)
    assert ground.hours(date(2026, 10, 3), noon) == 12
    assert ground.hours(None, noon) is None

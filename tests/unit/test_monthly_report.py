"""The monthly report as a value: what counts in which month, and in which order it is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aswiki.domain import records as record_types
from aswiki.domain.records.common import Record
from aswiki.domain.records.event import Event
from aswiki.domain.reports.customer_month import CustomerMonth
from aswiki.domain.reports.ground import Ground
from aswiki.domain.reports.incidents import incident_minutes
from aswiki.domain.reports.monthly import MonthlyReport, monthly_report, numbers
from aswiki.domain.reports.period import Period

SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
GROUND = Ground(colleagues={"luoyang": "db-team", "zhangwei": None}, currency="CNY")


def made(record_type: str, **fields: Any) -> Record:
    shape = record_types.model(record_type)
    return shape.model_validate({"type": record_type, "title": "库抖动", **fields})


def incident(started_at: str, **fields: Any) -> Record:
    given = {"kind": "incident", "severity": "P2", "status": "resolved", **fields}
    return made("event", started_at=started_at, **given)


def promised(**fields: Any) -> Record:
    return made("note", kind="signal", promises=[{"id": "p1", "what": "修好", **fields}])


def told(
    own: dict[str, Record], month: str = "2026-10", as_of: datetime = AS_OF
) -> tuple[MonthlyReport, CustomerMonth]:
    records = {f"acme/{ref}": record for ref, record in own.items()}
    found = monthly_report({"acme": records}, Period.of_month(month, SHANGHAI, as_of), GROUND)
    return found, found.customers[0]


def minutes_of(**fields: Any) -> int:
    return (
        told({"events/a": incident("2026-10-03T14:05:00+08:00", **fields)})[1].incidents[0].minutes
    )


def test_a_begun_minute_counts() -> None:
    assert minutes_of(resolved_at="2026-10-03T14:06:00+08:00") == 1
    assert minutes_of(resolved_at="2026-10-03T14:06:01+08:00") == 2


def test_an_outage_runs_to_its_resolution_else_to_its_mitigation_else_to_the_as_of() -> None:
    mitigated, resolved = "2026-10-03T14:15:00+08:00", "2026-10-03T15:05:00+08:00"
    assert minutes_of(mitigated_at=mitigated, resolved_at=resolved) == 60
    assert minutes_of(mitigated_at=mitigated) == 10
    until_as_of = (AS_OF - datetime(2026, 10, 3, 14, 5, tzinfo=SHANGHAI)) // timedelta(minutes=1)
    assert minutes_of(status="in_progress") == until_as_of


def test_an_end_before_the_start_makes_no_minutes() -> None:
    assert minutes_of(resolved_at="2026-10-03") == 0


def test_an_event_without_a_start_is_in_no_month() -> None:
    event = made("event", kind="incident", severity="P0", status="new")
    assert isinstance(event, Event)
    assert incident_minutes(event, Period.of_month("2026-10", SHANGHAI, AS_OF)) == 0
    report, customer = told({"events/a": event})
    assert report.totals.incidents == 0
    assert customer.open_events == []


def test_the_whole_outage_belongs_to_the_month_it_started_in() -> None:
    own = {
        "events/a": incident("2026-09-30T23:30:00+08:00", resolved_at="2026-10-01T00:30:00+08:00")
    }
    report, _customer = told(own)
    assert (report.totals.incidents, report.totals.incident_minutes) == (0, 0)
    assert (report.before.incidents, report.before.incident_minutes) == (1, 60)


def test_the_month_is_that_of_the_wikis_zone() -> None:
    own = {"events/a": incident("2026-09-30T17:00:00+00:00", resolved_at="2026-09-30T17:01:00Z")}
    assert told(own)[0].totals.incidents == 1
    utc = monthly_report({"acme": own}, Period.of_month("2026-10", UTC, AS_OF), GROUND)
    assert (utc.totals.incidents, utc.before.incidents) == (0, 1)


def test_a_cancelled_incident_does_not_count_and_is_not_open() -> None:
    report, customer = told({"events/a": incident("2026-10-03", status="cancelled")})
    assert report.totals.incidents == 0
    assert customer.open_events == []


def test_another_kind_of_event_is_no_incident() -> None:
    scaling = made("event", kind="scaling", started_at="2026-10-03", status="in_progress")
    report, customer = told({"events/a": scaling})
    assert report.totals.incidents == 0
    assert [item.kind for item in customer.open_events] == ["scaling"]


def test_incidents_are_counted_by_severity_and_told_the_gravest_and_longest_first() -> None:
    day = "2026-10-03T00:00:00+08:00"
    own = {
        "events/short": incident(day, resolved_at="2026-10-03T00:10:00+08:00"),
        "events/long": incident(day, resolved_at="2026-10-03T01:00:00+08:00"),
        "events/grave": incident(day, severity="P0", resolved_at="2026-10-03T00:01:00+08:00"),
    }
    report, customer = told(own)
    assert [item.ref.rpartition("/")[2] for item in customer.incidents] == [
        "grave",
        "long",
        "short",
    ]
    assert report.totals.by_severity == {"P0": 1, "P1": 0, "P2": 2, "P3": 0, "P4": 0}


@pytest.mark.parametrize(
    ("fields", "is_open"),
    [
        ({"status": "in_progress"}, True),
        ({"status": "mitigated"}, True),
        ({"status": "resolved"}, False),
        ({"status": "resolved", "resolved_at": "2026-10-31T23:59:00+08:00"}, False),
        ({"status": "resolved", "resolved_at": "2026-11-01T00:00:00+08:00"}, True),
        ({"status": "closed", "closed_at": "2026-11-01"}, True),
        ({"status": "closed", "closed_at": "2026-11-01", "resolved_at": "2026-10-09"}, False),
        ({"status": None}, True),
    ],
)
def test_an_event_is_open_until_it_is_resolved_or_closed(
    fields: dict[str, Any], is_open: bool
) -> None:
    customer = told({"events/a": incident("2026-10-08", **fields)})[1]
    assert bool(customer.open_events) is is_open


def test_an_event_that_starts_later_is_not_open_yet() -> None:
    assert told({"events/a": incident("2026-11-01", status="new")})[1].open_events == []


def test_departments_are_named_once_and_a_colleague_stands_for_theirs() -> None:
    entry = {"at": "2026-10-03T14:05:00+08:00", "by": "zhangwei", "text": "快"}
    log = [
        {**entry, "kind": "demand", "to": "luoyang"},
        {**entry, "kind": "deflection", "from": "db-team", "to": "net-team"},
        {**entry, "kind": "escalation", "to": "exec-office"},
    ]
    own = {
        "events/a": incident(
            "2026-10-03", technical_owner="ops", technical_decision_by=["ops", "db-team"], log=log
        )
    }
    assert told(own)[1].incidents[0].departments == ("ops", "db-team", "net-team")


@pytest.mark.parametrize(
    ("fields", "counted", "listed"),
    [
        ({"made_on": "2026-10-01", "due_on": "2026-12-01"}, {"open": 1}, True),
        ({"made_on": "2026-08-01", "due_on": "2026-12-01"}, {"open": 1}, False),
        ({"made_on": "2026-08-01", "due_on": "2026-09-01"}, {"open": 1, "overdue": 1}, True),
        ({"made_on": "2026-11-01", "due_on": "2026-11-02"}, {}, False),
        ({"status": "kept", "due_on": "2026-11-05", "kept_on": "2026-10-30"}, {"kept": 1}, True),
        ({"status": "late", "due_on": "2026-10-01", "kept_on": "2026-10-05"}, {"late": 1}, True),
        (
            {"status": "late", "due_on": "2026-10-20", "kept_on": "2026-11-01"},
            {"open": 1, "overdue": 1},
            True,
        ),
        ({"status": "kept", "due_on": "2026-08-05", "kept_on": "2026-08-04"}, {}, False),
        ({"status": "broken", "due_on": "2026-07-01"}, {"broken": 1}, True),
        ({"status": "broken", "due_on": "2026-11-01"}, {"open": 1}, False),
        ({"status": "withdrawn", "due_on": "2026-10-01"}, {}, True),
    ],
)
def test_a_promise_is_counted_as_it_stood_at_the_months_end(
    fields: dict[str, Any], counted: dict[str, int], listed: bool
) -> None:
    report, customer = told({"notes/a": promised(**fields)})
    nothing = dict.fromkeys(("kept", "late", "broken", "open", "overdue"), 0)
    assert report.totals.promises == nothing | counted
    assert bool(customer.promises) is listed


def test_days_overdue_end_with_the_month_or_with_the_day_it_was_kept() -> None:
    due = {"made_on": "2026-10-01", "due_on": "2026-10-20"}
    kept = {"status": "late", "kept_on": "2026-10-24"}
    assert told({"notes/a": promised(**due)})[1].promises[0].overdue_days == 11
    assert told({"notes/a": promised(**due, **kept)})[1].promises[0].overdue_days == 4
    middle = datetime(2026, 10, 22, tzinfo=SHANGHAI)
    assert told({"notes/a": promised(**due)}, as_of=middle)[1].promises[0].overdue_days == 2


@pytest.mark.parametrize(
    ("fields", "listed", "is_open"),
    [
        ({"received_at": "2026-10-04", "status": "received"}, True, True),
        ({"received_at": "2026-08-04", "status": "responded"}, True, True),
        ({"received_at": "2026-08-04", "status": "closed", "closed_at": "2026-10-02"}, True, False),
        ({"received_at": "2026-08-04", "status": "closed", "closed_at": "2026-11-01"}, True, True),
        (
            {"received_at": "2026-08-04", "status": "closed", "closed_at": "2026-09-02"},
            False,
            False,
        ),
        (
            {"received_at": "2026-08-04", "status": "reopened", "closed_at": "2026-09-02"},
            True,
            True,
        ),
        ({"received_at": "2026-10-04", "status": "withdrawn"}, True, False),
        ({"received_at": "2026-11-01", "status": "received"}, False, False),
    ],
)
def test_a_complaint_is_listed_when_received_closed_or_still_open(
    fields: dict[str, Any], listed: bool, is_open: bool
) -> None:
    report, customer = told({"complaints/a": made("complaint", category="attitude", **fields)})
    assert bool(customer.complaints) is listed
    assert report.totals.complaints_open == is_open
    assert report.totals.complaints == (fields["received_at"] == "2026-10-04")


def test_a_complaint_whose_person_was_cleared_names_the_record_that_cleared_them() -> None:
    complaint = made(
        "complaint",
        category="outage",
        received_at="2026-10-04",
        responsible={"cleared_by": "acme/events/a"},
        customer_loss={"kind": "claimed", "amount": Decimal("30000.00"), "currency": "CNY"},
    )
    reported = told({"complaints/a": complaint})[1].complaints[0]
    assert reported.responsible is None
    assert reported.cleared_by == "acme/events/a"
    assert reported.customer_loss == {
        "kind": "claimed",
        "amount": Decimal("30000.00"),
        "currency": "CNY",
        "text": None,
    }


def test_a_blame_is_carried_until_it_is_cleared_and_the_clearing_words_are_told() -> None:
    cleared_at = "2026-10-12T09:30:00+08:00"
    blame = {"accused_at": "2026-09-03T14:05:00+08:00", "status": "cleared"}
    said = {"at": cleared_at, "by": "zhangwei", "kind": "customer", "text": "客户微信告知"}
    event = incident(
        "2026-09-03",
        resolved_at="2026-09-03",
        blame={**blame, "cleared_at": cleared_at},
        log=[{**said, "quote": "跟你们没关系"}],
    )
    report, customer = told({"events/a": event})
    assert (report.totals.blames, report.before.blames) == (
        {"cleared": 1, "carried": 0},
        {"cleared": 0, "carried": 1},
    )
    assert customer.blames[0].days_carried == 39
    assert customer.blames[0].statement == "跟你们没关系"
    assert told({"events/a": event}, "2026-11")[1].blames == []


def test_a_blame_settled_on_an_unknown_day_has_no_days() -> None:
    blame = {"accused_at": "2026-10-03", "status": "confirmed"}
    blames = told({"events/a": incident("2026-10-03", blame=blame)})[1].blames
    assert [(item.status, item.days_carried) for item in blames] == [("confirmed", None)]


def test_visits_held_in_the_month_are_told_with_those_planned_for_the_next() -> None:
    def visit(status: str | None, occurred_at: str) -> Record:
        return made("visit", kind="monthly", status=status, occurred_at=occurred_at)

    own = {
        "visits/held": visit("held", "2026-10-15"),
        "visits/unsaid": visit(None, "2026-10-16"),
        "visits/not": visit("not_held", "2026-10-17"),
        "visits/planned": visit("planned", "2026-11-15"),
        "visits/held-later": visit("held", "2026-11-01"),
        "visits/far": visit("planned", "2026-12-15"),
    }
    report, customer = told(own)
    told_of = [(item.ref.removeprefix("acme/visits/"), item.status) for item in customer.visits]
    assert told_of == [("held", "held"), ("unsaid", "held"), ("planned", "planned")]
    assert report.totals.visits == 2


def test_hours_are_summed_without_a_float() -> None:
    own = {
        "events/a": incident("2026-10-01", hours={"work": Decimal("0.1"), "night": Decimal(3)}),
        "events/b": incident("2026-10-02", hours={"work": Decimal("0.2")}),
        "communications/a": made(
            "communication", kind="advice", occurred_at="2026-10-02", hours=Decimal("1.5")
        ),
    }
    totals = told(own)[0].totals
    assert totals.hours == {
        "work": Decimal("0.3"),
        "night": Decimal(3),
        "holiday": Decimal(0),
        "onsite": Decimal(0),
    }
    assert (totals.communications, totals.communication_hours) == (1, Decimal("1.5"))


def test_churn_is_summed_by_currency() -> None:
    def churn(amount: str, currency: str) -> Record:
        lost = {"amount_per_month": Decimal(amount), "currency": currency}
        return made("churn", period="2026-10", reason="commercial", **lost)

    own = {f"churn/{index}": churn(*lost) for index, lost in enumerate([("1.10", "USD")] * 2)}
    assert told({**own, "churn/c": churn("5", "CNY")})[0].totals.churn == {
        "CNY": Decimal(5),
        "USD": Decimal("2.20"),
    }


def profile(name: str, owed: str = "0") -> Record:
    return made("profile", name=name, credit={"owed_amount": Decimal(owed)})


def test_the_worst_facts_come_first_with_arrears_at_the_head() -> None:
    own = {
        "profile": profile("蓝鲸", "8640.00"),
        "events/a": incident("2026-10-03", severity="P1", resolved_at="2026-10-03"),
        "events/b": incident("2026-10-03", severity="P3", resolved_at="2026-10-03"),
        "events/c": incident("2026-10-03", severity="P0", status="in_progress"),
        "complaints/a": made("complaint", category="attitude", received_at="2026-10-04"),
        "notes/a": promised(status="broken", due_on="2026-10-10"),
    }
    facts = told(own)[0].asked_about
    assert [(fact.kind, fact.ref) for fact in facts] == [
        ("arrears", "acme/profile"),
        ("incident", "acme/events/c"),
        ("incident", "acme/events/a"),
        ("complaint", "acme/complaints/a"),
        ("broken_promise", "acme/notes/a#p1"),
    ]
    assert (facts[0].amount, facts[0].currency) == (Decimal("8640.00"), "CNY")
    assert [fact.ongoing for fact in facts[1:3]] == [True, False]


def test_customers_who_need_attention_come_first_and_quiet_ones_last() -> None:
    grave = incident("2026-10-03", severity="P1", resolved_at="2026-10-03")
    complaint = made("complaint", category="price", received_at="2026-10-03")
    records = {
        "a-quiet": {"a-quiet/profile": profile("静")},
        "b-owes": {"b-owes/profile": profile("欠", "10")},
        "c-praise": {
            "c-praise/communications/a": made(
                "communication", kind="praise", occurred_at="2026-10-09"
            )
        },
        "d-complains": {"d-complains/complaints/a": complaint},
        "e-broken": {"e-broken/notes/a": promised(status="broken", due_on="2026-10-10")},
        "f-grave": {"f-grave/events/a": grave},
    }
    found = monthly_report(records, Period.of_month("2026-10", SHANGHAI, AS_OF), GROUND)
    assert [one.customer for one in found.customers] == [
        "f-grave",
        "d-complains",
        "e-broken",
        "c-praise",
        "b-owes",
        "a-quiet",
    ]
    assert [one.customer for one in found.customers if one.is_quiet] == ["b-owes", "a-quiet"]


def test_both_months_have_the_same_keys() -> None:
    report, _customer = told({"events/a": incident("2026-10-03", resolved_at="2026-10-03")})
    plain = numbers(report)
    assert plain["before"]["month"] == "2026-09"
    assert plain["totals"].keys() == plain["before"]["totals"].keys()
    assert plain["totals"]["by_severity"].keys() == plain["before"]["totals"]["by_severity"].keys()
    assert plain["customers"][0]["incidents"][0]["imported"] is False


def test_an_imported_incident_says_so() -> None:
    source = {"system": "ticket", "id": "42"}
    assert told({"events/a": incident("2026-10-03", source=source)})[1].incidents[0].imported


def test_december_is_followed_by_january() -> None:
    december = Period.of_month("2026-12", SHANGHAI, AS_OF)
    assert december.shifted(1).key == "2027-01"
    assert Period.of_month("2026-01", SHANGHAI, AS_OF).shifted(-1).key == "2025-12"
    assert december.end == datetime(2027, 1, 1, tzinfo=SHANGHAI)
    assert december.last_day == date(2026, 11, 2)

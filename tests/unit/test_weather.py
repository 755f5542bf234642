"""The weather of a month as a value: each clause, each reason with its record, the trend."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aswiki.domain import records as record_types
from aswiki.domain.records.common import Record
from aswiki.domain.records.profile import Profile
from aswiki.domain.records.usage import Usage
from aswiki.domain.reports.period import Period
from aswiki.domain.spending.series import Series
from aswiki.domain.spending.swing import Swing
from aswiki.domain.standing.contact import contacts
from aswiki.domain.standing.portfolio import standing
from aswiki.domain.standing.weather import Weather, trend, weather
from aswiki.render.sparkline import sparkline

SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
OCTOBER = Period.of_month("2026-10", SHANGHAI, AS_OF)
MET = {"visits/v": {"kind": "monthly", "status": "held", "occurred_at": "2026-10-15"}}


def made(folder: str, **fields: Any) -> Record:
    kind = record_types.PAGES.get(folder) or record_types.FOLDERS[folder.partition("/")[0]]
    shape = record_types.model(kind)
    return shape.model_validate({"type": kind, "title": "x", **fields})


def of(own: dict[str, dict[str, Any]], *swings: Swing, month: str = "2026-10") -> Weather:
    """The weather of a customer of whom nothing is known but these records."""
    records = {f"acme/{ref.removesuffix('.md')}": made(ref, **f) for ref, f in own.items()}
    return weather("acme", records, Period.of_month(month, SHANGHAI, AS_OF), {"2026-10": swings})


def incident(severity: str, started_at: str = "2026-10-20", **fields: Any) -> dict[str, Any]:
    given = {"kind": "incident", "severity": severity, "status": "in_progress", **fields}
    return {"started_at": started_at, **given}


def promised(**fields: Any) -> dict[str, Any]:
    return {"kind": "question", "status": "closed", "promises": [{"id": "p1", **fields}]}


def feeling(*sentiments: int) -> dict[str, Any]:
    felt = [{"sentiment": sentiment} for sentiment in sentiments]
    return {"kind": "monthly", "status": "held", "occurred_at": "2026-10-09", "feelings": felt}


def fall(**changed: Any) -> Swing:
    given: dict[str, Any] = {
        "customer": "acme",
        "scope": "CDN",
        "horizon": "short",
        "direction": "down",
        "actual": Decimal(50),
        "expected": Decimal(100),
        "impact": Decimal(-50),
        "impact_percent": Decimal("-50.00"),
        "currency": "CNY",
        "partial_days": None,
        "fired": True,
        "left_out": {},
        "basis": "effective_cost",
        "ref": "acme/usage/2026-10",
    }
    return Swing(**{**given, **changed})


COMPLAINT = {"category": "attitude", "status": "investigating", "received_at": "2026-10-19"}
BROKEN = promised(status="broken", due_on="2026-10-10", made_on="2026-09-01")
OVERDUE = promised(status="open", due_on="2026-10-10", made_on="2026-09-01")
LATE = promised(status="late", due_on="2026-10-10", kept_on="2026-10-12", made_on="2026-09-01")
CARRIED = {
    "kind": "question",
    "status": "closed",
    "blame": {"status": "carried", "accused_at": "2026-10-05"},
}
OWING = {"credit": {"owed_amount": Decimal("12.50"), "currency": "CNY", "as_of": "2026-10-01"}}


@pytest.mark.parametrize(
    ("own", "value", "drivers"),
    [
        ({"events/a": incident("P0")}, "storm", [("p0_open", "acme/events/a")]),
        ({"events/a": incident("P1")}, "rain", [("p1_open", "acme/events/a")]),
        ({"events/a": incident("P2")}, "unknown", []),
        ({"events/a": BROKEN}, "rain", [("broken_promise", "acme/events/a#p1")]),
        ({"complaints/c": COMPLAINT}, "rain", [("complaint_open", "acme/complaints/c")]),
        (
            {"events/a": incident("P1"), "complaints/c": COMPLAINT},
            "storm",
            [("p1_open", "acme/events/a"), ("complaint_open", "acme/complaints/c")],
        ),
        (
            {"events/a": BROKEN, "complaints/c": COMPLAINT},
            "storm",
            [("complaint_open", "acme/complaints/c"), ("broken_promise", "acme/events/a#p1")],
        ),
        (
            {"events/a": incident("P1"), "events/b": incident("P1")},
            "rain",
            [("p1_open", "acme/events/a"), ("p1_open", "acme/events/b")],
        ),
        ({"events/a": CARRIED}, "overcast", [("blame_carried", "acme/events/a")]),
        ({"visits/f": feeling(-1)}, "overcast", [("low_sentiment", "acme/visits/f")]),
        ({"visits/f": feeling(-1, 0)}, "cloudy", [("low_sentiment", "acme/visits/f")]),
        ({"visits/f": feeling(-1, 1)}, "sunny", []),
        ({"events/a": LATE}, "cloudy", [("late_promise", "acme/events/a#p1")]),
        ({"events/a": OVERDUE}, "cloudy", [("late_promise", "acme/events/a#p1")]),
        ({"profile.md": OWING}, "cloudy", [("arrears", "acme/profile")]),
        ({"profile.md": {"credit": {"owed_amount": Decimal(0)}}}, "unknown", []),
        ({}, "unknown", []),
        (MET, "sunny", []),
        (
            {**MET, "events/a": OVERDUE, "events/b": CARRIED},
            "overcast",
            [("blame_carried", "acme/events/b"), ("late_promise", "acme/events/a#p1")],
        ),
    ],
)
def test_each_reason_makes_its_weather_and_names_its_record(
    own: dict[str, dict[str, Any]], value: str, drivers: list[tuple[str, str]]
) -> None:
    found = of(own)
    assert found.value == value
    assert [(driver.kind, driver.ref) for driver in found.drivers] == drivers


@pytest.mark.parametrize(
    ("swing", "value"),
    [
        (fall(), "overcast"),
        (fall(feedback="planned"), "unknown"),
        (fall(fired=False), "unknown"),
        (fall(direction="up"), "unknown"),
    ],
)
def test_only_a_fall_that_fired_and_nobody_explained_darkens_the_sky(
    swing: Swing, value: str
) -> None:
    assert of({}, swing).value == value


def test_of_one_fall_at_several_horizons_the_steepest_is_told() -> None:
    middle = fall(horizon="middle", impact_percent=Decimal("-60.00"))
    (driver,) = of({}, fall(), middle, fall(horizon="long")).drivers
    assert (driver.ref, driver.about) == ("acme/usage/2026-10", "CDN")
    assert (driver.horizon, driver.percent) == ("middle", Decimal("-60.00"))


@pytest.mark.parametrize(
    ("own", "value"),
    [
        (incident("P0", resolved_at="2026-10-21"), "unknown"),
        (incident("P0", resolved_at="2026-11-01"), "storm"),
        (incident("P0", started_at="2026-11-01"), "unknown"),
        (incident("P0", status="cancelled"), "unknown"),
    ],
)
def test_open_in_a_month_is_open_at_its_end(own: dict[str, Any], value: str) -> None:
    assert of({"events/a": own}).value == value


def test_an_accusation_that_is_looked_into_is_no_blame_we_carry() -> None:
    looked_into = {**CARRIED, "blame": {"status": "investigating", "accused_at": "2026-10-05"}}
    assert of({"events/a": looked_into}).value == "unknown"
    cleared = {"status": "cleared", "accused_at": "2026-10-05", "cleared_at": "2026-11-01"}
    assert of({"events/a": {**CARRIED, "blame": cleared}}).value == "overcast"


def test_what_was_kept_late_before_the_month_is_over() -> None:
    kept = promised(status="late", due_on="2026-09-10", kept_on="2026-09-12", made_on="2026-09-01")
    assert of({"events/a": kept}).value == "unknown"
    assert of({"events/a": kept}, month="2026-09").value == "cloudy"


def test_arrears_known_only_from_a_later_day_do_not_count() -> None:
    assert of({"profile.md": OWING}, month="2026-09").value == "unknown"


@pytest.mark.parametrize(
    "own",
    [
        {"visits/v": {"kind": "monthly", "status": "held", "occurred_at": "2026-10-15"}},
        {"visits/v": {"kind": "monthly", "occurred_at": "2026-10-15"}},
        {"communications/c": {"kind": "advice", "occurred_at": "2026-10-15"}},
        {"notes/n": {"kind": "feeling", "occurred_at": "2026-10-15", "feeling": {"about": "x"}}},
        {
            "events/e": {
                "kind": "question",
                "status": "closed",
                "log": [{"at": "2026-10-15", "by": "wanglei", "kind": "customer", "text": "x"}],
            }
        },
    ],
)
def test_a_visit_a_communication_a_feeling_or_a_word_in_a_log_is_heard(own: Any) -> None:
    found = of(own)
    assert (found.value, list(found.heard)) == ("sunny", [f"acme/{next(iter(own))}"])
    assert of(own, month="2026-09").value == "unknown"


@pytest.mark.parametrize(
    "own",
    [
        {"visits/v": {"kind": "monthly", "status": "planned", "occurred_at": "2026-10-15"}},
        {"visits/v": {"kind": "monthly", "status": "not_held", "occurred_at": "2026-10-15"}},
        {"notes/n": {"kind": "signal", "occurred_at": "2026-10-15"}},
        {
            "events/e": {
                "kind": "question",
                "status": "closed",
                "log": [{"at": "2026-10-15", "by": "zhangwei", "kind": "action", "text": "x"}],
            }
        },
    ],
)
def test_what_nobody_of_the_customer_said_leaves_it_unknown(own: Any) -> None:
    assert of(own).value == "unknown"


def test_the_last_visits_own_reading_stands_beside_what_is_computed() -> None:
    def visit(day: str, seen: str | None, status: str = "held") -> dict[str, Any]:
        given = {"kind": "monthly", "status": status, "occurred_at": day}
        return {**given, "weather": seen} if seen else given

    own = {
        "visits/a": visit("2026-10-05", "rain"),
        "visits/b": visit("2026-10-20", "sunny"),
        "visits/c": visit("2026-10-25", None),
        "visits/d": visit("2026-10-30", "storm", "not_held"),
        "visits/e": visit("2026-11-01", "storm"),
        "events/a": incident("P0"),
    }
    found = of(own)
    assert found.value == "storm"
    assert found.reading is not None
    assert (found.reading.weather, found.reading.ref) == ("sunny", "acme/visits/b")
    assert of({"events/a": incident("P0")}).reading is None


@pytest.mark.parametrize(
    ("now", "before", "word"),
    [
        ("sunny", "rain", "better"),
        ("storm", "overcast", "worse"),
        ("cloudy", "cloudy", "same"),
        ("sunny", "unknown", "unknown"),
        ("unknown", "storm", "unknown"),
    ],
)
def test_the_trend_compares_with_the_month_before(now: str, before: str, word: str) -> None:
    assert trend(now, before) == word


def test_the_trend_of_a_month_is_that_of_its_records() -> None:
    met = [{**MET["visits/v"], "occurred_at": day} for day in ("2026-09-15", "2026-10-15")]
    own = {"visits/a": met[0], "visits/b": met[1]}
    assert (of(own).value, of(own).trend) == ("sunny", "same")
    solved = incident("P1", started_at="2026-09-20", resolved_at="2026-10-02")
    assert (of({**own, "events/a": solved}).trend) == "better"


def test_a_customer_is_last_met_when_somebody_last_heard_or_helped_them() -> None:
    records = {
        "acme/visits/a": made("visits/a", **{**MET["visits/v"], "occurred_at": "2026-10-31"}),
        "acme/visits/b": made("visits/b", **{**MET["visits/v"], "occurred_at": "2026-11-12"}),
        "acme/communications/c": made(
            "communications/c", kind="advice", occurred_at="2026-10-31T23:00:00-05:00"
        ),
    }
    assert [one.ref for one in contacts(records, OCTOBER)] == [
        "acme/visits/a",
        "acme/communications/c",
    ]


def test_a_customers_spend_of_twelve_months_has_gaps_where_no_page_is() -> None:
    pages = {}
    for period, amount in (("2025-10", "1"), ("2025-11", "2"), ("2026-10", "3.50")):
        line = {"product": "CDN", "currency": "CNY", "effective_cost": Decimal(amount)}
        page = made("usage/x", period=period, lines=[line])
        assert isinstance(page, Usage)
        pages[f"acme/usage/{period}"] = page
    profile = made("profile.md", name="Acme")
    assert isinstance(profile, Profile)
    row = standing("acme", {}, profile, OCTOBER, Series("acme", pages)).as_json()
    assert (row["spend_month"], row["spend"]) == ("2026-10", {"CNY": Decimal("3.50")})
    assert row["spend_trend"] == {"CNY": [Decimal(2), *[None] * 10, Decimal("3.50")]}
    assert (row["last_contact_on"], row["days_since_contact"]) == (None, None)


def test_a_sparkline_runs_from_nothing_to_the_greatest() -> None:
    numbers = [Decimal(0), Decimal(50), None, Decimal(100)]
    assert sparkline(numbers) == "▁▅·█"
    assert sparkline([Decimal(-100), Decimal(0)]) == "▁█"
    assert sparkline([Decimal(0), None]) == "▁·"
    assert sparkline([]) == ""

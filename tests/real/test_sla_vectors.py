"""Two printed SLAs of Tencent Cloud: their rounding, months, tiers and claim windows."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from aswiki.domain.records.product import Sla
from aswiki.domain.sla.outages import (
    Span,
    calendar_month,
    service_month,
    unavailable_minutes,
    whole_minutes,
)
from aswiki.domain.sla.terms import availability, claim_window, credit_percent
from aswiki.domain.sla.workdays import Workdays

VECTORS = Path(__file__).parents[3] / "shared" / "data" / "sla" / "tencent-sla-vectors.json"
START = datetime(2026, 1, 10, tzinfo=UTC)
A_HAIR = Fraction(1, 10**9)

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not VECTORS.is_file(), reason="../shared/data/sla is not there"),
]


@pytest.fixture(scope="module")
def printed() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(VECTORS.read_text(encoding="utf-8"), parse_float=Decimal)
    return found


def lasting(seconds: int, after: int = 0) -> Span:
    begin = START + timedelta(seconds=after)
    return Span(begin, begin + timedelta(seconds=seconds))


def test_the_printed_outages_have_the_printed_minutes(printed: dict[str, Any]) -> None:
    for vector in printed["rounding"]["vectors"]:
        if "start" in vector:
            ends = (datetime.fromisoformat(f"2026-{vector[key]}+00:00") for key in ("start", "end"))
            assert whole_minutes(Span(*ends)) == vector["minutes"]
        elif "duration_seconds" in vector:
            assert whole_minutes(lasting(vector["duration_seconds"])) == vector["minutes"]
        else:
            apart = [
                lasting(minutes * 60, after=n * 86_400)
                for n, minutes in enumerate(vector["outages_minutes"])
            ]
            assert unavailable_minutes(apart) == vector["month_unavailable_minutes"]


def test_the_printed_service_months_are_those(printed: dict[str, Any]) -> None:
    vector = printed["service_month"]["vector"]
    spans = [
        [date.fromisoformat(f"2026-{day}") for day in pair] for pair in vector["service_months"]
    ]
    opened, ended = spans[0][0], spans[-1][1]
    assert f"{opened:%m-%d}" == vector["opened"]
    found = [
        service_month(calendar_month(f"{first:%Y-%m}", UTC, START), opened, ended)
        for first, _last in spans
    ]
    assert [month and [month.first_day, month.last_day] for month in found] == spans


@pytest.mark.parametrize("service", ["soc", "rum"])
def test_the_printed_tiers_hold_at_their_bounds(printed: dict[str, Any], service: str) -> None:
    said = printed["tiers"][service]
    tiers = [
        {
            "percent_of_fee" if key == "pct_of_monthly_fee" else key: value
            for key, value in t.items()
        }
        for t in said["credit"]
    ]
    terms = Sla.model_validate({"committed_percent": said["committed"], "tiers": tiers})
    assert credit_percent(terms, Fraction(said["committed"])) == 0
    for tier in said["credit"]:
        owed = tier["pct_of_monthly_fee"]
        assert credit_percent(terms, Fraction(tier["below"]) - A_HAIR) == owed
        assert credit_percent(terms, Fraction(tier.get("at_or_above", 0))) == owed


def test_the_two_printed_formulas_are_one(printed: dict[str, Any]) -> None:
    assert set(printed["formula"]) == {"soc", "rum"}
    for down, total in ((61, 43_200), (60, 44_640), (0, 40_320)):
        kept = availability(down, total)
        assert kept == (1 - Fraction(down, total)) * 100 == Fraction(total - down, total) * 100


def test_the_printed_claim_window_opens_and_closes(printed: dict[str, Any]) -> None:
    said = printed["claim_window"]
    assert said["earliest"] == "after the 5th working day of the next month"
    assert said["latest"] == "60 natural days after the end of the missed service month"
    terms = Sla.model_validate(
        {"claim_opens": {"day": 5, "working": True}, "claim_closes": {"days": 60}}
    )
    window = claim_window(terms, date(2026, 6, 30), Workdays())
    assert (window.opens, window.closes) == (date(2026, 7, 8), date(2026, 8, 29))

"""The page before a meeting as a value: what stands on it, and what product never reads."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aswiki.domain import records as record_types
from aswiki.domain.records.common import Record
from aswiki.domain.reports.brief import brief
from aswiki.domain.reports.ground import Ground
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.sight import Sight
from aswiki.render.plain import json_text

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
GROUND = Ground(
    colleagues={"zhangwei": "after-sales", "luoyang": "db-team"},
    departments={"after-sales": "after_sales", "db-team": "rnd"},
    names={"zhangwei": "zhangwei", "luoyang": "luoyang", "db-team": "db-team"},
)
PROFILE: dict[str, Any] = {
    "name": "蓝鲸游戏",
    "owner": "zhangwei",
    "customer_since": "2021-04-12",
    "our_share_percent": 62,
    "contacts": [
        {"id": "gao", "name": "高珊", "role": "partner_vendor", "side": "other_vendor"},
        {"id": "he", "name": "贺建国", "role": "business_decider", "side": "customer_biz"},
        {"id": "fan", "name": "樊磊", "role": "tech_executor", "until": "2026-09-30"},
        {
            "id": "qin",
            "name": "秦枫",
            "role": "tech_lead",
            "side": "customer_tech",
            "final_contact": True,
            "phone": "138-0000-0001",
            "stance": "champion",
        },
    ],
}


def made(ref: str, **fields: Any) -> Record:
    folder = ref.partition("/")[0]
    kind = record_types.PAGES.get(f"{folder}.md") or record_types.FOLDERS[folder]
    shape = record_types.model(kind)
    return shape.model_validate({"type": kind, "title": f"title of {ref}", **fields})


def page(reader: str = "team", /, **own: dict[str, Any]) -> dict[str, Any]:
    """The page of a customer with this profile and these records, by folder or page."""
    given = {"profile": PROFILE, **own}
    found = {
        f"acme/{key.replace('__', '/')}": made(key.replace("__", "/"), **fields)
        for key, fields in given.items()
    }
    month = Period.of_month("2026-11", SHANGHAI, NOW)
    return brief(Sight(reader, "acme", month, found, GROUND), {})


def incident(**fields: Any) -> dict[str, Any]:
    given = {"kind": "incident", "severity": "P2", "status": "in_progress"}
    return {**given, "started_at": "2026-10-22T08:30:00+08:00", **fields}


def entry(at: str, by: str, kind: str, **fields: Any) -> dict[str, Any]:
    return {"at": f"{at}T09:00:00+08:00", "by": by, "kind": kind, "text": "said", **fields}


def test_the_final_contact_stands_first_then_who_decides_and_who_left_is_left_out() -> None:
    names = [one["name"] for one in page()["contacts"]]
    assert names == ["秦枫", "贺建国", "高珊"]
    assert page()["contacts"][0]["phone"] == "138-0000-0001"


def test_tenure_counts_whole_years_and_months() -> None:
    assert page()["account"]["tenure"] == {"years": 5, "months": 6}
    ahead = PROFILE | {"customer_since": "2027-01-01"}
    assert page(profile=ahead)["account"]["tenure"] is None


def test_arrears_and_what_ends_soon_are_warnings_in_that_order() -> None:
    credit = {
        "owed_amount": Decimal("8640.00"),
        "currency": "EUR",
        "temp_credit": {"amount": 1, "expires_on": "2026-11-16"},
    }
    profile = PROFILE | {"credit": credit, "contract_renewal_on": "2027-01-01"}
    found = page(profile=profile)["warnings"]
    assert [one["kind"] for one in found] == ["arrears", "temp_credit", "renewal"]
    assert (found[0]["amount"], found[0]["currency"]) == (Decimal("8640.00"), "EUR")
    assert [one["days"] for one in found[1:]] == [14, 60]
    later = PROFILE | {"contract_renewal_on": "2027-01-02"}
    assert page(profile=later)["warnings"] == []


def test_a_swing_is_a_warning_until_somebody_explains_it() -> None:
    def usage(cost: int, **more: Any) -> dict[str, Any]:
        line = {"product": "OSS", "charge": "usage", "currency": "CNY", "effective_cost": cost}
        return {"sources": [{"name": "x"}], "lines": [line], "days_covered": 30, **more}

    pages = {
        "usage__2026-09": usage(10_000, period="2026-09"),
        "usage__2026-10": usage(20_000, period="2026-10"),
    }
    found = page(**pages)["warnings"]
    assert [(one["scope"], one["month"]) for one in found] == [
        ("total", "2026-10"),
        ("OSS", "2026-10"),
    ]
    assert found[0]["percent"] > 0
    answers = [{"scope": scope, "feedback": "planned"} for scope in ("total", "OSS")]
    pages["usage__2026-10"]["swings"] = answers
    assert page(**pages)["warnings"] == []


@pytest.mark.parametrize(
    ("status", "log", "side", "who"),
    [
        ("in_progress", [], "owner", None),
        ("waiting_customer", [entry("2026-10-23", "zhangwei", "note")], "customer", None),
        (
            "in_progress",
            [entry("2026-10-23", "zhangwei", "demand", to="db-team")],
            "colleague",
            "db-team",
        ),
        (
            "in_progress",
            [
                entry("2026-10-23", "zhangwei", "demand", to="db-team"),
                entry("2026-10-24", "luoyang", "update"),
            ],
            "owner",
            None,
        ),
        (
            "in_progress",
            [
                entry("2026-10-23", "zhangwei", "demand", to="db-team"),
                entry("2026-10-24", "zhangwei", "action"),
            ],
            "colleague",
            "db-team",
        ),
        ("waiting_internal", [], "colleague", "db-team"),
    ],
)
def test_an_open_matter_says_whom_it_waits_for(
    status: str, log: list[dict[str, Any]], side: str, who: str | None
) -> None:
    event = incident(status=status, log=log, technical_owner="db-team")
    [found] = page(events__a=event)["events"]
    assert (found["waiting"]["side"], found["waiting"]["who"]) == (side, who)


def test_what_is_closed_is_not_open_and_the_gravest_comes_first() -> None:
    found = page(
        events__a=incident(started_at="2026-10-01"),
        events__b=incident(severity="P0"),
        events__c=incident(status="closed"),
        events__d=incident(started_at="2026-09-01"),
    )["events"]
    assert [one["ref"] for one in found] == ["acme/events/b", "acme/events/d", "acme/events/a"]


def test_promises_are_broken_of_late_then_overdue_then_to_come() -> None:
    made = [
        {"id": "p1", "what": "later", "due_on": "2026-12-01"},
        {"id": "p2", "what": "overdue", "due_on": "2026-11-01"},
        {"id": "p3", "what": "broken", "due_on": "2026-10-01", "status": "broken"},
        {"id": "p4", "what": "broken long ago", "due_on": "2025-10-01", "status": "broken"},
        {"id": "p5", "what": "kept", "due_on": "2026-10-01", "status": "kept"},
    ]
    found = page(events__a=incident(promises=made))["promises"]
    assert [(one["what"], one["state"], one["days"]) for one in found] == [
        ("broken", "broken", 32),
        ("overdue", "overdue", 1),
        ("later", "open", -29),
    ]
    assert found[1]["ref"] == "acme/events/a#p2"


def test_faults_are_those_of_a_quarter_beside_the_one_before() -> None:
    found = page(
        events__a=incident(started_at="2026-10-01", resolved_at="2026-10-01T01:00:00+08:00"),
        events__b=incident(started_at="2026-07-01"),
        events__c=incident(started_at="2026-04-01"),
    )["faults"]
    assert (found["days"], found["count"], found["minutes"], found["before"]) == (92, 1, 60, 1)


def test_where_nothing_was_heard_this_month_the_weather_is_that_of_the_last() -> None:
    visit = {"kind": "monthly", "status": "held", "occurred_at": "2026-10-15", "weather": "cloudy"}
    found = page(visits__v=visit)["weather"]
    assert (found["month"], found["value"]) == ("2026-10", "sunny")
    assert found["reading"] == {"weather": "cloudy", "ref": "acme/visits/v"}
    assert [one["value"] for one in found["strip"]][-2:] == ["sunny", "unknown"]


def test_a_wish_for_another_salesperson_and_what_is_for_the_boss_alone_are_on_no_page() -> None:
    def signal(kind: str, **more: Any) -> dict[str, Any]:
        return {"kind": "signal", "occurred_at": "2026-10-20", "signal": {"kind": kind}, **more}

    found = page(
        notes__a=signal("sales_change_request"),
        notes__b=signal("budget", audience=["boss"]),
        notes__c=signal("bargaining"),
    )["signals"]
    assert [one["kind"] for one in found] == ["bargaining"]


SECRET = "SECRET"


def test_product_reads_no_name_phone_price_person_or_politics() -> None:
    person = {"person": "luoyang", "department": "db-team"}
    credit = {"owed_amount": Decimal("777.77"), "currency": "CNY"}
    profile = PROFILE | {"credit": credit, "contract_renewal_on": "2026-11-30"}
    verdict = {
        "product": "OSS",
        "aspect": "stability",
        "environment": "one bucket",
        "purpose": "archive",
        "text": "fine",
        "said_by": "qin",
        "verbatim": SECRET,
    }
    log = [entry("2026-10-23", "zhangwei", "demand", to="luoyang", text=SECRET)]
    promised = {"id": "p1", "what": "a fix", "by": person, "to": "qin", "due_on": "2026-12-01"}
    own: dict[str, dict[str, Any]] = {
        "profile": profile,
        "architecture": {"assessments": [verdict]},
        "events__a": incident(log=log, promises=[promised], owner="zhangwei"),
        "complaints__c": {
            "category": "outage",
            "received_at": "2026-10-25",
            "complainant": "qin",
            "remedy_sought": SECRET,
            "title": SECRET,
            "status": "received",
        },
        "notes__n": {
            "kind": "signal",
            "occurred_at": "2026-10-25",
            "title": SECRET,
            "signal": {"kind": "bargaining", "advice": SECRET},
        },
    }
    told = json_text(page("product", **own))
    team = json_text(page("team", **own))
    for word in (
        SECRET,
        "秦枫",
        "138-0000",
        "777.77",
        "luoyang",
        "zhangwei",
        "champion",
        "2026-11-30",
    ):
        assert word not in told, word
        assert word in team, word
    found = page("product", **own)
    assert found["warnings"] == [{"kind": "arrears"}]
    assert found["verdicts"][0]["environment"] == "one bucket"
    assert found["promises"][0]["by"] == {"person": None, "department": "db-team"}
    assert found["account"]["owner_department"] == "after-sales"
    assert {"side": "customer_tech", "role": "tech_lead", "count": 1} in found["roles"]
    assert "ref" not in found["complaints"][0]
    assert not {"contacts", "spend", "signals", "feelings", "sensitive"} & set(found)


def test_a_record_that_is_narrowed_does_not_count_for_product() -> None:
    own = {"events__a": incident(audience=["team", "boss"])}
    assert page("product", **own)["events"] == []
    assert page("product", **own)["faults"]["count"] == 0
    assert len(page("team", **own)["events"]) == 1

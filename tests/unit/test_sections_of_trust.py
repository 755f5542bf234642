"""The sections on what may be asked, was promised and complained of: each reader's part alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aswiki.domain import records as record_types
from aswiki.domain.checks.rules import text_sha256
from aswiki.domain.records.common import Part, Record, abouts
from aswiki.domain.reports.ground import Ground
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.sight import Sight

KEYS = (
    "asked_about",
    "promises",
    "complaints",
    "sales_sync",
    "churn",
    "signals",
    "politics",
    "lessons",
)
SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
OCTOBER = Period.of_month("2026-10", SHANGHAI, AS_OF)
GROUND: dict[str, Any] = {
    "colleagues": {"luoyang": "db-team", "chenhao": "sales-east", "fangting": "sales-east"},
    "departments": {"db-team": "rnd", "sales-east": "sales"},
    "names": {"罗扬": "luoyang", "db-team": "db-team", "chenhao": "chenhao"},
}
CONTACTS = [
    {"id": "qin", "name": "秦枫", "side": "customer_tech", "stance": "champion"},
    {"id": "jiang", "name": "蒋敏", "side": "customer_biz", "stance": "detractor"},
]


def made(record_type: str, **fields: Any) -> Record:
    shape = record_types.model(record_type)
    return shape.model_validate({"type": record_type, "title": "标题", **fields})


def released(text: str, *readers: str) -> dict[str, Any]:
    leaves = [{"audience": reader, "sha256": text_sha256(text)} for reader in readers]
    return {"customer_text": text, "released_to": leaves}


def sight(
    reader: str,
    records: Mapping[str, Record],
    *,
    period: Period = OCTOBER,
    customer: str = "acme",
    **ground: Any,
) -> Sight:
    whole = {f"{customer}/profile": made("profile", name="雅美", contacts=CONTACTS)}
    whole |= {f"{customer}/{ref}": record for ref, record in records.items()}
    return Sight(reader, customer, period, whole, Ground(**{**GROUND, **ground}))


def told(key: str, *sights: Sight) -> Any:
    module = import_module(f"aswiki.domain.reports.sections.{key}")
    return getattr(module, key)(sights)


def section(key: str, reader: str, records: Mapping[str, Record], **more: Any) -> Any:
    return told(key, sight(reader, records, **more))


def shown_keys() -> list[tuple[str, str, str, str]]:
    return [
        (key, reader, record_type, field)
        for key in KEYS
        for reader, types in import_module(f"aswiki.domain.reports.sections.{key}").SHOWN.items()
        for record_type, fields in types.items()
        for field in fields
    ]


def test_what_is_said_to_be_shown_is_on_the_readers_allow_list() -> None:
    for key, reader, record_type, field in shown_keys():
        shape: type[Part] | None = record_types.model(record_type)
        for name in field.split("."):
            assert shape is not None, (key, field)
            about = abouts(shape)[name]
            assert reader in about.readers, (key, reader, record_type, field)
            shape = about.part


@pytest.mark.parametrize("key", KEYS)
def test_nothing_recorded_is_nothing_to_tell(key: str) -> None:
    assert section(key, "boss", {}) is None


def promised(**fields: Any) -> dict[str, Any]:
    return {"id": "p1", "what": "修好", "made_on": "2026-10-01", "due_on": "2026-10-20", **fields}


def event(*promises: dict[str, Any], **fields: Any) -> Record:
    given = {"kind": "change", "started_at": "2026-10-02", "status": "resolved", **fields}
    return made("event", promises=list(promises), **given)


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({}, "overdue"),
        ({"due_on": "2026-11-20"}, "open"),
        ({"status": "kept", "kept_on": "2026-10-19"}, "kept"),
        ({"status": "late", "kept_on": "2026-10-22"}, "late"),
        ({"status": "late", "kept_on": "2026-11-01"}, "overdue"),
        ({"status": "broken"}, "broken"),
        ({"status": "withdrawn"}, "withdrawn"),
    ],
)
def test_a_promise_is_told_as_it_stood_at_the_periods_end(
    fields: dict[str, Any], outcome: str
) -> None:
    found = section("promises", "boss", {"events/a": event(promised(**fields))})
    assert [row["outcome"] for row in found["promises"]] == [outcome]
    assert found["counts"]["other" if outcome == "withdrawn" else outcome] == 1


def test_the_boss_has_names_and_the_product_side_departments_alone() -> None:
    own = {"events/a": event(promised(by={"person": "luoyang"}, to="qin", kind="fix"))}
    boss, product = (section("promises", reader, own) for reader in ("boss", "product"))
    assert (boss["promises"][0]["person"], boss["promises"][0]["to"]) == ("luoyang", "qin")
    assert boss["promises"][0]["ref"] == "acme/events/a#p1"
    assert {"person", "to"}.isdisjoint(product["promises"][0])
    assert product["promises"][0]["department"] == "db-team"
    assert product["by_department"][0]["overdue"] == 1


def test_a_promise_of_a_price_is_nothing_for_the_product_side() -> None:
    assert section("promises", "product", {"events/a": event(promised(kind="price"))}) is None


def test_the_chart_has_every_outcome_that_came_about_once() -> None:
    own = {"events/a": event(promised(), promised(id="p2", status="kept", kept_on="2026-10-19"))}
    chart = section("promises", "boss", own)["charts"]["promises"]
    assert chart["outcomes"] == [{"key": "overdue", "count": 1}, {"key": "kept", "count": 1}]


def test_sales_is_told_its_own_promises_with_their_dates() -> None:
    own = {
        "events/a": event(
            promised(what="别人的", by={"person": "fangting"}),
            promised(id="p2", what="自己的", by={"person": "chenhao"}, due_on="2026-11-09"),
        )
    }
    found = section("promises", "sales", own, own=frozenset({"chenhao"}))
    assert [(row["what"], str(row["due_on"])) for row in found["promises"]] == [
        ("自己的", "2026-11-09")
    ]
    assert found["counts"]["overdue"] == 0
    assert section("promises", "sales", own) is None


@pytest.mark.parametrize("reader", ["customer_tech", "customer_biz"])
def test_a_customer_is_told_what_they_may_see_of_released_records_kept_or_open(reader: str) -> None:
    free = released("已处理。", reader)
    mine = promised(what="看得见", customer_visible=True)
    promises = [
        promised(id="p1", what="内部的", customer_visible=False),
        mine,
        promised(id="p3", what="没做到", customer_visible=True, status="broken"),
        promised(id="p4", what="晚了", customer_visible=True, status="late", kept_on="2026-10-25"),
    ]
    own = {"events/a": event(*promises, **free), "events/b": event(mine)}
    found = section("promises", reader, own)
    assert [(row["what"], row["outcome"]) for row in found["promises"]] == [("看得见", "open")]
    assert found["counts"] == {"open": 1, "kept": 0}
    assert {"ref", "overdue_days", "person"}.isdisjoint(found["promises"][0])
    changed = {"events/a": event(mine, **{**free, "customer_text": "改过了。"})}
    assert section("promises", reader, changed) is None


def test_an_open_promise_of_an_earlier_month_is_still_told() -> None:
    old = promised(made_on="2026-05-01", due_on="2027-01-01")
    assert section("promises", "boss", {"events/a": event(old)})["counts"]["open"] == 1


def complaint(**fields: Any) -> Record:
    given = {"category": "outage", "status": "received", "received_at": "2026-10-04", **fields}
    return made("complaint", **given)


FULL = {
    "severity": "P2",
    "complainant": "qin",
    "customer_impact": "停了一小时",
    "responsible": {"person": "luoyang"},
    "customer_loss": {"kind": "claimed", "amount": "30000.00", "currency": "CNY"},
    "log": [
        {"at": "2026-10-05T09:00:00+08:00", "by": "zhangwei", "kind": "note", "text": "先道歉"},
        {"at": "2026-11-01T09:00:00+08:00", "by": "zhangwei", "kind": "note", "text": "后来"},
    ],
}


def test_the_boss_is_told_impact_handling_responsible_and_loss() -> None:
    full = {**FULL, "customer_loss": {**FULL["customer_loss"], "amount": Decimal("30000.00")}}  # type: ignore[dict-item]
    row = section("complaints", "boss", {"complaints/a": complaint(**full)})["complaints"][0]
    assert row["customer_impact"] == "停了一小时"
    assert row["last_entry"]["text"] == "先道歉"
    assert (row["person"], row["department"]) == ("luoyang", "db-team")
    assert row["customer_loss"]["amount"] == Decimal("30000.00")
    assert (row["open"], row["days"]) == (True, 27)


def test_complaints_are_counted_by_category_department_and_month() -> None:
    cleared = {"cleared_by": "acme/events/x"}
    own = {
        "complaints/a": complaint(responsible={"person": "luoyang"}),
        "complaints/b": complaint(responsible={"department": "db-team"}, category="attitude"),
        "complaints/c": complaint(responsible=cleared),
        "complaints/d": complaint(received_at="2026-09-01", responsible={"person": "luoyang"}),
    }
    found = section("complaints", "boss", own)
    assert found["counts"] == {"received": 3, "closed": 0, "open": 4}
    assert found["statistics"]["by_category"] == [
        {"category": "outage", "count": 2},
        {"category": "attitude", "count": 1},
    ]
    assert found["statistics"]["by_department"] == [
        {"department": "db-team", "count": 2, "cleared": 0},
        {"department": None, "count": 1, "cleared": 1},
    ]
    months = {row["month"]: row["count"] for row in found["statistics"]["by_month"]}
    assert len(months) == 6
    assert (months["2026-09"], months["2026-10"]) == (1, 3)


def test_the_months_of_a_quarter_are_its_own() -> None:
    quarter = Period.of_quarter("2026-Q3", SHANGHAI, AS_OF)
    assert quarter is not None
    own = {"complaints/a": complaint(received_at="2026-09-01")}
    found = section("complaints", "boss", own, period=quarter)
    assert found["statistics"]["by_month"] == [
        {"month": "2026-07", "count": 0},
        {"month": "2026-08", "count": 0},
        {"month": "2026-09", "count": 1},
    ]


def test_a_month_that_has_not_begun_is_in_no_statistics() -> None:
    year = Period.of_year("2026", SHANGHAI, AS_OF)
    assert year is not None
    found = section("complaints", "boss", {"complaints/a": complaint()}, period=year)
    assert found["statistics"]["by_month"][-1] == {"month": "2026-11", "count": 0}


def test_the_product_side_is_told_category_and_product_and_no_person() -> None:
    related = [{"ref": "acme/events/a", "how": "caused_by"}]
    own = {
        "events/a": event(product="云数据库"),
        "complaints/a": complaint(**FULL | {"customer_loss": None}, related=related),
    }
    found = section("complaints", "product", own)
    row = found["complaints"][0]
    assert (row["category"], row["products"]) == ("outage", ["云数据库"])
    assert not {"person", "department", "complainant", "title", "ref", "customer_impact"} & set(row)
    assert found["statistics"]["by_product"] == [{"product": "云数据库", "count": 1}]


def test_sales_is_told_the_category_and_no_source() -> None:
    own = {
        "complaints/a": complaint(complainant="qin", severity="P1"),
        "complaints/b": complaint(sensitive=True),
        "complaints/c": complaint(direction="us_to_internal"),
    }
    found = section("complaints", "sales", own)
    assert set(found["complaints"][0]) == {
        "customer",
        "name",
        "category",
        "status",
        "received_at",
        "open",
    }
    assert len(found["complaints"]) == 1


def test_our_complaint_about_a_customer_is_for_the_boss_alone() -> None:
    own = {"complaints/a": complaint(direction="us_to_customer")}
    readers = ("boss", "product", "sales", "customer_tech", "customer_biz")
    assert [section("complaints", reader, own) is not None for reader in readers] == [
        True,
        False,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(("reader", "who"), [("customer_tech", "qin"), ("customer_biz", "jiang")])
def test_a_customer_is_told_of_the_complaints_they_made(reader: str, who: str) -> None:
    own = {
        "complaints/a": complaint(complainant="qin", **released("技术的答复", "customer_tech")),
        "complaints/b": complaint(complainant="jiang", **released("业务的答复", "customer_biz")),
        "complaints/c": complaint(complainant=who),
    }
    found = section("complaints", reader, own)
    mine = "技术的答复" if who == "qin" else "业务的答复"
    assert sorted(row["text"] or "" for row in found["complaints"]) == ["", mine]
    assert "statistics" not in found
    assert all("ref" not in row and "title" not in row for row in found["complaints"])


def churned(**fields: Any) -> Record:
    given = {
        "period": "2026-10",
        "amount_per_month": Decimal(100),
        "currency": "CNY",
        "reason": "undetermined",
        "attributions": [
            {"party": "sales-east", "reason": "service_capability", "argument": "故障太多"},
            {"party": "product-center", "reason": "commercial", "argument": "折扣没申请"},
        ],
        **fields,
    }
    return made("churn", **given)


def kinds(found: Sequence[Mapping[str, Any]]) -> list[str]:
    return [fact["kind"] for fact in found]


def blamed(status: str, **fields: Any) -> Record:
    blame = {"status": status, "accused_at": "2026-10-03", **fields}
    return event(kind="incident", severity="P2", blame=blame, resolved_at="2026-10-04")


def test_arrears_come_first_and_a_cleared_blame_before_those_still_carried() -> None:
    profile = made("profile", name="雅美", credit={"owed_amount": Decimal(10)}, audience=["sales"])
    own = {
        "profile": profile,
        "events/carried": blamed("carried"),
        "events/cleared": blamed("cleared", cleared_at="2026-10-12"),
        "events/grave": event(kind="incident", severity="P1", resolved_at="2026-10-03"),
    }
    facts = section("asked_about", "boss", own)["facts"]
    assert kinds(facts) == ["arrears", "incident", "blame_cleared", "blame_carried"]


def test_a_record_that_is_not_for_the_boss_is_no_fact() -> None:
    own = {"complaints/a": complaint(audience=["team"])}
    assert section("asked_about", "boss", own) is None


def test_a_year_has_the_facts_of_all_its_months() -> None:
    year = Period.of_year("2026", SHANGHAI, AS_OF)
    assert year is not None
    own = {
        "events/a": event(
            kind="incident", severity="P1", started_at="2026-02-03", resolved_at="2026-02-03"
        ),
        "churn/a": churned(period="2026-03"),
        "churn/b": churned(period="2026-09"),
    }
    facts = section("asked_about", "boss", own, period=year)["facts"]
    assert kinds(facts) == ["incident", "churn", "churn"]


def test_a_credit_that_soon_can_be_claimed_no_more_is_a_fact_until_it_is_decided() -> None:
    sla = {
        "committed_percent": Decimal("99.95"),
        "tiers": [{"below": Decimal("99.95"), "percent_of_fee": Decimal(10)}],
        "claim_opens": {"day": 5},
        "claim_closes": {"days": 5},
    }
    shared = {"products/db": made("product", title="云数据库", sla=sla)}
    contract = {"product": "云数据库", "monthly_fee": Decimal(1000), "currency": "CNY"}
    profile = made("profile", name="雅美", contracts=[contract])
    outage = {
        "kind": "incident",
        "severity": "P3",
        "product": "云数据库",
        "started_at": "2026-10-03T10:00:00+08:00",
        "resolved_at": "2026-10-03T12:00:00+08:00",
    }
    own = {"profile": profile, "events/a": event(**outage)}
    facts = section("asked_about", "boss", own, shared=shared)["facts"]
    assert [(fact["kind"], fact["title"], fact["amount"]) for fact in facts] == [
        ("sla_claim", "云数据库", Decimal(100))
    ]
    decided = {"profile": profile, "events/a": event(**outage, compensation={"status": "claimed"})}
    assert section("asked_about", "boss", decided, shared=shared) is None


def test_several_customers_are_told_in_one_list() -> None:
    first = sight("boss", {"complaints/a": complaint(severity="P3")})
    second = sight("boss", {"complaints/a": complaint(severity="P1")}, customer="beta")
    found = told("complaints", first, second)
    assert [row["customer"] for row in found["complaints"]] == ["beta", "acme"]

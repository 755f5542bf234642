"""The sections on what is heard, lost and learned: each reader's part, and no more of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aswiki.domain import records as record_types
from aswiki.domain.records.common import Record
from aswiki.domain.reports.ground import Ground
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.sight import Sight

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


def promised(**fields: Any) -> dict[str, Any]:
    return {"id": "p1", "what": "修好", "made_on": "2026-10-01", "due_on": "2026-10-20", **fields}


def event(*promises: dict[str, Any], **fields: Any) -> Record:
    given = {"kind": "change", "started_at": "2026-10-02", "status": "resolved", **fields}
    return made("event", promises=list(promises), **given)


def sync(happened_at: str, synced_at: str, person: str = "chenhao", **fields: Any) -> Record:
    said = {"sales_person": person, "happened_at": happened_at, "synced_at": synced_at}
    return made("note", kind="sales_sync", occurred_at=synced_at, sales_sync=said, **fields)


def test_the_boss_is_told_each_salespersons_lag_and_days_since_the_last() -> None:
    own = {
        "notes/a": sync("2026-10-10T14:00:00+08:00", "2026-10-16T17:00:00+08:00"),
        "notes/b": sync("2026-09-01T14:00:00+08:00", "2026-09-02T14:00:00+08:00", "fangting"),
    }
    found = section("sales_sync", "boss", own)
    assert [(row["person"], row["syncs"], row["days_since_last"]) for row in found["persons"]] == [
        ("fangting", 0, 59),
        ("chenhao", 1, 15),
    ]
    assert found["persons"][1]["longest_lag_hours"] == Decimal(147)
    assert len(found["syncs"]) == 1


def test_a_salesperson_of_the_team_who_never_told_us_anything_comes_first() -> None:
    team = [{"person": "fangting", "role": "sales"}, {"person": "luoyang", "role": "rnd"}]
    profile = made("profile", name="雅美", our_team=team)
    own = {"profile": profile, "notes/a": sync("2026-10-10", "2026-10-16")}
    persons = section("sales_sync", "boss", own)["persons"]
    assert [(row["person"], row["days_since_last"]) for row in persons] == [
        ("fangting", None),
        ("chenhao", 15),
    ]


def test_what_was_heard_directly_is_counted_beside_what_sales_told_and_what_both_told() -> None:
    feeling = {"kind": "feeling", "occurred_at": "2026-10-12"}
    own = {
        "notes/direct": made("note", **feeling, source={"channel": "onsite"}),
        "notes/alarm": made("note", **feeling, source={"channel": "monitor"}),
        "notes/relay": made("note", **feeling, source={"channel": "sales_relay"}),
        "notes/sync": sync(
            "2026-10-10",
            "2026-10-16",
            related=[{"ref": "acme/notes/direct", "how": "see_also"}],
            source={"channel": "internal"},
        ),
    }
    found = section("sales_sync", "boss", own)
    assert [(row["directly"], row["by_sales"], row["by_both"]) for row in found["heard"]] == [
        (1, 2, 1)
    ]
    assert found["syncs"][0]["heard_directly"] == "acme/notes/direct"


def scoped(by: str) -> Record:
    claims = [
        {"stage": "sales_said", "by": by, "hours": Decimal(4)},
        {"stage": "actual", "by": "luoyang", "hours": Decimal(11)},
    ]
    return event(scope={"claims": claims, "gap_reason": "没问业务验证", "final_contact": "qin"})


def test_the_scope_that_sales_said_stands_beside_the_actual_one() -> None:
    found = section("sales_sync", "boss", {"events/a": scoped("chenhao")})
    row = found["scopes"][0]
    assert (row["said_by"], row["gap_hours"], row["gap_reason"]) == (
        "chenhao",
        Decimal(7),
        "没问业务验证",
    )


def test_sales_is_told_of_its_own_syncs_and_scopes_alone() -> None:
    own = {
        "notes/a": sync("2026-10-10", "2026-10-16"),
        "notes/b": sync("2026-10-10", "2026-10-16", "fangting"),
        "events/a": scoped("chenhao"),
        "events/b": scoped("fangting"),
    }
    found = section("sales_sync", "sales", own, own=frozenset({"chenhao"}))
    assert [row["happened_at"] for row in found["syncs"]] == [date(2026, 10, 10)]
    assert len(found["scopes"]) == 1
    assert not {"gap_reason", "said_by"} & set(found["scopes"][0])
    assert {"persons", "heard"}.isdisjoint(found)
    assert not {"title", "person", "with_whom", "ref"} & set(found["syncs"][0])
    assert section("sales_sync", "sales", own) is None


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


@pytest.mark.parametrize(
    ("reader", "arguments"),
    [
        ("boss", ["故障太多", "折扣没申请"]),
        ("product", ["故障太多"]),
        ("sales", ["折扣没申请"]),
    ],
)
def test_each_side_hears_the_arguments_that_concern_it(reader: str, arguments: list[str]) -> None:
    row = section("churn", reader, {"churn/a": churned()})["churn"][0]
    assert [said["argument"] for said in row["attributions"]] == arguments
    assert ("party" in row["attributions"][0]) is (reader == "boss")
    assert ("amount_per_month" in row) is (reader != "product")


def test_what_was_lost_is_summed_by_the_ruling_and_the_currency() -> None:
    ruled = {"ruling": {"reason": "commercial", "by": "qianli", "at": "2026-10-29"}}
    own = {
        "churn/a": churned(reason="service_capability", **ruled),
        "churn/b": churned(reason="commercial", amount_per_month=Decimal("2.5")),
        "churn/c": churned(currency="USD"),
        "churn/d": churned(period="2026-09"),
    }
    found = section("churn", "sales", own)
    assert [
        (row["reason"], row["currency"], row["amount_per_month"]) for row in found["by_reason"]
    ] == [
        ("commercial", "CNY", Decimal("102.5")),
        ("undetermined", "USD", Decimal(100)),
    ]
    assert found["churn"][0]["ruling"]["reason"] == "commercial"


def test_a_loss_is_traced_to_its_incident_old_bug_and_broken_promise() -> None:
    broken = event(
        promised(status="broken"),
        kind="incident",
        severity="P1",
        triage={"class": "old_bug"},
        title="切换失败",
    )
    own = {"events/a": broken, "churn/a": churned(root_records=["acme/events/a", "acme/gone"])}
    root, gone = section("churn", "boss", own)["churn"][0]["roots"]
    assert (root["title"], root["triage"], root["broken_promises"]) == ("切换失败", "old_bug", 1)
    assert gone == {"ref": "acme/gone"}
    assert [one["title"] for one in section("churn", "product", own)["churn"][0]["roots"]] == [
        "切换失败"
    ]
    assert "roots" not in section("churn", "sales", own)["churn"][0]


def test_a_loss_that_nobody_puts_down_to_the_service_is_nothing_for_the_product_side() -> None:
    commercial = churned(
        reason="commercial",
        attributions=[{"party": "after-sales", "reason": "commercial", "argument": "贵"}],
    )
    assert section("churn", "product", {"churn/a": commercial}) is None


def test_a_customer_at_risk_is_told_to_the_boss_and_to_sales() -> None:
    profile = made("profile", lifecycle="at_risk", name="雅美", contract_renewal_on="2026-12-15")
    for reader in ("boss", "sales"):
        found = section("churn", reader, {"profile": profile})
        assert [row["name"] for row in found["at_risk"]] == ["雅美"]
    assert section("churn", "product", {"profile": profile}) is None


def signalled(kind: str = "bargaining", **fields: Any) -> Record:
    signal = {
        "kind": kind,
        "claimed_reason": "平台不稳",
        "internal_positioning": "科技部知道不是平台",
        "advice": "先发材料",
        **fields,
    }
    source = {"channel": "im", "said_by": "qin", "verbatim": "私下说的"}
    return made("note", kind="signal", occurred_at="2026-10-21", signal=signal, source=source)


def test_the_boss_hears_all_of_a_signal_the_wish_for_another_salesperson_too() -> None:
    own = {
        "notes/a": signalled(for_sales="可能压价"),
        "notes/b": signalled("sales_change_request"),
    }
    rows = section("signals", "boss", own)["signals"]
    assert {row["kind"] for row in rows} == {"bargaining", "sales_change_request"}
    assert (rows[0]["said_by"], rows[0]["verbatim"], rows[0]["protect_source"]) == (
        "qin",
        "私下说的",
        True,
    )


def test_sales_hears_kind_date_and_what_is_meant_for_it() -> None:
    wish = {"kind": "sales_change_request", "for_sales": "换人"}
    visit = made("visit", kind="monthly", occurred_at="2026-10-15", signals=[wish])
    own = {
        "notes/a": signalled(for_sales="可能压价"),
        "notes/b": signalled("sales_change_request", for_sales="换人"),
        "notes/c": signalled("budget"),
        "visits/a": visit,
    }
    rows = section("signals", "sales", own)["signals"]
    assert [(row["kind"], row["for_sales"]) for row in rows] == [
        ("bargaining", "可能压价"),
        ("budget", None),
    ]
    assert all(set(row) == {"customer", "name", "on", "kind", "for_sales"} for row in rows)


def test_of_the_customers_politics_sales_hears_the_advice_alone() -> None:
    own = {
        "notes/a": signalled(for_sales="可能压价"),
        "notes/b": signalled("sales_change_request", for_sales="换人"),
        "notes/c": signalled("budget"),
    }
    assert section("politics", "sales", own) == {
        "advice": [{"customer": "acme", "name": "雅美", "advice": "先发材料"}]
    }


def test_the_boss_sees_how_the_customer_labels_matters_who_asked_and_who_came_or_went() -> None:
    inquiry = event(
        kind="inquiry",
        asked_by="jiang",
        friendly_department="科技部",
        other_department="数字金融部",
        facts=["没有失败请求"],
        wording=[{"audience": "customer_biz", "text": "运行正常"}],
    )
    gone = {"id": "fan", "name": "樊磊", "active": False, "until": "2026-10-30"}
    profile = made("profile", name="雅美", contacts=[*CONTACTS, gone])
    own = {"profile": profile, "notes/a": signalled(), "events/a": inquiry}
    row = section("politics", "boss", own)["customers"][0]
    assert row["positionings"][0]["internal_positioning"] == "科技部知道不是平台"
    assert row["inquiries"][0]["friendly_department"] == "科技部"
    assert row["inquiries"][0]["wording"] == [{"audience": "customer_biz", "text": "运行正常"}]
    assert [one["name"] for one in row["came_and_went"]] == ["樊磊"]
    assert [one["stance"] for one in row["stances"]] == ["champion", "detractor"]


def lesson(**fields: Any) -> Record:
    given = {"learned_on": "2026-10-12", "hours_spent": Decimal(9), "fix": "抓包", **fields}
    return made("lesson", **given)


def test_the_product_side_is_told_of_sanitized_lessons_alone() -> None:
    shared = {
        "lessons/a": lesson(sanitized=True, learned_from="客户网络组"),
        "lessons/b": lesson(title="没脱敏"),
        "lessons/c": lesson(sanitized=True, learned_on="2026-09-30"),
    }
    product = section("lessons", "product", {}, shared=shared)
    assert [row["ref"] for row in product["lessons"]] == ["lessons/a"]
    assert {"learned_from", "shared_with"}.isdisjoint(product["lessons"][0])
    assert "helpers" not in product
    boss = section("lessons", "boss", {}, shared=shared)
    assert [row["ref"] for row in boss["lessons"]] == ["lessons/a", "lessons/b"]


def test_a_lesson_of_another_customer_stays_out_of_this_ones_report() -> None:
    shared = {"lessons/a": lesson(from_records=["other/events/x"])}
    assert section("lessons", "boss", {}, shared=shared) is None


def test_helpers_are_thanked_once_for_help_that_a_lesson_tells_again() -> None:
    help_ = {"person": "罗扬", "topic": "切换时序", "minutes": 40}
    shared = {
        "lessons/a": lesson(from_records=["acme/events/a"], helped_by=[help_]),
        "lessons/b": lesson(helped_by=[{**help_, "minutes": 5}]),
    }
    own = {"events/a": event(helped_by=[help_])}
    assert section("lessons", "boss", own, shared=shared)["helpers"] == [
        {
            "person": "luoyang",
            "department": "db-team",
            "minutes": 45,
            "times": 2,
            "topics": ["切换时序"],
        }
    ]

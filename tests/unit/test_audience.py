"""Who may read what: nothing beyond a reader's allow-list, and what a release adds to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from aswiki.domain import records as record_types
from aswiki.domain.checks import schema
from aswiki.domain.checks.rules import text_sha256
from aswiki.domain.readers.audience import owes, readable, released, withheld
from aswiki.domain.records.common import Part, Record, abouts
from aswiki.domain.records.profile import Profile
from aswiki.domain.records.types import READERS, Reading
from aswiki.store import contents, document

EXAMPLES = Path(__file__).parents[2] / "examples"
TECH, BIZ = "customer_tech", "customer_biz"
TEXT = "已恢复。"
FREE = [{"audience": TECH, "field": "customer_text", "sha256": text_sha256(TEXT)}]
INCIDENT = {"kind": "incident", "severity": "P1", "started_at": "2026-10-03", "status": "resolved"}


@cache
def examples() -> dict[str, Record]:
    """Every record of the example wiki by its reference."""
    found = {}
    reading = Reading(UTC)
    for path in sorted(EXAMPLES.rglob("*.md")):
        name = path.relative_to(EXAMPLES).as_posix()
        kind = record_types.type_of(name)
        if kind is None:
            continue
        fields = contents.fields(document.read(name, path.read_bytes()), kind, reading).data
        record = schema.read(kind, fields, reading)[0]
        if record is not None:
            found[record_types.reference(name)] = record
    return found


def sides() -> dict[str, str]:
    return {
        contact.id or contact.name: contact.side or ""
        for record in examples().values()
        if isinstance(record, Profile)
        for contact in record.contacts
    }


def made(record_type: str, **fields: Any) -> Record:
    shape = record_types.model(record_type)
    return shape.model_validate({"type": record_type, "title": "库抖动", **fields})


def keys(record: Record, reader: str, **said: Any) -> set[str]:
    return set(readable(record, reader, **said)) - {"type"}


def shapes(part: type[Part]) -> Iterator[type[Part]]:
    yield part
    for about in abouts(part).values():
        if about.part is not None:
            yield from shapes(about.part)


def beyond(shape: type[Part], seen: dict[str, Any], reader: str) -> Iterator[str]:
    """Every key of a view that its reader has no letter for."""
    said = abouts(shape)
    for key, value in seen.items():
        if reader not in said[key].readers:
            yield key
        for item in value if isinstance(value, list) else [value]:
            part = said[key].part
            if isinstance(item, dict) and part is not None:
                yield from beyond(part, item, reader)


def words(seen: object) -> Iterator[str]:
    if isinstance(seen, dict):
        for value in seen.values():
            yield from words(value)
    elif isinstance(seen, list):
        for value in seen:
            yield from words(value)
    elif isinstance(seen, str):
        yield seen


@pytest.mark.parametrize("reader", READERS.values())
def test_no_field_is_seen_that_the_reader_has_no_letter_for(reader: str) -> None:
    for ref, record in examples().items():
        seen = readable(record, reader, own={"chenhao", "fangting"}, sides=sides())
        assert list(beyond(type(record), seen, reader)) == [], ref


def test_the_boss_may_read_every_field_there_is() -> None:
    for record_type in record_types.TYPES:
        for shape in shapes(record_types.model(record_type)):
            assert [k for k, about in abouts(shape).items() if "boss" not in about.readers] == []


def test_the_team_reads_everything() -> None:
    for record in examples().values():
        held = {k for k, a in abouts(type(record)).items() if getattr(record, a.attribute)}
        assert held <= set(readable(record, "team"))
        assert withheld(record, "team") == []


@pytest.mark.parametrize("reader", ["product", "sales", TECH, BIZ])
def test_contacts_colleagues_and_phones_are_for_the_boss_alone(reader: str) -> None:
    secret = set()
    for record in examples().values():
        for contact in record.contacts if isinstance(record, Profile) else ():
            secret |= {contact.id, contact.name, contact.phone, contact.email}
    secret |= {"zhangwei", "linyue", "chenhao", "张维", "林悦"}
    for ref, record in examples().items():
        if record.TYPE == "product":  # whom to call at the product is no customer's matter
            continue
        seen = readable(record, reader, sides=sides())
        assert not {w for w in words(seen) if w in secret}, ref


@pytest.mark.parametrize("reader", [TECH, BIZ])
def test_a_customer_reads_only_words_that_were_released_to_them(reader: str) -> None:
    prose = 0
    for ref, record in examples().items():
        seen = readable(record, reader, sides=sides())
        assert "title" not in seen, ref
        sections = {k for k, a in abouts(type(record)).items() if a.section} & set(seen)
        assert sections <= {"customer_text"}, ref
        if "customer_text" in seen:
            prose += 1
            assert seen["customer_text"] == released(record, reader), ref
        for wording in seen.get("wording", ()):
            assert wording == {"audience": reader, "text": released(record, reader)}, ref
    assert prose > 3


ALLOWED: dict[str, dict[str, set[str]]] = {
    "product": {
        "profile": {
            "title", "name", "short_name", "aliases", "industry", "account_level", "customer_since",
            "support_plan", "total_spend_estimate", "our_share_percent", "contacts",
            "team_capability", "customer_text",
        },
        "usage": {"title", "period", "days_covered", "lines", "customer_text"},
        "note": set(),
        "communication": set(),
        "complaint": {
            "category", "direction", "severity", "status", "received_at", "acknowledged_at",
            "responded_at", "decided_at", "closed_at", "promises", "customer_text",
        },
        "visit": {
            "title", "kind", "mode", "status", "occurred_at", "weather", "next_on", "promises",
            "customer_text",
        },
    },
    "sales": {
        "architecture": {"title", "vendor_shares"},
        "lesson": set(),
        "note": {"kind", "occurred_at", "signal"},
        "complaint": {"category", "status", "received_at", "promises", "customer_text"},
        "visit": {
            "title", "kind", "mode", "status", "occurred_at", "weather", "next_on", "promises",
            "customer_text", "signals",
        },
    },
    TECH: {
        "profile": {"name", "support_plan"},
        "usage": {"period", "lines"},
        "architecture": set(),
        "note": set(),
        "churn": set(),
        "lesson": set(),
        "communication": {"kind", "occurred_at", "customer_text"},
        "complaint": {"status", "received_at", "closed_at", "promises", "customer_text"},
    },
    BIZ: {
        "profile": {"name"},
        "usage": {"period"},
        "architecture": set(),
        "note": set(),
        "churn": set(),
        "lesson": set(),
        "product": set(),
        "complaint": {"category", "status", "received_at", "closed_at", "promises",
                      "customer_text"},
        "event": {"kind", "status", "started_at", "resolved_at", "window", "promises",
                  "customer_text", "wording"},
    },
}  # fmt: skip


@pytest.mark.parametrize("reader", ALLOWED)
def test_of_each_type_a_reader_sees_no_more_than_the_page_on_audiences_says(reader: str) -> None:
    for ref, record in examples().items():
        if record.TYPE in ALLOWED[reader]:
            assert keys(record, reader, sides=sides()) <= ALLOWED[reader][record.TYPE], ref


def test_to_product_and_sales_a_contact_is_a_role() -> None:
    contact = {"name": "王磊", "id": "wanglei", "role": "tech_lead", "department": "运维部"}
    record = made("profile", contacts=[{**contact, "side": TECH, "phone": "138-0000-0001"}])
    for reader in ("product", "sales"):
        assert readable(record, reader)["contacts"] == [{"side": TECH, "role": "tech_lead"}]


def test_a_release_is_of_the_present_text_and_for_one_reader() -> None:
    record = made("event", **INCIDENT, customer_text=TEXT, released_to=FREE)
    assert (released(record, TECH), released(record, BIZ)) == (TEXT, None)
    assert readable(record, TECH)["customer_text"] == TEXT
    changed = made("event", **INCIDENT, customer_text="又坏了。", released_to=FREE)
    assert released(changed, TECH) is None
    assert "customer_text" not in readable(changed, TECH)
    assert ("customer_text", f"Nothing of the record is released to {TECH} as it stands now.") in (
        withheld(changed, TECH)
    )


def test_a_released_section_besides_the_customer_text_stays_with_us() -> None:
    leave = [{"audience": TECH, "field": "workaround", "sha256": text_sha256(TEXT)}]
    record = made("event", **INCIDENT, workaround=TEXT, released_to=leave)
    assert released(record, TECH) is None
    assert "workaround" not in readable(record, TECH)


def test_of_an_inquiry_the_wording_stands_in_the_place_of_the_customer_text() -> None:
    wording = [{"audience": TECH, "text": "甲"}, {"audience": BIZ, "text": "乙"}]
    leave = [{"audience": BIZ, "field": "wording", "sha256": text_sha256("乙")}, *FREE]
    record = made("event", kind="inquiry", wording=wording, customer_text=TEXT, released_to=leave)
    seen = readable(record, BIZ)
    assert seen["wording"] == [{"audience": BIZ, "text": "乙"}]
    assert "customer_text" not in seen
    assert readable(record, TECH) == {}


def test_a_sensitive_record_reaches_neither_business_nor_sales_whatever_is_released() -> None:
    leave = [{**FREE[0], "audience": BIZ}]
    record = made("event", **INCIDENT, customer_text=TEXT, released_to=leave, sensitive=True)
    for reader in ("sales", BIZ):
        assert readable(record, reader) == {}
        assert withheld(record, reader) == [("", "The record is sensitive.")]
    assert released(record, BIZ) is None
    assert readable(record, "product")


def test_an_audience_narrows_who_sees_a_record() -> None:
    record = made(
        "event", **INCIDENT, customer_text=TEXT, released_to=FREE, audience=["team", "product"]
    )
    assert readable(record, "product")
    for reader in ("boss", "sales", TECH):
        assert readable(record, reader) == {}
        assert withheld(record, reader) == [("", f"The record's audience leaves {reader} out.")]


def test_arrears_are_said_whatever_the_audience() -> None:
    assert owes(made("profile", credit={"owed_amount": 1}, audience=["team"]))
    assert not owes(made("profile", credit={"owed_amount": 0}))
    assert not owes(made("visit", kind="monthly"))
    credit = {"owed_amount": 1, "currency": "CNY"}
    assert "credit" not in readable(made("profile", credit=credit, industry="x"), "product")
    assert readable(made("profile", credit=credit), "sales")["credit"] == credit


def test_promises_reach_a_customer_when_visible_kept_or_open_and_released() -> None:
    promises = [
        {"what": "甲", "customer_visible": True, "status": "open", "by": {"person": "zhangwei"}},
        {"what": "乙", "customer_visible": True, "status": "broken"},
        {"what": "丙", "status": "open"},
    ]
    fields = {**INCIDENT, "promises": promises, "customer_text": TEXT}
    seen = readable(made("event", **fields, released_to=FREE), TECH)
    assert seen["promises"] == [{"what": "甲", "status": "open"}]
    assert "promises" not in readable(made("event", **fields), TECH)


def test_sales_sees_its_own_promises_and_syncs_and_product_the_department() -> None:
    by = {"person": "chenhao", "department": "sales-east"}
    record = made("visit", kind="monthly", promises=[{"what": "甲", "by": by}])
    assert "promises" not in readable(record, "sales")
    assert readable(record, "sales", own={"chenhao"})["promises"] == [{"what": "甲"}]
    assert readable(record, "product")["promises"] == [
        {"what": "甲", "by": {"department": "sales-east"}}
    ]
    sync = made("note", kind="sales_sync", sales_sync={"sales_person": "chenhao", "with_whom": "w"})
    assert readable(sync, "sales") == {}
    assert readable(sync, "sales", own=["chenhao"])["sales_sync"] == {"sales_person": "chenhao"}


def test_of_a_signal_sales_hears_what_was_worded_for_them() -> None:
    signal = {
        "kind": "bargaining", "claimed_reason": "贵", "internal_positioning": "x",
        "advice": "先谈服务", "platform_fault": "none",
    }  # fmt: skip
    bare = made("note", kind="signal", occurred_at="2026-10-03", signal=signal)
    assert readable(bare, "sales")["signal"] == {"kind": "bargaining"}
    worded = made("visit", kind="monthly", signals=[{**signal, "for_sales": "他们想谈价"}])
    assert readable(worded, "sales")["signals"] == [
        {
            "kind": "bargaining", "platform_fault": "none", "advice": "先谈服务",
            "for_sales": "他们想谈价",
        }
    ]  # fmt: skip
    assert readable(bare, "product") == {}


def test_the_wish_for_another_salesperson_never_reaches_sales() -> None:
    wish = {"kind": "sales_change_request", "for_sales": "x"}
    note = made("note", kind="signal", signal=wish, audience=["team", "boss", "sales"])
    assert readable(note, "sales") == {}
    assert readable(note, "boss")["signal"]["kind"] == "sales_change_request"
    visit = made("visit", kind="monthly", signals=[wish, {"kind": "reorg"}])
    assert readable(visit, "sales")["signals"] == [{"kind": "reorg"}]


def test_a_complaint_is_shown_to_the_side_that_filed_it() -> None:
    fields = {"category": "price", "status": "received", "received_at": "2026-10-04"}
    record = made("complaint", **fields, complainant="jiangmin")
    for reader, seen in ((BIZ, {"category", "status", "received_at"}), (TECH, set())):
        assert keys(record, reader, sides={"jiangmin": BIZ}) == seen
        assert keys(record, reader) == set()
    assert "complainant" not in readable(record, "product")


def test_a_question_of_the_technical_team_never_reaches_the_business_side() -> None:
    leave = [*FREE, {**FREE[0], "audience": BIZ}]
    record = made("event", kind="question", customer_text=TEXT, released_to=leave)
    assert readable(record, TECH)["customer_text"] == TEXT
    assert readable(record, BIZ) == {}
    assert released(record, BIZ) is None


def test_a_cleared_blame_is_told_where_there_is_consent() -> None:
    blame = {"status": "cleared", "cleared_at": "2026-10-12", "allegation": "x", "consent": True}
    record = made("event", kind="change", blame=blame)
    assert set(readable(record, TECH)["blame"]) == {"status", "cleared_at"}
    for consent in (False, None, "也许"):
        shy = made("event", kind="change", blame={**blame, "consent": consent})
        assert readable(shy, TECH) == {}
    assert readable(record, BIZ) == {}


def test_product_and_sales_each_hear_their_part_of_a_churn() -> None:
    said = [
        {"party": "chenhao", "reason": "service_capability", "argument": "慢"},
        {"party": "zhangwei", "reason": "commercial", "argument": "贵"},
    ]
    record = made(
        "churn", period="2026-10", amount_per_month=5, currency="CNY", reason="commercial",
        sub_reason="price", attributions=said, ruling={"reason": "commercial", "by": "zhouyuan"},
    )  # fmt: skip
    product, sales = readable(record, "product"), readable(record, "sales")
    assert product["attributions"] == [{"reason": "service_capability", "argument": "慢"}]
    assert sales["attributions"] == [{"reason": "commercial", "argument": "贵"}]
    assert not {"sub_reason", "amount_per_month", "ruling"} & set(product)
    assert (sales["sub_reason"], sales["ruling"]) == ("price", {"reason": "commercial"})


def test_an_unsanitized_lesson_stays_with_the_team_and_the_boss() -> None:
    assert readable(made("lesson", symptom="x"), "product") == {}
    assert readable(made("lesson", symptom="x", sanitized=True), "product")["symptom"] == "x"
    assert readable(made("lesson", symptom="x"), "boss")["symptom"] == "x"


def test_sales_counts_incidents_and_reads_needs_with_a_commercial_side() -> None:
    told = {"environment": "x", "workaround": "x", "product": "oss"}
    assert keys(made("event", **INCIDENT, **told), "sales") == {
        "kind", "severity", "started_at", "status",
    }  # fmt: skip
    assert readable(made("event", kind="requirement", product="oss"), "sales") == {}
    priced = made("event", kind="requirement", negotiation={"who_pays": "客户", "cost": "x"})
    assert readable(priced, "sales")["negotiation"] == {"who_pays": "客户"}


def test_an_unknown_reader_sees_nothing() -> None:
    for record in examples().values():
        assert readable(record, "everyone") == {}

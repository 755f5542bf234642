"""The numbered rules: each found where it should be, and not where it should not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from aswiki.domain.checks import rules, schema
from aswiki.domain.checks.rules import text_sha256
from aswiki.domain.checks.surroundings import Neighbour, Surroundings
from aswiki.domain.problem import Finding
from aswiki.domain.records.common import Record
from aswiki.domain.records.types import Reading

NOW = datetime(2026, 10, 20, 2, 0, tzinfo=UTC)
HEAD: dict[str, dict[str, Any]] = {
    "event": {"kind": "incident", "severity": "P3", "started_at": "2026-10-20"},
    "complaint": {"category": "price", "received_at": "2026-10-04"},
    "visit": {"kind": "monthly", "status": "planned", "occurred_at": "2026-10-15"},
    "note": {"kind": "feeling", "occurred_at": "2026-10-15"},
    "communication": {"kind": "praise", "occurred_at": "2026-10-15", "what": "x"},
    "churn": {
        "period": "2026-10",
        "amount_per_month": 1,
        "currency": "CNY",
        "reason": "undetermined",
    },
    "usage": {"period": "2026-09"},
    "profile": {"name": "x", "reviewed_on": "2026-10-19"},
    "architecture": {"reviewed_on": "2026-10-19"},
    "lesson": {"symptom": "x", "environment": "x", "fix": "x"},
    "product": {"owner_department": "db-team", "what_we_sell": "x"},
}
FEELING = {"said_by": "w", "about": "x", "environment": "x", "purpose": "x", "verbatim": "x"}
ENTRY = {"at": "2026-10-05T10:00", "by": "w", "kind": "note", "text": "x"}
WHOLE_COMPLAINT = {
    "status": "closed",
    "closed_at": "2026-10-06",
    "customer_impact": "x",
    "log": [ENTRY],
    "responsible": {"person": "zhang"},
    "customer_loss": {"kind": "none"},
}
TRIAGE = {"triage": {"class": "old_bug"}}


def record(record_type: str, fields: dict[str, Any]) -> Record:
    said = {"type": record_type, "title": "x", **HEAD[record_type], **fields}
    found, problems = schema.read(record_type, said, Reading())
    assert found is not None, problems
    return found


def around(**said: Any) -> Surroundings:
    known: dict[str, Any] = {
        "ref": "acme/it",
        "people": {"zhang": "after-sales", "luo": "db-team", "w": None},
        "departments": {"after-sales": "after_sales", "db-team": "rnd"},
        "product_is_owned": lambda _name: True,
        "now": NOW,
    }
    return Surroundings(**(known | said))


def found(record_type: str, fields: dict[str, Any], **said: Any) -> list[Finding]:
    return rules.findings(record(record_type, fields), around(**said), due=True)


def places(findings: list[Finding], code: str) -> list[tuple[str | int, ...]]:
    return [finding.loc for finding in findings if finding.code == code]


def without(fields: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key not in keys}


CASES: list[tuple[str, str, dict[str, Any], list[tuple[str | int, ...]]]] = [
    ("ASW001", "visit", {"feelings": [FEELING]}, []),
    (
        "ASW001",
        "visit",
        {"feelings": [FEELING, without(FEELING, "purpose")]},
        [("feelings", 1, "purpose")],
    ),
    (
        "ASW001",
        "note",
        {"feeling": without(FEELING, "environment") | {"purpose": "  "}},
        [("feeling", "environment"), ("feeling", "purpose")],
    ),
    (
        "ASW001",
        "architecture",
        {"assessments": [{"product": "x", "purpose": "y"}]},
        [("assessments", 0, "environment")],
    ),
    (
        "ASW001",
        "event",
        {"kind": "requirement", "severity": None, "environment": "x"},
        [("purpose",)],
    ),
    ("ASW001", "event", {"kind": "question", "severity": None}, []),
    ("ASW002", "complaint", WHOLE_COMPLAINT, []),
    ("ASW002", "complaint", {"status": "received"}, []),
    (
        "ASW002",
        "complaint",
        {"status": "closed", "closed_at": "2026-10-06"},
        [("customer_impact",), ("log",), ("responsible",), ("customer_loss",)],
    ),
    (
        "ASW002",
        "complaint",
        WHOLE_COMPLAINT | {"responsible": {"cleared_by": "acme/events/x"}},
        [],
    ),
    ("ASW002", "complaint", WHOLE_COMPLAINT | {"responsible": {}}, [("responsible",)]),
    ("ASW003", "event", {"started_at": "2026-10-19T09:59:00+08:00"}, [()]),
    ("ASW003", "event", {"started_at": "2026-10-19T10:01:00+08:00"}, []),
    ("ASW003", "event", {"started_at": "2026-10-01"} | TRIAGE, []),
    ("ASW003", "event", {"started_at": "2026-10-01", "status": "cancelled"}, []),
    ("ASW003", "event", {"started_at": "2026-10-01", "source": {"system": "itsm"}}, []),
    ("ASW003", "event", {"started_at": "2026-10-01", "kind": "question", "severity": None}, []),
    ("ASW004", "event", {"technical_decision_by": ["db-team"]}, []),
    (
        "ASW004",
        "event",
        {"technical_decision_by": ["db-team", "after-sales", "zhang", "luo", "售后"]},
        [("technical_decision_by", 1), ("technical_decision_by", 2), ("technical_decision_by", 4)],
    ),
    (
        "ASW005",
        "visit",
        {"promises": [{"id": "p1", "kind": "fix"}, {"id": "p2", "kind": "goodwill_free"}]},
        [("promises", 1)],
    ),
    (
        "ASW005",
        "event",
        {"promises": [{"kind": "goodwill_free", "sales_informed_on": "2026-10-01"}]},
        [],
    ),
    ("ASW006", "churn", {"sub_reason": "性价比"}, [("reason",)]),
    ("ASW006", "churn", {"sub_reason": "Price-performance"}, [("reason",)]),
    ("ASW006", "churn", {"sub_reason": "性价比", "reason": "commercial"}, []),
    ("ASW006", "churn", {"sub_reason": "搬家"}, []),
    (
        "ASW009",
        "event",
        {
            "customer_text": "已恢复",
            "released_to": [{"audience": "customer_tech", "sha256": text_sha256("\n已恢复\n\n")}],
        },
        [],
    ),
    (
        "ASW009",
        "event",
        {
            "customer_text": "已恢复。",
            "released_to": [{"audience": "customer_tech", "sha256": text_sha256("已恢复")}],
        },
        [("released_to", 0, "sha256")],
    ),
    (
        "ASW011",
        "event",
        {
            "promises": [
                {"id": "p1", "due_on": "2026-10-19"},
                {"id": "p2", "due_on": "2026-10-20"},
                {"id": "p3", "due_on": "2026-10-01", "status": "kept"},
                {"id": "p4"},
            ]
        },
        [("promises", 0, "due_on")],
    ),
    ("ASW013", "event", {"scope": {"gap_reason": "x"}}, [("scope",)]),
    ("ASW013", "event", {"scope": {"final_contact": "w"}}, []),
    (
        "ASW015",
        "profile",
        {"credit": {"owed_amount": 1, "as_of": "2026-10-19"}},
        [("credit", "owed_amount")],
    ),
    ("ASW015", "profile", {"credit": {"owed_amount": 0, "as_of": "2026-10-19"}}, []),
    ("ASW017", "event", {"resolved_at": "2026-10-19"}, [("resolved_at",)]),
    ("ASW017", "event", {"resolved_at": "2026-10-20T00:00:00+00:00"}, []),
    (
        "ASW017",
        "event",
        {"started_at": "2026-10-03T14:05:00+08:00", "resolved_at": "2026-10-03T07:00:00+00:00"},
        [],
    ),
    (
        "ASW017",
        "event",
        {"blame": {"accused_at": "2026-10-05", "cleared_at": "2026-10-04"}},
        [("blame", "cleared_at")],
    ),
    ("ASW017", "event", {"status": "closed"}, [("status",)]),
    ("ASW017", "complaint", WHOLE_COMPLAINT, []),
    ("ASW017", "complaint", WHOLE_COMPLAINT | {"closed_at": "2026-10-01"}, [("closed_at",)]),
    (
        "ASW017",
        "event",
        {"promises": [{"made_on": "2026-10-02", "kept_on": "2026-10-01"}]},
        [("promises", 0, "kept_on")],
    ),
    (
        "ASW017",
        "profile",
        {"contacts": [{"name": "w", "from": "2026-10-02", "until": "2026-10-01"}]},
        [("contacts", 0, "until")],
    ),
    ("ASW140", "visit", {"status": "held", "weather": "rain"}, [("summary",)]),
    ("ASW140", "visit", {"status": "held", "weather": "rain", "summary": "x"}, []),
    ("ASW140", "visit", {"status": "planned"}, []),
    ("ASW140", "event", {"status": "closed", "closed_at": "2026-10-20"}, [("triage",)]),
    ("ASW140", "event", {"status": "closed", "closed_at": "2026-10-20"} | TRIAGE, []),
    ("ASW140", "note", {}, [("feeling",)]),
    ("ASW140", "note", {"feeling": FEELING}, []),
    ("ASW141", "event", {"owner": "zhang", "asked_by": None}, []),
    ("ASW141", "event", {"owner": "nobody-known"}, [("owner",)]),
    ("ASW141", "event", {"owner": "张三"}, []),
    ("ASW141", "event", {"technical_owner": "db-team"}, []),
    ("ASW141", "event", {"log": [ENTRY | {"to": "ghost"}]}, [("log", 0, "to")]),
    ("ASW141", "event", {"log": [ENTRY | {"to": "ghost"}], "source": {"system": "itsm"}}, []),
    (
        "ASW143",
        "event",
        {"promises": [{"id": "p1"}, {"id": "p2"}, {"id": "p1"}]},
        [("promises", 2, "id")],
    ),
    (
        "ASW143",
        "profile",
        {"contacts": [{"id": "a", "name": "x"}, {"id": "a", "name": "y"}]},
        [("contacts", 1, "id")],
    ),
    ("ASW144", "lesson", {"sanitized": True, "fix": "call 138 0013 8000"}, [("fix",)]),
    ("ASW144", "lesson", {"sanitized": True, "fix": "mail a@b.com"}, [("fix",)]),
    ("ASW144", "lesson", {"sanitized": True, "fix": "10.0.0.1"}, [("fix",)]),
    ("ASW144", "lesson", {"sanitized": True, "fix": "赔了 ¥300"}, [("fix",)]),
    ("ASW144", "lesson", {"sanitized": False, "fix": "10.0.0.1"}, []),
    ("ASW144", "lesson", {"sanitized": True, "fix": "等 30 分钟，再试 3 次"}, []),
]


@pytest.mark.parametrize(("code", "record_type", "fields", "wanted"), CASES)
def test_a_rule_is_found_where_it_should_be_and_nowhere_else(
    code: str, record_type: str, fields: dict[str, Any], wanted: list[tuple[str | int, ...]]
) -> None:
    assert places(found(record_type, fields), code) == wanted


ERRORS = {"ASW001", "ASW002", "ASW004", "ASW006", "ASW008", "ASW009", "ASW012"}
ERRORS |= {"ASW016", "ASW017"}


def test_errors_and_warnings_are_those_of_the_schema() -> None:
    for code, record_type, fields, wanted in CASES:
        if not wanted or code >= "ASW100":
            continue
        levels = {f.level for f in found(record_type, fields) if f.code == code}
        level = "error" if code in ERRORS else "warning"
        assert levels == {level}, code


def test_rules_of_today_are_asked_for() -> None:
    late = record("event", {"started_at": "2026-10-01", "promises": [{"due_on": "2026-10-02"}]})
    plain = {finding.code for finding in rules.findings(late, around())}
    due = {finding.code for finding in rules.findings(late, around(), due=True)}
    assert due - plain == {"ASW003", "ASW011"}


def _cleared(**related: str) -> Record:
    said = {"blame": {"status": "cleared"}, "related": [related] if related else []}
    return record("event", said)


@pytest.mark.parametrize("how", ["caused_by", "see_also"])
@pytest.mark.parametrize("side", ["complaint", "event"])
def test_a_cleared_blame_clears_the_linked_complaint(side: str, how: str) -> None:
    """Rule 7: linked when either names the other by any how but see_also."""
    complaint: dict[str, Any] = {"responsible": {"person": "zhang"}, "related": []}
    if side == "complaint":
        complaint["related"] = [{"ref": "acme/e", "how": how}]
        event = _cleared()
    else:
        event = _cleared(ref="acme/it", how=how)
    hits = found("complaint", complaint, neighbours=lambda: [Neighbour("acme/e", event)])
    wanted = [("responsible", "person")] if how == "caused_by" else []
    assert places(hits, "ASW007") == wanted
    assert all(finding.level == "warning" for finding in hits if finding.code == "ASW007")
    cleared = complaint | {"responsible": {"cleared_by": "acme/e"}}
    again = found("complaint", cleared, neighbours=lambda: [Neighbour("acme/e", event)])
    assert places(again, "ASW007") == []


def test_evidence_is_compared_with_its_file() -> None:
    evidence = {"evidence": [{"file": "files/a", "sha256": "aa"}, {"url": "https://x"}]}
    for actual, wanted in (
        ("aa", []),
        ("bb", [("evidence", 0, "file")]),
        (None, [("evidence", 0, "file")]),
    ):
        hits = found("event", evidence, sha256_of=lambda _file, said=actual: said)
        assert places(hits, "ASW012") == wanted


BAD_TIMES: list[tuple[str, dict[str, Any], bool]] = [
    ("event", {"severity": "P1", "started_at": "2026-10-10"}, True),
    ("event", {"severity": "P2", "started_at": "2026-10-10"}, False),
    ("event", {"severity": "P1", "started_at": "2026-10-16"}, False),
    ("event", {"severity": "P0", "started_at": "2026-10-10", "resolved_at": "2026-10-11"}, False),
    ("event", {"severity": "P0", "started_at": "2026-10-10", "resolved_at": "2026-10-17"}, True),
    ("event", {"severity": "P0", "started_at": "2026-10-10", "status": "cancelled"}, False),
    ("note", {"promises": [{"status": "broken", "due_on": "2026-10-09"}]}, True),
    ("note", {"promises": [{"status": "broken", "due_on": "2026-10-18"}]}, False),
]


@pytest.mark.parametrize(("record_type", "fields", "is_bad"), BAD_TIMES)
def test_the_sun_does_not_shine_in_bad_times(
    record_type: str, fields: dict[str, Any], is_bad: bool
) -> None:
    other = Neighbour("acme/other", record(record_type, fields))
    for weather in ("sunny", "rain"):
        hits = found("visit", {"weather": weather}, neighbours=lambda: [other])
        assert bool(places(hits, "ASW014")) is (is_bad and weather == "sunny")


def test_references_are_asked_for_wherever_they_stand() -> None:
    fields = {
        "related": [{"ref": "acme/a", "how": "see_also"}],
        "triage": {"class": "old_bug", "recurrence_of": "acme/b"},
        "blame": {"change": "acme/c"},
    }
    hits = found("event", fields, references=lambda ref: ref == "acme/b")
    assert places(hits, "ASW016") == [("blame", "change"), ("related", 0, "ref")] or places(
        hits, "ASW016"
    ) == [("related", 0, "ref"), ("blame", "change")]
    promise = {"related": [{"ref": "acme/a#p1", "how": "see_also"}]}
    assert places(found("event", promise, references=lambda ref: ref == "acme/a"), "ASW016") == []


@pytest.mark.parametrize(
    ("owned", "wanted"), [(True, []), (False, [("product",)]), (None, [("product",)])]
)
def test_a_product_is_known_and_owned(
    owned: bool | None, wanted: list[tuple[str | int, ...]]
) -> None:
    hits = found("event", {"product": "oss"}, product_is_owned=lambda _name: owned)
    assert places(hits, "ASW018") == wanted
    assert places(found("event", {}, product_is_owned=lambda _name: owned), "ASW018") == []


@pytest.mark.parametrize(
    ("record_type", "fields", "wanted"),
    [
        ("profile", {"reviewed_on": "2026-07-22"}, []),
        ("profile", {"reviewed_on": "2026-07-21"}, [()]),
        ("profile", {"reviewed_on": None}, [()]),
        (
            "profile",
            {"reviewed_on": "2026-09-19", "credit": {"allow_arrears": False}},
            [("credit",)],
        ),
        ("profile", {"reviewed_on": "2026-09-20", "credit": {"allow_arrears": False}}, []),
        (
            "profile",
            {"reviewed_on": None, "credit": {"as_of": "2026-10-01"}, "contacts": [{"name": "w"}]},
            [("contacts",)],
        ),
        ("architecture", {"reviewed_on": "2026-04-22"}, [()]),
        ("architecture", {"reviewed_on": "2026-04-23"}, []),
        (
            "architecture",
            {"reviewed_on": None, "vendor_shares": [{"provider": "a", "as_of": "2026-10-01"}]},
            [],
        ),
    ],
)
def test_a_page_that_was_not_kept_is_found(
    record_type: str, fields: dict[str, Any], wanted: list[tuple[str | int, ...]]
) -> None:
    usage = Neighbour("acme/usage/2026-09", record("usage", {}))
    hits = found(record_type, fields, neighbours=lambda: [usage])
    assert places(hits, "ASW019") == wanted


def test_a_missing_month_of_usage_is_said_from_the_fifth_on() -> None:
    for day, wanted in ((4, []), (5, [()])):
        now = datetime(2026, 10, day, 12, tzinfo=UTC)
        fields = {"reviewed_on": "2026-10-01"}
        assert places(found("profile", fields, now=now), "ASW019") == wanted


def test_a_visit_past_its_cadence_is_said() -> None:
    fields = {"review_cadence": "monthly"}
    usage = Neighbour("acme/usage/2026-09", record("usage", {}))
    for day, status, wanted in (
        ("2026-09-19", "held", []),
        ("2026-09-18", "held", [("review_cadence",)]),
        ("2026-09-18", "planned", []),
    ):
        said = {"status": status, "occurred_at": day}
        visit = Neighbour("acme/visits/v", record("visit", said))
        hits = found("profile", fields, neighbours=lambda v=visit: [usage, v])
        assert places(hits, "ASW019") == wanted


def test_a_sanitized_lesson_names_no_customer() -> None:
    for name, fix, wanted in (
        ("Acme", "as at ACME last year", [("fix",)]),
        ("Acme", "acmeology", []),
        ("蓝鲸", "像蓝鲸那样", [("fix",)]),
    ):
        fields = {"sanitized": True, "fix": fix, "from_records": ["acme/events/x"]}
        hits = found("lesson", fields, identities=lambda n=name: frozenset({n}))
        assert places(hits, "ASW144") == wanted


def test_a_lesson_marked_sanitized_must_be_whole() -> None:
    lacking = found("lesson", {"sanitized": True, "fix": None})
    assert [(f.loc, f.level) for f in lacking if f.code == "ASW140"] == [(("fix",), "error")]
    open_one = found("lesson", {"fix": None})
    assert [(f.loc, f.level) for f in open_one if f.code == "ASW140"] == [(("fix",), "warning")]

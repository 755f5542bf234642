"""The rules about change: evidence stays, and what moves says why."""

from __future__ import annotations

from typing import Any

import pytest

from aswiki.domain.changes import rules as changes
from aswiki.domain.changes.difference import Change, differences
from aswiki.domain.checks import schema
from aswiki.domain.records.common import Record
from aswiki.domain.records.types import Reading

ENTRY = {
    "at": "2026-10-05T10:00:00+08:00",
    "by": "w",
    "kind": "customer",
    "text": "好",
    "quote": "咖啡",
}
LATER = {"at": "2026-10-06T10:00:00+08:00", "by": "w", "kind": "note", "text": "因为记错了"}
BASE: dict[str, dict[str, Any]] = {
    "event": {
        "kind": "incident",
        "severity": "P2",
        "status": "new",
        "started_at": "2026-10-03T14:05:00+08:00",
        "promises": [{"id": "p1", "due_on": "2026-10-09"}, {"id": "p2", "due_on": "2026-10-10"}],
        "accepted": {"quote": "café"},
        "reviewed_on": "2026-10-01",
        "log": [ENTRY],
    },
    "complaint": {
        "category": "price",
        "received_at": "2026-10-04",
        "responsible": {"person": "zhang", "department": "db-team"},
        "source": {"verbatim": "太贵了"},
        "log": [ENTRY, ENTRY],
    },
}


def record(record_type: str, **fields: Any) -> Record:
    said = {"type": record_type, "title": "x", **BASE[record_type], **fields}
    found, problems = schema.read(record_type, said, Reading())
    assert found is not None, problems
    return found


def test_differences_are_by_field() -> None:
    before = {"a": 1, "b": {"c": 1, "d": [1]}, "e": 1}
    after = {"a": 1, "b": {"c": 2, "d": [1, 2]}, "f": 3}
    assert list(differences(before, after)) == [
        Change(("b", "c"), 1, 2),
        Change(("b", "d"), [1], [1, 2]),
        Change(("e",), 1, None),
        Change(("f",), None, 3),
    ]


@pytest.mark.parametrize(
    "log",
    [
        [],
        [ENTRY | {"text": "坏"}],
        [ENTRY | {"quote": "茶"}],
        [ENTRY | {"at": "2026-10-05T10:01:00+08:00"}],
        [ENTRY | {"by": "v"}],
        [ENTRY | {"kind": "note"}],
        [ENTRY | {"to": "x"}, LATER],
    ],
)
def test_an_entry_removed_or_altered_is_found(log: list[dict[str, Any]]) -> None:
    found = list(changes.altered_evidence(record("event"), record("event", log=log)))
    assert [(finding.code, finding.loc) for finding in found] == [("ASW020", ("log",))]


def test_one_of_two_equal_entries_removed_is_found() -> None:
    found = list(changes.altered_evidence(record("complaint"), record("complaint", log=[ENTRY])))
    assert len(found) == 1


@pytest.mark.parametrize(
    "log",
    [
        [ENTRY],
        [ENTRY, LATER],
        [LATER, ENTRY],
        [ENTRY | {"at": "2026-10-05T02:00:00+00:00"}],
        [ENTRY | {"kind": "客户"}],
    ],
)
def test_what_says_the_same_is_no_alteration(log: list[dict[str, Any]]) -> None:
    assert list(changes.altered_evidence(record("event"), record("event", log=log))) == []


def test_composed_and_decomposed_text_are_the_same() -> None:
    after = record("event", accepted={"quote": "cafe\u0301"})
    assert list(changes.altered_evidence(record("event"), after)) == []


def test_a_verbatim_or_quote_removed_or_altered_is_found() -> None:
    for record_type, fields, loc in (
        ("complaint", {"source": {"verbatim": "太贵"}}, ("source", "verbatim")),
        ("complaint", {"source": None}, ("source", "verbatim")),
        ("event", {"accepted": None}, ("accepted", "quote")),
    ):
        found = list(changes.altered_evidence(record(record_type), record(record_type, **fields)))
        assert [(finding.code, finding.loc) for finding in found] == [("ASW020", loc)]


@pytest.mark.parametrize(
    ("record_type", "fields", "keys"),
    [
        ("event", {"severity": "P3"}, ["severity"]),
        ("event", {"severity": "P1"}, []),
        ("complaint", {"severity": "P2"}, []),
        ("event", {"status": "closed", "closed_at": "2026-10-20"}, []),
        ("event", {"started_at": "2026-10-03T14:06:00+08:00"}, ["started_at"]),
        ("event", {"started_at": None}, ["started_at"]),
        ("event", {"started_at": "2026-10-03T06:05:00+00:00"}, []),
        ("event", {"reviewed_on": "2026-10-19"}, []),
        (
            "event",
            {
                "promises": [
                    {"id": "p2", "due_on": "2026-10-10"},
                    {"id": "p1", "due_on": "2026-10-11"},
                ]
            },
            ["promises.1.due_on"],
        ),
        ("complaint", {"responsible": {"person": "li"}}, ["responsible.person"]),
        ("complaint", {"responsible": {"cleared_by": "acme/x"}}, ["responsible.person"]),
        ("complaint", {"responsible": {"person": "zhang"}}, []),
        ("complaint", {"received_at": "2026-10-05"}, ["received_at"]),
    ],
)
def test_what_needs_a_reason_is_named(
    record_type: str, fields: dict[str, Any], keys: list[str]
) -> None:
    before, after = record(record_type), record(record_type, **fields)
    assert changes.is_why_needed(before, after) == keys
    found = [finding.code for finding in changes.unexplained_change(before, after)]
    assert found == ["ASW021"] * len(keys)
    log = [*BASE[record_type]["log"], LATER]
    explained = record(record_type, **fields, log=log)
    assert list(changes.unexplained_change(before, explained)) == []


def test_a_severity_that_is_taken_out_needs_a_reason_and_the_first_one_none() -> None:
    given = record("complaint", severity="P1")
    none = record("complaint")
    assert changes.is_why_needed(given, none) == ["severity"]
    assert changes.is_why_needed(none, given) == []


ROSTER = [
    {"who": "zhang", "from": "2026-10-30T20:00:00+08:00", "to": "2026-10-31T06:00:00+08:00"},
    {"who": "li", "from": "2026-10-31T06:00:00+08:00", "to": "2026-10-31T20:00:00+08:00"},
]
CHECKLIST = [
    {"item": "备份改期", "done_at": "2026-10-29T12:00:00+08:00"},
    {"item": "报表只走备库", "done_at": "2026-10-30T18:00:00+08:00"},
]
SHIFT = {"who": "wu", "from": "2026-10-30T12:00:00+08:00", "to": "2026-10-30T20:00:00+08:00"}


@pytest.mark.parametrize(
    ("fields", "keys"),
    [
        ({"roster": [SHIFT, *ROSTER]}, []),
        ({"roster": ROSTER[1:]}, []),
        ({"roster": ROSTER[::-1], "checklist": CHECKLIST[::-1]}, []),
        ({"checklist": CHECKLIST[1:]}, []),
        ({"checklist": [{"item": "新的", "done_at": None}, *CHECKLIST]}, []),
        ({"roster": [SHIFT, {**ROSTER[0], "to": "2026-10-31"}, ROSTER[1]]}, ["roster.1.to"]),
        ({"roster": [ROSTER[1], {**ROSTER[0], "from": "2026-10-30"}]}, ["roster.1.from"]),
        ({"checklist": [CHECKLIST[1], {**CHECKLIST[0], "done_at": None}]}, ["checklist.1.done_at"]),
    ],
)
def test_an_item_that_came_or_went_or_stands_elsewhere_has_moved_no_date(
    fields: dict[str, Any], keys: list[str]
) -> None:
    guard = {"kind": "critical_event", "severity": None, "roster": ROSTER, "checklist": CHECKLIST}
    before, after = record("event", **guard), record("event", **(guard | fields))
    assert changes.is_why_needed(before, after) == keys


def test_rules_20_and_21_are_found_together() -> None:
    found = changes.forbidden_changes(record("event"), record("event", severity="P4", log=[]))
    assert [finding.code for finding in found] == ["ASW020", "ASW021"]

"""A record compared with its earlier self: facts, promises, log and prose, by what they are."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from aswiki.domain.changes.comparison import RecordChange, State
from aswiki.domain.changes.record import record_change
from aswiki.domain.vocabulary import DEFAULT

PROFILE = "customers/acme/profile.md"
EVENT = "customers/acme/events/2026-10-03-oss.md"
USAGE = "customers/acme/usage/2026-10.md"


def change(before: Any, after: Any, path: str = EVENT) -> RecordChange:
    old, new = (State(path, said) if said is not None else None for said in (before, after))
    return record_change(old, new, DEFAULT)


def facts(found: RecordChange) -> list[tuple[str, Any, Any]]:
    return [(fact.field, fact.before, fact.after) for fact in found.fields]


def test_a_fact_is_named_by_its_label_in_both_languages() -> None:
    found = change({"severity": "P2", "impact": {"users_percent": 3}}, {"severity": "P1"})
    assert facts(found) == [("severity", "P2", "P1"), ("impact", {"users_percent": 3}, None)]
    assert [fact.label("zh") for fact in found.fields] == ["等级", "影响"]
    assert [fact.label("en") for fact in found.fields] == ["Severity", "Impact"]
    assert (found.status, found.customer, found.type) == ("changed", "acme", "event")


def test_a_contact_is_the_same_wherever_it_stands_in_the_list() -> None:
    wang = {"id": "wanglei", "name": "王磊", "phone": "1"}
    li = {"id": "lina", "name": "李娜", "phone": "2"}
    found = change({"contacts": [wang, li]}, {"contacts": [{**li, "phone": "3"}, wang]}, PROFILE)
    assert facts(found) == [("contacts.lina.phone", "2", "3")]
    assert found.fields[0].label("zh") == "联系人 › 李娜 › 电话"


def test_an_item_that_comes_or_goes_is_one_change_of_its_list() -> None:
    found = change({"tags": ["vip", "旧"]}, {"tags": ["vip", "新"]})
    assert facts(found) == [("tags.旧", "旧", None), ("tags.新", None, "新")]
    assert {fact.label("zh") for fact in found.fields} == {"标签"}
    item = {"item": "扩容", "owner": "luoyang"}
    assert facts(change({}, {"checklist": [item]})) == [("checklist.扩容", None, item)]


def test_two_items_of_one_identity_are_told_apart_by_their_order() -> None:
    one = {"said_by": "w", "about": "oss", "verbatim": "慢"}
    two = {**one, "verbatim": "快"}
    found = change({"feelings": [one, two]}, {"feelings": [one, {**two, "verbatim": "还行"}]})
    assert facts(found) == [("feelings.w oss #2.verbatim", "快", "还行")]


def test_a_list_in_another_order_is_one_change_and_loses_nothing() -> None:
    found = change({"tags": ["a", "b"]}, {"tags": ["b", "a"]})
    assert facts(found) == [("tags", ["a", "b"], ["b", "a"])]


def test_a_cost_of_one_day_is_named_by_its_place() -> None:
    costs = [Decimal("1.10"), None, Decimal(3)]
    daily = {"product": "oss", "currency": "CNY", "costs": costs}
    found = change(
        {"daily": [daily]}, {"daily": [{**daily, "costs": [*costs[:2], Decimal(4)]}]}, USAGE
    )
    assert facts(found) == [("daily.oss CNY.costs.3", Decimal(3), Decimal(4))]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"kind": "故障"}, {"kind": "incident"}),
        ({"title": "cafe\u0301"}, {"title": "caf\u00e9"}),
        ({"tags": []}, {}),
        ({"owner": None}, {}),
        ({"impact": {"users_percent": None}}, {"impact": {}}),
    ],
)
def test_what_means_the_same_is_no_change(before: Any, after: Any) -> None:
    found = change(before, after)
    assert found.fields == ()
    assert found.is_form_only


def test_a_promise_that_is_settled_is_told_once() -> None:
    made = {"id": "p1", "what": "扩容", "due_on": "2026-10-09", "by": {"person": "sunqi"}}
    kept = {**made, "status": "late", "kept_on": "2026-10-12", "due_on": "2026-10-10"}
    found = change({"promises": [made]}, {"promises": [kept, {"id": "p2", "what": "写报告"}]})
    first, second = found.promises
    assert (first.id, first.what, first.by, first.before, first.after, first.kept_on) == (
        ("p1", "扩容", "sunqi", "open", "late", "2026-10-12")
    )
    assert (second.id, second.before, second.after) == ("p2", None, "open")
    assert facts(found) == [("promises.p1.due_on", "2026-10-09", "2026-10-10")]
    gone = change({"promises": [made]}, {})
    assert [(one.before, one.after) for one in gone.promises] == [("open", None)]


def test_log_entries_are_told_by_what_they_say_not_by_their_place() -> None:
    def entry(day: int, text: str) -> dict[str, Any]:
        at = datetime.fromisoformat(f"2026-10-0{day}T10:00:00+08:00")
        return {"at": at, "by": "w", "kind": "note", "text": text}

    utc = {**entry(1, "一"), "at": datetime.fromisoformat("2026-10-01T02:00:00+00:00")}
    found = change({"log": [entry(1, "一"), entry(2, "二")]}, {"log": [utc, entry(2, "贰")]})
    assert [one["text"] for one in found.log] == ["贰"]
    assert [one["text"] for one in found.log_removed] == ["二"]
    twice = change({"log": [utc]}, {"log": [utc, utc]})
    assert len(twice.log) == 1
    assert twice.log_removed == ()


def test_prose_is_told_by_its_heading_and_word_by_word() -> None:
    before = State(EVENT, {"background": "主库 满了"}, {"杂记": "旧", "": "先"})
    after = State(EVENT, {"background": "备库 满了"}, {"杂记": "旧", "": "先说"})
    found = record_change(before, after, DEFAULT)
    assert [(prose.key, prose.zh) for prose in found.body] == [("background", "背景"), ("", "正文")]
    pieces = [(piece.op, piece.text) for piece in found.body[0].pieces]
    assert pieces == [("-", "主"), ("+", "备"), ("=", "库 满了")]


def test_a_tombstone_says_why_and_nothing_that_is_gone() -> None:
    retired = {"why": "写错客户", "by": "w", "at": "2026-10-05"}
    tomb = {"type": "event", "title": "x", "status": "retired", "retired": retired}
    found = change({"title": "x", "severity": "P1"}, tomb)
    assert (found.status, found.retired, found.fields) == ("retired", retired, ())
    back = change(tomb, {"title": "x", "severity": "P1"})
    assert (back.status, back.fields) == ("restored", ())


def test_a_new_a_removed_and_a_renamed_record_are_told_as_such() -> None:
    assert change(None, {"title": "新"}).status == "added"
    gone = change({"title": "旧"}, None)
    assert (gone.status, gone.title, gone.fields) == ("removed", "旧", ())
    before = State("customers/acme/events/2026-10-03-old.md", {"title": "同", "severity": "P1"})
    moved = record_change(before, State(EVENT, {"title": "同", "severity": "P2"}), DEFAULT)
    assert (moved.status, moved.was) == ("renamed", "acme/events/2026-10-03-old")
    assert facts(moved) == [("severity", "P1", "P2")]


def test_a_version_that_cannot_be_read_is_said_and_nothing_is_compared() -> None:
    broken = State(EVENT, unreadable="line 3: wrong")
    found = record_change(State(EVENT, {"title": "x"}), broken, DEFAULT)
    assert (found.status, found.title, found.unreadable) == ("changed", "x", ("line 3: wrong",))
    assert found.fields == ()
    assert not found.is_form_only


def test_anything_may_stand_where_the_schema_wants_something_else() -> None:
    before = {"promises": "none", "contacts": {"a": 1}, "log": None, 3: "x", "x_own": [{"b": 1}]}
    after = {"promises": [1, {"id": 2}], "contacts": ["a"], "x_own": [{"b": 2}], "tags": "one"}
    found = change(before, after, PROFILE)
    assert ("contacts", {"a": 1}, ["a"]) in facts(found)
    assert ("x_own.b: 1", {"b": 1}, None) in facts(found)
    assert [one.id for one in found.promises] == ["2"]

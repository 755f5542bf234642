"""What becomes of each field when two sides changed a record."""

from __future__ import annotations

from typing import Any

import pytest

from aswiki.domain.changes.alignment import woven
from aswiki.domain.changes.merging import clashes, merge, stayed, value_of


def joined(base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> Any:
    """The merge of the three, which leaves nobody a choice."""
    choice = merge(base, ours, theirs)
    assert list(clashes(choice)) == []
    return value_of(choice)


def contested(base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    return list(clashes(merge(base, ours, theirs)))


def test_each_side_changed_another_field() -> None:
    base = {"severity": "P1", "status": "new", "product": "oss"}
    found = joined(base, base | {"severity": "P0"}, base | {"status": "triaged"})
    assert found == {"severity": "P0", "status": "triaged", "product": "oss"}


def test_the_same_field_changed_on_both_sides_is_for_a_person() -> None:
    assert contested({"a": "1"}, {"a": "2"}, {"a": "3"}) == ["a"]
    assert contested({"a": "1"}, {"a": "2"}, {}) == ["a"]
    assert contested({}, {"a": "2"}, {"a": "3"}) == ["a"]


def test_the_same_change_on_both_sides_is_one() -> None:
    assert joined({"a": "1"}, {"a": "2"}, {"a": "2"}) == {"a": "2"}
    assert joined({"a": "1"}, {}, {}) == {}


def test_a_field_that_one_side_removed_goes_where_the_other_left_it_alone() -> None:
    assert joined({"a": "1", "b": "2"}, {"b": "2"}, {"a": "1", "b": "3"}) == {"b": "3"}


def test_parts_of_a_mapping_are_fields_of_their_own() -> None:
    base = {"impact": {"business": "上传", "users_percent": 10}}
    ours = {"impact": {"business": "上传", "users_percent": 20}}
    theirs = {"impact": {"business": "下载", "users_percent": 10, "resources": "oss"}}
    assert joined(base, ours, theirs) == {
        "impact": {"business": "下载", "users_percent": 20, "resources": "oss"}
    }
    theirs["impact"]["users_percent"] = 30
    assert contested(base, ours, theirs) == ["impact.users_percent"]


def test_a_number_is_not_the_text_nor_the_flag_that_reads_alike() -> None:
    assert joined({"a": "1"}, {"a": 1}, {"a": "1"}) == {"a": 1}
    assert contested({"a": 0}, {"a": 1}, {"a": True}) == ["a"]


def test_composed_and_decomposed_text_is_the_same_text() -> None:
    assert joined({"a": "Cafe\u0301"}, {"a": "Caf\u00e9"}, {"a": "Bar"}) == {"a": "Bar"}


def test_tags_of_both_sides_are_joined_and_a_removed_one_goes() -> None:
    base = {"tags": ["存储", "timeout"]}
    found = joined(base, {"tags": ["存储", "timeout", "新"]}, {"tags": ["timeout", "p0"]})
    assert found == {"tags": ["timeout", "新", "p0"]}


def test_promises_are_known_by_their_ids() -> None:
    base = {"promises": [{"id": "p1", "what": "修复", "status": "open"}]}
    ours = {"promises": [{"id": "p1", "what": "修复", "status": "kept"}]}
    theirs = {"promises": [*base["promises"], {"id": "p2", "what": "报告", "status": "open"}]}
    found = joined(base, ours, theirs)["promises"]
    assert [(one["id"], one["status"]) for one in found] == [("p1", "kept"), ("p2", "open")]


def test_two_promises_under_one_number_are_never_mixed() -> None:
    ours = {"promises": [{"id": "p1", "what": "修复", "status": "kept"}]}
    theirs = {"promises": [{"id": "p1", "what": "报告", "status": "open"}]}
    choice = merge({}, ours, theirs)
    assert list(clashes(choice)) == ["promises.1"]
    assert value_of(choice, "ours") == ours
    assert value_of(choice, "theirs") == theirs


def test_contacts_are_known_by_their_ids_wherever_they_stand() -> None:
    base = {"contacts": [{"id": "wang", "role": "finance"}, {"id": "li", "role": "end_user"}]}
    ours = {"contacts": [{"id": "li", "role": "end_user"}, {"id": "wang", "role": "finance"}]}
    theirs = {"contacts": [{"id": "wang", "role": "tech_lead"}, {"id": "li", "role": "end_user"}]}
    assert [c["role"] for c in joined(base, ours, theirs)["contacts"]] == ["end_user", "tech_lead"]


def test_items_without_a_name_are_known_by_what_they_say() -> None:
    base = {"x_calls": [{"a": "1", "n": "1"}, {"b": "2"}]}
    ours = {"x_calls": [{"a": "1", "n": "2"}, {"b": "2"}]}
    theirs = {"x_calls": [{"a": "1", "n": "1"}, {"b": "2"}, {"c": "3"}]}
    found = joined(base, ours, theirs)["x_calls"]
    assert found == [{"a": "1", "n": "2"}, {"b": "2"}, {"c": "3"}]


def test_an_item_changed_by_one_side_and_removed_by_the_other_is_for_a_person() -> None:
    base = {"contacts": [{"id": "wang", "role": "finance"}, {"id": "li"}]}
    ours = {"contacts": [{"id": "wang", "role": "tech_lead"}, {"id": "li"}]}
    assert contested(base, ours, {"contacts": [{"id": "li"}]}) == ["contacts.1"]


@pytest.mark.parametrize("key", ["sources", "lines", "daily"])
def test_lists_that_count_by_place_are_one_value(key: str) -> None:
    base = {key: [{"name": "a"}]}
    assert contested(base, {key: [{"name": "b"}]}, {key: [{"name": "c"}]}) == [key]


def test_lists_of_numbers_are_one_value() -> None:
    assert contested({"x": [1]}, {"x": [1, 2]}, {"x": [1, 3]}) == ["x"]


def test_what_somebody_said_stays_when_one_side_takes_it_out() -> None:
    base = {"title": "a", "source": {"channel": "phone", "verbatim": "快不行了"}}
    theirs = base | {"title": "b"}
    choice = merge(base, {"title": "a", "source": {"channel": "phone"}}, theirs)
    assert value_of(choice)["source"]["verbatim"] == "快不行了"
    assert list(stayed(choice)) == ["source.verbatim"]
    choice = merge(base, {"title": "a"}, theirs)
    assert value_of(choice)["source"] == base["source"]
    assert list(stayed(choice)) == ["source"]


def test_what_somebody_said_is_for_a_person_when_one_side_altered_it() -> None:
    base = {"source": {"verbatim": "快不行了"}, "a": "1"}
    assert contested(base, {"source": {"verbatim": "还行"}, "a": "1"}, base | {"a": "2"}) == [
        "source.verbatim"
    ]


def test_contested_fields_are_for_a_person_where_the_sides_differ() -> None:
    base = {"a": "1", "b": "1", "c": "1"}
    choice = merge(base, base | {"a": "2"}, base | {"b": "2"}, {"a", "c"})
    assert list(clashes(choice)) == ["a"]


def test_our_order_is_kept_and_theirs_stands_behind_the_same() -> None:
    assert woven(["a", "x", "b"], ["a", "y", "b", "z"]) == ["a", "x", "y", "b", "z"]
    assert woven(["b", "a"], ["a", "b", "c"]) == ["b", "c", "a"]
    assert woven([], ["c", "d"]) == ["c", "d"]

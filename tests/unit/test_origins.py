"""Which commit brought each record in the form that it has, whatever was merged on the way."""

from __future__ import annotations

from aswiki.evidence.origins import origins

Steps = list[tuple[str, list[tuple[str | None, set[str]]]]]


def test_on_a_line_it_is_the_last_commit_that_changed_the_file() -> None:
    steps: Steps = [
        ("c3", [("c2", {"b"})]),
        ("c2", [("c1", {"a"})]),
        ("c1", [(None, {"a", "b", "c"})]),
    ]
    assert origins("c3", steps, ["a", "b", "c"]) == {"a": "c2", "b": "c3", "c": "c1"}


def test_what_a_side_brought_stays_with_the_commit_of_that_side() -> None:
    steps: Steps = [
        ("merge", [("ours", {"there"}), ("theirs", {"here"})]),
        ("theirs", [("root", {"there"})]),
        ("ours", [("root", {"here"})]),
        ("root", [(None, {"here", "there", "both"})]),
    ]
    found = origins("merge", steps, ["here", "there", "both"])
    assert found == {"here": "ours", "there": "theirs", "both": "root"}


def test_what_only_the_merge_made_is_the_merge_s() -> None:
    steps: Steps = [
        ("merge", [("ours", {"a"}), ("theirs", {"a"})]),
        ("theirs", [("root", {"a"})]),
        ("ours", [("root", {"a"})]),
        ("root", [(None, {"a"})]),
    ]
    assert origins("merge", steps, ["a"]) == {"a": "merge"}


def test_a_file_that_went_forth_and_back_on_a_side_keeps_the_first_parent_s_commit() -> None:
    steps: Steps = [
        ("merge", [("root", {"b"}), ("back", set())]),
        ("back", [("forth", {"a", "b"})]),
        ("forth", [("root", {"a"})]),
        ("root", [(None, {"a", "b"})]),
    ]
    assert origins("merge", steps, ["a", "b"]) == {"a": "root", "b": "back"}


def test_a_commit_of_another_branch_is_passed_over() -> None:
    steps: Steps = [
        ("other", [("root", {"a"})]),
        ("head", [("root", set())]),
        ("root", [(None, {"a"})]),
    ]
    assert origins("head", steps, ["a"]) == {"a": "root"}


def test_what_is_known_of_an_earlier_commit_is_taken_over_and_not_looked_for_again() -> None:
    steps: Steps = [("c3", [("c2", {"b"})]), ("c2", [("c1", set())])]
    known = {"c2": {"a": "c1", "b": "c2", "gone": "c0"}}
    assert origins("c3", steps, ["a", "b"], known) == {"a": "c1", "b": "c3"}

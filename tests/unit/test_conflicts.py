"""Conflict markers: made, taken apart, found."""

from __future__ import annotations

from aswiki.store import document
from aswiki.store.conflicts import marked, resolved, standing

BOTH = marked("severity: P0\n", "severity: P1\n")
RECORD = f"---\ntype: event\n{BOTH}title: OSS 上传超时\n---\n\n## Log\n"


def test_markers_are_whole_lines_around_whole_lines() -> None:
    assert marked("a", "") == "<<<<<<< ours\na\n=======\n>>>>>>> theirs\n"
    assert marked("a\n", "b\n", 9).startswith("<<<<<<<<< ours\n")


def test_each_side_can_be_taken_out_again() -> None:
    assert resolved(f"x\n{BOTH}y\n", "ours") == "x\nseverity: P0\ny\n"
    assert resolved(f"x\n{BOTH}y\n", "theirs") == "x\nseverity: P1\ny\n"


def test_a_conflict_is_one_problem_at_its_first_marker_and_says_what_to_do() -> None:
    [problem] = document.read("customers/acme/events/x.md", RECORD.encode()).problems
    assert (problem.code, problem.line, problem.column, problem.level) == ("ASW114", 3, 1, "error")
    assert "=======" in problem.message
    assert "aswiki commit" in problem.hint


def test_every_conflict_is_named() -> None:
    text = RECORD + marked("一\n", "二\n") + "\n" + marked("```\nopen\n", "```\n")
    assert standing(text) == [3, 12, 18]


def test_a_marker_in_a_fence_or_without_its_fellows_is_text() -> None:
    assert standing(f"```\n{BOTH}```\n") == []
    assert standing("<<<<<<< ours\na\n>>>>>>> theirs\n") == []
    assert standing("Title\n=======\n") == []

"""Where front matter begins and ends, and how it is edited in the forms people write."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import frontmatter
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aswiki.errors import BadInput
from aswiki.store.frontmatter import split
from aswiki.store.frontmatter_edit import Add, Edit, Put, Remove, edit
from aswiki.store.frontmatter_roundtrip import edited
from aswiki.store.yaml12 import load


def test_a_file_is_cut_to_the_character() -> None:
    text = "---\ntitle: 甲\n---\n\n\n## Log\n\n---\n\nend  \n\n"
    parts = split(text)
    assert parts is not None
    assert parts.front == "title: 甲\n"
    assert parts.body == "\n\n## Log\n\n---\n\nend  \n\n"
    assert parts.front_line == 2
    assert text[: parts.front_start] == "---\n"


@pytest.mark.parametrize(
    ("text", "front", "body"),
    [
        ("---\n---\n", "", ""),
        ("---\n---", "", ""),
        ("---\n\n\na: 1\n---", "\n\na: 1\n", ""),
        ("---  \na: 1\n----\t\n  b", "a: 1\n", "  b"),
        ("---\na: '---'\n ---\n---\nx", "a: '---'\n ---\n", "x"),
    ],
)
def test_the_boundary_is_the_one_of_python_frontmatter(text: str, front: str, body: str) -> None:
    parts = split(text)
    assert parts is not None
    assert (parts.front, parts.body) == (front, body)


@pytest.mark.parametrize(
    "text", ["", "---", "---\n", "---\na: 1\n", "a\n---\nb\n---\n", "--\na\n--\n", " ---\n---\n"]
)
def test_a_text_without_a_whole_block_has_no_front_matter(text: str) -> None:
    assert split(text) is None


@given(
    st.lists(st.sampled_from(["---", "----", "--- ", "\n", "\n\n", "a: 1", " ", "文"])).map("".join)
)
def test_any_file_can_be_put_together_again_and_reads_as_the_library_reads_it(text: str) -> None:
    parts = split(text)
    if parts is not None:
        assert text[: parts.front_start] + parts.front + text[parts.front_end :] == text
        assert text.endswith(parts.body)
        theirs = frontmatter.default_handlers.YAMLHandler().split(text)
        assert (parts.front.strip(), parts.body.strip()) == (theirs[0].strip(), theirs[1].strip())


HEADER = """\
# kept by the team
type: event
title: 'OSS 上传超时'   # said by the customer
severity: "P2"
started_at: 2026-10-03T14:05+08:00
owner:
tags: [存储, 超时]  # short
impact:   # who felt it
    business: 无法上传
    # how many
    users: 35
evidence:
- kind: im
  file: a.png  # first
- kind: ticket
  url: https://example.com/1

promises:
  - {id: p1, what: 出具报告}

x_note: |
  one
  two

# the end
"""


def lines_changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and the lines that came, between an equal head and an equal tail."""
    old, new = before.splitlines(), after.splitlines()
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return old, new


CASES: list[tuple[Edit, list[str], list[str]]] = [
    (
        Put(("title",), "CDN 慢"),
        ["title: 'OSS 上传超时'   # said by the customer"],
        ["title: 'CDN 慢'   # said by the customer"],
    ),
    (Put(("severity",), "P1"), ['severity: "P2"'], ['severity: "P1"']),
    (Put(("severity",), 1), ['severity: "P2"'], ["severity: 1"]),
    (Put(("type",), "no"), ["type: event"], ['type: "no"']),
    (Put(("owner",), "zhangwei"), ["owner:"], ["owner: zhangwei"]),
    (Put(("impact", "users"), Decimal("35.50")), ["    users: 35"], ["    users: 35.50"]),
    (Put(("impact", "since"), date(2026, 10, 3)), [], ["    since: 2026-10-03"]),
    (Put(("evidence", 0, "file"), "b.png"), ["  file: a.png  # first"], ["  file: b.png  # first"]),
    (Put(("evidence", 1, "note"), "x: y"), [], ['  note: "x: y"']),
    (
        Put(("promises", 0, "what"), "报告, 明天"),
        ["  - {id: p1, what: 出具报告}"],
        ['  - {id: p1, what: "报告, 明天"}'],
    ),
    (
        Put(("promises", 0, "due_on"), "2026-10-10"),
        ["  - {id: p1, what: 出具报告}"],
        ["  - {id: p1, what: 出具报告, due_on: 2026-10-10}"],
    ),
    (Put(("status",), "open"), [], ["status: open"]),
    (Put(("source", "channel"), "im"), [], ["source:", "  channel: im"]),
    (Put(("tags", 1), "慢"), ["tags: [存储, 超时]  # short"], ["tags: [存储, 慢]  # short"]),
    (
        Put(("tags",), ["存储", "超时", "CDN"]),
        ["tags: [存储, 超时]  # short"],
        ["tags: [存储, 超时, CDN]  # short"],
    ),
    (Put(("tags",), None), ["tags: [存储, 超时]  # short"], ["tags: null  # short"]),
    (
        Put(("impact",), "none"),
        HEADER.splitlines()[7:11],
        ["impact: none   # who felt it"],
    ),
    (
        Put(("impact",), {"business": "无法上传", "users": 36}),
        ["    users: 35"],
        ["    users: 36"],
    ),
    (Put(("owner",), {"name": "w", "role": "x"}), [], ["  name: w", "  role: x"]),
    (
        Put(("title",), "a\nb"),
        ["title: 'OSS 上传超时'   # said by the customer"],
        ["title: |-   # said by the customer", "  a", "  b"],
    ),
    (Put(("x_note",), "one\n2\n"), ["  two"], ["  2"]),
    (Put(("x_note",), "short"), ["x_note: |", "  one", "  two"], ["x_note: short"]),
    (Add(("tags",), "a b"), ["tags: [存储, 超时]  # short"], ["tags: [存储, 超时, a b]  # short"]),
    (
        Add(("evidence",), {"kind": "im", "file": "c.png"}),
        [],
        ["- kind: im", "  file: c.png"],
    ),
    (
        Add(("promises",), {"id": "p2", "what": "x" * 90}),
        [],
        ["  - {id: p2, what: " + "x" * 90 + "}"],
    ),
    (
        Add(("related",), {"ref": "acme/x", "how": "see_also"}),
        [],
        ["related:", "  - {ref: acme/x, how: see_also}"],
    ),
    (Add(("owner",), "a"), [], ["  - a"]),
    (Add(("impact", "resources"), "vm-1"), [], ["    resources:", "      - vm-1"]),
    (Remove(("severity",)), ['severity: "P2"'], []),
    (Remove(("impact", "business")), ["    business: 无法上传"], []),
    (Remove(("impact",)), [*HEADER.splitlines()[7:11]], []),
    (Remove(("evidence", 0)), ["- kind: im", "  file: a.png  # first"], []),
    (
        Remove(("evidence", 0, "kind")),
        ["- kind: im", "  file: a.png  # first"],
        ["- file: a.png  # first"],
    ),
    (Remove(("evidence", 1, "url")), ["  url: https://example.com/1"], []),
    (Remove(("promises", 0)), ["promises:", "  - {id: p1, what: 出具报告}"], []),
    (Remove(("tags", 0)), ["tags: [存储, 超时]  # short"], ["tags: [超时]  # short"]),
    (Remove(("tags", 1)), ["tags: [存储, 超时]  # short"], ["tags: [存储]  # short"]),
    (Remove(("x_note",)), ["x_note: |", "  one", "  two"], []),
]


@pytest.mark.parametrize(("change", "gone", "come"), CASES, ids=[repr(case[0]) for case in CASES])
def test_an_edit_touches_only_its_own_lines(change: Edit, gone: list[str], come: list[str]) -> None:
    assert lines_changed(HEADER, edit(HEADER, [change])) == (gone, come)


@pytest.mark.parametrize(
    ("front", "change", "result"),
    [
        ("", Put(("a", "b"), 1), "a:\n  b: 1\n"),
        ("# only this\n", Put(("a",), 1), "# only this\na: 1\n"),
        ("{}\n", Put(("a",), 1), "a: 1\n"),
        ("{a: 1}\n", Put(("b",), [1]), "{a: 1, b: [1]}\n"),
        ("a: {}\n", Put(("a", "b"), "x"), "a: {b: x}\n"),
        ("a: []  # c\n", Add(("a",), {"b": 1}), "a:  # c\n  - {b: 1}\n"),
        ("a: []\n", Add(("a",), "x"), "a: [x]\n"),
        ("a: ~\n", Put(("a", "b"), 1), "a:\n  b: 1\n"),
        ("a: 1", Put(("b",), 2), "a: 1\nb: 2\n"),
        ("a: 1\n", Remove(("a",)), ""),
        ("{a: 1}\n", Remove(("a",)), "{}\n"),
        ("a:\n  b:\n    - c\nd: 1\n", Remove(("a", "b", 0)), "d: 1\n"),
        ("a: {b: {c: 1}, d: 2}\n", Remove(("a", "b", "c")), "a: {d: 2}\n"),
        ("a:\n-\n- x\n", Put(("a", 0), "z"), "a:\n- z\n- x\n"),
        ("a:\n  - 'x'\n", Add(("a",), "y"), "a:\n  - 'x'\n  - 'y'\n"),
        (
            "a:\n  - - 1\n    - 2\n  - - 3\n",
            Add(("a", 0), 9),
            "a:\n  - - 1\n    - 2\n    - 9\n  - - 3\n",
        ),
        ("a:\n  - - 1\n    - 2\n", Remove(("a", 0, 0)), "a:\n  - - 2\n"),
        (
            "a:\n  - x: 1\n    # on y\n    y: 2\n",
            Remove(("a", 0, "x")),
            "a:\n  - # on y\n    y: 2\n",
        ),
        ("a: [\n  x,\n  y,  # last\n]\n", Add(("a",), "z"), "a: [\n  x,\n  y, z,  # last\n]\n"),
        ("a:\n  - x: 1\n    y: 2\n  - z\n", Put(("a", 0), "w"), "a:\n  - w\n  - z\n"),
        ("a:\n  - x  # c\n", Put(("a", 0), {"b": 1}), "a:\n  - b: 1  # c\n"),
        ("a:\n  -\n    x: 1\n  - z\n", Remove(("a", 0)), "a:\n  - z\n"),
        ("a:\n  - z\n  -\n    x: 1\n", Put(("a", 1), ["w"]), "a:\n  - z\n  - - w\n"),
        ("a: [x, z]\n", Put(("a",), "p\nq\n"), "a: |\n  p\n  q\n"),
        ("a: [x, {b: 1}]\n", Put(("a", 1), "p\nq\n"), 'a: [x, "p\\nq\\n"]\n'),
        (
            "a:\n  b: 1  # one\n  c: 2\nd: 3\n",
            Put(("a",), {"b": 1, "e": 5}),
            "a:\n  b: 1  # one\n  e: 5\nd: 3\n",
        ),
        ("a: >\n  x\n  y\nb: 1\n", Put(("a",), "p\nq\n"), "a: |\n  p\n  q\nb: 1\n"),
        ("a: x\n  y\nb: 1\n", Put(("a",), "z"), "a: z\nb: 1\n"),
        ('"a" : 1\n', Put(("a",), [1, 2]), '"a" :\n  - 1\n  - 2\n'),
        ("a: 0791\nb: 1.50\n", Put(("b",), Decimal("2.50")), "a: 0791\nb: 2.50\n"),
        ("a:\n  - 1\n  - 2\n  - 3\n", Put(("a",), [2, 3]), "a:\n  - 2\n  - 3\n"),
    ],
)
def test_small_forms_are_edited_as_a_person_would(front: str, change: Edit, result: str) -> None:
    assert edit(front, [change]) == result


@pytest.mark.parametrize(
    ("front", "change", "data"),
    [
        ("? a\n: 1  # c\nb: ~\n", Put(("a",), [1]), {"a": [1], "b": None}),
        ("? a\n: x\n", Put(("c",), "no"), {"a": "x", "c": "no"}),
        ("{a, b: 0791}\n", Put(("a",), "2026-10-03"), {"a": "2026-10-03", "b": 791}),
        (
            "a: {b, c: yes}\n",
            Put(("a", "d"), [1, {"e": None}]),
            {"a": {"b": None, "c": "yes", "d": [1, {"e": None}]}},
        ),
        ("a: |+\n  x\n\n\n", Put(("b",), 1), {"a": "x\n\n\n", "b": 1}),
    ],
)
def test_rare_forms_are_edited_all_the_same(front: str, change: Edit, data: dict[str, Any]) -> None:
    loaded = load(edit(front, [change]))
    assert (loaded.data, loaded.mistakes) == (data, [])


def test_the_round_trip_keeps_comments_quotes_and_the_texts_of_numbers() -> None:
    front = "a: 0791  # phone\nb: 'x'\nc: 1.50\nd: yes\ne:\n  - 12:30\n"

    def change(data: Any, made: Any) -> Any:
        data["b"] = made("no")
        data["f"] = made({"g": [Decimal("2.50"), None, True]})
        return data

    assert edited(front, change) == (
        'a: 0791  # phone\nb: "no"\nc: 1.50\nd: yes\ne:\n  - 12:30\n'
        "f:\n  g:\n    - 2.50\n    - \n    - true\n"
    )
    assert edited("a: [", change) is None


@pytest.mark.parametrize(
    "change",
    [
        Put((), 1),
        Put((0,), 1),
        Put(("missing", 0), 1),
        Put(("tags", 2), 1),
        Put(("tags", -1), 1),
        Put(("tags", "a"), 1),
        Put(("title", "a"), 1),
        Put(("impact", 0), 1),
        Add(("title",), 1),
        Add(("impact",), 1),
        Add(("tags", 5), 1),
        Remove(("missing",)),
        Remove(("impact", "missing")),
        Remove(("tags", 2)),
        Remove(()),
    ],
    ids=repr,
)
def test_a_path_that_does_not_fit_is_refused(change: Edit) -> None:
    with pytest.raises(BadInput) as refused:
        edit(HEADER, [change])
    assert (refused.value.code, refused.value.exit_code) == ("no-such-field", 2)


@pytest.mark.parametrize("front", ["a: [", "a: 1\na: 2\n", "- a\n", "a: &x 1\n"])
def test_front_matter_with_mistakes_is_not_edited(front: str) -> None:
    with pytest.raises(BadInput) as refused:
        edit(front, [Put(("b",), 1)])
    assert refused.value.code == "broken-front-matter"


def test_several_edits_follow_one_another() -> None:
    edits: list[Edit] = [
        Put(("a",), 1),
        Add(("b",), "x"),
        Add(("b",), "z"),
        Remove(("b", 0)),
        Put(("a",), 2),
    ]
    assert edit("", edits) == "a: 2\nb:\n  - z\n"
    assert edit(HEADER, []) == HEADER
    assert edit(HEADER, [Put(("severity",), "P2")]) == HEADER

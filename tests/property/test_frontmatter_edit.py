"""Front matter as any hand may have written it: an edit changes its own line and nothing else."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aswiki.store.frontmatter_edit import Add, Put, Remove, edit
from aswiki.store.yaml12 import flow, load, scalar

if TYPE_CHECKING:
    from typing import Protocol, TypeVar

    T = TypeVar("T")

    class Draw(Protocol):
        def __call__(self, strategy: st.SearchStrategy[T], /) -> T: ...


Data = dict[str, Any]

KEYS = st.sampled_from(
    ["type", "title", "客户", "started_at", "impact", "x_note", "tags", "a b", "no"]
)
TEXTS = st.sampled_from(
    [
        *(
            "上传超时",
            "no",
            "12:30",
            "0791",
            "it's",
            'say "hi"',
            "a: b",
            "x # y",
            "a, b",
            "[x]",
            " ",
        ),
        *(
            "2026-10-03T14:05+08:00",
            "https://example.com/a#b",
            "---",
            "",
            "- x",
            "\\",
            "🚀",
            "true",
        ),
    ]
)
SCALARS = (
    TEXTS
    | st.integers(-999, 999)
    | st.booleans()
    | st.none()
    | st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-999, max_value=999)
)
FLAT = st.dictionaries(KEYS, SCALARS, min_size=1, max_size=3)
LISTS = st.lists(SCALARS, min_size=1, max_size=3) | st.lists(FLAT, min_size=1, max_size=3)
NESTED = st.dictionaries(KEYS, SCALARS | LISTS | FLAT, min_size=1, max_size=3)
FRONTS = st.dictionaries(KEYS, SCALARS | LISTS | FLAT | NESTED, min_size=1, max_size=5)
FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

CHATTER = st.sampled_from(["", "", "", "# 注\n", "\n", "   # note: x\n", "# - not an item\n"])
TRAILING = st.sampled_from(["", "", "", "  # 备注", " # it's: [x]", "   "])


def written(draw: Draw, value: Any) -> str:
    """One scalar in one of the ways to write it."""
    if value is None:
        return draw(st.sampled_from(["", "~", "null"]))
    if isinstance(value, str):
        single = "'" + value.replace("'", "''") + "'"
        return draw(st.sampled_from([scalar(value), single, scalar(value, style='"')]))
    return scalar(value)


def block(draw: Draw, value: Any, indent: int) -> str:
    """The lines of a collection, with what people leave between them."""
    pad = " " * indent
    if isinstance(value, dict):
        return "".join(
            draw(CHATTER) + f"{pad}{scalar(key)}:" + rest(draw, part, indent, in_list=False)
            for key, part in value.items()
        )
    text = ""
    for part in value:
        text += draw(CHATTER)
        if isinstance(part, dict) and draw(st.booleans()):
            inner = indent + draw(st.sampled_from([2, 2, 4]))
            first = block(draw, part, inner)
            while first.lstrip().startswith("#") or not first.lstrip(" ").strip("\n")[:1]:
                first = first.partition("\n")[2]
            first = first.lstrip("\n")
            text += pad + "-" + first[indent + 1 :] if first.startswith(" " * inner) else first
        else:
            text += pad + "-" + rest(draw, part, indent, in_list=True)
    return text


def rest(draw: Draw, value: Any, indent: int, *, in_list: bool) -> str:
    """What follows a colon or a dash, up to the end of the line or of the block below."""
    tail = draw(TRAILING) + "\n"
    if not isinstance(value, dict | list):
        return f" {written(draw, value)}".rstrip() + tail
    if draw(st.booleans()) or in_list:
        return f" {flow(value)}{tail}"
    steps = [0, 2, 4] if isinstance(value, list) else [1, 2, 4]
    return tail + block(draw, value, indent + draw(st.sampled_from(steps)))


@st.composite
def fronts(draw: Draw) -> tuple[str, Data]:
    """A front matter in some hand, and its data."""
    data: Data = draw(FRONTS)
    text = block(draw, data, 0) + draw(CHATTER)
    loaded = load(text)
    assert loaded.mistakes == [], text
    assert form(loaded.data) == form(data), text
    return text, data


def form(value: Any) -> Any:
    """The value with every scalar as it is written, so that 1, true and 1.00 differ."""
    if isinstance(value, dict):
        return {key: form(part) for key, part in value.items()}
    return [form(part) for part in value] if isinstance(value, list) else scalar(value)


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every path of the data but that of the whole."""
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    found: list[tuple[str | int, ...]] = []
    for step, part in parts:
        found.append((*path, step))
        if isinstance(part, dict | list):
            found += paths(part, (*path, step))
    return found


def at(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


def is_kept(old: list[str], new: list[str]) -> bool:
    """Whether the old lines all stand among the new ones, in their order."""
    left = iter(new)
    return all(line in left for line in old)


@FEW
@given(fronts(), st.data(), SCALARS)
def test_putting_one_value_changes_one_line(
    front: tuple[str, Data], choice: st.DataObject, value: Any
) -> None:
    text, data = front
    places = [path for path in paths(data) if not isinstance(at(data, path), dict | list)]
    if not places:
        return
    path = choice.draw(st.sampled_from(places))
    after = edit(text, [Put(path, value)])
    expected = copy.deepcopy(data)
    at(expected, path[:-1])[path[-1]] = value
    assert form(load(after).data) == form(expected)
    old, new = text.splitlines(), after.splitlines()
    assert len(old) == len(new)
    changed = [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
    assert len(changed) == (form(at(data, path)) != form(value))
    assert all(old_line.count("#") <= new_line.count("#") + 1 for old_line, new_line in changed)


@FEW
@given(fronts(), SCALARS | LISTS | FLAT)
def test_putting_a_new_key_only_adds_lines(front: tuple[str, Data], value: Any) -> None:
    text, data = front
    after = edit(text, [Put(("neu", "部分"), value)])
    assert form(load(after).data) == form({**data, "neu": {"部分": value}})
    assert is_kept(text.splitlines(), after.splitlines())


@FEW
@given(fronts(), st.data(), SCALARS | FLAT)
def test_adding_to_a_block_list_only_adds_lines(
    front: tuple[str, Data], choice: st.DataObject, value: Any
) -> None:
    text, data = front
    places = [path for path in paths(data) if isinstance(at(data, path), list)]
    if not places:
        return
    path = choice.draw(st.sampled_from(places))
    after = edit(text, [Add(path, value)])
    expected = copy.deepcopy(data)
    at(expected, path).append(value)
    assert form(load(after).data) == form(expected)
    old, new = text.splitlines(), after.splitlines()
    if len(old) == len(new):
        changed = [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
        assert len(changed) == 1
        assert "[" in changed[0][0]
    else:
        assert is_kept(old, new)


@FEW
@given(fronts(), st.data())
def test_removing_only_removes_lines(front: tuple[str, Data], choice: st.DataObject) -> None:
    text, data = front
    path = choice.draw(st.sampled_from(paths(data)))
    after = edit(text, [Remove(path)])
    expected = copy.deepcopy(data)
    for depth in range(len(path), 0, -1):
        holder = at(expected, path[: depth - 1])
        del holder[path[depth - 1]]
        if holder:
            break
    assert form(load(after).data) == form(expected)
    old, new = text.splitlines(), after.splitlines()
    if not is_kept(new, old):
        changed = [line for line in new if line not in old]
        assert len(changed) == 1
        assert (
            changed[0].lstrip(" ").startswith("- ")
            or changed[0].rstrip().endswith(("]", "}"))
            or "#" in changed[0]
        )


@FEW
@given(fronts(), FRONTS)
def test_any_header_can_become_any_other(front: tuple[str, Data], new: Data) -> None:
    text, data = front
    puts = [Put((key,), value) for key, value in new.items()]
    after = edit(text, puts)
    assert form(load(after).data) == form({**data, **new})
    comments = [line for line in text.splitlines() if line.startswith("# ")]
    assert text.splitlines()[0] not in comments or after.startswith(text.splitlines()[0])


def test_a_decimal_keeps_the_zeros_it_is_given() -> None:
    assert edit("a: 1.5\n", [Put(("a",), Decimal("1.500"))]) == "a: 1.500\n"

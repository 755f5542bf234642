"""Whatever comes in, in whatever order: the page holds the files' sums to the last digit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from aswiki.domain.spending.usage_page import LINE_SUMS, DayCost, Statement, page, total
from aswiki.store.frontmatter_edit import Renew, edit
from aswiki.store.yaml12 import dump, load

AMOUNTS = st.none() | st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=18
)
LINES = st.fixed_dictionaries(
    {
        "product": st.sampled_from(["CDN", "对象存储", "a, b: {c}"]),
        "region": st.none() | st.sampled_from(["cn-east-1", "no"]),
        "charge": st.sampled_from(["usage", "tax"]),
        "currency": st.sampled_from(["CNY", "USD"]),
        **dict.fromkeys(LINE_SUMS, AMOUNTS),
    }
)
DAYS = st.builds(
    DayCost,
    st.sampled_from(["CDN", "对象存储"]),
    st.just("CNY"),
    st.dates(date(2026, 10, 1), date(2026, 10, 31)),
    st.decimals(allow_nan=False, allow_infinity=False, places=18, min_value=0, max_value=10**9),
)
NUMBERS = iter(range(10**9))


@st.composite
def statements(draw: Any) -> Statement:
    number = next(NUMBERS)
    source = {
        "name": f"{number}.csv",
        "sha256": f"{number:064}",
        "provider": draw(st.sampled_from(["云帆云", "青岚云"])),
        "billing_account_id": draw(st.sampled_from(["1001", "0012"])),
    }
    return Statement(source, draw(st.lists(LINES, min_size=1, max_size=5)), draw(st.lists(DAYS)))


def sums(lines: list[Any]) -> dict[tuple[str, str], Decimal]:
    found: dict[tuple[str, str], Decimal | None] = {}
    for line in lines:
        for key in LINE_SUMS:
            place = (line["currency"], key)
            found[place] = total([found.get(place), line.get(key)])
    return {key: amount for key, amount in found.items() if amount}


@settings(max_examples=150, deadline=None)
@given(st.lists(statements(), min_size=1, max_size=3))
def test_the_page_holds_the_sums_of_what_came_in(parts: list[Statement]) -> None:
    fields = page({}, "2026-10", parts).fields
    assert sums(fields["lines"]) == sums([line for part in parts for line in part.lines])
    costs = [cost for own in fields.get("daily", []) for cost in own["costs"]]
    assert total(costs) == total(one.cost for part in parts for one in part.days)


@settings(max_examples=150, deadline=None)
@given(st.lists(statements(), min_size=1, max_size=3), statements())
def test_a_later_file_replaces_its_account_and_nothing_else(
    parts: list[Statement], later: Statement
) -> None:
    before = page({}, "2026-10", parts).fields
    after = page(before, "2026-10", [later]).fields
    left = [line for part in parts if part.account != later.account for line in part.lines]
    assert sums(after["lines"]) == sums([*left, *later.lines])
    assert page(after, "2026-10", [later]).fields == after
    assert {line["source"] for line in after["lines"]} <= set(range(1, len(after["sources"]) + 1))


@settings(max_examples=60, deadline=None)
@given(st.lists(statements(), min_size=1, max_size=2), statements())
def test_the_page_edited_in_place_says_what_was_meant(
    parts: list[Statement], later: Statement
) -> None:
    text = dump({"type": "usage", **page({}, "2026-10", parts).fields, "owner": "x"})
    meant = page(load(text).data, "2026-10", [later]).fields
    lists = {key: value for key, value in meant.items() if isinstance(value, list)}
    edited = edit(text, [Renew((key,), value) for key, value in lists.items()])
    data = load(edited).data
    assert {key: data[key] for key in lists} == lists
    kept = [line for line in meant["lines"] if line in load(text).data["lines"]]
    old = set(text.splitlines())
    assert sum(line in old for line in edited.splitlines()) >= len(kept)

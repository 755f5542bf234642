"""A list renewed in place: equal items keep their bytes, comments stay where they stood."""

from __future__ import annotations

from decimal import Decimal

import pytest

from aswiki.store.frontmatter_edit import Renew, edit
from aswiki.store.yaml12 import load

FRONT = """\
type: usage
lines:
  # the big ones
  - {source: 1, product: "CDN",  billed_cost: 1.50}
  - {source: 1, product: OSS, billed_cost: 2.00}   # once

  # by hand
  - source: 2
    product: 专线
    billed_cost: 9
owner: zhangwei
"""
CDN = {"source": 1, "product": "CDN", "billed_cost": Decimal("1.50")}
OSS = {"source": 1, "product": "OSS", "billed_cost": Decimal("2.00")}
LINE = {"source": 2, "product": "专线", "billed_cost": 9}


def renewed(values: list[object], front: str = FRONT) -> str:
    return edit(front, [Renew(("lines",), values)])


def test_a_list_that_says_the_same_keeps_every_byte() -> None:
    assert renewed([CDN, OSS, LINE]) == FRONT


def test_one_changed_item_is_one_changed_line_and_its_comment_stays() -> None:
    after = renewed([CDN, {**OSS, "billed_cost": Decimal("2.01")}, LINE])
    assert after == FRONT.replace("2.00}", "2.01}")


def test_new_items_take_one_line_each_and_comments_of_those_that_go_stay() -> None:
    new = {"source": 1, "product": "a, b", "region": None}
    after = renewed([new, CDN, LINE])
    assert after == FRONT.replace(
        "  - {source: 1, product: OSS, billed_cost: 2.00}   # once\n", ""
    ).replace(
        "  # the big ones\n",
        '  # the big ones\n  - {source: 1, product: "a, b", region: null}\n',
    )


def test_an_item_that_moves_takes_its_bytes_along() -> None:
    after = renewed([LINE, CDN])
    assert "  - source: 2\n    product: 专线\n    billed_cost: 9\n" in after
    assert '  - {source: 1, product: "CDN",  billed_cost: 1.50}\n' in after
    assert load(after).data["lines"] == [LINE, CDN]


@pytest.mark.parametrize(
    "front",
    [
        "type: usage\nowner: x\n",
        "type: usage\nlines: []\nowner: x\n",
        "type: usage\nlines:\nowner: x\n",
        "type: usage\nlines: [{source: 7}, {source: 8}]\nowner: x\n",
        "type: usage\nlines:\n- {source: 7}\nowner: x\n",
    ],
)
def test_however_the_list_stood_each_item_takes_a_line(front: str) -> None:
    lines = renewed([CDN, OSS], front).splitlines()
    assert [line.lstrip() for line in lines if line.lstrip().startswith("- {")] == [
        "- {source: 1, product: CDN, billed_cost: 1.50}",
        "- {source: 1, product: OSS, billed_cost: 2.00}",
    ]
    assert "owner: x" in lines


def test_an_empty_list_is_written_as_one() -> None:
    assert load(renewed([])).data["lines"] == []

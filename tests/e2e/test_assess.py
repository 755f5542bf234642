"""``assess``: a verdict on a product, in an architecture page that is made when missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

SAID = ["--said-by", "wanglei", "--environment", "生产", "--purpose", "存档"]


def test_the_first_verdict_makes_the_page_and_the_next_joins_it(
    wiki: Path, run: Any, git: Any
) -> None:
    made = run(
        "assess", "蓝鲸", "oss", "比友商稳", "--aspect", "稳定性", "--rating", "4", *SAID, "--json"
    )
    assert made.code == 0, made.err
    assert made.json["ref"] == "lan-jing-you-xi/architecture"
    more = ["--aspect", "weakness", "--compared-with", "othercloud", "--verbatim", "太贵"]
    assert run("assess", "蓝鲸", "oss", "贵", *more, *SAID).code == 0
    verdicts = run("show", "lan-jing-you-xi/architecture", "--json").json["fields"]["assessments"]
    assert verdicts[0] == {
        "product": "oss",
        "aspect": "stability",
        "rating": 4,
        "environment": "生产",
        "purpose": "存档",
        "said_by": "wanglei",
        "text": "比友商稳",
    }
    assert (verdicts[1]["verbatim"], verdicts[1]["compared_with"]) == ("太贵", "othercloud")
    assert git(wiki, "log", "-1", "--format=%s").startswith("assess(lan-jing-you-xi): ")
    assert run("validate").code == 0


@pytest.mark.parametrize("option", ["--aspect", "--said-by", "--environment", "--purpose"])
def test_who_said_it_where_and_what_for_is_needed(
    wiki: Path, run: Any, state: Any, option: str
) -> None:
    before = state(wiki)
    words = ["--aspect", "strength", *SAID]
    at = words.index(option)
    done = run("assess", "acme", "oss", "Fast", *words[:at], *words[at + 2 :], "--json")
    assert (done.code, done.error["code"]) == (2, "missing-argument")
    assert option in done.error["message"]
    assert state(wiki) == before


def test_a_rating_or_aspect_that_is_none_is_refused(wiki: Path, run: Any, state: Any) -> None:
    before = state(wiki)
    for bad in (["--aspect", "colour"], ["--aspect", "strength", "--rating", "6"]):
        assert run("assess", "acme", "oss", "Fast", *bad, *SAID).code == 2
    assert run("assess", "acme", "oss", "  ", "--aspect", "strength", *SAID).code == 2
    assert state(wiki) == before

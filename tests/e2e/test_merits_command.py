"""``merits``: one engineer's record of work since a day, each thing with its record."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def november(clock: Any) -> None:
    clock.now = datetime.fromisoformat("2026-11-02T09:00:00+08:00")


def test_the_figures_of_the_examples_are_those_of_their_records(examples: Path, run: Any) -> None:
    found = run("merits", "--owner", "张维", "--since", "2026-10-01", "--json").json
    assert (found["since"], found["until"]) == ("2026-10-01", "2026-11-02")
    figures = found["figures"]
    assert (figures["incidents"], figures["blames_cleared"], figures["days_to_clear"]) == (
        4,
        1,
        "9",
    )
    assert figures["hours"] == {"work": "40", "night": "50", "holiday": "57", "onsite": "42"}
    for name in ("incidents", "events", "communications", "lessons", "praise"):
        for row in found[name]:
            assert run("show", row["ref"], "--json").code == 0


@pytest.mark.parametrize(
    ("language", "quoted"),
    [
        ("zh", "恒川银行 陆明辉：“业务验证通过，辛苦”"),
        ("en", "恒川银行 陆明辉: “业务验证通过，辛苦”"),
    ],
)
def test_praise_is_quoted_with_who_and_when(
    examples: Path, run: Any, language: str, quoted: str
) -> None:
    page = run("merits", "--owner", "zhangwei", "--since", "2026-10-01", "--lang", language).out
    assert f"- 2026-10-03 {quoted}" in page


def test_the_day_may_be_a_phrase(examples: Path, run: Any) -> None:
    found = run("merits", "--owner", "linyue", "--since", "10月1日", "--json").json
    assert found["since"] == "2026-10-01"


def test_somebody_without_work_has_figures_of_nothing(wiki: Path, run: Any) -> None:
    found = run("merits", "--owner", "zhangwei", "--since", "2026-10-01", "--json").json
    assert found["figures"]["incidents"] == 0
    assert found["figures"]["median_minutes_to_mitigate"] is None
    assert run("merits", "--owner", "zhangwei", "--since", "2026-10-01").code == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--owner", "writer"), 2),
        (("--since", "2026-10-01"), 2),
        (("--owner", "writer", "--since", "2027-01-01"), 2),
        (("--owner", "writer", "--since", "no day"), 2),
        (("--owner", "nobody", "--since", "2026-10-01"), 3),
    ],
)
def test_bad_input_is_refused(wiki: Path, run: Any, words: tuple[str, ...], code: int) -> None:
    done = run("merits", "--no-input", *words)
    assert (done.code, done.out) == (code, "")
    assert done.err

"""The monthly report of the examples, as kept in ``reports/``."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest

from aswiki.cli.out import json_text
from aswiki.wiki.reporting import Asked, Report, report
from aswiki.wiki.wiki import Wiki

EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
CASES = {
    "2026-10-boss.zh.md": ("2026-10", "zh"),
    "2026-10-boss.en.md": ("2026-10", "en"),
    "2026-10-boss.json": ("2026-10", "json"),
    "2025-01-boss.zh.md": ("2025-01", "zh"),
    "2025-01-boss.en.md": ("2025-01", "en"),
}


class Golden(Protocol):
    def check(self, name: str, text: str) -> None: ...
    def check_none_is_unused(self, names: set[str]) -> None: ...


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Wiki:
    """The examples outside any repository, so that no commit stands in the reports."""
    folder = tmp_path_factory.mktemp("examples") / "wiki"
    shutil.copytree(EXAMPLES, folder)
    return Wiki.open(folder, lambda: NOW)


def laid_out(found: Report, form: str) -> str:
    return json_text(found.document, 2) + "\n" if form == "json" else found.markdown(form)


@pytest.mark.parametrize("name", CASES)
def test_the_report_of_the_examples_is_the_one_kept(
    name: str, examples: Wiki, golden: Golden
) -> None:
    month, form = CASES[name]
    golden.check(name, laid_out(report(examples, Asked(month)), form))


def test_no_kept_report_is_unused(golden: Golden) -> None:
    golden.check_none_is_unused(set(CASES))


def test_the_same_records_make_the_same_bytes_twice(examples: Wiki) -> None:
    first, second = (report(examples, Asked("2026-10")).markdown("zh") for _turn in range(2))
    assert first == second

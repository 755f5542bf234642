"""Briefs, a handover and a record of work of the examples, as kept in ``personal_reports/``."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest

from aswiki import lang
from aswiki.wiki.papers.briefing import brief
from aswiki.wiki.papers.handing_over import handover
from aswiki.wiki.papers.merits import merits
from aswiki.wiki.papers.paper import Paper
from aswiki.wiki.wiki import Wiki

EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
CUSTOMERS = ("heng-chuan-yin-hang", "sunbird", "tallowmere", "xing-he-you-xi")
READERS = ("team", "product")
PEOPLE = ("zhangwei", "linyue")
FORMS = ("zh.md", "en.md", "json")
CASES = [
    *(f"brief-{customer}-{reader}" for customer in CUSTOMERS for reader in READERS),
    *(f"{kind}-{person}" for kind in ("handover", "merits") for person in PEOPLE),
]


class Golden(Protocol):
    def check(self, name: str, text: str) -> None: ...
    def check_none_is_unused(self, names: set[str]) -> None: ...


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Wiki:
    """The examples outside any repository, so that no commit stands in the documents."""
    folder = tmp_path_factory.mktemp("examples") / "wiki"
    shutil.copytree(EXAMPLES, folder)
    return Wiki.open(folder, lambda: NOW)


@pytest.fixture
def speaking(request: pytest.FixtureRequest) -> Iterator[str]:
    """The language in use while a document is made: sentences on what is due are in it."""
    form = str(request.param)
    lang.use("zh" if form.startswith("zh") else "en")
    yield form
    lang.use("en")


def made(wiki: Wiki, case: str) -> Paper:
    kind, _dash, rest = case.partition("-")
    if kind == "brief":
        customer, _dash, reader = rest.rpartition("-")
        return brief(wiki, customer, reader=reader)
    return handover(wiki, rest) if kind == "handover" else merits(wiki, rest, "2026-06-01")


def laid_out(found: Paper, form: str) -> str:
    printed = found.print("zh" if form.startswith("zh") else "en")
    return printed.formed("json" if form == "json" else "md").decode()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("speaking", FORMS, indirect=True)
def test_the_document_of_the_examples_is_the_one_kept(
    case: str, speaking: str, examples: Wiki, golden: Golden
) -> None:
    golden.check(f"{case}.{speaking}", laid_out(made(examples, case), speaking))


def test_no_kept_document_is_unused(golden: Golden) -> None:
    golden.check_none_is_unused({f"{case}.{form}" for case in CASES for form in FORMS})


def test_the_same_records_make_the_same_bytes_twice(examples: Wiki) -> None:
    for case in CASES:
        first, second = (laid_out(made(examples, case), "json") for _turn in range(2))
        assert first == second

"""The monthly reports of the examples for every reader, as kept in ``reports/``."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest

from aswiki.wiki.papers.reporting import Asked, Reports, Span, report
from aswiki.wiki.wiki import Wiki

EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
CUSTOMERS = ("heng-chuan-yin-hang", "sunbird", "tallowmere", "xing-he-you-xi")
READERS = ("boss", "product", "sales", "customer_tech", "customer_biz")
LANGUAGES = ("zh", "en")
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


class Golden(Protocol):
    def check(self, name: str, text: str) -> None: ...
    def check_none_is_unused(self, names: set[str]) -> None: ...


Case = tuple[str, str, str | None]
"""A month, a reader and a customer; None is the whole wiki."""


def _cases() -> Iterator[Case]:
    yield from (("2026-10", reader, None) for reader in ("boss", "product"))
    yield from (("2026-10", reader, one) for one in CUSTOMERS for reader in READERS)
    yield "2025-01", "boss", None


CASES = list(_cases())


def _stem(case: Case) -> str:
    month, reader, customer = case
    return "-".join(part for part in (month, customer, reader) if part)


NAMES = {_stem(case): case for case in CASES}


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Wiki:
    """The examples outside any repository, so that no commit stands in the reports."""
    folder = tmp_path_factory.mktemp("examples") / "wiki"
    shutil.copytree(EXAMPLES, folder)
    return Wiki.open(folder, lambda: NOW)


@pytest.fixture(scope="module")
def made(examples: Wiki) -> dict[str, Reports]:
    return {
        stem: report(examples, Asked(Span(month=month), [one] if one else [], reader))
        for stem, (month, reader, one) in NAMES.items()
    }


def laid_out(found: Reports, form: str, language: str) -> str:
    files, leaked = found.formed(form, language)
    assert leaked == []
    (raw,) = files.values()
    # the page's own look is not what these tests are about
    return STYLE.sub("<style></style>", raw.decode())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["md", "html"])
@pytest.mark.parametrize("stem", NAMES)
def test_the_report_of_the_examples_is_the_one_kept(
    stem: str, form: str, language: str, made: dict[str, Reports], golden: Golden
) -> None:
    golden.check(f"{stem}.{language}.{form}", laid_out(made[stem], form, language))


@pytest.mark.parametrize("stem", NAMES)
def test_the_data_of_the_report_are_those_kept(
    stem: str, made: dict[str, Reports], golden: Golden
) -> None:
    golden.check(f"{stem}.json", laid_out(made[stem], "json", "en"))


def test_no_kept_report_is_unused(golden: Golden) -> None:
    laid = {
        f"{stem}.{one}.{form}" for stem in NAMES for one in LANGUAGES for form in ("md", "html")
    }
    golden.check_none_is_unused(laid | {f"{stem}.json" for stem in NAMES})

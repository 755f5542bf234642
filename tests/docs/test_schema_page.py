"""docs/schema.md: made from the models, complete, and fresh."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from aswiki import lang
from aswiki.domain.json_schema import parts_of, shape_of
from aswiki.domain.records import TYPES
from aswiki.domain.records.common import Part, abouts
from aswiki.domain.schema_page import markdown
from aswiki.domain.vocabulary import Vocabulary
from aswiki.domain.words import VOCABULARIES

PAGE = Path(__file__).parents[2] / "docs" / "schema.md"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    before = lang.current()
    lang.use("en")
    yield
    lang.use(before)


@cache
def whole_page() -> str:
    return markdown()


def sections(page: str, mark: str) -> dict[str, str]:
    """The text under each heading of a level, by the heading's first word."""
    found = page.split(f"\n{mark} ")[1:]
    return {text.split()[0].strip("`"): text for text in found}


def test_the_schema_page_is_fresh() -> None:
    remedy = "aswiki schema --format md --lang en > docs/schema.md, outside of a wiki"
    assert PAGE.read_text(encoding="utf-8") == whole_page(), remedy


@pytest.mark.parametrize("name", TYPES)
def test_every_key_of_a_type_stands_on_the_page_with_both_labels(name: str) -> None:
    page = sections(whole_page(), "##")
    text = page[name] + page["Every"]
    shapes: list[type[Part]] = [shape_of(name), *parts_of(shape_of(name))]
    for about in [about for shape in shapes for about in abouts(shape).values()]:
        mark = " §" if about.section else ""
        assert f"| `{about.key}`{mark} | {about.en} | {about.zh} |" in text


@pytest.mark.parametrize("name", VOCABULARIES)
def test_every_word_of_a_vocabulary_stands_on_the_page_with_both_labels(name: str) -> None:
    words = sections(sections(whole_page(), "##")["Vocabularies"], "###")[name]
    for key, (en, zh) in VOCABULARIES[name].items():
        assert f"| `{key}` | {en} | {zh} |" in words


def test_a_row_says_value_need_kinds_readers_and_needs() -> None:
    page = markdown("event")
    severity = "| `severity` | Severity | 等级 | one of `severity` |  | incident "
    assert severity + "| boss, product, sales, customer_tech | P4 |" in page
    assert "| `title` | Title | 标题 | text | must | boss, product, sales |  |" in page
    assert "| `started_at` | Started at | 发生时间 | time | * |  | all | E08 |" in page
    assert "| `users_percent` | Users percent | 受影响用户占比 | number from 0 to 100 |" in page
    assert "### `sla.customer_clock` · Customer clock · 客户口径时间" in page
    assert "### `scope.tasks[]` · Tasks · 任务" in page


def test_the_page_of_one_type_holds_the_words_it_uses_and_no_other() -> None:
    words = sections(sections(markdown("visit"), "##")["Vocabularies"], "###")
    assert {"visit_kind", "weather", "log_kind", "promise_status"} <= set(words)
    assert not {"event_kind", "charge", "churn_reason"} & set(words)


def test_words_of_a_wiki_stand_on_the_page() -> None:
    words = Vocabulary({"event_kind": {"audit": ("Audit", "审计")}})
    assert "| `audit` | Audit | 审计 |" in markdown("event", words)
    assert "审计" not in markdown("event")


def test_the_settings_have_a_page_without_readers() -> None:
    page = markdown("people.toml")
    assert "### `people.<id>` · People · 人员" in page
    assert "| `name` | Name | 姓名 | text | must |" in page
    assert "boss" not in page

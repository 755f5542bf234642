"""The templates of new records: headings of the schema with hints under them, and no value."""

from __future__ import annotations

from pathlib import Path

import pytest

from aswiki.domain.records import TYPES, model
from aswiki.domain.records.common import About, abouts
from aswiki.domain.records.types import Reading
from aswiki.store import contents, document, packaged, sections

FOLDER = packaged.folder("templates") / "records"
NAMES = sorted(path.name for path in FOLDER.glob("*.md"))
WITH_LOG = {"event", "complaint"}
WITHOUT = {"profile", "usage", "note"}


def parts(name: str) -> tuple[str, str, str]:
    """The type, the kind (maybe empty) and the language of a template's name."""
    record_type, *kind, language = name.removesuffix(".md").split(".")
    return record_type, "".join(kind), language


def body(name: str) -> str:
    return Path(FOLDER, name).read_text(encoding="utf-8")


def known(record_type: str, kind: str) -> dict[str, About]:
    """The sections of a type that a record of this kind may have."""
    return {
        key: about
        for key, about in abouts(model(record_type)).items()
        if about.section and (not about.kinds or kind in about.kinds)
    }


def test_every_type_that_needs_prose_has_a_template_in_both_languages() -> None:
    wanted = {(t, "", language) for t in set(TYPES) - WITHOUT for language in ("zh", "en")}
    wanted |= {("event", "critical_event", language) for language in ("zh", "en")}
    assert {parts(name) for name in NAMES} == wanted


@pytest.mark.parametrize("name", NAMES)
def test_every_heading_is_a_section_of_the_type_and_kind_in_the_template_s_language(
    name: str,
) -> None:
    record_type, kind, language = parts(name)
    labels = [a.zh if language == "zh" else a.en for a in known(record_type, kind).values()]
    headings = [found.heading for found in sections.split(body(name)) if found.heading]
    assert headings == [label for label in labels if label in headings]
    assert headings


@pytest.mark.parametrize("name", NAMES)
def test_under_every_heading_stands_one_line_of_hint_and_nothing_under_the_log(name: str) -> None:
    first, *rest = sections.split(body(name))
    assert first.text == ""
    for found in rest:
        assert sections.value(found) is None
        if found.heading in {"Log", "处理过程"}:
            assert found.text == ""
        else:
            assert found.text.startswith("<!-- ")
            assert found.text.endswith(" -->")
            assert "\n" not in found.text


@pytest.mark.parametrize("name", NAMES)
def test_a_fresh_record_of_the_template_has_no_value_in_any_section(name: str) -> None:
    record_type, kind, _language = parts(name)
    text = f"---\ntype: {record_type}\ntitle: x\n---\n\n{body(name)}"
    read = document.read("x.md", text.encode())
    found = contents.fields(read, record_type, Reading())
    assert [*read.problems, *found.problems] == []
    assert {key for key in known(record_type, kind) if found.data.get(key)} == set()


@pytest.mark.parametrize("name", NAMES)
def test_events_and_complaints_are_made_with_an_empty_log_others_without(name: str) -> None:
    record_type, _kind, language = parts(name)
    log = "## 处理过程\n" if language == "zh" else "## Log\n"
    assert body(name).endswith(f"\n{log}") == (record_type in WITH_LOG)


def test_both_languages_of_a_template_have_the_same_sections() -> None:
    for name in NAMES:
        record_type, kind, language = parts(name)
        if language == "en":
            other = name.removesuffix("en.md") + "zh.md"
            said = known(record_type, kind)
            keys = {label: key for key, a in said.items() for label in (a.en, a.zh)}
            pair = [
                [keys[s.heading] for s in sections.split(body(n)) if s.heading]
                for n in (name, other)
            ]
            assert pair[0] == pair[1]

"""``validate --fix``: what was typed with labels and without offsets comes back to the byte."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aswiki.domain import records
from aswiki.domain.labels import corrections
from aswiki.domain.log import parse, written_out
from aswiki.domain.problem import Loc
from aswiki.domain.records.common import Part, abouts
from aswiki.store import amend, contents, document
from aswiki.store.frontmatter_edit import Put, edit
from aswiki.store.frontmatter_keys import renamed
from aswiki.wiki.checks.mending import mended
from aswiki.wiki.wiki import Wiki

EXAMPLES = Wiki.open(Path(__file__).parents[2] / "examples")
READING = EXAMPLES.reading
OFFSET = re.compile(r" ?\+08:00$")
PATHS = [
    path
    for path in EXAMPLES.paths()
    # a year of these pages is enough: they are long and alike
    if "/usage/" not in path or path.endswith(("2026-09.md", "2026-10.md"))
]


def _labels(shape: type[Part], data: Any, loc: Loc = ()) -> Iterator[tuple[Loc, str]]:
    """The place of every key of a front matter, with its Chinese label."""
    for key, value in data.items():
        about = abouts(shape).get(key)
        if about is None:
            continue
        yield (*loc, key), about.zh
        items = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for at, item in items:
            if about.part is not None and isinstance(item, dict):
                inner = (*loc, key) if at is None else (*loc, key, at)
                yield from _labels(about.part, item, inner)


def _words(shape: type[Part], data: Any, loc: Loc = ()) -> Iterator[Put]:
    """Every word of a vocabulary as its Chinese label, every time without our offset."""
    for key, value in data.items():
        about = abouts(shape).get(key)
        for at, item in enumerate(value) if isinstance(value, list) else [(None, value)]:
            here = (*loc, key) if at is None else (*loc, key, at)
            if about is None:
                continue
            if about.part is not None and isinstance(item, dict):
                yield from _words(about.part, item, here)
            elif about.form == "word" and about.vocabulary and isinstance(item, str):
                yield Put(here, READING.vocabulary.label(about.vocabulary, item, "zh"))
            elif about.form == "moment" and isinstance(item, str):
                yield Put(here, OFFSET.sub("", item))


def _log_as_typed(text: str) -> str:
    log = parse(text, READING.zone, contents.log_kinds(READING))
    lines = text.split("\n")
    for entry in log.entries:
        label = READING.vocabulary.label("log_kind", entry.kind, "zh")
        line = lines[entry.line - 1].replace(" +08:00 · ", " · ", 1)
        lines[entry.line - 1] = line.replace(f" · {entry.kind}", f" · {label}", 1)
    return "\n".join(lines)


@pytest.mark.parametrize("path", PATHS)
def test_an_example_typed_with_labels_comes_back_to_the_byte(path: str) -> None:
    raw = EXAMPLES.bytes_of(path) or b""
    found = document.read(path, raw)
    shape = records.model(records.type_of(path) or "")
    assert found.split is not None
    words = [put for put in _words(shape, found.data) if put.value]
    front = renamed(edit(found.split.front, words), list(_labels(shape, found.data)))
    assert front is not None
    typed = amend.with_front(found.text, front)
    typed = amend.with_log(typed, abouts(shape)["log"], _log_as_typed)
    assert typed != found.text
    assert mended(path, typed.encode(), READING) == raw
    assert mended(path, raw, READING) == raw
    assert list(corrections(shape, found.data, READING)) == []


HEADS = st.sampled_from(
    [
        "2026-10-03 14:05",
        "2026-10-03 14:05:09",
        "2026-10-03T14:05+0800",
        "10月3日",
        "2026-13-01 9:00",
    ]
)
BETWEEN = st.sampled_from([" · ", " | ", "・", " ・ "])
KINDS = st.sampled_from(["推诿", "deflection", "客户", "Customer", "没有", "要求"])
AFTER = st.sampled_from(
    ["：x", ": 2026-10-03 14:05", " a → b: 推诿", "->b（L2）：客户", "", "\n  > 客户"]
)


@given(st.lists(st.tuples(HEADS, BETWEEN, BETWEEN, KINDS, AFTER), max_size=6), st.text(max_size=9))
def test_a_log_says_the_same_when_it_is_written_out(
    typed: list[tuple[str, str, str, str, str]], rest: str
) -> None:
    lines = [f"- {at}{one}张维{two}{kind}{after}" for at, one, two, kind, after in typed]
    text = "\n".join([*lines, rest])
    kinds = contents.log_kinds(READING)
    new = written_out(text, READING.zone, kinds)
    before, after = parse(text, READING.zone, kinds), parse(new, READING.zone, kinds)
    assert (after.entries, after.loose) == (before.entries, before.loose)
    assert written_out(new, READING.zone, kinds) == new
    assert new.count("\n") == text.count("\n")

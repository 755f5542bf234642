"""Every sentence a user sees exists in English and in Chinese, with the same blanks to fill."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from aswiki import lang
from aswiki.domain.records import TYPES, model
from aswiki.domain.records.common import Part, abouts
from aswiki.domain.words import VOCABULARIES

ROOT = Path(__file__).resolve().parents[2]
BLANK = re.compile(r"\{[^{}]*\}")
COMMAND = re.compile(r"(git|ssh-keygen|aswiki|pip install) ")


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["messages"] = module
    spec.loader.exec_module(module)
    return module


def test_every_sentence_of_the_code_has_its_chinese_and_no_other_is_kept(
    messages: ModuleType,
) -> None:
    code, catalogue = set(messages.extracted()), messages.known()

    assert sorted(code - {key for key, chinese in catalogue.items() if chinese}) == []
    assert sorted(set(catalogue) - code) == []


def test_no_sentence_hides_in_the_braces_of_another_string() -> None:
    """The extractor does not look there, so it would never be translated."""
    hidden = [
        f"{path.name}:{call.lineno}"
        for path in (ROOT / "src").rglob("*.py")
        for joined in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"_", "N_"}
        and isinstance(call.args[0], ast.Constant)
    ]

    assert hidden == []


def test_both_languages_have_the_same_blanks_to_fill(messages: ModuleType) -> None:
    different = [
        sentence
        for sentence, chinese in messages.known().items()
        if Counter(BLANK.findall(sentence)) != Counter(BLANK.findall(chinese))
    ]

    assert different == []


def test_the_compiled_catalogue_is_the_one_of_the_source(messages: ModuleType) -> None:
    found = messages.known()

    _po, compiled = messages.written(list(found), found)

    assert messages.MO.read_bytes() == compiled


def test_a_sentence_is_said_in_the_language_in_use() -> None:
    lang.use("zh")
    try:
        assert lang._("Nothing to do.") != "Nothing to do."
    finally:
        lang.use("en")
    assert lang._("Nothing to do.") == "Nothing to do."


def test_every_key_and_word_has_a_label_in_both_languages() -> None:
    def parts(shape: type[Part]) -> list[type[Part]]:
        inside = [about.part for about in abouts(shape).values() if about.part is not None]
        return [shape, *(deeper for part in inside for deeper in parts(part))]

    unlabelled = [
        f"{shape.__name__}.{key}"
        for name in TYPES
        for shape in parts(model(name))
        for key, about in abouts(shape).items()
        if not about.en.strip() or not about.zh.strip()
    ]
    words = [pair for vocabulary in VOCABULARIES.values() for pair in vocabulary.values()]

    assert unlabelled == []
    assert all(en.strip() and zh.strip() for en, zh in words)


def test_no_module_shows_an_english_sentence_that_is_not_marked() -> None:
    """An error's sentence and hint, and a problem's, are calls of _ (or values made of such)."""
    bare = []
    for path in sorted((ROOT / "src" / "aswiki").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            if name not in {"BadInput", "NotFound", "Unusable", "Finding", "Problem"}:
                continue
            for argument in node.args[1:]:
                text = argument.value if isinstance(argument, ast.Constant) else None
                if isinstance(text, str) and " " in text.strip() and not COMMAND.match(text):
                    bare.append(f"{path.name}:{argument.lineno}: {text}")

    assert bare == []

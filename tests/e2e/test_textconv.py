"""``aswiki textconv``: a record as git's diff reads it, and anything else as it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

PROFILE = "customers/acme/profile.md"


def test_every_fact_is_a_line_of_its_own_with_its_label(wiki: Path, run: Run) -> None:
    said = run("--lang", "zh", "textconv", PROFILE).out
    assert said.startswith("# Acme Corp\n类型: 客户档案\n")
    assert "\n联系人 › 王磊 › 角色: 技术负责人\n" in said
    assert "\n透支权限 › 允许欠费: 否\n" in said
    assert "\nContacts › 王磊 › Role: Technical lead\n" in run("textconv", PROFILE).out


def test_prose_and_log_stay_to_the_letter(wiki: Path, run: Run) -> None:
    path = "customers/lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi.md"
    body = (wiki / path).read_text(encoding="utf-8").split("---\n", 2)[2]
    assert run("textconv", path).out.endswith(body)


def test_nothing_of_a_record_is_left_out(examples: Path, run: Run) -> None:
    for path in sorted((examples / "customers").glob("*/usage/*.md"))[:3]:
        text = path.read_text(encoding="utf-8")
        said = run("textconv", str(path)).out
        wanted = re.findall(r"(?<![\w.-])\d+\.\d+(?![\w.-])|[0-9a-f]{64}", text)
        assert wanted
        assert not [figure for figure in wanted if figure not in said]


def test_comments_and_own_keys_are_shown(wiki: Path, run: Run) -> None:
    file = wiki / PROFILE
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("---\n", "---\n# look: here\nx_own: {a: [1, b]}\n", 1))
    said = run("textconv", PROFILE).out
    assert "  # look: here\n" in said
    assert "x_own › a: 1, b\n" in said


@pytest.mark.parametrize(
    "text",
    [
        "just words\n",
        "---\ntype: [\n---\nbody\n",
        "---\ntype: nothing we know\n---\nbody\n",
        "---\ntitle: no type\n---\n",
        "---\ntype: event\n",
    ],
)
def test_what_is_no_record_comes_back_as_it_is(tmp_path: Path, run: Run, text: str) -> None:
    file = tmp_path / "a.md"
    file.write_text(text, encoding="utf-8")
    assert run("textconv", str(file)).out == text


def test_bytes_that_are_no_text_are_shown_harmlessly(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"\xff\xfe\x80 \x1b[31m \x9b2J \xe2\x80\xae x\n")
    said = run("textconv", str(file))
    assert said.code == 0
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", said.out)


def test_a_record_of_another_encoding_is_read(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "a.md"
    file.write_bytes("---\r\ntype: note\r\ntitle: 预算\r\n---\r\n正文\r\n".encode("gb18030"))
    assert run("textconv", str(file)).out == "# 预算\nType: Note\n正文\n"


def test_a_file_that_is_not_there_is_bad_input(tmp_path: Path, run: Run) -> None:
    said = run("textconv", str(tmp_path / "none.md"))
    assert (said.code, said.out) == (2, "")
    assert "none.md cannot be read" in said.err

"""The table of the long runs: pieces added up, the words before it left as they are."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def tool() -> ModuleType:
    path = Path(__file__).parents[2] / "tools" / "torture_table.py"
    spec = importlib.util.spec_from_file_location("torture_table", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pieces_of_a_run_are_one_row(tool: ModuleType, tmp_path: Path) -> None:
    for piece, missed in enumerate((0, 2)):
        told = {"run": "flips", "tried": 5000, "missed": missed, "seconds": 1.4}
        (tmp_path / f"flips-{piece}.json").write_text(json.dumps(told), encoding="utf-8")
    assert tool.rows(tmp_path) == ["| flips | 10,000 | 2 | 3 |\n"]


def test_the_words_before_the_table_stay(tool: ModuleType) -> None:
    page = tool.with_table("# Page\n", "| run of 1 |\n")
    assert page == "# Page\n\n<!-- torture -->\n| run of 1 |\n<!-- /torture -->\n"
    worded = page.replace("-->\n| run", "-->\nWords.\n\n| run") + "After.\n"
    again = tool.with_table(worded, "| run of 2 |\n")
    assert again == worded.replace("run of 1", "run of 2")

"""docs/evidence.md and docs/tampering.md: every code, every case, and none that is not there."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from aswiki.evidence.codes import CODES

REMEDY = "make docs writes it anew"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    place = ROOT / "tools" / "evidence_page.py"
    spec = importlib.util.spec_from_file_location("evidence_page", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["evidence.md", "tampering.md"])
def test_the_generated_parts_are_fresh(tool: ModuleType, name: str) -> None:
    made = {path.name: text for path, text in tool.pages().items()}
    assert (tool.DOCS / name).read_text(encoding="utf-8") == made[name], REMEDY


def test_every_code_stands_in_the_table_with_its_meaning_and_exit(tool: ModuleType) -> None:
    rows = re.findall(r"^\| `([A-Z]+)` \| (.+?) \| (\w+) \| (\d) \|$", tool.codes(), re.MULTILINE)
    assert {row[0]: row[1:] for row in rows} == {
        name: (code.meaning, code.severity, str(code.exit_code)) for name, code in CODES.items()
    }


def test_every_case_stands_on_the_page_of_tampering_and_is_counted_once(tool: ModuleType) -> None:
    cases = [case for cases in tool.FAMILIES.values() for case in cases]
    page = tool.tampering()
    for case in cases:
        stock = "noticed" if case.stock else ""
        row = f"| {case.name} | {', '.join(case.codes.split())} | {case.exit_code} | {stock} |"
        assert page.count(row) == 1, row
    assert f"| **all** | **{len(cases)}** |" in tool.families()


def test_a_page_without_a_place_for_the_tables_is_not_written(tool: ModuleType) -> None:
    with pytest.raises(SystemExit):
        tool.page("# Evidence\n")

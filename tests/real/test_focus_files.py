"""An anonymised real bill in FOCUS and the 26 example files of its specification."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from aswiki.importers.bills.focus import focus

FOCUS = Path(__file__).parents[3] / "shared" / "data" / "focus"
EXAMPLES = sorted((FOCUS / "spec-examples").glob("*.csv"))
COSTS = ("BilledCost", "EffectiveCost", "ListCost")
IMPOSSIBLE = "T30:00:00Z"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not FOCUS.is_dir(), reason="../shared/data/focus is not there"),
]


def own_sums(file: Path) -> tuple[int, dict[str, dict[str, Decimal]], list[int]]:
    """Rows, sums by currency and lines that cannot be taken, read without any of our code."""
    sums: dict[str, dict[str, Decimal]] = {}
    rows, bad = 0, []
    with file.open(encoding="utf-8-sig", newline="") as text:
        for row in (reader := csv.DictReader(text)):
            rows += 1
            if any(IMPOSSIBLE in (cell or "") for cell in row.values()):
                bad.append(reader.line_num)
                continue
            of_one = sums.setdefault(row.get("BillingCurrency") or "", {})
            for name in COSTS:
                cell = (row.get(name) or "").strip("$ ").replace(",", "")
                if cell:
                    of_one[name] = of_one.get(name, Decimal(0)) + Decimal(cell)
    return rows, sums, bad


def test_the_real_bill_comes_to_its_own_sums_to_the_last_digit() -> None:
    bill = focus(FOCUS / "focus_sample.csv")

    assert (bill.rows, bill.rejected_count) == (1000, 0)
    assert {name: str(cost) for name, cost in bill.sums()["USD"].items()} == {
        "BilledCost": "20.52022672899",
        "EffectiveCost": "14.97651418586",
        "ListCost": "20.39090575119",
    }
    rows = {
        provider: sum(line.rows for line in bill.lines if line.provider == provider)
        for provider in ("AWS", "Microsoft", "Oracle")
    }
    assert rows == {"AWS": 942, "Microsoft": 51, "Oracle": 7}
    assert sum(line.rows for line in bill.lines if line.month == "2024-09") == 999
    assert {line.provider for line in bill.lines if line.month == "2024-10"} == {"Oracle"}


def test_there_are_26_examples() -> None:
    assert len(EXAMPLES) == 26


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_comes_to_its_own_sums_or_says_which_rows_do_not(file: Path) -> None:
    rows, sums, bad = own_sums(file)

    bill = focus(file)

    assert (bill.rows, bill.sums()) == (rows, sums)
    assert [one.row for one in bill.rejected] == bad
    assert all(IMPOSSIBLE in one.reason for one in bill.rejected)

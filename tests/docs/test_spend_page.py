"""docs/spend.md holds: its commands run, its rates are what the bench prints, its method ships."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from aswiki.domain.spending import week
from aswiki.domain.spending.swing import Thresholds

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "spend.md"
MARKS = re.compile(r"<!-- bench/alarms\.py -->\n(.*)<!-- end of bench/alarms\.py -->", re.DOTALL)
AS_PRINTED = "python bench/alarms.py prints it anew"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bench's modules can be imported, as they import each other."""
    monkeypatch.syspath_prepend(str(ROOT / "bench"))


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_commands_of_the_page_run_in_a_fresh_folder(tmp_path: Path) -> None:
    commands = re.findall(r"^```sh\n(.*?)^```$", page(), re.MULTILINE | re.DOTALL)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-euc", "\n".join(commands)],
        cwd=tmp_path,
        env=os.environ | {"PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Image traffic went to another provider" in done.stdout


@pytest.mark.torture
def test_the_rates_of_the_page_are_what_the_bench_prints() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "bench" / "alarms.py"], capture_output=True, text=True, check=True
    )
    [printed] = MARKS.findall(page())
    assert printed == done.stdout, AS_PRINTED


@pytest.mark.slow
def test_the_rule_of_the_page_chooses_the_spreads_that_ship(bench: None) -> None:
    from alarm_rates import TUNING, chosen, false_alarms
    from spend_of import TUNED_ON
    from week_methods import weekday_median_without_oddest as method

    spreads = chosen(method)
    assert spreads == week.SPREADS
    assert f"by more than **{week.SPREADS}** spreads" in page()
    rates = [f"{false_alarms(method, spreads, family, TUNING):.1f}" for family in TUNED_ON]
    line = f"| the same, oddest day left out | {spreads} | {' | '.join(rates)} |"
    assert line in page(), AS_PRINTED


def test_the_method_that_was_tuned_is_the_one_that_ships(bench: None) -> None:
    from alarm_rates import EVALUATION, customers
    from spend_of import DAYS, NOT_TUNED_ON, TUNED_ON, Swing
    from week_methods import as_shipped, weekday_median_without_oddest

    verdicts = set()
    for family in (*TUNED_ON, *NOT_TUNED_ON):
        for customer in customers(family, EVALUATION)[:3]:
            days = Swing(0.5, days=20).planted(customer.days, customer.start)
            cents = [None if cost is None else round(cost, 2) for cost in days]
            for last in range(34, DAYS, 3):
                seen = cents[last - 34 : last + 1]
                ours, tuned = as_shipped(seen), weekday_median_without_oddest(seen)
                assert (ours is None) == (tuned is None)
                if ours is None or tuned is None:
                    continue
                assert ours.expected == pytest.approx(tuned.expected, abs=1e-6)
                assert (ours.spreads > 0) == (tuned.spreads > float(week.SPREADS))
                verdicts.add(ours.spreads > 0)
    assert verdicts == {True, False}


def test_the_bench_asks_the_thresholds_that_ship(bench: None) -> None:
    from alarm_rates import AMOUNT, PERCENT, SHARE_OF_MONTH

    usual = Thresholds()
    asked = {"percent": PERCENT * 100, "share_percent": SHARE_OF_MONTH * 100, "amount": AMOUNT}
    assert asked == {key: float(value) for key, value in vars(usual).items()}
    for key, value in vars(usual).items():
        assert re.search(rf"^{key} = {value} +#", page(), re.MULTILINE), key


def test_customers_for_tuning_and_for_evaluation_have_nothing_in_common(bench: None) -> None:
    from alarm_rates import EVALUATION, TUNING, customers
    from spend_of import NOT_TUNED_ON, TUNED_ON

    assert not set(TUNED_ON) & set(NOT_TUNED_ON)
    for family in TUNED_ON:
        days = {tuple(customer.days) for customer in customers(family, TUNING)}
        others = {tuple(customer.days) for customer in customers(family, EVALUATION)}
        assert len(days) == len(others) == 40
        assert not days & others

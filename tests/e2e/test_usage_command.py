"""`aswiki usage`: a customer's months in a table and bars, and the horizons at a glance."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def test_the_months_in_json_have_total_change_and_days(run: Run, examples: Path) -> None:
    found = run("usage", "恒川", "--json").json
    assert found["customer"] == "heng-chuan-yin-hang"
    assert [one["month"] for one in found["months"]] == [f"2026-{n:02}" for n in range(6, 11)]
    first, *_rest, last = found["months"]
    assert (first["amount"], first["change_percent"]) == ("242487.93", None)
    assert first["left_out"] == {"purchase": "120000.00"}
    assert (last["change_percent"], last["covered"], last["days"]) == ("-7.15", 31, 31)
    assert [one["product"] for one in found["products"]] == ["云数据库", "负载均衡", "对象存储"]
    assert found["products"][0]["share_percent"] == "73.0"
    assert {one["ref"] for one in found["swings"]} == {"heng-chuan-yin-hang/usage/2026-10"}


@pytest.mark.parametrize(("words", "count"), [((), 12), (("--months", "3"), 3)])
def test_the_last_months_are_shown(
    words: tuple[str, ...], count: int, run: Run, examples: Path
) -> None:
    assert len(run("usage", "sunbird", *words, "--json").json["months"]) == count
    rows = [row for row in run("usage", "sunbird", *words).out.splitlines() if row[:2] == "20"]
    assert len(rows) == count
    assert rows[-1].split("\t") == ["2026-10", "37,556.08", "USD", "-6.3%", "31"]


def test_a_partial_month_says_so(run: Run, examples: Path) -> None:
    assert "2026-10\t12,818.15\tEUR\t+3.4%\t29/31" in run("usage", "tallowmere").out


def test_the_horizons_mark_what_fired_and_what_waits(run: Run, examples: Path) -> None:
    done = run("usage", "heng-chuan")
    rows = dict(row.split("\t", 1) for row in done.out.splitlines())
    assert rows["负载均衡"].split("\t")[2:] == ["", "+31.4%!", "+32.4%!", ""]
    assert rows["对象存储"].split("\t")[2:] == ["", "-37.8%*", "-37.2%*", ""]
    assert rows["total"].split("\t")[2:] == ["", "-7.2%", "+8.3%", ""]
    assert "aswiki explain heng-chuan-yin-hang --month 2026-10" in done.err


def test_what_is_no_usage_is_named(run: Run, examples: Path) -> None:
    assert "Not counted: Tax 3,380.05 USD." in run("usage", "sunbird").err


def test_a_vanished_product_stands_at_the_end_and_a_new_one_is_called_new(
    run: Run, wiki: Path
) -> None:
    for month, product in (("2026-07", "CDN"), ("2026-08", "OSS")):
        text = f"---\ntype: usage\ntitle: x\nperiod: {month}\nlines:\n"
        text += f"  - {{product: {product}, charge: usage, currency: CNY, effective_cost: 900}}\n"
        place = wiki / f"customers/acme/usage/{month}.md"
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"{text}---\n", encoding="utf-8")
    rows = [row.split("\t") for row in run("usage", "acme").out.splitlines()[2:]]
    assert [(row[0], row[4]) for row in rows] == [
        ("total", "0.0%"),
        ("OSS", "new"),
        ("CDN", "-100.0%!"),
    ]


def test_a_product_new_in_a_month_with_days_is_called_new_though_its_week_is_known(
    run: Run, wiki: Path
) -> None:
    for month, products in (("2026-07", ["CDN"]), ("2026-08", ["CDN", "OSS"])):
        text = f"---\ntype: usage\ntitle: x\nperiod: {month}\nlines:\n"
        line = "charge: usage, currency: CNY, effective_cost: 3100}\n"
        text += "".join(f"  - {{product: {product}, {line}" for product in products) + "daily:\n"
        costs = ", ".join(["100"] * 31)
        for product in products:
            text += f"  - {{product: {product}, currency: CNY, costs: [{costs}]}}\n"
        place = wiki / f"customers/acme/usage/{month}.md"
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"{text}---\n", encoding="utf-8")
    rows = [row.split("\t") for row in run("usage", "acme").out.splitlines()[2:]]
    assert [row[0::3][:1] + row[3:5] for row in rows] == [
        ["total", "0.0%", "+100.0%!"],
        ["CDN", "0.0%", "0.0%"],
        ["OSS", "0.0%", "new"],
    ]


def test_without_figures_there_is_nothing_to_show(run: Run, wiki: Path) -> None:
    found = run("usage", "acme", "--json").json
    assert found == {"customer": "acme", "months": [], "products": [], "swings": []}
    assert "no usage figures" in run("usage", "acme").err


@pytest.mark.parametrize(("words", "code"), [(("acme", "--months", "0"), 2), (("nobody",), 3)])
def test_no_months_and_no_customer_are_refused(
    words: tuple[str, ...], code: int, run: Run, wiki: Path
) -> None:
    assert run("usage", *words).code == code


SHOW = """
import sys
from aswiki.cli.main import main
sys.exit(main(["usage", "xing-he", "--lang", "zh"]))
"""


def test_on_a_terminal_chinese_stands_in_line_within_eighty_cells(examples: Path) -> None:
    from rich.cells import cell_len

    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", SHOW],
        cwd=examples,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=dict(os.environ) | {"TERM": "xterm-256color", "COLUMNS": "80"},
    )
    os.close(theirs)
    screen = "".join(iter(lambda: _read(ours), ""))
    assert process.wait() == 0
    os.close(ours)
    lines = re.sub("\x1b\\[[0-9;]*m", "", screen).replace("\r", "").splitlines()
    assert max(cell_len(line) for line in lines) <= 80
    bars = {line[:7]: line.count("█") for line in lines if re.match(r"20\d\d-\d\d .*█", line)}
    assert bars["2026-10"] == max(bars.values()) == 20
    table = [line for line in lines if " CNY " in line and not line.startswith("20")]
    assert len(table) == 7
    assert len({cell_len(line[: line.index("CNY")]) for line in table}) == 1


def _read(handle: int) -> str:
    try:
        return os.read(handle, 65536).decode("utf-8", "replace")
    except OSError:  # the terminal is gone with the last process on it
        return ""

"""Swings of many customers, beside the same sums and comparisons by DuckDB."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from aswiki.domain.records.usage import Usage, UsageLine
from aswiki.domain.spending.month import days_of, shifted
from aswiki.domain.spending.series import Series

if TYPE_CHECKING:
    import duckdb

CUSTOMERS, MONTHS, PRODUCTS = 2_000, 24, 10
LAST = "2026-10"
KEYS = [shifted(LAST, -back) for back in range(MONTHS - 1, -1, -1)]

SUMS = """
WITH sums AS (
  SELECT customer, coalesce(product, 'total') AS scope, month,
         sum(cost) AS amount, any_value(days) AS days
  FROM lines WHERE charge = 'usage'
  GROUP BY GROUPING SETS ((customer, product, month), (customer, month))
), compared AS (
  SELECT *,
         sum(amount) OVER one AS short, sum(days) OVER one AS short_days,
         sum(amount) OVER three AS middle, sum(days) OVER three AS middle_days,
         sum(amount) OVER year AS long, sum(days) OVER year AS long_days
  FROM sums WINDOW
    one AS (PARTITION BY customer, scope ORDER BY month ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING),
    three AS (PARTITION BY customer, scope ORDER BY month ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING),
    year AS (PARTITION BY customer, scope ORDER BY month ROWS BETWEEN 12 PRECEDING AND 12 PRECEDING)
)
SELECT customer, scope, amount, short * days / short_days, middle * days / middle_days,
       long * days / long_days
FROM compared WHERE month = ?
"""


@dataclass(frozen=True)
class Made:
    """The same lines as pages by customer, and as a table."""

    pages: dict[str, dict[str, Usage]]
    table: duckdb.DuckDBPyConnection


def cost(customer: int, month: int, product: int) -> Decimal:
    """What a product costs a customer in a month: some hundred to some thousand, and swinging."""
    mixed = (customer * 7919 + month * 104_729 + product * 1_299_709) % 100_003
    return Decimal(20_000 + product * 30_000 + mixed) / 100


def made() -> Made:
    """Every line, once."""
    import duckdb

    table = duckdb.connect()
    table.execute(
        "CREATE TABLE lines AS SELECT 'customer-' || c AS customer,"
        " list_extract(?::VARCHAR[], m + 1) AS month,"
        " list_extract(?::INT[], m + 1) AS days, 'Product ' || p AS product, 'usage' AS charge,"
        " ((20000 + p * 30000 + (c * 7919 + m * 104729 + p * 1299709) % 100003) / 100)"
        "::DECIMAL(18, 2) AS cost FROM range(?) cs(c), range(?) ms(m), range(?) ps(p)",
        [KEYS, [days_of(key) for key in KEYS], CUSTOMERS, MONTHS, PRODUCTS],
    )
    pages: dict[str, dict[str, Usage]] = {}
    for customer in range(CUSTOMERS):
        name = f"customer-{customer}"
        pages[name] = {
            f"{name}/usage/{key}": _page(customer, number, key) for number, key in enumerate(KEYS)
        }
    return Made(pages, table)


def _page(customer: int, number: int, key: str) -> Usage:
    lines = [
        UsageLine.model_construct(
            product=f"Product {product}",
            charge="usage",
            currency="CNY",
            effective_cost=cost(customer, number, product),
            billed_cost=cost(customer, number, product),
        )
        for product in range(PRODUCTS)
    ]
    return Usage.model_construct(
        type="usage", period=key, days_covered=days_of(key), lines=lines, daily=[], swings=[]
    )


def by_aswiki(found: Made) -> int:
    """How many comparisons the last month has."""
    return sum(len(Series(name, own).swings(LAST)) for name, own in found.pages.items())


def by_duckdb(found: Made) -> int:
    """How many rows the same sums and comparisons have; each row holds three."""
    return len(found.table.execute(SUMS, [LAST]).fetchall()) * 3


def seconds(work: Callable[[Made], int], found: Made) -> float:
    """Wall time of one turn."""
    began = time.perf_counter()
    work(found)
    return time.perf_counter() - began


def medians(rounds: int) -> tuple[float, float]:
    """The medians of both in turn, the first round thrown away.

    Raises:
        AssertionError: they do not compare as much.
    """
    from statistics import median

    found = made()
    assert by_aswiki(found) == by_duckdb(found)
    turns = [(seconds(by_aswiki, found), seconds(by_duckdb, found)) for _ in range(rounds)]
    return median(one[0] for one in turns), median(one[1] for one in turns)


if __name__ == "__main__":
    ours, theirs = medians(5)
    print(f"{ours:.3f} {theirs:.3f} {ours / theirs:.2f}")

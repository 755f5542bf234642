"""A bill of a million rows in FOCUS, and what reading it takes beside DuckDB's own GROUP BY.

``python bench/bills.py make FILE [ROWS]`` writes one; ``ours``, ``same-keys`` and ``service`` with
FILE read it, each in a process of its own as ``bench/run.py`` measures them.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROWS = 1_000_000
SUMS = ("BilledCost", "EffectiveCost", "ListCost")
KEYS = (
    "ProviderName", "BillingAccountId", "SubAccountId", "left(BillingPeriodStart, 7) AS month",
    "ServiceName", "ServiceCategory", "RegionId", "ChargeCategory", "ChargeClass",
    "BillingCurrency", "ConsumedUnit", "left(ChargePeriodStart, 10) AS day",
)  # fmt: skip
"""What the lines and the daily costs of a usage page are sums by."""

_ROW = """
    'az-' || (i % 3) AS AvailabilityZone,
    printf('%d.%011d', (i * 31) % 7, (i * 7919123457) % 100000000000) AS BilledCost,
    '00123456789' || (i % 3) AS BillingAccountId,
    'Sun Bird' AS BillingAccountName,
    'USD' AS BillingCurrency,
    '2026-11-01 00:00:00' AS BillingPeriodEnd,
    '2026-10-01 00:00:00' AS BillingPeriodStart,
    CASE WHEN i % 97 = 0 THEN 'Purchase' WHEN i % 89 = 0 THEN 'Tax' ELSE 'Usage' END
        AS ChargeCategory,
    CASE WHEN i % 997 = 0 THEN 'Correction' END AS ChargeClass,
    '$0.40 per million requests in Tier1, per month' AS ChargeDescription,
    'Usage-Based' AS ChargeFrequency,
    strftime(begins + INTERVAL 1 HOUR * (i % 744 + 1), '%Y-%m-%d %H:%M:%S') AS ChargePeriodEnd,
    strftime(begins + INTERVAL 1 HOUR * (i % 744), '%Y-%m-%d %H:%M:%S') AS ChargePeriodStart,
    printf('%d.%09d', i % 5, (i * 104729) % 1000000000) AS ConsumedQuantity,
    'Requests' AS ConsumedUnit,
    printf('%d.%011d', (i * 31) % 7, (i * 7919123451) % 100000000000) AS ContractedCost,
    printf('%d.%011d', (i * 31) % 7, (i * 7919123437) % 100000000000) AS EffectiveCost,
    'Example Cloud, Inc.' AS InvoiceIssuerName,
    printf('%d.%011d', (i * 31) % 7, (i * 7919123433) % 100000000000) AS ListCost,
    'Standard' AS PricingCategory,
    printf('%d.%09d', i % 5, (i * 104729) % 1000000000) AS PricingQuantity,
    'Requests' AS PricingUnit,
    'Example Cloud' AS ProviderName,
    'region-' || (i % 5) AS RegionId,
    'example:queue:347410479675:' || i AS ResourceId,
    'Compute' AS ServiceCategory,
    'Service ' || (i % 40) AS ServiceName,
    '51738928' || (i % 20) AS SubAccountId,
    'application: x, environment: dev' AS Tags
"""


def make(file: Path, rows: int = ROWS) -> None:
    """Write a bill of so many rows."""
    import duckdb

    table = f"range({rows}) numbers(i), (SELECT TIMESTAMP '2026-10-01' AS begins)"
    duckdb.execute(f"COPY (SELECT {_ROW} FROM {table}) TO '{file}' (HEADER, NULLSTR 'NULL')")


def ours(file: Path) -> dict[str, str]:
    """The sums of a bill, read by aswiki into lines and days."""
    from aswiki.importers.bills.focus import focus

    return {name: str(cost) for name, cost in focus(file).sums()["USD"].items()}


def theirs(file: Path, keys: tuple[str, ...]) -> dict[str, str]:
    """The same sums by DuckDB alone, grouped as one does at its prompt."""
    import duckdb

    sums = ", ".join(f"sum(CAST({name} AS DECIMAL(38, 18))) AS {name}" for name in SUMS)
    table = f"read_csv('{file}', all_varchar = true, nullstr = 'NULL')"
    rows = duckdb.execute(f"SELECT {sums}, {', '.join(keys)} FROM {table} GROUP BY ALL").fetchall()
    return {name: str(sum(row[n] for row in rows)) for n, name in enumerate(SUMS)}


def main() -> None:
    """Do what the command line says."""
    what, file, *rows = sys.argv[1:]
    if what == "make":
        make(Path(file), *map(int, rows))
    else:
        keys = KEYS if what == "same-keys" else ("ServiceName",)
        print(ours(Path(file)) if what == "ours" else theirs(Path(file), keys))


if __name__ == "__main__":
    main()

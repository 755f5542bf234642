"""Whatever amounts a bill holds and however it writes them, its lines come to their exact sum."""

from __future__ import annotations

import tempfile
from decimal import Context, Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from aswiki.importers.bills.focus import focus

EXACT = Context(prec=1000)
AMOUNTS = st.decimals(
    min_value=Decimal("-1E25"), max_value=Decimal("1E25"), allow_nan=False, places=None
).filter(lambda number: -int(number.as_tuple().exponent) <= 60)
WRITTEN = st.sampled_from(["{:f}", "{}", "${:,f}", "￥{:,f} ", " {:f}", "{:E}"])
ROWS = st.lists(
    st.tuples(
        AMOUNTS,
        WRITTEN,
        st.sampled_from(["USD", "CNY", "NULL"]),
        st.sampled_from(["Usage", "Tax", "usage", "Gift"]),
        st.sampled_from(["2026-10-01", "2026-10-01T05:00:00Z", "2026/10/1", "2026-10-01T30:00"]),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=25, deadline=None)
@given(rows=ROWS)
def test_the_lines_come_to_the_exact_sum_of_the_rows_that_are_taken(
    rows: list[tuple[Decimal, str, str, str, str]],
) -> None:
    lines = [
        "BilledCost,EffectiveCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd"
    ]
    expected: dict[str, Decimal] = {}
    bad = 0
    for number, form, currency, category, start in rows:
        shown = form.format(number)
        lines.append(f'"{shown}","{shown}",{currency},{category},{start},{start}')
        if category == "Gift" or "T30" in start:
            bad += 1
            continue
        key = currency.replace("NULL", "")
        expected[key] = EXACT.add(expected.get(key, Decimal(0)), number)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bill.csv"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        bill = focus(file)

    assert (bill.rows, bill.rejected_count) == (len(rows), bad)
    assert {key: sums["BilledCost"] for key, sums in bill.sums().items()} == expected
    assert sum(line.rows for line in bill.lines) == len(rows) - bad
    usage = [line for line in bill.lines if line.charge == "usage"]
    of_days: dict[str | None, Decimal] = {}
    for day in bill.days:
        of_days[day.currency] = EXACT.add(of_days.get(day.currency, Decimal(0)), day.cost)
    assert of_days == {line.currency: line.effective_cost for line in usage}

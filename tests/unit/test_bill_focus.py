"""Bills in FOCUS to sums: plain rows, odd rows, and files of every packing."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import sys
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa
import pytest

from aswiki.errors import BadInput, Unusable
from aswiki.importers.bills import aggregation, reading, source
from aswiki.importers.bills.bill import Bill
from aswiki.importers.bills.focus import focus
from aswiki.importers.bills.form import Charge, Form, Measure

HEAD = (
    "ProviderName", "BillingAccountId", "SubAccountId", "BillingCurrency", "BillingPeriodStart",
    "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd", "ChargeCategory", "ChargeClass",
    "ServiceName", "ServiceCategory", "RegionId", "ConsumedQuantity", "ConsumedUnit",
    "PricingQuantity", "PricingUnit", "BilledCost", "EffectiveCost", "ListCost",
)  # fmt: skip
USUAL = dict(
    zip(
        HEAD,
        (
            "AWS", "0012", "0034", "USD", "2026-10-01 00:00:00",
            "2026-11-01 00:00:00", "2026-10-03 01:00:00", "2026-10-03 02:00:00", "Usage", "NULL",
            "Amazon S3", "Storage", "us-east-1", "2.5", "GB",
            "9", "Requests", "1.25", "1.20", "1.5",
        ),
        strict=True,
    )
)  # fmt: skip


def text(*rows: dict[str, str], head: Sequence[str] = HEAD) -> str:
    lines = [",".join(head)]
    lines += [",".join(f'"{(USUAL | row)[key]}"' for key in head) for row in rows]
    return "\n".join(lines) + "\n"


def read(folder: Path, content: str | bytes, name: str = "bill.csv") -> Bill:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return focus(file)


def test_rows_of_the_same_keys_are_one_line_with_exact_sums(tmp_path: Path) -> None:
    content = text({"BilledCost": "0.1"}, {"BilledCost": "0.2"}, {"ServiceName": "Amazon EC2"})

    bill = read(tmp_path, content)

    assert (bill.rows, bill.rejected_count, bill.rejected) == (3, 0, [])
    assert (bill.encoding, bill.sha256) == ("utf-8", hashlib.sha256(content.encode()).hexdigest())
    assert [line.product for line in bill.lines] == ["Amazon EC2", "Amazon S3"]
    line = bill.lines[1]
    assert line[:10] == (
        "AWS", "0012", "0034", "2026-10", "Amazon S3", "Storage", "us-east-1", "usage", "USD", "GB",
    )  # fmt: skip
    assert line[10:] == (Decimal(5), Decimal("0.3"), Decimal("2.4"), Decimal(3), 2)
    assert str(line.effective_cost) == "2.4"
    assert bill.sums() == {
        "USD": {
            "BilledCost": Decimal("1.55"),
            "EffectiveCost": Decimal("3.6"),
            "ListCost": Decimal("4.5"),
        }
    }


def test_an_odd_row_is_summed_with_the_plain_ones(tmp_path: Path) -> None:
    odd = {"BilledCost": "$1,000.25 ", "EffectiveCost": "(0.20)", "ListCost": "1.5E-7"}

    bill = read(tmp_path, text({}, odd, {"ChargePeriodStart": "2026年10月3日"}))

    (line,) = bill.lines
    assert line.billed_cost == Decimal("1002.75")
    assert line.effective_cost == Decimal("2.2")
    assert line.list_cost == Decimal("3.00000015")
    assert bill.days[0].cost == Decimal("2.2")


def test_digits_beyond_what_the_engine_holds_are_not_lost(tmp_path: Path) -> None:
    small, large = "0.0000000000000000000000001", "99999999999999999999999999.5"

    bill = read(tmp_path, text({"BilledCost": small}, {"BilledCost": large}, {"BilledCost": "1"}))

    assert bill.sums()["USD"]["BilledCost"] == Decimal(
        "100000000000000000000000000.5" + "0" * 23 + "1"
    )


def test_sums_too_large_for_the_engine_are_read_one_by_one(tmp_path: Path) -> None:
    rows = [{"BilledCost": "9" * 19}] * 50

    assert read(tmp_path, text(*rows)).sums()["USD"]["BilledCost"] == 50 * int("9" * 19)


def test_a_row_that_cannot_be_read_is_rejected_with_its_line_and_why(tmp_path: Path) -> None:
    content = text(
        {"ServiceName": "two\nlines"},
        {"BilledCost": "many"},
        {"ChargePeriodEnd": "2026-10-01T30:00:00Z"},
        {"ChargeCategory": "Gift"},
        {"BillingPeriodStart": "NULL", "ChargePeriodStart": ""},
        {"ChargeCategory": ""},
    ).replace('"many"', '"many"', 1)
    first, rest = content.split('"many"')
    content = f'{first}"many"{rest}'.replace("\nAWS", "\n\nAWS")

    bill = read(tmp_path, content)

    assert (bill.rows, bill.rejected_count) == (6, 5)
    assert [(one.row, one.reason) for one in bill.rejected] == [
        (4, "BilledCost: many is not a number"),
        (5, "ChargePeriodEnd: 2026-10-01T30:00:00Z is not a time"),
        (6, "ChargeCategory: gift is no charge that can be told"),
        (7, "BillingPeriodStart is missing"),
        (8, "ChargeCategory is missing"),
    ]
    assert bill.sums()["USD"]["BilledCost"] == Decimal("1.25")


def test_broken_lines_are_rejected_and_empty_ones_are_none(tmp_path: Path) -> None:
    head = "ChargeCategory,BillingPeriodStart,BilledCost\n"
    rows = (
        'Usage,2026-10-01,1\n\nUsage,2026-10-01\nUsage,2026-10-01,2,3\n,,\n"Us"age,2026-10-01,4\n'
    )

    bill = read(tmp_path, f"{head}{rows}Usage,2026-10-01,5,,,\nUsage,2026-10-01,oops\n")

    assert bill.sums() == {"": {"BilledCost": Decimal(6)}}
    assert [(one.row, one.reason) for one in bill.rejected] == [
        (4, "it has fewer cells than there are columns"),
        (5, "it has more cells than there are columns"),
        (7, "a quotation mark is not closed; lines that hang on it: 1"),
        (9, "BilledCost: oops is not a number"),
    ]
    assert bill.rows == 6


def test_a_line_that_is_too_long_is_rejected_and_one_beyond_reason_refused(
    tmp_path: Path,
) -> None:
    bill = read(tmp_path, text({}, {"ServiceName": "x" * 2_100_000}, {"BilledCost": "2"}))

    assert [(one.row, one.reason) for one in bill.rejected] == [
        (3, "it is longer than any row of a bill")
    ]
    assert bill.sums()["USD"]["BilledCost"] == Decimal("3.25")

    huge = text({"ServiceName": "云" * 5_000_000}, {})
    for content in (huge, huge.encode("gb18030"), huge.encode("utf-16"), "x" * 9_000_000):
        with pytest.raises(BadInput, match="longer than 4 MiB"):
            read(tmp_path, content)


def test_a_heading_longer_than_any_cell_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="neither CSV"):
        read(tmp_path, "x" * 200_000 + "\n1\n")


@pytest.mark.parametrize("at", [3, 20_000, 39_000])
def test_an_open_quotation_mark_never_takes_rows_away_in_silence(tmp_path: Path, at: int) -> None:
    head = "ChargeCategory,BillingPeriodStart,BilledCost,ServiceName\n"
    good, bad = f"Usage,2026-10-01,1,{'x' * 900}\n", f'Usage,2026-10-01,1,"{"x" * 900}\n'
    content = head + good * at + bad + good * (40_000 - at)

    with pytest.raises(BadInput, match="A quotation mark at about row") as caught:
        read(tmp_path, content)

    assert abs(int(str(caught.value).split()[6]) - (at + 2)) <= 1


def test_a_quotation_mark_closed_thousands_of_rows_later_is_refused(tmp_path: Path) -> None:
    head = "ChargeCategory,BillingPeriodStart,BilledCost,ServiceName\n"
    row = "Usage,2026-10-01,1,CDN\n"
    content = head + row * 9 + 'Usage,2026-10-01,1,"CDN\n' + row * 100_000 + 'x"\n' + row

    with pytest.raises(BadInput, match="about row 11 "):
        read(tmp_path, content)


def test_all_rejected_rows_are_counted_and_the_first_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "REJECTIONS_SHOWN", 3)

    bill = read(tmp_path, text(*[{"BilledCost": "x"}] * 5, {}))

    assert (bill.rows, bill.rejected_count, [one.row for one in bill.rejected]) == (6, 5, [2, 3, 4])


@pytest.mark.parametrize(
    ("category", "class_", "charge"),
    [
        ("Usage", "", "usage"),
        ("purchase", "NULL", "purchase"),
        ("Tax", "null", "tax"),
        ("Credit", "", "credit"),
        ("ADJUSTMENT", "", "adjustment"),
        ("Usage", "Correction", "correction"),
    ],
)
def test_a_correction_is_one_whatever_its_category(
    tmp_path: Path, category: str, class_: str, charge: str
) -> None:
    bill = read(tmp_path, text({"ChargeCategory": category, "ChargeClass": class_}))

    assert [line.charge for line in bill.lines] == [charge]
    assert bool(bill.days) == (charge == "usage")


def test_days_are_those_of_the_file_and_only_of_usage_within_one(tmp_path: Path) -> None:
    bill = read(
        tmp_path,
        text(
            {
                "ChargePeriodStart": "2026-10-31T23:00:00+08:00",
                "ChargePeriodEnd": "2026-11-01T00:00:00+08:00",
            },
            {"ChargePeriodStart": "2026-10-31", "ChargePeriodEnd": "2026-11-01", "RegionId": "eu"},
            {"ChargePeriodStart": "2026-10-01", "ChargePeriodEnd": "2026-11-01"},
            {"ChargePeriodEnd": "NULL"},
            {"EffectiveCost": ""},
        ),
    )

    assert [(day.day, day.cost) for day in bill.days] == [(date(2026, 10, 31), Decimal("2.4"))]


def test_the_month_is_the_one_the_billing_period_begins_in_as_written(tmp_path: Path) -> None:
    bill = read(
        tmp_path,
        text(
            {"BillingPeriodStart": "2026-09-30T16:00:00Z"},
            {"BillingPeriodStart": "NULL", "ChargePeriodStart": "2026-12-03"},
            {"BillingPeriodStart": "202608"},
        ),
    )

    assert [line.month for line in bill.lines] == ["2026-08", "2026-09", "2026-12"]


def test_what_a_row_does_not_say_is_none_and_never_nought(tmp_path: Path) -> None:
    row = dict.fromkeys(HEAD, "NULL") | {
        "ChargeCategory": "Tax",
        "BillingPeriodStart": "2026-10-01",
    }

    (line,) = read(tmp_path, text(row)).lines

    assert line[:14] == (None, None, None, "2026-10", None, None, None, "tax", *[None] * 6)


def test_a_product_without_a_name_is_its_category(tmp_path: Path) -> None:
    bill = read(
        tmp_path, text({"ServiceName": "-"}, {"ServiceName": "", "ServiceCategory": "null"})
    )

    assert [line.product for line in bill.lines] == [None, "Storage"]


def test_a_quantity_keeps_its_own_unit(tmp_path: Path) -> None:
    bill = read(tmp_path, text({"ConsumedQuantity": "NULL"}, {}))

    assert [(line.unit, line.quantity) for line in bill.lines] == [
        ("GB", Decimal("2.5")),
        ("Requests", Decimal(9)),
    ]


def test_currencies_are_never_added_together(tmp_path: Path) -> None:
    sums = read(tmp_path, text({}, {"BillingCurrency": "EUR"}, {"BillingCurrency": "NULL"})).sums()

    assert {key: one["BilledCost"] for key, one in sums.items()} == dict.fromkeys(
        ("", "EUR", "USD"), Decimal("1.25")
    )


def test_headings_are_known_in_other_spellings_and_the_newer_name_of_the_provider(
    tmp_path: Path,
) -> None:
    content = (
        text({})
        .replace("ProviderName", "service_provider_name")
        .replace("BilledCost", "billed cost")
    )

    (line,) = read(tmp_path, content).lines

    assert (line.provider, line.billed_cost) == ("AWS", Decimal("1.25"))


def test_us_and_european_dates_are_told_apart_by_the_billing_period(tmp_path: Path) -> None:
    american = {"BillingPeriodStart": "4/1/25", "BillingPeriodEnd": "5/1/25"}
    european = {"BillingPeriodStart": "1/4/25", "BillingPeriodEnd": "1/5/25"}

    for written in (american, european):
        bill = read(tmp_path, text(written))
        assert [line.month for line in bill.lines] == ["2025-04"]
        assert len(bill.warnings) == 1
    bill = read(tmp_path, text(american | {"BillingPeriodEnd": "NULL"}))
    assert bill.rejected[0].reason.startswith("BillingPeriodStart: 4/1/25 can be month/day/year")


@pytest.mark.parametrize(
    "packing", ["bom", "utf-16", "gb18030", "gzip", "zstd", "semicolon", "crlf"]
)
def test_a_file_is_read_however_it_is_packed(tmp_path: Path, packing: str) -> None:
    content = text({"ServiceName": "对象存储"}, {"ServiceName": "对象存储", "BilledCost": "x"})
    raw = {
        "bom": lambda: codecs.BOM_UTF8 + content.encode(),
        "utf-16": lambda: content.encode("utf-16"),
        "gb18030": lambda: content.encode("gb18030"),
        "gzip": lambda: gzip.compress(content.encode("gb18030")),
        "zstd": lambda: bytes(pa.Codec("zstd").compress(content.encode())),
        "semicolon": lambda: content.replace(",", ";").encode(),
        "crlf": lambda: content.replace("\n", "\r\n").encode(),
    }[packing]()

    bill = read(tmp_path, raw)

    assert [(line.product, line.billed_cost) for line in bill.lines] == [
        ("对象存储", Decimal("1.25"))
    ]
    assert [one.row for one in bill.rejected] == [3]
    assert bill.sha256 == hashlib.sha256(raw).hexdigest()
    assert bill.encoding == {"utf-16": "utf-16", "gb18030": "gb18030", "gzip": "gb18030"}.get(
        packing, "utf-8"
    )


def test_parquet_is_read_with_the_types_it_has(tmp_path: Path) -> None:
    file = tmp_path / "bill.parquet"
    duckdb.execute(
        f"""COPY (SELECT 'Usage' AS ChargeCategory, 0.1::DOUBLE AS BilledCost,
        1.5e-7::DOUBLE AS ListCost, 1.25::DECIMAL(38, 18) AS EffectiveCost,
        TIMESTAMPTZ '2026-10-01 00:00:00+00' AS BillingPeriodStart, 12::BIGINT AS BillingAccountId,
        TIMESTAMP '2026-10-02 00:00:00' AS ChargePeriodStart,
        TIMESTAMP '2026-10-03 00:00:00' AS ChargePeriodEnd, MAP {{'a': 'b'}} AS Tags
        UNION ALL SELECT 'Gift', 1, 1, 1, '2026-10-01', 12, '2026-10-02', '2026-10-02', NULL)
        TO '{file}'"""
    )

    bill = focus(file)

    (line,) = bill.lines
    assert (line.account, line.month) == ("12", "2026-10")
    assert (line.billed_cost, line.list_cost) == (Decimal("0.1"), Decimal("0.00000015"))
    assert [(day.day, day.cost) for day in bill.days] == [(date(2026, 10, 2), Decimal("1.25"))]
    assert [one.row for one in bill.rejected] == [2]
    assert bill.encoding == "parquet"


def test_a_name_with_stars_and_brackets_is_one_file(tmp_path: Path) -> None:
    read(tmp_path, text({"BilledCost": "7"}), "bill1.csv")

    assert read(tmp_path, text({}), "bill[1]*?'.csv").sums()["USD"]["BilledCost"] == Decimal("1.25")


def test_a_file_that_is_no_bill_says_what_it_has_and_lacks(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        read(tmp_path, "客户名称,BilledCost\nAcme,1\n")

    assert "客户名称, BilledCost" in refused.value.message
    assert "BillingPeriodStart / ChargePeriodStart; ChargeCategory" in refused.value.message
    assert "import bill" in refused.value.hint


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "not-a-table"),
        (b"\0\1\2\3" * 50, "not-a-table"),
        (b"\xff" * 50, "bad-encoding"),
        (gzip.compress(b"abc" * 5000, mtime=0)[:-20], "broken-archive"),
        (b"\x28\xb5\x2f\xfdnonsense", "broken-archive"),
        (b"PAR1nonsense", "unreadable-bill"),
        (b"PK\x03\x04nonsense", "not-xlsx"),
        (f"BilledCost,{text({})}".encode(), "double-column"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, raw: bytes, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(tmp_path, raw)

    assert refused.value.code == code
    assert refused.value.hint


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"There is no file .*nowhere"):
        focus(tmp_path / "nowhere.csv")


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "LARGEST_UNPACKED", 10_000_000)

    with pytest.raises(BadInput) as refused:
        read(tmp_path, gzip.compress(b"0" * 20_000_000))

    assert refused.value.code == "bill-too-large"


def test_a_zip_archive_is_not_taken_for_a_bill(tmp_path: Path) -> None:
    file = tmp_path / "bill.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("bill.csv", text({}))

    with pytest.raises(BadInput):
        focus(file)


def test_without_the_engine_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ibis", None)

    with pytest.raises(Unusable) as refused:
        read(tmp_path, text({}))

    assert (refused.value.code, refused.value.hint) == (
        "extra-missing",
        'pip install "aswiki[billing]"',
    )


def test_progress_reaches_the_size_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "bill.csv"
    file.write_text(text({}))
    told: list[tuple[int, int]] = []

    focus(file, lambda done, size: told.append((done, size)))

    assert told[-1] == (file.stat().st_size, file.stat().st_size)


@pytest.mark.parametrize(
    "dialect", ["duckdb", "trino", "pyspark", "clickhouse", "postgres", "snowflake"]
)
def test_the_sums_are_said_in_words_that_other_engines_know_too(dialect: str) -> None:
    form = Form(
        {"charge": ["c"], "billed_from": ["m"], "start": ["s"], "end": ["e"], "billed": ["b"]},
        [Measure(["q"], ["u"])],
        [Charge("usage", ["|usage|", "按量"])],
        "",
        has_totals=True,
    )
    layout = form.layout(["c", "m", "s", "e", "b", "q", "u"])
    table = ibis.table({aggregation.column(n): "string" for n in range(7)}, "bill")

    assert "SELECT" in str(ibis.to_sql(aggregation.aggregated(table, layout), dialect=dialect))

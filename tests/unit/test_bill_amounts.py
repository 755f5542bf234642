"""Amounts, times and names as bills write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from aswiki.importers.bills import names
from aswiki.importers.bills.amounts import amount
from aswiki.importers.bills.bill import plain, total
from aswiki.importers.bills.periods import Order, moment, order_of, within_a_day
from aswiki.importers.foreign import BadRow


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.00000080000", "0.0000008"),
        ("$1,000.00 ", "1000"),
        ("-$12.50", "-12.5"),
        ("$-12.50", "-12.5"),
        ("(12.00)", "-12"),
        ("（￥1,234.56）", "-1234.56"),
        ("￥1,234.56", "1234.56"),
        ("1234.56元", "1234.56"),
        ("CNY 12", "12"),
        ("1.5E-7", "0.00000015"),
        ("１２３．４５", "123.45"),
        ("−3", "-3"),
        (".5", "0.5"),
        ("\t7\t", "7"),
        ("0.1234567890123456789012345678", "0.1234567890123456789012345678"),
        ("12345678901234567890123", "12345678901234567890123"),
        ("9" * 60, "9" * 60),
        ("1E-60", "0." + "0" * 59 + "1"),
    ],
)
def test_an_amount_is_read_as_people_and_exports_write_it(text: str, number: str) -> None:
    assert amount(text) == Decimal(number)


@pytest.mark.parametrize("text", [None, "", " ", "NULL", "null", "-", "N/A", "无"])
def test_a_cell_that_says_nothing_is_no_nought(text: str | None) -> None:
    assert amount(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "1.234,56",
        "12,34",
        "abc",
        "1e",
        "--5",
        "(-5)",
        "Infinity",
        "1e999",
        "1E-999",
        "9" * 130,
        "9" * 61,
        "1E-61",
        "五元",
    ],
)
def test_what_is_no_amount_is_said_not_guessed(text: str) -> None:
    with pytest.raises(BadRow):
        amount(text)


@pytest.mark.parametrize(
    ("text", "day", "is_midnight"),
    [
        ("2024-09-01 00:00:00", date(2024, 9, 1), True),
        ("2024-09-01T22:00:00Z", date(2024, 9, 1), False),
        ("2024-09-01T00:00:00.000+08:00", date(2024, 9, 1), True),
        ("2024/9/1", date(2024, 9, 1), True),
        ("2024/09/01 8:05", date(2024, 9, 1), False),
        ("2024年9月1日", date(2024, 9, 1), True),
        ("20240901", date(2024, 9, 1), True),
        ("2024-02-29", date(2024, 2, 29), True),
        ("202409", None, True),
        ("2024-09", None, True),
        ("2024年9月", None, True),
        ("2024年9月份", None, True),
    ],
)
def test_a_time_is_taken_as_it_stands(text: str, day: date | None, is_midnight: bool) -> None:
    found = moment(text, None)

    assert found is not None
    assert (found.date, found.is_midnight) == (day, is_midnight)
    assert found.calendar_month in {"2024-09", "2024-02"}


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-01T30:00:00Z",
        "2024-02-30",
        "2023-02-29",
        "2024-13-01",
        "2024-10-00",
        "20241301",
        "4/1/25",
        "yesterday",
        "45292",
        "0001-01-01",
        "2024-10-01 13:00 PM",
    ],
)
def test_a_time_that_is_none_or_could_be_two_is_refused(text: str) -> None:
    with pytest.raises(BadRow):
        moment(text, None)


def test_a_date_with_slashes_is_read_in_the_order_of_its_file() -> None:
    first, second = moment("4/1/25", "month first"), moment("4/1/25 3:30 PM", "day first")

    assert first is not None
    assert second is not None
    assert first.date == date(2025, 4, 1)
    assert second.date == date(2025, 1, 4)
    assert not second.is_midnight


@pytest.mark.parametrize(
    ("periods", "others", "order"),
    [
        ([("4/1/25", "5/1/25")], [], "month first"),
        ([("1/4/25", "1/5/25")], [], "day first"),
        ([("12/1/24", "1/1/25")], [], "month first"),
        ([], ["4/13/25"], "month first"),
        ([], ["13/4/25", "4/4/25"], "day first"),
        ([], ["4/1/25", "4/2/25"], None),
        ([], ["4/13/25", "13/4/25"], None),
        ([("4/1/25", "5/1/25")], ["99/99/25"], "month first"),
        ([("2025-04-01", "2025-05-01")], ["4/1/25"], None),
    ],
)
def test_the_order_of_dates_is_told_by_the_file_itself_or_not_at_all(
    periods: list[tuple[str | None, str | None]], others: list[str], order: Order | None
) -> None:
    assert order_of(periods, others) == order


@pytest.mark.parametrize(
    ("start", "end", "day"),
    [
        ("2024-09-01 00:00", "2024-09-01 23:59:59", date(2024, 9, 1)),
        ("2024-09-01 22:00", "2024-09-01 23:00", date(2024, 9, 1)),
        ("2024-09-30 23:00", "2024-10-01 00:00", date(2024, 9, 30)),
        ("2024-09-01", "2024-09-02", date(2024, 9, 1)),
        ("2024-09-01 22:00", "2024-09-02 01:00", None),
        ("2024-09-01", "2024-10-01", None),
        ("2024-09-01", None, None),
        ("2024-09", "2024-09", None),
    ],
)
def test_a_period_belongs_to_a_day_that_holds_it_whole(
    start: str, end: str | None, day: date | None
) -> None:
    assert within_a_day(moment(start, None), moment(end, None)) == day


def test_ids_keep_their_zeros_and_lose_what_spreadsheets_put_around_them() -> None:
    assert names.account("0012345\t") == "0012345"
    assert names.account("`100000000001") == "100000000001"
    assert names.account('="000123"') == "000123"
    assert names.account("1.23457E+15") is None
    assert names.name("云服务器\n ECS\x00") == "云服务器 ECS"
    assert names.name("NULL") is None


def test_currencies_are_codes() -> None:
    assert names.currency("人民币") == names.currency("￥") == names.currency("cny") == "CNY"
    assert names.currency("美元") == "USD"
    assert names.currency("-") is None


def test_sums_lose_no_digit_and_have_no_exponent() -> None:
    numbers = [Decimal("1E-40"), Decimal(123456789012345678901234567890), None]

    assert f"{total(numbers)}" == "123456789012345678901234567890." + "0" * 39 + "1"
    assert total([None]) is None
    assert str(plain(Decimal("1200.00"))) == "1200"
    assert str(plain(Decimal("-0.00"))) == "0"
    assert str(plain(Decimal("12E2"))) == "1200"

"""A bill put on a usage page: what it replaces, what stays, and how many days it covers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from aswiki.domain.spending.usage_page import DayCost, Statement, page, total

SHA_A, SHA_B, SHA_C = "a" * 64, "b" * 64, "c" * 64


def line(product: str, cost: str | None, **more: Any) -> dict[str, Any]:
    amount = None if cost is None else Decimal(cost)
    facts = {"product": product, "charge": "usage", "currency": "CNY", "effective_cost": amount}
    return facts | more


def bill(
    *lines: dict[str, Any],
    sha: str = SHA_A,
    name: str = "oct.csv",
    account: str = "1001",
    provider: str = "云帆云",
    days: tuple[DayCost, ...] = (),
) -> Statement:
    source = {"name": name, "sha256": sha, "provider": provider, "billing_account_id": account}
    return Statement(source | {"rows": len(lines), "encoding": None}, lines, days)


def day(number: int, cost: str, product: str = "CDN", month: int = 10) -> DayCost:
    return DayCost(product, "CNY", date(2026, month, number), Decimal(cost))


def fields_of(present: dict[str, Any], *statements: Statement) -> dict[str, Any]:
    return dict(page(present, "2026-10", statements).fields)


def test_a_new_page_has_one_source_and_its_lines_in_the_order_of_their_keys() -> None:
    made = fields_of({}, bill(line("OSS", "2.50", region=None), line("CDN", "1.00")))
    assert made == {
        "days_covered": 31,
        "sources": [
            {"name": "oct.csv", "sha256": SHA_A, "provider": "云帆云", "billing_account_id": "1001",
             "rows": 2}
        ],
        "lines": [
            {"source": 1, "product": "CDN", "charge": "usage", "currency": "CNY",
             "effective_cost": Decimal("1.00")},
            {"source": 1, "product": "OSS", "charge": "usage", "currency": "CNY",
             "effective_cost": Decimal("2.50")},
        ],
    }  # fmt: skip
    assert list(made["lines"][0])[:2] == ["source", "product"]


def test_lines_of_one_key_are_summed_to_the_last_digit_and_currencies_stay_apart() -> None:
    tiny, huge = "0.00000000000000000000000000000000000001", "12345678901234567890123456789"
    made = fields_of(
        {}, bill(line("CDN", tiny), line("CDN", huge), line("CDN", "5", currency="USD"))
    )
    assert [format(one["effective_cost"], "f") for one in made["lines"]] == [
        f"{huge}.{tiny[2:]}",
        "5",
    ]


def test_an_amount_that_no_row_has_is_left_out_and_zero_is_not() -> None:
    [one] = fields_of({}, bill(line("CDN", None, billed_cost=Decimal(0))))["lines"]
    assert "effective_cost" not in one
    assert one["billed_cost"] == 0
    assert total([None, None]) is None


def test_the_same_file_again_gives_the_same_page() -> None:
    statement = bill(line("CDN", "1.00"), days=(day(1, "1.00"),))
    first = fields_of({}, statement)
    assert fields_of(first, statement) == first
    renamed = bill(line("CDN", "1.00"), days=(day(1, "1.00"),), name="copy of oct.csv")
    assert fields_of(first, renamed) == first


def test_a_corrected_file_replaces_its_account_and_leaves_the_others_alone() -> None:
    first = fields_of(
        {},
        bill(line("CDN", "1"), line("OSS", "2"), days=(day(1, "1"),)),
        bill(line("CDN", "7"), account="2002", sha=SHA_B, days=(day(1, "7"), day(2, "7"))),
    )
    first["lines"][0]["x_note"] = "einmalig"
    corrected = bill(line("CDN", "1.5"), line("WAF", "3"), sha=SHA_C, name="oct-v2.csv")
    after = fields_of(first, corrected)
    assert [source["sha256"] for source in after["sources"]] == [SHA_C, SHA_B]
    assert [(one["source"], one["product"]) for one in after["lines"]] == [
        (1, "CDN"), (1, "WAF"), (2, "CDN"),
    ]  # fmt: skip
    assert after["lines"][0]["x_note"] == "einmalig"
    assert after["lines"][2] is first["lines"][2]
    assert after["daily"] == [first["daily"][1]]
    assert after["days_covered"] == 2


def test_another_provider_with_the_same_account_number_is_another_source() -> None:
    first = fields_of({}, bill(line("CDN", "1")))
    after = fields_of(first, bill(line("CDN", "2"), provider="青岚云", sha=SHA_B))
    assert [one["source"] for one in after["lines"]] == [1, 2]


def test_a_bill_in_two_files_has_two_sources_and_one_later_file_takes_the_place_of_both() -> None:
    parts = [bill(line("CDN", "1"), name="1.csv"), bill(line("CDN", "2"), sha=SHA_B, name="2.csv")]
    other = bill(line("CDN", "9"), account="2002", sha=SHA_C)
    first = fields_of({}, *parts, other)
    assert [one["source"] for one in first["lines"]] == [1, 2, 3]
    result = page(first, "2026-10", [bill(line("CDN", "3"), sha=SHA_B, name="2.csv")])
    assert result.displaced == ["1.csv"]
    assert [source["name"] for source in result.fields["sources"]] == ["2.csv", "oct.csv"]
    assert [(one["source"], one["effective_cost"]) for one in result.fields["lines"]] == [
        (1, 3), (2, 9),
    ]  # fmt: skip


def test_lines_that_name_no_source_were_typed_by_hand_and_stay() -> None:
    typed = {"product": "专线", "charge": "usage", "currency": "CNY", "effective_cost": Decimal(9)}
    after = fields_of({"lines": [typed]}, bill(line("CDN", "1")))
    assert after["lines"][0] is typed
    again = fields_of(after, bill(line("CDN", "2"), sha=SHA_B))
    assert again["lines"] == [typed, {"source": 1, **line("CDN", "2")}]


def test_a_number_that_leads_to_no_source_is_not_taken_for_the_new_one() -> None:
    stray = {"source": 1, "product": "专线", "effective_cost": Decimal(9)}
    after = fields_of({"lines": [stray]}, bill(line("CDN", "1")))
    assert after["lines"] == [
        {"product": "专线", "effective_cost": Decimal(9)},
        {"source": 1, **line("CDN", "1")},
    ]


def test_daily_costs_have_a_place_for_every_day_and_null_where_no_row_is() -> None:
    made = page({}, "2026-10", [
        bill(line("CDN", "6"), days=(day(2, "1"), day(2, "2"), day(31, "3"), day(30, "9", month=9)))
    ])  # fmt: skip
    [costs] = made.fields["daily"]
    assert (costs["source"], len(costs["costs"])) == (1, 31)
    assert {at: cost for at, cost in enumerate(costs["costs"]) if cost is not None} == {1: 3, 30: 3}
    assert made.fields["days_covered"] == 2
    assert made.outside == 1


def test_daily_costs_without_a_number_are_of_the_first_source() -> None:
    old = {"product": "CDN", "currency": "CNY", "costs": [Decimal(1)]}
    source = bill(line("CDN", "1")).source
    present = {"sources": [source], "daily": [old]}
    added = fields_of(
        present, bill(line("CDN", "1"), account="2002", sha=SHA_B, days=(day(1, "4"),))
    )
    assert added["daily"][0] is old
    assert added["daily"][1]["source"] == 2
    replaced = fields_of(present, bill(line("CDN", "2"), sha=SHA_B, days=(day(3, "2"),)))
    assert [one["costs"][2] for one in replaced["daily"]] == [2]


def test_equal_amounts_written_otherwise_stay_as_they_are_written() -> None:
    first = fields_of({}, bill(line("CDN", "1.50")))
    after = fields_of(first, bill(line("CDN", "1.5"), sha=SHA_B))
    assert after["lines"][0] is first["lines"][0]

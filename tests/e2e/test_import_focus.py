"""``import focus``: rows find their customer, sums lose no digit, twice is once."""

from __future__ import annotations

import csv
import hashlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

SAMPLE = Path(__file__).parents[3] / "shared/data/focus/focus_sample.csv"


def row(cost: str, **said: str) -> dict[str, str]:
    """One day's row of an account, overridden by what is said."""
    day = int(said.pop("day", "1"))
    found = {
        "BillingAccountId": "BR-1", "SubAccountId": "", "ChargeCategory": "Usage",
        "BillingPeriodStart": "2026-09-01T00:00:00Z", "BillingPeriodEnd": "2026-10-01T00:00:00Z",
        "ChargePeriodStart": f"2026-09-{day:02}T00:00:00Z",
        "ChargePeriodEnd": f"2026-09-{day + 1:02}T00:00:00Z",
        "BillingCurrency": "CNY", "ServiceName": "对象存储", "ServiceCategory": "Storage",
        "RegionId": "cn-east-1", "ProviderName": "云帆云", "BilledCost": cost,
        "EffectiveCost": cost, "ListCost": cost, "ConsumedQuantity": "1", "ConsumedUnit": "GB",
    }  # fmt: skip
    return found | said


def written(place: Path, *rows: dict[str, str], encoding: str = "utf-8") -> Path:
    with place.open("w", encoding=encoding, newline="") as file:
        table = csv.DictWriter(file, list(row("0")))
        table.writeheader()
        table.writerows(rows)
    return place


@pytest.fixture
def ours(wiki: Path, run: Any) -> Path:
    """The wiki with an account for each of two customers."""
    run("set", "蓝鲸", "--add", "billing_account_ids=BR-1")
    run("set", "acme", "--add", "billing_account_ids=ACME-1,SUB-9")
    return wiki


@pytest.fixture
def bill(tmp_path: Path) -> Path:
    """Two customers' rows and a stranger's in one file."""
    return written(
        tmp_path / "账单.csv",
        row("0.10", day="1"),
        row("0.20", day="2"),
        row("7.000000000000000001", ServiceName="CDN", BillingAccountId="ACME-1"),
        row("3.5", BillingAccountId="ZZ-7", SubAccountId="s1"),
        row("1.5", BillingAccountId="ZZ-7", SubAccountId="s1", BillingCurrency="USD"),
    )


def fields_of(run: Any, ref: str) -> Any:
    return run("show", ref, "--json").json["fields"]


@pytest.mark.real
@pytest.mark.skipif(not SAMPLE.is_file(), reason="the FOCUS sample is not there")
def test_the_public_sample_comes_in_to_the_last_digit(examples: Path, run: Any) -> None:
    done = run("import", "focus", str(SAMPLE), "--customer", "sunbird", "--json")
    assert done.code == 0
    assert (done.json["rows"], done.json["rejected"], done.json["unmatched"]) == (1000, 0, [])
    assert done.json["sums"]["USD"] == {
        "BilledCost": "20.52022672899",
        "EffectiveCost": "14.97651418586",
        "ListCost": "20.39090575119",
    }
    pages = [item["ref"] for item in done.json["refs"]]
    assert pages == ["sunbird/usage/2024-09", "sunbird/usage/2024-10"]
    costs = [
        Decimal(line["effective_cost"])
        for page in pages
        for line in fields_of(run, page)["lines"]
        if "effective_cost" in line
    ]
    assert sum(costs) == Decimal("14.97651418586")
    again = run("import", "focus", str(SAMPLE), "--customer", "sunbird", "--json")
    assert (again.code, again.json["commit"], again.json["records"]) == (0, None, 0)
    assert not [p for p in run("validate", "--json").json["problems"] if p["level"] == "error"]


def test_rows_go_to_the_customers_whose_profiles_hold_the_account(
    ours: Path, bill: Path, run: Any, git: Any
) -> None:
    done = run("import", "focus", str(bill), "--json")
    assert done.code == 0
    found = done.json
    assert list(found) == [
        "ref", "path", "commit", "warnings", "refs", "rows", "rejected", "records", "sums",
        "unmatched",
    ]  # fmt: skip
    assert (found["rows"], found["rejected"], found["records"]) == (5, 0, 2)
    assert [item["ref"] for item in found["refs"]] == [
        "acme/usage/2026-09", "lan-jing-you-xi/usage/2026-09",
    ]  # fmt: skip
    assert found["sums"]["CNY"]["EffectiveCost"] == "10.800000000000000001"
    assert found["sums"]["USD"]["BilledCost"] == "1.5"
    stranger = {"BilledCost": "3.5", "EffectiveCost": "3.5", "ListCost": "3.5"}
    assert found["unmatched"][0] == {
        "provider": "云帆云", "account": "ZZ-7", "sub_account": "s1", "month": "2026-09",
        "currency": "CNY", "rows": 1, "sums": stranger,
    }  # fmt: skip
    assert [one["currency"] for one in found["unmatched"]] == ["CNY", "USD"]
    assert (
        "ZZ-7 / s1, 2026-09, USD: BilledCost 1.5, EffectiveCost 1.5, ListCost 1.5 (rows" in done.err
    )
    assert "billing_account_ids=ACCOUNT" in done.err
    message = git(ours, "log", "-1", "--format=%B")
    digest = hashlib.sha256(bill.read_bytes()).hexdigest()
    assert message.startswith("import: 2 usage pages of 2 customers from 账单.csv\n\n")
    assert f"\nfrom 账单.csv sha256:{digest}\n\nAswiki-Op: import\n" in message
    assert git(ours, "status", "--porcelain") == ""


def test_a_page_holds_what_the_rows_say(ours: Path, bill: Path, run: Any) -> None:
    run("import", "focus", str(bill))
    digest = hashlib.sha256(bill.read_bytes()).hexdigest()
    nulls = ", null" * 28
    assert (ours / "customers/lan-jing-you-xi/usage/2026-09.md").read_text(encoding="utf-8") == (
        "---\ntype: usage\ntitle: 蓝鲸游戏：2026-09 用量\nperiod: 2026-09\ndays_covered: 2\n"
        f"sources:\n  - {{name: 账单.csv, sha256: {digest}, provider: 云帆云, "
        "billing_account_id: BR-1, rows: 2, rejected: 0, encoding: utf-8}\n"
        "lines:\n  - {source: 1, product: 对象存储, service_category: Storage, region: cn-east-1, "
        "charge: usage, currency: CNY, unit: GB, quantity: 2, billed_cost: 0.3, "
        "effective_cost: 0.3, list_cost: 0.3}\n"
        f"daily:\n  - {{source: 1, product: 对象存储, currency: CNY, costs: [0.1, 0.2{nulls}]}}\n"
        "owner: writer\n---\n"
    )


def test_a_day_without_a_row_is_shown_as_a_dash(ours: Path, bill: Path, run: Any) -> None:
    run("import", "focus", str(bill))
    shown = run("show", "lan-jing-you-xi/usage/2026-09").out
    assert "0.1, 0.2, –, –" in shown
    assert "None" not in shown


def test_where_all_rows_go_to_a_retired_page_the_refusal_says_how_to_bring_it_back(
    ours: Path, tmp_path: Path, run: Any
) -> None:
    bill = written(tmp_path / "b.csv", row("5"))
    run("import", "focus", str(bill))
    run("retire", "lan-jing-you-xi/usage/2026-09", "--why", "wrong account")
    done = run("import", "focus", str(bill), "--customer", "蓝鲸")
    assert done.code == 2
    assert "customers/lan-jing-you-xi/usage/2026-09.md is retired." in done.err
    assert "--customer" not in done.err
    assert run("undo").code == 0
    assert run("import", "focus", str(bill)).code == 0


def test_of_several_files_the_one_that_cannot_be_read_is_named(
    ours: Path, bill: Path, tmp_path: Path, run: Any
) -> None:
    empty = tmp_path / "十月.csv"
    empty.touch()
    done = run("import", "focus", str(bill), str(empty))
    assert done.code == 2
    assert "十月.csv: The file is neither CSV" in done.err


def test_the_same_file_again_changes_nothing(ours: Path, bill: Path, run: Any, state: Any) -> None:
    run("import", "focus", str(bill))
    before = state(ours)
    again = run("import", "focus", str(bill), "--json")
    assert (again.code, again.json["commit"], again.json["refs"]) == (0, None, [])
    copy = bill.rename(bill.with_name("copy.csv"))
    assert run("import", "focus", str(copy), "--json").json["commit"] is None
    assert state(ours) == before


def test_a_corrected_file_changes_its_lines_alone(
    ours: Path, tmp_path: Path, run: Any, git: Any
) -> None:
    rows = [row(f"{n}.5", ServiceName=f"P{n}") for n in range(9)]
    run("import", "focus", str(written(tmp_path / "a.csv", *rows)))
    answer = "{scope: total, horizon: short, feedback: planned, explanation: 扩容, by: writer}"
    run("set", "蓝鲸/usage/2026-09", f"swings=[{answer}]", "owner=zhangwei", "x_note=看过")
    page = ours / "customers/lan-jing-you-xi/usage/2026-09.md"
    with page.open("a", encoding="utf-8") as file:
        file.write("\n自己的话。\n")
    assert run("commit", "-m", "prose").code == 0
    before = page.read_text(encoding="utf-8").splitlines()
    rows[3] = row("4.5", ServiceName="P3")
    done = run("import", "focus", str(written(tmp_path / "b.csv", *rows)), "--json")
    assert done.json["records"] == 1
    after = page.read_text(encoding="utf-8").splitlines()
    assert len(after) == len(before)
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [new[:32] for _old, new in changed] == [
        "  - {name: b.csv, sha256: "
        + hashlib.sha256((tmp_path / "b.csv").read_bytes()).hexdigest()[:6],
        "  - {source: 1, product: P3, ser",
        "  - {source: 1, product: P3, cur",
    ]
    assert "from b.csv sha256:" in git(ours, "log", "-1", "--format=%B")
    fields = fields_of(run, "蓝鲸/usage/2026-09")
    assert fields["swings"][0]["explanation"] == "扩容"
    assert (fields["owner"], fields["x_note"]) == ("zhangwei", "看过")


def test_the_sub_account_decides_where_both_are_held(ours: Path, tmp_path: Path, run: Any) -> None:
    file = written(tmp_path / "a.csv", row("1"), row("2", SubAccountId="SUB-9"))
    run("import", "focus", str(file))
    [source] = fields_of(run, "acme/usage/2026-09")["sources"]
    assert (source["billing_account_id"], source["rows"]) == ("SUB-9", 1)
    [source] = fields_of(run, "蓝鲸/usage/2026-09")["sources"]
    assert (source["billing_account_id"], source["rows"]) == ("BR-1", 1)


def test_an_account_of_two_customers_is_refused_with_both_named(
    ours: Path, bill: Path, run: Any, state: Any
) -> None:
    run("set", "acme", "--add", "billing_account_ids=BR-1")
    before = state(ours)
    done = run("import", "focus", str(bill), "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", "two-owners")
    assert "acme, lan-jing-you-xi" in done.error["message"]
    assert state(ours) == before
    named = run("import", "focus", str(bill), "--customer", "acme", "--json")
    assert (named.code, named.json["unmatched"]) == (0, [])
    assert any("BR-1" in warning for warning in named.json["warnings"])


def test_strict_and_a_file_of_strangers_write_nothing(
    ours: Path, bill: Path, tmp_path: Path, run: Any, state: Any
) -> None:
    before = state(ours)
    done = run("import", "focus", str(bill), "--strict", "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", "rejected")
    assert "Of no customer: 2" in done.error["message"]
    assert "ZZ-7 / s1" in done.err
    strangers = written(tmp_path / "s.csv", row("1", BillingAccountId="ZZ-7"))
    done = run("import", "focus", str(strangers))
    assert done.code == 2
    assert "--customer" in done.err
    assert run("import", "focus", str(tmp_path / "none.csv")).code == 2
    assert run("import", "focus", str(bill), "--at", "昨天").code == 2
    assert state(ours) == before


def test_many_unmatched_accounts_are_told_by_billing_account(
    ours: Path, tmp_path: Path, run: Any
) -> None:
    strange = [row("0.1", BillingAccountId="ZZ-7", SubAccountId=f"s{n}") for n in range(21)]
    done = run("import", "focus", str(written(tmp_path / "a.csv", row("1"), *strange)), "--json")
    assert len(done.json["unmatched"]) == 21
    said = [line for line in done.err.splitlines() if "ZZ-7" in line]
    assert len(said) == 1
    assert "ZZ-7 / *, 2026-09, CNY: BilledCost 2.1," in said[0]
    assert said[0].endswith("(rows without a page: 21)")


def test_a_bad_row_is_named_and_does_not_stop_the_rest(
    ours: Path, tmp_path: Path, run: Any
) -> None:
    file = written(tmp_path / "a.csv", row("1"), row("much"), row("2", day="3"))
    done = run("import", "focus", str(file), "--json")
    assert (done.json["rows"], done.json["rejected"], done.json["records"]) == (3, 1, 1)
    assert "a.csv: row 3: " in done.err
    assert done.json["sums"]["CNY"]["BilledCost"] == "3"
    [source] = fields_of(run, "蓝鲸/usage/2026-09")["sources"]
    assert (source["rows"], source["rejected"]) == (2, 1)
    assert run("import", "focus", str(file), "--strict").code == 2


def test_a_chinese_encoding_and_a_missing_currency_are_read(
    ours: Path, tmp_path: Path, run: Any
) -> None:
    file = written(tmp_path / "a.csv", row("1", BillingCurrency=""), encoding="gb18030")
    done = run("import", "focus", str(file), "--json")
    assert done.json["sums"] == {
        "CNY": {"BilledCost": "1", "EffectiveCost": "1", "ListCost": "1"},
    }
    assert any("without a currency, taken as CNY" in said for said in done.json["warnings"])
    fields = fields_of(run, "蓝鲸/usage/2026-09")
    assert fields["lines"][0]["currency"] == "CNY"
    assert fields["sources"][0]["encoding"] == "gb18030"


def test_currencies_in_one_page_stay_apart_and_are_named(
    ours: Path, tmp_path: Path, run: Any
) -> None:
    file = written(tmp_path / "a.csv", row("1"), row("2", BillingCurrency="USD"))
    done = run("import", "focus", str(file), "--json")
    assert [line["currency"] for line in fields_of(run, "蓝鲸/usage/2026-09")["lines"]] == [
        "CNY", "USD",
    ]  # fmt: skip
    assert any("CNY, USD; they are never added together" in said for said in done.json["warnings"])


def test_a_bill_in_parts_is_one_commit_and_each_part_a_source(
    ours: Path, tmp_path: Path, run: Any, git: Any
) -> None:
    one = written(tmp_path / "1.csv", row("1"))
    two = written(tmp_path / "2.csv", row("2", day="9"))
    done = run("import", "focus", str(one), str(two), str(one), "--json")
    assert (done.json["rows"], done.json["records"]) == (2, 1)
    assert done.json["sums"]["CNY"]["BilledCost"] == "3"
    assert any("holds the same as" in said for said in done.json["warnings"])
    assert any("1.csv, 2.csv; their lines were added up" in said for said in done.json["warnings"])
    fields = fields_of(run, "蓝鲸/usage/2026-09")
    assert [source["name"] for source in fields["sources"]] == ["1.csv", "2.csv"]
    assert fields["days_covered"] == 2
    message = git(ours, "log", "-1", "--format=%B")
    assert message.startswith("import(lan-jing-you-xi): 1 usage page from 2 files\n")
    assert message.count(" sha256:") == 3


def test_a_page_with_hand_edits_is_not_written_upon(
    ours: Path, bill: Path, tmp_path: Path, run: Any, state: Any
) -> None:
    run("import", "focus", str(bill))
    page = ours / "customers/acme/usage/2026-09.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nby hand\n", encoding="utf-8")
    before = state(ours)
    other = written(tmp_path / "b.csv", row("9", BillingAccountId="ACME-1"), row("1"))
    done = run("import", "focus", str(other), "--json")
    assert (done.code, done.error["code"]) == (4, "hand-edits")
    assert "aswiki commit" in done.error["hint"]
    assert state(ours) == before


def test_rows_of_a_retired_page_are_left_out_and_said(
    ours: Path, bill: Path, tmp_path: Path, run: Any
) -> None:
    run("import", "focus", str(bill))
    run("retire", "acme/usage/2026-09", "--why", "falsch")
    other = written(tmp_path / "b.csv", row("9", BillingAccountId="ACME-1"), row("1"))
    done = run("import", "focus", str(other), "--json")
    assert (done.code, done.json["records"]) == (0, 1)
    assert [one["account"] for one in done.json["unmatched"]] == ["ACME-1"]
    assert any("acme/usage/2026-09.md was retired" in said for said in done.json["warnings"])


def test_an_import_that_was_undone_can_be_done_again(ours: Path, bill: Path, run: Any) -> None:
    run("import", "focus", str(bill))
    assert run("undo").code == 0
    assert run("show", "acme/usage/2026-09", "--json").json["fields"]["status"] == "retired"
    done = run("import", "focus", str(bill), "--json")
    assert (done.code, done.json["records"]) == (0, 2)
    assert fields_of(run, "acme/usage/2026-09")["lines"][0]["product"] == "CDN"
    assert run("undo").code == 0


def test_an_account_on_two_customers_pages_is_said_to_count_twice(
    ours: Path, bill: Path, tmp_path: Path, run: Any
) -> None:
    file = written(tmp_path / "a.csv", row("1"))
    run("import", "focus", str(file), "--customer", "acme")
    done = run("import", "focus", str(bill), "--json")
    [said] = [one for one in done.json["warnings"] if "count twice" in one]
    assert "customers/acme/usage/2026-09.md holds amounts of account BR-1" in said


def test_the_pages_and_what_matched_nobody_are_the_files_sums(
    ours: Path, tmp_path: Path, run: Any
) -> None:
    accounts = ["BR-1", "ACME-1", "ZZ-7"]
    rows = [
        row(
            f"{n * 37 % 101}.{n:018}",
            BillingAccountId=accounts[n % 3],
            ServiceName=f"P{n % 5}",
            day=str(n % 28 + 1),
            BillingCurrency="USD" if n % 7 == 0 else "CNY",
        )
        for n in range(120)
    ]
    done = run("import", "focus", str(written(tmp_path / "a.csv", *rows)), "--json").json
    lines = [line for item in done["refs"] for line in fields_of(run, item["ref"])["lines"]]
    for currency, sums in done["sums"].items():
        expected = sum(Decimal(r["BilledCost"]) for r in rows if r["BillingCurrency"] == currency)
        paged = sum(Decimal(one["billed_cost"]) for one in lines if one["currency"] == currency)
        left = sum(
            Decimal(one["sums"]["BilledCost"])
            for one in done["unmatched"]
            if one["currency"] == currency
        )
        assert Decimal(sums["BilledCost"]) == expected == paged + left
    assert sum(one["rows"] for one in done["unmatched"]) == 40


def test_a_month_ahead_is_taken_with_a_warning(ours: Path, tmp_path: Path, run: Any) -> None:
    period = {"BillingPeriodStart": "2026-12-01", "BillingPeriodEnd": "2027-01-01"}
    charged = {"ChargePeriodStart": "2026-12-01", "ChargePeriodEnd": "2026-12-02"}
    done = run(
        "import", "focus", str(written(tmp_path / "a.csv", row("1", **period, **charged))), "--json"
    )
    assert done.code == 0
    assert any("2026-12.md: the month lies ahead" in said for said in done.json["warnings"])


def test_a_dry_run_shows_the_pages_and_writes_none(
    ours: Path, bill: Path, run: Any, state: Any
) -> None:
    before = state(ours)
    done = run("import", "focus", str(bill), "--dry-run")
    assert done.code == 0
    assert "+++ b/customers/acme/usage/2026-09.md" in done.out
    assert "lan-jing-you-xi 2026-09: CNY 0.3 (rows: 2)" in done.err
    assert "ZZ-7" in done.err
    assert state(ours) == before


def test_the_success_line_says_how_many_pages_came_from_where(
    ours: Path, bill: Path, run: Any
) -> None:
    done = run("import", "focus", str(bill))
    assert done.out.startswith("Usage pages written from 账单.csv: 2 · commit ")

"""``import bill``: a bill with columns of its own, read by a map that is named or set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

HEADINGS = "账期,账号ID,资源归属账号ID,产品名称,账单类型,币种,应付金额,账单日期\n"
ROWS = (
    "2026-09,1001,,对象存储,按量付费,CNY,12.30,2026-09-01\n"
    "2026-09,1001,,对象存储,按量付费,CNY,0.70,2026-09-02\n"
    "2026-09,1001,2002,云服务器,按量付费,CNY,5,2026-09-01\n"
    "2026-09,9999,,云服务器,按量付费,CNY,8,2026-09-01\n"
)
OWN = """\
[defaults]
provider = "自营云"
charge = "usage"

[columns]
month = "YF"
account = "ZH"
product = "CP"
billed = "JE"
"""


@pytest.fixture
def ours(wiki: Path, run: Any) -> Path:
    """The wiki with an account, and a sub account, of two customers."""
    run("set", "蓝鲸", "--add", "billing_account_ids=1001")
    run("set", "acme", "--add", "billing_account_ids=2002")
    return wiki


def written(file: Path, text: str, encoding: str = "utf-8") -> Path:
    file.write_text(text, encoding=encoding)
    return file


@pytest.fixture
def bill(tmp_path: Path) -> Path:
    return written(tmp_path / "账单.csv", HEADINGS + ROWS)


def lines_of(run: Any, customer: str) -> Any:
    return run("show", f"{customer}/usage/2026-09", "--json").json["fields"]["lines"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_bill_of_a_cloud_is_read_by_its_map(
    ours: Path, tmp_path: Path, run: Any, encoding: str
) -> None:
    file = written(tmp_path / "账单.csv", HEADINGS + ROWS, encoding)
    done = run("import", "bill", str(file), "--map", "aliyun", "--json")
    assert done.code == 0
    assert (done.json["rows"], done.json["rejected"], done.json["records"]) == (4, 0, 2)
    assert done.json["sums"]["CNY"]["BilledCost"] == "26"
    assert [one["account"] for one in done.json["unmatched"]] == ["9999"]
    [line] = lines_of(run, "蓝鲸")
    assert (line["product"], line["charge"], line["billed_cost"]) == ("对象存储", "usage", "13")
    assert [line["product"] for line in lines_of(run, "acme")] == ["云服务器"]
    again = run("import", "bill", str(file), "--map", "aliyun", "--json")
    assert (again.code, again.json["commit"]) == (0, None)


def test_a_corrected_bill_changes_one_line(ours: Path, bill: Path, run: Any) -> None:
    run("import", "bill", str(bill), "--map", "aliyun")
    page = ours / "customers/acme/usage/2026-09.md"
    before = page.read_text(encoding="utf-8").splitlines()
    written(bill, (HEADINGS + ROWS).replace("CNY,5,", "CNY,6,"))
    done = run("import", "bill", str(bill), "--map", "aliyun", "--json")
    assert "acme/usage/2026-09" in [item["ref"] for item in done.json["refs"]]
    after = page.read_text(encoding="utf-8").splitlines()
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert ["sha256" in line for line in changed] == [True, False, False]
    assert lines_of(run, "acme")[0]["billed_cost"] == "6"


def test_a_map_of_the_wiki_is_taken_and_may_be_the_default(
    ours: Path, tmp_path: Path, run: Any
) -> None:
    file = written(tmp_path / "a.csv", "YF,ZH,CP,JE\n2026-09,1001,专线,88.8\n")
    (ours / "maps").mkdir()
    written(ours / "maps/ziying.toml", OWN)
    done = run("import", "bill", str(file), "--map", "ziying", "--json")
    assert done.code == 0
    assert any("without a currency, taken as CNY: 1" in said for said in done.json["warnings"])
    [line] = lines_of(run, "蓝鲸")
    assert (line["product"], line["currency"], line["billed_cost"]) == ("专线", "CNY", "88.8")
    settings = (ours / "aswiki.toml").read_text(encoding="utf-8")
    written(ours / "aswiki.toml", f'{settings}\n[billing]\nmap = "ziying"\n')
    assert run("import", "bill", str(file), "--json").json["commit"] is None


def test_without_a_map_or_with_one_that_is_not_there_nothing_is_done(
    ours: Path, bill: Path, run: Any, state: Any
) -> None:
    before = state(ours)
    done = run("import", "bill", str(bill), "--json")
    assert (done.code, done.error["code"]) == (2, "missing-argument")
    assert "--map" in done.error["message"]
    done = run("import", "bill", str(bill), "--map", "nobody", "--json")
    assert (done.code, done.error["code"]) == (2, "no-map")
    assert "aliyun" in done.error["hint"]
    assert "gcp-status" not in done.error["hint"]
    assert run("import", "bill", str(bill), "--map", "../../etc/passwd").code == 2
    assert run("import", "bill", str(bill), "--map", "customers").code == 2
    assert state(ours) == before


def test_all_rows_can_be_given_to_one_customer(ours: Path, bill: Path, run: Any) -> None:
    done = run("import", "bill", str(bill), "--map", "aliyun", "--customer", "Acme Corp", "--json")
    assert (done.json["records"], done.json["unmatched"]) == (1, [])
    fields = run("show", "acme/usage/2026-09", "--json").json["fields"]
    assert [source["billing_account_id"] for source in fields["sources"]] == ["1001", "9999"]
    assert sum(source["rows"] for source in fields["sources"]) == 4
    assert any("1001 stands in the profile of lan-jing" in said for said in done.json["warnings"])


def test_strict_stops_at_a_stranger(ours: Path, bill: Path, run: Any, state: Any) -> None:
    before = state(ours)
    done = run("import", "bill", str(bill), "--map", "aliyun", "--strict", "--json")
    assert (done.code, done.error["code"]) == (2, "rejected")
    assert state(ours) == before

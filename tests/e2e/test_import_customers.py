"""``import customers``: a table becomes profiles in one commit, nobody is made twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

CHINESE = """\
客户台账,,,,,,,,,
客户名称,客户简称,账户级别,行业,账单账号,入网日期,负责人,欠费（元）,信用额度,销售,备注
恒川银行股份有限公司,恒川,战略,银行,"1001;1002",2021/4/12,老张,"1,200.50",50万,李四,大客户
晨光出行,,重点客户,出行,1003,2021年4月,,,,,
"""
ENGLISH = """\
Customer name,Account level,Industry,Billing account,Customer since,Owner,Credit limit
Sunbird Retail Pte Ltd,Key,retail,SBR-7001,2022-09-05,zhangwei,20000
Delta Freight,Long tail,logistics,DF-1,2023-01,,
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A Chinese table with a title above its headings."""
    return written(tmp_path / "客户台账.csv", CHINESE)


def written(file: Path, text: str, encoding: str = "utf-8") -> Path:
    file.write_text(text, encoding=encoding)
    return file


def test_a_table_becomes_profiles_in_one_commit(
    wiki: Path, table: Path, run: Any, git: Any
) -> None:
    before = git(wiki, "rev-parse", "HEAD").strip()
    done = run("import", "customers", str(table), "--json")
    assert done.code == 0
    found = done.json
    assert list(found) == [
        "ref", "path", "commit", "warnings", "refs", "rows", "rejected", "records", "sums",
        "unmatched",
    ]  # fmt: skip
    assert (found["ref"], found["path"], found["sums"], found["unmatched"]) == (None, None, {}, [])
    assert (found["rows"], found["rejected"], found["records"]) == (2, 0, 2)
    refs = ["heng-chuan-yin-hang/profile", "chen-guang-chu-xing/profile"]
    assert sorted(item["ref"] for item in found["refs"]) == sorted(refs)
    assert "These columns were not taken: 备注." in found["warnings"]
    assert git(wiki, "rev-parse", "HEAD^").strip() == before
    assert git(wiki, "log", "-1", "--format=%H %s").strip() == (
        f"{found['commit']} import: 2 customers from 客户台账.csv"
    )
    assert "Aswiki-Op: import\n" in git(wiki, "log", "-1", "--format=%B")
    assert git(wiki, "status", "--porcelain") == ""


def test_a_profile_holds_what_the_row_says(wiki: Path, table: Path, run: Any) -> None:
    run("import", "customers", str(table))
    assert (wiki / "customers/heng-chuan-yin-hang/profile.md").read_text(encoding="utf-8") == (
        "---\ntype: profile\ntitle: 恒川银行股份有限公司\nname: 恒川银行股份有限公司\n"
        "short_name: 恒川\nindustry: 银行\naccount_level: strategic\ncustomer_since: 2021-04-12\n"
        'billing_account_ids:\n  - "1001"\n  - "1002"\n'
        "our_team:\n  - {person: 李四, role: sales}\n"
        "credit:\n  owed_amount: 1200.50\n  credit_amount: 500000\nowner: zhangwei\n---\n"
    )
    other = run("show", "晨光出行", "--json").json["fields"]
    assert (other["customer_since"], other["account_level"]) == ("2021-04-01", "key")
    assert other["owner"] == "writer"
    assert not [p for p in run("validate", "--json").json["problems"] if p["level"] == "error"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(("text", "name"), [(CHINESE, "恒川"), (ENGLISH, "Sunbird Retail")])
def test_every_encoding_and_both_languages_are_read(
    wiki: Path, tmp_path: Path, run: Any, encoding: str, text: str, name: str
) -> None:
    file = written(tmp_path / "table.csv", text, encoding)
    assert run("import", "customers", str(file), "--json").json["records"] == 2
    fields = run("show", name, "--json").json["fields"]
    assert (fields["type"], fields["owner"]) == ("profile", "zhangwei")


def test_an_excel_file_is_read_as_it_looks(wiki: Path, tmp_path: Path, run: Any) -> None:
    file = tmp_path / "客户.xlsx"
    book = xlsxwriter.Workbook(str(file))
    sheet = book.add_worksheet("台账")
    sheet.merge_range("A1:D1", "客户台账（2026 年）")
    sheet.write_row(2, 0, ["公司", "账户级别", "账单账号", "在网时间", "我方占比"])
    sheet.write_row(3, 0, ["恒川银行", "战略", 100200500601, 44298, 0.35])
    sheet.write_row(5, 0, ["晨光出行", "一级", 1003, 44298])
    book.close()
    done = run("import", "customers", str(file), "--json")
    assert (done.json["rows"], done.json["records"], done.json["rejected"]) == (2, 1, 1)
    assert "客户.xlsx: row 6 (晨光出行): account_level: 一级" in done.err
    fields = run("show", "恒川", "--json").json["fields"]
    assert fields["billing_account_ids"] == ["100200500601"]
    assert (fields["customer_since"], fields["our_share_percent"]) == ("2021-04-12", "35")
    assert any("0.35 was read as 35 %" in warning for warning in done.json["warnings"])


def test_who_is_there_already_is_counted_and_left_alone(
    wiki: Path, tmp_path: Path, run: Any, git: Any
) -> None:
    run("set", "acme", "aliases=Acme Trading")
    head = git(wiki, "rev-parse", "HEAD")
    text = "公司,行业\n蓝鲸游戏集团有限公司,航运\nACME CORP,x\nacme,x\nAcme  Trading,x\n蓝鲸游戏,\n"
    done = run("import", "customers", str(written(tmp_path / "t.csv", text)), "--json")
    assert (done.code, done.json["commit"], done.json["refs"]) == (0, None, [])
    assert (done.json["rows"], done.json["records"], done.json["rejected"]) == (5, 0, 0)
    assert "Rows: 5; taken 0, there already 5, rejected 0." in done.err
    assert git(wiki, "rev-parse", "HEAD") == head


def test_importing_twice_adds_only_what_is_new(wiki: Path, table: Path, run: Any, git: Any) -> None:
    run("import", "customers", str(table))
    head = git(wiki, "rev-parse", "HEAD")
    again = run("import", "customers", str(table), "--json").json
    assert (again["commit"], again["records"], again["rejected"]) == (None, 0, 0)
    assert git(wiki, "rev-parse", "HEAD") == head
    written(table, f"{CHINESE}新来的,,试用,,,,,,,,\n")
    assert run("import", "customers", str(table), "--json").json["records"] == 1


def test_bad_rows_are_named_by_their_number_and_do_not_stop_the_rest(
    wiki: Path, tmp_path: Path, run: Any, git: Any
) -> None:
    text = (
        "客户名称,账户级别,入网日期,slug\n"
        "好公司,普通,2021-04-12,\n"
        ",重点,,\n"
        "坏级别,一级,,\n"
        "坏日期,,去年,\n"
        "好公司,战略,,\n"
        "???,,,\n"
        "郝公司,,,\n"
        "坏目录,,,lessons\n"
        "多一格,普通,,,x\n"
    )
    done = run("import", "customers", str(written(tmp_path / "t.csv", text)), "--json")
    assert done.code == 0
    assert (done.json["rows"], done.json["rejected"], done.json["records"]) == (9, 8, 1)
    lines = [line for line in done.err.splitlines() if "t.csv: row" in line]
    assert [line.split("t.csv: ")[1].split(": ")[0] for line in lines] == [
        "row 3",
        "row 4 (坏级别)",
        "row 5 (坏日期)",
        "row 6 (好公司)",
        "row 7 (???)",
        "row 8 (郝公司)",
        "row 9 (坏目录)",
        "row 10",
    ]
    for line, reason in zip(
        lines,
        ["name is missing", "strategic, key", "去年 is not a day", "row 2", "no slug",
         "belongs to 好公司", "cannot be a slug", "more cells than"],
        strict=True,
    ):  # fmt: skip
        assert reason in line
    assert git(wiki, "log", "-1", "--format=%s").strip() == "import: 1 customer from t.csv"


def test_strict_stops_all_at_one_bad_row(wiki: Path, table: Path, run: Any, state: Any) -> None:
    written(table, f"{CHINESE}坏级别,,一级,,,,,,,,\n")
    before = state(wiki)
    done = run("import", "customers", str(table), "--strict", "--json")
    assert (done.code, done.out) == (2, "")
    assert done.error["code"] == "rejected"
    assert done.error["message"].startswith("1 of 3 rows")
    assert "row 5 (坏级别)" in done.err
    assert state(wiki) == before
    assert run("import", "customers", str(table)).code == 0


def test_where_no_row_can_be_taken_nothing_is_done(
    wiki: Path, tmp_path: Path, run: Any, state: Any
) -> None:
    before = state(wiki)
    file = written(tmp_path / "t.csv", "公司,账户级别\n甲,一级\n乙,二级\n")
    assert run("import", "customers", str(file), "--json").error["code"] == "rejected"
    headless = written(tmp_path / "u.csv", "甲,一级\n乙,二级\n")
    done = run("import", "customers", str(headless), "--json")
    assert (done.code, done.error["code"]) == (2, "no-headings")
    assert run("import", "customers", str(tmp_path / "none.csv")).code == 2
    assert run("import", "customers", str(file), "--at", "昨天").code == 2
    assert state(wiki) == before


def test_a_dry_run_shows_what_would_be_made(wiki: Path, table: Path, run: Any, state: Any) -> None:
    before = state(wiki)
    done = run("import", "customers", str(table), "--dry-run")
    assert done.code == 0
    assert "+++ b/customers/heng-chuan-yin-hang/profile.md" in done.out
    assert "+account_level: strategic" in done.out
    assert "Rows: 2; taken 2" in done.err
    found = run("import", "customers", str(table), "--dry-run", "--json").json
    assert (found["commit"], found["records"]) == (None, 2)
    assert "+name: 晨光出行" in found["diff"]
    assert state(wiki) == before


def test_set_and_by_go_into_every_profile(wiki: Path, table: Path, run: Any) -> None:
    run("import", "customers", str(table), "--set", "lifecycle=接入", "--by", "老张")
    for name in ("恒川", "晨光出行"):
        fields = run("show", name, "--json").json["fields"]
        assert (fields["lifecycle"], fields["source"]) == ("onboarding", {"said_by": "zhangwei"})


def test_an_own_map_names_columns_and_words(wiki: Path, tmp_path: Path, run: Any) -> None:
    (wiki / "maps").mkdir()
    own = '[columns]\nname = ["KH_MC"]\nx_crm = ["KH_ID"]\n[words.account_level]\nA = "strategic"\n'
    written(wiki / "maps" / "crm.toml", own)
    file = written(tmp_path / "t.csv", "KH_MC,KH_ID,级别\n恒川银行,77,A\n")
    assert run("import", "customers", str(file)).code == 2
    assert run("import", "customers", str(file), "--map", "crm", "--json").json["records"] == 1
    fields = run("show", "恒川", "--json").json["fields"]
    assert (fields["account_level"], fields["x_crm"]) == ("strategic", "77")
    done = run("import", "customers", str(file), "--map", "none", "--json")
    assert (done.code, done.error["code"]) == (2, "no-map")


def test_what_was_imported_can_be_undone(wiki: Path, table: Path, run: Any) -> None:
    commit = run("import", "customers", str(table), "--json").json["commit"]
    assert run("undo", commit).code == 0
    names = [item["ref"] for item in run("list", "customers", "--json").json]
    assert not any("heng-chuan" in name for name in names)


def test_the_success_line_says_how_many_came_in_from_where(
    wiki: Path, table: Path, run: Any
) -> None:
    done = run("import", "customers", str(table))
    assert done.out.startswith("2 imported from 客户台账.csv · commit ")

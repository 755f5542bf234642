"""``import contacts``: people of a table or of vCards into their customers' profiles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

CHINESE = """\
客户,姓名,手机,邮箱,部门,职务,角色,微信,是否最终对接人
蓝鲸游戏集团有限公司,陈　静,138-0000-0001,cj@example.com,技术部,总监,技术审核人,cj88,是
Acme Corp,李四,13900000002,,采购部,,采购经办,,
"""
ENGLISH = """\
Company,First Name,Last Name,Mobile,E-mail,Job title,Role
蓝鲸游戏,静,陈,13800000001,cj@example.com,Director,Technical approver
acme,Jane,Doe,+65 6123 4567,jane@example.com,Buyer,procurement
"""


def written(file: Path, text: str, encoding: str = "utf-8") -> Path:
    file.write_text(text, encoding=encoding)
    return file


def contacts_of(run: Any, customer: str) -> dict[str, dict[str, Any]]:
    fields = run("show", customer, "--json").json["fields"]
    return {person["id"]: person for person in fields["contacts"]}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Two contacts of two customers."""
    return written(tmp_path / "通讯录.csv", CHINESE)


def test_a_table_becomes_contacts_of_its_customers_in_one_commit(
    wiki: Path, table: Path, run: Any, git: Any
) -> None:
    before = git(wiki, "rev-parse", "HEAD").strip()
    done = run("import", "contacts", str(table), "--json")
    assert done.code == 0
    found = done.json
    assert (found["ref"], found["path"], found["sums"], found["unmatched"]) == (None, None, {}, [])
    assert (found["rows"], found["rejected"], found["records"]) == (2, 0, 2)
    assert found["refs"] == [
        {"ref": "lan-jing-you-xi/profile", "path": "customers/lan-jing-you-xi/profile.md"},
        {"ref": "acme/profile", "path": "customers/acme/profile.md"},
    ]
    assert git(wiki, "rev-parse", "HEAD^").strip() == before
    assert git(wiki, "log", "-1", "--format=%H %s").strip() == (
        f"{found['commit']} import: 2 contacts of 2 customers from 通讯录.csv"
    )
    assert git(wiki, "status", "--porcelain") == ""
    assert contacts_of(run, "蓝鲸")["chenjing"] == {
        "id": "chenjing",
        "name": "陈静",
        "department": "技术部",
        "role": "tech_approver",
        "title": "总监",
        "final_contact": True,
        "phone": "138-0000-0001",
        "email": "cj@example.com",
        "im": "cj88",
    }
    assert run("validate", "--json").json["problems"] == []


def test_only_the_new_lines_of_a_profile_change(
    wiki: Path, table: Path, run: Any, git: Any
) -> None:
    run("import", "contacts", str(table))
    changed = git(wiki, "diff", "-U0", "HEAD^", "--", "customers/acme").splitlines()
    assert [line for line in changed if line.startswith(("+ ", "- "))] == [
        '+  - {id: lisi, name: 李四, department: 采购部, role: procurement, phone: "13900000002"}'
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("text", [CHINESE, ENGLISH])
def test_every_encoding_and_both_languages_are_read(
    wiki: Path, tmp_path: Path, run: Any, encoding: str, text: str
) -> None:
    file = written(tmp_path / "table.csv", text, encoding)
    assert run("import", "contacts", str(file), "--json").json["records"] == 2
    found = contacts_of(run, "蓝鲸")["chenjing"]
    assert (found["name"], found["role"]) == ("陈静", "tech_approver")
    assert set(contacts_of(run, "acme")) - {"wanglei"} <= {"lisi", "jane-doe"}


def test_importing_twice_changes_nothing(wiki: Path, table: Path, run: Any, git: Any) -> None:
    run("import", "contacts", str(table))
    head = git(wiki, "rev-parse", "HEAD")
    again = run("import", "contacts", str(table), "--json")
    assert (again.code, again.json["commit"], again.json["refs"]) == (0, None, [])
    assert (again.json["rows"], again.json["records"], again.json["rejected"]) == (2, 0, 0)
    assert again.json["warnings"] == []
    assert git(wiki, "rev-parse", "HEAD") == head


def test_of_a_known_contact_only_empty_fields_are_filled(
    wiki: Path, tmp_path: Path, run: Any
) -> None:
    run("contact", "acme", "王磊", "--phone", "138 0000 0009")
    text = (
        "客户,姓名,手机,邮箱,角色\n"
        "acme,王磊,+86 13800000009,wl@example.com,采购经办\n"
        "acme,小王,13800000009,,\n"
        "acme,王总,,WL@example.com,\n"
    )
    done = run("import", "contacts", str(written(tmp_path / "t.csv", text)), "--json")
    assert (done.json["records"], done.json["rejected"]) == (1, 0)
    assert done.json["warnings"] == [
        "row 2 (王磊): kept as the wiki has it: role",
        "row 3 (小王): kept as the wiki has it: name",
        "row 4 (王总): kept as the wiki has it: name",
    ]
    assert contacts_of(run, "acme") == {
        "wanglei": {
            "id": "wanglei",
            "name": "王磊",
            "role": "tech_lead",
            "phone": "138 0000 0009",
            "email": "wl@example.com",
        }
    }


def test_a_switchboard_does_not_make_two_people_one(wiki: Path, tmp_path: Path, run: Any) -> None:
    text = "姓名,电话\n陈静,010-12345678\n李四,+86 10 12345678\n张三,400-800-1234\n李四,\n"
    file = written(tmp_path / "t.csv", text)
    done = run("import", "contacts", str(file), "--customer", "acme", "--json")
    assert done.json["records"] == 3
    assert set(contacts_of(run, "acme")) == {"wanglei", "chenjing", "lisi", "zhangsan"}


def test_namesakes_by_sound_get_ids_of_their_own(wiki: Path, tmp_path: Path, run: Any) -> None:
    file = written(tmp_path / "t.csv", "姓名,id\n王蕾,\n李四,buyer\n赵六,007\n")
    assert run("import", "contacts", str(file), "--customer", "acme").code == 0
    assert list(contacts_of(run, "acme")) == ["wanglei", "wanglei-2", "buyer", "zhaoliu"]


def test_there_is_never_a_second_final_contact(wiki: Path, tmp_path: Path, run: Any) -> None:
    file = written(tmp_path / "t.csv", "姓名,最终对接人\n陈静,是\n李四,是\n王磊,是\n")
    done = run("import", "contacts", str(file), "--customer", "acme", "--json")
    assert [w.split(":")[0] for w in done.json["warnings"]] == ["row 3 (李四)", "row 4 (王磊)"]
    found = contacts_of(run, "acme")
    assert [one for one in found if found[one].get("final_contact")] == ["chenjing"]


def test_bad_rows_and_unknown_customers_are_named_and_do_not_stop_the_rest(
    wiki: Path, tmp_path: Path, run: Any
) -> None:
    text = (
        "客户,姓名,角色,备注\n"
        "acme,陈静,技术负责人,好\n"
        "没听过,李四,,\n"
        "acme,,,\n"
        "acme,张三,老大,\n"
        ",赵六,,\n"
    )
    done = run("import", "contacts", str(written(tmp_path / "t.csv", text)), "--json")
    assert done.code == 0
    assert (done.json["rows"], done.json["rejected"], done.json["records"]) == (5, 3, 1)
    assert done.json["unmatched"] == [{"row": 3, "customer": "没听过", "name": "李四"}]
    assert done.json["warnings"] == ["These columns were not taken: 备注."]
    lines = [line.split("t.csv: ")[1] for line in done.err.splitlines() if "t.csv: " in line]
    assert lines[0] == "row 3 (李四): there is no customer 没听过"
    assert lines[1] == "row 4: name is missing"
    assert lines[2].startswith("row 5 (张三): role: 老大 is none of the words allowed here: ")
    assert lines[3] == "row 6 (赵六): it names no customer, and --customer is not given"


@pytest.mark.parametrize("bad", ["没听过,李四,", "acme,李四,老大"])
def test_strict_stops_all_at_one_row_that_cannot_be_taken(
    wiki: Path, tmp_path: Path, run: Any, state: Any, bad: str
) -> None:
    file = written(tmp_path / "t.csv", f"客户,姓名,角色\nacme,陈静,\n{bad}\n")
    before = state(wiki)
    done = run("import", "contacts", str(file), "--strict", "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", "rejected")
    assert state(wiki) == before


def test_where_no_row_can_be_taken_nothing_is_done(
    wiki: Path, tmp_path: Path, run: Any, state: Any
) -> None:
    before = state(wiki)
    file = written(tmp_path / "t.csv", "客户,姓名\n没听过,陈静\n")
    assert run("import", "contacts", str(file)).code == 2
    assert run("import", "contacts", str(file), "--customer", "nobody").code == 3
    assert state(wiki) == before


def test_customer_stands_in_where_a_row_names_none_that_is_known(
    wiki: Path, tmp_path: Path, run: Any
) -> None:
    file = written(tmp_path / "t.csv", "公司,姓名\n,陈静\n埃克米上海分公司,李四\n蓝鲸,赵六\n")
    run("set", "lan-jing-you-xi", "short_name=蓝鲸")
    done = run("import", "contacts", str(file), "--customer", "acme", "--json")
    assert (done.json["records"], done.json["rejected"]) == (2, 1)
    assert "row 4 (赵六): it is a contact of 蓝鲸, not of acme" in done.err
    assert set(contacts_of(run, "acme")) == {"wanglei", "chenjing", "lisi"}


def test_a_name_of_two_customers_is_refused_with_both(wiki: Path, tmp_path: Path, run: Any) -> None:
    run("set", "acme", "aliases=大客户")
    run("set", "lan-jing-you-xi", "aliases=大客户")
    file = written(tmp_path / "t.csv", "客户,姓名\n大客户,陈静\nacme,李四\n")
    done = run("import", "contacts", str(file), "--json")
    assert (done.json["records"], done.json["rejected"]) == (1, 1)
    assert "acme" in done.err
    assert "lan-jing-you-xi" in done.err


def test_an_excel_file_with_merged_cells_and_phone_numbers_is_read(
    wiki: Path, tmp_path: Path, run: Any
) -> None:
    file = tmp_path / "通讯录.xlsx"
    book = xlsxwriter.Workbook(str(file))
    sheet = book.add_worksheet()
    sheet.merge_range("A1:D1", "客户通讯录")
    sheet.write_row(1, 0, ["客户", "姓名", "电话", "任职起始"])
    sheet.merge_range("A3:A4", "acme")
    sheet.write_row(2, 1, ["陈静", 13800000001, 44298])
    sheet.write_row(3, 1, ["李四", 13800000002])
    book.close()
    assert run("import", "contacts", str(file), "--json").json["records"] == 2
    found = contacts_of(run, "acme")
    assert (found["chenjing"]["phone"], found["lisi"]["phone"]) == ("13800000001", "13800000002")
    assert found["chenjing"]["from"] == "2021-04-12"


def quoted(text: str) -> str:
    return "".join(f"={byte:02X}" for byte in text.encode("gbk"))


def test_cards_of_several_versions_in_one_file_are_read(
    wiki: Path, tmp_path: Path, run: Any
) -> None:
    old = "CHARSET=GBK;ENCODING=QUOTED-PRINTABLE"
    text = (
        f"BEGIN:VCARD\nVERSION:2.1\nN;{old}:{quoted('陈')};{quoted('静')};;;\n"
        f"TEL;CELL:13800000001\nORG;{old}:{quoted('蓝鲸游戏')};{quoted('技术部')}\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nFN:李四\nN:李;四;;;\nORG:Acme Corp\nROLE:采购经办\n"
        "TEL;TYPE=CELL:13900000002\nNOTE:新来的\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:4.0\nFN:Jane Doe\nORG:acme;IT\nTITLE:Buyer\n"
        'TEL;VALUE=uri;TYPE="cell":tel:+65-6123-4567\nEMAIL:jane@example.com\nEND:VCARD\n'
        "BEGIN:VCARD\nVERSION:3.0\nFN:赵六\nORG:没听过\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nFN:坏卡\nno property\nEND:VCARD\n"
    )
    file = written(tmp_path / "名片.vcf", text.replace("\n", "\r\n"))
    done = run("import", "contacts", str(file), "--json")
    assert (done.json["rows"], done.json["records"], done.json["rejected"]) == (5, 3, 1)
    assert done.json["unmatched"] == [{"row": 4, "customer": "没听过", "name": "赵六"}]
    assert "These columns were not taken: note." in done.json["warnings"]
    assert "名片.vcf: row 5: the vCard cannot be read" in done.err
    whale = contacts_of(run, "蓝鲸")["chenjing"]
    assert (whale["name"], whale["phone"], whale["department"]) == (
        "陈静",
        "13800000001",
        "技术部",
    )
    acme = contacts_of(run, "acme")
    assert acme["lisi"]["role"] == "procurement"
    assert acme["jane-doe"] == {
        "id": "jane-doe",
        "name": "Jane Doe",
        "department": "IT",
        "title": "Buyer",
        "phone": "+65-6123-4567",
        "email": "jane@example.com",
    }


def test_a_dry_run_shows_what_would_be_written(
    wiki: Path, table: Path, run: Any, state: Any
) -> None:
    before = state(wiki)
    done = run("import", "contacts", str(table), "--dry-run", "--json")
    assert (done.json["commit"], done.json["records"]) == (None, 2)
    assert "+++ b/customers/acme/profile.md" in done.json["diff"]
    assert "+  - {id: lisi, name: 李四" in done.json["diff"]
    assert state(wiki) == before


def test_hand_edits_of_a_profile_stop_the_import(
    wiki: Path, table: Path, run: Any, state: Any
) -> None:
    place = wiki / "customers/acme/profile.md"
    written(place, place.read_text(encoding="utf-8") + "\nby hand\n")
    before = state(wiki)
    done = run("import", "contacts", str(table), "--json")
    assert (done.code, done.error["code"]) == (4, "hand-edits")
    assert state(wiki) == before


def test_rows_of_a_retired_customer_are_rejected(wiki: Path, table: Path, run: Any) -> None:
    assert run("retire", "acme/profile", "--why", "twice in the books").code == 0
    done = run("import", "contacts", str(table), "--json")
    assert (done.json["records"], done.json["rejected"]) == (1, 1)
    assert "row 3 (李四): acme/profile was retired." in done.err


def test_hundreds_of_contacts_of_one_customer_are_added_at_once(
    wiki: Path, tmp_path: Path, run: Any, git: Any
) -> None:
    lines = "".join(f"客户代表{n},{13800000000 + n}\n" for n in range(400))
    file = written(tmp_path / "t.csv", f"姓名,电话\n{lines}")
    done = run("import", "contacts", str(file), "--customer", "acme", "--json")
    assert done.json["records"] == 400
    assert len(contacts_of(run, "acme")) == 401
    removed = git(wiki, "diff", "--numstat", "HEAD^").split()[1]
    assert removed == "0"

"""``contact``: a customer's contact added, or the one of that name changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

PROFILE = "customers/lan-jing-you-xi/profile.md"


def test_a_contact_is_added_with_an_id_from_the_name(wiki: Path, run: Any, git: Any) -> None:
    words = [
        "--role",
        "技术审核人",
        "--phone",
        "13800000001",
        "--email",
        "l@example.com",
        "--im",
        "007",
    ]
    done = run("contact", "蓝鲸", "李四", *words, "--until", "2027-01-31", "--json")
    assert done.code == 0, done.err
    assert done.json["path"] == PROFILE
    contacts = run("show", "蓝鲸", "--json").json["fields"]["contacts"]
    assert contacts[1] == {
        "id": "lisi",
        "name": "李四",
        "role": "tech_approver",
        "phone": "13800000001",
        "email": "l@example.com",
        "im": "007",
        "until": "2027-01-31",
    }
    assert "Aswiki-Op: update\n" in git(wiki, "log", "-1", "--format=%B")
    assert git(wiki, "show", "--numstat", "--format=").split()[1] == "0"


def test_the_contact_of_that_name_or_id_is_changed(wiki: Path, run: Any) -> None:
    assert run("contact", "蓝鲸", "王磊", "--phone", "1").code == 0
    assert run("contact", "蓝鲸", "WANGLEI", "--email", "w@example.com").code == 0
    contacts = run("show", "蓝鲸", "--json").json["fields"]["contacts"]
    assert contacts == [
        {
            "id": "wanglei",
            "name": "王磊",
            "role": "tech_lead",
            "phone": "1",
            "email": "w@example.com",
        }
    ]


def test_a_second_person_of_the_same_pinyin_gets_a_number(wiki: Path, run: Any) -> None:
    assert run("contact", "蓝鲸", "汪蕾").code == 0
    contacts = run("show", "蓝鲸", "--json").json["fields"]["contacts"]
    assert [contact["id"] for contact in contacts] == ["wanglei", "wanglei-2"]


def test_only_one_contact_is_final(wiki: Path, run: Any) -> None:
    assert run("contact", "蓝鲸", "王磊", "--final").code == 0
    assert run("contact", "蓝鲸", "李四", "--final").code == 0
    contacts = run("show", "蓝鲸", "--json").json["fields"]["contacts"]
    assert [contact["final_contact"] for contact in contacts] == [False, True]


def test_a_role_nobody_knows_is_refused(wiki: Path, run: Any, state: Any) -> None:
    before = state(wiki)
    done = run("contact", "蓝鲸", "李四", "--role", "wizard", "--json")
    assert (done.code, done.out) == (2, "")
    assert "wizard" in done.error["message"]
    assert "tech_lead" in done.error["hint"]
    assert state(wiki) == before


def test_a_phrase_for_the_last_day_is_said_back(wiki: Path, run: Any) -> None:
    done = run("contact", "蓝鲸", "李四", "--until", "2 days ago")
    assert (done.code, "Time: 2026-10-18\n" in done.err) == (0, True)

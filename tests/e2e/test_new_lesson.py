"""``new-lesson``: prefilled from a record, with the customer taken out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"


def test_a_lesson_stands_alone(wiki: Path, run: Any) -> None:
    done = run("new-lesson", "Count connections first", "--json")
    assert done.code == 0, done.err
    assert done.json["ref"] == "lessons/count-connections-first"
    fields = run("show", done.json["ref"], "--json").json["fields"]
    assert fields["learned_on"] == "2026-10-20"
    assert "sanitized" not in fields


def test_a_lesson_from_an_event_names_no_customer(wiki: Path, run: Any) -> None:
    run("contact", "蓝鲸", "王磊", "--phone", "138-0000-0001", "--email", "wl@lanjing.com")
    facts = [
        "title=蓝鲸游戏的 OSS 上传超时",
        "impact.business=王磊说损失 5000 元，回电 138-0000-0001",
        "background=蓝鲸游戏从 10.0.3.7 直连，账号 100200300400，邮箱 wl@lanjing.com",
        "environment=生产",
        "root_cause=网关连接数不够",
        "workaround=换域名 up.lanjing.com 直连",
        "hours.work=2.5",
        "hours.night=1",
        "helped_by=[{person: zhangwei, topic: 蓝鲸游戏抓包, minutes: 30}, {person: wanglei}]",
    ]
    assert run("set", UPLOADS, *facts).code == 0
    done = run("new-lesson", "先看连接数", "--from", "oss-shang", "--json")
    assert done.code == 0, done.err
    assert UPLOADS in done.err
    fields = run("show", done.json["ref"], "--json").json["fields"]
    assert fields["symptom"] == (
        "客户的 OSS 上传超时\n\n联系人说损失 [金额]，回电 [电话]\n\n"
        "客户从 [地址] 直连，账号 [编号]，邮箱 [邮箱]"
    )
    assert fields["environment"] == "oss\n\n生产"
    assert fields["cause"] == "网关连接数不够"
    assert fields["fix"] == "换域名 up.[地址] 直连"
    assert fields["hours_spent"] == "3.5"
    assert fields["helped_by"] == [{"person": "zhangwei", "topic": "客户抓包", "minutes": 30}]
    assert fields["from_records"] == [UPLOADS]
    assert "sanitized" not in fields
    assert run("set", done.json["ref"], "sanitized=true").code == 0


def test_without_a_fix_the_actions_of_the_log_stand_in(wiki: Path, run: Any) -> None:
    run("append", UPLOADS, "重启网关", "--kind", "action")
    done = run("new-lesson", "先重启", "--from", UPLOADS, "--json")
    assert run("show", done.json["ref"], "--json").json["fields"]["fix"] == "- 重启网关"


def test_a_title_that_names_a_customer_is_warned_of(wiki: Path, run: Any) -> None:
    done = run("new-lesson", "Acme Corp and its gateway", "--json")
    assert done.code == 0
    assert (
        done.json["warnings"][-1] == "The title gives a customer away; a lesson is shared without."
    )


def test_a_record_that_teaches_nothing_is_refused(wiki: Path, run: Any, state: Any) -> None:
    before = state(wiki)
    assert run("new-lesson", "x", "--from", "products/oss", "--json").error["code"] == "no-source"
    assert run("new-lesson", "x", "--from", "nothing").code == 3
    assert "TITLE" in run("new-lesson", "--json").error["message"]
    assert state(wiki) == before

"""``log-complaint``: who complains of what, with the impact as a section."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def test_a_complaint_is_logged_with_its_impact(wiki: Path, run: Any) -> None:
    words = ["--category", "响应慢", "--impact", "停了三小时", "--complainant", "wanglei"]
    words += ["--severity", "P2", "--remedy", "赔偿", "--at", "10月4日 9:30"]
    done = run("log-complaint", "蓝鲸", "夜里没人接电话", *words, "--json")
    assert done.code == 0, done.err
    fields = run("show", done.json["ref"], "--json").json["fields"]
    assert (fields["category"], fields["severity"]) == ("slow_response", "P2")
    assert (fields["direction"], fields["status"]) == ("customer_to_us", "received")
    assert (fields["customer_impact"], fields["remedy_sought"]) == ("停了三小时", "赔偿")
    assert fields["received_at"] == "2026-10-04T09:30:00+08:00"
    assert "## 处理过程" in (wiki / done.json["path"]).read_text()


def test_a_direction_is_given_by_label(wiki: Path, run: Any) -> None:
    words = ["--category", "attitude", "--direction", "us_to_internal"]
    done = run("log-complaint", "acme", "Passed on three times", *words, "--json")
    assert done.code == 0, done.err
    fields = run("show", done.json["ref"], "--json").json["fields"]
    assert fields["direction"] == "us_to_internal"


def test_the_category_is_needed_and_known(wiki: Path, run: Any, state: Any) -> None:
    before = state(wiki)
    lacking = run("log-complaint", "acme", "Slow", "--json")
    assert (lacking.code, lacking.error["code"]) == (2, "missing-argument")
    assert "--category" in lacking.error["message"]
    assert run("log-complaint", "acme", "Slow", "--category", "weather").code == 2
    assert run("log-complaint", "nobody", "Slow", "--category", "price").code == 3
    assert state(wiki) == before

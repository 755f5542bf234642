"""``log-communication``: what was done beyond mending faults, with its hours."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def test_a_communication_is_logged(wiki: Path, run: Any) -> None:
    words = ["--kind", "主动告警", "--what", "提前扩容", "--hours", "1.50", "--topic", "boundary"]
    done = run("log-communication", "蓝鲸", "大促前主动告警", *words, "--json")
    assert done.code == 0, done.err
    fields = run("show", done.json["ref"], "--json").json["fields"]
    assert (fields["kind"], fields["topic"]) == ("proactive_alert", "boundary")
    assert (fields["hours"], fields["what"]) == ("1.50", "提前扩容")
    assert "hours: 1.50\n" in (wiki / done.json["path"]).read_text()


def test_the_kind_is_needed_and_hours_are_a_number(wiki: Path, run: Any, state: Any) -> None:
    before = state(wiki)
    assert "--kind" in run("log-communication", "acme", "Talk", "--json").error["message"]
    assert run("log-communication", "acme", "Talk", "--kind", "chat").code == 2
    words = ["--kind", "advice", "--hours", "two"]
    assert run("log-communication", "acme", "Talk", *words, "--json").error["code"] == "bad-number"
    assert state(wiki) == before

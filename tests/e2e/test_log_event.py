"""``log-event``: any kind of event, by key or label, with what that kind needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("said", "key"),
    [("重保", "critical_event"), ("Critical event", "critical_event"), ("答疑", "question")],
)
def test_a_kind_is_given_by_key_or_label(wiki: Path, run: Any, said: str, key: str) -> None:
    done = run("log-event", "蓝鲸", "国庆保障", "--kind", said, "--json")
    assert done.code == 0, done.err
    shown = run("show", done.json["ref"], "--json").json
    assert shown["fields"]["kind"] == key
    assert shown["fields"]["status"] == "new"
    assert "severity" not in shown["fields"]
    assert f"kind: {key}\n" in (wiki / done.json["path"]).read_text()


def test_an_incident_by_its_label_has_the_default_severity(wiki: Path, run: Any) -> None:
    done = run("log-event", "acme", "Down", "--kind", "故障", "--json")
    assert run("show", done.json["ref"], "--json").json["fields"]["severity"] == "P3"


def test_a_requirement_needs_environment_and_purpose(wiki: Path, run: Any, state: Any) -> None:
    before = state(wiki)
    lacking = run("log-event", "acme", "More quota", "--kind", "requirement", "--json")
    assert (lacking.code, lacking.out) == (2, "")
    assert "ASW001" in lacking.error["message"]
    assert state(wiki) == before
    words = ["--kind", "需求", "--environment", "生产", "--purpose", "双十一"]
    assert run("log-event", "acme", "More quota", *words).code == 0


def test_keys_of_a_kind_can_be_set_on_that_kind_only(wiki: Path, run: Any) -> None:
    window = "window={from: 2026-10-28T20:00:00+08:00, to: 2026-10-28T23:00:00+08:00}"
    done = run("log-event", "acme", "Sale", "--kind", "重保", "--set", window, "--json")
    assert done.code == 0, done.err
    fields = run("show", done.json["ref"], "--json").json["fields"]
    assert fields["window"] == {
        "from": "2026-10-28T20:00:00+08:00",
        "to": "2026-10-28T23:00:00+08:00",
    }
    other = run("log-event", "acme", "Sale", "--kind", "question", "--set", window, "--json")
    assert (other.code, other.error["code"]) == (2, "other-kind")


def test_an_unknown_product_is_a_warning_and_the_event_is_written(wiki: Path, run: Any) -> None:
    done = run("log-event", "acme", "Ask", "--kind", "question", "--product", "CDN", "--json")
    assert done.code == 0
    assert done.json["warnings"] == ["The product CDN is not among products/."]


def test_a_word_added_in_the_settings_is_a_kind(wiki: Path, run: Any) -> None:
    with (wiki / "aswiki.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[vocabulary.event_kind]\naudit = { en = "Audit", zh = "审计" }\n')
    done = run("log-event", "acme", "Yearly", "--kind", "审计", "--json")
    assert done.code == 0, done.err
    assert run("show", done.json["ref"], "--json").json["fields"]["kind"] == "audit"

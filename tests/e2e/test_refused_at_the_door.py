"""The rules about change, refused by every command that would break one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"


@pytest.fixture
def complained(wiki: Path, run: Any) -> Path:
    words = ["--category", "outage", "--at", "2026-10-04", "--severity", "P2"]
    assert run("log-complaint", "蓝鲸", "Down again", *words).code == 0
    facts = ["responsible.person=zhangwei", "acknowledged_at=2026-10-04T09:00"]
    assert run("set", "down-again", *facts).code == 0
    return wiki


@pytest.mark.parametrize(
    ("record", "pair", "named"),
    [
        (UPLOADS, "severity=P3", "severity"),
        (UPLOADS, "started_at=10月2日", "started_at"),
        (UPLOADS, "started_at=", "started_at"),
        ("down-again", "severity=P4", "severity"),
        ("down-again", "responsible.person=writer", "responsible.person"),
        ("down-again", "responsible=", "responsible.person"),
        ("down-again", "acknowledged_at=2026-10-04T10:00", "acknowledged_at"),
    ],
)
def test_severity_person_and_dates_move_only_with_a_reason_that_is_logged(
    complained: Path, run: Any, state: Any, record: str, pair: str, named: str
) -> None:
    before = state(complained)
    done = run("set", record, pair, "--json")
    assert (done.code, done.error["code"]) == (2, "why-needed")
    assert named in done.error["message"]
    assert "--why" in done.error["hint"]
    assert state(complained) == before
    assert run("set", record, pair, "--why", "查实后更正").code == 0
    log = run("show", record, "--json").json["fields"]["log"]
    assert log[-1]["text"] == "查实后更正"


@pytest.mark.parametrize(
    "words",
    [
        ["append", UPLOADS, "x", "--set", "severity=P3"],
        ["accused", UPLOADS, "--accuser", "x", "--allegation", "y", "--set", "severity=P3"],
        ["promise", UPLOADS, "x", "--promiser", "zhangwei", "--set", "severity=P3"],
        ["close", UPLOADS, "--set", "started_at=2026-10-02", "--set", "triage.class=old_bug"],
        ["release", UPLOADS, "--to", "customer_tech", "--set", "severity=P3"],
    ],
)
def test_no_other_command_lets_them_slip_by(
    wiki: Path, run: Any, state: Any, words: list[str]
) -> None:
    assert run("set", UPLOADS, "customer_text=Slow.").code == 0
    before = state(wiki)
    done = run(*words, "--json")
    assert (done.code, done.error["code"]) == (2, "why-needed"), done.err
    assert state(wiki) == before


def test_a_log_entry_is_never_edited(wiki: Path, run: Any, state: Any) -> None:
    body = wiki.parent / "body.md"
    body.write_text("## Log\n- 2026-10-03 14:20 +08:00 · writer · note: other\n", encoding="utf-8")
    before = state(wiki)
    for pair in ("log=x", "log.1.text=x"):
        assert run("set", UPLOADS, pair, "--json").error["code"] == "refused-field"
    for words in (["--remove", "log"], ["--add", "log=x"]):
        assert run("set", UPLOADS, *words, "--json").error["code"] == "refused-field"
    done = run("set", UPLOADS, "--body-file", str(body), "--why", "nicer", "--json")
    assert (done.code, done.error["code"]) == (2, "ASW020")
    assert state(wiki) == before


def test_a_quote_and_a_release_are_never_set(wiki: Path, run: Any, state: Any) -> None:
    before = state(wiki)
    for key in ("source.verbatim=x", "released_to=[]", "accepted.quote=x"):
        assert run("set", UPLOADS, key, "--json").error["code"] == "refused-field"
    assert state(wiki) == before


def test_a_complaint_closes_only_whole(complained: Path, run: Any, state: Any) -> None:
    facts = ["customer_impact=Down for an hour", "customer_loss={kind: none}"]
    before = state(complained)
    assert run("close", "down-again", "--json").error["code"] == "invalid-record"
    assert run("set", "down-again", "status=closed", "closed_at=10月10日").code == 2
    assert state(complained) == before
    assert run("set", "down-again", *facts).code == 0
    lacking = run("close", "down-again", "--json")
    assert (lacking.code, "log" in lacking.error["message"]) == (2, True)
    assert run("append", "down-again", "Apologised").code == 0
    assert run("close", "down-again").code == 0
    again = run("set", "down-again", "status=reopened", "--json")
    assert (again.code, again.error["code"]) == (2, "why-needed")

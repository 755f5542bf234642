"""``ledger``: what runs across all customers, in both languages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

BLAME = "heng-chuan-yin-hang/events/2026-10-03-mobile-login-timeouts"
CHINESE = {
    "承诺": "promises",
    "背锅": "blame",
    "范围": "scope",
    "要求": "demands",
    "推诿": "deflections",
    "信号": "signals",
    "感受": "feelings",
    "同步": "syncs",
    "投诉": "complaints",
    "互助": "help",
}


@pytest.fixture(autouse=True)
def _november(clock: Any) -> None:
    clock.now = datetime.fromisoformat("2026-11-02T09:00:00+08:00")


@pytest.mark.parametrize("name", list(CHINESE.values()))
def test_every_ledger_of_the_examples_has_rows_with_a_reference(
    examples: Path, run: Any, name: str
) -> None:
    done = run("ledger", name, "--json")
    assert (done.code, done.err) == (0, "")
    assert done.json
    assert all((examples / "customers" / row["ref"]).parent.parent.exists() for row in done.json)


def test_the_cleared_blame_says_days_true_cause_and_words(examples: Path, run: Any) -> None:
    row = next(row for row in run("ledger", "blame", "--json").json if row["ref"] == BLAME)
    assert (row["days_carried"], row["true_cause_party"]) == (9, "third_party")
    assert row["statement"] == "问题解决了，是XXX的策略问题，跟你们没关系"
    assert row["accused_at"] == "2026-10-03T14:05:00+08:00"


def test_the_scope_gap_is_a_decimal_as_text(examples: Path, run: Any) -> None:
    rows = run("ledger", "scope", "--json").json
    assert rows[0]["gap_hours"] == "7"
    assert rows[1]["gap_hours"] == "6.5"


def test_a_loop_of_departments_is_found(examples: Path, run: Any) -> None:
    row = run("ledger", "deflections", "--json").json[0]
    assert row["hops"] == 3
    assert row["loops"] == [["db-team", "net-team", "storage-team", "db-team"]]


@pytest.mark.parametrize(("chinese", "english"), list(CHINESE.items()))
def test_a_ledger_may_be_named_in_chinese(
    examples: Path, run: Any, chinese: str, english: str
) -> None:
    assert run("ledger", chinese, "--json").json == run("ledger", english, "--json").json


def test_open_leaves_only_what_is_open(examples: Path, run: Any) -> None:
    assert {row["status"] for row in run("ledger", "promises", "--open", "--json").json} == {"open"}
    assert [row["open"] for row in run("ledger", "blame", "--open", "--json").json] == [True, True]
    heard = run("ledger", "feelings", "--json").json
    assert run("ledger", "feelings", "--open", "--json").json == heard


def test_a_ledger_of_one_customer_has_only_theirs(examples: Path, run: Any) -> None:
    rows = run("ledger", "help", "--customer", "恒川银行", "--json").json
    assert {row["customer"] for row in rows} == {"heng-chuan-yin-hang"}


def test_labels_are_in_the_language_asked_for(examples: Path, run: Any) -> None:
    assert "\tCleared\t" in run("ledger", "blame").out
    assert "\t已澄清\t" in run("ledger", "blame", "--lang", "zh").out
    assert "db-team → net-team" in run("ledger", "推诿").out


@pytest.mark.parametrize(
    ("typed", "hint"), [("promisse", "promises"), ("承若", "承诺"), ("zzz", "promises, blame")]
)
def test_an_unknown_ledger_is_exit_2_with_the_nearest(
    examples: Path, run: Any, typed: str, hint: str
) -> None:
    done = run("ledger", typed, "--json")
    assert (done.code, done.out) == (2, "")
    assert done.error["code"] == "unknown-ledger"
    assert hint in done.error["hint"]


def test_without_a_ledger_the_argument_is_named(examples: Path, run: Any) -> None:
    done = run("ledger", "--no-input")
    assert done.code == 2
    assert "LEDGER" in done.err


def test_a_file_that_cannot_be_read_is_named_and_the_rest_listed(wiki: Path, run: Any) -> None:
    bad = wiki / "customers/acme/events/2026-10-06-bad.md"
    bad.write_text("---\ntitle: [\n---\n")
    done = run("ledger", "demands", "--json")
    assert done.code == 0
    assert [row["department"] for row in done.json] == ["db-team"]
    assert "customers/acme/events/2026-10-06-bad.md" in done.err


def test_an_empty_ledger_is_no_error(wiki: Path, run: Any) -> None:
    assert run("ledger", "blame", "--json").json == []
    done = run("ledger", "blame")
    assert (done.code, done.out, done.err) == (0, "", "The ledger is empty.\n")


def test_a_retired_record_is_in_no_ledger_and_not_a_file_that_cannot_be_read(
    wiki: Path, run: Any
) -> None:
    assert run("retire", "oss-shang", "--why", "记错客户").code == 0
    done = run("ledger", "demands", "--json")
    assert (done.json, done.err) == ([], "")

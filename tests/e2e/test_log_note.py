"""``log-note``: a feeling, a signal or a sales sync, each with the keys of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

FEELING = ["--kind", "服务感受", "--environment", "生产", "--purpose", "大促"]


def _fields(run: Any, *words: str) -> dict[str, Any]:
    done = run("log-note", *words, "--json")
    assert done.code == 0, done.err
    fields: dict[str, Any] = run("show", done.json["ref"], "--json").json["fields"]
    return fields


def test_a_feeling_keeps_the_words_to_the_letter(wiki: Path, run: Any) -> None:
    words = [
        "--said-by",
        "wanglei",
        "--about",
        "响应",
        "--verbatim",
        "没人理: #1",
        "--sentiment",
        "-1",
    ]
    fields = _fields(run, "蓝鲸", "没人理", *FEELING, *words)
    assert fields["kind"] == "feeling"
    assert fields["feeling"] == {
        "said_by": "wanglei",
        "about": "响应",
        "environment": "生产",
        "purpose": "大促",
        "verbatim": "没人理: #1",
        "sentiment": -1,
    }


def test_a_signal_has_its_kind_and_its_source(wiki: Path, run: Any) -> None:
    words = [
        "--kind",
        "signal",
        "--signal",
        "砍价",
        "--claimed-reason",
        "不稳",
        "--said-by",
        "wanglei",
    ]
    words += ["--platform-fault", "minor", "--for-sales", "备好材料", "--claimed-severity", "P0"]
    fields = _fields(run, "蓝鲸", "拿故障压价", *words)
    assert fields["signal"] == {
        "kind": "bargaining",
        "claimed_reason": "不稳",
        "claimed_severity": "P0",
        "platform_fault": "minor",
        "for_sales": "备好材料",
    }
    assert fields["source"] == {"said_by": "wanglei"}


def test_a_sales_sync_says_when_it_happened_and_when_we_were_told(wiki: Path, run: Any) -> None:
    words = ["--kind", "销售同步", "--sales-person", "李销", "--with-whom", "wanglei"]
    words += ["--happened-at", "10月8日 14:00", "--relevant-to-service", "续约看稳定性"]
    fields = _fields(run, "acme", "续约口风", *words)
    assert fields["sales_sync"] == {
        "sales_person": "李销",
        "with_whom": "wanglei",
        "happened_at": "2026-10-08T14:00:00+08:00",
        "synced_at": "2026-10-20T10:00:00+08:00",
        "relevant_to_service": "续约看稳定性",
    }
    said = run("log-note", "acme", "Told", *words, "--synced-at", "昨天 9:00")
    assert "Synced at: 2026-10-19T09:00:00+08:00" in said.err


def test_a_talk_whose_hour_nobody_says_is_kept_as_its_day(wiki: Path, run: Any) -> None:
    words = ["--kind", "销售同步", "--happened-at", "10月6日", "--synced-at", "yesterday"]
    done = run("log-note", "acme", "续约口风", *words, "--json")
    sync = run("show", done.json["ref"], "--json").json["fields"]["sales_sync"]
    assert sync == {"happened_at": "2026-10-06", "synced_at": "2026-10-19"}
    assert "Happened at: 2026-10-06\n" in done.err


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        ([], "missing-argument", "--kind"),
        (["--kind", "feeling", "--purpose", "x"], "missing-argument", "--environment"),
        (["--kind", "feeling", "--environment", "x"], "missing-argument", "--purpose"),
        (["--kind", "signal"], "missing-argument", "--signal"),
        (["--kind", "感受"], "unknown-word", "感受"),
        (["--kind", "signal", "--signal", "budget", "--about", "x"], "other-kind", "feeling"),
        ([*FEELING, "--sales-person", "x"], "other-kind", "sales_sync"),
        ([*FEELING, "--sentiment", "3"], "invalid-record", "-2 to 2"),
    ],
)
def test_what_is_missing_or_of_another_kind_is_refused(
    wiki: Path, run: Any, state: Any, words: list[str], code: str, named: str
) -> None:
    before = state(wiki)
    done = run("log-note", "acme", "Note", *words, "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", code)
    assert named in done.error["message"]
    assert state(wiki) == before

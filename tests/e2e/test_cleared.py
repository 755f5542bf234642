"""``cleared``: the blame ends with a quote, and linked complaints count for nobody."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from aswiki.domain.ledgers.all import LEDGERS
from aswiki.domain.ledgers.ground import Ground
from aswiki.wiki.checks.checking import Checker
from aswiki.wiki.wiki import Wiki

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"
QUOTE = "问题解决了，是防火墙策略问题，跟你们没关系"
CLEAR = ["--statement", QUOTE, "--party", "客户侧", "--cause", "防火墙策略"]


@pytest.fixture
def blamed(wiki: Path, run: Any, clock: Any) -> Path:
    """An accusation of 3 October with a complaint that names a colleague for it."""
    clock.now = datetime.fromisoformat("2026-10-05T10:00:00+08:00")
    at = ["--at", "2026-10-03T18:00"]
    words = ["--accuser", "集成商", "--allegation", "升级引起"]
    assert run("accused", UPLOADS, *words, *at).code == 0
    made = run("log-complaint", "蓝鲸", "升级害的", "--category", "outage", *at)
    assert made.code == 0
    facts = ["responsible={person: zhangwei, department: after-sales}"]
    facts.append(f"related=[{{ref: {UPLOADS}, how: caused_by}}]")
    assert run("set", "sheng-ji-hai-de", *facts).code == 0
    clock.now = datetime.fromisoformat("2026-10-12T10:00:00+08:00")
    return wiki


def _ledger(folder: Path, name: str) -> list[dict[str, Any]]:
    wiki = Wiki.open(folder)
    near = Checker(wiki).records_of("lan-jing-you-xi")
    records = {neighbour.ref: neighbour.record for neighbour in near}
    return LEDGERS[name](Ground(records, wiki.now(), wiki.zone))


def test_a_blame_of_nine_days_is_cleared_by_a_quote(blamed: Path, run: Any) -> None:
    done = run("cleared", UPLOADS, *CLEAR, "--at", "10月12日 9:30", "--by", "wanglei", "--json")
    assert done.code == 0, done.err
    blame = run("show", UPLOADS, "--json").json["fields"]["blame"]
    assert (blame["status"], blame["true_cause_party"]) == ("cleared", "customer")
    assert blame["cleared_at"] == "2026-10-12T09:30:00+08:00"
    (row,) = _ledger(blamed, "blame")
    assert (row["days_carried"], row["open"]) == (9, False)
    assert (row["statement"], row["true_cause"]) == (QUOTE, "防火墙策略")
    log = run("show", UPLOADS, "--json").json["fields"]["log"]
    assert (log[-1]["by"], log[-1]["kind"], log[-1]["quote"]) == ("wanglei", "customer", QUOTE)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_the_log_says_of_it_is_in_the_wikis_language_whoever_speaks(
    blamed: Path, run: Any, language: str
) -> None:
    assert run("cleared", UPLOADS, *CLEAR, "--at", "昨天", "--lang", language).code == 0
    event = run("show", UPLOADS, "--json").json["fields"]
    assert (event["log"][-1]["text"], event["blame"]["cleared_at"]) == ("已澄清", "2026-10-11")
    (row,) = _ledger(blamed, "blame")
    assert (row["statement"], row["days_carried"]) == (QUOTE, 8)
    complaint = run("show", "sheng-ji-hai-de", "--json").json["fields"]
    assert complaint["log"][-1]["text"].startswith("我方不再有责任人")


def test_the_linked_complaint_counts_for_nobody_in_the_same_commit(
    blamed: Path, run: Any, git: Any
) -> None:
    before = git(blamed, "rev-parse", "HEAD").strip()
    done = run("cleared", UPLOADS, *CLEAR, "--by", "wanglei", "--json")
    assert done.code == 0, done.err
    assert git(blamed, "rev-list", "--count", f"{before}..HEAD").strip() == "1"
    assert len(done.json["refs"]) == 2
    complaint = run("show", "sheng-ji-hai-de", "--json").json["fields"]
    assert complaint["responsible"] == {"cleared_by": UPLOADS}
    (entry,) = complaint["log"]
    assert (entry["by"], entry["kind"]) == ("writer", "decision")
    assert "zhangwei" not in entry["text"]
    (row,) = _ledger(blamed, "complaints")
    assert (row["counts_for"], row["cleared_by"]) == (None, UPLOADS)
    assert run("validate").code == 0
    then = run("show", "sheng-ji-hai-de", "--as-of", before, "--json").json["fields"]
    assert then["responsible"]["person"] == "zhangwei"
    day = run("show", "sheng-ji-hai-de", "--as-of", "2026-10-11", "--json").json["fields"]
    assert day["responsible"]["person"] == "zhangwei"


def test_a_complaint_that_is_only_seen_beside_it_keeps_its_person(blamed: Path, run: Any) -> None:
    assert run("set", "sheng-ji-hai-de", "related.1.how=see_also").code == 0
    assert run("cleared", UPLOADS, *CLEAR).code == 0
    complaint = run("show", "sheng-ji-hai-de", "--json").json["fields"]
    assert complaint["responsible"]["person"] == "zhangwei"


def test_a_link_from_the_event_ripples_too(blamed: Path, run: Any) -> None:
    assert run("set", "sheng-ji-hai-de", "related=").code == 0
    ref = run("show", "sheng-ji-hai-de", "--json").json["ref"]
    assert run("set", UPLOADS, f"related=[{{ref: {ref}, how: evidence_for}}]").code == 0
    assert run("cleared", UPLOADS, *CLEAR).code == 0
    complaint = run("show", ref, "--json").json["fields"]
    assert complaint["responsible"] == {"cleared_by": UPLOADS}


def test_undoing_the_clearing_gives_the_person_back_and_says_so(blamed: Path, run: Any) -> None:
    assert run("cleared", UPLOADS, *CLEAR).code == 0
    assert run("undo").code == 0
    complaint = run("show", "sheng-ji-hai-de", "--json").json["fields"]
    assert complaint["responsible"]["person"] == "zhangwei"
    assert complaint["log"][-1]["text"].startswith("已撤销：cleared(lan-jing-you-xi)")
    event = run("show", UPLOADS, "--json").json["fields"]
    assert event["blame"]["status"] == "accused"
    assert QUOTE in [entry.get("quote") for entry in event["log"]]
    assert run("validate").code == 0


def test_a_complaint_with_hand_edits_stops_it_all(blamed: Path, run: Any, state: Any) -> None:
    path = next((blamed / "customers/lan-jing-you-xi/complaints").glob("*.md"))
    path.write_text(path.read_text() + "\n改了一笔\n", encoding="utf-8")
    before = state(blamed)
    done = run("cleared", UPLOADS, *CLEAR, "--json")
    assert (done.code, done.error["code"]) == (4, "hand-edits")
    assert state(blamed) == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--party", "customer"], "missing-argument"),
        (["--statement", "x"], "missing-argument"),
        (["--statement", " ", "--party", "customer"], "empty-text"),
        (["--statement", "x", "--party", "the weather"], "unknown-word"),
        ([*CLEAR, "--at", "2026-10-01"], "invalid-record"),
    ],
)
def test_a_clearing_without_words_or_party_or_before_the_blame_is_refused(
    blamed: Path, run: Any, state: Any, words: list[str], code: str
) -> None:
    before = state(blamed)
    done = run("cleared", UPLOADS, *words, "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", code)
    assert state(blamed) == before


def test_what_carries_no_blame_cannot_be_cleared_nor_twice(blamed: Path, run: Any) -> None:
    assert run("cleared", "oss-quota", *CLEAR, "--json").error["code"] == "no-blame"
    assert run("cleared", UPLOADS, *CLEAR).code == 0
    assert run("cleared", UPLOADS, *CLEAR, "--json").error["code"] == "cleared-already"
    words = ["--accuser", "x", "--allegation", "y"]
    assert run("accused", UPLOADS, *words, "--json").error["code"] == "cleared-already"


def test_a_dry_run_shows_both_records_and_writes_none(blamed: Path, run: Any, state: Any) -> None:
    before = state(blamed)
    done = run("cleared", UPLOADS, *CLEAR, "--dry-run")
    assert done.out.count("+++ b/customers/") == 2
    assert state(blamed) == before

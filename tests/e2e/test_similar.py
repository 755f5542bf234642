"""``similar``, and the earlier records that a new incident or complaint is told of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

CACHE = "xing-he-you-xi/events/2026-07-21-cache-failover"
UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"
LOG = ("log-incident", "acme", "OSS 上传失败", "--product", "OSS")


def test_words_find_events_complaints_and_lessons_of_all_customers(
    examples: Path, run: Any
) -> None:
    rows = run("similar", "缓存主备切换后写入失败", "--json").json
    assert list(rows[0]) == ["ref", "title", "score"]
    assert rows[0]["ref"] == CACHE
    found = {row["ref"] for row in run("similar", "certificate expired", "--json").json}
    assert "lessons/certificates-need-two-owners" in found
    assert "sunbird/complaints/2026-09-23-shop-closed-at-midnight" in found


def test_a_record_finds_others_and_not_itself(wiki: Path, run: Any) -> None:
    assert run(*LOG).code == 0
    rows = run("similar", UPLOADS, "--json").json
    assert [row["title"] for row in rows] == ["OSS 上传失败"]


def test_unrelated_words_find_nothing(examples: Path, run: Any) -> None:
    assert run("similar", "今天天气不错", "--json").json == []
    done = run("similar", "今天天气不错")
    assert (done.code, done.out, done.err) == (0, "", "Nothing is alike.\n")


def test_a_new_incident_is_told_of_earlier_ones_on_stderr(wiki: Path, run: Any) -> None:
    done = run(*LOG)
    assert done.code == 0
    assert f"Similar earlier records:\n  {UPLOADS} · OSS 上传超时\n" in done.err
    assert UPLOADS not in done.out


def test_in_json_they_are_listed_with_their_score(wiki: Path, run: Any) -> None:
    document = run(*LOG, "--json").json
    (one,) = document["similar"]
    assert (one["ref"], one["title"]) == (UPLOADS, "OSS 上传超时")
    assert 0.4 <= one["score"] <= 1
    assert "refs" not in document


def test_a_new_complaint_is_told_of_them_too(wiki: Path, run: Any) -> None:
    title = "投诉 OSS 上传超时"
    document = run("log-complaint", "acme", title, "--category", "outage", "--json").json
    assert document["similar"][0]["ref"] == UPLOADS


def test_a_dry_run_and_an_incident_given_as_an_event_tell_of_them_too(wiki: Path, run: Any) -> None:
    assert run(*LOG, "--dry-run", "--json").json["similar"]
    given = ("log-event", "acme", "上传超时", "--kind", "故障", "--set", "product=oss", "--json")
    assert run(*given).json["similar"][0]["ref"] == UPLOADS


def test_no_more_than_three_and_none_where_none_is_alike(wiki: Path, run: Any) -> None:
    for _n in range(4):
        assert run(*LOG).code == 0
    assert len(run(*LOG, "--json").json["similar"]) == 3
    document = run("log-incident", "acme", "Bill is wrong", "--json").json
    assert "similar" not in document
    assert "similar" not in run("log-event", "acme", "OSS 上传失败", "--kind", "问题", "--json").out


def test_a_retired_or_unreadable_record_is_like_nothing(wiki: Path, run: Any) -> None:
    assert run("retire", UPLOADS, "--why", "记错").code == 0
    (wiki / "customers/acme/events/2026-10-06-bad.md").write_bytes(b"---\ntitle: \xff\xfe\n---\n")
    document = run(*LOG, "--json").json
    assert document["commit"]
    assert "similar" not in document

"""``close``: events get their times, complaints must be whole, visits become held."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"
COMPLAINT = """\
---
type: complaint
title: 响应太慢
category: slow_response
status: received
received_at: 2026-10-04T10:00:00+08:00
---
"""
VISIT = """\
---
type: visit
title: 月度拜访
kind: monthly
status: planned
occurred_at: 2026-10-19T10:00:00+08:00
---
"""


def _record(wiki: Path, git: Any, ref: str, text: str) -> str:
    path = wiki / "customers" / f"{ref}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    git(wiki, "add", ".")
    git(wiki, "commit", "-qm", "by hand")
    return ref


def test_an_event_gets_closed_at_and_resolved_at(wiki: Path, run: Any, git: Any) -> None:
    assert run("set", UPLOADS, "triage={class: old_bug}").code == 0
    done = run("close", "oss-shang", "--at", "昨晚12点", "--json")
    assert done.code == 0, done.err
    assert "Time: 2026-10-20T00:00:00+08:00" in done.err
    fields = run("show", UPLOADS, "--json").json["fields"]
    assert fields["status"] == "closed"
    assert fields["closed_at"] == fields["resolved_at"] == "2026-10-20T00:00:00+08:00"
    trailers = git(wiki, "log", "-1", "--format=%(trailers)")
    assert "Aswiki-Op: close\n" in trailers
    assert "Aswiki-Occurred: 2026-10-20T00:00:00+08:00\n" in trailers


def test_a_day_without_an_hour_closes_on_that_day(wiki: Path, run: Any, git: Any) -> None:
    assert run("set", UPLOADS, "triage={class: old_bug}").code == 0
    done = run("close", "oss-shang", "--at", "昨天", "--json")
    assert "Time: 2026-10-19\n" in done.err
    fields = run("show", UPLOADS, "--json").json["fields"]
    assert fields["closed_at"] == fields["resolved_at"] == "2026-10-19"
    assert "Aswiki-Occurred: 2026-10-19\n" in git(wiki, "log", "-1", "--format=%(trailers)")


def test_a_resolved_at_that_is_there_stays(wiki: Path, run: Any) -> None:
    words = ["triage={class: old_bug}", "resolved_at=2026-10-03T15:00+08:00"]
    assert run("set", UPLOADS, *words).code == 0
    assert run("close", UPLOADS).code == 0
    fields = run("show", UPLOADS, "--json").json["fields"]
    assert fields["resolved_at"] == "2026-10-03T15:00:00+08:00"
    assert fields["closed_at"] == "2026-10-20T10:00:00+08:00"


def test_an_untriaged_incident_stays_open(wiki: Path, run: Any, state: Any) -> None:
    before = state(wiki)
    done = run("close", UPLOADS, "--json")
    assert (done.code, done.out) == (2, "")
    assert "ASW140" in done.error["message"]
    assert "triage" in done.error["hint"]
    assert state(wiki) == before


def test_a_question_closes_and_a_second_time_is_refused(wiki: Path, run: Any) -> None:
    assert run("close", "acme/oss-quota").code == 0
    again = run("close", "acme/oss-quota", "--json")
    assert (again.code, again.error["code"]) == (2, "closed-already")


@pytest.mark.parametrize("status", ["closed", "已关闭"])
def test_leaving_closed_needs_a_reason(wiki: Path, run: Any, git: Any, status: str) -> None:
    assert run("close", "acme/oss-quota").code == 0
    path = wiki / "customers/acme/events/2026-10-05-oss-quota.md"
    path.write_text(path.read_text().replace("status: closed", f"status: {status}"))
    git(wiki, "commit", "-qam", "spelling", "--allow-empty")
    again = run("close", "acme/oss-quota", "--json")
    assert (again.code, again.error["code"]) == (2, "closed-already")
    refused = run("set", "acme/oss-quota", "status=in_progress", "--json")
    assert (refused.code, refused.error["code"]) == (2, "why-needed")
    assert run("set", "acme/oss-quota", "status=in_progress", "--why", "又来了").code == 0


def test_a_complaint_closes_only_whole(wiki: Path, run: Any, git: Any, state: Any) -> None:
    ref = _record(wiki, git, "acme/complaints/2026-10-04-slow", COMPLAINT)
    before = state(wiki)
    done = run("close", ref, "--json")
    assert (done.code, done.out) == (2, "")
    assert "ASW002" in done.error["message"]
    assert "(3 more)" in done.error["message"]
    assert state(wiki) == before
    words = [
        "customer_impact=等了两天",
        "responsible={person: zhangwei}",
        "customer_loss={kind: none}",
    ]
    assert run("set", ref, *words).code == 0
    assert run("append", ref, "已道歉").code == 0
    closed = run("close", ref)
    assert closed.code == 0, closed.err
    assert run("show", ref, "--json").json["fields"]["closed_at"] == "2026-10-20T10:00:00+08:00"


def test_a_planned_visit_becomes_held_when_it_is_whole(wiki: Path, run: Any, git: Any) -> None:
    ref = _record(wiki, git, "acme/visits/2026-10-19-monthly", VISIT)
    assert run("close", ref).code == 2
    assert run("set", ref, "weather=晴", "summary=都好").code == 0
    assert run("close", ref).code == 0
    assert run("show", ref, "--json").json["fields"]["status"] == "held"


@pytest.mark.parametrize("ref", ["acme/profile", "products/oss"])
def test_other_types_are_not_closed(wiki: Path, run: Any, state: Any, ref: str) -> None:
    before = state(wiki)
    done = run("close", ref, "--json")
    assert (done.code, done.error["code"]) == (2, "cannot-close")
    assert state(wiki) == before

"""``accused``: who accuses us of what, each further accuser beside the first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"
SAID = ["--accuser", "集成商", "--allegation", "是你们升级引起的"]


def _blame(run: Any) -> dict[str, Any]:
    found: dict[str, Any] = run("show", UPLOADS, "--json").json["fields"]["blame"]
    return found


def test_an_accusation_stands_in_its_event(wiki: Path, run: Any, git: Any) -> None:
    done = run("accused", "oss-shang", *SAID, "--at", "10月3日 18:00", "--json")
    assert done.code == 0, done.err
    assert _blame(run) == {
        "status": "accused",
        "accused_at": "2026-10-03T18:00:00+08:00",
        "accused_by": ["集成商"],
        "allegation": "是你们升级引起的",
    }
    assert git(wiki, "log", "-1", "--format=%s").startswith("accused(lan-jing-you-xi): ")


def test_a_further_accuser_joins_and_another_allegation_is_logged(wiki: Path, run: Any) -> None:
    assert run("accused", UPLOADS, *SAID, "--at", "2026-10-03T18:00").code == 0
    more = ["--accuser", "老张, 集成商", "--allegation", "没有人管"]
    assert run("accused", UPLOADS, *more).code == 0
    blame = _blame(run)
    assert blame["accused_by"] == ["集成商", "zhangwei"]
    assert (blame["accused_at"], blame["allegation"]) == (
        "2026-10-03T18:00:00+08:00",
        "是你们升级引起的",
    )
    log = run("show", UPLOADS, "--json").json["fields"]["log"]
    assert (log[-1]["kind"], log[-1]["text"]) == ("customer", "zhangwei, 集成商: 没有人管")
    assert run("accused", UPLOADS, *more, "--json").json["commit"] is None


def test_a_blame_that_had_come_to_nothing_stands_again(wiki: Path, run: Any) -> None:
    assert run("accused", UPLOADS, *SAID).code == 0
    assert run("set", UPLOADS, "blame.status=不了了之").code == 0
    assert run("accused", UPLOADS, *SAID).code == 0
    assert _blame(run)["status"] == "accused"


@pytest.mark.parametrize(
    ("record", "words", "code"),
    [
        (UPLOADS, ["--allegation", "x"], "missing-argument"),
        (UPLOADS, ["--accuser", "x"], "missing-argument"),
        (UPLOADS, ["--accuser", " , ", "--allegation", "x"], "no-person"),
        (UPLOADS, ["--accuser", "x", "--allegation", " "], "empty-text"),
        ("products/oss", SAID, "not-an-event"),
    ],
)
def test_an_accusation_by_nobody_of_nothing_or_elsewhere_is_refused(
    wiki: Path, run: Any, state: Any, record: str, words: list[str], code: str
) -> None:
    before = state(wiki)
    done = run("accused", record, *words, "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", code)
    assert state(wiki) == before


def test_an_undone_accusation_is_gone_and_the_log_says_so(wiki: Path, run: Any) -> None:
    assert run("accused", UPLOADS, *SAID).code == 0
    assert run("undo").code == 0
    fields = run("show", UPLOADS, "--json").json["fields"]
    assert "blame" not in fields
    assert fields["log"][-1]["text"].startswith("已撤销：accused(lan-jing-you-xi)")

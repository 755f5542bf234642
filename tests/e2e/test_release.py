"""``release``: the leave to show a section's present text, bound to its sha256."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aswiki.domain.checks.rules import text_sha256

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"


def _released(run: Any, ref: str = UPLOADS) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run("show", ref, "--json").json["fields"].get("released_to", [])
    return found


def test_the_customer_text_is_released_as_it_stands(wiki: Path, run: Any, git: Any) -> None:
    run("set", UPLOADS, "customer_text=上传变慢，已经恢复。")
    done = run("release", UPLOADS, "--to", "客户技术", "--by", "老张", "--json")
    assert done.code == 0, done.err
    assert _released(run) == [
        {
            "audience": "customer_tech",
            "field": "customer_text",
            "by": "zhangwei",
            "at": "2026-10-20T10:00:00+08:00",
            "sha256": text_sha256("上传变慢，已经恢复。"),
        }
    ]
    assert git(wiki, "log", "-1", "--format=%s").startswith("release(lan-jing-you-xi): ")
    assert run("validate").code == 0


def test_a_former_release_to_the_same_reader_gives_way(wiki: Path, run: Any, clock: Any) -> None:
    run("set", UPLOADS, "customer_text=One.")
    for reader in ("customer_tech", "customer_biz"):
        assert run("release", UPLOADS, "--to", reader).code == 0
    changed = run("set", UPLOADS, "customer_text=Two.", "--json")
    assert len(changed.json["warnings"]) == 2
    for _twice in range(2):
        assert run("release", UPLOADS, "--to", "customer_tech").code == 0
    (only,) = _released(run)
    assert only["sha256"] == text_sha256("Two.")
    assert run("release", UPLOADS, "--to", "customer_tech", "--json").json["commit"] is None


def test_an_inquirys_wording_is_released_for_its_reader(wiki: Path, run: Any) -> None:
    wording = "wording=[{audience: customer_tech, text: 已转网络组}]"
    words = ["--kind", "协查", "--set", wording, "--json"]
    ref = run("log-event", "蓝鲸", "协查", *words).json["ref"]
    assert run("release", ref, "--to", "customer_tech", "--field", "wording").code == 0
    assert _released(run, ref)[0]["sha256"] == text_sha256("已转网络组")
    lacking = run("release", ref, "--to", "customer_biz", "--field", "wording", "--json")
    assert lacking.error["code"] == "nothing-to-release"
    assert run("validate").code == 0


def test_a_section_is_named_by_its_heading(wiki: Path, run: Any) -> None:
    run("set", UPLOADS, "workaround=换域名")
    assert run("release", UPLOADS, "--to", "customer_tech", "--field", "临时方案").code == 0
    assert _released(run)[0]["field"] == "workaround"


def test_of_a_sensitive_record_the_release_warns(wiki: Path, run: Any) -> None:
    run("set", UPLOADS, "customer_text=x", "sensitive=true")
    done = run("release", UPLOADS, "--to", "customer_biz", "--json")
    assert (done.code, len(done.json["warnings"])) == (0, 1)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], "missing-argument"),
        (["--to", "everyone"], "unknown-word"),
        (["--to", "customer_tech"], "nothing-to-release"),
        (["--to", "customer_tech", "--field", "secrets"], "unknown-field"),
        (["--to", "customer_tech", "--field", "log"], "unknown-field"),
        (["--to", "customer_tech", "--field", "wording"], "nothing-to-release"),
    ],
)
def test_what_is_no_text_or_no_reader_is_refused(
    wiki: Path, run: Any, state: Any, words: list[str], code: str
) -> None:
    before = state(wiki)
    done = run("release", UPLOADS, *words, "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", code)
    assert state(wiki) == before


def test_a_tombstone_releases_nothing(wiki: Path, run: Any) -> None:
    run("retire", "oss-quota", "--why", "重复")
    done = run("release", "oss-quota", "--to", "customer_tech", "--json")
    assert (done.code, done.error["code"]) == (2, "retired")

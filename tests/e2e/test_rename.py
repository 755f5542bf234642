"""``rename``: the file moves, references in front matters follow, logs and history stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"
NEW = "lan-jing-you-xi/events/2026-10-03-upload-timeouts"


@pytest.fixture
def linked(wiki: Path, run: Any) -> Path:
    """Records of every kind that name the event in their front matter."""
    related = f"related=[{{ref: {UPLOADS}, how: caused_by}}]"
    made = [
        run("log-complaint", "蓝鲸", "投诉", "--category", "outage", "--set", related),
        run("set", "tou-su", f"responsible.cleared_by={UPLOADS}"),
        run("log-incident", "蓝鲸", "Again", "--set", f"triage.recurrence_of={UPLOADS}"),
        run(
            "log-churn",
            "蓝鲸",
            "Gone",
            "--reason",
            "undetermined",
            "--amount",
            "1",
            "--period",
            "2026-10",
            "--set",
            f"root_records={UPLOADS}",
            "--set",
            f"attributions=[{{party: x, reason: commercial, evidence: {UPLOADS}}}]",
        ),
        run("new-lesson", "Lesson", "--from", UPLOADS),
        run("append", "again", f"see {UPLOADS}"),
        run("set", "again", f"x_own={UPLOADS}", f"environment={UPLOADS}"),
    ]
    assert [done.code for done in made] == [0] * len(made), [done.err for done in made]
    return wiki


def _texts(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): p.read_text() for p in sorted(folder.rglob("*.md"))}


def test_the_file_moves_and_every_reference_follows_in_one_commit(
    linked: Path, run: Any, git: Any
) -> None:
    before = _texts(linked)
    done = run("rename", "oss-shang", "upload-timeouts", "--json")
    assert done.code == 0, done.err
    assert (done.json["ref"], done.json["path"]) == (NEW, f"customers/{NEW}.md")
    after = _texts(linked)
    assert after[f"customers/{NEW}.md"] == before[f"customers/{UPLOADS}.md"]
    assert f"customers/{UPLOADS}.md" not in after
    kept = [text.count(UPLOADS) for name, text in sorted(after.items()) if UPLOADS in text]
    assert kept == [3]
    assert "Aswiki-Op: rename\n" in git(linked, "log", "-1", "--format=%B")
    assert git(linked, "status", "--porcelain") == ""
    assert len(git(linked, "show", "--name-only", "--format=", "--no-renames").split()) == 6
    assert run("validate").code == 0
    churn = run("show", "gone", "--json").json["fields"]
    assert (churn["root_records"], churn["attributions"][0]["evidence"]) == ([NEW], NEW)
    again = run("show", "again", "--json").json["fields"]
    assert again["triage"]["recurrence_of"] == NEW
    assert (again["environment"], again["x_own"]) == (UPLOADS, UPLOADS)
    assert again["log"][-1]["text"] == f"see {UPLOADS}"


def test_history_and_lateness_go_back_beyond_the_rename(wiki: Path, run: Any) -> None:
    before = run("show", UPLOADS, "--json").json
    assert run("rename", UPLOADS, "upload-timeouts").code == 0
    shown = run("show", NEW, "--json").json
    assert [row["op"] for row in shown["history"]] == ["rename", "append", "create"]
    assert shown["history"][1:] == before["history"]
    assert shown["lateness_days"] == before["lateness_days"]
    assert run("history", NEW, "--json").json == shown["history"]


def test_undoing_gives_the_old_name_back_to_all_that_name_it_now(
    linked: Path, run: Any, git: Any
) -> None:
    before = _texts(linked)
    assert run("rename", UPLOADS, "upload-timeouts").code == 0
    related = f"related=[{{ref: {NEW}, how: see_also}}]"
    assert run("log-event", "蓝鲸", "Later", "--kind", "question", "--set", related).code == 0
    commit = git(linked, "rev-parse", "HEAD~1").strip()
    done = run("undo", commit, "--json")
    assert done.code == 0, done.err
    assert done.json["ref"] == UPLOADS
    after = _texts(linked)
    assert {name: after[name] for name in before} == before
    assert run("show", "later", "--json").json["fields"]["related"][0]["ref"] == UPLOADS
    assert run("validate").code == 0
    assert [row["op"] for row in run("history", UPLOADS, "--json").json] == [
        "undo",
        "rename",
        "append",
        "create",
    ]
    assert run("undo").code == 0
    assert run("show", NEW).code == 0


def test_a_product_keeps_its_old_slug_as_an_alias(wiki: Path, run: Any) -> None:
    before = (wiki / "products/oss.md").read_bytes()
    assert run("rename", "products/oss", "storage").code == 0
    assert run("show", "products/storage", "--json").json["fields"]["aliases"] == ["OSS"]
    assert run("rename", "products/storage", "object-storage").code == 0
    fields = run("show", "products/object-storage", "--json").json["fields"]
    assert fields["aliases"] == ["OSS", "storage"]
    assert run("undo").code == 0
    assert run("rename", "products/storage", "oss").code == 0
    assert (wiki / "products/oss.md").read_bytes() == before.replace(
        b"[OSS]", b"[OSS, object-storage, storage]"
    )
    assert run("validate").code == 0


@pytest.mark.parametrize(
    ("record", "slug", "code"),
    [
        (UPLOADS, "Upload Timeouts", "bad-slug"),
        (UPLOADS, "上传超时", "bad-slug"),
        (UPLOADS, "../../etc", "bad-slug"),
        (UPLOADS, "files", "bad-slug"),
        (UPLOADS, "x" * 61, "bad-slug"),
        (UPLOADS, "other", "name-taken"),
        ("lan-jing-you-xi/profile", "blue", "fixed-name"),
    ],
)
def test_a_name_that_is_none_or_taken_is_refused(
    wiki: Path, run: Any, state: Any, record: str, slug: str, code: str
) -> None:
    run("log-event", "蓝鲸", "Other", "--kind", "question", "--at", "2026-10-03")
    before = state(wiki)
    done = run("rename", record, slug, "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", code)
    assert state(wiki) == before


def test_the_same_name_is_nothing_to_do_and_the_date_may_be_typed(wiki: Path, run: Any) -> None:
    same = run("rename", UPLOADS, "2026-10-03-oss-shang-chuan-chao-shi", "--json")
    assert (same.code, same.json["commit"]) == (0, None)
    assert run("rename", UPLOADS, "2026-10-03-upload-timeouts", "--json").json["ref"] == NEW


def test_a_record_with_hand_edits_stops_it_all(linked: Path, run: Any, state: Any) -> None:
    path = linked / "lessons/lesson.md"
    path.write_text(path.read_text() + "\nmore\n", encoding="utf-8")
    before = state(linked)
    done = run("rename", UPLOADS, "upload-timeouts", "--json")
    assert (done.code, done.error["code"]) == (4, "hand-edits")
    assert "lessons/lesson.md" in done.error["message"]
    assert state(linked) == before


def test_a_tombstone_keeps_its_name_and_a_dry_run_moves_nothing(
    wiki: Path, run: Any, state: Any
) -> None:
    run("retire", "oss-quota", "--why", "重复")
    before = state(wiki)
    assert run("rename", "oss-quota", "x-y", "--json").error["code"] == "retired"
    assert "+++ b/customers/" in run("rename", UPLOADS, "upload-timeouts", "--dry-run").out
    assert state(wiki) == before

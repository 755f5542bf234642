"""``commit``: hand edits taken in, one commit a record; what breaks a rule is refused by name."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"
QUOTA = "acme/events/2026-10-05-oss-quota"


def _edit(wiki: Path, ref: str, old: str, new: str) -> None:
    path = wiki / "customers" / f"{ref}.md"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_every_edited_record_gets_its_own_commit(wiki: Path, run: Any, git: Any) -> None:
    count = int(git(wiki, "rev-list", "--count", "HEAD"))
    _edit(wiki, UPLOADS, "status: new", "status: 处理中")
    _edit(wiki, QUOTA, "status: new", "status: triaged")
    new = wiki / "customers/acme/notes/2026-10-06-price.md"
    new.parent.mkdir()
    new.write_text(
        "---\ntype: note\ntitle: 砍价\nkind: signal\noccurred_at: 2026-10-06\n"
        "signal: {kind: bargaining}\n---\n"
    )
    done = run("commit", "--json")
    assert done.code == 0, done.err
    refs = [QUOTA, "acme/notes/2026-10-06-price", UPLOADS]
    assert [row["ref"] for row in done.json["refs"]] == refs
    assert len(done.json["commits"]) == 3
    assert int(git(wiki, "rev-list", "--count", "HEAD")) == count + 3
    assert git(wiki, "status", "--porcelain") == ""
    digest = hashlib.sha256(new.read_bytes()).hexdigest()
    trailers = git(wiki, "log", "-1", "--format=%(trailers)", done.json["commits"][1])
    assert trailers.strip().splitlines() == [
        "Aswiki-Op: adopt",
        f"Aswiki-Record: acme/notes/2026-10-06-price sha256:{digest}",
        "Aswiki-Occurred: 2026-10-06",
        "Aswiki-Tool: aswiki/0.1.0",
    ]


def test_the_message_is_the_subject(wiki: Path, run: Any, git: Any) -> None:
    _edit(wiki, QUOTA, "status: new", "status: triaged")
    assert run("commit", "-m", "火车上的记录").code == 0
    assert git(wiki, "log", "-1", "--format=%s") == "火车上的记录\n"


def test_nothing_edited_is_nothing_to_do(wiki: Path, run: Any, state: Any) -> None:
    before = state(wiki)
    done = run("commit", "--json")
    assert (done.code, done.json["commit"], done.json["refused"]) == (0, None, [])
    assert state(wiki) == before


def test_bad_records_are_refused_by_name_and_good_ones_are_taken_in(
    wiki: Path, run: Any, git: Any
) -> None:
    _edit(wiki, UPLOADS, "要求 30 分钟内恢复", "要求 60 分钟内恢复")
    _edit(wiki, QUOTA, "status: new", "status: triaged")
    (wiki / "products/oss.md").unlink()
    _edit(wiki, "acme/profile", "account_level: key", "account_levle: key")
    done = run("commit", "--json")
    assert done.code == 1
    assert [row["ref"] for row in done.json["refs"]] == [QUOTA]
    found = {(p["path"], p["line"], p["column"], p["code"]) for p in done.json["refused"]}
    heading = (wiki / f"customers/{UPLOADS}.md").read_text().splitlines().index("## 处理过程") + 1
    assert found == {
        (f"customers/{UPLOADS}.md", heading, 1, "ASW020"),
        ("products/oss.md", 1, 1, "ASW022"),
        ("customers/acme/profile.md", 6, 1, "ASW120"),
    }
    assert git(wiki, "status", "--porcelain").split() == [
        *("M", "customers/acme/profile.md"),
        *("M", f"customers/{UPLOADS}.md"),
        *("D", "products/oss.md"),
    ]
    told = run("commit")
    assert told.code == 1
    assert "customers/acme/profile.md:6:1: ASW120 " in told.out
    assert "Did you mean account_level?" in told.out


def test_a_removed_log_entry_is_refused(wiki: Path, run: Any, state: Any) -> None:
    path = wiki / "customers" / f"{UPLOADS}.md"
    path.write_text(path.read_text().partition("- 2026-10-03 14:20")[0])
    before = state(wiki)
    done = run("commit", "--json")
    assert (done.code, done.json["commit"]) == (1, None)
    assert [problem["code"] for problem in done.json["refused"]] == ["ASW020"]
    assert state(wiki) == before


def test_a_severity_lowered_by_hand_needs_an_entry_that_says_why(wiki: Path, run: Any) -> None:
    _edit(wiki, UPLOADS, "severity: P1", "severity: P3")
    done = run("commit", "--json")
    assert [problem["code"] for problem in done.json["refused"]] == ["ASW021"]
    path = wiki / "customers" / f"{UPLOADS}.md"
    with path.open("a") as file:
        file.write("- 2026-10-20 09:00 | 老张 | 备注：只影响一个桶\n")
    assert run("commit").code == 0


def test_a_record_moved_by_hand_is_refused_on_both_sides(wiki: Path, run: Any, git: Any) -> None:
    git(wiki, "mv", f"customers/{QUOTA}.md", "customers/acme/events/2026-10-05-quota.md")
    done = run("commit", "--json")
    assert done.code == 1
    assert [(p["path"], p["code"]) for p in done.json["refused"]] == [
        (f"customers/{QUOTA}.md", "ASW022"),
        ("customers/acme/events/2026-10-05-quota.md", "ASW022"),
    ]
    assert done.json["commits"] == []


def test_a_tombstone_brought_back_by_hand_is_refused(wiki: Path, run: Any) -> None:
    whole = (wiki / f"customers/{QUOTA}.md").read_bytes()
    assert run("retire", QUOTA, "--why", "x").code == 0
    (wiki / f"customers/{QUOTA}.md").write_bytes(whole)
    done = run("commit", "--json")
    assert [problem["code"] for problem in done.json["refused"]] == ["ASW022"]


def test_settings_people_and_attachments_are_one_commit(wiki: Path, run: Any, git: Any) -> None:
    with (wiki / "people.toml").open("a") as people:
        people.write('\n[people.lisi]\nname = "李四"\n')
    files = wiki / "customers/acme/files"
    files.mkdir()
    (files / "0123456789ab-photo.jpg").write_bytes(b"\xff\xd8")
    (wiki / "mine.txt").write_text("mine")
    count = int(git(wiki, "rev-list", "--count", "HEAD"))
    assert run("commit").code == 0
    assert int(git(wiki, "rev-list", "--count", "HEAD")) == count + 1
    assert git(wiki, "status", "--porcelain") == "?? mine.txt\n"


def test_bad_settings_are_refused_at_their_line(wiki: Path, run: Any) -> None:
    with (wiki / "people.toml").open("a") as people:
        people.write('\n[people.lisi]\nnmae = "李四"\n')
    line = (wiki / "people.toml").read_text().splitlines().index('nmae = "李四"') + 1
    done = run("commit", "--json")
    assert done.code == 1
    places = {(p["path"], p["line"], p["code"]) for p in done.json["refused"]}
    assert ("people.toml", line, "ASW120") in places


def test_a_dry_run_shows_the_diff_and_commits_nothing(wiki: Path, run: Any, state: Any) -> None:
    _edit(wiki, QUOTA, "status: new", "status: triaged")
    before = state(wiki)
    done = run("commit", "--dry-run")
    assert "-status: new\n+status: triaged\n" in done.out
    assert state(wiki) == before
    assert run("commit", "--dry-run", "--json").json["commit"] is None


def test_quiet_still_names_what_was_refused(wiki: Path, run: Any) -> None:
    _edit(wiki, QUOTA, "status: new", "status: nwe")
    done = run("commit", "-q")
    assert (done.code, "ASW122" in done.out) == (1, True)


def test_repaired_encodings_are_no_alteration(wiki: Path, run: Any, git: Any) -> None:
    path = wiki / "customers" / f"{UPLOADS}.md"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    git(wiki, "commit", "-qam", "typed on another system")
    assert run("validate", "--fix").code == 0
    assert b"\r" not in path.read_bytes()
    assert git(wiki, "status", "--porcelain") == f" M customers/{UPLOADS}.md\n"
    done = run("commit")
    assert done.code == 0, done.out


def test_a_new_colleagues_hand_edit_brings_them_into_people_toml(
    wiki: Path, run: Any, git: Any
) -> None:
    git(wiki, "config", "user.name", "罗一")
    git(wiki, "config", "user.email", "luoyi@example.com")
    profile = next((wiki / "customers").glob("*/profile.md"))
    profile.write_text(profile.read_text("utf-8") + "\n手记\n", encoding="utf-8")

    assert run("commit").code == 0

    assert "luoyi@example.com" in (wiki / "people.toml").read_text("utf-8")
    assert git(wiki, "status", "--porcelain") == ""
    assert git(wiki, "rev-list", "--count", "HEAD~1..HEAD").strip() == "1"

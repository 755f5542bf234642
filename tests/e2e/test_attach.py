"""``attach``: files copied beside the customer's records, named with their sha256."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from pathlib import Path
from typing import Any

import pytest

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"
FILES = "customers/lan-jing-you-xi/files"


def _evidence(run: Any, ref: str = UPLOADS) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run("show", ref, "--json").json["fields"].get("evidence", [])
    return found


def _file(wiki: Path, name: str, data: bytes = b"data") -> str:
    path = wiki.parent / name
    path.write_bytes(data)
    return str(path)


def test_a_file_is_copied_and_named_in_one_commit(wiki: Path, run: Any, git: Any) -> None:
    source = _file(wiki, "capture.txt", b"both sides")
    words = ["--kind", "日志", "--note", "两端抓包", "--at", "昨天 9:00"]
    done = run("attach", "oss-shang", source, *words, "--json")
    assert done.code == 0, done.err
    sha256 = hashlib.sha256(b"both sides").hexdigest()
    name = f"files/{sha256[:12]}-capture.txt"
    assert _evidence(run) == [
        {
            "kind": "log",
            "file": name,
            "sha256": sha256,
            "captured_at": "2026-10-19T09:00:00+08:00",
            "note": "两端抓包",
        }
    ]
    assert (wiki / f"customers/lan-jing-you-xi/{name}").read_bytes() == b"both sides"
    changed = git(wiki, "show", "--name-only", "--format=").split()
    assert sorted(changed) == [f"customers/{UPLOADS}.md", f"customers/lan-jing-you-xi/{name}"]
    assert "Aswiki-Op: attach\n" in git(wiki, "log", "-1", "--format=%B")
    assert git(wiki, "status", "--porcelain") == ""
    assert run("validate").code == 0


def test_thirty_megabytes_are_no_trouble(wiki: Path, run: Any, git: Any) -> None:
    data = os.urandom(1024) * 30 * 1024
    done = run("attach", UPLOADS, _file(wiki, "dump.bin", data), "--json")
    assert done.code == 0, done.err
    name = _evidence(run)[0]["file"]
    assert git(wiki, "cat-file", "-s", f"HEAD:customers/lan-jing-you-xi/{name}").strip() == str(
        len(data)
    )
    dry = run("attach", "oss-quota", _file(wiki, "other.bin", data + b"x"), "--dry-run")
    assert (dry.code, len(dry.out) < 2000) == (0, True)
    assert not (wiki / "customers/acme/files").exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("聊天 截图（一）.png", "聊天-截图（一）.png"),
        (unicodedata.normalize("NFD", "café.txt"), "café.txt"),
        ("a b;rm -rf $HOME.log", "a-b-rm-rf-HOME.log"),
        ("\u202etxt.exe", "txt.exe"),
        ("..hidden", "hidden"),
        ("网" * 84, "网" * 60),
        ("archive.tar.gz", "archive.tar.gz"),
    ],
)
def test_a_name_is_kept_as_far_as_it_is_safe(wiki: Path, run: Any, given: str, kept: str) -> None:
    done = run("attach", UPLOADS, _file(wiki, given), "--json")
    assert done.code == 0, done.err
    file = _evidence(run)[0]["file"]
    assert file.partition("-")[2] == kept
    assert (wiki / "customers/lan-jing-you-xi" / file).read_bytes() == b"data"
    assert run("validate").code == 0


def test_a_link_folder_pipe_device_or_nothing_is_refused(wiki: Path, run: Any, state: Any) -> None:
    (wiki.parent / "passwd").symlink_to("/etc/passwd")
    os.mkfifo(wiki.parent / "pipe")
    bad = [str(wiki.parent / "passwd"), str(wiki.parent), str(wiki.parent / "pipe"), "/dev/null"]
    bad += [str(wiki.parent / "gone"), "", " ", ".", _file(wiki, "empty", b"")]
    bad += [_file(wiki, "---"), "a\0b"]
    before = state(wiki)
    for source in bad:
        done = run("attach", UPLOADS, source, "--json")
        assert (done.code, done.out) == (2, ""), source
    good = _file(wiki, "good.txt")
    assert run("attach", UPLOADS, good, bad[0]).code == 2
    assert state(wiki) == before


def test_the_same_file_is_not_copied_twice(wiki: Path, run: Any) -> None:
    first, second = _file(wiki, "one.txt"), _file(wiki, "two.txt")
    assert run("attach", UPLOADS, first, second).code == 0
    assert len(_evidence(run)) == 1
    again = run("attach", UPLOADS, second, "--json")
    assert (again.code, again.json["commit"]) == (0, None)
    assert again.json["warnings"] == ["two.txt is attached already."]
    run("log-event", "蓝鲸", "Ask", "--kind", "question")
    done = run("attach", "lan-jing-you-xi/ask", second, "--json")
    assert done.code == 0, done.err
    assert _evidence(run, done.json["ref"])[0]["file"].endswith("-one.txt")
    assert len(list((wiki / FILES).iterdir())) == 1


def test_a_changed_attachment_is_found(wiki: Path, run: Any) -> None:
    run("attach", UPLOADS, _file(wiki, "one.txt"))
    next((wiki / FILES).iterdir()).write_bytes(b"other")
    found = run("validate", "--format", "json")
    assert found.code == 1
    assert "ASW012" in [p["code"] for p in found.json["problems"]]


def test_lessons_products_and_tombstones_take_no_files(wiki: Path, run: Any, state: Any) -> None:
    run("retire", "oss-quota", "--why", "重复")
    before = state(wiki)
    file = _file(wiki, "one.txt")
    assert run("attach", "products/oss", file, "--json").error["code"] == "no-files-folder"
    assert run("attach", "oss-quota", file, "--json").error["code"] == "retired"
    assert (
        run("attach", UPLOADS, file, "--kind", "rumour", "--json").error["code"] == "unknown-word"
    )
    assert run("attach", "nothing", file).code == 3
    assert state(wiki) == before


def test_undoing_takes_the_file_away_and_undoing_that_brings_it_back(wiki: Path, run: Any) -> None:
    before = (wiki / f"customers/{UPLOADS}.md").read_bytes()
    assert run("attach", UPLOADS, _file(wiki, "one.txt")).code == 0
    after = (wiki / f"customers/{UPLOADS}.md").read_bytes()
    assert run("undo").code == 0
    assert (wiki / f"customers/{UPLOADS}.md").read_bytes() == before
    assert not (wiki / FILES).exists()
    assert run("undo").code == 0
    assert (wiki / f"customers/{UPLOADS}.md").read_bytes() == after
    assert next((wiki / FILES).iterdir()).read_bytes() == b"data"
    assert run("validate").code == 0


def test_undoing_leaves_a_file_that_another_record_names(wiki: Path, run: Any) -> None:
    source = _file(wiki, "one.txt")
    commit = run("attach", UPLOADS, source, "--json").json["commit"]
    run("log-event", "蓝鲸", "Ask", "--kind", "question")
    assert run("attach", "lan-jing-you-xi/ask", source).code == 0
    assert run("undo", commit).code == 0
    assert _evidence(run) == []
    assert len(list((wiki / FILES).iterdir())) == 1
    assert run("validate").code == 0

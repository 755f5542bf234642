"""``review``: each planted bad pull request is named at its file and line, and good ones pass."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from aswiki.domain.checks.rules import text_sha256

FORMATS = ["text", "md", "json", "github", "gitlab", "sarif", "rdjson"]
QUOTA = "customers/acme/events/2026-10-05-oss-quota.md"
SLOW = "customers/acme/complaints/2026-10-10-slow.md"
UPLOADS = "customers/acme/events/2026-10-11-uploads.md"
GONE = "customers/acme/notes/2026-10-12-gone.md"
SHA256 = hashlib.sha256(b"screen").hexdigest()
SCREEN = f"customers/acme/files/{SHA256[:12]}-screen.txt"
TEXT = "10 月 11 日上传一度超时，已经恢复。"

COMPLAINT = """\
---
type: complaint
title: 响应慢
category: slow_response
status: investigating
received_at: 2026-10-10T09:00:00+08:00
owner: zhangwei
responsible:
  person: zhangwei
  department: after-sales
customer_loss: {kind: none}
source:
  channel: phone
  verbatim: 你们三天没有回复
---

## 客户影响

业务方等了三天。

## 处理过程

- 2026-10-10 09:30 +08:00 · zhangwei · note: 已致歉
- 2026-10-10 10:00 +08:00 · zhangwei · customer: 客户来电
  > 下不为例
"""
EVENT = f"""\
---
type: event
title: 上传超时
kind: incident
severity: P1
started_at: 2026-10-11T14:05:00+08:00
product: oss
owner: writer
evidence:
  - kind: screenshot
    file: files/{SHA256[:12]}-screen.txt
    sha256: {SHA256}
released_to:
  - audience: customer_tech
    field: customer_text
    by: writer
    at: 2026-10-12T10:00:00+08:00
    sha256: {text_sha256(TEXT)}
---

## 对客口径

{TEXT}

## 处理过程

- 2026-10-11 14:20 +08:00 · writer · demand → db-team: 要求 30 分钟内恢复
"""
TOMBSTONE = """\
---
type: note
title: 记错了
occurred_at: 2026-10-12
status: retired
retired: {why: 客户搞错了, by: writer, at: 2026-10-13T10:00:00+08:00}
---
"""
NOTE = """\
---
type: note
title: 砍价
kind: signal
occurred_at: 2026-10-20
signal: {kind: bargaining}
---
"""
LATE = NOTE.replace("2026-10-20", "2026-10-06")
BINARY = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256))


BASE = {SLOW: COMPLAINT, UPLOADS: EVENT, GONE: TOMBSTONE, SCREEN: "screen"}


class Planted(NamedTuple):
    """One bad pull request: what it does to the folder, and what must be said of it where."""

    does: Callable[[Path], None]
    code: str
    path: str
    line: int
    level: str = "error"


def _edit(path: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        text = (folder / path).read_text(encoding="utf-8")
        assert old in text
        (folder / path).write_text(text.replace(old, new), encoding="utf-8")

    return edit


def _write(path: str, content: str | bytes) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        raw = content.encode() if isinstance(content, str) else content
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(raw)

    return write


def _remove(path: str) -> Callable[[Path], None]:
    return lambda folder: (folder / path).unlink()


def _move(path: str, to: str) -> Callable[[Path], None]:
    def move(folder: Path) -> None:
        (folder / path).rename(folder / to)

    return move


def _link(path: str) -> Callable[[Path], None]:
    def link(folder: Path) -> None:
        (folder / path).unlink()
        (folder / path).symlink_to("../../../people.toml")

    return link


def _forge(folder: Path) -> None:
    other = "已经恢复，原因是误操作。"
    _edit(UPLOADS, TEXT, other)(folder)
    _edit(UPLOADS, text_sha256(TEXT), text_sha256(other))(folder)


def _line(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


MOVED = "customers/acme/complaints/2026-10-10-slower.md"
NEW = "customers/acme/notes/2026-10-20-price.md"
RELEASED = _line(EVENT, f"    sha256: {text_sha256(TEXT)}")
BAD: dict[str, Planted] = {
    "log-entry-removed": Planted(
        _edit(SLOW, COMPLAINT[COMPLAINT.index("- 2026-10-10 10:00") :], ""),
        *("ASW020", SLOW, _line(COMPLAINT, "## 处理过程")),
    ),
    "log-entry-altered": Planted(
        _edit(SLOW, "已致歉", "已解释"), "ASW020", SLOW, _line(COMPLAINT, "## 处理过程")
    ),
    "quote-altered": Planted(
        _edit(SLOW, "下不为例", "没关系"), "ASW020", SLOW, _line(COMPLAINT, "## 处理过程")
    ),
    "verbatim-altered": Planted(
        _edit(SLOW, "你们三天没有回复", "有点慢"), "ASW020", SLOW, _line(COMPLAINT, "verbatim")
    ),
    "severity-lowered": Planted(
        _edit(UPLOADS, "severity: P1", "severity: P3"),
        *("ASW021", UPLOADS, _line(EVENT, "severity")),
    ),
    "responsible-changed": Planted(
        _edit(SLOW, "  person: zhangwei", "  person: writer"),
        *("ASW021", SLOW, _line(COMPLAINT, "  person")),
    ),
    "date-moved": Planted(
        _edit(UPLOADS, "14:05:00", "15:05:00"), "ASW021", UPLOADS, _line(EVENT, "started_at")
    ),
    "removed": Planted(_remove(SLOW), "ASW022", SLOW, 1),
    "renamed-by-hand": Planted(_move(SLOW, MOVED), "ASW022", MOVED, 1),
    "tombstone-replaced": Planted(
        _write(GONE, NOTE.replace("2026-10-20", "2026-10-12")), "ASW022", GONE, 1
    ),
    "recorded-late": Planted(_write(NEW, LATE), "ASW023", NEW, 5, "warning"),
    "release-broken": Planted(
        _edit(UPLOADS, TEXT, "已经恢复，原因是误操作。"), "ASW009", UPLOADS, RELEASED
    ),
    "release-forged": Planted(_forge, "ASW009", UPLOADS, RELEASED),
    "evidence-altered": Planted(_write(SCREEN, "another screen"), "ASW012", SCREEN, 1),
    "evidence-removed": Planted(_remove(SCREEN), "ASW012", SCREEN, 1),
    "closed-for-another": Planted(
        _edit(SLOW, "investigating\n", "closed\nclosed_at: 2026-10-15\n"),
        *("ASW025", SLOW, 5, "warning"),
    ),
    "phone-in-customer-text": Planted(
        _edit(SLOW, "## 处理过程", "## 对客口径\n\n有事请打 13912345678。\n\n## 处理过程"),
        *("ASW008", SLOW, _line(COMPLAINT, "## 处理过程") + 2),
    ),
    "binary-record": Planted(_write(QUOTA, BINARY), "ASW101", QUOTA, 1),
    "binary-beside": Planted(
        _write("customers/acme/events/2026-10-20-screen.png", BINARY),
        *("ASW101", "customers/acme/events/2026-10-20-screen.png", 1),
    ),
    "link": Planted(_link(QUOTA), "ASW142", QUOTA, 1),
}


def _git(folder: Path, *words: str, day: str = "2026-10-20") -> str:
    dates = dict.fromkeys(["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"], f"{day}T10:00:00+08:00")
    done = subprocess.run(
        ["git", *words],
        cwd=folder,
        check=True,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | dates,
    )
    return done.stdout.strip()


def _commit(folder: Path, message: str = "by hand", **files: str) -> None:
    for path, content in files.items():
        _write(path, content)(folder)
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "-m", message)


@pytest.fixture(scope="module")
def _pulls(_small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wiki whose main branch is checked out, with a branch for each bad pull request."""
    folder = tmp_path_factory.mktemp("pulls") / "wiki"
    shutil.copytree(_small, folder, symlinks=True)
    _commit(folder, "what was there", **BASE)
    for name, planted in BAD.items():
        _git(folder, "switch", "--quiet", "--create", name, "main")
        planted.does(folder)
        _commit(folder)
    _git(folder, "switch", "--quiet", "main")
    return folder


@pytest.fixture
def pulls(_pulls: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, to be looked at only; the current folder is in it."""
    monkeypatch.chdir(_pulls)
    return _pulls


@pytest.fixture
def pull(wiki: Path) -> Path:
    """A wiki of the test's own, on a new branch ``work`` that has nothing yet."""
    _commit(wiki, "what was there", **BASE)
    _git(wiki, "switch", "--quiet", "--create", "work")
    return wiki


Named = Iterator[tuple[str, int, str]]


def _of_md(out: str) -> Named:
    path = ""
    for line in out.splitlines():
        if found := re.search(r"<summary><code>(.*)</code>", line):
            path = found[1]
        elif found := re.match(r"- `(\d+):\d+` `(ASW\d+)` ", line):
            yield path, int(found[1]), found[2]


def _of_text(out: str) -> Named:
    for path, line, code in re.findall(r"^(\S+):(\d+):\d+: (ASW\d+) ", out, re.MULTILINE):
        yield path, int(line), code


def _of_github(out: str) -> Named:
    said = r"^::(?:error|warning) file=(.*?),line=(\d+),col=\d+,title=(ASW\d+)::."
    for path, line, code in re.findall(said, out, re.MULTILINE):
        yield path, int(line), code


def _of_json(out: str) -> Named:
    yield from ((p["path"], p["line"], p["code"]) for p in json.loads(out)["problems"])


def _of_gitlab(out: str) -> Named:
    for p in json.loads(out):
        yield p["location"]["path"], p["location"]["lines"]["begin"], p["check_name"]


def _of_sarif(out: str) -> Named:
    for result in json.loads(out)["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        yield place["artifactLocation"]["uri"], place["region"]["startLine"], result["ruleId"]


def _of_rdjson(out: str) -> Named:
    for one in json.loads(out)["diagnostics"]:
        place = one["location"]
        yield place["path"], place["range"]["start"]["line"], one["code"]["value"]


NAMED = {
    "text": _of_text,
    "md": _of_md,
    "json": _of_json,
    "github": _of_github,
    "gitlab": _of_gitlab,
    "sarif": _of_sarif,
    "rdjson": _of_rdjson,
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", BAD)
def test_each_bad_pull_request_is_named_at_its_file_and_line(
    pulls: Path, run: Any, name: str, form: str
) -> None:
    planted = BAD[name]
    done = run("review", f"main..{name}", "--format", form)
    found = list(NAMED[form](done.out))
    assert (planted.path, planted.line, planted.code) in found
    assert done.code == (1 if planted.level == "error" else 0), done.out + done.err


@pytest.mark.parametrize("name", BAD)
def test_nothing_else_is_said_of_a_bad_pull_request(pulls: Path, run: Any, name: str) -> None:
    planted = BAD[name]
    problems = run("review", f"main...{name}", "--json").json["problems"]
    beside = {
        "renamed-by-hand": [("ASW022", SLOW)],
        "evidence-altered": [("ASW012", UPLOADS)],
        "evidence-removed": [("ASW012", UPLOADS)],
    }
    told = [(p["code"], p["path"]) for p in problems]
    assert sorted(told) == sorted([(planted.code, planted.path), *beside.get(name, [])])
    levels = {p["level"] for p in problems}
    assert levels == {planted.level}


def test_the_document_holds_the_ends_the_problems_and_the_changes(pulls: Path, run: Any) -> None:
    found = run("review", "main..severity-lowered", "--format", "json").json
    assert list(found) == ["base", "head", "checked", "problems", "changes"]
    assert found["base"] == _git(pulls, "rev-parse", "main")
    assert found["head"] == _git(pulls, "rev-parse", "severity-lowered")
    assert found["checked"] == 1
    (change,) = found["changes"]
    assert change["ref"] == "acme/events/2026-10-11-uploads"
    assert [(f["field"], f["before"], f["after"]) for f in change["fields"]] == [
        ("severity", "P1", "P3")
    ]


def test_the_comment_can_be_found_again_and_tells_what_is_wrong_before_what_changed(
    pulls: Path, run: Any
) -> None:
    out = run("review", "main..severity-lowered", "--format", "md").out
    assert out.startswith("<!-- aswiki-review -->\n")
    assert out.index("ASW021") < out.index("<del>P1</del>") < out.index("<ins>P3</ins>")


def test_what_commands_do_passes_review_in_both_languages(pull: Path, run: Any) -> None:
    (pull / "new.log").write_text("x")
    for words in (
        ["append", "oss-quota", "客户要加到 20 T"],
        [
            "log-incident",
            "acme",
            "登录失败",
            "--product",
            "oss",
            "--started-at",
            "2026-10-20T09:00",
        ],
        ["attach", "oss-quota", "new.log"],
        ["set", "uploads", "severity=P3", "--why", "只影响一个桶"],
        ["set", "acme/2026-10-11-uploads", "customer_text=已经恢复。"],
        ["release", "acme/2026-10-11-uploads", "--to", "customer_tech"],
        ["promise", "oss-quota", "复盘报告", "--promiser", "writer", "--due", "2026-10-30"],
        ["settle", "oss-quota#p1", "--as", "kept"],
        ["rename", "acme/2026-10-11-uploads", "upload-timeouts"],
        ["rename", "upload-timeouts", "timeouts"],
        ["set", "timeouts", "status=mitigated"],
        ["close", "oss-quota"],
        ["retire", "2026-10-10-slow", "--why", "客户搞错了"],
        ["undo"],
    ):
        done = run(*words)
        assert done.code == 0, (words, done.err)
    (pull / "new.log").unlink()
    for form, lang in product(FORMATS, ("zh", "en")):
        done = run("review", "main..work", "--format", form, "--lang", lang)
        assert done.code == 0, done.out
        assert list(NAMED[form](done.out)) == []


def test_an_undone_attachment_is_said_and_is_no_error(pull: Path, run: Any) -> None:
    (pull / "new.log").write_text("x")
    assert run("attach", "oss-quota", "new.log").code == 0
    (pull / "new.log").unlink()
    _git(pull, "branch", "--force", "main")
    assert run("undo").code == 0
    done = run("review", "--json")
    assert done.code == 0, done.out
    assert [(p["code"], p["level"]) for p in done.json["problems"]] == [("ASW012", "warning")]


def test_what_comes_and_goes_within_the_range_is_no_loss(pull: Path, run: Any) -> None:
    before = (pull / SLOW).read_text()
    with (pull / SLOW).open("a") as file:
        file.write("- 2026-10-19 10:00 +08:00 · writer · note: 写错了地方\n")
    _commit(pull)
    (pull / SLOW).write_text(before)
    _write(NEW, NOTE)(pull)
    _commit(pull)
    (pull / NEW).unlink()
    _commit(pull)
    assert run("review", "main..work", "--json").json["problems"] == []


def test_a_line_removed_and_put_back_altered_is_a_loss(pull: Path, run: Any) -> None:
    before = (pull / SLOW).read_text()
    entry = "- 2026-10-10 09:30 +08:00 · zhangwei · note: 已致歉\n"
    _write(SLOW, before.replace(entry, ""))(pull)
    _commit(pull)
    _write(SLOW, before.replace("已致歉", "已认错"))(pull)
    _commit(pull)
    assert [p["code"] for p in run("review", "--json").json["problems"]] == ["ASW020"]


def test_what_cannot_be_read_is_not_taken_for_removed_and_the_rest_is_compared(
    pull: Path, run: Any
) -> None:
    _edit(SLOW, "  channel: phone", "  chanel: phone")(pull)
    _edit(SLOW, "已致歉", "已解释")(pull)
    _commit(pull)
    found = run("review", "--json").json["problems"]
    assert [(p["code"], p["path"]) for p in found] == [("ASW120", SLOW), ("ASW020", SLOW)]


def test_what_main_did_meanwhile_is_not_reviewed(pull: Path, run: Any) -> None:
    _write(NEW, NOTE)(pull)
    _commit(pull)
    _git(pull, "switch", "--quiet", "main")
    _remove(GONE)(pull)
    _commit(pull)
    for words in ("main..work", "main...work"):
        found = run("review", words, "--json")
        assert (found.json["checked"], found.json["problems"]) == (1, [])


def test_head_is_read_from_git_and_not_from_the_folder(pulls: Path, run: Any, git: Any) -> None:
    (pulls / "customers/acme/profile.md").rename(pulls / "aside.md")
    try:
        assert run("review", "main..recorded-late").code == 0
        assert run("review", "main..severity-lowered").code == 1
    finally:
        (pulls / "aside.md").rename(pulls / "customers/acme/profile.md")


def test_a_detached_head_in_a_clone_is_reviewed(pulls: Path, run: Any, tmp_path: Path) -> None:
    _git(tmp_path, "clone", "--quiet", str(pulls), "clone")
    clone = tmp_path / "clone"
    _git(clone, "checkout", "--quiet", "--detach", "origin/log-entry-removed")
    done = run("-C", str(clone), "review", "--format", "github")
    assert done.code == 1
    assert done.out.startswith(f"::error file={SLOW},line=")


def test_a_shallow_clone_cannot_be_reviewed(pulls: Path, run: Any, tmp_path: Path) -> None:
    _git(tmp_path, "clone", "--quiet", "--depth=1", pulls.as_uri(), "clone")
    done = run("-C", str(tmp_path / "clone"), "review", "HEAD..HEAD", "--json")
    assert (done.code, done.out) == (4, "")
    assert done.error["code"] == "shallow-clone"
    assert "fetch-depth: 0" in done.error["hint"]


def test_a_wiki_in_a_folder_is_named_from_the_top_for_hosts(
    pulls: Path, run: Any, tmp_path: Path
) -> None:
    shutil.copytree(pulls, tmp_path / "wiki", ignore=shutil.ignore_patterns(".git"))
    _git(tmp_path, "init", "--quiet", "--initial-branch=main")
    _commit(tmp_path)
    _git(tmp_path, "switch", "--quiet", "--create", "work")
    BAD["severity-lowered"].does(tmp_path / "wiki")
    _commit(tmp_path)
    base = ["-C", str(tmp_path / "wiki"), "review"]
    for form in FORMATS:
        prefix = "" if form in {"text", "json"} else "wiki/"
        found = list(NAMED[form](run(*base, "--format", form).out))
        assert found == [(f"{prefix}{UPLOADS}", _line(EVENT, "severity"), "ASW021")]


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["review", "nowhere..HEAD"], 3, "no-revision"),
        (["review", "HEAD..nowhere"], 3, "no-revision"),
        (["review", ""], 2, "missing-argument"),
        (["review"], 2, "missing-argument"),
        (["review", "HEAD", "HEAD"], 2, "unexpected-argument"),
    ],
)
def test_what_cannot_be_reviewed_is_refused(
    wiki: Path, run: Any, words: list[str], code: int, error: str
) -> None:
    done = run(*words, "--json")
    assert (done.code, done.out, done.error["code"]) == (code, "", error)


def test_another_format_is_refused_with_those_there_are(wiki: Path, run: Any) -> None:
    done = run("review", "HEAD", "--format", "yaml")
    assert (done.code, done.out) == (2, "")
    assert all(form in done.err for form in FORMATS)


def test_commits_with_no_root_in_common_cannot_be_compared(wiki: Path, run: Any) -> None:
    _git(wiki, "switch", "--quiet", "--orphan", "other")
    _commit(wiki, **{"aswiki.toml": "[wiki]\nschema = 1\n"})
    done = run("review", "main..other", "--json")
    assert (done.code, done.error["code"]) == (4, "no-merge-base")


def test_a_host_merge_that_would_conflict_is_foretold(pull: Path, run: Any) -> None:
    _edit(SLOW, "响应慢", "响应太慢")(pull)
    _commit(pull)
    _git(pull, "switch", "--quiet", "main")
    _edit(SLOW, "响应慢", "三天没有响应")(pull)
    _commit(pull)
    objects = _git(pull, "count-objects", "-v")
    done = run("review", "main..work", "--json")
    assert done.code == 0
    (problem,) = done.json["problems"]
    assert (problem["code"], problem["level"], problem["path"]) == ("ASW026", "warning", SLOW)
    assert "aswiki sync" in problem["hint"]
    assert _git(pull, "count-objects", "-v") == objects
    _git(pull, "config", "merge.aswiki.driver", "true")
    _commit(pull, **{".gitattributes": "*.md merge=aswiki\n"})
    assert len(run("review", "main..work", "--json").json["problems"]) == 1


def test_the_hand_that_closed_a_record_last_counts(pull: Path, run: Any) -> None:
    author = "--author=张维 <zhangwei@example.com>"
    _edit(SLOW, "investigating\n", "closed\nclosed_at: 2026-10-15\n")(pull)
    _git(pull, "commit", "--quiet", "-a", "-m", "closed by its owner", author)
    assert run("review", "--json").json["problems"] == []
    _edit(SLOW, "status: closed\nclosed_at: 2026-10-15\n", "status: responded\n")(pull)
    _git(pull, "commit", "--quiet", "-a", "-m", "not yet", author)
    _edit(SLOW, "status: responded\n", "status: closed\nclosed_at: 2026-10-16\n")(pull)
    _git(pull, "commit", "--quiet", "-a", "-m", "closed by another")
    found = run("review", "--json").json["problems"]
    assert [(p["code"], p["line"]) for p in found] == [("ASW025", 5)]
    assert found[0]["message"] == "Test Writer closed a record of zhangwei."


def test_words_let_through_the_leak_scan_are_shown(pull: Path, run: Any) -> None:
    passed = "released_to:\n", "scan_ok:\n  - text: 蓝鲸\n    by: writer\nreleased_to:\n"
    _edit(UPLOADS, *passed)(pull)
    _edit("aswiki.toml", 'CNY"\n', 'CNY"\n\n[audiences]\nnot_a_leak = [\n  "公有云",\n]\n')(pull)
    _commit(pull)
    done = run("review", "--json")
    assert done.code == 0
    lines = (pull / UPLOADS).read_text().splitlines()
    place = lines.index("  - text: 蓝鲸") + 1
    found = [(p["code"], p["path"], p["line"]) for p in done.json["problems"]]
    assert found == [("ASW008", "aswiki.toml", 10), ("ASW008", UPLOADS, place)]
    assert all(p["level"] == "warning" for p in done.json["problems"])


@pytest.mark.parametrize(
    ("broken", "code", "line"),
    [("[wiki\n", "ASW111", 1), ('[wiki]\nschema = 1\ntimezone = "Mars"\n', "ASW123", 3)],
)
def test_settings_that_cannot_be_read_are_a_problem_of_the_pull_request(
    pull: Path, run: Any, broken: str, code: str, line: int
) -> None:
    _commit(pull, **{"aswiki.toml": broken, NEW: NOTE})
    done = run("review", "main..work", "--json")
    assert done.code == 1, done.err
    found = [(p["path"], p["line"]) for p in done.json["problems"] if p["level"] == "error"]
    assert ("aswiki.toml", line) in found


def test_hostile_names_and_words_steer_neither_terminal_nor_host(pull: Path, run: Any) -> None:
    bad = "<script>alert(1)</script>![x](http://x.example/y) @everyone"
    words = json.dumps(f"{bad}\n::error::owned", ensure_ascii=False)
    _commit(pull, **{SLOW: COMPLAINT.replace("你们三天没有回复", words)})
    _git(pull, "branch", "--force", "main")
    name = "customers/acme/events/2026-10-20-\x1b[31m\n::error file=x::owned.md"
    closed = COMPLAINT.replace("investigating\n", "closed\nclosed_at: 2026-10-15\n")
    note = NOTE.replace("bargaining", words).replace("砍价", words)
    event = EVENT.replace("上传超时", json.dumps("\x1b]0;owned\x07"))
    for path, text in {SLOW: closed, name: note, NEW: note, UPLOADS: event}.items():
        _write(path, text)(pull)
    _git(pull, "add", "--all")
    author = f"--author=\x1b[31m{bad.replace('<', '(').replace('>', ')')} <x@example.com>"
    _git(pull, "commit", "--quiet", "-m", bad, author)
    for lang in ("en", "zh"):
        out = {
            form: run("review", "main..work", "--format", form, "--lang", lang).out
            for form in FORMATS
        }
        for form, text in out.items():
            assert "\x1b" not in text, form
            codes = {code for _path, _line, code in NAMED[form](text)}
            assert codes >= {"ASW020", "ASW025", "ASW122", "ASW127"}, form
        lines = out["github"].splitlines()
        assert all(line.startswith(("::error file=", "::warning file=")) for line in lines)
        assert not re.search(r"^ *::", out["text"] + out["md"], re.MULTILINE)
        plain = re.sub(r"`+[^`\n]*`+", "", out["md"])
        assert "<script" not in plain
        assert not re.search(r"(?<!\\)!\[|@\w", plain)


def test_a_pull_request_of_a_thousand_records_is_reviewed_whole(pull: Path, run: Any) -> None:
    for number in range(1000):
        slug = ("acme", "lan-jing-you-xi")[number % 2]
        text = NOTE.replace("砍价", f"砍价 {number}")
        _write(f"customers/{slug}/notes/2026-10-20-price-{number}.md", text)(pull)
    _commit(pull)
    found = run("review", "--json")
    assert (found.code, found.json["checked"], found.json["problems"]) == (0, 1000, [])
    assert len(found.json["changes"]) == 1000
    assert len(run("review", "--format", "md").out) < 60_000

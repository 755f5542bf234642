"""``validate --staged``: what git would commit, not what lies in the folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

EVENTS = "customers/acme/events/"
PATH = EVENTS + "2026-10-01-planted.md"
GOOD = "---\ntype: event\ntitle: x\nkind: question\nstarted_at: 2026-10-01\n---\n"
BAD = GOOD.replace("title: x", "title: x\nstatus: nwe")
HOOK = """#!/bin/sh
exec "{python}" -m aswiki validate --staged
"""


def _write(wiki: Path, text: str | bytes, path: str = PATH) -> None:
    (wiki / path).parent.mkdir(parents=True, exist_ok=True)
    (wiki / path).write_bytes(text.encode() if isinstance(text, str) else text)


def test_the_staged_text_is_checked_and_not_the_folders(wiki: Path, run: Any, git: Any) -> None:
    _write(wiki, BAD)
    git(wiki, "add", PATH)
    _write(wiki, "\n\n" + GOOD)
    found = run("validate", "--staged", "--json")
    assert (found.code, found.json["checked"]) == (1, 1)
    places = [(p["code"], p["path"], p["line"], p["column"]) for p in found.json["problems"]]
    assert places == [("ASW122", PATH, 4, 9)]
    _write(wiki, GOOD)
    git(wiki, "add", PATH)
    _write(wiki, BAD)
    assert run("validate", "--staged").code == 0
    assert run("validate").code == 1


def test_nothing_staged_is_good_and_what_is_only_in_the_folder_is_not_seen(
    wiki: Path, run: Any
) -> None:
    _write(wiki, BAD)
    done = run("validate", "--staged", "--json")
    assert (done.code, done.json) == (0, {"checked": 0, "problems": []})


def test_references_evidence_and_people_are_those_of_the_index(
    wiki: Path, run: Any, git: Any
) -> None:
    other = EVENTS + "2026-10-02-other.md"
    _write(
        wiki,
        GOOD.removesuffix("---\n")
        + "owner: newcomer\nproduct: 队列\n"
        + "related: [{ref: acme/events/2026-10-02-other, how: see_also}]\n"
        + "evidence: [{file: files/a.txt, sha256: "
        + "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb}]\n---\n",
    )
    git(wiki, "add", PATH)
    _write(wiki, GOOD, other)
    _write(wiki, b"a", "customers/acme/files/a.txt")
    product = (
        "---\ntype: product\ntitle: 队列\nowner_department: db-team\n---\n\n## 卖的是什么\n\nx\n"
    )
    _write(wiki, product, "products/queue.md")
    people = wiki / "people.toml"
    people.write_text(people.read_text() + '\n[people.newcomer]\nname = "New"\n')
    codes = [p["code"] for p in run("validate", "--staged", "--json").json["problems"]]
    assert codes == ["ASW141", "ASW018", "ASW016", "ASW012"]
    assert run("validate", "--json").json["problems"] == []
    git(wiki, "add", ".")
    (wiki / other).unlink()
    (wiki / "customers/acme/files/a.txt").write_text("b")
    done = run("validate", "--staged", "--json").json
    assert (done["problems"], done["checked"]) == ([], 4)


def test_a_path_chooses_among_what_is_staged(wiki: Path, run: Any, git: Any) -> None:
    _write(wiki, BAD)
    _write(wiki, "no record", "README.md")
    git(wiki, "add", ".")
    assert run("validate", "--staged", "lan-jing-you-xi").code == 0
    assert run("validate", "--staged", PATH).code == 1
    assert run("validate", "--staged", "customers/acme", "README.md", "aswiki.toml").code == 1
    (wiki / PATH).unlink()
    assert run("validate", "--staged", PATH, "--json").json["checked"] == 1
    assert run("validate", "--staged", "customers/acme/events/nothing.md").code == 3


def test_the_settings_of_the_index_are_checked_too(wiki: Path, run: Any, git: Any) -> None:
    settings = wiki / "aswiki.toml"
    good = settings.read_text(encoding="utf-8")
    for bad, code in ((good + "lnag = 1\n", "ASW120"), ("[wiki\n", "ASW111")):
        settings.write_text(bad, encoding="utf-8")
        git(wiki, "add", ".")
        settings.write_text(good, encoding="utf-8")
        found = run("validate", "--staged", "--json").json["problems"]
        assert [(p["code"], p["path"]) for p in found] == [(code, "aswiki.toml")]
    settings.write_text(good.replace("Asia/Shanghai", "Mars"), encoding="utf-8")
    git(wiki, "add", ".")
    settings.write_text(good, encoding="utf-8")
    assert run("validate", "--staged").code == 1


@pytest.mark.parametrize("words", [["commit", "-qm", "x"], ["commit", "-qm", "x", "--", PATH]])
def test_as_a_hook_it_stops_a_bad_commit_and_lets_a_good_one_through(
    wiki: Path, git: Any, words: list[str]
) -> None:
    """``git commit -- PATH`` hands its hook an index of its own."""
    hook = wiki / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(HOOK.format(python=sys.executable))
    hook.chmod(0o755)
    _write(wiki, GOOD)
    git(wiki, "add", PATH)
    _write(wiki, BAD)
    named = "--" in words
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(["git", *words], cwd=wiki, capture_output=True, env=env, check=False)
    assert (done.returncode, b"ASW122" in done.stdout + done.stderr) == (int(named), named)
    assert git(wiki, "ls-tree", "HEAD", PATH).count("\n") == (not named)


def test_fix_and_staged_together_are_refused(wiki: Path, run: Any, state: Any) -> None:
    _write(wiki, GOOD.replace("\n", "\r\n"))
    before = state(wiki)
    done = run("validate", "--staged", "--fix")
    assert (done.code, done.out) == (2, "")
    assert "--staged checks what git's index holds" in done.err
    assert state(wiki) == before


def test_a_wiki_in_a_folder_of_its_repository_and_an_unborn_branch_are_read(
    tmp_path: Path, wiki: Path, run: Any, git: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = tmp_path / "top"
    top.mkdir()
    (wiki / ".git").rename(tmp_path / "elsewhere")
    wiki.rename(top / "知识库")
    git(top, "init", "-q")
    _write(top / "知识库", BAD)
    git(top, "add", ".")
    monkeypatch.chdir(top)
    done = run("validate", "--staged", f"知识库/{PATH}", "--format", "github")
    assert done.code == 1, done.err
    assert done.out.startswith(f"::error file=知识库/{PATH},line=4,col=9,title=ASW122::")
    assert run("validate", "-C", "知识库", "--staged", "--json").json["checked"] == 8


def test_without_a_repository_there_is_no_index(wiki: Path, run: Any) -> None:
    (wiki / ".git").rename(wiki.parent / "elsewhere")
    assert run("validate", "--staged").code == 4


def test_of_a_file_in_conflict_our_side_is_seen(wiki: Path, run: Any, git: Any) -> None:
    git(wiki, "switch", "-qc", "theirs")
    _write(wiki, GOOD.replace("title: x", "title: theirs"))
    git(wiki, "add", ".")
    git(wiki, "commit", "-qm", "theirs")
    git(wiki, "switch", "-q", "main")
    _write(wiki, BAD)
    git(wiki, "add", ".")
    git(wiki, "commit", "-qm", "ours")
    with pytest.raises(subprocess.CalledProcessError):
        git(wiki, "merge", "-q", "theirs")
    done = run("validate", "--staged", "--json")
    assert (done.code, done.json["checked"]) == (0, 0)

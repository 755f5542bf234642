"""Bad input and a bad world: one sentence with the next step, the right exit, nothing written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"
LONG = "长" * 300


def _refused(run: Any, state: Any, wiki: Path, words: list[str], code: int) -> dict[str, str]:
    """The error, in JSON and in text, of a command that wrote nothing."""
    before = state(wiki)
    told = run(*words, "--json")
    assert (told.code, told.out) == (code, ""), told
    assert set(told.error) == {"code", "message", "hint"}
    plain = run(*words)
    assert (plain.code, plain.out) == (code, "")
    message = told.error["message"]
    assert message.strip()
    assert "\n" not in message
    assert f"Error: {message}\n" in plain.err
    assert "Traceback" not in plain.err
    assert told.error["hint"] in plain.err
    assert told.error["hint"].strip()
    assert state(wiki) == before
    error: dict[str, str] = told.error
    return error


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["new-customer", "../../etc"], "bad-name"),
        (["new-customer", "..\\windows"], "bad-name"),
        (["new-customer", ".git"], "bad-name"),
        (["new-customer", LONG], "bad-name"),
        (["new-customer", "two\nlines"], "bad-name"),
        (["new-customer", "   "], "bad-name"),
        (["new-customer", ""], "missing-argument"),
        (["new-customer", "🐳🦈"], "no-slug"),
        (["new-customer", "Templates"], "no-slug"),
        (["new-customer", "A", "--slug", "../x"], "bad-slug"),
        (["new-customer", "A", "--slug", "lessons"], "bad-slug"),
        (["new-customer", "A", "--slug", "a" * 61], "bad-slug"),
        (["new-customer", "A", "--slug", "大"], "bad-slug"),
        (["new-customer", "A", "--slug", "acme"], "customer-exists"),
        (["new-customer", "A", "--level", "gold"], "invalid-record"),
        (["new-customer", "A", "--since", "eventually"], "unclear-time"),
        (["new-customer", "bell \a"], "invalid-record"),
        (["log-incident", "acme", "two\nlines"], "invalid-record"),
        (["log-incident", "acme", "x", "--severity", "P9"], "invalid-record"),
        (["log-incident", "acme", "x", "--status", "stuck"], "invalid-record"),
        (["log-incident", "acme", "x", "--detected-by", "dog"], "invalid-record"),
        (["log-incident", "acme", "x", "--at", "soon"], "unclear-time"),
        (["log-incident", "acme", "x", "--at", "2026-13-40"], "unclear-time"),
        (["log-incident", "acme", "x", "--set", "severty=P1"], "unknown-field"),
        (["log-incident", "acme", "x", "--set", "severity"], "bad-assignment"),
        (["log-incident", "acme", "x", "--set", "impact.nothing=1"], "unknown-field"),
        (["log-incident", "acme", "x", "--set", "impact.users_percent=120"], "invalid-record"),
        (["log-incident", "acme", "x", "--set", "impact.users_percent=many"], "bad-number"),
        (["log-incident", "acme", "x", "--set", "sensitive=maybe"], "bad-flag"),
        (["log-incident", "acme", "x", "--set", "related=[{"], "bad-yaml"),
        (["log-incident", "acme", "x", "--add", "severity=P1"], "not-a-list"),
        (["log-incident", "acme", "x", "--set", "window={}"], "other-kind"),
        (["log-incident", "acme", "x", "--body-file", "nowhere.md"], "unreadable-body"),
        (["log-event", "acme", "x", "--kind", "party"], "unknown-word"),
        (["set", UPLOADS], "missing-argument"),
        (["set", UPLOADS, "severity"], "bad-pair"),
        (["set", UPLOADS, "severty=P1"], "unknown-field"),
        (["set", UPLOADS, "type=visit"], "invalid-record"),
        (["set", UPLOADS, "title="], "invalid-record"),
        (["set", UPLOADS, "status=new", "--at", "soon"], "unclear-time"),
        (["set", UPLOADS, "status=new", "--at", ""], "unclear-time"),
        (["set", UPLOADS, "root_cause=## Log\n- x"], "heading-in-text"),
        (["undo", UPLOADS, "two"], "unexpected-argument"),
        (["append", UPLOADS, "x", "--loud"], "no-such-option"),
        (["list", "bogus"], "unknown-type"),
        (["list", "--where", "x"], "bad-where"),
        (["list", "--since", "someday"], "unclear-time"),
        (["list", "--lang", "fr"], "bad-language"),
        (["frobnicate"], "no-such-command"),
    ],
)
def test_wrong_words_are_exit_2(
    wiki: Path, run: Any, state: Any, words: list[str], code: str
) -> None:
    assert _refused(run, state, wiki, words, 2)["code"] == code


@pytest.mark.parametrize("key", ["log", "source.verbatim", "accepted.quote", "released_to"])
@pytest.mark.parametrize("option", ["--set", "--add"])
def test_what_only_other_commands_write_is_refused(
    wiki: Path, run: Any, state: Any, key: str, option: str
) -> None:
    words = ["log-incident", "acme", "x", option, f"{key}=y"]
    assert _refused(run, state, wiki, words, 2)["code"] == "refused-field"
    assert _refused(run, state, wiki, ["set", UPLOADS, option, f"{key}=y"], 2)
    assert _refused(run, state, wiki, ["set", UPLOADS, "--remove", key], 2)


def test_an_unknown_key_names_the_nearest(wiki: Path, run: Any, state: Any) -> None:
    error = _refused(run, state, wiki, ["set", UPLOADS, "sevrity=P2"], 2)
    assert error["hint"] == "Did you mean severity?"


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (["new-customer"], "NAME"),
        (["contact", "acme"], "NAME"),
        (["log-incident"], "CUSTOMER"),
        (["log-incident", "acme"], "TITLE"),
        (["log-event", "acme", "x"], "--kind"),
        (["append", UPLOADS], "TEXT"),
        (["append"], "RECORD"),
        (["retire", UPLOADS], "--why"),
        (["show"], "RECORD"),
        (["history"], "RECORD"),
        (["close"], "RECORD"),
    ],
)
def test_a_missing_argument_is_named(
    wiki: Path, run: Any, state: Any, words: list[str], option: str
) -> None:
    error = _refused(run, state, wiki, [*words, "--no-input"], 2)
    assert error["code"] == "missing-argument"
    assert option in error["message"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["show", "nothing-here"], "no-record"),
        (["append", "nothing-here", "x"], "no-record"),
        (["set", "../../etc/passwd", "a=b"], "no-record"),
        (["retire", "nothing", "--why", "x"], "no-record"),
        (["history", "nothing"], "no-record"),
        (["log-incident", "nobody", "x"], "no-customer"),
        (["contact", "nobody", "x"], "no-customer"),
        (["list", "--customer", "nobody"], "no-customer"),
        (["set", "nobody/architecture", "diagram=x"], "no-customer"),
        (["show", "oss-shang", "--as-of", "deadbeef"], "no-revision"),
        (["show", "oss-shang", "--as-of", "1999-01-01"], "no-revision"),
        (["undo", "--at", "today", "deadbeef"], "no-revision"),
        (["validate", "nothing.md"], "no-such-file"),
    ],
)
def test_what_is_not_there_is_exit_3(
    wiki: Path, run: Any, state: Any, words: list[str], code: str
) -> None:
    assert _refused(run, state, wiki, words, 3)["code"] == code


def test_an_ambiguous_reference_names_the_candidates(wiki: Path, run: Any, state: Any) -> None:
    error = _refused(run, state, wiki, ["append", "oss-", "x"], 3)
    assert error["code"] == "ambiguous"
    assert UPLOADS in error["message"]
    assert "acme/events/2026-10-05-oss-quota" in error["message"]


WRITES = [
    ["new-customer", "Blue Moon"],
    ["log-incident", "acme", "Down"],
    ["append", UPLOADS, "x"],
    ["set", UPLOADS, "severity=P0"],
    ["contact", "acme", "李四"],
    ["retire", UPLOADS, "--why", "x"],
    ["undo"],
]


@pytest.mark.parametrize("words", WRITES, ids=lambda words: words[0])
class TestABadWorldIsExit4:
    """Every writing command, in a wiki or a repository that cannot be written."""

    def test_no_identity(
        self, wiki: Path, run: Any, state: Any, words: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(wiki.parent / "nobody"))
        error = _refused(run, state, wiki, words, 4)
        assert error["code"] == "no-identity"
        assert "git config" in error["hint"]

    def test_a_merge_under_way(
        self, wiki: Path, run: Any, state: Any, git: Any, words: list[str]
    ) -> None:
        for branch in ("side", "main"):
            git(wiki, "checkout", "-q", *(["-b"] if branch == "side" else []), branch)
            (wiki / "x.txt").write_text(branch)
            git(wiki, "add", "x.txt")
            git(wiki, "commit", "-qm", branch)
        with pytest.raises(Exception, match="merge"):
            git(wiki, "merge", "side")
        assert "merge" in _refused(run, state, wiki, words, 4)["message"]

    def test_a_detached_head(
        self, wiki: Path, run: Any, state: Any, git: Any, words: list[str]
    ) -> None:
        git(wiki, "checkout", "-q", "--detach")
        assert "branch" in _refused(run, state, wiki, words, 4)["message"]

    def test_gits_index_is_locked(
        self, wiki: Path, run: Any, state: Any, words: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ASWIKI_LOCK_TIMEOUT", "0.2")
        (wiki / ".git" / "index.lock").touch()
        assert "index.lock" in _refused(run, state, wiki, words, 4)["message"]

    def test_no_repository(self, wiki: Path, run: Any, words: list[str]) -> None:
        (wiki / ".git").rename(wiki.parent / "elsewhere")
        done = run(*words, "--json")
        assert (done.code, done.out, done.error["code"]) == (4, "", "no-repository")

    def test_no_wiki(
        self, run: Any, tmp_path: Path, words: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        done = run(*words, "--json")
        assert (done.code, done.out, done.error["code"]) == (4, "", "no-wiki")
        assert run("-C", "nowhere", *words).code == 4

    def test_broken_settings(self, wiki: Path, run: Any, state: Any, words: list[str]) -> None:
        (wiki / "aswiki.toml").write_text("[wiki\n")
        error = _refused(run, state, wiki, words, 4)
        assert "aswiki.toml" in error["message"]
        assert "line 1" in error["message"]


@pytest.mark.parametrize(
    "words",
    [
        ["append", UPLOADS, "x"],
        ["set", UPLOADS, "severity=P0"],
        ["retire", UPLOADS, "--why", "x"],
        ["undo", "HEAD"],
    ],
    ids=lambda words: words[0],
)
def test_hand_edits_are_named_with_the_command_that_takes_them_in(
    wiki: Path, run: Any, state: Any, words: list[str]
) -> None:
    path = wiki / "customers" / f"{UPLOADS}.md"
    path.write_text(path.read_text().replace("## 处理过程", "### 手写的一段\n\n## 处理过程"))
    error = _refused(run, state, wiki, words, 4)
    assert "aswiki commit" in error["hint"]
    assert f"customers/{UPLOADS}.md" in error["message"]
    assert run("append", "acme/oss-quota", "别的记录照写").code == 0
    assert run("commit").code == 0
    assert run("append", UPLOADS, "x").code == 0


@pytest.mark.parametrize("what", ["file", "link"])
def test_a_file_or_link_where_a_folder_should_be(
    wiki: Path, run: Any, state: Any, what: str
) -> None:
    folder = wiki / "customers" / "acme" / "events"
    folder.rename(wiki.parent / "moved")
    if what == "file":
        folder.write_text("in the way")
    else:
        folder.symlink_to(wiki.parent / "moved")
    error = _refused(run, state, wiki, ["log-incident", "acme", "Down"], 4)
    assert "customers/acme/events" in error["message"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder(wiki: Path, run: Any, state: Any) -> None:
    folder = wiki / "customers" / "acme" / "events"
    folder.chmod(0o500)
    try:
        error = _refused(run, state, wiki, ["log-incident", "acme", "Down"], 4)
    finally:
        folder.chmod(0o700)
    assert "customers/acme/events" in error["message"]


def test_people_that_cannot_be_read_stop_a_write(wiki: Path, run: Any, state: Any) -> None:
    (wiki / "people.toml").write_text("[people\n")
    error = _refused(run, state, wiki, ["append", UPLOADS, "x"], 4)
    assert "people.toml" in error["message"]


@pytest.mark.parametrize("value", ["5", '"x"', "{}", "[[1], {a = 2}]"])
def test_people_of_a_wrong_shape_stop_nothing(wiki: Path, run: Any, git: Any, value: str) -> None:
    with (wiki / "people.toml").open("a") as people:
        people.write(f"\n[people.odd]\nname = {value}\nemails = {value}\naliases = {value}\n")
    git(wiki, "commit", "-qam", "odd people")
    assert run("append", UPLOADS, "x", "--by", "老张").code == 0
    assert run("validate").code in {0, 1}


def test_an_error_is_said_in_the_language_asked_for(wiki: Path, run: Any) -> None:
    for language in ("zh", "en"):
        done = run("show", "nothing", "--lang", language)
        assert (done.code, done.out) == (3, "")
        assert done.err.strip()

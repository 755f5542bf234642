"""``edit``: the record in git's editor; what breaks a rule comes back with the problems on top."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aswiki.cli import frame

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"
PATH = f"customers/{UPLOADS}.md"
Hands = Callable[..., Path]


@pytest.fixture
def hands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hands:
    """An editor of sed scripts, one a round, that keeps what it was shown in round N as seen.N."""
    monkeypatch.setattr(frame, "may_ask", lambda **_words: True)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    folder = tmp_path / "hands"

    def types(*scripts: str) -> Path:
        folder.mkdir()
        for number, script in enumerate(scripts, 1):
            (folder / f"round.{number}").write_text(script + "\n", encoding="utf-8")
        program = folder / "editor"
        program.write_text(
            f"#!/bin/sh\nn=$(($(cat {folder}/n 2>/dev/null || echo 0) + 1))\necho $n > {folder}/n\n"
            f'cp "$1" {folder}/seen.$n\n. {folder}/round.$n\n',
            encoding="utf-8",
        )
        program.chmod(0o755)
        monkeypatch.setenv("GIT_EDITOR", str(program))
        return folder

    return types


def test_what_was_typed_is_written(wiki: Path, run: Any, git: Any, hands: Hands) -> None:
    hands("sed -i 's/^status: new/status: triaged/' \"$1\"")
    done = run("edit", "oss-shang", "--json")
    assert done.code == 0, done.err
    assert done.json["ref"] == UPLOADS
    assert git(wiki, "show", "--numstat", "--format=").split()[:2] == ["1", "1"]
    assert "Aswiki-Op: update\n" in git(wiki, "log", "-1", "--format=%B")


@pytest.mark.parametrize("script", [":", ': > "$1"', 'printf "  \\n" > "$1"'])
def test_an_unchanged_or_empty_text_gives_up(
    wiki: Path, run: Any, state: Any, hands: Hands, script: str
) -> None:
    hands(script)
    before = state(wiki)
    done = run("edit", UPLOADS, "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", "nothing-edited")
    assert state(wiki) == before


def test_an_invalid_text_comes_back_with_the_problems_on_top(
    wiki: Path, run: Any, hands: Hands
) -> None:
    folder = hands(
        "sed -i 's/^severity: P1/severity: bad/' \"$1\"",
        "sed -i 's/^severity: bad/severity: P0/' \"$1\"",
    )
    done = run("edit", UPLOADS, "--json")
    assert done.code == 0, done.err
    first, second = ((folder / f"seen.{n}").read_text() for n in (1, 2))
    assert first.startswith("---\n")
    assert second.startswith("#! ")
    assert "severity: bad" in second
    assert run("show", UPLOADS, "--json").json["fields"]["severity"] == "P0"
    assert "#! " not in (wiki / PATH).read_text()


def test_giving_up_on_an_invalid_text_writes_nothing_and_keeps_it(
    wiki: Path, run: Any, state: Any, hands: Hands
) -> None:
    hands("sed -i 's/^severity: P1/severity: bad/' \"$1\"", ":")
    before = state(wiki)
    done = run("edit", UPLOADS)
    assert done.code == 2
    assert state(wiki) == before
    kept = Path(done.err.split("kept in ")[1].split(".md")[0] + ".md")
    assert "severity: bad" in kept.read_text()


def test_an_altered_log_entry_comes_back_and_cannot_be_written(
    wiki: Path, run: Any, state: Any, hands: Hands
) -> None:
    folder = hands("sed -i 's/30 分钟/60 分钟/' \"$1\"", ":")
    before = state(wiki)
    assert run("edit", UPLOADS).code == 2
    assert "ASW020" in (folder / "seen.2").read_text().splitlines()[0]
    assert state(wiki) == before


def test_a_lowered_severity_needs_a_log_entry_or_a_reason(
    wiki: Path, run: Any, hands: Hands
) -> None:
    entry = "- 2026-10-20 10:00 +08:00 · writer · note: 只影响一个桶"
    folder = hands("sed -i 's/^severity: P1/severity: P3/' \"$1\"", f"echo '{entry}' >> \"$1\"")
    done = run("edit", UPLOADS)
    assert done.code == 0, done.err
    assert "ASW021" in (folder / "seen.2").read_text().splitlines()[0]
    fields = run("show", UPLOADS, "--json").json["fields"]
    assert (fields["severity"], fields["log"][-1]["text"]) == ("P3", "只影响一个桶")


def test_what_somebody_else_wrote_meanwhile_is_not_written_over(
    wiki: Path, run: Any, git: Any, hands: Hands
) -> None:
    hands(
        f"sed -i 's/^status: new/status: triaged/' \"$1\"; "
        f"sed -i 's/^severity: P1/severity: P0/' {wiki}/{PATH}; git -C {wiki} commit -qam other"
    )
    done = run("edit", UPLOADS, "--json")
    assert (done.code, done.error["code"]) == (4, "changed-meanwhile")
    assert "kept in" in done.err
    text = (wiki / PATH).read_text()
    assert "severity: P0\n" in text
    assert "status: new\n" in text
    assert git(wiki, "log", "-1", "--format=%s").strip() == "other"


def test_hand_edits_are_named_before_the_editor_opens(wiki: Path, run: Any, hands: Hands) -> None:
    folder = hands('echo x >> "$1"')
    (wiki / PATH).write_text((wiki / PATH).read_text() + "\n改了\n", encoding="utf-8")
    done = run("edit", UPLOADS, "--json")
    assert (done.code, done.error["code"]) == (4, "hand-edits")
    assert not (folder / "n").exists()


def test_an_editor_that_fails_or_writes_no_utf_8_is_said(
    wiki: Path, run: Any, state: Any, hands: Hands
) -> None:
    hands("exit 3", "printf '\\377\\376' > \"$1\"")
    before = state(wiki)
    assert run("edit", UPLOADS, "--json").error["code"] == "editor-failed"
    assert run("edit", UPLOADS, "--json").error["code"] == "unreadable-text"
    assert state(wiki) == before


def test_a_line_of_the_text_that_looks_like_a_problem_stays(
    wiki: Path, run: Any, hands: Hands
) -> None:
    hands("printf '\\n```\\n#! /bin/sh\\n```\\n' >> \"$1\"")
    assert run("edit", "products/oss").code == 0
    assert "#! /bin/sh\n" in (wiki / "products/oss.md").read_text()


def test_a_customer_opens_their_profile(wiki: Path, run: Any, hands: Hands) -> None:
    hands("sed -i 's/^name: .*/&\\nindustry: 游戏/' \"$1\"")
    done = run("edit", "蓝鲸", "--json")
    assert done.code == 0, done.err
    assert done.json["ref"] == "lan-jing-you-xi/profile"


def test_off_a_terminal_it_is_refused(wiki: Path, run: Any) -> None:
    done = run("edit", UPLOADS, "--json")
    assert (done.code, done.error["code"]) == (2, "no-terminal")
    assert run("edit", "nothing").code == 3

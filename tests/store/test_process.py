"""Other programs than git: found, run away from the wiki, and told of where they fail."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from aswiki.errors import Unusable
from aswiki.store import process


def script(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)
    return folder


def test_a_program_answers_with_its_code_its_output_and_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = script(tmp_path / "bin", "told", 'cat; echo "words: $1" >&2; exit 3')
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    answer = process.run("told", "$(touch canary) 上传", stdin=b"\0bytes")
    assert answer == process.Answer(3, b"\0bytes", "words: $(touch canary) 上传\n")


def test_it_is_never_taken_from_the_folder_one_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path, "only-here", "touch canary")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f".::{os.environ['PATH']}")
    with pytest.raises(Unusable) as raised:
        process.run("only-here")
    assert raised.value.code == "no-program"
    assert "only-here" in raised.value.message


def test_it_runs_outside_of_the_wiki_with_little_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LD_PRELOAD_OF_MINE", "x")
    monkeypatch.setenv("SSH_ASKPASS", "canary")
    monkeypatch.setenv("SSH_AUTH_SOCK", "/agent")
    monkeypatch.chdir(tmp_path)
    found = dict(line.split("=", 1) for line in process.run("env").out.decode().splitlines())
    assert process.run("pwd").out == b"/\n"
    assert "LD_PRELOAD_OF_MINE" not in found
    assert found["SSH_AUTH_SOCK"] == "/agent"
    assert found["SSH_ASKPASS"] == ""
    assert found["LC_ALL"] == "C"


def test_one_that_hangs_or_cannot_be_run_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Unusable) as raised:
        process.run("sleep", "60", timeout_seconds=0.2)
    assert raised.value.code == "program-failed"
    folder = script(tmp_path / "bin", "odd", "")
    (folder / "odd").write_bytes(b"\x7fELF and no more")
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(Unusable) as raised:
        process.run("odd")
    assert raised.value.code == "program-failed"


def test_files_put_aside_are_private_and_gone_afterwards() -> None:
    with process.aside({"a": b"bytes"}) as folder:
        assert (folder / "a").read_bytes() == b"bytes"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not folder.exists()


def test_a_key_that_does_not_sign_is_an_error_that_says_why(tmp_path: Path) -> None:
    (tmp_path / "key.pub").write_text("no key\n")
    with pytest.raises(Unusable) as raised:
        process.ssh_sign(b"", tmp_path / "key.pub", "git", silent=True)
    assert raised.value.code == "sign-failed"
    assert str(tmp_path / "key.pub") in raised.value.message

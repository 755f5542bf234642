"""``witness``: somebody else keeps what they saw last, and signs only what grew from it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Git = Callable[..., str]
SIGNATURE = ".aswiki/anchors/000001.writer-example-com.wit.sig"


@pytest.fixture
def anchored(wiki: Path, run: Run, new_key: Callable[[str], Path]) -> Path:
    assert run("key", "add", "writer@example.com", str(new_key("writer"))).code == 0
    assert run("anchor").code == 0
    return wiki


def test_the_first_time_everything_is_new_and_the_anchor_is_signed(
    anchored: Path, run: Run, git: Git
) -> None:
    result = run("witness")
    assert result.code == 0, result.err
    assert "Seen for the first time" in result.err
    assert result.out.strip() == run("receipt").out.strip()
    assert (anchored / SIGNATURE).exists()
    assert "Aswiki-Op: anchor\n" in git(anchored, "log", "-1", "--format=%B")
    words = ["ssh-keygen", "-Y", "check-novalidate", "-n", "aswiki-witness"]
    raw = (anchored / ".aswiki/anchors/000001.txt").read_bytes()
    subprocess.run(
        [*words, "-s", str(anchored / SIGNATURE)], input=raw, check=True, capture_output=True
    )


def test_a_history_that_grew_is_signed_again(anchored: Path, run: Run) -> None:
    assert run("witness", "--json").json["outcome"] == "first"
    assert run("witness", "--json").json["outcome"] == "same"
    assert run("append", "oss-shang", "One more entry").code == 0
    assert run("anchor").code == 0
    found = run("witness", "--json").json
    assert (found["outcome"], found["now"]["seq"]) == ("grown", 2)
    assert run("receipt", "--json").json["witnesses"] == ["writer-example-com"]


def test_a_signature_of_a_witness_is_nothing_new_to_anchor(anchored: Path, run: Run) -> None:
    assert run("witness").code == 0
    assert run("anchor", "--json").json["commit"] is None


def test_a_rewritten_history_is_not_signed(anchored: Path, run: Run, git: Git, state: Any) -> None:
    assert run("append", "oss-shang", "One more entry").code == 0
    assert run("witness").code == 0
    git(anchored, "reset", "-q", "--hard", "HEAD~2")
    before, kept = state(anchored), states()
    result = run("witness", "--json")
    assert (result.code, result.json["outcome"]) == (1, "rewritten")
    assert result.json["commit"] is None
    assert run("witness").code == 1
    assert state(anchored) == before
    assert states() == kept


def test_a_wiki_made_anew_in_the_same_place_is_not_signed(
    anchored: Path, run: Run, git: Git
) -> None:
    assert run("witness").code == 0
    shutil.rmtree(anchored / ".git")
    shutil.rmtree(anchored / ".aswiki/anchors")
    git(anchored, "init", "-q", "-b", "main")
    key = anchored.parent / "keys/writer.pub"
    git(anchored, "config", "user.signingkey", str(key))
    git(anchored, "add", ".")
    git(anchored, "commit", "-q", "-m", "all of it")
    made = run("anchor")
    assert made.code == 0, made.err
    assert run("witness", "--json").json["outcome"] == "rewritten"


def states() -> dict[str, str]:
    """What is kept of the wikis that were seen."""
    folder = Path.home() / ".local/state/aswiki/witness"
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_what_was_seen_is_kept_outside_the_wiki(
    anchored: Path, run: Run, git: Git, tmp_path: Path
) -> None:
    assert run("witness").code == 0
    [kept] = states().values()
    assert json.loads(kept)["head"] == git(anchored, "rev-parse", "HEAD").strip()
    place = tmp_path / "elsewhere/seen.json"
    assert run("witness", "--state", str(place), "--json").json["outcome"] == "first"
    assert run("witness", "--state", str(place), "--json").json["outcome"] == "same"
    assert git(anchored, "status", "--porcelain") == ""


def test_what_was_seen_and_cannot_be_read_is_not_taken_for_nothing(
    anchored: Path, run: Run, tmp_path: Path
) -> None:
    place = tmp_path / "seen.json"
    for words in ("", "{}", "[1]", '{"head": "'):
        place.write_text(words)
        result = run("witness", "--state", str(place), "--json")
        assert (result.code, result.error["code"]) == (4, "unreadable-state")


def test_without_an_anchor_there_is_nothing_to_witness(wiki: Path, run: Run) -> None:
    assert run("witness", "--json").error["code"] == "no-anchor"

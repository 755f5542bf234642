"""``anchor``: what is recorded is named, chained, signed and stamped, or nothing is written."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.tsa import Authority

from aswiki.evidence import merkle, statement, timestamps
from aswiki.evidence.statement import NONE, Statement
from aswiki.wiki.proof import anchor_records
from aswiki.wiki.wiki import Wiki

Run = Callable[..., Any]
Git = Callable[..., str]
Pin = Callable[..., None]

PIPELINE = (
    "git rev-list --objects --no-object-names {commit} {without} | sort | git cat-file --batch"
    " | sha256sum"
)


@pytest.fixture
def signed(wiki: Path, run: Run, new_key: Callable[[str], Path]) -> Path:
    """The small wiki, signed from now on by the test's writer."""
    said = run("key", "add", "writer@example.com", str(new_key("writer")))
    assert said.code == 0, said.err
    return wiki


@pytest.fixture
def pin(signed: Path, run: Run) -> Pin:
    """Names authorities in the settings and takes their roots in."""

    def pinned(*authorities: Authority, on: str = "") -> None:
        names = [f".aswiki/tsa/{number}.pem" for number, _each in enumerate(authorities)]
        (signed / ".aswiki/tsa").mkdir(exist_ok=True)
        for name, authority in zip(names, authorities, strict=True):
            (signed / name).write_bytes(authority.pem)
        urls = [authority.url for authority in authorities]
        with (signed / "aswiki.toml").open("a") as file:
            file.write(f"\n[tsa]\nurls = {urls!r}\ncertificates = {names!r}\n")
            file.write(f"[anchor]\non = [{on}]\n" if on else "")
        assert run("commit").code == 0

    return pinned


def said(folder: Path, seq: int) -> Statement:
    found = statement.parse((folder / statement.path(seq, "txt")).read_bytes())
    assert found is not None
    return found


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / ".aswiki/anchors").iterdir())


def note(run: Run) -> None:
    assert run("append", "oss-shang", "One more entry").code == 0


def test_the_first_anchor_names_all_that_is_recorded(
    signed: Path, run: Run, git: Git, clock: Callable[[], datetime]
) -> None:
    head = git(signed, "rev-parse", "HEAD").strip()
    result = run("anchor")
    assert result.code == 0, result.err
    first = said(signed, 1)
    assert result.out == f"{first.receipt}\n"
    assert (first.seq, first.prev, first.ref, first.commit) == (1, NONE, "refs/heads/main", head)
    assert first.repo_id == git(signed, "rev-list", "--max-parents=0", "HEAD").strip()
    assert first.commits == int(git(signed, "rev-list", "--count", head))
    assert first.signer == "writer@example.com"
    assert first.created == clock().isoformat(timespec="seconds")
    signers = (signed / ".aswiki/allowed_signers").read_bytes()
    assert first.keys_sha256 == hashlib.sha256(signers).hexdigest()
    assert kept(signed) == ["000001.seed", "000001.txt", "000001.txt.sig"]
    assert len((signed / ".aswiki/anchors/000001.seed").read_bytes()) == 32
    message = git(signed, "log", "-1", "--format=%B")
    assert message.startswith("anchor: 1\n\nAswiki-Op: anchor\nAswiki-Tool: aswiki/")
    assert git(signed, "status", "--porcelain") == ""


def test_ssh_keygen_takes_the_signature_for_this_purpose_alone(signed: Path, run: Run) -> None:
    assert run("anchor").code == 0
    allowed, files = signed / ".aswiki/allowed_signers", signed / ".aswiki/anchors"

    def takes(purpose: str, raw: bytes) -> bool:
        at = "-Overify-time=20261020020000Z"
        words = ["-Y", "verify", "-f", str(allowed), "-I", "writer@example.com", "-n", purpose, at]
        signature = ["-s", str(files / "000001.txt.sig")]
        done = subprocess.run(
            ["ssh-keygen", *words, *signature], input=raw, capture_output=True, check=False
        )
        return done.returncode == 0

    raw = (files / "000001.txt").read_bytes()
    assert takes("aswiki-anchor", raw)
    assert not takes("git", raw)
    assert not takes("aswiki-anchor", raw.replace(b"seq: 1", b"seq: 2"))


def test_the_hash_over_the_objects_is_that_of_the_shell(signed: Path, run: Run, git: Git) -> None:
    def by_shell(commit: str, without: str = "") -> str:
        line = PIPELINE.format(commit=commit, without=without)
        done = subprocess.run(["bash", "-c", line], cwd=signed, capture_output=True, check=True)
        return done.stdout.decode().split()[0]

    assert run("anchor").code == 0
    note(run)
    assert run("anchor").code == 0
    first, second = said(signed, 1), said(signed, 2)
    assert first.objects_sha256 == by_shell(first.commit)
    assert second.objects_sha256 == by_shell(second.commit, f"^{first.commit}")
    assert second.objects_sha256 != by_shell(second.commit)


def test_anchors_are_a_chain(signed: Path, run: Run) -> None:
    for _number in range(3):
        assert run("anchor").code == 0
        note(run)
    one, two, three = (said(signed, seq) for seq in (1, 2, 3))
    assert two.prev == hashlib.sha256(one.text()).hexdigest()
    assert three.prev == hashlib.sha256(two.text()).hexdigest()
    assert {one.repo_id, two.repo_id, three.repo_id} == {one.repo_id}


def test_where_nothing_is_new_nothing_is_written(signed: Path, run: Run, state: Any) -> None:
    assert run("anchor").code == 0
    before = state(signed)
    result = run("anchor")
    assert result.code == 0
    assert "Nothing is new since anchor 1." in result.err
    assert result.out == f"{said(signed, 1).receipt}\n"
    assert run("anchor", "--json").json["commit"] is None
    assert state(signed) == before


def test_the_root_proves_each_record_with_the_commit_that_brought_it(
    signed: Path, run: Run, git: Git
) -> None:
    assert run("anchor").code == 0
    first = said(signed, 1)
    leaves = anchor_records.leaves(Wiki.open(signed), "HEAD", first)
    assert len(leaves) == first.records_count == 5
    for index, leaf in enumerate(leaves):
        assert merkle.check(leaf, merkle.proof(leaves, index), first.records_root)
        assert leaf.sha256 == hashlib.sha256((signed / leaf.path).read_bytes()).hexdigest()
        assert leaf.commit == git(signed, "log", "-1", "--format=%H", "--", leaf.path).strip()


def test_in_a_merged_history_a_record_keeps_the_commit_of_its_side(
    signed: Path, run: Run, git: Git
) -> None:
    path = "customers/acme/profile.md"
    before = git(signed, "log", "-1", "--format=%H", "--", path).strip()
    git(signed, "switch", "-q", "-c", "side")
    note(run)
    there = git(signed, "rev-parse", "HEAD").strip()
    git(signed, "switch", "-q", "main")
    assert run("append", "oss-quota", "Another entry").code == 0
    here = git(signed, "rev-parse", "HEAD").strip()
    git(signed, "merge", "-q", "--no-edit", "side")
    assert run("anchor").code == 0
    leaves = anchor_records.leaves(Wiki.open(signed), "HEAD", said(signed, 1))
    brought = {leaf.path: leaf.commit for leaf in leaves}
    assert brought[path] == before
    assert [commit for each, commit in brought.items() if "upload" in each or "shang" in each] == [
        there
    ]
    assert [commit for each, commit in brought.items() if "quota" in each] == [here]


# --- who and where ------------------------------------------------------------------------


def test_off_the_main_branch_no_anchor_is_made(
    signed: Path, run: Run, git: Git, state: Any
) -> None:
    git(signed, "switch", "-q", "-c", "side")
    before = state(signed)
    result = run("anchor", "--json")
    assert (result.code, result.out, result.error["code"]) == (4, "", "not-main")
    assert result.error["hint"] == "Go there: git switch main"
    assert state(signed) == before


def test_the_first_anchor_says_for_good_which_branch_is_the_main_one(
    signed: Path, run: Run, git: Git
) -> None:
    git(signed, "branch", "-m", "trunk")
    assert run("anchor").code == 0
    assert said(signed, 1).ref == "refs/heads/trunk"
    git(signed, "switch", "-q", "-c", "main")
    note(run)
    assert run("anchor").code == 4


def test_an_unsigned_wiki_has_no_anchors_and_says_how_to_sign(wiki: Path, run: Run) -> None:
    result = run("anchor", "--json")
    assert (result.code, result.error["code"]) == (4, "unsigned-wiki")
    assert "key add" in result.error["hint"]


def test_a_rewritten_history_gets_no_further_anchor(signed: Path, run: Run, git: Git) -> None:
    note(run)
    assert run("anchor").code == 0
    files = {path.name: path.read_bytes() for path in (signed / ".aswiki/anchors").iterdir()}
    git(signed, "reset", "-q", "--hard", "HEAD~2")
    (signed / ".aswiki/anchors").mkdir()
    for name, raw in files.items():
        (signed / ".aswiki/anchors" / name).write_bytes(raw)
    git(signed, "add", ".aswiki/anchors")
    git(signed, "commit", "-q", "-m", "as if")
    git(signed, "reflog", "expire", "--expire=now", "--all")
    git(signed, "gc", "-q", "--prune=now")
    result = run("anchor", "--json")
    assert (result.code, result.error["code"]) == (4, "rewritten")


def test_a_broken_chain_gets_no_further_anchor(signed: Path, run: Run, git: Git) -> None:
    assert run("anchor").code == 0
    path = signed / ".aswiki/anchors/000001.txt"
    path.write_bytes(path.read_bytes().replace(b"seq: 1", b"seq: 2"))
    git(signed, "commit", "-q", "-a", "-m", "as if")
    assert run("anchor", "--json").error["code"] == "anchors-broken"


# --- time stamps --------------------------------------------------------------------------


def test_a_time_stamp_is_checked_and_kept_beside_the_statement(
    signed: Path, run: Run, tsa: Authority, pin: Pin
) -> None:
    pin(tsa)
    result = run("anchor", "--json")
    assert result.code == 0, result.err
    [token] = result.json["tokens"]
    assert token["at"] == tsa.now.isoformat()
    assert (token["authority"], token["seq"]) == ("CN=Test TSA", 1)
    assert result.json["waiting"] == []
    assert result.json["receipt"] == said(signed, 1).receipt
    raw = (signed / ".aswiki/anchors" / f"000001.{token['tsa']}.tsr").read_bytes()
    statement_raw = (signed / result.json["path"]).read_bytes()
    assert isinstance(timestamps.check(raw, statement_raw, [tsa.pem]), timestamps.Token)
    [chain] = (signed / ".aswiki/ltv").iterdir()
    assert chain.read_bytes().count(b"BEGIN CERTIFICATE") == 2


def test_without_an_answer_the_statement_is_made_at_once_and_stamped_later(
    signed: Path, run: Run, tsa: Authority, pin: Pin
) -> None:
    pin(tsa)
    tsa.lie = "refusal"
    result = run("anchor", "--json")
    assert result.code == 0
    assert len(result.json["waiting"]) == 1
    assert "The next aswiki anchor asks again." in result.json["warnings"][0]
    assert not [name for name in kept(signed) if name.endswith(".tsr")]
    note(run)
    run("anchor")
    before = said(signed, 1), said(signed, 2)
    tsa.lie = ""
    tsa.now += timedelta(hours=3)
    again = run("anchor", "--json")
    assert [(token["seq"], token["at"]) for token in again.json["tokens"]] == [
        (1, tsa.now.isoformat()),
        (2, tsa.now.isoformat()),
    ]
    assert before == (said(signed, 1), said(signed, 2))
    assert not (signed / ".aswiki/anchors/000003.txt").exists()
    assert run("anchor", "--json").json["commit"] is None


def test_an_authority_that_is_not_there_is_no_reason_to_stop(
    signed: Path, run: Run, tsa: Authority, pin: Pin
) -> None:
    reached, tsa.url = tsa.url, "http://127.0.0.1:1/tsr"
    pin(tsa)
    result = run("anchor")
    assert result.code == 0
    assert "http://127.0.0.1:1/tsr" in result.err
    assert run("anchor", "--tsa", reached, "--json").json["tokens"][0]["seq"] == 1


@pytest.mark.parametrize("lie", ["nonce", "imprint", "signature", "garbage"])
def test_an_authority_that_lies_leaves_nothing(
    signed: Path, run: Run, tsa: Authority, pin: Pin, state: Any, lie: Any
) -> None:
    pin(tsa)
    before = state(signed)
    tsa.lie = lie
    result = run("anchor", "--json")
    assert (result.code, result.out, result.error["code"]) == (4, "", "bad-token")
    assert state(signed) == before


def test_a_stamp_of_an_authority_that_is_not_pinned_is_not_kept(
    signed: Path, run: Run, tsa: Authority, pin: Pin, state: Any
) -> None:
    other = Authority("Rogue TSA")
    server = other.serve()
    pin(tsa)
    before = state(signed)
    result = run("anchor", "--tsa", other.url, "--json")
    server.shutdown()
    server.server_close()
    assert (result.code, result.error["code"]) == (4, "bad-token")
    assert state(signed) == before


def test_an_expired_authority_is_not_kept(signed: Path, run: Run, tsa: Authority, pin: Pin) -> None:
    pin(tsa)
    tsa.now += timedelta(days=365 * 20)
    assert run("anchor", "--json").error["code"] == "bad-token"


def test_several_authorities_stamp_the_same_anchor(
    signed: Path, run: Run, tsa: Authority, pin: Pin
) -> None:
    other = Authority("Other TSA")
    server = other.serve()
    pin(tsa, other)
    other.lie = "refusal"
    assert len(run("anchor", "--json").json["tokens"]) == 1
    other.lie = ""
    [token] = run("anchor", "--json").json["tokens"]
    server.shutdown()
    server.server_close()
    assert token["authority"] == "CN=Other TSA"
    assert len([name for name in kept(signed) if name.endswith(".tsr")]) == 2


def test_without_a_pinned_certificate_no_authority_is_asked(
    signed: Path, run: Run, tsa: Authority
) -> None:
    result = run("anchor", "--tsa", tsa.url, "--json")
    assert (result.code, result.error["code"]) == (4, "no-tsa-certificate")
    assert tsa.asked == []


@pytest.mark.parametrize("url", ["tsa.example.com", "file:///etc/passwd", "ftp://x/", "http:///"])
def test_what_is_no_address_is_refused(signed: Path, run: Run, url: str) -> None:
    assert run("anchor", "--tsa", url, "--json").error["code"] == "bad-tsa"


# --- occasions ----------------------------------------------------------------------------


def test_a_report_makes_an_anchor_only_when_asked_and_prints_its_receipt(
    signed: Path, run: Run, git: Git
) -> None:
    before = git(signed, "rev-parse", "HEAD")
    plain = run("report", "--month", "2026-10")
    assert "aswiki-receipt" not in plain.out
    assert git(signed, "rev-parse", "HEAD") == before
    result = run("report", "--month", "2026-10", "--anchor")
    assert result.code == 0, result.err
    assert said(signed, 1).receipt in result.out


def test_a_customer_reads_the_receipt_too(signed: Path, run: Run) -> None:
    assert run("anchor").code == 0
    result = run("report", "--month", "2026-10", "acme", "--for", "customer_tech")
    assert result.code == 0, result.err
    assert said(signed, 1).receipt in result.out


def test_a_handover_makes_an_anchor_where_the_settings_say_so(
    signed: Path, run: Run, pin: Pin, tsa: Authority
) -> None:
    assert run("handover", "--owner", "writer").code == 0
    assert not (signed / ".aswiki/anchors").exists()
    pin(tsa, on='"handover"')
    result = run("handover", "--owner", "writer")
    assert result.code == 0, result.err
    assert said(signed, 1).receipt in result.out


def test_the_first_write_of_a_day_makes_an_anchor_where_the_settings_say_so(
    signed: Path, run: Run, pin: Pin, tsa: Authority, clock: Any
) -> None:
    pin(tsa, on='"daily"')
    for days in (0, 0, 1, 1):
        clock.now += timedelta(days=days, minutes=1)
        note(run)
    assert [name for name in kept(signed) if name.endswith(".txt")] == [
        "000001.txt",
        "000002.txt",
        "000003.txt",
    ]


def test_what_goes_wrong_on_an_occasion_is_a_warning(
    signed: Path, run: Run, pin: Pin, tsa: Authority, git: Git
) -> None:
    tsa.lie = "nonce"
    pin(tsa, on='"daily"')
    result = run("append", "oss-shang", "One more entry")
    assert result.code == 0
    assert "No anchor was made" in result.err
    assert not (signed / ".aswiki/anchors").exists()


def test_edits_by_hand_that_are_taken_in_are_a_write_too(
    signed: Path, run: Run, pin: Pin, tsa: Authority
) -> None:
    pin(tsa, on='"daily"')
    assert (signed / ".aswiki/anchors/000001.txt").exists()


def test_an_unknown_occasion_is_a_problem_of_the_settings(signed: Path, run: Run) -> None:
    with (signed / "aswiki.toml").open("a") as file:
        file.write('[anchor]\non = ["weekly"]\n')
    result = run("validate", "--json")
    assert result.code == 1
    assert "aswiki.toml" in {problem["path"] for problem in result.json["problems"]}


def test_the_receipt_is_the_same_line_in_chinese(signed: Path, run: Run) -> None:
    assert run("anchor", "--lang", "zh").out == run("receipt").out
    assert (
        f"回执 `{said(signed, 1).receipt}`"
        in run("report", "--month", "2026-10", "--lang", "zh").out
    )

"""``verify``: honest wikis are never accused, and every answer has its exit code and sentence."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.e2e import test_verify_tamper_anchors as anchors
from tests.e2e import test_verify_tamper_commits as commits
from tests.e2e import test_verify_tamper_storage as storage
from tests.sealed import GITCONFIG
from tests.tampering import ANNA, BOB, EVENT, OTHER, PROFILE, Bench, Case, judged, trailers
from tests.tsa import Authority

from aswiki.cli.main import main
from aswiki.evidence import statement, timestamps
from aswiki.evidence.codes import CODES, EXITS
from aswiki.wiki import adopting, attaching, closing, creating, editing, renaming, undoing
from aswiki.wiki.drafting import Asked
from aswiki.wiki.proof import verifying
from aswiki.wiki.wiki import Wiki

Run = Callable[..., Any]


def grown(bench: Bench) -> None:
    editing.append(bench.sealed.wiki(), "acme-uploads-fail", "Another fix", Asked(), kind="action")


def late_entry_marked(bench: Bench) -> None:
    early = Asked(at="2024-05-01T10:00+08:00")
    editing.append(bench.sealed.wiki(), "acme-uploads-fail", "It began then", early, kind="note")


def hand_edit_taken_in(bench: Bench) -> None:
    path = bench.root / PROFILE
    path.write_text(path.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
    assert adopting.commit(bench.sealed.wiki()).commits


def undone(bench: Bench) -> None:
    grown(bench)
    undoing.undo(bench.sealed.wiki(), Asked())


def creation_undone(bench: Bench) -> None:
    made = {"kind": "feeling"}
    creating.create_for_customer(bench.sealed.wiki(), "note", "acme", "A feeling", made, Asked())
    undoing.undo(bench.sealed.wiki(), Asked())


def renamed(bench: Bench) -> None:
    renaming.rename(bench.sealed.wiki(), "acme-uploads-fail", "downloads-fail", Asked())


def rename_undone(bench: Bench) -> None:
    renamed(bench)
    undoing.undo(bench.sealed.wiki(), Asked())


def retired(bench: Bench) -> None:
    closing.retire(bench.sealed.wiki(), "acme-uploads-fail", Asked(), why="Another customer's")


def retirement_undone(bench: Bench) -> None:
    retired(bench)
    undoing.undo(bench.sealed.wiki(), Asked())


def attached(bench: Bench) -> None:
    file = bench.root.parent / "proof.txt"
    file.write_text("proof")
    attaching.attach(bench.sealed.wiki(), "acme-uploads-fail", [str(file)], Asked())


def many_at_once(bench: Bench) -> None:
    text = bench.blob(EVENT)
    changes = {EVENT.replace("uploads", f"uploads-{n}"): text for n in range(60)}
    rows = [
        f"acme/events/2025-10-03-acme-uploads-{n}-fail sha256:{hashlib.sha256(text).hexdigest()}\n"
        for n in range(60)
    ]
    digest = hashlib.sha256("".join(sorted(rows)).encode()).hexdigest()
    said = f"Aswiki-Op: import\nAswiki-Records: 60 sha256:{digest}\nAswiki-Tool: aswiki/1\n"
    bench.commit(changes, message=f"import(acme): 60\n\nfrom a.csv sha256:00\n\n{said}")
    bench.run("reset", "--hard", "-q")


def merged_by_two_clones(bench: Bench) -> None:
    base, text = bench.head, bench.blob(EVENT).rstrip(b"\n")
    ours = text + "\n- 2026-01-02 09:00 +08:00 · anna · note: ours\n".encode()
    theirs = text + "\n- 2026-01-03 09:00 +08:00 · bob · note: theirs\n".encode()
    first = bench.commit({EVENT: ours}, parents=[base], move=False)
    second = bench.commit({EVENT: theirs}, parents=[base], author=BOB, key=BOB, move=False)
    both = {EVENT: ours + theirs.rstrip(b"\n").rpartition(b"\n")[2] + b"\n"}
    said = f"merge: bob\n\n{trailers(both, 'merge')}"
    bench.commit(both, message=said, parents=[first, second])
    bench.run("reset", "--hard", "-q")


def renamed_on_one_side_and_grown_on_the_other(bench: Bench) -> None:
    base, text = bench.head, bench.blob(OTHER)
    new = OTHER.replace("uploads", "downloads")
    first = bench.commit({OTHER: None, new: text}, op="rename", parents=[base], move=False)
    entry = "- 2026-01-03 09:00 +08:00 · bob · note: theirs\n".encode()
    theirs = {OTHER: text.rstrip(b"\n") + b"\n" + entry}
    second = bench.commit(theirs, author=BOB, key=BOB, parents=[base], move=False)
    both = {new: theirs[OTHER]}
    said = f"merge: bob\n\n{trailers(both, 'merge')}"
    bench.commit(both, message=said, parents=[first, second])
    bench.run("reset", "--hard", "-q")


def clocks_a_little_apart(bench: Bench) -> None:
    at = bench.now() + timedelta(minutes=20)
    bench.commit({PROFILE: bench.blob(PROFILE) + b"\n1\n"}, when=at)
    bench.commit({PROFILE: bench.blob(PROFILE) + b"\n2\n"}, when=at - timedelta(minutes=3))
    bench.run("reset", "--hard", "-q")
    bench.sealed.clock.now += timedelta(hours=1)


def written_in_another_encoding(bench: Bench) -> None:
    said = {PROFILE: bench.blob(PROFILE) + b"\n1\n"}
    bench.commit(said, header="encoding GB18030\n")
    bench.run("reset", "--hard", "-q")


def nothing_done(bench: Bench) -> None:
    """Growth by nothing, a key retired long ago among the hands."""


def authority_long_expired(bench: Bench) -> None:
    bench.sealed.clock.now += timedelta(days=365 * 12)


def authority_given_up(bench: Bench) -> None:
    first, second = bench.sealed.tsa, Authority(name="Second", now=bench.sealed.tsa.now)
    server = second.serve()
    settings = bench.blob("aswiki.toml").replace(first.url.encode(), second.url.encode())
    bench.commit(
        {
            "aswiki.toml": settings.replace(b"tsa/test.pem", b"tsa/second.pem"),
            ".aswiki/tsa/second.pem": second.pem,
            ".aswiki/tsa/test.pem": None,
        },
        op="policy",
    )
    bench.run("reset", "--hard", "-q")
    second.now = bench.sealed.clock.now + timedelta(minutes=1)
    bench.sealed.anchored()
    server.shutdown()
    server.server_close()


HONEST = [
    nothing_done, grown, late_entry_marked, hand_edit_taken_in, undone, creation_undone, renamed,
    rename_undone, retired, retirement_undone, attached, many_at_once, merged_by_two_clones,
    renamed_on_one_side_and_grown_on_the_other, clocks_a_little_apart, written_in_another_encoding,
    authority_long_expired, authority_given_up,
]  # fmt: skip


@pytest.mark.parametrize("done", HONEST, ids=lambda done: done.__name__)
def test_honest_work_is_proven_once_it_is_anchored(
    bench: Bench, done: Callable[[Bench], None]
) -> None:
    done(bench)
    if done not in {authority_long_expired, authority_given_up}:
        bench.sealed.anchored()
    found, code = judged(bench, Case(done.__name__, done, "UNANCHORED"))
    assert (found, code) == (set(), 0)


def test_every_code_says_what_it_means_and_how_it_exits() -> None:
    soft = {
        "NOPIN",
        "NOTSA",
        "NOANCHOR",
        "UNANCHORED",
        "LAG",
        "HOSTMERGE",
        "RECOMMITTED",
        "OUTSIDE",
    }
    assert {name for name, code in CODES.items() if code.exit_code == 5} == soft
    assert all(code.meaning.endswith(".") for code in CODES.values())
    assert EXITS == {"proven": 0, "tampered": 1, "incomplete": 5}


def test_every_code_is_reached_by_a_case_and_stock_git_notices_few() -> None:
    cases = [*commits.CASES, *anchors.CASES, *storage.CASES]
    assert {code for case in cases for code in case.codes.split()} == set(CODES)
    assert len(cases) > 150
    assert sum(case.stock for case in cases) < len(cases) / 4


def test_an_anchor_without_a_token_is_incomplete(bench: Bench) -> None:
    grown(bench)
    stamped = bench.sealed.tsa.lie
    bench.sealed.tsa.lie = "refusal"
    try:
        bench.sealed.anchored()
    finally:
        bench.sealed.tsa.lie = stamped
    assert judged(bench, Case("", grown, "")) == ({"NOTSA"}, 5)


def test_without_anything_from_outside_nothing_is_proven(bench: Bench) -> None:
    assert judged(bench, Case("", nothing_done, "", pin="")) == ({"NOPIN"}, 5)


def test_a_head_of_before_is_a_pin_and_growth_keeps_it(bench: Bench) -> None:
    bench.options["head"] = bench.line()[4][:10]
    assert judged(bench, Case("", nothing_done, "", pin="")) == (set(), 0)


def test_the_hash_of_an_earlier_receipt_is_enough(bench: Bench) -> None:
    bench.options["receipt"] = bench.sealed.first_receipt.split()[4]
    assert judged(bench, Case("", nothing_done, "", pin="")) == (set(), 0)


def test_ssh_keygen_agrees_with_what_is_checked_in_process(bench: Bench) -> None:
    bench.options["paranoid"] = True
    assert judged(bench, Case("", nothing_done, "")) == (set(), 0)


def test_a_trusted_key_may_be_given_as_key_or_fingerprint(bench: Bench) -> None:
    trust = bench.root.parent / "trust"
    public = bench.keys[ANNA].with_suffix(".pub").read_text()
    for text in (public, f"{bench.sealed.key} Anna\n", f'{ANNA} namespaces="git" {public}'):
        trust.write_text(text)
        bench.options["trust"] = trust
        assert judged(bench, Case("", nothing_done, "")) == (set(), 0)


def test_a_live_repository_without_traps_is_proven(bench: Bench) -> None:
    bench.git("gc", "-q")
    bench.git("commit-graph", "write", "--reachable")
    bench.options["live"] = True
    assert judged(bench, Case("", nothing_done, "")) == (set(), 0)


def test_every_trap_in_a_live_repository_is_named_once(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = [f"filter.evil{number}.clean" for number in range(8)]
    for key in keys:
        bench.git("config", key, "touch canary")
    assert main(["verify", "--live", "--lang", "en"]) == 1
    said = capsys.readouterr().out
    assert all(said.count(key) == 1 for key in keys)
    assert not (bench.root / "canary").exists()


def test_a_late_token_covers_an_anchor_made_offline(bench: Bench) -> None:
    grown(bench)
    bench.sealed.tsa.lie = "refusal"
    bench.sealed.anchored()
    bench.sealed.tsa.lie = ""
    bench.sealed.anchored()
    assert judged(bench, Case("", grown, "UNANCHORED")) == (set(), 0)


def test_a_second_authority_is_as_good(bench: Bench) -> None:
    second = Authority(name="Second", is_rsa=True, with_middle=True, now=bench.sealed.tsa.now)
    raw = bench.blob(".aswiki/tsa/test.pem") + second.pem
    bench.commit({".aswiki/tsa/test.pem": raw}, op="policy")
    path = statement.path(3, "txt")
    second.now = bench.now()
    answer = second.respond(timestamps.request(bench.blob(path), 7).request)
    bench.commit({statement.path(3, "second.tsr"): answer}, op="anchor")
    bench.run("reset", "--hard", "-q")
    bench.sealed.anchored()
    assert judged(bench, Case("", nothing_done, "UNANCHORED")) == (set(), 0)


@pytest.fixture
def present(clock: Any) -> None:
    """The clock of the commands is that of plain git."""
    clock.now = datetime.now(UTC)


def test_a_wiki_in_a_folder_of_another_repository_is_verified_by_itself(
    tmp_path: Path, run: Run, git: Callable[..., str], present: None
) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "code.py").write_text("1\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "code")
    assert run("init", str(tmp_path / "kb")).code == 0
    (tmp_path / "code.py").write_text("2\n")
    git(tmp_path, "commit", "-qam", "more code")
    said = run("-C", str(tmp_path / "kb"), "verify", "--json")
    assert said.code == 5
    assert {each["code"] for each in said.json["findings"]} == {"UNSIGNED", "NOANCHOR", "NOPIN"}


def test_the_example_is_unsigned_and_nothing_else(tmp_path: Path, run: Run) -> None:
    assert run("demo", str(tmp_path / "demo")).code == 0
    said = run("-C", str(tmp_path / "demo"), "verify", "--json")
    assert said.code == 5
    assert said.json["verdict"] == "incomplete"
    assert {each["code"] for each in said.json["findings"]} == {"UNSIGNED", "NOANCHOR", "NOPIN"}
    assert len(said.json["records"]) > 100


def test_an_unsigned_wiki_whose_writer_signs_is_not_accused(
    tmp_path: Path, run: Run, git: Callable[..., str], bench: Bench, present: None
) -> None:
    for key, value in (
        ("gpg.format", "ssh"), ("commit.gpgsign", "true"),
        ("user.signingkey", f"{bench.keys[ANNA]}.pub"),
    ):  # fmt: skip
        subprocess.run(["git", "config", "--global", key, value], check=True)
    assert run("init", str(tmp_path / "kb")).code == 0
    assert "gpgsig" in git(tmp_path / "kb", "cat-file", "commit", "HEAD")
    said = run("-C", str(tmp_path / "kb"), "verify", "--json")
    assert {each["code"] for each in said.json["findings"]} == {"UNSIGNED", "NOANCHOR", "NOPIN"}


def test_a_wiki_that_begins_to_sign_later_is_incomplete(
    tmp_path: Path,
    run: Run,
    new_key: Callable[[str], Path],
    present: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert run("init", str(tmp_path / "kb")).code == 0
    monkeypatch.chdir(tmp_path / "kb")
    assert run("key", "add", "writer@example.com", str(new_key("writer"))).code == 0
    assert run("new-customer", "Acme").code == 0
    said = run("verify", "--json")
    assert said.code == 5, said.out
    codes = {each["code"] for each in said.json["findings"]}
    assert codes == {"UNSIGNED", "NOANCHOR", "NOPIN"}
    assert "1 of 3" in said.json["findings"][0]["detail"]
    assert said.json["records"][0]["signer"] == "writer@example.com"


# --- the command ------------------------------------------------------------------------------


@pytest.fixture
def at_the_clock(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    plain = Wiki.open

    def opened(_cls: type[Wiki], folder: Path) -> Wiki:
        return plain(folder, bench.sealed.clock)

    monkeypatch.setattr(Wiki, "open", classmethod(opened))
    return bench


def test_proven_leads_with_a_sentence_a_record_and_ends_with_what_is_not(
    at_the_clock: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = at_the_clock
    words = ["--lang", "en", "verify", "--expect-anchor", bench.sealed.receipt]
    assert main([*words, "--record", "acme-uploads-fail"]) == 0
    first, *_lines, verdict, unproven = capsys.readouterr().out.splitlines()
    assert first.startswith("acme/events/2025-10-03-acme-uploads-fail existed in exactly this form")
    assert "(TSA CN=Test TSA), was written no earlier than 20" in first
    assert first.endswith(f"signed by {ANNA}'s key {bench.sealed.key}.")
    assert verdict.startswith("Proven: ")
    assert "does not prove that a record is true" in unproven


def test_json_has_the_keys_of_the_contract(
    at_the_clock: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    at_the_clock.commit({OTHER: None})
    code = main(["verify", "--json", "--expect-anchor", at_the_clock.sealed.receipt])
    told = json.loads(capsys.readouterr().out)
    assert (code, told["verdict"]) == (1, "tampered")
    keys = ["code", "severity", "commit", "path", "claimed", "not_before", "not_after", "detail"]
    assert all(list(each) == keys for each in told["findings"])
    deleted = told["findings"][0]
    assert (deleted["code"], deleted["severity"]) == ("DELETED", "tampered")
    assert (deleted["commit"], deleted["path"]) == (at_the_clock.head, OTHER)
    assert {row["ref"] for row in told["records"]} >= {"acme/profile", "lan-jing/profile"}


def test_a_tampered_history_is_said_so_by_code(
    at_the_clock: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    at_the_clock.commit({OTHER: None}, message="\x1b[2Jbye\n")
    assert main(["--lang", "en", "verify"]) == 1
    printed = capsys.readouterr().out
    assert "DELETED: " in printed
    assert "\x1b" not in printed
    assert printed.splitlines()[-2].startswith("Tampered")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--expect-anchor", "nonsense"], 2),
        (["--expect-head", "main"], 2),
        (["--trust", "aswiki.toml"], 2),
        (["--trust", "nowhere"], 2),
        (["--record", "no-such-record"], 3),
        (["--bundle", "nowhere"], 4),
        (["--bundle", "."], 4),
    ],
)
def test_what_cannot_be_asked_is_refused(
    at_the_clock: Bench, words: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "--json", *words]) == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert json.loads(printed.err.splitlines()[-1])["error"]["message"]


def test_without_a_repository_or_a_commit_nothing_can_be_verified(
    wiki: Path, run: Run, git: Callable[..., str], tmp_path: Path
) -> None:
    bare = tmp_path / "plain"
    bare.mkdir()
    (bare / "aswiki.toml").write_bytes((wiki / "aswiki.toml").read_bytes())
    assert run("-C", str(bare), "verify").code == 4
    git(bare, "init", "-q")
    assert run("-C", str(bare), "verify").code == 4


def test_a_package_is_verified_without_a_wiki(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    bench.git("bundle", "create", "-q", str(folder / "kb.bundle"), "refs/heads/main")
    monkeypatch.chdir(folder)
    asked = verifying.Asked(bundle=folder, receipt=bench.sealed.receipt)
    verdict = verifying.verify(None, asked, bench.sealed.clock)
    assert (verdict.codes, verdict.exit_code) == ([], 0)
    record = verifying.Asked(bundle=folder / "kb.bundle", record="acme/profile")
    verdict = verifying.verify(None, record, bench.sealed.clock)
    assert [proof.ref for proof in verdict.records] == ["acme/profile"]


def test_nothing_of_the_repository_changes(
    at_the_clock: Bench, state: Callable[[Path], object]
) -> None:
    Path.home().joinpath(".gitconfig").write_text(GITCONFIG, encoding="utf-8")
    before = state(at_the_clock.root)
    assert main(["verify", "--live", "-q"]) == 5
    assert state(at_the_clock.root) == before

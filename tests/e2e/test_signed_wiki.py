"""A signed wiki: begun by ``init --sign-with``, its keys by ``key``, its clones by ``doctor``."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from aswiki import lang
from aswiki.cli.main import main
from aswiki.evidence import signers
from aswiki.wiki.sharing.drivers import DRIVERS

Capsys = pytest.CaptureFixture[str]
ANNA, BOB, EVE = "anna@example.com", "张维@example.com", "eve@example.com"


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode() + done.stderr.decode()


def made_key(folder: Path, name: str, kind: str = "ed25519") -> Path:
    """The public half of a new key; the private one lies beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    words = ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", name, "-f", str(folder / name)]
    subprocess.run(words, check=True)
    return folder / f"{name}.pub"


def is_engineer(email: str) -> None:
    """The machine is this engineer's from here on."""
    Path.home().joinpath(".gitconfig").write_text(
        f"[user]\n\tname = {email.partition('@')[0]}\n\temail = {email}\n"
        "[init]\n\tdefaultBranch = main\n",
        encoding="utf-8",
    )


@dataclass
class Said:
    """What one run of the command line gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def call(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """The command line by the real clock, since git's own checks know no other."""
    monkeypatch.setenv("ASWIKI_LANG", "en")

    def called(*words: str | Path) -> Said:
        capsys.readouterr()
        code = main([str(word) for word in words])
        lang.use("en")
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return called


Call = Callable[..., Said]


@pytest.fixture
def wiki(tmp_path: Path, call: Call) -> Path:
    """A wiki signed from its first commit by Anna, whose key lies in ``keys/anna.pub``."""
    is_engineer(ANNA)
    key = made_key(tmp_path / "keys", "anna")
    assert call("init", tmp_path / "wiki", "--sign-with", key).code == 0
    return tmp_path / "wiki"


@pytest.fixture
def bobs(wiki: Path, tmp_path: Path, call: Call) -> Path:
    """Bob's clone of it; his key was added by Anna and lies in ``keys/bob.pub``."""
    key = made_key(tmp_path / "keys", "bob", "ecdsa")
    assert call("-C", wiki, "key", "add", BOB, key).code == 0
    git(tmp_path, "clone", "-q", str(wiki), "bobs")
    is_engineer(BOB)
    return tmp_path / "bobs"


def every_commit_is_good(folder: Path) -> bool:
    """Whether git takes every commit by the key file as it is now, and each is its author's."""
    allowed = f"gpg.ssh.allowedSignersFile={folder / signers.SIGNERS}"
    lines = git(folder, "-c", allowed, "log", "--format=%G?|%GS|%ae|%ce").splitlines()
    return all(line == "|".join(["G", *[line.split("|")[1]] * 3]) for line in lines)


def heads(folder: Path) -> str:
    return git(folder, "rev-parse", "HEAD")


# --- the beginning ------------------------------------------------------------------------


def test_the_first_commit_is_signed_and_git_takes_it(wiki: Path, tmp_path: Path) -> None:
    allowed = f"gpg.ssh.allowedSignersFile={wiki / signers.SIGNERS}"
    said = git(wiki, "-c", allowed, "verify-commit", "HEAD")
    assert f'Good "git" signature for {ANNA}' in said
    assert git(wiki, "rev-list", "--count", "HEAD").strip() == "1"
    keys, problems = signers.parse((wiki / signers.SIGNERS).read_text())
    assert problems == []
    assert [(key.principal, key.namespaces) for key in keys] == [(ANNA, signers.NAMESPACES)]
    assert signers.admins((wiki / signers.ADMINS).read_text()) == {ANNA}
    assert git(wiki, "status", "--porcelain") == ""
    local = git(wiki, "config", "--local", "--list")
    assert f"user.signingkey={tmp_path}/keys/anna.pub" in local
    assert "gpg.format=ssh" in local
    assert "commit.gpgsign=true" in local


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_other_kinds_of_keys_sign_too(tmp_path: Path, call: Call, kind: str) -> None:
    key = made_key(tmp_path, "own", kind)
    assert call("init", tmp_path / "wiki", "--sign-with", key).code == 0
    assert "Good" in git(tmp_path / "wiki", "verify-commit", "HEAD")


def test_a_wiki_in_an_older_repository_begins_signed_too(tmp_path: Path, call: Call) -> None:
    git(tmp_path, "init", "-q", "repo")
    git(tmp_path / "repo", "commit", "-q", "--allow-empty", "-m", "older")
    key = made_key(tmp_path / "keys", "own")
    assert call("init", tmp_path / "repo/wiki", "--sign-with", key).code == 0
    assert "Good" in git(tmp_path / "repo", "verify-commit", "HEAD")


def not_a_public_key(folder: Path) -> dict[str, Path]:
    own = made_key(folder, "own")
    (folder / "words").write_text("ssh-ed25519 words\n")
    (folder / "short.pub").write_text(made_key(folder, "cut").read_text()[:60])
    os.mkfifo(folder / "pipe")
    private = own.with_suffix("")
    return {
        "the private half": private,
        "words": folder / "words",
        "a cut key": folder / "short.pub",
        "a pipe": folder / "pipe",
        "nothing": folder / "none.pub",
        "a folder": folder,
    }


def test_what_is_no_public_key_is_refused_and_nothing_is_left(tmp_path: Path, call: Call) -> None:
    for name, path in not_a_public_key(tmp_path / "keys").items():
        said = call("init", tmp_path / "wiki", "--sign-with", path)
        assert said.code == 2, name
        assert "key" in said.err, name
        assert not (tmp_path / "wiki").exists(), name


def test_a_key_whose_private_half_is_away_leaves_nothing_behind(tmp_path: Path, call: Call) -> None:
    key = made_key(tmp_path / "keys", "own")
    key.with_suffix("").unlink()
    said = call("init", tmp_path / "wiki", "--sign-with", key)
    assert said.code == 4
    assert not (tmp_path / "wiki").exists()
    git(tmp_path, "init", "-q", "repo")
    git(tmp_path / "repo", "config", "commit.gpgsign", "false")
    before = (tmp_path / "repo/.git/config").read_text()
    assert call("init", tmp_path / "repo", "--sign-with", key).code == 4
    assert [path.name for path in (tmp_path / "repo").iterdir()] == [".git"]
    settings = git(tmp_path / "repo", "config", "--local", "--list").splitlines()
    git(tmp_path, "config", "--file", "before", "core.bare", "false")
    (tmp_path / "before").write_text(before)
    known = git(tmp_path, "config", "--file", "before", "--list").splitlines()
    assert sorted(settings) == sorted(known)


def test_an_address_that_no_key_can_belong_to_is_refused(tmp_path: Path, call: Call) -> None:
    key = made_key(tmp_path / "keys", "own")
    is_engineer("*@example.com")
    said = call("init", tmp_path / "wiki", "--sign-with", key)
    assert said.code == 2
    assert "user.email" in said.err
    assert not (tmp_path / "wiki").exists()


# --- every write --------------------------------------------------------------------------


def test_every_later_write_is_signed(wiki: Path, call: Call) -> None:
    assert call("-C", wiki, "new-customer", "Acme").code == 0
    assert call("-C", wiki, "set", "acme", "industry=Retail").code == 0
    with (wiki / "people.toml").open("a") as file:
        file.write("# by hand\n")
    assert call("-C", wiki, "commit").code == 0
    assert call("-C", wiki, "undo", "HEAD~1").code == 0
    assert git(wiki, "rev-list", "--count", "HEAD").strip() == "5"
    assert every_commit_is_good(wiki)
    assert call("-C", wiki, "validate").code == 0


def test_a_write_is_signed_even_where_git_was_told_not_to(wiki: Path, call: Call) -> None:
    git(wiki, "config", "commit.gpgsign", "false")
    assert call("-C", wiki, "new-customer", "Acme").code == 0
    assert every_commit_is_good(wiki)


def test_without_a_key_nothing_is_written_into_a_signed_wiki(wiki: Path, call: Call) -> None:
    git(wiki, "config", "--unset", "user.signingkey")
    before = heads(wiki)
    said = call("-C", wiki, "new-customer", "Acme")
    assert said.code == 4
    assert "aswiki doctor --fix" in said.err
    assert heads(wiki) == before
    assert git(wiki, "status", "--porcelain") == ""


def test_with_a_key_that_is_not_allowed_nothing_is_written(
    wiki: Path, tmp_path: Path, call: Call
) -> None:
    before = heads(wiki)
    git(wiki, "config", "user.signingkey", str(made_key(tmp_path / "keys", "eve")))
    said = call("-C", wiki, "new-customer", "Acme")
    assert said.code == 4
    assert f"aswiki key add {ANNA}" in said.err
    git(wiki, "config", "user.signingkey", str(tmp_path / "keys/anna.pub"))
    is_engineer(EVE)
    assert call("-C", wiki, "new-customer", "Acme").code == 4
    assert heads(wiki) == before
    assert git(wiki, "status", "--porcelain") == ""


def test_a_wiki_without_keys_asks_for_none(tmp_path: Path, call: Call) -> None:
    assert call("init", tmp_path / "wiki").code == 0
    assert call("-C", tmp_path / "wiki", "new-customer", "Acme").code == 0
    assert git(tmp_path / "wiki", "log", "--format=%G?").split() == ["N", "N"]
    assert not (tmp_path / "wiki/.aswiki").exists()


# --- keys ---------------------------------------------------------------------------------


def test_a_second_engineer_is_let_in_by_a_signed_policy_commit(
    wiki: Path, bobs: Path, call: Call
) -> None:
    assert git(wiki, "log", "-1", "--format=%(trailers:key=Aswiki-Op,valueonly)").strip() == (
        "policy"
    )
    assert git(wiki, "show", "--name-only", "--format=").split() == [signers.SIGNERS]
    assert call("-C", bobs, "new-customer", "Acme").code == 4
    git(bobs, "config", "user.signingkey", str(bobs.parent / "keys/bob.pub"))
    assert call("-C", bobs, "new-customer", "Acme").code == 0
    assert every_commit_is_good(bobs)


def test_a_key_says_what_it_did_in_json(wiki: Path, tmp_path: Path, call: Call) -> None:
    key = made_key(tmp_path / "keys", "bob")
    said = call("-C", wiki, "key", "add", BOB, key, "--json").json
    assert said["path"] == signers.SIGNERS
    assert said["commit"] == heads(wiki).strip()
    assert said["principal"] == BOB
    listed = subprocess.run(["ssh-keygen", "-lf", key], capture_output=True, check=True)
    assert said["fingerprints"] == [listed.stdout.decode().split()[1]]
    again = call("-C", wiki, "key", "add", BOB, key, "--json").json
    assert again["commit"] is None


def test_a_dry_run_shows_the_line_and_writes_nothing(
    wiki: Path, tmp_path: Path, call: Call
) -> None:
    before = heads(wiki)
    said = call("-C", wiki, "key", "add", BOB, made_key(tmp_path / "keys", "bob"), "--dry-run")
    assert said.code == 0
    assert f"+{BOB} namespaces=" in said.out
    assert heads(wiki) == before


def test_a_window_begins_when_the_admin_says(wiki: Path, tmp_path: Path, call: Call) -> None:
    key = made_key(tmp_path / "keys", "bob")
    assert call("-C", wiki, "key", "add", BOB, key, "--from", "2031-01-01 08:00").code == 0
    assert 'valid-after="20310101000000Z"' in (wiki / signers.SIGNERS).read_text()
    rows = call("-C", wiki, "key", "list", "--json").json
    assert [(row["principal"], row["state"], row["admin"]) for row in rows] == [
        (ANNA, "valid", True),
        (BOB, "future", False),
    ]


def test_a_retired_key_writes_no_more_and_what_it_signed_stays_good(
    wiki: Path, bobs: Path, call: Call
) -> None:
    git(bobs, "config", "user.signingkey", str(bobs.parent / "keys/bob.pub"))
    assert call("-C", bobs, "new-customer", "Acme").code == 0
    git(wiki, "pull", "-q", "--ff-only", str(bobs), "main")
    is_engineer(ANNA)
    said = call("-C", wiki, "key", "retire", BOB, "--json")
    assert said.code == 0
    assert said.json["principal"] == BOB
    (name,) = said.json["fingerprints"]
    assert call("-C", wiki, "key", "retire", name, "--json").json["commit"] is None
    assert every_commit_is_good(wiki)
    lines = (wiki / signers.SIGNERS).read_text().splitlines()
    assert ["valid-before=" in line for line in lines] == [False, True]
    assert all(key.text() in lines for key in signers.parse("\n".join(lines))[0])
    git(bobs, "pull", "-q", "--ff-only", str(wiki), "main")
    is_engineer(BOB)
    before = heads(bobs)
    wait_past(lines[1])
    assert call("-C", bobs, "set", "acme", "industry=Retail").code == 4
    assert heads(bobs) == before


def wait_past(line: str) -> None:
    """Until the second in which the line's window ends is over."""
    import time
    from datetime import UTC, datetime

    (key,) = signers.parse(line)[0]
    while key.covers(datetime.now(UTC)):
        time.sleep(0.05)


def test_a_key_can_end_at_another_time_than_now(wiki: Path, tmp_path: Path, call: Call) -> None:
    assert call("-C", wiki, "key", "add", BOB, made_key(tmp_path / "keys", "bob")).code == 0
    assert call("-C", wiki, "key", "retire", BOB, "--at", "2031-01-01 08:00").code == 0
    assert 'valid-before="20310101000000Z"' in (wiki / signers.SIGNERS).read_text()
    assert call("-C", wiki, "key", "list", "--json").json[1]["state"] == "valid"
    assert call("-C", wiki, "key", "retire", BOB).code == 0
    assert "2031" not in (wiki / signers.SIGNERS).read_text()


def test_who_is_no_admin_changes_no_keys_and_no_settings(
    wiki: Path, bobs: Path, tmp_path: Path, call: Call
) -> None:
    git(bobs, "config", "user.signingkey", str(tmp_path / "keys/bob.pub"))
    before = heads(bobs)
    eve = made_key(tmp_path / "keys", "eve")
    for words in (
        ["key", "add", EVE, eve],
        ["key", "add", EVE, eve, "--dry-run"],
        ["key", "add", BOB, tmp_path / "keys/bob.pub", "--admin"],
        ["key", "retire", ANNA],
    ):
        said = call("-C", bobs, *words)
        assert said.code == 4, words
        assert f"Ask one of them: {ANNA}" in said.err, words
    settings = (bobs / "aswiki.toml").read_text()
    (bobs / "aswiki.toml").write_text(settings.replace("CNY", "EUR"))
    with (bobs / "people.toml").open("a") as file:
        file.write("# by hand\n")
    said = call("-C", bobs, "commit")
    assert said.code == 4
    assert "aswiki.toml" in said.err
    assert heads(bobs) == before


def test_an_admin_makes_another_one(wiki: Path, bobs: Path, tmp_path: Path, call: Call) -> None:
    is_engineer(ANNA)
    assert call("-C", wiki, "key", "add", BOB, tmp_path / "keys/bob.pub", "--admin").code == 0
    assert signers.admins((wiki / signers.ADMINS).read_text()) == {ANNA, BOB}
    git(bobs, "pull", "-q", "--ff-only", str(wiki), "main")
    is_engineer(BOB)
    git(bobs, "config", "user.signingkey", str(tmp_path / "keys/bob.pub"))
    eve = made_key(tmp_path / "keys", "eve")
    assert call("-C", bobs, "key", "add", EVE, eve).code == 0
    assert every_commit_is_good(bobs)


def test_a_person_may_be_named_as_people_toml_names_them(
    wiki: Path, tmp_path: Path, call: Call
) -> None:
    with (wiki / "people.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[people.zhangwei]\nname = "张维"\nemails = ["{BOB}"]\n')
    assert call("-C", wiki, "commit").code == 0
    assert call("-C", wiki, "key", "add", "张维", made_key(tmp_path / "keys", "bob")).code == 0
    assert signers.parse((wiki / signers.SIGNERS).read_text())[0][1].principal == BOB
    assert call("-C", wiki, "key", "retire", "zhangwei").code == 0


def test_a_key_has_one_owner_and_one_window(wiki: Path, tmp_path: Path, call: Call) -> None:
    key = made_key(tmp_path / "keys", "bob")
    assert call("-C", wiki, "key", "add", BOB, key).code == 0
    assert call("-C", wiki, "key", "add", EVE, key).code == 2
    assert call("-C", wiki, "key", "retire", BOB).code == 0
    assert call("-C", wiki, "key", "add", BOB, key).code == 2


@pytest.mark.parametrize("who", ["*", "a b", "*@example.com", "a,b@example.com", "nobody", ""])
def test_a_principal_is_one_address(wiki: Path, tmp_path: Path, call: Call, who: str) -> None:
    key = made_key(tmp_path / "keys", "bob")
    assert call("-C", wiki, "--no-input", "key", "add", who, key).code == 2


def test_the_key_one_signs_with_is_ended_by_the_next(
    wiki: Path, tmp_path: Path, call: Call
) -> None:
    new = made_key(tmp_path / "keys", "new")
    (old,) = signers.parse((wiki / signers.SIGNERS).read_text())[0]
    assert call("-C", wiki, "key", "retire", ANNA).code == 2
    assert call("-C", wiki, "key", "add", ANNA, new).code == 0
    git(wiki, "config", "user.signingkey", str(new))
    assert call("-C", wiki, "key", "retire", signers.fingerprint(old)).code == 0
    assert call("-C", wiki, "new-customer", "Acme").code == 0
    assert every_commit_is_good(wiki)


def test_a_key_that_is_not_there_cannot_end(wiki: Path, call: Call) -> None:
    for words in (EVE, "SHA256:pyjB6tZXHXyKQxDBpbGWBWLnkdpHfJo1cMbuRNXJZPE"):
        said = call("-C", wiki, "key", "retire", words)
        assert said.code == 3
        assert "aswiki key list" in said.err


def test_keys_edited_by_hand_are_not_written_over(wiki: Path, tmp_path: Path, call: Call) -> None:
    with (wiki / signers.SIGNERS).open("a") as file:
        file.write("# by hand\n")
    said = call("-C", wiki, "key", "add", BOB, made_key(tmp_path / "keys", "bob"))
    assert said.code == 4
    assert "git restore" in said.err


# --- from unsigned to signed --------------------------------------------------------------


def test_an_unsigned_wiki_begins_to_be_signed_with_the_writers_own_key(
    tmp_path: Path, call: Call
) -> None:
    is_engineer(ANNA)
    wiki = tmp_path / "wiki"
    assert call("init", wiki).code == 0
    assert call("-C", wiki, "key", "list", "--json").json == []
    key = made_key(tmp_path / "keys", "anna")
    said = call("-C", wiki, "key", "add", BOB, key)
    assert said.code == 2
    assert ANNA in said.err
    assert call("-C", wiki, "key", "retire", ANNA).code == 4
    assert call("-C", wiki, "key", "add", ANNA, key, "--dry-run").code == 0
    assert "signingkey" not in git(wiki, "config", "--local", "--list")
    assert call("-C", wiki, "key", "add", ANNA, key).code == 0
    assert call("-C", wiki, "new-customer", "Acme").code == 0
    assert git(wiki, "log", "--format=%G?").split() == ["G", "G", "N"]


# --- doctor -------------------------------------------------------------------------------


def signing(call: Call, wiki: Path, *words: str) -> list[dict[str, str]]:
    said = call("-C", wiki, "doctor", "--json", *words)
    assert said.code == 0, said.err
    return [row for row in said.json["checks"] if row["name"] == "signing"]


def test_doctor_says_who_signs_with_what(wiki: Path, call: Call) -> None:
    (row,) = signing(call, wiki)
    (key,) = signers.parse((wiki / signers.SIGNERS).read_text())[0]
    assert row["state"] == "ok"
    assert ANNA in row["detail"]
    assert signers.fingerprint(key) in row["detail"]


def test_doctor_says_of_an_unsigned_wiki_how_to_begin(tmp_path: Path, call: Call) -> None:
    assert call("init", tmp_path / "wiki").code == 0
    (row,) = signing(call, tmp_path / "wiki")
    assert row["state"] == "ok"
    assert "aswiki key add" in row["remedy"]
    assert call("-C", tmp_path / "wiki", "doctor", "--fix", "--json").json["fixed"] == []


def test_doctor_sets_signing_up_in_a_clone(bobs: Path, call: Call) -> None:
    said = call("-C", bobs, "doctor")
    assert said.code == 4
    assert "aswiki doctor --fix" in said.out
    assert call("-C", bobs, "doctor", "--fix").code == 4  # his key is nowhere to be found
    home = Path.home() / ".ssh"
    made_key(home, "another")
    for name in ("bob", "bob.pub"):
        (bobs.parent / "keys" / name).rename(home / name)
    said = call("-C", bobs, "doctor", "--fix", "--json")
    assert said.code == 0
    assert f"user.signingkey={home}/bob.pub" in said.json["fixed"]
    assert call("-C", bobs, "doctor", "--fix", "--json").json["fixed"] == []
    assert call("-C", bobs, "new-customer", "Acme").code == 0
    git(bobs, "commit", "-q", "--allow-empty", "-m", "by plain git")
    assert every_commit_is_good(bobs)


def test_doctor_keeps_the_key_that_git_knows_already(bobs: Path, call: Call) -> None:
    key = bobs.parent / "keys/bob"
    with Path.home().joinpath(".gitconfig").open("a") as file:
        file.write(f"\tsigningkey = {key}\n".replace("\t", "[user]\n\t"))
    fixed = call("-C", bobs, "doctor", "--fix", "--json").json["fixed"]
    assert [setting.partition("=")[0] for setting in fixed] == [
        "gpg.format",
        "commit.gpgsign",
        "gpg.ssh.allowedSignersFile",
        *DRIVERS,
    ]
    assert call("-C", bobs, "new-customer", "Acme").code == 0


def test_doctor_of_who_is_no_admin_leaves_the_attributes_alone(
    wiki: Path, bobs: Path, call: Call
) -> None:
    key = bobs.parent / "keys/bob"
    with Path.home().joinpath(".gitconfig").open("a") as file:
        file.write(f"\tsigningkey = {key}\n".replace("\t", "[user]\n\t"))
    assert call("-C", bobs, "doctor", "--fix").code == 0
    (bobs / ".gitattributes").write_text("* -text\n")
    git(bobs, "commit", "-q", "-am", "by plain git")
    head = git(bobs, "rev-parse", "HEAD")
    assert call("-C", bobs, "doctor", "--fix", "--json").json["fixed"] == []
    rows = call("-C", bobs, "doctor", "--json").json["checks"]
    assert {row["state"] for row in rows if row["name"] == "drivers"} == {"warning"}
    assert (git(bobs, "rev-parse", "HEAD"), git(bobs, "status", "--porcelain")) == (head, "")


def test_doctor_finds_a_key_in_the_agent(
    bobs: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    socket = Path.home() / "agent"
    agent = subprocess.Popen(
        ["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        wait_for(socket)
        key = tmp_path / "keys/bob"
        subprocess.run(["ssh-add", "-q", str(key)], check=True, capture_output=True)
        key.unlink()
        key.with_suffix(".pub").unlink()
        fixed = call("-C", bobs, "doctor", "--fix", "--json").json["fixed"]
        assert any(setting.startswith("user.signingkey=key::ecdsa") for setting in fixed)
        assert call("-C", bobs, "new-customer", "Acme").code == 0
        assert every_commit_is_good(bobs)
    finally:
        agent.terminate()
        agent.wait()


def wait_for(socket: Path) -> None:
    import time

    for _ in range(200):
        if socket.exists():
            return
        time.sleep(0.02)


def test_doctor_warns_of_a_key_that_asks_for_its_passphrase(
    wiki: Path, tmp_path: Path, call: Call
) -> None:
    words = ["ssh-keygen", "-q", "-p", "-P", "", "-N", "long words", "-f"]
    subprocess.run([*words, str(tmp_path / "keys/anna")], check=True, capture_output=True)
    (row,) = signing(call, wiki)
    assert row["state"] == "warning"
    assert "ssh-add" in row["remedy"]


def test_doctor_names_lines_that_allow_nobody_and_git_that_does_not_sign(
    wiki: Path, call: Call
) -> None:
    with (wiki / signers.SIGNERS).open("a") as file:
        file.write("* ssh-ed25519 AAAA\n")
    git(wiki, "config", "commit.gpgsign", "false")
    lines, plain, good = signing(call, wiki)
    assert lines["detail"].startswith(f"{signers.SIGNERS}:2: ")
    assert plain["remedy"].endswith("aswiki doctor --fix")
    assert good["state"] == "ok"

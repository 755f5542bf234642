"""Talking to a remote: what the user set up is used, what a repository brings along never runs."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.gitserver import Hub

from aswiki.errors import Unusable
from aswiki.store.git import Repository
from aswiki.store.git.transport import FETCHED, Remote

BRANCH = "refs/heads/main"


def git(folder: Path, *words: str, stdin: str = "") -> str:
    done = subprocess.run(
        ["git", *words], cwd=folder, input=stdin, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def own(tmp_path: Path, hub: Hub) -> Path:
    """A repository of one commit, and the server as its origin."""
    folder = tmp_path / "own"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    git(folder, "commit", "-q", "--allow-empty", "-m", "one")
    git(folder, "remote", "add", "origin", hub.url())
    return folder


def opened(folder: Path) -> tuple[Repository, Remote]:
    found = Repository.find(folder)
    assert found is not None
    return found, found.remote(None, BRANCH)


def exchanged(folder: Path) -> str | None:
    """The commit there, after a push and a fetch."""
    repository, remote = opened(folder)
    assert repository.push(remote, repository.head() or "")
    return repository.fetch(remote)


@pytest.fixture
def canary(tmp_path: Path) -> Callable[[str], str]:
    """Makes a program that leaves a file of that name beside itself, and says its path."""

    def made(name: str) -> str:
        program = tmp_path / f"{name}.sh"
        text = f'#!/bin/sh\necho "$@" >>"{tmp_path}/{name}.ran"\nexit 1\n'
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
        return str(program)

    return made


def ran(tmp_path: Path) -> set[str]:
    return {path.stem for path in tmp_path.glob("*.ran")}


def test_a_commit_goes_and_comes_and_only_one_ref_tells_of_it(own: Path, hub: Hub) -> None:
    git(own, "tag", "v1")
    git(own, "config", "push.followTags", "true")
    head = git(own, "rev-parse", "HEAD")
    assert exchanged(own) == head == hub.head
    assert hub.git("tag") == ""
    hub.git("tag", "v1", hub.head)
    hub.git("tag", "v2", hub.head)
    repository, remote = opened(own)
    assert repository.fetch(remote) == head
    assert git(own, "tag") == "v1"
    assert git(own, "for-each-ref", "--format=%(refname)", "refs/aswiki") == FETCHED
    assert not (own / ".git/FETCH_HEAD").exists()
    repository.forget_fetched()
    assert git(own, "for-each-ref", "refs/aswiki", "refs/remotes") == ""


def test_a_branch_that_is_not_there_is_none(own: Path) -> None:
    repository, remote = opened(own)
    assert repository.fetch(remote) is None


def test_the_branch_of_the_settings_is_meant(own: Path) -> None:
    for key, value in (("remote", "origin"), ("merge", "refs/heads/wiki")):
        git(own, "config", f"branch.main.{key}", value)
    _repository, remote = opened(own)
    assert (remote.branch, remote.words) == ("refs/heads/wiki", "origin/wiki")


@pytest.mark.parametrize(
    ("key", "is_hook"),
    [
        ("remote.origin.uploadpack", False),
        ("remote.origin.receivepack", False),
        ("credential.helper", False),
        ("core.askPass", False),
        ("core.gitProxy", False),
        ("push.gpgSign", False),
        ("pre-push", True),
        ("reference-transaction", True),
        ("post-checkout", True),
    ],
)
def test_no_program_of_the_repository_runs(
    own: Path, hub: Hub, tmp_path: Path, canary: Callable[[str], str], key: str, *, is_hook: bool
) -> None:
    program = canary("theirs")
    if is_hook:
        (own / ".git/hooks").mkdir(exist_ok=True)
        (own / ".git/hooks" / key).write_bytes(Path(program).read_bytes())
        (own / ".git/hooks" / key).chmod(0o755)
    elif key == "push.gpgSign":
        git(own, "config", "gpg.program", program)
    else:
        git(own, "config", key, program)
    assert exchanged(own) == hub.head
    hub.passwords = {"anna": "secret"}
    repository, remote = opened(own)
    with pytest.raises(Unusable, match="does not let you in"):
        repository.fetch(remote)
    assert ran(tmp_path) == set()


def test_the_ssh_program_is_the_users_and_never_the_repositorys(
    own: Path, tmp_path: Path, canary: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    git(own, "remote", "set-url", "origin", "git@wiki.example.com:wiki.git")
    git(own, "config", "core.sshCommand", canary("theirs"))
    git(own, "config", "--global", "core.sshCommand", canary("own"))
    repository, remote = opened(own)
    with pytest.raises(Unusable, match="cannot be reached"):
        repository.fetch(remote)
    assert ran(tmp_path) == {"own"}
    monkeypatch.setenv("GIT_SSH_COMMAND", canary("shell"))
    with pytest.raises(Unusable, match="cannot be reached"):
        repository.push(remote, repository.head() or "")
    assert ran(tmp_path) == {"own", "shell"}


def test_without_one_of_the_users_own_it_is_plain_ssh(
    own: Path, tmp_path: Path, canary: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "ssh").symlink_to(canary("ssh"))
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    git(own, "remote", "set-url", "origin", "ssh://wiki.example.com/wiki.git")
    git(own, "config", "core.sshCommand", canary("theirs"))
    repository, remote = opened(own)
    with pytest.raises(Unusable, match="cannot be reached"):
        repository.fetch(remote)
    assert ran(tmp_path) == {"ssh"}


def test_the_users_own_helper_gives_the_password_the_repositorys_is_not_asked(
    own: Path, hub: Hub, tmp_path: Path, canary: Callable[[str], str]
) -> None:
    hub.passwords = {"anna": "secret"}
    git(own, "config", "credential.helper", canary("theirs"))
    own_helper = "!f() { echo username=anna; echo password=secret; }; f"
    git(own, "config", "--global", "credential.helper", own_helper)
    assert exchanged(own) == hub.head
    assert ran(tmp_path) == set()


@pytest.mark.parametrize(
    "url", ["ext::sh -c touch% canary", "-u./x", "", "./.git/hidden", "sub/../hidden", "x\ny"]
)
def test_an_address_that_could_run_something_is_refused(
    own: Path, tmp_path: Path, canary: Callable[[str], str], url: str
) -> None:
    for place in (own / ".git/hidden", own / "hidden"):
        git(tmp_path, "init", "-q", "--bare", "-b", "main", str(place))
        (place / "hooks").mkdir(exist_ok=True)
        (place / "hooks/update").write_bytes(Path(canary("theirs")).read_bytes())
        (place / "hooks/update").chmod(0o755)
    git(own, "config", "remote.origin.url", url)
    with pytest.raises(Unusable) as raised:
        exchanged(own)
    assert raised.value.code == "unsafe-remote"
    assert ran(tmp_path) == set()
    assert not list(own.rglob("canary"))


def test_an_address_that_leads_to_a_program_is_refused_too(own: Path, hub: Hub) -> None:
    git(own, "config", "url.ext::sh -c touch% canary .insteadOf", hub.url())
    git(own, "config", "protocol.ext.allow", "always")
    with pytest.raises(Unusable) as raised:
        exchanged(own)
    assert raised.value.code == "unsafe-remote"
    assert not list(own.rglob("canary"))


def test_a_repository_beside_is_a_remote_as_any(own: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "beside.git")
    git(own, "remote", "set-url", "origin", "../beside.git")
    assert exchanged(own) == git(own, "rev-parse", "HEAD")


def test_objects_that_git_itself_warns_of_are_not_taken_over(own: Path, hub: Hub) -> None:
    hub.git("config", "receive.fsckObjects", "false")
    assert exchanged(own) == hub.head
    blob = git(own, "hash-object", "-w", "--stdin", stdin="[core]\n")
    inner = git(own, "mktree", stdin=f"100644 blob {blob}\tconfig\n")
    evil = git(own, "mktree", stdin=f"040000 tree {inner}\t.GIT\n")
    commit = git(own, "commit-tree", "-p", "HEAD", "-m", "evil", evil)
    git(own, "push", "-q", "origin", f"{commit}:{BRANCH}")
    clone = own.parent / "clone"
    clone.mkdir()
    git(clone, "init", "-q", "-b", "main")
    git(clone, "remote", "add", "origin", hub.url())
    repository, remote = opened(clone)
    with pytest.raises(Unusable) as raised:
        repository.fetch(remote)
    assert raised.value.code == "unsafe-objects"
    assert git(clone, "for-each-ref") == ""


def test_somebody_faster_is_no_error(own: Path, hub: Hub) -> None:
    assert exchanged(own)
    repository, remote = opened(own)
    older = git(own, "commit-tree", "-p", "HEAD", "-m", "a", "HEAD^{tree}")
    newer = git(own, "commit-tree", "-p", "HEAD", "-m", "b", "HEAD^{tree}")
    assert repository.push(remote, older)
    assert not repository.push(remote, newer)
    assert hub.head == older

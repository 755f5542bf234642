from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aswiki.errors import Unusable
from aswiki.store.git import Identity, Repository
from aswiki.store.git.safety import OURS

AT = datetime(2026, 10, 3, 14, 5, tzinfo=UTC)
WHO = Identity("Test Writer", "writer@example.com")

HOOKS = [
    "applypatch-msg", "commit-msg", "post-checkout", "post-commit", "post-index-change",
    "post-merge", "post-rewrite", "post-update", "pre-auto-gc", "pre-commit", "pre-merge-commit",
    "pre-push", "pre-rebase", "prepare-commit-msg", "push-to-checkout",
    "reference-transaction", "update", "fsmonitor-watchman",
]  # fmt: skip

PROGRAM_KEYS = [
    "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "filter.a=b.clean",
    "diff.evil.textconv", "diff.evil.command", "diff.external", "merge.evil.driver",
    "merge.aswiki.driver", "diff.aswiki.textconv", "core.fsmonitor", "core.hooksPath",
    "core.editor", "core.pager", "core.sshCommand", "core.askPass", "core.gitProxy",
    "core.alternateRefsCommand", "sequence.editor", "interactive.diffFilter", "pager.log",
    "pager.rev-list", "gpg.program", "gpg.ssh.program", "gpg.openpgp.program",
    "gpg.x509.program", "gpg.ssh.defaultKeyCommand", "credential.helper",
    "credential.https://example.com.helper", "uploadpack.packObjectsHook",
    "remote.origin.uploadpack", "remote.origin.receivepack", "remote.origin.proxy",
    "remote.origin.vcs", "trailer.sign.command", "trailer.sign.cmd", "mergetool.x.cmd",
    "difftool.x.cmd", "difftool.x.path", "browser.x.cmd", "man.x.path", "guitool.x.cmd",
    "sendemail.toCmd", "tar.x.command", "hook.x.command", "imap.tunnel", "init.templateDir",
    "receive.procReceiveRefs",
]  # fmt: skip


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    return tmp_path / "canary"


@pytest.fixture
def trap(tmp_path: Path, canary: Path) -> Path:
    """A program that leaves a trace of each time it runs."""
    program = tmp_path / "trap"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> {canary}\ncat\nexit 0\n')
    program.chmod(0o755)
    return program


@pytest.fixture
def wiki(tmp_path: Path) -> Repository:
    wiki = Repository.init(tmp_path / "wiki")
    everywhere = (
        "* filter=evil diff=evil merge=evil text=auto eol=crlf working-tree-encoding=UTF-16\n"
    )
    changes: dict[str, bytes | None] = {".gitattributes": everywhere.encode(), "a.md": b"a\n"}
    for path, data in changes.items():
        (wiki.top / path).write_bytes(data or b"")
    wiki.commit(changes, "x", WHO, AT, None)
    return wiki


def use(wiki: Repository, sign: bool | None = None) -> None:
    """Everything the repository is ever asked, on a repository opened afresh."""
    repository = Repository.find(wiki.top)
    assert repository is not None
    (repository.top / "a.md").write_bytes(b"b\r\n")
    (repository.top / "new.md").write_bytes(b"n\n")
    head = repository.head()
    assert head
    repository.dirty()
    repository.ignored(["a.md"])
    new = repository.commit({"a.md": b"b\r\n"}, "x", repository.identity(), AT, head, sign=sign)
    many: dict[str, bytes | None] = {f"many/{n}.md": b"%d" % n for n in range(101)}
    last = repository.commit(many, "x", repository.identity(), AT, new, sign=sign)
    assert repository.blob(new, "a.md") == b"b\r\n"
    assert repository.changed_paths(new) == [("M", "a.md")]
    assert repository.changed_files(head, new) == ["a.md"]
    assert {*many, "new.md"} <= {*repository.changed_files(last, None)}
    assert repository.sizes(new, ["a.md", "new.md"]) == {"a.md": 3, "new.md": None}
    assert len(repository.log()) == 3
    assert repository.history("a.md")[0].hash == new
    assert repository.first_commits(["many/1.md"])["many/1.md"].hash == last
    assert repository.before(AT) == last
    assert repository.busy() is None
    repository.heal()


@pytest.mark.parametrize("key", PROGRAM_KEYS)
def test_no_program_of_the_repositorys_settings_ever_runs(
    wiki: Repository, trap: Path, canary: Path, key: str
) -> None:
    git(wiki.top, "config", "--file", str(wiki.git_dir / "config"), key, str(trap))
    use(wiki)
    assert not canary.exists()
    opened = Repository.find(wiki.top)
    assert opened is not None
    assert [(each.key.lower(), each.refused) for each in opened.unsafe()] == [(key.lower(), False)]
    assert str(trap) in opened.unsafe()[0].detail


def test_the_traps_of_these_tests_do_spring_for_git_itself(
    wiki: Repository, trap: Path, canary: Path
) -> None:
    git(wiki.top, "config", "filter.evil.clean", str(trap))
    (wiki.top / "a.md").write_bytes(b"x")
    subprocess.run(["git", "add", "a.md"], cwd=wiki.top, check=False, capture_output=True)
    assert canary.exists()


def test_no_hook_runs(wiki: Repository, trap: Path, canary: Path) -> None:
    hooks = wiki.git_dir / "hooks"
    hooks.mkdir()
    for name in HOOKS:
        (hooks / name).symlink_to(trap)
    use(wiki)
    assert not canary.exists()


def test_an_alias_or_an_update_that_is_a_shell_command_is_named(
    wiki: Repository, trap: Path, canary: Path
) -> None:
    git(wiki.top, "config", "alias.log", f"!{trap}")
    git(wiki.top, "config", "alias.st", "status")
    git(wiki.top, "config", "submodule.x.update", f"!{trap}")
    use(wiki)
    assert not canary.exists()
    opened = Repository.find(wiki.top)
    assert opened is not None
    assert [each.key for each in opened.unsafe()] == ["alias.log", "submodule.x.update"]


def test_the_settings_of_a_linked_work_tree_are_looked_at_too(
    wiki: Repository, tmp_path: Path, trap: Path, canary: Path
) -> None:
    git(wiki.top, "config", "core.repositoryFormatVersion", "1")
    git(wiki.top, "config", "extensions.worktreeConfig", "true")
    git(wiki.top, "worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    git(tmp_path / "side", "config", "--worktree", "filter.evil.clean", str(trap))
    side = Repository.find(tmp_path / "side")
    assert side is not None
    assert [each.key for each in side.unsafe()] == ["filter.evil.clean"]
    use(side)
    assert not canary.exists()


def test_the_users_own_signing_program_is_used_in_place_of_the_repositorys(
    wiki: Repository, tmp_path: Path, trap: Path, canary: Path
) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    own = tmp_path / "own"
    own.write_text(f'#!/bin/sh\ntouch {tmp_path}/used\nexec ssh-keygen "$@"\n')
    own.chmod(0o755)
    git(wiki.top, "config", "--global", "gpg.ssh.program", str(own))
    git(wiki.top, "config", "gpg.ssh.program", str(trap))
    git(wiki.top, "config", "user.signingKey", f"{key}.pub")
    use(wiki, sign=True)
    assert not canary.exists()
    assert (tmp_path / "used").exists()
    assert "gpgsig" in git(wiki.top, "cat-file", "commit", "HEAD")


def test_a_missing_object_is_not_fetched_from_a_remote(
    wiki: Repository, trap: Path, canary: Path
) -> None:
    git(wiki.top, "config", "remote.origin.url", f"ext::{trap}")
    git(wiki.top, "config", "remote.origin.promisor", "true")
    blob = git(wiki.top, "rev-parse", "HEAD:a.md").strip()
    (wiki.git_dir / "objects" / blob[:2] / blob[2:]).unlink()
    opened = Repository.find(wiki.top)
    assert opened is not None
    assert opened.blob("HEAD", "a.md") is None
    with pytest.raises(Unusable) as caught:
        opened.commit({"b.md": b"b"}, "x", WHO, AT, opened.head())
    assert "remote.origin.promisor" in caught.value.message
    assert not canary.exists()


def include(wiki: Repository, elsewhere: Path) -> None:
    git(wiki.top, "config", "include.path", str(elsewhere / "evil.cfg"))


def include_if(wiki: Repository, elsewhere: Path) -> None:
    git(wiki.top, "config", "includeIf.gitdir:/.path", str(elsewhere / "evil.cfg"))


def work_tree(wiki: Repository, elsewhere: Path) -> None:
    git(wiki.top, "config", "core.worktree", str(elsewhere))


def alternates(wiki: Repository, elsewhere: Path) -> None:
    (wiki.git_dir / "objects" / "info").mkdir(exist_ok=True)
    (wiki.git_dir / "objects" / "info" / "alternates").write_text(f"{elsewhere}\n")


def replace(wiki: Repository, elsewhere: Path) -> None:
    blob = git(wiki.top, "rev-parse", "HEAD:.gitattributes").strip()
    git(wiki.top, "replace", git(wiki.top, "rev-parse", "HEAD:a.md").strip(), blob)


def replace_packed(wiki: Repository, elsewhere: Path) -> None:
    replace(wiki, elsewhere)
    git(wiki.top, "pack-refs", "--all")
    assert not any(path.is_file() for path in (wiki.git_dir / "refs" / "replace").rglob("*"))


def grafts(wiki: Repository, elsewhere: Path) -> None:
    (wiki.git_dir / "info").mkdir(exist_ok=True)
    (wiki.git_dir / "info" / "grafts").write_text(git(wiki.top, "rev-parse", "HEAD"))


def shallow(wiki: Repository, elsewhere: Path) -> None:
    (wiki.git_dir / "shallow").write_text(git(wiki.top, "rev-parse", "HEAD"))


@pytest.mark.parametrize(
    ("spoil", "key"),
    [
        (include, "include.path"),
        (include_if, "includeif.gitdir:/.path"),
        (work_tree, "core.worktree"),
        (alternates, "objects/info/alternates"),
        (replace, "refs/replace"),
        (replace_packed, "refs/replace"),
        (grafts, "info/grafts"),
        (shallow, "shallow"),
    ],
)
def test_what_bends_the_repository_is_refused_by_name_with_a_remedy(
    wiki: Repository,
    tmp_path: Path,
    trap: Path,
    canary: Path,
    spoil: Callable[[Repository, Path], None],
    key: str,
) -> None:
    elsewhere = Repository.init(tmp_path / "elsewhere").git_dir / "objects"
    (elsewhere / "evil.cfg").write_text(
        f'[core]\n\tfsmonitor = {trap}\n\tpager = {trap}\n[filter "evil"]\n\tclean = {trap}\n'
    )
    head = wiki.head()
    spoil(wiki, elsewhere)
    opened = Repository.find(wiki.top)
    assert opened is not None
    assert [(each.key, each.refused) for each in opened.unsafe()] == [(key, True)]
    for write in (
        lambda: opened.commit({"a.md": b"b"}, "x", WHO, AT, head),
        lambda: opened.configure({"user.name": "x"}),
        opened.identity,
        opened.heal,
    ):
        with pytest.raises(Unusable) as caught:
            write()
        assert caught.value.code == "unsafe-repository"
        assert key in caught.value.message
        assert caught.value.hint
    assert opened.head() == head
    assert opened.blob("HEAD", "a.md") == b"a\n"
    opened.dirty()
    opened.log()
    assert not canary.exists()


def test_what_aswiki_writes_itself_and_harmless_settings_are_not_named(wiki: Repository) -> None:
    wiki.configure(OURS)
    for key, value in {
        "core.fsmonitor": "false",
        "pager.log": "false",
        "remote.origin.url": "https://example.com/wiki.git",
        "branch.main.remote": "origin",
        "user.signingKey": "~/.ssh/id_ed25519.pub",
        "gpg.format": "ssh",
        "gpg.ssh.allowedSignersFile": ".aswiki/allowed_signers",
        "alias.st": "status",
    }.items():
        git(wiki.top, "config", key, value)
    opened = Repository.find(wiki.top)
    assert opened is not None
    assert opened.unsafe() == []


@pytest.mark.parametrize("key", ["diff.aswiki.textconv", "merge.aswiki.driver"])
@pytest.mark.parametrize(
    "spoiled", ["{} ", " {}", "{}; touch canary", "{} # x", "touch canary; {}"]
)
def test_a_driver_that_differs_by_a_sign_from_ours_is_switched_off(
    wiki: Repository, key: str, spoiled: str
) -> None:
    wiki.configure(OURS)
    git(wiki.top, "config", key, spoiled.format(OURS[key]))
    opened = Repository.find(wiki.top)
    assert opened is not None
    assert [(each.key, each.refused) for each in opened.unsafe()] == [(key, False)]
    use(wiki)
    assert not (wiki.top / "canary").exists()


def test_a_repository_that_is_damaged_in_its_settings_is_said_to_be(wiki: Repository) -> None:
    (wiki.git_dir / "config").write_text("[core\nrubbish")
    opened = Repository.find(wiki.top)
    assert opened is not None
    with pytest.raises(Unusable):
        opened.head()


def test_a_git_of_the_wikis_own_is_not_run(
    wiki: Repository, trap: Path, canary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (wiki.top / "git").symlink_to(trap)
    monkeypatch.chdir(wiki.top)
    monkeypatch.setenv("PATH", f".::{os.environ['PATH']}")
    opened = Repository.find(wiki.top)
    assert opened is not None
    assert opened.head()
    opened.commit({"a.md": b"b"}, "x", WHO, AT, opened.head())
    assert not canary.exists()


def test_a_repository_outside_is_not_reached_when_the_wikis_own_is_broken(
    tmp_path: Path,
) -> None:
    outer = Repository.init(tmp_path)
    inner = Repository.init(tmp_path / "inner")
    (inner.git_dir / "HEAD").write_text("rubbish")
    with pytest.raises(Unusable):
        inner.commit({"a.md": b"a"}, "x", WHO, AT, None)
    assert outer.head() is None

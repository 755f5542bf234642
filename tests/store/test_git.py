from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from aswiki.errors import BadInput, Unusable
from aswiki.store.git import Identity, Raced, Repository

CHINA = timezone(timedelta(hours=8))
AT = datetime(2026, 10, 3, 14, 5, tzinfo=CHINA)
WHO = Identity("Test Writer", "writer@example.com")
MESSAGE = "incident(acme): OSS uploads time out 上传超时\n\nAswiki-Op: create\n"


def git(folder: Path, *arguments: str, check: bool = True) -> str:
    done = subprocess.run(
        ["git", "-c", "core.quotePath=false", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not check or done.returncode == 0, done.stderr
    return done.stdout.rstrip("\n")


def is_sound(folder: Path) -> bool:
    return git(folder, "fsck", "--strict", "--no-dangling") == ""


def record(
    repository: Repository,
    changes: dict[str, bytes | None],
    message: str = MESSAGE,
    at: datetime = AT,
    sign: bool | None = None,
) -> str:
    """Write the files as the wiki does, then commit them."""
    for path, data in changes.items():
        file = repository.folder / path
        if data is None:
            file.unlink(missing_ok=True)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
    return repository.commit(changes, message, WHO, at, repository.head(), sign=sign)


@pytest.fixture
def wiki(tmp_path: Path) -> Repository:
    return Repository.init(tmp_path / "wiki")


def found(folder: Path) -> Repository:
    repository = Repository.find(folder)
    assert repository is not None
    return repository


# --- where it is ------------------------------------------------------------------------


def test_a_new_repository_is_on_main_and_has_no_sample_hooks(wiki: Repository) -> None:
    assert git(wiki.top, "symbolic-ref", "HEAD") == "refs/heads/main"
    assert not (wiki.git_dir / "hooks").exists()
    assert (wiki.head(), wiki.prefix, wiki.busy()) == (None, "", None)


def test_a_folder_outside_every_repository_has_none(tmp_path: Path) -> None:
    assert Repository.find(tmp_path) is None


def test_a_bare_repository_is_refused_from_its_folder_and_below(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "bare.git")
    for folder in ("bare.git", "bare.git/objects"):
        with pytest.raises(Unusable) as caught:
            Repository.find(tmp_path / folder)
        assert caught.value.code == "bare-repository"


def test_a_git_file_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: gone\n")
    with pytest.raises(Unusable) as caught:
        Repository.find(tmp_path)
    assert caught.value.code == "broken-repository"


def test_a_wiki_in_a_subfolder_speaks_in_its_own_paths(wiki: Repository) -> None:
    record(wiki, {"code/main.c": b"int x;\n", "wikis/客户/a.md": b"a\n"})
    sub = found(wiki.top / "wikis" / "客户")
    assert sub.prefix == "wikis/客户/"
    new = record(sub, {"b/新.md": b"b\n", "a.md": b"a2\n"})
    assert git(wiki.top, "show", "HEAD:wikis/客户/b/新.md") == "b"
    assert sub.paths("HEAD") == ["a.md", "b/新.md"]
    assert sub.blobs("HEAD", ["a.md", "b", "none.md"]) == {
        "a.md": b"a2\n",
        "b": None,
        "none.md": None,
    }
    assert sub.changed_paths(new) == [("M", "a.md"), ("A", "b/新.md")]
    assert [commit.hash for commit in sub.history("b/新.md")] == [new]
    assert sub.first_commits(["a.md", "b/新.md"])["b/新.md"].hash == new
    assert sub.dirty() == []
    (sub.folder / "c.md").write_bytes(b"c")
    (wiki.top / "elsewhere.md").write_bytes(b"c")
    assert sub.dirty() == ["c.md"]
    assert git(wiki.top, "status", "--porcelain").splitlines() == [
        "?? elsewhere.md",
        "?? wikis/客户/c.md",
    ]
    assert is_sound(wiki.top)


def test_a_linked_work_tree_commits_to_its_own_branch(wiki: Repository, tmp_path: Path) -> None:
    first = record(wiki, {"a.md": b"a\n"})
    git(wiki.top, "worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    side = found(tmp_path / "side")
    assert side.common_dir == wiki.git_dir
    new = record(side, {"b.md": b"b\n"})
    assert git(wiki.top, "rev-parse", "main", "side").split() == [first, new]
    assert git(side.top, "status", "--porcelain") == ""
    assert git(wiki.top, "status", "--porcelain") == ""
    assert is_sound(wiki.top)


# --- one commit -------------------------------------------------------------------------


def test_a_commit_on_an_unborn_branch_is_whole_and_the_status_clean(wiki: Repository) -> None:
    new = record(wiki, {"aswiki.toml": b"", "客户/a/b.md": "正文\r\n".encode()})
    assert git(wiki.top, "rev-parse", "HEAD", "main").split() == [new, new]
    assert git(wiki.top, "log", "-1", "--format=%an|%ae|%cn|%ce|%aI|%cI|%s", "HEAD") == (
        "Test Writer|writer@example.com|Test Writer|writer@example.com|"
        "2026-10-03T14:05:00+08:00|2026-10-03T14:05:00+08:00|"
        "incident(acme): OSS uploads time out 上传超时"
    )
    assert wiki.blob("HEAD", "客户/a/b.md") == "正文\r\n".encode()
    assert git(wiki.top, "status", "--porcelain") == ""
    assert git(wiki.top, "reflog", "-1", "--format=%gs").startswith("aswiki: incident(acme)")
    assert is_sound(wiki.top)


def test_a_commit_holds_exactly_the_meant_paths_and_deletions(wiki: Repository) -> None:
    old = record(wiki, {"a/x.md": b"x\n", "a/y.md": b"y\n", "b/z.md": b"z\n", "same.md": b"s\n"})
    new = record(wiki, {"a/x.md": b"x2\n", "b/z.md": None, "c/n.md": b"n\n", "same.md": b"s\n"})
    assert wiki.changed_paths(new) == [("M", "a/x.md"), ("D", "b/z.md"), ("A", "c/n.md")]
    assert git(wiki.top, "rev-parse", "HEAD^") == old
    assert git(wiki.top, "ls-tree", "-r", "--name-only", "HEAD").split() == [
        "a/x.md",
        "a/y.md",
        "c/n.md",
        "same.md",
    ]
    assert git(wiki.top, "status", "--porcelain") == ""
    assert is_sound(wiki.top)


def test_other_staged_files_stay_staged_and_out_of_the_commit(wiki: Repository) -> None:
    record(wiki, {"a.md": b"a\n", "b.md": b"b\n", "gone.md": b"g\n"})
    (wiki.top / "b.md").write_bytes(b"staged\n")
    (wiki.top / "new.md").write_bytes(b"staged\n")
    git(wiki.top, "add", "b.md", "new.md")
    git(wiki.top, "rm", "-q", "gone.md")
    new = record(wiki, {"a.md": b"a2\n", "d/e.md": b"e\n"})
    assert wiki.changed_paths(new) == [("M", "a.md"), ("A", "d/e.md")]
    staged = git(wiki.top, "status", "--porcelain").splitlines()
    assert staged == ["M  b.md", "D  gone.md", "A  new.md"]
    assert is_sound(wiki.top)


def test_names_sort_in_git_order_where_a_folder_and_a_file_share_a_beginning(
    wiki: Repository,
) -> None:
    record(wiki, {"a/x.md": b"1", "a.md": b"2", "a-b/x.md": b"3", "a0": b"4"})
    record(wiki, {"a/y.md": b"5", "a-c.md": b"6"})
    assert is_sound(wiki.top)
    assert git(wiki.top, "status", "--porcelain") == ""


def test_hundreds_of_files_are_one_commit_and_one_pack(wiki: Repository) -> None:
    record(wiki, {"a.md": b"a\n"})
    changes: dict[str, bytes | None] = {f"客户/{n % 40}/{n}.md": b"%d\n" % n for n in range(300)}
    changes["big.bin"] = os.urandom(70_000)
    new = record(wiki, changes)
    assert len(wiki.changed_paths(new)) == 301
    assert wiki.blobs("HEAD", changes) == changes
    assert git(wiki.top, "count-objects", "-v").splitlines()[3] == "packs: 1"
    assert git(wiki.top, "status", "--porcelain") == ""
    assert is_sound(wiki.top)


def test_a_sha256_repository_is_written_like_any_other(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256", "wiki")
    wiki = found(tmp_path / "wiki")
    first = record(wiki, {"a/b.md": b"1\n"})
    record(wiki, {"a/b.md": b"2\n", "a/c.md": b"3\n"})
    new = record(wiki, {f"many/{n}.md": b"%d" % n for n in range(120)})
    assert len(first) == len(new) == 64
    assert wiki.dirty() == []
    assert git(wiki.top, "status", "--porcelain") == ""
    assert is_sound(wiki.top)


def test_a_name_that_git_tidies_is_still_recorded(wiki: Repository) -> None:
    new = wiki.commit({"a.md": b"a"}, "x", Identity(" Wang, Fang. ", "w@example.com"), AT, None)
    assert wiki.log()[0].hash == new
    assert wiki.log()[0].name == "Wang, Fang"


def test_a_message_in_any_words_is_kept_to_the_byte(wiki: Repository) -> None:
    message = (
        "subject\n\n# not a comment\n  two blanks  \n\x1f\x0b\u2028 odd\n\n\n\nAswiki-Op: append\n"
    )
    git(wiki.top, "config", "i18n.commitEncoding", "GBK")
    new = record(wiki, {"a.md": b"a"}, message=message)
    raw = subprocess.run(
        ["git", "cat-file", "commit", new], cwd=wiki.top, capture_output=True, check=True
    ).stdout
    assert raw.partition(b"\n\n")[2] == message.encode()
    assert b"encoding" not in raw.partition(b"\n\n")[0]
    assert wiki.log()[0].op == "append"


def test_nothing_to_change_is_refused(wiki: Repository) -> None:
    record(wiki, {"a.md": b"a"})
    for changes in ({"a.md": b"a"}, {"never.md": None}):
        with pytest.raises(BadInput) as caught:
            record(wiki, dict(changes))
        assert caught.value.code == "nothing-to-commit"


@pytest.mark.parametrize(
    "path", ["../x", "/x", "a//b", "a/./b", ".git/hooks/x", "a/.GIT/x", "a\nb", "a\0b", ""]
)
def test_a_path_git_should_not_hold_is_refused(wiki: Repository, path: str) -> None:
    with pytest.raises(BadInput) as caught:
        wiki.commit({path: b"x"}, "x", WHO, AT, None)
    assert caught.value.code == "unsafe-path"
    assert wiki.head() is None


def test_a_link_or_a_folder_in_the_last_commit_is_not_written_over(wiki: Repository) -> None:
    (wiki.top / "link").symlink_to("a")
    (wiki.top / "folder").mkdir()
    (wiki.top / "folder" / "x.md").write_bytes(b"x")
    git(wiki.top, "add", ".")
    git(wiki.top, "commit", "-qm", "by hand")
    for path in ("link", "link/x.md", "folder", "folder/x.md/y.md"):
        with pytest.raises(BadInput) as caught:
            wiki.commit({path: b"x"}, "x", WHO, AT, wiki.head())
        assert caught.value.code == "path-conflict"
    assert len(wiki.log()) == 1


def test_deleting_the_last_file_leaves_a_sound_empty_commit(wiki: Repository) -> None:
    record(wiki, {"a/b.md": b"a"})
    record(wiki, {"a/b.md": None})
    assert wiki.paths("HEAD") == []
    assert is_sound(wiki.top)


# --- what stands in the way -------------------------------------------------------------


def test_a_lost_race_says_so_and_records_nothing(wiki: Repository) -> None:
    old = record(wiki, {"a.md": b"a"})
    new = record(wiki, {"a.md": b"b"})
    for expected in (old, None, "0" * 40):
        with pytest.raises(Raced):
            wiki.commit({"a.md": b"c"}, "x", WHO, AT, expected)
    assert wiki.head() == new
    assert git(wiki.top, "status", "--porcelain") == ""
    assert not list(wiki.git_dir.glob("aswiki-*"))


RACE = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from aswiki.store.git import Raced, Repository
repository = Repository.find(Path(sys.argv[1]))
for number in range(8):
    while True:
        try:
            repository.commit(
                {f"{sys.argv[2]}/{number}.md": b"x"}, "x", repository.identity(),
                datetime.now(UTC), repository.head(),
            )
            break
        except Raced:
            continue
"""


def test_writers_at_once_without_a_lock_in_front_lose_nothing(wiki: Repository) -> None:
    commands = [[sys.executable, "-c", RACE, str(wiki.top), name] for name in "abc"]
    for process in [subprocess.Popen(command) for command in commands]:
        assert process.wait() == 0
    assert len(wiki.log()) == len(wiki.paths("HEAD")) == 24
    assert is_sound(wiki.top)


def test_a_held_index_lock_stops_the_write_before_it_began(
    wiki: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = record(wiki, {"a.md": b"a"})
    objects = git(wiki.top, "count-objects")
    (wiki.git_dir / "index.lock").touch()
    monkeypatch.setenv("ASWIKI_LOCK_TIMEOUT", "0.1")
    with pytest.raises(Unusable) as caught:
        wiki.commit({"a.md": b"b"}, "x", WHO, AT, old)
    assert caught.value.code == "index-locked"
    assert "index.lock" in caught.value.message
    assert wiki.head() == old
    assert git(wiki.top, "count-objects") == objects
    assert (wiki.git_dir / "index.lock").exists()


def test_the_lock_of_a_writer_that_died_heals_and_its_commit_reaches_the_index(
    wiki: Repository,
) -> None:
    record(wiki, {"a.md": b"a\n", "b.md": b"b\n"})
    index = (wiki.git_dir / "index").read_bytes()
    record(wiki, {"a.md": b"a2\n"})
    (wiki.git_dir / "index").write_bytes(index)  # killed between the commit and the index
    dead = subprocess.Popen(["true"])
    dead.wait()
    note = f"aswiki {socket.gethostname()} {dead.pid}\n"
    (wiki.git_dir / "index.lock").write_text(note)
    (wiki.git_dir / f"aswiki-desk-{dead.pid}-x").mkdir()
    assert git(wiki.top, "status", "--porcelain") == "MM a.md"
    record(wiki, {"b.md": b"b2\n"})
    assert git(wiki.top, "status", "--porcelain") == ""
    assert not list(wiki.git_dir.glob("aswiki-*"))
    assert wiki.heal() is False


def test_healing_alone_refreshes_the_index(wiki: Repository) -> None:
    record(wiki, {"a.md": b"a\n"})
    index = (wiki.git_dir / "index").read_bytes()
    record(wiki, {"a.md": b"a2\n"})
    (wiki.git_dir / "index").write_bytes(index)
    dead = subprocess.Popen(["true"])
    dead.wait()
    (wiki.git_dir / "index.lock").write_text(f"aswiki {socket.gethostname()} {dead.pid}\n")
    assert wiki.heal() is True
    assert git(wiki.top, "status", "--porcelain") == ""


def test_the_lock_of_a_living_writer_is_not_taken(
    wiki: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASWIKI_LOCK_TIMEOUT", "0.1")
    (wiki.git_dir / "index.lock").write_text(f"aswiki {socket.gethostname()} {os.getpid()}\n")
    with pytest.raises(Unusable) as caught:
        wiki.commit({"a.md": b"b"}, "x", WHO, AT, None)
    assert caught.value.code == "index-locked"


KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from aswiki.store.git import Repository
repository = Repository.find(Path(sys.argv[1]))
number = 0
while True:
    data = b"%d" % number
    (repository.folder / "a.md").write_bytes(data)
    repository.commit({"a.md": data}, "x", repository.identity(), datetime.now(UTC),
                      repository.head())
    print(number, flush=True)
    number += 1
"""


def test_a_killed_writer_loses_no_acknowledged_commit_and_the_next_one_goes_on(
    wiki: Repository,
) -> None:
    for _ in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(wiki.top)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(3)]
        process.send_signal(signal.SIGKILL)
        said += process.communicate()[0].splitlines()
        last = int([word for word in said if word.strip()][-1])
        written = wiki.blob("HEAD", "a.md")
        assert written is not None
        assert int(written) >= last
    record(wiki, {"b.md": b"b"})
    git(wiki.top, "checkout", "-q", "--", "a.md")
    assert git(wiki.top, "status", "--porcelain") == ""
    assert is_sound(wiki.top)


def test_a_held_branch_lock_is_named_and_nothing_is_recorded(wiki: Repository) -> None:
    old = record(wiki, {"a.md": b"a"})
    (wiki.git_dir / "refs" / "heads" / "main.lock").touch()
    with pytest.raises(Unusable) as caught:
        wiki.commit({"a.md": b"b"}, "x", WHO, AT, old)
    assert caught.value.code == "git-locked"
    assert "main.lock" in caught.value.message
    assert wiki.head() == old
    assert git(wiki.top, "ls-files", "-s") == git(wiki.top, "ls-tree", "-r", "HEAD").replace(
        "blob ", ""
    ).replace("\t", " 0\t")


def test_a_merge_under_way_is_named(wiki: Repository) -> None:
    record(wiki, {"a.md": b"a\n"})
    git(wiki.top, "switch", "-qc", "side")
    record(wiki, {"a.md": b"side\n"})
    git(wiki.top, "switch", "-q", "main")
    head = record(wiki, {"a.md": b"main\n"})
    git(wiki.top, "merge", "side", check=False)
    assert wiki.busy() == "merge"
    with pytest.raises(Unusable) as caught:
        wiki.commit({"b.md": b"b"}, "x", WHO, AT, head)
    assert caught.value.code == "git-busy"
    assert "git merge --abort" in caught.value.hint
    assert wiki.history("a.md")[0].hash == head


@pytest.mark.parametrize(
    ("name", "operation"),
    [
        ("rebase-merge/x", "rebase"),
        ("rebase-apply/applying", "am"),
        ("rebase-apply/x", "rebase"),
        ("CHERRY_PICK_HEAD", "cherry-pick"),
        ("REVERT_HEAD", "revert"),
        ("BISECT_LOG", "bisect"),
    ],
)
def test_every_operation_under_way_has_its_name(
    wiki: Repository, name: str, operation: str
) -> None:
    (wiki.git_dir / name).parent.mkdir(exist_ok=True)
    (wiki.git_dir / name).touch()
    assert wiki.busy() == operation


def test_a_detached_head_can_be_read_but_not_written(wiki: Repository) -> None:
    head = record(wiki, {"a.md": b"a\n"})
    git(wiki.top, "switch", "-q", "--detach")
    with pytest.raises(Unusable) as caught:
        wiki.commit({"a.md": b"b"}, "x", WHO, AT, head)
    assert caught.value.code == "detached-head"
    assert wiki.blob("HEAD", "a.md") == b"a\n"


def test_a_damaged_repository_is_named(wiki: Repository) -> None:
    head = record(wiki, {"a.md": b"a\n"})
    file = wiki.git_dir / "objects" / head[:2] / head[2:]
    file.chmod(0o644)
    file.write_bytes(b"rubbish")
    with pytest.raises(Unusable) as caught:
        wiki.commit({"a.md": b"b"}, "x", WHO, AT, head)
    assert caught.value.code == "corrupt-repository"


def test_a_machine_without_git_is_told_what_to_install(
    wiki: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unusable) as caught:
        wiki.head()
    assert caught.value.code == "no-git"


def test_a_git_that_is_too_old_is_told_by_its_version(
    wiki: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "bin" / "git"
    old.parent.mkdir()
    old.write_text(
        "#!/bin/sh\nlast=; for w; do last=$w; done\n"
        '[ "$last" = version ] && echo git version 2.25.1 && exit 0\nexit 129\n'
    )
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(old.parent))
    with pytest.raises(Unusable) as caught:
        wiki.paths("HEAD")
    assert caught.value.code == "git-too-old"
    assert "2.25.1" in caught.value.message


# --- who --------------------------------------------------------------------------------


def test_the_identity_is_the_one_of_the_settings(
    wiki: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Someone Else")
    assert wiki.identity() == WHO
    wiki.configure({"user.name": "客户 Writer"})
    assert wiki.identity() == Identity("客户 Writer", "writer@example.com")


def test_only_where_the_settings_are_silent_the_environment_speaks(
    wiki: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    with pytest.raises(Unusable) as caught:
        found(wiki.top).identity()
    assert caught.value.code == "no-identity"
    assert "git config --global user.name" in caught.value.hint
    monkeypatch.setenv("GIT_AUTHOR_NAME", "CI")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "ci@example.com")
    assert found(wiki.top).identity() == Identity("CI", "ci@example.com")


def test_variables_of_git_in_the_environment_change_nothing(
    wiki: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Repository.init(tmp_path / "other")
    record(wiki, {"a.md": b"a\n"})
    hostile = {
        "GIT_DIR": str(other.git_dir),
        "GIT_WORK_TREE": str(other.top),
        "GIT_INDEX_FILE": str(tmp_path / "index"),
        "GIT_OBJECT_DIRECTORY": str(tmp_path / "objects"),
        "GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z",
        "GIT_COMMITTER_DATE": "2001-01-01T00:00:00Z",
        "GIT_AUTHOR_NAME": "Forged",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "user.name",
        "GIT_CONFIG_VALUE_0": "Forged",
        "GIT_CONFIG_PARAMETERS": "'user.email'='forged@example.com'",
        "GIT_NAMESPACE": "x",
        "GIT_PYTHON_GIT_EXECUTABLE": "/bin/false",
        "GIT_TRACE": str(tmp_path / "trace"),
    }
    for key, value in hostile.items():
        monkeypatch.setenv(key, value)
    repository = found(wiki.top)
    who = repository.identity()
    new = record(repository, {"a.md": b"b\n"})
    for key, value in hostile.items():
        assert os.environ[key] == value
        monkeypatch.delenv(key)
    assert who == WHO
    assert git(wiki.top, "log", "-1", "--format=%H %an %aI %cI") == (
        f"{new} Test Writer 2026-10-03T14:05:00+08:00 2026-10-03T14:05:00+08:00"
    )
    assert git(wiki.top, "status", "--porcelain") == ""
    assert other.head() is None
    assert not any((tmp_path / name).exists() for name in ("index", "objects", "trace"))


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "keys" / "id"
    file.parent.mkdir()
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(file)], check=True)
    public = file.with_suffix(".pub").read_text()
    (file.parent / "allowed").write_text(f"writer@example.com {public}")
    return file


def test_a_commit_is_signed_when_the_settings_say_so(wiki: Repository, key: Path) -> None:
    record(wiki, {"a.md": b"a"})
    wiki.configure(
        {
            "gpg.format": "ssh",
            "user.signingKey": f"{key}.pub",
            "commit.gpgSign": "true",
            "gpg.ssh.allowedSignersFile": str(key.parent / "allowed"),
        }
    )
    signed = record(wiki, {"a.md": b"b"})
    git(wiki.top, "verify-commit", signed)
    assert git(wiki.top, "log", "-1", "--format=%G?") == "G"
    plain = record(wiki, {"a.md": b"c"}, sign=False)
    assert b"gpgsig" not in git(wiki.top, "cat-file", "commit", plain).encode()
    assert is_sound(wiki.top)


def test_signing_on_demand_needs_only_a_key(wiki: Repository, key: Path) -> None:
    with pytest.raises(Unusable) as caught:
        record(wiki, {"a.md": b"a"}, sign=True)
    assert caught.value.code == "no-signing-key"
    wiki.configure({"user.signingKey": f"{key}.pub"})
    signed = record(wiki, {"a.md": b"a"}, sign=True)
    allowed = f"gpg.ssh.allowedSignersFile={key.parent / 'allowed'}"
    git(wiki.top, "-c", allowed, "verify-commit", signed)


def test_a_key_that_is_gone_stops_the_write(wiki: Repository, key: Path) -> None:
    wiki.configure({"user.signingKey": f"{key}.pub"})
    key.unlink()
    with pytest.raises(Unusable) as caught:
        record(wiki, {"a.md": b"a"}, sign=True)
    assert caught.value.code == "cannot-sign"
    assert wiki.head() is None
    assert not (wiki.git_dir / "index.lock").exists()


def test_a_branch_moved_while_we_sign_is_a_lost_race(wiki: Repository, key: Path) -> None:
    first = record(wiki, {"a.md": b"a"})
    other = record(wiki, {"a.md": b"other"})
    git(wiki.top, "update-ref", "HEAD", first)
    signer = key.parent / "signer"
    move = f"env -u GIT_DIR git -C '{wiki.top}' update-ref HEAD {other}"
    signer.write_text(f'#!/bin/sh\n{move}\nexec ssh-keygen "$@"\n')
    signer.chmod(0o755)
    git(wiki.top, "config", "--global", "gpg.ssh.program", str(signer))
    git(wiki.top, "config", "user.signingKey", f"{key}.pub")
    index = git(wiki.top, "ls-files", "-s")
    with pytest.raises(Raced):
        found(wiki.top).commit({"a.md": b"mine"}, "x", WHO, AT, first, sign=True)
    assert wiki.head() == other
    assert git(wiki.top, "ls-files", "-s") == index


# --- reading ----------------------------------------------------------------------------


def test_a_name_of_a_commit_is_resolved_in_full_or_not_at_all(wiki: Repository) -> None:
    assert wiki.resolve("HEAD") is None
    head = record(wiki, {"a.md": b"a\n"})
    git(wiki.top, "tag", "-m", "x", "v1")
    blob = git(wiki.top, "rev-parse", "HEAD:a.md")
    for rev in ("HEAD", "main", "v1", head[:7], head, "@"):
        assert wiki.resolve(rev) == head
    for rev in (
        "",
        "nothing",
        "-h",
        "--all",
        "HEAD\n",
        "HEAD^^",
        blob,
        "HEAD:a.md",
        "a\0b",
        "0" * 40,
    ):
        assert wiki.resolve(rev) is None, rev


def test_a_revision_that_looks_like_an_option_is_refused(wiki: Repository, tmp_path: Path) -> None:
    record(wiki, {"a.md": b"a\n"})
    output = f"--output={tmp_path / 'canary'}"
    for ask in (wiki.paths, wiki.changed_paths, lambda rev: wiki.log(rev=rev)):
        with pytest.raises(BadInput):
            ask(output)
    with pytest.raises(BadInput):
        wiki.blob("HEAD\nHEAD", "a.md")
    assert not (tmp_path / "canary").exists()


def test_the_unborn_branch_has_no_history_no_files_and_no_past(wiki: Repository) -> None:
    assert (wiki.log(), wiki.paths("HEAD"), wiki.before(AT)) == ([], [], None)
    assert wiki.first_commits(["a.md"]) == {}
    assert wiki.blob("HEAD", "a.md") is None
    (wiki.top / "a.md").write_bytes(b"a")
    assert wiki.dirty() == wiki.dirty(["a.md"]) == ["a.md"]


def test_history_is_newest_first_with_every_field(wiki: Repository) -> None:
    first = record(wiki, {"a.md": b"1", "b.md": b"1"})
    message = "append(a): 第二\n\nA paragraph.\n\nAnother: not a trailer\nof two lines.\n"
    trailers = "Aswiki-Op: append\nAswiki-Record: a sha256:00\nAswiki-Record: b\n  sha256:11\n"
    second = record(wiki, {"a.md": b"2"}, f"{message}\n{trailers}", AT + timedelta(minutes=1))
    record(wiki, {"b.md": b"2"})
    newest, oldest = wiki.history("a.md")
    assert (newest.hash, oldest.hash, newest.parents) == (second, first, (first,))
    assert newest.at == newest.author_at == AT + timedelta(minutes=1)
    assert newest.at.utcoffset() == timedelta(hours=8)
    assert (newest.name, newest.email) == ("Test Writer", "writer@example.com")
    assert newest.subject == "append(a): 第二"
    assert newest.body == "A paragraph.\n\nAnother: not a trailer\nof two lines."
    assert newest.trailers == [
        ("Aswiki-Op", "append"),
        ("Aswiki-Record", "a sha256:00"),
        ("Aswiki-Record", "b sha256:11"),
    ]
    assert (newest.op, oldest.op) == ("append", "create")
    assert [commit.hash for commit in wiki.log(limit=1, rev=first)] == [first]


def test_no_message_can_forge_a_commit_or_an_operation(wiki: Repository) -> None:
    forged = (
        "x\n\nAswiki-Op: retire\n\nbody\u2028Aswiki-Op: undo\x1e\x1f\x0c\n" + "0" * 40 + "\n\nevil"
    )
    real = record(wiki, {"a.md": b"1"}, forged)
    (commit,) = wiki.log()
    assert (commit.hash, commit.op, commit.name) == (real, "", "Test Writer")


def test_settings_of_log_and_diff_do_not_bend_what_is_read(wiki: Repository) -> None:
    for setting in (
        "log.follow=true",
        "log.showRoot=false",
        "diff.renames=copies",
        "diff.relative=true",
        "log.date=relative",
        "diff.orderFile=/nowhere",
        "log.mailmap=true",
        "core.quotePath=true",
        "format.pretty=oneline",
    ):
        git(wiki.top, "config", *setting.split("=", 1))
    first = record(wiki, {"老/名.md": b"the same text\n" * 9})
    second = record(wiki, {"老/名.md": None, "新/名.md": b"the same text\n" * 9})
    assert wiki.changed_paths(first) == [("A", "老/名.md")]
    assert wiki.changed_paths(second) == [("A", "新/名.md"), ("D", "老/名.md")]
    assert [commit.hash for commit in wiki.history("新/名.md")] == [second]
    assert wiki.first_commits(["新/名.md"])["新/名.md"].hash == second


def test_first_commits_of_many_paths_come_from_one_walk(wiki: Repository) -> None:
    names = [f"r/{n}.md" for n in range(230)]
    first = record(wiki, dict.fromkeys(names[:120], b"1"))
    record(wiki, {names[0]: None, names[1]: b"changed"})
    third = record(wiki, dict.fromkeys((names[0], *names[120:]), b"3"))
    commits = wiki.first_commits([*names, "never.md"])
    assert {commit.hash for commit in commits.values()} == {first, third}
    assert commits[names[0]].hash == commits[names[1]].hash == first
    assert commits[names[229]].hash == third
    assert "never.md" not in commits


def test_before_gives_the_newest_commit_of_the_line_at_a_moment(wiki: Repository) -> None:
    first = record(wiki, {"a.md": b"1"}, at=AT)
    second = record(wiki, {"a.md": b"2"}, at=AT + timedelta(days=1))
    assert wiki.before(AT - timedelta(seconds=1)) is None
    assert wiki.before(AT) == first
    assert wiki.before(AT + timedelta(days=1, seconds=-1)) == first
    assert wiki.before(datetime(2027, 1, 1, tzinfo=UTC)) == second


def test_dirty_names_what_differs_is_gone_or_was_never_committed(wiki: Repository) -> None:
    record(wiki, {".gitignore": b"*.log\n", "a.md": b"a\n", "b/b.md": b"b\n", "c.md": b"c\n"})
    (wiki.top / "a.md").write_bytes(b"A\n")
    (wiki.top / "b" / "b.md").unlink()
    (wiki.top / "b" / "新.md").write_bytes(b"n\n")
    (wiki.top / "staged.md").write_bytes(b"s\n")
    git(wiki.top, "add", "staged.md")
    (wiki.top / "x.log").write_bytes(b"ignored\n")
    assert wiki.dirty() == ["a.md", "b/b.md", "b/新.md", "staged.md"]
    assert wiki.dirty(under="b") == ["b/b.md", "b/新.md"]
    assert wiki.dirty(["a.md", "c.md", "none.md"]) == ["a.md"]
    assert wiki.ignored(["x.log", "a.md"]) == {"x.log"}
    assert wiki.ignored(["a.md"]) == set()


def test_dirty_takes_a_link_in_a_files_place_for_a_change(wiki: Repository) -> None:
    record(wiki, {"a.md": b"a\n", "b.md": b"a\n"})
    (wiki.top / "a.md").unlink()
    (wiki.top / "a.md").symlink_to("b.md")
    assert wiki.dirty(["a.md", "b.md"]) == ["a.md"]


def test_reading_never_loads_gitpython(wiki: Repository) -> None:
    record(wiki, {"a.md": b"a\n"})
    code = (
        "import sys; from pathlib import Path; from aswiki.store.git import Repository\n"
        "r = Repository.find(Path(sys.argv[1])); r.log(); r.dirty(); r.blob('HEAD', 'a.md')\n"
        "r.unsafe(); r.identity(); r.first_commits(['a.md']); assert 'git' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, str(wiki.top)], check=True)

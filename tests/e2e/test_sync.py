"""``sync`` against a real server: what is exchanged, and what is refused with nothing half-done."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from tests.gitserver import Hub, head, refused, require_proven, told

from aswiki.errors import Unusable
from aswiki.wiki.sharing import syncing
from aswiki.wiki.sharing.synced import Synced
from aswiki.wiki.wiki import Wiki

Run = Callable[..., Any]
Git = Callable[..., str]
State = Callable[[Path], object]

EVENT = "customers/acme/events/2026-10-05-oss-quota.md"
REF = "acme/events/2026-10-05-oss-quota"


# --- what is exchanged ----------------------------------------------------------------------------


def test_the_first_sync_fills_an_empty_remote(wiki: Path, hub: Hub, git: Git, run: Run) -> None:
    git(wiki, "remote", "add", "origin", hub.url())
    said = told(run("sync", "--json"))
    assert hub.head == head(wiki)
    assert (said["fetched"], said["pushed"]) == (0, 6)
    assert (said["remote"], said["branch"], said["merged"]) == ("origin", "main", False)
    assert said["commit"] is None
    assert said["went"] == [
        {"customer": "acme", "records": 2, "by": ["Test Writer"]},
        {"customer": "lan-jing-you-xi", "records": 2, "by": ["Test Writer"]},
        {"customer": None, "records": 1, "by": ["Test Writer"]},
    ]


def test_what_one_wrote_the_other_has_after_both_have_synced(
    shared: Path, bob: Path, hub: Hub, git: Git, run: Run
) -> None:
    assert run("append", REF, "Raised to 10 TB", "--kind", "action").code == 0
    assert run("-C", str(bob), "append", REF, "客户很满意", "--kind", "customer").code == 0
    assert run("sync").code == 0
    said = told(run("-C", str(bob), "sync", "--json"))
    assert (said["fetched"], said["pushed"], said["merged"]) == (1, 2, True)
    assert said["came"] == [{"customer": "acme", "records": 1, "by": ["Test Writer"]}]
    assert said["went"] == [{"customer": "acme", "records": 1, "by": ["Bob"]}]
    assert said["commit"] == hub.head == head(bob)
    assert told(run("sync", "--json"))["merged"] is False
    assert head(shared) == hub.head
    for folder in (shared, bob):
        text = (folder / EVENT).read_text(encoding="utf-8")
        assert "Raised to 10 TB" in text
        assert "客户很满意" in text
        assert git(folder, "status", "--porcelain") == ""
        people = (folder / "people.toml").read_text(encoding="utf-8")
        assert people.count("bob@example.com") == 1


def test_a_merge_says_its_operation_and_what_is_as_neither_side_had_it(
    shared: Path, bob: Path, git: Git, run: Run
) -> None:
    assert shared
    run("append", REF, "ours")
    run("append", "oss-shang", "only here")
    run("-C", str(bob), "append", REF, "theirs")
    run("sync")
    run("-C", str(bob), "sync")
    message = git(bob, "log", "-1", "--format=%B")
    assert message.startswith("merge(origin/main): 2 commits by Test Writer\n\nAswiki-Op: merge\n")
    assert message.count("Aswiki-Record: ") == 1
    assert f"Aswiki-Record: {REF} sha256:" in message
    assert git(bob, "log", "-1", "--format=%an %cn").strip() == "Bob Bob"
    assert len(git(bob, "log", "-1", "--format=%P").split()) == 2


def test_the_lines_say_what_came_and_what_went(shared: Path, bob: Path, run: Run) -> None:
    assert shared
    run("append", REF, "ours")
    run("-C", str(bob), "append", "oss-shang", "theirs")
    said = run("sync")
    assert said.out == "Commits to origin/main: 1\n  acme · records: 1 · Test Writer\n"
    lines = run("-C", str(bob), "sync").out.splitlines()
    assert lines[:2] == ["Commits from origin/main: 1", "  acme · records: 1 · Test Writer"]
    assert lines[2].startswith("Both sides are joined · commit ")
    assert lines[3:] == ["Commits to origin/main: 2", "  lan-jing-you-xi · records: 1 · Bob"]
    said = run("-C", str(bob), "sync", "--lang", "en")
    assert (said.out, said.err) == ("", "Nothing new here or at origin/main.\n")


def test_two_incidents_of_one_name_stay_two(shared: Path, bob: Path, git: Git, run: Run) -> None:
    incident = ("log-incident", "acme", "Login fails", "--at", "2026-10-19 14:05")
    assert run(*incident).code == 0
    assert run("append", "login-fails", "An entry of ours").code == 0
    assert run("-C", str(bob), *incident, "--impact", "Nobody gets in").code == 0
    assert run("sync").code == 0
    said = told(run("-C", str(bob), "sync", "--json"))
    (warning,) = said["warnings"]
    assert warning.startswith(
        "acme/events/2026-10-19-login-fails is called acme/events/2026-10-19-"
    )
    assert warning.endswith("-fails-2 from now on: there is another one of that name.")
    run("sync")
    for folder in (shared, bob):
        first, second = sorted((folder / "customers/acme/events").glob("*login-fails*"))
        assert "Nobody gets in" in first.read_text(encoding="utf-8")
        assert "An entry of ours" in second.read_text(encoding="utf-8")
    require_proven(bob, run)
    assert run("validate").code == 0
    assert git(bob, "log", "--format=%s", "-1", "--no-merges").startswith("rename(acme): Login")


def test_a_record_renamed_here_takes_in_what_was_written_there(
    shared: Path, bob: Path, run: Run
) -> None:
    run("rename", REF, "quota-raised")
    run("-C", str(bob), "append", REF, "under the old name")
    run("-C", str(bob), "sync")
    said = told(run("sync", "--json"))
    assert said["warnings"][0].startswith("acme/events/2026-10-05-quota-raised takes in what was")
    assert not (shared / EVENT).exists()
    text = (shared / "customers/acme/events/2026-10-05-quota-raised.md").read_text("utf-8")
    assert "under the old name" in text
    require_proven(shared, run)


def test_a_record_renamed_there_takes_in_what_was_written_here(
    shared: Path, bob: Path, run: Run
) -> None:
    assert shared
    run("rename", REF, "quota-raised")
    run("rename", "quota-raised", "quota-at-last")
    run("-C", str(bob), "append", REF, "under the old name")
    run("sync")
    said = told(run("-C", str(bob), "sync", "--json"))
    assert said["warnings"][0].endswith("its new name there: acme/events/2026-10-05-quota-at-last.")
    assert not (bob / EVENT).exists()
    text = (bob / "customers/acme/events/2026-10-05-quota-at-last.md").read_text("utf-8")
    assert "under the old name" in text
    require_proven(bob, run)


def test_a_record_retired_here_and_untouched_there_is_retired(
    shared: Path, bob: Path, run: Run
) -> None:
    assert shared
    run("retire", REF, "--why", "Another customer's")
    run("-C", str(bob), "append", "oss-shang", "a call")
    run("sync")
    told(run("-C", str(bob), "sync", "--json"))
    assert "status: retired" in (bob / EVENT).read_text(encoding="utf-8")
    require_proven(bob, run)


def test_lists_on_one_line_are_joined_without_a_line_of_nobody(
    shared: Path, bob: Path, git: Git, run: Run
) -> None:
    own = shared / EVENT
    own.write_text(own.read_text("utf-8").replace("title:", "tags: [a]\ntitle:", 1), "utf-8")
    assert run("commit").code == 0
    run("sync")
    run("-C", str(bob), "sync")
    for folder, tag in ((shared, "vip"), (bob, "storage")):
        text = (folder / EVENT).read_text("utf-8")
        (folder / EVENT).write_text(text.replace("[a]", f"[a, {tag}]"), "utf-8")
        assert run("-C", str(folder), "commit").code == 0
    run("sync")
    told(run("-C", str(bob), "sync", "--json"))
    text = (bob / EVENT).read_text("utf-8")
    assert all(tag in text for tag in ("vip", "storage"))
    require_proven(bob, run)
    assert git(bob, "status", "--porcelain") == ""


def test_files_beside_the_wiki_come_along_with_their_modes(
    tmp_path: Path, hub: Hub, git: Git, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = tmp_path / "code"
    assert run("init", str(top / "notes"), "--lang", "en").code == 0
    shutil.rmtree(top / "notes" / ".git", ignore_errors=True)
    git(top, "init", "-q", "-b", "main")
    git(top, "add", ".")
    git(top, "commit", "-qm", "all")
    git(top, "remote", "add", "origin", hub.url("anna"))
    monkeypatch.chdir(top / "notes")
    assert run("sync").code == 0
    git(tmp_path, "clone", "-q", hub.url("bob"), "other")
    other = tmp_path / "other"
    (other / "run.sh").write_text("#!/bin/sh\n")
    (other / "run.sh").chmod(0o755)
    (other / "link").symlink_to("notes")
    git(other, "add", ".")
    git(other, "commit", "-qm", "code")
    git(other, "push", "-q", "origin", "main")
    assert run("new-customer", "Acme").code == 0
    said = told(run("sync", "--json"))
    assert said["merged"] is True
    assert (top / "run.sh").stat().st_mode & stat.S_IXUSR
    assert (top / "link").readlink() == Path("notes")
    assert git(top, "status", "--porcelain") == ""
    git(other, "pull", "-q")
    git(other, "rm", "-q", "link", "run.sh")
    git(other, "commit", "-qm", "less")
    git(other, "push", "-q", "origin", "main")
    assert told(run("sync", "--json"))["fetched"] == 1
    assert not os.path.lexists(top / "link")
    assert git(top, "status", "--porcelain") == ""


def test_a_dry_run_says_what_would_happen_and_changes_nothing(
    shared: Path, bob: Path, hub: Hub, git: Git, run: Run, state: State
) -> None:
    assert shared
    run("append", REF, "ours")
    run("sync")
    run("-C", str(bob), "append", REF, "theirs")
    before, there = (state(bob), git(bob, "show-ref")), hub.head
    said = told(run("-C", str(bob), "sync", "--dry-run", "--json"))
    assert (said["fetched"], said["pushed"], said["merged"]) == (1, 1, True)
    assert said["commit"] is None
    assert (state(bob), git(bob, "show-ref")) == before
    assert hub.head == there
    assert "Both sides would be joined" in run("-C", str(bob), "sync", "--dry-run").out


def test_another_remote_is_named(shared: Path, hub: Hub, git: Git, run: Run) -> None:
    hub.make("second.git")
    git(shared, "remote", "add", "second", hub.url(name="second.git"))
    said = told(run("sync", "second", "--json"))
    assert said["remote"] == "second"
    assert said["pushed"] == 6


# --- others at the same time ----------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["before_push", "amid_push"])
def test_when_somebody_is_faster_the_sync_begins_anew(
    shared: Path, bob: Path, hub: Hub, git: Git, run: Run, moment: str
) -> None:
    run("-C", str(bob), "append", "oss-shang", "quicker")
    run("append", REF, "slower")
    setattr(hub, moment, lambda: git(bob, "push", "-q", "origin", "main"))
    said = told(run("sync", "--json"))
    assert (said["fetched"], said["merged"]) == (1, True)
    assert hub.head == head(shared)
    assert len(git(shared, "rev-list", "--merges", "HEAD").split()) == 1


def test_whoever_is_never_fast_enough_is_told_and_keeps_all(
    shared: Path, bob: Path, hub: Hub, git: Git, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncing, "TRIES", 3)
    run("append", REF, "slower")
    attempts: list[int] = []

    def again() -> None:
        git(bob, "commit", "-q", "--allow-empty", "-m", "quicker")
        git(bob, "push", "-q", "origin", "main")
        hub.before_push = again

    hub.before_push = again
    with pytest.raises(Unusable, match="faster") as raised:
        syncing.sync(Wiki.open(shared), pause=attempts.append)
    hub.before_push = None
    assert raised.value.code == "raced"
    assert attempts[-3:] == [0, 1, 2]
    assert "slower" in (shared / EVENT).read_text("utf-8")
    assert told(run("sync", "--json"))["pushed"] > 0


def stack(thread: threading.Thread) -> FrameType | None:
    """Where a thread is."""
    return sys._current_frames().get(thread.ident or 0)


def test_a_sync_that_waited_for_its_turn_while_another_did_it_all_has_nothing_to_do(
    shared: Path, hub: Hub, run: Run
) -> None:
    run("append", REF, "an entry")
    found: list[Synced] = []

    def second(_attempt: int) -> None:
        """Comes while the first one is at it."""
        thread = threading.Thread(
            target=lambda: found.append(syncing.sync(Wiki.open(shared), pause=lambda _n: None))
        )
        thread.start()
        waiting.append(thread)
        while thread.is_alive() and not any(
            frame.f_code.co_name == "_wait" for frame, _line in traceback.walk_stack(stack(thread))
        ):
            time.sleep(0.01)

    waiting: list[threading.Thread] = []
    (shared / ".git/aswiki-sync.lock").touch()  # as if somebody had synced just now
    first = syncing.sync(Wiki.open(shared), pause=second)
    for thread in waiting:
        thread.join()
    assert first.pushed == 1
    assert [each.pushed for each in found] == [0]
    assert len([line for line in hub.asked if "POST" in line and "receive" in line]) == 2


# --- what is refused ------------------------------------------------------------------------------


def test_without_a_remote_it_is_said_how_to_add_one(wiki: Path, run: Run) -> None:
    assert wiki
    said = refused(run("sync", "--json"), "no-remote")
    assert "git remote add origin URL" in said["hint"]


def test_a_remote_that_is_not_known_is_bad_input(shared: Path, git: Git, run: Run) -> None:
    said = refused(run("sync", "nowhere", "--json"), "no-such-remote", 2)
    assert "origin" in said["hint"]
    git(shared, "remote", "rename", "origin", "one")
    git(shared, "remote", "add", "two", "http://127.0.0.1:9/wiki.git")
    assert "one, two" in refused(run("sync", "--json"), "which-remote")["message"]


def test_offline_is_exit_4_and_what_was_written_is_kept(
    shared: Path, git: Git, run: Run, state: State
) -> None:
    run("append", REF, "on the train")
    git(shared, "remote", "set-url", "origin", "http://127.0.0.1:9/wiki.git")
    before = state(shared)
    said = refused(run("sync", "--json"), "offline")
    assert "origin" in said["message"]
    assert state(shared) == before


def test_a_remote_that_is_not_there_is_said_to_be_that(
    shared: Path, hub: Hub, git: Git, run: Run
) -> None:
    git(shared, "remote", "set-url", "origin", hub.url(name="other.git"))
    refused(run("sync", "--json"), "no-repository-there")
    git(shared, "remote", "set-url", "origin", "../nothing-here")
    refused(run("sync", "--json"), "no-repository-there")


def test_a_wrong_password_is_said_to_be_that(shared: Path, hub: Hub, git: Git, run: Run) -> None:
    hub.passwords = {"writer": "secret"}
    git(shared, "remote", "set-url", "origin", hub.url().replace("//", "//writer:guess@"))
    said = refused(run("sync", "--json"), "no-access")
    assert "guess" not in json.dumps(said)


def test_a_denied_push_keeps_what_was_written_and_says_why(
    shared: Path, bob: Path, hub: Hub, git: Git, run: Run, state: State
) -> None:
    assert shared
    hub.readers = ["bob"]
    run("-C", str(bob), "append", REF, "may not be written")
    before, there = state(bob), hub.head
    said = refused(run("-C", str(bob), "sync", "--json"), "remote-refused")
    assert "bob may only read this wiki" in said["message"]
    assert (state(bob), hub.head) == (before, there)
    hub.readers = []
    assert told(run("-C", str(bob), "sync", "--json"))["pushed"] == 1
    assert hub.head == head(bob)


@pytest.mark.parametrize("taken", [0, 100])
def test_a_line_that_is_cut_amid_a_push_loses_nothing(
    shared: Path, hub: Hub, git: Git, run: Run, state: State, taken: int
) -> None:
    run("append", REF, "half-way")
    before, there = state(shared), hub.head
    hub.cuts_after = taken
    refused(run("sync", "--json"), "offline")
    assert (state(shared), hub.head) == (before, there)
    hub.cuts_after = None
    assert told(run("sync", "--json"))["pushed"] == 1
    assert hub.head == head(shared)


def test_a_full_disk_at_the_server_is_named_and_loses_nothing(
    shared: Path, hub: Hub, git: Git, run: Run, state: State
) -> None:
    note = "".join(f"{number:x}" for number in range(40_000))
    run("append", REF, note)
    before, there = state(shared), hub.head
    hub.largest_file = 16_384
    said = run("sync", "--json")
    hub.largest_file = None
    assert said.code == 4
    assert said.error["code"] in {"remote-refused", "offline"}
    assert (state(shared), hub.head) == (before, there)
    hub.git("fsck", "--strict")
    assert told(run("sync", "--json"))["pushed"] == 1
    assert hub.head == head(shared)


def test_a_remote_that_lost_history_is_refused(
    shared: Path, bob: Path, hub: Hub, git: Git, run: Run, state: State
) -> None:
    run("append", REF, "to be lost")
    run("sync")
    run("-C", str(bob), "sync")
    hub.git("update-ref", "refs/heads/main", f"{hub.head}~1")
    before = state(shared)
    said = refused(run("sync", "--json"), "lost-history")
    assert head(shared)[:10] in said["message"]
    assert state(shared) == before
    # a clone that has seen nothing itself: what this machine saw is kept outside of it
    git(bob, "update-ref", "-d", "refs/remotes/origin/main")
    assert refused(run("-C", str(bob), "sync", "--json"), "lost-history")
    # and without that, the clone's own memory
    (state_file,) = Path.home().glob(".local/state/aswiki/remotes/*.json")
    assert str(state_file) in said["hint"]
    assert "127.0.0.1" not in state_file.read_text("utf-8")
    state_file.unlink()
    assert refused(run("sync", "--json"), "lost-history")


def test_a_branch_that_vanished_is_lost_history_too(shared: Path, hub: Hub, run: Run) -> None:
    assert shared
    hub.git("update-ref", "-d", "refs/heads/main")
    refused(run("sync", "--json"), "lost-history")


def test_what_was_seen_and_cannot_be_read_is_not_passed_over(shared: Path, run: Run) -> None:
    assert shared
    (state_file,) = Path.home().glob(".local/state/aswiki/remotes/*.json")
    state_file.write_text("{}")
    refused(run("sync", "--json"), "unreadable-state")


def test_another_history_is_refused(
    shared: Path, hub: Hub, git: Git, run: Run, tmp_path: Path, state: State
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    hub.make("other.git")
    git(other, "init", "-q", "-b", "main")
    git(other, "commit", "-q", "--allow-empty", "-m", "another beginning")
    git(other, "push", "-q", hub.url(name="other.git"), "main")
    git(shared, "remote", "add", "other", hub.url(name="other.git"))
    before = state(shared)
    refused(run("sync", "other", "--json"), "unrelated")
    assert state(shared) == before


def test_a_detached_head_and_a_shallow_clone_are_refused(
    shared: Path, hub: Hub, git: Git, run: Run, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "-q", "--depth=1", hub.url(), "shallow")
    said = refused(run("-C", str(tmp_path / "shallow"), "sync", "--json"), "unsafe-repository")
    assert "unshallow" in said["hint"]
    git(shared, "checkout", "-q", "--detach")
    refused(run("sync", "--json"), "detached-head")


def test_a_link_among_the_records_is_not_taken_over(
    shared: Path, bob: Path, git: Git, run: Run, state: State
) -> None:
    (bob / "customers/acme/notes").mkdir()
    (bob / "customers/acme/notes/2026-10-01-x.md").symlink_to("/etc/passwd")
    git(bob, "add", ".")
    git(bob, "commit", "-qm", "x")
    git(bob, "push", "-q", "origin", "main")
    before = state(shared)
    refused(run("sync", "--json"), "unsafe-content")
    assert state(shared) == before


# --- hand edits -----------------------------------------------------------------------------------


def test_hand_edits_elsewhere_stay_as_they_are_and_are_named(
    shared: Path, bob: Path, git: Git, run: Run
) -> None:
    run("-C", str(bob), "append", REF, "from there")
    run("-C", str(bob), "sync")
    profile = shared / "customers/acme/profile.md"
    edited = profile.read_text("utf-8") + "\nBy hand.\n"
    profile.write_text(edited, "utf-8")
    (shared / "notes.txt").write_text("mine")
    git(shared, "add", "notes.txt")
    said = told(run("sync", "--json"))
    assert said["fetched"] == 1
    assert said["warnings"] == [
        "Not committed, so left here as it is: customers/acme/profile.md. Take it in: aswiki commit"
    ]
    assert profile.read_text("utf-8") == edited
    assert git(shared, "status", "--porcelain") == " M customers/acme/profile.md\nA  notes.txt\n"


@pytest.mark.parametrize("diverged", [False, True])
def test_hand_edits_in_what_comes_stop_the_sync(
    shared: Path, bob: Path, run: Run, state: State, *, diverged: bool
) -> None:
    run("-C", str(bob), "append", REF, "from there")
    run("-C", str(bob), "sync")
    if diverged:
        run("append", "oss-shang", "from here")
    (shared / EVENT).write_text((shared / EVENT).read_text("utf-8") + "\nBy hand.\n", "utf-8")
    before = state(shared)
    said = refused(run("sync", "--json"), "hand-edits")
    assert EVENT in said["message"]
    assert "aswiki commit" in said["hint"]
    assert state(shared) == before


def test_a_disk_that_refuses_amid_the_writing_puts_all_back(
    shared: Path, bob: Path, run: Run, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aswiki.store import files

    run("-C", str(bob), "append", REF, "from there")
    run("-C", str(bob), "append", "oss-shang", "from there")
    run("-C", str(bob), "sync")
    run("append", REF, "from here")
    before = state(shared)
    plain, left = files.write_atomic, [1]

    def failing(path: Path, data: bytes) -> None:
        if "customers" in path.parts:
            left[0] -= 1
            if left[0] < 0:
                left[0] = 99
                raise Unusable("disk-full", "The disk is full.", "Make room.")
        plain(path, data)

    monkeypatch.setattr(files, "write_atomic", failing)
    refused(run("sync", "--json"), "disk-full")
    monkeypatch.setattr(files, "write_atomic", plain)
    assert state(shared) == before
    assert told(run("sync", "--json"))["merged"] is True

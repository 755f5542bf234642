"""A signed wiki in two clones: what ``sync`` makes is proven, by us and by VERIFY.sh."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from tests.gitserver import Hub, head
from tests.sealed import Ticking, shell
from tests.tampering import ANNA, BOB, EVENT, MALLORY, OTHER, Bench

from aswiki.errors import Unusable
from aswiki.wiki import adopting, creating, editing, renaming
from aswiki.wiki.drafting import Asked
from aswiki.wiki.proof import anchoring, exporting, verifying
from aswiki.wiki.proof.anchors import receipt
from aswiki.wiki.sharing import syncing
from aswiki.wiki.sharing.synced import Synced
from aswiki.wiki.wiki import Wiki

UPLOADS = "acme-uploads-fail"


class Team:
    """Anna and Bob, each with a clone and a key, one clock and one server."""

    def __init__(self, bench: Bench, hub: Hub, bob: Path) -> None:
        self.bench = bench
        self.hub = hub
        self.clock: Ticking = bench.sealed.clock
        self.folders = {ANNA: bench.root, BOB: bob}

    def wiki(self, who: str) -> Wiki:
        return Wiki.open(self.folders[who], self.clock)

    def sync(self, who: str) -> Synced:
        return syncing.sync(self.wiki(who), pause=lambda _attempt: None)

    def append(self, who: str, record: str, text: str) -> None:
        editing.append(self.wiki(who), record, text, Asked(), kind="note")

    def note(self, who: str, title: str) -> None:
        creating.create_for_customer(
            self.wiki(who), "note", "acme", title, {"kind": "feeling"}, Asked()
        )

    def git(self, who: str, *words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=self.folders[who], check=True, capture_output=True, text=True
        )
        return done.stdout

    def anchored(self, who: str = ANNA) -> str:
        self.bench.sealed.tsa.now = self.clock()
        anchoring.anchor(self.wiki(who))
        return receipt(self.wiki(who)).statement.receipt

    def verdict(self, who: str, held: str) -> tuple[list[str], int]:
        found = verifying.verify(self.wiki(who), verifying.Asked(receipt=held), self.clock)
        return [f"{f.code} {f.detail}" for f in found.findings], found.exit_code


@pytest.fixture
def team(bench: Bench, hub: Hub, tmp_path: Path) -> Team:
    """The signed, anchored wiki on the server, and Bob's clone of it."""
    bench.run("remote", "add", "origin", hub.url())
    bob = tmp_path / "bob"
    made = Team(bench, hub, bob)
    made.sync(ANNA)
    subprocess.run(["git", "clone", "-q", hub.url(), str(bob)], check=True)
    settings = {
        "user.name": "Bob",
        "user.email": BOB,
        "user.signingkey": str(bench.keys[BOB].with_suffix(".pub")),
        "gpg.format": "ssh",
        "commit.gpgsign": "true",
    }
    for key, value in settings.items():
        made.git(BOB, "config", key, value)
    return made


def test_a_merge_by_sync_is_signed_and_proven_by_both_verifiers(
    team: Team, bare_machine: Mapping[str, str], tmp_path: Path
) -> None:
    for who, other in ((ANNA, BOB), (BOB, ANNA)):
        team.append(who, UPLOADS, f"an entry of {who}")
        team.append(other, UPLOADS, f"an entry of {other}")
        team.note(who, f"{who} alone")
        team.sync(other)
        assert team.sync(who).merged
        team.sync(other)
    signers = team.git(ANNA, "log", "--merges", "--format=%an %G?", "-2").split("\n")
    assert [line.split()[0] for line in signers if line] == ["Bob", "Anna"]
    held = team.anchored()
    team.sync(ANNA)
    team.sync(BOB)
    for who in (ANNA, BOB):
        assert team.verdict(who, held) == ([], 0)
    exporting.export(team.wiki(BOB), None, tmp_path / "package", "en")
    sealed = team.bench.sealed
    words = ("--key", sealed.key, "--receipt", held, "--ca", sealed.ca)
    done = shell(bare_machine, tmp_path, tmp_path / "package/VERIFY.sh", *words)
    assert done.stdout.splitlines()[-1] == "VERDICT proven", done.stdout


def test_renames_and_two_of_one_name_are_proven_by_both_verifiers(
    team: Team, bare_machine: Mapping[str, str], tmp_path: Path
) -> None:
    renaming.rename(team.wiki(ANNA), UPLOADS, "acme-uploads-fail-again", Asked())
    renaming.rename(team.wiki(ANNA), "acme-uploads-fail-again", "acme-downloads-fail", Asked())
    team.append(BOB, UPLOADS, "under the old name")
    renaming.rename(team.wiki(BOB), "lan-jing-uploads", "lan-jing-fails", Asked())
    team.append(ANNA, "lan-jing-uploads", "also under the old name")
    for who in (ANNA, BOB):
        team.note(who, "One name for two")
        team.append(who, "one-name-for-two", f"an entry of {who}")
    team.sync(ANNA)
    said = team.sync(BOB)
    assert len(said.warnings) == 3
    team.sync(ANNA)
    files = team.git(BOB, "ls-files", "customers").splitlines()
    assert EVENT not in files
    assert OTHER not in files
    assert len([path for path in files if "one-name-for-two" in path]) == 2
    held = team.anchored()
    assert team.verdict(ANNA, held) == ([], 0)
    exporting.export(team.wiki(ANNA), None, tmp_path / "package", "en")
    sealed = team.bench.sealed
    words = ("--key", sealed.key, "--receipt", held, "--ca", sealed.ca)
    done = shell(bare_machine, tmp_path, tmp_path / "package/VERIFY.sh", *words)
    assert done.stdout.splitlines()[-1] == "VERDICT proven", done.stdout


def test_a_merge_by_hand_that_commit_finished_is_proven(team: Team) -> None:
    for who, words in ((ANNA, "production"), (BOB, "staging")):
        place = team.folders[who] / EVENT
        text = place.read_text("utf-8").replace("\nstatus:", f"\nenvironment: {words}\nstatus:", 1)
        place.write_text(text, "utf-8")
        adopting.commit(team.wiki(who))
        team.append(who, UPLOADS, f"an entry of {who}")
    team.sync(ANNA)
    assert [one.path for one in team.sync(BOB).conflicts] == [EVENT]
    subprocess.run(
        ["git", "merge", "-q", "--no-commit", "origin/main"],
        cwd=team.folders[BOB], capture_output=True, check=False,
    )  # fmt: skip
    place = team.folders[BOB] / EVENT
    lines = place.read_text("utf-8").splitlines(keepends=True)
    marks = ("<<<<<<<", "=======", ">>>>>>>", "|||||||", "environment: production")
    place.write_text("".join(line for line in lines if not line.startswith(marks)), "utf-8")
    found = adopting.commit(team.wiki(BOB))
    assert found.refused == []
    assert len(found.commits) == 1
    team.sync(BOB)
    team.sync(ANNA)
    held = team.anchored()
    assert team.verdict(ANNA, held) == ([], 0)


def test_who_may_not_sign_merges_nothing(team: Team) -> None:
    team.append(ANNA, UPLOADS, "ours")
    team.sync(ANNA)
    team.append(BOB, UPLOADS, "theirs")
    key = str(team.bench.keys[MALLORY].with_suffix(".pub"))
    team.git(BOB, "config", "user.signingkey", key)
    before = (head(team.folders[BOB]), team.git(BOB, "status", "--porcelain"))
    with pytest.raises(Unusable, match="may not sign"):
        team.sync(BOB)
    assert (head(team.folders[BOB]), team.git(BOB, "status", "--porcelain")) == before


def test_a_merge_that_would_be_older_than_what_it_joins_waits(team: Team) -> None:
    team.append(BOB, UPLOADS, "theirs")
    team.clock.now += timedelta(hours=2)
    team.append(ANNA, UPLOADS, "ours, by a clock that is ahead")
    team.sync(ANNA)
    team.clock.now -= timedelta(hours=2)
    before = head(team.folders[BOB])
    with pytest.raises(Unusable, match="here it is") as raised:
        team.sync(BOB)
    assert raised.value.code == "clock"
    assert head(team.folders[BOB]) == before
    team.clock.now += timedelta(hours=2)
    assert team.sync(BOB).merged


# --- anchors --------------------------------------------------------------------------------------


def test_two_anchors_of_one_number_are_refused(team: Team) -> None:
    team.append(ANNA, UPLOADS, "ours")
    team.anchored()
    team.sync(ANNA)
    team.append(BOB, UPLOADS, "theirs")
    team.bench.sealed.tsa.now = team.clock()
    anchoring.anchor(team.wiki(BOB))
    before = head(team.folders[BOB])
    with pytest.raises(Unusable, match="Both sides made an anchor") as raised:
        team.sync(BOB)
    assert raised.value.code == "anchored-twice"
    assert head(team.folders[BOB]) == before


def test_a_time_stamp_that_both_fetched_is_no_conflict(team: Team) -> None:
    team.append(ANNA, UPLOADS, "ours")
    authority = team.bench.sealed.tsa
    authority.lie, lie = "refusal", authority.lie
    team.anchored()
    authority.lie = lie
    team.sync(ANNA)
    team.sync(BOB)
    stamped = [team.anchored(ANNA)]
    team.clock.now += timedelta(hours=1)
    stamped.append(team.anchored(BOB))
    team.sync(BOB)
    assert team.sync(ANNA).merged
    assert stamped[0] == stamped[1]
    held = team.anchored(ANNA)
    assert team.verdict(ANNA, held) == ([], 0)


@pytest.fixture
def daily(team: Team) -> Team:
    """The team, with the day's anchor asked for by the settings."""
    place = team.folders[ANNA] / "aswiki.toml"
    place.write_text(place.read_text("utf-8") + '\n[anchor]\non = ["daily", "export"]\n', "utf-8")
    adopting.commit(team.wiki(ANNA))
    team.sync(ANNA)
    team.sync(BOB)
    team.clock.now += timedelta(days=1)
    team.bench.sealed.tsa.now = team.clock()
    return team


def anchors(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / ".aswiki/anchors").glob("*.txt"))


def test_the_days_anchor_of_a_shared_wiki_is_made_by_sync_and_pushed(daily: Team) -> None:
    known = anchors(daily.folders[ANNA])
    daily.append(ANNA, UPLOADS, "the first write of the day")
    assert anchoring.occasion(daily.wiki(ANNA), "daily") == []
    assert anchors(daily.folders[ANNA]) == known
    (warning,) = anchoring.occasion(daily.wiki(ANNA), "export")
    assert "aswiki sync" in warning
    daily.bench.sealed.tsa.now = daily.clock()
    daily.sync(ANNA)
    assert len(anchors(daily.folders[ANNA])) == len(known) + 1
    assert daily.hub.head == head(daily.folders[ANNA])
    daily.append(BOB, UPLOADS, "another")
    daily.sync(BOB)
    assert anchors(daily.folders[BOB]) == anchors(daily.folders[ANNA])
    assert daily.verdict(BOB, receipt(daily.wiki(BOB)).statement.receipt)[1] == 5


def test_an_anchor_that_does_not_get_there_first_is_taken_back(daily: Team) -> None:
    known = anchors(daily.folders[BOB])
    daily.append(BOB, UPLOADS, "theirs")
    daily.append(ANNA, UPLOADS, "ours")
    hub, folder = daily.hub, daily.folders[ANNA]

    def later() -> None:
        def quicker() -> None:
            words = ["git", "push", "-q", "--force", "origin", "HEAD:refs/heads/main"]
            subprocess.run(words, cwd=folder, check=True)

        hub.before_push = quicker

    daily.git(ANNA, "fetch", "-q")
    hub.amid_push = later
    said = daily.sync(BOB)
    assert any("No anchor was made" in warning for warning in said.warnings)
    assert anchors(daily.folders[BOB]) == known
    assert daily.git(BOB, "status", "--porcelain") == ""
    assert not list(daily.folders[BOB].glob(".aswiki/anchors/*.tmp"))
    shutil.rmtree(hub.root)

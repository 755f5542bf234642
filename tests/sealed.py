"""A wiki with all that proves: signed from its first commit, anchored twice, time-stamped."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.tsa import Authority

from aswiki import lang
from aswiki.wiki import creating, editing, starting
from aswiki.wiki.drafting import Asked
from aswiki.wiki.proof.anchoring import anchor
from aswiki.wiki.proof.anchors import receipt
from aswiki.wiki.saving import Change, Operation, save
from aswiki.wiki.wiki import Wiki

WRITER = "anna@example.com"
GITCONFIG = f"[user]\n\tname = Anna\n\temail = {WRITER}\n[init]\n\tdefaultBranch = main\n"
WHOLE = [
    ("account_level", "key"),
    ("credit", "{allow_arrears: false}"),
    ("contacts", "[{id: wanglei, name: 王磊, role: tech_lead}]"),
]
TOOLS = ("git", "ssh-keygen", "openssl", "dash")
COREUTILS = (
    "basenc", "cat", "comm", "cut", "date", "dirname", "env", "head", "mkdir", "mktemp", "od", "rm",
    "sha256sum", "sort", "tail", "tr", "uniq", "wc",
)  # fmt: skip


@dataclass
class Ticking:
    """A clock that goes on by a minute whenever it is asked; near the real time, as git's is."""

    now: datetime

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@dataclass(frozen=True)
class Sealed:
    """The wiki and what somebody outside holds of it.

    Attributes:
        root: its folder.
        key: the fingerprint of the key it is signed with.
        receipt: the newest anchor's line.
        first_receipt: that of the anchor before it.
        ca: the file of the authority's certificate.
        clock: goes on where the wiki ends.
        tsa: the authority; its clock follows.
    """

    root: Path
    key: str
    receipt: str
    first_receipt: str
    ca: Path
    clock: Ticking
    tsa: Authority

    def wiki(self) -> Wiki:
        return Wiki.open(self.root, self.clock)

    def anchored(self) -> str:
        """One more anchor; its receipt."""
        self.tsa.now = self.clock()
        anchor(self.wiki())
        return receipt(self.wiki()).statement.receipt


@pytest.fixture(scope="session")
def _sealed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sealed]:
    home = tmp_path_factory.mktemp("sealed-home")
    (home / ".gitconfig").write_text(GITCONFIG, encoding="utf-8")
    folder = tmp_path_factory.mktemp("sealed")
    tsa = Authority()
    server = tsa.serve()
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GIT_")]:
            patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
        lang.use("en")
        yield _made(folder, tsa)
    server.shutdown()
    server.server_close()


def _made(folder: Path, tsa: Authority) -> Sealed:
    key = folder / "anna"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    said = subprocess.run(["ssh-keygen", "-lf", str(key)], check=True, capture_output=True)
    ca = folder / "ca.pem"
    ca.write_bytes(tsa.pem)
    clock = Ticking(datetime.now(UTC).replace(microsecond=0) - timedelta(hours=6))
    root = folder / "wiki"
    starting.init(root, language="en", sign_with=key.with_suffix(".pub"), clock=clock)
    wiki = Wiki.open(root, clock)
    before = (root / "aswiki.toml").read_bytes()
    stamps = f'\n[tsa]\nurls = ["{tsa.url}"]\ncertificates = [".aswiki/tsa/test.pem"]\n'
    changes = [
        Change("aswiki.toml", before, before + stamps.encode()),
        Change(".aswiki/tsa/test.pem", None, tsa.pem),
    ]
    save(wiki, changes, Operation("policy", "policy: a time stamp authority"))
    wiki = Wiki.open(root, clock)
    for name, slug in (("Acme Corp", "acme"), ("蓝鲸游戏", "lan-jing")):
        creating.new_customer(wiki, name, Asked(sets=WHOLE), own_slug=slug)
        asked = Asked(at="2025-10-03T14:05+08:00")
        creating.create_for_customer(
            wiki,
            "event",
            slug,
            f"{slug} uploads fail",
            {"kind": "incident", "severity": "P1"},
            asked,
        )
    made = Sealed(root, said.stdout.decode().split()[1], "", "", ca, clock, tsa)
    first = made.anchored()
    editing.append(
        wiki, "acme/events/2025-10-03-acme-uploads-fail", "A fix", Asked(), kind="action"
    )
    return Sealed(root, made.key, made.anchored(), first, ca, clock, tsa)


@pytest.fixture
def sealed(_sealed: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sealed:
    """A copy of the wiki; the machine is its writer's, and its authority answers."""
    root = tmp_path / "wiki"
    shutil.copytree(_sealed.root, root, symlinks=True)
    subprocess.run(["git", "update-index", "-q", "--refresh"], cwd=root, check=True)
    Path.home().joinpath(".gitconfig").write_text(GITCONFIG, encoding="utf-8")
    monkeypatch.chdir(root)
    clock = Ticking(_sealed.clock.now)
    return Sealed(
        root, _sealed.key, _sealed.receipt, _sealed.first_receipt, _sealed.ca, clock, _sealed.tsa
    )


@pytest.fixture(scope="session")
def bare_machine(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The environment of a machine that has git, ssh-keygen, openssl and the coreutils alone."""
    folder = tmp_path_factory.mktemp("bin")
    for name in (*TOOLS, *COREUTILS):
        found = shutil.which(name)
        if found is None:
            pytest.skip(f"{name} is not installed")
        (folder / ("sh" if name == "dash" else name)).symlink_to(found)
    return {"PATH": str(folder), "HOME": str(tmp_path_factory.mktemp("nobody"))}


def shell(
    machine: Mapping[str, str], folder: Path, *words: str | Path
) -> subprocess.CompletedProcess[str]:
    """What a command gives on that machine, run in a folder."""
    return subprocess.run(
        [f"{machine['PATH']}/sh", *map(str, words)],
        cwd=folder,
        env=dict(machine),
        capture_output=True,
        text=True,
        check=False,
    )

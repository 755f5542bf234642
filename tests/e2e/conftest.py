"""A small wiki and the example wiki, each made once and copied, and a command line in process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from aswiki import lang
from aswiki.cli.main import main
from aswiki.wiki import creating, editing
from aswiki.wiki.drafting import Asked
from aswiki.wiki.wiki import Wiki

EXAMPLES = Path(__file__).parents[2] / "examples"
SHANGHAI = timezone(timedelta(hours=8))
TUESDAY = datetime(2026, 10, 20, 10, 0, tzinfo=SHANGHAI)
GITCONFIG = (
    "[user]\n\tname = Test Writer\n\temail = writer@example.com\n[init]\n\tdefaultBranch = main\n"
)
SETTINGS = """\
[wiki]
schema = 1
name = "测试知识库"
lang = "zh"
timezone = "Asia/Shanghai"
currency = "CNY"
"""
PEOPLE = """\
[departments.after-sales]
name = "售后服务部"
kind = "after_sales"

[departments.db-team]
name = "数据库研发组"
kind = "rnd"

[departments.net-team]
name = "网络研发组"
kind = "rnd"

[people.writer]
name = "Test Writer"
department = "after-sales"
emails = ["writer@example.com"]

[people.zhangwei]
name = "张维"
aliases = ["老张"]
department = "after-sales"
emails = ["zhangwei@example.com"]
"""
PRODUCT = """\
---
type: product
title: 对象存储
aliases: [OSS]
owner_department: db-team
---

## 卖的是什么

存文件。
"""
WHOLE = [
    ("account_level", "key"),
    ("credit", "{allow_arrears: false}"),
    ("contacts", "[{id: wanglei, name: 王磊, role: tech_lead}]"),
]


@dataclass
class Hand:
    """The clock that tests hand in; ``now`` is turned by setting it."""

    now: datetime = TUESDAY

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Result:
    """What one run of the command line gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, str]:
        """The error of the last line of stderr, in JSON mode."""
        found: dict[str, str] = json.loads(self.err.splitlines()[-1])["error"]
        return found


def in_git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-c", "core.quotePath=false", *words],
        cwd=folder,
        check=True,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
    )
    return done.stdout


@pytest.fixture
def git() -> Callable[..., str]:
    """Git's own word: ``git(folder, "log", "-1")``."""
    return in_git


@pytest.fixture
def state() -> Callable[[Path], object]:
    """Everything a command may change: HEAD, the index, git's status, every byte of the tree."""

    def seen(folder: Path) -> object:
        files = {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and ".git" not in path.relative_to(folder).parts
        }
        words = (["rev-parse", "HEAD"], ["status", "--porcelain"], ["ls-files", "--stage"])
        return [in_git(folder, *w) for w in words], files

    return seen


@pytest.fixture(scope="session")
def _world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    home = tmp_path_factory.mktemp("session-home")
    (home / ".gitconfig").write_text(GITCONFIG, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GIT_")]:
            patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
        lang.use("en")
        yield


@pytest.fixture(scope="session")
def _small(tmp_path_factory: pytest.TempPathFactory, _world: None) -> Path:
    folder = tmp_path_factory.mktemp("small") / "wiki"
    (folder / "products").mkdir(parents=True)
    (folder / "aswiki.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "people.toml").write_text(PEOPLE, encoding="utf-8")
    (folder / "products" / "oss.md").write_text(PRODUCT, encoding="utf-8")
    in_git(folder, "init", "--quiet", "-b", "main")
    in_git(folder, "add", ".")
    in_git(folder, "commit", "--quiet", "-m", "a wiki")
    clock = Hand(TUESDAY - timedelta(days=1))
    wiki = Wiki.open(folder, clock)
    creating.new_customer(wiki, "蓝鲸游戏", Asked(sets=WHOLE))
    creating.new_customer(wiki, "Acme Corp", Asked(sets=WHOLE), own_slug="acme")
    said = {"kind": "incident", "severity": "P1", "product": "oss"}
    uploads = Asked(at="2026-10-03T14:05+08:00")
    creating.create_for_customer(wiki, "event", "蓝鲸", "OSS 上传超时", said, uploads)
    quota = Asked(at="2026-10-05T09:30+08:00")
    asked = {"kind": "question", "product": "oss"}
    creating.create_for_customer(wiki, "event", "acme", "OSS quota", asked, quota)
    first = Asked(at="2026-10-03T14:20+08:00")
    editing.append(wiki, "oss-shang", "要求 30 分钟内恢复", first, kind="demand", to="db-team")
    return folder


@pytest.fixture(scope="session")
def _example(tmp_path_factory: pytest.TempPathFactory, _world: None) -> Path:
    folder = tmp_path_factory.mktemp("examples") / "wiki"
    shutil.copytree(EXAMPLES, folder)
    (folder / "history.toml").unlink()
    in_git(folder, "init", "--quiet", "-b", "main")
    in_git(folder, "add", ".")
    in_git(folder, "commit", "--quiet", "-m", "the examples")
    return folder


@pytest.fixture
def wiki(_small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A wiki with two customers, a product and two events; the current folder is in it."""
    return _copied(_small, tmp_path, monkeypatch)


@pytest.fixture
def examples(_example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example wiki as a git repository; the current folder is in it."""
    return _copied(_example, tmp_path, monkeypatch)


def _copied(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "wiki"
    shutil.copytree(template, folder, symlinks=True)
    in_git(folder, "update-index", "-q", "--refresh")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def clock() -> Hand:
    """The moment at which every command of the test runs: a Tuesday morning in Shanghai."""
    return Hand()


@pytest.fixture
def new_key(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a key and says where its public half lies; the private one lies beside it."""

    def made(name: str) -> Path:
        folder = tmp_path / "keys"
        folder.mkdir(exist_ok=True)
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f"]
        subprocess.run([*words, str(folder / name)], check=True)
        return folder / f"{name}.pub"

    return made


@pytest.fixture
def run(
    clock: Hand, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Result]]:
    """The command line in process, in English unless the words say otherwise."""
    plain = Wiki.open

    def opened(_cls: type[Wiki], folder: Path) -> Wiki:
        return plain(folder, clock)

    monkeypatch.setattr(Wiki, "open", classmethod(opened))
    monkeypatch.setenv("ASWIKI_LANG", "en")

    def run(*words: str) -> Result:
        capsys.readouterr()
        code = main(list(words))
        printed = capsys.readouterr()
        return Result(code, printed.out, printed.err)

    yield run
    lang.use("en")

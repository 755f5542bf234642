"""The hooks: a wiki points at this project, and pre-commit or prek install and run them."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from tests.conftest import AUTOMATED

from aswiki.domain import records

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
TOOLS = ("pre-commit", "prek")
PROJECT = ("src", "templates", "examples", "pyproject.toml", "README.md", "LICENSE")
EVENT = "customers/acme/events/2026-10-03-down.md"
GOOD = (
    "---\ntype: event\ntitle: Portal down\nkind: incident\nseverity: P1\n"
    "started_at: 2026-10-03T14:05:00+08:00\n---\n\n## Log\n\n"
    "- 2026-10-03 14:05 +08:00 · zhangwei · note: down\n"
)


def hooks() -> dict[str, dict[str, Any]]:
    return {hook["id"]: hook for hook in yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))}


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def run(
    words: list[str], cwd: Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(BIN), os.environ["PATH"]])
    return subprocess.run(
        words,
        cwd=cwd,
        env={**os.environ, "PATH": path, "ASWIKI_LANG": "en", **(env or {})},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def put(root: Path, text: str, subject: str) -> None:
    place = root / EVENT
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    git(root, "add", ".")
    git(root, "commit", "-qm", subject)


@pytest.fixture
def wiki(hand_made: Callable[[Path], Path], tmp_path: Path) -> Path:
    """A wiki with an incident, whose branch follows that of a remote."""
    root = hand_made(tmp_path / "wiki")
    put(root, GOOD, "an incident")
    git(tmp_path, "clone", "-q", "--bare", str(root), "remote.git")
    git(root, "remote", "add", "origin", str(tmp_path / "remote.git"))
    git(root, "fetch", "-q", "origin")
    git(root, "branch", "-q", "--set-upstream-to=origin/main")
    return root


@pytest.mark.parametrize("tool", TOOLS)
def test_both_tools_take_the_manifest(tool: str, tmp_path: Path) -> None:
    done = run([tool, "validate-manifest", str(MANIFEST)], tmp_path, {"HOME": str(tmp_path)})
    assert done.returncode == 0, done.stdout + done.stderr


def test_records_and_settings_are_handed_to_validate_and_nothing_else() -> None:
    pattern = re.compile(hooks()["aswiki-validate"]["files"])
    taken = [*_example_paths("md"), "aswiki.toml", "people.toml"]
    own = [path for path in taken if records.type_of(path) is not None or path.endswith("toml")]
    assert [path for path in own if not pattern.search(path)] == []
    assert pattern.search("notes/wiki/customers/acme/profile.md")
    for other in (
        "README.md",
        "customers/README.md",
        "customers/acme/files/0123456789ab-chat.md",
        "customers/acme/events/deeper/x.md",
        "templates/records/event.en.md",
        "pyproject.toml",
        "my-aswiki.toml",
    ):
        assert not pattern.search(other), other


def _example_paths(ending: str) -> list[str]:
    top = ROOT / "examples"
    return [path.relative_to(top).as_posix() for path in top.rglob(f"*.{ending}")]


def called(hook: str, root: Path, *files: str, **env: str) -> subprocess.CompletedProcess[str]:
    """What the tools do once aswiki is installed: the entry, split, with arguments and files."""
    return run([*shlex.split(hooks()[hook]["entry"]), *files], root, env)


def test_the_entry_of_validate_passes_good_records_and_stops_bad_ones(wiki: Path) -> None:
    assert called("aswiki-validate", wiki, EVENT, "aswiki.toml").returncode == 0
    put(wiki, GOOD.replace("P1", "P9"), "worse")
    done = called("aswiki-validate", wiki, EVENT)
    assert done.returncode == 1
    assert f"{EVENT}:5:" in done.stdout


def test_the_entry_of_review_compares_what_is_pushed_or_what_upstream_lacks(wiki: Path) -> None:
    base = git(wiki, "rev-parse", "HEAD")
    assert called("aswiki-review", wiki).returncode == 0
    put(wiki, GOOD.partition("- 2026")[0], "an entry lost")
    pushed = {"PRE_COMMIT_FROM_REF": base, "PRE_COMMIT_TO_REF": "HEAD"}
    for env in ({}, pushed):
        done = called("aswiki-review", wiki, **env)
        assert done.returncode == 1, done.stderr
        assert "ASW020" in done.stdout
    same = {"PRE_COMMIT_FROM_REF": "HEAD", "PRE_COMMIT_TO_REF": "HEAD"}
    assert called("aswiki-review", wiki, **same).returncode == 0


def test_a_branch_that_follows_none_has_nothing_to_be_reviewed_against(wiki: Path) -> None:
    git(wiki, "switch", "-qc", "new")
    done = called("aswiki-review", wiki)
    assert (done.returncode, "no upstream" in done.stdout) == (0, True)


class Tool(NamedTuple):
    """A tool whose environment for the hooks is made, and how it is called."""

    name: str
    project: Path
    env: dict[str, str]

    def __call__(self, root: Path, *words: str) -> subprocess.CompletedProcess[str]:
        return run([self.name, "run", *words], root, self.env)

    def configure(self, root: Path) -> None:
        hook_ids = "".join(f"      - id: {each}\n" for each in hooks())
        text = f"repos:\n  - repo: {self.project}\n    rev: v0\n    hooks:\n{hook_ids}"
        (root / ".pre-commit-config.yaml").write_text(text, encoding="utf-8")
        git(root, "add", ".pre-commit-config.yaml")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout as it is now, as a repository that a wiki can point at."""
    folder = tmp_path_factory.mktemp("project") / "aswiki"
    folder.mkdir()
    for name in (*PROJECT, MANIFEST.name):
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(ROOT / name, folder / name)
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, *who, "commit", "-qm", "as it is")
    git(folder, "tag", "v0")
    return folder


@pytest.fixture(scope="module", params=TOOLS)
def tool(
    request: pytest.FixtureRequest, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> Tool:
    """A tool with the hooks installed: once a run of the tests, since that asks a package index."""
    home = tmp_path_factory.mktemp("tool")
    env = {"PRE_COMMIT_HOME": str(home / "pre-commit"), "PREK_HOME": str(home / "prek")}
    made = Tool(request.param, project, env)
    root = tmp_path_factory.mktemp("first")
    git(root, "init", "-q")
    made.configure(root)
    done = run([request.param, "install-hooks"], root, env)
    if done.returncode != 0:
        said = done.stdout + done.stderr
        if AUTOMATED:
            pytest.fail(f"{request.param} could not install the hooks:\n{said}")
        pytest.skip(
            f"{request.param} could not install the hooks (no package index?): {said[-200:]}"
        )
    return made


@pytest.mark.slow
def test_a_fresh_wiki_that_points_here_is_validated_and_reviewed(tool: Tool, wiki: Path) -> None:
    tool.configure(wiki)
    done = tool(wiki, "--all-files")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "aswiki validate" in done.stdout
    done = tool(wiki, "--all-files", "--hook-stage", "manual", "aswiki-review")
    assert done.returncode == 0, done.stdout + done.stderr
    put(wiki, GOOD.replace("severity: P1", "severity: P9").partition("- 2026")[0], "worse")
    done = tool(wiki, "--all-files")
    assert done.returncode == 1
    assert f"{EVENT}:5:" in done.stdout
    base = git(wiki, "rev-parse", "HEAD~1")
    ends = ("--from-ref", base, "--to-ref", "HEAD")
    done = tool(wiki, "--hook-stage", "pre-push", *ends, "aswiki-review")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "ASW020" in done.stdout

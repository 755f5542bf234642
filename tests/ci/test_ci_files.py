"""What a wiki's pipelines run: the action and the GitLab template, read and run by a real shell."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
TEMPLATE = "ci/gitlab.yml"

Env = dict[str, str]


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read("action.yml")["runs"]["steps"]
    return found


def test_no_shell_step_of_the_action_holds_an_expression() -> None:
    assert [step["name"] for step in steps() if "${{" in step["run"]] == []


def test_the_action_brings_in_no_other_action_and_each_step_names_its_shell() -> None:
    assert [step for step in steps() if "uses" in step or step["shell"] != "bash"] == []


def test_python_of_the_pipelines_imports_nothing_of_the_checkout() -> None:
    texts = [step["run"] for step in steps()]
    job = read(TEMPLATE)["aswiki-review"]
    texts += [*job["before_script"], *job["script"]]
    calls = re.findall(r'(?:python3?|"\$PYTHON")"? +(\S+)', "\n".join(texts))
    assert calls
    assert set(calls) == {"-I"}


def test_every_input_of_the_action_is_described_and_used() -> None:
    action = read("action.yml")
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    for name, said in action["inputs"].items():
        assert said["description"]
        assert f"inputs.{name}" in text
    assert read("action.yml")["outputs"]["exit-code"]["value"]


def test_the_action_runs_with_the_rights_of_the_pull_request_alone() -> None:
    for page in ("action.yml", TEMPLATE, "docs/ci.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        workflows = "".join(re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
        assert "pull_request_target" not in (workflows if page.endswith(".md") else text)


def test_the_workflow_of_the_docs_fetches_the_whole_history_by_a_pinned_checkout() -> None:
    text = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    [workflow] = [found for found in map(yaml.safe_load, blocks) if "jobs" in found]
    assert True in workflow, "YAML 1.1 reads the key `on` so"
    assert workflow[True] == "pull_request"
    assert workflow["permissions"] == {"contents": "read", "pull-requests": "write"}
    [job] = workflow["jobs"].values()
    checkout = job["steps"][0]
    assert re.fullmatch(r"actions/checkout@[0-9a-f]{40}", checkout["uses"])
    assert checkout["with"] == {"fetch-depth": 0, "persist-credentials": False}


def test_the_gitlab_job_runs_for_merge_requests_keeps_its_findings_and_its_verdict() -> None:
    job = read(TEMPLATE)["aswiki-review"]
    assert job["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]
    assert job["variables"]["GIT_DEPTH"] == "0"
    assert re.fullmatch(r"python:3\.\d+\.\d+-\w+", job["image"]), "a pinned version"
    assert job["artifacts"]["reports"] == {"codequality": "gl-code-quality-report.json"}
    assert job["artifacts"]["when"] == "always"
    assert job["script"][-1] == 'exit "$code"'


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def pulled(hand_made: Callable[[Path], Path], tmp_path: Path) -> tuple[Path, str, str]:
    """A wiki with a pull request that takes a record away; the two ends of it."""
    root = hand_made(tmp_path / "wiki")
    events = root / "customers/acme/events"
    events.mkdir()
    record = events / "2026-10-03-down.md"
    record.write_text(
        "---\ntype: event\ntitle: Portal down\nkind: incident\nseverity: P1\n"
        "started_at: 2026-10-03T14:05:00+08:00\n---\n\n## Log\n",
        encoding="utf-8",
    )
    git(root, "add", ".")
    git(root, "commit", "-qm", "an incident")
    base = git(root, "rev-parse", "HEAD")
    git(root, "switch", "-qc", "gone")
    git(root, "rm", "-q", str(record))
    git(root, "commit", "-qm", "gone")
    return root, base, git(root, "rev-parse", "HEAD")


def installed(folder: Path) -> None:
    """Where the action puts aswiki, the one under test."""
    (folder / "bin").mkdir(parents=True)
    for name in ("python", "aswiki"):
        (folder / "bin" / name).write_text(f'#!/bin/sh\nexec "{BIN / name}" "$@"\n')
        (folder / "bin" / name).chmod(0o755)


def bash(script: str, cwd: Path, env: Env) -> subprocess.CompletedProcess[str]:
    path = os.environ["PATH"]
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=cwd,
        env={**os.environ, "PATH": path, **env},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.slow
def test_the_action_s_steps_post_the_review_and_keep_its_verdict(
    pulled: tuple[Path, str, str], github_env: Callable[[], Env], host: Any, tmp_path: Path
) -> None:
    root, base, head = pulled
    temp = tmp_path / "temp"
    installed(temp / "aswiki")
    env = github_env() | {
        "RUNNER_TEMP": str(temp),
        "GITHUB_OUTPUT": str(temp / "output"),
        "ASWIKI_SOURCE": str(ROOT),
        "ASWIKI_WIKI": ".",
        "REVIEW_LANG": "en",
        "REVIEW_SARIF": str(temp / "findings.sarif"),
        "BASE": base,
        "HEAD": head,
    }
    run = {step["name"]: step["run"] for step in steps()}
    reviewed = bash(run["Review"], root, env)
    assert reviewed.returncode == 0, reviewed.stderr
    assert (temp / "output").read_text() == "exit-code=1\n"
    said = reviewed.stdout.splitlines()
    assert said[0].startswith("::stop-commands::")
    assert said[1] == f"::{said[0].rpartition(':')[2]}::"
    assert any(line.startswith("::error ") and "ASW022" in line for line in said[2:])
    assert (temp / "findings.sarif").read_text().startswith("{")
    assert bash(run["Comment"], root, env).returncode == 0
    [comment] = host.comments
    assert comment["body"].startswith("<!-- aswiki-review -->\n")
    assert "ASW022" in comment["body"]
    assert bash(run["Verdict"], root, {**env, "CODE": "1"}).returncode == 1


@pytest.mark.slow
def test_the_gitlab_job_s_script_posts_the_review_and_keeps_its_verdict(
    pulled: tuple[Path, str, str], gitlab_env: Env, host: Any, tmp_path: Path
) -> None:
    root, _base, head = pulled
    clone = tmp_path / "build"
    git(tmp_path, "clone", "-q", "-b", "gone", str(root), str(clone))
    installed(tmp_path / "venv")
    script = "\n".join(read(TEMPLATE)["aswiki-review"]["script"])
    script = script.replace("/opt/venv", str(tmp_path / "venv")).replace("/opt/aswiki", str(ROOT))
    env = gitlab_env | {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_COMMIT_SHA": head}
    done = bash(script, clone, env)
    assert done.returncode == 1, done.stderr
    assert (clone / "gl-code-quality-report.json").read_text().startswith("[")
    [note] = host.comments
    assert "ASW022" in note["body"]

"""The messenger of a review: one comment, updated, at both hosts, and never a leaked token."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "ci" / "post_comment.py"
MARKER = "<!-- aswiki-review -->"
TOKEN = "secret-token-of-the-job"
REVIEW = f"{MARKER}\n\n## 评审\n\nSeverity lowered at 蓝鲸游戏.\n"
BOT = {"id": 41, "login": "github-actions[bot]", "type": "Bot"}
NOW = {"Retry-After": "0"}

Env = dict[str, str]
Made = Callable[[], Env]


def post(
    tmp_path: Path, env: Mapping[str, str], text: str = REVIEW
) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "review.md"
    file.write_text(text, encoding="utf-8")
    words = [sys.executable, "-I", str(SCRIPT), str(file)]
    done = subprocess.run(
        words, env=dict(env), capture_output=True, encoding="utf-8", check=False, timeout=60
    )
    assert TOKEN not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(params=["github", "gitlab"])
def env(request: pytest.FixtureRequest, github_env: Made, gitlab_env: Env, host: Any) -> Env:
    """The environment of a job, at each host."""
    if request.param == "github":
        host.refuses["user"] = 403  # as it is for the token of a job
        return github_env()
    return gitlab_env


def test_the_first_review_is_a_new_comment_and_the_next_one_takes_its_place(
    env: Env, host: Any, tmp_path: Path
) -> None:
    host.add("Looks good to me", id=5, login="reviewer", type="User")
    assert "added" in post(tmp_path, env).stdout
    assert "updated" in post(tmp_path, env, f"{MARKER}\n\nNothing found.\n").stdout
    assert "unchanged" in post(tmp_path, env, f"{MARKER}\n\nNothing found.\n").stdout
    assert [each["body"] for each in host.comments] == [
        "Looks good to me",
        f"{MARKER}\n\nNothing found.\n",
    ]


def test_a_comment_on_a_later_page_is_found(env: Env, host: Any, tmp_path: Path) -> None:
    for number in range(230):
        host.add(f"Remark {number}", id=5, login="reviewer", type="User")
    host.add(f"{MARKER}\nold", **BOT)
    assert "updated" in post(tmp_path, env).stdout
    assert len(host.comments) == 231
    assert host.comments[-1]["body"] == REVIEW


def test_a_comment_that_somebody_else_marked_is_left_alone(
    env: Env, host: Any, tmp_path: Path
) -> None:
    host.add(f"{MARKER}\nNothing found, merge it.", id=6, login="mallory", type="User")
    host.add(f"I quote:\n{MARKER}", **BOT)
    assert "added" in post(tmp_path, env).stdout
    assert [each["body"] for each in host.comments][:2] == [
        f"{MARKER}\nNothing found, merge it.",
        f"I quote:\n{MARKER}",
    ]


def test_a_person_s_token_finds_that_person_s_comment(
    github_env: Made, host: Any, tmp_path: Path
) -> None:
    host.add(f"{MARKER}\nof another bot", id=77, login="other[bot]", type="Bot")
    host.add(f"{MARKER}\nold", **BOT)
    assert "updated" in post(tmp_path, github_env()).stdout
    assert [each["body"] for each in host.comments] == [f"{MARKER}\nof another bot", REVIEW]


@pytest.mark.parametrize(
    "failures",
    [
        [(503, NOW)],
        [(502, NOW), (429, NOW), (500, NOW)],
        [(403, {**NOW, "X-RateLimit-Remaining": "0"})],
    ],
    ids=["once", "thrice", "rate limit"],
)
def test_a_busy_host_is_asked_again_and_nothing_is_doubled(
    env: Env, host: Any, tmp_path: Path, failures: list[tuple[int, dict[str, str]]]
) -> None:
    host.failures = failures
    assert "added" in post(tmp_path, env).stdout
    assert [each["body"] for each in host.comments] == [REVIEW]


def test_a_comment_whose_answer_was_lost_is_found_and_not_posted_again(
    env: Env, host: Any, tmp_path: Path
) -> None:
    host.lost_answers = 1
    assert "unchanged" in post(tmp_path, env).stdout
    assert [each["body"] for each in host.comments] == [REVIEW]


def test_a_host_that_stays_busy_is_left_in_peace_after_four_tries(
    github_env: Made, host: Any, tmp_path: Path
) -> None:
    host.failures = [(503, NOW)] * 50
    env = github_env()
    done = post(tmp_path, env)
    assert (done.returncode, host.comments) == (0, [])
    assert len([each for each in host.asked if each.endswith("/comments")]) == 4
    assert Path(env["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8") == REVIEW


def test_a_long_wait_is_not_waited(github_env: Made, host: Any, tmp_path: Path) -> None:
    host.failures = [(429, {"Retry-After": "3600"})]
    done = post(tmp_path, github_env())
    assert "busy" in done.stderr
    assert host.requests("POST") == []


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_fork_s_token_that_only_reads_leaves_the_review_in_the_job_s_summary(
    github_env: Made, host: Any, tmp_path: Path, status: int
) -> None:
    host.refuses = {"user": 403, "POST": status}
    env = github_env()
    done = post(tmp_path, env)
    assert done.returncode == 0
    assert "fork" in done.stderr
    assert "summary" in done.stderr
    assert Path(env["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8") == REVIEW
    assert len(host.requests("POST")) == 1


def test_a_fork_at_gitlab_has_no_token_and_is_told_so(
    gitlab_env: Env, host: Any, tmp_path: Path
) -> None:
    del gitlab_env["ASWIKI_GITLAB_TOKEN"]
    done = post(tmp_path, gitlab_env)
    assert done.returncode == 0
    assert "ASWIKI_GITLAB_TOKEN" in done.stderr
    assert "artifacts" in done.stderr
    assert host.asked == []


@pytest.mark.parametrize("event", ['{"ref": "refs/heads/main"}', "[]", "no json", None])
def test_a_job_that_is_about_no_pull_request_writes_the_summary(
    github_env: Made, host: Any, tmp_path: Path, event: str | None
) -> None:
    env = github_env()
    place = Path(env["GITHUB_EVENT_PATH"])
    place.unlink() if event is None else place.write_text(event, encoding="utf-8")
    assert post(tmp_path, env).returncode == 0
    assert host.asked == []
    assert Path(env["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8") == REVIEW


def test_merge_requests_are_those_of_the_target_project(
    gitlab_env: Env, host: Any, tmp_path: Path
) -> None:
    post(tmp_path, gitlab_env)
    assert host.requests("POST") == ["POST /api/v4/projects/12/merge_requests/7/notes"]
    assert host.tokens == {TOKEN}


def test_a_token_goes_over_https_only_and_follows_no_redirect(
    github_env: Made, host: Any, tmp_path: Path
) -> None:
    far = github_env() | {"GITHUB_API_URL": "http://host.invalid"}
    assert "https" in post(tmp_path, far).stderr
    host.failures = [(302, {"Location": f"{host.url}/elsewhere"})]
    post(tmp_path, github_env())
    assert [each for each in host.asked if "elsewhere" in each] == []


def test_a_review_that_is_too_long_is_cut_at_a_line_and_closes_what_it_opened(
    github_env: Made, host: Any, tmp_path: Path
) -> None:
    fold = "<details><summary>蓝鲸游戏</summary>\n\n" + "状态 new → closed，记录一行\n" * 9000
    post(tmp_path, github_env(), f"{MARKER}\n\n{fold}</details>\n")
    [comment] = host.comments
    body = comment["body"]
    assert len(body) <= 65_000
    assert body.startswith(f"{MARKER}\n")
    assert body.count("<details>") == body.count("</details>") == 1
    assert "Too long for a comment" in body


def test_a_text_without_the_marker_gets_it(github_env: Made, host: Any, tmp_path: Path) -> None:
    post(tmp_path, github_env(), "Nothing found.\n")
    assert host.comments[0]["body"] == f"{MARKER}\nNothing found.\n"


def test_a_pull_request_s_words_reach_the_host_to_the_letter(
    env: Env, host: Any, tmp_path: Path
) -> None:
    hostile = f'{MARKER}\n$(touch canary) `touch canary` "; touch canary #\n::set-env name=A::b\n'
    done = post(tmp_path, env, hostile)
    assert host.comments[0]["body"] == hostile
    assert "::" not in done.stdout
    assert not (tmp_path / "canary").exists()


def test_no_file_is_wrong_usage(tmp_path: Path) -> None:
    for words in ([], ["a", "b"], [str(tmp_path / "missing.md")]):
        done = subprocess.run(
            [sys.executable, "-I", str(SCRIPT), *words], capture_output=True, check=False
        )
        assert (done.returncode, done.stdout) == (2, b"")


def test_the_event_is_what_names_the_pull_request(
    github_env: Made, host: Any, tmp_path: Path
) -> None:
    env = github_env()
    event = {"pull_request": {"number": 31, "title": "../../1"}}
    Path(env["GITHUB_EVENT_PATH"]).write_text(json.dumps(event), encoding="utf-8")
    post(tmp_path, env)
    assert host.requests("POST") == ["POST /repos/acme/wiki/issues/31/comments"]

"""``aswiki report`` on a real wiki in a real repository."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from aswiki.cli.main import main

INCIDENT = """---
type: event
title: {title}
kind: incident
severity: P1
status: {status}
started_at: 2022-06-03T14:05:00Z
{rest}---

## Log
"""


def git(folder: Path, *words: str, at: str = "2022-06-10T12:00:00+00:00") -> str:
    dates = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
    done = subprocess.run(
        ["git", *words], cwd=folder, env=os.environ | dates, check=True, capture_output=True
    )
    return done.stdout.decode().strip()


def record(folder: Path, ref: str, text: str) -> Path:
    path = folder / "customers" / f"{ref}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def commit(folder: Path, at: str) -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "records", at=at)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def wiki(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One customer whose incident was open on 10 June and resolved on 12 June."""
    folder = tmp_path / "wiki"
    folder.mkdir()
    settings = '[wiki]\nschema = 1\nname = "值班库"\nlang = "zh"\ntimezone = "UTC"\n'
    (folder / "aswiki.toml").write_text(settings, encoding="utf-8")
    git(folder, "init", "--quiet")
    name = "name: 蓝鲸游戏\naliases: [Blue Whale]\n"
    record(folder, "lan-jing/profile", f"---\ntype: profile\ntitle: 蓝鲸游戏\n{name}---\n")
    record(folder, "acme/profile", "---\ntype: profile\ntitle: Acme\nname: Acme\n---\n")
    ref = "lan-jing/events/2022-06-03-oss"
    record(folder, ref, INCIDENT.format(title="写入超时", status="in_progress", rest=""))
    commit(folder, "2022-06-10T12:00:00+00:00")
    resolved = "resolved_at: 2022-06-03T15:00:30Z\n"
    record(folder, ref, INCIDENT.format(title="写入超时", status="resolved", rest=resolved))
    commit(folder, "2022-06-12T12:00:00+00:00")
    monkeypatch.chdir(folder)
    return folder


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["report", *words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def failure(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    exit_code = main(["report", *words, "--json"])
    said = capsys.readouterr()
    assert said.out == ""
    return exit_code, json.loads(said.err.splitlines()[-1])["error"]["code"]


def test_the_report_counts_the_incidents_of_the_month(
    wiki: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, "--month", "2022-06")
    assert (found["totals"]["incidents"], found["totals"]["incident_minutes"]) == (1, 56)
    assert found["before"]["month"] == "2022-05"
    assert found["before"]["totals"]["incidents"] == 0
    assert [one["customer"] for one in found["customers"]] == ["lan-jing", "acme"]
    assert found["customers"][0]["incidents"][0]["started_at"] == "2022-06-03T14:05:00+00:00"
    known = "2022-07-01T00:00:00+00:00"
    assert (found["for"], found["as_of"], found["records"]) == ("boss", known, 3)
    assert found["commit"] == git(wiki, "rev-parse", "HEAD")


def test_the_report_reads_in_the_language_asked_for(
    wiki: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "--month", "2022-06"]) == 0
    chinese = capsys.readouterr().out
    assert "# 2022-06 月报（给老板） · 值班库" in chinese
    assert "**P1 故障** 蓝鲸游戏：写入超时，56 分钟" in chinese
    assert "本月无事：Acme。" in chinese
    assert main(["--lang", "en", "report", "--month", "2022-06"]) == 0
    english = capsys.readouterr().out
    assert "**P1 incident** 蓝鲸游戏: 写入超时, 56 minutes" in english
    assert git(wiki, "rev-parse", "HEAD")[:12] in english


def test_a_month_without_anything_says_so(wiki: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--month", "2019-01"]) == 0
    assert "2019-01 没有任何记录。" in capsys.readouterr().out


def test_as_of_a_day_the_incident_was_still_going_on(
    wiki: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, "--month", "2022-06", "--as-of", "2022-06-10")
    (incident,) = found["customers"][0]["incidents"]
    assert found["as_of"] == "2022-06-10T23:59:59+00:00"
    assert incident["ended_at"] is None
    assert incident["minutes"] == 7 * 24 * 60 + 9 * 60 + 55
    assert found["commit"] == git(wiki, "rev-parse", "HEAD~1")


def test_as_of_a_commit_counts_to_the_moment_of_the_commit(
    wiki: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for revision in (git(wiki, "rev-parse", "--short", "HEAD~1"), "HEAD~1"):
        found = answer(capsys, "--month", "2022-06", "--as-of", revision)
        assert found["as_of"] == "2022-06-10T12:00:00+00:00"
        assert found["totals"]["incident_minutes"] == 6 * 24 * 60 + 22 * 60 - 5
    assert failure(capsys, "--month", "2022-06", "--as-of", "2021-01-01") == (3, "no-revision")


def test_the_same_commit_month_and_options_make_the_same_bytes(
    wiki: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = []
    for _turn in range(2):
        assert main(["report", "--month", "2022-06", "--as-of", "2022-06-10"]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    assert "截至 2022-06-10 23:59 +0000" in printed[0]


def test_only_the_customers_named_are_reported_on(
    wiki: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, "Blue Whale", "lan-jing", "--month", "2022-06")
    assert [one["customer"] for one in found["customers"]] == ["lan-jing"]
    assert answer(capsys, "acme", "--month", "2022-06")["totals"]["incidents"] == 0
    assert failure(capsys, "nobody", "--month", "2022-06") == (3, "no-customer")


def test_a_file_that_cannot_be_read_is_skipped_and_named(
    wiki: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(wiki, "acme/events/2022-06-05-bad", "---\ntype: event\ntitle: [\n---\n")
    assert main(["report", "--month", "2022-06", "--json"]) == 0
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert found["skipped"] == ["customers/acme/events/2022-06-05-bad.md"]
    assert "customers/acme/events/2022-06-05-bad.md" in said.err
    assert (found["totals"]["incidents"], found["uncommitted"]) == (1, 1)


def test_a_tombstone_is_neither_counted_nor_named(
    wiki: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    retired = "retired: {why: 重复, by: zhangwei, at: 2022-06-13}\n"
    kept = "type: event\ntitle: 写入超时\nstatus: retired\nstarted_at: 2022-06-03\n"
    text = f"---\n{kept}{retired}---\n"
    record(wiki, "lan-jing/events/2022-06-03-oss", text)
    found = answer(capsys, "--month", "2022-06")
    assert (found["totals"]["incidents"], found["skipped"]) == (0, [])


def test_words_of_a_record_cannot_forge_the_report(
    wiki: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    title = '"</td><img src=x onerror=alert(1)> | **P0** `x` \\u202E [a](javascript:b)"'
    text = INCIDENT.format(title=title, status="resolved", rest="resolved_at: 2022-06-04\n")
    record(wiki, "acme/events/2022-06-03-forged", text)
    assert main(["report", "--month", "2022-06"]) == 0
    printed = capsys.readouterr().out
    assert "\u202e" not in printed
    escaped = "&lt;/td>&lt;img src=x onerror=alert(1)> \\| \\*\\*P0\\*\\* \\`x\\` \\u202e \\[a]"
    assert escaped in printed


def test_the_report_is_written_to_a_file_or_into_a_folder(
    wiki: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, folder = tmp_path / "out" / "juni.md", tmp_path / "reports"
    assert main(["report", "--month", "2022-06", "--out", str(file)]) == 0
    assert capsys.readouterr().out == f"{file}\n"
    assert file.read_text(encoding="utf-8").startswith("# 2022-06 月报")
    folder.mkdir()
    assert main(["report", "--month", "2022-06", "--out", str(folder)]) == 0
    assert (folder / "2022-06-boss.md").read_bytes() == file.read_bytes()
    kept = answer(capsys, "--month", "2022-06", "--out", str(folder)) if capsys.readouterr() else {}
    path = str(folder / "2022-06-boss.json")
    assert kept == {"path": path, "paths": [path]}
    written = json.loads((folder / "2022-06-boss.json").read_text(encoding="utf-8"))
    assert written["totals"]["incidents"] == 1


def test_a_template_of_the_wiki_comes_before_the_packaged_one(
    wiki: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = wiki / "templates" / "reports" / "report.zh.md.j2"
    own.parent.mkdir(parents=True)
    own.write_text("# 我们的 {{ month }}：{{ totals.incidents }} 起\n", encoding="utf-8")
    assert main(["report", "--month", "2022-06"]) == 0
    assert capsys.readouterr().out == "# 我们的 2022-06：1 起\n"
    own.write_text("{{ ''.__class__ }}", encoding="utf-8")
    assert main(["report", "--month", "2022-06"]) == 4
    assert "templates/reports/report.zh.md.j2" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], "missing-argument"),
        (["--month", "2022-13"], "unclear-time"),
        (["--month", "2022-06", "--for", "sales"], "no-customer"),
        (["--month", "2022-06", "--for", "客户技术"], "no-customer"),
        (["--month", "2022-06", "--quarter", "2022-Q2"], "several-periods"),
        (["--quarter", "2022-Q5"], "bad-period"),
        (["--year", "22"], "bad-period"),
        (["--from", "2022-06-01"], "half-a-period"),
        (["--from", "2022-06-02", "--to", "2022-06-01"], "bad-period"),
        (["--month", "2022-06", "--for", "team"], "unknown-reader"),
        (["--month", "2022-06", "--for", "nobody"], "unknown-reader"),
    ],
)
def test_wrong_usage_is_exit_2_and_writes_nothing(
    wiki: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: str
) -> None:
    assert failure(capsys, *words) == (2, code)


def test_a_format_that_is_not_there_is_exit_2(
    wiki: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "--month", "2022-06", "--format", "txt"]) == 2
    assert "txt" in capsys.readouterr().err


def test_a_wiki_outside_any_repository_is_reported_on_without_a_commit(
    wiki: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (wiki / ".git").rename(wiki.parent / "git-away")
    found = answer(capsys, "--month", "2022-06")
    assert (found["commit"], found["totals"]["incidents"]) == (None, 1)
    assert failure(capsys, "--month", "2022-06", "--as-of", "2022-06-10") == (4, "no-repository")


def test_every_foot_says_up_to_when_things_are_known(
    wiki: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit = git(wiki, "rev-parse", "HEAD")[:12]
    assert main(["--lang", "en", "report", "--month", "2022-06"]) == 0
    said = f"As of 2022-07-01 00:00 +0000 · commit `{commit}` · 3 records"
    assert capsys.readouterr().out.endswith(f"---\n\n{said}\n")
    assert main(["report", "--month", "2022-06", "lan-jing", "--for", "customer_biz"]) == 0
    assert capsys.readouterr().out.endswith("---\n\n截至 2022-07-01 00:00 +0000\n")


def test_a_month_that_still_runs_is_known_up_to_the_day_and_no_clock_is_told(
    wiki: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, "--month", "2099-12")
    assert len(found["as_of"]) == len("2026-10-03")


@pytest.mark.parametrize("words", [("--year", "0001"), ("--year", "9998"), ("--quarter", "0001Q1")])
def test_a_period_of_no_calendar_of_ours_is_refused(
    wiki: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, str]
) -> None:
    assert failure(capsys, *words) == (2, "bad-period")


def test_a_dash_is_stdout_and_makes_no_folder(
    wiki: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "--month", "2022-06", "--out", "-"]) == 0
    assert capsys.readouterr().out.startswith("# 2022-06 月报")
    several = ("--month", "2022-06", "lan-jing", "acme", "--for", "sales", "--out", "-")
    assert failure(capsys, *several) == (2, "several-documents")
    assert not (wiki / "-").exists()


def test_a_pipe_is_written_into_and_stays_a_pipe(
    wiki: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        assert main(["report", "--month", "2022-06", "--out", str(pipe)]) == 0
        read = reader.communicate(timeout=30)[0].decode()
    assert read.startswith("# 2022-06 月报")
    assert pipe.is_fifo()


def test_a_file_named_for_another_form_is_refused(
    wiki: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "october.PDF"
    assert failure(capsys, "--month", "2022-06", "--out", str(wrong)) == (2, "other-form")
    assert not wrong.exists()
    (tmp_path / "folder.pdf").mkdir()
    assert main(["report", "--month", "2022-06", "--out", str(tmp_path / "folder.pdf")]) == 0


def test_a_large_number_is_no_phone_in_the_json_of_a_customer(
    wiki: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = "{source: 1, product: API, charge: usage, currency: CNY, unit: calls, "
    line += "quantity: 13812345678, effective_cost: 13800000001}"
    usage = "---\ntype: usage\ntitle: June\nperiod: 2022-06\nsources: []\nlines:\n"
    record(wiki, "lan-jing/usage/2022-06", f"{usage}  - {line}\ndays_covered: 30\n---\n")
    found = answer(capsys, "--month", "2022-06", "lan-jing", "--for", "customer_tech")
    assert '"13812345678"' in json.dumps(found)


@pytest.mark.parametrize("way", ["{outside}", "reports/../../outside.txt", "../outside.txt"])
def test_a_template_includes_nothing_from_outside_the_templates(
    wiki: Path, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    outside = wiki / "outside.txt"
    outside.write_text("of nobody's business", encoding="utf-8")
    own = wiki / "templates" / "reports" / "report.zh.md.j2"
    own.parent.mkdir(parents=True)
    include = way.format(outside=outside)
    own.write_text(f'{{% include "{include}" %}}', encoding="utf-8")
    assert failure(capsys, "--month", "2022-06") == (4, "bad-template")

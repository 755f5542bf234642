"""``aswiki report --for``: what stops a customer's report, and what each reader is told."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest

from aswiki.domain.checks.rules import text_sha256
from aswiki.wiki.starting import demo

ASWIKI = str(Path(sys.executable).with_name("aswiki"))
UPLOADS = "customers/sunbird/events/2026-10-13-image-uploads-fail.md"
RELEASED = (
    "On 13 October from 14:21 to 15:09 most image uploads failed. Pictures already stored were not "
    "touched. Restarts will take one front end at a time from 6 November."
)
BANK = "heng-chuan-yin-hang"
TIMEOUTS = f"{BANK}/events/2026-10-03-mobile-login-timeouts"
CLEARED_AT = "2026-10-12"
FORMS = ("md", "html", "pdf", "docx", "xlsx", "json")
OCTOBER = ("report", "--month", "2026-10")
NOVEMBER = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


class Result(Protocol):
    code: int
    out: str
    err: str


class Clock(Protocol):
    now: datetime


Run = Callable[..., Result]
Git = Callable[..., str]


@pytest.fixture(autouse=True)
def _in_november(clock: Clock) -> None:
    clock.now = NOVEMBER


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, _world: None) -> Path:
    """The examples with their history."""
    folder = tmp_path_factory.mktemp("told") / "wiki"
    demo(folder)
    return folder


@pytest.fixture
def history(told: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(told)
    return told


def changed(wiki: Path, path: str, old: str, new: str) -> None:
    """A hand edit."""
    file = wiki / path
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def said_by_hand(wiki: Path, words: str) -> None:
    """Other words for the customer, with a release that fits them."""
    changed(wiki, UPLOADS, RELEASED, words)
    changed(wiki, UPLOADS, text_sha256(RELEASED), text_sha256(words))


# what stops a customer's report


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("form", ["md", "pdf"])
def test_words_changed_after_their_release_stop_the_customer_s_report(
    form: str, committed: bool, examples: Path, run: Run, git: Git, tmp_path: Path
) -> None:
    changed(examples, UPLOADS, "most image uploads failed", "all image uploads failed")
    if committed:
        git(examples, "commit", "--quiet", "--all", "-m", "reworded")
    out = tmp_path / f"report.{form}"
    asked = (*OCTOBER, "sunbird", "--for", "customer_tech", "--format", form, "--out", str(out))
    stopped = run(*asked)
    assert (stopped.code, stopped.out) == (1, "")
    assert "sunbird/events/2026-10-13-image-uploads-fail customer_text" in stopped.err
    assert not out.exists()
    assert run(*OCTOBER, "sunbird", "--for", "boss").code == 0


def test_a_stopped_report_is_a_document_of_its_leaks_with_json(
    examples: Path, run: Run, tmp_path: Path
) -> None:
    changed(examples, UPLOADS, "most image uploads failed", "all image uploads failed")
    out = tmp_path / "report.json"
    asked = (*OCTOBER, "sunbird", "--for", "customer_tech", "--json")
    for words in (asked, (*asked, "--out", str(out))):
        stopped = run(*words)
        assert stopped.code == 1
        assert json.loads(stopped.out) == {
            "leaks": [
                {
                    "ref": "sunbird/events/2026-10-13-image-uploads-fail",
                    "field": "customer_text",
                    "kind": "stale_release",
                    "found": "",
                }
            ]
        }
    assert not out.exists()


@pytest.mark.parametrize("form", ["md", "pdf"])
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("As at Tallowmere, uploads failed.", "Tallowmere"),
        ("Uploads failed. Call 138-0000-0011 about it.", "138-0000-0011"),
        ("Uploads failed, which Borealis Cloud does not do.", "Borealis Cloud"),
        ("Uploads failed. It is a 老Bug.", "老Bug"),
        ("Uploads failed, and 吴钧 mended it.", "吴钧"),
    ],
)
def test_released_words_that_give_away_stop_the_report_and_nothing_is_written(
    words: str, found: str, form: str, examples: Path, run: Run, tmp_path: Path
) -> None:
    said_by_hand(examples, words)
    out = tmp_path / "out"
    asked = (*OCTOBER, "sunbird", "--for", "customer_tech", "--format", form, "--out", f"{out}/")
    stopped = run(*asked)
    assert (stopped.code, stopped.out) == (1, "")
    assert "sunbird/events/2026-10-13-image-uploads-fail customer_text" in stopped.err
    assert found in stopped.err
    assert not out.exists()


def test_one_customer_s_leak_keeps_every_document_of_the_run_back(
    examples: Path, run: Run, tmp_path: Path
) -> None:
    said_by_hand(examples, "As at Tallowmere, uploads failed.")
    out = tmp_path / "out"
    several = (*OCTOBER, "sunbird", BANK, "--for", "customer_tech", "--out", str(out))
    assert run(*several).code == 1
    assert not out.exists()


def test_honest_words_of_one_record_do_not_let_the_words_of_another_through(
    examples: Path, run: Run
) -> None:
    said_by_hand(examples, "As at Tallowmere, uploads failed.")
    honest = "scan_ok: [{text: Tallowmere}]\nowner: linyue\n---"
    other = "customers/sunbird/events/2026-10-08-search-pods-evicted.md"
    changed(examples, other, "owner: linyue\n---", honest)
    asked = (*OCTOBER, "sunbird", "--for", "customer_tech")
    assert run(*asked).code == 1
    changed(examples, UPLOADS, "owner: linyue\n---", honest)
    assert "As at Tallowmere" in run(*asked).out


# what a reader is told


def test_purchasing_reads_the_approved_wording_of_the_inquiry_alone(
    examples: Path, run: Run
) -> None:
    for language in ("zh", "en"):
        told = run("--lang", language, *OCTOBER, BANK, "--for", "customer_biz")
        assert told.code == 0
        assert "当天平台运行正常，季末业务量集中，部分上传排队约二十分钟" in told.out
        for kept in ("单桶上限", "每秒 5000 次", "临时提额", "协查", "考核", "姚清", "陆"):
            assert kept not in told.out


def test_an_unreadable_file_is_named_to_the_boss_alone(examples: Path, run: Run) -> None:
    name = "2026-10-28-bao-yuan-chu-zhang"
    broken = examples / "customers/sunbird/notes" / f"{name}.md"
    broken.write_text("---\ntype: [\n---\n", encoding="utf-8")
    assert name in run(*OCTOBER, "sunbird").out
    for reader in ("product", "sales", "customer_tech"):
        made = run("--json", *OCTOBER, "sunbird", "--for", reader)
        assert made.code == 0
        assert name not in made.out
    assert "1 file" in run(*OCTOBER, "sunbird", "--for", "sales").out


def test_a_document_of_one_customer_counts_that_customer_s_records_alone(
    examples: Path, run: Run, tmp_path: Path
) -> None:
    run(*OCTOBER, "sunbird", BANK, "--for", "sales", "--format", "json", "--out", f"{tmp_path}/o")
    for one in ("sunbird", BANK):
        alone = json.loads(run("--json", *OCTOBER, one, "--for", "sales").out)
        together = (tmp_path / "o" / f"2026-10-{one}-sales.json").read_text(encoding="utf-8")
        assert json.loads(together) == alone


def test_a_customer_without_a_name_is_not_called_by_our_title_of_their_page(
    examples: Path, run: Run
) -> None:
    profile = examples / "customers/sunbird/profile.md"
    lines = profile.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("name:")]
    title = next(line for line in kept if line.startswith("title:"))
    text = "".join(kept).replace(title, "title: Sunbird who never pay\n")
    profile.write_text(text, encoding="utf-8")
    assert "never pay" in run(*OCTOBER, "sunbird").out
    for reader in ("customer_tech", "customer_biz"):
        for form in ("md", "html", "json"):
            made = run(*OCTOBER, "sunbird", "--for", reader, "--format", form)
            assert made.code == 0
            assert "never pay" not in made.out


# a blame that was cleared


def test_a_cleared_blame_is_told_before_those_still_carried(history: Path, run: Run) -> None:
    told = run(*OCTOBER).out
    asked = told.partition("## 0 ")[2].partition("\n## ")[0]
    assert asked.index("**Blame cleared**") < asked.index("**Blame still carried**")
    assert TIMEOUTS in asked.partition("**Blame cleared**")[2].partition("\n")[0]
    section = told.partition("Blame, carried and cleared")[2].partition("\n## ")[0]
    assert section.index("**Cleared**") < section.index(TIMEOUTS)
    assert section.index(TIMEOUTS) < section.index("**Still carried**")


def test_a_revision_before_the_clearing_still_shows_it_as_carried(
    history: Path, run: Run, git: Git
) -> None:
    path = f"customers/{TIMEOUTS}.md"
    before = git(history, "rev-list", "-1", f"--before={CLEARED_AT}T00:00:00+08:00", "HEAD").strip()
    assert "status: cleared" not in git(history, "show", f"{before}:{path}")
    then = json.loads(run("--json", *OCTOBER, BANK, "--as-of", before).out)
    (blame,) = [each for each in then["sections"] if each["key"] == "blame"]
    assert [row["ref"] for row in blame["carried"]] == [TIMEOUTS]
    assert blame["cleared"] == []
    told = run(*OCTOBER, BANK, "--as-of", before).out
    assert "**Blame still carried**" in told
    assert "**Blame cleared**" not in told
    now = json.loads(run("--json", *OCTOBER, BANK).out)
    (blame,) = [each for each in now["sections"] if each["key"] == "blame"]
    assert [row["ref"] for row in blame["cleared"]] == [TIMEOUTS]


# the same bytes


@pytest.mark.parametrize("form", FORMS)
def test_two_runs_make_the_same_bytes_wherever_and_whenever(
    form: str, history: Path, run: Run, clock: Clock, tmp_path: Path
) -> None:
    words = (*OCTOBER, "sunbird", "--for", "customer_tech", "--format", form, "--out")
    digests = []
    for number in (1, 2):
        out = tmp_path / f"{number}.{form}"
        clock.now = datetime(2026, 11, 2 + number, 7, 31, number, tzinfo=UTC)
        assert run(*words, str(out)).code == 0
        digests.append(hashlib.sha256(out.read_bytes()).hexdigest())
    own = {"TZ": "America/St_Johns", "PYTHONHASHSEED": "77", "ASWIKI_LANG": "en"}
    out = tmp_path / f"other.{form}"
    subprocess.run([ASWIKI, "-q", *words, str(out)], env=os.environ | own, check=True)
    digests.append(hashlib.sha256(out.read_bytes()).hexdigest())
    assert len(set(digests)) == 1


# how it is asked for


def test_a_report_for_a_customer_names_the_customer(examples: Path, run: Run) -> None:
    for reader in ("sales", "customer_tech", "customer_biz"):
        assert run(*OCTOBER, "--for", reader).code == 2
    assert run(*OCTOBER, "--for", "team").code == 2
    assert run(*OCTOBER, "--for", "auditor").code == 2


def test_several_customers_need_a_folder_and_get_a_document_each(
    examples: Path, run: Run, tmp_path: Path
) -> None:
    several = (*OCTOBER, "sunbird", BANK, "--for", "sales")
    refused = run(*several)
    assert (refused.code, refused.out) == (2, "")
    assert "--out" in refused.err
    (tmp_path / "one.md").write_text("mine", encoding="utf-8")
    assert run(*several, "--out", str(tmp_path / "one.md")).code == 2
    assert (tmp_path / "one.md").read_text(encoding="utf-8") == "mine"
    assert run(*several, "--out", str(tmp_path / "o")).code == 0
    names = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "o").iterdir()}
    assert set(names) == {f"2026-10-{one}-sales.md" for one in ("sunbird", BANK)}
    assert "恒川" not in names["2026-10-sunbird-sales.md"]
    assert "Sunbird" not in names[f"2026-10-{BANK}-sales.md"]


@pytest.mark.parametrize("form", ["pdf", "docx", "xlsx"])
def test_what_no_terminal_can_show_is_not_sent_to_one(
    form: str, examples: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    refused = run(*OCTOBER, "sunbird", "--format", form)
    assert refused.code == 2
    assert "--out" in refused.err


def test_what_was_withheld_is_explained_on_stderr_alone(examples: Path, run: Run) -> None:
    asked = (*OCTOBER, "sunbird", "--for", "customer_biz")
    plain, explained = run(*asked), run(*asked, "--explain")
    assert explained.out == plain.out
    assert "sunbird/events/2026-10-13-image-uploads-fail" in explained.err
    assert "2026-10-13-image-uploads-fail" not in plain.err + plain.out


@pytest.mark.parametrize(
    ("words", "kind", "key"),
    [
        (("--quarter", "2026-Q3"), "quarter", "2026-Q3"),
        (("--year", "2026"), "year", "2026"),
        (("--from", "2026-10-03", "--to", "2026-10-09"), "days", "2026-10-03..2026-10-09"),
    ],
)
def test_a_period_is_a_quarter_a_year_or_any_days(
    words: tuple[str, ...], kind: str, key: str, examples: Path, run: Run
) -> None:
    for reader in ("boss", "customer_tech"):
        made = run("--json", "report", *words, "sunbird", "--for", reader)
        found = json.loads(made.out)
        assert (found["kind"], found["period"]) == (kind, key)


@pytest.mark.parametrize(
    "words",
    [
        ("--month", "2026-10", "--year", "2026"),
        ("--quarter", "2026-Q5"),
        ("--from", "2026-10-03"),
        ("--to", "2026-10-03"),
        ("--from", "2026-10-09", "--to", "2026-10-03"),
    ],
)
def test_a_period_that_is_none_is_refused(words: tuple[str, ...], examples: Path, run: Run) -> None:
    assert run("report", *words).code == 2


def test_rows_of_their_own_are_shown_to_the_one_who_reads(examples: Path, run: Run) -> None:
    asked = ("--json", *OCTOBER, BANK, "--for", "sales")
    nobody = {each["key"] for each in json.loads(run(*asked).out)["sections"]}
    own = {each["key"] for each in json.loads(run(*asked, "--reader", "chenhao").out)["sections"]}
    assert own - nobody
    assert own - nobody <= {"promises", "sales_sync", "next"}
    assert run(*asked, "--reader", "nobody at all").code == 3


def test_a_company_lends_its_styles_to_word_and_to_nothing_else(
    examples: Path, run: Run, tmp_path: Path
) -> None:
    own = tmp_path / "company.docx"
    assert run(*OCTOBER, "sunbird", "--format", "docx", "--out", str(own)).code == 0
    asked = (*OCTOBER, "sunbird", "--for", "customer_tech", "--reference-doc", str(own))
    out = tmp_path / "report.docx"
    assert run(*asked, "--format", "docx", "--out", str(out)).code == 0
    assert out.read_bytes().startswith(b"PK")
    assert run(*asked, "--format", "pdf", "--out", str(tmp_path / "x.pdf")).code == 2

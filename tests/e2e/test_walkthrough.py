"""The two walkthroughs are scripts: two months of one customer, kept by commands alone."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from aswiki.cli.commands import Command, find
from aswiki.wiki import starting

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"<!-- now: (\S+) -->\n+```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FENCE = re.compile(r"^```sh$", re.MULTILINE)


class Line(NamedTuple):
    """One command of a walkthrough, and the moment at which it is typed."""

    now: datetime
    words: list[str]


@dataclass(frozen=True)
class Tale:
    """What one walkthrough says that the other tells differently."""

    page: str
    customer: str
    blame: str
    quote: str
    cause_party: str
    person: str
    promises: dict[str, str]
    due: list[tuple[str, str]]
    ruling: str


@dataclass
class Told:
    """The wiki at the end, and what each command printed, by its words."""

    wiki: Path
    printed: list[tuple[list[str], str]] = field(default_factory=list)

    def said(self, *words: str) -> str:
        """What the last command printed that begins with these words."""
        found = [out for line, out in self.printed if line[1 : 1 + len(words)] == list(words)]
        return found[-1]


TALES = [
    Tale(
        page="walkthrough.md",
        customer="larkspur-books",
        blame="blame",
        quote="It was our own firewall rule. It had nothing to do with you.",
        cause_party="customer",
        person="Dana Reed",
        promises={"kept": "rnd", "broken": "ops"},
        due=[
            ("larkspur-books/events/2026-10-08-alert-before-a-failover", "stalled-event"),
            ("larkspur-books/profile", "missing-usage"),
        ],
        ruling="commercial",
    ),
    Tale(
        page="walkthrough.zh.md",
        customer="yun-shan-zai-xian",
        blame="背锅",
        quote="查清楚了，是我们自己防火墙会话策略的问题，跟你们没关系，给你们添麻烦了。",
        cause_party="customer",
        person="赵启",
        promises={"kept": "rnd", "broken": "ops"},
        due=[
            (
                "yun-shan-zai-xian/events/2026-10-14-yun-ying-shang-xian-lu-zhi-liang-gao-jing",
                "stalled-event",
            ),
        ],
        ruling="commercial",
    ),
]


def lines(page: str) -> Iterator[Line]:
    """The commands of a page in their order, as a shell reads them."""
    text = (DOCS / page).read_text(encoding="utf-8")
    found = BLOCK.findall(text)
    assert len(found) == len(FENCE.findall(text)), "every block is handed its clock"
    for now, block in found:
        started = ""
        for line in block.replace("\\\n", " ").splitlines():
            started = f"{started}\n{line}" if started else line
            try:
                words = shlex.split(started)
            except ValueError:
                continue
            started = ""
            yield Line(datetime.fromisoformat(now), words)
        assert not started, started


def commits(git: Callable[..., str], wiki: Path) -> int:
    return int(git(wiki, "rev-list", "--count", "HEAD")) if (wiki / ".git").is_dir() else 0


def tell(page: str, run: Any, git: Any, clock: Any, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Run the page, line by line; each is held to its exit code, its commits and valid files."""
    told = Told(Path.cwd())
    for now, words in lines(page):
        clock.now = now
        if words[0] == "cd":
            monkeypatch.chdir(words[1])
        elif words[0] == "printf":
            (text, mark, name) = words[1:]
            assert mark == ">"
            Path(name).write_text(text.replace("\\n", "\n"), encoding="utf-8")
        else:
            assert words[0] == "aswiki", words
            type_in(told, words, run, git)
    return told


def type_in(told: Told, words: list[str], run: Any, git: Any) -> None:
    if words[1] == "init":
        told.wiki = Path.cwd() / words[2]
    entry = find((words[1],))
    assert isinstance(entry, Command), words
    before = commits(git, told.wiki)
    done = run(*words[1:], "--no-input")
    assert done.code == 0, (words, done.out, done.err)
    writes = entry.role == "writes" or words[1] == "init"
    assert commits(git, told.wiki) - before == int(writes), words
    told.printed.append((words, done.out))
    if writes:
        checked = run("-C", str(told.wiki), "validate", "--json")
        problems = [found for found in checked.json["problems"] if found["level"] == "error"]
        assert (checked.code, problems) == (0, []), words


@pytest.fixture
def begin(
    tmp_path: Path, run: Any, git: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Told]:
    """Tells a page in an empty folder, in the language of the wiki it makes."""

    def begun(page: str) -> Told:
        monkeypatch.delenv("ASWIKI_LANG")
        monkeypatch.setattr(starting, "init", partial(starting.init, clock=clock))
        monkeypatch.chdir(tmp_path)
        return tell(page, run, git, clock, monkeypatch)

    return begun


@pytest.mark.parametrize("tale", TALES, ids=lambda tale: tale.page)
def test_two_months_of_a_customer_are_kept_without_an_editor(
    tale: Tale, begin: Callable[[str], Told], run: Any, git: Any
) -> None:
    told = begin(tale.page)

    (blame,) = run("ledger", "blame", "--json").json
    assert (blame["days_carried"], blame["true_cause_party"]) == (9, tale.cause_party)
    assert (blame["status"], blame["statement"]) == ("cleared", tale.quote)
    assert blame["accused_at"].startswith("2026-10-03T")
    assert blame["cleared_at"].startswith("2026-10-12T")

    (complaint,) = run("ledger", "complaints", "--json").json
    assert (complaint["open"], complaint["counts_for"]) == (False, None)
    assert complaint["department"] is None
    assert complaint["cleared_by"] == blame["ref"]
    assert blame["complaints"] == [complaint["ref"]]
    names_the_person_before_the_clearing(complaint["ref"], tale, run, git)

    promises = run("ledger", "promises", "--json").json
    assert {row["status"]: row["department"] for row in promises} == tale.promises
    assert len(promises) == 2

    due = run("due", "--json").json
    assert [(item["ref"], item["what"]) for item in due] == tale.due
    assert run("due", "--check").code == 1

    (churn,) = run("list", "churn", "--json").json
    fields = run("show", churn["ref"], "--json").json["fields"]
    assert len({said["party"] for said in fields["attributions"]}) == 2
    assert fields["ruling"]["reason"] == fields["reason"] == tale.ruling

    assert git(told.wiki, "status", "--porcelain") == ""
    assert tale.quote in told.said("ledger", tale.blame)
    assert told.said("report").startswith("# ")


def names_the_person_before_the_clearing(ref: str, tale: Tale, run: Any, git: Any) -> None:
    subjects = git(Path.cwd(), "log", "--format=%H %s").splitlines()
    (clearing,) = [line.split()[0] for line in subjects if " cleared(" in line]
    earlier = git(Path.cwd(), "rev-parse", f"{clearing}^").strip()
    past = run("show", ref, "--as-of", earlier, "--json").json
    assert past["fields"]["responsible"]["person"] == tale.person
    now = run("show", ref, "--json").json
    assert "person" not in now["fields"]["responsible"]


def test_the_walkthroughs_use_every_command_that_keeps_the_seven_parts() -> None:
    wanted = (
        "new-customer contact new-product assess log-incident log-event log-visit log-complaint "
        "log-note log-churn new-lesson append promise settle accused cleared set close attach "
        "release rename ledger due validate report show"
    )
    for tale in TALES:
        used = {words[1] for _now, words in lines(tale.page) if words[0] == "aswiki"}
        assert set(wanted.split()) <= used, tale.page
        assert not {"edit", "commit"} & used

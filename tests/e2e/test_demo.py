"""``aswiki demo``: the packaged examples as a wiki whose history tells how it came about."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, tzinfo
from pathlib import Path

import pytest

from aswiki import lang
from aswiki.cli.main import main
from aswiki.domain import records
from aswiki.domain.records.moments import moment as iso_moment
from aswiki.store import document, files, packaged
from aswiki.wiki.starting import demo
from aswiki.wiki.story import Telling, story
from aswiki.wiki.wiki import Wiki

ASWIKI = str(Path(sys.executable).with_name("aswiki"))
EXAMPLES = packaged.folder("examples")
PLANS = {"due_on", "expires_on", "contract_renewal_on", "next_on", "from", "to"}
GUILD_WAR = "customers/xing-he-you-xi/events/2026-10-17-guild-war-writes-fail.md"


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    yield
    lang.use("en")


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-c", "core.quotePath=false", *words], cwd=folder, capture_output=True, check=True
    )
    return done.stdout.decode()


def packaged_files() -> dict[str, bytes]:
    found = {path: (EXAMPLES / path).read_bytes() for path in files.walk(EXAMPLES)}
    found.pop("history.toml", None)
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The demo as the installed command makes it for somebody git knows nothing of."""
    folder = tmp_path_factory.mktemp("demo") / "示例 wiki"
    env = {"PATH": os.environ["PATH"], "HOME": str(folder.parent), "LANG": "C.UTF-8"}
    done = subprocess.run(
        [ASWIKI, "demo", str(folder)], env=env, capture_output=True, check=False, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    yield folder, done.stdout
    shutil.rmtree(folder)


@pytest.fixture
def wiki(made: tuple[Path, str]) -> Path:
    return made[0]


@pytest.fixture(scope="module")
def tellings() -> list[Telling]:
    given = packaged_files()
    opened = Wiki(EXAMPLES, tomllib.loads(given["aswiki.toml"].decode()))
    return story(opened, given, (EXAMPLES / "history.toml").read_text(encoding="utf-8"))


def test_the_working_tree_is_the_packaged_examples_to_the_byte(wiki: Path) -> None:
    present = {path: (wiki / path).read_bytes() for path in files.walk(wiki)}
    assert present == packaged_files()
    assert git(wiki, "status", "--porcelain") == ""
    listed = git(wiki, "ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0")[:-1]
    assert sorted(listed) == sorted(present)


def test_git_finds_nothing_wrong(wiki: Path) -> None:
    assert git(wiki, "fsck", "--strict", "--no-dangling") == ""


def test_the_history_is_long_and_in_the_order_of_time(wiki: Path) -> None:
    times = [int(word) for word in git(wiki, "log", "--reverse", "--format=%ct").split()]
    assert times == sorted(times)
    assert 150 <= len(times) <= 400
    assert git(wiki, "log", "--format=%at") == git(wiki, "log", "--format=%ct")
    assert len(git(wiki, "rev-list", "--min-parents=2", "HEAD")) == 0


def test_every_commit_is_by_an_example_engineer_and_says_that_it_is_a_demo(wiki: Path) -> None:
    people = tomllib.loads((wiki / "people.toml").read_text(encoding="utf-8"))["people"]
    known = {f"{each['name']} <{each['emails'][0]}>" for each in people.values()}
    writers = set(git(wiki, "log", "--format=%an <%ae>%n%cn <%ce>").splitlines())
    assert len(writers) > 3
    assert writers <= known
    tools = set(git(wiki, "log", "--format=%(trailers:key=Aswiki-Tool,valueonly)").split("\n"))
    assert len(tools - {""}) == 1
    assert (tools - {""}).pop().endswith(" demo")


def test_it_begins_with_settings_people_and_products(wiki: Path) -> None:
    first = git(wiki, "rev-list", "--max-parents=0", "HEAD").strip()
    names = git(wiki, "ls-tree", "-r", "--name-only", first).splitlines()
    assert {"aswiki.toml", "people.toml"} < set(names)
    assert all(name.startswith("products/") for name in names if name.endswith(".md"))
    assert git(wiki, "log", "-1", "--format=%s%n%(trailers:key=Aswiki-Op)", first).startswith(
        "init: 云帆云售后知识库\nAswiki-Op: create"
    )


def test_the_wiki_has_no_errors(wiki: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-C", str(wiki), "validate"]) == 0
    capsys.readouterr()


def test_the_three_commands_to_try_work(
    made: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    commands = [shlex.split(line) for line in made[1].splitlines() if line.startswith("  ")]
    assert len(commands) == 3
    for name, *words in commands:
        assert name == "aswiki"
        assert main(words) == 0
        assert capsys.readouterr().out


def test_the_words_around_the_commands_name_the_folder_and_the_number_of_commits(
    made: tuple[Path, str],
) -> None:
    count = git(made[0], "rev-list", "--count", "HEAD").strip()
    first = made[1].splitlines()[0]
    assert str(made[0]) in first
    assert count in first


def test_an_incident_grows_by_the_hands_that_wrote_its_log(wiki: Path) -> None:
    log = git(wiki, "log", "--reverse", "--format=%an %H", "--", GUILD_WAR).splitlines()
    assert log[0].startswith("张维 ")
    commit = next(line.split()[1] for line in log if line.startswith("罗扬 "))
    added = [
        line
        for line in git(wiki, "show", "--format=", "-U0", commit, "--", GUILD_WAR).splitlines()
        if line.startswith("+- ")
    ]
    assert added
    assert all(" · luoyang · " in line for line in added)
    first = git(wiki, "show", f"{log[0].split()[1]}:{GUILD_WAR}")
    assert "status: in_progress\n" in first
    assert "resolved_at:" not in first.replace("customer_clock", "")
    assert "\n- 2026-" not in first.partition("\n---\n")[2]


def test_no_entry_of_a_log_is_recorded_before_it_was_made(
    wiki: Path, tellings: list[Telling]
) -> None:
    from aswiki.wiki.earlier import Page

    opened = Wiki.open(wiki)
    seen = 0
    for telling in tellings:
        for path, raw in telling.files.items():
            if records.type_of(path) in {None, "product"}:
                continue
            page = Page(opened, path, raw, [])
            moments = [moment for moment, _by in page.steps(telling.at)]
            assert moments == [], path
            seen += 1
    assert seen > 150


def dated(said: object, zone: tzinfo, key: str = "") -> Iterator[tuple[str, date]]:
    """Every time that the data of a record hold, with its key."""
    if isinstance(said, Mapping):
        for name, part in said.items():
            yield from dated(part, zone, name)
    elif isinstance(said, list):
        for part in said:
            yield from dated(part, zone, key)
    elif (moment := iso_moment(str(said), zone)) is not None:
        yield key, moment


def test_no_version_of_a_record_knows_what_happened_later(tellings: list[Telling]) -> None:
    seen = 0
    for telling in tellings:
        zone = telling.at.tzinfo
        assert zone is not None
        for path, raw in telling.files.items():
            record_type = records.type_of(path)
            if record_type in {None, "product"}:
                continue
            data = document.read(path, raw).data
            occurs = records.TIME_KEYS.get(record_type or "")
            beyond = {*PLANS, occurs} if data.get("status") in {"new", "planned"} else PLANS
            for key, moment in dated(data, zone):
                recorded = telling.at if isinstance(moment, datetime) else telling.at.date()
                assert key in beyond or moment <= recorded, f"{telling.at} {path} {key} {moment}"
                seen += 1
    assert seen > 1000


def test_a_log_only_grows(tellings: list[Telling]) -> None:
    entries: dict[str, list[str]] = {}
    for telling in tellings:
        for path, raw in telling.files.items():
            now = [line for line in raw.decode(errors="replace").splitlines() if "- 2026-" in line]
            before = entries.get(path, [])
            assert now[: len(before)] == before
            entries[path] = now


def test_a_bill_is_taken_in_on_the_third_of_the_next_month(tellings: list[Telling]) -> None:
    bills = [each for each in tellings if each.operation.op == "import"]
    usual = [each for each in bills if len({name.rpartition("/")[2] for name in each.files}) == 1]
    assert {f"{each.at:%d %H:%M}" for each in usual} == {"03 09:00"}
    assert sum(len(each.files) for each in bills) == len(
        [path for path in packaged_files() if "/usage/" in path]
    )


def test_an_attachment_comes_with_the_record_that_names_it(tellings: list[Telling]) -> None:
    attached = 0
    for telling in tellings:
        for path in telling.files:
            if "/files/" in path:
                text = b"".join(raw for name, raw in telling.files.items() if name != path)
                assert path.rpartition("/")[2].encode() in text
                attached += 1
    assert attached == len([path for path in packaged_files() if "/files/" in path])


def test_every_table_of_the_history_names_a_record_and_changes_something() -> None:
    from aswiki.wiki.earlier import Page

    given = packaged_files()
    opened = Wiki(EXAMPLES, tomllib.loads(given["aswiki.toml"].decode()))
    text = (EXAMPLES / "history.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)["earlier"]
    assert tables
    for table in tables:
        path = records.path_of(table["record"])
        long_ago = table["until"].replace(year=2000)
        whole = Page(opened, path, given[path], []).text(long_ago)
        assert Page(opened, path, given[path], [table]).text(long_ago) != whole, table


def test_a_folder_that_holds_something_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("mine\n")
    assert main(["demo", str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert main(["demo", str(tmp_path / "mine.txt")]) == 4
    assert main(["demo", str(tmp_path / "mine.txt" / "deeper")]) == 4
    capsys.readouterr()


@pytest.mark.parametrize("there", [True, False])
def test_an_interrupted_demo_leaves_nothing(tmp_path: Path, there: bool) -> None:
    folder = tmp_path / "a" / "b"
    if there:
        folder.mkdir(parents=True)

    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo(folder, stop)
    assert list(tmp_path.rglob("*")) == ([folder.parent, folder] if there else [])


@pytest.mark.torture
def test_a_second_demo_in_chinese_and_json_is_the_same_to_the_hash(
    wiki: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", "zh", "demo", str(tmp_path / "w"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "ref": None,
        "path": "aswiki.toml",
        "commit": git(wiki, "rev-parse", "HEAD").strip(),
        "warnings": [],
        "folder": str(tmp_path / "w"),
        "commits": int(git(wiki, "rev-list", "--count", "HEAD")),
    }

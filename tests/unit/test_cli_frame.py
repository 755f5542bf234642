"""The frame of the command line, tried with small commands of its own and as a process."""

from __future__ import annotations

import errno
import gettext
import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import typer
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from aswiki import lang
from aswiki.cli.commands import COMMANDS, PANELS, WRITE, Command, Group
from aswiki.cli.frame import CUSTOMER, RECORD, build, sentences
from aswiki.cli.help import EXIT_CODES
from aswiki.cli.main import main
from aswiki.cli.options import hoist, language
from aswiki.cli.run import Run, ask
from aswiki.errors import BadInput, NotFound, Unusable

ASWIKI = str(Path(sys.executable).with_name("aswiki"))
SEEN: list[Run] = []


def greet(
    run: Run,
    customer: Annotated[str, CUSTOMER],
    mood: Annotated[Literal["calm", "cross"], typer.Option(help="How they are")] = "calm",
    tag: Annotated[list[str] | None, typer.Option("--tag", help="Any word")] = None,
    loud: Annotated[bool, typer.Option("--loud", help="In capitals")] = False,
) -> int | None:
    """Greet a customer.

    Twice, if it
    must be.

        aswiki greet acme

    Returns:
        nothing a user should read.
    """
    SEEN.append(run)
    if run.json:
        run.out.json({"customer": customer, "mood": mood, "tags": tag or [], "loud": loud})
    else:
        run.out.result(f"{customer} {mood}")
    return None


def fail(run: Run, how: str) -> int:
    run.out.json({"half": "done"}) if run.json else run.out.result("half done")
    if how.isdecimal():
        return int(how)
    raise {
        "missing": NotFound("no-record", "There is no such record.", "aswiki list shows all."),
        "defect": ValueError("boom\nsecond line"),
        "stop": KeyboardInterrupt(),
        "eof": EOFError(),
        "abort": typer.Abort(),
        "full": OSError(errno.ENOSPC, "No space left on device", "/wiki/x.md"),
    }[how]


def shape(
    run: Run,
    record: Annotated[str, RECORD] = "",
    format: Annotated[str, typer.Option()] = "text",  # noqa: A002 - as the commands name it
) -> None:
    run.out.json([format, run.json]) if run.json else run.out.result(f"{format} {record}")


def question(run: Run, level: Annotated[str | None, typer.Option()] = None) -> None:
    run.out.result("level " + (level or ask(run, "How bad?", "--level")))


@pytest.fixture(autouse=True)
def _own_table(monkeypatch: pytest.MonkeyPatch) -> None:
    SEEN.clear()
    words: list[tuple[str, Literal["reads", "writes", "plain"]]]
    words = [("greet", "writes"), ("fail", "reads"), ("shape", "reads"), ("question", "plain")]
    for name, role in words:
        entry = Command(__name__, name, role, WRITE, f"{name} in one line")
        monkeypatch.setitem(COMMANDS, name, entry)
    nested = {"greet": Command(__name__, "greet", "writes", WRITE, "Greet from a group")}
    monkeypatch.setitem(COMMANDS, "many", Group(WRITE, "Many at once", nested))


@pytest.fixture
def wiki(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for slug, name in (("acme", "Acme Ltd"), ("lan-jing", '"蓝鲸科技"'), ("evil", "a\x1b[2Jb")):
        folder = tmp_path / "customers" / slug / "events"
        folder.mkdir(parents=True)
        profile = f"---\ntype: profile\nname: {name}\n---\n"
        (folder.parent / "profile.md").write_text(profile, encoding="utf-8")
        (folder / "2026-10-03-oss.md").write_text("---\ntype: event\n---\n", encoding="utf-8")
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "oss-timeouts.md").write_text("---\n---\n", encoding="utf-8")
    (tmp_path / "aswiki.toml").write_text('[wiki]\nlang = "zh"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(capsys: pytest.CaptureFixture[str]) -> tuple[str, dict[str, str]]:
    """Stdout, and the error in the last line of stderr."""
    said = capsys.readouterr()
    error: dict[str, dict[str, str]] = json.loads(said.err.splitlines()[-1])
    assert sorted(error["error"]) == ["code", "hint", "message"]
    return said.out, error["error"]


# Shared options


@pytest.mark.parametrize(
    ("words", "path", "args"),
    [
        (["--json", "list", "x"], ("list",), ["--json", "x"]),
        (["-C", "p", "--lang=zh", "show", "r"], ("show",), ["-C", "p", "--lang=zh", "r"]),
        (["-Cp", "-q", "show"], ("show",), ["-Cp", "-q"]),
        (["-qC", "p", "show"], ("show",), ["-qC", "p"]),
        (["--at", "list", "append", "r"], ("append",), ["--at", "list", "r"]),
        (["import", "--json", "incidents", "f"], ("import", "incidents"), ["--json", "f"]),
        (["--", "list", "--", "-x"], ("list",), ["--", "-x"]),
        (["-h", "list"], ("list",), ["-h"]),
        (["list", "list"], ("list",), ["list"]),
        (["--unknown", "list"], (), ["--unknown", "list"]),
    ],
)
def test_leading_shared_options_move_behind_the_name(
    words: list[str], path: tuple[str, ...], args: list[str]
) -> None:
    line = hoist(words)
    assert (line.path, line.args) == (path, args)


@pytest.mark.parametrize("before", [True, False])
def test_every_shared_option_is_taken_before_and_after_the_name(
    before: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--dry-run", "--at", "昨天下午3点", "--by", "zhangwei", "--edit", "--no-input", "-q"]
    words += ["-C", str(tmp_path), "--lang", "en", "--body-file", "-", "--json"]
    words += ["--set", "a=b=c", "--set", "d=", "--add", "e.1=值", "--remove", "f"]
    assert main([*words, "greet", "acme"] if before else ["greet", "acme", *words]) == 0
    run = SEEN[0]
    assert (run.dry_run, run.at, run.by, run.edit) == (True, "昨天下午3点", "zhangwei", True)
    assert (run.no_input, run.quiet, run.interactive, run.json) == (True, True, False, True)
    assert (run.wiki, run.lang, run.body_file) == (tmp_path, "en", "-")
    assert run.sets == (("a", "b=c"), ("d", ""))
    assert (run.adds, run.removes) == ((("e.1", "值"),), ("f",))
    assert json.loads(capsys.readouterr().out)["customer"] == "acme"


def test_a_nested_command_takes_options_at_all_three_places() -> None:
    assert main(["-q", "many", "--dry-run", "greet", "acme", "--by", "x"]) == 0
    assert (SEEN[0].quiet, SEEN[0].dry_run, SEEN[0].by) == (True, True, "x")


def test_the_wiki_comes_from_the_environment_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASWIKI_WIKI", "/from/env")
    main(["greet", "acme"])
    main(["greet", "acme", "-C", "/named"])
    assert [run.wiki for run in SEEN] == [Path("/from/env"), Path("/named")]


def test_a_reading_command_refuses_a_writing_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--dry-run", "shape"]) == 2
    assert "--dry-run" in capsys.readouterr().err


def test_json_and_format_json_are_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--json", "shape"], ["shape", "--format", "json"], ["shape", "--format=json"]):
        assert main(words) == 0
        assert json.loads(capsys.readouterr().out) == ["json", True]
    assert main(["shape", "--", "--json"]) == 0
    assert capsys.readouterr().out == "text --json\n"


def test_version_is_told_before_and_after_the_name(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--version"], ["greet", "--version"], ["-q", "--version", "greet"]):
        assert main(words) == 0
        assert capsys.readouterr().out.startswith("aswiki 0.")


def test_the_folder_of_a_run_is_the_nearest_above_or_the_named_one(
    wiki: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.chdir(wiki / "customers" / "acme")
    assert Run().folder() == wiki
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert Run(wiki=wiki).folder() == wiki
    with pytest.raises(Unusable, match="no wiki"):
        Run(wiki=wiki / "customers").folder()


def test_the_body_of_a_file_keeps_every_byte_and_bad_bytes_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "正文.md"
    path.write_bytes("一\r\n二".encode())
    assert Run(body_file=str(path)).body() == "一\r\n二"
    assert Run().body() is None
    path.write_bytes(b"\xff")
    with pytest.raises(BadInput, match="UTF-8"):
        Run(body_file=str(path)).body()


# Language


def test_the_language_is_option_then_environment_then_wiki_then_locale(
    wiki: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (wiki / "aswiki.toml").write_text('[wiki]\nlang = "en"\n', encoding="utf-8")
    assert language(["list"]) == "en"
    monkeypatch.chdir(elsewhere)
    assert language(["list"]) == "zh"
    assert language(["list", "-C", str(wiki)]) == "en"
    monkeypatch.setenv("LC_ALL", "C")
    assert language([]) == "en"
    monkeypatch.setenv("ASWIKI_LANG", "zh_CN")
    assert language(["list", "-C", str(wiki)]) == "zh"
    assert language(["list", "--lang=en"]) == "en"
    assert language(["append", "r", "--", "--lang=en"]) == "zh"


def test_broken_settings_do_not_stop_the_language(wiki: Path) -> None:
    (wiki / "aswiki.toml").write_text("[wiki\n", encoding="utf-8")
    assert language([]) == "en"


def test_a_folder_that_is_gone_is_no_defect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert main(["greet", "acme"]) == 0
    assert capsys.readouterr().err == ""
    with pytest.raises(Unusable, match="no wiki"):
        Run().folder()


def test_a_language_we_do_not_speak_is_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json", "greet", "acme", "--lang", "fr"]) == 2
    out, error = told(capsys)
    assert (out, error["code"]) == ("", "bad-language")


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = {
        "Options": "选项",
        "Write": "记录",
        "greet in one line": "问候客户",
        "Twice, if it must be.": "必要时两次。",
        "How they are": "心情",
        "Show this page and exit": "显示本帮助。",
        "There is no option {option}.": "没有选项 {option}。",
    }
    catalog = Catalog(locale="zh", charset="utf-8")
    for english, chinese in words.items():
        catalog.add(english, chinese)
    folder = tmp_path / "zh" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "aswiki.mo").open("wb") as file:
        write_mo(file, catalog)
    monkeypatch.setattr(lang, "LOCALES", str(tmp_path))
    monkeypatch.setattr(gettext, "_translations", {})
    lang._catalogue.cache_clear()


@pytest.mark.usefixtures("catalogue")
def test_one_process_can_speak_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        assert main(["greet", "--help", "--lang", "zh"]) == 0
        chinese = capsys.readouterr().out
        for word in ("选项", "问候客户", "必要时两次。", "心情", "显示本帮助。"):
            assert word in chinese
        assert main(["--lang", "zh", "greet", "--moood"]) == 2
        assert "没有选项 --moood。" in capsys.readouterr().err
        assert main(["greet", "--help", "--lang", "en"]) == 0
        assert "How they are" in capsys.readouterr().out
        assert main(["--lang", "zh"]) == 0
        assert "\n记录\n" in capsys.readouterr().out
    finally:
        lang._catalogue.cache_clear()
        lang.use("en")


def test_the_catalogue_can_be_told_what_a_command_says() -> None:
    entry = COMMANDS["greet"]
    assert isinstance(entry, Command)
    assert sentences(entry) == ["greet in one line", "Twice, if it must be."]


# Help


def test_aswiki_alone_prints_every_panel_and_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    used = [p for p in PANELS if any(e.panel == p for e in COMMANDS.values())]
    assert [line for line in lines if line in PANELS] == used
    for name, entry in COMMANDS.items():
        assert any(line.split() == [name, *entry.help.split()] for line in lines)
    assert said.err == ""


def test_the_table_holds_what_the_contract_names() -> None:
    named = "init demo doctor new-customer log-incident log-event append set close contact retire"
    named += " commit undo import list show history report validate schema help completion"
    assert set(named.split()) <= set(COMMANDS)


@pytest.mark.parametrize("words", [["greet", "-h"], ["--help", "greet"], ["help", "greet"]])
def test_the_help_of_a_command_is_the_same_by_every_way(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 0
    page = capsys.readouterr().out
    assert page.startswith("Usage: aswiki greet CUSTOMER [OPTIONS]\n\ngreet in one line\n")
    assert "Twice, if it must be.\n\n    aswiki greet acme\n" in page
    assert "a user should read" not in page
    assert "  --mood calm|cross  " in page
    assert "How they are [default: calm]" in page
    assert page.index("\nOptions\n") < page.index("\nWriting\n") < page.index("\nEverywhere\n")
    assert "  -C, --wiki PATH " in page
    assert "  -h, --help " in page


def test_a_group_lists_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["many"], ["many", "--help"], ["help", "many"]):
        assert main(words) == 0
        assert "  greet  Greet from a group\n" in capsys.readouterr().out
    assert main(["help", "many", "greet"]) == 0
    assert capsys.readouterr().out.startswith("Usage: aswiki many greet CUSTOMER [OPTIONS]")


def test_the_exit_codes_have_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", "exit-codes"]) == 0
    page = capsys.readouterr().out
    numbers = [line.split()[0] for line in page.splitlines()[1:]]
    assert numbers == ["0", "1", "2", "3", "4", "5", "70", "130"]
    assert [code for code, _meaning in EXIT_CODES] == [int(number) for number in numbers]


# The wall


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["lst"], "no-such-command", "list"),
        (["many", "gret"], "no-such-command", "greet"),
        (["help", "lst"], "no-such-command", "list"),
        (["--jsn"], "no-such-option", "--json"),
        (["greet", "acme", "--mod", "calm"], "no-such-option", "--mood"),
        (["greet"], "missing-argument", "CUSTOMER"),
        (["greet", "acme", "more"], "unexpected-argument", "more"),
        (["greet", "acme", "--mood", "sad"], "bad-value", "calm, cross"),
        (["greet", "acme", "--mood"], "missing-value", "--mood needs"),
        (["greet", "acme", "--loud=1"], "missing-value", "--loud takes no"),
        (["greet", "acme", "--set", "severity"], "bad-assignment", "KEY=VALUE"),
        (["-C"], "missing-value", "-C needs"),
        (["question"], "missing-argument", "--level"),
    ],
)
def test_wrong_usage_is_exit_2_with_the_next_step(
    words: list[str], code: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert says in said.err
    assert len(said.err.splitlines()) == 2
    assert main(["--json", *words]) == 2
    out, error = told(capsys)
    assert (out, error["code"]) == ("", code)
    assert error["hint"]


@pytest.mark.parametrize(
    ("how", "exit_code", "code"),
    [
        ("missing", 3, "no-record"),
        ("defect", 70, "defect"),
        ("stop", 130, "interrupted"),
        ("eof", 130, "interrupted"),
        ("abort", 130, "interrupted"),
        ("full", 4, "no-access"),
    ],
)
def test_a_failure_leaves_stdout_empty_and_ends_in_the_error(
    how: str, exit_code: int, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fail", how, "--json"]) == exit_code
    out, error = told(capsys)
    assert (out, error["code"]) == ("", code)
    assert main(["fail", how]) == exit_code
    said = capsys.readouterr()
    assert said.out == "half done\n"
    assert "Traceback" not in said.err
    assert said.err.startswith("Error: ")


@pytest.mark.parametrize("code", [0, 1, 5])
def test_at_exit_0_1_and_5_the_document_is_the_answer(
    code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--json", "fail", str(code)]) == code
    assert json.loads(capsys.readouterr().out) == {"half": "done"}


def test_a_defect_is_one_line_that_names_a_log_with_the_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert main(["fail", "defect"]) == 70
    (line,) = capsys.readouterr().err.splitlines()
    (log,) = (tmp_path / "aswiki").iterdir()
    assert str(log) in line
    assert "ValueError: boom" in line
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_a_defect_is_logged_elsewhere_when_the_state_folder_is_none(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(in_the_way))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert main(["fail", "defect"]) == 70
    log = Path(capsys.readouterr().err.split()[-1])
    assert "boom" in log.read_text(encoding="utf-8")


# Completion


def completed(
    shell: str, line: str, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch
) -> list[str]:
    patch.setenv("_ASWIKI_COMPLETE", f"complete_{shell}")
    words = line.split(" ")
    patch.setenv("COMP_WORDS", "\n".join(words))
    patch.setenv("COMP_CWORD", str(len(words) - 1))
    patch.setenv("_TYPER_COMPLETE_ARGS", line)
    assert main([]) == 0
    return capsys.readouterr().out.splitlines()


@pytest.mark.usefixtures("wiki")
def test_customers_are_offered_by_slug_and_by_name_in_every_shell(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def offered(shell: str, line: str) -> list[str]:
        return completed(shell, line, capsys, monkeypatch)

    assert offered("bash", "aswiki greet l") == ["lan-jing"]
    assert offered("bash", "aswiki greet 蓝") == ["蓝鲸科技"]
    assert offered("bash", "aswiki greet A") == ["Acme\\ Ltd"]
    assert offered("zsh", "aswiki greet 蓝") == ["蓝鲸科技:lan-jing"]
    assert offered("fish", "aswiki greet lan") == ["lan-jing\t蓝鲸科技"]
    assert offered("fish", "aswiki greet 蓝") == ["蓝鲸科技\tlan-jing"]
    every = offered("bash", "aswiki --json many greet --by me ")
    assert sorted(every) == ["Acme\\ Ltd", "acme", "evil", "lan-jing", "蓝鲸科技"]


def test_completion_looks_into_the_wiki_that_is_named(
    wiki: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    assert completed("bash", "aswiki greet a", capsys, monkeypatch) == []
    assert completed("bash", f"aswiki -C {wiki} greet a", capsys, monkeypatch) == ["acme"]
    monkeypatch.setenv("ASWIKI_WIKI", str(wiki))
    assert completed("bash", "aswiki greet a", capsys, monkeypatch) == ["acme"]


@pytest.mark.usefixtures("wiki")
def test_records_are_offered_by_reference(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    offers = completed("fish", "aswiki shape acme/", capsys, monkeypatch)
    assert offers == ["acme/events/2026-10-03-oss", "acme/profile"]
    offers = completed("zsh", "aswiki shape les", capsys, monkeypatch)
    assert offers == ["lessons/oss-timeouts"]


@pytest.mark.parametrize(
    ("line", "offers"),
    [
        ("aswiki log-c", ["log-complaint", "log-communication", "log-churn"]),
        ("aswiki many ", ["greet"]),
        ("aswiki --js", ["--json"]),
        ("aswiki greet acme --mo", ["--mood"]),
        ("aswiki greet acme --mood ", ["calm", "cross"]),
        ("aswiki greet acme --mood=cr", ["cross"]),
        ("aswiki greet acme --mood = cr", ["cross"]),
        ("aswiki greet acme --body-file ", []),
        ("aswiki nonsense a", []),
        ("aswiki completion z", ["zsh"]),
    ],
)
def test_words_and_options_are_offered(
    line: str,
    offers: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert completed("bash", line, capsys, monkeypatch) == offers


def test_bash_itself_completes_a_chinese_name(wiki: Path) -> None:
    (wiki / "more.py").write_text(OWN_COMMANDS, encoding="utf-8")
    launcher = wiki / "aswiki"
    launcher.write_text(f'#!/bin/sh\nexec {sys.executable} {wiki / "more.py"} "$@"\n')
    launcher.chmod(0o755)
    typed = 'COMP_WORDS=(aswiki hail 蓝); COMP_CWORD=2; _aswiki_completion "$PWD/aswiki"'
    code = f'eval "$(./aswiki completion bash)"; {typed}; printf "<%s>" "${{COMPREPLY[@]}}"'
    done = subprocess.run(
        ["bash", "--norc", "-c", code], cwd=wiki, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("<蓝鲸科技>", "")


def test_no_script_evaluates_what_is_offered(capsys: pytest.CaptureFixture[str]) -> None:
    for shell in ("bash", "zsh", "fish"):
        assert main(["completion", shell]) == 0
        script = capsys.readouterr().out
        assert f"complete_{shell}" in script
        assert "eval $" not in script


# The process


OWN_COMMANDS = """
import sys, os
from typing import Annotated
import typer
from aswiki.cli.commands import COMMANDS, Command
from aswiki.cli.frame import CUSTOMER
from aswiki.cli.main import main
from aswiki.cli.run import Run, ask

def hail(run: Run, customer: Annotated[str, CUSTOMER] = ""):
    run.out.result("hail " + (customer or ask(run, "Who?", "CUSTOMER")))

def flood(run: Run):
    for number in range(100000):
        run.out.result(str(number))

def pick(run: Run):
    run.out.result("picked " + ask(run, "Which?", "--which", {"P0": "最高", "P1": "高"}))

for function in (hail, flood, pick):
    name = function.__name__
    COMMANDS[name] = Command("__main__", name, "reads", "Read", name)
sys.exit(main())
"""


def aswiki(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environ}
    return subprocess.run([ASWIKI, *words], capture_output=True, text=True, env=env, check=False)


def test_the_installed_command_helps_and_fails_as_promised() -> None:
    helped, failed = aswiki("--help"), aswiki("lst", "--json")
    assert (helped.returncode, helped.stderr) == (0, "")
    assert "log-incident" in helped.stdout
    assert (failed.returncode, failed.stdout) == (2, "")
    assert json.loads(failed.stderr)["error"]["code"] == "no-such-command"


def test_a_reader_that_leaves_early_is_no_failure(tmp_path: Path) -> None:
    program = tmp_path / "more.py"
    program.write_text(OWN_COMMANDS, encoding="utf-8")
    code = f'{sys.executable} {program} flood | head -1; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("0\n0\n", "")


def test_a_full_disk_behind_stdout_is_exit_4_without_a_traceback(tmp_path: Path) -> None:
    program = tmp_path / "more.py"
    program.write_text(OWN_COMMANDS, encoding="utf-8")
    for words in ("flood", "hail acme", "hail acme --json"):
        code = f"{sys.executable} {program} {words} > /dev/full"
        done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=False)
        assert done.returncode == 4
        assert "Traceback" not in done.stderr


LATE = ("git", "pydantic", "jinja2", "ruamel", "pypinyin", "dateparser", "questionary", "tomlkit")


def loaded(*words: str, **environ: str) -> set[str]:
    code = "import sys\nfrom aswiki.cli.main import main\nmain(sys.argv[1:])\n"
    code += "print('modules', *sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environ},
    )
    return {name.split(".")[0] for name in done.stdout.splitlines()[-1].split()[1:]}


def test_help_loads_neither_typer_nor_anything_heavy() -> None:
    assert loaded("--help").isdisjoint({*LATE, "yaml", "frontmatter", "typer", "rich"})


def test_completion_of_a_command_loads_nothing_heavy() -> None:
    words = "aswiki completion "
    modules = loaded(_ASWIKI_COMPLETE="complete_fish", COMP_WORDS=words, _TYPER_COMPLETE_ARGS=words)
    assert "typer" in modules
    assert modules.isdisjoint({*LATE, "yaml", "frontmatter", "rich"})


def at_a_terminal(command: list[str], keys: bytes, env: dict[str, str]) -> tuple[int, str]:
    """The exit code and all that was shown, with ``keys`` typed once a question stands."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(command[0], command, env)
    shown, until = b"", time.monotonic() + 20
    while time.monotonic() < until:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            shown += os.read(terminal, 65536)
        except OSError:
            break
        if b"\x1b[6n" in shown:
            shown = shown.replace(b"\x1b[6n", b"")
            os.write(terminal, b"\x1b[1;1R")
        if keys and b"?" in shown:
            time.sleep(0.3)
            os.write(terminal, keys)
            keys = b""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode()


@pytest.fixture
def asking(tmp_path: Path) -> Any:
    program = tmp_path / "more.py"
    program.write_text(OWN_COMMANDS, encoding="utf-8")

    def at(words: list[str], keys: bytes, **more: str) -> tuple[int, str]:
        env = {**os.environ, "TERM": "xterm", "NO_COLOR": "1", **more}
        return at_a_terminal([sys.executable, str(program), *words], keys, env)

    return at


def test_a_missing_value_is_asked_for_on_a_terminal_only(asking: Any) -> None:
    code, shown = asking(["hail"], "蓝鲸\r".encode())
    assert (code, "hail 蓝鲸" in shown) == (0, True)
    code, shown = asking(["pick"], b"\x1b[B\r")
    assert (code, "picked P1" in shown) == (0, True)
    for words, env in ((["--no-input", "hail"], {}), (["hail"], {"CI": "1"})):
        code, shown = asking(words, b"", **env)
        assert (code, "CUSTOMER" in shown) == (2, True)


def test_ctrl_c_at_a_question_is_exit_130(asking: Any) -> None:
    code, shown = asking(["hail"], b"\x03")
    assert (code, "Traceback" in shown) == (130, False)


def cells(line: str) -> int:
    from rich.cells import cell_len

    return cell_len(line.replace("\r", ""))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_terminal_help_is_drawn_in_panels_no_wider_than_it(language: str) -> None:
    env = {**os.environ, "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "80", "LINES": "50"}
    for words in (["--help"], ["help", "exit-codes"], ["completion", "--help"]):
        code, shown = at_a_terminal([ASWIKI, "--lang", language, *words], b"", env)
        lines = shown.splitlines()
        assert code == 0
        assert "\x1b" not in shown
        assert {cells(line) for line in lines if line.startswith(("╭", "│", "╰"))} == {80}
        assert max(map(cells, lines)) <= 80


def test_colour_is_for_terminals_that_want_it() -> None:
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    env.pop("NO_COLOR", None)
    assert "\x1b[" in at_a_terminal([ASWIKI, "--help"], b"", env)[1]
    assert "\x1b" not in at_a_terminal([ASWIKI, "--help"], b"", {**env, "NO_COLOR": "1"})[1]
    assert "\x1b" not in aswiki("--help", TERM="xterm", FORCE_COLOR="1").stdout


def test_a_command_is_built_anew_each_time() -> None:
    entry = COMMANDS["greet"]
    assert isinstance(entry, Command)
    assert build("greet", entry) is not build("greet", entry)

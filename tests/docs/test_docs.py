"""The documents hold: commands run, help agrees, the two READMEs match, links lead somewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from aswiki.cli.commands import COMMANDS, Command
from aswiki.cli.main import main

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh.md")
PAGES = sorted(
    str(path.relative_to(ROOT)) for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^()\s]+)\)")


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(text: str, *languages: str) -> list[str]:
    return [block for language, block in FENCE.findall(text) if language in languages]


def headings(text: str) -> list[tuple[int, str]]:
    """Level and words of every heading outside of code."""
    found = re.findall(r"^(#+) (.+)$", FENCE.sub("", text), re.MULTILINE)
    return [(len(mark), words) for mark, words in found]


def anchor(heading: str) -> str:
    """The name a heading has in a link, as git hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.slow
@pytest.mark.parametrize("page", [*READMES, "docs/commands.md"])
def test_every_command_of_the_page_runs_in_a_fresh_folder(page: str, tmp_path: Path) -> None:
    script = "\n".join(["set -euo pipefail", *blocks(text_of(page), "sh", "console")])
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", f"PS4='running: '; set -x\n{script}"],
        cwd=tmp_path,
        env=os.environ | {"PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "a defect" not in done.stderr


def commands() -> list[str]:
    """Every command's words, as one types them."""
    found = []
    for name, entry in COMMANDS.items():
        if isinstance(entry, Command):
            found.append(name)
        else:
            found += [f"{name} {second}" for second in entry.commands]
    return found


def entries() -> dict[str, str]:
    """What docs/commands.md says under each heading."""
    parts = re.split(r"^##+ (.+)\n", text_of("docs/commands.md"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("name", commands())
def test_the_commands_page_says_what_help_says(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*name.split(), "--help", "--lang", "en"]) == 0
    help_page = capsys.readouterr().out
    said = entries()
    [own] = blocks(said[name], "text")
    for title in ("Writing", "Everywhere"):
        if f"\n\n{title}\n" in help_page:
            [shared] = blocks(said[title], "text")
            own += f"\n{title}\n{shared}"
    assert own == help_page, "make docs writes docs/commands.md anew"


def test_the_commands_page_has_every_command_once_and_no_other() -> None:
    named = [words for level, words in headings(text_of("docs/commands.md")) if level == 3]
    assert sorted(named) == sorted(commands())


@pytest.mark.parametrize("name", commands())
def test_every_command_has_a_sentence_and_an_example(name: str) -> None:
    prose, _, rest = entries()[name].strip().partition("\n\n")
    assert prose.endswith("."), "the sentence under the heading is written by hand"
    first = name.split(maxsplit=1)[0]
    assert any(f"aswiki {first}" in example for example in blocks(rest, "sh"))


def test_both_readmes_have_the_same_headings() -> None:
    english, chinese = ([level for level, _ in headings(text_of(page))] for page in READMES)
    assert english == chinese


def test_both_readmes_have_the_same_blocks_of_code() -> None:
    english, chinese = (
        [language for language, _ in FENCE.findall(text_of(page))] for page in READMES
    )
    assert english == chinese


def test_both_readmes_run_the_same_commands() -> None:
    english, chinese = (
        re.findall(r"^aswiki ([\w-]+)", "".join(blocks(text_of(page), "sh")), re.MULTILINE)
        for page in READMES
    )
    assert english == chinese
    assert {"init", "new-customer", "log-incident", "append", "set", "show"} < set(english)
    assert {"report", "validate"} < set(english)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_the_page_leads_somewhere(page: str) -> None:
    prose = re.sub(r"`[^`\n]*`", "", FENCE.sub("", text_of(page)))
    for link in LINK.findall(prose):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, place = link.partition("#")
        target = (ROOT / page).parent / name if name else ROOT / page
        assert target.is_file(), link
        if place:
            known = {anchor(words) for _, words in headings(target.read_text(encoding="utf-8"))}
            assert place in known, link

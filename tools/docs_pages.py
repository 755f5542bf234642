"""Write the generated parts of docs/ anew: each command's help in commands.md, and schema.md.

In ``docs/commands.md`` what stands between a heading and its ``text`` block is written by hand and
stays; the blocks, the headings and their order come from the program.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

from aswiki.cli.commands import COMMANDS, PANELS, Command
from aswiki.cli.main import main as aswiki

DOCS = Path(__file__).resolve().parent.parent / "docs"
SHARED = ("Everywhere", "Writing")


def said(*words: str) -> str:
    """What the program prints in English off a terminal."""
    out = io.StringIO()
    with redirect_stdout(out):
        code = aswiki([*words, "--lang", "en"])
    if code:
        raise SystemExit(f"aswiki {' '.join(words)}: exit {code}")
    return out.getvalue()


def commands() -> Iterator[tuple[str, str]]:
    """The panel and the name of every command, in the order of ``aswiki --help``."""
    for panel in PANELS:
        for name, entry in COMMANDS.items():
            names = [name]
            if not isinstance(entry, Command):
                names = [f"{name} {second}" for second in entry.commands]
            for each in names if entry.panel == panel else ():
                yield panel, each


def split_help(page: str) -> tuple[str, dict[str, str]]:
    """A help page without the options many commands share, and those by their title."""
    shared = {}
    for title in SHARED:
        page, found, rows = page.rstrip("\n").partition(f"\n\n{title}\n")
        if found:
            shared[title] = rows
    return page.rstrip("\n"), shared


def by_hand(page: str) -> dict[str, str]:
    """What the page says under each heading before its block; under "" what opens the page."""
    parts = re.split(r"^##+ (.+)\n", page, flags=re.MULTILINE)
    texts = [re.split(r"^```text\n", text, flags=re.MULTILINE)[0] for text in parts[2::2]]
    return {"": parts[0].strip()} | dict(zip(parts[1::2], map(str.strip, texts), strict=True))


def commands_page(page: str) -> str:
    """The page of the commands, its hand-written parts taken from ``page``."""
    prose = by_hand(page)
    blocks = [prose[""]]
    shared: dict[str, str] = {}
    panel = ""
    for title, name in commands():
        text, options = split_help(said(*name.split(), "--help"))
        shared |= options
        if title != panel:
            panel = title
            blocks += [f"## {title}", prose.get(title, "")]
        blocks += [f"### {name}", prose.get(name, ""), f"```text\n{text}\n```"]
    for title in SHARED:
        blocks += [f"## {title}", prose.get(title, ""), f"```text\n{shared[title]}\n```"]
    return "\n\n".join(filter(None, blocks)) + "\n"


def pages() -> dict[Path, str]:
    """Every generated page with its text."""
    path = DOCS / "commands.md"
    return {
        path: commands_page(path.read_text(encoding="utf-8")),
        DOCS / "schema.md": said("schema", "--format", "md"),
    }


def main() -> int:
    """Write the pages, and name those that changed."""
    for path, text in pages().items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path.name}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

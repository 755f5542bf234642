"""Write the table of the long runs in docs/evidence.md anew, from what ``make torture`` counted."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

from aswiki import __version__

ROOT = Path(__file__).resolve().parent.parent
COUNTED = ROOT / "build" / "torture"
PAGE = ROOT / "docs" / "evidence.md"
BEGIN, END = "<!-- torture -->\n", "<!-- /torture -->\n"
HEAD = """\
| run of aswiki {version} | tried | missed | seconds |
|---|---:|---:|---:|
"""


def rows(folder: Path) -> list[str]:
    """A row for each run, its pieces added up; the runs in the order of their names."""
    sums: defaultdict[str, list[float]] = defaultdict(lambda: [0, 0, 0.0])
    for path in sorted(folder.glob("*.json")):
        piece = json.loads(path.read_text(encoding="utf-8"))
        for place, key in enumerate(("tried", "missed", "seconds")):
            sums[piece["run"]][place] += piece[key]
    return [
        f"| {run} | {tried:,} | {missed:,} | {seconds:,.0f} |\n"
        for run, (tried, missed, seconds) in sorted(sums.items())
    ]


def with_table(page: str, table: str) -> str:
    """The page with the last table between the marks replaced; at its end where it has none."""
    before, begin, rest = page.partition(BEGIN)
    if not begin:
        return f"{page.rstrip()}\n\n{BEGIN}{table}{END}"
    text, _end, after = rest.partition(END)
    words = text[: text.index("| run of ")] if "| run of " in text else text
    return f"{before}{begin}{words}{table}{END}{after}"


def main() -> None:
    """Write the table, or say that nothing was counted."""
    found = rows(COUNTED)
    if not found:
        raise SystemExit("nothing was counted: run make torture first")
    table = HEAD.format(version=__version__) + "".join(found)
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), table), encoding="utf-8")


if __name__ == "__main__":
    main()

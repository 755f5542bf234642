"""docs/report-fields.md: which fields each reader's report shows, as the sections say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from aswiki.domain.records import TYPES
from aswiki.domain.reports.allowed import allowed

PAGE = Path(__file__).parents[2] / "docs" / "report-fields.md"


def rows(reader: str) -> Iterator[str]:
    for record_type in TYPES:
        keys = allowed()[reader].get(record_type)
        if keys:
            yield f"| `{record_type}` | {', '.join(grouped(keys))} |"


def grouped(keys: frozenset[str]) -> Iterator[str]:
    """Keys by name, those of one part together."""
    parts: dict[str, list[str]] = {}
    for key in sorted(keys):
        part, _dot, own = key.rpartition(".")
        parts.setdefault(part, []).append(own)
    yield from (f"`{key}`" for key in parts.pop("", ()))
    for part, inside in parts.items():
        is_one = len(inside) == 1
        yield f"`{part}.{inside[0]}`" if is_one else f"`{part}` ({', '.join(inside)})"


def tables() -> str:
    found: list[str] = []
    for reader in allowed():
        found += [f"## {reader}", "", "| record | fields |", "|---|---|", *rows(reader), ""]
    return "\n".join(found)


def test_the_page_lists_what_each_reader_s_report_shows() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page[page.index("## boss") :] == tables()

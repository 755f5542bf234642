"""The entries of a table: every row as the fields it fills, or why it cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from aswiki.importers.cells import Habits, taken
from aswiki.importers.columns import Columns
from aswiki.importers.foreign import BadRow, Row
from aswiki.importers.incidents import Rejection
from aswiki.importers.tables import Table
from aswiki.lang import _

_HAN = re.compile("[\u3400-\u9fff]")
_PADDING = re.compile("(?<=[\u3400-\u9fff])\\s+(?=[\u3400-\u9fff])")
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Entry:
    """One row of a table.

    Args:
        row: its number as the sheet shows it.
        name: the name of the customer or contact.
        fields: a field's key, dotted inside a mapping, → plain data; without the name.
        notes: what the user should know about its cells.
    """

    row: int
    name: str
    fields: Mapping[str, Any]
    notes: tuple[str, ...] = field(default=())


def entries(table: Table, columns: Columns, habits: Habits) -> Iterator[Entry | Rejection]:
    """Every row of the table, in its order."""
    places = _places(table, columns)
    for row in table.rows:
        try:
            yield _entry(row, places, columns, habits)
        except BadRow as wrong:
            yield Rejection(row.number, _seen_name(row, places), str(wrong))


def unknown(table: Table, columns: Columns) -> list[str]:
    """The headings that name no field, in the table's order."""
    found = (h for h in table.headings if not columns.is_ignored(h) and columns.key(h) is None)
    return list(dict.fromkeys(found))


def rivals(table: Table, columns: Columns) -> list[list[str]]:
    """The headings that fill the same field, those of each field, the first to count first."""
    found = _places(table, columns).values()
    return [[table.headings[at] for at in places] for places in found if len(places) > 1]


def _places(table: Table, columns: Columns) -> dict[str, list[int]]:
    """A field's key → the columns that fill it, the first to count first."""
    ranked: dict[str, list[tuple[int, int]]] = {}
    for at, heading in enumerate(table.headings):
        known = None if columns.is_ignored(heading) else columns.key(heading)
        if known is not None:
            ranked.setdefault(known[0], []).append((known[1], at))
    return {key: [at for _rank, at in sorted(several)] for key, several in ranked.items()}


def _entry(row: Row, places: Mapping[str, list[int]], columns: Columns, habits: Habits) -> Entry:
    if isinstance(row.data, BadRow):
        raise row.data
    cells = row.data if isinstance(row.data, list) else []
    fields: dict[str, Any] = {}
    notes: list[str] = []
    for key, several in places.items():
        for at in several:
            found = taken(columns.targets[key], cells[at], habits)
            notes += filter(None, [found.note])
            if found.value is not None:
                fields[key] = found.value
                break
    family, given = (fields.pop(key, "") for key in ("family_name", "given_name"))
    name = str(fields.pop("name", "") or _whole_name(family, given))
    if columns.kind == "contacts":
        name = _PADDING.sub("", name)
    if not name:
        raise BadRow(_("{key} is missing").format(key="name"))
    if len(name) > _LONGEST_NAME:
        raise BadRow(_("the name has more than {n} characters").format(n=_LONGEST_NAME))
    return Entry(row.number, name, fields, tuple(notes))


def _whole_name(family: str, given: str) -> str:
    if _HAN.search(family + given):
        return family + given
    return f"{given} {family}".strip()


def _seen_name(row: Row, places: Mapping[str, list[int]]) -> str:
    """The name that a rejected row shows, for people to find it by."""
    if not isinstance(row.data, list):
        return ""
    held = (row.data[at] for at in places.get("name", ()))
    return " ".join(next((str(cell) for cell in held if cell), "").split())[:60]

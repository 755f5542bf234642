"""A report's sections as sheets: the figures on top, below them every list a table of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from aswiki.domain.readers.narrowing import CUSTOMERS
from aswiki.render.report_title import title
from aswiki.render.sheet_cells import Wording
from aswiki.render.sheet_titles import FIGURE, FIGURES, UNKNOWN
from aswiki.render.sheet_vocabulary import DROPPED, FIGURES_OF_CUSTOMERS
from aswiki.render.xlsx import Sheet, Table

if TYPE_CHECKING:
    from aswiki.render.markdown import Names
    from aswiki.render.xlsx import Cell

Row = dict[str, Any]
APART = frozenset(
    {
        *(f"compass.customers.{key}" for key in ("vendor_shares", "team_capability")),
        *(f"compass.customers.{key}" for key in ("assessments", "workloads")),
        *(f"politics.customers.{key}" for key in ("positionings", "inquiries")),
        *(f"politics.customers.{key}" for key in ("came_and_went", "stances")),
    }
)
"""Lists within a customer's row that are tables of their own."""
SPREAD = {"spend.swings": "horizons"}
"""A list → the list in its rows whose items are the rows of the sheet."""
_SUMMARIES = frozenset({"persons", "heard"})
_FIRST, _LAST = ("customer", "month", "title"), "ref"


class _List(NamedTuple):
    """The rows of one table: where they stand in the report, and whose each is."""

    place: str
    rows: list[tuple[str, Row]]


def sheets(document: Mapping[str, Any], names: Names) -> list[Sheet]:
    """One sheet a section, in order; a section without anything for a sheet has none."""
    said = Wording(names, document["for"])
    note = title(document, names)
    found = []
    for section in document["sections"]:
        tables = [*_figures(section, document, said), *_tables(section, document, said)]
        if tables:
            name = f"{section['number']} {said.sheet(section['key'])}"
            found.append(Sheet(name, tables, note))
    return found


def _shown(section: Mapping[str, Any]) -> Row:
    key = section["key"]
    return {
        part: value
        for part, value in section.items()
        if f"*.{part}" not in DROPPED and f"{key}.{part}" not in DROPPED
    }


def _figures(
    section: Mapping[str, Any], document: Mapping[str, Any], said: Wording
) -> Iterator[Table]:
    """The numbers beside the lists, with those of the period before where there are any."""
    is_customer = said.reader in CUSTOMERS
    if is_customer and f"{section['key']}.{said.reader}" not in FIGURES_OF_CUSTOMERS:
        return
    key, shown = section["key"], _shown(section)
    before = _flat(shown.pop("before", {}))
    numbers = {
        path: value
        for path, value in _flat(shown).items()
        if not isinstance(value, list) and value is not None
    }
    if not numbers:
        return
    headings = [said.said(FIGURES), said.said(FIGURE)]
    if before:
        headings[1:] = [document["period"], before["period"]]
    rows = [
        [
            said.heading(key, path),
            said.cell(f"{key}.{path}", value, ""),
            *([said.cell(f"{key}.{path}", before.get(path), "")] if before else []),
        ]
        for path, value in numbers.items()
    ]
    yield Table(headings, rows)


def _tables(
    section: Mapping[str, Any], document: Mapping[str, Any], said: Wording
) -> Iterator[Table]:
    is_single = document.get("customer") is not None
    lists = {key: each for key, each in _flat(_shown(section)).items() if isinstance(each, list)}
    for path in sorted(lists, key=_is_detail):
        for found in _lists(f"{section['key']}.{path}", lists[path]):
            table = _table(found, said, is_single=is_single)
            if table is not None:
                yield table


def _is_detail(path: str) -> bool:
    """Whether a list has its rows one by one; those by department and the like come before."""
    key = path.rpartition(".")[2]
    return not key.startswith("by_") and key not in _SUMMARIES


def _lists(place: str, rows: Sequence[Row]) -> Iterator[_List]:
    """A list as it is shown, then the lists of its rows that stand apart."""
    if place in SPREAD:
        inner = SPREAD[place]
        rows = [{**_without(row, {inner}), **item} for row in rows for item in row[inner]]
    apart = dict.fromkeys(key for row in rows for key in row if f"{place}.{key}" in APART)
    own = [(_slug(row), _whose(_without(row, set(apart)))) for row in rows]
    yield _List(place, own)
    for key in apart:
        items = [(row, item) for row in rows for item in row.get(key, ())]
        yield _List(f"{place}.{key}", [(_slug(row), _of(row, item)) for row, item in items])


def _slug(row: Row) -> str:
    return str(row.get("customer") or "")


def _of(row: Row, item: Row) -> Row:
    """An item of a customer's list with the customer by name, and its own name where it has one."""
    own = _without(item, {"customer", "name"}) if "customer" in item else item
    return {"customer": row["name"], **own}


def _without(row: Row, keys: set[str]) -> Row:
    return {key: value for key, value in row.items() if key not in keys}


def _whose(row: Row) -> Row:
    """The row with the customer by name."""
    if "customer" not in row or "name" not in row:
        return row
    return {"customer": row["name"], **_without(row, {"customer", "name"})}


def _table(found: _List, said: Wording, *, is_single: bool) -> Table | None:
    """The rows as a table without the columns that say nothing; None where nothing is left."""
    place = found.place
    flat = [(slug, _flat(row)) for slug, row in found.rows]
    keys = {
        key
        for _slug, row in flat
        for key, value in row.items()
        if said.is_shown(f"{place}.{key}", value)
    }
    if is_single:
        keys.discard("customer")
    if keys <= {"customer"}:
        return None
    known = dict.fromkeys(key for _slug, row in flat for key in row)
    columns = _ordered([key for key in known if key in keys])
    rows = [_cells(place, columns, row, slug, said) for slug, row in flat]
    return Table([said.heading(place, key) for key in columns], rows, said.table(place))


def _cells(place: str, columns: list[str], row: Row, slug: str, said: Wording) -> list[Cell]:
    """The cells of a row; whose it is, or of what, is said even where nobody wrote it down."""
    own = [(f"{place}.{key}", row.get(key)) for key in columns]
    told = [said.cell(at, each if said.is_shown(at, each) else None, slug) for at, each in own]
    return [said.said(UNKNOWN) if told[0] is None else told[0], *told[1:]]


def _ordered(keys: list[str]) -> list[str]:
    """Whose it is and what it is called come first, the record that says so last.

    Columns that were within another stand together, wherever the first of them is known from.
    """
    last = [_LAST] if _LAST in keys else []
    is_record = bool(last)
    first = [key for key in _FIRST if key in keys and (is_record or key != "title")]
    outer = list(dict.fromkeys(key.partition(".")[0] for key in keys))
    others = sorted(keys, key=lambda key: outer.index(key.partition(".")[0]))
    return [*first, *(key for key in others if key not in {*first, *last}), *last]


def _flat(row: Mapping[str, Any]) -> Row:
    """A row with one level: keys dotted, lists as they are."""
    found: Row = {}
    for key, value in row.items():
        if isinstance(value, Mapping):
            found |= {f"{key}.{inner}": each for inner, each in _flat(value).items()}
        else:
            found[key] = value
    return found

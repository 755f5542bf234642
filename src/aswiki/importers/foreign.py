"""The records of a JSON, JSON Lines or CSV file, whatever its encoding, each with its place."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple, NoReturn

from aswiki.errors import BadInput
from aswiki.lang import _


class BadRow(Exception):
    """Why one record of a file cannot be taken, in the user's language."""


class Row(NamedTuple):
    """One record of a file and its place from 1, of a JSON Lines file the line."""

    number: int
    data: object


class Layout(NamedTuple):
    """How a file holds its records.

    Args:
        format: ``json``, ``jsonl`` or ``csv``.
        records: the dotted path to the array of a JSON document; empty: the document itself.
        delimiter: what parts the cells of a CSV file.
    """

    format: str
    records: str = ""
    delimiter: str = ","


def rows(raw: bytes, layout: Layout) -> Iterator[Row]:
    """Every record in the file's order; one that cannot be read has a ``BadRow`` as its data.

    Numbers with a point are decimals.

    Raises:
        BadInput: the file is no text, not of its format, or holds no array where it should.
    """
    text = decoded(raw)
    if layout.format == "csv":
        return _csv(text, layout.delimiter)
    if layout.format == "jsonl":
        return _lines(text)
    return _array(text, layout.records)


def at(data: object, path: str) -> object:
    """What a dotted path leads to: keys of mappings, places in lists from 0; None for nothing.

    A key that holds dots itself is found by its whole name.
    """
    if isinstance(data, dict) and path in data:
        return data[path]
    for step in path.split("."):
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and step.isdecimal() and int(step) < len(data):
            data = data[int(step)]
        else:
            return None
    return data


def decoded(raw: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its byte order mark, else GB18030.

    Raises:
        BadInput: it is none of these.
    """
    marked = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return raw.removeprefix(codecs.BOM_UTF8).decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput(
        "bad-encoding",
        _("The file is neither UTF-8 nor GB18030 text."),
        _("Save it as UTF-8, then try again."),
    )


def _array(text: str, path: str) -> Iterator[Row]:
    document = _json(text)
    found = at(document, path) if path else document
    if not isinstance(found, list):
        where = path or _("the top")
        raise BadInput(
            "no-array",
            _("The file holds no list of records at {where}.").format(where=where),
            _('Say in the import map where it is: records = "path.to.it"'),
        )
    return (Row(number, data) for number, data in enumerate(found, start=1))


def _lines(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield Row(number, _json(line))
            except BadInput as wrong:
                yield Row(number, BadRow(wrong.message))


def _json(text: str) -> object:
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        place = (error.lineno, error.colno)
        why = error.msg
    except RecursionError:
        place, why = (1, 1), _("it is nested too deeply")
    except ValueError as error:
        place, why = (1, 1), str(error)
    raise BadInput(
        "not-json",
        _("This is not JSON: line {line}, column {column}: {why}.").format(
            line=place[0], column=place[1], why=why
        ),
        _("Save the file as its system exports it, or name another import map with --map."),
    )


def _no_constant(word: str) -> NoReturn:
    raise ValueError(_("{word} is no number").format(word=word))


def _csv(text: str, delimiter: str) -> Iterator[Row]:
    lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip() for name in lines.fieldnames or ()]
        double = next((name for name in names if name and names.count(name) > 1), None)
        if double is not None:
            raise BadInput(
                "double-column",
                _("Two columns are called {name}.").format(name=double),
                _("Give every column a name of its own."),
            )
        lines.fieldnames = names
        for number, cells in enumerate(lines, start=1):
            if None in cells:
                yield Row(number, BadRow(_("it has more cells than there are columns")))
            else:
                yield Row(number, cells)
    except csv.Error as error:
        raise BadInput(
            "not-csv",
            _("This is not CSV: line {line}: {why}.").format(line=lines.reader.line_num, why=error),
            _("Save the file as its system exports it, or name another import map with --map."),
        ) from error

"""What a hand wrote in a front matter and a program writes otherwise: labels, times, by offset."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from aswiki.domain.problem import Loc
from aswiki.domain.records.common import About, Part, abouts
from aswiki.domain.records.moments import moment
from aswiki.domain.records.types import Reading

_DAY = len("2026-10-03")
_OFFSET = re.compile(r"Z|[+-]\d\d:?\d\d$")


@dataclass(frozen=True, slots=True)
class Rename:
    """The key at ``loc`` is the label of ``key``."""

    loc: Loc
    key: str


@dataclass(frozen=True, slots=True)
class Reword:
    """The text at ``loc`` is written as ``value``."""

    loc: Loc
    value: str


def corrections(
    shape: type[Part], data: Mapping[str, Any], reading: Reading, loc: Loc = ()
) -> Iterator[Rename | Reword]:
    """What of a record's front matter is written otherwise, in its order.

    A label of a key becomes the key where that is not there yet, a label of a word the word, and a
    time without offset gets that of the wiki's zone. All places are those of ``data`` as it is.
    """
    known, taken = abouts(shape), set(data)
    for key, value in data.items():
        about = known.get(key)
        own = labelled(shape, key) if about is None else None
        if own is not None and own not in taken:
            taken.add(own)
            about = known[own]
            yield Rename((*loc, key), own)
        if about is not None and not about.section:
            yield from _of_value(about, value, reading, (*loc, key))


def labelled(shape: type[Part], label: str) -> str | None:
    """The key of the front matter that has this label in either language, if just one has it."""
    return _keys(shape).get(label.strip().casefold())


@cache
def _keys(shape: type[Part]) -> Mapping[str, str]:
    found: dict[str, set[str]] = {}
    for key, about in abouts(shape).items():
        for label in (about.en, about.zh) if not about.section else ():
            found.setdefault(label.casefold(), set()).add(key)
    return {label: min(keys) for label, keys in found.items() if len(keys) == 1}


def _of_value(about: About, value: object, reading: Reading, loc: Loc) -> Iterator[Rename | Reword]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            if not isinstance(item, list):
                yield from _of_value(about, item, reading, (*loc, index))
    elif isinstance(value, dict):
        if about.part is not None:
            yield from corrections(about.part, value, reading, loc)
    elif isinstance(value, str):
        written = _written(about, value, reading)
        if written is not None and written != value:
            yield Reword(loc, written)


def _written(about: About, text: str, reading: Reading) -> str | None:
    if about.form == "word" and about.vocabulary is not None:
        return reading.vocabulary.key(about.vocabulary, text)
    return _with_offset(text, reading) if about.form == "moment" else None


def _with_offset(text: str, reading: Reading) -> str | None:
    """The time with the offset it is read with; None for a day, another text, or one that has it.

    The offset must be one that can be written, which none of before the railways is.
    """
    read = moment(text, reading.zone)
    if not isinstance(read, datetime) or _OFFSET.search(text, _DAY):
        return None
    offset = read.utcoffset()
    if offset is None or offset % timedelta(minutes=1):
        return None
    return f"{text}{' ' if text[_DAY] == ' ' else ''}{read.isoformat()[-6:]}"

"""people.toml of two sides as one, table by table: two newcomers are no conflict."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from aswiki.wiki.checks.settings_check import settings_problems
from aswiki.wiki.wiki import PEOPLE

if TYPE_CHECKING:
    from aswiki.domain.records.types import Reading

_HEADING = re.compile(rb"[ \t]*\[")


def joined(base: bytes, ours: bytes, theirs: bytes, reading: Reading) -> bytes | None:
    """The file with what both sides did to it; None where both did something else to one table.

    Every line is a line of one side. A table that one side changed is as that side has it; what is
    new there comes after ours.

    Args:
        base: what both sides come from; empty where each made the file by itself.
        ours: this side's bytes.
        theirs: the other side's.
        reading: the words that the file is checked against.
    """
    before, mine, other = _tables(base), _tables(ours), _tables(theirs)
    found: dict[bytes, bytes] = {}
    for heading in [*mine, *(heading for heading in other if heading not in mine)]:
        was, own, their = before.get(heading), mine.get(heading), other.get(heading)
        if their in (own, was):
            chosen = own
        elif own == was:
            chosen = their
        else:
            return None
        if chosen is not None:
            found[heading] = chosen
    text = _text(found)
    errors = (p for p in settings_problems(PEOPLE, text, reading) if p.level == "error")
    return None if next(errors, None) else text


def _tables(text: bytes) -> dict[bytes, bytes]:
    """The lines of each table under its heading, no blank lines around; those above under b''."""
    found: dict[bytes, bytes] = {b"": b""}
    heading = b""
    for line in text.splitlines(keepends=True):
        if _HEADING.match(line):
            heading = line.strip()
        found[heading] = found.get(heading, b"") + line
    stripped = {heading: lines.strip(b"\r\n") for heading, lines in found.items()}
    return {heading: lines for heading, lines in stripped.items() if lines}


def _text(tables: Mapping[bytes, bytes]) -> bytes:
    return b"\n\n".join(tables.values()) + b"\n"

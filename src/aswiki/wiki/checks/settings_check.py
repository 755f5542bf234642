"""aswiki.toml and people.toml against their models, each problem at its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal

from aswiki.domain.checks.schema import read_part, unknown_key
from aswiki.domain.config import People, Settings
from aswiki.domain.problem import Finding, Problem
from aswiki.domain.records.types import Reading
from aswiki.domain.vocabulary import Vocabulary
from aswiki.domain.words import VOCABULARIES
from aswiki.lang import _
from aswiki.wiki.wiki import SETTINGS

_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)")
_TABLE = re.compile(r"\s*\[\[?\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*([\w-]+|"[^"]*"|'[^']*')\s*(?:=|\.)""")


def settings_problems(path: str, raw: bytes, reading: Reading) -> list[Problem]:
    """What is wrong with one of the two settings files."""
    try:
        text = raw.decode("utf-8-sig")
        data = tomllib.loads(text, parse_float=Decimal)
    except UnicodeDecodeError:
        message = _("{file} is not UTF-8.").format(file=path)
        return [Problem(path, 1, 1, "ASW101", "error", message, _("Save it as UTF-8."))]
    except tomllib.TOMLDecodeError as error:
        return [_syntax(path, str(error))]
    shape = Settings if path == SETTINGS else People
    found = read_part(shape, data, reading)[1]
    if path == SETTINGS:
        words = data.get("vocabulary")
        known = list(VOCABULARIES)
        for name in words if isinstance(words, dict) else ():
            if name not in known:
                found.append(unknown_key(("vocabulary", name), known))
        found += _levels(data.get("thresholds"), reading.vocabulary)
    return sorted(_placed(path, text, finding) for finding in found)


def _levels(thresholds: object, vocabulary: Vocabulary) -> Iterator[Finding]:
    """The levels of ``by_level`` that no account has, and the keys that no threshold has."""
    from aswiki.domain.spending.swing import KEYS

    by_level = thresholds.get("by_level") if isinstance(thresholds, dict) else None
    for name, said in by_level.items() if isinstance(by_level, dict) else ():
        place = ("thresholds", "by_level", str(name))
        if vocabulary.key("account_level", str(name)) is None:
            yield unknown_key(place, list(vocabulary.words("account_level")))
        for key in said if isinstance(said, dict) else ():
            if key not in KEYS and not key.startswith("x_"):
                yield unknown_key((*place, key), list(KEYS))


def _syntax(path: str, said: str) -> Problem:
    place = _PLACE.search(said)
    line, column = (int(place[1]), int(place[2])) if place else (1, 1)
    message = _("{file} is not TOML: {why}.").format(file=path, why=_PLACE.sub("", said))
    return Problem(path, line, column, "ASW111", "error", message, _("Mend the file."))


def _placed(path: str, text: str, finding: Finding) -> Problem:
    line, column = _where(text, [str(part) for part in finding.loc], at_key=finding.at_key)
    return Problem(path, line, column, finding.code, finding.level, finding.message, finding.hint)


def _where(text: str, loc: list[str], *, at_key: bool) -> tuple[int, int]:
    """The place of a dotted key: its own line, else the line of the table it would stand in."""
    table: list[str] = []
    best, length = (1, 1), 0
    for number, line in enumerate(text.splitlines(), 1):
        if heading := _TABLE.match(line):
            table = [part.strip(" \"'") for part in heading[1].split(".")]
            path, column = table, line.index(table[-1]) + 1
        elif key := _KEY.match(line):
            path = [*table, key[1].strip("\"'")]
            value = len(line) - len(line[key.end() :].lstrip()) + 1
            column = key.start(1) + 1 if at_key or len(path) < len(loc) else value
        else:
            continue
        if path == loc[: len(path)] and len(path) > length:
            best, length = (number, column), len(path)
    return best

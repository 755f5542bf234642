"""Values as plain text and JSON in which nothing untrusted is raw."""

from __future__ import annotations

import re
from functools import cache
from typing import Any


@cache
def _hidden() -> re.Pattern[str]:
    """Controls, line separators, bidi marks and lone surrogates: what could forge a terminal."""
    marks = "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff"
    return re.compile(f"[\x00-\x1f\x7f-\x9f{marks}]")


def _escaped(match: re.Match[str]) -> str:
    sign = ord(match[0])
    return f"\\x{sign:02x}" if sign < 256 else f"\\u{sign:04x}"


def visible(text: str, keep: str = "\n\t") -> str:
    """The text with every sign that could steer a terminal written out as its number.

    Args:
        text: anything that came from a record, a file or git.
        keep: the control characters that stay; none for a single line.
    """
    return _hidden().sub(lambda m: m[0] if m[0] in keep else _escaped(m), text)


def _plain(value: object) -> str | list[Any]:
    """What JSON has no word for: decimals and paths as text, times in ISO 8601, sets in order."""
    from datetime import date, datetime, time
    from decimal import Decimal
    from pathlib import PurePath

    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def json_text(document: object, indent: int | None = None) -> str:
    """The document as JSON; what ``visible`` would write out is escaped, the data stays the same.

    Raises:
        TypeError: a value is of a type without a JSON form.
    """
    import json

    text = json.dumps(document, ensure_ascii=False, allow_nan=False, default=_plain, indent=indent)
    return _hidden().sub(lambda m: m[0] if m[0] == "\n" else f"\\u{ord(m[0]):04x}", text)

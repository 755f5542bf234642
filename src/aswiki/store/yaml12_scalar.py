"""One YAML scalar both ways: what a plain text means in YAML 1.2, and a value's own text."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from yaml.resolver import Resolver

from aswiki.errors import BadInput, Defect
from aswiki.lang import _

MOST_DIGITS: Final = 400
"""A run of more digits is no quantity: it is read as text and refused when written."""

_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_FIRST: Final = frozenset("~nNtTfF.+-0123456789")
_NUMBER: Final = re.compile(
    r"(?P<decimal>[-+]?[0-9]+)"
    r"|(?P<octal>0o[0-7]+)"
    r"|(?P<hex>0x[0-9a-fA-F]+)"
    r"|(?P<real>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?)"
    r"|(?P<minus>-?)(?P<endless>\+?\.(?:inf|Inf|INF))"
    r"|(?P<none>\.(?:nan|NaN|NAN))"
)
_BASES: Final = {"decimal": 10, "octal": 8, "hex": 16}
_CLOCK: Final = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
_ELDER_WORDS: Final = frozenset("yYnN")
_TIMESTAMP: Final = "tag:yaml.org,2002:timestamp"
_MARKS: Final = tuple("?:,[]{}#&*!|>'\"%@`")
# what may not stand as it is, listed: the few are compiled at each start in a tenth of the time
_ESCAPED: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_DOUBLE: Final = re.compile(rf'{_ESCAPED.pattern}|["\\]')
_SHORT: Final = {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\t": "\\t",
    "\r": "\\r",
    "\0": "\\0",
    "\x85": "\\N",
    "\u2028": "\\L",
    "\u2029": "\\P",
}


class PlainInt(int):
    """A whole number whose text says more than its value: ``0791``, ``+5``, ``0x1F``."""

    text: str

    def __new__(cls, value: int, text: str) -> PlainInt:
        """The number, with the text it was read from."""
        number = super().__new__(cls, value)
        number.text = text
        return number

    def __reduce__(self) -> tuple[type[PlainInt], tuple[int, str]]:
        """What a copy is made from."""
        return PlainInt, (int(self), self.text)


def meaning(text: str) -> str | int | Decimal | bool | None:
    """What an unquoted scalar means under the YAML 1.2 core schema; a fraction is a Decimal."""
    if not text:
        return None
    if text[0] not in _FIRST:
        return text
    if text in _WORDS:
        return _WORDS[text]
    match = _NUMBER.fullmatch(text)
    return text if match is None or len(text) > MOST_DIGITS else _number(text, match)


def _number(text: str, match: re.Match[str]) -> int | Decimal:
    kind = match.lastgroup or ""
    if kind == "real":
        return Decimal(text)
    if kind == "endless":
        return Decimal(match["minus"] + "Infinity")
    if kind == "none":
        return Decimal("NaN")
    value = int(text, _BASES[kind])
    return value if str(value) == text else PlainInt(value, text)


def scalar(value: object, *, in_flow: bool = False, style: str = "") -> str:
    """The one-line YAML text of a single value, plain where YAML 1.2 allows it.

    A text is quoted where a YAML 1.2 reader, or a YAML 1.1 one, would take it for a number, a
    boolean or nothing; times stay plain.

    Args:
        value: a text, number, boolean, date, time or None.
        in_flow: the text will stand within ``[ ]`` or ``{ }``.
        style: the quotes to prefer for a text, as the place had them before.

    Raises:
        BadInput: the text has halves of characters, or the number more digits than any quantity.
        Defect: the value is none of these.
    """
    if isinstance(value, str):
        return _text(str.__str__(value), in_flow=in_flow, style=style)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return _number_text(value)
    if isinstance(value, date):
        return _text(value.isoformat(), in_flow=in_flow, style=style)
    raise Defect("unwritable-value", _("A {kind} has no YAML form.").format(kind=type(value)))


def _number_text(value: int | Decimal) -> str:
    if isinstance(value, PlainInt):
        return value.text
    number = Decimal(value)
    if number.is_nan():
        return ".nan"
    if number.is_infinite():
        return "-.inf" if number < 0 else ".inf"
    if max(abs(number.adjusted()), len(number.as_tuple().digits)) >= MOST_DIGITS:
        raise BadInput(
            "number-too-long",
            _("A number has more than {most} digits.").format(most=MOST_DIGITS),
            _("Put it between quotes if it is an identifier."),
        )
    return format(number, "f")


def _text(text: str, *, in_flow: bool, style: str) -> str:
    raw = is_raw(text)
    if style == "'" and raw:
        return _single(text)
    if style == '"':
        return _double(text)
    if raw and _is_plain(text, in_flow=in_flow):
        return text
    return _single(text) if raw and ('"' in text or "\\" in text) else _double(text)


def is_raw(text: str) -> bool:
    """Whether every character may stand in one line of a YAML file as it is."""
    return _ESCAPED.search(text) is None


def _is_plain(text: str, *, in_flow: bool) -> bool:
    if not text or text != text.strip() or text.startswith((*_MARKS, "- ", "---", "...")):
        return False
    if ": " in text or " #" in text or text.endswith(":") or text == "-":
        return False
    if in_flow and any(mark in text for mark in ",?[]{}"):
        return False
    return isinstance(meaning(text), str) and not _misread(text)


def _misread(text: str) -> bool:
    """Whether a reader of YAML 1.1 would see something else than a text or a time."""
    if text in _ELDER_WORDS or _CLOCK.fullmatch(text):
        return True
    rules = Resolver.yaml_implicit_resolvers.get(text[0], [])
    return any(tag != _TIMESTAMP and pattern.match(text) for tag, pattern in rules)


def _single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _double(text: str) -> str:
    return '"' + _DOUBLE.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if character in _SHORT:
        return _SHORT[character]
    number = ord(character)
    if 0xD800 <= number <= 0xDFFF:
        raise BadInput(
            "not-text",
            _("A text holds half a character (U+{number:04X}), which UTF-8 cannot store.").format(
                number=number
            ),
            _("Check the encoding of where the text came from."),
        )
    return f"\\x{number:02X}" if number < 0x100 else f"\\u{number:04X}"

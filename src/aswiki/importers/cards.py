"""The cards of a vCard file as a table: a card is a row, a property a column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from aswiki.errors import Unusable
from aswiki.importers.foreign import BadRow, Row, decoded
from aswiki.importers.tables import Table
from aswiki.lang import _

if TYPE_CHECKING:
    from collections.abc import Callable

_BEGIN = re.compile(r"\s*BEGIN:VCARD\s*$", re.IGNORECASE)
_END = re.compile(r"\s*END:VCARD\s*$", re.IGNORECASE)
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ADDRESSES = frozenset({"TEL", "EMAIL", "IMPP"})


def is_cards(raw: bytes) -> bool:
    """Whether a file holds vCards."""
    start = raw[:200].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")
    return start[:11].upper() == b"BEGIN:VCARD"


def table(raw: bytes) -> Table:
    """Every card of the file; its row's number is its place from 1.

    Columns are the properties' names in small letters: ``fn``, ``email``; a telephone is
    ``tel-cell`` or ``tel``, a name ``n-family`` and ``n-given``, an organisation ``org`` and
    ``org-unit``. Of several values the preferred one counts.

    Raises:
        BadInput: the file is no text.
        Unusable: what reads vCards is not installed.
    """
    read = _reader()
    cards = [
        (number, _properties(read, text))
        for number, text in enumerate(_split(decoded(raw)), start=1)
    ]
    names: dict[str, None] = {}
    for _number, card in cards:
        names.update(dict.fromkeys(card if isinstance(card, dict) else ()))
    rows = [
        Row(number, card if isinstance(card, BadRow) else [card.get(name, "") for name in names])
        for number, card in cards
    ]
    return Table(list(names), rows)


def _reader() -> Callable[..., Any]:
    try:
        import vobject
    except ImportError:
        raise Unusable(
            "extra-missing",
            _("What reads vCards is not installed."),
            'pip install "aswiki[contacts]"',
        ) from None
    read: Callable[..., Any] = vobject.readOne
    return read


def _split(text: str) -> Iterator[str]:
    """The text of every card; a card within a card belongs to it."""
    lines: list[str] = []
    depth = 0
    for line in re.split(r"\r\n|\r|\n", text):
        if _BEGIN.match(line):
            depth += 1
        if depth:
            lines.append(line)
        if depth and _END.match(line):
            depth -= 1
            if not depth:
                yield "\r\n".join([*lines, ""])
                lines = []
    if lines:
        yield "\r\n".join([*lines, ""])


def _properties(read: Callable[..., Any], text: str) -> dict[str, str] | BadRow:
    from vobject.base import VObjectError

    try:
        card = read(text, allowQP=True)
        found: dict[str, str] = {}
        for line in sorted(card.getChildren(), key=_preference):
            for name, value in _cells(line):
                found.setdefault(name, value)
    except (VObjectError, LookupError, ValueError, AttributeError, TypeError) as error:
        return BadRow(_("the vCard cannot be read: {why}").format(why=error))
    return found


def _preference(line: Any) -> int:  # noqa: ANN401 - vobject has no types
    """Preferred first, else as they stand; 4.0 numbers them from 1."""
    number = (line.params.get("PREF") or ["100"])[0]
    return 0 if "PREF" in _kinds(line) else int(number) if number.isdecimal() else 100


def _kinds(line: Any) -> set[str]:  # noqa: ANN401 - the same
    """What a property is for, in capitals: TYPE=CELL, TYPE="cell,home" or the bare CELL of 2.1."""
    said = [*line.params.get("TYPE", ()), *line.singletonparams]
    return {kind.strip().upper() for word in said for kind in word.split(",")}


def _cells(line: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - the same
    name, value = line.name.upper(), line.value
    if name == "N" and hasattr(value, "family"):
        yield "n-family", _text(value.family)
        yield "n-given", _text(value.given)
    elif name == "ORG":
        parts = value if isinstance(value, list) else str(value).split(";")
        yield "org", _text(parts[0] if parts else "")
        yield "org-unit", " ".join(filter(None, map(_text, parts[1:])))
    elif name == "TEL":
        yield "tel-cell" if "CELL" in _kinds(line) else "tel", _SCHEME.sub("", _text(value))
    else:
        yield name.lower(), _SCHEME.sub("", _text(value)) if name in _ADDRESSES else _text(value)


def _text(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value).strip()

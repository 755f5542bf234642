"""A field named on a command line, and the value typed for it, as plain data of a record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from aswiki.domain.problem import Loc
from aswiki.domain.records.common import About, Part, Record, abouts
from aswiki.domain.records.types import Reading
from aswiki.domain.times import when
from aswiki.errors import BadInput
from aswiki.lang import _

REFUSED = frozenset({"log", "verbatim", "quote", "released_to"})
_TRUE = frozenset({"true", "yes", "y", "1", "是", "有"})
_FALSE = frozenset({"false", "no", "n", "0", "否", "无"})


@dataclass(frozen=True)
class Field:
    """A field of a record type found by its dotted key.

    ``loc`` holds keys and 0-based indexes; ``whole`` is false inside an item of a list or mapping.
    """

    loc: Loc
    about: About
    is_item: bool

    @property
    def is_section(self) -> bool:
        """Whether the field is prose of the body."""
        return self.about.section


def find(shape: type[Record], key: str, kind: str | None) -> Field:
    """The field of a dotted key such as ``impact.users_percent`` or ``contacts.2.phone``.

    Raises:
        BadInput: no such key (with the nearest), one of ``REFUSED``, or one of another kind.
    """
    part: type[Part] | None = shape
    loc: list[str | int] = []
    about: About | None = None
    is_item = False
    for step in key.split("."):
        if about is not None and about.many and not is_item and step.isdecimal() and int(step) > 0:
            loc.append(int(step) - 1)
            is_item = True
            continue
        if step in REFUSED:
            raise BadInput(
                "refused-field",
                _("{key} cannot be set.").format(key=key),
                _("Log entries are added with append; a quote and a release have commands."),
            )
        part = about.part if about is not None else part
        if part is None or (about is not None and about.many and not is_item):
            raise _unknown(key, [])
        said = abouts(part)
        if step not in said:
            if step.startswith("x_"):
                return _own(key, loc, step)
            raise _unknown(key, list(said))
        about, is_item = said[step], False
        loc.append(step)
    if about is None:
        raise _unknown(key, [])
    first = abouts(shape).get(str(loc[0]))
    if first is not None and first.kinds and kind is not None and kind not in first.kinds:
        raise BadInput(
            "other-kind",
            _("The key {key} belongs to {kinds}, not to {kind}.").format(
                key=loc[0], kinds=", ".join(first.kinds), kind=kind
            ),
            _("Leave it out, or give the record another kind."),
        )
    return Field(tuple(loc), about, is_item)


def _own(key: str, loc: list[str | int], step: str) -> Field:
    nothing = About(
        key, step, step, (), "", False, False, False, (), None, None, None, False, step, "text"
    )
    return Field((*loc, step), nothing, is_item=False)


def _unknown(key: str, known: list[str]) -> BadInput:
    close = get_close_matches(key.rsplit(".", maxsplit=1)[-1], known, n=1, cutoff=0.6)
    return BadInput(
        "unknown-field",
        _("The record has no field {key}.").format(key=key),
        _("Did you mean {key}?").format(key=close[0])
        if close
        else _("aswiki schema TYPE lists the fields."),
    )


def read(
    field: Field,
    text: str,
    *,
    now: datetime,
    reading: Reading,
    yaml: Callable[[str], Any],
    one: bool = False,
) -> Any:  # noqa: ANN401 - plain data of any shape
    """The plain data that a typed value means for a field.

    Args:
        field: what ``find`` found.
        text: the value as typed.
        now: the moment that phrases such as yesterday count from.
        reading: the wiki's zone and words.
        yaml: reads a list or mapping.
        one: the value is one more item of the field's list.

    Raises:
        BadInput: the text is no such value.
    """
    about = field.about
    many = about.many and not field.is_item and not one
    if many or about.part is not None:
        value = yaml(text)
        if not many:
            return value
        if isinstance(value, str):
            value = [piece.strip() for piece in text.replace("，", ",").split(",")]
        return value if isinstance(value, list) else [value]
    if about.form == "word" and about.vocabulary is not None:
        return reading.vocabulary.key(about.vocabulary, text) or text
    return _FORMS.get(about.form, _letter)(text, now, reading)


def _letter(text: str, _now: datetime, _reading: Reading) -> object:
    return text


def _moment(text: str, now: datetime, reading: Reading) -> object:
    return when.iso(when.moment_or_day(text, now, reading.zone))


def _day(text: str, now: datetime, reading: Reading) -> object:
    return when.day(text, now, reading.zone).isoformat()


def _month(text: str, now: datetime, reading: Reading) -> object:
    return when.month(text, now, reading.zone)


def _number(text: str, _now: datetime, _reading: Reading) -> object:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise BadInput(
            "bad-number",
            _("A number is expected here, not {value}.").format(value=text[:60]),
            _("Write it without quotes, unit or thousands separator, for instance 1234.50."),
        ) from None
    exponent = number.as_tuple().exponent
    return int(number) if exponent == 0 else number


def _flag(text: str, _now: datetime, _reading: Reading) -> object:
    folded = text.strip().casefold()
    if folded in _TRUE | _FALSE:
        return folded in _TRUE
    raise BadInput(
        "bad-flag",
        _("true or false is expected here, not {value}.").format(value=text[:60]),
        _("Write true or false."),
    )


def _text_or_number(text: str, now: datetime, reading: Reading) -> object:
    try:
        return _number(text, now, reading)
    except BadInput:
        return text


def _text_or_flag(text: str, now: datetime, reading: Reading) -> object:
    try:
        return _flag(text, now, reading)
    except BadInput:
        return text


_FORMS: dict[str, Callable[[str, datetime, Reading], object]] = {
    "moment": _moment,
    "day": _day,
    "month": _month,
    "number": _number,
    "flag": _flag,
    "text_or_number": _text_or_number,
    "text_or_flag": _text_or_flag,
}

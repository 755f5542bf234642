"""One cell of a table as the plain data of a field, or a reason why it cannot be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from aswiki.domain.records.types import Reading, shown
from aswiki.domain.times import when
from aswiki.errors import BadInput
from aswiki.importers.foreign import BadRow
from aswiki.lang import _, either

_EXCEL_BEGINS = date(1899, 12, 30)
_SERIAL = re.compile(r"[2-7]\d{4}(?:\.\d+)?")
_MONTH = re.compile(r"(\d{4})\s?(?:[-/年]\s?(\d{1,2})|\.(\d\d))\s?月?份?")
"""Not 2021.1: a spreadsheet makes that of 2021.10 too."""

_YEAR = re.compile(r"(?:19|20)\d{2}")
_POWER = re.compile(r"(\d)(?:\.(\d+))?e\+?(\d{1,2})", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_MULTIPLES = {"万": 10_000, "亿": 100_000_000}
_SIGNS = "¥￥元"
_LIST = re.compile(r"[;；\r\n]+")
_COMMAS = re.compile(r"[,，、]")
_TRUE = frozenset({"true", "yes", "y", "1", "是", "有", "√", "✓", "✔"})
_FALSE = frozenset({"false", "no", "n", "0", "否", "无", "×", "✗", "✘"})
_EXACT_DIGITS = 15


@dataclass(frozen=True)
class Target:
    """How the cells of one field are read.

    Args:
        key: the field's key, dotted inside a mapping.
        form: the kind of its values, as in ``aswiki.domain.records.types.Form``.
        many: whether it is a list; a cell holds them with commas between.
        vocabulary: the vocabulary of its words.
        names: what its text names, such as ``person``.
        labels: the English and the Chinese label.
        empty: casefolded texts that mean nothing.
        words: casefolded words of tables → what is meant.
    """

    key: str
    form: str
    many: bool = False
    vocabulary: str | None = None
    names: str | None = None
    labels: tuple[str, ...] = ()
    empty: frozenset[str] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)

    def also(self, empty: frozenset[str], words: Mapping[str, str]) -> Target:
        """The same with more texts that mean nothing and more words; known words stay."""
        return replace(self, empty=self.empty | empty, words={**words, **self.words})


class Taken(NamedTuple):
    """What a cell says: None for nothing; and what the user should know about it."""

    value: object = None
    note: str = ""


@dataclass(frozen=True)
class Habits:
    """What cells are read against.

    Args:
        reading: the wiki's zone and words.
        now: the present moment in the wiki's zone.
        currency: the wiki's currency: signs of money are read where they mean it.
    """

    reading: Reading
    now: datetime
    currency: str


def taken(target: Target, cell: object, habits: Habits) -> Taken:
    """What a cell says for a field.

    Args:
        target: the field.
        cell: a text of any file, or a number, flag, day or time of an Excel file.
        habits: what it is read against.

    Raises:
        BadRow: it is no such value.
    """
    if not target.many:
        return _one(target, cell, habits)
    pieces = [_one(target, piece, habits) for piece in _pieces(cell)]
    values = [piece.value for piece in pieces if piece.value is not None]
    return Taken(values or None, next((piece.note for piece in pieces if piece.note), ""))


def _pieces(cell: object) -> list[object]:
    """The values of a list's cell; commas part them only where nothing stronger does."""
    if not isinstance(cell, str):
        return [cell]
    strong = list(_LIST.split(cell.strip()))
    return [*strong] if len(strong) > 1 else [*_COMMAS.split(cell)]


def _one(target: Target, cell: object, habits: Habits) -> Taken:
    text = _plain(cell)
    text = target.words.get(text.casefold(), text)
    known = _known(target, text, habits.reading)
    if known is not None:
        return Taken(known)
    if not text or text.casefold() in target.empty:
        return Taken()
    if target.form == "word":
        raise _no_word(target, text, habits.reading)
    if target.form == "flag":
        raise _no(target, _("{value} is neither yes nor no"), text)
    if target.form == "day":
        return Taken(_day(target, text, cell, habits).isoformat())
    return _number_or_text(target, text, cell, habits)


def _number_or_text(target: Target, text: str, cell: object, habits: Habits) -> Taken:
    if target.form == "number":
        return _number(target, text, cell, habits)
    if target.form == "code":
        return _code(text, cell)
    return Taken(text.upper() if target.key.endswith("currency") else text)


def _known(target: Target, text: str, reading: Reading) -> object:
    """The meaning of a word of a vocabulary, or of a yes or no; None for anything else."""
    if target.form == "word" and target.vocabulary is not None:
        return reading.vocabulary.key(target.vocabulary, text)
    if target.form == "flag" and text.casefold() in _TRUE | _FALSE:
        return text.casefold() in _TRUE
    return None


def _plain(cell: object) -> str:
    """A cell as one line of text, as a person would type it."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{Decimal(repr(cell)):f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if cell is None or isinstance(cell, timedelta | time):
        return "" if cell is None else str(cell)
    text = " ".join(unicodedata.normalize("NFC", str(cell)).split()).strip("\ufeff\u200b ")
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1].strip()
    return text.removeprefix("'") if re.fullmatch(r"'[\d+(][\d\s()+-]*", text) else text


def _day(target: Target, text: str, cell: object, habits: Habits) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    tidy = unicodedata.normalize("NFKC", text)
    read: date | None = None
    if _SERIAL.fullmatch(tidy):
        read = _EXCEL_BEGINS + timedelta(days=int(Decimal(tidy)))
    elif found := _MONTH.fullmatch(tidy):
        month = int(found[2] or found[3])
        read = date(int(found[1]), month, 1) if 1 <= month <= 12 else None
    elif _YEAR.search(tidy) and len(tidy) > len("2021.1"):
        with suppress(BadInput):
            read = when.day(tidy, habits.now, habits.reading.zone)
    if read is None or not when.FIRST_YEAR <= read.year <= when.LAST_YEAR:
        said = _("{value} is not a day such as 2026-10-03, 2026/10/3 or 2026年10月")
        raise _no(target, said, text)
    return read


def _number(target: Target, text: str, cell: object, habits: Habits) -> Taken:
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return _share(target, Decimal(text), text)
    bare = unicodedata.normalize("NFKC", text).replace(" ", "")
    if habits.currency == "CNY":
        bare = bare.strip(_SIGNS)
    bare = bare.removesuffix("%") if target.key.endswith("percent") else bare
    multiple = _MULTIPLES.get(bare[-1:], 1)
    bare = bare[:-1] if multiple > 1 else bare
    bare = bare.replace(",", "") if _GROUPED.fullmatch(bare) else bare
    try:
        number = Decimal(bare) * multiple
    except InvalidOperation:
        raise _no(target, _("{value} is not a number"), text) from None
    if not number.is_finite():
        raise _no(target, _("{value} is not a number"), text)
    return Taken(_written(number))


def _share(target: Target, number: Decimal, text: str) -> Taken:
    """A percentage is a part of one in an Excel file that shows it as 35%."""
    if target.key.endswith("percent") and 0 < number < 1:
        whole = _written((number * 100).normalize())
        note = _("{key}: {value} was read as {percent} %")
        return Taken(whole, note.format(key=target.key, value=text, percent=whole))
    return Taken(_written(number))


def _written(number: Decimal) -> int | Decimal:
    """A number as it is written: without an exponent, whole ones without a point."""
    return int(number) if number == number.to_integral_value() else Decimal(f"{number:f}")


def _code(text: str, cell: object) -> Taken:
    """Digits that are a name; a spreadsheet may have rounded them, and then they are left out."""
    lost = _("{value} is a number whose last digits the spreadsheet has lost; it was left out")
    if isinstance(cell, float | int):
        sure = len(text.lstrip("-0")) <= _EXACT_DIGITS
        return Taken(text) if sure else Taken(None, lost.format(value=text))
    if power := _POWER.fullmatch(text):
        digits = power[1] + (power[2] or "")
        if len(digits) <= int(power[3]):
            return Taken(None, lost.format(value=text))
        return Taken(f"{Decimal(text):f}")
    return Taken(text)


def _no(target: Target, sentence: str, text: str) -> BadRow:
    return BadRow(f"{target.key}: {sentence.format(value=shown(text))}")


def _no_word(target: Target, text: str, reading: Reading) -> BadRow:
    words = reading.vocabulary.words(target.vocabulary or "")
    choices = ", ".join(
        either(key, f"{key} {pair[1]}" if pair[1] != key else key) for key, pair in words.items()
    )
    said = _("{key}: {value} is none of the words allowed here: {choices}")
    return BadRow(said.format(key=target.key, value=shown(text), choices=choices))

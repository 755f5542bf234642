"""Amounts as bills write them, read to the last digit."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from aswiki.importers.foreign import BadRow
from aswiki.lang import _

NOTHING = frozenset(
    {"", "null", "none", "nil", "nan", "n/a", "na", "\\n", "-", "--", "—", "——", "无"}
)
"""Casefolded texts that mean that a cell is empty."""

MOST_DIGITS = 60
"""On either side of the point; what has more is no amount of a bill."""

_MINUS = str.maketrans({"−": "-", "﹣": "-", "–": "-"})
_SIGN = r"(?:[$¥€£元]|[A-Z]{3}|RMB|US\$|HK\$)"
_USUAL = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?")
_AMOUNT = re.compile(
    rf"(?P<minus>-)?\s*{_SIGN}?\s*(?P<inner>[+-])?\s*"
    r"(?P<digits>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?P<power>[eE][+-]?\d{1,4})?"
    rf"\s*{_SIGN}?"
)


def amount(text: str | None) -> Decimal | None:
    """The number that a cell says, all its digits; None where it says nothing.

    ``1,234.50``, ``$1,234.50``, ``￥12``, ``12元``, ``(12.00)`` for less than nought, ``1.5E-7``
    and digits of full width are read.

    Raises:
        BadRow: it is no number, or one with too many digits.
    """
    if text is not None and _USUAL.fullmatch(text):
        return Decimal(text)
    tidy = unicodedata.normalize("NFKC", text or "").translate(_MINUS).strip(" \t\r\n\ufeff`'")
    if tidy.casefold() in NOTHING:
        return None
    negative = tidy.startswith("(") and tidy.endswith(")")
    found = _AMOUNT.fullmatch(tidy[1:-1].strip() if negative else tidy)
    if found is None or (found["minus"] and found["inner"]) or (negative and found["minus"]):
        raise unreadable(_("{value} is not a number"), text)
    digits = found["digits"].replace(",", "")
    number = Decimal(digits + (found["power"] or "").upper())
    _require_sane(number, digits, text)
    minus = negative or found["minus"] or found["inner"] == "-"
    return number.copy_negate() if minus and number else number


def _require_sane(number: Decimal, digits: str, text: str | None) -> None:
    beyond = -int(number.as_tuple().exponent)  # how many digits follow the point
    if len(digits) > 2 * MOST_DIGITS or beyond > MOST_DIGITS or number.adjusted() >= MOST_DIGITS:
        raise unreadable(_("{value} has more digits than an amount can have"), text)


def unreadable(sentence: str, text: str | None) -> BadRow:
    """Why a cell cannot be taken, the cell itself cut to a line."""
    from aswiki.domain.records.types import shown

    return BadRow(sentence.format(value=shown(text)))

"""Names, numbers of accounts and currencies as bills write them, tidied."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from aswiki.importers.bills.amounts import NOTHING

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\u200b]")
_POWER = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}", re.IGNORECASE)
_CURRENCIES = {
    "人民币": "CNY", "人民币元": "CNY", "元": "CNY", "RMB": "CNY", "¥": "CNY", "CNH": "CNY",
    "美元": "USD", "美金": "USD", "$": "USD", "US$": "USD", "港币": "HKD", "港元": "HKD",
    "HK$": "HKD", "欧元": "EUR", "€": "EUR", "日元": "JPY", "英镑": "GBP", "£": "GBP",
    "新加坡元": "SGD", "新加坡币": "SGD",
}  # fmt: skip


@lru_cache(maxsize=65536)
def name(text: str | None) -> str | None:
    """A cell as one line of text; None where it says nothing.

    What spreadsheets and exports put around ids to keep them text goes: tabs, ``'``, a grave
    accent, ``="…"``.
    """
    tidy = " ".join(_CONTROL.sub("", unicodedata.normalize("NFC", text or "")).split())
    if tidy.startswith('="') and tidy.endswith('"'):
        tidy = tidy[2:-1].strip()
    tidy = tidy.removeprefix("`").removeprefix("'")
    return None if tidy.casefold() in NOTHING else tidy


def is_rounded(text: str | None) -> bool:
    """Whether a cell is a long number that a spreadsheet has written with a power of ten."""
    return text is not None and _POWER.fullmatch(text.strip()) is not None


def account(text: str | None) -> str | None:
    """The id of an account; None where there is none, or its last digits are lost."""
    return None if is_rounded(text) else name(text)


@lru_cache(maxsize=1024)
def currency(text: str | None) -> str | None:
    """The code of a currency, of Chinese names and signs too; None where the cell says nothing."""
    found = unicodedata.normalize("NFKC", name(text) or "").upper()
    return _CURRENCIES.get(found, found) or None

"""A time as people say it, ISO, Chinese or English, read without guessing or refused."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import TYPE_CHECKING

from aswiki.domain.times.clock import in_zone
from aswiki.errors import BadInput
from aswiki.lang import _

if TYPE_CHECKING:
    from datetime import tzinfo

FIRST_YEAR, LAST_YEAR = 1970, 2100

_ISO = re.compile(
    r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"
    r"(?:[t ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?: ?(z|utc|[+-]\d{2}:?\d{2}))?)?"
)
_ISO_BASIC = re.compile(r"\d{8}(?:t\d{4}(?:\d{2})?(?:z|[+-]\d{4})?)?")
_NO_YEAR_FIRST = re.compile(
    r"(?<![\d./-])\d{1,2}(?:[-/]\d{1,2}|[-/.]\d{1,2}[-/.]\d{2,4})(?![\d./-])"
)


def moment(text: str, now: datetime, zone: tzinfo) -> datetime:
    """The aware time that ``text`` says: with the offset given in ISO, all else in ``zone``.

    A day alone is its start; a named part of a day its usual hour; a span of days, weeks, months
    or years (``3天前``) keeps the time of day; a clock without a day is the most recent one.

    Args:
        text: ISO 8601 with small liberties, or a phrase in Chinese or English.
        now: the aware time that relative phrases count from.
        zone: the wiki's zone.

    Raises:
        BadInput: ``unclear-time``, when it is empty, unclear or impossible.
    """
    words = _tidy(text)
    try:
        value = _iso_moment(words, zone) or _phrase(words, now.astimezone(zone))
    except (ValueError, LookupError, OverflowError):
        raise _unclear(text, words) from None
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise _unclear(text, words)
    return value


def moment_or_day(text: str, now: datetime, zone: tzinfo) -> datetime | date:
    """The time that ``text`` says; the bare day where it says no hour, as records write it.

    A span of days, weeks, months or years without a clock (``3天前``) says none; raises as
    ``moment`` does.
    """
    value = moment(text, now, zone)
    words = _tidy(text)
    return value if _says_hour(words) else value.astimezone(zone).date()


def _says_hour(words: str) -> bool:
    if match := _ISO.fullmatch(words):
        return match[5] is not None
    if _ISO_BASIC.fullmatch(words):
        return "t" in words
    from aswiki.domain.times import chinese, english

    says = chinese.says_hour if _is_chinese(words) else english.says_hour
    return says(words)


def day(text: str, now: datetime, zone: tzinfo) -> date:
    """The day in ``zone`` of the moment that ``text`` says; raises as ``moment`` does."""
    return moment(text, now, zone).astimezone(zone).date()


def month(text: str, now: datetime, zone: tzinfo) -> str:
    """The month that ``text`` says, or the one of the day it says, as ``YYYY-MM``.

    Raises:
        BadInput: ``unclear-time``, when it is empty, unclear or impossible.
    """
    words = _tidy(text)
    try:
        first = _iso_month(words) or _spoken_month(words, now.astimezone(zone).date())
    except (ValueError, LookupError, OverflowError):
        raise _unclear(text, words) from None
    first = first or day(text, now, zone)
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise _unclear(text, words)
    return f"{first:%Y-%m}"


def iso(value: datetime | date) -> str:
    """ISO 8601 to the second, with the offset of an aware ``value``; of a bare day the day."""
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def _iso_moment(words: str, zone: tzinfo) -> datetime | None:
    if match := _ISO.fullmatch(words):
        year, _same, month_, day_, hour, minute, second, offset = match.groups()
        text = f"{year}-{month_:0>2}-{day_:0>2}"
        if hour:
            text += f"T{hour:0>2}:{minute}:{second or '00'}"
            text += "+00:00" if offset in {"z", "utc"} else offset or ""
    elif _ISO_BASIC.fullmatch(words):
        text = words.upper()
    else:
        return None
    value = datetime.fromisoformat(text)
    return value if value.tzinfo else in_zone(value, zone, said="T" in text)


def _iso_month(words: str) -> date | None:
    match = re.fullmatch(r"(\d{4})[-/.](\d{1,2})", words)
    return date(int(match[1]), int(match[2]), 1) if match else None


def _is_chinese(words: str) -> bool:
    return re.search(r"[\u3007\u4e00-\u9fff]", words) is not None


def _phrase(words: str, now: datetime) -> datetime:
    # imported when needed: most times on a command line and all in files are ISO
    from aswiki.domain.times import chinese, english

    here = now.replace(second=0, microsecond=0)
    read = chinese.moment if _is_chinese(words) else english.moment
    return read(words, here)


def _spoken_month(words: str, today: date) -> date | None:
    from aswiki.domain.times import chinese, english

    read = chinese.month if _is_chinese(words) else english.month
    return read(words, today)


def _unclear(text: str, words: str) -> BadInput:
    if not words:
        sentence = _("The time is empty.")
    elif _NO_YEAR_FIRST.search(words):
        sentence = _("In “{text}” it is unclear which number is the day, the month or the year.")
    else:
        sentence = _("“{text}” is not a time that can be read without doubt.")
    hint = _(
        "Write it like 2026-10-03 14:05, 10月3日 14:05, 昨天下午3点, 上周五, yesterday 3pm "
        "or 2 hours ago; a month like 2026-10."
    )
    return BadInput("unclear-time", sentence.format(text=text.strip()), hint)

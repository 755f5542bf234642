"""Chinese phrases for a time: 昨天下午3点, 上周五, 10月3日 14:05, 半小时前."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from aswiki.domain.times.clock import PERIODS, Clock, at, first_of_month, shifted, weekday

if TYPE_CHECKING:
    from collections.abc import Callable

_UNIT = "[一二三四五六七八九]"
_NUMBER = rf"(?:\d{{1,4}}|{_UNIT}?十{_UNIT}?|[零〇]?[零〇两]|[零〇]?{_UNIT})"
_YEAR = r"(?:\d{4}|[零〇一二三四五六七八九]{4})"
_ARABIC = str.maketrans("零〇一二两三四五六七八九", "001223456789")
_NOW = frozenset({"现在", "刚才", "刚刚", "此刻"})
_WEEKDAY = r"(?:周|星期|礼拜)([一二三四五六日天]|[1-7](?!\d))"
_AWAY = {
    "大前": -3,
    "前": -2,
    "昨": -1,
    "去": -1,
    "今": 0,
    "明": 1,
    "后": 2,
    "大后": 3,
    "上上": -2,
    "上": -1,
    "这": 0,
    "本": 0,
    "当": 0,
    "下": 1,
    "下下": 2,
}


def moment(words: str, here: datetime) -> datetime:
    """The time that tidied ``words`` say, as said at ``here``.

    Raises:
        ValueError: it is unclear or cannot be.
        LookupError: the hour does not belong to its part of the day.
    """
    words = _bare(words)
    if words in _NOW:
        return here
    if match := _SPAN.match(words):
        return _span(match, _clock(words[match.end() :]), here)
    for pattern, read in _DAYS:
        if match := pattern.match(words):
            return at(read(match, here.date()), _clock(words[match.end() :]), here)
    return at(None, _clock(words), here)


def says_hour(words: str) -> bool:
    """Whether tidied ``words``, which say a time, say more than its day."""
    words = _bare(words)
    if match := _SPAN.match(words):
        units = {unit for _text, _half, unit in re.findall(_PART, match[1])}
        return not units.isdisjoint(_MINUTES) or match.end() < len(words)
    days = [match for pattern, _read in _DAYS if (match := pattern.match(words))]
    return not days or days[0].end() < len(words)


def _bare(words: str) -> str:
    """The words without blanks between signs and without what only softens them."""
    return re.sub(r"(?<!\d) | (?!\d)|[的,、]|左右|大约|大概", "", words)


def month(words: str, today: date) -> date | None:
    """The first day of the month that tidied ``words`` name; None when they name no month."""
    words = words.replace(" ", "")
    if match := re.fullmatch(r"(上上|上|本|这|当|下下|下)个?月", words):
        return first_of_month(today, _AWAY[match[1]])
    match = re.fullmatch(rf"(?:({_YEAR})年|([前去今明后])年)?({_NUMBER})月份?", words)
    if not match:
        return None
    return date(_year(match[1], match[2], (_number(match[3]), 1), today), _number(match[3]), 1)


def _number(text: str) -> int:
    tens, ten, ones = text.translate(_ARABIC).partition("十")
    return int(tens or 1) * 10 + int(ones or 0) if ten else int(tens)


def _year(said: str | None, away: str | None, month_day: tuple[int, int], today: date) -> int:
    if said:
        return int(said.translate(_ARABIC))
    if away:
        return today.year + _AWAY[away]
    return today.year - (month_day > (today.month, today.day))


def _weekday_index(name: str) -> int:
    return int(name) - 1 if name.isdecimal() else "一二三四五六日".index(name.replace("天", "日"))


def _near_day(match: re.Match[str], today: date) -> date:
    return today + timedelta(_AWAY[match[1]])


def _day_of_week(match: re.Match[str], today: date) -> date:
    return weekday(_weekday_index(match[2]), today, _AWAY[match[1]] if match[1] else None)


def _day_of_year(match: re.Match[str], today: date) -> date:
    said, away, month_, day, name = match.groups()
    month_day = (_number(month_), _number(day))
    value = date(_year(said, away, month_day, today), *month_day)
    if name and _weekday_index(name) != value.weekday():
        raise ValueError(match[0])
    return value


def _day_of_month(match: re.Match[str], today: date) -> date:
    day = _number(match[2])
    months = _AWAY[match[1]] if match[1] else -int(day > today.day)
    return first_of_month(today, months).replace(day=day)


def _numeric_date(match: re.Match[str], _today: date) -> date:
    return date(int(match[1]), int(match[3]), int(match[4]))


_DAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date]], ...] = (
    (re.compile(r"(大前|前|昨|今|明|大?后)(?:天|日|(?=[晚夜早晨]))"), _near_day),
    (re.compile(rf"(?:(上上|上|这|本|下下|下)个?)?{_WEEKDAY}"), _day_of_week),
    (
        re.compile(
            rf"(?:({_YEAR})年|([前去今明后])年)?({_NUMBER})月({_NUMBER})[日号](?:\(?{_WEEKDAY}\)?)?"
        ),
        _day_of_year,
    ),
    (re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)"), _numeric_date),
    (re.compile(rf"(?:(上上|上|本|这|当|下)个?月)?({_NUMBER})[日号]"), _day_of_month),
)

_PERIOD = "|".join(sorted((name for name in PERIODS if not name.isascii()), key=len, reverse=True))
_CLOCK = re.compile(
    rf"({_PERIOD})?(?:({_NUMBER})[点时](?:({_NUMBER})分(?:({_NUMBER})秒)?)?)?(am|pm)?"
)
_WRITTEN = (
    (re.compile(r"(?<![\d:])(\d{1,2}):(\d{2})(?![\d:])"), r"\1点\2分"),
    (re.compile(r"(?<![\d:])(\d{1,2}):(\d{2}):(\d{2})(?![\d:])"), r"\1点\2分\3秒"),
    (re.compile(r"(?<=\d)(?=[ap]m$)"), "点"),
    (re.compile(r"点[钟整]"), "点"),
    (re.compile(r"点半"), "点30分"),
    (re.compile(r"点[一1]刻"), "点15分"),
    (re.compile(r"点[三3]刻"), "点45分"),
    (re.compile(rf"(?<=点)([0-5]\d|[零〇]{_UNIT}|[二三四五]?十{_UNIT}?)$"), r"\1分"),
)


def _clock(words: str) -> Clock:
    words = words.strip()
    for pattern, spelling in _WRITTEN:
        words = pattern.sub(spelling, words)
    match = _CLOCK.fullmatch(words)
    if not match or (match[5] and not match[2]):
        raise ValueError(words)
    hour = _number(match[2]) if match[2] else None
    periods = tuple(period for period in (match[5], match[1]) if period)
    return Clock(hour, _number(match[3] or "0"), _number(match[4] or "0"), periods)


# months, days and minutes of one; only hours may be halved
_MONTHS = {"年": 12, "个月": 1}
_DAY_UNITS = {"天": 1, "日": 1, "周": 7, "个星期": 7, "星期": 7, "个礼拜": 7, "礼拜": 7}
_MINUTES = {"个小时": 60, "小时": 60, "个钟头": 60, "钟头": 60, "刻钟": 15, "分钟": 1}
_UNITS = "|".join((*_MONTHS, *_DAY_UNITS, *_MINUTES))
_PART = rf"(\d+\.\d(?=个?[小钟])|半(?=个?[小钟])|{_NUMBER})(个半(?=[小钟]))?({_UNITS})"
_SPAN = re.compile(rf"((?:{_PART})+)[之以]?([前后])")


def _span(match: re.Match[str], clock: Clock, here: datetime) -> datetime:
    """Spans of days and more may name a clock (3天前下午2点); shorter ones are to the minute."""
    sign = -1 if match[match.re.groups] == "前" else 1
    months, days, minutes = 0, 0, 0.0
    for text, half, unit in re.findall(_PART, match[1]):
        if unit in _MINUTES:
            number = 0.5 if text == "半" else float(text) if "." in text else _number(text)
            minutes += (number + (0.5 if half else 0)) * _MINUTES[unit]
        else:
            months += _number(text) * _MONTHS.get(unit, 0)
            days += _number(text) * _DAY_UNITS.get(unit, 0)
    if clock != Clock() and minutes:
        raise ValueError(match[0])
    value = shifted(here, sign * months, sign * days, sign * minutes)
    return value if clock == Clock() else at(value.date(), clock, here)

"""English phrases for a time: yesterday 3pm, last Friday, Oct 3 14:05, 2 hours ago."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from aswiki.domain.times.clock import Clock, at, first_of_month, in_zone, weekday

_DAYS = {
    "today": 0,
    "yesterday": -1,
    "tomorrow": 1,
    "day before yesterday": -2,
    "day after tomorrow": 2,
}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKS = {"last": -1, "this": 0, "next": 1}
_WEEKDAY = (
    "(mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?"
    "|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_OF_WEEK = re.compile(
    rf"(?:(last|this|next) (week )?)?{_WEEKDAY}(?: (?:of )?(last|this|next) week)?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = re.compile(
    rf"(?:{_WEEKDAY} )?((?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?)( \d{{4}})?|(?:\d{{4}} ){_MONTH} \d{{1,2}})"
)
_COUNT = r"(?:\d{1,4} ?|(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) )"
_LONG = r"(?:d|days?|w|weeks?|months?|y|years?)"
_SHORT = r"(?:m|mins?|minutes?|h|hrs?|hours?)"
_PART = rf"(?:{_COUNT}(?:{_LONG}|{_SHORT})|\d{{1,3}}\.\d ?h(?:ou)?rs?)"
_SPAN = re.compile(rf"(in )?{_PART}(?: (?:and )?{_PART})*( ago| from now)?")
_IN_HOURS = re.compile(rf"(?:\d|\b){_SHORT}\b")
_NOW = frozenset({"now", "just now"})
_CLOCK = re.compile(
    r"(?:\bat |@ ?)?\b(?:(\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([ap]m))?|(\d{1,2}) ?([ap]m)|noon)\b"
)
_PARTS = ("morning", "afternoon", "evening", "night")
_PERIOD = re.compile(rf"(?:^| )(?:in the )?({'|'.join(_PARTS)})$")


def moment(words: str, here: datetime) -> datetime:
    """The time that tidied ``words`` say, as said at ``here``.

    Raises:
        ValueError: it is unclear or cannot be.
        LookupError: the hour does not belong to its part of the day.
    """
    words = _bare(words)
    if words in _NOW:
        return here
    clock, words = _split(words)
    if _SPAN.fullmatch(words):
        return _span(words, clock, here)
    return at(_day(words, clock, here), clock, here)


def says_hour(words: str) -> bool:
    """Whether tidied ``words``, which say a time, say more than its day."""
    words = _bare(words)
    clock, rest = _split(words)
    return words in _NOW or clock != Clock() or _IN_HOURS.search(rest) is not None


def _bare(words: str) -> str:
    """The words without points and commas, and what has two spellings in one."""
    words = re.sub(r"[,.]+(?= |$)", "", words).replace("a.m", "am").replace("p.m", "pm")
    words = " ".join(words.split())
    return words.replace("tonight", "today night").replace("half an hour", "30 minutes")


def month(words: str, today: date) -> date | None:
    """The first day of the month that tidied ``words`` name; None when they name no month."""
    if match := re.fullmatch(r"(last|this|next) month", words):
        return first_of_month(today, _WEEKS[match[1]])
    match = re.fullmatch(rf"(?:(\d{{4}}) )?({_MONTH})(?:,? (\d{{4}}))?", words)
    if not match or (match[1] and match[3]):
        return None
    number = _MONTHS.index(match[2][:3]) + 1
    year = match[1] or match[3]
    return date(int(year) if year else today.year - (number > today.month), number, 1)


def _split(words: str) -> tuple[Clock, str]:
    """The clock in the words, and the words without it."""
    hour, minute, second, periods = None, "0", "0", []
    if match := _CLOCK.search(words):
        hour = int(match[1] or match[5] or 12)
        minute, second = match[2] or "0", match[3] or "0"
        half_day = match[4] or match[6] or ("pm" if match[0].endswith("noon") else "")
        periods = [half_day] if half_day else []
        words = " ".join((words[: match.start()] + " " + words[match.end() :]).split())
    if match := _PERIOD.search(words):
        periods.append(match[1])
        words = words[: match.start()]
    return Clock(hour, int(minute), int(second), tuple(periods)), words


def _day(words: str, clock: Clock, here: datetime) -> date | None:
    words = words.removesuffix(" on").removeprefix("on ").removeprefix("the ")
    today = here.date()
    if not words:
        return None
    if words in _DAYS:
        return today + timedelta(_DAYS[words])
    part = clock.periods[-1] if clock.periods else ""
    if words == "this" and part in _PARTS:
        return today
    if words == "last" and part in {"night", "evening"}:
        return today - timedelta(1)
    if match := _OF_WEEK.fullmatch(words):
        return _day_of_week(match, today)
    if match := _DATE.fullmatch(words):
        return _day_of_year(match, here)
    raise ValueError(words)


def _day_of_week(match: re.Match[str], today: date) -> date:
    before, of_week, name, after = match.groups()
    index = _WEEKDAYS.index(name[:3])
    if before and after:
        raise ValueError(match[0])
    if of_week or after or before == "this":
        return weekday(index, today, _WEEKS[after or before])
    if before == "next":
        return weekday(index, today + timedelta(7))
    return weekday(index, today - timedelta(1) if before == "last" else today)


def _day_of_year(match: re.Match[str], here: datetime) -> date:
    name, words, year = match[1], match[2], match[3] or re.match(r"\d{4}", match[2])
    value = _dateparser(words, here.replace(tzinfo=None)).date()
    # without a year 29 February would be up to eight years ago
    too_old = not year and here.date() - value > timedelta(366)
    if too_old or (name and _WEEKDAYS.index(name[:3]) != value.weekday()):
        raise ValueError(match[0])
    return value


def _span(words: str, clock: Clock, here: datetime) -> datetime:
    """Spans of days and more may name a clock (2 days ago at 3pm); hours are to the minute."""
    ahead, behind = words.startswith("in "), words.endswith(" ago")
    if ahead + behind + words.endswith(" from now") != 1:
        raise ValueError(words)
    zone = here.tzinfo or UTC
    if _IN_HOURS.search(words):
        if clock != Clock():
            raise ValueError(words)
        value = _dateparser(words, here.astimezone(UTC).replace(tzinfo=None))
        return value.replace(tzinfo=UTC).astimezone(zone)
    wall = _dateparser(words, here.replace(tzinfo=None))
    return in_zone(wall, zone, said=False) if clock == Clock() else at(wall.date(), clock, here)


def _dateparser(words: str, base: datetime) -> datetime:
    """What dateparser makes of words whose every one was checked; it guesses at others."""
    import dateparser

    value = dateparser.parse(
        words,
        languages=["en"],
        settings={
            "RELATIVE_BASE": base,
            "PREFER_DATES_FROM": "past",
            "DATE_ORDER": "YMD",
            "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )
    if value is None:
        raise ValueError(words)
    return value

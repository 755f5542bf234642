"""Times as engineers say them, in both languages, at one fixed moment of saying."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aswiki.domain.times import when
from aswiki.errors import BadInput

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 10, 7, 10, 30, 42, 7, tzinfo=SHANGHAI)  # a Wednesday

ISO = {
    "2026-10-03": "2026-10-03 00:00",
    "2026/10/3": "2026-10-03 00:00",
    "2026.10.3": "2026-10-03 00:00",
    "20261003": "2026-10-03 00:00",
    " 2026-10-03  14:05 ": "2026-10-03 14:05",
    "2026-10-03T14:05": "2026-10-03 14:05",
    "2026/10/3 9:05": "2026-10-03 09:05",
    "２０２６－１０－０３ １４：０５": "2026-10-03 14:05",
}

CHINESE = {
    "现在": "2026-10-07 10:30",
    "刚才": "2026-10-07 10:30",
    "今天": "2026-10-07 00:00",
    "昨天": "2026-10-06 00:00",
    "昨日15时30分": "2026-10-06 15:30",
    "前天上午九点": "2026-10-05 09:00",
    "大前天傍晚6点": "2026-10-04 18:00",
    "明天": "2026-10-08 00:00",
    "后天下午两点半": "2026-10-09 14:30",
    "昨天下午3点": "2026-10-06 15:00",
    "昨天 下午 3 点": "2026-10-06 15:00",
    "昨天，下午 3 : 05": "2026-10-06 15:05",
    "昨天的下午3点左右": "2026-10-06 15:00",
    "昨天下午": "2026-10-06 15:00",
    "昨天3pm": "2026-10-06 15:00",
    "昨天3点": "2026-10-06 03:00",
    "昨天15:30": "2026-10-06 15:30",
    "昨天15：30：20": "2026-10-06 15:30:20",
    "昨天三点五十": "2026-10-06 03:50",
    "昨天24点": "2026-10-07 00:00",
    "昨天早上8点整": "2026-10-06 08:00",
    "今早8点": "2026-10-07 08:00",
    "今天凌晨两点": "2026-10-07 02:00",
    "凌晨12点": "2026-10-07 00:00",
    "今天凌晨12点": "2026-10-07 00:00",
    "昨天中午12点": "2026-10-06 12:00",
    "今天中午1点": "2026-10-07 13:00",
    "昨天下午12:30": "2026-10-06 12:30",
    "昨晚": "2026-10-06 20:00",
    "昨晚8点": "2026-10-06 20:00",
    "昨晚12点": "2026-10-07 00:00",
    "昨晚十二点半": "2026-10-07 00:30",
    "昨晚两点": "2026-10-07 02:00",
    "昨夜十一点三刻": "2026-10-06 23:45",
    "昨天晚上12点": "2026-10-07 00:00",
    "今晚8点": "2026-10-07 20:00",
    "今天晚上12点": "2026-10-08 00:00",
    "晚上12点": "2026-10-07 00:00",
    "晚上8点": "2026-10-06 20:00",
    "半夜2点": "2026-10-07 02:00",
    "14:05": "2026-10-06 14:05",
    "9:05": "2026-10-07 09:05",
    "上周五": "2026-10-02 00:00",
    "上个星期天": "2026-10-04 00:00",
    "上周五晚上8点": "2026-10-02 20:00",
    "上上周一": "2026-09-21 00:00",
    "本周一": "2026-10-05 00:00",
    "这周日": "2026-10-11 00:00",
    "周五": "2026-10-02 00:00",
    "周三": "2026-10-07 00:00",
    "星期二晚上8点": "2026-10-06 20:00",
    "礼拜六": "2026-10-03 00:00",
    "周3 14:05": "2026-10-07 14:05",
    "周一一点": "2026-10-05 01:00",
    "周二二十点": "2026-10-06 20:00",
    "下周一上午10点": "2026-10-12 10:00",
    "3天前": "2026-10-04 10:30",
    "三天前下午2点": "2026-10-04 14:00",
    "2小时前": "2026-10-07 08:30",
    "两个小时以前": "2026-10-07 08:30",
    "2.5小时前": "2026-10-07 08:00",
    "一个半小时前": "2026-10-07 09:00",
    "1小时20分钟前": "2026-10-07 09:10",
    "半小时前": "2026-10-07 10:00",
    "15分钟前": "2026-10-07 10:15",
    "2周前": "2026-09-23 10:30",
    "一个月前": "2026-09-07 10:30",
    "一年前": "2025-10-07 10:30",
    "两天后": "2026-10-09 10:30",
    "10月3日": "2026-10-03 00:00",
    "10月7号": "2026-10-07 00:00",
    "10月8日": "2025-10-08 00:00",
    "12月31日": "2025-12-31 00:00",
    "10月3日14:05": "2026-10-03 14:05",
    "10 月 3 日 14：05": "2026-10-03 14:05",
    "１０月３日下午两点一刻": "2026-10-03 14:15",
    "十月三日二十三点五十九分": "2026-10-03 23:59",
    "二〇二五年十月三日": "2025-10-03 00:00",
    "2025年10月3日 14:05": "2025-10-03 14:05",
    "10月3日(周六)14:05": "2026-10-03 14:05",
    "10月3日晚上12点": "2026-10-04 00:00",
    "去年10月3日": "2025-10-03 00:00",
    "今年12月31日": "2026-12-31 00:00",
    "上个月3号": "2026-09-03 00:00",
    "3号下午2点": "2026-10-03 14:00",
    "2026/10/3 下午2点": "2026-10-03 14:00",
    "2026/10/3 14点": "2026-10-03 14:00",
}

ENGLISH = {
    "now": "2026-10-07 10:30",
    "today": "2026-10-07 00:00",
    "yesterday": "2026-10-06 00:00",
    "yesterday 3pm": "2026-10-06 15:00",
    "3pm yesterday": "2026-10-06 15:00",
    "yesterday at 3:05 p.m.": "2026-10-06 15:05",
    "yesterday 12:30 am": "2026-10-06 00:30",
    "yesterday noon": "2026-10-06 12:00",
    "yesterday evening": "2026-10-06 20:00",
    "yesterday evening 8:30": "2026-10-06 20:30",
    "the day before yesterday at 10:15": "2026-10-05 10:15",
    "this morning": "2026-10-07 09:00",
    "tonight": "2026-10-07 20:00",
    "last night": "2026-10-06 20:00",
    "last night 11:30pm": "2026-10-06 23:30",
    "last night 12am": "2026-10-07 00:00",
    "last night 2am": "2026-10-07 02:00",
    "tomorrow 9am": "2026-10-08 09:00",
    "11pm": "2026-10-06 23:00",
    "Friday": "2026-10-02 00:00",
    "wednesday": "2026-10-07 00:00",
    "on Friday at 3pm": "2026-10-02 15:00",
    "last Friday": "2026-10-02 00:00",
    "last Wednesday": "2026-09-30 00:00",
    "last Monday": "2026-10-05 00:00",
    "last week Monday": "2026-09-28 00:00",
    "Monday of last week": "2026-09-28 00:00",
    "this Sunday": "2026-10-11 00:00",
    "next Friday": "2026-10-09 00:00",
    "next Wednesday": "2026-10-14 00:00",
    "next week Friday": "2026-10-16 00:00",
    "2 hours ago": "2026-10-07 08:30",
    "2.5 hours ago": "2026-10-07 08:00",
    "half an hour ago": "2026-10-07 10:00",
    "an hour ago": "2026-10-07 09:30",
    "15 mins ago": "2026-10-07 10:15",
    "2 days ago": "2026-10-05 10:30",
    "2 days ago at 3pm": "2026-10-05 15:00",
    "two weeks ago": "2026-09-23 10:30",
    "a month ago": "2026-09-07 10:30",
    "in 2 days": "2026-10-09 10:30",
    "3 days from now": "2026-10-10 10:30",
    "Oct 3": "2026-10-03 00:00",
    "3 Oct": "2026-10-03 00:00",
    "Oct 7": "2026-10-07 00:00",
    "Oct 8": "2025-10-08 00:00",
    "Dec 31": "2025-12-31 00:00",
    "Oct 3 14:05": "2026-10-03 14:05",
    "Oct 3rd, 2pm": "2026-10-03 14:00",
    "3rd of October, 2025": "2025-10-03 00:00",
    "Sat, 3 Oct 2026 14:05": "2026-10-03 14:05",
    "Feb 29 2024": "2024-02-29 00:00",
}

UNREADABLE = (
    *("25点", "昨天25点", "昨天24:30", "10:75", "13pm", "2月30日", "2月29日", "Feb 30", "Feb 29"),
    *("2026-02-30", "2026-13-01", "2026-10-03 25:00", "29 Feb 2025", "31号", "2026-10"),
    *("上午13点", "早上12点", "昨天凌晨9点", "昨天半夜2点", "last night at 5am", "10月3日周五"),
    *("两三天前", "三五天前", "两三点", "昨天三点五", "十几天前", "Fri 3 Oct", "3 Oct 14", "at 3"),
    *("周14:05", "am 3 days ago", "noon at night", "last night 12pm", "3pm this", "this", "last"),
    "last friday next week",
    *("昨天你好", "你好昨天", "yesterday foo", "foo Oct 3", "hello", "一会儿", "yesterday at 3"),
    *("上周", "下午", "10月", "last week", "Oct", "October 2026", "2026", "10", "a", "1696318000"),
    *("Oct 3 14:05 PST", "昨天 14:05 +02:00", "2 hours", "2 hours ago 3pm", "2小时前3点"),
    *("1969-12-31", "2101-01-01", "9999年1月1日", "9999 years ago", "9999年前", "3 Oct 9999"),
)


def spoken(text: str, zone: ZoneInfo = SHANGHAI) -> str:
    return when.iso(when.moment(text, NOW, zone))


@pytest.mark.parametrize(("said", "meant"), (ISO | CHINESE | ENGLISH).items())
def test_a_phrase_is_read_as_it_is_meant(said: str, meant: str) -> None:
    assert when.moment(said, NOW, SHANGHAI) == datetime.fromisoformat(meant + "+08:00")


@pytest.mark.parametrize("said", UNREADABLE)
def test_what_is_unclear_or_impossible_is_refused_with_examples(said: str) -> None:
    with pytest.raises(BadInput) as refusal:
        when.moment(said, NOW, SHANGHAI)
    assert refusal.value.code == "unclear-time"
    assert said in refusal.value.message
    assert "2026-10-03 14:05" in refusal.value.hint


@pytest.mark.parametrize(
    "said", ["03/04", "3/4/26", "10-03", "10-03 14:05", "3.4.2026", "13/4/2026"]
)
def test_numbers_without_the_year_in_front_are_refused_as_ambiguous(said: str) -> None:
    with pytest.raises(BadInput, match="which number is the day"):
        when.moment(said, NOW, SHANGHAI)


@pytest.mark.parametrize("said", ["", "  ", "\u3000"])
def test_an_empty_time_is_refused_as_empty(said: str) -> None:
    with pytest.raises(BadInput, match="empty"):
        when.moment(said, NOW, SHANGHAI)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-10-03T14:05Z", "2026-10-03T14:05:00+00:00"),
        ("2026-10-03 14:05 +02:00", "2026-10-03T14:05:00+02:00"),
        ("2026/10/3 14:05:06-0530", "2026-10-03T14:05:06-05:30"),
        ("20261003T140530+0800", "2026-10-03T14:05:30+08:00"),
        ("2026-10-03T14:05:30.25", "2026-10-03T14:05:30+08:00"),
    ],
)
def test_an_iso_offset_is_kept_as_given(said: str, meant: str) -> None:
    assert spoken(said) == meant


def test_a_day_said_before_its_date_this_year_is_last_years() -> None:
    second = datetime(2026, 10, 2, 9, 0, tzinfo=SHANGHAI)
    assert when.day("10月3日", second, SHANGHAI) == date(2025, 10, 3)
    assert when.day("Oct 3", second, SHANGHAI) == date(2025, 10, 3)


def test_the_zone_of_the_wiki_decides_what_today_is() -> None:
    assert spoken("今天", NEW_YORK) == "2026-10-06T00:00:00-04:00"
    assert spoken("yesterday 3pm", NEW_YORK) == "2026-10-05T15:00:00-04:00"
    assert spoken("2 hours ago", NEW_YORK) == "2026-10-06T20:30:00-04:00"


@pytest.mark.parametrize("said", ["2小时前", "2 hours ago"])
def test_hours_are_counted_across_the_end_of_summer_time(said: str) -> None:
    after = datetime(2026, 11, 1, 2, 30, tzinfo=NEW_YORK)
    assert when.iso(when.moment(said, after, NEW_YORK)) == "2026-11-01T01:30:00-04:00"


@pytest.mark.parametrize("said", ["1天前", "1 day ago"])
def test_a_day_ago_is_the_same_time_of_day_across_a_change_of_clocks(said: str) -> None:
    after = datetime(2026, 11, 1, 10, 0, tzinfo=NEW_YORK)
    assert when.iso(when.moment(said, after, NEW_YORK)) == "2026-10-31T10:00:00-04:00"


def test_an_hour_said_twice_is_the_first_and_a_skipped_one_is_refused() -> None:
    assert spoken("2026-11-01 01:30", NEW_YORK) == "2026-11-01T01:30:00-04:00"
    with pytest.raises(BadInput):
        when.moment("2026-03-08 02:30", NOW, NEW_YORK)
    with pytest.raises(BadInput):
        when.moment("3月8日凌晨2点半", NOW, NEW_YORK)


def test_a_day_that_begins_after_midnight_begins_when_the_clocks_say() -> None:
    assert spoken("2026-09-06", ZoneInfo("America/Santiago")) == "2026-09-06T01:00:00-03:00"


@pytest.mark.parametrize("said", ["一个月前", "1 month ago"])
def test_a_month_before_the_thirty_first_is_the_last_day_of_a_shorter_month(said: str) -> None:
    march = datetime(2026, 3, 31, 8, 0, tzinfo=SHANGHAI)
    assert when.day(said, march, SHANGHAI) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-10-03", "2026-10-03"),
        ("20261003", "2026-10-03"),
        ("10月6日", "2026-10-06"),
        ("昨天", "2026-10-06"),
        ("上周五", "2026-10-02"),
        ("3天前", "2026-10-04"),
        ("yesterday", "2026-10-06"),
        ("last Friday", "2026-10-02"),
        ("Oct 3", "2026-10-03"),
        ("2 days ago", "2026-10-05"),
    ],
)
def test_a_phrase_that_says_no_hour_is_the_bare_day(said: str, day: str) -> None:
    found = when.moment_or_day(said, NOW, SHANGHAI)
    assert not isinstance(found, datetime)
    assert when.iso(found) == day


@pytest.mark.parametrize(
    "said",
    [
        *("现在", "昨天0点", "昨天24点", "昨晚", "昨天下午", "今天凌晨12点", "14:05"),
        "10月6日0:00",
        *("3天前下午2点", "2小时前", "1天2小时前", "now", "yesterday at noon", "last night"),
        *("2 days ago at 3pm", "2 hours ago", "half an hour ago", "1 day 2 hours ago", "12am"),
        *("2026-10-03 00:00", "2026-10-03T00:00Z", "20261003T0000", "tonight"),
    ],
)
def test_a_phrase_that_says_an_hour_is_the_moment(said: str) -> None:
    assert when.moment_or_day(said, NOW, SHANGHAI) == when.moment(said, NOW, SHANGHAI)


def test_a_day_is_the_one_of_the_zone() -> None:
    assert when.day("2026-10-03T23:30-04:00", NOW, SHANGHAI) == date(2026, 10, 4)
    assert when.day("上周五", NOW, SHANGHAI) == date(2026, 10, 2)
    with pytest.raises(BadInput):
        when.day("2月30日", NOW, SHANGHAI)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-10", "2026-10"),
        ("2026/9", "2026-09"),
        ("2026年10月", "2026-10"),
        ("二〇二六年十月份", "2026-10"),
        ("10月", "2026-10"),
        ("11月", "2025-11"),
        ("去年 10 月", "2025-10"),
        ("本月", "2026-10"),
        ("这个月", "2026-10"),
        ("上月", "2026-09"),
        ("上个月", "2026-09"),
        ("上上个月", "2026-08"),
        ("this month", "2026-10"),
        ("last month", "2026-09"),
        ("October 2026", "2026-10"),
        ("2025 Nov", "2025-11"),
        ("nov", "2025-11"),
        ("2026-10-03", "2026-10"),
        ("昨天", "2026-10"),
    ],
)
def test_a_month_is_read_as_it_is_meant(said: str, meant: str) -> None:
    assert when.month(said, NOW, SHANGHAI) == meant


@pytest.mark.parametrize(
    "said", ["", "2026-13", "2026年13月", "13月", "1969-12", "2101年1月", "foo"]
)
def test_a_month_that_cannot_be_is_refused(said: str) -> None:
    with pytest.raises(BadInput) as refusal:
        when.month(said, NOW, SHANGHAI)
    assert refusal.value.code == "unclear-time"


def test_last_month_of_january_is_december() -> None:
    january = datetime(2026, 1, 15, tzinfo=SHANGHAI)
    assert when.month("上个月", january, SHANGHAI) == "2025-12"


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2100, 12, 30)),  # noqa: DTZ001 - given a zone below
    st.sampled_from([UTC, SHANGHAI, NEW_YORK, timezone(timedelta(hours=5, minutes=45))]),
)
def test_what_iso_writes_moment_reads(wall: datetime, zone: ZoneInfo) -> None:
    value = wall.replace(tzinfo=zone, microsecond=0)
    assert when.moment(when.iso(value), NOW, SHANGHAI) == value
    assert when.iso(when.moment(when.iso(value), NOW, SHANGHAI)) == when.iso(value)


PIECES = re.findall(
    r"\S+",
    "last next this week on at in ago from now today yesterday night morning noon friday wed oct "
    "3rd 3 31 2025 14:05 3pm am two an hour days months years half and the of 9999 1.5 , . "
    "昨天 上周五 下 个 月 10月 3日 3号 晚上 凌晨 十二 点 半 刻 分 小时 天 前 后 今年 去年 两 周 年",
)


@given(st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join) | st.text(max_size=12))
@settings(max_examples=300, deadline=None)
def test_any_text_is_either_read_within_the_years_or_refused(text: str) -> None:
    try:
        value = when.moment(text, NOW, SHANGHAI)
    except BadInput:
        return
    assert value.tzinfo is not None
    assert when.FIRST_YEAR <= value.year <= when.LAST_YEAR


def test_reading_iso_loads_no_language() -> None:
    code = (
        "import sys; from datetime import *; from aswiki.domain.times import when;"
        "when.moment('2026-10-03 14:05', datetime(2026, 10, 7, tzinfo=UTC), UTC);"
        "when.month('2026-10', datetime(2026, 10, 7, tzinfo=UTC), UTC);"
        "print({'dateparser', 'pypinyin', 'aswiki.domain.times.chinese'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"

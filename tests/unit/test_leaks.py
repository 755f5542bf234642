"""The leak scan: what it finds however it is written, and what it leaves in peace."""

from __future__ import annotations

from typing import Any

import pytest

from aswiki.domain.readers.leaks import Leak, Secrets, leaks
from aswiki.domain.readers.secrets import secrets_of

PROFILES: dict[str, dict[str, Any]] = {
    "heng-chuan": {
        "name": "恒川银行股份有限公司",
        "short_name": "恒川",
        "contacts": [
            {"id": "luminghui", "name": "陆明辉", "phone": "138-0000-0011", "im": "lu-infra"},
            {"name": "高峰", "phone": "0571-8888 6666"},
        ],
    },
    "sunbird": {
        "name": "Sunbird Retail Pte Ltd",
        "title": "Sunbird Retail",
        "short_name": "Sunbird",
        "contacts": [
            {"id": "tlim", "name": "Terence Lim", "email": "tlim@sunbird.example.com"},
            {"id": "lim", "name": "Lim", "phone": "+65 9123 4567"},
            {"name": "Oskar O'Brien"},
        ],
    },
    "xing-he": {"name": "星河证券", "short_name": "星河", "aliases": ["HP"]},
    "xing-he-you-xi": {"name": "星河游戏"},
}
PEOPLE = {
    "people": {
        "zhangwei": {
            "name": "张维",
            "aliases": ["老张", "Wei Zhang"],
            "emails": ["zw@ours.example"],
        },
        "writer": {"name": "Test Writer"},
    }
}
SETTINGS = {
    "rivals": {"names": ["青岚云", "Borealis Cloud"]},
    "audiences": {"words": ["作战室", "war room"], "not_a_leak": ["晚高峰", "Sunbird Plaza"]},
}
SECRETS = secrets_of(PROFILES, PEOPLE, SETTINGS)


def scan(text: str, customer: str | None = "acme", allowed: tuple[str, ...] = ()) -> list[Leak]:
    return leaks(text, SECRETS, customer=customer, allowed=allowed)


def kinds(text: str, customer: str | None = "acme") -> list[str]:
    return [leak.kind for leak in scan(text, customer)]


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("恒川银行也遇到过。", "customer", "恒川银行"),
        ("参见 heng-chuan/events/x", "customer", "heng-chuan"),
        ("as at SUNBIRD RETAIL last year", "customer", "SUNBIRD RETAIL"),
        ("和陆明辉确认过", "contact", "陆明辉"),
        ("luminghui 已确认", "contact", "luminghui"),
        ("Lim Terence agreed", "contact", "Lim Terence"),
        ("Oskar O’Brien agreed", "contact", "Oskar O’Brien"),
        ("请联系老张", "colleague", "老张"),
        ("ask Zhang Wei", "colleague", "Zhang Wei"),
        ("zhangwei fixed it", "colleague", "zhangwei"),
        ("致电 13800000011", "phone", "13800000011"),
        ("call +6591234567", "phone", "6591234567"),
        ("88886666 转一", "phone", "88886666"),
        ("拨 13912345678", "phone", "13912345678"),
        ("拨 +86 139 1234 5678", "phone", "139 1234 5678"),
        ("write to TLim@sunbird.example.com", "email", "TLim@sunbird.example.com"),
        ("write to zw@ours.example", "email", "zw@ours.example"),
        ("比青岚云快", "rival", "青岚云"),
        ("than Borealis  Cloud", "rival", "Borealis  Cloud"),
        ("在作战室里", "word", "作战室"),
        ("the War-Room", "word", "War-Room"),
        ("费用 3万元", "amount", "3万元"),
    ],
)
def test_each_kind_of_secret_is_found(text: str, kind: str, found: str) -> None:
    (leak,) = scan(text)
    assert (leak.kind, leak.found) == (kind, found)
    assert text[leak.start : leak.end] == found


@pytest.mark.parametrize(
    "text",
    [
        "恒 川",
        "恒\n川",
        "恒\n> 川",
        "恒\u200b川",
        "恒\ufe0f川",
        "恒-川",
        "恒·川",
        "**恒**川",
        "_恒_川",
        "~~恒~~`川`",
        "\\恒\\川",
        "恒<b>川</b>",
        '恒<span class="x">川</span>',
        "恒<!-- 2 -->川",
        "[恒](https://example.com)川",
        "![恒川](a.png)",
        '<img alt="恒川">',
        "<!-- 恒川 -->",
        "https://example.com/%E6%81%92%E5%B7%9D",
        "&#24658;&#x5DDD;",
        "恒&zwnj;川",
        "恒&nbsp;川",
    ],
)
def test_a_chinese_name_is_found_whatever_stands_between_its_letters(text: str) -> None:
    assert kinds(text) == ["customer"]


@pytest.mark.parametrize(
    "text",
    [
        "sunbird",
        "ＳＵＮＢＩＲＤ",
        "Sünbird",
        "客户Sunbird的",
        "Sun\u00adbird",
        "Sun**bird**",
        "Sun-\nbird",
        "S u n b i r d",
        "S.U.N.B.I.R.D.",
        "Sunbird's",
        "sunbird_backup",
        "SunbirdRetail",
        "sunbird-\nretail",
        "Sunbird\nRetail",
        "Sunbird&nbsp;Retail",
    ],
)
def test_a_latin_name_is_found_whatever_its_case_and_dress(text: str) -> None:
    assert kinds(text) == ["customer"]


@pytest.mark.parametrize(
    "text",
    [
        "a limit of 300",
        "climb",
        "Lim1",
        "the sun bird sang",
        "sunbirds",
        "hp 2",
        "the writer of the log",
        "永恒。川流不息",
        "永恒\n\n川流不息",
        "- 永恒\n- 川流",
        "|恒|川|",
        "晚高峰期间",
        "at Sunbird Plaza",
        "10 月 3 日 14:05 至 14:32",
        "P50、P99 分别为 150 1200 3400 ms",
        "138****0011",
        "工单 20260138000000112",
        "20261003-140532-8812",
        "192.168.100.200:8080",
        "1.2 亿次请求",
    ],
)
def test_what_only_looks_like_a_secret_is_left_in_peace(text: str) -> None:
    assert scan(text) == []


def test_two_latin_letters_are_a_name_only_with_a_capital() -> None:
    assert kinds("HP and hp") == ["customer"]


@pytest.mark.parametrize(
    "text",
    [
        "￥1,200",
        "¥ 3000",
        "1200 元",
        "１２００元",
        "3万元",
        "**3** 万元",
        "1.2 亿元人民币",
        "USD 50",
        "usd50",
        "US$50",
        "50k USD",
        "€9",
        "9 €",
        "$3.5m",
        "3,000.50 EUR",
        "RMB：3,000",
        "3000 dollars",
        "一百万元",
        "三千元",
        "上万元",
        "十块钱",
        "五百美元",
        "100 元/月",
    ],
)
def test_an_amount_is_one_with_a_sign_or_a_code(text: str) -> None:
    assert kinds(f"每月{text}。") == ["amount"]
    assert leaks(text, SECRETS, customer="acme", amounts=False) == []


@pytest.mark.parametrize(
    "text",
    [
        "99.99 %",
        "3 元组",
        "三元组",
        "100 个元素",
        "5 元数据",
        "多元",
        "二元对立",
        "2 块磁盘",
        "10 月",
        "5 eurobonds",
        "EUR",
        "usd",
        "PHP 8",
        "3 万次",
        "一百万行",
    ],
)
def test_a_number_without_a_currency_is_no_amount(text: str) -> None:
    assert scan(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "138-0000-0011",
        "138 0000 0011",
        "１３８００００００１１",
        "+86 138 0000 0011",
        "0086-13800000011",
        "(138)0000-0011",
        "一三八零零零零零零一一",
        "138\u200b00000011",
        "138**0000**0011",
    ],
)
def test_a_known_phone_is_found_however_it_is_grouped(text: str) -> None:
    assert kinds(f"电话{text}，白天") == ["phone"]


def test_the_readers_own_names_are_allowed_and_others_within_them_too() -> None:
    assert kinds("Sunbird Retail, sunbird", "sunbird") == []
    assert kinds("星河游戏", "xing-he-you-xi") == []
    assert kinds("星河游戏和星河", "xing-he-you-xi") == ["customer"]
    assert kinds("星河证券", "xing-he") == []
    assert kinds("星河游戏", "xing-he") == ["customer"]
    assert kinds("Sunbird", None) == ["customer"]


def test_the_readers_own_contacts_are_secret_all_the_same() -> None:
    assert kinds("Terence Lim of Sunbird", "sunbird") == ["contact"]


def test_of_names_within_each_other_the_longest_is_said() -> None:
    assert [leak.found for leak in scan("恒川银行股份有限公司")] == ["恒川银行股份有限公司"]


def test_words_are_let_through_to_the_letter() -> None:
    assert scan("早高峰", allowed=("早高峰",)) == []
    assert [leak.found for leak in scan("高峰", allowed=("早高峰",))] == ["高峰"]
    assert scan("赠送 3 元", allowed=("3 元",)) == []
    assert [leak.found for leak in scan("赠送 13 元", allowed=("3 元",))] == ["13 元"]
    assert scan("恒<b>川</b>", allowed=("恒<b>川",)) == []


def test_leaks_come_in_the_order_of_the_text() -> None:
    found = scan("陆明辉说，恒川花了 3万元，陆明辉。")
    assert [leak.kind for leak in found] == ["contact", "customer", "amount", "contact"]
    assert [leak.start for leak in found] == sorted(leak.start for leak in found)


def test_files_that_hold_anything_are_read_as_far_as_they_go() -> None:
    odd = secrets_of(
        {"a": {"name": 5, "contacts": [None, "x", {"name": None}]}, "b": {"aliases": "no"}},
        {"people": {"x": "no", "y": {"aliases": None}}},
        {"rivals": [], "audiences": {"words": "no"}},
    )
    assert leaks("5 x no", odd, customer=None) == []
    assert leaks("任何文字", Secrets(), customer=None) == []


def test_long_and_hostile_text_takes_no_time_that_is_felt(no_hang: None) -> None:
    for piece in ("1 ", "一百", "<!--", "](", " ", "1-", "恒 ", "\n\n", "- ", "&#x", "%E6", "$1,"):
        scan(piece * 20_000)

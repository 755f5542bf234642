"""Words about a customer with the customer taken out: names, addresses, ids and amounts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aswiki.domain.slug import bare

NEUTRAL: Mapping[str, tuple[str, str]] = {
    "customer": ("the customer", "客户"),
    "contact": ("a contact", "联系人"),
    "phone": ("[phone]", "[电话]"),
    "email": ("[e-mail]", "[邮箱]"),
    "address": ("[address]", "[地址]"),
    "id": ("[id]", "[编号]"),
    "amount": ("[amount]", "[金额]"),
}
"""What is taken out → the English and the Chinese words that stand in its place."""

_CURRENCIES = "CNY|RMB|USD|EUR|GBP|HKD|JPY|SGD|TWD"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")),
    (
        "address",
        re.compile(
            r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2}|:\d{1,5})?(?![\d.]*\d)"
            r"|(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}(?![\w:])"
            r"|(?<![\w:])[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*::(?:[0-9a-f]{1,4}:)*[0-9a-f]{1,4}(?![\w:])",
            re.IGNORECASE,
        ),
    ),
    (
        "amount",
        re.compile(
            rf"[¥￥$€£]\s?\d[\d,.]*(?:\s?[万亿kKM])?元?"
            rf"|(?:\b(?:{_CURRENCIES})|人民币)\s?\d[\d,.]*(?:\s?[万亿])?元?"
            rf"|\d[\d,.]*\s?(?:[万亿]?元|[万亿]?\s?(?:{_CURRENCIES})(?![A-Za-z])|[万亿]?美元|[万亿]?块)",
            re.IGNORECASE,
        ),
    ),
    (
        "phone",
        re.compile(
            r"(?<![\d.])(?:\+\d{1,3}[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"
            r"|(?<![\d-])0\d{2,3}-\d{7,8}(?!\d)|(?<!\d)400[ -]?\d{3,4}[ -]?\d{3,4}(?!\d)"
            r"|\+\d{1,3}(?:[ -]?\d){7,14}"
        ),
    ),
    ("id", re.compile(r"(?<![\d.])\d{9,}(?![\d.])")),
)
_PUBLIC_MAIL = frozenset(
    {"qq.com", "163.com", "126.com", "gmail.com", "outlook.com", "hotmail.com", "foxmail.com"}
)


@dataclass(frozen=True)
class Identity:
    """What gives customers away, each word with what stands in its place (a key of NEUTRAL)."""

    words: Mapping[str, str]


def identity_of(profiles: Mapping[str, Mapping[str, Any]]) -> Identity:
    """What the profiles (customer's slug → front matter) tell of customers and their contacts."""
    words: dict[str, str] = {}
    for slug, data in profiles.items():
        for word, what in _told(slug, data):
            if len(word.strip()) > 1:
                words.setdefault(word.strip(), what)
    return Identity(words)


def _told(slug: str, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    names = [data.get("name"), data.get("title"), data.get("short_name"), *_list(data, "aliases")]
    for name in filter(None, names):
        yield str(name), "customer"
        yield bare(str(name)), "customer"
    yield slug, "customer"
    for number in _list(data, "billing_account_ids"):
        yield str(number), "id"
    for contact in _list(data, "contacts"):
        if isinstance(contact, Mapping):
            yield from _of_contact(contact)


def _of_contact(contact: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, what in (("name", "contact"), ("id", "contact"), ("phone", "phone"), ("im", "id")):
        if contact.get(key):
            yield str(contact[key]), what
    domain = str(contact.get("email") or "").rpartition("@")[2].casefold()
    if "." in domain and domain not in _PUBLIC_MAIL:
        yield domain, "address"


def _list(data: Mapping[str, Any], key: str) -> Iterable[Any]:
    found = data.get(key)
    return found if isinstance(found, list) else ()


def without_identity(text: str, identity: Identity, language: str) -> str:
    """The text with neutral words for customers, contacts, addresses, ids and amounts.

    Names stand for themselves without regard to case, Latin ones at word borders; patterns find
    the phones, e-mails, network addresses, long numbers and amounts that no profile knows.

    Args:
        text: any prose.
        identity: what gives customers away.
        language: of the words that come in, zh or en.
    """
    place = 1 if language == "zh" else 0
    kinds = dict(_PATTERNS)
    text = kinds["email"].sub(NEUTRAL["email"][place], text)
    for word in sorted(identity.words, key=len, reverse=True):
        text = _pattern(word).sub(NEUTRAL[identity.words[word]][place], text)
    for what, pattern in _PATTERNS:
        text = pattern.sub(NEUTRAL[what][place], text)
    return text


def _pattern(word: str) -> re.Pattern[str]:
    before = r"(?<![A-Za-z0-9_])" if word[0].isascii() and word[0].isalnum() else ""
    after = r"(?![A-Za-z0-9_])" if word[-1].isascii() and word[-1].isalnum() else ""
    return re.compile(before + re.escape(word) + after, re.IGNORECASE)

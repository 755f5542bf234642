"""Names as slugs, ids, pinyin and initials: a-z, 0-9 and hyphens, one Chinese syllable a word."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

LONGEST = 60
RESERVED = frozenset({"lessons", "products", "templates", "files", "maps"})

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_RUNS = re.compile(f"([{_HAN}]+)")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CHINESE_FORM = re.compile(r"(?:(?:集团|控股)*(?:股份|责任)?有限(?:责任)?公司)+$")
_LATIN_FORM = re.compile(
    r"(?:[\s,]+(?:incorporated|inc|limited|ltd|corporation|corp|co|gmbh|llc|plc|pte|pty)\.?)+$",
    re.IGNORECASE,
)

# where pypinyin's own choice is not how our trade or a family says it
_READINGS = {
    "长三角": "chang san jiao",
    "长连接": "chang lian jie",
    "调优": "tiao you",
    "还款": "huan kuan",
    "重试": "chong shi",
    "重传": "chong chuan",
    "重连": "chong lian",
    "重装": "chong zhuang",
    "重放": "chong fang",
    "重载": "chong zai",
}
_SURNAMES = {
    "单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "查": "zha", "朴": "piao", "区": "ou",
    "盖": "ge", "乐": "yue", "翟": "zhai", "缪": "miao", "覃": "qin", "种": "chong", "黑": "he",
    "员": "yun", "秘": "bi", "折": "she", "繁": "po", "召": "shao",
}  # fmt: skip
_READING = re.compile(f"({'|'.join(_READINGS)})")


def slug(text: str) -> str:
    """The words of ``text`` joined by hyphens, at most 60 characters cut at a word; maybe empty."""
    return _cut("-".join(_words(text)), LONGEST)


def bare(name: str) -> str:
    """A company's name without its legal form: 蓝鲸游戏集团有限公司 is 蓝鲸游戏."""
    tidy = unicodedata.normalize("NFKC", name).strip()
    return _LATIN_FORM.sub("", _CHINESE_FORM.sub("", tidy)).strip() or tidy


def customer_slug(name: str) -> str:
    """The slug of a company's name without its legal form; maybe empty."""
    return slug(bare(name))


def unique(wanted: str, taken: Container[str]) -> str:
    """``wanted``, or with the first of -2, -3 … that is not taken, within the 60 characters."""
    number, free = 1, wanted
    while free in taken:
        number += 1
        free = f"{_cut(wanted, LONGEST - len(str(number)) - 1)}-{number}"
    return free


def is_slug(text: str) -> bool:
    """Whether ``text`` could have come from ``slug``."""
    return len(text) <= LONGEST and _SLUG.fullmatch(text) is not None


def person_id(name: str, email: str) -> str:
    """An id for a colleague: 张伟 is zhangwei, Wei Zhang is wei-zhang; else from the e-mail."""
    tidy = re.sub(r"[\s·・]", "", unicodedata.normalize("NFKC", name))
    if re.fullmatch(f"[{_HAN}]+", tidy):
        return _cut(_chinese_person(tidy), LONGEST) or "someone"
    local = email.partition("@")[0].partition("+")[0]
    return slug(name) or slug(local) or "someone"


def pinyin(name: str) -> str:
    """The words of ``name`` joined: 蓝鲸游戏 is lanjingyouxi."""
    return spellings(name)[0]


def initials(name: str) -> str:
    """The first letters of the words of ``name``: 蓝鲸游戏 is ljyx, Acme Retail is ar."""
    return spellings(name)[1]


def spellings(name: str) -> tuple[str, str]:
    """Both ``pinyin`` and ``initials`` at the cost of one."""
    words = _words(name)
    return "".join(words), "".join(word[0] for word in words)


def _words(text: str) -> list[str]:
    text = re.sub(r"['’]", "", unicodedata.normalize("NFKC", text).lower())
    if text.isascii():
        return re.findall(r"[a-z0-9]+", text)
    return [word for run in _RUNS.split(text) for word in _run_words(run) if word]


def _run_words(run: str) -> Iterable[str]:
    if run.isascii():
        return re.findall(r"[a-z0-9]+", run)
    if _RUNS.fullmatch(run):
        return _syllables(run)
    from slugify import slugify

    return slugify(run).split("-")


def _syllables(chinese: str) -> list[str]:
    from pypinyin import lazy_pinyin

    syllables: list[str] = []
    for part in filter(None, _READING.split(chinese)):
        known = _READINGS.get(part)
        syllables += known.split() if known else lazy_pinyin(part, errors="ignore")
    return [syllable for syllable in syllables if syllable.isascii()]


def _chinese_person(name: str) -> str:
    surname = _SURNAMES.get(name[0])
    return "".join([surname, *_syllables(name[1:])] if surname else _syllables(name))


def _cut(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    return text[: length + 1].rpartition("-")[0] or text[:length]

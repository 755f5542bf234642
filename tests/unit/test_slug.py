"""Slugs, ids and initials of Chinese, English and other names."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aswiki.domain.slug import (
    LONGEST,
    bare,
    customer_slug,
    initials,
    is_slug,
    person_id,
    pinyin,
    slug,
    spellings,
    unique,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("蓝鲸游戏", "lan-jing-you-xi"),
        ("银行", "yin-hang"),
        ("重庆", "chong-qing"),
        ("长城", "chang-cheng"),
        ("交通银行重庆分行", "jiao-tong-yin-hang-chong-qing-fen-hang"),
        ("OSS 上传超时", "oss-shang-chuan-chao-shi"),
        ("OSS上传超时v2.1", "oss-shang-chuan-chao-shi-v2-1"),
        ("ＯＳＳ　超时", "oss-chao-shi"),
        ("B站：3月账单（二）", "b-zhan-3-yue-zhang-dan-er"),
        ("数据库调优", "shu-ju-ku-tiao-you"),
        ("连接重试失败", "lian-jie-chong-shi-shi-bai"),
        ("长三角", "chang-san-jiao"),
        ("绿地", "lv-di"),
        ("Acme Retail", "acme-retail"),
        ("  a_b--c ", "a-b-c"),
        ("Customer's DB", "customers-db"),
        ("Café Zürich", "cafe-zurich"),
        ("Łódź", "lodz"),
        ("Газпром", "gazprom"),
        ("超时 Ärger", "chao-shi-arger"),
        ("！！", ""),
        ("", ""),
    ],
)
def test_a_slug_keeps_the_words_and_spells_chinese_by_the_syllable(
    text: str, expected: str
) -> None:
    assert slug(text) == expected


def test_a_long_slug_is_cut_at_a_word() -> None:
    assert slug("word " * 30) == "-".join(["word"] * 12)
    assert slug("蓝" * 80) == "-".join(["lan"] * 15)
    assert slug("a" * 59 + " b") == "a" * 59
    assert slug("a" * 60 + " b") == "a" * 60
    assert slug("a" * 80) == "a" * 60


@given(st.text(max_size=90) | st.text("蓝鲸重银行aB 9-（é", max_size=90))
def test_whatever_the_text_its_slug_is_a_slug_or_empty(text: str) -> None:
    made = slug(text)
    assert made == "" or is_slug(made)
    assert slug(made) == made


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("蓝鲸游戏有限公司", "lan-jing-you-xi"),
        ("蓝鲸游戏股份有限公司", "lan-jing-you-xi"),
        ("蓝鲸游戏有限责任公司", "lan-jing-you-xi"),
        ("蓝鲸游戏集团有限公司", "lan-jing-you-xi"),
        ("蓝鲸集团", "lan-jing-ji-tuan"),
        ("蓝鲸游戏（上海）有限公司", "lan-jing-you-xi-shang-hai"),
        ("有限公司", "you-xian-gong-si"),
        ("Acme Retail Co., Ltd.", "acme-retail"),
        ("Acme, Inc.", "acme"),
        ("ACME CORP", "acme"),
        ("Müller GmbH", "muller"),
        ("Foo LLC", "foo"),
        ("Costco", "costco"),
        ("Zinc", "zinc"),
        ("Corp.", "corp"),
    ],
)
def test_a_customers_slug_leaves_the_legal_form_out(name: str, expected: str) -> None:
    assert customer_slug(name) == expected


def test_a_bare_name_keeps_its_own_spelling() -> None:
    assert bare(" Acme Retail Co., Ltd. ") == "Acme Retail"
    assert bare("蓝鲸游戏有限公司") == "蓝鲸游戏"


def test_a_records_title_keeps_words_that_look_like_legal_forms() -> None:
    assert slug("Meeting with Acme Inc.") == "meeting-with-acme-inc"


def test_a_taken_slug_gets_the_first_free_number() -> None:
    assert unique("oss", {"other"}) == "oss"
    assert unique("oss", {"oss"}) == "oss-2"
    assert unique("oss", {"oss", "oss-2", "oss-3"}) == "oss-4"


def test_a_number_on_a_long_slug_stays_within_the_limit() -> None:
    long = "-".join(["word"] * 12)
    assert unique(long, {long}) == "-".join(["word"] * 11) + "-2"
    assert unique("a" * 60, {"a" * 60}) == "a" * 58 + "-2"
    taken = {"a" * 60, *("a" * (LONGEST - 1 - len(str(n))) + f"-{n}" for n in range(2, 10))}
    assert unique("a" * 60, taken) == "a" * 57 + "-10"


@pytest.mark.parametrize("text", ["acme", "a-1", "2026", "a" * 60])
def test_a_slug_is_known_as_one(text: str) -> None:
    assert is_slug(text)


@pytest.mark.parametrize("text", ["", "-a", "a-", "a--b", "A", "a b", "蓝", "a/b", "a\n", "a" * 61])
def test_what_is_no_slug_is_known_as_none(text: str) -> None:
    assert not is_slug(text)


@pytest.mark.parametrize(
    ("name", "email", "expected"),
    [
        ("张伟", "w.zhang@example.com", "zhangwei"),
        ("张 伟", "", "zhangwei"),
        ("单雄", "", "shanxiong"),
        ("曾强", "", "zengqiang"),
        ("欧阳修", "", "ouyangxiu"),
        ("长孙无忌", "", "zhangsunwuji"),
        ("Wei Zhang", "", "wei-zhang"),
        ("José Núñez", "", "jose-nunez"),
        ("", "w.zhang+work@example.com", "w-zhang"),
        ("??", "li.na@example.com", "li-na"),
        ("", "", "someone"),
        ("", "@example.com", "someone"),
    ],
)
def test_a_persons_id_comes_from_the_name_then_the_e_mail(
    name: str, email: str, expected: str
) -> None:
    assert person_id(name, email) == expected


def test_names_are_spelled_in_full_and_by_initials() -> None:
    assert pinyin("蓝鲸游戏") == "lanjingyouxi"
    assert initials("蓝鲸游戏") == "ljyx"
    assert spellings("Acme Retail") == ("acmeretail", "ar")
    assert spellings("OSS 上传") == ("ossshangchuan", "osc")
    assert spellings("！") == ("", "")


def test_plain_latin_text_loads_no_transliteration() -> None:
    code = (
        "import sys; from aswiki.domain.slug import *;"
        "customer_slug('Acme Retail Co., Ltd.'), initials('Acme'), person_id('Wei Zhang', '');"
        "print({'pypinyin', 'slugify', 'text_unidecode'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"

"""Terms of a text, and which records are alike by them."""

from __future__ import annotations

import pytest

from aswiki.domain.similar import FLOOR, Sketch, score, similar
from aswiki.domain.terms import terms

OSS = frozenset({"oss", "对象存储"})
CDN = frozenset({"cdn"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("上传超时", {"上传", "传超", "超时"}),
        ("OSS上传", {"oss", "上传"}),
        ("ＯＳＳ Uploads, of the", {"oss", "upload"}),
        ("慢", {"慢"}),
        ("主从，切换", {"主从", "切换"}),
        ("access 5xx", {"access", "5xx"}),
        ("", set()),
    ],
)
def test_words_are_terms_and_in_chinese_every_two_signs(text: str, found: set[str]) -> None:
    assert terms(text) == found


def test_the_same_title_and_product_is_the_same() -> None:
    one = Sketch("a", "OSS 上传超时", OSS)
    assert score(one, Sketch("b", "oss 上传超时", OSS)) == 1
    assert score(Sketch("a", "上传超时"), Sketch("b", "上传超时")) == 1


def test_the_product_weighs_but_does_not_decide() -> None:
    one = Sketch("a", "上传失败", OSS)
    like, other = Sketch("b", "上传超时", OSS), Sketch("b", "上传超时", CDN)
    assert score(one, like) > FLOOR > score(one, Sketch("b", "上传超时")) > score(one, other)
    assert score(Sketch("a", "对象存储配额", OSS), Sketch("b", "对象存储上传超时", OSS)) == 0


def test_the_symptom_of_a_lesson_finds_it() -> None:
    lesson = Sketch(
        "lessons/a", "主备切换后应用还连着旧主", symptom="切换三十秒完成，应用却报错十几分钟"
    )
    assert score(Sketch("", "应用报错十几分钟"), lesson) >= FLOOR
    assert score(Sketch("", "今天天气不错"), lesson) == 0


def test_the_best_come_first_without_the_record_itself() -> None:
    one = Sketch("a", "上传超时报错")
    rest = [Sketch("b", "上传超时"), Sketch("c", "下载很慢"), one, Sketch("d", "上传超时报错")]
    assert [(alike.ref, alike.score) for alike in similar(one, rest)] == [("d", 1.0), ("b", 0.8)]
    assert [alike.ref for alike in similar(one, rest, limit=1)] == ["d"]

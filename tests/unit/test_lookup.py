"""Customers and records found by the few words that people type."""

from __future__ import annotations

import subprocess
import sys

import pytest

from aswiki.domain.lookup import Named, match_customers, match_records

BLUE = Named("lan-jing-you-xi", "蓝鲸游戏有限公司", "蓝鲸", ("Blue Whale Games", "BWG"))
RED = Named("lan-tian", "蓝天物流", "蓝天")
ACME = Named("acme", "Acme Retail Co., Ltd.", "", ("艾克美",))
ACME_FOODS = Named("acme-foods", "Acme Foods, Inc.")
BANK = Named("cqyh", "重庆银行股份有限公司", "", ())
CUSTOMERS = (BLUE, RED, ACME, ACME_FOODS, BANK)


@pytest.mark.parametrize(
    ("words", "slugs"),
    [
        ("acme", ["acme"]),
        (" ACME ", ["acme"]),
        ("lan-jing-you-xi", ["lan-jing-you-xi"]),
        ("蓝鲸游戏有限公司", ["lan-jing-you-xi"]),
        ("蓝鲸", ["lan-jing-you-xi"]),
        ("blue whale games", ["lan-jing-you-xi"]),
        ("BlueWhaleGames", ["lan-jing-you-xi"]),
        ("ｂｗｇ", ["lan-jing-you-xi"]),
        ("艾克美", ["acme"]),
        ("lanjingyouxi", ["lan-jing-you-xi"]),
        ("Lan Jing You Xi", ["lan-jing-you-xi"]),
        ("ljyx", ["lan-jing-you-xi"]),
        ("af", ["acme-foods"]),
        ("lanjing", ["lan-jing-you-xi"]),
        ("aikemei", ["acme"]),
        ("akm", ["acme"]),
        ("chongqingyinhang", ["cqyh"]),
        ("chong-qing-yin-hang", ["cqyh"]),
        ("lantian", ["lan-tian"]),
        ("ltwl", ["lan-tian"]),
        ("蓝天物", ["lan-tian"]),
        ("重庆", ["cqyh"]),
        ("lan jing you", ["lan-jing-you-xi"]),
        ("acm", ["acme", "acme-foods"]),
        ("lan", ["lan-jing-you-xi", "lan-tian"]),
        ("蓝", ["lan-jing-you-xi", "lan-tian"]),
        ("la", []),
        ("鲸", []),
        ("nobody", []),
        ("", []),
        (" - ", []),
    ],
)
def test_a_customer_is_found_by_any_of_its_names(words: str, slugs: list[str]) -> None:
    assert match_customers(words, CUSTOMERS) == slugs


def test_an_exact_name_wins_over_anothers_beginning_and_a_slug_over_a_name() -> None:
    other = Named("blue", "acme", "蓝")
    assert match_customers("acme", (other, ACME)) == ["acme"]
    assert match_customers("蓝", (BLUE, RED, other)) == ["blue"]


def test_a_customer_that_fits_twice_is_named_once() -> None:
    assert match_customers("same", (Named("x", "Same", "same", ("SAME",)),)) == ["x"]


REFS = (
    "acme/architecture",
    "acme/events/2026-10-03-oss-timeout",
    "acme/events/2026-10-04-oss-timeout-2",
    "acme/profile",
    "acme/usage/2026-10",
    "acme/visits/2026-10-15-monthly-review",
    "acme-foods/events/2026-10-03-oss-timeout",
    "acme-foods/events/2026-10-20-cdn-oss-outage",
    "lan-jing-you-xi/complaints/2026-10-04-oss-bill",
    "lan-jing-you-xi/profile",
    "lan-jing-you-xi/usage/2026-10",
    "lessons/oss-timeouts",
    "lessons/profile",
    "products/oss",
)


def found(words: str) -> list[str]:
    return match_records(words, REFS, lambda name: match_customers(name, CUSTOMERS))


@pytest.mark.parametrize(
    ("words", "refs"),
    [
        ("acme/events/2026-10-03-oss-timeout", [REFS[1]]),
        ("customers/acme/events/2026-10-03-oss-timeout.md", [REFS[1]]),
        ("./customers/acme/profile.md", [REFS[3]]),
        ("ACME/Events/2026-10-03-OSS-Timeout", [REFS[1]]),
        ("lessons/oss-timeouts.md", [REFS[11]]),
        ("acme/oss-timeout", [REFS[1]]),
        ("acme/events/oss-timeout", [REFS[1]]),
        ("events/oss-timeout", [REFS[1], REFS[6]]),
        ("oss-timeout", [REFS[1], REFS[6]]),
        ("oss timeout", [REFS[1], REFS[6]]),
        ("oss-timeout-2", [REFS[2]]),
        ("2026-10-04-oss-timeout-2", [REFS[2]]),
        ("oss", [REFS[13]]),
        ("acme/oss", [REFS[1], REFS[2]]),
        ("acme/2026-10-04", [REFS[2]]),
        ("cdn-oss-outage", [REFS[7]]),
        ("oss-outage", [REFS[7]]),
        ("outage", [REFS[7]]),
        ("outa", [REFS[7]]),
        ("monthly", [REFS[5]]),
        ("acme/profile", [REFS[3]]),
        ("蓝鲸/profile", [REFS[9]]),
        ("ljyx/oss-bill", [REFS[8]]),
        ("lan-jing-you-xi/complaints/oss", [REFS[8]]),
        ("profile", [REFS[3], REFS[9], REFS[12]]),
        ("acme/architecture", [REFS[0]]),
        ("acme/usage/2026-10", [REFS[4]]),
        ("acme/2026-10", [REFS[4]]),
        ("products/oss", [REFS[13]]),
        ("timeouts", [REFS[11]]),
        ("meout", []),
        ("oss-timeout/acme", []),
        ("events/acme/oss-timeout", []),
        ("acme/visits/oss-timeout", []),
        ("nobody/oss-timeout", []),
        ("nothing", []),
        ("", []),
        ("/", []),
    ],
)
def test_a_record_is_found_by_any_part_of_its_reference(words: str, refs: list[str]) -> None:
    assert found(words) == refs


def test_an_ambiguous_customer_leaves_all_its_records_to_the_caller() -> None:
    assert found("acm/oss-timeout") == [REFS[1], REFS[6]]


def test_references_come_back_as_they_were_given() -> None:
    assert match_records("ACME/PROFILE", ["Acme/profile"], lambda _name: []) == ["Acme/profile"]


def test_the_customers_are_asked_once_and_only_about_a_customers_name() -> None:
    asked: list[str] = []

    def customers_of(name: str) -> list[str]:
        asked.append(name)
        return ["acme"]

    match_records("oss-timeout", REFS, customers_of)
    match_records("events/oss-timeout", REFS, customers_of)
    assert asked == []
    match_records("akm/events/oss-timeout", REFS, customers_of)
    assert asked == ["akm"]


def test_a_slug_in_pinyin_is_found_without_loading_pinyin() -> None:
    code = (
        "import sys; from aswiki.domain.lookup import *;"
        "blue = Named('lan-jing-you-xi', '蓝鲸游戏', '', ());"
        "print([match_customers(w, [blue]) for w in ('ljyx', 'lanjingyouxi', '蓝鲸')]);"
        "print('pypinyin' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines() == [str([["lan-jing-you-xi"]] * 3), "False"]

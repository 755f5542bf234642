"""``new-product``: what we sell, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


def test_a_product_is_added_with_its_department(wiki: Path, run: Any) -> None:
    words = ["--owner-department", "网络研发组", "--slug", "vpn"]
    done = run("new-product", "专线网关", *words, "--json")
    assert done.code == 0, done.err
    assert (done.json["ref"], done.json["path"]) == ("products/vpn", "products/vpn.md")
    fields = run("show", "products/vpn", "--json").json["fields"]
    assert (fields["title"], fields["owner_department"]) == ("专线网关", "net-team")
    said = run("log-event", "acme", "Ask", "--kind", "question", "--product", "VPN", "--json")
    assert said.json["warnings"] == []


def test_the_slug_comes_from_the_name(wiki: Path, run: Any) -> None:
    assert run("new-product", "消息队列", "--json").json["ref"] == "products/xiao-xi-dui-lie"
    assert run("new-product", "Managed Kafka", "--json").json["ref"] == "products/managed-kafka"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["对象存储"], "product-exists"),
        (["Storage", "--slug", "oss"], "product-exists"),
        (["Oss"], "product-exists"),
        (["？？"], "no-slug"),
        (["CDN", "--slug", "C D N"], "bad-slug"),
        ([" "], "bad-name"),
        ([], "missing-argument"),
    ],
)
def test_a_known_or_nameless_product_is_refused(
    wiki: Path, run: Any, state: Any, words: list[str], code: str
) -> None:
    before = state(wiki)
    done = run("new-product", *words, "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", code)
    assert state(wiki) == before

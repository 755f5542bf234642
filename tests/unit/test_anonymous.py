"""Words about a customer with the customer taken out."""

from __future__ import annotations

from typing import Any

import pytest

from aswiki.domain.anonymous import identity_of, without_identity

PROFILES: dict[str, dict[str, Any]] = {
    "lan-jing-you-xi": {
        "name": "蓝鲸游戏有限公司",
        "short_name": "蓝鲸",
        "aliases": ["Blue Whale"],
        "billing_account_ids": ["bw-2201"],
        "contacts": [
            {"id": "wanglei", "name": "王磊", "phone": "010-8888", "email": "wl@bluewhale.cn"},
            {"id": "x", "name": "乔", "im": "joe_bw", "email": "joe@qq.com"},
            "no mapping",
        ],
    },
    "acme": {"name": "Acme Corp", "aliases": None},
}
IDENTITY = identity_of(PROFILES)


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("蓝鲸游戏有限公司的网关", "客户的网关"),
        ("蓝鲸游戏说慢", "客户说慢"),
        ("在Acme上也慢，acme corp 同样", "在客户上也慢，客户 同样"),
        ("acmeist and Blue Whales stay", "acmeist and Blue Whales stay"),
        ("王磊（wanglei）打 010-8888", "联系人（联系人）打 [电话]"),
        ("回电 +86 138 0000 0001 或 13800000001", "回电 [电话] 或 [电话]"),
        ("总机 010-88886666，400-800-1234", "总机 [电话]，[电话]"),
        ("发到 ops.team@example.com.cn", "发到 [邮箱]"),
        ("微信 joe_bw，账号 bw-2201，订单 2026100312345", "微信 [编号]，账号 [编号]，订单 [编号]"),
        ("cdn.bluewhale.cn 解析到 10.0.3.7:8080 和 fe80::1", "cdn.[地址] 解析到 [地址] 和 [地址]"),
        ("从 2001:db8:1:2:3:4:5:6 来", "从 [地址] 来"),
        ("损失 ¥5,000.50、12万元、USD 300、300 美元", "损失 [金额]、[金额]、[金额]、[金额]"),
        (
            "14:05:30 用了 1.5 小时，v10.0.3，丢 12000 次",
            "14:05:30 用了 1.5 小时，v10.0.3，丢 12000 次",
        ),
    ],
)
def test_names_addresses_ids_and_amounts_give_way(text: str, zh: str) -> None:
    assert without_identity(text, IDENTITY, "zh") == zh


def test_the_words_that_come_in_are_of_the_wikis_language() -> None:
    assert without_identity("Acme Corp lost $5", IDENTITY, "en") == "the customer lost [amount]"


def test_what_was_cleaned_stays_as_it_is() -> None:
    once = without_identity("蓝鲸 10.0.0.1 ¥5 王磊 13800000001 a@b.cn", IDENTITY, "zh")
    assert without_identity(once, IDENTITY, "zh") == once

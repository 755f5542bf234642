"""CODEOWNERS: lines that count for those whom the host knows, comments for the rest."""

from __future__ import annotations

import pytest

from aswiki.domain.code_owners import Owner, customer_lines, owner, setting_lines

PEOPLE = {
    "lihua": {"name": "李华", "x_handle": "@lihua"},
    "zhangwei": {"name": "张维"},
    "team": {"name": "Team", "x_handle": "@acme/after-sales"},
}


def test_a_customer_goes_to_the_owner_whom_the_host_knows() -> None:
    owners = {"acme": owner("lihua", PEOPLE), "lan-jing": owner("team", PEOPLE)}
    assert customer_lines(owners).splitlines() == [
        "/customers/acme/ @lihua",
        "/customers/lan-jing/ @acme/after-sales",
    ]


def test_an_owner_without_a_name_at_the_host_is_a_comment_that_names_them() -> None:
    assert customer_lines({"acme": owner("zhangwei", PEOPLE)}) == "# /customers/acme/ @…  (张维)"
    assert customer_lines({"acme": owner("somebody", PEOPLE)}).startswith("# ")
    assert customer_lines({"acme": Owner()}) == "# /customers/acme/ @…"
    assert customer_lines({}).startswith("# /customers/")


@pytest.mark.parametrize(
    "handle", ["lihua", "@", "@a b", "@a\n* @mallory", "@a#", "* @mallory", 7, None, ["@a"], "@-a"]
)
def test_a_handle_that_is_none_makes_no_rule(handle: object) -> None:
    people = {"lihua": {"name": "Li\n* @mallory", "x_handle": handle}}
    text = customer_lines({"acme": owner("lihua", people)})
    assert [line for line in text.splitlines() if not line.startswith("#")] == []


def test_settings_go_to_every_admin_that_the_host_knows() -> None:
    lines = setting_lines([owner("zhangwei", PEOPLE), owner("lihua", PEOPLE), Owner("x", "@lihua")])
    assert "/aswiki.toml @lihua" in lines.splitlines()
    assert all(line.endswith(" @lihua") for line in lines.splitlines())
    assert all(line.startswith("# /") for line in setting_lines([]).splitlines())

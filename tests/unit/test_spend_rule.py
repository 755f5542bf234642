"""An unexplained swing as a warning and as what is due."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from aswiki.domain.checks.spend import unexplained, unexplained_swings
from aswiki.domain.checks.surroundings import Surroundings
from aswiki.domain.dues.due import due
from aswiki.domain.dues.outlook import LOW, NORMAL, Due, World
from aswiki.domain.records.common import Record
from aswiki.domain.records.profile import Profile
from aswiki.domain.records.usage import Usage
from aswiki.domain.spending.series import Limits, Series, Thresholds
from aswiki.lang import use


def page(month: str, product: str, cost: int, **answer: str) -> Usage:
    line = {"product": product, "charge": "usage", "currency": "CNY", "effective_cost": cost}
    given = {"type": "usage", "title": "x", "period": month, "lines": [line]}
    return Usage.model_validate({**given, "owner": "zw", "swings": [answer] if answer else []})


def pages(product: str = "块 存储", **answer: str) -> dict[str, Usage]:
    return {
        "acme/usage/2026-07": page("2026-07", product, 1000),
        "acme/usage/2026-08": page("2026-08", product, 600, **answer),
    }


def around(found: dict[str, Usage], ref: str = "acme/usage/2026-08") -> Surroundings:
    return Surroundings(ref=ref, spend=lambda: Series("acme", found))


def test_the_warning_says_scope_horizon_percent_and_the_command() -> None:
    found = pages(scope="total", feedback="confirmed")
    [warning] = unexplained_swings(found["acme/usage/2026-08"], around(found))
    assert (warning.code, warning.level, warning.loc) == ("ASW024", "warning", ("swings",))
    assert warning.at_key
    assert "块 存储 in CNY, short -40.0%" in warning.message
    command = "aswiki explain acme --month 2026-08 --scope '块 存储' --as planned"
    assert command in warning.hint


@pytest.mark.parametrize(
    ("name", "typed"),
    [("负载均衡", "负载均衡"), ("a;b", "'a;b'"), ("it's", """'it'"'"'s'""")],
)
def test_a_name_is_typed_as_a_shell_needs_it(name: str, typed: str) -> None:
    found = pages(name)
    [_total, one] = unexplained(found["acme/usage/2026-08"], around(found))
    assert f"--scope {typed} --as" in one.hint


def test_the_total_is_called_so_in_the_users_language() -> None:
    found = pages()
    [total, _product] = unexplained(found["acme/usage/2026-08"], around(found))
    use("zh")
    try:
        assert "总额" in total.message
        assert "短期 -40.0%" in total.message
    finally:
        use("en")


def test_a_page_tells_its_own_month_alone_and_other_records_nothing() -> None:
    found = pages()
    first = found["acme/usage/2026-07"]
    assert list(unexplained_swings(first, around(found, "acme/usage/2026-07"))) == []
    profile = Profile.model_validate({"type": "profile", "title": "x", "name": "x"})
    never = Surroundings("acme/profile", spend=lambda: pytest.fail("the pages were asked for"))
    assert list(unexplained_swings(profile, never)) == []


def test_each_answer_is_enough() -> None:
    for word in ("confirmed", "false_alarm", "planned"):
        found = pages(scope="块 存储", feedback=word)
        said = unexplained(found["acme/usage/2026-08"], around(found))
        assert [one.swings[0].scope for one in said] == ["total"]


def swung(now: datetime, limits: Limits | None = None, level: str = "key") -> list[Due]:
    records: dict[str, Record] = dict(pages(scope="total", feedback="planned"))
    said = {"type": "profile", "title": "x", "name": "x", "account_level": level}
    records["acme/profile"] = Profile.model_validate(said)
    world = World(records, now, UTC, limits=limits or Limits())
    return [one for one in due(world) if one.what == "unexplained-swing"]


def test_what_is_due_counts_from_the_months_end_and_is_of_the_pages_owner() -> None:
    [one] = swung(datetime(2026, 9, 10, tzinfo=UTC))
    assert (one.ref, one.owner, one.days) == ("acme/usage/2026-08", "zw", 10)
    assert one.urgency == NORMAL
    assert one.message.endswith("--as planned --text TEXT")


def test_a_swing_of_long_ago_comes_last() -> None:
    assert [one.urgency for one in swung(datetime(2027, 9, 10, tzinfo=UTC))] == [LOW]


def test_the_thresholds_of_the_account_level_hold() -> None:
    strict = Limits(by_level={"trial": Thresholds(percent=Decimal(50))})
    assert swung(datetime(2026, 9, 10, tzinfo=UTC), strict, "trial") == []
    assert len(swung(datetime(2026, 9, 10, tzinfo=UTC), strict, "key")) == 1

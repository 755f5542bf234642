"""``log-churn``: lost spend with reason, amount and month; the currency is the wiki's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

WHOLE = ["--reason", "商务因素", "--amount", "12000.50", "--period", "2026-09"]


def test_lost_spend_is_logged_to_the_cent(wiki: Path, run: Any) -> None:
    words = [*WHOLE, "--extent", "部分", "--product", "oss", "--to", "othercloud"]
    done = run("log-churn", "蓝鲸", "归档迁走", *words, "--json")
    assert done.code == 0, done.err
    assert done.json["ref"] == "lan-jing-you-xi/churn/2026-10-20-gui-dang-qian-zou"
    text = (wiki / done.json["path"]).read_text()
    assert "amount_per_month: 12000.50\ncurrency: CNY\n" in text
    fields = run("show", done.json["ref"], "--json").json["fields"]
    assert (fields["reason"], fields["extent"]) == ("commercial", "partial")
    assert (fields["period"], fields["to_provider"]) == ("2026-09", "othercloud")


def test_the_month_may_be_a_phrase_and_the_currency_another(wiki: Path, run: Any) -> None:
    words = ["--reason", "undetermined", "--amount", "5", "--period", "上个月", "--currency", "USD"]
    done = run("log-churn", "acme", "Gone", *words, "--at", "2026-10-07", "--json")
    assert done.code == 0, done.err
    assert "Period: 2026-09" in done.err
    assert done.json["ref"] == "acme/churn/2026-10-07-gone"
    assert run("show", done.json["ref"], "--json").json["fields"]["currency"] == "USD"


@pytest.mark.parametrize("missing", ["--reason", "--amount", "--period"])
def test_reason_amount_and_month_are_needed(wiki: Path, run: Any, state: Any, missing: str) -> None:
    before = state(wiki)
    at = WHOLE.index(missing)
    done = run("log-churn", "acme", "Gone", *WHOLE[:at], *WHOLE[at + 2 :], "--json")
    assert (done.code, done.error["code"]) == (2, "missing-argument")
    assert missing in done.error["message"]
    for bad in (["--amount", "lots"], ["--period", "2026-13"], ["--reason", "luck"]):
        assert run("log-churn", "acme", "Gone", *WHOLE, *bad).code == 2
    assert state(wiki) == before

"""Typed KEY=VALUE: the field a key names, and the plain data a value means for it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aswiki.domain.records import model, values
from aswiki.domain.records.types import Reading
from aswiki.errors import BadInput
from aswiki.store import yaml12

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 10, 20, 10, 0, tzinfo=ZONE)


def yaml(text: str) -> Any:
    return yaml12.load(f"value: {text}\n").data.get("value")


def meant(record_type: str, key: str, text: str, *, one: bool = False) -> Any:
    field = values.find(model(record_type), key, None)
    return values.read(field, text, now=NOW, reading=Reading(ZONE), yaml=yaml, one=one)


@pytest.mark.parametrize(
    ("record_type", "key", "text", "value"),
    [
        ("event", "title", " as typed: 12 ", " as typed: 12 "),
        ("event", "environment", "007", "007"),
        ("event", "root_cause", "- a\n- b", "- a\n- b"),
        ("event", "status", "处理中", "in_progress"),
        ("event", "status", "In Progress", "in_progress"),
        ("event", "status", "nwe", "nwe"),
        ("event", "started_at", "2026-10-03", "2026-10-03"),
        ("event", "started_at", "2026-10-03 14:05", "2026-10-03T14:05:00+08:00"),
        ("event", "started_at", "昨天下午3点", "2026-10-19T15:00:00+08:00"),
        ("event", "reviewed_on", "上周五", "2026-10-16"),
        ("usage", "period", "2026-09", "2026-09"),
        ("event", "sensitive", "是", True),
        ("event", "sensitive", "No", False),
        ("event", "impact.users_percent", "12.50", Decimal("12.50")),
        ("event", "impact.unavailable_minutes", "45", 45),
        ("event", "impact", "{business: x}", {"business": "x"}),
        ("event", "tags", "a, b，c", ["a", "b", "c"]),
        ("event", "tags", "[a, b]", ["a", "b"]),
        ("event", "tags", "one", ["one"]),
        ("event", "promises.1.due_on", "2026-10-30", "2026-10-30"),
        ("profile", "contacts.2.phone", "0138", "0138"),
        ("profile", "credit.owed_amount", "12000.50", Decimal("12000.50")),
        ("profile", "contacts", "[{name: w}]", [{"name": "w"}]),
        ("profile", "review_cadence", "30", 30),
        ("profile", "review_cadence", "monthly", "monthly"),
        ("complaint", "satisfied", "yes", True),
        ("complaint", "satisfied", "mostly", "mostly"),
        ("event", "x_own", "12", "12"),
    ],
)
def test_a_value_is_read_by_its_fields_reader(
    record_type: str, key: str, text: str, value: object
) -> None:
    found = meant(record_type, key, text)
    assert found == value
    assert type(found) is type(value) or isinstance(found, str | int | Decimal)


def test_a_decimal_keeps_its_digits() -> None:
    assert str(meant("profile", "credit.owed_amount", "1200.00")) == "1200.00"


def test_one_more_item_of_a_list_is_the_item() -> None:
    assert meant("profile", "contacts", "{name: w}", one=True) == {"name": "w"}
    assert meant("event", "tags", "a", one=True) == "a"


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("impact.users_percent", "many", "bad-number"),
        ("impact.users_percent", "12 %", "bad-number"),
        ("impact.users_percent", "1,200", "bad-number"),
        ("sensitive", "maybe", "bad-flag"),
        ("started_at", "soon", "unclear-time"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_next_step(key: str, text: str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        meant("event", key, text)
    assert caught.value.code == code
    assert caught.value.hint


@pytest.mark.parametrize(
    ("key", "code", "hint"),
    [
        ("severty", "unknown-field", "Did you mean severity?"),
        ("impact.busines", "unknown-field", "Did you mean business?"),
        ("promises.1.waht", "unknown-field", "Did you mean what?"),
        ("zzz", "unknown-field", "aswiki schema TYPE lists the fields."),
        ("title.deeper", "unknown-field", ""),
        ("promises.what", "unknown-field", ""),
        ("promises.0.what", "unknown-field", ""),
        ("log", "refused-field", ""),
        ("log.1.text", "refused-field", ""),
        ("source.verbatim", "refused-field", ""),
        ("accepted.quote", "refused-field", ""),
        ("released_to.1.by", "refused-field", ""),
    ],
)
def test_a_key_that_names_no_field_is_refused(key: str, code: str, hint: str) -> None:
    with pytest.raises(BadInput) as caught:
        values.find(model("event"), key, "incident")
    assert caught.value.code == code
    assert caught.value.hint.startswith(hint)
    assert caught.value.hint


def test_a_key_of_another_kind_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        values.find(model("event"), "impact.business", "question")
    assert caught.value.code == "other-kind"
    assert "incident" in caught.value.message
    assert values.find(model("event"), "impact.business", "incident").loc == ("impact", "business")


def test_list_items_count_from_one() -> None:
    field = values.find(model("profile"), "contacts.2", None)
    assert (field.loc, field.is_item) == (("contacts", 1), True)
    assert values.find(model("event"), "tags.1", None).loc == ("tags", 0)

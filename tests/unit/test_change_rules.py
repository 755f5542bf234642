"""The rules about change that only a review asks, and where each finding stands."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from aswiki.domain.changes import reviewed, rules
from aswiki.domain.checks import schema
from aswiki.domain.records.common import Record
from aswiki.domain.records.types import Reading

SHANGHAI = timezone(timedelta(hours=8))
BASE: dict[str, dict[str, Any]] = {
    "event": {"kind": "incident", "severity": "P2", "started_at": "2026-10-03T14:05:00+08:00"},
    "complaint": {"category": "price", "received_at": "2026-10-04"},
    "visit": {"kind": "monthly"},
    "churn": {
        "reason": "commercial",
        "period": "2026-01",
        "amount_per_month": 10,
        "currency": "CNY",
    },
    "lesson": {},
}


def record(record_type: str, **fields: Any) -> Record:
    said = {"type": record_type, "title": "x", **BASE[record_type], **fields}
    found, problems = schema.read(record_type, said, Reading())
    assert found is not None, problems
    return found


def _recorded(day: int, hour: int = 14, minute: int = 5) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("record_type", "fields", "recorded", "late"),
    [
        ("event", {}, _recorded(10), []),
        ("event", {}, _recorded(10, minute=6), ["started_at"]),
        ("event", {}, _recorded(2), []),
        ("event", {"started_at": "2026-10-03"}, _recorded(10, 23), []),
        ("event", {"started_at": "2026-10-03"}, _recorded(11, 0), ["started_at"]),
        ("event", {"source": {"system": "jira", "id": "1"}}, _recorded(31), []),
        ("complaint", {}, _recorded(12), ["received_at"]),
        ("visit", {}, _recorded(31), []),
        ("churn", {}, _recorded(31), []),
        ("lesson", {}, _recorded(31), []),
    ],
)
def test_more_than_seven_days_are_late(
    record_type: str, fields: dict[str, Any], recorded: datetime, late: list[str]
) -> None:
    found = list(reviewed.recorded_late(record(record_type, **fields), recorded, SHANGHAI))
    assert [(finding.code, finding.loc, finding.level) for finding in found] == [
        ("ASW023", (key,), "warning") for key in late
    ]


RELEASE = {"audience": "customer_tech", "by": "w", "at": "2026-10-05", "sha256": "a" * 64}


@pytest.mark.parametrize(
    ("after", "places"),
    [
        ([RELEASE], []),
        ([RELEASE | {"sha256": "b" * 64}], [0]),
        ([{"audience": "customer_biz", "sha256": "b" * 64}, RELEASE | {"sha256": "c" * 64}], [1]),
        ([RELEASE | {"sha256": "b" * 64, "at": "2026-10-06"}], []),
        ([RELEASE | {"sha256": "b" * 64, "field": "workaround"}], []),
        ([], []),
    ],
)
def test_a_release_that_was_bent_to_another_text_is_found(
    after: list[dict[str, str]], places: list[int]
) -> None:
    old, new = record("event", released_to=[RELEASE]), record("event", released_to=after)
    found = list(reviewed.forged_releases(old, new))
    assert [(finding.code, finding.loc) for finding in found] == [
        ("ASW009", ("released_to", at, "sha256")) for at in places
    ]


def test_only_new_words_let_through_are_shown() -> None:
    old = record("event", scan_ok=[{"text": "蓝鲸"}])
    new = record("event", scan_ok=[{"text": "13900000000"}, {"text": "蓝鲸"}])
    found = [(one.loc, one.level) for one in reviewed.let_through(old, new)]
    assert found == [(("scan_ok", 0, "text"), "warning")]
    assert len(list(reviewed.let_through(None, new))) == 2


@pytest.mark.parametrize(
    ("before", "after", "closing"),
    [
        ("new", "closed", True),
        ("new", "cancelled", True),
        (None, "closed", True),
        ("closed", "closed", False),
        ("cancelled", "closed", False),
        ("closed", "new", False),
        ("new", "resolved", False),
    ],
)
def test_closing_is_going_from_open_to_closed(
    before: str | None, after: str, closing: bool
) -> None:
    old = None if before is None else record("event", status=before, closed_at="2026-10-20")
    new = record("event", status=after, closed_at="2026-10-20")
    assert reviewed.is_closing(old, new) is closing


def test_an_altered_verbatim_of_a_list_is_found_at_its_item() -> None:
    said = {"said_by": "w", "about": "x", "environment": "y", "purpose": "z"}
    old = record("visit", feelings=[{**said, "verbatim": "慢"}, {**said, "verbatim": "贵"}])
    new = record("visit", feelings=[{**said, "verbatim": "慢"}, {**said, "verbatim": "还行"}])
    found = list(rules.altered_evidence(old, new))
    assert [finding.loc for finding in found] == [("feelings", 1, "verbatim")]
    turned = record("visit", feelings=[{**said, "verbatim": "贵"}, {**said, "verbatim": "慢"}])
    assert list(rules.altered_evidence(old, turned)) == []


def test_words_that_were_said_twice_may_not_be_kept_once() -> None:
    said = {"said_by": "w", "about": "x", "environment": "y", "purpose": "z", "verbatim": "慢"}
    old, new = record("visit", feelings=[said, said]), record("visit", feelings=[said])
    assert len(list(rules.altered_evidence(old, new))) == 1


def test_a_moved_date_is_found_where_its_promise_stands_now() -> None:
    first, second = {"id": "p1", "due_on": "2026-10-09"}, {"id": "p2", "due_on": "2026-10-10"}
    old = record("event", promises=[first, second])
    new = record("event", promises=[second, first | {"due_on": "2026-10-11"}])
    (found,) = rules.unexplained_change(old, new)
    assert found.loc == ("promises", 1, "due_on")
    assert "promises.1.due_on" in found.message

"""The record models: numbers, dates, words, kinds, own keys and keys without value."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aswiki.domain import records
from aswiki.domain.checks import schema
from aswiki.domain.problem import Finding
from aswiki.domain.records.common import Record, abouts
from aswiki.domain.records.types import Reading
from aswiki.domain.vocabulary import Vocabulary

SHANGHAI = Reading(ZoneInfo("Asia/Shanghai"))
INCIDENT = {"type": "event", "title": "x", "kind": "incident", "severity": "P3"}
QUESTION = {"type": "event", "title": "x", "kind": "question"}


def read(
    fields: dict[str, Any], reading: Reading = SHANGHAI
) -> tuple[Record | None, list[Finding]]:
    return schema.read(records_type(fields), fields, reading)


def records_type(fields: dict[str, Any]) -> str:
    return {"事件": "event"}.get(str(fields["type"]), str(fields["type"]))


def one(fields: dict[str, Any], reading: Reading = SHANGHAI) -> Any:
    found, problems = read(fields, reading)
    assert problems == []
    return found


def wrong(fields: dict[str, Any]) -> list[tuple[str, tuple[str | int, ...]]]:
    found, problems = read(fields)
    assert found is None
    assert all(problem.message for problem in problems)
    return [(problem.code, problem.loc) for problem in problems]


@pytest.mark.parametrize("value", [0, 100, Decimal("12.50"), Decimal("99.999")])
def test_a_percentage_is_a_decimal_from_0_to_100(value: Any) -> None:
    percent = one(INCIDENT | {"impact": {"users_percent": value}}).impact.users_percent
    assert isinstance(percent, Decimal)
    assert str(percent) == str(value)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (120, "ASW125"),
        (-1, "ASW125"),
        (Decimal("NaN"), "ASW125"),
        (Decimal("Infinity"), "ASW125"),
        ("12", "ASW121"),
        (True, "ASW121"),
        ([], "ASW121"),
        ({}, "ASW121"),
        (1.5, "ASW121"),
    ],
)
def test_what_is_no_percentage_is_refused(value: Any, code: str) -> None:
    assert wrong(INCIDENT | {"impact": {"users_percent": value}}) == [
        (code, ("impact", "users_percent"))
    ]


@pytest.mark.parametrize(
    ("value", "code"), [(Decimal("1.5"), "ASW121"), (-1, "ASW125"), ("x", "ASW121")]
)
def test_minutes_are_whole_and_not_negative(value: Any, code: str) -> None:
    assert wrong(INCIDENT | {"impact": {"unavailable_minutes": value}})[0][0] == code
    assert one(INCIDENT | {"impact": {"unavailable_minutes": Decimal("45.0")}}) is not None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-10-03", date(2026, 10, 3)),
        ("2026-10-03T14:05:00Z", datetime(2026, 10, 3, 14, 5, tzinfo=UTC)),
        ("2026-10-03 14:05 +0000", datetime(2026, 10, 3, 14, 5, tzinfo=UTC)),
        ("2026-10-03T14:05", datetime(2026, 10, 3, 6, 5, tzinfo=UTC)),
    ],
)
def test_a_time_without_offset_is_the_wikis(text: str, meant: date) -> None:
    assert one(QUESTION | {"started_at": text}).started_at == meant


@pytest.mark.parametrize(
    "text",
    ["2026-02-30", "2026-13-01", "yesterday", "10:00", "2026-10-03T25:00", "20261003", "", 5],
)
def test_what_is_no_time_is_refused(text: object) -> None:
    assert wrong(QUESTION | {"started_at": text}) == [("ASW123", ("started_at",))]


def test_a_day_has_no_hour_and_a_month_no_day() -> None:
    assert wrong(QUESTION | {"reviewed_on": "2026-10-03T10:00"}) == [("ASW123", ("reviewed_on",))]
    usage = {"type": "usage", "title": "x", "period": "2026-10"}
    assert one(usage).period == "2026-10"
    for period in ("2026-13", "2026-10-01", "2026", 2026):
        assert wrong(usage | {"period": period}) == [("ASW123", ("period",))]


@pytest.mark.parametrize("word", ["incident", "Incident", "INCIDENT", "故障"])
def test_a_word_is_read_by_key_or_label(word: str) -> None:
    assert one(INCIDENT | {"kind": word}).kind == "incident"
    assert one(INCIDENT | {"type": "事件", "kind": word}).kind == "incident"


def test_an_unknown_word_names_the_choices() -> None:
    _record, (problem,) = read(QUESTION | {"status": "nwe"})
    assert (problem.code, problem.loc) == ("ASW122", ("status",))
    assert "in_progress" in problem.hint


def test_the_settings_add_words() -> None:
    reading = Reading(UTC, Vocabulary({"event_kind": {"audit": ("Audit", "审计")}}))
    assert one(QUESTION | {"kind": "审计"}, reading).kind == "audit"


def test_keys_of_another_kind_are_unknown() -> None:
    assert wrong(QUESTION | {"severity": "P1", "impact": {"business": "x"}}) == [
        ("ASW120", ("severity",)),
        ("ASW120", ("impact",)),
    ]
    assert wrong({**QUESTION, "kind": "答疑", "window": {}}) == [("ASW120", ("window",))]


def test_an_unknown_key_suggests_the_nearest_at_its_own_level() -> None:
    for fields, loc, hint in (
        ({"severty": "P1"}, ("severty",), "Did you mean severity?"),
        ({"impact": {"busines": "x"}}, ("impact", "busines"), "Did you mean business?"),
        ({"promises": [{"waht": "x"}]}, ("promises", 0, "waht"), "Did you mean what?"),
        ({"zzz": 1}, ("zzz",), "Keys of your own start with x_."),
    ):
        _record, (problem,) = read(INCIDENT | fields)
        assert (problem.code, problem.loc, problem.hint) == ("ASW120", loc, hint)
        assert problem.at_key


def test_keys_of_the_users_own_pass_at_every_level() -> None:
    fields = {"x_mine": [1], "impact": {"x_too": {}}, "promises": [{"id": "p1", "x_p": 1}]}
    assert one(INCIDENT | fields).promises[0].id == "p1"


def test_a_key_without_a_value_is_absent() -> None:
    found = one(INCIDENT | {"product": None, "impact": None, "tags": None, "triage": {"by": None}})
    assert (found.product, found.impact, found.tags) == (None, None, [])
    assert wrong(INCIDENT | {"title": None}) == [("ASW124", ("title",))]


@pytest.mark.parametrize(
    ("record_type", "missing"),
    [
        ("event", {"title", "kind"}),
        ("complaint", {"title", "category"}),
        ("churn", {"title", "period", "amount_per_month", "currency", "reason"}),
        ("visit", {"title", "kind"}),
        ("communication", {"title", "kind"}),
        ("note", {"title", "kind"}),
        *((name, {"title"}) for name in ("usage", "profile", "architecture", "lesson", "product")),
    ],
)
def test_only_little_is_required(record_type: str, missing: set[str]) -> None:
    problems = wrong({"type": record_type})
    assert {loc[0] for code, loc in problems if code == "ASW124"} == missing
    assert len(problems) == len(missing)


def test_an_incident_needs_a_severity() -> None:
    assert wrong({**QUESTION, "kind": "incident"}) == [("ASW124", ("severity",))]


def test_the_type_agrees_with_the_folder() -> None:
    found, problems = schema.read("event", QUESTION | {"type": "visit"}, SHANGHAI)
    assert found is None
    assert [(problem.code, problem.loc) for problem in problems] == [("ASW126", ("type",))]


@pytest.mark.parametrize("title", ["two\nlines", "", "  "])
def test_a_title_is_one_line(title: str) -> None:
    assert wrong(QUESTION | {"title": title}) == [("ASW127", ("title",))]


def test_text_is_no_number_and_codes_may_be() -> None:
    assert wrong(QUESTION | {"environment": 5}) == [("ASW121", ("environment",))]
    profile = {"type": "profile", "title": "x", "contacts": [{"name": "w", "phone": 1380}]}
    assert one(profile).contacts[0].phone == "1380"


def test_text_is_composed_and_holds_no_controls() -> None:
    assert one(QUESTION | {"environment": "cafe\u0301"}).environment == "caf\u00e9"
    assert wrong(QUESTION | {"environment": "\x1b[31m"}) == [("ASW127", ("environment",))]


def test_every_mistake_is_found_at_once() -> None:
    fields = {"severty": 1, "status": "nwe", "tags": 5, "started_at": "soon", "title": None}
    assert len(wrong(QUESTION | fields)) == 5


def test_a_tombstone_has_its_own_shape() -> None:
    stone = {"type": "event", "title": "x", "status": "retired", "started_at": "2026-10-03"}
    retired = {"why": "x", "by": "w", "at": "2026-10-20"}
    assert read(stone | {"retired": retired}) == (None, [])
    assert [p.loc for p in read(stone | {"retired": {"why": "x"}})[1]] == [
        ("retired", "by"),
        ("retired", "at"),
    ]
    assert [p.code for p in read(stone | {"retired": retired, "kind": "question"})[1]] == ["ASW120"]


@pytest.mark.parametrize("record_type", records.TYPES)
def test_every_field_is_labelled_and_its_headings_are_its_own(record_type: str) -> None:
    known = abouts(records.model(record_type))
    assert all(about.zh and about.en for about in known.values())
    headings = [name.casefold() for a in known.values() if a.section for name in a.headings()]
    assert len(headings) == len(set(headings))


@pytest.mark.parametrize(
    ("path", "record_type", "ref"),
    [
        ("customers/acme/profile.md", "profile", "acme/profile"),
        ("customers/acme/events/2026-10-03-x.md", "event", "acme/events/2026-10-03-x"),
        ("lessons/x.md", "lesson", "lessons/x"),
        ("customers/acme/files/x.md", None, None),
        ("customers/acme/events/deep/x.md", None, None),
        ("README.md", None, None),
        ("customers/acme/events/x.txt", None, None),
    ],
)
def test_a_path_says_type_and_reference(
    path: str, record_type: str | None, ref: str | None
) -> None:
    assert records.type_of(path) == record_type
    if ref is not None:
        assert records.reference(path) == ref
        assert records.path_of(ref) == path

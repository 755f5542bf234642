"""A colleague's record of work as a value: whose work counts, how, and what is not guessed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from aswiki.domain import records as record_types
from aswiki.domain.dues.outlook import World
from aswiki.domain.ledgers.ground import Ground
from aswiki.domain.records.common import Record
from aswiki.domain.reports.merits import merits
from aswiki.domain.reports.period import Period

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
NAMES = {"zhangwei": "zhangwei", "张维": "zhangwei", "wujun": "wujun"}
COLLEAGUES: dict[str, str | None] = {"zhangwei": "after-sales", "wujun": "ops-center"}


def made(ref: str, **fields: Any) -> Record:
    folder, _slash, name = ref.rpartition("/")
    folder = folder.rpartition("/")[2]
    tops = record_types.TOP_FOLDERS
    kind = record_types.PAGES.get(f"{name}.md") or tops.get(folder) or record_types.FOLDERS[folder]
    shape = record_types.model(kind)
    return shape.model_validate({"type": kind, "title": f"title of {name}", **fields})


def work(
    own: dict[str, dict[str, Any]], owner: str = "zhangwei", since: str = "2026-09-01"
) -> dict[str, Any]:
    """The record of work of a colleague in a wiki of these records."""
    given = {"a/profile": {"name": "蓝鲸游戏", "owner": "zhangwei"}, **own}
    found = {ref: made(ref, **fields) for ref, fields in given.items()}
    world = World(found, NOW, SHANGHAI, names=NAMES)
    ground = Ground(found, NOW, SHANGHAI, COLLEAGUES, NAMES)
    first = date.fromisoformat(since)
    return merits(owner, Period.of_days(first, NOW.date(), SHANGHAI, NOW), world, ground)


def incident(minutes: int | None, day: str = "2026-10-03", **fields: Any) -> dict[str, Any]:
    """An incident that was mitigated after so many minutes."""
    over = None if minutes is None else f"{day}T10:{minutes:02}:00+08:00"
    given = {"kind": "incident", "severity": "P2", "status": "closed", "mitigated_at": over}
    return {**given, "started_at": f"{day}T10:00:00+08:00", **fields}


def test_minutes_to_mitigate_are_the_median_of_the_incidents_that_are_theirs() -> None:
    own = {"a/events/a": incident(10), "a/events/b": incident(40), "a/events/c": incident(None)}
    figures = work(own)["figures"]
    assert (figures["incidents"], figures["median_minutes_to_mitigate"]) == (3, 25)
    assert work(own | {"a/events/d": incident(11)})["figures"]["median_minutes_to_mitigate"] == 11
    half = work({"a/events/a": incident(10), "a/events/b": incident(11)})["figures"]
    assert half["median_minutes_to_mitigate"] == Decimal("10.5")


def test_acknowledging_counts_from_the_detection_and_unknown_hours_are_not_guessed() -> None:
    seen = {"detected_at": "2026-10-03T10:05:00+08:00"}
    answered = {"acknowledged_at": "2026-10-03T10:07:30+08:00"}
    assert (
        work({"a/events/a": incident(9, **seen, **answered)})["figures"][
            "median_minutes_to_acknowledge"
        ]
        == 3
    )
    dayless = incident(9, started_at="2026-10-03", **answered)
    figures = work({"a/events/a": dayless})["figures"]
    assert figures["median_minutes_to_acknowledge"] is None
    assert figures["median_minutes_to_mitigate"] is None


def test_what_was_cancelled_or_before_the_first_day_or_ahead_does_not_count() -> None:
    own = {
        "a/events/a": incident(9, status="cancelled"),
        "a/events/b": incident(9, "2026-08-31"),
        "a/events/c": incident(9, "2026-11-03"),
        "a/events/d": incident(9, "2026-09-01"),
    }
    assert [one["ref"] for one in work(own)["incidents"]] == ["a/events/d"]


def test_who_wrote_in_the_log_or_helped_took_part_and_the_hours_stay_the_owners() -> None:
    log = [{"at": "2026-10-03T10:02:00+08:00", "by": "wujun", "kind": "action", "text": "did it"}]
    helped = [{"person": "wujun", "topic": "a trace", "minutes": 30}]
    own = {
        "a/events/a": incident(9, log=log, hours={"work": 3, "night": 2}),
        "a/events/b": incident(9, helped_by=helped),
        "a/events/c": {"kind": "question", "started_at": "2026-10-04", "log": log},
    }
    found = work(own, "wujun")
    assert [(one["ref"], one["role"], one["hours"]) for one in found["incidents"]] == [
        ("a/events/a", "log", None),
        ("a/events/b", "helper", None),
    ]
    figures = found["figures"]
    assert (figures["incidents"], figures["incidents_joined"], figures["events"]) == (0, 2, 0)
    assert (figures["hours"]["night"], figures["help_minutes"], figures["helped"]) == (0, 30, 1)
    assert work(own)["figures"]["hours"]["night"] == 2


def test_hours_of_every_kind_stand_side_by_side_and_months_add_up_to_the_whole() -> None:
    hours = {"work": Decimal("1.5"), "night": 2, "holiday": 3, "onsite": 4}
    own = {
        "a/events/a": incident(10, "2026-09-03", hours=hours),
        "a/events/b": incident(20, "2026-10-03", hours=hours),
    }
    found = work(own)
    assert found["figures"]["hours"] == {"work": 3, "night": 4, "holiday": 6, "onsite": 8}
    assert [one["month"] for one in found["months"]] == ["2026-09", "2026-10", "2026-11"]
    assert [one["hours"]["work"] for one in found["months"]] == [Decimal("1.5"), Decimal("1.5"), 0]
    assert [one["median_minutes_to_mitigate"] for one in found["months"]] == [10, 20, None]


def test_positive_work_is_counted_by_kind_and_praise_is_quoted_not_counted_as_work() -> None:
    quote = {"by": "qin", "quote": "多亏你们"}
    alert = {"kind": "proactive_alert", "occurred_at": "2026-10-05", "hours": Decimal("1.5")}
    saved = {"loss_avoided": {"amount": 60000, "currency": "CNY"}, "acknowledged": quote}
    own = {
        "a/communications/alert": alert | saved,
        "a/communications/help": {"kind": "hands_on_help", "occurred_at": "2026-10-06", "hours": 4},
        "a/communications/praise": {"kind": "praise", "occurred_at": "2026-10-07", "hours": 2},
        "a/communications/his": alert | {"owner": "wujun"},
    }
    found = work(own)
    figures = found["figures"]
    assert (figures["communications"], figures["communication_hours"]) == (2, Decimal("5.5"))
    assert figures["by_kind"] == {"hands_on_help": 1, "proactive_alert": 1}
    assert (figures["proactive_alerts"], figures["hands_on_help"]) == (1, 1)
    assert figures["loss_avoided"] == {"CNY": 60000}
    assert [(one["by"], one["quote"], one["ref"]) for one in found["praise"]] == [
        ("qin", "多亏你们", "a/communications/alert"),
        (None, None, "a/communications/praise"),
    ]


def test_an_acceptance_in_the_customers_words_is_praise() -> None:
    accepted = {"by": "qin", "at": "2026-10-04T09:00:00+08:00", "quote": "验收通过"}
    [found] = work({"a/events/a": incident(9, accepted=accepted)})["praise"]
    assert (found["by"], found["quote"], found["at"].day) == ("qin", "验收通过", 4)


def test_blame_counts_in_the_month_it_was_cleared_with_the_days_it_was_carried() -> None:
    at = "2026-10-12T09:30:00+08:00"
    log = [{"at": at, "by": "qin", "kind": "customer", "text": "said", "quote": "跟你们没关系"}]
    cleared = {"status": "cleared", "accused_at": "2026-08-30", "cleared_at": at}
    own = {
        "a/events/a": incident(9, "2026-08-30", blame=cleared, log=log),
        "a/events/b": incident(9, blame={"status": "carried", "accused_at": "2026-10-23"}),
    }
    found = work(own)
    assert [(one["status"], one["days"], one["statement"]) for one in found["blames"]] == [
        ("cleared", 43, "跟你们没关系"),
        ("carried", 10, None),
    ]
    assert (found["figures"]["blames_cleared"], found["figures"]["days_to_clear"]) == (1, 43)


def test_their_own_promises_are_counted_by_what_became_of_them_broken_ones_too() -> None:
    by = {"by": {"person": "张维"}}
    promised = [
        {"id": "p1", "due_on": "2026-10-01", "status": "kept", **by},
        {"id": "p2", "due_on": "2026-10-02", "status": "broken", **by},
        {"id": "p3", "due_on": "2026-10-02", "status": "broken", "by": {"person": "wujun"}},
        {"id": "p4", "due_on": "2026-08-02", "status": "late", **by},
    ]
    own = {"a/events/a": incident(9, promises=promised)}
    assert work(own)["promises"] == {"broken": 1, "kept": 1}


def test_help_that_a_lesson_tells_again_is_counted_once() -> None:
    helped = [{"person": "wujun", "topic": "a trace", "minutes": 30}]
    own = {
        "a/events/a": incident(9, helped_by=helped),
        "lessons/l": {
            "learned_on": "2026-10-05",
            "from_records": ["a/events/a"],
            "helped_by": helped,
            "hours_spent": 6,
        },
    }
    assert work(own, "wujun")["figures"]["help_minutes"] == 30
    figures = work(own)["figures"]
    assert (figures["lessons"], figures["lesson_hours"]) == (1, 6)


def test_closed_complaints_and_held_visits_count_and_open_or_planned_ones_do_not() -> None:
    complaint = {"category": "outage", "received_at": "2026-10-01"}
    visit = {"kind": "monthly", "occurred_at": "2026-10-15"}
    own = {
        "a/complaints/a": complaint | {"status": "closed", "closed_at": "2026-10-09"},
        "a/complaints/b": complaint | {"status": "received"},
        "a/visits/a": visit | {"status": "held"},
        "a/visits/b": visit | {"status": "not_held"},
    }
    figures = work(own)["figures"]
    assert (figures["complaints_closed"], figures["median_days_to_close"]) == (1, 8)
    assert figures["visits"] == 1


def test_what_is_kept_from_the_boss_is_in_no_review() -> None:
    own = {"a/events/a": incident(9, audience=["team"]), "a/events/b": incident(9)}
    assert [one["ref"] for one in work(own)["incidents"]] == ["a/events/b"]

"""The SLA's arithmetic: whole minutes, months in zones, tiers, caps, claim windows, exclusions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aswiki.domain import records as record_types
from aswiki.domain.checks.due import sla_claims
from aswiki.domain.checks.surroundings import Neighbour, Surroundings
from aswiki.domain.dues.due import due
from aswiki.domain.dues.outlook import Due, World
from aswiki.domain.records.common import Record
from aswiki.domain.records.product import Sla
from aswiki.domain.sla.claims import claims
from aswiki.domain.sla.credit import SlaMonth, sla_months, unplaced
from aswiki.domain.sla.ground import Ground, pages
from aswiki.domain.sla.outages import (
    Span,
    calendar_month,
    service_month,
    unavailable_minutes,
    whole_minutes,
)
from aswiki.domain.sla.terms import (
    availability,
    claim_window,
    credit,
    credit_percent,
    merged,
    six_places,
)
from aswiki.domain.sla.workdays import Workdays

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)
MIDNIGHT = datetime(2026, 1, 10, tzinfo=UTC)
HOLIDAYS = Workdays(
    off=frozenset(date(2026, 10, day) for day in range(1, 8)),
    worked=frozenset({date(2026, 10, 10)}),
)
TIERS = [
    {"below": Decimal("99.9"), "at_or_above": 99, "percent_of_fee": 10},
    {"below": 99, "at_or_above": 98, "percent_of_fee": 20},
    {"below": 98, "percent_of_fee": 50},
]
SLA: dict[str, Any] = {
    "committed_percent": Decimal("99.9"),
    "tiers": TIERS,
    "claim_opens": {"day": 5, "working": True},
    "claim_closes": {"days": 60},
}


def made(record_type: str, **fields: Any) -> Record:
    shape = record_types.model(record_type)
    return shape.model_validate({"type": record_type, "title": "存储", **fields})


def product(**sla: Any) -> Record:
    return made("product", title="对象存储", aliases=["OSS"], sla={**SLA, **sla})


def profile(**contract: Any) -> Record:
    said = {"product": "oss", "from": "2025-01-01", "monthly_fee": 1000, "currency": "CNY"}
    kept = {key: value for key, value in {**said, **contract}.items() if value is not None}
    return made("profile", name="蓝鲸", contracts=[kept])


def incident(start: str = "", end: str | None = None, **fields: Any) -> Record:
    said: dict[str, Any] = {"kind": "incident", "status": "resolved", "product": "oss", **fields}
    if start:
        said["started_at"] = start if len(start) == 10 else f"{start}+08:00"
    if end is not None:
        said["resolved_at"] = end if len(end) == 10 else f"{end}+08:00"
    return made("event", **said)


def ground(
    *incidents: Record, now: datetime = NOW, page: Record | None = None, **own: Any
) -> Ground:
    """The world of one customer; ``own`` adds or takes away the profile and a usage page."""
    known = {"acme/profile": own.get("profile", profile()), "acme/usage": own.get("usage")}
    known |= {f"acme/events/{n}": one for n, one in enumerate(incidents)}
    neighbours = [Neighbour(ref, record) for ref, record in known.items() if record is not None]
    named = pages({"products/oss-page": page or product()})
    return Ground(neighbours, named, SHANGHAI, now, HOLIDAYS, "CNY")


def month(*incidents: Record, key: str = "2026-10", **own: Any) -> SlaMonth:
    (row,) = sla_months(key, ground(*incidents, **own))
    return row


def span(start: float, seconds: float) -> Span:
    begin = MIDNIGHT + timedelta(seconds=start)
    return Span(begin, begin + timedelta(seconds=seconds))


# --- minutes --------------------------------------------------------------------------------


def test_an_outage_from_14_01_01_to_15_01_29_is_61_minutes() -> None:
    row = month(incident("2026-10-10T14:01:01", "2026-10-10T15:01:29"))
    assert row.ours.unavailable_minutes == 61


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [(0, 0), (59, 0), (59.999, 0), (60, 1), (60.001, 2), (61, 2), (120, 2), (3628, 61)],
)
def test_a_begun_minute_counts_and_less_than_one_is_nothing(seconds: float, minutes: int) -> None:
    assert whole_minutes(span(0, seconds)) == minutes


def test_outages_of_10_20_and_30_minutes_are_60() -> None:
    apart = [span(hour * 3600, minutes * 60) for hour, minutes in ((1, 10), (5, 20), (9, 30))]
    assert unavailable_minutes(apart) == 60


@pytest.mark.parametrize(
    ("spans", "minutes"),
    [
        ([(0, 3600), (1800, 3600)], 90),
        ([(0, 3600), (600, 60)], 60),
        ([(0, 3600), (0, 3600)], 60),
        ([(0, 90), (90, 90)], 3),
        ([(0, 90), (91, 90)], 4),
        ([(0, 59), (30, 59)], 0),
        ([(0, 600), (590, 59)], 10),
        ([], 0),
    ],
)
def test_overlapping_outages_count_once(spans: list[tuple[int, int]], minutes: int) -> None:
    assert unavailable_minutes(span(*one) for one in spans) == minutes


SPANS = st.lists(
    st.tuples(st.integers(0, 86_400), st.integers(0, 20_000)).map(lambda one: span(*one)),
    max_size=8,
)


@given(SPANS, st.randoms(use_true_random=False))
def test_the_order_of_outages_is_of_no_matter(spans: list[Span], dice: Any) -> None:
    shuffled = list(spans)
    dice.shuffle(shuffled)
    assert unavailable_minutes(shuffled) == unavailable_minutes(spans)
    assert unavailable_minutes([*spans, *spans]) == unavailable_minutes(spans)


@given(SPANS)
def test_outages_together_are_never_more_than_each_by_itself(spans: list[Span]) -> None:
    each = [whole_minutes(one) for one in spans]
    assert max(each, default=0) <= unavailable_minutes(spans) <= sum(each)


@given(st.integers(0, 90_000), st.integers(0, 90_000))
def test_a_longer_outage_never_has_fewer_minutes(one: int, other: int) -> None:
    short, long = sorted((one, other))
    assert whole_minutes(span(0, short)) <= whole_minutes(span(0, long))


@given(st.integers(0, 100_000), st.integers(0, 100_000), st.integers(1, 44_640))
def test_more_minutes_are_never_a_better_month_nor_a_smaller_credit(
    one: int, other: int, minutes: int
) -> None:
    few, many = sorted((one, other))
    better, worse = availability(few, minutes), availability(many, minutes)
    assert 0 <= worse <= better <= 100
    assert 0 <= six_places(worse) <= worse
    terms = Sla.model_validate(SLA)
    low, high = credit_percent(terms, better), credit_percent(terms, worse)
    assert low is not None
    assert high is not None
    assert low <= high


# --- months ---------------------------------------------------------------------------------


def test_the_months_of_a_service_opened_on_17_march_for_three_months() -> None:
    keys = ("2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07")
    months = [
        service_month(calendar_month(key, SHANGHAI, NOW), date(2026, 3, 17), date(2026, 6, 16))
        for key in keys
    ]
    assert [m and (f"{m.first_day:%m-%d}", f"{m.last_day:%m-%d}") for m in months] == [
        None,
        ("03-17", "03-31"),
        ("04-01", "04-30"),
        ("05-01", "05-31"),
        ("06-01", "06-16"),
        None,
    ]


def test_a_service_month_begins_with_the_contract_and_a_calendar_month_does_not() -> None:
    outages = (
        incident("2026-03-10T10:00:00", "2026-03-10T11:00:00"),
        incident("2026-03-20T10:00:00", "2026-03-20T11:00:00"),
    )
    opened = profile(**{"from": "2026-03-17"})
    served = month(*outages, key="2026-03", page=product(month="service"), profile=opened)
    assert (served.period.minutes, served.ours.unavailable_minutes) == (15 * 1440, 60)
    whole = month(*outages, key="2026-03", page=product(), profile=opened)
    assert (whole.period.minutes, whole.ours.unavailable_minutes) == (31 * 1440, 120)


@pytest.mark.parametrize(
    ("key", "hours"), [("2026-03", 31 * 24 - 1), ("2026-11", 30 * 24 + 1), ("2026-10", 31 * 24)]
)
def test_a_month_has_an_hour_more_or_less_where_the_clocks_change(key: str, hours: int) -> None:
    assert calendar_month(key, NEW_YORK, NOW).minutes == hours * 60


def test_an_outage_over_the_change_of_clocks_has_the_minutes_that_passed() -> None:
    said = {"started_at": "2026-11-01T00:30:00-04:00", "resolved_at": "2026-11-01T02:30:00-05:00"}
    row = month(incident(**said), key="2026-11", page=product(zone="America/New_York"))
    assert row.ours.unavailable_minutes == 180


def test_the_month_is_that_of_the_zone_of_the_contract() -> None:
    """Two in the morning of 1 October in Shanghai is still September in New York."""
    early = incident("2026-10-01T02:00:00", "2026-10-01T03:00:00")
    assert month(early).ours.unavailable_minutes == 60
    abroad = product(zone="America/New_York")
    assert month(early, page=abroad).ours.unavailable_minutes == 0
    assert month(early, page=abroad, key="2026-09").ours.unavailable_minutes == 60


def test_a_zone_that_is_none_is_the_wikis() -> None:
    assert month(page=product(zone="Mars/Olympus")).period.zone == SHANGHAI


def test_the_clock_is_cut_at_the_month() -> None:
    night = incident("2026-09-30T23:40:00", "2026-10-01T00:10:00")
    assert month(night, key="2026-09").ours.unavailable_minutes == 20
    assert month(night).ours.unavailable_minutes == 10
    assert month(night, key="2026-11").outages == ()


def test_given_minutes_go_before_the_clock_and_to_the_month_of_the_beginning() -> None:
    said = incident(
        "2026-09-30T23:40:00", "2026-10-01T00:10:00", impact={"unavailable_minutes": 25}
    )
    assert month(said, key="2026-09").ours.unavailable_minutes == 25
    assert month(said).outages == ()


def test_given_minutes_count_once_where_outages_overlap() -> None:
    first = incident("2026-10-05T10:00:00", "2026-10-05T11:00:00")
    second = incident(
        "2026-10-05T10:30:00", "2026-10-05T12:00:00", impact={"unavailable_minutes": 45}
    )
    assert month(first, second).ours.unavailable_minutes == 75


def test_a_month_never_has_more_minutes_than_it_has() -> None:
    row = month(incident("2026-10-05T10:00:00", impact={"unavailable_minutes": 10**15}))
    assert row.ours.availability == 0


def test_an_outage_that_goes_on_counts_up_to_now() -> None:
    now = datetime(2026, 10, 12, 9, 30, tzinfo=SHANGHAI)
    row = month(incident("2026-10-12T09:00:00", status="in_progress"), now=now)
    assert (row.ours.unavailable_minutes, row.outages[0].is_running) == (30, True)
    assert not row.is_final
    mitigated = incident(
        "2026-10-12T09:00:00", status="in_progress", mitigated_at="2026-10-12T09:10:00+08:00"
    )
    assert month(mitigated, now=now).ours.unavailable_minutes == 10


@pytest.mark.parametrize(
    "fields",
    [
        {"start": "2026-10-12", "end": "2026-10-12T10:00:00"},
        {"start": "2026-10-12T09:00:00", "end": "2026-10-13"},
        {"start": "2026-10-12", "end": "2026-10-13"},
        {"start": "2026-10-12T09:00:00"},
        {"start": "2026-10-12T09:00:00", "status": "mitigated"},
        {"start": "2026-10-12T09:00:00", "end": "2026-10-12T08:00:00"},
    ],
)
def test_an_outage_of_unknown_hours_is_unclear_and_not_nothing(fields: dict[str, Any]) -> None:
    row = month(incident(**fields), incident("2026-10-20T09:00:00", "2026-10-20T09:07:00"))
    assert row.unclear == ["acme/events/0"]
    assert row.outages[0].minutes is None
    assert (row.ours.unavailable_minutes, row.is_final) == (7, False)


def test_given_minutes_of_unknown_hours_add_up() -> None:
    days = [incident("2026-10-12", impact={"unavailable_minutes": 30}) for _n in range(2)]
    row = month(*days)
    assert (row.ours.unavailable_minutes, row.unclear) == (60, [])


def test_the_ends_of_the_calendar_do_no_harm() -> None:
    odd = incident(started_at="0001-01-01T00:00:00+08:00", resolved_at="9999-12-31T23:00:00-08:00")
    assert month(odd).ours.unavailable_minutes == 0
    assert claims(ground(odd)) == {}


# --- what counts ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "excluded"),
    [
        ({"root_cause_party": "ours"}, None),
        ({"root_cause_party": "shared"}, None),
        ({"root_cause_party": "upstream"}, None),
        ({"root_cause_party": "unknown"}, None),
        ({}, None),
        ({"root_cause_party": "customer"}, "customer"),
        ({"root_cause_party": "third_party"}, "third_party"),
        ({"root_cause_party": "carrier"}, "carrier"),
        ({"root_cause_party": "force_majeure"}, "force_majeure"),
        ({"root_cause_party": "ours", "sla": {"excluded_reason": "计划内维护"}}, "计划内维护"),
        ({"sla": {"excluded_reason": "  "}}, None),
    ],
)
def test_an_outage_of_others_is_listed_with_the_reason_and_does_not_count(
    fields: dict[str, Any], excluded: str | None
) -> None:
    row = month(incident("2026-10-10T10:00:00", "2026-10-10T11:00:00", **fields))
    assert [(one.minutes, one.excluded) for one in row.outages] == [(60, excluded)]
    assert row.ours.unavailable_minutes == (0 if excluded else 60)


def test_cancelled_incidents_and_other_kinds_do_not_count() -> None:
    times = {"start": "2026-10-10T10:00:00", "end": "2026-10-10T11:00:00"}
    assert month(
        incident(**times, status="cancelled"), incident(**times, kind="change")
    ).outages == (())


def test_a_product_is_known_by_slug_title_and_alias_in_any_case() -> None:
    hours = ("2026-10-10T10:00:00", "2026-10-10T10:10:00")
    names = ("OSS-page", " 对象存储 ", "oss")
    outages = [
        incident(*(time.replace("10T10", f"{10 + n}T10") for time in hours), product=name)
        for n, name in enumerate(names)
    ]
    row = month(*outages, profile=profile(product="对象存储"))
    assert (row.subject.name, row.ours.unavailable_minutes) == ("对象存储", 30)


def test_a_product_without_contract_has_a_row_when_it_failed() -> None:
    failed = incident("2026-10-10T10:00:00", "2026-10-10T10:10:00", product="CDN")
    rows = sla_months("2026-10", ground(failed))
    assert [row.subject.name for row in rows] == ["oss", "CDN"]
    assert rows[1].terms is None
    assert rows[1].ours[0] == 10
    assert rows[1].ours[2:] == (None, None)
    assert [row.subject.name for row in sla_months("2026-09", ground(failed))] == ["oss"]


def test_a_contract_that_has_not_begun_has_no_row() -> None:
    later = profile(**{"from": "2026-11-01"})
    assert sla_months("2026-10", ground(profile=later)) == []


def test_an_incident_of_no_product_is_named() -> None:
    nameless = incident("2026-10-10T10:00:00", "2026-10-10T10:10:00", product=" ")
    assert unplaced("2026-10", ground(nameless)) == ["acme/events/0"]
    assert unplaced("2026-09", ground(nameless)) == []


def test_both_clocks_are_computed() -> None:
    theirs = {
        "started_at": "2026-10-10T09:50:00+08:00",
        "resolved_at": "2026-10-10T18:20:00+08:00",
    }
    disputed = incident(
        "2026-10-10T10:00:00", "2026-10-10T11:00:00", sla={"customer_clock": theirs}
    )
    other = incident("2026-10-20T10:00:00", "2026-10-20T10:10:00")
    row = month(disputed, other)
    assert row.ours.unavailable_minutes == 70
    assert row.customers is not None
    assert row.customers.unavailable_minutes == 520
    assert (row.ours.credit, row.customers.credit) == (Decimal("100.00"), Decimal("200.00"))
    assert month(other).customers is None


def test_half_a_customers_clock_is_filled_with_ours() -> None:
    theirs = {"resolved_at": "2026-10-10T11:30:00+08:00"}
    row = month(
        incident("2026-10-10T10:00:00", "2026-10-10T11:00:00", sla={"customer_clock": theirs})
    )
    assert row.customers is not None
    assert row.customers.unavailable_minutes == 90


# --- credit ---------------------------------------------------------------------------------

SOC = [
    {"below": 99, "at_or_above": 95, "percent_of_fee": 10},
    {"below": 95, "at_or_above": 90, "percent_of_fee": 25},
    {"below": 90, "percent_of_fee": 100},
]


@pytest.mark.parametrize(
    ("committed", "tiers", "kept", "owed"),
    [
        ("99.9", TIERS, "99.9", 0),
        ("99.9", TIERS, "99.8999999", 10),
        ("99.9", TIERS, "99", 10),
        ("99.9", TIERS, "98.9999999", 20),
        ("99.9", TIERS, "98", 20),
        ("99.9", TIERS, "0", 50),
        ("99", SOC, "99", 0),
        ("99", SOC, "98.99", 10),
        ("99", SOC, "94.99", 25),
        ("99", SOC, "89.99", 100),
        ("99.99", TIERS, "99.95", 0),
        ("99", TIERS, "99.5", 0),
        ("99.9", [], "99.5", None),
        ("99.9", [], "100", 0),
        (None, TIERS, "99.5", 10),
        (None, TIERS, "99.9", 0),
        (None, [{"percent_of_fee": 10}], "100", 0),
        (None, [], "50", None),
    ],
)
def test_the_tier_is_that_of_the_exact_availability(
    committed: str | None, tiers: list[Any], kept: str, owed: int | None
) -> None:
    said = {"committed_percent": committed and Decimal(committed), "tiers": tiers}
    terms = Sla.model_validate({key: value for key, value in said.items() if value})
    assert credit_percent(terms, Fraction(kept)) == owed


def test_an_availability_that_misses_a_bound_is_not_shown_as_on_it() -> None:
    kept = availability(1, 10**9)
    assert six_places(kept) == Decimal("99.999999")
    assert six_places(availability(0, 44_640)) == 100
    assert str(six_places(availability(9, 43_200))) == "99.979166"


@pytest.mark.parametrize(
    ("fee", "percent", "owed"),
    [
        ("1000", "10", "100.00"),
        ("0.05", "10", "0.01"),
        ("0.04", "10", "0.00"),
        ("33.35", "10", "3.34"),
        ("-5", "10", "0.00"),
        ("12345678901234567890123456789.05", "10", "1234567890123456789012345678.91"),
        ("1E+2000", "10", None),
        (None, "10", None),
        ("10", None, None),
    ],
)
def test_a_credit_is_to_the_cent_half_a_cent_up(
    fee: str | None, percent: str | None, owed: str | None
) -> None:
    found = credit(fee and Decimal(fee), percent and Decimal(percent))  # type: ignore[arg-type]
    assert found == (None if owed is None else Decimal(owed))


def test_the_credit_is_capped() -> None:
    down = incident("2026-10-10T10:00:00", "2026-10-15T10:00:00")
    assert month(down).ours[2:] == (Decimal(50), Decimal("500.00"))
    assert month(down, page=product(cap_percent=30)).ours[2:] == (Decimal(30), Decimal("300.00"))


def test_the_contract_overrides_the_product_key_by_key() -> None:
    own = Sla.model_validate({"committed_percent": 99, "claim_closes": {"months": 2}})
    terms = merged(Sla.model_validate(SLA), own)
    assert terms is not None
    assert terms.committed_percent == 99
    assert len(terms.tiers) == 3
    assert terms.claim_closes == own.claim_closes
    assert terms.claim_opens == Sla.model_validate(SLA).claim_opens
    assert merged(None, own) == own
    row = month(
        incident("2026-10-10T10:00:00", "2026-10-10T12:00:00"),
        profile=profile(sla={"committed_percent": 99}),
    )
    assert (row.is_missed, row.ours.credit_percent) == (False, Decimal(0))


def test_of_two_contracts_the_one_in_force_is_meant() -> None:
    contracts = [
        {"product": "oss", "from": "2026-11-01", "monthly_fee": 3},
        {"product": "OSS", "from": "2026-10-15", "monthly_fee": 2},
        {"product": "oss", "monthly_fee": 1},
    ]
    both = made("profile", name="蓝鲸", contracts=contracts)
    fees = [month(key=f"2026-{n}", profile=both).fee.amount for n in ("09", "10", "11")]
    assert fees == [1, 2, 3]


def line(product: str = "OSS", **fields: Any) -> dict[str, Any]:
    return {"product": product, "charge": "usage", "currency": "USD", **fields}


def usage(*lines: dict[str, Any], period: str = "2026-10") -> Record:
    return made("usage", period=period, lines=list(lines))


@pytest.mark.parametrize(
    ("page", "fee"),
    [
        (usage(line(effective_cost=70, billed_cost=90), line(effective_cost=5)), (75, "USD", "e")),
        (usage(line(billed_cost=90), line("cdn", effective_cost=5)), (90, "USD", "b")),
        (usage(line(effective_cost=5), line(effective_cost=9, charge="tax")), (5, "USD", "e")),
        (usage(line(effective_cost=5, currency=None)), (5, "CNY", "e")),
        (usage(line(effective_cost=5), line(effective_cost=5, currency="CNY")), None),
        (usage(line(effective_cost=5), period="2026-09"), None),
        (None, None),
    ],
)
def test_without_a_contracts_fee_it_is_the_months_usage(
    page: Record | None, fee: tuple[int, str, str] | None
) -> None:
    if page is not None:
        said = page.model_dump(exclude_none=True, by_alias=True)
        page = made(**{**said, "record_type": said.pop("type")})
    row = month(
        incident("2026-10-10T10:00:00", "2026-10-10T12:00:00"),
        profile=profile(monthly_fee=None),
        usage=page,
    )
    bases = {"e": "usage_effective", "b": "usage_billed"}
    wanted = (None, None, None) if fee is None else (*fee[:2], bases[fee[2]])
    assert row.fee == wanted
    assert row.ours.credit_percent == 10
    assert (row.ours.credit is None) == (fee is None)


# --- the claim ------------------------------------------------------------------------------


def window(last: str, **said: Any) -> tuple[str | None, str | None, str | None]:
    terms = Sla.model_validate(said)
    found = claim_window(terms, date.fromisoformat(last), HOLIDAYS)
    days = [None if day is None else day.isoformat() for day in (found.opens, found.closes)]
    return (*days, found.working_days)  # type: ignore[return-value]


FIFTH = {"day": 5, "working": True}


@pytest.mark.parametrize(
    ("last", "said", "wanted"),
    [
        # after the 5th working day: 8, 9, 10 (a worked Saturday), 12 and 13 October
        ("2026-09-30", {"claim_opens": FIFTH}, ("2026-10-14", None, "holidays")),
        ("2025-09-30", {"claim_opens": FIFTH}, ("2025-10-08", None, "weekends_only")),
        # the fifth is a Friday, so it opens on a Saturday
        ("2026-12-31", {"claim_opens": FIFTH}, ("2027-01-08", None, "weekends_only")),
        ("2026-09-30", {"claim_opens": {"day": 5}}, ("2026-10-05", None, None)),
        ("2026-01-31", {"claim_opens": {"day": 31}}, ("2026-02-28", None, None)),
        ("2026-09-30", {"claim_opens": {"day": 0}}, ("2026-10-01", None, None)),
        ("2026-09-30", {"claim_opens": {"working": True}}, (None, None, None)),
        # 60 natural days after the end of the month
        ("2026-09-30", {"claim_closes": {"days": 60}}, (None, "2026-11-29", None)),
        # at most two months after the month ends
        ("2026-12-31", {"claim_closes": {"months": 2}}, (None, "2027-02-28", None)),
        # by the end of the second billing cycle after the incident
        ("2026-09-30", {"claim_closes": {"billing_cycles": 2}}, (None, "2026-11-30", None)),
        ("2026-09-30", {"claim_closes": {"months": 2, "days": 60}}, (None, "2026-11-29", None)),
        ("2026-09-30", {"claim_closes": {"days": 10**12}}, (None, None, None)),
        ("2026-09-30", {"claim_closes": {"months": 10**12}}, (None, None, None)),
        ("2026-09-30", {}, (None, None, None)),
    ],
)
def test_a_claim_window_is_as_printed(
    last: str, said: dict[str, Any], wanted: tuple[str | None, str | None, str | None]
) -> None:
    assert window(last, **said) == wanted


def test_a_claim_is_ahead_then_open_then_lapsed_and_both_ends_are_in() -> None:
    found = claim_window(Sla.model_validate(SLA), date(2026, 9, 30), HOLIDAYS)
    days = ("2026-10-13", "2026-10-14", "2026-11-29", "2026-11-30")
    states = [found.state(date.fromisoformat(day)) for day in days]
    assert states == ["ahead", "open", "open", "lapsed"]
    assert claim_window(None, date(2026, 9, 30), HOLIDAYS).state(date(2026, 10, 1)) is None


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-10-05", False),
        ("2026-10-08", True),
        ("2026-10-10", True),
        ("2026-10-11", False),
        ("2026-10-17", False),
    ],
)
def test_a_working_day_is_by_the_list(day: str, worked: bool) -> None:
    assert HOLIDAYS.holds(date.fromisoformat(day)) == worked


# --- claims that lapse ----------------------------------------------------------------------

DOWN = {"start": "2026-09-10T10:00:00", "end": "2026-09-10T13:00:00"}
"""Three hours of September, whose claim closes on 29 November."""


def lapsing(day: str, *incidents: Record, ref: str = "acme/events/0") -> list[str]:
    now = datetime.fromisoformat(f"{day}T10:00:00+08:00")
    seen = ground(*incidents, now=now)
    around = Surroundings(
        ref=ref,
        claims=lambda: claims(seen),
        now=now,
        zone=SHANGHAI,
    )
    record = next(one.record for one in seen.records if one.ref == ref)
    return [found.code for found in sla_claims(record, around)]


def claims_due(day: str, *incidents: Record) -> list[Due]:
    now = datetime.fromisoformat(f"{day}T10:00:00+08:00")
    seen = {one.ref: one.record for one in ground(*incidents, now=now).records}
    world = World({**seen, "products/oss-page": product()}, now, SHANGHAI, workdays=HOLIDAYS)
    return [item for item in due(world) if item.what == "sla-claim"]


@pytest.mark.parametrize(
    ("day", "warned", "in_due"),
    [
        ("2026-11-14", False, False),
        ("2026-11-15", True, True),
        ("2026-11-29", True, True),
        ("2026-11-30", False, True),
        ("2026-12-29", False, True),
        ("2026-12-30", False, False),
    ],
)
def test_a_claim_is_due_from_two_weeks_before_until_a_month_after(
    day: str, warned: bool, in_due: bool
) -> None:
    assert lapsing(day, incident(**DOWN)) == ["ASW010"] * warned
    assert len(claims_due(day, incident(**DOWN))) == in_due


@pytest.mark.parametrize(
    ("fields", "warned"),
    [
        ({"compensation": {"status": "claimed"}}, False),
        ({"compensation": {"status": "none"}}, False),
        ({"compensation": {"agreed": 0}}, False),
        ({"compensation": {"claimed": 100}}, False),
        ({"compensation": {"status": "expected"}}, True),
        ({"compensation": {"customer_intent": "要赔"}}, True),
        ({"root_cause_party": "customer"}, False),
        ({"status": "cancelled"}, False),
        ({"kind": "change"}, False),
        ({"product": "cdn"}, False),
        ({"impact": {"unavailable_minutes": 1}}, False),
    ],
)
def test_a_claim_is_due_where_a_credit_is_and_nobody_decided(
    fields: dict[str, Any], warned: bool
) -> None:
    assert lapsing("2026-11-20", incident(**DOWN, **fields)) == ["ASW010"] * warned


def test_a_month_is_one_claim_and_it_is_at_its_longest_outage() -> None:
    short = incident("2026-09-20T10:00:00", "2026-09-20T10:10:00")
    (item,) = claims_due("2026-11-20", short, incident(**DOWN))
    assert (item.ref, item.days, item.since) == ("acme/events/1", -9, date(2026, 11, 29))
    assert item.message == (
        "The SLA claim of 2026-09 for oss ends on 2026-11-29, in 9 days; is it made?"
    )
    assert lapsing("2026-11-20", short, incident(**DOWN)) == []
    decided = incident(**DOWN, compensation={"status": "waived"})
    assert claims_due("2026-11-20", short, decided) == []


def test_an_outage_over_two_months_is_a_claim_in_each() -> None:
    long = incident("2026-09-30T12:00:00", "2026-10-01T12:00:00")
    assert len(claims_due("2026-11-20", long)) == 1
    assert len(claims_due("2026-12-20", long)) == 2

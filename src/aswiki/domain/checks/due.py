"""The rules that depend on today: triage, SLA claims, promises past due, pages not kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aswiki.domain.checks.surroundings import Surroundings, start_of
from aswiki.domain.problem import Finding
from aswiki.domain.records.architecture import Architecture
from aswiki.domain.records.common import Record
from aswiki.domain.records.event import Event
from aswiki.domain.records.profile import Profile
from aswiki.domain.records.usage import Usage
from aswiki.domain.records.visit import Visit
from aswiki.domain.sla.claims import Claim
from aswiki.domain.vocabulary import DEFAULT
from aswiki.lang import N_, _, in_days

CADENCE: Mapping[str, int] = {
    "profile": 90,
    "credit": 30,
    "contacts": 180,
    "architecture": 180,
    "usage_day": 5,
    "visit_weekly": 7,
    "visit_monthly": 31,
    "visit_quarterly": 92,
    "visit_half_yearly": 183,
    "visit_annual": 366,
}
"""Days after which a part counts as not kept; ``usage_day`` is a day of the next month."""

PARTS: Mapping[str, str] = {
    "profile": N_("profile"),
    "credit": N_("credit"),
    "contacts": N_("contact list"),
    "architecture": N_("architecture"),
}
"""A part → its name in a sentence."""


def untriaged(record: Record, around: Surroundings) -> Iterator[Finding]:
    """Rule 3: an incident is triaged within 24 hours; imported ones are left out."""
    if not isinstance(record, Event) or record.kind != "incident" or record.started_at is None:
        return
    if record.status == "cancelled" or (record.source is not None and record.source.system):
        return
    done = record.triage is not None and record.triage.class_ is not None
    age = around.now - start_of(record.started_at, around.zone)
    if not done and age > timedelta(hours=24):
        yield Finding(
            "ASW003",
            (),
            _("The incident has not been triaged for {hours} hours.").format(
                hours=int(age.total_seconds() // 3600)
            ),
            _("Set triage.class: new_requirement, old_bug, broken_promise or undetermined."),
            level="warning",
        )


def overdue_promises(record: Record, around: Surroundings) -> Iterator[Finding]:
    """Rule 11: an open promise is not past its due date."""
    for index, promise in enumerate(record.promises):
        if (promise.status or "open") != "open" or promise.due_on is None:
            continue
        late = (around.today - promise.due_on).days
        if late > 0:
            yield Finding(
                "ASW011",
                ("promises", index, "due_on"),
                _("The promise is {days} past its due date.").format(days=in_days(late)),
                _("Keep it, or settle it: aswiki settle RECORD#ID --as broken."),
                level="warning",
            )


def sla_claims(record: Record, around: Surroundings) -> Iterator[Finding]:
    """Rule 10: a claim that closes within 14 days is decided upon."""
    if not isinstance(record, Event) or record.kind != "incident":
        return
    for claim in around.claims().get(around.ref, ()):
        if claim.days_left >= 0:
            yield Finding("ASW010", (), *claim_words(claim), level="warning")


def claim_words(claim: Claim) -> tuple[str, str]:
    """What to say of a claim that nobody decided, and the next step."""
    said = (
        _("The SLA claim of {month} for {product} ends on {day}, in {days}; is it made?")
        if claim.days_left >= 0
        else _("The SLA claim of {month} for {product} ended on {day}, {days} ago.")
    )
    month = claim.month
    message = said.format(
        month=month.key,
        product=month.subject.name,
        day=claim.closes,
        days=in_days(abs(claim.days_left)),
    )
    return message, _("Set compensation.status: claimed, declined, waived or another decision.")


@dataclass(frozen=True)
class Neglect:
    """A part of a customer's page that was not looked after.

    Args:
        part: profile, credit, contacts, architecture, usage or visit.
        loc: where in the record it is said.
        since: the day it was last looked at, or was due; None where nothing says.
        message: a sentence.
        hint: the next step.
    """

    part: str
    loc: tuple[str, ...]
    since: date | None
    message: str
    hint: str


def not_kept(record: Record, around: Surroundings) -> Iterator[Finding]:
    """Rule 19: a page that was not looked at for longer than its cadence."""
    for item in neglects(record, around):
        yield Finding("ASW019", item.loc, item.message, item.hint, level="warning")


def neglects(record: Record, around: Surroundings) -> Iterator[Neglect]:
    """What of a profile, with the usage and visits beside it, or of an architecture is not kept."""
    if isinstance(record, Profile):
        yield from _profile_not_kept(record, around)
    if isinstance(record, Architecture):
        dates = [s.as_of for s in record.vendor_shares]
        yield from _stale("architecture", (), [record.reviewed_on, *dates], around)


def _profile_not_kept(record: Profile, around: Surroundings) -> Iterator[Neglect]:
    reviewed = record.reviewed_on
    credit = record.credit.as_of if record.credit else None
    skills = [skill.as_of for skill in record.team_capability]
    since = [contact.from_ for contact in record.contacts]
    yield from _stale("profile", (), [reviewed, credit, *skills], around)
    if record.credit is not None:
        yield from _stale("credit", ("credit",), [reviewed, credit], around)
    if record.contacts:
        yield from _stale("contacts", ("contacts",), [reviewed, *since], around)
    yield from _usage_missing(around)
    yield from _visit_due(record, around)


def _stale(
    part: str, loc: tuple[str, ...], looked_at: list[date | None], around: Surroundings
) -> Iterator[Neglect]:
    dates = [day for day in looked_at if day is not None]
    limit = around.cadence.get(part, CADENCE[part])
    if dates and (around.today - max(dates)).days <= limit:
        return
    said = (
        _("The {part} was last looked at {age} ago; the limit is {limit}.").format(
            part=_(PARTS[part]), age=in_days((around.today - max(dates)).days), limit=in_days(limit)
        )
        if dates
        else _("Nothing says when the {part} was last looked at; the limit is {limit}.").format(
            part=_(PARTS[part]), limit=in_days(limit)
        )
    )
    last = max(dates, default=None)
    yield Neglect(part, loc, last, said, _("Look it over and set reviewed_on."))


def _usage_missing(around: Surroundings) -> Iterator[Neglect]:
    day = around.cadence.get("usage_day", CADENCE["usage_day"])
    last_month = around.today.replace(day=1) - timedelta(days=1)
    month = last_month.strftime("%Y-%m")
    pages = {n.record.period for n in around.neighbours() if isinstance(n.record, Usage)}
    if around.today.day >= day and month not in pages:
        said = _("The usage of {month} is missing.").format(month=month)
        due = last_month + timedelta(days=day)
        yield Neglect("usage", (), due, said, _("Record the usage of that month."))


def _visit_due(record: Profile, around: Surroundings) -> Iterator[Neglect]:
    cadence = record.review_cadence
    if cadence is None:
        return
    if isinstance(cadence, str):
        name = f"visit_{DEFAULT.key('review_cadence', cadence) or cadence}"
        limit = around.cadence.get(name, CADENCE.get(name, 0))
    else:
        limit = int(cadence)
    held = [
        _day(n.record.occurred_at)
        for n in around.neighbours()
        if isinstance(n.record, Visit) and n.record.status == "held" and n.record.occurred_at
    ]
    last = max(held, default=record.customer_since)
    if limit and last is not None and (around.today - last).days > limit:
        said = (
            _("The last visit was {days} ago; the cadence is {limit}.")
            if held
            else _("A customer for {days} and never visited; the cadence is {limit}.")
        )
        told = said.format(days=in_days((around.today - last).days), limit=in_days(limit))
        yield Neglect("visit", ("review_cadence",), last, told, _("Plan a visit."))


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


DUE_RULES = (untriaged, sla_claims, overdue_promises, not_kept)

"""What the boss may be asked about: the worst facts of a month, each with its reference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from aswiki.domain.reports.customer_month import GRAVE, CustomerMonth
from aswiki.domain.reports.promises import is_broken, is_overdue
from aswiki.domain.reports.spend import worst_unexplained

KINDS = (
    "arrears",
    "incident",
    "complaint",
    "broken_promise",
    "blame_cleared",
    "blame_carried",
    "churn",
    "swing",
    "overdue_promise",
    "sla_claim",
)
"""The kinds of fact in the order they are told.

Arrears stand at the head (rule 15); of the accusations those that were cleared come first.
"""


@dataclass(frozen=True)
class Fact:
    """One fact; what its kind has no use for is None.

    Args:
        kind: one of ``KINDS``.
        about: an incident's severity, a complaint's category, a churn's reason, a swing's horizon.
        days: how long; of a claim those that are left to make it.
        ongoing: an incident without an end.
        amount: what is owed, lost a month, or how far spend is from what was expected.
        percent: the same of a swing, in percent.
    """

    kind: str
    customer: str
    name: str
    ref: str
    title: str | None = None
    about: str | None = None
    minutes: int | None = None
    ongoing: bool = False
    days: int | None = None
    amount: Decimal | None = None
    currency: str | None = None
    percent: Decimal | None = None


def asked_about(customers: Iterable[CustomerMonth], more: Iterable[Fact] = ()) -> list[Fact]:
    """The facts of all customers and those found elsewhere, the worst first."""
    found = [fact for one in customers for fact in _facts(one)]
    return sorted([*found, *more], key=_order)


def _order(fact: Fact) -> tuple[int, str, Decimal, int, int, str]:
    grave = (fact.about or "") if fact.kind == "incident" else ""
    amount, minutes, days = abs(fact.amount or Decimal(0)), fact.minutes or 0, fact.days or 0
    return KINDS.index(fact.kind), grave, -amount, -minutes, -days, fact.ref


def _facts(one: CustomerMonth) -> Iterator[Fact]:
    whose = (one.customer, one.account.name)
    if one.account.owes:
        currency = one.account.owed_currency
        profile = f"{one.customer}/profile"
        yield Fact("arrears", *whose, profile, amount=one.account.owes, currency=currency)
    for outage in one.incidents:
        if outage.severity in GRAVE:
            yield Fact(
                "incident",
                *whose,
                outage.ref,
                outage.title,
                outage.severity,
                minutes=outage.minutes,
                ongoing=outage.ended_at is None,
            )
    for complaint in one.complaints:
        if complaint.open_at_end:
            said = (complaint.ref, complaint.title, complaint.category)
            yield Fact("complaint", *whose, *said, days=complaint.days)
    yield from _broken(one)
    for blame in one.blames:
        if blame.carried_at_end or blame.cleared_in_month:
            kind = "blame_carried" if blame.carried_at_end else "blame_cleared"
            yield Fact(kind, *whose, blame.ref, blame.title, days=blame.days_carried)
    for lost in one.churn:
        amount, currency = lost.amount_per_month, lost.currency
        why = lost.ruling or lost.reason
        yield Fact("churn", *whose, lost.ref, lost.title, why, amount=amount, currency=currency)
    yield from _swings(one)


def _swings(one: CustomerMonth) -> Iterator[Fact]:
    for swing in worst_unexplained(one.spend):
        yield Fact(
            "swing",
            one.customer,
            one.account.name,
            swing.ref,
            swing.scope,
            swing.horizon,
            amount=swing.impact,
            currency=swing.currency,
            percent=swing.impact_percent,
        )


def _broken(one: CustomerMonth) -> Iterator[Fact]:
    for item in one.promises:
        if is_broken(item) or is_overdue(item):
            ref = f"{item.ref}#{item.id}" if item.id else item.ref
            kind = "broken_promise" if is_broken(item) else "overdue_promise"
            days = item.overdue_days or None
            yield Fact(kind, one.customer, one.account.name, ref, item.what, days=days)

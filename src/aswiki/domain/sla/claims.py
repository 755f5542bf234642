"""SLA credits that are about to lapse while nobody has said whether they are claimed."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from aswiki.domain.sla import credit as sla
from aswiki.domain.sla.ground import Ground
from aswiki.domain.times.clock import first_of_month

AHEAD = 14
BEHIND = 30
"""Days before the deadline from which a claim is asked for, and after it until which it is."""

LONGEST = 36
"""Months after which no claim is looked for any more."""


class Claim(NamedTuple):
    """A credit that nobody has decided to claim or not.

    Args:
        days_left: to the last day of the claim; negative once it has passed.
    """

    month: sla.SlaMonth
    closes: date
    days_left: int


def claims(ground: Ground) -> dict[str, list[Claim]]:
    """The claims of a customer that close within ``AHEAD`` days or closed within ``BEHIND``.

    One a product and month, under the longest outage that counts.
    """
    today = ground.now.astimezone(ground.zone).date()
    keys = [f"{first_of_month(today, -n):%Y-%m}" for n in range(LONGEST)]
    found: dict[str, list[Claim]] = {}
    for subject in sla.subjects(ground):
        for key in keys:
            closes = sla.window_of(subject, key, ground).closes
            if closes is None or not -BEHIND <= (left := (closes - today).days) <= AHEAD:
                continue
            month = sla.sla_month(subject, key, ground)
            if month.is_claimable and not month.is_decided and month.worst is not None:
                found.setdefault(month.worst, []).append(Claim(month, closes, left))
    return found

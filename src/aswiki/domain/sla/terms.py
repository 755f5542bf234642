"""The arithmetic of an SLA as it is printed: availability, credit, and when it can be claimed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from aswiki.domain.records.product import Sla, Tier
from aswiki.domain.sla.workdays import Workdays
from aswiki.domain.times.clock import first_of_month

_CENT = Decimal("0.01")
_EXACT = Context(prec=1000, rounding=ROUND_HALF_UP, traps=[])


@dataclass(frozen=True)
class Window:
    """The days on which a credit can be claimed, both ends in; None where nothing says.

    Args:
        working_days: what the working days were counted by: holidays or weekends_only; None where
            none were counted.
    """

    opens: date | None = None
    closes: date | None = None
    working_days: str | None = None

    def state(self, today: date) -> str | None:
        """ahead, open or lapsed; None where nothing says."""
        if self.closes is not None and today > self.closes:
            return "lapsed"
        if self.opens is not None and today < self.opens:
            return "ahead"
        return "open" if self.opens is not None or self.closes is not None else None


def merged(product: Sla | None, contract: Sla | None) -> Sla | None:
    """The product's terms with those that the contract has of its own, key by key."""
    if product is None or contract is None:
        return product or contract
    own = {key: getattr(contract, key) for key in Sla.model_fields}
    return product.model_copy(update={key: v for key, v in own.items() if v not in (None, [])})


def availability(unavailable: int, minutes: int) -> Fraction:
    """The share of a month's minutes that were not unavailable, in percent, exact."""
    return Fraction(100 * max(0, minutes - unavailable), minutes)


def six_places(percent: Fraction) -> Decimal:
    """A percentage rounded down to six places: what misses a bound is never shown as on it."""
    return Decimal(f"{percent * 10**6 // 1}E-6")


def is_missed(terms: Sla | None, percent: Fraction) -> bool:
    """Whether an availability lies below what was committed; one without a commitment misses it."""
    if terms is None:
        return False
    if terms.committed_percent is None:
        return _tier(terms, percent) is not None
    return percent < Fraction(terms.committed_percent)


def credit_percent(terms: Sla | None, percent: Fraction) -> Decimal | None:
    """The share of the month's fee that is due, capped; None where no tiers say.

    A kept commitment owes nothing, whatever the tiers; of tiers that overlap the highest counts.
    """
    if terms is None or (terms.committed_percent is None and not terms.tiers):
        return None
    if not is_missed(terms, percent):
        return Decimal(0)
    if not terms.tiers:
        return None
    tier = _tier(terms, percent)
    owed = tier.percent_of_fee if tier is not None else None
    return min(owed or Decimal(0), Decimal(100) if terms.cap_percent is None else terms.cap_percent)


def _tier(terms: Sla, percent: Fraction) -> Tier | None:
    fits = [
        tier
        for tier in terms.tiers
        if (tier.below is None or percent < Fraction(tier.below))
        and (tier.at_or_above is None or percent >= Fraction(tier.at_or_above))
        and percent < 100
    ]
    return max(fits, key=lambda tier: tier.percent_of_fee or Decimal(0), default=None)


def credit(fee: Decimal | None, percent: Decimal | None) -> Decimal | None:
    """A share of a fee, to the cent, half a cent up; None where either is not known."""
    if fee is None or percent is None:
        return None
    owed = _EXACT.divide(_EXACT.multiply(max(fee, Decimal(0)), percent), Decimal(100))
    cents = _EXACT.quantize(owed, _CENT)
    return None if cents.is_nan() else cents


def claim_window(terms: Sla | None, last_day: date, workdays: Workdays) -> Window:
    """When the credit of a month that ends on ``last_day`` can be claimed.

    It opens on a day of the next month, or on the day after its n-th working day; it closes so
    many days after the month's end, or with the n-th month or billing cycle after it, whichever
    comes first.
    """
    if terms is None:
        return Window()
    opens, counted_by = _opens(terms, first_of_month(last_day, 1), workdays)
    return Window(opens, min(_ends(terms, last_day), default=None), counted_by)


def _opens(terms: Sla, first: date, workdays: Workdays) -> tuple[date | None, str | None]:
    said = terms.claim_opens
    if said is None or said.day is None:
        return None, None
    number = min(max(said.day, 1), 31)
    if not said.working:
        last = first_of_month(first, 1) - timedelta(days=1)
        return min(first + timedelta(days=number - 1), last), None
    after = workdays.nth(first, number) + timedelta(days=1)
    years = {first.year, (after - timedelta(days=1)).year}
    return after, "holidays" if all(map(workdays.knows, years)) else "weekends_only"


def _ends(terms: Sla, last_day: date) -> Iterator[date]:
    said = terms.claim_closes
    if said is None:
        return
    # an end beyond the calendar is none
    with suppress(OverflowError, ValueError):
        if said.days is not None:
            yield last_day + timedelta(days=said.days)
    for months in (said.months, said.billing_cycles):
        with suppress(OverflowError, ValueError):
            if months is not None:
                yield first_of_month(last_day, months + 1) - timedelta(days=1)

"""The upkeep that is due: dates that come near, pages that are not kept, records not whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from aswiki.domain.checks import due as rules
from aswiki.domain.checks.schema import missing_whole
from aswiki.domain.dues.outlook import LOW, NORMAL, Due, World
from aswiki.domain.records.common import Record
from aswiki.domain.records.profile import Profile
from aswiki.domain.records.visit import Visit
from aswiki.lang import _, either, in_days

CREDIT_DAYS = 14
RENEWAL_DAYS = 60
_NEGLECT = {"usage": "missing-usage", "visit": "late-visit"}


def dates_ahead(world: World, ref: str, record: Record) -> Iterator[Due]:
    """A temporary credit or a contract that ends soon, or ended without being renewed."""
    if not isinstance(record, Profile) or record.lifecycle == "churned":
        return
    credit = record.credit.temp_credit if record.credit is not None else None
    ends = [
        (
            "credit-expires",
            credit.expires_on if credit is not None else None,
            CREDIT_DAYS,
            _("The temporary credit expires on {day}, in {days}."),
            _("The temporary credit expired on {day}, {days} ago."),
        ),
        (
            "contract-renewal",
            record.contract_renewal_on,
            RENEWAL_DAYS,
            _("The contract is up for renewal on {day}, in {days}."),
            _("The contract was up for renewal on {day}, {days} ago."),
        ),
    ]
    for what, day, ahead, soon, over in ends:
        if day is None or (day - world.today).days > ahead:
            continue
        left = (day - world.today).days
        message = (soon if left >= 0 else over).format(day=day, days=in_days(abs(left)))
        yield Due(ref, what, message, world.owner(ref, record), day, -left, NORMAL)


def not_kept(world: World, ref: str, record: Record) -> Iterator[Due]:
    """Rule 19; the pages of a customer who has left need no keeping."""
    profile = world.profile(ref)
    if profile is not None and profile.lifecycle == "churned":
        return
    for item in rules.neglects(record, world.around(ref)):
        what = _NEGLECT.get(item.part, f"stale-{item.part}")
        urgency = NORMAL if item.part == "visit" else LOW
        owner, days = world.owner(ref, record), world.days(item.since)
        yield Due(ref, what, item.message, owner, item.since, days, urgency)


def not_whole(world: World, ref: str, record: Record) -> Iterator[Due]:
    """A record that lacks what it needs to be whole; a visit only once it was held."""
    if isinstance(record, Visit) and record.status != "held":
        return
    missing = missing_whole(type(record), record)
    lacks = dict.fromkeys(either(about.en, about.zh) for _loc, about in missing)
    if lacks:
        said = _("The record is not whole; missing: {fields}.")
        since = getattr(record, record.TIME_KEY or "", None)
        since = since if isinstance(since, date) else None
        message = said.format(fields=either(", ", "、").join(lacks))
        owner, days = world.owner(ref, record), world.days(since)
        yield Due(ref, "not-whole", message, owner, since, days, LOW)

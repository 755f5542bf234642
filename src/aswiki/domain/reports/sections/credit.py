"""Section 3: what customers owe, and on what credit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from aswiki.domain.readers import audience
from aswiki.domain.reports.sight import Sight

_OF_SALES = (
    "credit.allow_arrears",
    "credit.credit_amount",
    "credit.temp_credit.amount",
    "credit.temp_credit.expires_on",
    "credit.owed_amount",
    "credit.currency",
    "credit.as_of",
)
SHOWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boss": {"profile": ("name", *_OF_SALES, "credit.approved_by")},
    "product": {"profile": ("name",)},
    "sales": {"profile": ("name", *_OF_SALES)},
}
"""Reader → record type → the keys whose words or values the section shows."""

_KEYS = ("owed_amount", "as_of", "allow_arrears", "credit_amount")


def credit(sights: Sequence[Sight]) -> dict[str, Any] | None:
    """Who owes and who may, those who owe most first; None where no page says a word of it.

    ``owing`` are the rows that stand at the head of every internal report: they come whatever the
    profile's audience is, without figures where the reader may not have them.
    """
    rows = [row for sight in sights if (row := _row(sight)) is not None]
    rows.sort(key=lambda row: (not row["owes"], -(row.get("owed_amount") or Decimal(0))))
    if not rows:
        return None
    return {"owing": [_owing(row) for row in rows if row["owes"]], "customers": rows}


def _row(sight: Sight) -> dict[str, Any] | None:
    profile = sight.profile
    if profile is None or profile.credit is None:
        return None
    owes = audience.owes(profile)
    who = {"customer": sight.customer, "name": sight.name, "owes": owes}
    if sight.reader == "product":
        return who
    seen = sight.seen(f"{sight.customer}/profile").get("credit")
    if seen is None:
        return who if owes else None
    told = who | {key: seen.get(key) for key in _KEYS}
    told["currency"] = seen.get("currency") or sight.ground.currency
    told["temp_credit"] = _temp_credit(sight, seen.get("temp_credit"))
    if sight.reader == "boss":
        told["approved_by"] = seen.get("approved_by")
    return told


def _temp_credit(sight: Sight, seen: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The credit for a time, and whether it has run out by the period's last day."""
    if not seen:
        return None
    expires_on = seen.get("expires_on")
    expired = expires_on is not None and expires_on < sight.period.last_day
    return {"amount": seen.get("amount"), "expires_on": expires_on, "expired": expired}


def _owing(row: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("customer", "name", "owed_amount", "currency", "as_of")
    return {key: row[key] for key in keys if key in row}

"""Who a customer is: the account, what it runs on, what it says of our products, who decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from aswiki.domain.records.profile import Contact
from aswiki.domain.reports import months
from aswiki.domain.reports.heads import department_of
from aswiki.domain.reports.sight import Sight

_ACCOUNT = (
    "industry",
    "account_level",
    "lifecycle",
    "parent",
    "customer_since",
    "support_plan",
    "our_share_percent",
    "contract_renewal_on",
    "review_cadence",
    "our_team",
)
_COMPONENT = ("name", "layer", "provider", "product", "region", "size")
_VERDICT = (
    "product",
    "aspect",
    "rating",
    "compared_with",
    "environment",
    "purpose",
    "text",
    "said_by",
    "verbatim",
)
_CONTACT = (
    "id",
    "name",
    "side",
    "department",
    "role",
    "title",
    "stance",
    "final_contact",
    "phone",
    "email",
    "im",
)
_DECIDERS = (
    "business_decider",
    "purchasing_decider",
    "tech_approver",
    "tech_lead",
    "procurement",
    "finance",
)


def account(sight: Sight) -> dict[str, Any]:
    """The account: tenure, size, our share, and the department of ours that looks after it."""
    seen = _page(sight, "profile")
    profile = sight.profile
    owner = profile.owner if profile is not None else None
    told = {key: seen.get(key) for key in _ACCOUNT}
    return told | {
        "tenure": _tenure(seen.get("customer_since"), sight.period.last_day),
        "size": _size(sight, seen),
        "owner": seen.get("owner"),
        "owner_department": department_of(sight, owner),
    }


def architecture(sight: Sight) -> dict[str, Any]:
    """Workloads with their components, and the vendors' shares, the largest first."""
    seen = _page(sight, "architecture")
    shares = sorted(seen.get("vendor_shares", ()), key=lambda one: -(one.get("percent") or 0))
    return {
        "workloads": [
            {
                "name": one.get("name"),
                "purpose": one.get("purpose"),
                "criticality": one.get("criticality"),
                "components": [
                    {key: part.get(key) for key in _COMPONENT} for part in one.get("components", ())
                ],
            }
            for one in seen.get("workloads", ())
        ],
        "vendor_shares": [
            {key: one.get(key) for key in ("provider", "percent", "as_of")} for one in shares
        ],
    }


def capability(sight: Sight) -> list[dict[str, Any]]:
    """What the customer's team masters, the strongest area first."""
    found = _page(sight, "profile").get("team_capability", ())
    keys = ("area", "level", "note", "as_of")
    ordered = sorted(found, key=lambda one: -(one.get("level") or 0))
    return [{key: one.get(key) for key in keys} for one in ordered]


def verdicts(sight: Sight) -> list[dict[str, Any]]:
    """What the customer says of our products, with environment and purpose, the worst first."""
    found = _page(sight, "architecture").get("assessments", ())
    ordered = sorted(found, key=lambda one: one.get("rating") or 0)
    return [{key: one.get(key) for key in _VERDICT} for one in ordered]


def people(sight: Sight) -> list[dict[str, Any]]:
    """The contacts still there: the final contact, then who decides, then all others.

    Empty for a reader who may not know their names: ``roles`` is theirs.
    """
    seen = _page(sight, "profile").get("contacts", ())
    named = [one for one in seen if one.get("name")]
    present = [one for one in named if _is_present(one, sight.period.last_day)]
    return [{key: one.get(key) for key in _CONTACT} for one in sorted(present, key=_rank)]


def roles(sight: Sight) -> list[dict[str, Any]]:
    """How many contacts of each side and role there are, those who decide first."""
    counted: dict[tuple[str | None, str | None], int] = {}
    for one in sorted(_present(sight), key=lambda one: _place(one.role)):
        counted[one.side, one.role] = counted.get((one.side, one.role), 0) + 1
    return [{"side": side, "role": role, "count": n} for (side, role), n in counted.items()]


def _present(sight: Sight) -> Iterator[Contact]:
    for one in sight.profile.contacts if sight.profile is not None else ():
        said = {"active": one.active, "until": one.until}
        if _is_present(said, sight.period.last_day):
            yield one


def _is_present(contact: Mapping[str, Any], today: date) -> bool:
    until = contact.get("until")
    return contact.get("active") is not False and (until is None or until >= today)


def _rank(contact: Mapping[str, Any]) -> tuple[bool, bool, int]:
    is_vendor = contact.get("side") == "other_vendor"
    return not contact.get("final_contact"), is_vendor, _place(contact.get("role"))


def _place(role: str | None) -> int:
    return _DECIDERS.index(role) if role in _DECIDERS else len(_DECIDERS)


def _page(sight: Sight, name: str) -> Mapping[str, Any]:
    ref = f"{sight.customer}/{name}"
    return sight.seen(ref) if ref in sight.whole else {}


def _tenure(since: date | None, today: date) -> dict[str, int] | None:
    """Whole years and months."""
    if since is None or since > today:
        return None
    years, over = divmod(months.months_between(since, today), 12)
    return {"years": years, "months": over}


def _size(sight: Sight, seen: Mapping[str, Any]) -> dict[str, Any] | None:
    size = seen.get("total_spend_estimate") or {}
    if size.get("amount") is None:
        return None
    return {
        "amount": size["amount"],
        "currency": size.get("currency") or sight.ground.currency,
        "as_of": size.get("as_of"),
        "basis": size.get("basis"),
    }

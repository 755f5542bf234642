"""What a report is called: by its kind, its days, its reader and whom it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aswiki.lang import N_, written

if TYPE_CHECKING:
    from aswiki.render.markdown import Names

_KINDS = {
    "month": N_("Monthly report {period}"),
    "quarter": N_("Quarterly report {period}"),
    "year": N_("Annual report {period}"),
    "days": N_("Report {period}"),
}
_SERVICE = {
    "month": N_("Monthly service report {period}"),
    "quarter": N_("Quarterly service report {period}"),
    "year": N_("Annual service report {period}"),
    "days": N_("Service report {period}"),
}
"""To a customer it is a report on the service; who reads it is not said."""


def title(document: Mapping[str, Any], names: Names) -> str:
    """The report's title on one line."""
    is_customer = document["for"] in {"customer_tech", "customer_biz"}
    kinds = _SERVICE if is_customer else _KINDS
    said = written(kinds[document["kind"]], names.language).format(period=document["period"])
    about = document["name"] or document.get("wiki")
    parts = [said, *([about] if about else [])]
    if not is_customer:
        parts.append(names.label(document["for"], "reader"))
    return " · ".join(parts)

"""Bills in FOCUS, the FinOps Open Cost and Usage Specification, 1.0 to 1.4."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aswiki.importers.bills.form import Charge, Form, Measure
from aswiki.importers.bills.reading import read
from aswiki.lang import _

if TYPE_CHECKING:
    from aswiki.importers.bills.bill import Bill
    from aswiki.importers.bills.source import Told

_COLUMNS = {
    "provider": ("ServiceProviderName", "ProviderName"),
    "account": ("BillingAccountId",),
    "sub_account": ("SubAccountId",),
    "product": ("ServiceName", "ServiceSubcategory", "ServiceCategory"),
    "service_category": ("ServiceCategory",),
    "region": ("RegionId", "RegionName", "Region"),
    "currency": ("BillingCurrency",),
    "charge": ("ChargeCategory", "ChargeClass"),
    "billed_from": ("BillingPeriodStart",),
    "billed_to": ("BillingPeriodEnd",),
    "start": ("ChargePeriodStart",),
    "end": ("ChargePeriodEnd",),
    "billed": ("BilledCost",),
    "effective": ("EffectiveCost",),
    "list": ("ListCost",),
}
_MEASURES = (
    Measure(("ConsumedQuantity",), ("ConsumedUnit",)),
    Measure(("PricingQuantity",), ("PricingUnit",)),
)
_CHARGES = tuple(
    Charge(charge, (f"|{charge}|",))
    for charge in ("correction", "usage", "purchase", "tax", "credit", "adjustment")
)
"""The class ``Correction`` goes before any category."""


def focus(path: Path, told: Told = lambda _done, _all: None) -> Bill:
    """A bill in FOCUS, summed.

    Args:
        path: CSV (also in gzip or zstd), Parquet or Excel.
        told: is told how many of how many bytes are read.

    Raises:
        BadInput: it is no FOCUS, or no file that can be read.
        Unusable: what reads it is not installed, or there is no room for it.
    """
    hint = _("A bill with other columns is imported with: aswiki import bill FILE --map NAME")
    return read(path, Form(_COLUMNS, _MEASURES, _CHARGES, hint), told)

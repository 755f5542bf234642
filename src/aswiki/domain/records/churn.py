"""Lost spend, whole or in part, with the parties' arguments kept apart from the ruling."""

from __future__ import annotations

from typing import Annotated, ClassVar

from aswiki.domain.records.common import Part, Record
from aswiki.domain.records.types import (
    Amount,
    Currency,
    Flag,
    Moment,
    Month,
    Person,
    ProductName,
    Ref,
    Section,
    Text,
    Word,
    fact,
)


class Attribution(Part):
    """One party's reason for the loss, with argument and evidence."""

    party: Person = fact("哪一方", required=True, source="D05")
    reason: Annotated[str, Word("churn_reason")] = fact(
        "归因", required=True, readers="bps", source="D05"
    )
    argument: Text | None = fact("理由", readers="bps", source="D05")
    evidence: Text | None = fact("证据", source="D05")


class Ruling(Part):
    """The reason as it was finally ruled."""

    reason: Annotated[str, Word("churn_reason")] = fact(
        "裁定原因", required=True, readers="bs", source="D05"
    )
    by: Person | None = fact("裁定人")
    at: Moment | None = fact("裁定时间", readers="bs")


class Churn(Record):
    """Spend that was lost: how much a month, of what, to whom and why."""

    TYPE: ClassVar[str] = "churn"
    FOLDER: ClassVar[str] = "churn"
    TIME_KEY: ClassVar[str | None] = "period"

    period: Month = fact("月份", required=True, readers="bps", source="D01")
    amount_per_month: Amount = fact("每月金额", required=True, readers="bs", source="D01")
    currency: Currency = fact("币种", required=True, readers="bs")
    extent: Annotated[str, Word("churn_extent")] | None = fact("范围", readers="bps", source="D01")
    product: ProductName | None = fact("产品", readers="bps")
    to_provider: Text | None = fact("流向", readers="bp")
    reason: Annotated[str, Word("churn_reason")] = fact(
        "原因", required=True, readers="bps", source="D02"
    )
    sub_reason: Text | None = fact("细分原因", readers="bps", source="D03")
    attributions: list[Attribution] = fact("各方归因", many=True, readers="bps", source="D05")
    ruling: Ruling | None = fact("裁定", readers="bs", source="D05")
    root_records: list[Ref] = fact("根源记录", many=True, readers="bp", source="D04")
    preventable: Flag | None = fact("本可避免")
    review: Section | None = fact("复盘", section=True, source="D05")

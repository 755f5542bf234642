"""Part 2: one month of a customer's product usage and spend."""

from __future__ import annotations

from typing import Annotated, ClassVar

from aswiki.domain.records.common import Part, Record
from aswiki.domain.records.types import (
    Amount,
    Code,
    Count,
    Currency,
    Month,
    Person,
    ProductName,
    Ref,
    Text,
    Word,
    fact,
)


class BillSource(Part):
    """One file the month's lines came from."""

    name: Text | None = fact("文件名")
    sha256: Text | None = fact("sha256")
    provider: Text | None = fact("云厂商")
    billing_account_id: Code | None = fact("账单账号")
    rows: Count | None = fact("行数")
    rejected: Count | None = fact("拒收行数")
    encoding: Text | None = fact("编码")


class UsageLine(Part):
    """One sum of a month: same source, product, category, region, charge, currency and unit."""

    source: Count | None = fact("来源")
    product: ProductName | None = fact("产品", readers="bpst")
    service_category: Text | None = fact("服务类别", readers="bpst")
    region: Text | None = fact("地域", readers="bpst")
    charge: Annotated[str, Word("charge")] | None = fact("费用种类", readers="bs")
    currency: Currency | None = fact("币种", readers="bst")
    unit: Text | None = fact("单位", readers="bpst")
    quantity: Amount | None = fact("数量", readers="bpst")
    billed_cost: Amount | None = fact("账单金额", readers="bs")
    effective_cost: Amount | None = fact("摊销金额", readers="bst")
    list_cost: Amount | None = fact("目录价金额", readers="bs")


class DailyCosts(Part):
    """The effective cost of each calendar day; null where the file has no row."""

    source: Count | None = fact("来源")
    product: ProductName | None = fact("产品")
    currency: Currency | None = fact("币种")
    costs: list[Amount | None] = fact("每日金额", many=True)


class SwingAnswer(Part):
    """Why a swing of spend happened, as somebody answered it."""

    scope: Text | None = fact("范围", readers="bs", source="P2")
    horizon: Annotated[str, Word("horizon")] | None = fact("周期", readers="bs", source="P2")
    feedback: Annotated[str, Word("feedback")] | None = fact("结论", readers="bs", source="P2")
    explanation: Text | None = fact("解释", source="P2")
    by: Person | None = fact("解释人")
    related: Ref | None = fact("关联记录")


class Usage(Record):
    """Part 2: a month of usage and spend."""

    TYPE: ClassVar[str] = "usage"
    FOLDER: ClassVar[str] = "usage"
    TIME_KEY: ClassVar[str | None] = "period"

    period: Month | None = fact("月份", whole=True, readers="bpstc", source="P2")
    days_covered: Count | None = fact("覆盖天数", whole=True, readers="bps")
    sources: list[BillSource] = fact("来源文件", many=True, whole=True)
    lines: list[UsageLine] = fact("用量明细", many=True, readers="bpst", source="P2")
    daily: list[DailyCosts] = fact("每日", many=True)
    swings: list[SwingAnswer] = fact("波动解释", many=True, readers="bs", source="P2")

"""What we sell, where its limits are, what its SLA owes and which department answers for it."""

from __future__ import annotations

from typing import Annotated, ClassVar

from aswiki.domain.records.common import Part, Record
from aswiki.domain.records.types import (
    Count,
    Department,
    Flag,
    Percent,
    Person,
    Section,
    Text,
    Word,
    fact,
)


class Tier(Part):
    """The share of the month's fee that is due for an availability in a range, in percent."""

    below: Percent | None = fact("低于", readers="bps")
    at_or_above: Percent | None = fact("不低于", readers="bps")
    percent_of_fee: Percent | None = fact("占月费百分比", readers="bps")


class ClaimOpens(Part):
    """The day of the next month on which a claim can first be made."""

    day: Count | None = fact("日", readers="bps")
    working: Flag | None = fact("工作日", readers="bps")


class ClaimCloses(Part):
    """How long a claim can be made."""

    days: Count | None = fact("天", readers="bps")
    months: Count | None = fact("月", readers="bps")
    billing_cycles: Count | None = fact("账期", readers="bps")


class Sla(Part):
    """What the contract prints about availability and credit."""

    committed_percent: Percent | None = fact("承诺可用性", readers="bpst")
    tiers: list[Tier] = fact("赔付档位", many=True, readers="bps")
    cap_percent: Percent | None = fact("赔付上限", readers="bps")
    zone: Text | None = fact("时区", readers="bps")
    month: Annotated[str, Word("sla_month")] | None = fact("计费月", readers="bps")
    claim_opens: ClaimOpens | None = fact("申请开始", readers="bps")
    claim_closes: ClaimCloses | None = fact("申请截止", readers="bps")


class Rung(Part):
    """One level of the escalation ladder."""

    level: Annotated[str, Word("escalation_level")] = fact("级别", required=True, readers="bp")
    who: Person = fact("找谁", required=True, readers="bp")


class Product(Record):
    """A product of ours: what is sold, its limits and who answers for it."""

    TYPE: ClassVar[str] = "product"
    FOLDER: ClassVar[str] = "products"

    aliases: list[Text] = fact("别名", many=True, readers="bpst")
    owner_department: Department | None = fact("负责部门", whole=True, readers="bp", source="C02")
    on_call: Person | None = fact("值班", readers="bp", source="C02")
    escalation: list[Rung] = fact("升级路径", many=True, readers="bp", source="C12")
    sla: Sla | None = fact("SLA", readers="bpst", en="SLA")
    what_we_sell: Section | None = fact(
        "卖的是什么", section=True, whole=True, readers="bps", source="C02"
    )
    limits: Section | None = fact("服务边界", section=True, readers="bps", source="B08")

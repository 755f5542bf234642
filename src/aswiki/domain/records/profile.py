"""Part 1 of a customer's page: account, credit, contacts, the capability of their team."""

from __future__ import annotations

from typing import Annotated, ClassVar

from aswiki.domain.records.common import Part, Record
from aswiki.domain.records.product import Sla
from aswiki.domain.records.types import (
    Amount,
    Code,
    Currency,
    Day,
    Flag,
    Percent,
    Person,
    ProductName,
    Rating,
    Text,
    TextOrNumber,
    Word,
    fact,
)


class SpendEstimate(Part):
    """How large the customer's whole spend on cloud is thought to be."""

    amount: Amount | None = fact("金额", readers="bps", source="D09")
    currency: Currency | None = fact("币种", readers="bps")
    as_of: Day | None = fact("截至", readers="bps")
    basis: Text | None = fact("依据", readers="bps")


class Contract(Part):
    """One product under contract, with the fee and the SLA terms that differ from the product's."""

    product: ProductName | None = fact("产品", readers="bs")
    from_: Day | None = fact("起始日", alias="from", readers="bs")
    monthly_fee: Amount | None = fact("月费", readers="bs")
    currency: Currency | None = fact("币种", readers="bs")
    sla: Sla | None = fact("SLA", readers="bs", en="SLA")


class TempCredit(Part):
    """A credit granted for a time."""

    amount: Amount | None = fact("金额", readers="bs")
    expires_on: Day | None = fact("到期日", readers="bs")


class Credit(Part):
    """Overdraft right and what is owed."""

    allow_arrears: Flag | None = fact("允许欠费", readers="bs", source="P1")
    credit_amount: Amount | None = fact("信用额度", readers="bs", source="P1")
    temp_credit: TempCredit | None = fact("临时额度", readers="bs")
    owed_amount: Amount | None = fact("欠费", readers="bs", source="A08")
    currency: Currency | None = fact("币种", readers="bs")
    approved_by: Person | None = fact("批准人")
    as_of: Day | None = fact("截至", readers="bs")


class Contact(Part):
    """One person on the customer's side, or of another vendor."""

    id: Text | None = fact("编号")
    name: Text = fact("姓名", required=True, source="P1")
    side: Annotated[str, Word("side")] | None = fact("所属方", readers="bps", source="A10")
    department: Text | None = fact("部门")
    role: Annotated[str, Word("role")] | None = fact("角色", readers="bps", source="A10")
    title: Text | None = fact("职务")
    stance: Annotated[str, Word("stance")] | None = fact("立场", source="B07")
    final_contact: Flag | None = fact("最终对接人", source="F11")
    phone: Code | None = fact("电话", source="P1")
    email: Text | None = fact("邮箱", source="P1")
    im: Code | None = fact("即时通讯", source="P1")
    active: Flag | None = fact("在任")
    from_: Day | None = fact("起始日", alias="from")
    until: Day | None = fact("截止日")


class Member(Part):
    """One of our people who serve the customer, and as what."""

    person: Person = fact("人员", required=True)
    role: Annotated[str, Word("role")] | None = fact("角色")


class Capability(Part):
    """How well the customer's team masters one area, 1 to 5."""

    area: Text = fact("领域", required=True, readers="bp", source="D10")
    level: Rating | None = fact("水平", readers="bp", source="D10")
    note: Text | None = fact("说明", readers="bp")
    as_of: Day | None = fact("截至", readers="bp")


class Profile(Record):
    """Part 1: who the customer is, whom we talk to, what they may owe."""

    TYPE: ClassVar[str] = "profile"
    FOLDER: ClassVar[str] = ""

    name: Text | None = fact("名称", whole=True, readers="bpstc", source="P1")
    short_name: Text | None = fact("简称", readers="bps")
    aliases: list[Text] = fact("别名", many=True, readers="bps")
    industry: Text | None = fact("行业", readers="bps")
    parent: Text | None = fact("母公司", readers="bs")
    account_level: Annotated[str, Word("account_level")] | None = fact(
        "账户级别", whole=True, readers="bps", source="P1"
    )
    lifecycle: Annotated[str, Word("lifecycle")] | None = fact("生命周期", readers="bs")
    customer_since: Day | None = fact("在网起始", readers="bps", source="D09")
    support_plan: Text | None = fact("服务计划", readers="bpst")
    billing_account_ids: list[Code] = fact("账单账号", many=True, readers="bs")
    total_spend_estimate: SpendEstimate | None = fact("整体规模", readers="bps", source="D09")
    our_share_percent: Percent | None = fact("我方占比", readers="bps", source="D09")
    contract_renewal_on: Day | None = fact("续约日", readers="bs")
    contracts: list[Contract] = fact("合同", many=True, readers="bs")
    review_cadence: TextOrNumber | None = fact("拜访节奏", readers="bs", source="P5")
    our_team: list[Member] = fact("我方团队", many=True, source="A01")
    credit: Credit | None = fact("透支权限", whole=True, readers="bs", source="P1, A08")
    contacts: list[Contact] = fact("联系人", whole=True, many=True, readers="bps", source="P1, A10")
    team_capability: list[Capability] = fact("团队能力", many=True, readers="bp", source="D10")

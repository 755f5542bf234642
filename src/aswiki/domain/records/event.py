"""Part 4: an event: incident, scaling, critical event, question, requirement, inquiry and so on."""

from __future__ import annotations

from typing import Annotated, ClassVar

from aswiki.domain.records.common import Compensation, Part, Record
from aswiki.domain.records.types import (
    Count,
    Department,
    Flag,
    Hours,
    Moment,
    Percent,
    Person,
    ProductName,
    Ref,
    Section,
    Text,
    TextOrNumber,
    Word,
    fact,
)


class WorkHours(Part):
    """Hours spent, decimal."""

    work: Hours | None = fact("工作时间", readers="b", source="F12")
    night: Hours | None = fact("夜间", readers="b", source="F12")
    holiday: Hours | None = fact("节假日", readers="b", source="F12")
    onsite: Hours | None = fact("现场", readers="b", source="F12")


class Help(Part):
    """Who helped, with what, for how many minutes."""

    person: Person = fact("谁", required=True, source="F18")
    topic: Text | None = fact("主题", source="F17")
    minutes: Count | None = fact("分钟", source="F18")


class Account(Part):
    """One telling of the matter; two may stand side by side."""

    said_by: Person | None = fact("谁说的", source="A13")
    text: Text | None = fact("说法", source="A13")
    at: Moment | None = fact("时间")


class Triage(Part):
    """New requirement, old bug or broken promise, and on what grounds."""

    class_: Annotated[str, Word("triage_class")] | None = fact(
        "定性", alias="class", readers="bp", source="C03"
    )
    detail: Annotated[str, Word("triage_detail")] | None = fact("细分", readers="bp")
    basis: Text | None = fact("依据", readers="bp", source="C03")
    recurrence_of: Ref | None = fact("复发自", readers="bp")
    by: Person | None = fact("定性人")
    at: Moment | None = fact("定性时间")


class Witness(Part):
    """What we will testify for a department."""

    department: Department | None = fact("部门", source="C11")
    statement: Text | None = fact("证词", source="C11")
    at: Moment | None = fact("时间")


class Acceptance(Part):
    """The customer's acceptance in their words."""

    by: Person | None = fact("验收人", source="F01")
    at: Moment | None = fact("验收时间")
    quote: Text | None = fact("原话")


class Task(Part):
    """One piece of the work and its hours."""

    what: Text = fact("任务", required=True, source="F03")
    hours: Hours | None = fact("小时", source="F03")


class ScopeClaim(Part):
    """How large the work was said to be, at one stage."""

    stage: Annotated[str, Word("claim_stage")] = fact("阶段", required=True, source="F10")
    by: Person | None = fact("谁说的", source="F10")
    at: Moment | None = fact("时间")
    hours: Hours | None = fact("小时", source="F10")
    window: Text | None = fact("时间窗")
    night: Flag | None = fact("夜间")
    onsite: Flag | None = fact("现场")


class Scope(Part):
    """The work as it was said and as it was."""

    final_contact: Person | None = fact("最终对接人", source="F11")
    tasks: list[Task] = fact("任务", many=True, source="F03")
    claims: list[ScopeClaim] = fact("各方说法", many=True, source="F10")
    gap_reason: Text | None = fact("差距原因")


class Blame(Part):
    """An accusation from the day it was made to the day it was cleared."""

    status: Annotated[str, Word("blame_status")] | None = fact("状态", readers="bt", source="F07")
    accused_at: Moment | None = fact("被指责时间", source="F06")
    accused_by: list[Person] = fact("指责方", many=True, source="F06")
    allegation: Text | None = fact("指控", source="F06")
    change: Ref | None = fact("相关变更", source="F06")
    our_position: Text | None = fact("我方立场")
    other_vendors: list[Text] = fact("其他厂商", many=True)
    cleared_at: Moment | None = fact("澄清时间", readers="bt", source="F09")
    true_cause_party: Annotated[str, Word("root_cause_party")] | None = fact(
        "真正责任方", source="F09"
    )
    true_cause: Text | None = fact("真正原因", source="F09")
    consent: TextOrNumber | bool | None = fact("同意引用")
    notified: list[Person] = fact("已告知", many=True)


class Impact(Part):
    """What the incident did to the customer's business."""

    business: Text | None = fact("业务影响", readers="bp", source="P6")
    users_percent: Percent | None = fact("受影响用户占比", readers="bp")
    resources: Text | None = fact("受影响资源", readers="bp")
    unavailable_minutes: Count | None = fact("不可用分钟", readers="bpt")


class CustomerClock(Part):
    """The customer's own start and end of the outage."""

    started_at: Moment | None = fact("开始", readers="bp")
    resolved_at: Moment | None = fact("恢复", readers="bp")


class IncidentSla(Part):
    """What bears on the SLA credit of this outage."""

    excluded_reason: Text | None = fact("不计入原因", readers="bp")
    customer_clock: CustomerClock | None = fact("客户口径时间", readers="bp")


class Negotiation(Part):
    """The three-way game of a requirement: product, sales, customer."""

    product: Text | None = fact("产品立场", readers="bp", source="C04")
    sales: Text | None = fact("销售立场", readers="bp", source="C04")
    customer: Text | None = fact("客户立场", readers="bp", source="C04")
    who_pays: Text | None = fact("谁买单", readers="bps", source="C04")
    reward: Text | None = fact("支持激励", readers="bp", source="C05")
    cost: TextOrNumber | None = fact("成本", readers="bp", source="C06")
    benefit: TextOrNumber | None = fact("收益", readers="bp", source="C06")
    outcome: Text | None = fact("结果", readers="bps", source="C04")


class Window(Part):
    """From and to of a guarded time."""

    from_: Moment | None = fact("开始", alias="from", readers="bpstc")
    to: Moment | None = fact("结束", readers="bpstc")


class CheckItem(Part):
    """One item of the check list."""

    item: Text = fact("事项", required=True, readers="bpst")
    owner: Person | None = fact("负责人")
    done_at: Moment | None = fact("完成时间", readers="bpst")


class Duty(Part):
    """Who is on duty from when to when."""

    who: Person = fact("值守人", required=True)
    from_: Moment | None = fact("开始", alias="from")
    to: Moment | None = fact("结束")


class Wording(Part):
    """What is said to one reader about an inquiry."""

    audience: Annotated[str, Word("reader")] = fact(
        "读者", required=True, readers="btc", source="E05"
    )
    text: Text = fact("口径", required=True, readers="btc", source="E05")


class Event(Record):
    """Part 4: something in progress or done, of one of thirteen kinds."""

    TYPE: ClassVar[str] = "event"
    FOLDER: ClassVar[str] = "events"
    TIME_KEY: ClassVar[str | None] = "started_at"
    STATUS: ClassVar[str | None] = "event_status"

    kind: Annotated[str, Word("event_kind")] = fact(
        "种类", required=True, readers="bpstc", source="P4"
    )
    severity: Annotated[str, Word("severity")] | None = fact(
        "等级", readers="bpst", kinds=("incident",), source="P4"
    )
    customer_claimed_severity: Annotated[str, Word("severity")] | None = fact(
        "客户声称等级", kinds=("incident",), source="D06"
    )
    status: Annotated[str, Word("event_status")] | None = fact("状态", readers="bpstc")
    started_at: Moment | None = fact("发生时间", whole=True, readers="bpstc", source="E08")
    product: ProductName | None = fact("产品", readers="bpst", source="C02")
    environment: Text | None = fact("环境", readers="bp", source="B05")
    purpose: Text | None = fact("目的", readers="bp", source="B05")
    asked_by: Person | None = fact("协查提出方", kinds=("inquiry",), source="E05")
    friendly_department: Text | None = fact("友好部门", kinds=("inquiry",), source="E05")
    other_department: Text | None = fact("对方部门", kinds=("inquiry",), source="E05")
    facts: list[Text] = fact("事实", many=True, kinds=("inquiry",), source="E05")
    wording: list[Wording] = fact(
        "分读者口径", many=True, kinds=("inquiry",), readers="btc", source="E05"
    )
    window: Window | None = fact(
        "保障窗口", kinds=("critical_event",), readers="bpstc", source="P4"
    )
    expected_peak: TextOrNumber | None = fact("预计峰值", kinds=("critical_event",), readers="bpst")
    checklist: list[CheckItem] = fact(
        "检查清单", many=True, kinds=("critical_event",), readers="bpst"
    )
    roster: list[Duty] = fact("值班表", many=True, kinds=("critical_event",))
    detected_by: Annotated[str, Word("detected_by")] | None = fact("发现方", readers="bp")
    detected_at: Moment | None = fact("发现时间", readers="bpt")
    acknowledged_at: Moment | None = fact("响应时间", readers="bpt")
    mitigated_at: Moment | None = fact("缓解时间", readers="bpt")
    resolved_at: Moment | None = fact("恢复时间", readers="bpstc")
    closed_at: Moment | None = fact("关闭时间", readers="bpst")
    impact: Impact | None = fact("影响", kinds=("incident",), readers="bpt", source="P6")
    sla: IncidentSla | None = fact("SLA", kinds=("incident",), readers="bp", en="SLA")
    compensation: Compensation | None = fact("索赔", kinds=("incident",), source="A02")
    root_cause_party: Annotated[str, Word("root_cause_party")] | None = fact(
        "根因归属", readers="bp", source="P6"
    )
    technical_owner: Department | None = fact("处理部门", readers="bp", source="C01")
    technical_decision_by: list[Department] = fact(
        "技术决策部门", many=True, readers="bp", source="C09"
    )
    triage: Triage | None = fact("定性", readers="bp", source="C03")
    negotiation: Negotiation | None = fact(
        "协商", kinds=("requirement",), readers="bps", source="C04"
    )
    hours: WorkHours | None = fact("工时", source="F12")
    helped_by: list[Help] = fact("帮过忙的人", many=True, source="F18")
    accounts: list[Account] = fact("各方说法", many=True, source="A13, B02", en="Accounts")
    witness_for: list[Witness] = fact("作证", many=True, source="C11")
    escalation_outcome: Annotated[str, Word("escalation_outcome")] | None = fact(
        "升级结果", source="C12"
    )
    boss_informed_at: Moment | None = fact("告知老板时间", source="E03")
    accepted: Acceptance | None = fact("验收", source="F01")
    scope: Scope | None = fact("工作范围", source="F03, F10")
    blame: Blame | None = fact("背锅与澄清", readers="bt", source="F06")
    background: Section | None = fact("背景", section=True, readers="bp")
    workaround: Section | None = fact("临时方案", section=True, readers="bp")
    root_cause: Section | None = fact("根因", section=True, readers="bp", source="P6")
    contingency: Section | None = fact(
        "应急预案", section=True, kinds=("critical_event",), readers="bps"
    )
    result: Section | None = fact(
        "保障结果", section=True, kinds=("critical_event",), readers="bps"
    )
    review: Section | None = fact("复盘", section=True, source="P5")

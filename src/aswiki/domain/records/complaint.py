"""Part 6: a complaint with impact, handling, our responsible person and the loss."""

from __future__ import annotations

from typing import Annotated, ClassVar

from aswiki.domain.records.common import Compensation, LogEntry, Part, Record, Who
from aswiki.domain.records.types import (
    Amount,
    Currency,
    Line,
    Moment,
    Person,
    Ref,
    Section,
    Text,
    TextOrFlag,
    Word,
    fact,
)


class Responsible(Who):
    """Our responsible person and department, or the record that cleared them."""

    cleared_by: Ref | None = fact("由何澄清", source="F08")


class Loss(Part):
    """What the customer lost, or that they lost nothing."""

    kind: Annotated[str, Word("loss_kind")] = fact("性质", required=True, source="P6")
    amount: Amount | None = fact("金额", source="P6")
    currency: Currency | None = fact("币种")
    text: Text | None = fact("说明", source="P6")


class Complaint(Record):
    """Part 6: whoever complained, about what, and how it was answered (states of ISO 10002)."""

    TYPE: ClassVar[str] = "complaint"
    FOLDER: ClassVar[str] = "complaints"
    TIME_KEY: ClassVar[str | None] = "received_at"
    STATUS: ClassVar[str | None] = "complaint_status"

    title: Line = fact("标题", required=True, readers="b")
    direction: Annotated[str, Word("direction")] | None = fact("方向", readers="bp", source="A04")
    category: Annotated[str, Word("complaint_category")] = fact(
        "类别", required=True, readers="bpsc", source="P6"
    )
    severity: Annotated[str, Word("severity")] | None = fact("等级", readers="bp")
    status: Annotated[str, Word("complaint_status")] | None = fact("状态", readers="bpstc")
    complainant: Person | None = fact("投诉人", source="P6")
    remedy_sought: Text | None = fact("诉求", source="P6")
    received_at: Moment | None = fact("接收时间", whole=True, readers="bpstc", source="P6")
    acknowledged_at: Moment | None = fact("确认时间", readers="bp")
    responded_at: Moment | None = fact("回复时间", readers="bp")
    decided_at: Moment | None = fact("决定时间", readers="bp")
    closed_at: Moment | None = fact("关闭时间", readers="bptc")
    responsible: Responsible | None = fact("我方责任人", whole=True, source="P6, F08")
    customer_loss: Loss | None = fact("客户损失", whole=True, source="P6")
    compensation: Compensation | None = fact("索赔", source="A02")
    satisfied: TextOrFlag | None = fact("是否满意")
    boss_informed_at: Moment | None = fact("告知老板时间", source="E03")
    customer_impact: Section | None = fact("客户影响", section=True, whole=True, source="P6")
    log: list[LogEntry] = fact("处理过程", section=True, many=True, whole=True, source="P6")
    containment: Section | None = fact("临时措施", section=True, source="P6")
    root_cause: Section | None = fact("根因", section=True, source="P6")
    corrective_action: Section | None = fact("纠正措施", section=True, source="P6")
    preventive_action: Section | None = fact("预防措施", section=True, source="P6")

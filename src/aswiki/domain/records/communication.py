"""Part 7: positive communication: guidance, extra protection, proactive alerts, help, praise."""

from __future__ import annotations

from typing import Annotated, ClassVar

from aswiki.domain.records.common import Money, Part, Record
from aswiki.domain.records.types import (
    Hours,
    Line,
    Moment,
    Person,
    Section,
    Text,
    TextOrNumber,
    Word,
    fact,
)


class Acknowledgement(Part):
    """The customer's thanks in their words."""

    by: Person | None = fact("谁", source="A06")
    quote: Text | None = fact("原话", source="A06")


class Communication(Record):
    """Part 7: what we did for the customer beyond fixing faults."""

    TYPE: ClassVar[str] = "communication"
    FOLDER: ClassVar[str] = "communications"
    TIME_KEY: ClassVar[str | None] = "occurred_at"

    title: Line = fact("标题", required=True, readers="bs")
    kind: Annotated[str, Word("communication_kind")] = fact(
        "种类", required=True, readers="bstc", source="P7"
    )
    topic: Annotated[str, Word("communication_topic")] | None = fact(
        "主题", readers="bs", source="A09, B08"
    )
    occurred_at: Moment | None = fact("发生时间", whole=True, readers="bstc", source="P7")
    value: TextOrNumber | None = fact("价值", readers="bs")
    loss_avoided: Money | None = fact("避免的损失", readers="bs")
    hours: Hours | None = fact("工时", readers="b", source="E02, F05")
    acknowledged: Acknowledgement | None = fact("客户认可", source="A06")
    what: Section | None = fact("内容", section=True, whole=True, readers="bs", source="P7")
    customer_text: Section | None = fact(
        "对客口径", section=True, readers="bstc", source="B09, E04"
    )

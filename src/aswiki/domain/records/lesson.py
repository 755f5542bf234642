"""What the team learned, with the customer's identity removed."""

from __future__ import annotations

from typing import ClassVar

from aswiki.domain.records.common import Record
from aswiki.domain.records.event import Help
from aswiki.domain.records.types import (
    Count,
    Day,
    Flag,
    Hours,
    Line,
    Ref,
    Section,
    Text,
    fact,
)


class Lesson(Record):
    """A lesson: symptom, environment, dead ends, fix, and where it applies."""

    TYPE: ClassVar[str] = "lesson"
    FOLDER: ClassVar[str] = "lessons"

    title: Line = fact("标题", required=True, readers="bp")
    learned_on: Day | None = fact("学到日期", readers="bp")
    learned_from: Text | None = fact("向谁学的", source="F21")
    other_products: list[Text] = fact("涉及的其他产品", many=True, readers="bp", source="F16")
    hours_spent: Hours | None = fact("花费小时", readers="bp", source="F15")
    attempts: Count | None = fact("试错次数", readers="bp", source="F15")
    helped_by: list[Help] = fact("帮过忙的人", many=True, source="F18")
    from_records: list[Ref] = fact("来自记录", many=True, source="F14")
    knowledge_gap: Text | None = fact("知识缺口", source="F20")
    shared_with: list[Text] = fact("已分享给", many=True, source="F15")
    sanitized: Flag | None = fact("已脱敏", readers="bp", source="F15")
    symptom: Section | None = fact("症状", section=True, whole=True, readers="bp", source="F14")
    environment: Section | None = fact("环境", section=True, whole=True, readers="bp", source="B05")
    cause: Section | None = fact("原因", section=True, readers="bp")
    dead_ends: Section | None = fact("弯路", section=True, readers="bp", source="F15")
    fix: Section | None = fact("解法", section=True, whole=True, readers="bp", source="F14")
    applies_when: Section | None = fact("适用场景", section=True, readers="bp", source="F16")
    customer_text: Section | None = fact("对客口径", section=True, readers="bp", source="B09, E04")

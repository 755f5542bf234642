"""Part 5: a visit, planned or held, and what was heard there."""

from __future__ import annotations

from typing import Annotated, ClassVar

from aswiki.domain.records.common import Feeling, Record, Signal
from aswiki.domain.records.types import Count, Day, Moment, Person, Section, Word, fact


class Visit(Record):
    """Part 5: a routine visit, a review of a major incident, or a meeting asked for."""

    TYPE: ClassVar[str] = "visit"
    FOLDER: ClassVar[str] = "visits"
    TIME_KEY: ClassVar[str | None] = "occurred_at"
    STATUS: ClassVar[str | None] = "visit_status"

    kind: Annotated[str, Word("visit_kind")] = fact(
        "种类", required=True, readers="bpstc", source="P5"
    )
    mode: Annotated[str, Word("visit_mode")] | None = fact("方式", readers="bps")
    status: Annotated[str, Word("visit_status")] | None = fact("状态", readers="bpstc")
    occurred_at: Moment | None = fact("拜访时间", whole=True, readers="bpstc", source="P5")
    duration_minutes: Count | None = fact("时长（分钟）")
    attendees: list[Person] = fact("参加人", many=True)
    requested_by: Person | None = fact("约见方", source="D13")
    weather: Annotated[str, Word("weather")] | None = fact(
        "阴晴度", whole=True, readers="bps", source="D11"
    )
    feelings: list[Feeling] = fact("服务感受", many=True, source="B04")
    signals: list[Signal] = fact("信号", many=True, readers="bs", source="D06")
    next_on: Day | None = fact("下次日期", readers="bps")
    summary: Section | None = fact("纪要", section=True, whole=True, source="P5")

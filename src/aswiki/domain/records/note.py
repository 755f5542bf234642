"""A note: a service feeling, a signal or a sales sync."""

from __future__ import annotations

from typing import Annotated, ClassVar

from aswiki.domain.records.common import Feeling, Part, Record, Signal
from aswiki.domain.records.types import Line, Moment, Person, Section, TextOrFlag, Word, fact


class SalesSync(Part):
    """What sales told us, and how long after it happened."""

    sales_person: Person | None = fact("销售", whole=True, readers="bs", source="C14")
    with_whom: Person | None = fact("与谁")
    happened_at: Moment | None = fact("发生时间", whole=True, readers="bs", source="C14")
    synced_at: Moment | None = fact("同步时间", whole=True, readers="bs", source="C14")
    relevant_to_service: TextOrFlag | None = fact(
        "与服务相关", whole=True, readers="bs", source="C14"
    )


class Note(Record):
    """Something heard that belongs to no event or visit."""

    TYPE: ClassVar[str] = "note"
    FOLDER: ClassVar[str] = "notes"
    TIME_KEY: ClassVar[str | None] = "occurred_at"

    title: Line = fact("标题", required=True, readers="b")
    kind: Annotated[str, Word("note_kind")] = fact(
        "种类", required=True, readers="bs", source="B04, D06, C14"
    )
    occurred_at: Moment | None = fact("发生时间", whole=True, readers="bs")
    feeling: Feeling | None = fact("服务感受", kinds=("feeling",), whole=True, source="B04")
    signal: Signal | None = fact("信号", kinds=("signal",), whole=True, readers="bs", source="D06")
    sales_sync: SalesSync | None = fact(
        "销售同步", kinds=("sales_sync",), whole=True, readers="bs", source="C14"
    )
    customer_text: Section | None = fact("对客口径", section=True, readers="btc", source="B09, E04")

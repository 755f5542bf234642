"""What the eleven record types share: the base record, money, sources, evidence, promises, log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, model_validator

from aswiki.domain.records.types import (
    Amount,
    Code,
    Currency,
    Day,
    Department,
    Flag,
    Form,
    Line,
    Moment,
    Person,
    Ref,
    Section,
    Sentiment,
    Text,
    TextOrNumber,
    Word,
    fact,
    names_of,
)


class Part(BaseModel):
    """A mapping of known keys; ``x_`` keys are the user's own, a key without value is absent."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _leave_own_keys(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        known = _keys(cls)
        return {
            key: value
            for key, value in data.items()
            if not str(key).startswith("x_") and (value is not None or key not in known)
        }


@cache
def _keys(shape: type[Part]) -> frozenset[str]:
    return frozenset(info.alias or name for name, info in shape.model_fields.items())


class Money(Part):
    """An amount of one currency."""

    amount: Amount | None = fact("金额", readers="bs")
    currency: Currency | None = fact("币种", readers="bs")


class Who(Part):
    """A person, a department, or both."""

    person: Person | None = fact("人员")
    department: Department | None = fact("部门", readers="bp")


class Source(Part):
    """Where a record's content came from."""

    channel: Annotated[str, Word("channel")] | None = fact("渠道", source="B01")
    said_by: Person | None = fact("谁说的", source="B06")
    verbatim: Text | None = fact("原话", source="B06")
    confidence: Annotated[str, Word("confidence")] | None = fact("可信度")
    system: Text | None = fact("来源系统")
    id: Code | None = fact("来源编号")


class Evidence(Part):
    """An attachment or address that supports the record."""

    kind: Annotated[str, Word("evidence_kind")] | None = fact("种类", source="E08")
    file: Text | None = fact("文件", source="E08")
    url: Text | None = fact("网址")
    sha256: Text | None = fact("sha256", source="E08")
    captured_at: Moment | None = fact("取得时间")
    note: Text | None = fact("说明")


class Release(Part):
    """The leave to show a section's present text to one reader."""

    audience: Annotated[str, Word("reader")] = fact("读者", required=True, source="B09")
    field: Text | None = fact("字段")
    by: Person | None = fact("放行人")
    at: Moment | None = fact("放行时间")
    sha256: Text = fact("文本指纹", required=True, en="Text's sha256")


class ScanOk(Part):
    """Honest words that the leak scan of a customer text lets through."""

    text: Text = fact("文字", required=True)
    by: Person | None = fact("认可人")
    at: Moment | None = fact("认可时间")


class Related(Part):
    """This record *how* ref."""

    ref: Ref = fact("记录", required=True)
    how: Annotated[str, Word("how")] = fact("关系", required=True)


class Promise(Part):
    """What somebody of ours promised, and what became of it."""

    id: Text | None = fact("编号", readers="bps")
    what: Text | None = fact("承诺内容", whole=True, readers="bpstc", source="F02, C08")
    by: Who | None = fact("承诺人", whole=True, readers="bp", source="F02")
    to: Person | None = fact("对谁承诺")
    kind: Annotated[str, Word("promise_kind")] | None = fact("种类", readers="bps", source="E06")
    made_on: Day | None = fact("承诺日期", whole=True, readers="bps")
    due_on: Day | None = fact("到期日", readers="bpstc")
    in_writing: Flag | None = fact("有书面", readers="bps")
    authorised_by: Person | None = fact("批准人", source="E06")
    value: TextOrNumber | None = fact("价值", readers="bs", source="E06")
    sales_informed_on: Day | None = fact("告知销售日期", readers="bs", source="E06")
    side_effects: Text | None = fact("副作用", source="E06")
    customer_visible: Flag | None = fact("客户可见")
    status: Annotated[str, Word("promise_status")] | None = fact(
        "状态", readers="bpstc", source="C08"
    )
    kept_on: Day | None = fact("兑现日期", readers="bpstc")


class LogEntry(Part):
    """One entry of a record's log; its line form is in ``aswiki.domain.log``."""

    at: Moment = fact("时间", required=True)
    by: Person = fact("谁", required=True)
    kind: Annotated[str, Word("log_kind")] = fact("种类", required=True)
    from_: Person | None = fact("来自", alias="from")
    to: Person | None = fact("去向")
    level: Annotated[str, Word("escalation_level")] | None = fact("级别")
    text: Text = fact("内容", required=True)
    quote: Text | None = fact("原话")


class Compensation(Part):
    """What the customer wants for a loss and what came of it."""

    customer_intent: Text | None = fact("客户意向", source="A02")
    claimed: Amount | None = fact("主张金额", source="A02")
    agreed: Amount | None = fact("达成金额", source="A02")
    currency: Currency | None = fact("币种")
    status: Annotated[str, Word("compensation_status")] | None = fact("状态", source="A02")


class Feeling(Part):
    """What one person of the customer felt, about what, where and what for."""

    said_by: Person | None = fact("谁说的", whole=True, source="B06")
    about: Text | None = fact("关于", whole=True, source="B06")
    environment: Text | None = fact("环境", whole=True, source="B05")
    purpose: Text | None = fact("目的", whole=True, source="B05")
    verbatim: Text | None = fact("原话", whole=True, source="B04, B06")
    sentiment: Sentiment | None = fact("情绪", source="B04")


class Signal(Part):
    """A hint of what the customer may do next; its source is protected unless said otherwise."""

    kind: Annotated[str, Word("signal_kind")] | None = fact("种类", readers="bs", source="D06")
    claimed_reason: Text | None = fact("说法", source="D06")
    claimed_severity: Annotated[str, Word("severity")] | None = fact("声称等级", source="D06")
    platform_fault: Annotated[str, Word("platform_fault")] | None = fact(
        "真有故障还是嚷嚷", readers="bs", source="D06"
    )
    internal_positioning: Text | None = fact("客户内部定性", source="D07")
    protect_source: Flag | None = fact("保护来源", source="A12")
    advice: Text | None = fact("建议", readers="bs", source="A12")
    for_sales: Text | None = fact("给销售的话", readers="bs", source="A12")


class Retired(Part):
    """Why, by whom and when a record was withdrawn."""

    why: Text = fact("原因", required=True)
    by: Person = fact("撤下人", required=True)
    at: Moment = fact("撤下时间", required=True)


class Record(Part):
    """What every record carries; a type's own fields stand between title and owner in a file."""

    TYPE: ClassVar[str]
    FOLDER: ClassVar[str]
    TIME_KEY: ClassVar[str | None] = None
    STATUS: ClassVar[str | None] = None
    HEAD: ClassVar[tuple[str, ...]] = ("type", "title")

    type: Annotated[str, Word("record_type")] = fact("类型", required=True, readers="bpstc")
    title: Line = fact("标题", required=True, readers="bps")
    owner: Person | None = fact("负责人", source="E01")
    source: Source | None = fact("信息来源", source="B01")
    evidence: list[Evidence] = fact("证据", many=True, source="E08")
    related: list[Related] = fact("关联", many=True)
    promises: list[Promise] = fact("承诺", many=True, readers="bpstc", source="F02, C08")
    audience: list[Annotated[str, Word("reader")]] = fact("可见范围", many=True)
    sensitive: Flag | None = fact("政治敏感", source="B09")
    released_to: list[Release] = fact("放行", many=True, source="B09, E04")
    scan_ok: list[ScanOk] = fact("扫描放行", many=True, en="Scan passes")
    reviewed_on: Day | None = fact("复核日期", source="E09")
    tags: list[Text] = fact("标签", many=True)
    customer_text: Section | None = fact(
        "对客口径", section=True, readers="bpstc", source="B09, E04"
    )
    log: list[LogEntry] = fact("处理过程", section=True, many=True, source="E08, C10")


class Tombstone(Part):
    """What stays of a withdrawn record: what it was, when, and why it went."""

    type: Annotated[str, Word("record_type")] = fact("类型", required=True)
    title: Line = fact("标题", required=True)
    status: Text = fact("状态", required=True)
    retired: Retired = fact("撤下", required=True)
    started_at: Moment | None = fact("发生时间")
    received_at: Moment | None = fact("接收时间")
    occurred_at: Moment | None = fact("发生时间")
    period: Text | None = fact("月份")


@dataclass(frozen=True)
class About:
    """What is said about one field: its key in the file, labels, readers, needs, and its duties."""

    key: str
    en: str
    zh: str
    readers: tuple[str, ...]
    source: str
    required: bool
    whole: bool
    section: bool
    kinds: tuple[str, ...]
    names: str | None
    vocabulary: str | None
    part: type[Part] | None
    many: bool
    attribute: str
    form: str

    def headings(self) -> tuple[str, str]:
        """The English and the Chinese heading of a section."""
        return self.en, self.zh


@cache
def abouts(model: type[Part]) -> dict[str, About]:
    """Everything said about a model's fields, by key, in the order of a new file."""
    found = {}
    for attribute in _ordered(model):
        info = model.model_fields[attribute]
        said: dict[str, Any] = (
            info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        )
        key = info.alias or attribute
        inside = list(_annotations(info.annotation, list(info.metadata)))
        found[key] = About(
            key=key,
            en=said.get("x-en") or key.replace("_", " ").capitalize(),
            zh=said["x-zh"],
            readers=tuple(said["x-readers"]),
            source=said["x-source"],
            required=info.is_required(),
            whole=said["x-whole"],
            section=said["x-section"],
            kinds=tuple(said["x-kinds"]),
            names=next((n for _, meta in inside if (n := names_of(meta))), None),
            vocabulary=next(
                (item.vocabulary for _, meta in inside for item in meta if isinstance(item, Word)),
                None,
            ),
            part=next((t for t, _ in inside if isinstance(t, type) and issubclass(t, Part)), None),
            many=any(t is list for t, _ in inside),
            attribute=attribute,
            form=_form(inside),
        )
    return found


def _form(inside: list[tuple[object, list[object]]]) -> str:
    """How a typed value is read: its annotation's form, ``word``, or the empty text."""
    marks = [item for _, metadata in inside for item in metadata]
    if any(isinstance(item, Word) for item in marks):
        return "word"
    return next((item.name for item in marks if isinstance(item, Form)), "")


def _ordered(model: type[Part]) -> list[str]:
    names = list(model.model_fields)
    if not issubclass(model, Record):
        return names
    shared = list(Record.model_fields)
    own = [name for name in names if name not in shared]
    head = list(Record.HEAD)
    return head + own + [name for name in shared if name not in head]


def _annotations(
    annotation: object, metadata: list[object]
) -> Iterator[tuple[object, list[object]]]:
    """Every type inside an annotation with the metadata on the way to it."""
    inner = getattr(annotation, "__metadata__", None)
    if inner is not None:
        yield from _annotations(annotation.__origin__, metadata + list(inner))  # type: ignore[attr-defined]
        return
    origin = getattr(annotation, "__origin__", None)
    yield (origin or annotation), metadata
    for argument in getattr(annotation, "__args__", ()):
        yield from _annotations(argument, metadata)

"""The wiki's two settings files as models: aswiki.toml and people.toml."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, WithJsonSchema

from aswiki.domain.records.common import Part
from aswiki.domain.records.types import (
    Amount,
    Count,
    Currency,
    Day,
    Flag,
    Percent,
    Text,
    Word,
    fact,
    wrong,
)
from aswiki.lang import _

SCHEMA_VERSION = 1


def _schema(value: object) -> object:
    if value != SCHEMA_VERSION:
        raise wrong(
            "ASW150",
            _("The schema {value} is not known to this version.").format(value=value),
            _("Install the aswiki that made this wiki."),
        )
    return value


def _zone(value: object) -> object:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise wrong(
            "ASW150",
            _("There is no time zone {value}.").format(value=value),
            _("Give its IANA name, for instance Asia/Shanghai or UTC."),
        ) from None
    return value


Zone = Annotated[str, BeforeValidator(_zone), WithJsonSchema({"type": "string"})]


class WikiSettings(Part):
    """``[wiki]``: what the wiki is called and how it speaks, counts and dates."""

    schema_: Annotated[int, BeforeValidator(_schema)] = fact(
        "模式版本", alias="schema", required=True, en="Schema version, 1"
    )
    name: Text | None = fact("名称", en="Name, shown in reports")
    lang: Literal["zh", "en"] | None = fact("语言", en="Language of new files and reports")
    timezone: Zone | None = fact("时区", en="IANA time zone of times without offset")
    currency: Currency | None = fact("币种", en="Currency of amounts without one")


class RivalsSettings(Part):
    """``[rivals]``: the names that no report to a customer may hold."""

    names: list[Text] = fact("友商名称", many=True, en="Names of other vendors")


class ThresholdSettings(Part):
    """``[thresholds]``: from where on a swing of spend fires."""

    percent: Percent | None = fact("百分比阈值", en="Percent of the expected value")
    share_percent: Percent | None = fact("占月均比例", en="Percent of the customer's mean month")
    amount: Amount | None = fact("金额阈值", en="Amount in the currency")
    by_level: dict[str, dict[str, Amount]] | None = fact(
        "按账户级别", en="The same keys by account level"
    )


class CadenceSettings(Part):
    """``[cadence]``: days until a part counts as not kept (rule 19)."""

    profile: Count | None = fact("档案", en="Days a profile stays fresh, 90")
    credit: Count | None = fact("信用", en="Days the credit stays fresh, 30")
    contacts: Count | None = fact("联系人", en="Days the contacts stay fresh, 180")
    architecture: Count | None = fact("架构", en="Days an architecture stays fresh, 180")
    usage_day: Count | None = fact("用量到位日", en="Day of the month the usage is due, 5")
    visit_weekly: Count | None = fact("每周拜访", en="Days between weekly visits, 7")
    visit_monthly: Count | None = fact("每月拜访", en="Days between monthly visits, 31")
    visit_quarterly: Count | None = fact("每季拜访", en="Days between quarterly visits, 92")
    visit_half_yearly: Count | None = fact("半年拜访", en="Days between half-yearly visits, 183")
    visit_annual: Count | None = fact("年度拜访", en="Days between annual visits, 366")


class ClockSettings(Part):
    """``[clock]``: how fast old bugs and new requirements must move."""

    fast_hours: Count | None = fact("快钟小时", en="Hours for old bugs and broken promises, 24")
    slow_days: Count | None = fact("慢钟天数", en="Days for new requirements, 14")


class AudienceSettings(Part):
    """``[audiences]``: what the leak scan looks for and lets through."""

    words: list[Text] = fact("敏感词", many=True, en="Words that stop a report to a customer")
    not_a_leak: list[Text] = fact("不算泄露", many=True, en="Words that are let through")
    show_sla_credit: Flag | None = fact("展示SLA赔付", en="Show the SLA credit to customers")


class HolidaySettings(Part):
    """``[holidays]``: days off besides weekends, and weekends that are worked."""

    days: list[Day] = fact("节假日", many=True, en="Days off, YYYY-MM-DD")
    workdays: list[Day] = fact("调休上班日", many=True, en="Weekend days that are worked")


class TsaSettings(Part):
    """``[tsa]``: the time-stamping authorities."""

    urls: list[Text] = fact("时间戳服务", many=True, en="RFC 3161 addresses")
    certificates: list[Text] = fact("时间戳证书", many=True, en="Files of the roots to trust, PEM")


class AnchorSettings(Part):
    """``[anchor]``: when an anchor is made besides ``aswiki anchor``."""

    on: list[Literal["handover", "export", "daily"]] = fact(
        "锚定时机", many=True, en="Occasions: handover, export, daily"
    )


class BillingSettings(Part):
    """``[billing]``: how bills are read."""

    map: Text | None = fact("账单映射", en="Mapping used when none is named")


class IndexSettings(Part):
    """``[index]``: where the index lives."""

    url: Text | None = fact("索引地址", en="Database URL; empty: a file beside the wiki")


class Settings(Part):
    """``aswiki.toml``: a wiki's settings."""

    wiki: WikiSettings = fact("知识库", required=True)
    vocabulary: dict[str, dict[str, dict[str, str] | str]] | None = fact(
        "词汇", en="Words added to a vocabulary: [vocabulary.event_kind] audit = {en, zh}"
    )
    rivals: RivalsSettings | None = fact("友商")
    thresholds: ThresholdSettings | None = fact("阈值")
    cadence: CadenceSettings | None = fact("维护节奏")
    clock: ClockSettings | None = fact("时钟")
    audiences: AudienceSettings | None = fact("读者")
    holidays: HolidaySettings | None = fact("节假日")
    tsa: TsaSettings | None = fact("时间戳")
    anchor: AnchorSettings | None = fact("锚点")
    billing: BillingSettings | None = fact("账单")
    index: IndexSettings | None = fact("索引")


class Colleague(Part):
    """``[people.<id>]``: one of our people; git finds them by their e-mail."""

    name: Text = fact("姓名", required=True)
    aliases: list[Text] = fact("别名", many=True)
    department: Text | None = fact("部门", en="Department, a slug of [departments]")
    role: Annotated[str, Word("role")] | None = fact("角色")
    emails: list[Text] = fact("邮箱", many=True, en="E-mails, as git knows the person")


class OurDepartment(Part):
    """``[departments.<slug>]``: one of our departments."""

    name: Text = fact("名称", required=True)
    kind: Annotated[str, Word("department_kind")] | None = fact("性质")


class People(Part):
    """``people.toml``: our people and departments."""

    people: dict[str, Colleague] | None = fact("人员")
    departments: dict[str, OurDepartment] | None = fact("部门")

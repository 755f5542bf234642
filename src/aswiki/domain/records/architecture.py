"""Part 3: the customer's business architecture, the vendors' shares and the customer's verdict."""

from __future__ import annotations

from typing import Annotated, ClassVar

from aswiki.domain.records.common import Part, Record
from aswiki.domain.records.types import (
    Code,
    Day,
    Percent,
    Person,
    ProductName,
    Rating,
    Section,
    Text,
    TextOrNumber,
    Word,
    fact,
)


class Component(Part):
    """One piece of a workload and who provides it: ours, a rival's name, or self_hosted."""

    name: Text | None = fact("名称", readers="bp")
    layer: Text | None = fact("层次", readers="bp")
    provider: Text | None = fact("提供方", readers="bp", source="P3")
    product: ProductName | None = fact("产品", readers="bp")
    region: Text | None = fact("地域", readers="bp")
    size: Code | None = fact("规模", readers="bp")


class Workload(Part):
    """One business of the customer and what it runs on."""

    name: Text = fact("名称", required=True, readers="bp")
    purpose: Text | None = fact("目的", whole=True, readers="bp", source="B05")
    criticality: TextOrNumber | None = fact("重要程度", readers="bp")
    components: list[Component] = fact("组件", many=True, readers="bp", source="P3")
    owner_contact: Person | None = fact("客户负责人")


class VendorShare(Part):
    """One vendor's share of the customer's spend, in percent."""

    provider: Text = fact("厂商", required=True, readers="bps", source="P3")
    percent: Percent | None = fact("占比", readers="bps", source="P3")
    basis: Text | None = fact("依据", readers="bps")
    as_of: Day | None = fact("截至", readers="bps")


class Assessment(Part):
    """The customer's verdict on one aspect of a product."""

    product: ProductName | None = fact("产品", whole=True, readers="bp", source="P3")
    aspect: Annotated[str, Word("aspect")] | None = fact("方面", whole=True, readers="bp")
    rating: Rating | None = fact("评分", readers="bp")
    compared_with: Text | None = fact("对比对象", readers="bp")
    environment: Text | None = fact("环境", whole=True, readers="bp", source="B05")
    purpose: Text | None = fact("目的", whole=True, readers="bp", source="B05")
    said_by: Person | None = fact("谁说的", whole=True, source="B06")
    text: Text | None = fact("内容", readers="bp")
    verbatim: Text | None = fact("原话", source="B06")


class Architecture(Record):
    """Part 3: workloads, vendor shares, verdicts and a diagram."""

    TYPE: ClassVar[str] = "architecture"
    FOLDER: ClassVar[str] = ""

    workloads: list[Workload] = fact(
        "业务负载", many=True, whole=True, readers="bp", source="P3, D10"
    )
    vendor_shares: list[VendorShare] = fact("厂商份额", many=True, readers="bps", source="P3")
    assessments: list[Assessment] = fact("客户评价", many=True, readers="bp", source="P3")
    diagram: Section | None = fact("架构图", section=True, readers="bp", source="P3")

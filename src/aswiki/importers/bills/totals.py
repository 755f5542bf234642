"""Rows of a bill that only sum up the others."""

from __future__ import annotations

import re

TOTAL = (
    r"^\s*(?:(?:本页|本月|当月|账单|费用|以上)?(?:合计|总计|小计|共计|汇总)(?:金额|费用)?"
    r"|[Gg]rand [Tt]otal|[Ss]ub-?[Tt]otal|[Tt]otal|TOTAL)\s*[:：]?\s*$"
)
_TOTAL = re.compile(TOTAL)


def is_total(text: str | None) -> bool:
    """Whether a cell says that its row is a total of others."""
    return bool(text) and _TOTAL.match(text or "") is not None

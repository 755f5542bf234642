"""What a report rests on besides one customer's records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aswiki.domain.dues.pace import Pace
from aswiki.domain.records.common import Record
from aswiki.domain.sla.workdays import Workdays
from aswiki.domain.spending.series import Limits


@dataclass(frozen=True)
class Ground:
    """The people, words, settings and shared pages of a wiki.

    Args:
        colleagues: a colleague's id → their department, where it is known.
        departments: a department's slug → its kind.
        names: every casefolded name of a colleague or department → their id or slug.
        severities: the words for a severity, the gravest first.
        currency: the currency of amounts without one.
        limits: from where on a swing of spend fires.
        workdays: the days that are worked.
        shared: products and lessons by reference.
        pace: how long an open matter may stand still.
        own: the ids and departments that the reader is, for rows shown to their own only.
        show_sla_credit: whether a customer is shown what an outage owes them.
    """

    colleagues: Mapping[str, str | None] = field(default_factory=dict)
    departments: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    severities: Sequence[str] = ("P0", "P1", "P2", "P3", "P4")
    currency: str = "CNY"
    limits: Limits = field(default_factory=Limits)
    workdays: Workdays = field(default_factory=Workdays)
    shared: Mapping[str, Record] = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)
    own: frozenset[str] = frozenset()
    show_sla_credit: bool = False

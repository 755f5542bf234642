"""A report as plain data: its head, then the sections of its reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aswiki.domain.records import customer_of, reference
from aswiki.domain.records.common import Record
from aswiki.domain.reports.ground import Ground
from aswiki.domain.reports.monthly import monthly_report, numbers
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.sections import sections
from aswiki.domain.reports.sight import Sight


@dataclass(frozen=True)
class Origin:
    """Where a report's facts come from.

    Args:
        wiki: the wiki's name, empty where it has none.
        as_of: the moment asked for; None for the present.
        commit: the revision read, or the one the working folder stands on; None without any.
        uncommitted: files of the working folder that differ from that commit.
        records: how many records of customers were read.
        skipped: the paths of files that could not be read.
        receipt: the line of the newest anchor; None until there is one.
    """

    wiki: str = ""
    as_of: datetime | None = None
    commit: str | None = None
    uncommitted: int = 0
    records: int = 0
    skipped: tuple[str, ...] = ()
    receipt: str | None = None


def sights(
    records: Mapping[str, Mapping[str, Record]], reader: str, period: Period, ground: Ground
) -> list[Sight]:
    """Every customer as the reader may see them, by slug."""
    return [Sight(reader, slug, period, own, ground) for slug, own in sorted(records.items())]


def document(
    found: Sequence[Sight], period: Period, reader: str, ground: Ground, origin: Origin
) -> dict[str, Any]:
    """The report on the customers in sight: the contract of its JSON, and what a template is given.

    Times, dates and decimals are still values. To a customer the head says as-of and receipt alone.

    Args:
        found: the customers; one where the reader is sales or a customer.
        period: what the report is about.
        reader: a key of the vocabulary ``reader``.
        ground: what it rests on besides the records.
        origin: where the facts come from.
    """
    one = found[0] if len(found) == 1 else None
    head: dict[str, Any] = {
        "period": period.key,
        "kind": period.kind,
        "for": reader,
        "customer": one.customer if one else None,
        "name": one.name if one else None,
        "as_of": _as_of(period, origin),
        "receipt": origin.receipt,
    }
    if one is None or not one.is_customer:
        skipped = _skipped(found, origin)
        head |= {
            "wiki": origin.wiki,
            "commit": origin.commit,
            "uncommitted": origin.uncommitted,
            "records": sum(len(sight.whole) for sight in found),
            "skipped_count": len(skipped),
        }
        if reader == "boss":
            head["skipped"] = skipped
    if reader == "boss":
        head |= numbers(monthly_report({s.customer: s.open for s in found}, period, ground))
    return head | {"sections": sections(found)}


def _as_of(period: Period, origin: Origin) -> datetime | date:
    """The moment up to which things are known; the day where only the clock says more.

    The clock is no part of a report: two that are made on the same day are the same.
    """
    if origin.as_of is not None:
        return origin.as_of
    known = period.as_of.astimezone(period.zone)
    return known if period.end <= known and origin.commit is not None else known.date()


def _skipped(found: Sequence[Sight], origin: Origin) -> list[str]:
    """The files of these customers, or of none, that could not be read.

    A file's name repeats a title that nobody could check for its readers: the boss alone hears it.
    """
    own = {None, *(sight.customer for sight in found)}
    return [path for path in origin.skipped if customer_of(reference(path)) in own]

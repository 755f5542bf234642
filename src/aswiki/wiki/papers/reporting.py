"""The use case ``report``: a period of the working folder, or of a revision, for one reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aswiki.domain.readers.narrowing import CUSTOMERS
from aswiki.domain.reports.document import document, sights
from aswiki.domain.reports.period import Period
from aswiki.domain.reports.sight import Sight
from aswiki.domain.times import when
from aswiki.errors import BadInput, NotFound, Unusable
from aswiki.lang import _
from aswiki.wiki import lookup
from aswiki.wiki.papers.layouts import layouts
from aswiki.wiki.papers.leak_check import Found, LeakCheck
from aswiki.wiki.papers.printing import Print
from aswiki.wiki.papers.snapshot import Progress, Snapshot
from aswiki.wiki.wiki import Wiki

if TYPE_CHECKING:
    from aswiki.render.markdown import Layouts

ONE_CUSTOMER = CUSTOMERS | {"sales"}
"""Readers of whom each document holds one customer alone."""


@dataclass(frozen=True)
class Span:
    """The days a report is asked for, as typed; one of the four ways to say them.

    Args:
        month: ``2026-10``, or a phrase such as ``上个月``.
        quarter: ``2026-Q4``.
        year: ``2026``.
        days: the first and the last day.
    """

    month: str | None = None
    quarter: str | None = None
    year: str | None = None
    days: tuple[str, str] | None = None


@dataclass(frozen=True)
class Asked:
    """What a report is asked for.

    Args:
        span: its days.
        customers: as typed; none for all.
        reader: a reader's key or label.
        own: the person or department who reads, for rows shown to their own only.
        as_of: a day or a revision as typed; None for the working folder as it is.
    """

    span: Span
    customers: Sequence[str] = ()
    reader: str = "boss"
    own: str | None = None
    as_of: str | None = None


@dataclass(frozen=True)
class Report:
    """One document of a report, and those whom it is about.

    Args:
        document: the report as plain data.
        found: its customers as the reader may see them.
        period: what it is about.
    """

    document: Mapping[str, Any]
    found: Sequence[Sight]
    period: Period

    @property
    def name(self) -> str:
        """The name of its file, without an ending."""
        parts = (self.document["period"], self.document["customer"], self.document["for"])
        return "-".join(part for part in parts if part)

    @property
    def for_template(self) -> dict[str, Any]:
        """The document, and what of its head a section's template is given."""
        keys = ("period", "kind", "for", "as_of", "customer")
        head = {key: self.document[key] for key in keys}
        head |= {"wiki": self.document.get("wiki", ""), "single": len(self.found) == 1}
        return {**self.document, "reader": self.document["for"], "report": head}

    def print(self, laid: Layouts) -> Print:
        """The report laid out by the templates of a language.

        Raises:
            Unusable: a template of the wiki's own cannot be used.
        """
        from aswiki.render.report_charts import charts
        from aswiki.render.report_sheets import sheets
        from aswiki.render.report_title import title

        language = laid.names.language
        source = laid.markdown(f"reports/report.{language}.md.j2", self.for_template)
        return Print(
            name=self.name,
            title=title(self.document, laid.names),
            language=language,
            source=source,
            document=self.document,
            epoch=int(self.period.end.timestamp()),
            charts=charts(self.document, laid.names),
            sheets=lambda: sheets(self.document, laid.names),
        )


@dataclass(frozen=True)
class Reports:
    """What was asked for: one document, or one a customer.

    Args:
        wiki: the open wiki.
        reports: the documents.
        snapshot: the records they were made from.
        reader: the reader's key.
    """

    wiki: Wiki
    reports: Sequence[Report]
    snapshot: Snapshot
    reader: str

    def formed(
        self,
        form: str,
        language: str,
        reference: bytes | None = None,
        progress: Progress = lambda _done, _total: None,
    ) -> tuple[dict[str, bytes], list[Found]]:
        """Every document in a form, by its name; none of them where anything must not leave.

        Args:
            form: one of ``printing.FORMS``.
            language: zh or en.
            reference: a Word document whose styles a docx takes.
            progress: told how many documents are done, and of how many.

        Raises:
            BadInput: there is no such form, or the Word document cannot be taken.
            Unusable: what makes the form is not installed, or a template cannot be used.
        """
        laid = layouts(self.wiki, language, self.snapshot.records)
        made: dict[str, bytes] = {}
        found: list[Found] = []
        for done, one in enumerate(self.reports, 1):
            check = LeakCheck(one.found, self.reader, self.snapshot.checker.secrets)
            stopped = check.before(one.document["sections"])
            if not stopped:
                printed = one.print(laid)
                made[one.name] = printed.formed(form, reference)
                stopped = check.after(form, made[one.name], printed.title, one.name)
            found += stopped
            progress(done, len(self.reports))
        return ({}, found) if found else (made, found)

    def withheld(self) -> Iterator[tuple[str, str, str]]:
        """What the reader was not shown of the customers' records: reference, dotted key, why."""
        for one in self.reports:
            for sight in one.found:
                for ref in sight.whole:
                    for key, why in sight.withheld(ref):
                        yield ref, key, why


def report(wiki: Wiki, asked: Asked, progress: Progress = lambda _done, _total: None) -> Reports:
    """The report that is asked for; ``progress`` is told the files read and their total.

    Raises:
        BadInput: the period or the reader is unclear, or no customer is named where one must be.
        NotFound: no such customer or revision.
        Unusable: ``--as-of`` without a repository.
    """
    reader = _reader(wiki, asked.reader)
    now = wiki.now()
    span = _period(wiki, asked.span, now)
    customers = sorted({lookup.customer(wiki, words) for words in asked.customers})
    if reader in ONE_CUSTOMER and not customers:
        raise BadInput(
            "no-customer",
            _("A report for {reader} is about one customer, and none is named.").format(
                reader=reader
            ),
            _("Name the customer, or several with --out FOLDER: one document each."),
        )
    snapshot = Snapshot(wiki, customers, asked.as_of, progress)
    _require_there(snapshot, customers)
    period = replace(span, as_of=_as_of(snapshot, span))
    ground = snapshot.ground(asked.own)
    found = sights(snapshot.records, reader, period, ground)
    groups = [[one] for one in found] if reader in ONE_CUSTOMER else [found]
    made = [
        Report(document(group, period, reader, ground, snapshot.origin), group, period)
        for group in groups
    ]
    return Reports(wiki, made, snapshot, reader)


def _require_there(snapshot: Snapshot, customers: Sequence[str]) -> None:
    gone = [slug for slug in customers if slug not in snapshot.records]
    if gone:
        raise NotFound(
            "no-such-customer",
            _("There was no customer {customer} at that time.").format(customer=gone[0]),
            _("Take a later --as-of, or leave it out."),
        )


def _reader(wiki: Wiki, words: str) -> str:
    reader = wiki.vocabulary.key("reader", words)
    known = [key for key in wiki.vocabulary.words("reader") if key != "team"]
    if reader not in known:
        raise BadInput(
            "unknown-reader",
            _("There is no reader {reader}.").format(reader=words),
            _("Choose one of: {choices}").format(choices=", ".join(known)),
        )
    return reader


def _period(wiki: Wiki, span: Span, now: datetime) -> Period:
    if span.quarter is not None:
        found = Period.of_quarter(span.quarter, wiki.zone, now)
        return _said(found, span.quarter, _("Write it as 2026-Q4."))
    if span.year is not None:
        return _said(Period.of_year(span.year, wiki.zone, now), span.year, _("Write it as 2026."))
    if span.days is not None:
        first, last = (when.day(words, now, wiki.zone) for words in span.days)
        if last < first:
            raise BadInput(
                "bad-period",
                _("The period ends on {last}, before it begins on {first}.").format(
                    first=first, last=last
                ),
                _("Give the first day with --from and the last with --to."),
            )
        return Period.of_days(first, last, wiki.zone, now)
    return Period.of_month(when.month(span.month or "", now, wiki.zone), wiki.zone, now)


def _said(found: Period | None, words: str, hint: str) -> Period:
    if found is None:
        raise BadInput("bad-period", _("{words} is no period.").format(words=words), hint)
    return found


def _as_of(snapshot: Snapshot, period: Period) -> datetime:
    """The moment up to which things are known.

    For a period that is over it is that of the last commit, so that the same commit makes the
    same report on every day.
    """
    now = snapshot.now
    if snapshot.as_of is not None or period.end > now or snapshot.origin.commit is None:
        return now
    return max(period.end, min(now, _last_commit(snapshot) or now))


def _last_commit(snapshot: Snapshot) -> datetime | None:
    try:
        log = snapshot.wiki.repository.log(limit=1)
    except Unusable:
        return None
    return log[0].at if log else None

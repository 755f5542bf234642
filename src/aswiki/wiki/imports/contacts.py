"""Contacts of a table or of vCards, put into their customers' profiles in one commit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from aswiki.domain.checks.schema import read_part
from aswiki.domain.records.profile import Contact
from aswiki.errors import BadInput
from aswiki.importers.entries import Entry
from aswiki.importers.incidents import Rejection
from aswiki.lang import _
from aswiki.wiki import lookup
from aswiki.wiki.checks.checking import Checked
from aswiki.wiki.drafting import Asked, with_edits
from aswiki.wiki.imports.roll import Roll
from aswiki.wiki.imports.tables import (
    Count,
    Progress,
    Register,
    Told,
    Unmatched,
    Wanted,
    finished,
    source_of,
)
from aswiki.wiki.people import writer
from aswiki.wiki.revising import Redrafted, Revision, redrafted
from aswiki.wiki.saving import Operation, Saved, save, writing
from aswiki.wiki.wiki import Wiki


def import_contacts(
    wiki: Wiki,
    wanted: Wanted,
    asked: Asked,
    *,
    told: Told = lambda _rejection: None,
    progress: Progress = lambda _done, _total: None,
) -> Saved:
    """Every contact of a file that its customer's profile does not hold yet, in one commit.

    Of a contact that is there only empty fields are filled. ``Saved.more`` has ``rows``,
    ``rejected``, ``records``, ``sums`` and ``unmatched``.

    Args:
        wiki: the open wiki.
        wanted: the file, its map, and the customer of rows that name none.
        asked: ``--set`` and its like go into every profile that a row names.
        told: is given every row that could not be taken, in the file's order.
        progress: is told how many of how many profiles are drafted.

    Raises:
        BadInput: file or map cannot be read; no row could be taken; with ``strict`` one not.
        NotFound: no such customer.
        Unusable: what reads such a file is not installed.
    """
    source = source_of(wiki, wanted, "contacts")
    with writing(wiki, dry_run=asked.dry_run):
        customer = lookup.customer(wiki, wanted.customer) if wanted.customer else None
        sorting = _Sorting(wiki, customer)
        for row in source.rows:
            sorting.add(row)
        drafts = _Drafts(wiki, asked)
        for done, (slug, entries) in enumerate(sorting.by_customer.items(), start=1):
            drafts.add(slug, entries)
            progress(done, len(sorting.by_customer))
        rejected = sorted([*sorting.rejected, *drafts.rejected], key=lambda one: one.row)
        for rejection in sorted([*rejected, *sorting.strangers()], key=lambda one: one.row):
            told(rejection)
        count = Count(
            len(source.rows), drafts.records, drafts.known, len(rejected), sorting.unmatched
        )
        count.require_some(strict=wanted.strict)
        saved = drafts.saved(wanted.file.name)
    return finished(saved, count, [*source.warnings, *source.notes, *drafts.warnings])


class _Sorting:
    """The rows of a file by the customers they name."""

    def __init__(self, wiki: Wiki, customer: str | None) -> None:
        self.wiki = wiki
        self.customer = customer
        self.by_customer: dict[str, list[Entry]] = {}
        self.rejected: list[Rejection] = []
        self.unmatched: list[Unmatched] = []
        self._register = Register(lookup.named_customers(wiki))

    def add(self, row: Entry | Rejection) -> None:
        """Sort one row in."""
        if isinstance(row, Rejection):
            self.rejected.append(row)
            return
        fields = dict(row.fields)
        named = str(fields.pop("customer", ""))
        try:
            slug = self._slug(named)
            self._require_valid(row.name, fields)
        except BadInput as wrong:
            self.rejected.append(Rejection(row.row, row.name, wrong.message))
            return
        if slug is None:
            self.unmatched.append(Unmatched(row.row, named, row.name))
        else:
            own = Entry(row.row, row.name, fields)
            self.by_customer.setdefault(slug, []).append(own)

    def strangers(self) -> Iterator[Rejection]:
        """The rows of customers that nobody knows, as they are told."""
        for one in self.unmatched:
            said = _("there is no customer {words}").format(words=one.customer)
            yield Rejection(one.row, one.name, said)

    def _slug(self, named: str) -> str | None:
        """Whose contact it is; None where the customer is not known."""
        found = self._register.find(named)
        if self.customer is not None:
            if found and self.customer not in found:
                said = _("it is a contact of {named}, not of {customer}")
                raise BadInput("other", said.format(named=named, customer=self.customer))
            return self.customer
        if not named:
            raise BadInput("missing", _("it names no customer, and --customer is not given"))
        if len(found) > 1:
            said = _("{words} could be: {candidates}.")
            raise BadInput("several", said.format(words=named, candidates=", ".join(found)))
        return found[0] if found else None

    def _require_valid(self, name: str, fields: dict[str, object]) -> None:
        _part, findings = read_part(Contact, {"name": name, **fields}, self.wiki.reading)
        if findings:
            key = ".".join(map(str, findings[0].loc))
            told = f"{key}: {findings[0].message} {findings[0].hint}".rstrip()
            raise BadInput(findings[0].code, told)


@dataclass
class _Drafts:
    """The profiles about to be written."""

    wiki: Wiki
    asked: Asked
    records: int = 0
    known: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    redrafts: list[Redrafted] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._who = writer(self.wiki)

    def add(self, slug: str, entries: list[Entry]) -> None:
        """Draft the profile of one customer; where it cannot be written, its rows are rejected."""
        rolls: list[Roll] = []

        def edit(before: Checked, _who: str) -> str:
            present = before.fields.get("contacts")
            rolls.append(Roll(present if isinstance(present, list) else ()))
            for entry in entries:
                rolls[0].add(entry)
            return with_edits(before.document.text, rolls[0].edits())

        try:
            revision = Revision("import", "import", edit)
            redraft = redrafted(self.wiki, f"{slug}/profile", self.asked, revision, self._who)
        except BadInput as wrong:
            self.rejected += [Rejection(one.row, one.name, wrong.message) for one in entries]
            return
        self.records += rolls[0].changed
        self.known += rolls[0].unchanged
        self.warnings += [*rolls[0].warnings, *redraft.warnings]
        if redraft.change.before != redraft.change.after:
            self.redrafts.append(redraft)

    def saved(self, file: str) -> Saved:
        """Everything written as one commit."""
        changes = [one.change for one in self.redrafts]
        if changes and self._who.change is not None:
            changes.append(self._who.change)
        if changes and self._who.warning:
            self.warnings.append(self._who.warning)
        contacts = "contact" if self.records == 1 else "contacts"
        customers = "customer" if len(self.redrafts) == 1 else "customers"
        subject = (
            f"import: {self.records} {contacts} of {len(self.redrafts)} {customers} from {file}"
        )
        operation = Operation("import", subject)
        return save(self.wiki, changes, operation, dry_run=self.asked.dry_run)

"""Bills put on their customers' usage pages: every file of a command, all pages in one commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.store import packaged
from aswiki.wiki import lookup
from aswiki.wiki.drafting import Asked
from aswiki.wiki.imports.bill_accounts import (
    Sorting,
    Unmatched,
    rejected_of,
    sums_of,
    without_sub_accounts,
)
from aswiki.wiki.imports.incidents import MAPS, map_names
from aswiki.wiki.imports.usage_pages import UsagePages
from aswiki.wiki.saving import Saved, writing
from aswiki.wiki.wiki import Wiki

if TYPE_CHECKING:
    from aswiki.importers.bills.bill import Bill
    from aswiki.importers.incidents import Rejection

SHOWN = 20
"""From how many accounts on those that went to no page are told by billing account alone."""

Progress = Callable[[int, int], None]
Told = Callable[[str, "Rejection | Unmatched"], None]
"""Is given the file's name and a row of it, or an empty name and rows of no known customer."""


@dataclass(frozen=True)
class Wanted:
    """What an import of bills is asked for.

    Args:
        files: the bills; a link is followed.
        customer: who gets all rows, as typed; else the accounts decide.
        map_name: the map of columns, for a bill that is not FOCUS.
        strict: whether one row that cannot be taken stops the import.
    """

    files: Sequence[Path]
    customer: str | None = None
    map_name: str | None = None
    strict: bool = False


class _Count(NamedTuple):
    """What became of the rows."""

    rows: int
    rejected: int
    unmatched: Sequence[Unmatched]

    def require_some(self, retired: Sequence[str], *, strict: bool) -> None:
        """Refuse where no row was taken though some should, or with ``strict`` any was not.

        Args:
            retired: the paths of retired pages that rows would have gone to.
            strict: whether one row that cannot be taken is too many.
        """
        alien = sum(one.rows for one in self.unmatched)
        bad = self.rejected + alien
        if not bad or not (strict or bad >= self.rows):
            return
        message = _(
            "Rows: {rows}. Cannot be taken: {rejected}. Of no customer: {unmatched}. "
            "Nothing was written."
        )
        hint = _("Leave --strict out to take the others.")
        if retired:
            hint = _("{path} is retired. Take that back with aswiki undo, then import again.")
            hint = hint.format(path=retired[0])
        elif bad >= self.rows and alien:
            hint = _("Name the customer with --customer, or put the account into their profile.")
        elif bad >= self.rows:
            hint = _("The rows above say why; docs/imports.md says what each column takes.")
        said = message.format(rows=self.rows, rejected=self.rejected, unmatched=alien)
        raise BadInput("rejected", said, hint)


def import_focus(
    wiki: Wiki,
    wanted: Wanted,
    asked: Asked,
    *,
    told: Told = lambda _name, _row: None,
    progress: Progress = lambda _done, _total: None,
) -> Saved:
    """The usage pages of the customers in files of FOCUS, in one commit.

    ``Saved.more`` has ``rows``, ``rejected``, ``records``, ``sums`` and ``unmatched``.

    Args:
        wiki: the open wiki.
        wanted: the files, and the customer where all rows are one's.
        asked: ``--set`` and its like go into every page.
        told: is given what went to no page.
        progress: is told how much of how much is read, then drafted.

    Raises:
        BadInput: a file cannot be read; no row could be taken; with ``strict`` one not; two
            customers hold one account.
        NotFound: no such customer.
        Unusable: a page has uncommitted hand edits; what reads such a file is not installed.
    """
    from aswiki.importers.bills.focus import focus

    bills = _read(wanted, lambda file: focus(file, progress))
    return _imported(wiki, wanted, bills, asked, told, progress)


def import_bill(
    wiki: Wiki,
    wanted: Wanted,
    asked: Asked,
    *,
    told: Told = lambda _name, _row: None,
    progress: Progress = lambda _done, _total: None,
) -> Saved:
    """The usage pages of the customers in bills of any columns, read by a map, in one commit.

    Everything else is as with ``import_focus``.
    """
    from aswiki.importers.bills.mapped import bill

    maps = maps_of(wiki, wanted.map_name)
    bills = _read(wanted, lambda file: bill(file, maps, progress))
    return _imported(wiki, wanted, bills, asked, told, progress)


def _read(wanted: Wanted, read: Callable[[Path], Bill]) -> list[Bill]:
    """The bills; of several the one that cannot be read is named."""
    found = []
    for file in wanted.files:
        try:
            found.append(read(file))
        except BadInput as error:
            if len(wanted.files) == 1 or file.name in error.message:
                raise
            said = _("{file}: {message}").format(file=file.name, message=error.message)
            raise BadInput(error.code, said, error.hint) from error
    return found


def default_map(wiki: Wiki) -> str | None:
    """The map of ``[billing] map``."""
    billing = wiki.settings.get("billing")
    name = billing.get("map") if isinstance(billing, dict) else None
    return str(name) if name else None


def maps_of(wiki: Wiki, name: str | None) -> list[tuple[str, bytes]]:
    """The maps of that name, or of ``[billing] map``: the wiki's own, then the packaged one.

    Raises:
        BadInput: no name is given and the settings hold none, or there is no such map.
    """
    name = name or default_map(wiki)
    if not name:
        raise BadInput(
            "missing-argument",
            _("{option} is missing.").format(option="--map"),
            _("Name the map, or put it into aswiki.toml: [billing] map = NAME"),
        )
    own = f"{MAPS}/{name}.toml"
    raw = wiki.bytes_of(own)
    found = [(own, raw)] if raw is not None else []
    place = packaged.folder("importers/maps") / f"{name}.toml"
    if place.is_file():
        found.append((place.name, place.read_bytes()))
    if not found:
        raise BadInput(
            "no-map",
            _("There is no import map {name}.").format(name=name),
            _("There are: {names}. Your own go to maps/NAME.toml in the wiki.").format(
                names=", ".join(map_names(wiki, "bills"))
            ),
        )
    return found


def _imported(
    wiki: Wiki,
    wanted: Wanted,
    bills: Sequence[Bill],
    asked: Asked,
    told: Told,
    progress: Progress,
) -> Saved:
    bills, warnings = _once(bills)
    with writing(wiki, dry_run=asked.dry_run):
        customer = lookup.customer(wiki, wanted.customer) if wanted.customer else None
        sorting = Sorting(wiki, customer)
        for bill in bills:
            sorting.add(bill)
        count = _count(bills, sorting.unmatched(), told)
        count.require_some(sorting.retired, strict=wanted.strict)
        pages = UsagePages(wiki, asked)
        for done, (page, shares) in enumerate(sorted(sorting.pages.items()), start=1):
            pages.add(page, shares)
            progress(done, len(sorting.pages))
        saved = pages.saved(bills)
    warnings += [warning for bill in bills for warning in (*bill.warnings, *_untold(bill))]
    sums = sums_of(
        line if line.currency else line._replace(currency=wiki.currency)
        for bill in bills
        for line in bill.lines
    )
    more = {
        "rows": count.rows,
        "rejected": count.rejected,
        "records": len(pages.changes),
        "sums": sums,
        "unmatched": [one._asdict() for one in count.unmatched],
    }
    return replace(
        saved,
        ref=None,
        path=None,
        warnings=[*warnings, *sorting.warnings, *pages.warnings, *pages.doubts()],
        echo=[*(pages.echo or [_("The files hold no rows.")]), *_next_step(count)],
        more=more,
    )


def _next_step(count: _Count) -> list[str]:
    """How rows that went to no page are given an owner."""
    said = _(
        "So that an account finds its customer: aswiki set CUSTOMER --add "
        "billing_account_ids=ACCOUNT. Or name the customer with --customer."
    )
    return [said] if count.unmatched else []


def _once(bills: Sequence[Bill]) -> tuple[list[Bill], list[str]]:
    """Each file once, and a sentence for one that was named twice."""
    found: dict[str, Bill] = {}
    warnings = []
    for bill in bills:
        if bill.sha256 in found:
            said = _("{file} holds the same as {other} and was read once.")
            warnings.append(said.format(file=bill.name, other=found[bill.sha256].name))
        found.setdefault(bill.sha256, bill)
    return list(found.values()), warnings


def _untold(bill: Bill) -> list[str]:
    """The sentence for rejected rows that the bill does not name one by one."""
    more = rejected_of(bill) - len(bill.rejected)
    said = _("{file}: more rows that cannot be taken: {n}.")
    return [said.format(file=bill.name, n=more)] if more else []


def _count(bills: Sequence[Bill], unmatched: Sequence[Unmatched], told: Told) -> _Count:
    for bill in bills:
        for rejection in bill.rejected:
            told(bill.name, rejection)
    for one in unmatched if len(unmatched) <= SHOWN else without_sub_accounts(unmatched):
        told("", one)
    return _Count(sum(bill.rows for bill in bills), sum(map(rejected_of, bills)), unmatched)

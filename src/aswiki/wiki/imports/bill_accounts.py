"""Whose a bill's lines are: by the account ids that the profiles hold, or by ``--customer``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from aswiki.domain.checks.schema import is_retired
from aswiki.domain.spending.usage_page import DayCost, Statement
from aswiki.errors import BadInput
from aswiki.importers.bills.bill import COSTS, total
from aswiki.lang import _
from aswiki.wiki import lookup
from aswiki.wiki.wiki import Wiki

if TYPE_CHECKING:
    from aswiki.importers.bills.bill import Bill, BillDay, BillLine

Sums = dict[str, dict[str, Decimal]]


class Unmatched(NamedTuple):
    """The rows of an account that went to no page."""

    provider: str
    account: str
    sub_account: str | None
    month: str
    currency: str
    rows: int
    sums: Mapping[str, Decimal]


class Owner(NamedTuple):
    """The customer of a line, and the id by which they are known."""

    customer: str
    account: str


@dataclass
class Share:
    """What one file says of one account of a customer in one month."""

    bill: Bill
    provider: str
    account: str
    lines: list[BillLine] = field(default_factory=list)
    days: list[BillDay] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows of the file its lines sum up."""
        return sum(line.rows for line in self.lines)

    def statement(self) -> Statement:
        """The same as the page takes it."""
        source = {
            "name": self.bill.name,
            "sha256": self.bill.sha256,
            "provider": self.provider or None,
            "billing_account_id": self.account or None,
            "rows": self.rows,
            "rejected": rejected_of(self.bill),
            "encoding": self.bill.encoding,
        }
        lines = [line._asdict() for line in self.lines]
        days = [
            DayCost(day.product or "", day.currency or "", day.day, day.cost) for day in self.days
        ]
        return Statement(source, lines, days)


def rejected_of(bill: Bill) -> int:
    """How many rows could not be taken; ``rejected`` may name the first of them alone."""
    return max(bill.rejected_count, len(bill.rejected))


Page = tuple[str, str]
"""A customer's slug and a month."""


def sums_of(lines: Iterable[BillLine]) -> Sums:
    """By currency and FOCUS's column the exact sums; a column that no line fills is left out."""
    by_currency: dict[str, list[BillLine]] = {}
    for line in lines:
        by_currency.setdefault(line.currency or "", []).append(line)
    found: Sums = {}
    for currency, same in sorted(by_currency.items()):
        sums = {column: total(getattr(line, key) for line in same) for column, key in COSTS.items()}
        found[currency] = {column: cost for column, cost in sums.items() if cost is not None}
    return found


def without_sub_accounts(unmatched: Sequence[Unmatched]) -> list[Unmatched]:
    """The same by billing account; ``*`` stands for its sub accounts."""
    groups: dict[tuple[str, str, str, str], list[Unmatched]] = {}
    for one in unmatched:
        groups.setdefault((one.provider, one.account, one.month, one.currency), []).append(one)
    found = []
    for same in groups.values():
        sums = {column: total(one.sums.get(column) for one in same) for column in COSTS}
        there = {column: cost for column, cost in sums.items() if cost is not None}
        sub_account = same[0].sub_account if len(same) == 1 else "*"
        rows = sum(one.rows for one in same)
        found.append(same[0]._replace(sub_account=sub_account, rows=rows, sums=there))
    return found


class Sorting:
    """The lines of bills by the pages they belong to.

    Args:
        wiki: the open wiki.
        customer: the slug of the customer who gets all of them; else the accounts decide.
    """

    def __init__(self, wiki: Wiki, customer: str | None) -> None:
        self.wiki = wiki
        self.customer = customer
        self.pages: dict[Page, list[Share]] = {}
        self.warnings: list[str] = []
        self._left: list[BillLine] = []
        self._owners = _owners(wiki)
        self._retired: dict[Page, bool] = {}

    def add(self, bill: Bill) -> None:
        """Sort the lines and days of one bill in."""
        nameless = sum(line.rows for line in bill.lines if not line.currency)
        if nameless:
            said = _("{file}: rows without a currency, taken as {currency}: {rows}.")
            currency = self.wiki.currency
            self.warnings.append(said.format(file=bill.name, rows=nameless, currency=currency))
        shares: dict[tuple[Page, str, str], Share] = {}
        for line in bill.lines:
            share = self._share(shares, bill, line)
            mine = line if line.currency else line._replace(currency=self.wiki.currency)
            (self._left if share is None else share.lines).append(mine)
        for day in bill.days:
            share = self._share(shares, bill, day)
            if share is not None:
                mine_day = day if day.currency else day._replace(currency=self.wiki.currency)
                share.days.append(mine_day)
        for (page, _provider, _account), share in sorted(shares.items(), key=lambda one: one[0]):
            self.pages.setdefault(page, []).append(share)

    @property
    def retired(self) -> list[str]:
        """The paths of the retired pages that rows would have gone to."""
        return [path_of(page) for page, is_so in sorted(self._retired.items()) if is_so]

    def unmatched(self) -> list[Unmatched]:
        """What went to no page, by account, month and currency."""
        groups: dict[tuple[str, str, str, str, str], list[BillLine]] = {}
        for line in self._left:
            key = (line.provider or "", line.account or "", line.sub_account or "", line.month)
            groups.setdefault((*key, line.currency or ""), []).append(line)
        return [
            Unmatched(
                provider,
                account,
                sub_account or None,
                month,
                currency,
                sum(line.rows for line in lines),
                sums_of(lines).get(currency, {}),
            )
            for (provider, account, sub_account, month, currency), lines in sorted(groups.items())
        ]

    def _share(
        self,
        shares: dict[tuple[Page, str, str], Share],
        bill: Bill,
        one: BillLine | BillDay,
    ) -> Share | None:
        """The share that a line or day belongs to; None where it goes to no page."""
        owner = self._owner(one.account or "", one.sub_account)
        if owner is None or self._is_retired((owner.customer, one.month)):
            return None
        key = ((owner.customer, one.month), one.provider or "", owner.account)
        if key not in shares:
            shares[key] = Share(bill, one.provider or "", owner.account)
        return shares[key]

    def _owner(self, account: str, sub_account: str | None) -> Owner | None:
        if self.customer is not None:
            self._warn_of_another(account, sub_account)
            return Owner(self.customer, account)
        for own in (sub_account, account):
            slugs = self._owners.get(own, []) if own else []
            if len(slugs) > 1:
                message = _("The account {account} stands in the profiles of {customers}.")
                hint = _("Take it out of all but one, or name the customer with --customer.")
                several = ", ".join(slugs)
                said = message.format(account=own, customers=several)
                raise BadInput("two-owners", said, hint)
            if own and slugs:
                return Owner(slugs[0], own)
        return None

    def _warn_of_another(self, account: str, sub_account: str | None) -> None:
        for own in filter(None, (sub_account, account)):
            for other in self._owners.get(own, []):
                said = _("The account {account} stands in the profile of {customer}.")
                sentence = said.format(account=own, customer=other)
                if other != self.customer and sentence not in self.warnings:
                    self.warnings.append(sentence)

    def _is_retired(self, page: Page) -> bool:
        """Whether somebody retired the page; one whose import was undone may be made again."""
        if page not in self._retired:
            path = path_of(page)
            self._retired[page] = is_retired(lookup.front_of(self.wiki, path)) and not was_undone(
                self.wiki, path
            )
            if self._retired[page]:
                said = _("{path} was retired, so its rows were left out.")
                self.warnings.append(said.format(path=path))
        return self._retired[page]


def path_of(page: Page) -> str:
    """The path of a customer's usage page."""
    customer, month = page
    return f"customers/{customer}/usage/{month}.md"


def was_undone(wiki: Wiki, path: str) -> bool:
    """Whether the last commit that wrote a file is an undo."""
    commits = wiki.repository.history(path)
    return bool(commits) and commits[0].op == "undo"


def _owners(wiki: Wiki) -> dict[str, list[str]]:
    """Account ids → the slugs of the customers whose profiles hold them."""
    found: dict[str, list[str]] = {}
    for slug in wiki.customers():
        ids = lookup.front_of(wiki, f"customers/{slug}/profile.md").get("billing_account_ids")
        for own in ids if isinstance(ids, list) else ():
            text = str(getattr(own, "text", own)).strip()
            if slug not in found.setdefault(text, []):
                found[text].append(slug)
    return found


def same_accounts(shares: Sequence[Share]) -> dict[str, list[str]]:
    """The accounts that come in several files → the names of these."""
    files: dict[tuple[str, str], list[str]] = {}
    for share in shares:
        files.setdefault((share.provider, share.account), []).append(share.bill.name)
    return {account: names for (_p, account), names in files.items() if len(names) > 1}

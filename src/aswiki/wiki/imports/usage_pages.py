"""The usage pages that bills fill: drafted, checked, and written as one commit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aswiki.domain import records
from aswiki.domain.checks.schema import is_retired
from aswiki.domain.spending import usage_page
from aswiki.domain.spending.usage_page import UsagePage, account_of
from aswiki.lang import _
from aswiki.store.frontmatter_edit import Edit, Put, Remove, Renew
from aswiki.store.yaml12_dump import Inline
from aswiki.wiki import lookup
from aswiki.wiki.checks.checking import Checked, Checker, refuse
from aswiki.wiki.creating import draft_text
from aswiki.wiki.drafting import Asked, with_edits
from aswiki.wiki.editing import page_draft
from aswiki.wiki.imports.bill_accounts import Page, Share, Sums, path_of, same_accounts, sums_of
from aswiki.wiki.people import writer
from aswiki.wiki.revising import Revision, redrafted
from aswiki.wiki.saving import Change, Operation, Saved, save
from aswiki.wiki.wiki import Wiki

if TYPE_CHECKING:
    from aswiki.importers.bills.bill import Bill

_ACCOUNT = re.compile(r"""billing_account_id: *["']?([^"',}\n]+)""")


@dataclass
class UsagePages:
    """The pages about to be written, drafted and checked one by one."""

    wiki: Wiki
    asked: Asked
    changes: list[Change] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    echo: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._who = writer(self.wiki)
        self._checker = Checker(self.wiki, newcomer=self._who.id)
        self._held: dict[str, dict[str, list[str]]] = {}
        self._doubts: dict[str, list[str]] = {}

    def add(self, page: Page, shares: Sequence[Share]) -> None:
        """Draft one page; one that stays as it is, is not written.

        Raises:
            BadInput: the page would not be valid, or cannot be read.
        """
        path = path_of(page)
        before = self.wiki.bytes_of(path)
        front = lookup.front_of(self.wiki, path)
        if before is None or is_retired(front):
            change = self._new(page, path, before, shares)
        else:
            change = self._renewed(page, path, shares)
        if change.before != change.after:
            self.changes.append(change)
        lines = [line for share in shares for line in share.lines]
        self._say(page, sum(share.rows for share in shares), sums_of(lines))
        for account, names in same_accounts(shares).items():
            said = _("{path}: account {account} comes in {files}; their lines were added up.")
            self._warn(page, said, account=account, files=", ".join(names))
        for other, account in self._elsewhere(page, shares):
            said = _("{path}: {other} holds amounts of account {account}, too; they count twice.")
            self._warn(page, said, other=other, account=account)

    def _new(self, page: Page, path: str, before: bytes | None, shares: Sequence[Share]) -> Change:
        customer, month = page
        content = self._content(page, {}, shares)
        fields = {key: _inline(value) for key, value in content.fields.items()}
        draft = page_draft(self.wiki, f"{customer}/usage/{month}", fields)
        _path, text, _echo = draft_text(self.wiki, draft, self.asked, self._who)
        after = text.encode()
        problems = self._checker.check(path, after).problems
        errors = [problem for problem in problems if problem.level == "error"]
        if errors:
            raise refuse(errors)
        self._doubts[path] = [problem.message for problem in problems]
        return Change(path, before, after)

    def _renewed(self, page: Page, path: str, shares: Sequence[Share]) -> Change:
        def edit(before: Checked, _who: str) -> str:
            front = before.document.data
            content = self._content(page, front, shares)
            return with_edits(before.document.text, _edits(front, content.fields))

        revision = Revision("import", "import", edit)
        redraft = redrafted(self.wiki, records.reference(path), self.asked, revision, self._who)
        self._doubts[path] = list(redraft.warnings)
        return redraft.change

    def _content(self, page: Page, front: Mapping[str, Any], shares: Sequence[Share]) -> UsagePage:
        _customer, month = page
        statements = [share.statement() for share in shares]
        content = usage_page.page(front, month, statements)
        if content.displaced:
            said = _("{path}: the lines of {files} went as well, being of the same account.")
            self._warn(page, said, files=", ".join(content.displaced))
        if content.outside:
            said = _("{path}: daily costs outside the month, which stand in the lines alone: {n}.")
            self._warn(page, said, n=content.outside)
        if month > self.wiki.now().strftime("%Y-%m"):
            self._warn(page, _("{path}: the month lies ahead."))
        lines = [line for line in content.fields["lines"] if isinstance(line, Mapping)]
        currencies = sorted({str(line["currency"]) for line in lines if line.get("currency")})
        if len(currencies) > 1:
            said = _("{path} has amounts in {currencies}; they are never added together.")
            self._warn(page, said, currencies=", ".join(currencies))
        return content

    def _elsewhere(self, page: Page, shares: Sequence[Share]) -> Iterator[tuple[str, str]]:
        """The pages of other customers that hold the same account of the month."""
        _customer, month = page
        if month not in self._held:
            self._held[month] = self._holders(month)
        for share in shares:
            for path in self._held[month].get(share.account, ()):
                sources = lookup.front_of(self.wiki, path).get("sources")
                held = map(account_of, sources if isinstance(sources, list) else ())
                if path != path_of(page) and (share.provider, share.account) in held:
                    yield path, share.account

    def _holders(self, month: str) -> dict[str, list[str]]:
        """The accounts that pages of a month seem to hold, without reading each as YAML."""
        found: dict[str, list[str]] = {}
        for customer in self.wiki.customers():
            path = path_of((customer, month))
            for account in _ACCOUNT.findall(
                (self.wiki.readable(path) or b"").decode("utf-8", "replace")
            ):
                found.setdefault(account.strip(), []).append(path)
        return found

    def _warn(self, page: Page, sentence: str, **words: object) -> None:
        self.warnings.append(sentence.format(path=path_of(page), **words))

    def _say(self, page: Page, rows: int, sums: Sums) -> None:
        amounts = [
            f"{currency} {format(amount, 'f')}"
            for currency, columns in sums.items()
            for amount in [columns.get("EffectiveCost", columns.get("BilledCost"))]
            if amount is not None
        ]
        said = _("{customer} {month}: {sums} (rows: {rows})")
        customer, month = page
        self.echo.append(
            said.format(customer=customer, month=month, rows=rows, sums=", ".join(amounts))
        )

    def doubts(self) -> list[str]:
        """What the checks say of the pages; of several pages only how many they are."""
        doubtful = {path: said for path, said in self._doubts.items() if said}
        if len(doubtful) > 1:
            sentence = _("{n} of the new records have warnings: aswiki validate shows them.")
            return [sentence.format(n=len(doubtful))]
        return [f"{path}: {message}" for path, said in doubtful.items() for message in said]

    def saved(self, bills: Sequence[Bill]) -> Saved:
        """Everything written as one commit, which names the files."""
        changes = list(self.changes)
        if changes and self._who.change is not None:
            changes.append(self._who.change)
        if changes and self._who.warning:
            self.warnings.append(self._who.warning)
        notes = [f"from {bill.name} sha256:{bill.sha256}" for bill in bills]
        operation = Operation("import", self._subject(bills), notes=notes)
        return save(self.wiki, changes, operation, dry_run=self.asked.dry_run)

    def _subject(self, bills: Sequence[Bill]) -> str:
        file = bills[0].name if len(bills) == 1 else f"{len(bills)} files"
        owners = sorted({change.path.split("/")[1] for change in self.changes})
        pages = "page" if len(self.changes) == 1 else "pages"
        if len(owners) == 1:
            return f"import({owners[0]}): {len(self.changes)} usage {pages} from {file}"
        return f"import: {len(self.changes)} usage {pages} of {len(owners)} customers from {file}"


def _inline(value: object) -> object:
    """A field of a new file: each mapping of a list on one line."""
    if not isinstance(value, list):
        return value
    return [Inline(one) if isinstance(one, Mapping) else one for one in value]


def _edits(front: Mapping[str, Any], fields: Mapping[str, Any]) -> list[Edit]:
    """What makes the page say the fields, and nothing for what it says already."""
    edits: list[Edit] = []
    for key, value in fields.items():
        if front.get(key) != value:
            edits.append(Renew((key,), value) if isinstance(value, list) else Put((key,), value))
    if front.get("daily") and "daily" not in fields:
        edits.append(Remove(("daily",)))
    return edits

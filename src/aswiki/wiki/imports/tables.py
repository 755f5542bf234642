"""What importing customers and importing contacts share: the file as entries, counts, refusals."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from aswiki.domain.lookup import Named
from aswiki.domain.slug import bare
from aswiki.errors import BadInput
from aswiki.importers import cards, columns, tables
from aswiki.importers.cells import Habits
from aswiki.importers.entries import Entry, entries, rivals, unknown
from aswiki.importers.incidents import Rejection
from aswiki.lang import _
from aswiki.store import packaged
from aswiki.wiki.imports.incidents import MAPS, bytes_of
from aswiki.wiki.saving import Saved
from aswiki.wiki.wiki import Wiki

Told = Callable[[Rejection], None]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Wanted:
    """What an import of a table is asked for.

    Args:
        file: the table; a link is followed.
        map_name: a column map of the wiki's ``maps/`` that comes before the packaged one.
        strict: whether one row that cannot be taken stops the import.
        customer: whose contacts they are where a row does not say.
    """

    file: Path
    map_name: str | None = None
    strict: bool = False
    customer: str | None = None


@dataclass(frozen=True)
class Source:
    """A file as read: its rows in its order, and what the user should know about it as a whole."""

    rows: Sequence[Entry | Rejection]
    warnings: Sequence[str]

    @property
    def notes(self) -> list[str]:
        """What the user should know about single cells."""
        said = _("row {row} ({name}): {note}")
        return [
            said.format(row=entry.row, name=entry.name, note=note)
            for entry in self.rows
            if isinstance(entry, Entry)
            for note in entry.notes
        ]


class Unmatched(NamedTuple):
    """A row whose customer nobody knows."""

    row: int
    customer: str
    name: str


class Count(NamedTuple):
    """What became of the rows of a file."""

    rows: int
    records: int
    known: int
    rejected: int
    unmatched: Sequence[Unmatched] = ()

    def more(self) -> dict[str, object]:
        """The keys that an import adds to its document."""
        return {
            "rows": self.rows,
            "rejected": self.rejected,
            "records": self.records,
            "sums": {},
            "unmatched": [one._asdict() for one in self.unmatched],
        }

    def said(self) -> str:
        """The same in a sentence."""
        sentence = _("Rows: {rows}; taken {records}, there already {known}, rejected {bad}.")
        if self.unmatched:
            sentence = _(
                "Rows: {rows}; taken {records}, there already {known}, rejected {bad}, "
                "of customers that are not known {unmatched}."
            )
        return sentence.format(
            rows=self.rows,
            records=self.records,
            known=self.known,
            bad=self.rejected,
            unmatched=len(self.unmatched),
        )

    def require_some(self, *, strict: bool) -> None:
        """Refuse where no row was taken though some should, or with ``strict`` any was not.

        Raises:
            BadInput: it is so.
        """
        bad = self.rejected + len(self.unmatched)
        if not bad or not (strict or bad == self.rows):
            return
        message = _("{bad} of {rows} rows of the file cannot be taken, so nothing was written.")
        hint = _("Leave --strict out to take the others.")
        if bad == self.rows:
            hint = _("The rows above say why; docs/imports.md says what each column takes.")
        raise BadInput("rejected", message.format(bad=bad, rows=self.rows), hint)


class Register:
    """Customers by the names a table may call them, without regard to case, width and marks."""

    def __init__(self, known: Iterable[Named]) -> None:
        self._whole: dict[str, list[str]] = {}
        self._bare: dict[str, list[str]] = {}
        self.names: dict[str, str] = {}
        for customer in known:
            self.add(customer)

    def add(self, customer: Named) -> None:
        """Have one more customer in the register."""
        self.names[customer.slug] = customer.name
        for name in (customer.slug, *customer.names()):
            for index, key in ((self._whole, _key(name)), (self._bare, _key(bare(name)))):
                slugs = index.setdefault(key, [])
                if customer.slug not in slugs:
                    slugs.append(customer.slug)

    def find(self, name: str) -> list[str]:
        """The slugs of those called so; where none is, of those whose name has that legal form."""
        key = _key(name)
        return (self._whole.get(key) or self._bare.get(_key(bare(name))) or []) if key else []


def _key(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in folded if character.isalnum())


def source_of(wiki: Wiki, wanted: Wanted, kind: columns.Kind) -> Source:
    """The rows of a file, read by the wiki's own map and the packaged one.

    Raises:
        BadInput: file or map cannot be read.
        Unusable: what reads such a file is not installed.
    """
    raw = bytes_of(wanted.file)
    known = columns.read(kind, _maps(wiki, wanted.map_name, kind))
    if kind == "contacts" and cards.is_cards(raw):
        table = cards.table(raw)
    else:
        table = tables.table(raw, known.fitness)
    habits = Habits(wiki.reading, wiki.now(), wiki.currency)
    return Source(list(entries(table, known, habits)), list(_warnings(table, known)))


def _maps(wiki: Wiki, name: str | None, kind: columns.Kind) -> list[tuple[str, bytes]]:
    ours = packaged.folder("importers/maps") / f"{kind}.toml"
    found = [(ours.name, ours.read_bytes())]
    if name is None or name == kind:
        own = wiki.bytes_of(f"{MAPS}/{kind}.toml") if name else None
        return [(f"{MAPS}/{kind}.toml", own), *found] if own is not None else found
    own = wiki.bytes_of(f"{MAPS}/{name}.toml")
    if own is None:
        raise BadInput(
            "no-map",
            _("There is no import map {name}.").format(name=name),
            _("Write maps/{name}.toml in the wiki, or leave --map out.").format(name=name),
        )
    return [(f"{MAPS}/{name}.toml", own), *found]


def _warnings(table: tables.Table, known: columns.Columns) -> Iterable[str]:
    if strange := unknown(table, known):
        yield _("These columns were not taken: {columns}.").format(columns=", ".join(strange))
    for several in rivals(table, known):
        said = _("The columns {columns} fill one field; the first that holds something counts.")
        yield said.format(columns=", ".join(several))
    if table.unread:
        said = _("Only the first sheet was read, not {sheets}.")
        yield said.format(sheets=", ".join(table.unread))


def finished(saved: Saved, count: Count, warnings: Sequence[str]) -> Saved:
    """What an import did, as its command says it."""
    return replace(
        saved, ref=None, path=None, warnings=warnings, echo=[count.said()], more=count.more()
    )

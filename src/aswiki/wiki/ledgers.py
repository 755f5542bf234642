"""The use case ``ledger``: one ledger over all customers, or over one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from aswiki.domain import records
from aswiki.domain.ledgers.all import LEDGERS, NAMES
from aswiki.domain.ledgers.ground import Ground, Row
from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.wiki import collection, lookup
from aswiki.wiki.collection import TOP_TYPES, Progress
from aswiki.wiki.wiki import Wiki

_TYPES: Mapping[str, frozenset[str]] = {
    "blame": frozenset({"event", "complaint"}),
    "scope": frozenset({"event"}),
    "complaints": frozenset({"complaint"}),
    "feelings": frozenset({"visit", "note"}),
    "signals": frozenset({"visit", "note"}),
    "syncs": frozenset({"note"}),
    "help": frozenset({"event", "lesson"}),
}
"""The types a ledger is made of; every type where nothing is said."""


@dataclass(frozen=True)
class Kept:
    """A ledger's rows, and the files that could not be read."""

    name: str
    rows: list[Row]
    skipped: list[str]


def ledger(
    wiki: Wiki,
    words: str,
    *,
    customer: str | None = None,
    only_open: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> Kept:
    """The ledger of that name.

    Args:
        wiki: the open wiki.
        words: the ledger, by its word in English or Chinese.
        customer: a customer as typed; None for all.
        only_open: leaves out what is closed. What was heard (feelings, signals, syncs) and help
            never close, so all of it stays.
        progress: told how many files are done, and of how many.

    Raises:
        BadInput: no such ledger.
        NotFound: no such customer.
    """
    name = named(words)
    own = lookup.customer(wiki, customer) if customer else None
    types = _TYPES.get(name, frozenset(records.TYPES))
    read = collection.read(wiki, own, types - TOP_TYPES if own else types, progress)
    checker = read.checker
    ground = Ground(
        read.records, wiki.now(), wiki.zone, checker.colleagues, collection.spellings(wiki)
    )
    rows = LEDGERS[name](ground)
    if only_open:
        rows = [row for row in rows if row.get("open", True)]
    return Kept(name, rows, read.skipped)


def named(words: str) -> str:
    """The word of a ledger for a word or name in either language.

    Raises:
        BadInput: no such ledger, with the nearest.
    """
    folded = words.strip().casefold()
    spelled = {name.casefold(): key for key, pair in NAMES.items() for name in (key, *pair)}
    found = spelled.get(folded) or spelled.get(f"{folded}s") or spelled.get(folded.rstrip("s"))
    if found is not None:
        return found
    close = get_close_matches(folded, spelled, n=1, cutoff=0.5)
    raise BadInput(
        "unknown-ledger",
        _("There is no ledger {words}.").format(words=words),
        _("Did you mean {key}?").format(key=close[0])
        if close
        else _("Choose one of: {choices}.").format(choices=", ".join(NAMES)),
    )

"""Records made from a foreign file: a whole import is one commit, and nothing comes in twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from aswiki.domain.checks.surroundings import start_of
from aswiki.errors import BadInput, NotFound
from aswiki.importers import profiles
from aswiki.importers.incidents import Incident, Rejection, incidents
from aswiki.lang import _
from aswiki.store import files, packaged
from aswiki.wiki import lookup
from aswiki.wiki.drafting import Asked
from aswiki.wiki.imports.batch import Batch, Known
from aswiki.wiki.people import writer
from aswiki.wiki.saving import Operation, Saved, save, writing
from aswiki.wiki.wiki import Wiki

LARGEST = 256 * 1024 * 1024
MAPS = "maps"
_MARKS = {
    "incidents": re.compile(rb"^format *=", re.MULTILINE),
    "bills": re.compile(rb"^ *(billed|effective|list) *=", re.MULTILINE),
}
"""What only the maps of each kind say."""


@dataclass(frozen=True)
class Wanted:
    """What an import is asked for.

    Args:
        file: the foreign file; a link is followed.
        customer: whose records they become, as typed.
        map_name: the import map: of the wiki's ``maps/``, else a packaged one.
        strict: whether one rejected record of the file stops the import.
    """

    file: Path
    customer: str
    map_name: str
    strict: bool = False


def import_incidents(
    wiki: Wiki,
    wanted: Wanted,
    asked: Asked,
    *,
    told: Callable[[Rejection], None] = lambda _rejection: None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Saved:
    """Every incident of a file that the customer's records do not hold yet, in one commit.

    ``Saved.more`` has ``rows``, ``rejected``, ``records``, ``sums`` and ``unmatched``.

    Args:
        wiki: the open wiki.
        wanted: the file, the customer and the map.
        asked: ``--set`` and its like go into every record, ``--by`` into its source.
        told: is given every rejected record of the file, in its order.
        progress: is told how many of how many are drafted.

    Raises:
        BadInput: file or map cannot be read; with ``strict`` a record was rejected; without it
            some were, and none could be taken.
        NotFound: no such customer.
    """
    raw = bytes_of(wanted.file)
    profile = profile_of(wiki, wanted.map_name)
    found = list(incidents(raw, profile, wiki.reading))
    rejected = [item for item in found if isinstance(item, Rejection)]
    taken = [item for item in found if isinstance(item, Incident)]
    with writing(wiki, dry_run=asked.dry_run):
        customer = lookup.customer(wiki, wanted.customer)
        known = Known(wiki, customer, profile.system)
        new = [item for item in taken if not known.holds(item)]
        batch = Batch(wiki, customer, asked, writer(wiki), known.names)
        new.sort(key=lambda item: (start_of(item.started_at, wiki.zone), item.row))
        for done, item in enumerate(new, start=1):
            batch.add(item)
            progress(done, len(new))
        rejected += batch.rejected
        for rejection in sorted(rejected, key=lambda one: one.row):
            told(rejection)
        count = _Count(len(found), len(rejected), len(taken) - len(new), len(batch.changes))
        _require_some(count, strict=wanted.strict)
        return _saved(wiki, batch, count, wanted.file.name)


class _Count(NamedTuple):
    """The records of a file, and how many were rejected, known before, and made."""

    rows: int
    rejected: int
    known: int
    made: int


def _require_some(count: _Count, *, strict: bool) -> None:
    if not count.rejected or not (strict or count.rejected == count.rows):
        return
    message = _("{bad} of {rows} entries of the file cannot be taken, so nothing was written.")
    hint = _("Leave --strict out to take the others.")
    if count.rejected == count.rows:
        hint = _("See whether --map names the map for this file.")
    raise BadInput("rejected", message.format(bad=count.rejected, rows=count.rows), hint)


def _saved(wiki: Wiki, batch: Batch, count: _Count, name: str) -> Saved:
    changes = list(batch.changes)
    if changes and batch.who.change is not None:
        changes.append(batch.who.change)
    what = "incident" if count.made == 1 else "incidents"
    subject = f"import({batch.customer}): {count.made} {what} from {name}"
    saved = save(wiki, changes, Operation("import", subject), dry_run=batch.asked.dry_run)
    more: dict[str, object] = {"rows": count.rows, "rejected": count.rejected}
    more |= {"records": count.made, "sums": {}, "unmatched": []}
    echo = [_("The file holds no records.")] if not count.rows else []
    if count.known:
        echo.append(_("There already: {n}.").format(n=count.known))
    return replace(saved, ref=None, path=None, warnings=batch.warnings(), echo=echo, more=more)


def profile_of(wiki: Wiki, name: str) -> profiles.Profile:
    """The import map of that name: the wiki's own, else the packaged one.

    Raises:
        BadInput: there is none, or it is wrong.
    """
    own = f"{MAPS}/{name}.toml"
    raw = wiki.bytes_of(own)
    if raw is not None:
        return profiles.read(own, raw, wiki.reading)
    place = packaged.folder("importers/maps") / f"{name}.toml"
    if place.is_file():
        return profiles.read(place.name, place.read_bytes(), wiki.reading)
    raise BadInput(
        "no-map",
        _("There is no import map {name}.").format(name=name),
        _("There are: {names}. Your own go to maps/NAME.toml in the wiki.").format(
            names=", ".join(map_names(wiki))
        ),
    )


def map_names(wiki: Wiki, kind: str = "incidents") -> list[str]:
    """The names of all import maps of ``incidents`` or ``bills``, the wiki's and the packaged."""
    own = {place.stem: wiki.readable(f"{MAPS}/{place.name}") for place in _maps(wiki.root / MAPS)}
    ours = {place.stem: place.read_bytes() for place in _maps(packaged.folder("importers/maps"))}
    return sorted(name for name, raw in {**ours, **own}.items() if _MARKS[kind].search(raw or b""))


def _maps(folder: Path) -> list[Path]:
    return list(folder.glob("*.toml"))


def bytes_of(file: Path) -> bytes:
    """The bytes of a file to import; a link is followed.

    Raises:
        BadInput: there is none, or it is too large.
    """
    try:
        return files.read_bytes(file.resolve(), LARGEST)
    except (NotFound, RuntimeError):  # pathlib's word for a link that leads in a circle
        raise BadInput(
            "no-file",
            _("There is no file {path}.").format(path=file),
            _("Give the file that the other system exported."),
        ) from None
